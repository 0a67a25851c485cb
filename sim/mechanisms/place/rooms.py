"""Which village or grid of a cell somebody moves into: where there is room."""

import numpy as np

from sim.world.flows import KINDS
from sim.world.world import World

_ALWAYS = 0.02  # share of the adults at the start: some dwelling is always free


def free_units(world: World, places: np.ndarray, luck: np.ndarray, spare: float) -> np.ndarray:
    """A unit (row) of each of these cells, by free places and the luck of whoever comes.

    A unit has room for its adults at the start and a spare share; a little is always free.
    """
    units = world.units
    cell = units.division.astype(np.int64) * len(KINDS) + units.kind
    order = cell.argsort(kind="stable")
    adults = units.adults.astype(float)
    free = np.maximum(adults * (1.0 + spare) - units.present, _ALWAYS * adults)
    reached = np.concatenate([[0.0], free[order].cumsum()])
    begins = np.searchsorted(cell[order], np.arange(world.divisions * len(KINDS) + 1))
    low, high = reached[begins[places]], reached[begins[places + 1]]
    found = np.searchsorted(reached, low + luck * (high - low), side="right") - 1
    found = found.clip(begins[places], begins[places + 1] - 1)
    picked: np.ndarray = order[found]
    return picked

"""What draws people to a cell (division x kind of place): pay, work, services, size, nearness.

Everything but size and nearness enters as its change since the start, so that the constants of
migration alone set the level of moves.
"""

import numpy as np

from sim.world.flat import column_of
from sim.world.flows import KINDS
from sim.world.moves import place_of
from sim.world.settlements import seats
from sim.world.world import World

_LEAST = 1e-12  # of a chance of work: its logarithm stays finite


class Attraction:
    """The start of every cell, and how far from it each cell has come.

    `far` is the distance between the seats of divisions over that within one, at least 1; `size`
    the share of the adults who lived in a cell at the start.
    """

    def __init__(self, world: World, within_km: float) -> None:
        people, units = world.people, world.units
        kinds = len(KINDS)
        cells = world.divisions * kinds
        adults = np.bincount(place_of(people), people.weight, minlength=cells)
        self.size = adults / max(adults.sum(), 1e-300)
        place = units.division.astype(np.int64) * kinds + units.kind
        self.there = np.bincount(place, minlength=cells) > 0  # somebody can be sampled there
        far = np.maximum(_km(world) / within_km, 1.0)
        self.far = np.repeat(np.repeat(far, kinds, axis=0), kinds, axis=1)
        self.pay_then, self.chance_then = _pay(world), _chance(world)
        self.access_then, self.entitled_then = _access(world)

    def changes(
        self, world: World, income: float, unemployment: float, service: float
    ) -> tuple[np.ndarray, np.ndarray]:
        """How much better a cell has become, in logits: for the registered, and for others."""
        earnings = np.log(_pay(world) / self.pay_then)
        earnings += unemployment * np.log(_chance(world) / self.chance_then)
        access, entitled = _access(world)
        for_registered = income * earnings + service * (access - self.access_then)
        for_others = income * earnings + service * (entitled - self.entitled_then)
        return for_registered, for_others

    def reach(self, world: World, exponent: float) -> np.ndarray:
        """Size and nearness of each cell (column) seen from each (row), in logits.

        Shape (cells, cells); minus infinity where nobody can live.
        """
        longer = np.repeat(column_of(world, "jurisdictions", "travel_log", 0.0), len(KINDS))
        with np.errstate(divide="ignore"):
            size = np.where(self.there, np.log(self.size), -np.inf)
        seen: np.ndarray = size[None, :] - exponent * (np.log(self.far) + longer)
        return seen


def _km(world: World) -> np.ndarray:
    """Kilometres between the seats of divisions."""
    place = world.place
    if f"divisions.{place.divisions[0]}.latitude" not in place.values:
        return np.zeros((world.divisions, world.divisions))
    x, y = seats(place)
    apart: np.ndarray = np.hypot(x[:, None] - x[None, :], y[:, None] - y[None, :])
    return apart


def _pay(world: World) -> np.ndarray:
    return np.maximum(column_of(world, "cells", "wage_factor", 1.0), _LEAST)


def _chance(world: World) -> np.ndarray:
    return np.maximum(column_of(world, "cells", "work_chance", 1.0), _LEAST)


def _access(world: World) -> tuple[np.ndarray, np.ndarray]:
    access = column_of(world, "cells", "access", 1.0)
    return access, access * column_of(world, "cells", "entitled", 1.0)

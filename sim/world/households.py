"""Households: each unit is filled with households of one to four adults, in row order.

Which people live together depends on the unit and the luck alone, so that a household is the same
at every scale.
"""

import numpy as np
from numba import njit

from sim.kernel import Draws, Table
from sim.kernel.draws import hashed, unit_interval
from sim.world.figures import HOUSEHOLD_SIZES
from sim.world.place import Place


def households_of(units: Table, place: Place, draws: Draws) -> np.ndarray:
    """The household of every adult of these units: numbers from 0 on, in row order, int32.

    The last household of a unit takes what is left, so it may be smaller.
    """
    shares = place.keyed("world.adults_per_household", HOUSEHOLD_SIZES)
    edges = np.cumsum(shares / shares.sum())[:-1]
    adults = units.adults.astype(np.int64)
    household = np.empty(adults.sum(), np.int32)
    _fill(draws.key("world.household"), units.id, adults, edges, household)
    return household


def households_by_luck(
    people: Table, draws: Draws, rows: np.ndarray, stream: str, cause: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The households of these people (rows): their order by luck, sizes, and whose each row is.

    A household is known by the smallest identity in it.
    """
    _, whose, sizes = np.unique(people.household[rows], return_inverse=True, return_counts=True)
    ids = np.full(len(sizes), np.iinfo(np.uint64).max, np.uint64)
    np.minimum.at(ids, whose, people.id[rows])
    luck = draws.uniform(stream, ids, np.uint64(cause))
    return np.argsort(luck, kind="stable"), sizes, whose


@njit(cache=True)
def _fill(key, unit_ids, adults, edges, household):  # type: ignore[no-untyped-def]
    person, number = 0, 0
    for unit in range(unit_ids.size):
        left, own = adults[unit], 0
        while left > 0:
            luck = unit_interval(hashed(key, unit_ids[unit], np.uint64(own), np.uint64(0)))
            size = 1
            for edge in edges:
                if luck > edge:
                    size += 1
            size = min(size, left)
            household[person : person + size] = number
            person += size
            left -= size
            own += 1
            number += 1

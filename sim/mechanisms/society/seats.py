"""Who sits in a course: so many people of each unit, those with the least luck first."""

import numpy as np
from numba import njit

from sim.kernel import Table
from sim.kernel.draws import hashed, unit_interval


def first_of_each_unit(
    rows: np.ndarray, units: np.ndarray, luck: np.ndarray, seats: np.ndarray
) -> np.ndarray:
    """Of these rows as many of each unit as it has seats, least luck first; in that order."""
    order = np.lexsort((luck, units))
    sorted_units = units[order]
    place = np.arange(len(order)) - np.searchsorted(sorted_units, sorted_units)
    chosen: np.ndarray = rows[order[place < seats[sorted_units]]]
    return chosen


def filled(units: np.ndarray, seats: np.ndarray) -> np.ndarray:
    """Which of the rows in these units are the first of their unit, as many as it has seats."""
    order = units.argsort(kind="stable")
    sorted_units = units[order]
    place = np.arange(len(order)) - np.searchsorted(sorted_units, sorted_units)
    first = np.zeros(len(units), bool)
    first[order] = place < seats[sorted_units]
    return first


def least_lucky(
    people: Table,
    among: np.ndarray,
    taken: np.ndarray,
    seats: np.ndarray,
    pool: np.ndarray | None,
    key: np.uint64,
    week: int,
) -> np.ndarray:
    """Rows of the people who get the `seats` of each unit: those `among` whose luck is least.

    `taken` are rows that have a seat already, `pool` how many people of a unit are among (counted
    if not given; it may be a little out of date). Only luck below a bound is sorted: one that
    nearly always leaves enough people, and is lifted in units where it does not.
    """
    if pool is None:
        pool = np.bincount(people.unit, among, minlength=len(seats))
    busy = np.bincount(people.unit[taken], minlength=len(seats))
    wanted = seats + busy
    enough = (wanted + 6.0 * np.sqrt(wanted) + 12.0) / np.maximum(pool, 1.0)
    bound = np.where(seats > 0, np.minimum(enough, 1.0), 0.0)
    rows, luck = _below(people.id, people.unit, among, bound, key, np.uint64(week))
    found = np.bincount(people.unit[rows], minlength=len(seats))
    short = (found < wanted) & (bound < 1.0) & (seats > 0)
    if short.any():
        bound[short] = 1.0
        rows, luck = _below(people.id, people.unit, among, bound, key, np.uint64(week))
    seated = np.zeros(len(people), bool)
    seated[taken] = True
    free = ~seated[rows]
    rows, luck = rows[free], luck[free]
    return first_of_each_unit(rows, people.unit[rows], luck, seats)


@njit(cache=True)
def _below(ids, units, among, bound, key, week):  # type: ignore[no-untyped-def]
    """The rows among whose luck of the week lies below the bound of their unit, and that luck."""
    zero = np.uint64(0)
    rows, lucks = [], []
    for i in range(ids.size):
        limit = bound[units[i]]
        if limit > 0.0 and among[i]:
            luck = unit_interval(hashed(key, ids[i], week, zero))
            if luck < limit:
                rows.append(i)
                lucks.append(luck)
    return np.array(rows, np.int64), np.array(lucks, np.float64)

"""Who can be picked as a partner: people in ring order, by class and by unit.

The units of a division stand on a ring in an order drawn by their ids; the divisions
follow one another; inside a unit people keep their rows. A list is everybody on that ring, or the
locally registered, or the non-local, or the rural; each has its employed twin. So a unit is one
run in every list, a division is one run of units, and leaving a unit out is skipping a run.
"""

from typing import NamedTuple

import numpy as np

from sim.kernel import Draws, Table

ANYBODY, LOCAL, NON_LOCAL, RURAL = range(4)
NON_LOCAL_CLASS = 2
RURAL_KIND = 2


class Frame(NamedTuple):
    """The people and units that ties are built among; units are counted in ring order."""

    ids: np.ndarray  # (n) uint64
    household: np.ndarray  # (n) int32
    non_local: np.ndarray  # (n) uint8
    unit_ids: np.ndarray  # (units) uint64
    division_begins: np.ndarray  # (units) int64: the first unit of the same division
    division_ends: np.ndarray  # (units) int64: one past its last unit


class Pool(NamedTuple):
    """The lists of those who may have a tie of some layer."""

    rows: np.ndarray  # (4, members) int32: people rows in ring order
    begins: np.ndarray  # (4, units + 1) int64: where each unit begins in each list
    before: np.ndarray  # (4, n) int32: members ahead of a row on the ring; a member's own place


def ring_of_units(units: Table, draws: Draws) -> np.ndarray:
    """The unit rows by division, and by the luck of the unit's id within a division."""
    return np.lexsort((draws.uniform("ties.ring", units.id), units.division))


def make_frame(people: Table, units: Table, ring: np.ndarray) -> Frame:
    """The frame of a population whose rows are ordered by unit, then by household."""
    if np.any(np.diff(people.unit) < 0):
        raise ValueError("people must be ordered by unit")
    divisions = units.division[ring]
    return Frame(
        np.ascontiguousarray(people.id, np.uint64),
        np.ascontiguousarray(people.household, np.int32),
        (people.registration == NON_LOCAL_CLASS).astype(np.uint8),
        np.ascontiguousarray(units.id[ring], np.uint64),
        np.searchsorted(divisions, divisions, "left").astype(np.int64),
        np.searchsorted(divisions, divisions, "right").astype(np.int64),
    )


def make_pool(people: Table, ring: np.ndarray, members: np.ndarray) -> Pool:
    """The lists of the people marked in `members`."""
    place_on_ring = np.empty(ring.size, np.int32)
    place_on_ring[ring] = np.arange(ring.size, dtype=np.int32)
    unit = place_on_ring[people.unit]
    order = np.argsort(unit, kind="stable")
    non_local = people.registration == NON_LOCAL_CLASS
    rural = people.kind == RURAL_KIND
    lists = (members, members & ~non_local, members & non_local, members & rural)
    size = int(np.count_nonzero(members))
    rows = np.zeros((4, size), np.int32)
    begins = np.zeros((4, ring.size + 1), np.int64)
    before = np.zeros((4, len(people)), np.int32)
    for place, listed in enumerate(lists):
        ordered = listed[order]
        found = order[ordered]
        rows[place, : found.size] = found
        begins[place, 1:] = np.cumsum(np.bincount(unit[found], minlength=ring.size))
        before[place, order] = np.cumsum(ordered) - ordered
    return Pool(rows, begins, before)

"""Ties in the making: an open-addressing table of who is tied to whom, in what layers."""

from typing import NamedTuple

import numpy as np
from numba import njit

from sim.kernel.draws import mixed

_HALF_WORD = np.uint64(32)
_LOW_WORD = np.uint64(0xFFFFFFFF)
_EMPTY = np.uint64(0)


class PairTable(NamedTuple):
    """One slot a pair: both rows packed in a word, and the bits of the layers they share."""

    keys: np.ndarray  # uint64, 0 where empty (no pair packs to 0)
    masks: np.ndarray  # uint8


def empty_table(pairs: int) -> PairTable:
    """Room for so many pairs at a load of two thirds."""
    size = pairs * 3 // 2 + 64
    return PairTable(np.zeros(size, np.uint64), np.zeros(size, np.uint8))


def unpacked(table: PairTable) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The two ends and the layers of every pair in a table."""
    filled = table.keys != _EMPTY
    keys = table.keys[filled]
    first = (keys >> _HALF_WORD).astype(np.int32)
    return first, (keys & _LOW_WORD).astype(np.int32), table.masks[filled]


@njit(inline="always", cache=True)
def tie(table, a, b, bit, new):  # type: ignore[no-untyped-def]
    """Tie a pair; False if it is tied already (in this layer, or at all when `new` is wanted)."""
    key = (np.uint64(min(a, b)) << _HALF_WORD) | np.uint64(max(a, b))
    size = np.uint64(table.keys.size)
    slot = np.int64(((mixed(key) >> _HALF_WORD) * size) >> _HALF_WORD)
    while table.keys[slot] != _EMPTY and table.keys[slot] != key:
        slot = np.int64(0) if slot + 1 == table.keys.size else slot + np.int64(1)
    if table.keys[slot] == key and (new or table.masks[slot] & bit):
        return False
    table.keys[slot] = key
    table.masks[slot] |= bit
    return True


@njit(cache=True)
def tie_households(table, household, bit):  # type: ignore[no-untyped-def]
    """Tie every pair within a household; members stand in adjacent rows."""
    for person in range(household.size):
        other = person + 1
        while other < household.size and household[other] == household[person]:
            tie(table, person, other, bit, False)
            other += 1


@njit(cache=True)
def household_pairs(household):  # type: ignore[no-untyped-def]
    """How many pairs share a household."""
    pairs, ahead = 0, 0
    for person in range(1, household.size):
        ahead = ahead + 1 if household[person] == household[person - 1] else 0
        pairs += ahead
    return pairs

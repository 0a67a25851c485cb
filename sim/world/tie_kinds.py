"""Kinds of ties: a strength and a set of layers that occur together, told by one small number.

A city of millions of ties has a few dozen kinds, so a tie needs one byte for its kind in place of
five for its strength and layers. Ties that somebody wrote may all differ; their numbers are larger.
"""

import numpy as np
from numba import njit

_FEW = 256  # kinds that one byte tells apart
_NO_STRENGTH, _NO_LAYERS = np.zeros(0, np.float32), np.zeros(0, np.uint8)


@njit(cache=True)
def _looked_up(strength, layers, kind_strength, kind_layers, kinds):  # type: ignore[no-untyped-def]
    """The kind of each tie, uint8, and how many kinds there are then; -1 when they are too many.

    The tables hold so many `kinds` and have room for more, which are added as they are met.
    """
    kind = np.empty(strength.size, np.uint8)
    for tie in range(strength.size):
        found = 0
        while found < kinds and (
            kind_strength[found] != strength[tie] or kind_layers[found] != layers[tie]
        ):
            found += 1
        if found == kinds:
            if kinds == kind_strength.size:
                return kind, -1
            kind_strength[kinds], kind_layers[kinds] = strength[tie], layers[tie]
            kinds += 1
        kind[tie] = found
    return kind, kinds


def kinds_of(
    strength: np.ndarray,
    layers: np.ndarray,
    known_strength: np.ndarray = _NO_STRENGTH,
    known_layers: np.ndarray = _NO_LAYERS,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The kind of each tie, and the strength and the layers of each kind.

    Args:
        strength: float32, one a tie.
        layers: uint8 bit masks, one a tie.
        known_strength: the strength of kinds that keep their numbers; new ones come after them.
        known_layers: their layers.

    Returns:
        kind (the smallest unsigned integers that hold it), kind_strength (float32), kind_layers.
    """
    known = known_strength.size
    if known <= _FEW:
        kind_strength, kind_layers = np.empty(_FEW, np.float32), np.empty(_FEW, np.uint8)
        kind_strength[:known], kind_layers[:known] = known_strength, known_layers
        kind, kinds = _looked_up(strength, layers, kind_strength, kind_layers, known)
        if kinds >= 0:
            return kind, kind_strength[:kinds].copy(), kind_layers[:kinds].copy()
    return _sorted_out(strength, layers, known_strength, known_layers)


def _sorted_out(
    strength: np.ndarray, layers: np.ndarray, known_strength: np.ndarray, known_layers: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The same for any number of kinds: there may be millions, so only the ties are sorted."""
    known = _as_numbers(known_strength, known_layers)
    met, first, which = np.unique(
        _as_numbers(strength, layers), return_index=True, return_inverse=True
    )
    number = np.full(met.size, -1)
    if met.size:
        place = np.minimum(np.searchsorted(met, known), met.size - 1)
        rows = np.flatnonzero(met[place] == known)
        number[place[rows]] = rows
    fresh = np.flatnonzero(number < 0)
    fresh = fresh[np.argsort(first[fresh])]  # in the order in which they are met
    number[fresh] = np.arange(known.size, known.size + fresh.size)
    kind = number.astype(np.min_scalar_type(known.size + fresh.size))[which]
    new = first[fresh]
    all_strength = np.concatenate([known_strength, strength[new]])
    return kind, all_strength, np.concatenate([known_layers, layers[new]])


def _as_numbers(strength: np.ndarray, layers: np.ndarray) -> np.ndarray:
    """One number for each strength with its layers."""
    bits = np.ascontiguousarray(strength).view(np.uint32).astype(np.uint64)
    both: np.ndarray = bits << np.uint64(8) | layers
    return both

"""Ties that form, fade, weaken and end: new compressed rows from old ones, in one pass.

Ties are immutable and shared by copies of a world; a change makes new ones. A whole city's rows are
passed through once, so changes are gathered and made together, a few times a year.
"""

import numpy as np
from numba import njit

from sim.world.ties import Ties


@njit(cache=True)
def _room(indptr, people, rows):  # type: ignore[no-untyped-def]
    """Where each row begins if every change were a new tie."""
    begins = np.zeros(people + 1, np.int64)
    for entry in range(rows.size):
        begins[rows[entry] + 1] += 1
    for row in range(people):
        kept = indptr[row + 1] - indptr[row] if row + 1 < indptr.size else 0
        begins[row + 1] += begins[row] + kept
    return begins


@njit(cache=True)
def _merged(  # type: ignore[no-untyped-def]
    indptr, indices, strength, layers, here, rows, others, new_strength, new_layers, begins
):
    """Old rows of people who are here, and changes (sorted by row, then by the other), as one."""
    people = begins.size - 1
    out_others = np.empty(begins[people], np.int32)
    out_strength = np.empty(begins[people], np.float32)
    out_layers = np.empty(begins[people], np.uint8)
    kept, change = 0, 0
    for row in range(people):
        begins[row] = kept
        entry, end = 0, 0
        if row + 1 < indptr.size:
            entry, end = indptr[row], indptr[row + 1]
        while entry < end or (change < rows.size and rows[change] == row):
            changes = change < rows.size and rows[change] == row
            if entry < end and (not changes or indices[entry] < others[change]):
                other, weight, mask = indices[entry], strength[entry], layers[entry]
                entry += 1
            else:
                other, weight, mask = others[change], new_strength[change], new_layers[change]
                if entry < end and indices[entry] == other:
                    entry += 1
                change += 1
            if weight > 0.0 and here[row] and here[other]:
                out_others[kept], out_strength[kept], out_layers[kept] = other, weight, mask
                kept += 1
    begins[people] = kept
    return out_others[:kept].copy(), out_strength[:kept].copy(), out_layers[:kept].copy()


def changed_ties(
    ties: Ties,
    here: np.ndarray,
    a: np.ndarray,
    b: np.ndarray,
    strength: np.ndarray,
    layers: np.ndarray,
) -> Ties:
    """Ties after changes: each pair gets this strength and these layers; strength 0 ends a tie.

    Args:
        ties: the ties until now, over the first `ties.n` people.
        here: who is here, bool, one entry a person; nobody else keeps a tie. People beyond `ties.n`
            are new and know nobody but through the changes.
        a: rows of one end of each changed pair; each pair once, in either direction.
        b: rows of the other end.
        strength: float32, 0 or above.
        layers: uint8 bit masks (see LAYER_BITS).

    Raises:
        ValueError: a pair is a self-loop or stands twice.
    """
    first, second = np.minimum(a, b), np.maximum(a, b)
    if np.any(first == second):
        raise ValueError("nobody is tied to themselves")
    pairs = first.astype(np.int64) * len(here) + second
    if len(np.unique(pairs)) != len(pairs):
        raise ValueError("a pair stands twice among the changes")
    rows = np.concatenate([first, second]).astype(np.int32)
    others = np.concatenate([second, first]).astype(np.int32)
    order = np.lexsort((others, rows))
    rows, others = rows[order], others[order]
    new_strength = np.concatenate([strength, strength]).astype(np.float32)[order]
    new_layers = np.concatenate([layers, layers]).astype(np.uint8)[order]
    begins = _room(ties.indptr, len(here), rows)
    old = ties.indptr, ties.indices, ties.strength, ties.layers
    changes = rows, others, new_strength, new_layers
    indices, weights, masks = _merged(*old, here, *changes, begins)
    return Ties(begins, indices, weights, masks, len(here))

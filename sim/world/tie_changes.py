"""Ties that form, fade, weaken and end: new compressed rows from old ones, in one pass.

Ties are immutable and shared by copies of a world; a change makes new ones. A whole city's rows are
passed through once, so changes are gathered and made together, a few times a year.
"""

import numpy as np
from numba import njit

from sim.world.tie_kinds import kinds_of
from sim.world.ties import Ties, counted_rows, narrowed, scattered


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


_CHANGED, _BEREFT = np.uint8(1), np.uint8(2)


@njit(cache=True)
def _moved_rows(indptr, indices, here, rows, people):  # type: ignore[no-untyped-def]
    """Whose row differs: who has a change; who is not here, and whoever knew them."""
    moved = np.zeros(people, np.uint8)
    for row in rows:
        moved[row] = _CHANGED
    for row in range(people):
        if not here[row]:
            moved[row] = _BEREFT
            if row + 1 < indptr.size:
                for entry in range(indptr[row], indptr[row + 1]):
                    moved[indices[entry]] = _BEREFT
    return moved


@njit(cache=True)
def _merged(  # type: ignore[no-untyped-def]
    old, here, rows, others, new_kind, stays, kind_strength, begins, out
):
    """Old rows of people who are here, and changes (sorted by row, then by the other), as one.

    Stretches of rows in which nothing moves are copied whole. Of the changes `stays` tells which
    are ties from now on. Fills `begins` (where each row begins) and `out`: others, kind, and 1 over
    the strength of all ties of a person. Returns how many entries there are.
    """
    indptr, indices, kind, scale = old
    out_others, out_kind, out_scale = out
    people = begins.size - 1
    known = indptr.size - 1
    moved = _moved_rows(indptr, indices, here, rows, people)
    kept, change, row = 0, 0, 0
    while row < people:
        if row < known and not moved[row]:
            last = row
            while last < known and not moved[last]:
                begins[last] = kept + indptr[last] - indptr[row]
                last += 1
            first, end = indptr[row], indptr[last]
            out_others[kept : kept + end - first] = indices[first:end]
            out_kind[kept : kept + end - first] = kind[first:end]
            out_scale[row:last] = scale[row:last]
            kept += end - first
            row = last
            continue
        begins[row] = kept
        total = 0.0
        entry, end = 0, 0
        if row < known:
            entry, end = indptr[row], indptr[row + 1]
        bereft = moved[row] == _BEREFT
        while True:
            changes = change < rows.size and rows[change] == row
            until = others[change] if changes else people
            for at in range(entry, end):
                if indices[at] >= until:
                    break
                entry = at + 1
                if bereft and not (here[row] and here[indices[at]]):
                    continue
                place = np.uint64(kept)
                out_others[place], out_kind[place] = indices[at], kind[at]
                total += kind_strength[kind[at]]
                kept += 1
            if not changes:
                break
            if entry < end and indices[entry] == until:
                entry += 1
            if stays[change] and here[row] and here[until]:
                out_others[kept], out_kind[kept] = until, new_kind[change]
                total += kind_strength[new_kind[change]]
                kept += 1
            change += 1
        if total > 0.0:
            out_scale[row] = 1.0 / total
        row += 1
    begins[people] = kept
    return kept


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
    if np.any(a == b):
        raise ValueError("nobody is tied to themselves")
    first, second = np.minimum(a, b).astype(np.int32), np.maximum(a, b).astype(np.int32)
    pairs = first.astype(np.int64) * len(here) + second
    order = np.arange(len(pairs))
    if np.any(pairs[1:] <= pairs[:-1]):
        order = np.argsort(pairs)
        if np.any(pairs[order][1:] == pairs[order][:-1]):
            raise ValueError("a pair stands twice among the changes")
    # of sorted pairs, the lower row first, a row meets those below it before those above
    first, second = first[order], second[order]
    change_begins = counted_rows(len(here), first, second)
    others, new_strength, new_layers = scattered(
        change_begins,
        first,
        second,
        np.asarray(strength, np.float32)[order],
        np.asarray(layers, np.uint8)[order],
    )
    stays = new_strength > 0.0
    known = ties.kind_strength, ties.kind_layers
    kind, strength, layers = kinds_of(new_strength[stays], new_layers[stays], *known)
    new_kind = np.zeros(len(stays), kind.dtype)
    new_kind[stays] = kind
    rows = np.repeat(np.arange(len(here), dtype=np.int32), np.diff(change_begins))
    begins = _room(ties.indptr, len(here), rows)
    old = ties.indptr, ties.indices, ties.kind, ties.scale
    room = int(begins[-1])
    out = np.empty(room, np.int32), np.empty(room, kind.dtype)
    scale = np.zeros(len(here), np.float32)
    kept = _merged(old, here, rows, others, new_kind, stays, strength, begins, (*out, scale))
    indices, kind = (values[:kept] for values in out)
    return Ties(narrowed(begins), indices, kind, strength, layers, len(here), scale)

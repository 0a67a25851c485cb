"""Who joins whom: the fellow members that each member watches, and where joining comes to rest."""

from typing import Any

import numpy as np
from numba import njit

from sim.kernel.draws import hashed


@njit(cache=True)
def _places_of(others, rows):  # type: ignore[no-untyped-def]
    """Where these people stand among the members (ascending rows); -1 for those who do not."""
    places = np.searchsorted(rows, others)
    for k in range(others.size):
        if places[k] == rows.size or rows[places[k]] != others[k]:
            places[k] = -1
    return places


@njit(cache=True)
def _fill(watched, taken, me, choices, luck, wanted):  # type: ignore[no-untyped-def]
    """Take the lowest of the choices that are still free, as many as are wanted."""
    free = 0
    for k in choices:
        if taken[k] != me:
            free += 1
    if free <= wanted:
        for k in choices:
            if taken[k] != me:
                taken[k] = me
                watched.append(k)
        return
    for _ in range(wanted):
        best = -1
        for k in choices:
            if taken[k] != me and (best < 0 or luck[k] < luck[best]):
                best = k
        taken[best] = me
        watched.append(best)


@njit(cache=True)
def _circles(indptr, indices, rows, ids, units, key, issue, least):  # type: ignore[no-untyped-def]
    count = rows.size
    begins = np.zeros(count + 1, np.int64)
    watched = [0]
    watched.pop()
    taken = np.full(count, -1)
    luck = np.zeros(count, np.uint64)
    everybody = np.arange(count)
    for me in range(count):
        taken[me] = me
        row = rows[me]
        before = len(watched)
        for place in _places_of(indices[indptr[row] : indptr[row + 1]], rows):
            if place >= 0 and taken[place] != me:
                taken[place] = me
                watched.append(place)
        missing = min(least, count - 1) - (len(watched) - before)
        if missing > 0:
            for other in range(count):
                luck[other] = hashed(key, ids[me], ids[other], issue)
            _fill(watched, taken, me, np.flatnonzero(units == units[me]), luck, missing)
            missing = min(least, count - 1) - (len(watched) - before)
            if missing > 0:
                _fill(watched, taken, me, everybody, luck, missing)
        begins[me + 1] = len(watched)
    return begins, np.array(watched, np.int32)


def circles(
    world: Any, rows: np.ndarray, issue: np.ndarray | int, least: int
) -> tuple[np.ndarray, np.ndarray]:
    """The fellow members that each member watches: those whom they know, and others up to `least`.

    The others come from the own unit as long as there are any there, and by hash. Returns where
    each member's begin (members + 1), and the places of the watched among the members. `rows` must
    ascend.
    """
    people, ties = world.people, world.ties
    rows = np.ascontiguousarray(rows, dtype=np.int32)
    key = world.draws.key("mobilisation.known")
    given = rows, people.id[rows], people.unit[rows], key, np.uint64(issue), int(least)
    found: tuple[np.ndarray, np.ndarray] = _circles(ties.indptr, ties.indices, *given)
    return found


@njit(cache=True)
def _watchers(begins, watched):  # type: ignore[no-untyped-def]
    """The same pairs the other way round: who watches each member."""
    first = np.zeros(begins.size, np.int64)
    for entry in range(watched.size):
        first[watched[entry] + 1] += 1
    for member in range(begins.size - 1):
        first[member + 1] += first[member]
    who = np.empty(watched.size, np.int32)
    at = first[:-1].copy()
    for member in range(begins.size - 1):
        for entry in range(begins[member], begins[member + 1]):
            who[at[watched[entry]]] = member
            at[watched[entry]] += 1
    return first, who


@njit(cache=True)
def joined(lead, first, sizes, begins, watched, link_first, links, weights):  # type: ignore[no-untyped-def]
    """Who acts when everybody has seen everybody: the least fixed point, from nobody active.

    A member acts when their lead, and the weights times the active share of those they watch, of
    their issue and of the issues linked to it, come to more than 0. Nobody who has joined would
    leave again, so the order in which they are asked does not matter.

    Args:
        lead: what moves a member without the others, less the threshold; float64.
        first: where the members of each issue begin (issues + 1).
        sizes: how many members each issue has.
        begins: where the watched of each member begin (members + 1).
        watched: places of the watched among all members.
        link_first: where the issues linked to each issue begin (issues + 1).
        links: positions of the linked issues.
        weights: those of the watched, of the issue and of the linked issues.
    """
    of_watched, of_issue, of_linked = weights
    watcher_first, watchers = _watchers(begins, watched)
    active = np.zeros(lead.size, np.bool_)
    seen = np.zeros(lead.size, np.int32)
    counts = np.zeros(sizes.size, np.int64)
    moved = True
    while moved:
        moved = False
        for issue in range(sizes.size):
            acting, all_of_them = 0, 0
            for entry in range(link_first[issue], link_first[issue + 1]):
                acting += counts[links[entry]]
                all_of_them += sizes[links[entry]]
            linked = of_linked * acting / all_of_them if all_of_them else 0.0
            for member in range(first[issue], first[issue + 1]):
                if active[member]:
                    continue
                pull = lead[member] + linked
                if sizes[issue]:
                    pull += of_issue * counts[issue] / sizes[issue]
                circle = begins[member + 1] - begins[member]
                if circle:
                    pull += of_watched * seen[member] / circle
                if pull > 0.0:
                    active[member] = True
                    counts[issue] += 1
                    moved = True
                    for entry in range(watcher_first[member], watcher_first[member + 1]):
                        seen[watchers[entry]] += 1
    return active


def contacts(ties: Any, acting: np.ndarray, members: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """People outside an issue who know somebody who acts in it.

    Returns their rows, ascending, and which share of the strength of their ties acts.
    """
    begins, ends = ties.indptr[acting], ties.indptr[acting + 1]
    lengths = ends - begins
    at = np.repeat(begins - np.cumsum(lengths) + lengths, lengths) + np.arange(lengths.sum())
    others, strength = ties.indices[at], ties.kind_strength[ties.kind[at]].astype(np.float64)
    outside = ~np.isin(others, members)
    rows, place = np.unique(others[outside], return_inverse=True)
    share = np.bincount(place, strength[outside], minlength=len(rows)) * ties.scale[rows]
    return rows.astype(np.int64), share

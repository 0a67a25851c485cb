"""PRIM, the patient rule induction method: from the whole space to a box full of cases.

Peeling takes a small slice off one side of the box after another, each time the slice whose loss
raises the share of cases most for each point lost; pasting puts slices back while the share of
cases does not fall (Friedman and Fisher 1999, Statistics and Computing 9, 123-143; the criterion
per point lost is theirs for factors whose slices differ in size).

A word is a large slice, and patience is the point of the method: two ways are gone, one in which
all slices compete, and a patient one in which large slices wait until no small one helps. Since a
word cannot be put back in part, it is let in, or out, where coverage and density together gain.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from sim.analysis.boxes import Box, Limit, Marks, Space, between

PEEL = 0.05  # share of the box that a slice takes
PASTE = 0.05  # share of the box that a slice gives back
FEWEST = 0.05  # a box holds no less of all points
LARGE = 2.0  # times the usual slice: what waits on the patient way


@dataclass(frozen=True)
class Peeled:
    """A box on the way, with the points inside."""

    box: Box
    inside: Marks


def balance(cases: Marks, inside: Marks) -> float:
    """Harmonic mean of coverage and density of a box: high when both are."""
    return 2.0 * float(cases[inside].sum()) / float(cases.sum() + inside.sum())


def peel(
    space: Space,
    cases: Marks,
    among: Marks,
    *,
    share: float = PEEL,
    fewest: float = FEWEST,
    patient: bool = False,
) -> list[Peeled]:
    """The boxes from the whole space to the smallest, each within the one before.

    Args:
        space: the points.
        cases: which points are of interest.
        among: the points to look at; others do not count.
        share: of the box that a slice takes, at most, where values differ.
        fewest: share of all points in `among` that a box must hold.
        patient: whether large slices wait until no small one helps.
    """
    step = Peeled(Box(), among.copy())
    path = [step]
    smallest = max(2, int(np.ceil(fewest * among.sum())))
    while True:
        slices = list(_peels(space, step, share))
        better = None
        if patient:
            left = step.inside.sum() - LARGE * max(1.0, share * step.inside.sum())
            small = [each for each in slices if each.inside.sum() >= left]
            better = _best(step, small, cases, smallest)
            if better and not cases[better.inside].mean() > cases[step.inside].mean():
                better = None
        better = better or _best(step, slices, cases, smallest)
        if better is None:
            return path
        path.append(better)
        step = better


def paste(
    space: Space, cases: Marks, among: Marks, start: Box, *, share: float = PASTE
) -> list[Peeled]:
    """Boxes that grow from a box while the share of cases in them does not fall; it is the first.

    A slice without any case in it is never put back; a word is let in, or out, where the balance
    gains.
    """
    step = Peeled(start, start.holds(space) & among)
    path = [step]
    while step.inside.any():
        density, best = cases[step.inside].mean(), step
        for wider, large in _pastes(space, step, among, share):
            gained = cases[wider.inside & ~step.inside].any()
            welcome = large or (gained and cases[wider.inside].mean() >= density)
            if welcome and balance(cases, wider.inside) > balance(cases, best.inside):
                best = wider
        if best is step:
            break
        path.append(best)
        step = best
    return path


def _best(step: Peeled, candidates: list[Peeled], cases: Marks, smallest: int) -> Peeled | None:
    """The candidate that raises the share of cases most for each point lost, or lowers it least.

    A slice that costs is taken too: between two clusters of cases every slice does at first. None
    when all points are cases, or no slice leaves enough.
    """
    count, density = step.inside.sum(), cases[step.inside].mean()
    best, best_gain, best_count = None, -np.inf, 0
    if density == 1.0:
        return None
    for candidate in candidates:
        left = int(candidate.inside.sum())
        if left < smallest or left == count:
            continue
        gain = (cases[candidate.inside].mean() - density) / (count - left)
        if gain > best_gain or (gain == best_gain and left > best_count):
            best, best_gain, best_count = candidate, gain, left
    return best


def _peels(space: Space, step: Peeled, share: float) -> Iterator[Peeled]:
    """The box less a slice: of numbers at either end, of words one at a time."""
    for name, column in space.numbers.items():
        values = np.sort(column[step.inside])
        slice_size = max(1, int(share * len(values)))
        limit = step.box.limits.get(name, Limit())
        lowest, highest = values[slice_size - 1], values[-slice_size]
        above, below = values[values > lowest], values[values < highest]
        if len(above):
            low = between(lowest, above[0])
            yield _cut(space, step, name, Limit(low, limit.high))
        if len(below):
            high = between(below[-1], highest)
            yield _cut(space, step, name, Limit(limit.low, high))
    for name, words in space.words.items():
        present = sorted(set(words[step.inside]))
        for word in present if len(present) > 1 else ():
            rest = tuple(other for other in present if other != word)
            yield _cut(space, step, name, Limit(words=rest))


def _pastes(
    space: Space, step: Peeled, among: Marks, share: float
) -> Iterator[tuple[Peeled, bool]]:
    """The box with a slice put back at either end of a limited factor, or (True) a word let in or out."""
    for name, limit in step.box.limits.items():
        others = step.box.without(name).holds(space) & among & ~step.inside
        if limit.words is not None:
            for word in sorted(set(space.words[name][others])):
                words = tuple(sorted((*limit.words, word)))
                yield _grown(space, step, among, name, Limit(words=words)), True
            for word in limit.words if len(limit.words) > 1 else ():
                words = tuple(other for other in limit.words if other != word)
                yield _grown(space, step, among, name, Limit(words=words)), True
            continue
        column = space.numbers[name]
        size = max(1, int(share * step.inside.sum()))
        if limit.low is not None:
            outside = np.sort(column[others & (column < limit.low)])
            if len(outside):
                wider = Limit(_next(outside, size), limit.high)
                yield _grown(space, step, among, name, wider), False
        if limit.high is not None:
            outside = np.sort(-column[others & (column > limit.high)])
            if len(outside):
                high = _next(outside, size)
                wider = Limit(limit.low, None if high is None else -high)
                yield _grown(space, step, among, name, wider), False


def _next(outside: np.ndarray, size: int) -> float | None:
    """A limit below the last `size` of these sorted values; None when nothing is left below."""
    edge = outside[-min(size, len(outside))]
    rest = outside[outside < edge]
    return between(rest[-1], edge) if len(rest) else None


def _cut(space: Space, step: Peeled, name: str, limit: Limit) -> Peeled:
    return Peeled(step.box.limited(name, limit), step.inside & space.within(name, limit))


def _grown(space: Space, step: Peeled, among: Marks, name: str, limit: Limit) -> Peeled:
    if limit.words is not None and set(space.words[name]) <= set(limit.words):
        limit = Limit()
    box = step.box.limited(name, limit)
    return Peeled(box, box.holds(space) & among)

"""PRIM, the patient rule induction method: from the whole space to a box full of cases.

Peeling takes a small slice off one side of the box after another, each time the slice whose loss
raises the share of cases most for each point lost; pasting puts slices back while the share of
cases does not fall (Friedman and Fisher 1999, Statistics and Computing 9, 123-143; the criterion
per point lost is theirs for factors whose slices differ in size).

A word is a large slice, and patience is the point of the method. So three ways are tried: all
slices compete, large slices wait while a small one helps, or they wait while there is a small one.
Since a word cannot be put back in part, it is let in, or out, where coverage and density together
gain.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

import numpy as np

from sim.analysis.boxes import Box, Limit, Marks, Space, between

PEEL = 0.05  # share of the box that a slice takes
PASTE = 0.05  # share of the box that a slice gives back
FEWEST = 0.05  # a box holds no less of all points
LARGE = 2.0  # times the usual slice: what waits on the patient way

Patience = Literal["none", "some", "much"]


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
    patience: Patience = "none",
) -> list[Peeled]:
    """The boxes from the whole space to the smallest, each within the one before.

    Args:
        space: the points.
        cases: which points are of interest.
        among: the points to look at; others do not count.
        share: of the box that a slice takes, at most, where values differ.
        fewest: share of all points in `among` that a box must hold.
        patience: whether large slices wait while a small one helps ("some"), or while there is a
            small one ("much").
    """
    step = Peeled(Box(), among.copy())
    path = [step]
    smallest = max(2, int(np.ceil(fewest * among.sum())))
    while True:
        count, hits = int(step.inside.sum()), int(cases[step.inside].sum())
        slices = [s for s in _slices(space, step, cases, share) if s.left >= smallest]
        if not slices or hits == count:
            return path
        best = max(slices, key=lambda s: s.gain(count, hits))
        small = [s for s in slices if count - s.left <= LARGE * max(1.0, share * count)]
        if small and patience != "none":
            gentle = max(small, key=lambda s: s.gain(count, hits))
            if patience == "much" or gentle.gain(count, hits) > (0.0, 0):
                best = gentle
        inside = step.inside & space.within(best.name, best.limit)
        step = Peeled(step.box.limited(best.name, best.limit), inside)
        path.append(step)


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


class _Slice(NamedTuple):
    """A slice that may be taken off: the limit that is left, and the points and cases inside."""

    name: str
    limit_left: Limit | tuple[Limit, str, float, float]
    left: int
    hits: int

    @property
    def limit(self) -> Limit:
        """The limit that is left; for numbers, between two neighbours."""
        if isinstance(self.limit_left, Limit):
            return self.limit_left
        before, end, below, above = self.limit_left
        at = between(below, above)
        return replace(before, low=at) if end == "low" else replace(before, high=at)

    def gain(self, count: int, hits: int) -> tuple[float, int]:
        """What the share of cases gains for each point lost (a loss where it falls), and size."""
        return (self.hits / self.left - hits / count) / (count - self.left), self.left


def _slices(space: Space, step: Peeled, cases: Marks, share: float) -> Iterator[_Slice]:
    """What may be taken off: of numbers a slice at either end, of words one at a time."""
    rows = np.flatnonzero(step.inside)
    found = cases[rows]
    size = max(1, int(share * len(rows)))
    for name, column in space.numbers.items():
        order = np.argsort(column[rows], kind="stable")
        values, hits = column[rows][order], np.concatenate([[0], np.cumsum(found[order])])
        limit = step.box.limits.get(name, Limit())
        start = int(np.searchsorted(values, values[size - 1], side="right"))
        if start < len(values):
            ends = limit, "low", float(values[start - 1]), float(values[start])
            yield _Slice(name, ends, len(values) - start, int(hits[-1] - hits[start]))
        end = int(np.searchsorted(values, values[-size], side="left"))
        if end > 0:
            ends = limit, "high", float(values[end - 1]), float(values[end])
            yield _Slice(name, ends, end, int(hits[end]))
    for name, words in space.words.items():
        counts = np.bincount(words.codes[rows], minlength=len(words.known))
        hits = np.bincount(words.codes[rows[found]], minlength=len(words.known))
        present = np.flatnonzero(counts)
        for code in present if len(present) > 1 else ():
            rest = Limit(words=tuple(words.known[k] for k in present if k != code))
            left = len(rows) - int(counts[code])
            yield _Slice(name, rest, left, int(hits.sum() - hits[code]))


def _pastes(
    space: Space, step: Peeled, among: Marks, share: float
) -> Iterator[tuple[Peeled, bool]]:
    """The box with a slice put back at an end of a limited factor, or (True) a word in or out."""
    for name, limit in step.box.limits.items():
        others = step.box.without(name).holds(space) & among & ~step.inside
        if limit.words is not None:
            column = space.words[name]
            for word in (column.known[k] for k in np.unique(column.codes[others])):
                words = tuple(sorted((*limit.words, word)))
                yield _grown(space, step, among, name, Limit(words=words)), True
            for word in limit.words if len(limit.words) > 1 else ():
                words = tuple(other for other in limit.words if other != word)
                yield _grown(space, step, among, name, Limit(words=words)), True
            continue
        numbers = space.numbers[name]
        size = max(1, int(share * step.inside.sum()))
        if limit.low is not None:
            outside = np.sort(numbers[others & (numbers < limit.low)])
            if len(outside):
                wider = Limit(_next(outside, size), limit.high)
                yield _grown(space, step, among, name, wider), False
        if limit.high is not None:
            outside = np.sort(-numbers[others & (numbers > limit.high)])
            if len(outside):
                high = _next(outside, size)
                wider = Limit(limit.low, None if high is None else -high)
                yield _grown(space, step, among, name, wider), False


def _next(outside: np.ndarray, size: int) -> float | None:
    """A limit below the last `size` of these sorted values; None when nothing is left below."""
    edge = outside[-min(size, len(outside))]
    rest = outside[outside < edge]
    return between(rest[-1], edge) if len(rest) else None


def _grown(space: Space, step: Peeled, among: Marks, name: str, limit: Limit) -> Peeled:
    if limit.words is not None and set(space.words[name].known) <= set(limit.words):
        limit = Limit()
    box = step.box.limited(name, limit)
    return Peeled(box, box.holds(space) & among)

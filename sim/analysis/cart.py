"""A classification tree: the same question as PRIM, asked by another method.

The tree splits the points in two, again and again, so that cases and others part best (Gini's
impurity; Breiman, Friedman, Olshen and Stone 1984). It is kept small: a few levels, no small
leaves, and a split must pay for the leaf that it adds. Leaves where cases are more than half, or
more than twice as common as overall where that is less, speak for a box; where these leaves and
the boxes of PRIM hold the same points, two methods agree.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from sim.analysis.boxes import Box, Limit, Marks, Space, Words, between

DEPTH = 3
FEWEST = 0.05  # share of all points that a leaf holds at least
LEAST_GAIN = 0.005  # of the impurity of all points, that a split must take away
CLEAR, TIMES = 0.5, 2.0


@dataclass(frozen=True)
class Leaf:
    """A leaf of the tree as a box, with the points inside and the share of cases among them."""

    box: Box
    inside: Marks
    density: float
    clear: bool  # whether it speaks for cases


@dataclass(frozen=True)
class Tree:
    """The leaves, and how much of the impurity of all points each factor takes away."""

    leaves: tuple[Leaf, ...]
    gains: dict[str, float] = field(default_factory=dict)

    @property
    def clear(self) -> Marks:
        """The points in leaves that speak for cases."""
        chosen = [leaf.inside for leaf in self.leaves if leaf.clear]
        none = np.zeros(len(self.leaves[0].inside), dtype=bool)
        return np.logical_or.reduce([none, *chosen])


def grow(
    space: Space,
    cases: Marks,
    *,
    depth: int = DEPTH,
    fewest: float = FEWEST,
    least_gain: float = LEAST_GAIN,
) -> Tree:
    """The tree that parts cases from the other points."""
    smallest = max(2, int(np.ceil(fewest * space.size)))
    base = float(cases.mean())
    bar = min(CLEAR, TIMES * base)
    whole = _impurity(cases) * space.size
    gains: dict[str, float] = {}

    def leaves(box: Box, inside: Marks, left: int) -> Iterator[Leaf]:
        best = _best_split(space, cases, inside, box, smallest) if left else None
        if best is None or whole == 0 or best[0] < least_gain * whole:
            density = float(cases[inside].mean())
            yield Leaf(box, inside, density, density > bar)
            return
        gain, name, sides = best
        gains[name] = gains.get(name, 0.0) + gain / whole
        for limit in sides:
            yield from leaves(
                box.limited(name, limit), inside & space.within(name, limit), left - 1
            )

    found = tuple(leaves(Box(), np.ones(space.size, dtype=bool), depth))
    return Tree(found, dict(sorted(gains.items(), key=lambda item: -item[1])))


Split = tuple[float, str, tuple[Limit, Limit]]


def _best_split(space: Space, cases: Marks, inside: Marks, box: Box, smallest: int) -> Split | None:
    """The split that takes away most impurity; the first factor wins a tie."""
    best: Split | None = None
    before = _impurity(cases[inside]) * inside.sum()
    for name in space.names:
        limit = box.limits.get(name, Limit())
        if name in space.numbers:
            found = _split_of_numbers(space.numbers[name][inside], cases[inside], smallest)
            if found is None:
                continue
            impurity, at = found
            sides = Limit(limit.low, at), Limit(at, limit.high)
        else:
            parted = _split_of_words(space.words[name], inside, cases, smallest)
            if parted is None:
                continue
            impurity, one, other = parted
            sides = Limit(words=one), Limit(words=other)
        gain = float(before - impurity)
        if gain > 0 and (best is None or gain > best[0] * (1 + 1e-9)):
            best = gain, name, sides
    return best


def _split_of_numbers(
    values: np.ndarray, cases: Marks, smallest: int
) -> tuple[float, float] | None:
    """The least impurity of two sides of a number, and the number between them."""
    order = np.argsort(values, kind="stable")
    values, hits = values[order], np.cumsum(cases[order])
    size = len(values)
    left = np.arange(1, size)
    allowed = (values[1:] > values[:-1]) & (left >= smallest) & (size - left >= smallest)
    if not allowed.any():
        return None
    impurity = np.where(allowed, _two_sides(left, hits[:-1], size, hits[-1]), np.inf)
    at = int(np.argmin(impurity))
    return float(impurity[at]), between(values[at], values[at + 1])


def _split_of_words(
    words: Words, inside: Marks, cases: Marks, smallest: int
) -> tuple[float, tuple[str, ...], tuple[str, ...]] | None:
    """The least impurity of two groups of words: ordered by their share of cases, one cut does."""
    counts = np.bincount(words.codes[inside], minlength=len(words.known))
    hits = np.bincount(words.codes[inside & cases], minlength=len(words.known))
    present = np.flatnonzero(counts)
    order = present[np.argsort(hits[present] / counts[present], kind="stable")]
    left, left_hits = np.cumsum(counts[order])[:-1], np.cumsum(hits[order])[:-1]
    size = int(counts.sum())
    allowed = (left >= smallest) & (size - left >= smallest)
    if not allowed.any():
        return None
    impurity = np.where(allowed, _two_sides(left, left_hits, size, hits.sum()), np.inf)
    at = int(np.argmin(impurity))
    one, other = (
        tuple(words.known[k] for k in sorted(part)) for part in (order[: at + 1], order[at + 1 :])
    )
    return float(impurity[at]), one, other


def _two_sides(left: np.ndarray, hits: np.ndarray, size: int, all_hits: int) -> np.ndarray:
    """Gini's impurity of both sides of a cut, times their points."""
    right, others = size - left, all_hits - hits
    return 2 * hits * (left - hits) / left + 2 * others * (right - others) / right


def _impurity(cases: Marks) -> float:
    """Gini's impurity: the chance that two points drawn differ."""
    share = float(cases.mean()) if len(cases) else 0.0
    return 2 * share * (1 - share)

"""Boxes: ranges of some factors, and which points of a design lie inside.

A number is limited from below, from above or both; of words, some are let in. Limits between two
neighbouring values of the design are written as the number with the fewest digits that lies between
them, so that a reader sees "at most 18" and not "at most 18.137"; where a factor has but a few
levels, as the last level inside, since nobody tried what lies between.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.analysis.design_runs import plain_label
from sim.kernel.fault import ShiyuError

if TYPE_CHECKING:
    import pandas as pd

Marks = NDArray[np.bool_]  # one a point
_MOST_DIGITS = 15
FEW_LEVELS = 12


@dataclass(frozen=True)
class Limit:
    """What a box asks of one factor; `words` is None for numbers, `low` and `high` for words."""

    low: float | None = None
    high: float | None = None
    words: tuple[str, ...] | None = None

    @property
    def free(self) -> bool:
        """Whether nothing is asked."""
        return self.low is None and self.high is None and self.words is None


@dataclass(frozen=True)
class Box:
    """Limits by factor; a factor that is not named is free."""

    limits: Mapping[str, Limit] = field(default_factory=dict)

    def holds(self, space: "Space") -> Marks:
        """Which points lie inside."""
        inside = np.ones(space.size, dtype=bool)
        for name, limit in self.limits.items():
            inside &= space.within(name, limit)
        return inside

    def limited(self, name: str, limit: Limit) -> "Box":
        """The box with another limit for one factor."""
        rest = {known: old for known, old in self.limits.items() if known != name}
        return replace(self, limits=rest if limit.free else {**rest, name: limit})

    def without(self, name: str) -> "Box":
        """The box with one factor set free."""
        return self.limited(name, Limit())


@dataclass(frozen=True)
class Words:
    """A column of words: the position of each point's word among those known."""

    known: tuple[str, ...]
    codes: NDArray[np.int64]

    @classmethod
    def of(cls, words: Sequence[str]) -> "Words":
        """The column, its words in the order of the alphabet."""
        known = tuple(sorted(set(words)))
        places = {word: at for at, word in enumerate(known)}
        return cls(known, np.array([places[word] for word in words], dtype=np.int64))

    def among(self, words: Sequence[str]) -> Marks:
        """Which points have one of these words."""
        wanted = np.array([word in words for word in self.known], dtype=bool)
        return wanted[self.codes]


@dataclass(frozen=True)
class Space:
    """The points of a design: arrays of numbers, and columns of words."""

    size: int
    numbers: Mapping[str, NDArray[np.float64]]
    words: Mapping[str, Words]

    @property
    def names(self) -> list[str]:
        """The factors, numbers first."""
        return [*self.numbers, *self.words]

    def within(self, name: str, limit: Limit) -> Marks:
        """Which points a limit lets in."""
        if limit.words is not None:
            return self.words[name].among(limit.words)
        return _let_in(self.numbers[name], limit)

    def on_levels(self, box: Box) -> Box:
        """The same box with limits that are levels, for factors that have few of them."""
        limits = dict(box.limits)
        for name, limit in box.limits.items():
            levels = np.unique(self.numbers.get(name, ()))
            inside = levels[_let_in(levels, limit)]
            if len(levels) <= FEW_LEVELS and len(inside):
                low = None if limit.low is None else float(inside[0])
                high = None if limit.high is None else float(inside[-1])
                limits[name] = Limit(low, high)
        return Box(limits)

    def part(self, chosen: Marks) -> "Space":
        """Some of the points."""
        return Space(
            int(chosen.sum()),
            {name: column[chosen] for name, column in self.numbers.items()},
            {name: Words(w.known, w.codes[chosen]) for name, w in self.words.items()},
        )


def _let_in(numbers: NDArray[np.float64], limit: Limit) -> Marks:
    """Which numbers a limit lets in."""
    low = -np.inf if limit.low is None else limit.low
    high = np.inf if limit.high is None else limit.high
    return (numbers >= low) & (numbers <= high)


def space_of(factors: "pd.DataFrame") -> Space:
    """The columns of a frame of factors as numbers and words.

    Yes and no count as words, and so do numbers in a column with words. Raises ShiyuError for a
    number that is not finite.
    """
    numbers: dict[str, NDArray[np.float64]] = {}
    words: dict[str, Words] = {}
    for name in factors.columns:
        labels = [plain_label(value) for value in factors[name]]
        texts = [isinstance(label, str) for label in labels]
        if not any(texts):
            column = np.array(labels, dtype=np.float64)
            if not np.isfinite(column).all():
                raise ShiyuError(f"{name}: a point has no finite value of this factor")
            numbers[str(name)] = column
        else:
            words[str(name)] = Words.of(list(map(str, labels)))
    return Space(len(factors), numbers, words)


def between(below: float, above: float) -> float:
    """The number with the fewest digits that lies between two, nearest to their middle.

    Either end itself is never given back unless no number of 15 digits lies between.
    """
    middle, gap = (below + above) / 2.0, above - below
    if not gap > 0:
        return below
    first = -math.floor(math.log10(gap))
    for digits in range(first - 1, first + 3):
        rounded = round(middle, digits)
        if below < rounded < above and abs(digits) < _MOST_DIGITS:
            return float(rounded)
    return middle

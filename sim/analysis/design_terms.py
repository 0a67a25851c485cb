"""The factors of a design as columns of a linear model: steps between levels, or one slope.

A factor with few values, each at several points, has levels: its effects are those of each level
beside the first. Any other number has one effect, from the lowest to the highest value in the
design. A product of two terms is what the second changes in the effect of the first.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.analysis.design_runs import Floats, plain_label

if TYPE_CHECKING:
    import pandas as pd

MOST_LEVELS = 8
POINTS_A_LEVEL = 2  # at least; else a number counts as drawn from a range
ENTANGLED = 0.8  # variance inflation of 5, where textbooks begin to warn
BINS = 4  # into which a range is cut where levels are needed


@dataclass(frozen=True)
class Term:
    """A column of the model: what changes in `factor` from one setting to another."""

    factor: str
    start: Any
    end: Any
    column: Floats


@dataclass(frozen=True)
class Factor:
    """A factor over the points: its levels in order and the level of each point, or a range."""

    name: str
    levels: tuple[Any, ...] | None
    codes: np.ndarray  # the level of each point
    share: Floats  # where each point lies between the lowest and the highest value

    def terms(self) -> list[Term]:
        """The effects of the factor."""
        if self.levels is None:
            return [Term(self.name, self.low, self.high, self.share)]
        return [
            Term(self.name, self.levels[0], level, (self.codes == at).astype(np.float64))
            for at, level in enumerate(self.levels)
            if at
        ]

    low: float = float("nan")
    high: float = float("nan")


def factors_of(
    frame: "pd.DataFrame", orders: Mapping[str, Sequence[Any]] | None = None
) -> list[Factor]:
    """The columns of a frame of factors, one row a point; one that never varies is left out.

    `orders` gives the values of factors that are lists in the order of the experiment; else numbers
    stand in their own order and words in that of their first point.
    """
    found = []
    for name in map(str, frame.columns):
        labels = [plain_label(value) for value in frame[name]]
        order = [plain_label(value) for value in (orders or {}).get(name, ())]
        factor = _factor(name, labels, order)
        if len(set(labels)) > 1:
            found.append(factor)
    return found


def binned(factor: Factor, values: Sequence[Any], bins: int = BINS) -> Factor:
    """The factor with levels: as it is, or its range cut into parts of about as many points.

    The levels of a range are pairs: the lowest and the highest value of the part. Where there are
    no more values than parts, each value is a level.
    """
    if factor.levels is not None:
        return factor
    numbers = np.asarray(values, dtype=np.float64)
    distinct, codes = np.unique(numbers, return_inverse=True)
    if len(distinct) <= bins:
        levels: tuple[Any, ...] = tuple(distinct.tolist())
        return Factor(factor.name, levels, codes, factor.share, factor.low, factor.high)
    order = np.argsort(np.argsort(numbers, kind="stable"), kind="stable")
    codes = order * bins // len(numbers)
    levels = tuple(
        (float(numbers[codes == at].min()), float(numbers[codes == at].max())) for at in range(bins)
    )
    return Factor(factor.name, levels, codes, factor.share, factor.low, factor.high)


def product(one: Term, other: Term) -> Floats:
    """The column of what two terms bring together."""
    return one.column * other.column


def entangled(factors: Sequence[Factor]) -> dict[str, float]:
    """Factors that change together with others: those mostly told by a sum of the others' effects.

    The share is that of the variance of a factor's widest contrast (1 - 1 / its variance inflation
    factor); listed from ENTANGLED on. A constraint such as a common budget ties levers so.
    """
    found = {}
    for one in factors:
        column = one.terms()[-1].column
        others = [term.column for other in factors if other is not one for term in other.terms()]
        design = np.column_stack([np.ones(len(column)), *others])
        rest = column - design @ np.linalg.lstsq(design, column, rcond=None)[0]
        share = 1.0 - float((rest**2).sum() / ((column - column.mean()) ** 2).sum())
        if share >= ENTANGLED:
            found[one.name] = min(share, 1.0)
    return found


def _factor(name: str, labels: list[Any], order: list[Any]) -> Factor:
    unique = list(dict.fromkeys(labels))
    words = any(isinstance(label, str) for label in unique)
    few = len(unique) <= MOST_LEVELS and len(labels) >= POINTS_A_LEVEL * len(unique)
    share, low, high = np.zeros(len(labels)), float("nan"), float("nan")
    if not words:
        numbers = np.array(labels, dtype=np.float64)
        low, high = float(numbers.min()), float(numbers.max())
        share = (numbers - low) / (high - low) if high > low else share
        unique = sorted(unique)
    if words or few:
        listed = [value for value in order if value in unique]
        levels = tuple(listed if len(listed) == len(unique) else unique)
        codes = np.array([levels.index(label) for label in labels])
        return Factor(name, levels, codes, share, low, high)
    return Factor(name, None, np.zeros(len(labels), dtype=np.int64), share, low, high)

"""What each factor of a design does to an outcome, and what two factors do together.

Each replication is fitted by itself: outcome = level + the sum of the factors' effects, by least
squares over the points. Its points share their luck, so luck's common part goes into the level, and
an effect is a paired difference. Over replications an effect has a mean and a t interval, as a
paired comparison has. In a full factorial it is the plain difference of means between two levels.

The interaction of two factors is a difference of differences: how much more the first changes the
outcome when the second stands at its last level than at its first.

Intervals show Monte Carlo error only. `additive_share` tells which share of the variance between
points such sums of effects reproduce: where it is low, factors work together or not in straight
lines, and a sensitivity design tells more.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.analysis import holm
from sim.analysis.compare import paired_p, smallest_effect
from sim.analysis.design_runs import DesignRuns, Floats
from sim.analysis.design_terms import Factor, Term, binned, entangled, factors_of, product
from sim.analysis.intervals import LEVEL, Interval, t_interval
from sim.analysis.pairs import ROUNDING

if TYPE_CHECKING:
    import pandas as pd

_SAME = 1e-8  # a column is told apart from the others when it is reproduced to within this


@dataclass(frozen=True)
class Effects:
    """The effects of a design on its outcomes.

    `main`: a row an outcome, factor and setting: outcome, unit, factor, start, end, base (mean at
    the start of every factor), effect, low, high, p, p_holm, distinguishable, negligible,
    replications. `together`: outcome, unit, factor, other, start, end, other_start, other_end, the
    same numbers of the difference of differences, and at_start, at_end (the effect of the factor
    while the other stands at its start, at its end), other_at_start, other_at_end (the reverse).
    `fit`: additive_share by outcome. `possible`: how many combinations of the factors' settings
    there could be, None where a factor is a range; `combinations`: how many the design has.
    `entangled`: factors that the others nearly tell, with the share of their variance told.
    """

    main: "pd.DataFrame"
    together: "pd.DataFrame"
    fit: dict[str, float]
    combinations: int = 0
    possible: int | None = None
    entangled: dict[str, float] = field(default_factory=dict)

    @property
    def crossed(self) -> bool:
        """Whether every combination was run, so that effects are plain differences of means."""
        return self.possible is not None and self.combinations == self.possible


def design_effects(
    runs: DesignRuns,
    units: Mapping[str, str],
    *,
    orders: Mapping[str, Sequence[Any]] | None = None,
    level: float = LEVEL,
) -> Effects:
    """Effects and interactions of every factor on every outcome.

    Runs that have no value are left out of their replication, whose other points still count. An
    effect that the points cannot tell from another's has no value (two factors that only change
    together). Holm's correction runs over the effects on all outcomes, and over all interactions.
    """
    import pandas as pd

    factors = factors_of(runs.factors, orders)
    terms = [term for factor in factors for term in factor.terms()]
    last = {term.factor: term for term in terms}
    pairs = [_last(one, other, last) for one, other in combinations(factors, 2)]
    main, together, fit = [], [], {}
    for outcome, values in runs.values.items():
        unit = units.get(outcome, "")
        fitted = _fitted(values, [term.column for term in terms])
        base = t_interval(fitted[0]).mean if fitted.shape[1] else np.nan
        for term, found in zip(terms, fitted[1:], strict=True):
            where = {"factor": term.factor, "start": term.start, "end": term.end}
            main.append(_row(outcome, unit, where, found, (float(base), level)))
        fit[outcome] = additive_share(values, [term.column for term in terms])
        for (one, other), (a, b) in zip(combinations(factors, 2), pairs, strict=True):
            columns = [t.column for t in terms] + _products(one, other)
            at = len(terms) + len(_products(one, other))
            fitted_pair = _fitted(values, columns)
            found = fitted_pair[at]
            where = {"factor": a.factor, "start": a.start, "end": a.end}
            where |= {"other": b.factor, "other_start": b.start, "other_end": b.end}
            row = _row(outcome, unit, where, found, (float(base), level))
            together.append(row | _at_ends(fitted_pair, terms, (a, b), row["effect"]))
    tables = [pd.DataFrame(rows) for rows in (main, together)]
    for table in tables:
        if len(table):
            table["p_holm"] = holm.adjusted(table["p"].to_numpy())
            table["distinguishable"] = table["p_holm"] < 1.0 - level
    levels = [factor.levels for factor in factors]
    possible = None if None in levels else math.prod(len(each or ()) for each in levels)
    return Effects(
        tables[0],
        tables[1],
        fit,
        len(runs.factors.drop_duplicates()),
        possible,
        entangled(factors),
    )


def cells(
    runs: DesignRuns,
    outcome: str,
    factor: str,
    other: str,
    orders: Mapping[str, Sequence[Any]] | None = None,
    level: float = LEVEL,
) -> "pd.DataFrame":
    """Means of an outcome by the levels of two factors, as paired differences from the first cell.

    A factor that is a range is cut into parts of about as many points.

    Returns:
        One row a cell: level, other_level (positions), label, other_label, points, mean,
        difference, low, high; no row where the design has no point.
    """
    import pandas as pd

    known = {f.name: f for f in factors_of(runs.factors, orders)}
    one, two = (binned(known[name], runs.factors[name].tolist()) for name in (factor, other))
    assert one.levels is not None
    assert two.levels is not None
    values = runs.values[outcome]
    base = _cell(values, (one.codes == 0) & (two.codes == 0))
    rows = []
    for i, label in enumerate(one.levels):
        for j, other_label in enumerate(two.levels):
            inside = (one.codes == i) & (two.codes == j)
            if not inside.any():
                continue
            means = _cell(values, inside)
            change = t_interval(means - base, level)
            rows.append(
                {
                    "level": i,
                    "other_level": j,
                    "label": label,
                    "other_label": other_label,
                    "points": int(inside.sum()),
                    "mean": float(t_interval(means).mean),
                    "difference": float(change.mean),
                    "low": float(change.low),
                    "high": float(change.high),
                }
            )
    return pd.DataFrame(rows)


def additive_share(values: Floats, columns: Sequence[Floats]) -> float:
    """The share of the variance between points that a sum of effects reproduces, luck set aside.

    NaN where nothing varies beyond luck, or a point has no value at all.
    """
    count = np.isfinite(values).sum(axis=1)
    if (count == 0).any():
        return float("nan")
    means = np.nanmean(values, axis=1)
    design = np.column_stack([np.ones(len(means)), *columns])
    fitted, _, rank, _ = np.linalg.lstsq(design, means, rcond=None)
    points = len(means)
    luck = 0.0
    values = values[:, np.isfinite(values).any(axis=0)]
    if values.shape[1] > 1 and (count > 1).all():
        centred = values - np.nanmean(values, axis=0, keepdims=True)
        luck = float((np.nanvar(centred, axis=1, ddof=1) / count).mean())
    total = float(np.var(means, ddof=1)) - luck
    if total <= 0 or points <= rank:
        return float("nan")
    rest = float(((means - design @ fitted) ** 2).sum()) / (points - rank) - luck
    return float(np.clip(1.0 - rest / total, 0.0, 1.0))


def _at_ends(
    fitted: Floats, terms: Sequence[Term], pair: tuple[Term, Term], effect: float
) -> dict[str, float]:
    """What each of two factors does while the other stands at its first, and at its last level."""
    first, second = (float(t_interval(fitted[1 + _place(terms, term)]).mean) for term in pair)
    return {
        "at_start": first,
        "at_end": first + effect,
        "other_at_start": second,
        "other_at_end": second + effect,
    }


def _place(terms: Sequence[Term], sought: Term) -> int:
    return next(at for at, term in enumerate(terms) if term is sought)


def _last(one: Factor, other: Factor, last: Mapping[str, Term]) -> tuple[Term, Term]:
    """The widest contrast of each of two factors: from its first level to its last."""
    return last[one.name], last[other.name]


def _products(one: Factor, other: Factor) -> list[Floats]:
    """What two factors bring together, the widest contrast last."""
    return [product(a, b) for a in one.terms() for b in other.terms()]


def _fitted(values: Floats, columns: Sequence[Floats]) -> Floats:
    """Level and coefficients by replication: NaN where the points cannot tell one."""
    design = np.column_stack([np.ones(len(values)), *columns])
    found = np.full((design.shape[1], values.shape[1]), np.nan)
    present = np.isfinite(values)
    for pattern in {tuple(column) for column in present.T}:
        rows = np.array(pattern)
        same = (rows == present.T).all(axis=1)
        part = design[rows]
        inverse = np.linalg.pinv(part)
        own = np.abs(inverse @ part - np.eye(part.shape[1])).max(axis=1) < _SAME
        part_found = (inverse @ values[rows][:, same])[own]
        size = np.abs(values[rows][:, same]).max(initial=0.0)
        part_found[np.abs(part_found) < ROUNDING * size] = 0.0  # rounding, not an effect
        found[np.ix_(own, same)] = part_found
    return found


def _cell(values: Floats, inside: np.ndarray) -> Floats:
    """Means over some points by replication: NaN where one of the points has no value."""
    return values[inside].mean(axis=0)


def _row(
    outcome: str,
    unit: str,
    where: Mapping[str, Any],
    found: Floats,
    about: tuple[float, float],
) -> dict[str, Any]:
    base, level = about
    interval: Interval = t_interval(found, level)
    smallest = float(smallest_effect([unit], [base])[0])
    reach = max(abs(float(interval.low)), abs(float(interval.high)))
    return {
        "outcome": outcome,
        "unit": unit,
        **where,
        "base": base,
        "effect": float(interval.mean),
        "low": float(interval.low),
        "high": float(interval.high),
        "p": float(paired_p(interval)),
        "negligible": bool(reach <= smallest),
        "replications": int(interval.count),
    }

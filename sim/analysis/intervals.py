"""How far chance reaches: intervals of means and shares, and quantile bands over replications.

    mean +- t(1 - (1 - level)/2, n - 1) s / sqrt(n)          a 95 % interval unless told otherwise

They tell of Monte Carlo error alone: the same rules with other luck. What we do not know about the
rules themselves (parameters, structure) is in no interval of this file.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.kernel.fault import ShiyuError, did_you_mean

if TYPE_CHECKING:
    import pandas as pd

LEVEL = 0.95
BANDS = {"median": 0.5, "q05": 0.05, "q25": 0.25, "q75": 0.75, "q95": 0.95}  # 50 % and 90 % bands

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Interval:
    """A mean with its interval; arrays of one value a row where many are asked for at once."""

    mean: Floats
    low: Floats
    high: Floats
    sd: Floats
    count: NDArray[np.int64]


def t_quantile(share: ArrayLike, degrees: ArrayLike) -> Floats:
    """Quantile of Student's t distribution; NaN without degrees of freedom."""
    from scipy.special import stdtrit

    freedom = np.asarray(degrees, dtype=np.float64)
    with np.errstate(invalid="ignore"):
        return np.where(freedom >= 1, stdtrit(np.maximum(freedom, 1.0), share), np.nan)


def t_interval(values: ArrayLike, level: float = LEVEL) -> Interval:
    """The mean of each row and its t interval.

    Args:
        values: shape (n,) or (rows, n), one column a replication; what is not finite is left out
            of its row, and `count` tells how many were used.
        level: confidence level.

    Returns:
        Arrays of shape () or (rows,). Without a value the mean is NaN, with only one the interval
        is. Equal values give an interval of no width.
    """
    table = np.atleast_2d(np.asarray(values, dtype=np.float64))
    used = np.isfinite(table)
    count = used.sum(axis=1)
    some, several = count > 0, count > 1
    mean = np.full(len(table), np.nan)
    np.divide(np.where(used, table, 0.0).sum(axis=1), count, out=mean, where=some)
    mean = _exact_mean_of_equals(table, used, mean)
    deviation = np.where(used, table - mean[:, None], 0.0)
    sd = np.full(len(table), np.nan)
    np.divide((deviation**2).sum(axis=1), count - 1, out=sd, where=several)
    np.sqrt(sd, out=sd)
    half = t_quantile((1.0 + level) / 2.0, count - 1) * sd / np.sqrt(np.maximum(count, 1))
    low, high = mean - half, mean + half
    if np.ndim(values) < 2:
        return Interval(mean[0], low[0], high[0], sd[0], count[0])
    return Interval(mean, low, high, sd, count)


def wilson(count: int, of: int, level: float = LEVEL) -> tuple[float, float]:
    """The interval of a share, of which `count` of `of` independent tries are one sample.

    Those shares p that lie within z standard errors, sqrt(p (1 - p) / n), of what was counted
    (Wilson 1927): it stays within 0 and 1, and has a width even where all tries were alike. Without
    a try it is NaN.
    """
    from scipy.stats import binomtest

    if of < 1:
        return float("nan"), float("nan")
    found = binomtest(count, of).proportion_ci(level, "wilson")
    return float(found.low), float(found.high)


def _exact_mean_of_equals(table: Floats, used: NDArray[np.bool_], mean: Floats) -> Floats:
    """Equal values have that value as their mean; a sum would round it and invent a variance."""
    if not table.shape[1]:
        return mean
    lowest = np.where(used, table, np.inf).min(axis=1)
    highest = np.where(used, table, -np.inf).max(axis=1)
    return np.where(lowest == highest, lowest, mean)


def bands(
    frame: "pd.DataFrame", outcomes: Sequence[str] | None = None, over: str = "seed"
) -> "pd.DataFrame":
    """Quantile bands of trajectories over replications.

    Args:
        frame: trajectories below one another: `day`, `over`, one column per outcome, perhaps
            `date`. One scenario only.
        outcomes: which columns; all numeric ones unless told.
        over: the column that tells replications apart.

    Returns:
        One row per outcome and day: outcome, day, replications (that have a value), median, q05,
        q25, q75, q95. 9 of 10 runs stay within q05 to q95.

    Raises:
        ShiyuError: a column is missing, or a replication has a day twice.
    """
    return _banded({name: _by_day(frame, name, over) for name in _numeric(frame, outcomes, over)})


def difference_bands(
    frame: "pd.DataFrame",
    baseline: str,
    scenario: str,
    outcomes: Sequence[str] | None = None,
    over: str = "seed",
) -> "pd.DataFrame":
    """Quantile bands of scenario minus baseline, each run against the one of the same seed.

    Args:
        frame: as for `bands`, with a column `scenario`.
        baseline: name of the scenario that is taken off.
        scenario: name of the scenario to look at.
        outcomes: which columns; all numeric ones unless told.
        over: the column that pairs runs.

    Returns:
        As for `bands`; `replications` counts pairs of which both have a value.
    """
    parts = {}
    for name in (baseline, scenario):
        parts[name] = frame[frame["scenario"] == name]
        if parts[name].empty:
            raise ShiyuError(unknown("scenario", name, frame["scenario"].unique()))
    return _banded(
        {
            name: _by_day(parts[scenario], name, over) - _by_day(parts[baseline], name, over)
            for name in _numeric(frame, outcomes, over)
        }
    )


def unknown(kind: str, name: str, known: Sequence[str]) -> str:
    """Message for a name that is not among those known."""
    hint = did_you_mean(name, [str(each) for each in known])
    return f"no {kind} {name!r} among {', '.join(map(str, known))}{hint}"


def _numeric(frame: "pd.DataFrame", outcomes: Sequence[str] | None, over: str) -> list[str]:
    """The columns to look at."""
    numeric = [
        name for name in frame.select_dtypes("number").columns if name not in ("day", over, "seed")
    ]
    chosen = numeric if outcomes is None else list(outcomes)
    for name in chosen:
        if name not in numeric:
            raise ShiyuError(unknown("outcome", name, numeric))
    return chosen


def _by_day(frame: "pd.DataFrame", name: str, over: str) -> "pd.DataFrame":
    """One row a day, one column a replication."""
    try:
        return frame.pivot(index="day", columns=over, values=name)
    except ValueError as error:
        raise ShiyuError(
            f"{name}: a {over} has a day twice; give one scenario at a time"
        ) from error


def _banded(tables: "dict[str, pd.DataFrame]") -> "pd.DataFrame":
    """The bands of each table, below one another."""
    import pandas as pd

    parts = []
    for name, table in tables.items():
        values = table.to_numpy(np.float64)
        values = np.where(np.isfinite(values), values, np.nan)
        count = np.isfinite(values).sum(axis=1)
        found = np.full((len(BANDS), len(table)), np.nan)
        if (count > 0).any():
            quantiles = list(BANDS.values())
            found[:, count > 0] = np.nanquantile(values[count > 0], quantiles, axis=1)
        columns = dict(zip(BANDS, found, strict=True))
        parts.append(
            pd.DataFrame({"outcome": name, "day": table.index, "replications": count, **columns})
        )
    if parts:
        return pd.concat(parts, ignore_index=True)
    return pd.DataFrame(columns=["outcome", "day", "replications", *BANDS])

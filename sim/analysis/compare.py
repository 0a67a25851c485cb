"""What a policy changes, beside the baseline on the same seeds, and how surely.

One row per scenario and outcome (and group). `low` to `high` is the plain paired t interval of the
difference, 95 % unless told otherwise: Monte Carlo error only.

`distinguishable` asks more, since a table is many looks at chance: the row must pass Holm's
correction over its family, which is every row of the table with the same `by`: all outcomes over
everybody are one family, all outcomes by division another, over all scenarios shown.

`negligible` asks for evidence too: the whole interval, not just its middle, lies within the
smallest effect of interest: 0.005 for a share, 1 % of the baseline for any other unit. A row that
is neither distinguishable nor negligible is open: it needs more replications.

A policy that changes no bit has the difference 0, the interval [0, 0] and p = 1. A difference that
is the same in all of n pairs has an interval of no width and p = 2 ** (1 - n), see `paired_p`.
"""

from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.analysis import holm
from sim.analysis.intervals import LEVEL, Interval, t_interval
from sim.analysis.pairs import Pairs, pair_up
from sim.analysis.precision import replications_for

if TYPE_CHECKING:
    import pandas as pd

SMALLEST_SHARE = 0.005
SMALLEST_RELATIVE = 0.01
SHARE_UNITS = frozenset({"share"})

COLUMNS = (
    "scenario",
    "outcome",
    "by",
    "group",
    "unit",
    "baseline_mean",
    "mean",
    "difference",
    "low",
    "high",
    "p",
    "p_holm",
    "distinguishable",
    "relative",
    "negligible",
    "replications",
    "undefined",
    "unpaired",
    "replications_needed",
    "seeds_up",
    "seeds_down",
    "sign_share",
)

Floats = NDArray[np.float64]


def compare(
    frame: "pd.DataFrame",
    baseline: str,
    *,
    level: float = LEVEL,
    until: Literal["sign", "effect"] = "sign",
) -> "pd.DataFrame":
    """Each scenario against the baseline, on common random numbers.

    Args:
        frame: one row per run and outcome: scenario, seed, outcome, by, group, value, unit.
        baseline: name of the scenario to compare with.
        level: confidence level of the intervals; Holm's correction holds to 1 - level.
        until: what `replications_needed` asks for: that the sign can be told by Holm's correction
            ("sign"), or that the interval's half-width is at most the smallest effect ("effect").

    Returns:
        One row per scenario, outcome, by and group, with the columns `COLUMNS`. `relative` is the
        difference over the baseline's absolute mean (NaN for a baseline of 0). `replications`
        counts the pairs used, `undefined` the pairs left out because the outcome has no finite
        value in one run, `unpaired` the seeds of which one run is missing. `replications_needed`
        is <NA> where what was asked is told already, or the effect is known to be negligible, or
        one replication gives no variance to plan by. `seeds_up`, `seeds_down` count the pairs that
        went up or down. `sign_share` is left open: `sim.analysis.robustness` fills it.

    Raises:
        ShiyuError: the baseline or a column is missing, or a value stands twice.
    """
    import pandas as pd

    parts = [_rows(pairs, level) for pairs in pair_up(frame, baseline)]
    if not parts:
        return pd.DataFrame(columns=list(COLUMNS))
    table = pd.concat(parts, ignore_index=True)
    families = table["by"].fillna("").astype(str)
    table["p_holm"], held_to = np.nan, np.full(len(table), np.nan)
    for at in families.groupby(families).indices.values():
        p_values = table["p"].to_numpy()[at]
        table.loc[at, "p_holm"] = holm.adjusted(p_values)
        held_to[at] = holm.levels(p_values, 1.0 - level)
    table["distinguishable"] = table["p_holm"] < 1.0 - level
    table["replications_needed"] = _needed(table, held_to, level, until)
    table["sign_share"] = np.nan
    return table[list(COLUMNS)]


def records(table: "pd.DataFrame") -> list[dict[str, Any]]:
    """The rows of a table as plain JSON: what has no value, or no finite one, is None."""
    return [
        {str(name): _plain(value) for name, value in row.items()}
        for row in table.astype(object).to_dict("records")
    ]


def smallest_effect(units: ArrayLike, baseline_means: ArrayLike) -> Floats:
    """The smallest effect of interest of each row, in the row's unit."""
    shares = np.isin(np.asarray(units, dtype=object).astype(str), list(SHARE_UNITS))
    means = np.asarray(baseline_means, dtype=np.float64)
    return np.where(shares, SMALLEST_SHARE, SMALLEST_RELATIVE * np.abs(means))


def paired_p(interval: Interval) -> Floats:
    """Two-sided p of a mean difference of 0 (paired t): 1 if all are 0, NaN under two pairs.

    Where all n differences are equal and not 0, t is infinite, and its p of 0 would claim that n
    pairs rule chance out. They cannot: if each pair might as well have gone the other way, all go
    one way in 2 of 2 ** n cases. This p of the sign-flip test is the smallest that n pairs support.
    """
    from scipy.special import stdtr

    mean, sd, count = interval.mean, interval.sd, interval.count
    with np.errstate(divide="ignore", invalid="ignore"):
        t = np.abs(mean) / (sd / np.sqrt(count))
        p = 2.0 * stdtr(np.maximum(count - 1, 1).astype(np.float64), -t)
    p = np.where(sd == 0.0, np.where(mean == 0.0, 1.0, 2.0 ** (1.0 - count)), p)
    return np.where(count > 1, p, np.nan)


def _rows(pairs: Pairs, level: float) -> "pd.DataFrame":
    """One scenario's rows, less what depends on the whole table."""
    differences = pairs.differences
    interval = t_interval(differences, level)
    base_mean = t_interval(pairs.baseline).mean
    smallest = smallest_effect(pairs.keys["unit"], base_mean)
    part = pairs.keys.copy()
    part["scenario"] = pairs.scenario
    part["baseline_mean"], part["mean"] = base_mean, t_interval(pairs.values).mean
    part["difference"], part["low"], part["high"] = interval.mean, interval.low, interval.high
    part["sd"], part["smallest"] = interval.sd, smallest
    part["p"] = paired_p(interval)
    part["relative"] = np.nan
    known = np.flatnonzero(np.abs(base_mean) > 0)
    part.loc[known, "relative"] = interval.mean[known] / np.abs(base_mean[known])
    part["negligible"] = np.maximum(np.abs(interval.low), np.abs(interval.high)) <= smallest
    part["replications"] = interval.count
    part["undefined"], part["unpaired"] = pairs.undefined, pairs.unpaired
    part["seeds_up"] = (differences > 0).sum(axis=1)
    part["seeds_down"] = (differences < 0).sum(axis=1)
    return part


def _needed(table: "pd.DataFrame", held_to: Floats, level: float, until: str) -> "pd.Series":
    """How many replications would tell what is asked; <NA> where it is told already."""
    import pandas as pd

    sd, count = table["sd"].to_numpy(), table["replications"].to_numpy()
    if until == "effect":
        wanted, alpha = table["smallest"].to_numpy(), np.full(len(table), 1.0 - level)
        told = (table["high"] - table["low"]).to_numpy() / 2.0 <= wanted
    else:
        wanted, alpha = table["difference"].abs().to_numpy(), held_to
        told = (table["distinguishable"] | table["negligible"]).to_numpy()
    open_rows = ~told & (count > 1) & ~np.isnan(sd)
    needed = pd.Series(pd.NA, index=table.index, dtype="Int64")
    more = replications_for(wanted[open_rows], sd[open_rows], alpha[open_rows])
    if until == "sign":
        equal = (sd == 0.0)[open_rows]  # 2 ** (1 - n) must be below what the row is held to
        enough = np.floor(2.0 - np.log2(alpha[open_rows])).astype(np.int64)
        more = np.where(equal, enough, more)
    needed[open_rows] = np.maximum(more, count[open_rows] + 1)
    return needed


def _plain(value: Any) -> Any:
    """A cell as JSON can hold it."""
    import pandas as pd

    if pd.isna(value):
        return None
    if isinstance(value, str):
        return value
    if isinstance(value, bool | np.bool_):
        return bool(value)
    if isinstance(value, int | np.integer):
        return int(value)
    return float(value) if np.isfinite(value) else None

"""Runs on the same luck are compared pair by pair: same seed, other policy.

With common random numbers the two runs of a pair rise and fall together, so their difference
varies less than either. The gain tells how many times more independent runs would be needed for
the same precision:

    gain = (var(baseline) + var(scenario)) / var(difference)

Two values that differ in their last bits alone are the same: sums of the same terms in another
order differ so, in every pair alike, and would pass for a difference without chance.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.analysis.intervals import t_interval, unknown
from sim.kernel.fault import ShiyuError

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("scenario", "seed", "outcome", "by", "group", "value", "unit")
KEYS = ("outcome", "by", "group")

ROUNDING = 1e-12  # of the outcome itself: what sums in another order leave of no difference

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Pairs:
    """A scenario's runs beside the baseline's, one row per outcome (and group).

    `baseline` and `values` have shape (rows, pairs), NaN where either run has no finite value, so
    that means and differences are over the same pairs.
    """

    scenario: str
    keys: "pd.DataFrame"  # outcome, by, group, unit
    baseline: Floats
    values: Floats
    unpaired: int  # seeds of which only one of the two runs is there

    @property
    def differences(self) -> Floats:
        """Scenario minus baseline, shape (rows, pairs); 0 where only rounding differs."""
        apart = self.values - self.baseline
        sizes = np.fmax(np.abs(self.baseline), np.abs(self.values))
        largest = np.fmax.reduce(sizes, axis=1, keepdims=True, initial=0.0)
        return np.where(np.abs(apart) <= ROUNDING * largest, 0.0, apart)

    @property
    def undefined(self) -> NDArray[np.int64]:
        """Pairs of which a run has no finite value for this outcome, by row."""
        count: NDArray[np.int64] = np.isnan(self.values).sum(axis=1)
        return count


def pair_up(frame: "pd.DataFrame", baseline: str) -> Iterator[Pairs]:
    """Each other scenario's runs beside the baseline's of the same seed.

    Args:
        frame: one row per scenario, seed, outcome, by and group: the columns `COLUMNS`.
        baseline: name of the scenario to compare with.

    Yields:
        One `Pairs` a scenario, in the order of the frame; rows in its order too. An outcome that
        a run did not report counts as undefined there, not as absent.

    Raises:
        ShiyuError: a column or the baseline is missing, or a value stands twice.
    """
    rows, keys = _rows(frame, baseline)
    scenario, seed = frame["scenario"].to_numpy(), frame["seed"].to_numpy()
    value = frame["value"].to_numpy(np.float64, na_value=np.nan)
    mine = {name: np.flatnonzero(scenario == name) for name in frame["scenario"].unique()}
    base_at = mine.pop(baseline)
    for name, at in mine.items():
        shared = np.intersect1d(seed[base_at], seed[at])
        reported = np.unique(rows[np.concatenate([base_at, at])])
        base = _matrix(rows[base_at], seed[base_at], value[base_at], shared, len(keys))
        other = _matrix(rows[at], seed[at], value[at], shared, len(keys))
        both = np.isfinite(base) & np.isfinite(other)
        yield Pairs(
            scenario=str(name),
            keys=keys.iloc[reported].reset_index(drop=True),
            baseline=np.where(both, base, np.nan)[reported],
            values=np.where(both, other, np.nan)[reported],
            unpaired=len(np.setxor1d(seed[base_at], seed[at])),
        )


def pairing(frame: "pd.DataFrame", baseline: str) -> "pd.DataFrame":
    """How much common random numbers help, by scenario and outcome.

    Args:
        frame: as for `pair_up`.
        baseline: name of the scenario to compare with.

    Returns:
        scenario, outcome, by, group, pairs, correlation (NaN where a side does not vary), gain
        (infinite where the difference does not vary but a side does; NaN where nothing varies).
    """
    import pandas as pd

    parts = []
    for pairs in pair_up(frame, baseline):
        correlation, gain = correlation_and_gain(pairs.baseline, pairs.values)
        part = pairs.keys[list(KEYS)].copy()
        part.insert(0, "scenario", pairs.scenario)
        part["pairs"] = np.isfinite(pairs.values).sum(axis=1)
        part["correlation"], part["gain"] = correlation, gain
        parts.append(part)
    if parts:
        return pd.concat(parts, ignore_index=True)
    return pd.DataFrame(columns=["scenario", *KEYS, "pairs", "correlation", "gain"])


def correlation_and_gain(baseline: Floats, values: Floats) -> tuple[Floats, Floats]:
    """Correlation of the pairs of each row, and the gain of pairing them.

    Args:
        baseline: shape (rows, pairs), NaN where a pair is undefined, in both arrays alike.
        values: the same shape.
    """
    of_base, of_values = t_interval(baseline), t_interval(values)
    count = of_base.count
    both = (baseline - of_base.mean[:, None]) * (values - of_values.mean[:, None])
    covariance = np.full(len(count), np.nan)
    np.divide(np.nansum(both, axis=1), count - 1, out=covariance, where=count > 1)
    apart = of_base.sd**2 + of_values.sd**2
    together = t_interval(values - baseline).sd ** 2
    with np.errstate(divide="ignore", invalid="ignore"):
        return covariance / (of_base.sd * of_values.sd), apart / together


def _rows(frame: "pd.DataFrame", baseline: str) -> tuple[NDArray[np.int64], "pd.DataFrame"]:
    """The row of each line of the frame, and what each row is about."""
    missing = [name for name in COLUMNS if name not in frame.columns]
    if missing:
        raise ShiyuError(f"the frame of outcomes lacks the columns {', '.join(missing)}")
    if not (frame["scenario"] == baseline).any():
        raise ShiyuError(unknown("scenario", baseline, frame["scenario"].unique()))
    twice = frame.duplicated(["scenario", "seed", *KEYS])
    if twice.any():
        line = frame[twice].iloc[0]
        raise ShiyuError(
            f"scenario {line['scenario']!r}, seed {line['seed']}: {line['outcome']} stands twice"
        )
    rows = frame.groupby(list(KEYS), sort=False, dropna=False).ngroup().to_numpy(np.int64)
    first = np.unique(rows, return_index=True)[1]
    keys = frame.iloc[first][[*KEYS, "unit"]].astype(object).reset_index(drop=True)
    return rows, keys.where(keys.notna(), None)


def _matrix(
    rows: NDArray[np.int64],
    seeds: NDArray[np.int64],
    values: Floats,
    shared: NDArray[np.int64],
    count: int,
) -> Floats:
    """Values by row and shared seed, NaN where there is none."""
    table = np.full((count, len(shared)), np.nan)
    known = np.isin(seeds, shared)
    table[rows[known], np.searchsorted(shared, seeds[known])] = values[known]
    return table

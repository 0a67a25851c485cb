"""How many replications: planned from a variance, or run until the interval is narrow enough.

Running until an interval is narrow, and looking after each batch, is optional stopping. It is
harmless here as far as the rule looks at the width alone, never at the sign or at p: for normal
differences the mean is independent of the variance, so the mean stays unbiased and only the stated
coverage falls a little short, since one stops more readily after an underestimated variance. The
minimum of ten replications keeps that loss to one or two points, as a test measures. Stopping once
a difference is "distinguishable" would make false findings as common as one likes, and is not
offered.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.analysis.intervals import LEVEL, t_interval, t_quantile
from sim.analysis.pairs import pair_up
from sim.kernel.fault import ShiyuError

if TYPE_CHECKING:
    import pandas as pd

MOST_REPLICATIONS = 1_000_000  # stands for "never": nobody runs more

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Precision:
    """A rule to stop by: the half-width of an outcome's difference is at most `half_width`.

    At least `minimum` replications (10 or more) and at most `maximum`, `batch` at a time.
    """

    outcome: str
    half_width: float
    minimum: int = 10
    maximum: int = 500
    batch: int = 10
    level: float = LEVEL

    def __post_init__(self) -> None:
        """Refuse a rule that cannot be kept."""
        if not self.half_width > 0 or not np.isfinite(self.half_width):
            raise ShiyuError(f"precision {self.half_width}: must be a positive number")
        if self.minimum < 10:
            raise ShiyuError(f"minimum of {self.minimum} replications: at least 10 are needed")
        if self.maximum < self.minimum or self.batch < 1:
            raise ShiyuError("the maximum is below the minimum, or a batch is empty")

    def more(self, differences: ArrayLike) -> int:
        """How many replications to run next; 0 stops.

        Args:
            differences: shape (scenarios, replications so far) or (replications,): paired
                differences; the widest row decides.
        """
        rows = np.atleast_2d(np.asarray(differences, dtype=np.float64))
        done = int(rows.shape[1])
        if done < self.minimum:
            return self.minimum - done
        if self.widest(rows) <= self.half_width:
            return 0
        return min(self.batch, self.maximum - done)

    def widest(self, differences: ArrayLike) -> float:
        """The largest half-width of the rows; infinite where a row has under two values."""
        interval = t_interval(np.atleast_2d(np.asarray(differences)), self.level)
        half = (interval.high - interval.low) / 2.0
        return float(np.max(np.where(np.isnan(half), np.inf, half), initial=0.0))


class Stopped(NamedTuple):
    """What a sequence of batches came to."""

    frame: "pd.DataFrame"
    replications: int
    half_width: float
    reached: bool


def until_precise(
    run_batch: Callable[[Sequence[int]], "pd.DataFrame"], baseline: str, rule: Precision
) -> Stopped:
    """Run batches of replications until the rule is met or its maximum is reached.

    Args:
        run_batch: given the numbers of the replications to run (0, 1, 2, ...), returns their
            outcomes as `compare` takes them, for the baseline and every other scenario.
        baseline: name of the scenario to compare with.
        rule: when to stop; it looks at the outcome over everybody.

    Returns:
        All outcomes, how many replications, the widest half-width, and whether it is narrow enough.
    """
    import pandas as pd

    frames: list[pd.DataFrame] = []
    done, wanted = 0, rule.minimum
    while wanted:
        frames.append(run_batch(range(done, done + wanted)))
        done += wanted
        frame = pd.concat(frames, ignore_index=True)
        differences = _differences(frame, baseline, rule.outcome)
        # A replication without a value still counts as run, or the maximum would never come.
        width = rule.widest(differences)
        wanted = rule.more(_padded(differences, done))
    return Stopped(frame, done, width, width <= rule.half_width)


def replications_for(wanted: ArrayLike, sd: ArrayLike, alpha: ArrayLike) -> NDArray[np.int64]:
    """The fewest replications whose half-width is at most what is wanted.

    t(1 - alpha/2, n - 1) sd / sqrt(n) <= wanted

    Args:
        wanted: half-widths, in the unit of `sd`.
        sd: standard deviation of one replication's value, taken as known.
        alpha: one less the confidence level.

    Returns:
        At least 2; `MOST_REPLICATIONS` stands for that many or more.
    """
    goal, spread, risk = np.broadcast_arrays(
        *(np.asarray(part, dtype=np.float64) for part in (wanted, sd, alpha))
    )
    low = np.full(goal.shape, 1, dtype=np.int64)  # one replication never suffices
    high = np.full(goal.shape, MOST_REPLICATIONS, dtype=np.int64)
    while (high - low > 1).any():
        middle = np.maximum((low + high) // 2, 2)
        half = t_quantile(1.0 - risk / 2.0, middle - 1) * spread / np.sqrt(middle)
        enough = half <= goal
        high, low = np.where(enough, middle, high), np.where(enough, low, middle)
        low = np.minimum(low, high - 1)
    return high


def _differences(frame: "pd.DataFrame", baseline: str, outcome: str) -> Floats:
    """Paired differences of one outcome over everybody, one row a scenario."""
    mine = frame[(frame["outcome"] == outcome) & frame["by"].isna()]
    if mine.empty:
        raise ShiyuError(f"no outcome {outcome!r} in these runs")
    rows = [pairs.differences[0] for pairs in pair_up(mine, baseline)]
    if not rows:
        raise ShiyuError(f"no scenario to compare with {baseline!r}")
    return _padded_rows(rows)


def _padded_rows(rows: Sequence[Floats]) -> Floats:
    """Rows of unequal length as one table, NaN at the end."""
    longest = max((len(row) for row in rows), default=0)
    return np.array([np.pad(row, (0, longest - len(row)), constant_values=np.nan) for row in rows])


def _padded(table: Floats, length: int) -> Floats:
    """The table with NaN up to a number of replications."""
    return np.pad(table, ((0, 0), (0, length - table.shape[1])), constant_values=np.nan)

"""A sweep's table as arrays: points down, replications across, and what is missing named.

The table has one row a run: `point`, `replication`, `seed`, `run_id`, `status` ("done", "failed" or
"missing"), `reason`, a column a factor and a column an outcome. Replication r of every point has
the same seed, so a row of replications is a row of pairs with every other row.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.analysis.intervals import unknown
from sim.kernel.fault import ShiyuError

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("point", "replication", "seed", "status", "reason")
NAMED = 5  # lacking runs that a message names; the rest are counted

Floats = NDArray[np.float64]


class IncompleteError(ShiyuError):
    """An analysis that needs every run of a design was asked for while some are lacking."""


@dataclass(frozen=True)
class Lack:
    """A run that the design asks for and that has no values."""

    point: int
    replication: int
    seed: int
    status: str  # failed or missing
    reason: str

    def __str__(self) -> str:
        """The run and what became of it."""
        point, number, seed = self.point, self.replication, self.seed
        if self.status == "failed":
            return f"point {point}, replication {number}, seed {seed}: failed: {self.reason}"
        if self.reason:
            return f"point {point}, replication {number}, seed {seed}: missing: {self.reason}"
        return f"point {point}, replication {number}, seed {seed}: missing"


@dataclass(frozen=True)
class DesignRuns:
    """The runs of a design.

    `factors` has one row a point, in the order of the points, and one column a factor, of settings
    as `plain_label` gives them, so that those that are lists can be compared; `values` holds an
    array of shape (points, replications) for each outcome, NaN where a run has no value.
    """

    points: tuple[int, ...]
    seeds: tuple[int, ...]
    factors: "pd.DataFrame"
    values: dict[str, Floats]
    lacking: tuple[Lack, ...]

    @property
    def replications(self) -> int:
        """How many replications each point has or should have."""
        return len(self.seeds)

    def whole(self, outcome: str) -> Floats:
        """All values of an outcome.

        Raises IncompleteError, naming what is missing, when a run failed or is missing, or has no
        finite value of this outcome.
        """
        if self.lacking:
            raise IncompleteError(self._lacking_words())
        values = self.values[outcome]
        holes = np.argwhere(~np.isfinite(values))
        if len(holes):
            some = [
                f"point {self.points[at]}, replication {r}, seed {self.seeds[r]}"
                for at, r in holes[:NAMED]
            ]
            more = len(holes) - len(some)
            rest = f"; and {more} more" if more else ""
            raise IncompleteError(
                f"{outcome}: no finite value in {len(holes)} of {values.size} runs: "
                f"{'; '.join(some)}{rest}"
            )
        return values

    def _lacking_words(self) -> str:
        failed = sum(lack.status == "failed" for lack in self.lacking)
        missing = len(self.lacking) - failed
        total = len(self.points) * len(self.seeds)
        head = (
            f"this needs every run of the design: {failed} failed and {missing} are missing, "
            f"of {total}:"
        )
        more = len(self.lacking) - NAMED
        lines = [str(lack) for lack in self.lacking[:NAMED]] + [f"and {more} more"] * (more > 0)
        return "\n  ".join([head, *lines])


def design_runs(
    frame: "pd.DataFrame", factors: Sequence[str], outcomes: Sequence[str]
) -> DesignRuns:
    """The table of a sweep as arrays.

    Args:
        frame: one row a run, as above; a run without a row counts as missing.
        factors: the columns of the factors.
        outcomes: the columns of the outcomes.

    Raises:
        ShiyuError: a column is missing, a run stands twice, a point has two settings, or the
            replications of two points have different seeds.
    """
    import pandas as pd

    for kind, names in (("column", COLUMNS), ("factor", factors), ("outcome", outcomes)):
        for name in names:
            if name not in frame.columns:
                raise ShiyuError(unknown(kind, name, list(map(str, frame.columns))))
    if frame.empty:
        raise ShiyuError("the design has no runs")
    frame = frame.sort_values(["point", "replication"], kind="stable")
    if frame.duplicated(["point", "replication"]).any():
        line = frame[frame.duplicated(["point", "replication"])].iloc[0]
        raise ShiyuError(f"point {line.point}, replication {line.replication} stands twice")
    labels = pd.DataFrame({name: frame[name].map(plain_label) for name in factors})
    labels["point"] = frame["point"].to_numpy()
    if len(labels.drop_duplicates()) != frame["point"].nunique():
        raise ShiyuError("a point of the design has two different settings")
    seeds = _seeds(frame)
    points = tuple(int(point) for point in frame["point"].unique())
    numbers = sorted(seeds)
    rows = pd.Index(points).get_indexer(frame["point"])
    columns = pd.Index(numbers).get_indexer(frame["replication"])
    done = (frame["status"] == "done").to_numpy()
    values = {}
    for name in outcomes:
        table = np.full((len(points), len(numbers)), np.nan)
        column = pd.to_numeric(frame[name], errors="coerce").to_numpy(np.float64)
        table[rows[done], columns[done]] = column[done]
        values[name] = np.where(np.isfinite(table), table, np.nan)
    first = labels.drop_duplicates("point")
    return DesignRuns(
        points=points,
        seeds=tuple(seeds[number] for number in numbers),
        factors=first[list(factors)].reset_index(drop=True),
        values=values,
        lacking=_lacking(frame, points, seeds),
    )


def plain_label(value: Any) -> Any:
    """A setting that can be compared and shown: numbers and words stay, the rest becomes JSON."""
    if isinstance(value, bool | np.bool_):
        return "true" if value else "false"
    if isinstance(value, int | float | np.integer | np.floating):
        return value
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)


def _seeds(frame: "pd.DataFrame") -> dict[int, int]:
    """The seed of each replication, the same at every point."""
    pairs = frame[["replication", "seed"]].drop_duplicates()
    twice = pairs[pairs["replication"].duplicated()]
    if len(twice):
        number = twice["replication"].iloc[0]
        raise ShiyuError(
            f"replication {number} has different seeds at different points: the runs are not paired"
        )
    return {int(r): int(s) for r, s in zip(pairs["replication"], pairs["seed"], strict=True)}


def _lacking(
    frame: "pd.DataFrame", points: Sequence[int], seeds: dict[int, int]
) -> tuple[Lack, ...]:
    """Every run that is not done, in the order of points and replications."""
    found = {}
    for row in frame[frame["status"] != "done"].itertuples():
        reason = row.reason if isinstance(row.reason, str) else ""
        first = reason.strip().splitlines()[0] if reason.strip() else ""
        key = int(row.point), int(row.replication)
        found[key] = Lack(*key, int(row.seed), str(row.status), first)
    if len(frame) < len(points) * len(seeds):
        present = set(zip(frame["point"], frame["replication"], strict=True))
        for point in points:
            for number, seed in seeds.items():
                if (point, number) not in present:
                    found[point, number] = Lack(point, number, seed, "missing", "")
    return tuple(found[key] for key in sorted(found))

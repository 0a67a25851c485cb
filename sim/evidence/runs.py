"""Runs the city under the base and under every change of the core, and judges what came out."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.analysis.intervals import t_interval
from sim.engine.load import load
from sim.evidence.judging import FAILS, HOLDS, judged, response_rows, verdict_row
from sim.evidence.levels import LEVELS, TOLERANCE
from sim.evidence.paired import BASE, Progress, Task, check_asked, each_seed, paired_values
from sim.evidence.responses import CHANGES, RESPONSES
from sim.evidence.standing import STANDING, YEARS
from sim.verify import verdict_rows, verify

SETTINGS: Mapping[str, object] = {"scale": 0.02, "time.years": 5}
REPLICATIONS = 20
JUDGES, CASES_PER_JUDGE = 19, 300  # Yangcheng
COURT_LOADS = (0.60, 0.80, 0.915, 0.95, 0.98)
OVERLOAD = 1.05


@dataclass(frozen=True)
class Verdicts:
    """Every level and every response as a row that JSON can hold, and how they were made."""

    levels: list[dict[str, Any]]
    standing: list[dict[str, Any]]
    responses: list[dict[str, Any]]
    courts: list[dict[str, Any]]
    replications: int
    settings: dict[str, Any]

    @property
    def none_fails(self) -> bool:
        """Whether no row fails; one that cannot be told from so few runs does not."""
        return all(row["verdict"] != FAILS for row in self.rows)

    @property
    def rows(self) -> list[dict[str, Any]]:
        """All rows of the four tables."""
        return [*self.levels, *self.standing, *self.responses, *self.courts]


def check_city(
    settings: Mapping[str, Any] | None = None,
    replications: int = REPLICATIONS,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Verdicts:
    """Run the base and every change on the same seeds and judge each row.

    Args:
        settings: laid over the base and SETTINGS, as `--set` gives them.
        replications: how many seeds, at least 2.
        workers: processes; all cores unless told.
        progress: told how many seeds are done, of how many.

    Raises ScenarioError for a setting that cannot be; nothing has run then.
    """
    chosen = dict(SETTINGS) | dict(settings or {})
    check_asked(chosen, CHANGES, replications)
    found = each_seed(run_seed, chosen, replications, workers, progress)
    levels = _judge_levels(np.array([each[0] for each in found]))
    stood = np.array([each[1] for each in found])
    standing = _judge_standing(stood[:, 0], stood[:, 1], load(BASE, chosen).years)
    responses = response_rows(
        RESPONSES, {change.slug: change for change in CHANGES}, np.array([x[2] for x in found])
    )
    return Verdicts(levels, standing, responses, court_rows(), replications, chosen)


def run_seed(task: Task) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """One replication.

    Returns the levels, shape (levels,); how everything stood on the first and the last day,
    (2, rows of STANDING); and base and changed values of the responses, (responses, 2).
    """
    whole, responses = paired_values(task, CHANGES, RESPONSES)
    return np.array([level.read(whole)[0] for level in LEVELS]), whole.stood, responses


def court_rows() -> list[dict[str, Any]]:
    """What a case takes at Yangcheng's court at fixed loads, through the rules of courts alone.

    In a city the load itself moves; how days follow from it is told apart from that here.
    """
    found = [
        verdict
        for load in COURT_LOADS
        for verdict in verify(["court_days"], {"judges": JUDGES, "load": load})
    ]
    filings = OVERLOAD * JUDGES * CASES_PER_JUDGE
    overloaded = {
        "judges": JUDGES,
        "filings_per_year": filings,
        "cases_per_judge": CASES_PER_JUDGE,
        "years": 1.0,
    }
    found += verify(["court_backlog"], overloaded)
    loads = [*COURT_LOADS, OVERLOAD]
    rows = verdict_rows(found)
    return [
        {"load": load} | row | {"verdict": HOLDS if row["holds"] else FAILS}
        for load, row in zip(loads, rows, strict=True)
    ]


def _judge_levels(values: np.ndarray) -> list[dict[str, Any]]:
    """A row a level, from values of shape (replications, levels)."""
    interval = t_interval(values.T)
    rows = []
    for k, level in enumerate(LEVELS):
        low, high = float(interval.low[k]), float(interval.high[k])
        mean, within = float(interval.mean[k]), TOLERANCE[level.kind] * level.expected
        verdict = judged(low, high, level.expected, within)
        rows.append(
            {
                "row": level.row,
                "name": level.slug,
                "kind": level.kind,
                "expected": level.expected,
                "off": mean / level.expected - 1.0,
                "tolerance": TOLERANCE[level.kind],
            }
            | verdict_row(interval, k, verdict)
        )
    return rows


def _judge_standing(first: np.ndarray, last: np.ndarray, years: float) -> list[dict[str, Any]]:
    """A verdict a row, from values of the first and of the last day, shape (replications, rows).

    Changes are told relative to the mean of the first day: a mean of ratios would be too high.
    """
    interval = t_interval(((last - first) / first.mean(axis=0)).T)
    rows = []
    for k, row in enumerate(STANDING):
        expected = row.change * years / YEARS
        low, high = float(interval.low[k]), float(interval.high[k])
        rows.append(
            {
                "name": row.slug,
                "kind": row.kind,
                "first": float(first[:, k].mean()),
                "last": float(last[:, k].mean()),
                "expected": expected,
                "tolerance": row.tolerance,
            }
            | verdict_row(interval, k, judged(low, high, expected, row.tolerance))
        )
    return rows

"""Runs the city under the base and under every change, seed by seed, and judges what came out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.analysis.intervals import Interval, t_interval
from sim.engine.build import warm
from sim.engine.load import load
from sim.engine.workers import Died, Workers, cores
from sim.evidence.levels import LEVELS, TOLERANCE
from sim.evidence.observed import Observed, observe
from sim.evidence.responses import CHANGES, LEAD_YEARS, RESPONSES, Response
from sim.kernel.fault import ShiyuError
from sim.verify import verdict_rows, verify

BASE = "jincheng-2020"
SETTINGS: Mapping[str, object] = {"scale": 0.02, "time.years": 5}
REPLICATIONS = 20
JUDGES, CASES_PER_JUDGE = 19, 300  # Yangcheng
COURT_LOADS = (0.60, 0.80, 0.915, 0.95, 0.98)
OVERLOAD = 1.05

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Verdicts:
    """Every level and every response as a row that JSON can hold, and how they were made."""

    levels: list[dict[str, Any]]
    responses: list[dict[str, Any]]
    courts: list[dict[str, Any]]
    replications: int
    settings: dict[str, Any]

    @property
    def all_hold(self) -> bool:
        """Whether every row holds."""
        return all(row["holds"] for row in self.rows)

    @property
    def rows(self) -> list[dict[str, Any]]:
        """All rows of the three tables."""
        return [*self.levels, *self.responses, *self.courts]


@dataclass(frozen=True)
class Task:
    """One seed, with the settings laid over the base."""

    seed: int
    settings: tuple[tuple[str, Any], ...]


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
    if replications < 2:
        raise ShiyuError(f"{replications} replications: an interval needs at least 2")
    for change in CHANGES:
        load(BASE, chosen | dict(change.settings))
    if load(BASE, chosen).years <= LEAD_YEARS:
        raise ShiyuError(f"time.years: responses are told of what follows {LEAD_YEARS:g} years")
    tasks = [Task(seed, tuple(chosen.items())) for seed in range(1, replications + 1)]
    found: dict[int, tuple[np.ndarray, np.ndarray]] = {}
    with Workers(run_seed, workers or cores()) as running:
        for task, result in running.completed(tasks):
            if isinstance(result, Died):
                raise ShiyuError(f"seed {task.seed}: {result.reason}")
            found[task.seed] = result
            if progress:
                progress(len(found), len(tasks))
    levels = np.array([found[task.seed][0] for task in tasks])
    responses = np.array([found[task.seed][1] for task in tasks])
    judged = _judge_levels(levels), _judge_responses(responses), court_rows()
    return Verdicts(*judged, replications, chosen)


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
    return [{"load": load} | row for load, row in zip(loads, verdict_rows(found), strict=True)]


def run_seed(task: Task) -> tuple[np.ndarray, np.ndarray]:
    """One replication: the levels, shape (levels,), and base and changed values, (responses, 2)."""
    settings = dict(task.settings)
    scenario = load(BASE, settings)
    start = warm(scenario, task.seed)
    whole, later = observe(start.twin(), scenario, LEAD_YEARS)
    levels = np.array([level.read(whole)[0] for level in LEVELS])
    responses = np.zeros((len(RESPONSES), 2))
    for change in CHANGES:
        changed = load(BASE, settings | dict(change.settings))
        same_start = all(key.startswith("policies.") for key in change.settings)
        running = start.twin() if same_start else warm(changed, task.seed)
        other = observe(running, changed, LEAD_YEARS)[1]
        for k, response in enumerate(RESPONSES):
            if response.change == change.slug:
                responses[k] = _value(response, later), _value(response, other)
    return levels, responses


def _value(response: Response, window: Observed) -> float:
    groups = window.groups
    row = 0 if response.division is None else groups.names.index(response.division)
    return float(response.read(window)[row])


def _judged(interval: Interval, k: int, expected: float, tolerance: float) -> dict[str, Any]:
    """Whether the interval reaches into the tolerance and is narrow enough to tell."""
    reaches = interval.low[k] <= expected + tolerance and interval.high[k] >= expected - tolerance
    tells = (interval.high[k] - interval.low[k]) / 2.0 <= tolerance
    verdict = "fails" if not reaches else "holds" if tells else "open"
    return {"verdict": verdict, "holds": verdict == "holds"}


def _judge_levels(values: np.ndarray) -> list[dict[str, Any]]:
    """A row a level, from values of shape (replications, levels)."""
    interval = t_interval(values.T)
    rows = []
    for k, level in enumerate(LEVELS):
        off = float(interval.mean[k]) / level.expected - 1.0
        rows.append(
            {
                "row": level.row,
                "name": level.slug,
                "kind": level.kind,
                "expected": level.expected,
                "simulated": float(interval.mean[k]),
                "low": float(interval.low[k]),
                "high": float(interval.high[k]),
                "off": off,
                "tolerance": TOLERANCE[level.kind],
            }
            | _judged(interval, k, level.expected, TOLERANCE[level.kind] * level.expected)
        )
    return rows


def _judge_responses(values: np.ndarray) -> list[dict[str, Any]]:
    """A row a response, from base and changed values of shape (replications, responses, 2)."""
    base = values[:, :, 0]
    told = np.where([r.level for r in RESPONSES], values[:, :, 1], values[:, :, 1] - base)
    interval = t_interval(told.T)
    rows = []
    for k, response in enumerate(RESPONSES):
        mean = float(interval.mean[k])
        rows.append(
            {
                "change": response.change,
                "name": response.slug,
                "division": response.division,
                "told": "level" if response.level else "difference",
                "baseline": float(base[:, k].mean()),
                "expected": response.expected,
                "tolerance": response.tolerance,
                "simulated": mean,
                "low": float(interval.low[k]),
                "high": float(interval.high[k]),
            }
            | _judged(interval, k, response.expected, response.tolerance)
        )
    return rows

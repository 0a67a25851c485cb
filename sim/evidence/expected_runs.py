"""Runs every change of `expectations` beside the base, seed by seed, and judges what came of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.analysis.intervals import t_interval
from sim.engine.build import warm
from sim.engine.load import load
from sim.engine.workers import Died, Workers, cores
from sim.evidence.expectations import EXPECTED, Changed, Expectation
from sim.evidence.observed import Observed, observe
from sim.evidence.runs import BASE, Progress
from sim.kernel.fault import ShiyuError
from sim.outcomes import CATALOGUE
from sim.text import say

SETTINGS: Mapping[str, object] = {"scale": 0.01, "time.years": 5}
REPLICATIONS = 10
LEAD_YEARS = 2.0
HEADS = ("change", "what", "baseline", "expected", "tolerance", "simulated", "interval", "verdict")


@dataclass(frozen=True)
class Task:
    """One seed, the settings laid over the base, and which changes are made."""

    seed: int
    settings: tuple[tuple[str, Any], ...]
    changes: tuple[int, ...]


def check_expectations(
    mechanisms: Sequence[str] = (),
    settings: Mapping[str, Any] | None = None,
    replications: int = REPLICATIONS,
    workers: int | None = None,
    progress: Progress | None = None,
) -> list[dict[str, Any]]:
    """A row an expectation of these mechanisms (all of them when none is named).

    Args:
        mechanisms: whose evidence is asked for.
        settings: laid over the base and SETTINGS, as `--set` gives them.
        replications: how many seeds, at least 2.
        workers: processes; all cores unless told.
        progress: told how many seeds are done, of how many.

    Raises ScenarioError for a setting that cannot be, ShiyuError for a mechanism of which nothing
    is expected; nothing has run then.
    """
    known = {changed.mechanism for changed in EXPECTED}
    for name in mechanisms:
        if name not in known:
            raise ShiyuError(f"--responses: nothing is expected of {name}; {', '.join(known)}")
    if replications < 2:
        raise ShiyuError(f"{replications} replications: an interval needs at least 2")
    chosen = dict(SETTINGS) | dict(settings or {})
    asked = tuple(
        k for k, changed in enumerate(EXPECTED) if not mechanisms or changed.mechanism in mechanisms
    )
    for k in asked:
        load(BASE, chosen | dict(EXPECTED[k].settings))
    tasks = [Task(seed, tuple(chosen.items()), asked) for seed in range(1, replications + 1)]
    found: dict[int, np.ndarray] = {}
    with Workers(run_seed, workers or cores()) as running:
        for task, result in running.completed(tasks):
            if isinstance(result, Died):
                raise ShiyuError(f"seed {task.seed}: {result.reason}")
            found[task.seed] = result
            if progress:
                progress(len(found), len(tasks))
    values = np.array([found[task.seed] for task in tasks])
    pairs = [(EXPECTED[k], each) for k in asked for each in EXPECTED[k].expectations]
    return [row(*pair, values[:, k]) for k, pair in enumerate(pairs)]


def run_seed(task: Task) -> np.ndarray:
    """Base and changed values of every expectation on one seed, shape (expectations, 2)."""
    settings = dict(task.settings)
    scenario = load(BASE, settings)
    start = warm(scenario, task.seed)
    base = observe(start.twin(), scenario, LEAD_YEARS)[1]
    rows: list[tuple[float, float]] = []
    for k in task.changes:
        changed = EXPECTED[k]
        other = load(BASE, settings | dict(changed.settings))
        same_start = all(key.startswith("policies.") for key in changed.settings)
        running = start.twin() if same_start else warm(other, task.seed)
        seen = observe(running, other, LEAD_YEARS)[1]
        rows += [(value(each, base), value(each, seen)) for each in changed.expectations]
    return np.array(rows)


def value(expectation: Expectation, window: Observed) -> float:
    """The outcome for everybody."""
    return float(np.ravel(CATALOGUE[expectation.outcome].formula(window))[0])


def row(changed: Changed, expectation: Expectation, pairs: np.ndarray) -> dict[str, Any]:
    """Judge one expectation on base and changed values, shape (replications, 2)."""
    apart = t_interval((pairs[:, 1] - pairs[:, 0])[None])
    mean, low, high = (float(part[0]) for part in (apart.mean, apart.low, apart.high))
    wide, expected = expectation.tolerance, expectation.expected
    reaches = low <= expected + wide and high >= expected - wide
    tells = (high - low) / 2.0 <= wide
    sign = expectation.near_null or mean * expected > 0.0
    verdict = "fails" if not (reaches and sign) else "holds" if tells else "open"
    return {
        "mechanism": changed.mechanism,
        "change": {str(key): setting for key, setting in changed.settings.items()},
        "outcome": expectation.outcome,
        "near_null": expectation.near_null,
        "baseline": float(pairs[:, 0].mean()),
        "expected": expected,
        "tolerance": wide,
        "simulated": mean,
        "low": low,
        "high": high,
        "verdict": verdict,
        "holds": verdict == "holds",
    }


def table(rows: Sequence[Mapping[str, Any]], lang: str) -> tuple[list[str], list[list[str]]]:
    """Heads and cells for a terminal or a page."""
    heads = [say(f"evidence.head.{head}", lang) for head in HEADS]
    cells = []
    for each in rows:
        change = "; ".join(
            f"{key.partition('.')[2]} {setting}" for key, setting in each["change"].items()
        )
        facts = CATALOGUE[each["outcome"]]
        verdict = say(f"evidence.verdict.{each['verdict']}", lang)
        if each["near_null"]:
            verdict += f" ({say('evidence.near_null', lang)})"
        cells.append(
            [
                change,
                facts.short_en if lang == "en" else facts.short_zh,
                f"{each['baseline']:.4g}",
                f"{each['expected']:+.3g}",
                f"±{each['tolerance']:.2g}",
                f"{each['simulated']:+.3g}",
                f"{each['low']:+.3g} … {each['high']:+.3g}",
                verdict,
            ]
        )
    return heads, cells

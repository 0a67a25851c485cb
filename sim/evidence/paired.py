"""Runs cities under the base and under every change, seed by seed, on the same people and luck."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np

from sim.engine.build import warm
from sim.engine.ledger import full_ledger
from sim.engine.load import load
from sim.engine.workers import Died, Workers, cores
from sim.evidence.observed import Observed, observe
from sim.evidence.responses import LEAD_YEARS, Change, Response
from sim.kernel.fault import ShiyuError
from sim.scenario.levers import LEVERS
from sim.world.place import load_place

BASE = "jincheng-2020"
Progress = Callable[[int, int], None]
Found = TypeVar("Found")


@dataclass(frozen=True)
class Task:
    """One seed, with the settings laid over the base."""

    seed: int
    settings: tuple[tuple[str, Any], ...]


def each_seed(
    run: Callable[[Task], Found],
    settings: Mapping[str, Any],
    replications: int,
    workers: int | None = None,
    progress: Progress | None = None,
) -> list[Found]:
    """What `run` finds on the seeds 1, 2 and so on, in that order.

    Args:
        run: a function that worker processes can import.
        settings: laid over the base.
        replications: how many seeds.
        workers: processes; all cores unless told.
        progress: told how many seeds are done, of how many.

    Raises ShiyuError where a process died.
    """
    tasks = [Task(seed, tuple(settings.items())) for seed in range(1, replications + 1)]
    found: dict[int, Found] = {}
    with Workers(run, workers or cores()) as running:
        for task, result in running.completed(tasks):
            if isinstance(result, Died):
                raise ShiyuError(f"seed {task.seed}: {result.reason}")
            found[task.seed] = result
            if progress:
                progress(len(found), len(tasks))
    return [found[task.seed] for task in tasks]


def check_asked(settings: Mapping[str, Any], changes: Iterable[Change], replications: int) -> None:
    """Raise ScenarioError or ShiyuError for what cannot be run; nothing has run then."""
    if replications < 2:
        raise ShiyuError(f"{replications} replications: an interval needs at least 2")
    for change in changes:
        load(BASE, dict(settings) | dict(change.settings))
    if load(BASE, settings).years <= LEAD_YEARS:
        raise ShiyuError(f"time.years: responses are told of what follows {LEAD_YEARS:g} years")


def paired_values(
    task: Task, changes: Sequence[Change], responses: Sequence[Response]
) -> tuple[Observed, np.ndarray]:
    """The base over all its years, and base and changed values, shape (responses, 2).

    A policy begins when the base has been warmed up; who changes a rule warms up under it.
    """
    settings = dict(task.settings)
    scenario = load(BASE, settings)
    start = warm(scenario, task.seed)
    whole, base = observe(start.twin(), scenario, LEAD_YEARS)
    values = np.zeros((len(responses), 2))
    for change in changes:
        other = load(BASE, settings | dict(change.settings))
        same_start = all(key.startswith("policies.") for key in change.settings)
        running = start.twin() if same_start else warm(other, task.seed)
        changed = observe(running, other, LEAD_YEARS)[1]
        for k, response in enumerate(responses):
            if response.change == change.slug:
                values[k] = _value(response, base), _value(response, changed)
    return whole, values


def settings_before(change: Change) -> dict[str, object]:
    """What the settings of a change are at the base; those that differ by division are left out."""
    place = load_place(BASE)
    found: dict[str, object] = {}
    for key in change.settings:
        kind, _, name = key.partition(".")
        if kind == "parameters":
            found[key] = full_ledger(place)[name].default
        elif np.all(place.bases[name] == place.bases[name][0]):
            value, choices = float(place.bases[name][0]), LEVERS[name].choices
            found[key] = choices[int(value)] if choices else value
    return found


def _value(response: Response, window: Observed) -> float:
    groups = window.groups
    row = 0 if response.division is None else groups.names.index(response.division)
    return float(response.read(window)[row])

"""Runs a scenario: warm world, policies from the start date on, outcomes at the end.

`replicate` runs several scenarios on copies of one warm world, so that they share people, ties
and luck. `run` is one scenario with one seed, kept in a store when it is told where.
"""

import secrets
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.engine.build import Running, warm
from sim.engine.load import load
from sim.engine.replications import check_seed
from sim.kernel.clock import DAYS_PER_YEAR
from sim.outcomes import (
    CATALOGUE,
    HEADLINES,
    Course,
    Moment,
    Outcome,
    Reading,
    Window,
    evaluate,
    groups_of,
    moment,
    reading,
)
from sim.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd

Progress = Callable[[float], None]


@dataclass
class RunResult:
    """What one run gave.

    `outcomes` has columns outcome, by, group, value, unit (by None = everybody; "year" = one
    calendar year of the run); `trajectory` one row a step: day, date, then a column per outcome
    that has a curve (flows over the last 91 days).
    """

    run_id: str
    scenario: str
    seed: int
    version: str
    people: int
    steps: int
    build_seconds: float
    seconds: float
    outcomes: "pd.DataFrame"
    trajectory: "pd.DataFrame"
    document: dict[str, Any] = field(repr=False)
    files: dict[str, str] = field(default_factory=dict)

    def headline(self) -> dict[str, dict[str, Any]]:
        """Every outcome for everybody: {name: {value, unit}}."""
        everybody = self.outcomes[self.outcomes["by"].isna()]
        columns = (everybody["outcome"], everybody["value"], everybody["unit"])
        return {
            name: {"value": None if np.isnan(value) else value, "unit": unit}
            for name, value, unit in zip(*columns, strict=True)
        }


class Recorder:
    """Notes moments of a run and turns them into outcomes and curves."""

    def __init__(self, running: Running, names: Sequence[str] | None) -> None:
        self.running = running
        self.groups = groups_of(tuple(running.world.place.divisions))
        self.chosen: list[Outcome] = [CATALOGUE[name] for name in names or CATALOGUE]
        self.readings: list[Reading] = list(running.before)
        self.dates: list[date] = []
        self.yearly: list[dict[str, Any]] = []
        self.final: list[dict[str, Any]] = []
        self._years = 0
        self.start = self._year_began = moment(running.world, running.clock.begins)
        self._read()

    @property
    def steps(self) -> int:
        """How many steps have been noted."""
        return len(self.dates)

    def after_step(self) -> None:
        """Note what curves need; at the end of a year, that year's outcomes."""
        self._read()
        running = self.running
        self.dates.append(running.clock.date)
        # the step nearest to the day a year ends, as the number of steps of a run is rounded
        if running.clock.begins >= (self._years + 1) * DAYS_PER_YEAR - running.clock.step_days / 2:
            self._end_year(moment(running.world, running.clock.begins))

    def curves(self, steps: int | None = None) -> dict[str, np.ndarray]:
        """The curves over the last so many steps (all of them): day, then one an outcome."""
        count = self.steps if steps is None else steps
        course = Course(self.running.world, self.readings, count)
        days = np.array([r.day for r in self.readings[len(self.readings) - count :]])
        return {"day": days} | {o.name: course.values(o) for o in self.chosen if o.weekly}

    def _read(self) -> None:
        running = self.running
        self.readings.append(reading(running.world, running.clock.begins, self.chosen))

    def _end_year(self, now: Moment) -> None:
        """The outcomes of the year that ends, for everybody."""
        self._years += 1
        for row in evaluate(self.window(self._year_began, now), self.chosen):
            if row["by"] is None:
                self.yearly.append(row | {"by": "year", "group": str(self._years)})
        self._year_began = now

    def window(self, first: Moment, last: Moment) -> Window:
        """The time between two moments."""
        return Window(self.running.world, self.groups, first, last)


def follow(running: Running, scenario: Scenario, progress: Progress | None = None) -> "Recorder":
    """Run a warm world under a scenario's policies to its end date."""
    recorder = Recorder(running, scenario.outcomes)
    for done in stepping(running, scenario):
        recorder.after_step()
        if progress:
            progress(done / scenario.steps)
    last = moment(running.world, running.clock.begins)
    recorder.final = evaluate(recorder.window(recorder.start, last), recorder.chosen)
    return recorder


def stepping(running: Running, scenario: Scenario) -> Iterator[int]:
    """Step a warm world under a scenario's policies to its end date; how many steps are done."""
    for done in range(1, scenario.steps + 1):
        apply_levers(running, scenario)
        running.step()
        yield done


def apply_levers(running: Running, scenario: Scenario) -> None:
    """The levers in force at the beginning of a step, and the shocks that are to come.

    A shock does nothing before its day, and none comes before the start.
    """
    running.world.levers = scenario.lever_values(running.clock.date)
    running.world.shocks = scenario.shocks


def replicate(
    scenarios: Sequence[Scenario], seed: int, progress: Progress | None = None
) -> list[RunResult]:
    """Run scenarios on copies of the same warm worlds (one world per place, scale, parameters...).

    Scenarios that differ in policies and shocks only share one world. Results come in the order
    given.
    """
    results: dict[int, RunResult] = {}
    for indices in _sharing(scenarios):
        began = time.perf_counter()
        running = warm(scenarios[indices[0]], seed)
        build_seconds = time.perf_counter() - began
        for k, index in enumerate(indices):
            last = k == len(indices) - 1
            own = running if last else running.twin()
            results[index] = _finish(own, scenarios[index], seed, build_seconds, progress)
    return [results[index] for index in range(len(scenarios))]


def _sharing(scenarios: Sequence[Scenario]) -> list[list[int]]:
    """Indices of scenarios that share a warm world, in the order of first appearance."""
    from sim.store.run_id import canonical_json

    shared: dict[str, list[int]] = {}
    for index, scenario in enumerate(scenarios):
        decides = dict(scenario.canonical())
        decides.pop("policies")
        decides.pop("shocks")
        decides.pop("years")
        shared.setdefault(canonical_json(decides), []).append(index)
    return list(shared.values())


def _finish(
    running: Running,
    scenario: Scenario,
    seed: int,
    build_seconds: float,
    progress: Progress | None,
) -> RunResult:
    import pandas as pd

    from sim.store import describe_run

    began = time.perf_counter()
    recorder = follow(running, scenario, progress)
    seconds = time.perf_counter() - began
    people, steps = len(running.world.people), recorder.steps
    curves = recorder.curves()
    document = describe_run(
        scenario.canonical(),
        scenario=scenario.name,
        seed=seed,
        headline=HEADLINES[:10],
        facts={"people": people, "steps": steps},
    )
    rows = recorder.final + recorder.yearly
    return RunResult(
        run_id=document["run_id"],
        scenario=scenario.name,
        seed=seed,
        version=document["provenance"]["version"],
        people=people,
        steps=steps,
        build_seconds=build_seconds,
        seconds=seconds,
        outcomes=pd.DataFrame(rows, columns=["outcome", "by", "group", "value", "unit"]),
        trajectory=pd.DataFrame({"day": curves.pop("day"), "date": recorder.dates, **curves}),
        document=document,
    )


def run(
    scenario: str | Path | Mapping[str, Any] | Scenario,
    seed: int | None = None,
    settings: Mapping[str, Any] | None = None,
    out: str | Path | None = None,
    progress: Progress | None = None,
) -> RunResult:
    """Run one scenario once; `seed=None` draws a fresh seed and records it.

    With `out`, the run is kept in the store in that folder, and a run that is there already is
    read instead of being computed again. Raises ScenarioError for a bad scenario or setting, and
    StoreError when the folder cannot be used; nothing is written then. ShiyuError for a seed that
    is not a whole number from 0 to 2**63 - 1.
    """
    checked = load(scenario, settings)
    chosen = secrets.randbits(32) if seed is None else check_seed(seed)
    if out is None:
        return replicate([checked], chosen, progress)[0]
    from sim.engine.kept import run_kept

    return run_kept(checked, chosen, Path(out), progress)

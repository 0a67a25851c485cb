"""Runs a scenario: warm world, policies from the start date on, outcomes at the end.

`replicate` runs several scenarios on copies of one warm world, so that they share people, ties
and luck. `run` is one scenario with one seed, kept in a store when it is told where.
"""

import secrets
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, overload

import numpy as np

from sim.engine.build import Running, warm
from sim.engine.load import load
from sim.engine.recorder import Recorder
from sim.engine.replications import check_seed
from sim.outcomes import HEADLINES, evaluate, moment
from sim.scenario import Scenario

if TYPE_CHECKING:
    from datetime import date

    import pandas as pd

    from sim.engine.state import State

Progress = Callable[[float], None]


@dataclass(repr=False)
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
    document: dict[str, Any]
    files: dict[str, str] = field(default_factory=dict)

    def __repr__(self) -> str:
        """One line, for a prompt or a notebook; the tables are attributes."""
        kept = ", kept" if self.files else ""
        return (
            f"RunResult({self.scenario}, seed {self.seed}: {self.people:,} people, {self.steps} "
            f"steps, {self.seconds:.1f} s{kept}; .outcomes, .trajectory, .headline())"
        )

    def headline(self) -> dict[str, dict[str, Any]]:
        """Every outcome for everybody: {name: {value, unit}}."""
        everybody = self.outcomes[self.outcomes["by"].isna()]
        columns = (everybody["outcome"], everybody["value"], everybody["unit"])
        return {
            name: {"value": None if np.isnan(value) else value, "unit": unit}
            for name, value, unit in zip(*columns, strict=True)
        }


def follow(
    running: Running,
    scenario: Scenario,
    progress: Progress | None = None,
    recorder: "Recorder | None" = None,
) -> "Recorder":
    """Run a warm world, or one that a recorder has followed so far, to its scenario's end."""
    recorder = recorder or Recorder(running, scenario.outcomes)
    for done in stepping(running, scenario, recorder.steps):
        recorder.after_step()
        if progress:
            progress(done / scenario.steps)
    last = moment(running.world, running.clock.begins)
    recorder.final = evaluate(recorder.window(recorder.start, last), recorder.chosen)
    return recorder


def stepping(
    running: Running, scenario: Scenario, done_before: int = 0, until: int | None = None
) -> Iterator[int]:
    """Step a world under a scenario's policies to its end, or until so many steps are done.

    Yields how many are done, those before included.
    """
    for done in range(done_before + 1, (scenario.steps if until is None else until) + 1):
        apply_levers(running, scenario)
        running.step()
        yield done


def apply_levers(running: Running, scenario: Scenario) -> None:
    """The levers in force as a step begins, the shocks to come, and parameters that changed.

    A shock does nothing before its day, and none comes before the start.
    """
    running.world.levers = scenario.lever_values(running.clock.date)
    running.world.shocks = scenario.shocks
    for day, values in scenario.retuned:
        if day <= running.clock.date:
            running.retune(values)


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
            results[index] = finish_run(own, scenarios[index], seed, build_seconds, progress)
    return [results[index] for index in range(len(scenarios))]


def _sharing(scenarios: Sequence[Scenario]) -> list[list[int]]:
    """Indices of scenarios that share a warm world, in the order of first appearance."""
    shared: dict[str, list[int]] = {}
    for index, scenario in enumerate(scenarios):
        shared.setdefault(warm_world_of(scenario.canonical()), []).append(index)
    return list(shared.values())


def warm_world_of(canonical: Mapping[str, Any]) -> str:
    """What decides the warm world of a scenario in canonical form: all but policies to come."""
    from sim.store.run_id import canonical_json

    return canonical_json(
        {k: v for k, v in canonical.items() if k not in ("policies", "shocks", "years")}
    )


def finish_run(
    running: Running,
    scenario: Scenario,
    seed: int,
    build_seconds: float,
    progress: Progress | None = None,
) -> RunResult:
    """The run of a scenario on a warm world, which is used up by it."""
    began = time.perf_counter()
    recorder = follow(running, scenario, progress)
    return result_of(recorder, scenario, seed, build_seconds, time.perf_counter() - began)


def result_of(
    recorder: Recorder,
    scenario: Scenario,
    seed: int,
    build_seconds: float,
    seconds: float,
    facts: Mapping[str, Any] | None = None,
) -> RunResult:
    """What a recorder that has followed a run to its end has noted; `facts` are kept with it."""
    import pandas as pd

    from sim.store import describe_run

    people, steps = len(recorder.running.world.people), recorder.steps
    curves = recorder.curves()
    document = describe_run(
        scenario.canonical(),
        scenario=scenario.name,
        seed=seed,
        headline=HEADLINES[:10],
        facts={"people": people, "steps": steps, **(facts or {})},
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


def seed_of(asked: int | None) -> int:
    """The seed asked for, checked (ShiyuError), or a fresh one."""
    return secrets.randbits(32) if asked is None else check_seed(asked)


@overload
def run(
    scenario: str | Path | Mapping[str, Any] | Scenario,
    seed: int | None = ...,
    settings: Mapping[str, Any] | None = ...,
    out: str | Path | None = ...,
    progress: Progress | None = ...,
    *,
    until: None = ...,
) -> RunResult: ...
@overload
def run(
    scenario: str | Path | Mapping[str, Any] | Scenario,
    seed: int | None = ...,
    settings: Mapping[str, Any] | None = ...,
    out: str | Path | None = ...,
    progress: Progress | None = ...,
    *,
    until: "str | date",
) -> "State": ...
def run(
    scenario: str | Path | Mapping[str, Any] | Scenario,
    seed: int | None = None,
    settings: Mapping[str, Any] | None = None,
    out: str | Path | None = None,
    progress: Progress | None = None,
    *,
    until: "str | date | None" = None,
) -> "RunResult | State":
    """Run one scenario once; `seed=None` draws a fresh seed and records it.

    With `out`, the run is kept in the store in that folder, and a run that is there already is
    read instead of being computed again. With `until`, a day of the run, it stops there, and what
    comes back is its state, from which `branch` goes on; `out` keeps it in `states/`.

    Raises ScenarioError for a bad scenario, setting or day, and StoreError when the folder cannot
    be used; nothing is written then. ShiyuError for a seed that is not a whole number from 0 to
    2**63 - 1.
    """
    checked = load(scenario, settings)
    chosen = seed_of(seed)
    if until is not None:
        from sim.engine.branch import run_to

        return run_to(checked, chosen, until, out, progress)
    if out is None:
        return replicate([checked], chosen, progress)[0]
    from sim.engine.kept import run_kept

    return run_kept(checked, chosen, Path(out), progress)

"""Runs that branch from the state of another: one past, several futures.

    state = sim.run("jincheng-2020", seed=7, until="2022-01-01", out="results/middle")
    for name in ("jincheng-2020", "mediators-doubled"):
        sim.branch(state, name)

Until the day a branch is the run that was saved; from the day on it obeys its own scenario. That
makes it a scenario with dated levers, and it has the id and, to the last bit, the values of that
scenario's unbroken run.
"""

import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sim.engine.build import build, settings_of
from sim.engine.kept import files_of, only_asked, stored_whole, timed
from sim.engine.load import load
from sim.engine.order import WEEK
from sim.engine.run import Progress, RunResult, follow, result_of
from sim.engine.run_classes import RunClasses
from sim.engine.state import State, run_until
from sim.engine.taking_apart import taken_apart
from sim.engine.user_mechanisms import user_mechanisms
from sim.kernel import Table
from sim.kernel.fault import Fault, ScenarioError, ShiyuError, printable
from sim.scenario import Scenario
from sim.scenario.branching import branched
from sim.store.folders import STATES
from sim.store.run_id import canonical_json

_SHAPES = "went into what its mechanism worked out at the start; set it in a run from the start"


@dataclass(frozen=True)
class Branch:
    """A state and the scenario that goes on from it, checked.

    `scenario` has the state's past; `replaced` are the levers of which the scenario asked for says
    something else for that past.
    """

    state: State
    scenario: Scenario
    replaced: tuple[str, ...] = ()


def planned(state: State, scenario: Scenario) -> Branch:
    """The branch of a state into a scenario.

    Raises ScenarioError, with every fault, when the scenario changes what a branch cannot change.
    """
    settings = settings_of(scenario, [*WEEK, *user_mechanisms(scenario)])
    found, replaced = branched(scenario, state.past, settings, state.label)
    if len(found.retuned) > len(state.past.retuned):
        _refuse_shaping(state, found)
    return Branch(state, found, replaced)


def branch(
    state: State | str | Path,
    scenario: str | Path | Mapping[str, Any] | Scenario,
    settings: Mapping[str, Any] | None = None,
    out: str | Path | None = None,
    progress: Progress | None = None,
) -> RunResult:
    """Go on from a state under a scenario to the scenario's end.

    Args:
        state: what `run(..., until=...)` gave, or the path of its file.
        scenario: what holds from the state's day on: a name, a path, a mapping or a Scenario.
        settings: dotted keys that are set in it.
        out: folder of a store, where the run is kept; one that is there already is read.
        progress: called with the share of the run that is done.

    Raises:
        ScenarioError: the scenario cannot be used, or changes what a branch cannot change (place,
            scale, start, step, mechanisms, graph, or what was worked out at the start).
        StoreError: the state cannot be read, or the run cannot be kept.
    """
    held = state if isinstance(state, State) else State.read(state)
    return run_branch(planned(held, load(scenario, settings)), out, progress)


def on_day(written: str | date) -> date:
    """The day that `until` names; ShiyuError when it is none."""
    if isinstance(written, date) and not isinstance(written, datetime):
        return written
    try:
        if isinstance(written, datetime):  # as pandas' Timestamp is, and its NaT, which is no day
            return date.fromisoformat(written.isoformat()[:10])
        return date.fromisoformat(f"{written}".strip())
    except ValueError:
        shown = printable(f"{written}") or "nothing"
        raise ShiyuError(f"until: {shown} is no day; write it as 2022-01-31") from None


def run_to(
    scenario: Scenario,
    seed: int,
    until: str | date,
    out: str | Path | None = None,
    progress: Progress | None = None,
    origin: Branch | None = None,
) -> State:
    """Run a scenario (or a branch, as `origin`) up to a day; its state, kept in a store's folder.

    Raises as `run_until`, ShiyuError for what is no day, ScenarioError for a day before the
    state's.
    """
    on = on_day(until)
    folder = None if out is None else Path(out) / STATES
    if origin is None:
        return run_until(scenario, seed, on, folder, progress)
    first = origin.state.past.on
    if on < first:
        words = f"{on} comes before the day of the state, {first}"
        raise ScenarioError([Fault(origin.state.label, 0, 0, "until", words)])
    return run_until(origin.scenario, origin.state.seed, on, folder, progress, origin.state)


def run_branch(
    plan: Branch, out: str | Path | None = None, progress: Progress | None = None
) -> RunResult:
    """Run a branch to its end, or read it from the store in `out` that has it already."""
    if out is None:
        return only_asked(_run(plan, progress), plan.scenario.outcomes)
    from sim.store import Store
    from sim.store.folders import folder_to_fill

    with folder_to_fill(out) as path, Store(path) as store:
        result = stored_whole(store, plan.scenario, plan.state.seed, store.path)
        if result is None:
            result = _run(plan, progress)
            store.save(timed(result), result.outcomes, result.trajectory)
            result.files = files_of(store, result.run_id)
    return only_asked(result, plan.scenario.outcomes)


def _run(plan: Branch, progress: Progress | None) -> RunResult:
    state, scenario = plan.state, replace(plan.scenario, outcomes=None)
    began = time.perf_counter()
    running, recorder = state.resumed(scenario)
    stepping_began = time.perf_counter()
    follow(running, scenario, progress, recorder)
    ended = time.perf_counter()
    origin = {"state": state.identity, "on": str(state.head["until"])}
    times = stepping_began - began, ended - stepping_began
    return result_of(recorder, scenario, state.seed, *times, facts={"branched": origin})


def _refuse_shaping(state: State, found: Scenario) -> None:
    """Refuse changes of parameters that would be half a change.

    A parameter that its mechanism looks at as it acts can change on a day: what came of its old
    value is the past. One from which the mechanism has worked out something for itself cannot: it
    would go on with that. The city is built with the old and the new value, and what the
    parameter's mechanism holds for itself tells; what others hold came of its columns, which are
    the past.
    """
    changed = found.retuned[-1][1]
    past = replace(found, policies={}, shocks=(), retuned=())
    owners = {name.partition(".")[0] for name in changed}
    unchanged = _worked_out(past, {}, state.seed, owners)
    if _worked_out(past, changed, state.seed, owners) == unchanged:
        return
    faults = [
        Fault(state.label, 0, 0, f"parameters.{name}", _SHAPES)
        for name, value in sorted(changed.items())
        if _worked_out(past, {name: value}, state.seed, owners) != unchanged
    ]
    raise ScenarioError(faults or [Fault(state.label, 0, 0, "parameters", _SHAPES)])


def _worked_out(
    past: Scenario, changed: Mapping[str, float], seed: int, owners: Collection[str]
) -> tuple[str, list[bytes]]:
    """What these mechanisms hold for themselves after building, but for the parameters.

    Tables and their columns are the world's: their start is part of the past.
    """
    running = build(replace(past, parameters={**past.parameters, **changed}), seed)
    world = running.world
    outside = {"world": world, **vars(world), **world.tables}
    for name, table in list(outside.items()):
        if isinstance(table, Table):
            outside |= {f"{name}.{column}": table[column] for column in table}
    roots = {}
    for mechanism in running.mechanisms:
        if mechanism.name in owners:
            roots[mechanism.name] = mechanism
            for name in mechanism._declarations():
                vars(mechanism).pop(name)
    nodes, arrays = taken_apart(roots, outside, RunClasses(user_mechanisms(past)))
    return canonical_json(nodes), [array.tobytes() for array in arrays]

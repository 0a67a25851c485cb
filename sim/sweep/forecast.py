"""What a sweep would still take: runs, time and disk, from runs that were measured."""

import time
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import islice

from sim.engine.run import replicate
from sim.engine.workers import cores
from sim.kernel.clock import DAYS_PER_YEAR
from sim.processes.server import CAN_COPY, Copies
from sim.scenario import fields
from sim.store import Store, StoreError, pack_run
from sim.sweep.batches import RUNS, get_ready
from sim.sweep.plan import Plan, PlannedRun
from sim.sweep.stopping import replications_of

_LOOKED_AT = 20
_TRIAL_SCALE = 0.01
_TRIAL_STEPS = 9


@dataclass(frozen=True)
class Forecast:
    """What is to be done, and what it would take.

    `seconds` is time by the clock on so many workers, their start among it; `measured` says on how
    many finished runs it rests: 0 when a short trial was made instead. `at_most` is the limit of
    replications of a plan that goes by precision, of which more than these may follow.
    """

    runs_total: int
    runs_done: int
    points: int
    left_out: int
    replications: int
    seconds: float
    bytes: float
    workers: int
    measured: int
    at_most: int | None = None


@dataclass(frozen=True)
class _Rates:
    """Seconds for building a world of scale 1, seconds a step of it, bytes a run and a step.

    `loading` is seconds that each process takes for compiled code; measured runs hold it already.
    """

    building: float
    stepping: float
    run_bytes: float
    step_bytes: float
    loading: float = 0.0
    measured: int = 0


def forecast(plan: Plan, store: Store, workers: int | None = None) -> Forecast:
    """What is missing of a plan in a store, and what it would take.

    Runs nothing of the plan. A worker is started to see how long that takes; where the store has
    no run to measure, a few steps of the plan's first point are run and thrown away.
    """
    rule, replications = plan.experiment.stopping, replications_of(plan, store)
    runs = plan.runs(range(replications))
    stored = store.stored(run.run_id for run in runs)
    waiting = [run for run in runs if run.run_id not in stored]
    count = workers or cores()
    seconds = size = 0.0
    rates = _from_store(store, [run for run in runs if run.run_id in stored])
    measured = rates.measured if rates else 0
    if waiting:
        rates = rates or _from_trial(plan)
        batches = [batch[0] for batch in plan.batches(waiting, lambda _: RUNS)]
        work, size = _sums(plan, waiting, _warm_ups(plan, batches, count, rates), rates)
        loading = 0.0 if CAN_COPY and count > 1 else rates.loading  # copies have loaded
        seconds = _starting(count) + loading + work / min(count, len(batches))
    return Forecast(
        runs_total=len(runs),
        runs_done=len(runs) - len(waiting),
        points=len(plan.points),
        left_out=plan.experiment.left_out,
        replications=replications,
        seconds=seconds,
        bytes=size,
        workers=count,
        measured=measured,
        at_most=rule.at_most if rule else None,
    )


def seconds_a_step(store: Store, done: list[PlannedRun]) -> float | None:
    """Seconds of a step of a world of scale 1, from finished runs; None when they do not say."""
    rates = _from_store(store, done)
    return rates.stepping if rates else None


def _starting(workers: int) -> float:
    """Seconds until workers are ready, all at once; none where this process does the work."""
    if workers == 1:
        return 0.0
    with Copies(get_ready, workers) as pool, closing(pool.completed([0])) as completed:
        began = time.perf_counter()
        for _ in completed:
            return time.perf_counter() - began
    return 0.0


def _warm_ups(plan: Plan, batches: list[PlannedRun], workers: int, rates: _Rates) -> int:
    """How many warm-ups: one a batch as measured runs tell it.

    Else one a world, since a worker stays with the one that it has warm; or, where workers are
    more than worlds, one a worker that has a batch.
    """
    if rates.measured:
        return len(batches)
    worlds = {(first.replication, plan.worlds[first.point]) for first in batches}
    return max(len(worlds), min(workers, len(batches)))


def _sums(
    plan: Plan, waiting: list[PlannedRun], warm_ups: int, rates: _Rates
) -> tuple[float, float]:
    """Seconds of one processor, and bytes."""
    work = sum(plan.sizes[run.point] for run in waiting)
    scale = sum(float(plan.decided[run.point]["scale"]) for run in waiting) / len(waiting)
    steps = sum(_steps(plan, run.point) for run in waiting)
    seconds = warm_ups * scale * rates.building + work * rates.stepping
    return seconds, len(waiting) * rates.run_bytes + steps * rates.step_bytes


def _steps(plan: Plan, point: int) -> float:
    return plan.sizes[point] / float(plan.decided[point]["scale"])


def _from_store(store: Store, done: list[PlannedRun]) -> _Rates | None:
    """The rates of runs that are there; None when they do not say."""
    building, stepping = [], []
    for run in islice(done, _LOOKED_AT):
        try:
            document = store.finished.read(run.run_id, lambda place: place.document())
        except StoreError:
            continue
        scale = float(document["resolved"]["scale"])
        building.append(document["build_seconds"] / scale)
        stepping.append(document["seconds"] / (document["steps"] * scale))
    if not building:
        return None
    count = len(building)
    return _Rates(
        building=sum(building) / count,
        stepping=sum(stepping) / count,
        run_bytes=_bytes_on_disk(store) / len(store.finished.names()),
        step_bytes=0.0,
        measured=count,
    )


def _bytes_on_disk(store: Store) -> int:
    """What all runs of a store take."""
    return sum(path.stat().st_size for path in store.path.rglob("*.parquet"))


def _from_trial(plan: Plan) -> _Rates:
    """The rates of a few steps of the first point, at a small scale."""
    point = plan.points[0]
    scenario = plan.experiment.scenario_of(point.nodes)
    years = _TRIAL_STEPS * scenario.step_days / DAYS_PER_YEAR
    smallest = scenario.place.values.get("world.smallest_scale", fields.SMALLEST_SCALE)
    scale = max(min(scenario.scale, _TRIAL_SCALE), smallest)
    trial = replace(scenario, scale=scale, years=years, outcomes=None, policies={}, shocks=())
    first, run = (replicate([trial], plan.experiment.seed)[0] for _ in range(2))
    # Compiled code is loaded in the first, once in each process.
    loading = first.build_seconds + first.seconds - run.build_seconds - run.seconds
    sizes = [
        len(pack_run(run.document, run.outcomes, frame).content)
        for frame in (run.trajectory, run.trajectory.iloc[:1])
    ]
    a_step = (sizes[0] - sizes[1]) / (run.steps - 1)
    return _Rates(
        building=run.build_seconds / scale,
        stepping=run.seconds / (run.steps * scale),
        run_bytes=sizes[1],
        step_bytes=a_step,
        loading=max(loading, 0.0),
    )

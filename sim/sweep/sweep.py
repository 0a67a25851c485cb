"""Runs what is missing of an experiment, and keeps every run, the failed ones too.

    swept = sweep(load_experiment("levers-factorial.yaml"))
    swept.runs_failed

A sweep that was stopped, by whatever, goes on where it was: what the store holds is not run again.
"""

import contextlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from sim.experiment import Experiment
from sim.scenario import Scenario
from sim.store import Store, StoreError, model_version, store_folder
from sim.store.folders import usable_folder
from sim.sweep.batches import RUNS, Batch, Done, Failed, Job
from sim.sweep.forecast import seconds_a_step
from sim.sweep.local import Results, run_locally
from sim.sweep.pace import Pace
from sim.sweep.plan import Plan, PlannedRun, plan_of
from sim.sweep.record import write_record
from sim.sweep.stopping import more, reached, values_of

COMPACT_AT = 5_000  # runs in files of their own, while a sweep is under way
COMPACT_AT_END = 50
_SCENARIOS_HELD = 256

Progress = Callable[[int, int, int], None]


@dataclass
class Swept:
    """What a sweep came to.

    `runs_done` counts all runs of the experiment that the store now holds, `runs_reused` those
    that it held before. `failures` has the failed runs of this sweep: point, replication, reason.
    `broken` has a message for each file of the store that was not whole: its runs counted as none.
    """

    experiment: str
    store: Path
    points: int
    left_out: int
    replications: int = 0
    runs_total: int = 0
    runs_done: int = 0
    runs_reused: int = 0
    runs_failed: int = 0
    precise: bool | None = None
    warnings: tuple[str, ...] = ()
    failures: list[dict[str, Any]] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)


def sweep(
    experiment: Experiment,
    out: str | Path | None = None,
    *,
    workers: int | None = None,
    scheduler: str | None = None,
    fresh: bool = False,
    progress: Progress | None = None,
    remark: Callable[[str], None] | None = None,
) -> Swept:
    """Run an experiment.

    Args:
        experiment: what to run.
        out: the folder of its store; results/ and its name unless told.
        workers: how many processes on this machine; all cores by default.
        scheduler: address of a Dask scheduler whose workers run it instead.
        fresh: compute every run anew, also those that the store holds.
        progress: called with runs finished, runs to do, and runs failed, in this sweep.
        remark: takes what a user should know of a cluster as it happens.

    Raises:
        ScenarioError: a point of the design is no scenario; nothing has run then.
        StoreError: the store cannot be used, or another sweep is at work on it.
    """
    plan = plan_of(experiment)
    folder = usable_folder(out or store_folder("results", experiment.name))
    with Store(folder, compact_at=COMPACT_AT) as store, store.only_sweep():
        sweeping = _Sweeping(plan, store, fresh=fresh, progress=progress)
        write_record(folder, experiment, sweeping.facts(finished=False))
        if scheduler is None:
            sweeping.run(lambda batches: run_locally(batches, workers), folder)
        else:
            from sim.sweep.distributed import Cluster

            with Cluster(scheduler, remark) as cluster:
                sweeping.run(cluster.run, None)
        store.flush()
        write_record(folder, experiment, sweeping.facts(finished=True))
        if len(store.finished.singles()) >= COMPACT_AT_END:
            with contextlib.suppress(StoreError):  # the runs are safe; the next sweep tries again
                store.compact()
    return sweeping.swept


class _Sweeping:
    """A sweep under way."""

    def __init__(self, plan: Plan, store: Store, *, fresh: bool, progress: Progress | None) -> None:
        experiment = plan.experiment
        self.plan, self.store, self.fresh, self.progress = plan, store, fresh, progress
        self.swept = Swept(
            experiment.name,
            store.path,
            points=len(plan.points),
            left_out=experiment.left_out,
            warnings=plan.warnings,
        )
        self._finished = self._to_do = 0
        self._pace = Pace()
        self._scenario = lru_cache(_SCENARIOS_HELD)(self._scenario_of)

    def run(self, runner: Callable[[Iterable[Batch]], Results], folder: Path | None) -> None:
        """Every replication, or so many as precision asks for."""
        experiment = self.plan.experiment
        numbers: Sequence[int] = range(experiment.replications)
        while numbers:
            self._replicate(numbers, runner, folder)
            self.swept.replications = numbers[-1] + 1
            numbers = self._next(numbers[-1] + 1)

    def facts(self, *, finished: bool) -> dict[str, Any]:
        """What the record says of it."""
        swept = self.swept
        return {
            "finished": finished,
            "points": swept.points,
            "left_out": swept.left_out,
            "replications": swept.replications or self.plan.experiment.replications,
            "runs_total": swept.runs_total,
            "runs_done": swept.runs_done,
            "runs_failed": swept.runs_failed,
        }

    def _replicate(
        self,
        numbers: Sequence[int],
        runner: Callable[[Iterable[Batch]], Results],
        folder: Path | None,
    ) -> None:
        runs = self.plan.runs(numbers)
        broken: list[str] = []
        stored = self.store.stored((run.run_id for run in runs), broken)
        waiting = runs if self.fresh else [run for run in runs if run.run_id not in stored]
        if not self.fresh:
            self._forget_failures(run for run in runs if run.run_id in stored)
        swept = self.swept
        swept.broken = list(dict.fromkeys([*swept.broken, *broken]))
        swept.runs_total += len(runs)
        swept.runs_done += len(runs) - len(waiting)
        swept.runs_reused += len(runs) - len(waiting)
        self._to_do += len(waiting)
        self._tell()
        if folder is None:
            done = [run for run in runs if run.run_id in stored]
            self._pace.expected = seconds_a_step(self.store, done)
        results = runner(self._batches(waiting, folder))
        try:
            for batch, found in results:
                for result in found:
                    self._keep(batch, batch.jobs[result.job_number], result)
                    self._tell()
        finally:
            results.close()
        if self._finished != self._to_do:
            raise AssertionError(f"{self._to_do - self._finished} runs came to no end")

    def _batches(self, runs: Iterable[PlannedRun], folder: Path | None) -> Iterator[Batch]:
        """Batches as they are asked for, so that only those at work are in memory.

        Where runs travel, those that take a moment only go in larger batches.
        """
        sizes = self.plan.sizes
        travel = folder is None
        for group in self.plan.batches(
            runs, lambda point: self._pace.runs(sizes[point]) if travel else RUNS
        ):
            jobs = tuple(
                Job(run.point, run.run_id, self._scenario(run.point), self._settings(run.point))
                for run in group
            )
            first = group[0]
            world = self.plan.worlds[first.point]
            yield Batch(first.replication, first.seed, jobs, folder, world)

    def _scenario_of(self, point: int) -> Scenario:
        return self.plan.experiment.scenario_of(self.plan.points[point].nodes)

    def _settings(self, point: int) -> dict[str, Any]:
        return self.plan.experiment.settings_at(self.plan.points[point].nodes)

    def _keep(self, batch: Batch, job: Job, result: Done | Failed) -> None:
        """Take a run into the store; a failed one with its reason."""
        self._finished += 1
        if isinstance(result, Done):
            if result.packed is not None:
                self.store.write(result.packed)
            self.store.list_run(result.entry)
            self._pace.note(result.seconds, self.plan.sizes[job.point])
            self.swept.runs_done += 1
            return
        self.swept.runs_failed += 1
        where = {"point": job.point, "replication": batch.replication}
        self.swept.failures.append({**where, "seed": batch.seed, "reason": result.reason})
        self.store.keep_failure(
            job.run_id,
            job.settings,
            batch.seed,
            result.reason,
            result.traceback,
            facts={"scenario": job.scenario.name, "version": model_version(), **where},
        )

    def _forget_failures(self, runs: Iterable[PlannedRun]) -> None:
        """These runs are there: whatever failed of them under other code is no more."""
        there = {(run.point, run.seed): run for run in runs}
        for failed in self.store.failures():
            run = there.get((failed.get("point", -1), failed["seed"]))
            if run is not None:
                facts = {"scenario": self._scenario(run.point).name, "seed": run.seed}
                settings = self._settings(run.point)
                self.store.forget_failure({"run_id": run.run_id, "settings": settings, **facts})

    def _next(self, done: int) -> Sequence[int]:
        """The replications to come after so many."""
        rule = self.plan.experiment.stopping
        if rule is None:
            return range(0)
        table, _ = values_of(self.plan, self.store, rule, range(done))
        self.swept.precise = reached(rule, table)
        return range(done, done + more(rule, table))

    def _tell(self) -> None:
        if self.progress is not None:
            self.progress(self._finished, self._to_do, self.swept.runs_failed)

"""What a worker does: the runs of one batch, on copies of one warm world.

A run that fails comes back as `Failed` and the others of its batch go on. A batch that is given a
folder puts each run on the disk as soon as it is finished, so that a kill loses only runs in
flight; else the runs travel home as bytes.
"""

import time
import traceback
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.kernel.fault import ShiyuError, in_a_line

if TYPE_CHECKING:
    from sim.engine.build import Running
    from sim.scenario import Scenario
    from sim.store import PackedRun

MOST_RUNS = 4  # runs of a batch: they share one warm-up, and a kill costs no more than these


@dataclass(frozen=True)
class Job:
    """A run of a batch."""

    point: int
    run_id: str
    scenario: "Scenario"
    settings: dict[str, Any]


@dataclass(frozen=True)
class Batch:
    """Runs on one seed and one warm world."""

    replication: int
    seed: int
    jobs: tuple[Job, ...]
    folder: Path | None = None

    def one_by_one(self) -> "list[Batch]":
        """A batch for each of its runs, to be tried alone."""
        return [replace(self, jobs=(job,)) for job in self.jobs]


@dataclass(frozen=True)
class Done:
    """A finished run: its entry in the catalogue; its bytes unless they are on the disk."""

    job_number: int
    entry: dict[str, Any]
    packed: "PackedRun | None" = None


@dataclass(frozen=True)
class Failed:
    """A run that came to nothing, and why."""

    job_number: int
    reason: str
    traceback: str = ""


def run_batch(batch: Batch) -> list[Done | Failed]:
    """Every run of a batch, in its order.

    Raises StoreError when the disk refuses a run, ShiyuError when this machine counts otherwise
    than the one that planned the run: both are no fault of the run's own.
    """
    from sim.engine.build import warm

    began = time.perf_counter()
    try:
        running = warm(batch.jobs[0].scenario, batch.seed)
    except Exception as error:
        return [_failed(number, error) for number in range(len(batch.jobs))]
    build_seconds = time.perf_counter() - began
    results: list[Done | Failed] = []
    for number, job in enumerate(batch.jobs):
        last = number == len(batch.jobs) - 1
        try:
            own = running if last else running.twin()
            packed = _packed(own, job, batch, build_seconds)
        except Exception as error:
            results.append(_failed(number, error))
            continue
        _check_id(packed, job)
        results.append(_kept(number, packed, batch.folder))
    return results


def _packed(running: "Running", job: Job, batch: Batch, build_seconds: float) -> "PackedRun":
    from sim.engine.kept import timed
    from sim.engine.run import finish_run
    from sim.store import pack_run

    result = finish_run(running, job.scenario, batch.seed, build_seconds)
    facts = {"settings": job.settings, "point": job.point, "replication": batch.replication}
    return pack_run(timed(result) | facts, result.outcomes, result.trajectory)


def _kept(number: int, packed: "PackedRun", folder: Path | None) -> Done:
    if folder is None:
        return Done(number, packed.entry, packed)
    from sim.store import Store

    Store(folder).write(packed)
    return Done(number, packed.entry)


def _check_id(packed: "PackedRun", job: Job) -> None:
    """Another id means another model or machine: its values may differ in their last bits."""
    if packed.run_id != job.run_id:
        raise ShiyuError(
            f"a worker makes run {packed.run_id[:16]} of what was planned as {job.run_id[:16]}: "
            "its model or its machine differs from this one"
        )


def _failed(number: int, error: Exception) -> Failed:
    return Failed(number, in_a_line(error), "".join(traceback.format_exception(error)))

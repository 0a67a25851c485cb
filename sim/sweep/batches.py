"""What a worker does: the runs of one batch, on copies of one warm world.

The next batch is often of the same people and luck, so a worker keeps the world that it warmed up
last. A run that fails comes back as `Failed` and the others of its batch go on. A batch that is
given a folder puts each run on the disk as soon as it is finished, so that a kill loses only runs
in flight; else the runs travel home as bytes.

What a mechanism of a user's prints goes to stderr, since stdout is for the answer of the command.
"""

import contextlib
import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.kernel.fault import ShiyuError, in_a_line

if TYPE_CHECKING:
    from sim.engine.build import Running
    from sim.scenario import Scenario
    from sim.store import PackedRun

RUNS = 4  # of a batch: they share one warm-up, and a kill costs no more than these
KEPT_PEOPLE = 200_000  # a larger world is not kept: it would stand in memory twice (0.1 GB each)


@dataclass(frozen=True)
class Job:
    """A run of a batch."""

    point: int
    run_id: str
    scenario: "Scenario"
    settings: dict[str, Any]


@dataclass(frozen=True)
class Batch:
    """Runs on one seed and one warm world, which `world` names among those of all experiments."""

    replication: int
    seed: int
    jobs: tuple[Job, ...]
    folder: Path | None = None
    world: str = ""

    def one_by_one(self) -> "list[Batch]":
        """A batch for each of its runs, to be tried alone."""
        return [replace(self, jobs=(job,)) for job in self.jobs]


@dataclass(frozen=True)
class Done:
    """A finished run: its entry in the catalogue; its bytes unless they are on the disk.

    `seconds` is what it took its worker by the clock, without the warm-up.
    """

    job_number: int
    entry: dict[str, Any]
    packed: "PackedRun | None" = None
    seconds: float = 0.0


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
    with contextlib.redirect_stdout(sys.stderr):
        return _run_batch(batch)


def _run_batch(batch: Batch) -> list[Done | Failed]:
    try:
        with _same_folder():
            running, kept, build_seconds = _warm(batch)
    except BaseException as error:
        if not _is_of_the_run(error):
            raise
        return [_failed(number, error) for number in range(len(batch.jobs))]
    results: list[Done | Failed] = []
    for number, job in enumerate(batch.jobs):
        last = number == len(batch.jobs) - 1
        began = time.perf_counter()
        try:
            own = running if last and not kept else running.twin()
            with _same_folder():
                packed = _packed(own, job, batch, build_seconds)
        except BaseException as error:
            if not _is_of_the_run(error):
                raise
            results.append(_failed(number, error))
            continue
        _check_id(packed, job)
        done = _kept(number, packed, batch.folder)
        results.append(replace(done, seconds=time.perf_counter() - began))
    return results


def get_ready(_: int) -> None:
    """What a worker does before its first batch: the imports that runs need."""
    import sim.engine.build
    import sim.engine.kept
    import sim.engine.run
    import sim.store.parquet  # noqa: F401


@contextlib.contextmanager
def _same_folder() -> Iterator[None]:
    """Come back to the current folder, from which the store is named, should a mechanism leave."""
    if os.chdir not in os.supports_fd:  # Windows
        yield
        return
    here = os.open(".", getattr(os, "O_PATH", os.O_RDONLY))  # it may have no name by now
    try:
        yield
    finally:
        os.chdir(here)
        os.close(here)


class _Last:
    """The world that this process warmed up last, as it was then."""

    key: tuple[str, int] = "", 0
    running: "Running | None" = None


def _warm(batch: Batch) -> "tuple[Running, bool, float]":
    """The warm world of a batch, whether it is kept for the next, and what it took in seconds."""
    from sim.engine.build import warm

    key = batch.world, batch.seed
    if _Last.running is not None and _Last.key == key:
        return _Last.running, True, 0.0
    _Last.running = None  # before there is another one
    began = time.perf_counter()
    running = warm(batch.jobs[0].scenario, batch.seed)
    seconds = time.perf_counter() - began
    kept = bool(batch.world) and len(running.world.people) <= KEPT_PEOPLE
    if kept:
        _Last.key, _Last.running = key, running
    return running, kept, seconds


def forget_world() -> None:
    """Let go of the world that is kept, at the end of a sweep in this process."""
    _Last.running = None


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


def _is_of_the_run(error: BaseException) -> bool:
    """Whether a run raised it, as by `sys.exit()`; else somebody wants this process to end."""
    if isinstance(error, Exception):
        return True
    in_main_thread = threading.current_thread() is threading.main_thread()
    if not in_main_thread or signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        return True  # a worker, which no Ctrl-C reaches
    return isinstance(error, SystemExit) and signal.getsignal(signal.SIGTERM) is signal.SIG_DFL


def _failed(number: int, error: BaseException) -> Failed:
    try:
        reason = in_a_line(error)
    except Exception:  # its text is a program too
        reason = type(error).__name__
    return Failed(number, reason, "".join(traceback.format_exception(error)))

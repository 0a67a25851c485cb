"""Runs batches in processes of this machine, each run kept by the process that made it."""

import contextlib
from collections.abc import Generator, Iterable

from sim.engine.workers import Died, cores
from sim.processes.server import Copies
from sim.sweep.batches import Batch, Done, Failed, forget_world, run_batch

Results = Generator[tuple[Batch, list[Done | Failed]], None, None]


def run_locally(batches: Iterable[Batch], workers: int | None) -> Results:
    """Each batch with what came of its runs, as they are done.

    When the process of a batch dies twice, its runs are tried one by one, so that a run that kills
    its process costs no other.
    """
    alone: list[Batch] = []
    with contextlib.ExitStack() as ends:
        ends.callback(forget_world)
        pool = ends.enter_context(Copies(run_batch, workers or cores()))
        with contextlib.closing(pool.completed(batches, _world)) as completed:
            for batch, results in completed:
                if not isinstance(results, Died):
                    yield batch, results
                elif len(batch.jobs) == 1:
                    yield batch, [Failed(0, results.reason)]
                else:
                    alone += batch.one_by_one()
        with contextlib.closing(pool.completed(alone)) as completed:
            for batch, results in completed:
                yield batch, [Failed(0, results.reason)] if isinstance(results, Died) else results


def _world(batch: Batch) -> tuple[str, int]:
    """What a worker keeps for the next batch."""
    return batch.world, batch.seed

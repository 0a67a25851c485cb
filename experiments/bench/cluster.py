"""What a batch costs the command of a sweep on a cluster, beside the runs themselves.

    python experiments/bench/cluster.py [--workers 2] [--runs 4]

Batches of so many runs that do nothing, each run with as many bytes to carry home as a real one, on
Dask workers of this machine: milliseconds a batch, one after the other, as `shiyu sweep` hands
them out and takes them in; and how much of that is work of the command and the scheduler, which
share a process here. That much, not the time of the workers, bounds what a large cluster can do.
"""

import argparse
import os
import statistics
import time
from collections.abc import Sequence

from distributed import LocalCluster

import sim.sweep.distributed as distributed_sweep
from sim.engine.load import load
from sim.store import PackedRun
from sim.sweep.batches import RUNS, Batch, Done, Job
from sim.sweep.distributed import Cluster

BYTES = 60_000  # a run of Jincheng 2020 with its outcomes and its trajectory
ROUNDS, BATCHES = 5, 300


def nothing(batch: Batch, _: tuple[str, str]) -> list[Done]:
    """What a worker sends home, without a run."""
    packed = PackedRun("0" * 64, {}, os.urandom(BYTES))
    return [Done(number, {"run_id": packed.run_id}, packed) for number in range(len(batch.jobs))]


def told(seconds: Sequence[float]) -> str:
    """Milliseconds a batch, with their range."""
    each = sorted(1000 * second / BATCHES for second in seconds)
    return f"{statistics.median(each):.0f} ms a batch ({each[0]:.0f} to {each[-1]:.0f})"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--runs", type=int, default=RUNS, help="of a batch")
    arguments = parser.parse_args()
    workers, runs = arguments.workers, arguments.runs
    distributed_sweep._run_there = nothing
    jobs = tuple(Job(n, "0" * 64, load("jincheng-2020"), {"a": 1}) for n in range(runs))
    batches = [Batch(0, number, jobs) for number in range(BATCHES)]
    costs = []
    with (
        LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=None) as local,
        Cluster(local.scheduler_address) as cluster,
    ):
        for _ in range(ROUNDS + 1):
            began, worked = time.perf_counter(), time.process_time()
            landed = len(list(cluster.run(iter(batches))))
            if landed != BATCHES:
                raise AssertionError(f"{landed} of {BATCHES} batches came home")
            costs.append((time.perf_counter() - began, time.process_time() - worked))
    by_clock, by_work = zip(*costs[1:], strict=True)  # in the first, workers load what they need
    print(f"{workers} workers, batches of {runs}:")
    print(f"{told(by_clock)} by the clock, {told(by_work)} of work")


if __name__ == "__main__":
    main()

"""What a sweep costs beside calling the model in a loop; other ways stand in other_runners.py.

    python experiments/bench/sweeps.py [--runs 40]

Prints runs a second on one core, and how much longer a sweep takes than the model does within it
(so that a machine that is faster one minute than the next tells the same); two processes against
one, and two plain loops of the model side by side, which is what the machine's two cores can give;
the time to the first result; and what a finished sweep of 10,000 runs takes again.
"""

import argparse
import contextlib
import multiprocessing
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd

import sim.engine.build as build
import sim.engine.run as model_run
from sim.engine.load import load_experiment
from sim.experiment import Experiment
from sim.processes.server import stop_server
from sim.store import Store
from sim.sweep import plan_of, sweep

DESIGN = """\
name: bench
scenario: jincheng-2020
settings: {{scale: 0.01, time.years: {years}}}
design: {{kind: factorial}}
factors:
  policies.mediation.staff_per_10k: {{low: 10, high: 70, levels: {levels}}}
replications: {replications}
"""
ROUNDS = 3


def design(folder: Path, years: float, levels: int, replications: int) -> Experiment:
    """An experiment of so many runs."""
    path = folder / "bench.yaml"
    text = DESIGN.format(years=years, levels=levels, replications=replications)
    path.write_text(text, encoding="utf-8")
    return load_experiment(path)


def timed(work: Callable[[], object]) -> float:
    """Seconds that it takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


class Model:
    """Seconds in the model itself: warming a city up, and running it, as a plain loop would."""

    def __init__(self) -> None:
        self.seconds = 0.0
        for home, name in ((build, "warm"), (model_run, "finish_run")):
            setattr(home, name, self._timed(getattr(home, name)))

    def _timed(self, work: Callable[..., Any]) -> Callable[..., Any]:
        def measured(*arguments: object) -> Any:
            began = time.perf_counter()
            result = work(*arguments)
            self.seconds += time.perf_counter() - began
            return result

        return measured


def loop_of_runs(start: Any, path: Path, runs: int) -> None:
    """A process of its own: when all are ready, so many runs one after the other."""
    scenario = load_experiment(path).scenario_of({})
    model_run.replicate([scenario], 1)  # compiled code is loaded
    start.wait()
    for seed in range(2, 2 + runs):
        model_run.replicate([scenario], seed)


def loops(experiment: Experiment, processes: int, runs: int) -> float:
    """Seconds that loops of so many runs take side by side, in processes without a sweep."""
    context = multiprocessing.get_context("spawn")
    start = context.Barrier(processes + 1, timeout=600)  # a process that fails ends the others
    asked = (start, experiment.path, runs)
    works = [context.Process(target=loop_of_runs, args=asked) for _ in range(processes)]
    for work in works:
        work.start()
    start.wait()
    return timed(lambda: [work.join() for work in works])


def first_result(experiment: Experiment, folder: Path) -> float:
    """Seconds from the start of the command to the first run on the disk."""
    command = [sys.executable, "-m", "sim", "sweep", str(experiment.path), "--out", str(folder)]
    began = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while not list(folder.glob("trajectories/[!.]*.parquet")):
        time.sleep(0.01)
    seconds = time.perf_counter() - began
    process.kill()
    process.wait()
    return seconds


def finished(folder: Path, points: int, replications: int) -> Experiment:
    """A store with made-up runs under the ids of a design, put together in parts."""
    experiment = design(folder, 0.1, points, replications)
    day = pd.DataFrame({"day": [7.0], "late_share": [0.1]})
    rows = pd.DataFrame(
        [("late_share", None, None, 0.1, "share")],
        columns=["outcome", "by", "group", "value", "unit"],
    )
    with Store(folder / "store", runs_per_batch=100_000) as store:
        for run in plan_of(experiment).runs(range(replications)):
            store.save({"run_id": run.run_id, "scenario": "x", "seed": run.seed}, rows, day)
        store.compact()
    return experiment


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=40)
    runs = parser.parse_args().runs
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        experiment = design(folder, 1.0, 8, runs // 8)
        model_run.replicate([experiment.scenario_of({})], 1)  # compiled code is loaded
        model, shares, one, two, machine = Model(), [], [], [], []
        for number in range(ROUNDS):
            machine.append(2 * loops(experiment, 1, runs // 4) / loops(experiment, 2, runs // 4))
            model.seconds = 0.0
            one.append(timed(lambda n=number: sweep(experiment, folder / f"1-{n}", workers=1)))
            shares.append(one[-1] / model.seconds - 1)
            stop_server()  # each sweep starts its own, as a command does
            two.append(timed(lambda n=number: sweep(experiment, folder / f"2-{n}", workers=2)))
        gain = statistics.median(a / b for a, b in zip(one, two, strict=True))
        rate = runs / statistics.median(one)
        print(f"runs of one year at scale .01 on one process: {rate:.2f} a second")
        more = ", ".join(f"{100 * share:.1f}" for share in shares)
        print(f"more than the model alone, in % (each of {ROUNDS} sweeps): {more}")
        print(f"two processes against one: x{gain:.2f} (their start of some seconds included)")
        told = f"x{statistics.median(machine):.2f} ({min(machine):.2f} to {max(machine):.2f})"
        print(f"two loops of the model side by side against one after the other: {told}")
        print(f"to the first result: {first_result(experiment, folder / 'first'):.1f} s")
        for points, replications in ((100, 100), (1000, 10)):
            sub = folder / f"{points}"
            sub.mkdir()
            done = finished(sub, points, replications)
            seconds = timed(lambda d=done, s=sub: sweep(d, s / "store"))
            print(
                f"a finished sweep of {points} x {replications} runs again: {seconds:.1f} s",
                flush=True,
            )


if __name__ == "__main__":
    main()

"""What a sweep costs beside calling the model in a loop, and beside two other ways to run a design.

    python experiments/bench/sweeps.py [--runs 40]

Prints runs a second on one core, alone and as a sweep; two processes against one; the time to the
first result; and what going on with a finished sweep of 10,000 runs takes.
"""

import argparse
import contextlib
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from sim.engine.load import load_experiment
from sim.engine.run import replicate
from sim.experiment import Experiment
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


def in_a_loop(experiment: Experiment) -> None:
    """Every run of the design in a plain loop over the same batches, nothing kept."""
    plan = plan_of(experiment)
    scenarios = [experiment.scenario_of(point.nodes) for point in experiment.points()]
    for batch in plan.batches(plan.runs(range(experiment.replications)), 4):
        replicate([scenarios[run.point] for run in batch], batch[0].seed)


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
        replicate([experiment.scenario_of({})], 1)  # compiled code is loaded
        loop, one, two = [], [], []
        for number in range(ROUNDS):
            loop.append(timed(lambda: in_a_loop(experiment)))
            one.append(timed(lambda n=number: sweep(experiment, folder / f"1-{n}", workers=1)))
            two.append(timed(lambda n=number: sweep(experiment, folder / f"2-{n}", workers=2)))
        overhead = statistics.median(b / a - 1 for a, b in zip(loop, one, strict=True))
        gain = statistics.median(a / b for a, b in zip(one, two, strict=True))
        rate = runs / statistics.median(loop)
        print(f"runs of one year at scale .01 in a loop: {rate:.2f} a second")
        print(f"as a sweep on one process: {100 * overhead:+.1f} % of the time")
        print(f"two processes against one: x{gain:.2f} (their start of some seconds included)")
        print(f"to the first result: {first_result(experiment, folder / 'first'):.1f} s")
        for points, replications in ((100, 100), (1000, 10)):
            sub = folder / f"{points}"
            sub.mkdir()
            done = finished(sub, points, replications)
            seconds = timed(lambda d=done, s=sub: sweep(d, s / "store"))
            print(f"a finished sweep of {points} x {replications} runs again: {seconds:.1f} s")


if __name__ == "__main__":
    main()

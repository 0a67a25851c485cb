"""How much memory a sweep takes, of the command and of a worker, by the number of its runs.

    python experiments/bench/memory.py [--model 200 1000] [--function 200 2000] [--small 10000]

Each sweep is a command of its own with two workers. `--model` has so many runs of two weeks of
`two-villages`; `--function` has a known function instead of the model, whose runs are as large as
those of a year of Jincheng 2020 and are packed, kept, listed and put together like any; those of
`--small` have a fifth of the rows. The most memory that the command and the largest of its workers
had is what the system tells. Needs Linux.
"""

import argparse
import os
import resource
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

import sim.sweep.local as local
from sim.engine.load import load_experiment
from sim.store import Store, describe_run, pack_run
from sim.sweep import sweep
from sim.sweep.batches import Batch, Done

DESIGN = """\
name: memory
scenario: two-villages
settings: {{time.years: 0.04}}
design: {{kind: factorial}}
factors: {{policies.mediation.staff_per_10k: {{low: 10, high: 70, levels: {points}}}}}
replications: {replications}
"""
POINTS = 20  # of a design, unless told
NAMES, COLUMNS = 157, 27  # of the outcomes of a run, and of those with a course
ROWS = {"function": (1_710, 52), "small": (342, 10)}  # of outcomes, and of the course
WORKERS = 2


def function_batch(batch: Batch, kind: str) -> list[Done]:
    """A batch as a worker does it, of a known function: staff times the seed's last digit."""
    done, (rows, steps) = [], ROWS[kind]
    for number, job in enumerate(batch.jobs):
        value = float(job.settings["policies.mediation.staff_per_10k"]) * (batch.seed % 10)
        outcomes = pd.DataFrame({"outcome": [f"outcome_{n % NAMES}" for n in range(rows)]})
        groups = [None if n < NAMES else f"group {n // NAMES}" for n in range(rows)]
        kinds = [None if n < NAMES else "division" for n in range(rows)]
        outcomes = outcomes.assign(by=kinds, group=groups, value=value, unit="share")
        course = pd.DataFrame(np.full((steps, COLUMNS), value)).rename(columns=str)
        facts = {"point": job.point, "replication": batch.replication}
        document = describe_run(
            job.scenario.canonical(), scenario="two-villages", seed=batch.seed, facts=facts
        )
        packed = pack_run(document, outcomes, course)
        assert packed.run_id == job.run_id
        assert batch.folder is not None
        Store(batch.folder).write(packed)
        done.append(Done(number, packed.entry))
    return done


def measured(kind: str, runs: int, points: int, folder: Path) -> None:
    """Sweep, and print megabytes of this process and of the largest of its workers."""
    path = folder / "memory.yaml"
    text = DESIGN.format(points=points, replications=runs // points)
    path.write_text(text, encoding="utf-8")
    if kind in ROWS:
        local.run_batch = partial(function_batch, kind=kind)
    swept = sweep(load_experiment(path), folder / "store", workers=WORKERS)
    assert swept.runs_done == runs, swept
    own, worker = (
        resource.getrusage(who).ru_maxrss / 1024
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    print(f"| {kind} | {runs:,} | {points:,} | {own:.0f} | {worker:.0f} |", flush=True)


def apart(kind: str, runs: int, points: int) -> None:
    """Measure in a process of its own; workers find this module by its name."""
    here = Path(__file__).parent
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(here), str(here.parents[1])])}
    with tempfile.TemporaryDirectory() as folder:
        asked = f"{kind!r}, {runs}, {points}, pathlib.Path({folder!r})"
        line = f"import memory, pathlib; memory.measured({asked})"
        subprocess.run([sys.executable, "-c", line], check=True, env=environment)


def main() -> None:
    """Measure each, and print a table in Markdown."""
    ask = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    ask.add_argument("--model", type=int, nargs="*", default=[200, 1000])
    ask.add_argument("--function", type=int, nargs="*", default=[200, 2000])
    ask.add_argument("--small", type=int, nargs="*", default=[200, 2000, 10_000])
    ask.add_argument("--points", type=int, default=POINTS)
    given: Any = ask.parse_args()
    print("| runs of | runs | points | MB, command | MB, largest worker |\n|---|---|---|---|---|")
    for kind in ("model", "function", "small"):
        for runs in getattr(given, kind):
            apart(kind, runs, given.points)


if __name__ == "__main__":
    main()

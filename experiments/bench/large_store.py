"""How a store of 100,000 runs behaves.

Usage: `python experiments/bench/large_store.py --runs 100000`.

A store of so many small runs is laid out, its parts written as compactions would leave them, and
what one does with it is timed, each in a process of its own, with the most memory that the process
took. Beside it: one TinyDB file of as many documents, by TinyDB alone. Needs Linux.
"""

import argparse
import hashlib
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from sim.store import Store  # noqa: E402
from sim.store.catalogue import Catalogue  # noqa: E402
from sim.store.export import export  # noqa: E402
from sim.store.parquet import parquet_bytes  # noqa: E402
from sim.store.parts import RUNS, SEAL, part_files  # noqa: E402

A_PART = 1000
A_GROUP = 25


def main() -> None:
    """Measure, and print a table in Markdown."""
    ask = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ask.add_argument("--runs", type=int, default=100_000)
    ask.add_argument("--task", nargs=2, help=argparse.SUPPRESS)
    given = ask.parse_args()
    if given.task:
        _one_task(given.task[0], Path(given.task[1]))
        return
    with tempfile.TemporaryDirectory() as folder:
        many(Path(folder) / "many", given.runs)


def many(folder: Path, count: int) -> None:
    """What a large store costs to open, list, look up, add to and rebuild."""
    lay_out(folder, count)
    alone = folder.parent / "alone.json"
    table = {str(n): entry for n, entry in enumerate(_entries(count), start=1)}
    alone.write_text(json.dumps({"_default": table}), encoding="utf-8")
    del table
    print(f"| {count:,} runs in a store | s of the processor | s on the wall | MB at most |")
    print("|---|---|---|---|")
    for task in TASKS:
        where = alone if task in ALONE else folder
        words = [sys.executable, str(Path(__file__)), "--task", task, str(where)]
        done = subprocess.run(words, stdout=subprocess.PIPE, text=True, check=True)
        print(f"| {task} | {done.stdout.strip()} |", flush=True)
    pieces = [path for path in folder.rglob("*") if path.is_file()]
    catalogue = [path for path in pieces if path.parent.name == "catalogue"]
    size = sum(path.stat().st_size for path in catalogue)
    print(
        f"\n{len(pieces)} files; {len(catalogue)} of them are the catalogue, with "
        f"{size / 1e6:.0f} MB ({size / count:.0f} bytes a run)."
    )


def lay_out(folder: Path, count: int) -> None:
    """Write parts and catalogue for so many small runs, as compactions would have left them."""
    Catalogue(folder).replace(_entries(count))
    for first in range(0, count, A_PART):
        entries = sorted(_entries(min(A_PART, count - first), first), key=lambda e: e["run_id"])
        _write_part(folder, f"part-{first // A_PART + 1:04d}", entries)


def _entries(count: int, first: int = 0) -> Iterator[dict[str, Any]]:
    """Catalogue documents of the usual size."""
    names = [f"outcome_number_{n}_per_10k" for n in range(10)]
    for seed in range(first, first + count):
        draws = [(seed * 7919 + n * 104729) % 1_000_003 / 1_000_003 for n in range(10)]
        yield {
            "run_id": _id(seed),
            "scenario": "jincheng-2020",
            "seed": seed,
            "settings": {"policies.mediation.staff_per_10k": seed % 7 * 10, "scale": 0.01},
            "outcomes": dict(zip(names, draws, strict=True)),
            "provenance": {
                "version": "0.1.0+01c8674fc6e6",
                "commit": "5b5aa4dcae2004584e0b85e3ec79906e59f44b08",
                "platform": "Linux-6.1.0-x86_64-with-glibc2.36",
                "fingerprint": "265420e82067a632",
                "scenario_hash": _id(seed % 7 + 10**9),
            },
            "created": "2026-01-01T00:00:00+00:00",
        }


def _id(number: int) -> str:
    return hashlib.sha256(str(number).encode()).hexdigest()


def _write_part(folder: Path, name: str, entries: list[dict[str, Any]]) -> None:
    """Three small files; each run has ten outcomes and four steps."""
    ids = [entry["run_id"] for entry in entries]
    files = part_files(folder, name)
    outcomes = pa.table(
        {
            "run_id": np.repeat(ids, 10),
            "outcome": [key for entry in entries for key in entry["outcomes"]],
            "value": [value for entry in entries for value in entry["outcomes"].values()],
        }
    )
    steps = pa.table({"run_id": np.repeat(ids, 4), "day": np.tile(np.arange(4) * 7.0, len(ids))})
    sizes = {}
    for kind, table, path in (
        ("outcomes", outcomes, files.outcomes),
        ("trajectories", steps, files.trajectories),
    ):
        content = parquet_bytes(table)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        sizes[kind] = len(content)
    texts = [json.dumps(entry) for entry in entries]
    runs = pa.table(
        {
            "run_id": ids,
            "scenario": [entry["scenario"] for entry in entries],
            "seed": [entry["seed"] for entry in entries],
            "version": [entry["provenance"]["version"] for entry in entries],
            "created": [entry["created"] for entry in entries],
            "settings": [json.dumps(entry["settings"]) for entry in entries],
            **{key: [e["outcomes"][key] for e in entries] for key in entries[0]["outcomes"]},
            "document": texts,
            "entry": texts,
            "digest": ids,
            "row_group": pa.array(np.arange(len(ids)) // A_GROUP, pa.int32()),
            "outcome_rows": pa.array([10] * len(ids), pa.int32()),
            "trajectory_rows": pa.array([4] * len(ids), pa.int32()),
        }
    )
    files.runs.parent.mkdir(parents=True, exist_ok=True)
    seal = {"schema": 1, RUNS: len(ids), "replaces": [], **sizes}
    files.runs.write_bytes(parquet_bytes(runs, {SEAL: json.dumps(seal)}))


def _one_task(task: str, where: Path) -> None:
    """Do one thing, and print its seconds and the most memory that this process took."""
    began, busy = time.perf_counter(), time.process_time()
    TASKS[task](where)
    busy, seconds = time.process_time() - busy, time.perf_counter() - began
    print(f"{busy:.2f} | {seconds:.2f} | {_peak():.0f}")


def _peak() -> float:
    """The most megabytes that this process held; what its parent held does not count."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1e3


def _list(where: Path) -> None:
    assert len(Store(where).latest(20)[0]) == 20


def _all_entries(where: Path) -> None:
    Store(where).entries()


def _look_up(where: Path) -> None:
    assert Store(where).has(_id(3))


def _find(where: Path) -> None:
    assert Store(where).find(_id(3)[:12])


def _resume(where: Path) -> None:
    asked = [_id(seed) for seed in range(10_000)]
    assert len(Store(where).stored(asked)) == 10_000


def _overall(where: Path) -> None:
    asked = [_id(seed) for seed in range(10_000)]
    assert len(Store(where).overall(["outcome_number_0_per_10k"], asked)) == 10_000


def _add(where: Path, batches: int, first: int = 0) -> None:
    import pandas as pd

    outcomes = pd.DataFrame(
        {"outcome": ["a"], "by": None, "group": None, "value": 1.0, "unit": "x"}
    )
    with Store(where, runs_per_batch=10**6) as store:
        for batch in range(first, first + batches):
            for number in range(50):
                entry = next(_entries(1, 10**6 + batch * 50 + number))
                store.save(entry, outcomes, pd.DataFrame({"day": [0.0]}))
            store.flush()


def _rebuild(where: Path) -> None:
    from sim.store.repair import rebuild

    store = Store(where)
    rebuild(Catalogue(where), store.finished)


def _export(where: Path) -> None:
    done = export(Store(where), where.parent / "runs.csv")
    assert (done.broken, done.rows >= 10_000) == ([], True)


def _compact(where: Path) -> None:
    assert Store(where).compact().runs == 300


def _alone(where: Path, entry: dict[str, Any] | None = None) -> None:
    from tinydb import TinyDB

    with TinyDB(where) as index:
        assert index.insert(entry) if entry else index.get(doc_id=5)


TASKS: dict[str, Callable[[Path], None]] = {
    "starting Python and its libraries": lambda where: None,
    "list the latest 20": _list,
    "every entry as a dict": _all_entries,
    "look one run up by its id": _look_up,
    "find a run by the beginning of its id": _find,
    "which of 10,000 runs are there": _resume,
    "one outcome of 10,000 runs": _overall,
    "keep 50 runs and list them, the first time": lambda where: _add(where, 1),
    "the same, five batches in one command": lambda where: _add(where, 5, first=1),
    "move these 300 into a part": _compact,
    "build the catalogue anew": _rebuild,
    "export a row a run (csv)": _export,
    "TinyDB alone, one file: open and get one": _alone,
    "TinyDB alone, one file: insert one": lambda where: _alone(where, next(_entries(1, 10**7))),
}
ALONE = {name for name in TASKS if name.startswith("TinyDB")}


if __name__ == "__main__":
    main()

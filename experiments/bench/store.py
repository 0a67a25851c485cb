"""What keeping results costs, as a share of computing them.

Usage: `python experiments/bench/store.py --runs 300`.

A run of Jincheng at scale 0.01 over five years is computed. Its outcomes and curves are then kept
under `--runs` other ids, compacted, read back, verified and exported.
"""

import argparse
import hashlib
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from sim.engine.run import RunResult, run  # noqa: E402
from sim.store import PackedRun, Store, pack_run  # noqa: E402
from sim.store.export import export  # noqa: E402


class Clock:
    """Seconds of the processor and on the wall, by what was done."""

    def __init__(self) -> None:
        self.seconds: dict[str, tuple[float, float]] = {}

    @contextmanager
    def __call__(self, what: str) -> Iterator[None]:
        """Time a block."""
        cpu, wall = time.process_time(), time.perf_counter()
        yield
        self.seconds[what] = time.process_time() - cpu, time.perf_counter() - wall


def main() -> None:
    """Measure, and print a table in Markdown."""
    ask = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ask.add_argument("--runs", type=int, default=300)
    ask.add_argument("--scale", type=float, default=0.01)
    ask.add_argument("--years", type=float, default=5)
    given = ask.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        keeping(Path(folder) / "few", given)


def keeping(folder: Path, given: argparse.Namespace) -> None:
    """What it costs to keep, move, read and export runs of a real size."""
    settings = {"scale": given.scale, "time.years": given.years}
    run("jincheng-2020", seed=0, settings=settings | {"time.years": 0.1})  # what compiles, compiles
    cpu = time.process_time()
    model = run("jincheng-2020", seed=1, settings=settings)
    computing = time.process_time() - cpu
    clock, count = Clock(), given.runs
    with Store(folder) as store:
        with clock("packing, in a worker"):
            packed = [_packed(model, seed) for seed in range(count)]
        with clock("keeping, with the catalogue"):
            for each in packed:
                store.keep(each)
            store.flush()
        ids = [each.run_id for each in packed]
        single = _bytes(folder / "trajectories")
        files = len(store.finished.singles())
        with clock("moving into parts"):
            store.compact()
    parts = sum(_bytes(folder / kind) for kind in ("runs", "outcomes", "trajectories"))
    store = Store(folder)
    with clock("looking up by id"):
        assert len(store.stored(ids)) == count
    with clock("three outcomes of each"):
        store.overall(list(model.outcomes["outcome"].unique()[:3]), ids)
    with clock("verifying to the last bit"):
        assert store.verify()["broken"] == []
    for table, kind in (("runs", "csv"), ("outcomes", "parquet"), ("curves", "parquet")):
        with clock(f"exporting {table} ({kind})"):
            export(store, folder.parent / f"{table}.{kind}", table=table, format=kind)
    print(
        f"{count} runs of {len(model.outcomes):,} outcomes and {len(model.trajectory)} steps; "
        f"computing one took {computing:.1f} s of the processor.\n"
    )
    print("| what | ms of the processor a run | ms on the wall | share of computing |")
    print("|---|---|---|---|")
    for what, (busy, wall) in clock.seconds.items():
        each = busy / count
        print(f"| {what} | {each * 1e3:.1f} | {wall / count * 1e3:.1f} | {each / computing:.2%} |")
    sizes = f"{single / count / 1e3:.0f} kB a run alone, {parts / count / 1e3:.0f} kB in parts"
    print(f"\nOn the disk: {sizes}; {files} files became 3.\n", flush=True)


def _packed(model: RunResult, seed: int) -> PackedRun:
    """The run under another seed, its values moved a little so that they do not repeat."""
    document = model.document | {"run_id": hashlib.sha256(str(seed).encode()).hexdigest()}
    outcomes, trajectory = model.outcomes.copy(), model.trajectory.copy()
    moved = 1.0 + seed * 2.0**-20
    outcomes["value"] *= moved
    for name in trajectory.select_dtypes("float").columns:
        trajectory[name] *= moved
    return pack_run(document | {"seed": seed}, outcomes, trajectory)


def _bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.glob("*.parquet"))


if __name__ == "__main__":
    main()

"""Smaller mishaps of a sweep, each on a store of its own: see `try_mishaps`."""

import csv
import errno
import shutil
import sys
import time
from pathlib import Path
from typing import Any

from sweep_processes import ROOT, Cluster, Command, Done, must, stamps, wait_for, wait_for_runs

sys.path.insert(0, str(ROOT))

SEED = 7
PLAIN = """
name: mishaps
scenario: two-villages
settings: {{time.years: 1.0{more}}}
design: {{kind: factorial}}
factors: {{policies.mediation.staff_per_10k: [20, 40, 60, 80]}}
replications: 3
seed: {seed}
"""
RUNS = 12
# What it does at one point's setting, once the year has begun; not as long as a file is there.
CODE = '''import os
from pathlib import Path

from sim.kernel import Mechanism


class Mishap(Mechanism):
    """Something goes wrong."""

    name = "mishap"

    def step(self, world, clock):
        if not clock.reporting or Path({mended!r}).exists():
            return
        if world.lever("mediation.staff_per_10k")[0] == 60 and world.seed in {seeds}:
            {deed}
'''


def try_mishaps(folder: Path) -> None:
    """Every mishap; AttackFailed where something does not hold."""
    from sim.engine.replications import replication_seeds

    seeds = tuple(int(seed) for seed in replication_seeds(SEED, range(3)))
    plain = _experiment(folder, "plain")
    whole = _exported(folder, _swept(plain, folder / "mishap-none"), "none")
    _two_at_once(folder, plain, whole)
    _interrupted(folder, plain, whole)
    _full_disk(folder, plain, whole)
    _raising(folder, seeds)
    _deadly(folder, seeds[1:2])
    _on_a_cluster(folder, plain, whole, seeds[1:2])


def _two_at_once(folder: Path, plain: Path, whole: list[str]) -> None:
    store = folder / "mishap-two"
    first = _start(plain, store)
    wait_for_runs(first, store, 1)
    with first.held():  # else it may be done before the second has read its file
        second = _start(plain, store).ended()
    must(second.code == 2, f"the second sweep on one store ended with {second.code}")
    must("is at work on this store" in second.err, f"it did not say why: {second.err}")
    must(first.ended().code == 0, "the first of two sweeps did not finish")
    must(_exported(folder, store, "two") == whole, "two sweeps at once changed the results")
    print(f"two at once: status 2, `{second.err.strip()}`", flush=True)


def _interrupted(folder: Path, plain: Path, whole: list[str], *more: str) -> None:
    store = folder / f"mishap-interrupted{len(more)}"
    command = _start(plain, store, *more)
    wait_for_runs(command, store, 3)
    began = time.monotonic()
    command.interrupt()
    done = command.ended(60.0)
    seconds = time.monotonic() - began
    must(done.code == 130, f"Ctrl-C ended with {done.code}: {done.err}")
    must("Traceback" not in done.err, f"Ctrl-C showed a traceback: {done.err}")
    wait_for(lambda: not command.members(), "the workers to end", 10.0)
    kept = len(stamps(store))
    told = _start(plain, store, *more).ended().json
    must(told["runs_reused"] == kept, f"{kept} runs kept, {told['runs_reused']} taken up")
    must(_exported(folder, store, "interrupted") == whole, "Ctrl-C changed the results")
    print(
        f"Ctrl-C {' '.join(more[:1])}: status 130 in {seconds:.1f} s, {kept} runs kept and "
        "taken up",
        flush=True,
    )


def _full_disk(folder: Path, plain: Path, whole: list[str]) -> None:
    """A disk that takes nothing more from some write on, half of that write apart."""
    from sim.engine.load import load_experiment
    from sim.store import StoreError
    from sim.store.atomic import Disk
    from sim.sweep import sweep

    write, counts = Disk.write, []
    for room in (0, 1, 7, 13, 14, 15):
        store, left = folder / "mishap-full", [room]
        shutil.rmtree(store, ignore_errors=True)

        def full(disk: Disk, handle: Any, content: bytes, left: list[int] = left) -> None:
            left[0] -= 1
            if left[0] < 0:
                write(disk, handle, content[: len(content) // 2])
                raise OSError(errno.ENOSPC, "No space left on device")
            write(disk, handle, content)

        Disk.write = full  # type: ignore[method-assign]
        try:
            sweep(load_experiment(plain), store, workers=1)
            stopped = False
        except StoreError as error:
            stopped = True
            must("no space left" in str(error), f"a full disk was told as {error}")
        finally:
            Disk.write = write  # type: ignore[method-assign]
        kept = len(stamps(store))
        counts.append(f"{room} writes: {'stopped' if stopped else 'ended'}, {kept} kept")
        must(not list(store.rglob("*.part")), "a full disk left half files")
        if room in (7, 14):  # the others would only cost time
            told = _start(plain, store).ended().json
            must(told["runs_reused"] == kept, "a full disk lost runs")
            must(_exported(folder, store, "full") == whole, "a full disk changed the results")
    print("full disk after " + "; ".join(counts), flush=True)


def _raising(folder: Path, seeds: tuple[int, ...]) -> None:
    file, mended = _mishap(folder, "raising", seeds, 'raise ValueError("no such office")')
    store = folder / "mishap-raising"
    _failing(file, folder, store, 3, "ValueError: no such office", "in step")
    _failing(file, folder, store, 3, "ValueError: no such office", "in step", reused=RUNS - 3)
    mended.touch()
    _mends(file, store, 3)
    print("a run that raises: status 1, 3 of 12 failed, each tried again, then mended", flush=True)


def _deadly(folder: Path, seeds: tuple[int, ...]) -> None:
    file, mended = _mishap(folder, "deadly", seeds, "os.kill(os.getpid(), 9)")
    store = folder / "mishap-deadly"
    _failing(file, folder, store, 1, "died", "")
    mended.touch()
    _mends(file, store, 1)
    print("a run that kills its process: status 1, 1 of 12 failed, then mended", flush=True)


def _on_a_cluster(folder: Path, plain: Path, whole: list[str], seeds: tuple[int, ...]) -> None:
    file, mended = _mishap(folder, "cluster", seeds, "os.kill(os.getpid(), 9)")
    cluster = Cluster(folder)
    scheduler = ("--scheduler", cluster.address)
    try:
        store = folder / "mishap-cluster"
        _failing(file, folder, store, 1, "died", "", more=scheduler)
        must(cluster.alive, "the cluster did not outlive a deadly run")
        mended.touch()
        _mends(file, store, 1, *scheduler)
        print("the same on a cluster: 1 of 12 failed, the cluster lives, then mended", flush=True)
        _interrupted(folder, plain, whole, *scheduler)
        must(cluster.alive, "the cluster did not outlive Ctrl-C")
    finally:
        cluster.close()


def _failing(
    file: Path,
    folder: Path,
    store: Path,
    count: int,
    reason: str,
    code: str,
    *,
    reused: int = 0,
    more: tuple[str, ...] = (),
) -> None:
    """Sweep, and look whether so many runs failed, and only these, with reason and traceback."""
    done = _start(file, store, *more).ended()
    must(done.code == 1, f"a failed run gave status {done.code}: {done.err}")
    told = done.json
    counts = (told["runs_failed"], told["runs_done"], told["runs_reused"])
    must(counts == (count, RUNS - count, reused), f"failed, done, from before: {counts}")
    must(all(reason in each["reason"] for each in told["failed"]), f"reasons: {told['failed']}")
    rows = _rows(folder, store, "failing")
    failed = [row for row in rows if row["status"] == "failed"]
    must(len(rows) == RUNS and len(failed) == count, f"{len(failed)} failed rows of {len(rows)}")
    must(all(reason in row["reason"] for row in failed), "the export lacks the reason")
    from sim.engine.load import load_experiment
    from sim.store import Store
    from sim.sweep import table

    status = list(table(load_experiment(file), Store(store))["status"])
    must(status.count("failed") == count and status.count("done") == RUNS - count, f"{status}")
    must(all(code in each["traceback"] for each in Store(store).failures()), "no traceback")


def _mends(file: Path, store: Path, count: int, *more: str) -> None:
    """Once nothing is wrong, the next sweep runs the failed ones and no other."""
    done = _start(file, store, *more).ended()
    must(done.code == 0, f"the mended sweep: {done.code} {done.err}")
    must(done.json["runs_reused"] == RUNS - count, f"computed again: {done.out}")
    from sim.store import Store

    must(not Store(store).failures(), "a mended run still counts as failed")


def _experiment(folder: Path, name: str, more: str = "") -> Path:
    path = folder / f"{name}.yaml"
    path.write_text(PLAIN.format(more=more, seed=SEED), encoding="utf-8")
    return path


def _mishap(folder: Path, name: str, seeds: tuple[int, ...], deed: str) -> tuple[Path, Path]:
    """An experiment with a mechanism that goes wrong, and the file that mends it."""
    mended, code = folder / f"{name}.mended", folder / f"{name}.py"
    mended.unlink(missing_ok=True)
    text = CODE.format(mended=str(mended), seeds=seeds, deed=deed)
    code.write_text(text, encoding="utf-8")
    shutil.rmtree(folder / f"mishap-{name}", ignore_errors=True)
    return _experiment(folder, name, f", mechanisms: [all, '{code}:Mishap']"), mended


def _start(file: Path, store: Path, *more: str) -> Command:
    words = ["sweep", str(file), "--out", str(store), "--json", *more]
    return Command(words if more else [*words, "--workers", "2"], file.parent)


def _swept(file: Path, store: Path) -> Path:
    done: Done = _start(file, store).ended()
    must(done.code == 0, f"a plain sweep: {done.err}")
    return store


def _exported(folder: Path, store: Path, name: str) -> list[str]:
    """The lines of the table of runs, sorted."""
    _rows(folder, store, name)
    return sorted((folder / f"mishap-{name}.csv").read_text(encoding="utf-8").splitlines())


def _rows(folder: Path, store: Path, name: str) -> list[dict[str, str]]:
    target = folder / f"mishap-{name}.csv"
    done = Command(["results", "export", str(store), "--to", str(target)], folder).ended()
    must(done.code == 0, f"export: {done.err}")
    with target.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))

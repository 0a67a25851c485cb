"""Kills a comparison at random moments, and looks at what is left and at what comes of it.

Usage: `python experiments/attacks/store.py --kills 200 --parents 20 --seed 1 --quick`.

Each time `shiyu compare` is started on a new store with two workers and killed (SIGKILL, the whole
process group) after a random while between nothing and what it usually takes, until as many as
`--kills` have met it at work. Then the store is read, and the same comparison is asked for again.
Of `--parents` more only the parent is killed, and the workers must end by themselves. `--quick`
starts the command in a copy of this process, which has the libraries, the place and the drawings
already: what it writes is the same, and most of what remains is computing and writing. Needs Linux.
"""

import argparse
import contextlib
import json
import multiprocessing
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

import sim.report.picture  # noqa: E402
import sim.report.style  # noqa: E402
from sim.analysis import records  # noqa: E402
from sim.cli import main as command_line  # noqa: E402
from sim.engine.compare import compare, compared  # noqa: E402
from sim.engine.pairs import load_all  # noqa: E402
from sim.engine.plan import Plan  # noqa: E402
from sim.store import Store  # noqa: E402

BASE = "name: calm\nextends: two-villages\noutcomes: [unresolved_share]\ntime: {years: 0.1}\n"
OTHER = "name: more\nextends: calm.yaml\npolicies: {mediation: {staff_per_10k: 200}}\n"
ENDED = "ended before the blow"
MARK = "SHIYU_ATTACK"  # in the environment of every process that is started here
SHARED = Path("/dev/shm")
ENDS = {".html": b"</html>", ".svg": b"</svg>", ".png": b"IEND\xaeB`\x82", ".parquet": b"PAR1"}


@dataclass
class Attack:
    """One comparison that is started again and again, each time on a new store."""

    folder: Path
    pairs: int = 6
    seed: int = 3
    drawings: list[bytes] = field(default_factory=list)
    mark: str = field(default_factory=lambda: uuid.uuid4().hex)

    def __post_init__(self) -> None:
        """Write the two scenarios, whose names are those of their files."""
        (self.folder / "calm.yaml").write_text(BASE, encoding="utf-8")
        (self.folder / "more.yaml").write_text(OTHER, encoding="utf-8")

    def words(self, out: Path) -> list[str]:
        """What is typed after `shiyu`."""
        words = ["compare", "calm.yaml", "more.yaml", "--reps", str(self.pairs)]
        words += ["--seed", str(self.seed), "--workers", "2", "--out", str(out), "--json"]
        return words

    def start(self, out: Path) -> "subprocess.Popen[str]":
        """The command, in a process group of its own."""
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "SHIYU_LANG": "en", MARK: self.mark}
        return subprocess.Popen(
            [sys.executable, "-m", "sim", *self.words(out)],
            cwd=self.folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
            start_new_session=True,
        )

    def by_command(self, out: Path) -> list[dict[str, Any]]:
        """The table of differences, by the command."""
        answer, _ = self.start(out).communicate()
        return json.loads(answer)["differences"]

    def start_copy(self, out: Path) -> "Copy":
        """The command in a copy of this process, which shows the drawings made before."""
        copy = Copy(target=self._in_copy, args=(out,))
        copy.start()
        return copy

    def _in_copy(self, out: Path) -> None:
        os.setsid()
        os.chdir(self.folder)
        os.environ[MARK] = self.mark
        os.dup2(os.open(os.devnull, os.O_RDWR), 1)
        os.dup2(1, 2)
        drawings = iter(self.drawings)
        sim.report.picture.image = sim.report.style.image = lambda *_, **__: next(drawings)
        command_line(self.words(out))

    def draw_before(self, out: Path) -> None:
        """Make the drawings of this comparison, in their order, here."""
        drawn = sim.report.style.image

        def noted(*given: Any, **more: Any) -> bytes:
            self.drawings.append(drawn(*given, **more))
            return self.drawings[-1]

        sim.report.picture.image = sim.report.style.image = noted
        scenarios = [self.folder / "calm.yaml", self.folder / "more.yaml"]
        compare(*scenarios[:1], scenarios[1:], self.pairs, self.seed, workers=1, out=out)
        sim.report.picture.image = sim.report.style.image = drawn

    def by_python(self, out: Path) -> tuple[list[dict[str, Any]], int]:
        """The table of differences, and how many runs were in the store already."""
        scenarios = load_all([self.folder / "calm.yaml", self.folder / "more.yaml"])
        found = compared(scenarios, Plan(self.pairs, self.seed, workers=1), out=out)
        return json.loads(json.dumps(records(found.table))), found.runs.reused

    def processes(self) -> list[int]:
        """Processes of this attack that are still at work."""
        return [pid for pid in _all_processes() if self._is_ours(pid)]

    def _is_ours(self, pid: int) -> bool:
        try:
            said = Path(f"/proc/{pid}/environ").read_bytes()  # empty for who is dead
        except OSError:
            return False
        return f"{MARK}={self.mark}".encode() in said.split(b"\0")


class Copy(multiprocessing.get_context("fork").Process):  # type: ignore[name-defined,misc]
    """A copy of this process, with the few words of Popen that are needed here."""

    def poll(self) -> int | None:
        """Its exit code once it has ended."""
        return self.exitcode

    def communicate(self) -> None:
        """Wait for its end."""
        self.join()


@dataclass(frozen=True)
class Left:
    """What a killed comparison left, and what came of the next one."""

    moment: str  # "before the first run was kept", "among the runs", "after the last", or ENDED
    leftovers: int
    broken: int
    lost: int
    same_table: bool
    semaphores: int


def kill_once(
    attack: Attack, out: Path, delay: float, unbroken: Any, *, quick: bool = False
) -> Left:
    """Kill one comparison after a while, read its store, and finish its work."""
    process = attack.start_copy(out) if quick else attack.start(out)
    time.sleep(delay)
    ended = process.poll() is not None
    held = semaphores_of(process.pid)
    with contextlib.suppress(ProcessLookupError):  # a copy that has no group yet, or has ended
        os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    process.communicate()
    kept = set(Store(out).run_ids())
    stamps = _stamps(out)
    moment = ENDED if ended else _moment(len(kept), 2 * attack.pairs)
    leftovers, broken = len(list(out.rglob("*.part"))), len(half_files(out))
    broken += len(Store(out).verify()["broken"])
    table, reused = attack.by_python(out)
    after = _stamps(out)
    repeated = sum(after.get(name) != stamp for name, stamp in stamps.items())
    lost = len(kept - set(Store(out).run_ids())) + repeated + abs(len(kept) - reused)
    return Left(moment, leftovers, broken, lost, table == unbroken, still_there(held))


def half_files(out: Path) -> list[Path]:
    """Files under their final names that do not end as their kind should."""
    found = []
    for path in out.rglob("*"):
        if path.suffix == ".json":
            try:
                json.loads(path.read_text(encoding="utf-8"))
            except ValueError:
                found.append(path)
        elif path.suffix in ENDS and not path.read_bytes().rstrip().endswith(ENDS[path.suffix]):
            found.append(path)
    return found


def orphan_once(
    attack: Attack, out: Path, delay: float, *, quick: bool = False
) -> tuple[int, float, int]:
    """Kill the parent alone: processes it left, seconds until they were gone, semaphores left."""
    process = attack.start_copy(out) if quick else attack.start(out)
    time.sleep(delay)
    held = semaphores_of(process.pid)
    process.kill()
    began = time.monotonic()
    process.communicate()
    left = len(attack.processes())
    wait_until(lambda: not attack.processes())
    seconds = time.monotonic() - began
    with contextlib.suppress(TimeoutError):
        wait_until(lambda: not still_there(held), 5.0)
    return left, seconds, still_there(held)


def wait_until(condition: Callable[[], bool], seconds: float = 60.0) -> None:
    """Return once it is so."""
    until = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > until:
            raise TimeoutError("it did not come about")
        time.sleep(0.02)


def semaphores_of(pid: int) -> set[Path]:
    """The semaphores that a process holds in shared memory."""
    try:
        maps = Path(f"/proc/{pid}/maps").read_text(encoding="utf-8")
    except OSError:
        return set()
    nodes = {line.split()[4] for line in maps.splitlines() if f" {SHARED}/sem." in line}
    found = set()
    for path in SHARED.glob("sem.mp-*"):
        with contextlib.suppress(OSError):  # another process may just have removed its own
            if str(path.stat().st_ino) in nodes:  # its name there is one that was taken away
                found.add(path)
    return found


def still_there(paths: set[Path]) -> int:
    """How many of these files there are."""
    return sum(path.exists() for path in paths)


def _moment(kept: int, total: int) -> str:
    if not kept:
        return "before the first run was kept"
    return "among the runs" if kept < total else "after the last run was kept"


def _stamps(out: Path) -> dict[str, int]:
    return {path.name: path.stat().st_mtime_ns for path in out.glob("trajectories/*.parquet")}


def _all_processes() -> Iterator[int]:
    return (int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit())


def main() -> None:
    """Kill, and print a table in Markdown."""
    ask = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ask.add_argument("--kills", type=int, default=200)
    ask.add_argument("--parents", type=int, default=20)
    ask.add_argument("--seed", type=int, default=1)
    ask.add_argument("--quick", action="store_true")
    given = ask.parse_args()
    chance = random.Random(given.seed)
    with tempfile.TemporaryDirectory() as folder:
        attack = Attack(Path(folder))
        unbroken = attack.by_command(attack.folder / "unbroken")
        if given.quick:
            attack.draw_before(attack.folder / "drawn")
        began = time.monotonic()
        process = (attack.start_copy if given.quick else attack.start)(attack.folder / "timed")
        process.communicate()
        usual = time.monotonic() - began
        print(f"The unbroken comparison took {usual:.1f} s.\n", flush=True)
        kills = _killed(attack, given.kills, usual, unbroken, chance, quick=given.quick)
        _print_kills(kills)
        _report_parents(attack, given.parents, usual, chance, quick=given.quick)


def _killed(
    attack: Attack, kills: int, usual: float, unbroken: Any, chance: random.Random, *, quick: bool
) -> list[Left]:
    found: list[Left] = []
    with contextlib.suppress(KeyboardInterrupt):  # then the table is of those until now
        while hits(found) < kills:
            out, delay = attack.folder / f"kill-{len(found)}", chance.uniform(0.0, usual)
            found.append(kill_once(attack, out, delay, unbroken, quick=quick))
            wait_until(lambda: not attack.processes())
    print(f"Moments drawn: {len(found)}, of which {hits(found)} met a process at work.")
    print(f"Semaphores left in {SHARED}: {sum(left.semaphores for left in found)}.\n")
    return found


def hits(found: list[Left]) -> int:
    """How many kills met a comparison that had not ended."""
    return sum(left.moment != ENDED for left in found)


def _print_kills(found: list[Left]) -> None:
    print("| killed | times | with leftovers | half files | runs lost | tables that differ |")
    print("|---|---|---|---|---|---|")
    for moment, times in [*Counter(left.moment for left in found).items(), ("in all", len(found))]:
        rows = [left for left in found if moment in (left.moment, "in all")]
        sums = (
            sum(left.leftovers > 0 for left in rows),
            sum(left.broken for left in rows),
            sum(left.lost for left in rows),
            sum(not left.same_table for left in rows),
        )
        print(f"| {moment} | {times} | " + " | ".join(map(str, sums)) + " |")


def _report_parents(
    attack: Attack, kills: int, usual: float, chance: random.Random, *, quick: bool
) -> None:
    found = [
        orphan_once(attack, attack.folder / f"parent-{n}", chance.uniform(0.2, usual), quick=quick)
        for n in range(kills)
    ]
    left, semaphores = sum(one[0] for one in found), sum(one[2] for one in found)
    longest = max((one[1] for one in found), default=0.0)
    print(
        f"\nParents alone killed: {kills}; processes they left: {left}; all gone after at most "
        f"{longest:.2f} s; semaphores left: {semaphores}."
    )


if __name__ == "__main__":
    main()

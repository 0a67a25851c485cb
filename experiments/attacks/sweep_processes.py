"""Starts, watches and kills what the attack on sweeps is about: commands, and a Dask cluster.

Needs Linux. Every process is started in a group of its own, and killed with the whole group.
"""

import contextlib
import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
LONGEST_SECONDS = 6 * 3600.0
LOOK_SECONDS = 0.02


class AttackFailed(Exception):  # noqa: N818  it is a finding, not a fault of this script
    """Something that must hold does not."""


def must(holds: bool, what: str) -> None:
    """Say so and stop where something does not hold."""
    if not holds:
        raise AttackFailed(what)


@dataclass
class Done:
    """A command that has ended."""

    code: int
    out: str
    err: str
    seconds: float

    @property
    def json(self) -> dict[str, Any]:
        """Its answer."""
        found: dict[str, Any] = json.loads(self.out)
        return found


@dataclass
class Command:
    """`shiyu` with these words, under way."""

    words: list[str]
    folder: Path
    began: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        """Start it; its words go to files, which never fill up as a pipe does."""
        self._files = [open_log(self.folder, kind) for kind in ("out", "err")]
        self.process = started([sys.executable, "-m", "sim", *self.words], self.folder, self._files)

    @property
    def running(self) -> bool:
        """Whether it is still at work."""
        return self.process.poll() is None

    def kill(self) -> None:
        """SIGKILL to the command and all its workers."""
        kill_group(self.process)
        self.ended()

    def interrupt(self) -> None:
        """Ctrl-C, which a terminal sends to all of the group."""
        os.killpg(self.process.pid, signal.SIGINT)

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """It and its workers do nothing for so long."""
        os.killpg(self.process.pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.killpg(self.process.pid, signal.SIGCONT)

    def ended(self, seconds: float = LONGEST_SECONDS) -> Done:
        """What it came to, once it has ended."""
        code = self.process.wait(seconds)
        texts = []
        for file in self._files:
            if not file.closed:
                file.close()
            texts.append(Path(file.name).read_text(encoding="utf-8", errors="replace"))
        return Done(code, texts[0], texts[1], time.monotonic() - self.began)

    def members(self) -> list[int]:
        """Processes of its group that are still at work."""
        names = [path.name for path in Path("/proc").iterdir()]
        return [int(name) for name in names if name.isdigit() and self._own(int(name))]

    def _own(self, pid: int) -> bool:
        try:
            stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
        except OSError:
            return False
        state, _, group = stat.rpartition(")")[2].split()[:3]
        return int(group) == self.process.pid and state not in "ZX"


class Cluster:
    """A Dask scheduler and two workers of one thread, started as processes of this machine."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.address = f"tcp://127.0.0.1:{self.port}"
        self.replaced = 0
        self._number = 0
        self.scheduler = self._start_scheduler()
        self.workers = [self._start_worker(), self._start_worker()]

    def _start_scheduler(self) -> "subprocess.Popen[bytes]":
        words = ["--host", "127.0.0.1", "--port", str(self.port), "--no-dashboard"]
        return self._start("scheduler", words)

    def _start_worker(self) -> "subprocess.Popen[bytes]":
        own = self.folder / f"space-{self._number}"
        words = [self.address, "--nthreads", "1", "--nworkers", "1", "--no-dashboard"]
        return self._start("worker", [*words, "--local-directory", str(own)])

    def _start(self, what: str, words: list[str]) -> "subprocess.Popen[bytes]":
        self._number += 1
        log = open_log(self.folder, f"{what}-{self._number}")
        module = f"distributed.cli.dask_{what}"
        return started([sys.executable, "-m", module, *words], self.folder, [log, log])

    def kill_worker(self) -> None:
        """SIGKILL to a worker with its nanny; another takes its place a second later."""
        kill_group(self.workers[0])
        time.sleep(1.0)
        self.workers[0] = self._start_worker()

    def restart_scheduler(self) -> None:
        """SIGKILL to the scheduler; another answers on the same port two seconds later."""
        kill_group(self.scheduler)
        time.sleep(2.0)
        self.scheduler = self._start_scheduler()

    def tend(self) -> None:
        """Start a worker anew that has ended by itself, as a queueing system does."""
        for place, worker in enumerate(self.workers):
            if worker.poll() is not None:
                kill_group(worker)
                self.replaced += 1
                self.workers[place] = self._start_worker()

    @property
    def alive(self) -> bool:
        """Whether the scheduler and every worker are there."""
        return all(process.poll() is None for process in (self.scheduler, *self.workers))

    def close(self) -> None:
        """End it."""
        for process in (*self.workers, self.scheduler):
            kill_group(process)


def started(words: list[str], folder: Path, files: list[Any]) -> "subprocess.Popen[bytes]":
    """A process in a group of its own that finds this checkout."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "SHIYU_LANG": "en"}
    return subprocess.Popen(
        words,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=files[0],
        stderr=files[1],
        start_new_session=True,
    )


def open_log(folder: Path, kind: str) -> Any:
    """A new file for what a process says."""
    logs = folder / "logs"
    logs.mkdir(parents=True, exist_ok=True)
    return (logs / f"{time.monotonic_ns()}-{kind}.txt").open("wb")


def kill_group(process: "subprocess.Popen[bytes]") -> None:
    """SIGKILL to a process and all its children."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def stamps(store: Path) -> dict[str, int]:
    """The files of single runs in a store, each with the time it was written."""
    found = {}
    for path in (store / "trajectories").glob("[0-9a-f]*.parquet"):
        with contextlib.suppress(FileNotFoundError):  # it was moved into a part
            found[path.name] = path.stat().st_mtime_ns
    return found


def wait_for_runs(command: Command, store: Path, count: int) -> None:
    """Return once so many single runs are stored, or the command has ended."""
    wait_for(lambda: len(stamps(store)) >= count or not command.running, "runs to be stored")


def wait_for(condition: Callable[[], bool], what: str, seconds: float = LONGEST_SECONDS) -> None:
    """Return once it is so."""
    until = time.monotonic() + seconds
    while not condition():
        must(time.monotonic() < until, f"it did not come about: {what}")
        time.sleep(LOOK_SECONDS)


def moments(count: int, runs: int, chance: random.Random) -> list[tuple[int, float]]:
    """Random moments of a sweep: after so many stored runs, and up to two seconds more."""
    most = min(2.0, runs / 200)
    return [
        (number, chance.uniform(0.0, most)) for number in sorted(chance.sample(range(runs), count))
    ]

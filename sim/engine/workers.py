"""Worker processes run one function for many keys, and a process that dies costs one key at most.

Processes are spawned, not forked, so that they start alike on every system. A key whose process
dies (memory, a crash in compiled code) is tried once more alone; if that dies too, it comes back
as `Died` and the others go on. Workers leave with their parent, even when it is killed.
"""

import contextlib
import itertools
import multiprocessing
import multiprocessing.connection
import os
import signal
import sys
import threading
import types
from collections import deque
from collections.abc import Callable, Generator, Hashable, Iterable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import resource_tracker
from typing import Any, Generic, TypeVar

Key = TypeVar("Key")
Result = TypeVar("Result")

MOST_WORKERS = 61  # Windows waits for at most so many processes at once
LOOK_AHEAD = 16  # keys a process, among which one that is alike is looked for
# One thread a process: the processes share the cores already.
ONE_THREAD = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "NUMBA_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
)


@dataclass(frozen=True)
class Died:
    """What comes back for a key whose process died twice."""

    reason: str = "its process died (out of memory?)"


def cores() -> int:
    """How many processor cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class Workers(Generic[Key, Result]):
    """Processes that apply one function; with a count of one, this process does it itself.

    The function and its results must pickle and live in an importable module other than the
    script that was started: scripts are not run again in the workers, so they need no
    `if __name__ == "__main__"`.
    """

    def __init__(self, task: Callable[[Key], Result], count: int) -> None:
        self.task = task
        self.count = max(1, min(count, MOST_WORKERS))
        self._pool: ProcessPoolExecutor | None = None
        self._others = set(multiprocessing.active_children())

    def __enter__(self) -> "Workers[Key, Result]":
        """Itself; processes start when there is work."""
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """End the processes: in their own time when all went well, else at once."""
        if self._pool is None:
            return
        if kind is not None:
            for child in set(multiprocessing.active_children()) - self._others:
                child.terminate()
        self._pool.shutdown(wait=kind is None, cancel_futures=True)
        self._pool = None

    def completed(
        self, keys: Iterable[Key], alike: Callable[[Key], Hashable] | None = None
    ) -> "Generator[tuple[Key, Result | Died], None, None]":
        """Each key with its result, as they are done, so in no fixed order.

        A process that keeps something from one key to the next is handed keys of which `alike`
        says the same, as long as there are some among those that come next.

        Raises whatever the function raises; nothing else is begun then.
        """
        if self.count == 1:
            for key in keys:
                yield key, self.task(key)
            return
        waiting = _Waiting(keys, alike, self.count)
        suspects: list[Key] = []
        while waiting.more():
            yield from self._until_broken(waiting, self.count, suspects)
        for key in suspects:
            alone, died_again = _Waiting([key], None, 1), list[Key]()
            while alone.more():  # an idle process may have died, before it had the key
                yield from self._until_broken(alone, 1, died_again)
            if died_again:
                yield key, Died()

    def _until_broken(
        self, waiting: "_Waiting[Key]", at_once: int, suspects: list[Key]
    ) -> Iterator[tuple[Key, Result]]:
        """Work until nothing waits or a process dies; who was in the air then is suspect."""
        flying: dict[Future[Result], Key] = {}
        ended: deque[Key] = deque()  # by processes that have nothing to do since
        broken = False
        while flying or (not broken and waiting.more()):
            try:
                while not broken and len(flying) < at_once and waiting.more():
                    key = waiting.choose(ended.popleft() if ended else None, flying.values())
                    future = self._submit(key)
                    flying[future] = key
                    waiting.remove(key)
            except BrokenProcessPool:
                broken = True
            done, _ = wait(flying, return_when=FIRST_COMPLETED)
            for future in done:
                key = flying.pop(future)
                if isinstance(future.exception(), BrokenProcessPool):
                    suspects.append(key)
                    broken = True
                else:
                    ended.append(key)
                    yield key, future.result()
        if broken and self._pool is not None:
            self._pool.shutdown(wait=False)
            self._pool = None

    def _submit(self, key: Key) -> "Future[Result]":
        with launching():
            if self._pool is None:
                self._pool = ProcessPoolExecutor(
                    self.count, multiprocessing.get_context("spawn"), begin_worker
                )
            return self._pool.submit(self.task, key)


class _Waiting(Generic[Key]):
    """Keys that are still to come; few are made before it is their turn."""

    def __init__(
        self, keys: Iterable[Key], alike: Callable[[Key], Hashable] | None, count: int
    ) -> None:
        self._keys = iter(keys)
        self._alike = alike
        self._ahead = 1 if alike is None else LOOK_AHEAD * count
        self._next: list[Key] = []

    def more(self) -> bool:
        """Whether there is another."""
        self._next.extend(itertools.islice(self._keys, self._ahead - len(self._next)))
        return bool(self._next)

    def choose(self, last: Key | None, elsewhere: Iterable[Key]) -> Key:
        """The key for a process that had this one last, while others are at those; it stays here.

        One that is like the last, else one that is like none of the others, else the first.
        """
        if self._alike is None:
            return self._next[0]
        kinds = [self._alike(key) for key in self._next]
        if last is not None and self._alike(last) in kinds:
            return self._next[kinds.index(self._alike(last))]
        others = {self._alike(key) for key in elsewhere}
        new = (key for key, kind in zip(self._next, kinds, strict=True) if kind not in others)
        return next(new, self._next[0])

    def remove(self, key: Key) -> None:
        """Let it go: somebody has it."""
        self._next.remove(key)


@contextlib.contextmanager
def launching() -> Iterator[None]:
    """The surroundings that a new process inherits, for as long as it takes to start one.

    It is deaf to Ctrl-C, which the parent answers for all; it has one thread; and it sees no main
    module, so that it does not run the user's script.
    """
    script = sys.modules["__main__"]
    with _deaf(), environment(dict.fromkeys(ONE_THREAD, "1")):
        try:
            sys.modules["__main__"] = types.ModuleType("__main__")
            yield
        finally:
            sys.modules["__main__"] = script


@contextlib.contextmanager
def environment(values: Mapping[str, str]) -> Iterator[None]:
    """These variables for so long."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


@contextlib.contextmanager
def _deaf() -> Iterator[None]:
    """Processes that start now are deaf to Ctrl-C; here one that comes meanwhile is heard after.

    To ignore it for so long would lose it: where signals cannot be held back (Windows) it is.
    """
    if hasattr(signal, "pthread_sigmask"):
        resource_tracker.ensure_running()  # when it starts it lets signals through again
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            yield
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
        return
    in_main_thread = threading.current_thread() is threading.main_thread()
    handler: Any = signal.signal(signal.SIGINT, signal.SIG_IGN) if in_main_thread else None
    try:
        yield
    finally:
        if handler is not None:
            signal.signal(signal.SIGINT, handler)


def begin_worker() -> None:
    """Be deaf to Ctrl-C and leave when the parent does, however it went."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_leave_with_parent, daemon=True).start()


def _leave_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        multiprocessing.connection.wait([parent.sentinel])
        os._exit(1)

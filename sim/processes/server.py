"""Workers that are copies of one process, the server, which has loaded the model before.

To load it takes a process a second or two. The server does that once for all workers, and while
the command that wants runs is still reading its file. Having one thread it can be copied safely,
as the process that asks could not. Only Linux copies processes that use its libraries safely:
elsewhere workers are spawned, as for every other command, and so they are where the folder for
temporary files takes no socket (its path is too long, or nobody may write there), or where the
search path holds more than texts.

The server ends with the process that started it, however that goes. Should it die before, those
that were its copies count as died, and what is left is done by workers that are spawned.
"""

import contextlib
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import forkserver
from typing import Any, TypeVar

from sim.engine.workers import ONE_THREAD, Workers, begin_worker, environment, launching

Key = TypeVar("Key")
Result = TypeVar("Result")

CAN_COPY = sys.platform.startswith("linux")
# Else PyArrow's allocator has a thread of its own; the others are one by `launching`.
_NO_THREAD = {"JE_ARROW_MALLOC_CONF": "background_thread:false"}


def start_server() -> bool:
    """Have the server load the model while the caller goes on; one that is there stays.

    Returns whether there is one.
    """
    if not all(isinstance(each, str) for each in sys.path):  # the server is told it as Python text
        return False
    path = os.pathsep.join(each or os.getcwd() for each in sys.path)  # noqa: PTH109  as texts
    # It is to find what the caller finds, and nothing else that lies in the current folder.
    finds = {"PYTHONPATH": path, "PYTHONSAFEPATH": "1"}
    # `launching` may start another process, which is to find the same.
    with environment({**finds, **_NO_THREAD}), launching():
        forkserver.set_forkserver_preload(["sim.processes.loaded"])
        try:
            forkserver.ensure_running()
        except OSError:
            return False
    return True


def stop_server() -> None:
    """End the server at once, though it may still be loading, so that nobody waits for it."""
    server: Any = forkserver._forkserver
    if server._forkserver_pid is not None:
        os.kill(server._forkserver_pid, signal.SIGKILL)
        server._stop()


@contextlib.contextmanager
def server_ahead(wanted: bool) -> Iterator[None]:
    """Have the server load the model meanwhile, where it is wanted; a fault or Ctrl-C ends it."""
    if not (wanted and CAN_COPY):
        yield
        return
    try:
        start_server()
        yield
    except BaseException:
        stop_server()
        raise


class Copies(Workers[Key, Result]):
    """Workers that are copies of the server, where there can be one."""

    _copying = CAN_COPY

    def _submit(self, key: Key) -> "Future[Result]":
        if self._pool is None and self._copying and start_server():
            copying = multiprocessing.get_context("forkserver")
            ours = dict(os.environ)
            self._pool = ProcessPoolExecutor(self.count, copying, _begin_copy, (ours,))
        try:
            return super()._submit(key)
        except (EOFError, ConnectionError) as error:  # the server died, and might do so again
            self._copying = False
            raise BrokenProcessPool("the server is gone") from error


def _begin_copy(ours: Mapping[str, str]) -> None:
    """Take on the surroundings of who asks, which may have changed since the server began."""
    os.environ.clear()
    os.environ.update({**ours, **dict.fromkeys(ONE_THREAD, "1")})
    # A process that ends waits for its threads; what is registered so comes before that.
    threading._register_atexit(_leave)  # type: ignore[attr-defined]
    begin_worker()


def _leave() -> None:
    """End at once when there is no more work, whatever threads a mechanism of a user's started."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(Exception):
            stream.flush()
    os._exit(0)

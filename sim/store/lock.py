"""Two writers of one catalogue take turns; two sweeps or two compactions of one store do not meet.

A lock is the operating system's own lock on an open file (flock on POSIX, a byte range on
Windows), so a writer that is killed lets go of it at once and no lock is ever stale. Where a file
system offers no locks at all, writers go on without: the catalogue is an index, every write of it
is whole, and what one of two writers overwrites is found again from the runs' own files. Only
compacting is refused there, since two at once could lose runs. Each kind of work has a lock of its
own, so that a run is kept while a store is compacted.
"""

import contextlib
import errno
import os
import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from sim.store.atomic import StoreError, failure

LOCK_NAME = ".lock"
SWEEP_LOCK_NAME = ".sweep.lock"
COMPACTION_LOCK_NAME = ".compact.lock"
WAIT_SECONDS = 60.0
_PAUSE_SECONDS = 0.05
_UNSAFE = "runs stay in files of their own here; compact a copy of the store on a local disk"
_NO_LOCKS_HERE = {errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP, errno.ENOTSUP}
_TAKEN = {errno.EACCES, errno.EAGAIN, errno.EDEADLK}
_BYTE_FAR_OUT = 1 << 20  # Windows hides a locked byte from readers, so not one of the holder's name


@contextlib.contextmanager
def writer_lock(folder: Path, wait_seconds: float = WAIT_SECONDS) -> Iterator[None]:
    """Hold the lock of the folder's catalogue, waiting for another writer.

    Args:
        folder: the store's folder, which must be there.
        wait_seconds: how long to wait.

    Raises:
        StoreError: another writer holds it for longer (the message says which), or the lock file
            cannot be opened.
    """
    busy = f"has been busy here for {wait_seconds:g} seconds"
    advice = "wait until it is done, then repeat the command: finished runs are kept"
    with _held(folder / LOCK_NAME, wait_seconds, "writer", busy, advice):
        yield


@contextlib.contextmanager
def sweep_lock(folder: Path) -> Iterator[None]:
    """Be the only sweep on this store; StoreError, at once, when there is another."""
    advice = "wait until it is done, then repeat the command, or choose another folder with --out"
    with _held(folder / SWEEP_LOCK_NAME, 0.0, "sweep", "is at work on this store", advice):
        yield


@contextlib.contextmanager
def compaction_lock(
    folder: Path, wait_seconds: float = 0.0, *, surely: bool = True
) -> Iterator[None]:
    """Be the only one who moves this store's runs into parts.

    Args:
        folder: the store's folder, which must be there.
        wait_seconds: how long to wait for another.
        surely: refuse a file system without locks.

    Raises:
        StoreError: another is at it, or nobody can be sure that none is.
    """
    advice = "wait until it is done; nothing is lost meanwhile"
    busy = "is compacting or repairing this store"
    path = folder / COMPACTION_LOCK_NAME
    with _held(path, wait_seconds, "command", busy, advice, surely=surely):
        yield


@contextlib.contextmanager
def _held(
    path: Path, wait_seconds: float, who: str, busy: str, advice: str, *, surely: bool = False
) -> Iterator[None]:
    """Hold the lock of this file, or say who does."""
    try:
        handle = path.open("a+b", buffering=0)  # or a full disk would be met only at its closing
    except OSError as error:
        raise failure(path, "opened", error) from error
    with handle:
        if not _wait_for(handle, path, wait_seconds, surely=surely):
            raise StoreError(path, f"another {who} ({_holder(path)}) {busy}", advice)
        try:
            _write_holder(handle)
            yield
        finally:
            with contextlib.suppress(OSError):
                _unlock(handle)


def _wait_for(handle: BinaryIO, path: Path, wait_seconds: float, *, surely: bool) -> bool:
    """Whether the lock is held now; False when another holds it for longer."""
    until = time.monotonic() + wait_seconds
    while True:
        try:
            _try_to_lock(handle)
            return True
        except OSError as error:
            if error.errno in _NO_LOCKS_HERE and surely:
                raise StoreError(path, "this file system has no locks", _UNSAFE) from error
            if error.errno in _NO_LOCKS_HERE:
                return True
            if error.errno not in _TAKEN:
                raise failure(path, "locked", error) from error
        if time.monotonic() >= until:
            return False
        time.sleep(_PAUSE_SECONDS)


def _write_holder(handle: BinaryIO) -> None:
    """Leave a word for those who wait."""
    with contextlib.suppress(OSError):
        handle.truncate(0)
        handle.write(f"process {os.getpid()} on {socket.gethostname()}".encode())


def _holder(path: Path) -> str:
    """Who holds the lock, as far as can be read."""
    try:
        return path.read_text(encoding="utf-8", errors="replace") or "unknown"
    except OSError:
        return "unknown"


if sys.platform == "win32":
    import msvcrt

    def _try_to_lock(handle: BinaryIO) -> None:
        handle.seek(_BYTE_FAR_OUT)
        msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)

    def _unlock(handle: BinaryIO) -> None:
        handle.seek(_BYTE_FAR_OUT)
        msvcrt.locking(handle.fileno(), msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _try_to_lock(handle: BinaryIO) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _unlock(handle: BinaryIO) -> None:
        fcntl.flock(handle, fcntl.LOCK_UN)

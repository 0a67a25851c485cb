"""A file is either the old one or the new one, whole: the one place that writes files.

The bytes go to a new file beside the target, are forced to the disk, and only then take the
target's name in one step. Whoever is killed in between leaves the target as it was, and at most a
file whose name ends in `.part`, which `clear_leftovers` removes once it is old.
"""

import contextlib
import errno
import os
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from sim.kernel.fault import ShiyuError, printable

LEFTOVER = ".part"
LEFTOVER_AGE_SECONDS = 24 * 3600.0  # by then no writer is still at work on it

_ON_WINDOWS = os.name == "nt"
_REPLACE_TRIES = 20  # on Windows another program that reads the target blocks it for a moment
_REPLACE_PAUSE_SECONDS = 0.05

_ADVICE = {
    errno.ENOSPC: "free some space, or choose another folder",
    errno.EDQUOT if hasattr(errno, "EDQUOT") else errno.ENOSPC: "free some of your quota",
    errno.EROFS: "choose a folder that can be written",
    errno.EACCES: "choose a folder that you may write, or close the program that holds the file",
    errno.EPERM: "choose a folder that you may write",
    errno.ENOENT: "the folder has gone; make it again, or choose another",
    errno.ENOTDIR: "a file stands where a folder is needed; move it, or choose another folder",
    errno.EISDIR: "a folder stands where the file is needed; move it, or choose another folder",
    errno.ENAMETOOLONG: "choose a folder with a shorter path",
    errno.EEXIST: "a file or a link to nowhere stands there; move it, or choose another folder",
    errno.ELOOP: "its links lead round in a circle; choose another folder",
    errno.EFBIG: "raise the limit on the size of files (ulimit -f), or choose another folder",
    errno.EIO: "the disk does not answer as it should; look after it, or choose another folder",
}
_READING_ADVICE = {
    errno.ENOENT: "look whether the path is right",
    errno.EACCES: "ask for the right to read it",
    errno.EISDIR: "name a file, not a folder",
    errno.ENOTDIR: "look whether the path is right",
}


class StoreError(ShiyuError):
    """Results cannot be written or read: which path, why, and what to do about it."""

    def __init__(self, path: str | os.PathLike[str], reason: str, advice: str = "") -> None:
        self.path = os.fspath(path)
        self.reason = reason
        self.advice = advice
        super().__init__(self.path, reason, advice)  # so that it pickles by its parts

    def __str__(self) -> str:
        """The one-line message that a user sees."""
        told = f"{self.path}: {self.reason}" + (f"; {self.advice}" if self.advice else "")
        return printable(told)


class Disk:
    """The few calls by which bytes reach the disk; a test hands in one that fails on purpose."""

    def make_folder(self, folder: Path) -> None:
        """The folder is there, with its parents."""
        folder.mkdir(parents=True, exist_ok=True)

    def create(self, path: Path) -> BinaryIO:
        """Open a new file, which must not be there yet."""
        return path.open("xb")

    def write(self, handle: BinaryIO, content: bytes) -> None:
        """All bytes go to the file."""
        handle.write(content)

    def sync(self, handle: BinaryIO) -> None:
        """What was written survives a power cut."""
        handle.flush()
        os.fsync(handle.fileno())

    def replace(self, source: Path, target: Path) -> None:
        """`source` takes the name of `target` in one step."""
        for tries_left in range(_REPLACE_TRIES - 1, -1, -1):
            try:
                source.replace(target)
                return
            except PermissionError:
                if not _ON_WINDOWS or not tries_left:
                    raise
                time.sleep(_REPLACE_PAUSE_SECONDS)

    def sync_folder(self, folder: Path) -> None:
        """The new name survives a power cut too, where the system can promise that."""
        if _ON_WINDOWS:
            return
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def remove(self, path: Path) -> None:
        """The file is gone."""
        path.unlink(missing_ok=True)


DISK = Disk()


def failure(path: str | os.PathLike[str], doing: str, error: OSError) -> StoreError:
    """What a user should be told when the system refuses a file operation."""
    reason = (error.strerror or str(error)).lower()
    advice = _ADVICE.get(error.errno or 0, "try again, or choose another folder")
    if doing == "read":
        advice = _READING_ADVICE.get(error.errno or 0, "try again")
    return StoreError(path, f"cannot be {doing}: {reason}", advice)


def write_bytes(path: str | os.PathLike[str], content: bytes, disk: Disk = DISK) -> Path:
    """Write a file whole or leave what was there.

    Args:
        path: where the file goes; missing folders are made.
        content: all its bytes.
        disk: the calls to write by.

    Returns:
        The path.

    Raises:
        StoreError: the system refuses (full disk, no right to write, folder gone).
    """
    with written_aside(path, disk) as aside:
        aside.write(content)
    return Path(path)


class Aside:
    """A file on its way: what is written to it is seen under its name only when it is whole."""

    def __init__(self, path: Path, handle: BinaryIO, disk: Disk) -> None:
        self.path, self._handle, self._disk = path, handle, disk
        self.size = 0
        self.closed = False

    def write(self, content: bytes) -> int:
        """The next bytes of the file."""
        taken = bytes(content)
        self._disk.write(self._handle, taken)
        self.size += len(taken)
        return len(taken)

    def tell(self) -> int:
        """How many bytes there are."""
        return self.size

    def flush(self) -> None:
        """Whoever reads the file aside sees all of it; the disk has it for sure at the end."""
        self._handle.flush()

    def close(self) -> None:
        """Nothing: whoever opened the file closes it."""

    def readable(self) -> bool:
        """No."""
        return False

    def writable(self) -> bool:
        """Yes."""
        return True

    def seekable(self) -> bool:
        """No: bytes come one after the other."""
        return False


@contextlib.contextmanager
def written_aside(path: str | os.PathLike[str], disk: Disk = DISK) -> Iterator[Aside]:
    """Write a file piece by piece; it takes its name when the block ends, or never.

    Args:
        path: where the file goes; missing folders are made.
        disk: the calls to write by.

    Yields:
        What to write to; libraries take it as an open binary file.

    Raises:
        StoreError: the system refuses. What was there under this name is as it was then, as it is
            when the block ends by an error.
    """
    target = Path(path)
    aside = target.with_name(f".{target.name[:40]}.{uuid.uuid4().hex}{LEFTOVER}")
    try:
        disk.make_folder(target.parent)
        try:
            with disk.create(aside) as handle:
                yield Aside(aside, handle, disk)
                disk.sync(handle)
            disk.replace(aside, target)
        except BaseException:
            with contextlib.suppress(OSError):
                disk.remove(aside)
            raise
    except OSError as error:
        raise failure(target, "written", error) from error
    with contextlib.suppress(OSError):  # the file is whole already; this only hastens its name
        disk.sync_folder(target.parent)


def write_text(path: str | os.PathLike[str], text: str, disk: Disk = DISK) -> Path:
    """Write text as UTF-8 with its line ends as they are, whole or not at all (StoreError).

    A file's name that is no UTF-8 holds letters that UTF-8 lacks; they are written as escapes,
    which JSON reads as the same letters.
    """
    return write_bytes(path, text.encode("utf-8", errors="backslashreplace"), disk)


def remove(path: Path, disk: Disk = DISK) -> None:
    """The file is gone, or a StoreError tells why it is not."""
    try:
        disk.remove(path)
    except OSError as error:
        raise failure(path, "removed", error) from error


def clear_leftovers(
    folder: Path, older_than_seconds: float = LEFTOVER_AGE_SECONDS, disk: Disk = DISK
) -> int:
    """Remove the files that killed writers left in a folder; return how many there were."""
    cleared = 0
    for path in folder.glob(f".*{LEFTOVER}"):
        with contextlib.suppress(OSError):  # it may just have been removed by somebody else
            if time.time() - path.stat().st_mtime >= older_than_seconds:
                disk.remove(path)
                cleared += 1
    return cleared

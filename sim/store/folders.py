"""Where results lie: `results/<experiment or scenario>/`, and no path from an unchecked name."""

import contextlib
import os
import re
from collections.abc import Iterator
from pathlib import Path

from sim.store.atomic import DISK, Disk, StoreError, failure

_SAFE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}")

# The folders of a store: here alone are they listed.
TRAJECTORIES, RUNS, OUTCOMES = "trajectories", "runs", "outcomes"
FAILED, CATALOGUE, STATES = "failed", "catalogue", "states"
BROKEN = "broken"  # what is not whole, kept for whoever can mend it
FIGURES = "figures"  # drawn from the runs, and drawn again at need
KEPT_IN = (TRAJECTORIES, RUNS, OUTCOMES, FAILED, CATALOGUE, STATES, BROKEN)
# A store has one of these from its first run or failure on; states alone are no results, and any
# folder may be called runs.
_MARKS = (TRAJECTORIES, FAILED, CATALOGUE, f"{CATALOGUE}.json")


def store_folder(results: str | os.PathLike[str], name: str) -> Path:
    """The folder of an experiment's or scenario's results; refuses a name that is no plain word.

    Raises:
        StoreError: the name holds anything but letters, digits, - and _.
    """
    from sim.scenario.find import is_reserved

    if not _SAFE_NAME.fullmatch(name) or is_reserved(name.lower()):
        raise StoreError(
            repr(name),
            "cannot name a folder of results",
            "use letters, digits, - and _, at most 100, beginning with a letter or digit",
        )
    return Path(results) / name


def usable_folder(folder: str | os.PathLike[str], disk: Disk = DISK) -> Path:
    """A folder to write to, made now, so that hours of runs do not end at a closed door.

    Raises:
        StoreError: it cannot be made or written to.
    """
    path = Path(folder)
    try:
        disk.make_folder(path)
    except OSError as error:
        raise failure(path, "made", error) from error
    if not os.access(path, os.W_OK):
        raise StoreError(path, "cannot be written to", "choose another folder")
    return path


@contextlib.contextmanager
def folder_to_fill(folder: str | os.PathLike[str], disk: Disk = DISK) -> Iterator[Path]:
    """A usable folder; if what it was made for fails before anything lies there, it goes again.

    Raises:
        StoreError: as `usable_folder`.
    """
    path = Path(folder)
    made = [each for each in (path, *path.parents) if not os.path.lexists(each)]
    try:
        yield usable_folder(path, disk)
    except BaseException:
        for each in made:
            with contextlib.suppress(OSError):  # one that holds something stays
                each.rmdir()
        raise


def find_stores(folder: str | os.PathLike[str]) -> list[Path]:
    """The stores in a folder: itself, or those directly below it, by name."""
    top = Path(folder)
    if _is_store(top):
        return [top]
    if not top.is_dir():
        return []
    return sorted(below for below in top.iterdir() if below.is_dir() and _is_store(below))


def spare(target: str | os.PathLike[str], *sources: str | os.PathLike[str]) -> None:
    """Refuse to write over what the writing reads.

    Args:
        target: the file that somebody wants to have written.
        sources: files that are read for it, and folders of results.

    Raises:
        StoreError: the target is one of the files, or one by which a folder keeps its results.
    """
    path = Path(target).resolve()
    for source in map(Path, sources):
        if source.resolve() == path and source.is_file():
            raise StoreError(target, "is what is read for it", "choose another file")
        if path.is_relative_to(source.resolve()) and source.is_dir():
            inside = path.relative_to(source.resolve()).parts
            kept = len(inside) > 1 and inside[0] in KEPT_IN
            if kept or (len(inside) == 1 and path.suffix == ".json" and path.is_file()):
                raise StoreError(target, "is where results are kept", "choose another file")


def _is_store(folder: Path) -> bool:
    """Whether a folder holds runs, failed ones, or a catalogue of them."""
    return any((folder / mark).exists() for mark in _MARKS)

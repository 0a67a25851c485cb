"""Moves finished runs from files of their own into parts, so that a store has few files.

A part is sealed before anything that it holds is removed, and what is removed was read back from
it first. Whoever is killed at any moment leaves each run whole in at least one place, and counted
once; the next compaction or repair clears away what it stands in besides.
"""

import contextlib
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from sim.store.atomic import DISK, LEFTOVER, Disk, StoreError, failure
from sim.store.finished import FinishedRuns
from sim.store.folders import BROKEN, OUTCOMES, RUNS, TRAJECTORIES
from sim.store.lock import compaction_lock
from sim.store.parquet import opened_parquet
from sim.store.part_writing import NothingWholeError, Written, write_part
from sim.store.parts import Part, is_part_name, part_files, part_names
from sim.store.places import InFile, InPart
from sim.store.run_id import SHORT_LENGTH
from sim.store.trajectories import RUN_ID

RUNS_PER_PART = 1000

Progress = Callable[[int, int], None]


class Compacted(NamedTuple):
    """What a compaction did."""

    runs: int  # that were moved into parts, those of smaller parts included
    parts: int  # that were written
    broken: list[str]  # messages about runs that are not whole; they are left where they are


def compact(
    folder: Path,
    disk: Disk = DISK,
    runs_per_part: int = RUNS_PER_PART,
    progress: Progress | None = None,
) -> Compacted:
    """Move the runs that stand alone into parts, and merge parts that are less than half full.

    Args:
        folder: the store's folder; nothing happens when it is not there.
        disk: the calls to write by.
        runs_per_part: how many runs a part holds at most.
        progress: called with the runs moved and the runs to move.

    Raises:
        StoreError: the system refuses, or another command compacts this store. Nothing is lost.
    """
    if not folder.is_dir():
        return Compacted(0, 0, [])
    with compaction_lock(folder):
        finished = FinishedRuns(folder)
        tidy(finished, disk)
        plan = list(_loads(finished, runs_per_part))
        total, moved, parts = sum(map(_size, plan)), 0, 0
        broken: list[str] = []
        for load in plan:
            written = fill(finished, load, disk)
            moved += len(written.moved)
            parts += bool(written.moved)
            broken += map(str, written.broken)
            if progress is not None:
                progress(moved, total)
        _set_torn_aside(finished, disk)
        return Compacted(moved, parts, broken)


class Load(NamedTuple):
    """What goes into one new part: runs that stand alone, and whole smaller parts."""

    files: list[Path]
    parts: list[Part]


def fill(finished: FinishedRuns, load: Load, disk: Disk) -> Written:
    """Write one part, and remove what its runs stood in before.

    A part of which a run is not whole goes to the folder of broken ones, and its whole runs into
    the new part. The caller holds the compaction lock.
    """
    rows = [InPart(part, row) for part in load.parts for row in range(len(part))]
    places: list[InFile | InPart] = [*map(InFile, load.files), *rows]
    places.sort(key=_order)
    older = {name for part in load.parts for name in part.replaces}
    replaces = older & set(part_names(finished.folder)) | {part.name for part in load.parts}
    try:
        name = next_name(finished)
        written = write_part(finished.folder, name, places, sorted(replaces), disk)
    except NothingWholeError as nothing:
        return Written([], nothing.broken)
    for part in load.parts:
        if sum(isinstance(place, InPart) and place.part is part for place in written.moved) < len(
            part
        ):
            set_part_aside(finished.folder, part.name, disk)
        else:
            remove_part(finished.folder, part.name, disk)
    for place in written.moved:
        if isinstance(place, InFile):
            _remove(place.path, disk)
    return written


def tidy(finished: FinishedRuns, disk: Disk) -> None:
    """Clear away what a killed compaction left: half files, replaced parts, runs in two places.

    The caller holds the compaction lock.
    """
    folder = finished.folder
    for kind in (RUNS, OUTCOMES, TRAJECTORIES):
        for path in (folder / kind).glob(f".part-*{LEFTOVER}"):
            _remove(path, disk)
    parts = finished.parts()
    for name in sorted(finished.replaced()):
        remove_part(folder, name, disk)
    sealed = set(part_names(folder, RUNS))
    for kind in (OUTCOMES, TRAJECTORIES):
        for name in part_names(folder, kind):
            if name not in sealed:
                set_aside(folder, getattr(part_files(folder, name), kind), disk)
    in_parts = {known[:SHORT_LENGTH]: (part, known) for part in parts for known in part.ids()}
    for name, path in finished.singles().items():
        if name in in_parts:
            part, run_id = in_parts[name]
            _remove_if_whole_there(path, part, run_id, disk)


def set_aside(folder: Path, path: Path, disk: Disk) -> None:
    """Move a file that is not whole to the folder `broken/`, from where nothing is read.

    Raises:
        StoreError: the system refuses.
    """
    target = folder / BROKEN / f"{path.parent.name}-{path.name}"
    try:
        disk.make_folder(target.parent)
        disk.replace(path, target)
    except FileNotFoundError:
        return
    except OSError as error:
        raise failure(target, "written", error) from error


def _set_torn_aside(finished: FinishedRuns, disk: Disk) -> None:
    """Put torn parts aside whose runs all stand in whole ones: others read these tables too."""
    torn = [part for part in finished.parts() if part.trouble() is not None]
    whole = [part for part in finished.parts() if part not in torn]
    for part in torn:
        ids = set(part.ids())
        if ids <= {known for other in whole for known in other.ids()}:
            set_part_aside(finished.folder, part.name, disk)


def set_part_aside(folder: Path, name: str, disk: Disk) -> None:
    """Move the files of a part to the folder `broken/`, its list of runs last."""
    for path in part_files(folder, name):
        set_aside(folder, path, disk)


def remove_part(folder: Path, name: str, disk: Disk) -> None:
    """Remove a part that another replaces, its list of runs last."""
    for path in part_files(folder, name):
        if not _remove(path, disk):
            return


def next_name(finished: FinishedRuns) -> str:
    """A name that no part of the store has or had, those that were put aside included."""
    folder, kinds = finished.folder, (RUNS, OUTCOMES, TRAJECTORIES)
    names = {name for kind in kinds for name in part_names(folder, kind)} | finished.replaced()
    for kind in kinds:
        aside = (path.stem[len(kind) + 1 :] for path in (folder / BROKEN).glob(f"{kind}-*.parquet"))
        names |= set(filter(is_part_name, aside))
    return f"part-{max((int(name[5:]) for name in names), default=0) + 1:04d}"


def _remove(path: Path, disk: Disk) -> bool:
    """Whether the file has gone; one that another program reads is removed another time."""
    try:
        disk.remove(path)
    except OSError:
        return False
    return True


def _remove_if_whole_there(path: Path, part: Part, run_id: str, disk: Disk) -> None:
    """Remove a run's own file when the part that holds the run too is whole."""
    row = part.find(run_id)
    with contextlib.suppress(StoreError):
        part.load(row if row is not None else -1)
        _remove(path, disk)
    part.forget()


def _loads(finished: FinishedRuns, runs_per_part: int) -> Iterator[Load]:
    """What goes into each new part: runs whose trajectories have the same columns."""
    alike: dict[str, Load] = {}
    for part in finished.parts():
        if len(part) < runs_per_part / 2 and part.trouble() is None:
            kind, _ = _columns(part.files.trajectories)
            alike.setdefault(kind, Load([], [])).parts.append(part)
    for path in finished.singles().values():
        kind, rows = _columns(path)
        if rows:  # one that is torn stays where it is, to be run again
            alike.setdefault(kind, Load([], [])).files.append(path)
    for load in alike.values():
        yield from _shared_out(load, runs_per_part)


def _columns(path: Path) -> tuple[str, int]:
    """The columns of a trajectory's file with their types, and its rows; none when it is torn."""
    try:
        with opened_parquet(path, "a run file", "") as file:
            schema = file.schema_arrow.remove_metadata()
            kinds = [f"{field.name} {field.type}" for field in schema if field.name != RUN_ID]
            return "\n".join(kinds), int(file.metadata.num_rows)
    except StoreError:
        return "", 0


def _shared_out(load: Load, runs_per_part: int) -> Iterator[Load]:
    """Loads of at most so many runs; parts first, which are not divided."""
    files, parts = deque(load.files), deque(load.parts)
    while files or parts:
        now, room = Load([], []), runs_per_part
        while parts and len(parts[0]) <= room:
            now.parts.append(parts.popleft())
            room -= len(now.parts[-1])
        while files and room:
            now.files.append(files.popleft())
            room -= 1
        if now.files or len(now.parts) > 1:
            yield now


def _size(load: Load) -> int:
    return len(load.files) + sum(map(len, load.parts))


def _order(place: InFile | InPart) -> str:
    if isinstance(place, InFile):
        return place.path.stem
    return str(place.part.run_ids[place.row].decode())

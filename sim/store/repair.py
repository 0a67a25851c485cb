"""What is not whole is found, named and put aside; the catalogue is built anew from the runs."""

from collections.abc import Callable, Iterator
from typing import Any

from sim.store.atomic import Disk, StoreError
from sim.store.catalogue import Catalogue
from sim.store.compaction import Load, fill, set_aside, set_part_aside, tidy
from sim.store.finished import FinishedRuns
from sim.store.parts import Part
from sim.store.places import InFile

Progress = Callable[[int, int], None]


def rebuild(catalogue: Catalogue, finished: FinishedRuns) -> tuple[int, list[str]]:
    """Write the catalogue from the runs; the caller holds its lock.

    Returns:
        How many runs it lists, and one message for each that cannot be listed.
    """
    entries, broken = [], [str(error) for error in finished.torn_parts().values()]
    for place in finished.places():
        try:
            entries.append(place.entry())
        except StoreError as error:
            broken.append(str(error))
    entries.sort(key=lambda entry: (str(entry["created"]), entry["run_id"]))
    catalogue.replace(entries)
    return len(entries), broken


def broken_runs(
    finished: FinishedRuns, progress: Progress | None = None
) -> Iterator[tuple[InFile | Part | str, StoreError]]:
    """Read every run to the last bit: what is not whole (a file, a part, its name), and why."""
    yield from finished.torn_parts().items()
    names = finished.names() if progress is not None else set()
    for number, place in enumerate(finished.places(), start=1):
        try:
            place.load()
        except StoreError as error:
            if not place.gone():
                yield (place if isinstance(place, InFile) else place.part), error
        if progress is not None:
            progress(number, len(names))


def verify(finished: FinishedRuns, progress: Progress | None = None) -> dict[str, Any]:
    """Read every run to the last bit: `runs` (how many there are), `broken` (messages)."""
    broken = [str(error) for _, error in broken_runs(finished, progress)]
    return {"runs": len(finished.names()), "broken": list(dict.fromkeys(broken))}


def put_broken_aside(
    finished: FinishedRuns, disk: Disk, progress: Progress | None = None
) -> list[str]:
    """Move what is not whole to the folder `broken/`, and save what is whole beside it in parts.

    The caller holds the compaction lock.

    Returns:
        One message for each broken run or part.
    """
    tidy(finished, disk)
    messages: dict[str, None] = {}
    parts: dict[str, Part] = {}
    for what, error in list(broken_runs(finished, progress)):
        messages[str(error)] = None
        if isinstance(what, InFile):
            set_aside(finished.folder, what.path, disk)
        elif isinstance(what, Part):
            parts[what.name] = what
        else:
            set_part_aside(finished.folder, what, disk)
    for name, part in parts.items():
        if not fill(finished, Load([], [part]), disk).moved:
            set_part_aside(finished.folder, name, disk)
    return list(messages)

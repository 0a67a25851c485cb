"""The runs themselves tell what the catalogue should list; here it is held to them by reading.

A catalogue may be missing, torn, or behind the runs because its writer was killed. Readers then
see what it should be.
"""

from collections import deque
from collections.abc import Callable, Iterator
from typing import Any

from sim.store.catalogue import Catalogue
from sim.store.finished import FinishedRuns
from sim.store.run_id import SHORT_LENGTH


def unlisted(finished: FinishedRuns, names: set[str]) -> Iterator[dict[str, Any]]:
    """Entries of the runs of these short ids, read from the runs themselves."""
    if not names:
        return
    for _, entry in finished.read_each(
        lambda place: place.entry() if place.short in names else None
    ):
        if isinstance(entry, dict):
            yield entry


def latest_entries(
    catalogue: Catalogue,
    finished: FinishedRuns,
    most: int | None = None,
    wanted: Callable[[dict[str, Any]], bool] | None = None,
) -> tuple[list[dict[str, Any]], int]:
    """The newest entries, oldest of them first, and how many are wanted in all.

    Args:
        catalogue: the index.
        finished: the runs.
        most: how many at most; None means all.
        wanted: which entries count; None means all.

    Runs that have gone are left out, runs that the catalogue lacks are read from their own files;
    those that are broken have no entry, and `verify` tells of them. Only these entries are held in
    memory, and one file of the catalogue.
    """
    left = finished.names()
    found: deque[dict[str, Any]] = deque()
    count = 0
    for entry in catalogue.newest_first():
        name = str(entry["run_id"])[:SHORT_LENGTH]
        if name not in left:
            continue
        left.remove(name)
        if wanted is None or wanted(entry):
            count += 1
            if most is None or len(found) < most:
                found.appendleft(entry)
    for entry in unlisted(finished, left):  # a killed writer's, so the newest
        if wanted is None or wanted(entry):
            count += 1
            found.append(entry)
            if most is not None and len(found) > most:
                found.popleft()
    return list(found), count

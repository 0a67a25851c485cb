"""What is not whole is found, named and put aside; the catalogue is built anew from the runs."""

from sim.store.atomic import Disk, StoreError
from sim.store.catalogue import Catalogue
from sim.store.compaction import Load, fill, set_aside, set_part_aside, tidy
from sim.store.failures import Failures
from sim.store.finished import FinishedRuns
from sim.store.parts import Part
from sim.store.places import InFile
from sim.store.verify import Progress, broken_runs


def rebuild(catalogue: Catalogue, finished: FinishedRuns) -> int:
    """Write the catalogue from the runs that are whole; the caller holds its lock.

    Returns:
        How many runs it lists.
    """
    found = (entry for _, entry in finished.read_each(lambda place: place.entry()))
    entries = [entry for entry in found if not isinstance(entry, StoreError)]
    entries.sort(key=lambda entry: (str(entry["created"]), entry["run_id"]))
    catalogue.replace(entries)
    return len(entries)


def put_broken_aside(
    finished: FinishedRuns, failures: Failures, disk: Disk, progress: Progress | None = None
) -> list[str]:
    """Move what is not whole to the folder `broken/`, and save what is whole beside it in parts.

    The caller holds the compaction lock.

    Returns:
        One message for each broken run, part, or note of a failed run.
    """
    tidy(finished, disk)
    messages: dict[str, None] = {}
    parts: dict[str, Part] = {}
    for what, error, _ in list(broken_runs(finished, progress)):
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
    for path, error in failures.torn():
        messages[str(error)] = None
        set_aside(finished.folder, path, disk)
    return list(messages)

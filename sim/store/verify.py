"""Every run is read to the last bit; what is not whole is named. Nothing is written."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from sim.store.atomic import StoreError
from sim.store.failures import Failures
from sim.store.finished import FinishedRuns
from sim.store.parts import Part
from sim.store.places import InFile

Progress = Callable[[int, int], None]


class Broken(NamedTuple):
    """What is not whole (a file, a part, the name of one that cannot be opened), and why."""

    what: InFile | Part | str
    error: StoreError
    runs: int  # of those in the list of runs, how many are lost by it


def broken_runs(finished: FinishedRuns, progress: Progress | None = None) -> Iterator[Broken]:
    """Read every run, and every table of runs, to the last bit: what is not whole."""
    for name, error in finished.torn_parts().items():
        yield Broken(name, error, 0)
    for part in finished.parts():
        trouble = part.trouble() or part.table_trouble()
        if trouble is not None and part in finished.parts():  # else it was replaced meanwhile
            yield Broken(part, trouble, 0)
    yield from _torn_runs(finished, progress)


def _torn_runs(finished: FinishedRuns, progress: Progress | None) -> list[Broken]:
    """The files and parts in which a run is torn; none is lost if it is whole elsewhere."""
    names = finished.names() if progress is not None else set()
    torn: list[Broken] = []
    last = ""
    for number, (place, run) in enumerate(finished.read_each(lambda place: place.load()), start=1):
        if not isinstance(run, StoreError):
            if place.short == last:  # what is whole follows what is torn
                torn[-1] = torn[-1]._replace(runs=0)
        elif not place.gone():
            torn.append(Broken(place if isinstance(place, InFile) else place.part, run, 1))
            last = place.short
        if progress is not None:
            progress(min(number, len(names)), len(names))  # a run beside its torn file counts once
    return torn


def verify(
    finished: FinishedRuns, failures: Failures, progress: Progress | None = None
) -> dict[str, Any]:
    """Read every run, and every note of a failed one.

    Returns:
        `runs` (how many are whole) and `broken` (a message for each thing that is not whole).
    """
    found = list(broken_runs(finished, progress))
    broken = [str(each.error) for each in found]
    broken += [str(error) for _, error in failures.torn()]
    whole = len(finished.names()) - sum(each.runs for each in found)
    return {"runs": whole, "broken": list(dict.fromkeys(broken))}

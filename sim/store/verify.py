"""Every run is read to the last bit; what is not whole is named. Nothing is written."""

from collections.abc import Callable, Iterator
from typing import Any

from sim.store.atomic import StoreError
from sim.store.failures import Failures
from sim.store.finished import FinishedRuns
from sim.store.parts import Part
from sim.store.places import InFile

Progress = Callable[[int, int], None]


def broken_runs(
    finished: FinishedRuns, progress: Progress | None = None
) -> Iterator[tuple[InFile | Part | str, StoreError]]:
    """Read every run to the last bit: what is not whole (a file, a part, its name), and why."""
    yield from finished.torn_parts().items()
    names = finished.names() if progress is not None else set()
    for number, (place, run) in enumerate(finished.read_each(lambda place: place.load()), start=1):
        if isinstance(run, StoreError) and not place.gone():
            yield (place if isinstance(place, InFile) else place.part), run
        if progress is not None:
            progress(number, len(names))


def verify(
    finished: FinishedRuns, failures: Failures, progress: Progress | None = None
) -> dict[str, Any]:
    """Read every run, and every note of a failed one.

    Returns:
        `runs` (how many there are) and `broken` (a message for each thing that is not whole).
    """
    broken = [str(error) for _, error in broken_runs(finished, progress)]
    broken += [str(error) for _, error in failures.torn()]
    return {"runs": len(finished.names()), "broken": list(dict.fromkeys(broken))}

"""A store as one reads it: which runs there are, and what is known of them. Nothing is written.

Making a reader touches nothing on the disk. What it tells is what the runs themselves tell; the
catalogue only spares it to read each of them.
"""

import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.store.atomic import DISK, Disk, StoreError
from sim.store.catalogue import Catalogue
from sim.store.failures import Failures
from sim.store.finished import FinishedRuns
from sim.store.folders import FIGURES
from sim.store.frames import outcomes_frame, overall_frame, runs_frame
from sim.store.listing import latest_entries
from sim.store.trajectories import StoredRun
from sim.store.verify import verify

if TYPE_CHECKING:
    import pandas as pd

_ID_START = re.compile(r"[0-9a-f]{4,64}")


class StoreReader:
    """The finished runs in one folder, and those that failed."""

    def __init__(self, path: str | os.PathLike[str], disk: Disk = DISK) -> None:
        """Look at a folder as a store; nothing need be there."""
        self.path = Path(path)
        self.disk = disk
        self.finished = FinishedRuns(self.path)
        self._failures = Failures(self.path, disk)
        self._catalogue = Catalogue(self.path, disk)

    @property
    def trajectories(self) -> Path:
        """Folder of the runs' files."""
        return self.finished.trajectories

    @property
    def figures(self) -> Path:
        """Folder for figures; made by whoever draws one."""
        return self.path / FIGURES

    @property
    def report(self) -> Path:
        """Path of the one-file report."""
        return self.path / "report.html"

    def run_path(self, run_id: str) -> Path:
        """The file of a run that stands alone, there or not."""
        return self.finished.single(run_id)

    def file_of(self, run_id: str) -> Path:
        """The file that holds a run's curves: its own, there or not, unless it is in a part."""
        places = self.finished.locate(run_id)
        return places[0].path if places else self.run_path(run_id)

    def has(self, run_id: str) -> bool:
        """Whether the run is stored and its file is whole; a torn file counts as none.

        Raises:
            StoreError: the file holds another run whose id begins alike.
        """
        return bool(self.finished.stored([run_id]))

    def stored(self, run_ids: Iterable[str], broken: list[str] | None = None) -> set[str]:
        """Those of these runs that `has` is true of; `broken` takes what is wrong with torn files.

        Many are looked up at once.
        """
        return self.finished.stored(run_ids, broken)

    def load(self, run_id: str) -> StoredRun:
        """Document, outcomes and trajectory of a run.

        Raises:
            StoreError: it is not there, or its file is torn.
        """
        return self.finished.read(run_id, lambda place: place.load())

    def failures(self) -> list[dict[str, Any]]:
        """What is known of each failed run: run_id, settings, seed, reason, traceback, failed.

        A note that is torn is left out, as if the run had not been tried; `verify` names it.
        """
        failed = self._failures.whole()
        done = self.stored([document["run_id"] for document in failed])
        return [document for document in failed if document["run_id"] not in done]

    def run_ids(self) -> list[str]:
        """Ids of all stored runs, in the order of the catalogue."""
        return [str(entry["run_id"]) for entry in self.entries()]

    def find(self, start: str) -> list[str]:
        """Ids that begin with these hexadecimal digits (at least four)."""
        if not _ID_START.fullmatch(start):
            raise StoreError(start, "is not the beginning of a run id", "give 4 to 64 hex digits")
        return self.finished.find(start)

    def entries(self) -> list[dict[str, Any]]:
        """The catalogue as it should be: one short document a run, whatever the index lacks."""
        return self.latest()[0]

    def latest(
        self, most: int | None = None, wanted: Callable[[dict[str, Any]], bool] | None = None
    ) -> tuple[list[dict[str, Any]], int]:
        """The newest entries, oldest of them first, and how many are wanted in all.

        Only these (at most so many) are held in memory, however large the catalogue is.
        """
        return latest_entries(self._catalogue, self.finished, most, wanted)

    def runs(self) -> "pd.DataFrame":
        """One row a run: run_id, scenario, seed, created, version, settings.*, outcomes.*."""
        return runs_frame(self.entries())

    def summaries(
        self, run_ids: Iterable[str] | None = None
    ) -> "Iterator[tuple[dict[str, Any], pd.DataFrame]]":
        """Document and all outcomes of each run, read from the runs themselves.

        Raises:
            StoreError: one of these runs is not there, or not whole.
        """
        if run_ids is not None:
            for known in run_ids:
                yield self.finished.read(known, lambda place: place.summary())
            return
        for _, summary in self.finished.read_each(lambda place: place.summary()):
            if isinstance(summary, StoreError):
                raise summary
            yield summary

    def outcomes(self, run_ids: Iterable[str] | None = None) -> "pd.DataFrame":
        """Long frame for comparisons: run_id, scenario, seed, outcome, by, group, value, unit."""
        return outcomes_frame(self.summaries(run_ids))

    def overall(
        self,
        outcomes: Sequence[str],
        run_ids: Sequence[str],
        broken: dict[str, str] | None = None,
    ) -> "pd.DataFrame":
        """Outcomes over everybody, with the ids (each once) as index and one column an outcome.

        Thousands of runs in parts are read in a moment. Runs that are not there, or torn, have no
        row, and `broken` takes by id what is wrong with the torn; an outcome that a run lacks is
        NaN.
        """
        return overall_frame(self.finished, outcomes, run_ids, broken)

    def verify(self, progress: Callable[[int, int], None] | None = None) -> dict[str, Any]:
        """Read every run to the last bit.

        Returns:
            `runs` (how many are whole) and `broken` (a message for each that is not whole).
        """
        return verify(self.finished, self._failures, progress)

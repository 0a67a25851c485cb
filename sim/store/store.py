"""A store keeps the finished runs of one experiment or scenario, each once.

    <folder>/trajectories/<16 digits of the id>.parquet           a run that stands alone
    <folder>/{runs,outcomes,trajectories}/part-0001.parquet       many runs, compacted
    <folder>/catalogue.json, or catalogue/NNNN.json               an index, built anew at need
    <folder>/failed/<16 digits of the id>.json                    a run that failed, and why
    <folder>/broken/                                              files found torn
    <folder>/figures/, <folder>/report.html                       what is drawn from the runs

The runs are the truth, wherever they stand; all else follows from them.

A caller asks `has` before it computes, so a sweep that was stopped goes on where it was.
"""

import contextlib
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from sim.store import repair
from sim.store.atomic import (
    DISK,
    LEFTOVER_AGE_SECONDS,
    Disk,
    StoreError,
    clear_leftovers,
    write_bytes,
)
from sim.store.catalogue import Catalogue
from sim.store.compaction import Compacted, compact
from sim.store.failures import Failures
from sim.store.finished import FinishedRuns
from sim.store.folders import usable_folder
from sim.store.frames import outcomes_frame, overall_frame, runs_frame
from sim.store.listing import current_entries, latest_entries, unlisted
from sim.store.lock import WAIT_SECONDS, compaction_lock, sweep_lock, writer_lock
from sim.store.run_id import SHORT_LENGTH
from sim.store.trajectories import PackedRun, StoredRun, pack_run

if TYPE_CHECKING:
    import pandas as pd

_ID_START = re.compile(r"[0-9a-f]{4,64}")


class Store:
    """The finished runs in one folder; a context manager that writes the catalogue at its end.

    Making one touches nothing on the disk; the folder appears with the first run.
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        *,
        runs_per_batch: int = 50,
        compact_at: int | None = None,
        wait_seconds: float = WAIT_SECONDS,
        disk: Disk = DISK,
    ) -> None:
        """Look at a folder as a store.

        Args:
            path: the store's folder.
            runs_per_batch: after so many runs the catalogue is written.
            compact_at: when so many runs stand alone they are moved into a part; None: never.
            wait_seconds: how long to wait for another writer of the catalogue.
            disk: the calls to write by.
        """
        self.path = Path(path)
        self.runs_per_batch = runs_per_batch
        self.compact_at = compact_at
        self.wait_seconds = wait_seconds
        self.disk = disk
        self.finished = FinishedRuns(self.path)
        self._failures = Failures(self.path, disk)
        self._catalogue = Catalogue(self.path, disk)
        self._waiting: list[dict[str, Any]] = []
        self._index_checked = False

    @property
    def trajectories(self) -> Path:
        """Folder of the runs' files."""
        return self.finished.trajectories

    @property
    def figures(self) -> Path:
        """Folder for figures; made by whoever draws one."""
        return self.path / "figures"

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

    def stored(self, run_ids: Iterable[str]) -> set[str]:
        """Those of these runs that `has` is true of: many are looked up at once."""
        return self.finished.stored(run_ids)

    def load(self, run_id: str) -> StoredRun:
        """Document, outcomes and trajectory of a run.

        Raises:
            StoreError: it is not there, or its file is torn.
        """
        run: StoredRun = self.finished.read(run_id, "load")
        return run

    def save(
        self, document: Mapping[str, Any], outcomes: "pd.DataFrame", trajectory: "pd.DataFrame"
    ) -> Path:
        """Store a finished run; it is on the disk, whole, when this returns.

        Raises:
            StoreError: it cannot be written; what was there before is as it was.
        """
        return self.keep(pack_run(document, outcomes, trajectory))

    def keep(self, packed: PackedRun) -> Path:
        """Store a run as `save` does; `pack_run` packed it, perhaps in another process."""
        path = self.write(packed)
        self.list_run(packed.entry)
        return path

    def write(self, packed: PackedRun) -> Path:
        """Put a run on the disk, whole; any process may, and one of them must `list_run` it.

        Raises:
            StoreError: it cannot be written; what was there before is as it was.
        """
        path = self.run_path(packed.run_id)
        self.has(packed.run_id)  # another run under this name is refused; a torn file written over
        return write_bytes(path, packed.content, self.disk)

    def list_run(self, entry: Mapping[str, Any]) -> None:
        """Take a run that is on the disk into the catalogue, with the next batch."""
        self._failures.forget(str(entry["run_id"]))
        self._waiting.append(dict(entry))
        if len(self._waiting) >= self.runs_per_batch:
            self.flush()

    def keep_failure(
        self,
        run_id: str,
        settings: Mapping[str, Any],
        seed: int,
        reason: str,
        traceback: str = "",
        *,
        facts: Mapping[str, Any] | None = None,
    ) -> Path:
        """Keep why a run failed, until it succeeds; the arguments are those of `Failures.keep`."""
        return self._failures.keep(run_id, settings, seed, reason, traceback, facts=facts)

    def failures(self) -> list[dict[str, Any]]:
        """What is known of each failed run: run_id, settings, seed, reason, traceback, failed.

        Raises:
            StoreError: one of these documents is torn; it is named.
        """
        failed = list(self._failures.documents())
        done = self.stored([document["run_id"] for document in failed])
        return [document for document in failed if document["run_id"] not in done]

    def flush(self) -> None:
        """Write the runs stored since the last time into the catalogue, in one batch."""
        if not self._waiting:
            return
        with writer_lock(self.path, self.wait_seconds):
            if not self._index_checked:
                self._clear_leftovers()
            try:
                self._catalogue.add([*self._unlisted(), *self._waiting])
            except StoreError:  # where the disk is full this fails too
                repair.rebuild(self._catalogue, self.finished)
        self._index_checked = True
        self._waiting.clear()
        if self.compact_at is not None and len(self.finished.singles()) >= self.compact_at:
            with contextlib.suppress(StoreError):  # the runs are safe; the next batch tries again
                self.compact()

    def _unlisted(self) -> list[dict[str, Any]]:
        """Entries of earlier runs that the catalogue lacks, since their writer was killed.

        Raises:
            StoreError: a file of the catalogue is torn.
        """
        if self._index_checked:
            return []
        known = {run_id[:SHORT_LENGTH] for run_id in self._catalogue.entries()}
        known |= {str(entry["run_id"])[:SHORT_LENGTH] for entry in self._waiting}
        return list(unlisted(self.finished, self.finished.names() - known))

    def _clear_leftovers(self, older_than_seconds: float = LEFTOVER_AGE_SECONDS) -> int:
        """Clear away what killed writers left in any folder of the store; how many there were."""
        inside = ("trajectories", "outcomes", "runs", "failed", "catalogue", "figures")
        folders = (self.path, *(self.path / name for name in inside))
        return sum(clear_leftovers(folder, older_than_seconds, self.disk) for folder in folders)

    def compact(self, progress: Callable[[int, int], None] | None = None) -> Compacted:
        """Move the runs that stand alone into parts: a few files for thousands of runs.

        Raises:
            StoreError: the system refuses, or another command is at it. No run is lost.
        """
        self.flush()
        return compact(self.path, self.disk, progress=progress)

    @contextlib.contextmanager
    def only_sweep(self) -> Iterator[None]:
        """Be the only sweep on this store; StoreError, at once, when there is another."""
        with sweep_lock(usable_folder(self.path, self.disk)):
            yield

    def close(self) -> None:
        """Write what the catalogue still lacks."""
        self.flush()

    def __enter__(self) -> "Store":
        """The store itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Write the catalogue; a failure to do so never hides the error that ended the block."""
        try:
            self.close()
        except StoreError as failed:
            if error is None:
                raise
            error.add_note(f"besides, the catalogue was not written: {failed}")

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
        return list(current_entries(self._catalogue, self.finished).values())

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
        """Document and all outcomes of each run, read from the runs themselves."""
        if run_ids is None:
            return (place.summary() for place in self.finished.places())
        return (self.finished.read(known, "summary") for known in run_ids)

    def outcomes(self, run_ids: Iterable[str] | None = None) -> "pd.DataFrame":
        """Long frame for comparisons: run_id, scenario, seed, outcome, by, group, value, unit."""
        return outcomes_frame(self.summaries(run_ids))

    def overall(self, outcomes: Sequence[str], run_ids: Sequence[str]) -> "pd.DataFrame":
        """Outcomes over everybody, with the ids as index and one column an outcome.

        Thousands of runs in parts are read in a moment. Runs that are not there, or torn, have no
        row; an outcome that a run lacks is NaN.
        """
        return overall_frame(self.finished, outcomes, run_ids)

    def repair(
        self,
        leftovers_older_than_seconds: float = LEFTOVER_AGE_SECONDS,
        progress: Callable[[int, int], None] | None = None,
    ) -> dict[str, Any]:
        """Read every run, put aside what is not whole, and build the catalogue anew.

        Returns:
            `runs` (how many are whole), `broken` (messages; these files are moved to `broken/`, and
            their runs are computed anew the next time), `leftovers` (how many files of killed
            writers were removed).
        """
        if not self.path.is_dir():
            raise StoreError(self.path, "no such folder of results")
        with compaction_lock(self.path, self.wait_seconds):
            broken = repair.put_broken_aside(self.finished, self.disk, progress)
            with writer_lock(self.path, self.wait_seconds):
                runs, _ = repair.rebuild(self._catalogue, self.finished)
        cleared = self._clear_leftovers(leftovers_older_than_seconds)
        return {"runs": runs, "broken": broken, "leftovers": cleared}

    def verify(self, progress: Callable[[int, int], None] | None = None) -> dict[str, Any]:
        """Read every run to the last bit.

        Returns:
            `runs` (how many there are) and `broken` (a message for each that is not whole).
        """
        return repair.verify(self.finished, progress)

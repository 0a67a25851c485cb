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
from collections.abc import Callable, Iterator, Mapping
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
from sim.store.compaction import Compacted, compact
from sim.store.folders import FIGURES, KEPT_IN, usable_folder
from sim.store.listing import unlisted
from sim.store.lock import WAIT_SECONDS, compaction_lock, sweep_lock, writer_lock
from sim.store.reading import StoreReader
from sim.store.run_id import SHORT_LENGTH
from sim.store.trajectories import PackedRun, pack_run

if TYPE_CHECKING:
    import pandas as pd


class Store(StoreReader):
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
        super().__init__(path, disk)
        self.runs_per_batch = runs_per_batch
        self.compact_at = compact_at
        self.wait_seconds = wait_seconds
        self._waiting: list[dict[str, Any]] = []
        self._index_checked = False

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
        self.finished.refuse_another(packed.run_id)
        path = self.run_path(packed.run_id)
        return write_bytes(path, packed.content, self.disk)

    def list_run(self, entry: Mapping[str, Any]) -> None:
        """Take a run that is on the disk into the catalogue, with the next batch."""
        self.forget_failure(entry)
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

    def forget_failure(self, run: Mapping[str, Any]) -> None:
        """A run of this run_id, scenario, settings and seed is there: its failures are no more."""
        self._failures.forget(run)

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
        folders = (self.path, *(self.path / name for name in (*KEPT_IN, FIGURES)))
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

        Raises:
            StoreError: there is no such folder, the system refuses, or another command is at it.
        """
        if not self.path.is_dir():
            raise StoreError(self.path, "no such folder of results")
        with compaction_lock(self.path, self.wait_seconds, surely=False):
            broken = repair.put_broken_aside(self.finished, self._failures, self.disk, progress)
            with writer_lock(self.path, self.wait_seconds):
                runs = repair.rebuild(self._catalogue, self.finished)
        cleared = self._clear_leftovers(leftovers_older_than_seconds)
        return {"runs": runs, "broken": broken, "leftovers": cleared}

"""A store keeps the finished runs of one experiment or scenario, each once.

    <folder>/trajectories/<first 16 digits of the id>.parquet     the runs themselves: the truth
    <folder>/catalogue.json, or catalogue/NNNN.json               an index, built anew at need
    <folder>/figures/, <folder>/report.html                       what is drawn from them

A caller asks `has` before it computes, so a sweep that was stopped goes on where it was.
"""

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from sim.store.atomic import DISK, LEFTOVER_AGE_SECONDS, Disk, StoreError, clear_leftovers
from sim.store.catalogue import Catalogue
from sim.store.document import catalogue_entry
from sim.store.lock import WAIT_SECONDS, writer_lock
from sim.store.repair import current_entries, rebuild, verify_files
from sim.store.run_id import short_id
from sim.store.trajectories import StoredRun, read_run, read_summary, write_run

if TYPE_CHECKING:
    import pandas as pd

_RUN_COLUMNS = ("run_id", "scenario", "seed", "created", "version")
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
        wait_seconds: float = WAIT_SECONDS,
        disk: Disk = DISK,
    ) -> None:
        """Look at a folder as a store.

        Args:
            path: the store's folder.
            runs_per_batch: after so many runs the catalogue is written.
            wait_seconds: how long to wait for another writer of the catalogue.
            disk: the calls to write by.
        """
        self.path = Path(path)
        self.runs_per_batch = runs_per_batch
        self.wait_seconds = wait_seconds
        self.disk = disk
        self._catalogue = Catalogue(self.path, disk)
        self._waiting: list[dict[str, Any]] = []
        self._index_checked = False

    @property
    def trajectories(self) -> Path:
        """Folder of the runs' files."""
        return self.path / "trajectories"

    @property
    def figures(self) -> Path:
        """Folder for figures; made by whoever draws one."""
        return self.path / "figures"

    @property
    def report(self) -> Path:
        """Path of the one-file report."""
        return self.path / "report.html"

    def run_path(self, run_id: str) -> Path:
        """The file of a run, there or not."""
        return self.trajectories / f"{short_id(run_id)}.parquet"

    def has(self, run_id: str) -> bool:
        """Whether the run is stored and its file is whole; a torn file counts as none.

        Raises:
            StoreError: the file holds another run whose id begins alike.
        """
        path = self.run_path(run_id)
        if not path.exists():
            return False
        try:
            document, _ = read_summary(path)
        except StoreError:
            return False
        self._check_id(path, document, run_id)
        return True

    def load(self, run_id: str) -> StoredRun:
        """Document, outcomes and trajectory of a run.

        Raises:
            StoreError: it is not there, or its file is torn.
        """
        path = self.run_path(run_id)
        if not path.exists():
            raise StoreError(path, "no such run here")
        run = read_run(path)
        self._check_id(path, run.document, run_id)
        return run

    def save(
        self, document: Mapping[str, Any], outcomes: "pd.DataFrame", trajectory: "pd.DataFrame"
    ) -> Path:
        """Store a finished run; it is on the disk, whole, when this returns.

        Raises:
            StoreError: it cannot be written; what was there before is as it was.
        """
        run_id = str(document.get("run_id", ""))
        path = self.run_path(run_id)
        self.has(run_id)  # another run under this name is refused; a torn file is written over
        write_run(path, document, outcomes, trajectory, self.disk)
        self._waiting.append(catalogue_entry(document, outcomes))
        if len(self._waiting) >= self.runs_per_batch:
            self.flush()
        return path

    def flush(self) -> None:
        """Write the runs stored since the last time into the catalogue, in one batch."""
        if not self._waiting:
            return
        with writer_lock(self.path, self.wait_seconds):
            if not self._index_checked:
                self._clear_leftovers()
            try:
                self._catalogue.add([*self._unlisted(), *self._waiting])
            except StoreError:
                rebuild(self._catalogue, self.trajectories)  # where the disk is full this fails too
        self._index_checked = True
        self._waiting.clear()

    def _unlisted(self) -> list[dict[str, Any]]:
        """Entries of earlier runs that the catalogue lacks, since their writer was killed."""
        if self._index_checked:
            return []
        listed = self._catalogue.entries()
        known = listed.keys() | {entry["run_id"] for entry in self._waiting}
        current = current_entries(self._catalogue, self.trajectories)
        return [entry for name, entry in current.items() if name not in known]

    def _clear_leftovers(self, older_than_seconds: float = LEFTOVER_AGE_SECONDS) -> int:
        """Clear away what killed writers left in any folder of the store; how many there were."""
        folders = (self.path, self.trajectories, self._catalogue.parts_folder, self.figures)
        return sum(clear_leftovers(folder, older_than_seconds, self.disk) for folder in folders)

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
        return [known for known in self.run_ids() if known.startswith(start)]

    def entries(self) -> list[dict[str, Any]]:
        """The catalogue as it should be: one short document a run, whatever the index lacks."""
        return list(current_entries(self._catalogue, self.trajectories).values())

    def runs(self) -> "pd.DataFrame":
        """One row a run: run_id, scenario, seed, created, version, settings.*, outcomes.*."""
        import pandas as pd

        rows = [_flat(entry) for entry in self.entries()]
        return pd.DataFrame(rows, columns=None if rows else list(_RUN_COLUMNS))

    def summaries(
        self, run_ids: Iterable[str] | None = None
    ) -> Iterator[tuple[dict[str, Any], "pd.DataFrame"]]:
        """Document and all outcomes of each run, read from the runs' own files."""
        for known in self.run_ids() if run_ids is None else run_ids:
            yield read_summary(self.run_path(known))

    def outcomes(self, run_ids: Iterable[str] | None = None) -> "pd.DataFrame":
        """Long frame for comparisons: run_id, scenario, seed, outcome, by, group, value, unit."""
        import pandas as pd

        frames = []
        for document, outcomes in self.summaries(run_ids):
            for place, key in enumerate(("run_id", "scenario", "seed")):
                outcomes.insert(place, key, document[key])
            frames.append(outcomes)
        if frames:
            return pd.concat(frames, ignore_index=True)
        names = ("run_id", "scenario", "seed", "outcome", "by", "group", "value", "unit")
        return pd.DataFrame(columns=list(names))

    def repair(self, leftovers_older_than_seconds: float = LEFTOVER_AGE_SECONDS) -> dict[str, Any]:
        """Build the catalogue anew from the runs' files and clear away what killed writers left.

        Returns:
            `runs` (how many are whole), `broken` (messages; these files are left as they are, and
            are written over when the run is computed again), `leftovers` (how many were removed).
        """
        if not self.path.is_dir():
            raise StoreError(self.path, "no such folder of results")
        with writer_lock(self.path, self.wait_seconds):
            runs, broken = rebuild(self._catalogue, self.trajectories)
        cleared = self._clear_leftovers(leftovers_older_than_seconds)
        return {"runs": runs, "broken": broken, "leftovers": cleared}

    def verify(self) -> dict[str, Any]:
        """Read every run to the last bit.

        Returns:
            `runs` (how many files) and `broken` (one message for each that is not whole).
        """
        return verify_files(self.trajectories)

    def _check_id(self, path: Path, document: Mapping[str, Any], run_id: str) -> None:
        """The full id inside the file must be the one that was meant."""
        if document["run_id"] != run_id:
            raise StoreError(
                path,
                f"holds the run {document['run_id']}, not {run_id}",
                "move it to a store of its own",
            )


def _flat(entry: Mapping[str, Any]) -> dict[str, Any]:
    """A catalogue entry as one row."""
    row = {key: entry.get(key) for key in _RUN_COLUMNS}
    row["version"] = entry.get("provenance", {}).get("version")
    row |= {f"settings.{key}": value for key, value in entry.get("settings", {}).items()}
    row |= {f"outcomes.{key}": value for key, value in entry.get("outcomes", {}).items()}
    return row

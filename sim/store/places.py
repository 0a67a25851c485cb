"""The two places in which a finished run may stand; both tell the same of it.

Every read of a run goes through one of these, so that nothing else needs to know which it is.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.store.atomic import StoreError
from sim.store.document import catalogue_entry
from sim.store.parts import Part
from sim.store.run_id import SHORT_LENGTH, short_id
from sim.store.tables import outcome_table, with_id
from sim.store.trajectories import (
    StoredRun,
    read_document,
    read_run,
    read_run_file,
    read_summary,
)

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa


class InFile(NamedTuple):
    """A run in a file of its own, named after the first digits of its id."""

    path: Path

    @property
    def short(self) -> str:
        """The first digits of its id."""
        return self.path.stem

    def document(self) -> dict[str, Any]:
        """Its document; StoreError if the file is torn or holds another run."""
        return self._checked(read_document(self.path))

    def summary(self) -> "tuple[dict[str, Any], pd.DataFrame]":
        """Its document and outcomes."""
        document, outcomes = read_summary(self.path)
        return self._checked(document), outcomes

    def load(self) -> StoredRun:
        """The whole run, made sure of to the last bit."""
        return self.checked(read_run(self.path))

    def checked(self, run: StoredRun) -> StoredRun:
        """The run that was read from this file; StoreError if the file bears another's name."""
        self._checked(run.document)
        return run

    def entry(self) -> dict[str, Any]:
        """Its entry for the catalogue."""
        return catalogue_entry(*self.summary())

    def curves(self) -> "pa.Table":
        """Its trajectory with its id, as it stands in the file."""
        return with_id(read_run_file(self.path).table, str(self.document()["run_id"]))

    def outcomes(self) -> "pa.Table":
        """Its outcomes with its id."""
        document, outcomes = self.summary()
        return outcome_table(outcomes, str(document["run_id"]), str(self.path))

    def gone(self) -> bool:
        """Whether it was moved away meanwhile; a link to a file that is away is still there."""
        return not (self.path.exists() or self.path.is_symlink())

    def _checked(self, document: dict[str, Any]) -> dict[str, Any]:
        inside = str(document["run_id"])
        if short_id(inside) != self.path.stem:
            raise StoreError(self.path, f"holds the run {inside}", "rename it after that id")
        return document


class InPart(NamedTuple):
    """A run in a part."""

    part: Part
    row: int

    @property
    def short(self) -> str:
        """The first digits of its id."""
        return str(self.part.run_ids[self.row].decode()[:SHORT_LENGTH])

    @property
    def path(self) -> Path:
        """The file that holds its trajectory, beside the runs of its part."""
        return self.part.files.trajectories

    def document(self) -> dict[str, Any]:
        """Its document; StoreError if the part is torn."""
        return self.part.document(self.row)

    def summary(self) -> "tuple[dict[str, Any], pd.DataFrame]":
        """Its document and outcomes."""
        return self.part.summary(self.row)

    def load(self) -> StoredRun:
        """The whole run, made sure of to the last bit."""
        return self.part.load(self.row)

    def entry(self) -> dict[str, Any]:
        """Its entry for the catalogue."""
        return self.part.entry(self.row)

    def curves(self) -> "pa.Table":
        """Its trajectory with its id, as it stands in the file."""
        return self.part.trajectory_table(self.row)

    def outcomes(self) -> "pa.Table":
        """Its outcomes with its id."""
        return self.part.outcome_table(self.row)

    def gone(self) -> bool:
        """Whether it was moved away meanwhile."""
        return not self.part.files.runs.exists()

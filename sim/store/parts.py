"""A part holds up to a thousand finished runs in three Parquet files, tables that any tool reads.

    outcomes/part-0001.parquet       one row a run, outcome and group
    trajectories/part-0001.parquet   one row a run and step
    runs/part-0001.parquet           one row a run: what it was, and its outcomes over everybody

The third file is written last: without it there is no part. It also tells which older parts this
one replaces, so that whoever is killed while parts are merged leaves each run once. Runs stand in
the order of their ids, some dozens to a row group; a run's values and digest are those of its file.
"""

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.store.atomic import StoreError
from sim.store.folders import OUTCOMES, RUNS, TRAJECTORIES
from sim.store.parquet import opened_parquet
from sim.store.tables import named_digest
from sim.store.trajectories import (
    OUTCOME_COLUMNS,
    RUN_ID,
    StoredRun,
    decoded_document,
    framed,
    outcome_frame,
    outcomes_text,
    run_digest,
)

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

SEAL = "shiyu.part"
DIGEST = "digest"  # of the table of runs, in the seal
PLACE_COLUMNS = ("row_group", "outcome_rows", "trajectory_rows")
TEXT_COLUMNS = (RUN_ID, "scenario", "version", "created", "settings", "document", "entry", "digest")
MADE_BY_US = (RUN_ID, "seed", *TEXT_COLUMNS[1:], *PLACE_COLUMNS)
COLUMNS_OF = {OUTCOMES: (RUN_ID, *OUTCOME_COLUMNS), TRAJECTORIES: (RUN_ID,)}
MOST_GROUPS_KEPT = 4

_NAME = re.compile(r"part-[0-9]{4,}")
_WHOLE = "a whole part of a store"
_ADVICE = "`shiyu results repair` saves the runs in it that are whole; the others are run again"


class Files(NamedTuple):
    """Where the three files of a part are."""

    outcomes: Path
    trajectories: Path
    runs: Path


def part_files(folder: Path, name: str) -> Files:
    """The files of the part of this name in a store's folder."""
    return Files(*(folder / kind / f"{name}.parquet" for kind in (OUTCOMES, TRAJECTORIES, RUNS)))


def part_names(folder: Path, kind: str = RUNS) -> list[str]:
    """Names of the parts that have a file of this kind, in their order."""
    try:
        found = [path.stem for path in (folder / kind).iterdir() if path.suffix == ".parquet"]
    except (FileNotFoundError, NotADirectoryError):
        return []
    return sorted(filter(is_part_name, found), key=lambda name: int(name[5:]))


def is_part_name(name: str) -> bool:
    """Whether a file of this name (without its ending) belongs to a part."""
    return _NAME.fullmatch(name) is not None


class Part:
    """One part, opened: which runs it holds and where; values are read when asked for."""

    def __init__(self, name: str, files: Files) -> None:
        """Read which runs there are.

        Raises:
            StoreError: the file in `runs/` is torn.
        """
        self.name = name
        self.files = files
        with opened_parquet(files.runs, _WHOLE, _ADVICE) as file:
            seal = _seal(files.runs, (file.metadata.metadata or {}).get(SEAL.encode()))
            _check_columns(files.runs, file.schema_arrow.names, (*TEXT_COLUMNS, *PLACE_COLUMNS))
            table = file.read(columns=[RUN_ID, *PLACE_COLUMNS])
            self.run_ids = np.array(table[RUN_ID].to_pylist(), dtype="S64")
            places = [table[name].to_numpy().astype(np.int64) for name in PLACE_COLUMNS]
        self._digest = seal.get(DIGEST)  # parts of earlier versions have none
        self.replaces = tuple(map(str, seal["replaces"]))
        self._sizes = {kind: int(seal[kind]) for kind in (OUTCOMES, TRAJECTORIES)}
        self._group = places[0]
        self._lengths = dict(zip((OUTCOMES, TRAJECTORIES), places[1:], strict=True))
        self._starts = {kind: _starts(self._group, count) for kind, count in self._lengths.items()}
        self._kept: dict[tuple[str, int], Any] = {}

    def __len__(self) -> int:
        """How many runs it holds."""
        return len(self.run_ids)

    def ids(self) -> list[str]:
        """The ids of its runs, in order."""
        return [known.decode() for known in self.run_ids.tolist()]

    def find(self, run_id: str) -> int | None:
        """The row of a run, or None."""
        row = int(np.searchsorted(self.run_ids, run_id.encode()))
        there = row < len(self) and self.run_ids[row] == run_id.encode()
        return row if there else None

    def beginning(self, start: str) -> list[str]:
        """Ids that begin so."""
        low, high = np.searchsorted(self.run_ids, [start.encode(), start.encode() + b"g"])
        return [known.decode() for known in self.run_ids[low:high].tolist()]

    def trouble(self) -> StoreError | None:
        """What is wrong with its files at a first look: one is missing or has another length."""
        for kind in (OUTCOMES, TRAJECTORIES):
            path = getattr(self.files, kind)
            try:
                size = path.stat().st_size
            except OSError:
                return StoreError(path, "is missing from its part", _ADVICE)
            if size != self._sizes[kind]:
                return StoreError(path, f"is not {_WHOLE}", _ADVICE)
        return None

    def table_trouble(self) -> StoreError | None:
        """What is wrong with the table of runs, read as a whole: a name or a value was changed."""
        try:
            with opened_parquet(self.files.runs, _WHOLE, _ADVICE) as file:
                changed = self._digest not in (None, named_digest(file.read()))
        except StoreError as error:
            return error
        told = StoreError(self.files.runs, "was changed after it was written", _ADVICE)
        return told if changed else None

    def columns(self, names: "list[str] | None" = None) -> "pa.Table":
        """The table of runs, or those of its columns that it has."""
        with opened_parquet(self.files.runs, _WHOLE, _ADVICE) as file:
            known = file.schema_arrow.names
            return file.read(columns=names and [name for name in names if name in known])

    def document(self, row: int) -> dict[str, Any]:
        """The document of a run."""
        return decoded_document(self.files.runs, self.text("document", row))

    def entry(self, row: int) -> dict[str, Any]:
        """The catalogue entry of a run."""
        return decoded_document(self.files.runs, self.text("entry", row))

    def text(self, column: str, row: int) -> str:
        """The document, entry or digest of a run, as it stands in the file."""
        return str(self._facts()[column][row])

    def trajectory_table(self, row: int) -> "pa.Table":
        """The trajectory of a run with its id, as it stands in the file."""
        return self._slice(TRAJECTORIES, row)

    def outcome_table(self, row: int) -> "pa.Table":
        """The outcomes of a run with its id, as they stand in the file."""
        return self._slice(OUTCOMES, row)

    def summary(self, row: int) -> "tuple[dict[str, Any], pd.DataFrame]":
        """Document and outcomes of a run; StoreError names the torn file."""
        return self.document(row), self._outcomes(row)

    def load(self, row: int) -> StoredRun:
        """A whole run, made sure of to the last bit; StoreError names the torn file."""
        text = self.text("document", row)
        outcomes, trajectory = self._outcomes(row), framed(self.trajectory_table(row))
        changed = run_digest(text, outcomes_text(outcomes), trajectory) != self.text("digest", row)
        if changed or not self._bears_its_id(row):
            where = f"{self.files.runs} (run {self.run_ids[row].decode()[:16]})"
            raise StoreError(where, "was changed after it was written", _ADVICE)
        return StoredRun(decoded_document(self.files.runs, text), outcomes, trajectory)

    def _bears_its_id(self, row: int) -> bool:
        """Whether each of its rows has the run's id, by which others find them."""
        wanted = self.run_ids[row].decode()
        tables = self.outcome_table(row), self.trajectory_table(row)
        return all(table[RUN_ID].unique().to_pylist() in ([wanted], []) for table in tables)

    def _outcomes(self, row: int) -> "pd.DataFrame":
        table = self.outcome_table(row)
        lists = {name: table[name].to_pylist() for name in OUTCOME_COLUMNS if name != "value"}
        return outcome_frame(lists, table["value"].to_numpy())

    def _facts(self) -> "pa.Table":
        """The table of runs, kept for as long as they are walked through."""
        return self._keep((RUNS, 0), self.columns)

    def _slice(self, kind: str, row: int) -> "pa.Table":
        group = int(self._group[row])
        table = self._keep((kind, group), lambda: self._row_group(kind, group))
        return table.slice(int(self._starts[kind][row]), int(self._lengths[kind][row]))

    def _row_group(self, kind: str, group: int) -> "pa.Table":
        path = getattr(self.files, kind)
        with opened_parquet(path, _WHOLE, _ADVICE) as file:
            table = file.read_row_group(group)
            _check_columns(path, table.column_names, COLUMNS_OF[kind])
        if len(table) != self._lengths[kind][self._group == group].sum():
            raise StoreError(path, f"is not {_WHOLE}", _ADVICE)
        return table

    def _keep(self, key: tuple[str, int], read: Any) -> Any:
        """What was read last is asked for next, since runs are walked through in order."""
        if key not in self._kept:
            while len(self._kept) >= MOST_GROUPS_KEPT:
                del self._kept[next(iter(self._kept))]
            self._kept[key] = read()
        return self._kept[key]

    def forget(self) -> None:
        """Let go of what was read."""
        self._kept.clear()


def _seal(path: Path, text: bytes | None) -> dict[str, Any]:
    """What the last file tells about the part as a whole."""
    try:
        seal = json.loads(text or b"")
        if isinstance(seal, dict) and {"replaces", OUTCOMES, TRAJECTORIES} <= seal.keys():
            return seal
    except ValueError:
        pass
    raise StoreError(path, f"is not {_WHOLE}", _ADVICE)


def _check_columns(path: Path, names: Sequence[str], wanted: Sequence[str]) -> None:
    """All these columns are there, or the file is torn."""
    if not set(wanted) <= set(names):
        raise StoreError(path, f"is not {_WHOLE}", _ADVICE)


def _starts(group: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    """Where the rows of each run begin within its row group."""
    ends = np.cumsum(lengths)
    first = np.searchsorted(group, group)  # the first run of the same group; groups ascend
    return ends - lengths - (ends - lengths)[first]

"""Writes runs into a new part, reads them back, and only then gives the part its name."""

import contextlib
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.store.atomic import Aside, Disk, StoreError, written_aside
from sim.store.finished import InFile, InPart, entry_text
from sim.store.parquet import parquet_writer
from sim.store.parts import (
    MADE_BY_US,
    OUTCOMES,
    PLACE_COLUMNS,
    SEAL,
    TEXT_COLUMNS,
    TRAJECTORIES,
    Files,
    Part,
    part_files,
)
from sim.store.run_id import canonical_json
from sim.store.trajectories import OUTCOME_COLUMNS, RUN_ID, read_run_file

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

RUNS_PER_GROUP = 25  # what a torn page costs at most, and what is read to get at one run


class NothingWholeError(Exception):
    """Of all the runs that should go into a part, none is whole."""

    def __init__(self, broken: list[StoreError]) -> None:
        self.broken = broken
        super().__init__(broken)


class Written(NamedTuple):
    """What became of the runs that should go into a part."""

    moved: list[InFile | InPart]
    broken: list[StoreError]


class _Ready(NamedTuple):
    """A run as it goes into a part."""

    facts: dict[str, Any]
    outcomes: "pa.Table"
    trajectory: "pa.Table"


def write_part(
    folder: Path,
    name: str,
    places: Sequence[InFile | InPart],
    replaces: Sequence[str],
    disk: Disk,
) -> Written:
    """Copy runs into a new part; what they were copied from is left as it is.

    Args:
        folder: the store's folder.
        name: the new part's name.
        places: where the runs are, in the order of their ids; their trajectories have one schema.
        replaces: the older parts whose runs are all among them.
        disk: the calls to write by.

    Returns:
        The places that were copied, and what is wrong with the others.

    Raises:
        NothingWholeError: there is nothing to write; no part is made.
        StoreError: the system refuses, or what was written does not read back the same.
    """
    files = part_files(folder, name)
    moved: list[InFile | InPart] = []
    broken: list[StoreError] = []
    facts: list[dict[str, Any]] = []
    with contextlib.ExitStack() as stack:
        # They take their names in the opposite order: the one that seals the part is the last.
        runs, outcomes, trajectories = (
            stack.enter_context(written_aside(path, disk))
            for path in (files.runs, files.outcomes, files.trajectories)
        )
        with contextlib.ExitStack() as writers:
            sinks: dict[str, Any] = {}
            for group, batch in enumerate(_batches(places, moved, broken)):
                for kind, sink in ((OUTCOMES, outcomes), (TRAJECTORIES, trajectories)):
                    table = _joined([getattr(ready, _FIELD[kind]) for ready in batch])
                    if kind not in sinks:
                        sinks[kind] = writers.enter_context(parquet_writer(sink, table.schema))
                    sinks[kind].write_table(table, row_group_size=len(table))
                facts += [ready.facts | {"row_group": group} for ready in batch]
        if not facts:
            raise NothingWholeError(broken)
        _write_runs(runs, facts, {OUTCOMES: outcomes, TRAJECTORIES: trajectories}, replaces)
        for aside in (runs, outcomes, trajectories):
            aside.flush()
        _read_back(Part(name, Files(outcomes.path, trajectories.path, runs.path)), files.runs)
    return Written(moved, broken)


_FIELD = {OUTCOMES: "outcomes", TRAJECTORIES: "trajectory"}


def _batches(
    places: Sequence[InFile | InPart], moved: list[InFile | InPart], broken: list[StoreError]
) -> Iterator[list[_Ready]]:
    """The runs that are whole, some dozens at a time; notes which they are."""
    batch: list[_Ready] = []
    last = ""
    for place in places:
        try:
            ready = _ready(place)
        except StoreError as error:
            broken.append(error)
            continue
        moved.append(place)
        if ready.facts[RUN_ID] == last:
            continue  # it stood in two places
        last = ready.facts[RUN_ID]
        batch.append(ready)
        if len(batch) == RUNS_PER_GROUP:
            yield batch
            batch = []
    if batch:
        yield batch


def _ready(place: InFile | InPart) -> _Ready:
    """A run with its digest made sure of, as it goes into a part."""
    run = place.load()
    if isinstance(place, InPart):
        table = place.part.trajectory_table(place.row)
        document, digest = (place.part.text(column, place.row) for column in ("document", "digest"))
    else:
        document, _, digest, table = read_run_file(place.path)
    identity = str(run.document[RUN_ID])
    trajectory = _with_id(table, identity)
    outcomes = _with_id(outcome_table(run.outcomes, str(place.path)), identity)
    facts = _facts(run.document, run.outcomes) | {
        "document": document,
        "digest": digest,
        "entry": entry_text(place.entry()),
        "outcome_rows": len(outcomes),
        "trajectory_rows": len(trajectory),
    }
    return _Ready(facts, outcomes, trajectory)


def _facts(document: Mapping[str, Any], outcomes: "pd.DataFrame") -> dict[str, Any]:
    """A run in one row: what it was, and its outcomes over everybody under their names."""
    overall = outcomes[outcomes["by"].isna()]
    values = dict(zip(overall["outcome"], overall["value"].tolist(), strict=True))
    return {
        **{name: value for name, value in values.items() if name not in MADE_BY_US},
        RUN_ID: document[RUN_ID],
        "scenario": document["scenario"],
        "seed": document["seed"],
        "version": document.get("provenance", {}).get("version"),
        "created": document.get("created"),
        "settings": canonical_json(document.get("settings", {})),
    }


def outcome_table(outcomes: "pd.DataFrame", where: str) -> "pa.Table":
    """Outcomes as a table in which a value that is lacking is null.

    Raises:
        StoreError: a name, group or unit is no text.
    """
    import pyarrow as pa

    columns = {}
    for name in OUTCOME_COLUMNS:
        kind = pa.float64() if name == "value" else pa.string()
        try:
            columns[name] = pa.array(outcomes[name], kind, from_pandas=True)
        except (pa.ArrowException, TypeError) as error:
            raise StoreError(where, f"its outcomes hold a {name} that is no text") from error
    return pa.table(columns)


def _with_id(table: "pa.Table", run_id: str) -> "pa.Table":
    """A table of one run with the run's id as its first column, and no texts of its own."""
    import pyarrow as pa

    if RUN_ID not in table.column_names:
        table = table.add_column(0, RUN_ID, pa.array([run_id] * len(table), pa.string()))
    return table.replace_schema_metadata(None)


def _joined(tables: Sequence["pa.Table"]) -> "pa.Table":
    import pyarrow as pa

    return pa.concat_tables(tables)


def _write_runs(
    sink: Aside,
    facts: Sequence[dict[str, Any]],
    others: Mapping[str, Aside],
    replaces: Sequence[str],
) -> None:
    """The table of runs, with the lengths of the other two files."""
    import pyarrow as pa

    kinds = dict.fromkeys(PLACE_COLUMNS, pa.int32())
    kinds |= {"seed": pa.int64(), **dict.fromkeys(TEXT_COLUMNS, pa.string())}
    names = [RUN_ID, "scenario", "seed", "version", "created", "settings"]
    names += dict.fromkeys(name for row in facts for name in row if name not in MADE_BY_US)
    names += [name for name in (*TEXT_COLUMNS, *PLACE_COLUMNS) if name not in names]
    table = pa.table(
        {
            name: pa.array(
                [row.get(name) for row in facts], kinds.get(name, pa.float64()), from_pandas=True
            )
            for name in names
        }
    )
    seal = {"schema": 1, "runs": len(facts), "replaces": list(replaces)}
    seal |= {kind: aside.size for kind, aside in others.items()}
    with parquet_writer(sink, table.schema) as writer:
        writer.write_table(table)
        writer.add_key_value_metadata({SEAL: json.dumps(seal)})


def _read_back(part: Part, path: Path) -> None:
    """Every run reads the same from what was written, to the last bit, or there is no part."""
    trouble = part.trouble()
    if trouble is not None:
        raise StoreError(path, "was not written as it should be", "try again") from trouble
    for row in range(len(part)):
        try:
            part.load(row)
        except StoreError as error:
            raise StoreError(path, "does not read back as it was written", "try again") from error

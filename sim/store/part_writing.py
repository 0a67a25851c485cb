"""Writes runs into a new part, reads them back, and only then gives the part its name."""

import contextlib
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.store.atomic import Aside, Disk, StoreError, written_aside
from sim.store.document import catalogue_entry
from sim.store.folders import OUTCOMES, TRAJECTORIES
from sim.store.parquet import parquet_writer
from sim.store.parts import (
    DIGEST,
    MADE_BY_US,
    PLACE_COLUMNS,
    SEAL,
    TEXT_COLUMNS,
    Files,
    Part,
    part_files,
)
from sim.store.places import InFile, InPart
from sim.store.run_id import canonical_json
from sim.store.tables import joined, named_digest, outcome_table, with_id
from sim.store.trajectories import RUN_ID, checked_run, read_run_file

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
            sinks: dict[Aside, Any] = {}
            for group, batch in enumerate(_batches(places, moved, broken)):
                tables = (
                    (outcomes, joined([ready.outcomes for ready in batch])),
                    (trajectories, joined([ready.trajectory for ready in batch])),
                )
                for aside, table in tables:
                    if aside not in sinks:
                        sinks[aside] = writers.enter_context(parquet_writer(aside, table.schema))
                    sinks[aside].write_table(table, row_group_size=len(table))
                facts += [ready.facts | {"row_group": group} for ready in batch]
        if not facts:
            raise NothingWholeError(broken)
        _write_runs(runs, facts, {OUTCOMES: outcomes, TRAJECTORIES: trajectories}, replaces)
        for aside in (runs, outcomes, trajectories):
            aside.flush()
        _read_back(Part(name, Files(outcomes.path, trajectories.path, runs.path)), files.runs)
    return Written(moved, broken)


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
    if isinstance(place, InPart):
        run, table = place.load(), place.part.trajectory_table(place.row)
        texts = {name: place.part.text(name, place.row) for name in ("document", "digest", "entry")}
    else:
        file = read_run_file(place.path)
        run, table = place.checked(checked_run(place.path, file)), file.table
        entry = json.dumps(catalogue_entry(run.document, run.outcomes), ensure_ascii=False)
        texts = {"document": file.document, "digest": file.digest, "entry": entry}
    identity = str(run.document[RUN_ID])
    trajectory = with_id(table, identity)
    outcomes = outcome_table(run.outcomes, identity, str(place.path))
    lengths = {"outcome_rows": len(outcomes), "trajectory_rows": len(trajectory)}
    facts = {**_facts(run.document, run.outcomes), **texts, **lengths}
    return _Ready(facts, outcomes, trajectory)


def _facts(document: Mapping[str, Any], outcomes: "pd.DataFrame") -> dict[str, Any]:
    """A run in one row: what it was, and its outcomes over everybody under their names."""
    overall = outcomes[outcomes["by"].isna()]
    values = dict(zip(overall["outcome"], overall["value"].tolist(), strict=True))
    return {
        **values,  # an outcome that has a name of ours gives way to it
        RUN_ID: document[RUN_ID],
        "scenario": document["scenario"],
        "seed": document["seed"],
        "version": document.get("provenance", {}).get("version"),
        "created": document.get("created"),
        "settings": canonical_json(document.get("settings", {})),
    }


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
    seal[DIGEST] = named_digest(table)
    with parquet_writer(sink, table.schema) as writer:
        writer.write_table(table)
        writer.add_key_value_metadata({SEAL: json.dumps(seal)})


def _read_back(part: Part, path: Path) -> None:
    """Every run reads the same from what was written, to the last bit, or there is no part."""
    trouble = part.trouble() or part.table_trouble()
    if trouble is not None:
        raise StoreError(path, "was not written as it should be", "try again") from trouble
    for row in range(len(part)):
        try:
            part.load(row)
        except StoreError as error:
            raise StoreError(path, "does not read back as it was written", "try again") from error

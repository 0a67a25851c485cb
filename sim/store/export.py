"""The runs of a store as one table in one file, CSV or Parquet, written whole or not at all.

    runs       one row a run, failed ones too: id, scenario, seed, version, status, reason, one
               column a setting and one column an outcome over everybody; sorted
    outcomes   one row a run, outcome and group
    curves     one row a run and step of the reported time

No times of computing are in it, so the same runs give the same rows wherever they were computed.
Outcomes and curves pass through memory a few runs at a time; of `runs` about two kilobytes a run
are held. Values are exact: a number in CSV is the shortest text that reads back to the same bits.
"""

import contextlib
import os
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.store.atomic import DISK, Aside, Disk, StoreError, written_aside
from sim.store.finished import FinishedRuns
from sim.store.folders import spare
from sim.store.parquet import opened_parquet, parquet_writer
from sim.store.places import InFile, InPart
from sim.store.reading import StoreReader
from sim.store.tables import joined
from sim.store.trajectories import RUN_ID
from sim.store.wide import allowed_outcomes, refuse_unknown, runs_table

if TYPE_CHECKING:
    import pyarrow as pa

FORMATS = ("csv", "parquet")
TABLES = ("runs", "outcomes", "curves")
RUNS_AT_ONCE = 25
_TIME = ("day", "date")

Progress = Callable[[int, int], None]


class Exported(NamedTuple):
    """What went into the file: how many rows, and messages about runs that are not whole."""

    rows: int
    broken: list[str]


def export(
    store: StoreReader,
    target: str | os.PathLike[str],
    *,
    table: str = "runs",
    format: str = "csv",
    outcomes: Sequence[str] = (),
    progress: Progress | None = None,
    disk: Disk = DISK,
) -> Exported:
    """Write a table of all runs of a store.

    Args:
        store: the store.
        target: the file; one that is there is replaced.
        table: one of `TABLES`.
        format: one of `FORMATS`.
        outcomes: names of the outcomes to write; none means all.
        progress: called with runs done and runs in all.
        disk: the calls to write by.

    Returns:
        How many rows were written, and a message for each run that is not whole: it has no row.

    Raises:
        StoreError: the system refuses, no run has such an outcome, the table has no columns, or
            the file is one of the store's own.
    """
    spare(target, store.path)
    finished = store.finished
    broken: list[str] = []
    seen: set[str] = set()
    with contextlib.ExitStack() as stack:
        if table == "runs":
            made = runs_table(store, outcomes, broken, progress)
            schema, batches = made.schema, iter([made])
        else:
            broken += [str(error) for error in finished.torn_parts().values()]
            if table == "outcomes":
                schema, read = _outcome_schema(), _reader_of_outcomes(outcomes, seen)
            else:
                schema = _curve_schema(finished, outcomes)
                read = _curves_of
            tables = _each_run(finished, read, broken, progress)
            batches = _some_at_once(_filled(each, schema) for each in tables)
        sink = stack.enter_context(written_aside(target, disk))
        writer = stack.enter_context(_writer(sink, schema, format))
        rows = 0
        for batch in batches:
            writer.write_table(batch)
            rows += len(batch)
        if seen:
            refuse_unknown(finished.folder, outcomes, sorted(seen))
    return Exported(rows, broken)


def _writer(sink: Aside, schema: "pa.Schema", format: str) -> Any:
    """A writer of tables of this schema."""
    if format == "parquet":
        return parquet_writer(sink, schema)
    from pyarrow import csv

    return csv.CSVWriter(sink, schema, write_options=csv.WriteOptions(quoting_style="needed"))


def _some_at_once(tables: Iterator["pa.Table"]) -> Iterator["pa.Table"]:
    """Tables joined, some dozens at a time, so that groups of rows are not too small."""
    batch: list[pa.Table] = []
    for table in tables:
        batch.append(table)
        if len(batch) == RUNS_AT_ONCE:
            yield joined(batch)
            batch = []
    if batch:
        yield joined(batch)


def _each_run(
    finished: FinishedRuns,
    read: "Callable[[InFile | InPart], pa.Table]",
    broken: list[str],
    progress: Progress | None,
) -> "Iterator[pa.Table]":
    """A table of each run, with the run's scenario and seed; notes the runs that are not whole."""
    import pyarrow as pa

    total = len(finished.names()) if progress is not None else 0
    both = finished.read_each(lambda place: (place.document(), read(place)))
    for number, (_, found) in enumerate(both, start=1):
        if isinstance(found, StoreError):
            broken.append(str(found))
        else:
            document, table = found
            scenario = pa.repeat(pa.scalar(document["scenario"], pa.string()), len(table))
            seed = pa.repeat(pa.scalar(document["seed"], pa.int64()), len(table))
            yield table.add_column(1, "scenario", scenario).add_column(2, "seed", seed)
        if progress is not None:
            progress(min(number, total), total)  # a torn file beside a whole run counts once


def _outcome_schema() -> "pa.Schema":
    import pyarrow as pa

    texts = {name: pa.string() for name in (RUN_ID, "scenario", "outcome", "by", "group", "unit")}
    order = (RUN_ID, "scenario", "seed", "outcome", "by", "group", "value", "unit")
    kinds = {**texts, "seed": pa.int64(), "value": pa.float64()}
    return pa.schema([(name, kinds[name]) for name in order])


def _reader_of_outcomes(
    outcomes: Sequence[str], seen: set[str]
) -> "Callable[[InFile | InPart], pa.Table]":
    """Reads these outcomes of a run, none means all; notes the names of all that it has."""
    import pyarrow as pa
    import pyarrow.compute as pc

    names = pa.array(list(outcomes), pa.string())

    def read(place: InFile | InPart) -> "pa.Table":
        table = place.outcomes()
        if outcomes:
            seen.update(pc.unique(table["outcome"]).to_pylist())
        return table.filter(pc.is_in(table["outcome"], names)) if outcomes else table

    return read


def _curve_schema(finished: FinishedRuns, outcomes: Sequence[str]) -> "pa.Schema":
    """The columns that the curves of any run have, or those of them that are asked for."""
    import pyarrow as pa

    paths = [part.files.trajectories for part in finished.parts()]
    paths += finished.singles().values()
    schemas: dict[str, pa.Schema] = {}
    for path in paths:
        with (
            contextlib.suppress(StoreError),  # it is told of when its runs are read
            opened_parquet(path, "a file of runs", "") as file,
        ):
            schema = file.schema_arrow.remove_metadata()
            schemas.setdefault(str(schema), schema)
    if not schemas:
        raise StoreError(finished.folder, "holds no curves")
    fields = pa.unify_schemas(list(schemas.values()), promote_options="permissive")
    known = [name for name in fields.names if name not in (RUN_ID, *_TIME)]
    unknown = [name for name in outcomes if name not in known]
    if unknown:
        raise StoreError(
            finished.folder,
            f"no run has a curve of {', '.join(unknown)}",
            allowed_outcomes(unknown[0], known),
        )
    kept = [field for field in fields if field.name in _TIME]
    kept += [fields.field(name) for name in outcomes or known]
    ours = [(RUN_ID, pa.string()), ("scenario", pa.string()), ("seed", pa.int64())]
    return pa.schema([pa.field(name, kind) for name, kind in ours] + kept)


def _curves_of(place: InFile | InPart) -> "pa.Table":
    return place.curves()


def _filled(table: "pa.Table", schema: "pa.Schema") -> "pa.Table":
    """The columns of a schema, those empty that the table lacks."""
    import pyarrow as pa

    for field in schema:
        if field.name not in table.column_names:
            table = table.append_column(field, pa.nulls(len(table), field.type))
    return table.select(schema.names).cast(schema)

"""One Parquet file holds all of a finished run: it is the truth, and the catalogue only an index.

    the table                      the trajectory: one row a step, with the run's id
    metadata `shiyu.outcomes`      JSON, one list per column: outcome, by, group, value, unit
    metadata `shiyu.document`      JSON: run id, scenario as resolved, seed, settings, provenance
    metadata `shiyu.digest`        SHA-256 over all three, by value
    metadata `shiyu.texts`         SHA-256 over the two texts, for those who read them alone

Any Parquet reader shows the table and the texts. JSON has no NaN and no infinity: an outcome
without a value is null there, an infinite one the text "inf" or "-inf". Many such files may be
compacted into a part (`parts`), which holds the same values under the same digest.
"""

import hashlib
import json
import math
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.store.atomic import DISK, Disk, StoreError, write_bytes
from sim.store.document import SCHEMA, catalogue_entry, check_document
from sim.store.parquet import opened_parquet, parquet_bytes
from sim.store.run_id import canonical_json
from sim.store.values import table_digest

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

OUTCOME_COLUMNS = ("outcome", "by", "group", "value", "unit")
_DOCUMENT, _OUTCOMES, _DIGEST = "shiyu.document", "shiyu.outcomes", "shiyu.digest"
_TEXTS = "shiyu.texts"
RUN_ID = "run_id"
_WHOLE = "a whole run file"
_TORN = f"is not {_WHOLE}"
_CHANGED = "was changed after it was written"
_TORN_ADVICE = "`shiyu results repair` puts it aside, and the run is then computed anew"


class StoredRun(NamedTuple):
    """A finished run as it was stored."""

    document: dict[str, Any]
    outcomes: "pd.DataFrame"
    trajectory: "pd.DataFrame"


class PackedRun(NamedTuple):
    """A finished run ready to be kept: the bytes of its file, and its entry in the catalogue.

    Packing takes most of the time of keeping a run, so worker processes may do it.
    """

    run_id: str
    entry: dict[str, Any]
    content: bytes


def pack_run(
    document: Mapping[str, Any], outcomes: "pd.DataFrame", trajectory: "pd.DataFrame"
) -> PackedRun:
    """A finished run as the bytes of its file.

    Args:
        document: JSON-ready, with at least run_id, scenario and seed.
        outcomes: columns outcome, by, group, value, unit.
        trajectory: one row a step.

    Raises:
        StoreError: the document or the outcomes cannot be kept.
    """
    import pyarrow as pa

    identity = str(document.get(RUN_ID, ""))
    check_document(document, identity)
    missing = [name for name in OUTCOME_COLUMNS if name not in outcomes.columns]
    if missing:
        raise StoreError(identity, f"its outcomes lack the columns {', '.join(missing)}")
    texts = {_DOCUMENT: canonical_json(document), _OUTCOMES: outcomes_text(outcomes)}
    table = pa.Table.from_pandas(trajectory, preserve_index=False)
    # The digest is over what a reader will get, since Arrow keeps NaN as a missing value.
    texts[_DIGEST] = run_digest(texts[_DOCUMENT], texts[_OUTCOMES], framed(table))
    texts[_TEXTS] = texts_digest(texts[_DOCUMENT], texts[_OUTCOMES])
    whose = pa.array([identity] * len(table), pa.string())
    content = parquet_bytes(table.add_column(0, RUN_ID, whose), texts)
    return PackedRun(identity, catalogue_entry(document, outcomes), content)


def write_run(
    path: str | os.PathLike[str],
    document: Mapping[str, Any],
    outcomes: "pd.DataFrame",
    trajectory: "pd.DataFrame",
    disk: Disk = DISK,
) -> Path:
    """Write a finished run to its file, whole or not at all; the arguments are `pack_run`'s.

    Raises:
        StoreError: the system refuses, or the document or outcomes cannot be kept.
    """
    return write_bytes(path, pack_run(document, outcomes, trajectory).content, disk)


class RunFile(NamedTuple):
    """The texts of a run's file as they stand there, and its trajectory."""

    document: str
    outcomes: str
    digest: str
    table: "pa.Table | None"


def read_run_file(path: str | os.PathLike[str], *, with_trajectory: bool = True) -> RunFile:
    """The content of a run's file as it stands there.

    Without the trajectory its texts are made sure of; files of earlier versions, which have no
    fingerprint of the texts alone, are read whole for that.

    Raises:
        StoreError: the file is missing, torn, or no run's, or its texts were changed; it is named.
    """
    with opened_parquet(Path(path), _WHOLE, _TORN_ADVICE) as file:
        kept = file.metadata.metadata or {}
        missing = {_DOCUMENT, _OUTCOMES, _DIGEST} - {key.decode() for key in kept}
        if missing:
            raise StoreError(path, "is a Parquet file, but not of a run of Shiyu")
        document, outcomes, digest = (
            kept[key.encode()].decode() for key in (_DOCUMENT, _OUTCOMES, _DIGEST)
        )
        texts = kept.get(_TEXTS.encode())
        table = file.read() if with_trajectory or texts is None else None
        found = RunFile(document, outcomes, digest, table)
        if table is None:
            whole = texts == texts_digest(document, outcomes).encode()
        else:
            whole = with_trajectory or run_digest(document, outcomes, framed(table)) == digest
        if not whole:
            raise StoreError(path, _CHANGED, _TORN_ADVICE)
        return found


def read_run(path: str | os.PathLike[str]) -> StoredRun:
    """Read a run and make sure that it is whole, to the last bit.

    Raises:
        StoreError: the file is missing, torn or was changed; it is named.
    """
    return checked_run(path, read_run_file(path))


def checked_run(path: str | os.PathLike[str], file: RunFile) -> StoredRun:
    """The run in what was read of its file; StoreError if it is not whole, to the last bit."""
    trajectory = framed(file.table)
    if run_digest(file.document, file.outcomes, trajectory) != file.digest:
        raise StoreError(path, _CHANGED, _TORN_ADVICE)
    document, outcomes = _decoded(path, file)
    if not _bears(file.table, str(document[RUN_ID])):
        raise StoreError(path, _CHANGED, _TORN_ADVICE)
    return StoredRun(document, outcomes, trajectory)


def _bears(table: "pa.Table | None", run_id: str) -> bool:
    """Whether every row has this id, or the table none: the digest is over the values alone."""
    if table is None or RUN_ID not in table.column_names:
        return True
    return table[RUN_ID].unique().to_pylist() in ([], [run_id])


def read_summary(path: str | os.PathLike[str]) -> tuple[dict[str, Any], "pd.DataFrame"]:
    """Document and outcomes of a run, without its trajectory: a few kilobytes are read.

    Raises:
        StoreError: the file is missing or torn; it is named.
    """
    return _decoded(path, read_run_file(path, with_trajectory=False))


def read_document(path: str | os.PathLike[str]) -> dict[str, Any]:
    """The document of a run alone, in about a millisecond; StoreError if its file is torn."""
    return decoded_document(path, read_run_file(path, with_trajectory=False).document)


def framed(table: "pa.Table") -> "pd.DataFrame":
    """The trajectory as a frame, without the run's id."""
    if RUN_ID in table.column_names:
        table = table.drop_columns([RUN_ID])
    return table.replace_schema_metadata(None).to_pandas()


def decoded_document(path: str | os.PathLike[str], text: str) -> dict[str, Any]:
    """A document from its text; StoreError names the file in which it is torn."""
    try:
        document = json.loads(text)
    except ValueError as error:
        raise StoreError(path, _TORN, _TORN_ADVICE) from error
    if not isinstance(document, dict):
        raise StoreError(path, _TORN, _TORN_ADVICE)
    check_document(document, os.fspath(path))
    return document


def _decoded(path: str | os.PathLike[str], file: RunFile) -> tuple[dict[str, Any], "pd.DataFrame"]:
    """Document and outcomes from their texts."""
    try:
        lists = json.loads(file.outcomes)
        outcomes = outcome_frame(lists, [_from_json(value) for value in lists["value"]])
    except (ValueError, KeyError, TypeError) as error:
        raise StoreError(path, _TORN, _TORN_ADVICE) from error
    return decoded_document(path, file.document), outcomes


def outcome_frame(lists: Mapping[str, Any], values: Any) -> "pd.DataFrame":
    """The frame of outcomes from one plain list per text column, and the values."""
    import pandas as pd

    return pd.DataFrame(
        {
            name: pd.Series(values, dtype=float)
            if name == "value"
            else pd.Series(lists[name], dtype=object)
            for name in OUTCOME_COLUMNS
        }
    )


def outcomes_text(outcomes: "pd.DataFrame") -> str:
    """The outcomes as one JSON text; equal values have equal texts."""
    return json.dumps(_outcome_lists(outcomes), ensure_ascii=False, allow_nan=False)


def _outcome_lists(outcomes: "pd.DataFrame") -> dict[str, list[Any]]:
    """The outcomes as one plain list per column."""
    lists: dict[str, list[Any]] = {"schema": [SCHEMA]}
    for name in OUTCOME_COLUMNS:
        column = outcomes[name]
        if name == "value":
            lists[name] = [_to_json(float(value)) for value in column]
        else:
            gone = column.isna()
            lists[name] = [
                None if lacks else value for value, lacks in zip(column.tolist(), gone, strict=True)
            ]
    return lists


def _to_json(value: float) -> float | str | None:
    """A float as JSON can hold it; `repr` keeps it to the last bit."""
    if math.isnan(value):
        return None
    return str(value) if math.isinf(value) else value


def _from_json(value: float | str | None) -> float:
    """The float that `_to_json` put away."""
    return math.nan if value is None else float(value)


def texts_digest(document: str, outcomes: str) -> str:
    """SHA-256 over document and outcomes as texts."""
    return hashlib.sha256(f"{document}\n{outcomes}".encode()).hexdigest()


def run_digest(document: str, outcomes: str, trajectory: "pd.DataFrame") -> str:
    """SHA-256 over document, outcomes (as texts) and trajectory (by its values)."""
    parts = (document, outcomes, table_digest(trajectory))
    return hashlib.sha256("\n".join(parts).encode("utf-8")).hexdigest()

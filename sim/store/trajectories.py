"""One Parquet file holds all of a finished run: it is the truth, and the catalogue only an index.

    the table                      the trajectory: one row a step of the reported time
    metadata `shiyu.outcomes`      JSON, one list per column: outcome, by, group, value, unit
    metadata `shiyu.document`      JSON: run id, scenario as resolved, seed, settings, provenance
    metadata `shiyu.digest`        SHA-256 over all three, by value

Any Parquet reader shows the table and the texts. JSON has no NaN and no infinity: an outcome
without a value is null there, an infinite one the text "inf" or "-inf".
"""

import hashlib
import json
import math
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.store.atomic import DISK, Disk, StoreError, failure, write_parquet
from sim.store.document import SCHEMA, check_document
from sim.store.run_id import canonical_json
from sim.store.values import table_digest

if TYPE_CHECKING:
    import pandas as pd

OUTCOME_COLUMNS = ("outcome", "by", "group", "value", "unit")
_DOCUMENT, _OUTCOMES, _DIGEST = "shiyu.document", "shiyu.outcomes", "shiyu.digest"
_TORN = "is not a whole run file"
_TORN_ADVICE = "run it again (the run is then computed anew), or restore the file"


class StoredRun(NamedTuple):
    """A finished run as it was stored."""

    document: dict[str, Any]
    outcomes: "pd.DataFrame"
    trajectory: "pd.DataFrame"


def write_run(
    path: str | os.PathLike[str],
    document: Mapping[str, Any],
    outcomes: "pd.DataFrame",
    trajectory: "pd.DataFrame",
    disk: Disk = DISK,
) -> Path:
    """Write a finished run to its file, whole or not at all.

    Args:
        path: the file.
        document: JSON-ready, with at least run_id, scenario and seed.
        outcomes: columns outcome, by, group, value, unit.
        trajectory: one row a step.
        disk: the calls to write by.

    Raises:
        StoreError: the system refuses, or the document or outcomes cannot be kept.
    """
    import pyarrow as pa

    check_document(document, os.fspath(path))
    missing = [name for name in OUTCOME_COLUMNS if name not in outcomes.columns]
    if missing:
        raise StoreError(path, f"its outcomes lack the columns {', '.join(missing)}")
    texts = {
        _DOCUMENT: canonical_json(document),
        _OUTCOMES: json.dumps(_outcome_lists(outcomes), ensure_ascii=False, allow_nan=False),
    }
    table = pa.Table.from_pandas(trajectory, preserve_index=False)
    # The digest is over what a reader will get, since Arrow keeps NaN as a missing value.
    texts[_DIGEST] = _digest(texts, table.to_pandas(ignore_metadata=True))
    return write_parquet(path, table, texts, disk)


def read_run(path: str | os.PathLike[str]) -> StoredRun:
    """Read a run and make sure that it is whole, to the last bit.

    Raises:
        StoreError: the file is missing, torn or was changed; it is named.
    """
    texts, trajectory = _read(Path(path), with_trajectory=True)
    if _digest(texts, trajectory) != texts[_DIGEST]:
        raise StoreError(path, "was changed after it was written", _TORN_ADVICE)
    document, outcomes = _decoded(path, texts)
    return StoredRun(document, outcomes, trajectory)


def read_summary(path: str | os.PathLike[str]) -> tuple[dict[str, Any], "pd.DataFrame"]:
    """Document and outcomes of a run, without its trajectory: a few kilobytes are read.

    Raises:
        StoreError: the file is missing or torn; it is named.
    """
    texts, _ = _read(Path(path), with_trajectory=False)
    return _decoded(path, texts)


def _read(path: Path, *, with_trajectory: bool) -> tuple[dict[str, str], Any]:
    """The texts of the file and, if wanted, its table."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with path.open("rb") as handle:
            file = pq.ParquetFile(handle, page_checksum_verification=True)
            kept = file.metadata.metadata or {}
            texts = {key: kept[key.encode()].decode() for key in (_DOCUMENT, _OUTCOMES, _DIGEST)}
            return texts, file.read().to_pandas(ignore_metadata=True) if with_trajectory else None
    except KeyError:
        raise StoreError(path, "is a Parquet file, but not of a run of Shiyu") from None
    except OSError as error:
        if error.errno is None:  # Arrow tells of torn pages by an OSError of its own
            raise StoreError(path, _TORN, _TORN_ADVICE) from error
        raise failure(path, "read", error) from error
    except (pa.ArrowException, ValueError) as error:
        raise StoreError(path, _TORN, _TORN_ADVICE) from error


def _decoded(
    path: str | os.PathLike[str], texts: Mapping[str, str]
) -> tuple[dict[str, Any], "pd.DataFrame"]:
    """Document and outcomes from their texts."""
    import pandas as pd

    try:
        document = json.loads(texts[_DOCUMENT])
        lists = json.loads(texts[_OUTCOMES])
        columns = {name: pd.Series(lists[name], dtype=object) for name in OUTCOME_COLUMNS}
        columns["value"] = pd.Series([_from_json(value) for value in lists["value"]], dtype=float)
        outcomes = pd.DataFrame(columns)
    except (ValueError, KeyError, TypeError) as error:
        raise StoreError(path, _TORN, _TORN_ADVICE) from error
    check_document(document, os.fspath(path))
    return document, outcomes


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


def _digest(texts: Mapping[str, str], trajectory: "pd.DataFrame") -> str:
    """SHA-256 over document, outcomes and trajectory."""
    parts = (texts[_DOCUMENT], texts[_OUTCOMES], table_digest(trajectory))
    return hashlib.sha256("\n".join(parts).encode("utf-8")).hexdigest()

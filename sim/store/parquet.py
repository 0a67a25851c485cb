"""Parquet files written whole, and read with every fault named."""

import contextlib
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.store.atomic import DISK, Disk, StoreError, failure, write_bytes

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq


def parquet_bytes(table: "pa.Table", texts: Mapping[str, str] | None = None) -> bytes:
    """A table as the bytes of a Parquet file, with texts in its key-value metadata."""
    import pyarrow as pa

    buffer = pa.BufferOutputStream()
    with parquet_writer(buffer, table.schema) as writer:
        writer.write_table(table)
        writer.add_key_value_metadata(dict(texts or {}))
    return buffer.getvalue().to_pybytes()


def parquet_writer(sink: Any, schema: "pa.Schema") -> "pq.ParquetWriter":
    """A writer of tables of one schema, whose every page has a checksum."""
    import pyarrow.parquet as pq

    return pq.ParquetWriter(sink, schema, compression="zstd", write_page_checksum=True)


def write_parquet(
    path: str | os.PathLike[str],
    table: "pa.Table",
    texts: Mapping[str, str] | None = None,
    disk: Disk = DISK,
) -> Path:
    """Write a table as Parquet, whole or not at all.

    Args:
        path: where the file goes; missing folders are made.
        table: the Arrow table.
        texts: texts for the file's key-value metadata, which any Parquet reader shows.
        disk: the calls to write by.

    Returns:
        The path.

    Raises:
        StoreError: the system refuses.
    """
    return write_bytes(path, parquet_bytes(table, texts), disk)


@contextlib.contextmanager
def opened_parquet(path: Path, what: str, advice: str) -> Iterator["pq.ParquetFile"]:
    """Read a Parquet file; whatever is wrong with it becomes a StoreError that names it.

    Args:
        path: the file.
        what: what it should be, as in "a whole run file".
        advice: what to do when it is torn.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with path.open("rb") as handle:
            yield pq.ParquetFile(handle, page_checksum_verification=True)
    except OSError as error:
        if error.errno is None:  # Arrow tells of torn pages by an OSError of its own
            raise StoreError(path, f"is not {what}", advice) from error
        raise failure(path, "read", error) from error
    except (pa.ArrowException, ValueError, IndexError, TypeError) as error:
        raise StoreError(path, f"is not {what}", advice) from error

"""Results are compared by their values, bit for bit, never by the bytes of their files.

Parquet files embed library versions, so equal results may have unequal files. Rows and columns are
sorted first, so the order in which they were written does not count.
"""

import hashlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pandas as pd


def same_values(one: Any, other: Any) -> bool:
    """Whether two results hold the same values to the last bit.

    Args:
        one: a DataFrame, or a sequence of them such as (outcomes, trajectory).
        other: the same kind of thing.

    Returns:
        True if columns, rows and every value agree; NaN agrees with NaN, 0.0 not with -0.0, and a
        float32 with the float64 of the same value.
    """
    if isinstance(one, list | tuple) or isinstance(other, list | tuple):
        return _same_parts(one, other)
    if set(one.columns) != set(other.columns) or len(one) != len(other):
        return False
    return table_digest(one) == table_digest(other)


def _same_parts(one: Sequence[Any], other: Sequence[Any]) -> bool:
    """Whether two sequences of frames agree part by part."""
    if not isinstance(one, list | tuple) or not isinstance(other, list | tuple):
        return False
    return len(one) == len(other) and all(map(same_values, one, other))


def table_digest(frame: "pd.DataFrame") -> str:
    """SHA-256 of a frame's values: equal for equal values, in whatever order they stand."""
    columns = {str(name): _comparable(frame[name]) for name in frame.columns}
    digest = hashlib.sha256(f"{len(frame)} rows".encode())
    order = _row_order([columns[name] for name in sorted(columns)], len(frame))
    for name in sorted(columns):
        digest.update(f"\n{name}:{columns[name].dtype.kind}\n".encode())
        digest.update(columns[name][order].tobytes())
    return digest.hexdigest()


def _row_order(columns: Sequence[np.ndarray], rows: int) -> np.ndarray:
    """Positions of the rows in sorted order."""
    return np.lexsort(columns) if columns else np.arange(rows)


def _comparable(column: "pd.Series") -> np.ndarray:
    """A column as an array that sorts, and whose bytes are equal where its values are."""
    kind = column.dtype.kind
    numbers: np.ndarray
    if kind == "f":
        numbers = column.to_numpy(np.float64, na_value=np.nan).copy()
        numbers[np.isnan(numbers)] = np.nan  # one NaN out of the many bit patterns
        numbers = numbers.view(np.int64)
    elif kind == "M":
        numbers = column.to_numpy("datetime64[us]").view(np.int64)
    elif kind in "biu" and not column.hasnans:
        numbers = column.to_numpy(np.int64)
    else:
        return _words(column)
    return numbers


def _words(column: "pd.Series") -> np.ndarray:
    """A column of anything else as text, with a mark of its own for what is missing."""
    missing = column.isna().to_numpy()
    words = ["\x00" if gone else f"={value}" for value, gone in zip(column, missing, strict=True)]
    return np.array(words, dtype=np.str_)

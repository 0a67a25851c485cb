"""A column of a table and the tables themselves: the state of the world as arrays.

A column has one owner, the mechanism that lists it in `writes`. Others post to a flow column of
that owner (`adds`), which the owner empties in its turn.
"""

import copy
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Column:
    """What a column holds: unit, bounds, meaning, and where it starts before anybody writes."""

    unit: str
    low: float
    high: float
    meaning: str
    start: float = 0.0
    dtype: str = "f4"
    flow: bool = False


class Table:
    """Equal-length arrays under names: one row an entity. Columns read as attributes.

    Assigning to an attribute replaces the column; write `table.column[:] = ...` to keep sharing.
    """

    _rows: int
    _columns: dict[str, np.ndarray]

    def __init__(self, rows: int, **columns: np.ndarray) -> None:
        object.__setattr__(self, "_rows", int(rows))
        object.__setattr__(self, "_columns", {})
        for name, values in columns.items():
            self[name] = values

    def __len__(self) -> int:
        return self._rows

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def __contains__(self, name: str) -> bool:
        return name in self._columns

    def __getitem__(self, name: str) -> np.ndarray:
        return self._columns[name]

    def __setitem__(self, name: str, values: np.ndarray) -> None:
        array = np.ascontiguousarray(values)
        if array.shape[:1] != (self._rows,):
            raise ValueError(f"column {name} has {array.shape[:1]} rows, the table {self._rows}")
        if name not in self._columns and hasattr(type(self), name):
            raise ValueError(f"a column cannot be called {name}, which a table does")
        self._put(name, array)

    def _put(self, name: str, array: np.ndarray) -> None:
        """Keep a column, also as an attribute of its own: reading that takes no call."""
        self._columns[name] = array
        self.__dict__[name] = array

    def __getattr__(self, name: str) -> np.ndarray:
        raise AttributeError(f"no column {name!r}")

    def __setattr__(self, name: str, values: np.ndarray) -> None:
        self[name] = values

    def __getstate__(self) -> tuple[int, dict[str, np.ndarray]]:
        return self._rows, self._columns

    def __setstate__(self, state: tuple[int, dict[str, np.ndarray]]) -> None:
        object.__setattr__(self, "_rows", state[0])
        object.__setattr__(self, "_columns", state[1])
        self.__dict__.update(state[1])

    def __deepcopy__(self, memo: dict[int, object]) -> "Table":
        twin = object.__new__(type(self))
        twin.__setstate__((self._rows, {k: v.copy() for k, v in self._columns.items()}))
        for name, value in self._beside().items():
            object.__setattr__(twin, name, copy.deepcopy(value, memo))
        return twin

    def _beside(self) -> dict[str, object]:
        """What a kind of table keeps beside its columns."""
        apart = {"_rows", "_columns", *self._columns}
        return {name: value for name, value in vars(self).items() if name not in apart}

    def ensure(self, name: str, column: Column) -> None:
        """Add a column at its declared start unless it is there already."""
        if name not in self._columns:
            self[name] = np.full(self._rows, column.start, column.dtype)

    @property
    def nbytes(self) -> int:
        """Bytes held by the columns."""
        return sum(array.nbytes for array in self._columns.values())

"""A column of a table and the tables themselves: the state of the world as arrays.

A column has one owner, the mechanism that lists it in `writes`. Others post to a flow column of
that owner (`adds`), which the owner empties in its turn. A declared column takes memory from its
first use on, a flow column until it is emptied: most rules of a run leave some columns alone.
"""

import copy
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

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


_OPENING = threading.Lock()  # a page may read while the model steps in another thread
_SPARE = 1.06  # room made when a table grows, so that it need not be copied for each newcomer


class Table:
    """Equal-length arrays under names: one row an entity. Columns read as attributes.

    Assigning to an attribute replaces the column; write `table.column[:] = ...` to keep sharing.
    After `grow`, `keep` and `empty` columns are other arrays: hold none of them from before.
    """

    _rows: int
    _columns: dict[str, np.ndarray | None]  # None: declared, and everything in it at its start
    _declared: dict[str, Column]
    _rooms: dict[str, np.ndarray]  # what grown columns are the first rows of

    def __init__(self, rows: int, **columns: np.ndarray) -> None:
        object.__setattr__(self, "_rows", int(rows))
        object.__setattr__(self, "_columns", {})
        object.__setattr__(self, "_declared", {})
        object.__setattr__(self, "_rooms", {})
        for name, values in columns.items():
            self[name] = values

    def __len__(self) -> int:
        return self._rows

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def __contains__(self, name: str) -> bool:
        return name in self._columns

    def __getitem__(self, name: str) -> np.ndarray:
        array = self._columns[name]
        return self._opened(name) if array is None else array

    def __setitem__(self, name: str, values: np.ndarray) -> None:
        array = np.ascontiguousarray(values)
        if array.shape[:1] != (self._rows,):
            raise ValueError(f"column {name} has {array.shape[:1]} rows, the table {self._rows}")
        self._name(name)
        self._put(name, array)

    def _name(self, name: str) -> None:
        if name not in self._columns and is_taken(name, type(self)):
            raise ValueError(f"a column cannot be called {name}, which a table does")

    def _put(self, name: str, array: np.ndarray) -> None:
        """Keep a column, also as an attribute of its own: reading that takes no call."""
        self._columns[name] = array
        self.__dict__[name] = array

    def __getattr__(self, name: str) -> np.ndarray:
        if name in self.__dict__.get("_columns", ()):
            return self._opened(name)
        raise AttributeError(f"no column {name!r}")

    def _opened(self, name: str) -> np.ndarray:
        """A declared column at its first use; of two threads that use it both get the same."""
        with _OPENING:
            array = self._columns[name]
            if array is None:
                column = self._declared[name]
                array = np.zeros(self._rows, column.dtype)
                if column.start:
                    array[:] = column.start
                self._put(name, array)
        return array

    def peek(self, name: str, row: int) -> Any:
        """What stands in one row of a column, as plain Python; to look is not to use."""
        held = self._columns[name]
        if held is None:
            column, row = self._declared[name], 0
            held = np.full(1, column.start, column.dtype)
        return held[row].tolist()

    def __setattr__(self, name: str, values: np.ndarray) -> None:
        self[name] = values

    def __getstate__(self) -> tuple[Any, ...]:
        return self._rows, self._columns, self._beside()

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        object.__setattr__(self, "_rows", state[0])
        object.__setattr__(self, "_columns", dict(state[1]))  # a shallow copy has its own
        object.__setattr__(self, "_rooms", {})
        self.__dict__.update({name: held for name, held in state[1].items() if held is not None})
        for name, value in state[2].items():
            object.__setattr__(self, name, value)

    def __deepcopy__(self, memo: dict[int, object]) -> "Table":
        twin = object.__new__(type(self))
        columns = {n: None if held is None else held.copy() for n, held in self._columns.items()}
        beside = self._beside()
        declared = dict(beside.pop("_declared"))  # a column's declaration never changes
        beside = copy.deepcopy(beside, memo) | {"_declared": declared}
        twin.__setstate__((self._rows, columns, beside))
        return twin

    def _beside(self) -> dict[str, Any]:
        """What a kind of table keeps beside its columns."""
        apart = {"_rows", "_columns", "_rooms", *self._columns}
        return {name: value for name, value in vars(self).items() if name not in apart}

    def ensure(self, name: str, column: Column) -> None:
        """Add a column at its declared start unless it is there already."""
        self._name(name)
        self._declared[name] = column
        self._columns.setdefault(name, None)

    def is_used(self, name: str) -> bool:
        """Whether anybody has used a column yet; if not, everything in it is at its start."""
        return self._columns[name] is not None

    def empty(self, name: str) -> None:
        """Put a declared column back to its start; it takes no memory until it is used again."""
        if name not in self._declared:
            raise ValueError(f"column {name} was not declared")
        self._columns[name] = None
        self.__dict__.pop(name, None)
        self._rooms.pop(name, None)

    def grow(self, count: int, columns: Mapping[str, Any]) -> np.ndarray:
        """Add rows at the end: `columns` gives values, the others begin at their declared start.

        Returns the new rows. Raises ValueError for a column that the table does not have.
        """
        unknown = [name for name in columns if name not in self._columns]
        if unknown:
            raise ValueError(f"no column {unknown[0]!r}")
        before, after = self._rows, self._rows + count
        if not count:
            return np.arange(0)
        object.__setattr__(self, "_rows", after)
        held, shown, declared, rooms = self._columns, self.__dict__, self._declared, self._rooms
        for name, values in held.items():
            if values is None:
                if name not in columns:
                    continue
                values = self._opened(name)[:before]
            room = rooms.get(name)
            if room is None or values.base is not room or len(room) < after:
                room = np.empty((int(after * _SPARE) + 1, *values.shape[1:]), values.dtype)
                room[:before] = values
                rooms[name] = room
            start = declared[name].start if name in declared else 0
            room[before:after] = columns.get(name, start)
            held[name] = shown[name] = room[:after]
        return np.arange(before, after)

    def keep(self, rows: np.ndarray) -> None:
        """Drop all other rows; the columns become other arrays."""
        object.__setattr__(self, "_rows", len(rows))
        held, shown = self._columns, self.__dict__
        for name, values in held.items():
            if values is not None:
                held[name] = shown[name] = values.take(rows, axis=0)

    @property
    def nbytes(self) -> int:
        """Bytes held by the columns."""
        return sum(array.nbytes for array in self._columns.values() if array is not None)


def is_taken(name: str, kind: type[Table] = Table) -> bool:
    """Whether a table of this kind has something else under a name, so that no column can be it."""
    return hasattr(kind, name) or name in Table.__annotations__

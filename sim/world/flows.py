"""What happened, counted once: weighted totals by cell (division x kind of place x registration).

A count of a person's event weighs as many adults of the real place as that person stands for.
Counts of bodies that act for a whole division (firms at court, background cases) are kept by
division alone.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numba import njit

KINDS = ("urban", "town", "rural")
REGISTRATIONS = ("local_urban", "local_rural", "non_local")
CELLS_PER_DIVISION = len(KINDS) * len(REGISTRATIONS)


@njit(cache=True)
def sums_by_cell(cell, weights, values, cells):  # type: ignore[no-untyped-def]
    """The sum of weights times values in each cell, float64.

    Neighbours mostly share a cell: with four tables, one addition need not wait for the last.
    """
    tables = np.zeros((4, cells))
    whole = cell.size - cell.size % 4
    for i in range(0, whole, 4):
        tables[0, cell[i]] += weights[i] * values[i]
        tables[1, cell[i + 1]] += weights[i + 1] * values[i + 1]
        tables[2, cell[i + 2]] += weights[i + 2] * values[i + 2]
        tables[3, cell[i + 3]] += weights[i + 3] * values[i + 3]
    for i in range(whole, cell.size):
        tables[0, cell[i]] += weights[i] * values[i]
    return tables.sum(axis=0)


@njit(cache=True)
def _add_events(table, rows, lengths, cells, weights):  # type: ignore[no-untyped-def]
    """Add batches of events, one after the other: `lengths` of them to each of these rows."""
    at = 0
    for batch in range(rows.size):
        total = table[rows[batch]]
        for event in range(at, at + lengths[batch]):
            if not 0 <= cells[event] < total.size:
                raise IndexError("no such cell")
            total[cells[event]] += weights[event]
        at += lengths[batch]


class Totals(Mapping[str, np.ndarray]):
    """Named rows of running totals in one array, so that a snapshot is one copy.

    `totals[name]` has shape (columns,), float64; a name gets its row when it is first added to.
    """

    def __init__(self, columns: int) -> None:
        self._row: dict[str, int] = {}
        self.table = np.zeros((0, columns))

    def row(self, name: str) -> int:
        """Which row of `table` is of this name; a new one of zeros if there is none yet."""
        if name in self._row:
            return self._row[name]
        found = self._row[name] = len(self._row)
        if found == len(self.table):
            room = np.zeros((max(64, found), self.table.shape[1]))
            self.table = np.concatenate([self.table, room])
        return found

    def position(self, name: str) -> int | None:
        """Which row, counted in the order in which names came; None if there is no such name."""
        return self._row.get(name)

    def sums(self) -> np.ndarray:
        """The total of each name, in the order in which they came."""
        total: np.ndarray = self.table[: len(self._row)].sum(axis=1)
        return total

    def frozen(self) -> "Totals":
        """The totals as they are now."""
        copy = object.__new__(Totals)
        copy._row = self._row.copy()
        copy.table = self.table[: len(self._row)].copy()
        return copy

    def __getitem__(self, name: str) -> np.ndarray:
        row: np.ndarray = self.table[self._row[name]]
        return row

    def __iter__(self) -> Iterator[str]:
        return iter(self._row)

    def __len__(self) -> int:
        return len(self._row)


class Flows:
    """Running totals under names, never reset: a window is the difference of two snapshots.

    `cells` is the number of cells, CELLS_PER_DIVISION times the number of divisions. Totals are
    float64 and summed in row order, so that they do not depend on the number of threads.
    """

    def __init__(self, divisions: int) -> None:
        self.divisions = divisions
        self.cells = divisions * CELLS_PER_DIVISION
        self._by_cell = Totals(self.cells)
        self._waiting: list[tuple[int, np.ndarray, np.ndarray]] = []
        self.by_division = Totals(divisions)
        self.samples: dict[str, list[tuple[np.ndarray, np.ndarray, np.ndarray]]] = {}

    def add(self, name: str, cells: np.ndarray, weights: np.ndarray) -> None:
        """Count events of people: `cells` says where, `weights` how many each stands for.

        The arrays must stay as they are until the totals are looked at.
        """
        row = self._by_cell.row(name)
        if len(cells):
            self._waiting.append((row, cells, weights))

    @property
    def by_cell(self) -> Totals:
        """The totals by cell; what was counted since the last look is added up now."""
        if self._waiting:
            rows, cells, weights = zip(*self._waiting, strict=True)
            self._waiting.clear()
            _add_events(
                self._by_cell.table,
                np.array(rows),
                np.array([len(batch) for batch in cells]),
                np.concatenate(cells),
                np.concatenate(weights, dtype=np.float64),
            )
        return self._by_cell

    def add_divisions(self, name: str, amounts: np.ndarray) -> None:
        """Count what belongs to whole divisions; shape (divisions,)."""
        row = self.by_division.row(name)
        self.by_division.table[row] += amounts

    def sample(self, name: str, cells: np.ndarray, values: np.ndarray, weights: np.ndarray) -> None:
        """Keep single values (for percentiles), each with its cell and weight."""
        if len(cells):
            kept = self.samples.setdefault(name, [])
            kept.append((np.array(cells), np.array(values), np.array(weights)))

    def snapshot(self) -> "Snapshot":
        """The totals now; later additions do not change it."""
        sampled = {name: len(parts) for name, parts in self.samples.items()}
        return Snapshot(self.by_cell.frozen(), self.by_division.frozen(), sampled)

    def forget_samples(self) -> None:
        """Drop the single values gathered so far (those of the warm-up are not reported)."""
        self.samples.clear()


@dataclass(frozen=True)
class Snapshot:
    """The totals at one moment."""

    by_cell: Totals
    by_division: Totals
    sampled: dict[str, int]

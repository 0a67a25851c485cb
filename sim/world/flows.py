"""What happened, counted once: weighted totals by cell (division x kind of place x registration).

A count of a person's event weighs as many adults of the real place as that person stands for.
Counts of bodies that act for a whole division (firms at court, background cases) are kept by
division alone.
"""

import numpy as np
from numba import njit

KINDS = ("urban", "town", "rural")
REGISTRATIONS = ("local_urban", "local_rural", "non_local")
CELLS_PER_DIVISION = len(KINDS) * len(REGISTRATIONS)


@njit(cache=True)
def sums_by_cell(cell, weights, values, cells):  # type: ignore[no-untyped-def]
    """The sum of weights times values in each cell, float64, in the order of the rows.

    Neighbours mostly share a cell: their sum is kept at hand until the cell changes.
    """
    total = np.zeros(cells)
    here, held = 0, 0.0
    for i in range(cell.size):
        if cell[i] != here:
            total[here] = held
            here = cell[i]
            held = total[here]
        held += weights[i] * values[i]
    total[here] = held
    return total


class Flows:
    """Running totals under names, never reset: a window is the difference of two snapshots.

    `cells` is the number of cells, CELLS_PER_DIVISION times the number of divisions. Totals are
    float64 and summed in row order, so that they do not depend on the number of threads.
    """

    def __init__(self, divisions: int) -> None:
        self.divisions = divisions
        self.cells = divisions * CELLS_PER_DIVISION
        self.by_cell: dict[str, np.ndarray] = {}
        self.by_division: dict[str, np.ndarray] = {}
        self.samples: dict[str, list[tuple[np.ndarray, np.ndarray, np.ndarray]]] = {}

    def add(self, name: str, cells: np.ndarray, weights: np.ndarray) -> None:
        """Count events of people: `cells` says where, `weights` how many each stands for."""
        total = self.by_cell.get(name)
        if total is None:
            total = self.by_cell[name] = np.zeros(self.cells)
        if len(cells):
            total += np.bincount(cells, weights=weights, minlength=self.cells)

    def add_divisions(self, name: str, amounts: np.ndarray) -> None:
        """Count what belongs to whole divisions; shape (divisions,)."""
        if name not in self.by_division:
            self.by_division[name] = np.zeros(self.divisions)
        self.by_division[name] += amounts

    def sample(self, name: str, cells: np.ndarray, values: np.ndarray, weights: np.ndarray) -> None:
        """Keep single values (for percentiles), each with its cell and weight."""
        if len(cells):
            kept = self.samples.setdefault(name, [])
            kept.append((np.array(cells), np.array(values), np.array(weights)))

    def snapshot(self) -> "Snapshot":
        """The totals now; later additions do not change it."""
        return Snapshot(
            {name: total.copy() for name, total in self.by_cell.items()},
            {name: total.copy() for name, total in self.by_division.items()},
            {name: len(parts) for name, parts in self.samples.items()},
        )

    def forget_samples(self) -> None:
        """Drop the single values gathered so far (those of the warm-up are not reported)."""
        self.samples.clear()


class Snapshot:
    """The totals at one moment."""

    def __init__(
        self,
        by_cell: dict[str, np.ndarray],
        by_division: dict[str, np.ndarray],
        sampled: dict[str, int],
    ) -> None:
        self.by_cell = by_cell
        self.by_division = by_division
        self.sampled = sampled

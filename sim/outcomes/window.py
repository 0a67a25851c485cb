"""What happened between two moments, for everybody and for every group at once.

A group is everybody, a division, a kind of place or a registration class. Every quantity is an
array over GROUPS, so that an outcome is one formula for all of them.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from sim.world.flows import CELLS_PER_DIVISION, KINDS, REGISTRATIONS, Snapshot, sums_by_cell
from sim.world.world import World


@dataclass(frozen=True)
class Groups:
    """The groups of a place: `by` and `name` of each, and which cells belong to it."""

    by: tuple[str | None, ...]
    names: tuple[str | None, ...]
    members: np.ndarray  # (groups, cells), 0 or 1

    @cached_property
    def division_rows(self) -> np.ndarray:
        """The positions of the divisions among the groups."""
        return np.array([i for i, by in enumerate(self.by) if by == "division"])


def groups_of(divisions: tuple[str, ...]) -> Groups:
    """Everybody, then divisions, kinds of place and registration classes."""
    cells = np.arange(len(divisions) * CELLS_PER_DIVISION)
    division = cells // CELLS_PER_DIVISION
    kind = cells % CELLS_PER_DIVISION // len(REGISTRATIONS)
    registration = cells % len(REGISTRATIONS)
    by: list[str | None] = [None]
    names: list[str | None] = [None]
    rows = [np.ones(len(cells))]
    for label, all_names, codes in (
        ("division", divisions, division),
        ("kind", KINDS, kind),
        ("registration", REGISTRATIONS, registration),
    ):
        for code, name in enumerate(all_names):
            by.append(label)
            names.append(name)
            rows.append((codes == code).astype(float))
    return Groups(tuple(by), tuple(names), np.array(rows))


@dataclass(frozen=True)
class Moment:
    """Totals, residents and open stock at one moment; a window lies between two of them."""

    day: float
    flows: Snapshot
    residents: np.ndarray
    open_all: np.ndarray
    open_latent: np.ndarray


def moment(world: World, day: float) -> Moment:
    """Freeze the running totals and the stock of open disputes."""
    from sim.world.disputes import LATENT

    disputes = world.disputes
    weights = disputes.weight.astype(float)
    latent = disputes.state == LATENT
    cells = world.flows.cells
    return Moment(
        day,
        world.flows.snapshot(),
        world.residents_by_cell(),
        np.bincount(disputes.cell, weights, minlength=cells),
        np.bincount(disputes.cell[latent], weights[latent], minlength=cells),
    )


class Window:
    """The time between two moments of one world, with the world's state at the second."""

    def __init__(self, world: World, groups: Groups, first: Moment, last: Moment) -> None:
        self.world, self.groups = world, groups
        self.first, self.last = first, last
        self.day = last.day
        self.years = (last.day - first.day) / 365.25

    @cached_property
    def residents(self) -> np.ndarray:
        """Residents of all ages, by group."""
        return self.groups.members @ self.world.residents_by_cell()

    @cached_property
    def usual_residents(self) -> np.ndarray:
        """Residents of all ages while the window lasts: the mean of start and end, by group."""
        return self.groups.members @ ((self.first.residents + self.last.residents) / 2.0)

    @cached_property
    def weights(self) -> np.ndarray:
        """How many adults each simulated one stands for, float64."""
        return self.world.people.weight.astype(float)

    @cached_property
    def _adults_by_cell(self) -> np.ndarray:
        return self.world.adults_by_cell()

    @cached_property
    def adults(self) -> np.ndarray:
        """Adults, by group."""
        return self.groups.members @ self._adults_by_cell

    def flow(self, name: str) -> np.ndarray:
        """How many real events of this name fell into the window, by group."""
        zero = np.zeros(self.world.flows.cells)
        gained = self.last.flows.by_cell.get(name, zero) - self.first.flows.by_cell.get(name, zero)
        return self.groups.members @ gained

    def division_flow(self, name: str) -> np.ndarray:
        """What divisions counted as a whole; undefined for kinds of place and classes."""
        zero = np.zeros(self.world.divisions)
        last, first = self.last.flows.by_division, self.first.flows.by_division
        gained = last.get(name, zero) - first.get(name, zero)
        return self.spread(gained, gained.sum())

    def spread(self, by_division: np.ndarray, everybody: float) -> np.ndarray:
        """A quantity known for divisions and everybody only, as an array over the groups."""
        out = np.full(len(self.groups.by), np.nan)
        out[0] = everybody
        out[self.groups.division_rows] = by_division
        return out

    def per_10k(self, count: np.ndarray) -> np.ndarray:
        """A count as a rate per 10,000 residents a year."""
        return ratio(count, self.usual_residents) / self.years * 1e4

    def growth(self, latent_only: bool = False) -> np.ndarray:
        """Growth of the open stock of disputes (of the latent ones), by group."""
        if latent_only:
            return self.groups.members @ (self.last.open_latent - self.first.open_latent)
        return self.groups.members @ (self.last.open_all - self.first.open_all)

    def open_now(self) -> np.ndarray:
        """Open disputes at the end, by group."""
        return self.groups.members @ self.last.open_all

    def mean(self, values: np.ndarray, among: np.ndarray | None = None) -> np.ndarray:
        """The weighted mean of a person column at the end, by group (nan where there is nobody)."""
        people, cells = self.world.people, self.world.flows.cells
        if among is None:
            total = sums_by_cell(people.cell, self.weights, values, cells)
            count = self._adults_by_cell
        else:
            total = sums_by_cell(people.cell, self.weights * among, values, cells)
            count = sums_by_cell(people.cell, self.weights, among, cells)
        with np.errstate(divide="ignore", invalid="ignore"):
            return (self.groups.members @ total) / (self.groups.members @ count)

    def quantile(self, name: str, share: float) -> np.ndarray:
        """A weighted quantile of the values sampled in the window, by group."""
        first = self.first.flows.sampled.get(name, 0)
        end = self.last.flows.sampled.get(name, 0)
        parts = self.world.flows.samples.get(name, [])[first:end]
        out = np.full(len(self.groups.by), np.nan)
        if not parts:
            return out
        cells, values, weights = (np.concatenate(column) for column in zip(*parts, strict=True))
        order = np.argsort(values, kind="stable")
        cells, values, weights = cells[order], values[order], weights[order].astype(float)
        for row, members in enumerate(self.groups.members):
            reached = np.cumsum(weights * members[cells])
            if reached[-1] > 0.0:
                out[row] = values[np.searchsorted(reached, share * reached[-1])]
        return out


def ratio(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """Part over whole, undefined (nan) where the whole is 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(whole > 0.0, part / np.where(whole > 0.0, whole, 1.0), np.nan)

"""The world of one replication: tables, ties, luck, running totals, and the levers in force."""

import copy
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from sim.kernel import Column, Draws, Table
from sim.scenario import Shock
from sim.world.disputes import Disputes
from sim.world.flows import Flows, sums_by_cell


@dataclass
class World:
    """Everything that a mechanism may read; mechanisms meet only here.

    `levers` holds the policy levers in force, one value a division (shape (divisions,)),
    `shocks` the dated shocks of the scenario (none during the warm-up).
    `office_of` maps a kind of office to its row in `offices` by division. Tables that a mechanism
    brings itself (petition matters, hotline requests) stand in `tables` under its name; so do
    `divisions` (a row each) and `cells` (division x kind of place; row = 3 division + kind).
    """

    place: Any
    seed: int
    scale: float
    draws: Draws
    people: Table
    units: Table
    offices: Table
    firms: Table
    organisations: Table
    office_of: dict[str, np.ndarray]
    ties: Any
    flows: Flows
    disputes: Disputes
    levers: dict[str, np.ndarray]
    posts: Table = field(default_factory=lambda: Table(0))
    tables: dict[str, Any] = field(default_factory=dict)
    shocks: tuple[Shock, ...] = ()

    def declare(self, columns: Mapping[str, Column]) -> None:
        """Make sure that columns (`table.name`) exist, at their declared start.

        A table that a mechanism brings itself is empty until it prepares.
        """
        for full_name, column in columns.items():
            table, name = full_name.split(".", 1)
            home = getattr(self, table, None)
            if not isinstance(home, Table):  # `divisions` is also how many there are
                home = self.tables.setdefault(table, Table(0))
            home.ensure(name, column)

    @property
    def divisions(self) -> int:
        """How many divisions the place has."""
        return len(self.place.divisions)

    def lever(self, name: str) -> np.ndarray:
        """The value of a lever in force, by division."""
        return self.levers[name]

    def is_on(self, mechanism: str) -> bool:
        """Whether a mechanism acts in this run; alone on a bench, everything that is asked for."""
        on: frozenset[str] | None = self.tables.get("on")
        return on is None or mechanism in on

    def join(self, count: int, **columns: Any) -> np.ndarray:
        """New people come: `columns` of people that are given, the others at their start.

        Returns their rows. They know nobody until ties are changed for them.
        """
        rows = self.people.grow(count, {"alive": True} | columns)
        self.ties = self.ties.with_newcomers(len(self.people))
        return rows

    def leave(self, rows: np.ndarray, reason: str) -> None:
        """People die or leave for good ("died", "moved"): their open disputes are withdrawn.

        Their rows stay and count for nothing; their ties end when ties are next changed.
        """
        people = self.people
        gone = np.zeros(len(people), bool)
        gone[rows] = True
        theirs = (gone[self.disputes.person] & self.disputes.is_open).nonzero()[0]
        self.disputes.withdraw(theirs, reason)
        people.alive[rows] = False
        people.weight[rows] = 0.0
        people.residents[rows] = 0.0

    def twin(self) -> "World":
        """A copy that shares what never changes (place, ties, luck) and nothing that does."""
        shared = {id(self.place): self.place, id(self.ties): self.ties, id(self.draws): self.draws}
        return copy.deepcopy(self, shared)

    def residents_by_cell(self) -> np.ndarray:
        """Residents (all ages) that the simulated adults stand for, by cell."""
        return self._by_cell(self.people.residents)

    def adults_by_cell(self) -> np.ndarray:
        """Adults that the simulated adults stand for, by cell."""
        return self._by_cell(self.people.weight)

    def _by_cell(self, amounts: np.ndarray) -> np.ndarray:
        once = np.ones(len(amounts), np.int8)
        total: np.ndarray = sums_by_cell(self.people.cell, amounts, once, self.flows.cells)
        return total

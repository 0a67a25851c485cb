"""Mesa agents: thin views of one row each. Reading or setting a property reads or sets the column.

State is columns; an agent holds none of its own. So a rule written agent by agent and a mechanism
over whole columns see the same world.
"""

from typing import Any

import mesa
import numpy as np

from sim.scenario.levers import LEVERS
from sim.world.disputes import APPEALED, COUNTERPARTS, DOMAINS, LITIGATING, PRELITIGATION
from sim.world.flows import KINDS, REGISTRATIONS
from sim.world.issues import adversary_firm
from sim.world.offices import OFFICE_KINDS
from sim.world.workplaces import Workplaces

SUED = (PRELITIGATION, LITIGATING, APPEALED)
OWED = tuple(map(DOMAINS.index, ("labour", "housing", "consumer")))  # wages, homes, deposits
_OWN = frozenset({"model", "unique_id", "pos", "row", "table"})


class View(mesa.Agent):
    """A row of a table as a Mesa agent. Attributes that are columns read and write the row.

    Numbers of agents are given by the model, not by Mesa's global counter, which would keep every
    model alive.
    """

    table = ""

    def __init__(self, model: Any, row: int) -> None:
        """Stand for one row of `table`; the model registers the view."""
        object.__setattr__(self, "model", model)
        object.__setattr__(self, "row", int(row))
        object.__setattr__(self, "unique_id", model.next_agent_number())
        object.__setattr__(self, "pos", None)
        model.register_agent(self)

    def __getattr__(self, name: str) -> Any:
        """The value of this row in the column of that name.

        A plain number: sums of a column's small integers over many agents would run over.
        """
        if name.startswith("_") or name in _OWN:
            raise AttributeError(name)
        value = self._column(name)[self.row]
        return value.item() if isinstance(value, np.generic) else value

    def __setattr__(self, name: str, value: Any) -> None:
        """Set this row of a column; other attributes are the agent's own."""
        if name not in _OWN and name in self.rows_in(self.model.world):
            self._column(name)[self.row] = value
        else:
            object.__setattr__(self, name, value)

    @classmethod
    def rows_in(cls, world: Any) -> Any:
        """The table of which each view of this class is a row."""
        return world.tables[cls.table] if cls.table in world.tables else getattr(world, cls.table)

    def _column(self, name: str) -> np.ndarray:
        table = self.rows_in(self.model.world)
        if name not in table:
            raise AttributeError(f"{type(self).__name__} has no attribute {name!r}")
        if self.row >= len(table):
            raise LookupError(f"{type(self).__name__} {self.row} has left the world")
        return table[name]

    @property
    def division_name(self) -> str:
        """The slug of the division; an office of the city has none."""
        division = int(self._column("division")[self.row])
        return self.model.world.place.divisions[division] if division >= 0 else ""


class Person(View):
    """An adult."""

    table = "people"

    def _column(self, name: str) -> np.ndarray:
        if name != "alive" and not self.model.world.people.alive[self.row]:
            raise LookupError(f"{type(self).__name__} {self.row} has left the world")
        return super()._column(name)

    @property
    def place_kind(self) -> str:
        """urban, town or rural."""
        return KINDS[int(self.kind)]

    @property
    def registration_class(self) -> str:
        """local_urban, local_rural or non_local."""
        return REGISTRATIONS[int(self.registration)]

    @property
    def ties(self) -> list["Person"]:
        """The people that this person knows."""
        others = self.model.world.ties.neighbours(self.row)
        return [self.model.person(int(other)) for other in others]

    @property
    def employer(self) -> int:
        """The firm that this person works with: a row of the table of firms, -1 without work."""
        if not self.employed:
            return -1
        world = self.model.world
        return int(Workplaces(world).now(world, np.array([self.row]))[0])


class Resident(Person):
    """An adult registered where they live; whoever moves away becomes a Migrant."""


class Migrant(Person):
    """An adult who lives away from the place of registration; back home, or granted, a Resident."""


class SocialOrganisation(View):
    """A social organisation. One that has ended keeps its row and says that it is gone."""

    table = "organisations"

    @property
    def has_ended(self) -> bool:
        """Whether the body is gone."""
        table = self.rows_in(self.model.world)
        return "alive" in table and not table.alive[self.row]

    def _column(self, name: str) -> np.ndarray:
        column = super()._column(name)
        if name != "alive" and self.has_ended:
            raise LookupError(f"{type(self).__name__} {self.row} has left the world")
        return column


class Firm(SocialOrganisation):
    """An employer, developer, property company or lender: the other side of many disputes."""

    table = "firms"

    @property
    def disputes(self) -> np.ndarray:
        """The open disputes that people have with it: rows of the table of disputes."""
        disputes = self.model.world.disputes
        with_firms = disputes.against == COUNTERPARTS.index("firm")
        theirs = disputes.is_open & with_firms & (disputes.counterpart == self.row)
        return np.flatnonzero(theirs)

    @property
    def staff(self) -> np.ndarray:
        """Those who work with it: rows of the table of people. Others than employers have none."""
        world = self.model.world
        everybody = np.arange(len(world.people))
        return np.flatnonzero(Workplaces(world).now(world, everybody) == self.row)

    @property
    def suits(self) -> np.ndarray:
        """Those of them in which it is sued: before a court or its mediators."""
        rows = self.disputes
        return rows[np.isin(self.model.world.disputes.state[rows], SUED)]

    @property
    def owes(self) -> np.ndarray:
        """The open issues of what it has not paid or delivered to many: rows of the issues table.

        Wages, homes or deposits, by the kind of firm. Empty where nobody mobilises.
        """
        world = self.model.world
        issues = world.tables.get("issues", ())
        if not len(issues):
            return np.zeros(0, np.int64)
        theirs = issues.adversary == adversary_firm(world, self.row)
        return np.flatnonzero(theirs & np.isin(issues.domain, OWED))

    @property
    def in_default(self) -> bool:
        """Whether it owes wages, homes or deposits to many, until paid, settled or given up."""
        return len(self.owes) > 0


class GovernmentOffice(View):
    """An office of the state or of a village or community committee."""

    table = "offices"

    @property
    def office_kind(self) -> str:
        """What kind of office it is, one of OFFICE_KINDS."""
        return OFFICE_KINDS[int(self.kind)]


class Jurisdiction(View):
    """A member of the metropolitan region: what it provides across borders, in which form."""

    table = "jurisdictions"

    @property
    def division_name(self) -> str:
        """The slug of the division that it governs."""
        name: str = self.model.world.place.divisions[self.row]
        return name

    @property
    def form_name(self) -> str:
        """fragmented, association, council or unified: the form of government in force."""
        names: tuple[str, ...] = LEVERS["metropolitan.form"].choices
        return names[int(self.form)]

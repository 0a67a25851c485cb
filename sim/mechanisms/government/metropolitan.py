"""Jurisdictions provide goods whose benefits cross borders; how they are organised decides much.

    u_i = b (g_i + s sum_j g_j) - k g_i^2 / 2       each maximises u_i + theta sum_j u_j
    g   = (b / k)(1 + (theta + (1 - theta) comp) s (n - 1))

by field (transport, river, environment): theta is the weight that the form of government gives to
the others, comp the share of outside benefits that others pay for. Alone each stays at b/k; the
best for all is (b/k)(1 + s (n - 1)). A new form works only after three stages of exponential
length (talks, plan, set-up), and what is left of them shortens from the day when the province
takes the lead; compensation works at once. Against the level of the base, goods move
environment disputes, the felt distance of moves, and the recharge of aquifers.

Limit: `public_goods` (in `metropolitan_limits`). Sources: article 4 (25 years from the first talks
in 1982 to the approval in 2007), article 5 (forms of metropolitan areas and the cost of their
secretariats); Oates (1972), Fiscal Federalism; sizes assumed.
"""

from typing import ClassVar

import numpy as np

from sim.kernel import Clock, Column, Group, Mechanism, Parameter, Table
from sim.kernel.clock import DAYS_PER_YEAR
from sim.world.money import charge
from sim.world.world import World

FIELDS = ("transport", "river", "environment")
FORMS = ("fragmented", "association", "council", "unified")
STAGES = np.array([13.0, 3.0, 9.0]) / 25.0  # talks, plan, set-up: article 4
TALKS, PLAN, SET_UP = range(1, 4)


def _by_form(unit: str, status: str, source: str, *values: tuple[float, float, float]) -> Group:
    rows = zip(FORMS, values, strict=True)
    return Group(**{f: Parameter(v, unit, low, high, status, source) for f, (v, low, high) in rows})


def _spillover(source: str) -> Parameter:
    return Parameter(0.2, "benefit to each other jurisdiction (s)", 0.05, 0.5, "assumed", source)


class Metropolitan(Mechanism):
    """Cross-border goods under fragmented, association, council or unified government."""

    name = "metropolitan"
    spillover = Group(
        transport=_spillover("roads; with six jurisdictions s (n - 1) = 1"),
        river=_spillover("water and its quality"),
        environment=_spillover("air"),
    )
    benefit = Parameter(1.0, "of a unit of goods (b)", 0.5, 2.0, "assumed", "b/k is the unit")
    rising_cost = Parameter(1.0, "of goods, squared (k)", 0.5, 2.0, "assumed", "b/k is the unit")
    members = Parameter(
        0, "jurisdictions; 0: the divisions of the place", 0, 200, "assumed", "articles 4 and 5"
    )
    weight = _by_form(
        "weight on the others (theta)",
        "assumed",
        "articles 4 and 5; the base form is one city government over six divisions",
        (0.0, 0.0, 0.1),
        (0.3, 0.1, 0.5),
        (0.6, 0.4, 0.8),
        (1.0, 0.8, 1.0),
    )
    setup_years = _by_form(
        "years, three exponential stages",
        "derived",
        "article 4: talks 13, plan 3, set-up 9; shorter forms in the same shares",
        (0.0, 0.0, 0.0),
        (3.0, 1.0, 6.0),
        (8.0, 4.0, 15.0),
        (25.0, 13.0, 25.0),
    )
    provincial_factor = Parameter(
        0.4,
        "factor on the years of setting up, where the province leads",
        0.2,
        0.8,
        "derived",
        "1997-2007: 10 of 25 years",
    )
    unit_cost = Parameter(
        2e7, "yuan a division-year at level b/k", 5e6, 6e7, "assumed", "order of magnitude; squared"
    )
    secretariat_cost = _by_form(
        "yuan a year",
        "derived",
        "article 5: 120 staff and some 10 m dollars for 18 members, scaled to six",
        (0, 0, 0),
        (1e6, 3e5, 3e6),
        (8e6, 2e6, 2e7),
        (3e7, 1e7, 8e7),
    )
    programme_share = Parameter(
        1.0,
        "share of costs",
        0.0,
        1.0,
        "assumed",
        "paid from the money of works, as these are",
    )
    slope = Group(
        disputes=Parameter(
            -0.2, "log rate of environment disputes per level", -0.5, 0.0, "assumed", "no estimate"
        ),
        travel=Parameter(
            -0.1, "log of felt distance per level", -0.3, 0.0, "assumed", "no estimate"
        ),
        recharge=Parameter(0.05, "log of recharge per level", 0.0, 0.15, "assumed", "no estimate"),
    )

    reads = ("people.division", "people.residents")
    writes: ClassVar[dict[str, Column]] = {
        "jurisdictions.form": Column("form", 0, 3, "in force: position in FORMS", 0, "i1"),
        "jurisdictions.wanted": Column("form", 0, 3, "being set up or in force", 0, "i1"),
        "jurisdictions.changes": Column("count", 0, 1e6, "how often another was wanted", 0, "i4"),
        "jurisdictions.stage": Column("stage", 0, 3, "0 none, talks, plan, set-up", 0, "i1"),
        "jurisdictions.planned": Column("day", -1e9, 1e9, "talks end", np.inf, "f8"),
        "jurisdictions.begun": Column("day", -1e9, 1e9, "the plan ends", np.inf, "f8"),
        "jurisdictions.ready": Column("day", -1e9, 1e9, "the new form works", np.inf, "f8"),
        "jurisdictions.lead": Column("share", 0, 1, "how far the province leads", 0, "f8"),
        **{
            f"jurisdictions.{field}": Column("b/k", 0, 1e3, f"level of goods: {field}", 0, "f8")
            for field in FIELDS
        },
        "jurisdictions.travel_log": Column("log ratio", -20, 20, "on km of moves", 0, "f8"),
        "units.environment_log_rate": Column("log ratio", -20, 20, "on environment disputes"),
    }
    adds = ("aquifers.recharge_log", "budget.spend", "treasury.extra_plan")
    levers = ("metropolitan.form", "metropolitan.compensation", "metropolitan.provincial_lead")

    def prepare(self, world: World) -> None:
        """The base form is in force; goods stand at its level."""
        table = world.tables["jurisdictions"] = Table(world.divisions)
        for full_name, column in self.writes.items():
            home, name = full_name.split(".")
            if home == "jurisdictions":
                table.ensure(name, column)
        table.form[:] = table.wanted[:] = np.rint(world.lever("metropolitan.form"))
        table.lead[:] = world.lever("metropolitan.provincial_lead")
        self._base_form = table.form.copy()
        self._base_paid = np.array(world.lever("metropolitan.compensation"), float)
        self._base = self.goods(world, table.form, self._base_paid)
        residents = np.bincount(
            world.people.division, world.people.residents, minlength=world.divisions
        )
        self._share = residents / max(residents.sum(), 1.0)
        self.stand(table, self._base)
        self._state = b""  # forms and compensation that goods were last worked out for

    def outside(self, world: World) -> np.ndarray:
        """Benefit that a unit of goods brings to all others together: s (n - 1), by field."""
        others = (self.members or world.divisions) - 1.0
        return np.array([self.spillover[field] * others for field in FIELDS])

    def goods(self, world: World, form: np.ndarray, paid: np.ndarray) -> np.ndarray:
        """The level of goods that each jurisdiction provides, shape (fields, divisions).

        It is the best reply to whatever the others do: their goods add to its benefit, no more.
        """
        theta = np.array([self.weight[name] for name in FORMS])[form]
        counted = theta + (1.0 - theta) * paid
        level = 1.0 + np.outer(self.outside(world), counted)
        found: np.ndarray = self.benefit / self.rising_cost * level
        return found

    def step(self, world: World, clock: Clock) -> None:
        """Forms are set up in their time; goods, and what follows from them, are at their level."""
        table = world.tables["jurisdictions"]
        self.follow_the_lead(table, world.lever("metropolitan.provincial_lead"), clock.begins)
        wanted = np.rint(world.lever("metropolitan.form")).astype(np.int8)
        if (wanted != table.wanted).any():
            self.begin(world, wanted, clock.begins)
        self.pass_stages(table, clock.ends)
        paid = world.lever("metropolitan.compensation")
        state = table.form.tobytes() + paid.tobytes()
        if state != self._state:
            self._state = state
            self.provide(world, paid)
        aquifers = world.tables.get("aquifers")
        if aquifers is not None and len(aquifers):
            aquifers.recharge_log += self._fills
        cost, received = (yuan * clock.dt_years for yuan in self._yuan_a_year)
        charge(world, "metropolitan", cost, self.programme_share, received)
        world.flows.add_divisions("compensation_received", received)

    def provide(self, world: World, paid: np.ndarray) -> None:
        """Goods come to the level of the forms in force, with what follows from them."""
        table = world.tables["jurisdictions"]
        levels = self.goods(world, table.form, paid)
        self.stand(table, levels)
        gain = dict(zip(FIELDS, levels - self._base, strict=True))
        table.travel_log[:] = self.slope["travel"] * gain["transport"]
        calmer = self.slope["disputes"] * gain["environment"]
        world.units.environment_log_rate[:] = calmer[world.units.division]
        self._fills = self.slope["recharge"] * gain["river"]
        self._yuan_a_year = self.costs(world, levels, paid)

    def stand(self, table: Table, levels: np.ndarray) -> None:
        """Note the levels of goods."""
        for field, level in zip(FIELDS, levels, strict=True):
            table[field][:] = level

    def begin(self, world: World, wanted: np.ndarray, now: float) -> None:
        """Another form is wanted: talks begin; if it is the one in force, they are dropped.

        Jurisdictions that set out for the same form at the same time share its luck.
        """
        table = world.tables["jurisdictions"]
        new = np.flatnonzero(wanted != table.wanted)
        table.wanted[new] = wanted[new]
        table.changes[new] += 1
        luck = world.draws.exponential(
            "metropolitan.stage", wanted[new][:, None], table.changes[new][:, None], np.arange(3)
        )
        years = np.array([self.setup_years[name] for name in FORMS])[wanted[new]]
        years = years * self.slowness(table.lead[new])
        days = np.cumsum(luck * STAGES * years[:, None] * DAYS_PER_YEAR, axis=1)
        back = wanted[new] == table.form[new]
        for column, until in zip(ends_of_stages(table), days.T, strict=True):
            column[new] = np.where(back, np.inf, now + until)

    def slowness(self, lead: np.ndarray) -> np.ndarray:
        """How long stages take where the province leads so far, relative to where it does not."""
        return 1.0 - (1.0 - self.provincial_factor) * lead

    def follow_the_lead(self, table: Table, lead: np.ndarray, now: float) -> None:
        """Where the province takes the lead or drops it, what is left of each stage changes."""
        if np.array_equal(lead, table.lead):
            return
        ratio = self.slowness(lead) / self.slowness(table.lead)
        for column in ends_of_stages(table):
            ahead = column > now
            column[ahead] = now + (column[ahead] - now) * ratio[ahead]
        table.lead[:] = lead

    def pass_stages(self, table: Table, until: float) -> None:
        """Stages that end before this day are over; after the last the new form works."""
        works = table.ready < until
        table.form[works] = table.wanted[works]
        for column in ends_of_stages(table):
            column[works] = np.inf
        done = np.where(table.begun < until, SET_UP, np.where(table.planned < until, PLAN, TALKS))
        table.stage[:] = np.where(np.isfinite(table.ready), done, 0)

    def costs(
        self, world: World, levels: np.ndarray, paid: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Yuan a year by division: goods and secretariats beyond the base; compensation received.

        The upper level pays for the share of outside benefits that compensation is set to.
        """
        table, unit = world.tables["jurisdictions"], self.benefit / self.rising_cost
        squares = (levels**2 - self._base**2).mean(axis=0) / unit**2
        office = np.array([self.secretariat_cost[name] for name in FORMS])
        more = self._share * (office[table.form] - office[self._base_form])
        outside = self.outside(world)[:, None]
        received = (outside * (paid * levels - self._base_paid * self._base)).mean(axis=0) / unit
        return self.unit_cost * squares + more, self.unit_cost * np.maximum(received, 0.0)


def ends_of_stages(table: Table) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The days on which talks, plan and set-up end, by jurisdiction."""
    return table.planned, table.begun, table.ready

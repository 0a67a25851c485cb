"""Every policy costs money: what is due is paid in full when it fits, else all get the same share.

    due = yearly cost of the levers in force x dt         money = plan x execution x dt + carried
    paid = due                       if all of it fits
    paid = due x money / all due     else, each line of a division alike; the rest is cut

by division and line, in whole fen; fractions of a fen are carried over. A plan is not money: its
execution share says how much of it is (article 1 finds budgets without money to be common, and
one division that budgets for its communities). Lines that come with money of their own are paid
first: they neither take from the others nor help them out. Money left over stays until the year
ends. At every step, to the fen,

    planned = paid + without money + lapsed + carried        due = paid + cut

The amounts are those of the whole real division, whatever the scale, and depend on levers and on
counts of the place alone, so that policies that cost the same can be set against each other.
Source: unit costs are orders of magnitude; grids, subsidy and budgets by article 1.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np

from sim.kernel import AccountError, Clock, Column, Group, Mechanism, Parameter, Table
from sim.mechanisms.government.costs import Counts, cost_by_line
from sim.world.money import FEN_PER_YUAN, FUNDED, LINES, shared_out, whole_fen
from sim.world.world import World


def _cost(value: float, unit: str, low: float, high: float, source: str) -> Parameter:
    return Parameter(value, unit, low, high, "assumed", source)


_ORDER = "order of magnitude"
_FUNDED = [LINES.index(line) for line in FUNDED]
_OWN = [LINES.index(line) for line in LINES if line not in FUNDED]
_SPENT = [f"spent_{line}" for line in LINES]


class Budget(Mechanism):
    """What is planned, due, paid and cut, by division and line."""

    name = "budget"
    cost = Group(
        grid_base_pay=_cost(24_000, "yuan a worker a year", 15_000, 36_000, "near minimum wage"),
        case=_cost(200, "yuan a part-timer's case", 50, 500, "piece pay of committees"),
        meeting=_cost(800, "yuan a meeting", 300, 2_000, _ORDER),
        room=_cost(300_000, "yuan a room a year", 150_000, 600_000, "without mediators"),
        platform=_cost(
            5_000_000,
            "yuan a year, city of 2.2 m",
            2e6,
            12e6,
            "separate platforms; sharing all doubles it",
        ),
        training_hour=_cost(60, "yuan a person-hour", 30, 150, _ORDER),
        judge=_cost(250_000, "yuan a year with staff", 180_000, 350_000, "beyond the base"),
        online_platform=_cost(
            2_000_000, "yuan a year, city of 2.2 m", 5e5, 6e6, "in full, with its staff"
        ),
        youth_channel=_cost(1_000_000, "yuan a year, city of 2.2 m", 2e5, 4e6, "in full"),
    )
    cases_per_10k = Group(
        village=Parameter(
            91, "cases per 10,000 residents a year", 50, 150, "derived", "brought to committees"
        ),
        community=Parameter(
            66, "cases per 10,000 residents a year", 30, 120, "derived", "brought to committees"
        ),
    )
    smoothing_years = Parameter(
        1.0, "years", 0.5, 2.0, "assumed", "over which people notice what they are really paid"
    )

    reads = ("budget.spend", "treasury.extra_plan")
    writes: ClassVar[dict[str, Column]] = {
        "budget.due": Column("fen", 0, 9e18, "due so far", 0, "i8"),
        "budget.paid": Column("fen", 0, 9e18, "paid so far", 0, "i8"),
        "budget.cut": Column("fen", 0, 9e18, "due and not paid so far", 0, "i8"),
        "budget.paid_share": Column("share", 0, 1, "paid of due, over the last year", 1, "f8"),
        "budget.spend": Column("fen", 0, 1e15, "due this step for other rules", 0, "f8", flow=True),
        "treasury.planned": Column("fen", 0, 9e18, "planned so far", 0, "i8"),
        "treasury.without_money": Column("fen", 0, 9e18, "planned, no money came", 0, "i8"),
        "treasury.lapsed": Column("fen", 0, 9e18, "money that ended with its year", 0, "i8"),
        "treasury.carried": Column("fen", 0, 9e18, "money left for the rest of the year", 0, "i8"),
        "treasury.extra_plan": Column(
            "fen", 0, 1e15, "planned this step for other rules", 0, "f8", flow=True
        ),
    }
    levers = (
        "grid.subsidy_yuan_per_year",
        "grid.workers_per_grid",
        "mediation.staff_per_10k",
        "mediation.full_time_share",
        "mediation.pay_yuan_per_month",
        "mediation.training_hours_per_year",
        "mediation.specialised_rooms",
        "courts.judges_per_100k",
        "coordination.data_sharing",
        "deliberation.meetings_per_year",
        "participation.online_platform",
        "participation.youth_channel",
    )

    def prepare(self, world: World) -> None:
        """Open the books of every division, all at 0."""
        divisions = world.divisions
        world.tables["budget"] = Table(divisions * len(LINES))
        world.tables["treasury"] = Table(divisions)
        for full_name, column in self.writes.items():
            table, name = full_name.split(".")
            world.tables[table].ensure(name, column)
        place = world.place
        self._plan = place.by_division("budget_yuan_per_year") * FEN_PER_YUAN
        self._execution = place.by_division("execution_share")
        self._fractions = {
            "planned": np.zeros(divisions),
            "money": np.zeros(divisions),
            "due": np.zeros((divisions, len(LINES))),
        }
        self._year: int | None = None
        self._priced = b""

    def step(self, world: World, clock: Clock) -> None:
        """A step's money comes in, a step's costs fall due, and what there is money for is paid."""
        budget, treasury = world.tables["budget"], world.tables["treasury"]
        self.end_year(treasury, clock)
        self.take_in(treasury, clock)
        due = self.due(world, clock)
        paid = shared_out(due, treasury.carried, _FUNDED)
        treasury.carried -= paid.sum(axis=1)
        budget.due += due.ravel()
        budget.paid += paid.ravel()
        budget.cut += (due - paid).ravel()
        self.notice(budget, due.ravel(), paid.ravel(), clock)
        for flow, fen in (("budget_due", due), ("budget_paid", paid)):
            world.flows.add_divisions(flow, fen[:, _OWN].sum(axis=1) / FEN_PER_YUAN)
        for flow, yuan in zip(_SPENT, paid.T / FEN_PER_YUAN, strict=True):
            world.flows.add_divisions(flow, yuan)
        self.check(budget, treasury)

    def end_year(self, treasury: Table, clock: Clock) -> None:
        """Money that is left when the year ends is lost to those who did not spend it."""
        year = clock.date.year
        if self._year is not None and year != self._year:
            treasury.lapsed += treasury.carried
            treasury.carried[:] = 0
        self._year = year

    def take_in(self, treasury: Table, clock: Clock) -> None:
        """The plan goes ahead by a step; its execution share comes as money."""
        amounts = self._plan * clock.dt_years + treasury.extra_plan
        planned = whole_fen(amounts, self._fractions["planned"])
        money = whole_fen(amounts * self._execution, self._fractions["money"])
        money = np.minimum(money, planned)
        treasury.planned += planned
        treasury.carried += money
        treasury.without_money += planned - money
        treasury.extra_plan[:] = 0.0

    def due(self, world: World, clock: Clock) -> np.ndarray:
        """Whole fen due in this step, shape (divisions, lines)."""
        yearly = self.fen_a_year(world)
        spend = world.tables["budget"].spend
        amounts = yearly * clock.dt_years + spend.reshape(yearly.shape)
        spend[:] = 0.0
        return whole_fen(amounts, self._fractions["due"])

    def fen_a_year(self, world: World) -> np.ndarray:
        """What the levers in force cost; priced anew only when one of them has moved."""
        in_force = b"".join(world.levers[name].tobytes() for name in self.levers)
        if in_force != self._priced:
            self._priced = in_force
            self._fen_a_year = self.cost_of(world.place, world.levers) * FEN_PER_YUAN
        return self._fen_a_year

    def notice(self, budget: Table, due: np.ndarray, paid: np.ndarray, clock: Clock) -> None:
        """People come to know, over about a year, what share of their due they are paid."""
        asked = due > 0
        share = paid[asked] / due[asked]
        pace = clock.chance(1.0 / self.smoothing_years)
        budget.paid_share[asked] += pace * (share - budget.paid_share[asked])

    def check(self, budget: Table, treasury: Table) -> None:
        """Raise AccountError unless the books close to the fen."""
        paid = budget.paid.reshape(len(treasury), len(LINES)).sum(axis=1)
        known = paid + treasury.without_money + treasury.lapsed + treasury.carried
        if (treasury.planned != known).any():
            raise AccountError(f"planned {treasury.planned} fen, accounted for {known}")
        if (budget.due != budget.paid + budget.cut).any():
            raise AccountError("what was due differs from what was paid and cut")

    def cost_of(self, place: Any, levers: Mapping[str, np.ndarray]) -> np.ndarray:
        """Yuan a year that levers cost, shape (divisions, lines); base values where not given."""
        in_force = {name: levers.get(name, place.bases[name]) for name in self.levers}
        lines = cost_by_line(Counts(place), in_force, place.bases, self.cost, self.cases_per_10k)
        return np.stack([lines.get(line, np.zeros(len(place.divisions))) for line in LINES], axis=1)

    def yearly_cost(
        self, place: Any, levers: Mapping[str, np.ndarray] | None = None
    ) -> dict[str, dict[str, int]]:
        """Fen a year that a policy costs, by division and line.

        `levers` holds a number or an array by division for each lever that differs from the base.
        """
        given = {
            name: np.broadcast_to(np.asarray(value, float), len(place.divisions))
            for name, value in (levers or {}).items()
        }
        fen = np.rint(self.cost_of(place, given) * FEN_PER_YUAN).astype(np.int64)
        return {
            division: dict(zip(LINES, map(int, fen[row]), strict=True))
            for row, division in enumerate(place.divisions)
        }


def yearly_cost(
    place: Any, levers: Mapping[str, np.ndarray] | None = None
) -> dict[str, dict[str, int]]:
    """Fen a year that a policy costs at the default unit costs, by division and line."""
    return Budget().yearly_cost(place, levers)

"""Civic courses train adults in law and dialogue; what is not used again is forgotten.

A unit's seats a year are S = seats per 10,000 residents x residents; T -> 1 at a seat, T -> 0 at
rate f (an exponential spell of its own for each course). Seats that go to anybody leave

    trained = S / (S + f N)

of N adults trained; repeat seats are wasted. A share of the seats is offered first to people with a
live dispute (case method), a share to units with an open issue (project method), the rest at random
(event); who has the least luck of the week sits first. A seat that its target leaves empty passes
on. Whole seats are given week by week, fractions are carried over, and each seat has its moment.

A trained person's legal awareness is anchored higher, and meetings draw them more; both against
what the base seats of the division would leave in the long run. Source: article 12 (three levels,
three methods); effects of legal courses on going to court; sizes assumed.
"""

from typing import ClassVar

import numpy as np
from numba import njit

from sim.kernel import DAYS_PER_YEAR, Clock, Column, Mechanism, Parameter, Table
from sim.mechanisms.society.seats import filled, first_of_each_unit, least_lucky
from sim.world.money import society_spend
from sim.world.offices import residents_of_divisions
from sim.world.world import World

TRAINED_BY = ("start", "case", "project", "event")
START, CASE, PROJECT, EVENT = range(len(TRAINED_BY))
NEVER = -1e9
QUARTER = 13  # weeks between two counts of heads


class Education(Mechanism):
    """Seats in civic courses, and who is trained by them."""

    name = "education"
    hours_per_seat = Parameter(12, "hours", 4, 40, "assumed", "six evenings")
    cost_per_seat = Parameter(
        150, "yuan", 50, 400, "assumed", "12 hours in a class of 25 at 300 yuan an hour"
    )
    forgetting = Parameter(0.3, "1/year (f)", 0.1, 0.8, "assumed", "half-life 2.3 years")
    legal_gain = Parameter(
        0.051,
        "rise of the anchor of legal awareness",
        0.0,
        0.13,
        "derived",
        "a legal course: .10 logit of suing / .35 per sd x sd .18",
    )
    dialogue_logit = Parameter(
        0.1, "logit of deliberating when trained", 0.0, 0.3, "assumed", "as two years of school"
    )
    case_share = Parameter(
        0.1, "share of seats", 0.0, 0.4, "assumed", "article 12: first to people in a live dispute"
    )
    project_share = Parameter(
        0.2, "share of seats", 0.0, 0.5, "assumed", "article 12: first to units with an open issue"
    )
    for_untrained = Parameter(
        0.0, "share of the other seats", 0.0, 1.0, "assumed", "kept for people who are not trained"
    )

    reads = (
        "people.live_disputes",
        "people.unconsulted",
        "budget.paid_share",
    )
    writes: ClassVar[dict[str, Column]] = {
        "people.trained": Column("yes or no", 0, 1, "has a civic course in mind", 0, "?"),
        "people.trained_until": Column("day", NEVER, 1e9, "when it is forgotten", NEVER),
        "people.trained_by": Column(
            "position in TRAINED_BY", 0, len(TRAINED_BY), "method of the last course", 0, "i1"
        ),
        "units.seats_due": Column("seats", 0.0, 1.0, "part of a seat carried over", 0.0, "f8"),
        "units.extra_seats": Column(
            "seats a year", -1e6, 1e6, "beyond those of the lever, posted each step", 0.0, flow=True
        ),
    }
    adds = (
        "people.anchor_push_legal_awareness",
        "people.act_logit_deliberate",
        "budget.spend",
        "treasury.extra_plan",
    )
    levers = ("education.seats_per_10k",)

    def prepare(self, world: World) -> None:
        """Trained are as many as the base seats of each division keep trained in the long run."""
        units, draws = world.units, world.draws
        self._base = np.array(world.lever("education.seats_per_10k"), float)
        self._residents = residents_of_divisions(world)
        self.count_heads(world)
        self._expected = self.trained_at_rest(world).astype(np.float32)
        everybody = np.arange(len(world.people))
        self.have_learnt(world, everybody, Clock.begins)  # the warm-up's first day
        units.seats_due[:] = draws.uniform("education.due", units.id)
        nobody = np.zeros(0, np.int64)
        self._given = Table(0, person=nobody, at=np.zeros(0), method=np.zeros(0, np.int8))

    def have_learnt(self, world: World, rows: np.ndarray, day: float) -> None:
        """As many of these people as usual have had a course, part of whose spell is over."""
        people, draws = world.people, world.draws
        ids = people.id[rows]
        trained = draws.uniform("education.start", ids) < self._expected[people.division[rows]]
        spell = draws.exponential("education.start_spell", ids) / self.forgetting
        people.trained[rows] = trained
        until = np.where(trained, day + spell * DAYS_PER_YEAR, NEVER)
        people.trained_until[rows] = until.astype(np.float32)

    def welcome(self, world: World, clock: Clock, rows: np.ndarray) -> None:
        """Newcomers have had courses where they come from, as many as are usual here."""
        self.have_learnt(world, rows, clock.begins)

    def trained_at_rest(self, world: World) -> np.ndarray:
        """S / (S + f N) under the base seats, by division."""
        people, size = world.people, world.divisions
        weights = people.weight * people.alive
        adults = np.bincount(people.division, weights, minlength=size)
        residents = np.bincount(people.division, people.residents * people.alive, minlength=size)
        seats = self._base / 1e4 * residents / np.maximum(adults, 1e-9)
        trained: np.ndarray = seats / (seats + self.forgetting)
        return trained

    def step(self, world: World, clock: Clock) -> None:
        """A week's seats are given at its first step; seats and spells end at their moments."""
        paid = self.pay(world, clock)
        if clock.begins - clock.week_begins < 1e-9:
            if clock.week % QUARTER == 0:
                self.count_heads(world)
            self.give_seats(world, clock, paid)
        world.units.extra_seats[:] = 0.0
        self.teach(world, clock)
        self.forget(world, clock)
        _lean(
            world.people.act_logit_deliberate,
            world.people.trained,
            world.people.division,
            self._expected,
            np.float32(self.dialogue_logit),
        )

    def pay(self, world: World, clock: Clock) -> np.ndarray:
        """What the seats cost falls due; the share of it that is paid, by division."""
        yuan = self.cost_per_seat * self._residents / 1e4
        seats = world.lever("education.seats_per_10k")
        return society_spend(world, self.name, seats * yuan, self._base * yuan, clock)

    def count_heads(self, world: World) -> None:
        """How many adults and residents each unit has now."""
        people, size = world.people, len(world.units)
        self._adults = np.bincount(people.unit, people.alive, minlength=size)
        residents = np.bincount(people.unit, people.residents * people.alive, minlength=size)
        self._unit_residents = residents / world.units.weight

    def rates(self, world: World, paid: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Seats a year of each unit, and those of them that came to it for an open issue.

        Where a division has units with an open issue, they share the project seats of all by
        residents; else these seats stay where they are.
        """
        people, units, size = world.people, world.units, world.divisions
        per_resident = world.lever("education.seats_per_10k") / 1e4 * paid
        own = per_resident[units.division] * self._unit_residents
        own = np.maximum(own + units.extra_seats, 0.0)
        if not people.unconsulted.any():
            return own, np.zeros(len(units))
        concerned = np.bincount(people.unit[people.unconsulted], minlength=len(units)) > 0
        weighed = units.weight * self._unit_residents * concerned
        total = np.bincount(units.division, weighed, minlength=size)
        pool = self.project_share * np.bincount(units.division, units.weight * own, minlength=size)
        with np.errstate(divide="ignore", invalid="ignore"):
            each = np.where(total > 0.0, pool / total, 0.0)
        project = each[units.division] * self._unit_residents * concerned
        stays = np.where(total > 0.0, 1.0 - self.project_share, 1.0)
        return own * stays[units.division] + project, project

    def give_seats(self, world: World, clock: Clock, paid: np.ndarray) -> None:
        """The seats that are whole by now go to people: in live disputes first, then by luck."""
        units, draws, week = world.units, world.draws, clock.week
        rate, project = self.rates(world, paid)
        units.seats_due += rate * 7.0 / DAYS_PER_YEAR
        seats = np.floor(units.seats_due).astype(np.int64)
        units.seats_due -= seats
        where = np.repeat(np.arange(len(units)), seats)
        if not len(where):
            return
        number = np.arange(len(where)) - np.repeat(seats.cumsum() - seats, seats)
        luck = draws.uniform("education.method", units.id[where], week, number)
        by_project = (project / np.maximum(rate, 1e-300))[where]
        case = luck >= 1.0 - self.case_share
        kept = draws.uniform("education.kept", units.id[where], week, number) < self.for_untrained
        rows, methods = self.seated(world, clock, where, case, kept & ~case, luck < by_project)
        moment = draws.uniform("education.moment", world.people.id[rows], week)
        at = clock.week_begins + 7.0 * moment
        self._given.grow(len(rows), {"person": rows, "at": at, "method": methods})

    def seated(
        self,
        world: World,
        clock: Clock,
        where: np.ndarray,
        case: np.ndarray,
        kept: np.ndarray,
        project: np.ndarray,
    ) -> tuple[np.ndarray, np.ndarray]:
        """Who gets the week's seats (rows), and by which method; `where` are the seats' units."""
        people, size = world.people, len(world.units)
        key = world.draws.key("education.seat")
        live = np.unique(world.disputes.person[world.disputes.is_live])
        live = live[people.alive[live]]
        luck = world.draws.uniform("education.seat", people.id[live], clock.week)
        asked = np.bincount(where[case], minlength=size)
        first = first_of_each_unit(live, people.unit[live], luck, asked)
        free = np.bincount(where[~case & ~kept], minlength=size)
        free += asked - np.bincount(people.unit[first], minlength=size)
        others = np.bincount(where[kept], minlength=size)
        rows = first
        if free.any():
            everybody = least_lucky(people, people.alive, rows, free, self._adults, key, clock.week)
            rows = np.concatenate([rows, everybody])
        if others.any():
            untrained = people.alive & ~people.trained
            fresh = least_lucky(people, untrained, rows, others, None, key, clock.week)
            rows = np.concatenate([rows, fresh])
        methods = np.full(len(rows), EVENT, np.int8)
        methods[: len(first)] = CASE
        by_project = np.bincount(where[project & ~case], minlength=size)
        rest = rows[len(first) :]
        methods[len(first) :][filled(people.unit[rest], by_project)] = PROJECT
        return rows, methods

    def teach(self, world: World, clock: Clock) -> None:
        """Seats whose moment has come: who was not trained then is trained for a spell."""
        people, seats = world.people, self._given
        now = seats.at < clock.ends
        rows, at, methods = seats.person[now], seats.at[now], seats.method[now]
        world.flows.add("education_seats", people.cell[rows], people.weight[rows])
        fresh = people.trained_until[rows] < at
        rows, at, methods = rows[fresh], at[fresh], methods[fresh]
        spell = world.draws.exponential("education.spell", people.id[rows], clock.week)
        until = at + spell / self.forgetting * DAYS_PER_YEAR
        newly = ~people.trained[rows]
        people.anchor_push_legal_awareness[rows[newly]] += self.legal_gain
        people.trained[rows] = True
        people.trained_until[rows] = until
        people.trained_by[rows] = methods
        world.flows.add("people_trained", people.cell[rows], people.weight[rows])
        seats.keep((~now).nonzero()[0])

    def forget(self, world: World, clock: Clock) -> None:
        """Spells that are over by now: the course is forgotten."""
        people = world.people
        rows = people.trained.nonzero()[0]
        rows = rows[people.trained_until[rows] < clock.ends]
        people.trained[rows] = False
        people.anchor_push_legal_awareness[rows] -= self.legal_gain


@njit(cache=True)
def _lean(logit, trained, division, expected, slope):  # type: ignore[no-untyped-def]
    """Trained people lean towards deliberating, against the share expected in their division."""
    for i in range(logit.size):
        logit[i] += slope * (np.float32(trained[i]) - expected[division[i]])

"""Volunteers and serving members give hours: to mediation, patrols, lessons, service and events.

    hours of a unit: L <- L + (1 - exp(-dt / 1 year)) (given in the step / dt - L)

An act of volunteering (made by `participation`) is so many hours, split over five sinks; the
year's hours of a unit become sessions of its committee, time of grid workers and hours of service,
as far as they go beyond those expected at the start under the base levers. An act may put a person
on the list of volunteers, where names lapse by a threshold clock: a label that moves no act.
Serving members who report to their community do some hours, fewer where party building is for
form's sake. A time bank credits a share of the hours of service and makes people a little keener
(see `time_bank`).

Source: article 1 (350,000 registered, a card for every serving member; few of them mediate);
articles 8 and 9 (time bank, members who report); the rest assumed as stated.
"""

from typing import ClassVar

import numpy as np

from sim.kernel import Clock, Column, Group, Mechanism, Parameter, Table
from sim.kernel.clock import DAYS_PER_YEAR, WARM_UP_WEEKS
from sim.mechanisms.society import time_bank
from sim.world.by_group import add_by_group, first_of_quarter
from sim.world.figures import WORKING_SECTORS
from sim.world.money import CITY_RESIDENTS, paid_for, society_spend
from sim.world.real_counts import residents
from sim.world.world import World

SINKS = ("mediation", "detection", "education", "service", "events")
TERTIARY = 1 + WORKING_SECTORS.index("tertiary")
BANK, REPORT = "volunteering.time_bank", "volunteering.report_to_community_share"
MEDIATE = "volunteering.mediation_share"
FORMALITY = "partybuilding.formality"


def _sink(value: float, low: float, high: float, source: str) -> Parameter:
    return Parameter(value, "share of hours", low, high, "assumed", source)


class Volunteering(Mechanism):
    """Hours that people give, who is on the list, and what a time bank owes them."""

    name = "volunteering"
    enrol_chance = Parameter(
        0.36, "chance that an act enrols", 0.1, 0.8, "derived", ".192 of adults stay registered"
    )
    lapse_rate = Parameter(0.1, "1/year", 0.03, 0.3, "assumed", "cards lost, moves, clean-ups")
    hours_per_act = Parameter(
        18.4, "hours", 7.4, 36.8, "derived", "20 a year of an active one x .0735 / .0800"
    )
    share = Group(
        detection=_sink(0.02, 0.0, 0.1, "patrols and visits"),
        education=_sink(0.05, 0.0, 0.15, "lectures and reading groups"),
        service=_sink(0.42, 0.2, 0.7, "care, errands, lessons; cleaning and events have the rest"),
    )
    report_share = Group(
        mediation=_sink(0.05, 0.0, 0.2, "lawyers, retired cadres"),
        detection=_sink(0.1, 0.0, 0.3, "stair and courtyard duty; the rest is service"),
    )
    mediation_productivity = Parameter(
        0.5, "ratio to a part-time mediator's hour", 0.2, 0.8, "assumed", "untrained"
    )
    detection_productivity = Parameter(
        0.3, "ratio to a grid worker's hour", 0.1, 0.6, "assumed", "no authority, no account"
    )
    hours_per_session = Parameter(
        4.4, "hours", 3.0, 8.0, "derived", ".05 of 1,760 hours over 20 sessions, paper included"
    )
    hours_per_fte = Parameter(1760, "hours", 1600, 2000, "derived", "220 days of 8")
    serving_members = Parameter(
        0.0205, "per resident", 0.012, 0.03, "assumed", "45,000 of 150,000 members are in posts"
    )
    report_hours = Parameter(
        4.0, "hours a reporter a year", 1.0, 12.0, "assumed", "articles 8 and 9 name no hours"
    )
    report_cost = Parameter(20, "yuan a reporter a year", 5, 60, "assumed", "insurance, materials")
    time_bank_logit = Parameter(
        0.08, "logit of volunteering at lever 1", 0.0, 0.2, "derived", "half of the uplift of .15"
    )
    time_bank_uplift = Parameter(
        0.15, "relative rise in hours at lever 1", 0.0, 0.35, "assumed", "few controlled studies"
    )
    time_bank_hours_share = Parameter(
        0.5, "share of the uplift that is longer hours", 0.0, 1.0, "assumed", "the rest: more acts"
    )
    spend_rate = Parameter(0.5, "1/year of credit", 0.1, 1.5, "assumed", "people save first")
    credit_life_years = Parameter(3, "years", 1, 10, "assumed", "time-bank credit expires")
    cash_share = Parameter(
        0.1, "share of spent credit", 0.0, 0.3, "found", "rules of the Nanjing time bank"
    )
    cash_yuan_per_hour = Parameter(12, "yuan", 8, 20, "found", "rules of the Nanjing time bank")
    time_bank_platform = Parameter(
        600_000,
        "yuan a year, city of 2.2 m, at lever 1",
        200_000,
        2e6,
        "assumed",
        "registry, insurance",
    )

    reads = (
        "budget.paid_share",
        "people.alive",
        "people.employed",
        "people.last_volunteered",
        "people.sector",
        "people.volunteer_rate",
    )
    writes: ClassVar[dict[str, Column]] = {
        "people.registered": Column("yes or no", 0, 1, "on the list of volunteers", 0, "?"),
        "people.card_until": Column("day", -1e9, 1e9, "when the place on the list lapses", -1e9),
        "people.credit_hours": Column("hours", 0, 1e6, "held in the time bank", 0, "f8"),
        "people.serving_member": Column("yes or no", 0, 1, "a party member in post", 0, "?"),
        "units.reporters": Column("persons", 0, 1e6, "members who report and do hours", 0, "f8"),
        **{f"time_bank.{name}": Column("hours", 0, 1e15, f"so far: {name}", 0, "f8")
           for name in time_bank.ACCOUNTS},
        **{f"units.volunteer_hours_{sink}": Column("hours a year", 0, 1e9, f"{sink}", 0, "f8")
           for sink in SINKS},
    }  # fmt: skip
    adds = (
        "offices.extra_sessions",
        "people.act_logit_volunteer",
        "units.extra_grid_fte",
        "units.service_hours",
        "budget.spend",
        "treasury.extra_plan",
    )
    levers = (BANK, REPORT, MEDIATE)

    def prepare(self, world: World) -> None:
        """Hours, names on the list and members in post as at rest under the base levers."""
        people, units = world.people, world.units
        self._base = {
            name: np.array(world.lever(name), float) for name in (*self.levers, FORMALITY)
        }
        world.tables["time_bank"] = Table(world.divisions)
        for name in time_bank.ACCOUNTS:
            world.tables["time_bank"].ensure(name, self.writes[f"time_bank.{name}"])
        self.enrol_at_rest(world, np.arange(len(people)), -WARM_UP_WEEKS * 7.0)
        self._asked = b""
        self.appoint(world)
        self.call(world)
        self._reported = self.reported(world)
        acts = np.bincount(people.unit, people.volunteer_rate, len(units))
        given = acts * self.hours_each(world)[units.division]
        for sink in SINKS:
            units[f"volunteer_hours_{sink}"][:] = self.part(world, sink)[units.division] * given
        self._start = {sink: self.hours(world, sink) for sink in SINKS}
        self._banking = False

    def enrol_at_rest(self, world: World, rows: np.ndarray, begins: float) -> None:
        """Which of these people are on the list after a long time of acts and lapses."""
        people, draws = world.people, world.draws
        ids, enrols = people.id[rows], self.enrol_chance * people.volunteer_rate[rows]
        listed = draws.uniform("volunteering.start", ids) * (enrols + self.lapse_rate) < enrols
        years = draws.exponential("volunteering.lapse", ids, -1) / self.lapse_rate
        people.card_until[rows[listed]] = begins + DAYS_PER_YEAR * years[listed]
        people.registered[rows] = listed

    def welcome(self, world: World, clock: Clock, rows: np.ndarray) -> None:
        """Newcomers were on a list where they come from, as those who are here once were."""
        self.enrol_at_rest(world, rows, clock.begins)

    def step(self, world: World, clock: Clock) -> None:
        """A step's acts are counted, listed and credited; what they add is posted."""
        people = world.people
        if first_of_quarter(clock) and clock.week % 52 == 0:
            self.appoint(world)
        self.call(world, first_of_quarter(clock))
        self._reported = self.reported(world)
        at = people.last_volunteered
        acted = ((at >= clock.begins) & (at < clock.ends)).nonzero()[0]
        self.enrol(world, clock, acted)
        self.give(world, clock, acted)
        cash = self.keep_accounts(world, clock, acted)
        self.help_out(world)
        self.keep_keen(world)
        self.pay(world, clock, cash)

    def appoint(self, world: World) -> None:
        """So many employed people of the services are members in post, first those of low luck."""
        people = world.people
        people.serving_member &= people.alive
        size = world.divisions
        quota = self.serving_members * np.bincount(people.division, people.residents, size)
        members = np.flatnonzero(people.serving_member)
        missing = quota - np.bincount(people.division[members], people.weight[members], size)
        able = people.alive & people.employed & (people.sector == TERTIARY)
        rows = np.flatnonzero(able & ~people.serving_member)
        rows = rows[np.lexsort((world.draws.uniform("volunteering.member", people.id[rows]),
                                people.division[rows]))]  # fmt: skip
        for division in range(size):
            here = rows[people.division[rows] == division]
            reached = np.cumsum(people.weight[here], dtype=np.float64)
            taken = reached - people.weight[here] / 2.0 < missing[division]
            people.serving_member[here[taken]] = True

    def call(self, world: World, anew: bool = True) -> None:
        """Which members report: those of a smaller share are among those of a larger one."""
        people, share = world.people, paid_for(world, REPORT, "society")
        if not anew and share.tobytes() == self._asked:
            return
        self._asked = share.tobytes()
        rows = np.flatnonzero(people.serving_member & people.alive)
        luck = world.draws.uniform("volunteering.report", people.id[rows])
        rows = rows[luck < share[people.division[rows]]]
        world.units.reporters[:] = np.bincount(people.unit[rows], minlength=len(world.units))

    def enrol(self, world: World, clock: Clock, acted: np.ndarray) -> None:
        """An act may put a name on the list; names lapse when their time is up."""
        people, draws = world.people, world.draws
        rows = acted[people.card_until[acted] <= people.last_volunteered[acted]]
        luck = draws.uniform("volunteering.enrol", people.id[rows], clock.week)
        rows = rows[luck < self.enrol_chance]
        years = draws.exponential("volunteering.lapse", people.id[rows], clock.week)
        until = people.last_volunteered[rows] + DAYS_PER_YEAR * years / self.lapse_rate
        people.card_until[rows] = until
        np.greater(people.card_until, np.float32(clock.ends), out=people.registered)

    def hours_each(self, world: World) -> np.ndarray:
        """Hours of an act, by division: a time bank makes them longer."""
        bank = paid_for(world, BANK, "society")
        longer = self.time_bank_uplift * self.time_bank_hours_share * bank
        return self.hours_per_act * (1.0 + longer)

    def part(self, world: World, sink: str) -> np.ndarray:
        """The share of volunteers' hours that goes to a sink, by division; events have the rest."""
        to_mediation = np.asarray(world.lever(MEDIATE), float)
        if sink == "mediation":
            return to_mediation
        if sink in self.share:
            return np.full(world.divisions, self.share[sink])
        left: np.ndarray = np.maximum(1.0 - sum(self.share.values()) - to_mediation, 0.0)
        return left

    def report_part(self, sink: str) -> float:
        """The share of reporting members' hours that goes to a sink; service has what is left."""
        if sink == "service":
            return 1.0 - sum(self.report_share.values())
        return self.report_share.get(sink, 0.0)

    def reported(self, world: World) -> np.ndarray:
        """Hours a year that reporting members do, by unit."""
        lively = 1.0 - world.lever(FORMALITY)
        usual = 1.0 - self._base[FORMALITY]
        factor = np.where(usual > 0.0, lively / np.where(usual > 0.0, usual, 1.0), 1.0)
        return self.report_hours * world.units.reporters * factor[world.units.division]

    def hours(self, world: World, sink: str) -> np.ndarray:
        """Hours a year that go to a sink, by unit: volunteers, smoothed, and reporting members."""
        return world.units[f"volunteer_hours_{sink}"] + self.report_part(sink) * self._reported

    def give(self, world: World, clock: Clock, acted: np.ndarray) -> None:
        """Hours of the step, smoothed over a year by unit; all that is given is used somewhere."""
        people, units = world.people, world.units
        each = self.hours_each(world)[people.division[acted]]
        weighed = each * people.weight[acted]
        world.flows.add("volunteer_hours", people.cell[acted], weighed)
        by_unit = np.bincount(people.unit[acted], each, len(units)) / clock.dt_years
        pace = clock.chance(1.0)
        reported = self._reported * units.weight * clock.dt_years
        given = np.bincount(people.division[acted], weighed, world.divisions)
        by_members = np.bincount(units.division, reported, world.divisions)
        world.flows.add_divisions("reporter_hours", by_members)
        for sink in SINKS:
            smoothed = units[f"volunteer_hours_{sink}"]
            part = self.part(world, sink)
            smoothed += pace * (part[units.division] * by_unit - smoothed)
            used = part * given + self.report_part(sink) * by_members
            world.flows.add_divisions(f"hours_for_{sink}", used)

    def keep_accounts(self, world: World, clock: Clock, acted: np.ndarray) -> np.ndarray:
        """The time bank's step; returns hours turned into cash, by division (real hours)."""
        people, share = world.people, paid_for(world, BANK, "society")
        if not (self._banking or share.any()):
            return np.zeros(world.divisions)
        self._banking = True
        credit, accounts = people.credit_hours, world.tables["time_bank"]
        gone, hours = time_bank.leave(credit, people.alive)
        self.book(world, "left", gone, hours, world.units.weight[people.unit[gone]])
        each = (share * self.hours_each(world))[people.division[acted]] * self.share["service"]
        acted, each = acted[each > 0.0], each[each > 0.0]
        rows = np.union1d(np.flatnonzero(credit > 0.0), acted)
        held, minted, days = credit[rows], np.zeros(len(rows)), np.zeros(len(rows))
        fresh = np.searchsorted(rows, acted)
        minted[fresh], days[fresh] = each, clock.ends - people.last_volunteered[acted]
        wanted, expired = time_bank.go_out(
            held, minted, days, clock.step_days, self.spend_rate, self.credit_life_years
        )
        unit = people.unit[rows]
        supply = self.hours(world, "service") * clock.dt_years
        spent = time_bank.within_supply(wanted, unit, people.id[rows], supply)
        credit[rows] = np.maximum(held + minted - spent - expired, 0.0)
        weight = people.weight[rows]
        for name, amount in (("minted", minted), ("spent", spent), ("expired", expired)):
            self.book(world, name, rows, amount, weight)
        time_bank.check(accounts, credit)
        real = np.bincount(people.division[rows], spent * weight, world.divisions)
        return self.cash_share * real

    def book(self, world: World, name: str, rows: np.ndarray, hours, weight) -> None:  # type: ignore[no-untyped-def]
        """Enter hours of these people in an account; the flow counts all they stand for."""
        people = world.people
        account = world.tables["time_bank"][name]
        account += np.bincount(people.division[rows], hours, world.divisions)
        world.flows.add(f"credit_{name}", people.cell[rows], hours * weight)

    def help_out(self, world: World) -> None:
        """Sessions, time of grid workers and hours of service beyond those of the start."""
        units, offices = world.units, world.offices
        beyond = {sink: self.hours(world, sink) - self._start[sink] for sink in SINKS}
        sessions = beyond["mediation"] * self.mediation_productivity / self.hours_per_session
        seen = sessions * offices.weight[units.committee]
        offices.extra_sessions += np.bincount(units.committee, seen, len(offices))
        units.extra_grid_fte += (
            beyond["detection"] * self.detection_productivity / self.hours_per_fte
        )
        units.service_hours += beyond["service"]

    def keep_keen(self, world: World) -> None:
        """A time bank makes people a little keener to volunteer."""
        logit = self.time_bank_logit * (paid_for(world, BANK, "society") - self._base[BANK])
        if logit.any():
            people = world.people
            logit = logit.astype(np.float32)
            add_by_group(people.act_logit_volunteer, people.division, logit)

    def pay(self, world: World, clock: Clock, cash: np.ndarray) -> None:
        """The time bank's platform and cash; what a reporting member costs."""
        people = residents(world)
        platform = self.time_bank_platform * people / CITY_RESIDENTS
        paid_out = cash * self.cash_yuan_per_hour / clock.dt_years
        bank = platform * world.lever(BANK) + paid_out
        society_spend(world, "time_bank", bank, platform * self._base[BANK], clock)
        each = self.report_cost * self.serving_members * people
        reports, base = each * world.lever(REPORT), each * self._base[REPORT]
        society_spend(world, "reporters", reports, base, clock)

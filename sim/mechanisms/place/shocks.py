"""A shock comes on its day: from then on so many households share one trouble, or a city stops.

    households hit = floor(scale x households + what was left over)       the lowest by luck
    grievance inflow while it lasts; disputes at a rate that halves every year

Until its day nothing of a shock is read or drawn. The households (of a siting or a flood those
nearest to one spot, of a closure the dismissed) are the members of one issue, with one end for all.
Flood and drought move the recharge of water for a year. A pandemic has no issue: separations rise,
moves and meetings stop for a while, migrants earn less, distress and trust rise and fade. What
labour, migration, participation, wellbeing and water read of it is neutral at all other times.
Sources: sizes are judgements; income and trust in 2020 from national statistics and surveys.
"""

import math
from collections.abc import Sequence

import numpy as np

from sim.kernel import (
    DAYS_PER_YEAR,
    Clock,
    Column,
    Group,
    Mechanism,
    Parameter,
)
from sim.mechanisms.place.shock_reach import Begun, hit, identity_of, largest, where_of
from sim.scenario import SHOCK_KINDS, Shock
from sim.world.exposed import end_exposures, expose
from sim.world.issues import IssuePost, how_ended, open_issue
from sim.world.world import World

WEEK = 7.0
FADE_WEEKS = 4  # what fades is taken back once in so many weeks
FADED = 1e-4
ROUNDING = 1e-9  # of a product that should be whole

# Of each kind: the kind of its issue, the domain of its disputes, the kind of firm behind it.
_TROUBLE: dict[str, tuple[str, str, str | None]] = {
    "housing_delivery": ("housing", "housing", "developer"),
    "fund_raising": ("fund_raising", "consumer", "lender"),
    "siting": ("siting", "environment", None),
    "flood": ("flood", "damage", None),
    "drought": ("drought", "water", None),
    "factory_closure": ("wages", "labour", "employer"),
}


def _by_kind(unit: str, why: str, **values: tuple[float, float, float]) -> Group:
    members = {
        kind: Parameter(value, unit, low, high, "assumed", why)
        for kind, (value, low, high) in values.items()
    }
    return Group(**members)


class Shocks(Mechanism):
    """Dated events from outside, as a scenario states them."""

    name = "shocks"
    pandemic = Group(
        separation_factor=Parameter(3.0, "ratio", 1.5, 6.0, "assumed", "jobs lost at first"),
        weeks=Parameter(
            13, "weeks", 4, 26, "assumed", "separations, meetings; moves and pay twice as long"
        ),
        move_factor=Parameter(0.3, "ratio", 0.1, 0.7, "assumed", "moves while it lasts"),
        income=Parameter(
            -0.05, "relative change of migrants' income", -0.12, -0.01, "recalled",
            "national statistics, first half of 2020",
        ),
        distress=Parameter(0.05, "share", 0.02, 0.12, "assumed", "rise of distress"),
        trust=Parameter(
            0.08, "step of trust in the city", 0.02, 0.15, "recalled", "rally in surveys of 2020"
        ),
        relax_per_year=Parameter(1.0, "1/year", 0.5, 3.0, "assumed", "distress and trust fade"),
    )  # fmt: skip
    dispute_rate = _by_kind(
        "1/year per adult hit", "in the first year; half of it in each further one",
        housing_delivery=(0.4, 0.1, 1.0), fund_raising=(0.3, 0.1, 0.8), flood=(0.1, 0.03, 0.3),
        factory_closure=(0.3, 0.1, 0.8), siting=(0.1, 0.03, 0.3), drought=(0.05, 0.01, 0.2),
    )  # fmt: skip
    inflow = _by_kind(
        "1/year of grievance", "while it lasts; .6 settles at .43: home or savings lost",
        housing_delivery=(0.6, 0.2, 1.2), fund_raising=(0.6, 0.2, 1.2), flood=(0.2, 0.05, 0.6),
        factory_closure=(0.3, 0.1, 0.8), siting=(0.3, 0.1, 0.8), drought=(0.1, 0.02, 0.4),
    )  # fmt: skip
    end_years = _by_kind(
        "years, exponential", "one end for all households",
        housing_delivery=(2.5, 1.0, 5.0), fund_raising=(3.0, 1.0, 6.0), flood=(0.5, 0.25, 1.0),
        factory_closure=(1.0, 0.5, 2.0), siting=(1.0, 0.3, 2.0), drought=(0.5, 0.25, 1.0),
    )  # fmt: skip
    recharge_factor = _by_kind(
        "ratio", "recharge of ground water for a year",
        flood=(1.2, 1.0, 1.6), drought=(0.4, 0.1, 0.8),
    )  # fmt: skip

    reads = ("people.employed", "people.sector", "people.kind", "issues.ended")
    writes = {
        "divisions.separation_factor": Column("ratio", 0, 100, "on separations", 1.0, "f8"),
        "divisions.move_factor": Column("ratio", 0, 100, "on moves", 1.0, "f8"),
        "divisions.meeting_factor": Column("ratio", 0, 100, "on meetings", 1.0, "f8"),
        "divisions.migrant_income_factor": Column("ratio", 0, 100, "on pay", 1.0, "f8"),
        "divisions.distress_shift": Column("share", -1, 1, "on distress", 0.0, "f8"),
    }
    adds = (
        "issues.opened",
        "exposed.rows",
        "lists.dismissed",
        "people.grievance_inflow",
        "people.grievance_relief",
        "people.anchor_push_trust_city",
        "aquifers.recharge_log",
    )

    def prepare(self, world: World) -> None:
        """Nothing has come yet."""
        world.tables["shocks"] = []

    def step(self, world: World, clock: Clock) -> None:
        """Shocks whose day has come begin; what has begun goes on or ends."""
        begun: list[Begun] = world.tables["shocks"]
        come = {one.index for one in begun}
        for index, shock in enumerate(world.shocks):
            day = float((shock.on - clock.start).days)
            if index not in come and day < clock.ends:
                begun.append(self.begin(world, index, shock, day))
        middle = clock.begins + clock.step_days / 2.0
        for one in begun:
            if one.shock.kind == "pandemic":
                self.rally(world, one, clock)
            elif not one.over:
                self.trouble(world, one, clock, middle)
        if begun:
            self.set_factors(world, begun, middle)

    # --- the day comes ----------------------------------------------------------------------------

    def begin(self, world: World, index: int, shock: Shock, day: float) -> Begun:
        """The shock hits: whom, and until when."""
        identity = identity_of(index)
        count = self.count(world.shocks, index, world.scale)
        rows, spot = hit(world, shock, count, identity)
        ends = self.end(world, shock, identity, day)
        one = Begun(shock, index, identity, day, ends, rows, len(world.people))
        if len(rows):
            kind, _, firm = _TROUBLE[shock.kind]
            division = world.place.divisions.index(shock.division)
            post = IssuePost(
                id=identity,
                kind=kind,
                at=day,
                division=division,
                unit=spot,
                members=rows,
                firm=largest(world, firm, division),
                ends=ends,
                response=shock.response,
                sampled=True,
                weighs=False,
            )
            open_issue(world, post)
            people = world.people
            world.flows.add("people_hit_by_shocks", people.cell[rows], people.weight[rows])
        return one

    def end(self, world: World, shock: Shock, identity: int, day: float) -> float:
        """The day on which what it brought is over: as stated, or by luck, the same for all."""
        if shock.until is not None:
            return day + float((shock.until - shock.on).days)
        if shock.kind == "pandemic":
            return day + WEEK * self.pandemic["weeks"]
        luck = world.draws.exponential("shocks.end", np.array([identity], np.uint64))
        return day + DAYS_PER_YEAR * self.end_years[shock.kind] * float(luck[0])

    def count(self, shocks: Sequence[Shock], index: int, scale: float) -> int:
        """Simulated households (or jobs) of a shock; what is left over goes to the next one."""
        what = SHOCK_KINDS[shocks[index].kind]
        counts = [one.count if SHOCK_KINDS[one.kind] == what else 0 for one in shocks[: index + 1]]
        until_here, before = sum(counts), sum(counts[:-1])
        whole = [math.floor(scale * total + ROUNDING) for total in (until_here, before)]
        return whole[0] - whole[1]

    # --- and goes on ------------------------------------------------------------------------------

    def trouble(self, world: World, one: Begun, clock: Clock, middle: float) -> None:
        """Those hit gather grievance and have disputes, until it is over."""
        people, kind = world.people, one.shock.kind
        members = one.members[people.alive[one.members]]
        if middle >= one.ends or how_ended(world, one.id) is not None:
            one.over = True
            end_exposures(world, one.id, min(clock.begins, one.ends))
            if not world.is_on("mobilisation"):  # which relieves the members of its issues
                people.grievance_relief[members] += 1.0
            return
        while one.begins + one.years * DAYS_PER_YEAR < min(clock.ends, one.ends):
            begins = one.begins + one.years * DAYS_PER_YEAR
            rate = self.dispute_rate[kind] * 0.5**one.years
            until = min(begins + DAYS_PER_YEAR, one.ends)
            expose(world, members, _TROUBLE[kind][1], rate, begins, until, one.id)
            one.years += 1
        if one.lasts(middle):
            people.grievance_inflow[members] += np.float32(self.inflow[kind])

    def rally(self, world: World, one: Begun, clock: Clock) -> None:
        """Trust in the city rises at once and is taken back as it fades."""
        new = one.years == 0
        one.years = 1
        on_time = clock.week % FADE_WEEKS == 0 and clock.begins < clock.week_begins + ROUNDING
        if one.over or not (new or on_time):
            return
        years = max(clock.begins - one.begins, 0.0) / DAYS_PER_YEAR
        now = self.pandemic["trust"] * math.exp(-self.pandemic["relax_per_year"] * years)
        if abs(now) < FADED:
            now, one.over = 0.0, True
        here = np.isin(world.people.division[: one.people], where_of(world, one.shock))
        pushes = world.people.anchor_push_trust_city[: one.people]
        pushes += np.float32(now - one.standing) * here
        one.standing = now

    def set_factors(self, world: World, begun: Sequence[Begun], day: float) -> None:
        """What all shocks together make of separations, moves, meetings, pay, distress, water."""
        divisions = world.tables["divisions"]
        for name, column in self.writes.items():
            divisions[name.partition(".")[2]][:] = column.start
        for one in begun:
            where = where_of(world, one.shock)
            kind, rule = one.shock.kind, self.pandemic
            if kind == "pandemic" and day >= one.begins:
                years = (day - one.begins) / DAYS_PER_YEAR
                fading = math.exp(-rule["relax_per_year"] * years)
                divisions.distress_shift[where] += rule["distress"] * fading
                if one.lasts(day):
                    divisions.separation_factor[where] *= rule["separation_factor"]
                    divisions.meeting_factor[where] = 0.0
                if day < 2.0 * one.ends - one.begins:
                    divisions.move_factor[where] *= rule["move_factor"]
                    divisions.migrant_income_factor[where] *= 1.0 + rule["income"]
            elif kind in self.recharge_factor and 0.0 <= day - one.begins < DAYS_PER_YEAR:
                _recharge(world, where, self.recharge_factor[kind])


def _recharge(world: World, where: np.ndarray, factor: float) -> None:
    """Post to the flow of the mechanism of water, where there is one."""
    aquifers = world.tables.get("aquifers")
    if aquifers is not None and len(aquifers) and world.is_on("water"):
        aquifers.recharge_log[where] += math.log(factor)

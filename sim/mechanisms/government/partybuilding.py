"""Joint councils match what people need with what employers near by can give, or only sign papers.

    matched_k = (1 - formality) council_u min(need_k, resource_k place_u) residents_u / 10,000

k: care, skills, venues, repairs, mediation, in hours a year. A unit has a joint council if its
hash ranks among the first `coverage` units of its division and kind of place, so that the councils
of a smaller coverage are among those of a larger one. Each quarter the lists are matched anew. An
agreement without a project (`formality`) delivers nothing and still costs its money and paper.

A living council, L_u = council_u (1 - formality), leans people towards deliberating and activities
and holds up trust in the committee; matched hours of mediation become sessions, care, repairs and
venues hours of service, skills seats in civic courses. Minutes and agreements of a council without
a project weigh on the committee's reports. All of it counts against the unit's own start under the
base levers.
Source: articles 8 and 9; relative rise of mobilised residents by case studies only.
"""

from typing import Annotated, ClassVar

import numpy as np

from sim.kernel import Clock, Column, Group, Limit, Mechanism, Parameter, Quantity, Within
from sim.world.by_group import add_by_group, first_of_quarter, push_by_group
from sim.world.flows import KINDS
from sim.world.money import paid_for, society_spend
from sim.world.posts import offsets, whole_posts
from sim.world.real_counts import committees
from sim.world.world import World

HOURS = ("care", "skills", "venues", "repairs", "mediation")
AS_SERVICE = ("care", "venues", "repairs")
PER = 1e4  # needs and resources are told for so many residents


def _hours(value: float, low: float, high: float, source: str) -> Parameter:
    unit = "hours per 10,000 residents a year"
    return Parameter(value, unit, low, high, "assumed", source)


_NEED = "order of the requests that no office takes"
_GIVE = "what employers near by can give"


class Partybuilding(Mechanism):
    """Councils of the committee, firms and offices of a unit, living or on paper."""

    name = "partybuilding"
    need = Group(
        care=_hours(900, 400, 2000, _NEED),
        skills=_hours(500, 200, 1000, _NEED),
        venues=_hours(300, 100, 700, _NEED),
        repairs=_hours(600, 250, 1200, _NEED),
        mediation=_hours(200, 50, 500, _NEED),
    )
    resource = Group(
        care=_hours(400, 150, 900, _GIVE),
        skills=_hours(600, 200, 1200, _GIVE),
        venues=_hours(500, 200, 1000, _GIVE),
        repairs=_hours(250, 100, 600, _GIVE),
        mediation=_hours(300, 100, 700, _GIVE),
    )
    resource_place = Group(
        urban=Parameter(1.5, "ratio of resources", 1.0, 2.5, "assumed", "employers sit in town"),
        town=Parameter(1.0, "ratio of resources", 0.7, 1.4, "assumed", "between the two"),
        rural=Parameter(0.55, "ratio of resources", 0.2, 0.9, "assumed", "few employers"),
    )
    mobilise_logit = Parameter(
        0.14, "logit per living council", 0.0, 0.3, "derived", "ln(1 + .15), secretary's ties"
    )
    trust_gain = Parameter(
        0.03, "sd of trust in the committee per living council", 0.0, 0.1, "assumed", "met needs"
    )
    paper_weight = Parameter(
        0.05, "reporting weight per empty council", 0.0, 0.15, "assumed", "minutes, agreements"
    )
    cost_per_council = Parameter(
        3000, "yuan a year", 1000, 10_000, "assumed", "meetings; part-time members unpaid"
    )
    mediation_productivity = Parameter(
        0.5, "ratio to a part-time mediator's hour", 0.2, 0.8, "assumed", "as for volunteers"
    )
    hours_per_session = Parameter(
        4.4, "hours", 3.0, 8.0, "derived", ".05 of 1,760 hours over 20 sessions, paper included"
    )

    hours_per_seat = Parameter(
        12, "hours", 4, 40, "assumed", "as courses take: a seat for so many hours of skills"
    )

    reads = ("people.unit", "budget.paid_share")
    writes: ClassVar[dict[str, Column]] = {
        "units.council": Column("yes or no", 0, 1, "a joint council has been set up", 0, "?"),
        "units.council_living": Column("share", 0, 1, "agreements with a project, 0 without"),
        "people.trust_of_councils": Column("share", -1, 1, "trust that councils have added"),
    } | {
        f"units.matched_{name}": Column("hours a year", 0, 1e9, f"given to needs: {name}", 0, "f8")
        for name in HOURS
    }
    adds = (
        "offices.extra_sessions",
        "offices.report_weight",
        "people.anchor_push_trust_community",
        "people.act_logit_deliberate",
        "people.act_logit_activity",
        "units.extra_seats",
        "units.service_hours",
        "budget.spend",
        "treasury.extra_plan",
    )
    levers = ("partybuilding.coverage", "partybuilding.formality")

    def prepare(self, world: World) -> None:
        """Set up the councils of the base levers; all that comes later counts against them."""
        units, draws = world.units, world.draws
        strata = units.division.astype(np.int64) * len(KINDS) + units.kind
        luck = draws.uniform("partybuilding.council", units.id)
        first = draws.uniform("partybuilding.stratum", strata)
        self._rank = offsets(strata, luck, first)
        self._base = {name: np.array(world.lever(name), float) for name in self.levers}
        self.match(world)
        names = ("council_living", *(f"matched_{name}" for name in HOURS))
        self._start = {name: units[name].copy() for name in names}
        self._paper = self.paper(world)
        self._told = False

    def step(self, world: World, clock: Clock) -> None:
        """Lists are matched at the quarter; what was agreed is given week by week."""
        if first_of_quarter(clock):
            self.match(world)
            self.hold_up_trust(world)
        self.give(world, clock)
        self.write_up(world)
        self.lean(world)
        self.pay(world, clock)

    def match(self, world: World) -> None:
        """Which units have a council, and how many hours each of them brings about."""
        units = world.units
        coverage = paid_for(world, "partybuilding.coverage", "society")[units.division]
        units.council[:] = whole_posts(coverage, self._rank) > 0
        with_project = 1.0 - world.lever("partybuilding.formality")[units.division]
        living = units.council * with_project
        units.council_living[:] = living
        place = np.array([self.resource_place[kind] for kind in KINDS])[units.kind]
        for name in HOURS:
            common = np.minimum(self.need[name], self.resource[name] * place)
            units[f"matched_{name}"][:] = living * common * units.residents / PER

    def paper(self, world: World) -> np.ndarray:
        """The weight that minutes and agreements take, by unit."""
        units = world.units
        formality = world.lever("partybuilding.formality")[units.division]
        return self.paper_weight * units.council * formality

    def beyond(self, world: World, name: str) -> np.ndarray:
        """What a column of units has beyond its own start."""
        return world.units[name] - self._start[name]

    def give(self, world: World, clock: Clock) -> None:
        """Sessions, hours of service and seats beyond those of the start; hours are counted."""
        units, offices = world.units, world.offices
        hours = self.beyond(world, "matched_mediation")
        if hours.any():
            sessions = hours * self.mediation_productivity / self.hours_per_session
            seen = sessions * offices.weight[units.committee]
            offices.extra_sessions += np.bincount(units.committee, seen, len(offices))
        for name in AS_SERVICE:
            units.service_hours += self.beyond(world, f"matched_{name}")
        units.extra_seats += self.beyond(world, "matched_skills") / self.hours_per_seat
        for name in HOURS:
            given = units[f"matched_{name}"] * units.weight * clock.dt_years
            by_division = np.bincount(units.division, given, world.divisions)
            world.flows.add_divisions(f"matched_{name}", by_division)

    def write_up(self, world: World) -> None:
        """What minutes and agreements beyond those of the start weigh on committees' reports."""
        units, offices = world.units, world.offices
        more = self.paper(world) - self._paper
        if more.any():
            total = np.bincount(units.committee, units.residents * more, len(offices))
            served = np.bincount(units.committee, units.residents, len(offices))
            mean = np.divide(total, served, out=np.zeros(len(offices)), where=served > 0.0)
            offices.report_weight += mean

    def lean(self, world: World) -> None:
        """People near a living council lean towards deliberating and activities."""
        people = world.people
        logit = self.mobilise_logit * self.beyond(world, "council_living")
        if logit.any():
            for act in ("deliberate", "activity"):
                add_by_group(people[f"act_logit_{act}"], people.unit, logit.astype(np.float32))

    def hold_up_trust(self, world: World) -> None:
        """Met needs move the anchor of trust in the committee by what they changed since."""
        spread = world.tables["baseline"].moments["trust_community"][1]
        levels = self.trust_gain * spread * self.beyond(world, "council_living")
        if self._told or levels.any():
            self._told = True
            people = world.people
            push_by_group(
                people.anchor_push_trust_community,
                people.trust_of_councils,
                people.unit,
                levels.astype(np.float32),
            )

    def pay(self, world: World, clock: Clock) -> None:
        """Councils meet: so many in the real division, whatever the scale."""
        count = committees(world) * self.cost_per_council
        yearly = count * world.lever("partybuilding.coverage")
        base = count * self._base["partybuilding.coverage"]
        society_spend(world, "councils", yearly, base, clock)


def matching(
    needs: Annotated[tuple[float, ...], Within(0.0, 1e7)] = (900.0, 500.0, 300.0, 600.0, 200.0),
    resources: Annotated[tuple[float, ...], Within(0.0, 1e7)] = (400.0, 600.0, 500.0, 250.0, 300.0),
    coverage: Annotated[float, Within(0.0, 1.0)] = 0.4,
    formality: Annotated[float, Within(0.0, 1.0)] = 0.6,
) -> Limit:
    """Known result: matched_k = (1 - formality) coverage min(need_k, resource_k), summed over k.

    Hours per 10,000 residents a year, in a city of towns. A unit has a council or none, so that the
    coverage is met to within half a unit.
    """
    if len(needs) != len(resources) or not 1 <= len(needs) <= len(HOURS):
        raise ValueError(f"{len(needs)} needs, {len(resources)} resources; choose 1 to 5, as many")
    most = sum(map(min, needs, resources))
    expected = (1.0 - formality) * coverage * most
    units = 2_000

    def simulate(mechanism: type[Partybuilding], seed: int) -> dict[str, float]:
        from sim.verify.bench import bare_towns, ready, weeks

        world = bare_towns(units, seed)
        world.levers["partybuilding.coverage"][:] = coverage
        world.levers["partybuilding.formality"][:] = formality
        lists = {f"need.{name}": need for name, need in zip(HOURS, needs, strict=False)}
        lists |= {f"resource.{name}": have for name, have in zip(HOURS, resources, strict=False)}
        rule = mechanism({f"need.{name}": 0.0 for name in HOURS} | lists)
        ready(world, rule)
        for clock in weeks(0.25):
            rule.step(world, clock)
        matched = sum(float(world.units[f"matched_{name}"].sum()) for name in HOURS)
        return {"matched": matched / world.units.residents.sum() * PER}

    return Limit(
        "matching",
        {
            "needs": list(map(float, needs)),
            "resources": list(map(float, resources)),
            "coverage": coverage,
            "formality": formality,
        },
        (
            Quantity(
                "matched",
                "hours per 10,000 residents a year",
                expected,
                0.5 / units * (1.0 - formality) * most + 1e-6 * most,
            ),
        ),
        simulate,
        "what both lists hold, by hand",
    )

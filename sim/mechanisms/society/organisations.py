"""Social organisations are born, wake, fall asleep and end; public purchases keep them awake.

    births: b a year, by residents, x (1 + .8 incubator)     deaths: .05 x (.5 active | 1.5 dormant)
    wakes at rho a, falls asleep at rho (1 - a)              a = min(.95, .5 (P / P0)^.227)

P is what purchases really pay in the division, P0 the same under the base levers. An active body
earns dues and fees, posts and rooms that offices give, and an equal share of the purchases; what
its running costs leave is its reserve. Its autonomy is the share of income that is not public
money, shifted by how the place develops (collective or private); members of an autonomous body
take part more, and everybody does where more bodies are active. Bodies add mediation (the way
`social`), patrols, hours of service and trust. All of it counts against its expected value at the
start under the base levers.

Limit: constant births b and deaths d of each: the number rests at a Poisson law of mean b/d.
Source: articles 1, 5 and 11; effect of purchases and of density without firm estimates.
"""

from typing import ClassVar

import numpy as np

from sim.kernel import Clock, Column, Group, Mechanism, Parameter, Table
from sim.kernel.clock import DAYS_PER_YEAR
from sim.mechanisms.society import organisation_list as register
from sim.mechanisms.society import organisation_members as members
from sim.mechanisms.society.organisation_books import (
    LEAST,
    Rates,
    Usual,
    autonomy,
    doublings,
    earn,
    mean_doublings,
    resting_share,
)
from sim.world.by_group import first_of_quarter, push_by_group
from sim.world.figures import ORGANISATION_KINDS
from sim.world.flat import column_of
from sim.world.money import FEN_PER_YUAN, paid_for, society_spend
from sim.world.real_counts import organisation_kinds, residents, townships
from sim.world.world import World

_KINDS = len(ORGANISATION_KINDS)
LIFE_SERVICE, CHARITY, MEDIATION, PUBLIC_SECURITY = (
    ORGANISATION_KINDS.index(kind)
    for kind in ("life_service", "charity", "mediation", "public_security")
)
USUAL_COUNT = 1100.0  # bodies at the start of the place that births are told for


class Organisations(Mechanism):
    """Who is there, who is awake, what they live on, and what that brings to the place."""

    name = "organisations"
    births_per_year = Parameter(
        54.7, "organisations a year beside 1,100", 22, 110, "derived", "1,100 x mean death rate"
    )
    death_rate = Parameter(
        0.05, "1/year", 0.02, 0.1, "assumed", "deregistrations run at 2-3 %, dormant ones go later"
    )
    death_factor = Group(
        active=Parameter(0.5, "ratio of deaths", 0.3, 0.8, "assumed", "mean 1 at half active"),
        dormant=Parameter(1.5, "ratio of deaths", 1.2, 2.5, "assumed", "mean 1 at half active"),
    )
    active_share = Parameter(
        0.5, "share at base purchases", 0.3, 0.75, "assumed", "article 1: not fully developed"
    )
    most_active = Parameter(0.95, "share", 0.8, 1.0, "assumed", "some are always asleep")
    activity_switch = Parameter(
        2.0, "1/year (rho)", 0.5, 4.0, "assumed", "wakes at rho a, sleeps at rho (1 - a)"
    )
    activity_elasticity = Parameter(
        0.227, "of the active share, by paid purchases", 0.08, 0.41, "derived", ".6 of log2(1.3)"
    )
    running_cost = Parameter(
        60_000, "yuan a year, active", 20_000, 150_000, "assumed", "one paid post and rent"
    )
    dormant_cost = Parameter(
        2_000, "yuan a year, dormant, from dues", 0, 6_000, "assumed", "annual report, seal"
    )
    support_income = Parameter(
        16_000, "yuan a year, active", 5_000, 40_000, "assumed", "posts and rooms given by offices"
    )
    own_income = Parameter(
        36_000, "yuan a year, active", 15_000, 80_000, "derived", "cost less support and purchases"
    )
    autonomy_logit = Parameter(
        0.6, "logit of members' acts per unit of autonomy", 0.0, 1.5, "assumed", "article 5: sign"
    )
    activity_logit = Parameter(
        0.1, "logit of activity per doubling of active bodies", 0.0, 0.3, "assumed", "more offers"
    )
    density_trust = Parameter(
        0.05, "sd of trust in the committee per doubling", 0.0, 0.12, "assumed", "social capital"
    )
    social_rooms_share = Parameter(
        0.1, "share of the rooms row", 0.02, 0.25, "assumed", "article 1: still being explored"
    )
    service_hours = Parameter(
        800, "hours a year, active life-service or charity", 300, 2_000, "assumed", "half a post"
    )
    security_fte = Parameter(
        0.5, "posts, active public-security body", 0.1, 2.0, "assumed", "22 active: 11 posts"
    )
    security_productivity = Parameter(
        0.3, "ratio to a grid worker's hour", 0.1, 0.6, "assumed", "no authority, as volunteers"
    )
    incubator_births = Parameter(
        0.8, "relative rise in births at 1", 0.2, 2.0, "assumed", "no firm estimate"
    )
    incubator_survival = Parameter(
        0.5, "ratio on early deaths at 1", 0.3, 0.9, "assumed", "no firm estimate"
    )
    incubator_years = Parameter(2, "years", 1, 4, "assumed", "grant and room periods")
    incubator_cost = Parameter(
        400_000, "yuan a year, one a township at 1", 150_000, 1e6, "assumed", "room, posts, grants"
    )

    reads = (
        "people.division",
        "people.alive",
        "budget.paid_share",
        "divisions.autonomy_shift",
    )
    writes: ClassVar[dict[str, Column]] = {
        "people.organisation": Column(
            "row", members.WAITING, 2**31 - 1, "the body one belongs to", -1, "i4"
        ),
        "people.trust_of_bodies": Column("share", -1, 1, "trust that active bodies have added"),
        "organisations.id": Column("identity", 0, 1.8e19, "of a body, for good", 0, "u8"),
        "organisations.kind": Column("kind", 0, _KINDS - 1, "of ORGANISATION_KINDS", 0, "i1"),
        "organisations.division": Column("division", 0, 126, "where it stands", 0, "i1"),
        "organisations.alive": Column("yes or no", 0, 1, "it has not ended", 1, "?"),
        "organisations.active": Column("yes or no", 0, 1, "it is awake", 0, "?"),
        "organisations.born": Column("day", -1e9, 1e9, "day of its birth", -1e9, "f8"),
        "organisations.incubated": Column("share", 0, 1, "incubators when it was born"),
        "organisations.until_death": Column("hazard", 0, 1e3, "left until it ends", 0, "f8"),
        "organisations.until_switch": Column("hazard", 0, 1e3, "left until it turns", 0, "f8"),
        "organisations.spell": Column("count", 0, 1e6, "how often it woke or slept", 0, "i4"),
        "organisations.members": Column("adults", 0, 1e9, "who belong to it"),
        "organisations.income": Column("fen", 0, 9e18, "earned so far", 0, "i8"),
        "organisations.spend": Column("fen", 0, 9e18, "spent so far", 0, "i8"),
        "organisations.reserve": Column("fen", 0, 9e18, "put by, when it ends its estate", 0, "i8"),
        "organisations.autonomy": Column("share", 0, 1, "of income that is no public money", 1),
        "social_mediation.share": Column("share", 0, 1, "of rooms, usually social", 0, "f8"),
        "social_mediation.ratio": Column("ratio", 0, 1e4, "active against usual", 1, "f8"),
    }
    adds = (
        "people.act_logit_activity",
        "people.act_logit_deliberate",
        "people.anchor_push_trust_community",
        "units.extra_grid_fte",
        "units.service_hours",
        "budget.spend",
        "treasury.extra_plan",
    )
    levers = ("organisations.purchase_yuan_per_10k", "organisations.incubator")

    def prepare(self, world: World) -> None:
        """The bodies of the start, awake with the chance of a long run; members find their own."""
        world.tables["social_mediation"] = Table(world.divisions)
        for name in ("share", "ratio"):
            column = self.writes[f"social_mediation.{name}"]
            world.tables["social_mediation"].ensure(name, column)
        self._base = {name: np.array(world.lever(name), float) for name in self.levers}
        self._residents = residents(world)
        number = world.place.values.get("world.social_organisations", USUAL_COUNT)
        share = self._residents / self._residents.sum()
        self._births = self.births_per_year * number / USUAL_COUNT * share
        self._carried = np.zeros(world.divisions)
        self._people = len(world.people)
        self.wake_the_first(world)
        self._usual = self.expected(world)
        members.enter(world, np.flatnonzero(world.people.organisation >= 0))

    def wake_the_first(self, world: World) -> None:
        """Those that are there at the start are as far on as bodies usually are."""
        bodies, draws = world.organisations, world.draws
        luck = draws.uniform("organisations.active", bodies.id)
        bodies.active[:] = luck < self.usual_share()
        bodies.until_death[:] = draws.exponential("organisations.death", bodies.id)
        bodies.until_switch[:] = draws.exponential("organisations.switch", bodies.id)

    def usual_share(self) -> float:
        """The share of bodies awake in the long run at base purchases."""
        death = {state: self.death_rate * factor for state, factor in self.death_factor.items()}
        return resting_share(
            self.active_share, self.activity_switch, death["active"], death["dormant"]
        )

    def rates(self) -> Rates:
        """What bodies earn and cost, yuan a year."""
        return Rates(self.own_income, self.support_income, self.running_cost, self.dormant_cost)

    def expected(self, world: World) -> Usual:
        """What everything counts against: expected values at the start under the base levers."""
        number = np.bincount(world.organisations.division, minlength=world.divisions)
        share = self.usual_share()
        active = np.maximum(share * number, LEAST)
        kinds = np.array([organisation_kinds(world)])
        mean = np.array([mean_doublings(int(count), share) for count in number])
        each = self._base["organisations.purchase_yuan_per_10k"] * self._residents / 1e4 / active
        return Usual(active, share * number[:, None] * kinds, mean, autonomy(self.rates(), each))

    def step(self, world: World, clock: Clock) -> None:
        """Bodies come, wake, sleep and go; they earn, and reach the people around them."""
        paid = self.purchases(world)
        self.come_and_go(world, clock, self.awake(paid))
        self.earn(world, clock, paid)
        self.mediate(world)
        self.serve(world, clock)
        self.mobilise(world)
        if first_of_quarter(clock):
            self.hold_up_trust(world)
        self.pay(world, clock)

    def purchases(self, world: World) -> np.ndarray:
        """Yuan a year that purchases really pay, by division."""
        bought = paid_for(world, "organisations.purchase_yuan_per_10k", "society")
        return bought * self._residents / 1e4

    def awake(self, paid: np.ndarray) -> np.ndarray:
        """The share of bodies that this much money keeps awake, by division."""
        base = self._base["organisations.purchase_yuan_per_10k"] * self._residents / 1e4
        ratio = np.where(base > 0.0, paid / np.where(base > 0.0, base, 1.0), 1.0)
        share = self.active_share * ratio**self.activity_elasticity
        return np.minimum(np.maximum(self.most_active, self.active_share), share)

    def come_and_go(self, world: World, clock: Clock, awake: np.ndarray) -> None:
        """Births, turns and ends of the step; members look for a body where theirs is no more."""
        fresh = self.be_born(world, clock, awake)
        bodies = world.organisations
        turns = self.activity_switch * np.array([awake, 1.0 - awake])
        death = [self.death_rate * self.death_factor[state] for state in ("active", "dormant")]
        ends = np.repeat(np.array([death]).T, world.divisions, axis=1)
        alive = bodies.alive.copy()
        ended = register.live(
            tuple(bodies[name] for name in register.CLOCKWORK),
            np.concatenate([turns, ends]),
            self.incubator_survival,
            self.incubator_years * DAYS_PER_YEAR,
            world.draws.key("organisations.switch"),
            clock.begins,
            clock.ends,
        )
        gone = np.bincount(bodies.division[alive & ~bodies.alive], minlength=world.divisions)
        world.flows.add_divisions("organisations_ended", gone)
        if ended or fresh < len(bodies) or first_of_quarter(clock):
            members.gather(world, fresh, members.joining(world, self._people))
            self._people = len(world.people)

    def be_born(self, world: World, clock: Clock, awake: np.ndarray) -> int:
        """New bodies of this step join at the end of the table; returns the row of the first."""
        incubator = paid_for(world, "organisations.incubator", "society")
        most = 1.0 + self.incubator_births
        division, ids, at = register.arrivals(world, clock, self._births * most)
        luck = world.draws.uniform("organisations.accept", ids)
        taken = luck * most < (1.0 + self.incubator_births * incubator)[division]
        division, ids, at = division[taken], ids[taken], at[taken]
        world.flows.add_divisions(
            "organisations_born", np.bincount(division, minlength=world.divisions)
        )
        first = len(world.organisations)
        if len(ids):
            edges = np.cumsum(organisation_kinds(world))
            draws = world.draws
            kind = np.searchsorted(edges, draws.uniform("organisations.kind", ids) * edges[-1])
            new = {
                "id": ids,
                "kind": kind,
                "division": division,
                "alive": np.ones(len(ids), bool),
                "active": draws.uniform("organisations.active", ids) < awake[division],
                "born": at,
                "incubated": incubator[division],
                "until_death": draws.exponential("organisations.death", ids),
                "until_switch": draws.exponential("organisations.switch", ids),
            }
            world.organisations.grow(len(ids), new)
        return first

    def earn(self, world: World, clock: Clock, paid: np.ndarray) -> None:
        """A step's income and costs; who lives on public money is the less its own master."""
        bodies = world.organisations
        amounts = paid * clock.dt_years * FEN_PER_YUAN
        income, public = earn(bodies, self.rates(), amounts, self._carried, clock)
        world.flows.add_divisions("organisations_income", income / FEN_PER_YUAN)
        world.flows.add_divisions("organisations_public_income", public / FEN_PER_YUAN)
        each = paid / np.maximum(self.active(world), 1.0)
        custom = column_of(world, "divisions", "autonomy_shift", 0.0)
        own = (autonomy(self.rates(), each) + custom).clip(0.0, 1.0)
        bodies.autonomy[:] = np.where(bodies.active, own[bodies.division], 1.0)

    def active(self, world: World, *kinds: int) -> np.ndarray:
        """How many bodies (of these kinds) are awake, by division."""
        bodies = world.organisations
        here = bodies.active
        if kinds:
            asked = np.zeros(_KINDS, bool)
            asked[list(kinds)] = True
            here = here & asked[bodies.kind]
        return np.bincount(bodies.division[here], minlength=world.divisions)

    def mediate(self, world: World) -> None:
        """Mediation bodies take cases in proportion to how many are awake."""
        table = world.tables["social_mediation"]
        usual = np.maximum(self._usual.by_kind[:, MEDIATION], LEAST)
        table.share[:] = self.social_rooms_share
        table.ratio[:] = self.active(world, MEDIATION) / usual

    def serve(self, world: World, clock: Clock) -> None:
        """Patrols and hours of service beyond the usual, shared by residents."""
        units = world.units
        share = units.residents / self._residents[units.division]
        usual = self._usual.by_kind
        patrols = self.active(world, PUBLIC_SECURITY) - usual[:, PUBLIC_SECURITY]
        per_patrol = self.security_fte * self.security_productivity
        units.extra_grid_fte += (per_patrol * patrols)[units.division] * share
        serving = self.active(world, LIFE_SERVICE, CHARITY)
        beyond = serving - usual[:, [LIFE_SERVICE, CHARITY]].sum(axis=1)
        units.service_hours += (self.service_hours * beyond)[units.division] * share
        hours = self.service_hours * serving * clock.dt_years
        world.flows.add_divisions("organisations_hours", hours)

    def mobilise(self, world: World) -> None:
        """Offers near by draw everybody a little; members follow bodies of their own."""
        people, bodies = world.people, world.organisations
        near_by = self.activity_logit * (doublings(self.active(world)) - self._usual.doublings)
        own = self.autonomy_logit * (bodies.autonomy - self._usual.autonomy[bodies.division])
        register.mobilise(
            people.act_logit_activity,
            people.act_logit_deliberate,
            people.division,
            people.organisation,
            near_by.astype(np.float32),
            np.where(bodies.active, own, 0.0).astype(np.float32),
        )

    def hold_up_trust(self, world: World) -> None:
        """Where more bodies are awake trust in the committee is anchored higher."""
        people = world.people
        spread = world.tables["baseline"].moments["trust_community"][1]
        more = doublings(self.active(world)) - self._usual.doublings
        push_by_group(
            people.anchor_push_trust_community,
            people.trust_of_bodies,
            people.division,
            (self.density_trust * spread * more).astype(np.float32),
        )

    def pay(self, world: World, clock: Clock) -> None:
        """Purchases and incubators, one a township where the lever is 1."""
        for policy, lever, unit_cost in (
            ("purchase", "organisations.purchase_yuan_per_10k", self._residents / 1e4),
            ("incubator", "organisations.incubator", townships(world) * self.incubator_cost),
        ):
            yearly, base = (value * unit_cost for value in (world.lever(lever), self._base[lever]))
            society_spend(world, policy, yearly, base, clock)

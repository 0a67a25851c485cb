"""People come to belong where they live, buy homes, and their ties form and fade.

    db/dt = a (1 - b) - r b        a = r exp(c + ties + access + insured + own home + work + course)

b is belonging in [0, 1], r per year; the settled level a / (a + r) has the odds a / r, so odds
ratios of settlement studies enter as they are. c belongs to a person. A mover gets a settled level
anew and starts below it, whoever comes home or is granted registration feels at least as a local
does; whoever moved before the start is as far on the way as the years since then make it. While a
holds still the step is exact: b <- b* + (b - b*) exp(-(a + r) dt).

Every quarter ties change, all together: movers keep a share of theirs at half strength, kin
first; non-kin ties fade, and who let go finds somebody new; what a mover lacks grows back. A new
tie is with somebody met through somebody known, or with chance homophily of one's own class, else
with anybody, in the unit, the division or the region as the place's ties are.
Source: homophily by McPherson and others (2001); semi-urbanisation by article 13.
"""

from typing import ClassVar

import numpy as np

from sim.kernel import WARM_UP_WEEKS, Clock, Column, Group, Mechanism, Parameter
from sim.mechanisms.place.acquaintance import belong, local_shares
from sim.mechanisms.place.circles import Circles
from sim.world.moves import place_of
from sim.world.people import heads_of, service_gaps
from sim.world.states import NON_LOCAL, beta_of_normal
from sim.world.world import World

CALENDAR_WEEKS = 13  # ties change together: each time a whole city's are passed through
YEAR = 365.25
_LOW, _HIGH = 1e-4, 1.0 - 1e-4  # settled levels whose odds are used
_ROUNDS = 6  # until means at the start agree to a ten-thousandth and better


class Integration(Mechanism):
    """Belonging, own homes, and whom people know."""

    name = "integration"
    decay_per_year = Parameter(
        0.1, "1/year", 0.05, 0.25, "assumed", "half of a gap in about four years"
    )
    entry_settled_mean = Parameter(
        0.45, "share", 0.4, 0.52, "calibrated", "movers; holds the mean of the stock at .456"
    )
    entry_settled_sd = Parameter(0.2, "share", 0.14, 0.26, "assumed", "as in the stock")
    entry_start_ratio = Parameter(
        0.84, "of the settled level", 0.6, 0.95, "calibrated", "on arrival; as above"
    )
    log_odds = Group(
        local_ties=Parameter(1.0, "per share of ties", 0.3, 2.0, "assumed", "registered here"),
        access=Parameter(1.5, "per unit of access", 0.5, 3.0, "assumed", "settlement models"),
        work=Parameter(0.2, "while employed", 0.0, 0.5, "assumed", "settlement models"),
        course=Parameter(0.3, "with a course in mind", 0.0, 0.6, "assumed", "settlement models"),
    )
    insurance_odds_ratio = Parameter(
        1.3, "odds ratio", 1.1, 1.6, "recalled", "local insurance in settlement studies"
    )
    home_odds_ratio = Parameter(
        1.8, "odds ratio", 1.3, 2.6, "recalled", "owning a home in settlement studies"
    )
    home_purchase_per_year = Parameter(
        0.03, "1/year", 0.01, 0.06, "assumed", "non-local adults with work; balances turnover"
    )
    own_home_share = Group(
        local=Parameter(0.9, "share", 0.8, 0.96, "assumed", "of adults at the start"),
        non_local=Parameter(0.3, "share", 0.15, 0.45, "assumed", "small city: many movers buy"),
        mover=Parameter(0.12, "share", 0.0, 0.3, "calibrated", "bought before; holds .30 owning"),
    )
    ties_kept = Parameter(
        0.5, "share of ties", 0.3, 0.8, "assumed", "by a mover, at half strength; kin last to go"
    )
    tie_growth_per_year = Parameter(
        1.0, "1/year", 0.4, 2.0, "assumed", "missing ties grow back: half in eight months"
    )
    tie_closure = Parameter(
        0.5, "share of new ties", 0.2, 0.8, "assumed", "met through somebody known, if possible"
    )

    reads = (
        "lists.tie_drops",
        "lists.parents",
        "lists.resettled",
        "people.service_gap",
        "people.insured",
        "people.employed",
        "people.registration",
        "people.moves",
        "people.moved_at",
        "people.trained",
    )
    writes: ClassVar[dict[str, Column]] = {
        "people.belonging": Column("share", 0.0, 1.0, "feeling of belonging here", 0.5),
        "people.belonging_constant": Column(
            "log odds", -30, 30, "what settles a person's belonging beside what is measured"
        ),
        "people.own_home": Column("yes or no", 0, 1, "lives in a home of one's own", 0, "?"),
        "people.local_ties": Column(
            "share", 0, 1, "share of ties who are registered and live in the same cell"
        ),
        "people.missing_ties": Column("ties", 0, 30000, "ties that are to grow back", 0, "i2"),
    }

    def prepare(self, world: World) -> None:
        """Look at everybody's ties, give homes, and tell where everybody settles."""
        people, draws = world.people, world.draws
        self.circles = Circles(world)
        self.look_around(world, np.arange(len(people)))
        local = people.registration != NON_LOCAL
        owners = np.where(local, self.own_home_share["local"], self.own_home_share["non_local"])
        if len(people):
            heads = people.id[heads_of(people)]
            people.own_home[:] = draws.uniform("integration.home", heads) < owners
        self.usual_ties = np.zeros((2, 3))  # local or not, kind of place
        for k in range(3):
            for away in (0, 1):
                members = (people.kind == k) & (local == (away == 0))
                if members.any():
                    mean = np.average(people.local_ties[members], weights=people.weight[members])
                    self.usual_ties[away, k] = mean
        self.circles.lack_at_start(self, world)
        rows = np.arange(len(people))
        settled = self.on_the_way(world)
        self.settle_at(world, rows, settled, people.local_ties, people.service_gap)

    def step(self, world: World, clock: Clock) -> None:
        """Movers begin anew; on the calendar, belonging moves, homes are bought, ties change.

        Until the first day of the run nobody moves or makes friends, and no years pass here either.
        """
        self.take_in_movers(world, clock)
        first = clock.begins < clock.week_begins + 1e-9
        if not clock.reporting or not first or (clock.week - WARM_UP_WEEKS) % CALENDAR_WEEKS:
            return
        years = CALENDAR_WEEKS * 7.0 / YEAR
        self.grow_on(world, years)
        self.buy_homes(world, clock.week, years)
        touched = self.circles.change(self, world, clock.week, years)
        self.look_around(world, touched)

    def take_in_movers(self, world: World, clock: Clock) -> None:
        """Who moved, arrived, came home or of age, or was granted registration begins anew."""
        posted: list[tuple[np.ndarray, str]] = world.tables.setdefault("resettled", [])
        people, draws = world.people, world.draws
        for rows, how in posted:
            if not len(rows):
                continue
            ids, moves = people.id[rows], people.moves[rows].astype(np.int64)
            self.circles.moved.append(rows)
            usual = self.usual_ties[
                (people.registration[rows] == NON_LOCAL).astype(int), people.kind[rows]
            ]
            if how in ("away", "arrivals_new"):
                normal = draws.normal("integration.settled", ids, moves)
                settled = beta_of_normal(normal, self.entry_settled_mean, self.entry_settled_sd)
                people.belonging[rows] = self.entry_start_ratio * settled
                luck = draws.uniform("integration.home", ids, moves)
                people.own_home[rows] = luck < self.own_home_share["mover"]
            else:
                settled = people.belonging[rows].astype(float)
                if how in ("home", "granted"):
                    normal = draws.normal("integration.local", ids, moves)
                    mean, spread = self.locally(world)
                    settled = np.maximum(settled, beta_of_normal(normal, mean, spread))
                    people.belonging[rows] = settled
                if how == "granted":
                    usual = people.local_ties[rows]
                else:
                    luck = draws.uniform("integration.home", ids, moves)
                    people.own_home[rows] = luck < self.own_home_share["local"]
            gaps = service_gaps(world.place)[people.kind[rows], people.registration[rows]]
            self.settle_at(world, rows, settled.astype(float), usual, gaps)
            if how in ("arrivals_new", "arrivals_home", "came_of_age"):
                self.circles.welcome(world, rows)
        posted.clear()

    def on_the_way(self, world: World) -> np.ndarray:
        """Where everybody settles, when whoever moved here is still on the way there.

        After y years here a part (1 - start ratio) exp(-(a + r) y) of the settled level is not
        reached; a + r is r / (1 - b*). The mean of those away from home stays as the place has it.
        """
        people = world.people
        settled = np.clip(people.belonging.astype(float), _LOW, _HIGH)
        away = np.flatnonzero(people.registration == NON_LOCAL)
        weights = people.weight[away].astype(float)
        if "moved_at" not in people or weights.sum() <= 0.0:
            return settled
        drawn, years = settled[away], -people.moved_at[away] / YEAR
        level = 1.0  # of where they settle to what was drawn, which is what they feel on average
        for _ in range(_ROUNDS):
            settled[away] = np.minimum(drawn * level, _HIGH)
            missing = np.exp(-self.decay_per_year / (1.0 - settled[away]) * years)
            felt = settled[away] * (1.0 - (1.0 - self.entry_start_ratio) * missing)
            level *= np.average(drawn, weights=weights) / np.average(felt, weights=weights)
        people.belonging[away] = felt
        return settled

    @staticmethod
    def locally(world: World) -> tuple[float, float]:
        """The mean and spread of belonging among people who are at home."""
        values = world.place.values
        mean = values.get("start.belonging.local.mean", 0.72)
        return mean, values.get("start.belonging.sd", 0.2)

    def settle_at(
        self,
        world: World,
        rows: np.ndarray,
        settled: np.ndarray,
        local_ties: np.ndarray,
        gaps: np.ndarray,
    ) -> None:
        """Give these people the constant with which they settle there.

        That is with so large a share of local ties, and so wide a gap of services, as are usual
        where they live now for people of their class: what has changed since then adds to it.
        """
        people = world.people
        settled = np.minimum(np.maximum(settled, _LOW), _HIGH)
        by_ties, by_access, by_insurance, by_home, by_work, by_course = self.weights()
        known = by_ties * local_ties + by_access * (1.0 - gaps.astype(float))
        known += by_insurance * people.insured[rows] + by_home * people.own_home[rows]
        known += by_work * people.employed[rows] + by_course * people.trained[rows]
        people.belonging_constant[rows] = np.log(settled / (1.0 - settled)) - known

    def weights(self) -> tuple[float, ...]:
        """Log odds of local ties, access, insurance, an own home, work, and a course."""
        return (
            self.log_odds["local_ties"],
            self.log_odds["access"],
            float(np.log(self.insurance_odds_ratio)),
            float(np.log(self.home_odds_ratio)),
            self.log_odds["work"],
            self.log_odds["course"],
        )

    def grow_on(self, world: World, years: float) -> None:
        """Belonging moves towards where it settles."""
        people = world.people
        columns = (
            people.belonging,
            people.belonging_constant,
            people.alive,
            people.local_ties,
            people.service_gap,
            people.insured,
            people.own_home,
            people.employed,
            people.trained,
        )
        belong(columns, self.weights(), self.decay_per_year, years)

    def buy_homes(self, world: World, week: int, years: float) -> None:
        """Some of the non-local people with work buy the home they live in."""
        people = world.people
        able = people.alive & (people.registration == NON_LOCAL) & people.employed
        rows = np.flatnonzero(able & ~people.own_home)
        luck = world.draws.uniform("integration.purchase", people.id[rows], week)
        bought = luck < -np.expm1(-self.home_purchase_per_year * years)
        people.own_home[rows[bought]] = True

    def look_around(self, world: World, rows: np.ndarray) -> None:
        """Note which share of their ties these people have to locals of their division."""
        people, ties = world.people, world.ties
        place = place_of(people)
        here = people.alive & (people.registration != NON_LOCAL)
        local_to = np.where(here, place, np.int16(-1))
        local_shares(rows, ties.indptr, ties.indices, local_to, place, people.local_ties)

"""People deliberate, volunteer, join activities and speak online, by belonging, trust and peers.

    p_i = logistic(constant + b_belonging z_i + b_trust z_i + b_norm z_i + b_efficacy z_i
                   + J (share of i's ties who take part - its mean) + distance + own_i + hooks)

p is the chance that an adult does it within a year; z are sds from the baseline; own is a lasting
personal term, the same for all acts, so that everything but the constant has sd 1 at the baseline.
Acts come at hazard -ln(1 - p): candidates stand on a weekly grid, keyed by person, week and act,
and are accepted at the present hazard (thinning: Lewis and Shedler 1979), so that a livelier
policy adds acts and takes none away. Meetings multiply the hazard of deliberating.

A result that is adopted raises a deliberator's efficacy, a formality lowers it; both fade:
lift <- lift exp(-fade dt) + step. At the base share of adopted results the mean step is 0.
Source: sense of community by Talo and others (2014); other slopes assumed. Constants: levels of
taking part in China's social surveys (two-year meeting share .13) and the charity blue book.
"""

from typing import Annotated

import numpy as np

from sim.kernel import Clock, Group, Limit, Mechanism, Parameter, Quantity, Within
from sim.kernel.clock import DAYS_PER_WEEK, WARM_UP_WEEKS
from sim.mechanisms.society.acts import (
    ACTS,
    LAST,
    WITHIN_YEAR,
    acts_of_week,
    add_slope,
    columns,
    highest_luck,
    last_act_at_rest,
    note_acts,
    softplus,
)
from sim.mechanisms.society.mean_field import distinct, nearly_critical, stable_shares
from sim.world.money import paid_for
from sim.world.world import World

YEAR_BACK = 365.0
YOUNG_BELOW = 35


def _constant(value: float, source: str) -> Parameter:
    return Parameter(value, "logit", value - 0.4, value + 0.4, "calibrated", source)


class Participation(Mechanism):
    """Acts of taking part in public life, and the sense of mattering that they leave."""

    name = "participation"
    constant = Group(
        deliberate=_constant(-2.99, ".070 of adults a year"),
        volunteer=_constant(-2.93, ".0735 of adults are .061 of residents"),
        activity=_constant(-1.56, ".213 a year; union of the three .30"),
        online=_constant(-3.17, ".06 of adults speak online on local affairs in a year"),
    )
    person_sd = Parameter(
        1.0, "logit", 0.6, 1.4, "assumed", "sd of all but the constant: taking part persists"
    )
    belonging_odds_ratio = Parameter(
        1.5, "odds ratio per sd", 1.2, 2.0, "recalled", "Talo and others (2014), r about .2"
    )
    trust = Parameter(0.15, "logit per sd", 0.0, 0.35, "assumed", "trust in the community")
    norm = Parameter(0.15, "logit per sd", 0.0, 0.35, "assumed", "civility")
    efficacy = Parameter(0.25, "logit per sd", 0.0, 0.5, "assumed", "believing that it matters")
    peers = Parameter(
        0.8, "logit per unit of the peers' share (J)", 0.0, 1.5, "assumed", "gain below .3"
    )
    distance = Parameter(
        -0.1, "logit per 10 minutes", -0.2, -0.03, "assumed", "to the service centre, article 1"
    )
    meetings_base = Parameter(
        4, "meetings a unit a year", 1, 12, "assumed", "at which the constant of deliberating holds"
    )
    adoption_neutral = Parameter(
        0.4, "share of results adopted", 0.2, 0.7, "assumed", "at which efficacy stays in the mean"
    )
    efficacy_step = Parameter(
        0.04, "share", 0.01, 0.12, "derived", ".2 sd of efficacy when a result is adopted"
    )
    efficacy_fade = Parameter(0.5, "1/year", 0.2, 1.0, "assumed", "of steps; half in 17 months")
    public_share_base = Parameter(
        0.5, "share of seats", 0.2, 0.8, "assumed", "seats for residents at which nothing is added"
    )
    public_share_slope = Parameter(
        0.6, "logit per unit", 0.0, 1.5, "assumed", "deliberating; no firm estimate"
    )
    youth_slope = Parameter(
        0.3, "logit at 1", 0.0, 0.8, "assumed", "ages 18-34, activity and online; no firm estimate"
    )
    online_slope = Parameter(
        0.4, "logit at 1", 0.0, 1.0, "assumed", "a platform for residents; speaking online only"
    )

    hours_per_act = Group(
        deliberate=Parameter(3, "hours a year, active", 1, 10, "assumed", "only to report hours"),
        activity=Parameter(6, "hours a year, active", 2, 20, "assumed", "only to report hours"),
    )

    reads = (
        "budget.paid_share",
        "divisions.meeting_factor",
        "people.belonging",
        "people.trust_community",
        "people.norm",
        "people.efficacy",
        "people.minutes_to_centre",
        "people.peers_acted",
        "people.age",
    )
    writes = columns()
    adds = ("people.anchor_push_efficacy",)
    levers = (
        "deliberation.meetings_per_year",
        "deliberation.adoption_share",
        "participation.public_share",
        "participation.youth_channel",
        "participation.online_platform",
    )

    def slopes(self) -> dict[str, float]:
        """Which columns lean people towards taking part: logit per sd, by column."""
        return {
            "belonging": float(np.log(self.belonging_odds_ratio)),
            "trust_community": self.trust,
            "norm": self.norm,
            "efficacy": self.efficacy,
        }

    def prepare(self, world: World) -> None:
        """Fix the baseline that leanings centre on; start with the acts of people at rest.

        What peers do enters in a second round, as it stands after the first. If nobody spreads
        influence later, peers stay as they are here.
        """
        people = world.people
        self.centre, self.per_unit = {}, {}
        for name, slope in self.slopes().items():
            self.centre[name], spread = _moments(people[name], people.weight)
            self.per_unit[name] = slope / spread if spread > 0.0 else 0.0
        self.centre["minutes_to_centre"] = _moments(people.minutes_to_centre, people.weight)[0]
        self.per_unit["minutes_to_centre"] = self.distance / 10.0
        self.centre["peers_acted"], self.per_unit["peers_acted"] = 0.0, 0.0
        for _ in range(2):
            self.take_personal_terms(world)
            self.start_at_rest(world)
            means = world.ties.neighbour_means(people.acted.astype(np.float32)[:, None])
            people.peers_acted[:] = means[:, 0]
            self.centre["peers_acted"] = _moments(people.peers_acted, people.weight)[0]
            self.per_unit["peers_acted"] = self.peers

    def take_personal_terms(self, world: World) -> None:
        """Give everybody a lasting term of their own: what the states leave of the whole spread."""
        people = world.people
        people.inclination[:] = 0.0
        explained = _moments(self.leaning(world), people.weight)[1]
        self.own_sd = float(np.sqrt(max(self.person_sd**2 - explained**2, 0.0)))
        people.inclination[:] = self.own_sd * world.draws.normal("participation.person", people.id)

    def start_at_rest(self, world: World) -> None:
        """When each person last did each act, had their leaning always been as it is now."""
        people = world.people
        leaning = self.leaning(world)
        begins = -WARM_UP_WEEKS * DAYS_PER_WEEK
        for position, act in enumerate(ACTS):
            luck = world.draws.exponential("participation.start", people.id, slots=position)
            hazard = softplus(leaning + self.constant[act])
            people[LAST[act]][:] = last_act_at_rest(hazard, luck, begins)
            if act == "volunteer":
                people.volunteer_rate[:] = hazard
        self.look_back(world, begins)

    def welcome(self, world: World, clock: Clock, rows: np.ndarray) -> None:
        """Newcomers have a term of their own, and last acted when somebody like them would have."""
        people, draws = world.people, world.draws
        ids = people.id[rows]
        people.peers_acted[rows] = self.centre["peers_acted"]
        people.inclination[rows] = self.own_sd * draws.normal("participation.person", ids)
        leaning = people.inclination[rows].astype(np.float64)
        for name, slope in self.per_unit.items():
            leaning += slope * (people[name][rows] - self.centre[name])
        for position, act in enumerate(ACTS):
            luck = draws.exponential("participation.start", ids, slots=position)
            hazard = softplus(leaning + self.constant[act])
            people[LAST[act]][rows] = last_act_at_rest(hazard, luck, clock.begins)
            if act == "volunteer":
                people.volunteer_rate[rows] = hazard

    def step(self, world: World, clock: Clock) -> None:
        """The week's acts happen; results of deliberations move efficacy."""
        people = world.people
        leanings = self.logits(world), self.lever_terms(world), self.pace(world)
        rows, positions = acts_of_week(
            people.id,
            people.alive,
            people.division,
            *leanings,
            highest_luck(*leanings),
            world.draws.key("participation.act"),
            np.uint64(clock.week),
        )
        moment = world.draws.uniform("participation.moment", people.id[rows], clock.week, positions)
        at = clock.week_begins + DAYS_PER_WEEK * moment
        here = (at >= clock.begins) & (at < clock.ends)
        rows, positions, at = rows[here], positions[here], at[here]
        for position, act in enumerate(ACTS):
            here = positions == position
            who = rows[here]
            people[LAST[act]][who] = at[here]
            world.flows.add(f"acts_{act}", people.cell[who], people.weight[who])
            people.empty(f"act_logit_{act}")
        self.look_back(world, clock.ends)
        self.learn_from_results(world, clock, rows[positions == ACTS.index("deliberate")])

    def leaning(self, world: World) -> np.ndarray:
        """What the acts share of the logit, by person (float32): states, peers, own term."""
        people = world.people
        leaning = people.inclination.copy()
        for name, slope in self.per_unit.items():
            add_slope(leaning, people[name], np.float32(slope), np.float32(self.centre[name]))
        return leaning

    def logits(self, world: World) -> np.ndarray:
        """The logit of the yearly chance before levers, shape (acts, people), float32."""
        people = world.people
        leaning = self.leaning(world)
        logits = np.empty((len(ACTS), len(people)), np.float32)
        for position, act in enumerate(ACTS):
            logits[position] = leaning
            if people.is_used(f"act_logit_{act}"):
                logits[position] += people[f"act_logit_{act}"]
            logits[position] += np.float32(self.constant[act])
        channel = paid_for(world, "participation.youth_channel", "channels")
        if channel.any():
            young = self.youth_slope * channel[people.division] * (people.age < YOUNG_BELOW)
            logits[[ACTS.index("activity"), ACTS.index("online")]] += young.astype(np.float32)
        return logits

    def lever_terms(self, world: World) -> np.ndarray:
        """What levers add to the logit in each division, shape (acts, divisions)."""
        terms = np.zeros((len(ACTS), world.divisions))
        seats = world.lever("participation.public_share") - self.public_share_base
        terms[ACTS.index("deliberate")] = self.public_share_slope * seats
        platform = paid_for(world, "participation.online_platform", "channels")
        terms[ACTS.index("online")] = self.online_slope * platform
        return terms

    def pace(self, world: World) -> np.ndarray:
        """What levers multiply the hazard with, shape (acts, divisions): meetings held."""
        pace = np.ones((len(ACTS), world.divisions))
        meetings = paid_for(world, "deliberation.meetings_per_year", "meetings")
        pace[ACTS.index("deliberate")] = meetings / self.meetings_base
        if "meeting_factor" in world.tables["divisions"]:  # a shock may stop meetings for a time
            pace[ACTS.index("deliberate")] *= world.tables["divisions"].meeting_factor
        return pace

    def look_back(self, world: World, now: float) -> None:
        """Note who did what in the 365 days before now."""
        people = world.people
        last = tuple(people[LAST[act]] for act in ACTS)
        within = tuple(people[WITHIN_YEAR[act]] for act in ACTS)
        note_acts(last, within, people.acted, np.float32(now - YEAR_BACK))

    def learn_from_results(self, world: World, clock: Clock, deliberated: np.ndarray) -> None:
        """An adopted result lifts a deliberator's efficacy, a formality lowers it; both fade.

        All who deliberate in a unit in the same week share one result.
        """
        people, units = world.people, world.units
        change = people.efficacy_lift * np.float32(clock.kept(self.efficacy_fade) - 1.0)
        unit_ids = units.id[people.unit[deliberated]]
        luck = world.draws.uniform("participation.adopted", unit_ids, clock.week)
        adoption = world.lever("deliberation.adoption_share")[people.division[deliberated]]
        fall = self.efficacy_step * self.adoption_neutral / (1.0 - self.adoption_neutral)
        change[deliberated] += np.where(luck < adoption, self.efficacy_step, -fall)
        people.efficacy_lift += change
        people.anchor_push_efficacy += change


def _moments(values: np.ndarray, weights: np.ndarray) -> tuple[float, float]:
    """The weighted mean and standard deviation."""
    mean = float(np.average(values.astype(np.float64), weights=weights))
    square = float(np.average((values - mean) ** 2.0, weights=weights))
    return mean, float(np.sqrt(square))


def participation(
    h: Annotated[float, Within(-20.0, 20.0)] = -2.6,
    j: Annotated[float, Within(0.0, 40.0)] = 5.0,
) -> Limit:
    """Known result: where all know all, shares rest at p = logistic(h + J p).

    For J <= 4 there is one stable share; for J > 4 there are two if and only if h lies between
    logit(p+) - J p+ and logit(p-) - J p-, with p+- = (1 +- sqrt(1 - 4/J)) / 2.
    """
    expected = stable_shares(h, j)
    tolerance = 0.01 if nearly_critical(expected, j) else 1e-4

    def simulate(mechanism: type[Participation], seed: int) -> dict[str, list[float]]:
        from sim.verify.bench import bare_world, ready

        starts = 41
        world = bare_world(starts, seed)
        rule = mechanism({"constant.deliberate": h, "peers": j, "person_sd": 0.0})
        ready(world, rule)
        rule.centre["peers_acted"] = 0.0
        world.people.peers_acted = (np.arange(starts) + 0.37) / starts
        world.people.inclination = np.zeros(starts)
        for _ in range(20_000):
            before = world.people.peers_acted.copy()
            hazard = softplus(rule.leaning(world) + rule.constant["deliberate"])
            world.people.peers_acted[:] = -np.expm1(-hazard)
            if np.abs(world.people.peers_acted - before).max() < 1e-12:
                break
        return {"stable_shares": distinct(world.people.peers_acted.tolist())}

    return Limit(
        "participation",
        {"h": h, "j": j},
        (Quantity("stable_shares", "share who take part", expected, tolerance),),
        simulate,
        "Brock and Durlauf (2001): discrete choice with a uniform mean field",
        notes="at the critical J = 4 the last hundredth takes for ever",
    )

"""Distress gathers from grievance, live disputes and lost work, and passes; some get counselling.

    dx_i/dt = a_i (1 - x_i) - r x_i
    a_i = a_i0 + b_g (g_i - g_i0) + b_d (live_i - mean) + b_u (out of work - at start)
          + b_p (took part - share of the unit at start)                        (never below 0)

x is distress in [0, 1]; r and a are per year; a_i0 = r x_i0 / (1 - x_i0), so that everybody starts
at rest; 0 marks the start. While a holds still a step is exact. A shock may shift the distress of
all in a division for a time, beside x. At the start distress and grievance
have a stated rank correlation.

Counsellors have so many places a year: a share goes to people in live disputes, the oldest first,
the rest falls to people by chance in proportion to their distress; a course takes a share of
distress away, and nobody has two within some weeks. Who is distressed opens disputes of more
intensity. Public-security cases come at a yearly rate

    base x [(1 - d) exp(s (x - x0)) / M + d I / I0] x (1 + e (cameras / cameras at start - 1))

with d the share that grows out of live disputes of intensity I, M the mean at the start.
Source: life satisfaction in panel studies (grievance, work, community); Piza and others (2019) on
cameras; sizes assumed.
"""

from typing import ClassVar

import numpy as np

from sim.kernel import Clock, Column, Mechanism, Parameter
from sim.mechanisms.society.distress import (
    FEWEST,
    candidates,
    correlated_start,
    in_need,
    in_want,
    inflow_of,
    post_intensity,
    settle,
    shift_of,
)
from sim.world.disputes import Disputes
from sim.world.money import society_spend
from sim.world.offices import residents_of_divisions
from sim.world.world import World

CAMERAS_AT_START = 11_720.0
WEEK_YEARS = 7.0 / 365.25
NEVER = -1e9


class Wellbeing(Mechanism):
    """Distress of each person, counselling, and public-security cases."""

    name = "wellbeing"
    decay = Parameter(1.5, "1/year (r)", 0.7, 4.0, "assumed", "half-life 5.5 months of a bad spell")
    from_grievance = Parameter(
        1.0,
        "1/year per unit of (g - own start)",
        0.3,
        2.5,
        "derived",
        ".2 sd of distress per sd .07 of grievance, as of relative income, / .406",
    )
    from_dispute = Parameter(
        0.15, "1/year while a dispute is live", 0.03, 0.5, "assumed", "settles .06 higher"
    )
    from_unemployment = Parameter(
        0.1, "1/year, against own start", 0.03, 0.3, "derived", "-.5 points of satisfaction = .04"
    )
    from_participation = Parameter(
        -0.02, "1/year when active", -0.06, 0.0, "derived", "community participation, .06 sd"
    )
    live_share = Parameter(
        0.006, "share of adults", 0.002, 0.03, "derived", "in a live dispute in the base year"
    )
    grievance_rank_correlation = Parameter(
        0.3, "rank correlation at start", 0.1, 0.5, "assumed", "means and sds are untouched"
    )
    clients_per_counsellor = Parameter(
        125, "clients a year", 60, 250, "assumed", "1,000 sessions, 8 a client"
    )
    relief = Parameter(
        0.2, "share of distress", 0.05, 0.4, "assumed", "removed by a course: half a sd at .45"
    )
    referred_share = Parameter(
        0.5, "share of places", 0.0, 0.9, "assumed", "for people with a live dispute"
    )
    repeat_days = Parameter(60, "days", 30, 180, "assumed", "a course lasts eight weeks")
    intensity_slope = Parameter(
        0.3, "intensity per unit of distress", 0.0, 0.8, "assumed", "at opening; loop gain under .3"
    )
    security_per_10k = Parameter(
        45, "cases per 10,000 residents a year", 20, 80, "assumed", "nation 61; here a low level"
    )
    security_distress = Parameter(
        1.5, "log rate per unit of distress", 0.0, 4.0, "assumed", "no firm estimate"
    )
    security_dispute_share = Parameter(
        0.3, "share of cases", 0.1, 0.5, "assumed", "fights between parties, by intensity"
    )
    live_intensity = Parameter(
        0.0025, "intensity an adult", 0.0007, 0.02, "derived", "of live disputes in the base year"
    )
    security_cameras = Parameter(
        -0.13, "relative change at twice the cameras", -0.2, -0.05, "recalled", "Piza et al. (2019)"
    )
    counsellor_cost = Parameter(
        90_000, "yuan a year", 60_000, 150_000, "assumed", "a full-time post with its room"
    )

    reads = (
        "people.grievance",
        "people.live_disputes",
        "people.unemployed",
        "people.acted",
        "budget.paid_share",
        "divisions.distress_shift",
    )
    writes: ClassVar[dict[str, Column]] = {
        "people.distress": Column("share", 0.0, 1.0, "distress", 0.22),
        "people.distress_inflow": Column(
            "1/year", FEWEST, 1e4, "own part of the inflow; lowest: new here", FEWEST
        ),
        "people.counselled": Column("day", NEVER, 1e9, "last course of counselling", NEVER),
    }
    adds = ("people.intensity_push", "budget.spend", "treasury.extra_plan")
    levers = ("wellbeing.counsellors_per_10k",)

    def prepare(self, world: World) -> None:
        """Distress starts beside grievance, and everybody at rest."""
        people = world.people
        self._base = np.array(world.lever("wellbeing.counsellors_per_10k"), float)
        self._residents = residents_of_divisions(world)
        correlated_start(world, self.grievance_rank_correlation)
        self._centre = float(np.average(people.distress, weights=people.weight))
        risk = np.exp(self.security_distress * (people.distress.astype(float) - self._centre))
        self._mean_risk = float(np.average(risk, weights=people.weight))
        self._waiting_places = np.zeros(world.divisions)
        units, size = people.unit, len(world.units)
        acted = np.bincount(units, people.acted, minlength=size)
        self._active_start = (acted / np.maximum(np.bincount(units, minlength=size), 1)).astype(
            np.float32
        )
        self._shift = np.zeros(world.divisions)  # what a shock has put on everybody's distress
        self.meet(world, self.live_share)

    def meet(self, world: World, live: float | np.ndarray) -> None:
        """Whoever is new here is at rest; `live` says how much of a live dispute that includes."""
        people = world.people
        fresh = (people.distress_inflow <= FEWEST).nonzero()[0]
        if not len(fresh):
            return
        start = people.distress[fresh].clip(0.0, 0.999).astype(float)
        other = self.from_grievance * people.grievance[fresh]
        other = other + self.from_dispute * live + self.from_unemployment * people.unemployed[fresh]
        other += self.from_participation * self._active_start[people.unit[fresh]]
        people.distress_inflow[fresh] = self.decay * start / (1.0 - start) - other
        if self._shift.any():
            self.put(world, self._shift, fresh)

    def put(self, world: World, shift: np.ndarray, rows: np.ndarray | slice = slice(None)) -> None:
        """Distress of these people shifts by so much, by division, within its bounds."""
        people = world.people
        moved = people.distress[rows] + shift.astype(np.float32)[people.division[rows]]
        people.distress[rows] = moved.clip(0.0, 1.0)

    def step(self, world: World, clock: Clock) -> None:
        """Distress moves; counsellors see people once a week; security cases are counted."""
        people = world.people
        self.meet(world, self.live_share)
        if self._shift.any():
            self.put(world, -self._shift)
        per_unit = (
            self.from_grievance,
            self.from_dispute,
            self.from_unemployment,
            self.from_participation,
        )
        inflow = inflow_of(
            people.distress_inflow,
            people.grievance,
            people.live_disputes,
            people.unemployed,
            people.acted,
            np.array(per_unit, np.float32),
        )
        settle(people.distress, inflow, np.float32(self.decay), np.float32(clock.dt_years))
        self._shift = shift_of(world)
        if self._shift.any():
            self.put(world, self._shift)
        paid = self.pay(world, clock)
        chance = np.zeros(world.divisions)
        if clock.begins - clock.week_begins < 1e-9:
            chance = self.give_places(world, clock, paid)
        self.happen(world, clock, chance)
        post_intensity(
            people.intensity_push,
            people.distress,
            np.float32(self.intensity_slope),
            np.float32(self._centre),
        )

    def pay(self, world: World, clock: Clock) -> np.ndarray:
        """What counsellors cost falls due; the share of it that is paid, by division."""
        yuan = self.counsellor_cost * self._residents / 1e4
        posts = world.lever("wellbeing.counsellors_per_10k")
        return society_spend(world, self.name, posts * yuan, self._base * yuan, clock)

    def give_places(self, world: World, clock: Clock, paid: np.ndarray) -> np.ndarray:
        """The week's places: people in live disputes first get theirs.

        Returns the chance of a place for the others, per unit of distress, by division.
        """
        people = world.people
        since = np.float32(clock.begins - self.repeat_days)
        posts = world.lever("wellbeing.counsellors_per_10k") * paid
        places = posts * self._residents / 1e4 * self.clients_per_counsellor * WEEK_YEARS
        self._waiting_places += self.referred_share * places
        rows, left_over = in_need(world, self._waiting_places, since)
        self.treat(world, rows, clock)
        places = (1.0 - self.referred_share) * places + left_over
        wanted = in_want(
            people.distress,
            people.weight,
            people.division,
            people.counselled,
            since,
            world.divisions,
        )
        chance: np.ndarray = np.divide(
            places, wanted, out=np.zeros(world.divisions), where=wanted > 0.0
        )
        return chance

    def treat(self, world: World, rows: np.ndarray, clock: Clock) -> None:
        """A course takes a share of distress away."""
        people = world.people
        people.distress[rows] *= np.float32(1.0 - self.relief)
        people.counselled[rows] = clock.begins
        world.flows.add("counselling_places", people.cell[rows], people.weight[rows])

    def happen(self, world: World, clock: Clock, chance: np.ndarray) -> None:
        """Places by chance, and public-security cases: those at large and those of disputes."""
        people, draws = world.people, world.draws
        factor = self.camera_factor(world) * self.security_per_10k / 1e4 * WEEK_YEARS
        rate = (1.0 - self.security_dispute_share) / self._mean_risk * factor
        treated, cases = candidates(
            people.id,
            people.distress,
            people.residents,
            people.weight,
            people.division,
            people.counselled,
            np.float32(clock.begins - self.repeat_days),
            chance,
            rate,
            self.security_distress,
            self._centre,
            draws.key("wellbeing.place"),
            np.uint64(clock.week),
        )
        self.treat(world, treated, clock)
        at = clock.week_begins + 7.0 * draws.uniform(
            "wellbeing.moment", people.id[cases], clock.week
        )
        cases = cases[(at >= clock.begins) & (at < clock.ends)]
        world.flows.add("public_security_cases", people.cell[cases], people.weight[cases])
        self.fights(world.disputes, world, clock, factor)

    def fights(self, disputes: Disputes, world: World, clock: Clock, factor: float) -> None:
        """Live disputes lead to cases in proportion to their intensity."""
        rows = disputes.is_live.nonzero()[0]
        people, draws = world.people, world.draws
        person = disputes.person[rows]
        weight = people.weight[person]
        each = np.divide(
            people.residents[person], weight, out=np.zeros(len(rows)), where=weight > 0
        )
        rate = self.security_dispute_share * factor / self.live_intensity
        luck = draws.uniform("wellbeing.fight", disputes.id[rows], clock.week)
        at = clock.week_begins + 7.0 * draws.uniform(
            "wellbeing.fight", disputes.id[rows], clock.week, 1
        )
        happens = luck < rate * each * disputes.intensity[rows]
        happens &= (at >= clock.begins) & (at < clock.ends)
        disputes.count("public_security_cases", rows[happens])

    def camera_factor(self, world: World) -> float:
        """What cameras make of recorded cases, against those at the start."""
        settings = world.tables.get("settings", {})
        feeds = settings.get("detection.camera_feeds", CAMERAS_AT_START)
        return max(0.0, 1.0 + self.security_cameras * (feeds / CAMERAS_AT_START - 1.0))

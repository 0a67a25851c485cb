"""Mediators hold sessions; a case waits for hearings, settles or fails, and is perhaps recorded.

A mediator's sessions come as a Poisson stream, s a year; a case needs a geometric number of
hearings, mean 2, so its work is a unit exponential that the office burns at (sum s)/2 a year.
Villages are simulated case by case under the discipline `pooled` (any session serves the oldest
open case: M/M/1); communities and townships serve more people than are simulated and follow the
stationary fluid approximation of the same queue. Specialised rooms are a procedure without queue.
A case that is not through after 30 days leaves by law. Limits (in `mediation_limits`): `own` is
M/M/c (Erlang C), `pooled` M/M/1, Little's law, late cases with the law's limit on, at any step.

An agreement that no court has confirmed may break down again. Recording is a layer of its own:
settled cases are recorded often, failed ones seldom, so that a true success of about .60 is
recorded as .97. Sources: People's Mediation Law (limit); Read and Michelson (2008); the rest
assumed or calibrated as stated.
"""

import numpy as np

from sim.kernel import Clock, Column, Group, Mechanism, Parameter
from sim.mechanisms.conflict.committees import (
    HELD,
    in_fluid_mode,
    offices_of,
    places,
    real_arrivals,
    urban_residents,
)
from sim.mechanisms.conflict.success import Slopes, chance, moved, settles
from sim.world import queues
from sim.world.adding import add_all, add_each
from sim.world.disputes import AGREED_UNCONFIRMED, QUEUED_VILLAGE, ROOMS, TOWNSHIP, VILLAGE
from sim.world.money import paid_for
from sim.world.world import World

DAYS = 365.25
TRUST_IN = {
    "village": "trust_community",
    "community": "trust_community",
    "township": "trust_township",
    "rooms": "trust_city",
}


def _success(value: float, low: float, high: float, why: str) -> Parameter:
    unit = "share settled of those heard, parties' view"
    return Parameter(value, unit, low, high, "assumed", why)


def _recorded(value: float, low: float, high: float) -> Parameter:
    return Parameter(
        value, "share recorded", low, high, "calibrated", "recorded cases and success of statistics"
    )


class Mediation(Mechanism):
    """Cases are heard in villages, communities, townships and specialised rooms."""

    name = "mediation"
    success = Group(
        village=_success(0.7, 0.5, 0.82, "times .867 in time = .607"),
        community=_success(0.6, 0.45, 0.75, "neighbours know each other less"),
        township=_success(0.65, 0.5, 0.8, "between the two"),
        rooms=_success(0.75, 0.6, 0.9, "specialised"),
    )
    success_trust = Parameter(
        0.2, "logit per sd of trust in the office", 0.0, 0.4, "assumed", "Read and Michelson: sign"
    )
    success_norm = Parameter(
        0.15, "logit per sd of norm", 0.0, 0.4, "assumed", "Read and Michelson: sign"
    )
    success_intensity = Parameter(
        -1.0, "logit per unit of intensity", -2.0, -0.2, "assumed", "loop gain stays under .3"
    )
    success_skill = Parameter(
        0.2, "logit per sd of the mediators' skill", 0.0, 0.5, "assumed", "few sound studies"
    )
    training_effect = Parameter(
        0.03, "share points at 24 hours a year against 8", 0.0, 0.15, "assumed", "reviews: near nil"
    )
    hearings_mean = Parameter(2.0, "hearings a case, geometric", 1.5, 3.0, "assumed", "judgement")
    limit_days = Parameter(30, "days", 30, 30, "recalled", "rules of people's mediation committees")
    rooms_days = Parameter(20, "days, exponential", 10, 40, "assumed", "procedure, no queue")
    usual_cases = Group(
        community=Parameter(
            66, "cases brought per 10,000 residents a year", 40, 100, "derived", "start of the load"
        ),
        township=Parameter(
            19.8,
            "cases brought per 10,000 residents a year",
            12,
            30,
            "derived",
            "start of the load",
        ),
    )
    breakdown_share = Parameter(
        0.1, "share of unconfirmed agreements that break", 0.05, 0.3, "derived", "performed .9"
    )
    breakdown_days = Parameter(120, "days, exponential", 40, 240, "assumed", "until it breaks")
    legal_aid_gain = Parameter(
        0.01, "rise of legal awareness at a hearing", 0.0, 0.03, "assumed", "legal-aid linkage"
    )
    anchor_settled = Parameter(
        0.04, "step of trust in the office that settled", 0.01, 0.08, "assumed", "about .2 sd"
    )
    anchor_failed = Parameter(
        -0.05, "step of trust in the office that failed", -0.1, -0.01, "assumed", "loss weighs more"
    )
    anchor_late = Parameter(
        -0.02, "step of trust, case past its limit", -0.05, 0.0, "assumed", "smaller than failure"
    )
    recorded_settled = Group(
        village=_recorded(0.5, 0.3, 0.7),
        township=_recorded(0.55, 0.35, 0.8),
        rooms=_recorded(0.9, 0.75, 1.0),
    )
    recorded_failed = Group(
        village=_recorded(0.022, 0.005, 0.06),
        township=_recorded(0.035, 0.01, 0.1),
        rooms=_recorded(0.1, 0.03, 0.3),
    )

    reads = (
        "budget.paid_share",
        "offices.sessions",
        "offices.skill",
        "offices.success_logit",
        "offices.recording_logit",
        "people.trust_community",
        "people.norm",
    )
    writes = {
        "offices.load": Column("cases a year per body", 0, 1e7, "smoothed arrivals", 0, "f8"),
        "offices.free": Column("day", -1e9, 1e9, "from when the queue is free", -1e9, "f8"),
        "offices.extra_sessions": Column(
            "sessions a year", -1e6, 1e6, "sessions that volunteers add to the usual", flow=True
        ),
    }
    adds = (
        "disputes.transitions",
        "waits.days",
        "people.anchor_push_trust_community",
        "people.anchor_push_trust_township",
        "people.anchor_push_trust_city",
        "people.anchor_push_legal_awareness",
        "people.grievance_relief",
    )
    levers = ("mediation.training_hours_per_year", "mediation.judicial_confirmation_share")

    def prepare(self, world: World) -> None:
        """Start the loads of offices in the fluid mode at their usual arrivals."""
        offices = world.offices
        self._urban_residents = urban_residents(world)
        for level, cases in self.usual_cases.items():
            rows = offices_of(world, level)
            offices.load[rows] = cases / 1e4 * offices.residents[rows] / offices.bodies[rows]

    def step(self, world: World, clock: Clock) -> None:
        """Cases are taken in, heard, settled, lost or out of time; agreements may break."""
        self.take_in(world, clock)
        self.hear_villages(world, clock)
        self.leave_offices(world, clock)
        self.break_down(world, clock)
        world.offices.extra_sessions[:] = 0.0

    def take_in(self, world: World, clock: Clock) -> None:
        """New cases get their amount of work; offices in the fluid mode note their load."""
        disputes, offices = world.disputes, world.offices
        rows = disputes.newly_in(*HELD)
        disputes.taken_in[rows] = True
        level, office = places(world, rows)
        disputes.work[rows] = world.draws.exponential(
            "mediation.work", disputes.id[rows], disputes.visit[rows], level
        )
        arrived = real_arrivals(world, rows, level, office, self._urban_residents)
        fluid = in_fluid_mode(world)
        offices.load[fluid] = queues.follow_load(
            offices.load[fluid], arrived[fluid], clock.dt_years
        )
        self.schedule(world, rows, level, office)

    def schedule(self, world: World, rows, level, office) -> None:  # type: ignore[no-untyped-def]
        """In the fluid mode the day on which a case leaves is known when it comes."""
        disputes, offices = world.disputes, world.offices
        rooms = rows[level == ROOMS]
        disputes.due[rooms] = disputes.since[rooms] + self.rooms_days * disputes.work[rooms]
        disputes.heard[rooms] = True
        queued = (level != ROOMS) & ~offices.exact[office]
        rows, office = rows[queued], office[queued]
        if not len(rows):
            return
        rate = self.rate(world)[office]
        luck = [
            world.draws.uniform(f"mediation.{part}", disputes.id[rows], disputes.visit[rows])
            for part in ("waits", "wait_length")
        ]
        limit = self.limit_days / DAYS
        years = queues.waits_until_deadline(rate, offices.load[office], limit, *luck)
        years = years + disputes.work[rows] / np.maximum(rate, 1e-9)
        disputes.heard[rows] = years <= limit
        days = np.where(disputes.heard[rows], years * DAYS, self.limit_days)
        disputes.due[rows] = disputes.since[rows] + days

    def rate(self, world: World) -> np.ndarray:
        """Cases that an office (per body) can hear through a year."""
        offices = world.offices
        return np.maximum(offices.sessions + offices.extra_sessions, 0.0) / self.hearings_mean

    def hear_villages(self, world: World, clock: Clock) -> None:
        """Sessions serve the oldest open case of each village until the end of the step."""
        disputes, offices = world.disputes, world.offices
        rows = disputes.in_state(QUEUED_VILLAGE)
        office = world.units.committee[disputes.unit[rows]]
        waiting = offices.exact[office] & np.isinf(disputes.due[rows])
        rows, office = rows[waiting], office[waiting]
        order = np.lexsort((disputes.id[rows], disputes.since[rows], office))
        rows, office = rows[order], office[order]
        since, work, begun = disputes.since[rows], disputes.work[rows], disputes.begun[rows]
        ends, served = np.empty(len(rows)), np.empty(len(rows), bool)
        serve, free, rate = self.servers(world)
        deadline = since + self.limit_days
        serve(office, since, work, begun, deadline, free, rate, clock.ends, ends, served)
        disputes.work[rows] = work
        disputes.begun[rows] = begun
        disputes.due[rows] = ends
        disputes.heard[rows] = served

    def servers(self, world: World):  # type: ignore[no-untyped-def]
        """How sessions are shared out: the rule of serving, when servers are free, their rates."""
        return queues.serve_pooled, world.offices.free, self.rate(world) / DAYS

    def leave_offices(self, world: World, clock: Clock) -> None:
        """Cases whose day has come leave."""
        disputes = world.disputes
        held = disputes.are_in(*HELD) & (disputes.due < clock.ends)
        rows = held.nonzero()[0]
        rows = rows[disputes.due[rows].argsort(kind="stable")]
        self.leave(world, rows, disputes.due[rows].copy(), disputes.heard[rows].copy())

    def leave(self, world: World, rows: np.ndarray, at: np.ndarray, heard: np.ndarray) -> None:
        """Cases leave their office: settled, failed, or out of time."""
        if not len(rows):
            return
        level, office = places(world, rows)
        world.tables["waits"].record(office, at - world.disputes.since[rows])
        urban = world.units.kind[world.disputes.unit[rows]] == 0
        for name, code, which in (
            ("village", VILLAGE, ~urban),
            ("community", VILLAGE, urban),
            ("township", TOWNSHIP, True),
            ("rooms", ROOMS, True),
        ):
            here = (level == code) & which
            if np.count_nonzero(here):
                offices, own = world.offices, office[here]
                able = self.success_skill * offices.skill[own] + offices.success_logit[own]
                self.end(world, name, code, rows[here], at[here], heard[here], able)

    def end(self, world: World, level: str, code: int, rows, at, heard, able) -> None:  # type: ignore[no-untyped-def]
        """Cases of one level end on their days; trust and the records follow."""
        disputes, people = world.disputes, world.people
        slopes = Slopes(self.success_trust, self.success_norm, self.success_intensity)
        hours = paid_for(world, "mediation.training_hours_per_year", "training")
        hours = hours[disputes.division[rows]]
        trained = self.training_effect / 0.24 * (np.minimum(hours, 24.0) - 8.0) / 16.0
        chances = chance(
            world, rows, level, self.success[level], TRUST_IN[level], slopes, trained + able
        )
        agreed = heard & settles(world, rows, level, chances)
        persons = disputes.person[rows]
        unsettled = np.where(heard, self.anchor_failed, self.anchor_late)
        step = np.where(agreed, self.anchor_settled, unsettled)
        add_all(people[f"anchor_push_{TRUST_IN[level]}"], persons, step)
        add_each(people.anchor_push_legal_awareness, persons[heard], self.legal_aid_gain)
        add_each(people.grievance_relief, persons[agreed], 1.0)
        disputes.count(f"timed_out_{level}", rows[~heard])
        self.record(world, level, rows, agreed)
        self.agree(world, code, rows[agreed], at[agreed])
        disputes.fail(rows[~agreed], code, at[~agreed])

    def agree(self, world: World, code: int, rows: np.ndarray, at: np.ndarray) -> None:
        """Agreements that will hold are resolved; of the unconfirmed ones some break later."""
        disputes = world.disputes
        level = {VILLAGE: "village", TOWNSHIP: "township", ROOMS: "rooms"}[code]
        disputes.count(f"agreed_{level}", rows)
        ids, visits = disputes.id[rows], disputes.visit[rows]
        share = world.lever("mediation.judicial_confirmation_share")[disputes.division[rows]]
        confirmed = world.draws.uniform("mediation.confirmed", ids, visits) < share
        breaks = world.draws.uniform("mediation.breaks", ids, visits) < self.breakdown_share
        breaks &= ~confirmed
        disputes.count("agreements_confirmed", rows[confirmed])
        days = self.breakdown_days * world.draws.exponential("mediation.until_break", ids, visits)
        broken, held = rows[breaks], rows[~breaks]
        disputes.failed_in[broken] = code
        disputes.move(broken, AGREED_UNCONFIRMED, at[breaks], at[breaks] + days[breaks])
        disputes.settle(held, level, at[~breaks])

    def break_down(self, world: World, clock: Clock) -> None:
        """An unconfirmed agreement is not performed: the dispute is open for a decision again."""
        disputes = world.disputes
        rows = disputes.due_in(AGREED_UNCONFIRMED, clock.ends)
        if not len(rows):
            return
        disputes.count("agreements_broken", rows)
        disputes.fail(rows, disputes.failed_in[rows], disputes.due[rows].copy())

    def record(self, world: World, level: str, rows: np.ndarray, agreed: np.ndarray) -> None:
        """What statistics see: settled cases often, failed ones seldom."""
        disputes = world.disputes
        key = "village" if level == "community" else level
        share = np.where(agreed, self.recorded_settled[key], self.recorded_failed[key])
        eager = world.offices.recording_logit[places(world, rows)[1]]
        share = moved(share, np.where(agreed, eager, -eager))
        luck = world.draws.uniform("mediation.recorded", disputes.id[rows], disputes.visit[rows])
        recorded = luck < share
        disputes.count("mediations_actual", rows)
        disputes.count("mediations_settled_actual", rows[agreed])
        disputes.count(f"ended_{level}", rows)
        disputes.count("mediations_recorded", rows[recorded])
        both = rows[recorded & agreed]
        disputes.count("mediations_settled_recorded", both)
        disputes.count(f"recorded_settled_{key}", both)

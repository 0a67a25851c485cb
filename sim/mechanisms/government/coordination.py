"""Departments handle disputes that need authority, and hotline requests: hop by hop.

The first assignment is a hop; each hop is misrouted with chance m and takes an exponential time,
mean D. So the mean number of hops is 1/(1 - m) and the mean delay D/(1 - m) (whistle off).
Data sharing lowers both, a list of powers and responsibilities lowers m. Under "street whistles,
departments report" a township summons some hops: they take at most 3 days, and the hours come off
the others, which take longer in proportion to the share summoned. Hours that works waiting for
acceptance take come off all hops alike. A request past its limit is a failure that the citizen
feels. Sources: articles 1 and 11; Beijing hotline reports; sizes assumed.
"""

from typing import Annotated

import numpy as np

from sim.kernel import Clock, Limit, Mechanism, Parameter, Quantity, Table, Within
from sim.mechanisms.conflict.success import Slopes, chance, settles
from sim.world.adding import add_all, add_each
from sim.world.candidates import arrivals, per_adult
from sim.world.disputes import DEPARTMENT, IN_TRANSFER
from sim.world.money import paid_for
from sim.world.world import World

_REQUEST = (("person", np.int32), ("due", np.float64), ("late", np.bool_), ("resolved", np.bool_))
HOPS_SIMULATED = 64  # at m = .9 a longer chain has chance .001


class Coordination(Mechanism):
    """Transfers between departments, with whistle and data sharing."""

    name = "coordination"
    requests_per_10k = Parameter(
        400, "requests per 10,000 residents a year", 150, 1200, "assumed", "Jinzhong, Beijing"
    )
    misroute = Parameter(0.35, "share at each hop (m)", 0.15, 0.5, "assumed", "mean hops 1.54")
    hop_days = Parameter(9, "days, exponential (D)", 4, 15, "assumed", ".34 past the limit")
    limit_days = Parameter(15, "days", 5, 20, "recalled", "usual term for complex matters")
    sharing_factor = Parameter(
        0.5, "ratio on m and on D at full data sharing", 0.3, 0.8, "assumed", "5.5 days, .06 late"
    )
    power_list_factor = Parameter(
        0.7, "ratio on m under a full list of powers", 0.4, 1.0, "assumed", "article 11"
    )
    whistle_days = Parameter(3, "days, cap on a summoned hop", 1, 7, "assumed", "street whistles")
    whistle_share = Parameter(
        0.2, "share of hops summoned at full use", 0.05, 0.5, "assumed", "what townships may call"
    )
    whistle_price = Parameter(
        0.5, "hours of a summoned hop over an ordinary one, extra", 0.0, 2.0, "assumed", "on site"
    )
    request_resolved = Parameter(
        0.6, "share of requests resolved", 0.4, 0.9, "assumed", "as departments settle disputes"
    )
    success = Parameter(
        0.6, "share settled, parties' view", 0.4, 0.75, "assumed", "police, labour, housing"
    )
    success_trust = Parameter(
        0.2, "logit per sd of trust in the city", 0.0, 0.4, "assumed", "as in mediation"
    )
    success_norm = Parameter(0.15, "logit per sd of norm", 0.0, 0.4, "assumed", "as in mediation")
    success_intensity = Parameter(
        -1.0, "logit per unit of intensity", -2.0, -0.2, "assumed", "as in mediation"
    )
    anchor_settled = Parameter(
        0.04, "step of trust in the office that settled", 0.01, 0.08, "assumed", "about .2 sd"
    )
    anchor_failed = Parameter(
        -0.05, "step of trust in the office that failed", -0.1, -0.01, "assumed", "loss weighs more"
    )
    anchor_late = Parameter(
        -0.02, "step of trust, request past its limit", -0.05, 0.0, "assumed", "smaller"
    )

    reads = (
        "budget.paid_share",
        "people.trust_city",
        "people.norm",
        "offices.success_logit",
        "divisions.acceptance_hours",
    )
    writes = {}
    adds = (
        "disputes.transitions",
        "waits.days",
        "people.anchor_push_trust_city",
        "people.grievance_relief",
    )
    levers = ("coordination.data_sharing", "coordination.whistle", "coordination.power_list")

    def prepare(self, world: World) -> None:
        """No request is open at the start."""
        self._expected = per_adult(world, self.requests_per_10k)
        world.tables["requests"] = Table(0, **{name: np.empty(0, kind) for name, kind in _REQUEST})

    def step(self, world: World, clock: Clock) -> None:
        """Requests come in and are answered; disputes in transfer come out of the departments."""
        self.take_requests(world, clock)
        self.answer_requests(world, clock)
        self.assign_disputes(world)
        self.conclude_disputes(world, clock)

    def delays(self, world: World, ids: np.ndarray, division: np.ndarray) -> np.ndarray:
        """Hops and days until the right department is through: shape (2, matters)."""
        sharing = paid_for(world, "coordination.data_sharing", "platform")
        better = 1.0 - (1.0 - self.sharing_factor) * sharing
        listed = 1.0 - (1.0 - self.power_list_factor) * world.lever("coordination.power_list")
        misroute = (self.misroute * better * listed)[division]
        mean = (self.hop_days * better / (1.0 - self.hours_taken(world)))[division]
        summoned = self.whistle_share * world.lever("coordination.whistle")[division]
        luck = world.draws.uniform("coordination.hops", ids)
        with np.errstate(divide="ignore"):
            more = np.where(misroute > 0.0, np.log(luck) / np.log(np.maximum(misroute, 1e-300)), 0)
        hops = 1 + np.minimum(more.astype(np.int64), HOPS_SIMULATED - 1)
        matter = np.repeat(np.arange(len(ids)), hops)  # one entry a hop, matter after matter
        hop = np.arange(matter.size) - np.repeat(hops.cumsum() - hops, hops)
        length = mean[matter] * world.draws.exponential("coordination.hop", ids[matter], hop)
        summoned = summoned[matter]
        called = world.draws.uniform("coordination.summoned", ids[matter], hop) < summoned
        taken = self.whistle_price * summoned / (1.0 - summoned)
        length = np.where(called, np.minimum(length, self.whistle_days), length * (1.0 + taken))
        return np.array([hops, np.bincount(matter, length, minlength=len(ids))])

    def hours_taken(self, world: World) -> np.ndarray | float:
        """The share of departments' hours that clearing public works takes beyond the base."""
        divisions = world.tables["divisions"]
        taken: np.ndarray | float = 0.0
        if "acceptance_hours" in divisions:
            taken = divisions.acceptance_hours
        return taken

    def take_requests(self, world: World, clock: Clock) -> None:
        """Citizens call the hotline; how long their request will take is settled at once."""
        rows, ids, at = arrivals(world, clock, "coordination.request", self._expected)
        division = world.people.division[rows]
        _, days = self.delays(world, ids, division)
        resolved = world.draws.uniform("coordination.resolved", ids) < self.request_resolved
        late = days > self.limit_days
        fresh = {"person": rows, "due": at + days, "late": late, "resolved": resolved}
        world.tables["requests"].grow(len(rows), fresh)
        people = world.people
        world.flows.add("requests", people.cell[rows], people.weight[rows])

    def answer_requests(self, world: World, clock: Clock) -> None:
        """Requests whose day has come are closed; late ones cost trust in the city."""
        requests, people = world.tables["requests"], world.people
        done = requests.due < clock.ends
        closed, late, resolved = (
            requests.person[done],
            requests.late[done],
            requests.resolved[done],
        )
        add_each(people.anchor_push_trust_city, closed[late], self.anchor_late)
        for name, who in (
            ("requests_closed", closed),
            ("requests_late", closed[late]),
            ("requests_resolved", closed[resolved]),
        ):
            world.flows.add(name, people.cell[who], people.weight[who])
        requests.keep((~done).nonzero()[0])

    def assign_disputes(self, world: World) -> None:
        """Disputes that came to a department this step learn how long the transfers take."""
        disputes = world.disputes
        rows = disputes.newly_in(IN_TRANSFER)
        if not len(rows):
            return
        disputes.taken_in[rows] = True
        _, days = self.delays(world, disputes.id[rows], disputes.division[rows])
        disputes.due[rows] = disputes.since[rows] + days

    def conclude_disputes(self, world: World, clock: Clock) -> None:
        """The department settles a dispute or fails."""
        disputes, people = world.disputes, world.people
        rows = disputes.due_in(IN_TRANSFER, clock.ends)
        if not len(rows):
            return
        at = disputes.due[rows].copy()
        office = world.office_of["department"][disputes.division[rows]]
        world.tables["waits"].record(office, at - disputes.since[rows])
        slopes = Slopes(self.success_trust, self.success_norm, self.success_intensity)
        agreed = settles(
            world,
            rows,
            "department",
            chance(
                world,
                rows,
                "department",
                self.success,
                "trust_city",
                slopes,
                world.offices.success_logit[office],
            ),
        )
        persons = disputes.person[rows]
        step = np.where(agreed, self.anchor_settled, self.anchor_failed)
        add_all(people.anchor_push_trust_city, persons, step)
        add_each(people.grievance_relief, persons[agreed], 1.0)
        disputes.settle(rows[agreed], "department", at[agreed])
        disputes.fail(rows[~agreed], DEPARTMENT, at[~agreed])


def transfer(
    misroute: Annotated[float, Within(0.0, 0.95)] = 0.35,
    hop_days: Annotated[float, Within(0.01, 1_000.0)] = 9.0,
) -> Limit:
    """Known result: mean hops 1/(1 - m), mean delay D/(1 - m); the first assignment counts."""
    matters = 20_000

    def simulate(mechanism: type[Coordination], seed: int) -> dict[str, float]:
        from sim.verify.bench import bare_world

        world = bare_world(50, seed)
        rule = mechanism({"misroute": misroute, "hop_days": hop_days})
        hops, days = rule.delays(world, np.arange(matters), np.zeros(matters, int))
        return {"mean_hops": float(hops.mean()), "mean_delay_days": float(days.mean())}

    cut = misroute**HOPS_SIMULATED / (1.0 - misroute)
    return Limit(
        "transfer",
        {"misroute": misroute, "hop_days": hop_days},
        (
            Quantity("mean_hops", "hops", 1.0 / (1.0 - misroute), cut),
            Quantity("mean_delay_days", "days", hop_days / (1.0 - misroute), hop_days * cut),
        ),
        simulate,
        "geometric sum of exponentials; Feller (1968), chapter 11",
        replications=10,
    )

"""Which way a disputant takes: a multinomial logit at the first decision and after each failure.

    V_k = constant_k + slopes x states of the person - 0.15 (wait_k - usual wait_k)/30 - 0.2 cost_k

Choice = arg max of V_k + Gumbel, the luck keyed by (dispute, decision, NAME of the way), so that
adding or removing a way leaves the others' luck alone. States are in standard deviations from the
baseline, waits are what the office's cases took in the last 26 weeks, costs in 1,000 yuan. The
constants are solved on a reference world so that the baseline shares of `routes` come out.

Where social organisations mediate, the way `rooms` splits in two, at ln(1 - s) and ln s + ln r
beside it (s the usual share, r active bodies against the usual): a softmax option split in two. It
is chosen in two stages, which is the same law: rooms of both kinds together, at ln(1 - s + s r)
beside V_rooms and with the luck of rooms; then between the two by luck of its own. So with r = 1
all other choices keep every bit.
Limit: with waits frozen, shares equal the softmax (McFadden 1974).
"""

from collections.abc import Mapping, Sequence
from typing import Annotated

import numpy as np

from sim.kernel import Clock, Limit, Mechanism, Parameter, Quantity, Within
from sim.kernel.draws import fnv1a64
from sim.mechanisms.conflict.constants import AFTER, FIRST
from sim.mechanisms.conflict.routes import ACTIONS, AFTER_FAILURE, FIRST_ACTIONS
from sim.world.disputes import (
    DECIDING,
    DOMAINS,
    FAILED_IN,
    FOUND,
    IN_ROOMS,
    IN_TRANSFER,
    LATENT,
    LITIGATING,
    NEGOTIATING,
    PETITIONING,
    QUEUED_TOWNSHIP,
    QUEUED_VILLAGE,
)
from sim.world.disputes import FIRST as FIRST_DECISION
from sim.world.money import paid_for
from sim.world.world import World

ABSENT = -np.inf
LABOUR = DOMAINS.index("labour")  # what all bodies together get of it is known from statistics
ACTION_KEYS = np.array([fnv1a64(action) for action in ACTIONS], np.uint64)
STATE_OF_ACTION = {
    "talk": NEGOTIATING,
    "village": QUEUED_VILLAGE,
    "township": QUEUED_TOWNSHIP,
    "rooms": IN_ROOMS,
    "department": IN_TRANSFER,
    "court": LITIGATING,
    "petition": PETITIONING,
}
TRUST_OF_ACTION = {
    "village": "trust_community",
    "township": "trust_township",
    "rooms": "trust_city",
    "department": "trust_city",
}


class Channels(Mechanism):
    """A disputant picks a way, and the dispute is handed over to whoever keeps it."""

    name = "channels"
    trust_mediation = Parameter(
        0.3, "logit per sd of trust in the office", 0.1, 0.55, "assumed", "as for courts in sign"
    )
    trust_court = Parameter(
        0.3, "logit per sd of trust in courts", 0.1, 0.55, "assumed", "Chinese surveys: sign firm"
    )
    trust_petition = Parameter(
        -0.25, "logit per sd of trust in the township", -0.5, 0.0, "assumed", "Lu 2017, Shao 2020"
    )
    legal_awareness_court = Parameter(0.35, "logit per sd", 0.1, 0.7, "assumed", "sign firm")
    legal_awareness_petition = Parameter(-0.1, "logit per sd", -0.3, 0.1, "assumed", "weak")
    norm_tolerate = Parameter(
        0.2, "logit per sd of norm, tolerate and talk", 0.0, 0.5, "assumed", "one matter less"
    )
    norm_court = Parameter(
        -0.1, "logit per sd of norm, court and petition", -0.4, 0.1, "assumed", "one matter less"
    )
    intensity_formal = Parameter(
        0.8, "logit per unit of intensity, court and petition", 0.2, 2.0, "assumed", "severity"
    )
    grievance_petition = Parameter(
        0.3, "logit per sd of grievance", 0.0, 0.6, "assumed", "sign from petition studies"
    )
    wait = Parameter(-0.15, "logit per 30 days of wait", -0.4, 0.0, "assumed", "one slope for all")
    cost = Parameter(-0.2, "logit per 1,000 yuan", -0.5, 0.0, "assumed", "no firm estimate")
    court_cost = Parameter(1500, "yuan a filing", 500, 5000, "assumed", "fee, lawyer, travel")
    petition_cost = Parameter(300, "yuan a matter", 50, 1500, "assumed", "travel")
    village_urban_shift = Parameter(
        -0.36, "logit, urban community against village", -0.7, -0.1, "derived", "66 against 91"
    )

    reads = (
        "waits.days",
        "budget.paid_share",
        "people.trust_community",
        "people.trust_township",
        "people.trust_city",
        "people.trust_court",
        "people.norm",
        "people.legal_awareness",
        "people.grievance",
        "social_mediation.share",
        "social_mediation.ratio",
    )
    writes = {}
    adds = ("disputes.transitions",)
    levers = ("mediation.specialised_rooms",)

    def prepare(self, world: World) -> None:
        """Set up the constants by domain and failed level; absent ways stand at -infinity."""
        self._first = _table(FIRST, FIRST_ACTIONS, DOMAINS)
        self._after = _table(AFTER, AFTER_FAILURE, FAILED_IN)
        self._rooms_at_start = np.maximum(world.lever("mediation.specialised_rooms").copy(), 0.5)

    def step(self, world: World, clock: Clock) -> None:
        """Everybody whose moment of decision has come decides, on that day."""
        world.tables["waits"].turn_to(clock.week)
        disputes = world.disputes
        rows = disputes.due_in(DECIDING, clock.ends)
        if not len(rows):
            return
        chosen = self.choose(world, rows)
        for k, action in enumerate(ACTIONS):
            self.hand_over(world, rows[chosen == k], action)

    def constants(self, world: World, rows: np.ndarray) -> np.ndarray:
        """The constants that hold for these disputes, shape (disputes, actions)."""
        disputes = world.disputes
        failed_in = disputes.failed_in[rows]
        first = (failed_in == FIRST_DECISION)[:, None]
        return np.where(first, self._first[disputes.domain[rows]], self._after[failed_in])

    def leanings(self, world: World, rows: np.ndarray) -> np.ndarray:
        """What differs between people, offices and policies, shape (disputes, actions)."""
        disputes, people, baseline = world.disputes, world.people, world.tables["baseline"]
        persons = disputes.person[rows]

        def z(name: str) -> np.ndarray:
            return baseline.standardised(world, name, persons)

        norm, legal = z("norm"), z("legal_awareness")
        formal = self.norm_court * norm
        formal = formal + self.intensity_formal * (disputes.intensity[rows] - 0.4)
        lean = np.zeros((len(rows), len(ACTIONS)))
        column = {action: lean[:, k] for k, action in enumerate(ACTIONS)}
        column["tolerate"] += self.norm_tolerate * norm
        column["talk"] += self.norm_tolerate * norm
        trusts = {trust: z(trust) for trust in set(TRUST_OF_ACTION.values())}
        for action, trust in TRUST_OF_ACTION.items():
            column[action] += self.trust_mediation * trusts[trust]
        column["village"] += self.village_urban_shift * (people.kind[persons] == 0)
        column["court"] += formal + self.trust_court * z("trust_court")
        column["court"] += self.legal_awareness_court * legal + self.cost * self.court_cost / 1e3
        column["petition"] += formal + self.trust_petition * trusts["trust_township"]
        column["petition"] += self.legal_awareness_petition * legal
        column["petition"] += self.grievance_petition * z("grievance")
        column["petition"] += self.cost * self.petition_cost / 1e3
        self._add_offices(world, rows, column)
        return lean

    def _add_offices(self, world: World, rows: np.ndarray, column: dict[str, np.ndarray]) -> None:
        """Expected waits against usual ones, and the number of specialised rooms."""
        waits, units = world.tables["waits"], world.units
        longer = self.wait * (waits.expected() - waits.usual_days) / 30.0
        unit, division = world.disputes.unit[rows], world.disputes.division[rows]
        column["village"] += longer[units.committee[unit]]
        column["township"] += longer[units.township[unit]]
        for action, office in (
            ("rooms", "rooms"),
            ("department", "department"),
            ("court", "court"),
            ("petition", "petition_office"),
        ):
            column[action] += longer[world.office_of[office][division]]
        rooms = paid_for(world, "mediation.specialised_rooms", "rooms")
        share, ratio = social_mediation(world)
        with np.errstate(divide="ignore"):
            column["rooms"] += np.log(rooms / self._rooms_at_start)[division]
            column["rooms"] += np.log1p(share * (ratio - 1.0))[division]

    def utilities(self, world: World, rows: np.ndarray) -> np.ndarray:
        """V_k of each dispute, shape (disputes, actions)."""
        return self.constants(world, rows) + self.leanings(world, rows)

    def choose(self, world: World, rows: np.ndarray) -> np.ndarray:
        """The chosen action (index in ACTIONS); a found dispute goes to village mediation."""
        disputes = world.disputes
        luck = world.draws.gumbel(
            "channels.choice",
            disputes.id[rows][:, None],
            disputes.visit[rows][:, None],
            ACTION_KEYS[None, :],
        )
        chosen = np.argmax(self.utilities(world, rows) + luck, axis=1)
        found = disputes.failed_in[rows] == FOUND
        return np.where(found, ACTIONS.index("village"), chosen)

    def hand_over(self, world: World, rows: np.ndarray, action: str) -> None:
        """Hand disputes over on the day of the decision."""
        disputes = world.disputes
        if not len(rows):
            return
        at = disputes.due[rows].copy()
        first = disputes.failed_in[rows] == FIRST_DECISION
        if action == "tolerate":
            disputes.withdraw(rows[~first], "dropped")
            rows, at = rows[first], at[first]
            days = world.draws.exponential("disputes.term", disputes.id[rows])
            disputes.hazard_left[rows] = world.draws.exponential(
                "detection.threshold", disputes.id[rows]
            )
            disputes.move(rows, LATENT, at, at + self.term_days(world) * days)
            return
        due = np.full(len(rows), np.inf)
        if action == "talk":
            days = world.draws.exponential("disputes.talk", disputes.id[rows], disputes.visit[rows])
            due = at + self.talk_days(world) * days
        self.count(world, rows, action)
        if action == "rooms":
            self.count_social(world, rows)
        disputes.move(rows, STATE_OF_ACTION[action], at, due)

    def count(self, world: World, rows: np.ndarray, action: str) -> None:
        """Count who is brought where, and, once each, third parties entered and escalations."""
        disputes = world.disputes
        disputes.count(f"brought_{action}", rows)
        if action in ("village", "township", "rooms", "department"):
            disputes.count("entered_third_party", rows[~disputes.third_party[rows]])
            disputes.third_party[rows] = True
            disputes.count("brought_labour", rows[disputes.domain[rows] == LABOUR])
        if action in ("court", "petition"):
            fresh = rows[disputes.third_party[rows] & ~disputes.escalated[rows]]
            disputes.count("escalated", fresh)
            disputes.escalated[fresh] = True

    def count_social(self, world: World, rows: np.ndarray) -> None:
        """Which of those in rooms go to a social organisation; it settles and records as rooms."""
        disputes = world.disputes
        share, ratio = social_mediation(world)
        chance = share * ratio / np.maximum(1.0 + share * (ratio - 1.0), 1e-12)
        luck = world.draws.uniform("channels.social", disputes.id[rows], disputes.visit[rows])
        disputes.count("brought_social", rows[luck < chance[disputes.division[rows]]])

    def term_days(self, world: World) -> float:
        """The mean term of a tolerated dispute, which `disputes` declares."""
        return float(world.tables["settings"]["disputes.term_days"])

    def talk_days(self, world: World) -> float:
        """The mean length of talks, which `disputes` declares."""
        return float(world.tables["settings"]["disputes.talk_days"])


def social_mediation(world: World) -> tuple[np.ndarray, np.ndarray]:
    """Usual share of rooms that are social organisations', and active ones against the usual.

    By division; 0 and 1 where nobody keeps organisations.
    """
    table = world.tables.get("social_mediation")
    if table is None or not len(table):
        return np.zeros(world.divisions), np.ones(world.divisions)
    return table.share, table.ratio


def _table(
    constants: Mapping[str, Mapping[str, float]],
    shares: Mapping[str, Sequence[float]],
    rows: tuple[str, ...],
) -> np.ndarray:
    """Constants as an array; ways with share 0 are absent, unsolved ones stand at ln(share)."""
    table = np.full((len(rows), len(ACTIONS)), ABSENT)
    for i, row in enumerate(rows):
        for k, action in enumerate(ACTIONS):
            if row in shares and shares[row][k] > 0.0:
                solved = constants.get(row, {})
                table[i, k] = solved.get(action, np.log(shares[row][k]))
    table[np.isneginf(table).all(axis=1), 0] = 0.0
    return table


def softmax(
    utilities: Annotated[tuple[float, ...], Within(-30.0, 30.0)] = (0.0, 1.0, -0.5),
) -> Limit:
    """Known result: with waits frozen, the shares of the ways equal the softmax of V."""
    values = np.asarray(utilities, float)
    if not 2 <= len(values) <= len(ACTIONS):
        raise ValueError(f"{len(values)} utilities; choose 2 to {len(ACTIONS)}, one a way")
    expected = np.exp(values - values.max())
    expected = expected / expected.sum()
    disputes = 20_000

    def simulate(mechanism: type[Channels], seed: int) -> dict[str, object]:
        from sim.verify.bench import bare_world, ready

        world = bare_world(50, seed)
        rule = mechanism()
        ready(world, rule)
        table = np.full((len(FAILED_IN), len(ACTIONS)), ABSENT)
        table[:, : len(values)] = values
        rule._after = table
        rule.leanings = lambda world, rows: np.zeros((len(rows), len(ACTIONS)))  # type: ignore[method-assign]
        world.disputes.open(
            id=np.arange(disputes),
            state=np.full(disputes, DECIDING),
            failed_in=np.full(disputes, FAILED_IN.index("talk")),
            weight=np.ones(disputes),
        )
        chosen = rule.choose(world, np.arange(disputes))
        return {"shares": np.bincount(chosen, minlength=len(values))[: len(values)] / disputes}

    return Limit(
        "softmax",
        {"utilities": list(map(float, values))},
        (Quantity("shares", "share of decisions", expected.tolist(), 5e-5),),
        simulate,
        "McFadden (1974): Gumbel errors give the multinomial logit",
        replications=10,
    )

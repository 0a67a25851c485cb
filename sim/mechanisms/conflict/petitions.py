"""Petitions: a matter is a chain of items, each registered and answered or turned away.

    registered items go on with q = .35, prevented ones with q' = .50
    items a matter = 1/(1 - (1 - v) q - v q'),   recorded = (1 - v) made

v, the share of items that offices prevent from being registered, follows the effort that goes
into suppressing: v = 1 - exp(-k e), e the share of working time, which the assessment's weight on
petition counts raises: e = .5 w_count / sum of weights (an office that divides its time by
maximising sum w ln e). Where the assessment of offices is a mechanism of its own, e is what the
committee of the petitioner really spends. A prevented item tries again later, sometimes a level up,
with more grievance, and who gives up there trusts the city less: the hidden cost of the lower
count. Matters come from disputes and from other causes.
Sources: article 1 (zero targets); repeat shares from petition offices; sizes assumed.
"""

from typing import Annotated

import numpy as np

from sim.kernel import Clock, Limit, Mechanism, Parameter, Quantity, Table, Within
from sim.world.adding import add_all, add_each
from sim.world.candidates import arrivals, per_adult
from sim.world.disputes import PETITIONING
from sim.world.world import World

SUBMITS, WAITS = 0, 1  # phases of a matter


class Petitions(Mechanism):
    """Items are made, registered or prevented, answered, repeated and given up."""

    name = "petitions"
    other_matters_per_10k = Parameter(
        14, "matters per 10,000 residents a year", 5, 25, "assumed", "welfare, cadres, advice"
    )
    repeat_share = Parameter(
        0.35, "share of registered items followed by another (q)", 0.2, 0.5, "recalled", "offices"
    )
    repeat_gap_days = Parameter(
        68, "days from answer to next item, exponential", 20, 150, "derived", "a matter: 100 days"
    )
    settled_per_item = Parameter(
        0.141, "share of registered items", 0.05, 0.3, "derived", ".20 of matters over 1.42 items"
    )
    prevention_per_effort = Parameter(
        1.05, "per share of time (k)", 0.5, 2.5, "derived", "v = .10 at effort .10"
    )
    suppress_per_weight = Parameter(
        0.5, "share of the petition-count weight", 0.2, 0.8, "derived", "effort .10 at base weights"
    )
    other_weights = Parameter(
        0.8, "sum of the other assessment weights", 0.5, 0.95, "assumed", "weights sum to 1 at base"
    )
    repeat_share_prevented = Parameter(
        0.5, "share of prevented items that try again (q')", 0.35, 0.9, "assumed", "registered: .35"
    )
    retry_days = Parameter(120, "days, exponential", 30, 240, "assumed", "after a prevented item")
    level_up_share = Parameter(
        0.25, "share of retries one level up", 0.1, 0.5, "assumed", "level skipping"
    )
    level_up_push = Parameter(
        0.5, "pushes of grievance", 0.0, 1.5, "assumed", "beside the one of being turned away"
    )
    level_up_loss = Parameter(
        0.5, "of the loss of trust, per level", 0.0, 1.0, "assumed", "a larger fall, Hu Rong 2007"
    )
    anchor_given_up = Parameter(
        -0.06, "step of trust in the city", -0.1, -0.02, "recalled", "Hu Rong 2007: -.3 sd"
    )

    reads = ("people.grievance", "offices.suppressing")
    writes = {}
    adds = (
        "disputes.transitions",
        "waits.days",
        "people.grievance_push",
        "people.grievance_relief",
        "people.anchor_push_trust_city",
        "offices.registered",
    )
    levers = ("petitions.response_days", "assessment.weights.petition_count")

    def prepare(self, world: World) -> None:
        """No matter is open at the start of the warm-up."""
        self._expected = per_adult(world, self.other_matters_per_10k)
        world.tables["matters"] = Table(0, **{name: np.empty(0, kind) for name, kind in _MATTER})

    def effort(self, world: World) -> np.ndarray:
        """The share of working time that goes into counts, by division, by their weight alone."""
        weight = world.lever("assessment.weights.petition_count")
        return self.suppress_per_weight * weight / (weight + self.other_weights)

    def prevention(self, world: World, persons: np.ndarray) -> np.ndarray:
        """The chance that an item of these people (rows) is not registered (v)."""
        people = world.people
        spent = world.offices.suppressing[self.committees(world, persons)]
        usual = self.effort(world)[people.division[persons]]
        return -np.expm1(-self.prevention_per_effort * np.where(np.isnan(spent), usual, spent))

    def committees(self, world: World, persons: np.ndarray) -> np.ndarray:
        """The village or community committee of these people (rows)."""
        return world.units.committee[world.people.unit[persons]]

    def step(self, world: World, clock: Clock) -> None:
        """New matters come, items are submitted, answers end or prolong matters."""
        self.take_in(world, clock)
        ending = [self.submit(world, clock), self.answer(world, clock)]
        self.close(world, *[np.concatenate(parts) for parts in zip(*ending, strict=True)])

    def take_in(self, world: World, clock: Clock) -> None:
        """Disputes that turn to the petition office, and matters from other causes."""
        disputes = world.disputes
        new = disputes.newly_in(PETITIONING)
        disputes.taken_in[new] = True
        at = disputes.since[new].copy()
        rows, ids, when = arrivals(world, clock, "petitions.other", self._expected)
        matters = world.tables["matters"]
        _enter(matters, disputes.id[new], disputes.person[new], at, disputes.id[new])
        _enter(matters, ids, rows, when)
        self._count(world, "petition_matters_disputes", disputes.person[new])
        self._count(world, "petition_matters_other", rows)

    def submit(self, world: World, clock: Clock) -> tuple[np.ndarray, np.ndarray]:
        """Items are made: registered ones wait for an answer, prevented ones retry or give up.

        Returns the rows of the matters that end here and whether they were settled (never).
        """
        self.forget(world)
        matters, draws = world.tables["matters"], world.draws
        rows = ((matters.phase == SUBMITS) & (matters.due < clock.ends)).nonzero()[0]
        if not len(rows):
            return rows, np.zeros(0, bool)
        ids, items = matters.id[rows], matters.item[rows]
        person = matters.person[rows]
        division = world.people.division[person]
        share = self.prevention(world, person)
        prevented = draws.uniform("petitions.prevented", ids, items) < share
        self._count(world, "petitions_made", person)
        self._count(world, "petitions_recorded", person[~prevented])
        self._count(world, "petitions_prevented", person[prevented])
        add_each(world.offices.registered, self.committees(world, person[~prevented]), 1.0)
        registered = rows[~prevented]
        matters.phase[registered] = WAITS
        matters.asked[registered] = matters.due[registered]
        matters.due[registered] += world.lever("petitions.response_days")[division[~prevented]]
        turned_away = rows[prevented]
        add_each(world.people.grievance_push, person[prevented], 1.0)
        retries = (
            draws.uniform("petitions.retry", ids[prevented], items[prevented])
            < self.repeat_share_prevented
        )
        self.again(world, turned_away[retries], self.retry_days)
        up = draws.uniform("petitions.level_up", ids[prevented], items[prevented])
        higher = turned_away[retries & (up < self.level_up_share)]
        matters.level[higher] += 1
        add_each(world.people.grievance_push, matters.person[higher], self.level_up_push)
        self._count(world, "petitions_level_skipped", matters.person[higher])
        ends = turned_away[~retries]
        return ends, np.zeros(len(ends), bool)

    def forget(self, world: World) -> None:
        """Matters of people who died or left go no further."""
        matters = world.tables["matters"]
        here = world.people.alive[matters.person]
        if not here.all():
            matters.keep(here.nonzero()[0])

    def answer(self, world: World, clock: Clock) -> tuple[np.ndarray, np.ndarray]:
        """Answers come: settled, another item later, or given up.

        Returns the rows of the matters that end here and whether they were settled.
        """
        matters, draws = world.tables["matters"], world.draws
        rows = ((matters.phase == WAITS) & (matters.due < clock.ends)).nonzero()[0]
        if not len(rows):
            return rows, np.zeros(0, bool)
        division = world.people.division[matters.person[rows]]
        office = world.office_of["petition_office"][division]
        world.tables["waits"].record(office, matters.due[rows] - matters.asked[rows])
        luck = draws.uniform("petitions.answer", matters.id[rows], matters.item[rows])
        settled = luck < self.settled_per_item
        repeats = ~settled & (luck < self.settled_per_item + self.repeat_share)
        self.again(world, rows[repeats], self.repeat_gap_days)
        ends = ~repeats
        return rows[ends], settled[ends]

    def again(self, world: World, rows: np.ndarray, mean_days: float) -> None:
        """The next item of these matters follows after a while."""
        matters = world.tables["matters"]
        gap = world.draws.exponential("petitions.gap", matters.id[rows], matters.item[rows])
        matters.item[rows] += 1
        matters.phase[rows] = SUBMITS
        matters.due[rows] += mean_days * gap

    def close(self, world: World, rows: np.ndarray, settled: np.ndarray) -> None:
        """Matters end; a dispute behind one is settled or dropped with it."""
        if not len(rows):
            return
        matters, disputes, people = world.tables["matters"], world.disputes, world.people
        given_up = rows[~settled]
        bitter = matters.person[given_up]
        lost = self.anchor_given_up * (1.0 + self.level_up_loss * matters.level[given_up])
        self._count(world, "petition_matters_ended", matters.person[rows])
        self._count(world, "petition_items_of_ended", matters.person[rows], matters.item[rows] + 1)
        add_all(people.anchor_push_trust_city, bitter, lost.astype(np.float32))
        ids, order = np.unique(matters.dispute[rows], return_index=True)
        here = disputes.in_state(PETITIONING)
        here = here[np.isin(disputes.id[here], ids)]
        position = order[np.searchsorted(ids, disputes.id[here])]
        agreed = settled[position]
        at = matters.due[rows][position]
        add_each(people.grievance_relief, disputes.person[here[agreed]], 1.0)
        disputes.settle(here[agreed], "petition", at[agreed])
        disputes.count("petitions_given_up", here[~agreed])
        disputes.withdraw(here[~agreed], "dropped")
        stays = np.ones(len(matters), bool)
        stays[rows] = False
        matters.keep(stays.nonzero()[0])

    def _count(self, world: World, name: str, persons: np.ndarray, factor=1.0) -> None:  # type: ignore[no-untyped-def]
        people = world.people
        world.flows.add(name, people.cell[persons], people.weight[persons] * factor)


_MATTER = (
    ("id", np.uint64),
    ("dispute", np.uint64),
    ("person", np.int32),
    ("item", np.int16),
    ("level", np.int8),
    ("phase", np.int8),
    ("due", np.float64),
    ("asked", np.float64),
)


def _enter(matters: Table, ids, person, at, dispute=0) -> None:  # type: ignore[no-untyped-def]
    """Add matters of these people that submit their first item on these days."""
    fresh = {"id": ids, "person": person, "dispute": dispute, "due": at, "asked": at}
    matters.grow(len(ids), fresh | {"phase": SUBMITS})


def petition_items(
    prevented: Annotated[float, Within(0.0, 0.95)] = 0.1,
    repeat: Annotated[float, Within(0.0, 0.95)] = 0.35,
    repeat_prevented: Annotated[float, Within(0.0, 0.95)] = 0.5,
) -> Limit:
    """Known result: items a matter 1/(1 - (1 - v) q - v q'); recorded = (1 - v) made."""
    expected = 1.0 / (1.0 - (1.0 - prevented) * repeat - prevented * repeat_prevented)
    count = 4000

    def simulate(mechanism: type[Petitions], seed: int) -> dict[str, float]:
        from sim.verify.bench import bare_world, ready, weeks

        world = bare_world(200, seed)
        rule = mechanism(
            {
                "repeat_share": repeat,
                "repeat_share_prevented": repeat_prevented,
                "other_matters_per_10k": 0.0,
                "settled_per_item": min(0.14, 1.0 - repeat),
                # all working time goes into counts, so that v = 1 - exp(-k)
                "prevention_per_effort": -float(np.log1p(-prevented)),
                "suppress_per_weight": 1.0,
                "other_weights": 0.0,
            }
        )
        ready(world, rule)
        rows = np.arange(count) % len(world.people)
        _enter(world.tables["matters"], np.arange(count), rows, np.zeros(count))
        for clock in weeks(200.0, step_days=28.0):
            if not len(world.tables["matters"]):
                break
            rule.step(world, clock)
        made = world.flows.by_cell["petitions_made"].sum()
        recorded = world.flows.by_cell["petitions_recorded"].sum()
        return {
            "items_a_matter": made / (count * world.people.weight[0]),
            "recorded_share": recorded / made,
        }

    return Limit(
        "petition_items",
        {"prevented": prevented, "repeat": repeat, "repeat_prevented": repeat_prevented},
        (
            Quantity("items_a_matter", "items", expected),
            Quantity("recorded_share", "share", 1.0 - prevented),
        ),
        simulate,
        "a terminating Markov chain; Kemeny and Snell (1960)",
        replications=10,
    )

"""Trust, norm, legal awareness and efficacy spread over ties, held back by own experience.

    dx_i/dt = K [ s_i sum_j W_ij x_j + (1 - s_i) a_i - x_i ]

x is one of seven states in [0, 1], W the strength of ties with rows that sum to 1, s a person's
susceptibility (0 for those who know nobody), K per year. Experience (a settled case, a refused
petition, a course) writes the anchor a_i only; it never jumps x_i. The anchor is the person's own
start plus all that was posted since, and counts within [0, 1]: so what is posted and later taken
back leaves no trace. In a step the neighbours' states are frozen and the rest is exact:
x <- x* + (x - x*) exp(-K dt), x* = s W x + (1 - s) a.

The same look at the neighbours counts those who took part in public life in the last year
(people.peers_acted), which participation reads.
Source: DeGroot (1974); Friedkin and Johnsen (1999, 2011), susceptibilities from their small-group
experiments.
"""

from typing import Annotated, Any

import numpy as np
from numba import njit

from sim.kernel import Clock, Column, Limit, Mechanism, Parameter, Quantity, Within
from sim.mechanisms.society.anchors import people_means, settle_at_start
from sim.world.tie_means import WIDTH, side_by_side
from sim.world.world import World

STATES = (
    "trust_community",
    "trust_township",
    "trust_city",
    "trust_court",
    "norm",
    "legal_awareness",
    "efficacy",
)
# An anchor keeps what lies beyond 0 and 1, since it may be taken back; this far at most.
ANCHOR_LOW, ANCHOR_HIGH = -1.0, 2.0
MOST_SUSCEPTIBLE = 0.95  # of a newcomer: whoever went by others alone would have no experience


def _columns() -> dict[str, Column]:
    columns = {}
    for state in STATES:
        meaning = state.replace("_", " ")
        columns[f"people.{state}"] = Column("share", 0.0, 1.0, meaning, 0.5)
        columns[f"people.anchor_{state}"] = Column(
            "share", ANCHOR_LOW, ANCHOR_HIGH, f"own experience that holds {meaning}", 0.5
        )
        columns[f"people.anchor_push_{state}"] = Column(
            "share", -3.0, 3.0, f"step of the anchor of {meaning}", flow=True
        )
    columns["people.peers_acted"] = Column(
        "share", 0.0, 1.0, "share of a person's ties who took part in the last 365 days"
    )
    return columns


class Influence(Mechanism):
    """Seven states of mind move towards a mix of the neighbours' and one's own experience."""

    name = "influence"
    rate_per_year = Parameter(
        2.0, "1/year", 0.5, 4.0, "assumed", "half a gap in four months; no limit depends on it"
    )
    susceptibility_legal_awareness = Parameter(
        0.3,
        "mean weight on others",
        0.15,
        0.5,
        "assumed",
        "knowledge spreads less than taste; of the other states: start.susceptibility.mean",
    )

    reads = ("people.susceptibility", "people.acted")
    writes = _columns()

    def prepare(self, world: World) -> None:
        """Draw the anchors so that the start is its own resting point; look at the neighbours."""
        settle_at_start(world, {state: self.scale(world, state) for state in STATES})
        self.look_around(world)

    def welcome(self, world: World, clock: Clock, rows: np.ndarray) -> None:
        """Newcomers have made their experience: they would be at rest among people at the mean."""
        people = world.people
        means = people_means(world, rows)
        for position, state in enumerate(STATES):
            share = np.minimum(
                self.scale(world, state) * people.susceptibility[rows], MOST_SUSCEPTIBLE
            )
            values = people[state][rows]
            own = (values - share * means[:, position]) / (1.0 - share)
            own = np.minimum(np.maximum(own, ANCHOR_LOW), ANCHOR_HIGH)
            people[f"anchor_{state}"][rows] = own

    def scale(self, world: World, state: str) -> float:
        """How susceptible people are in this state, relative to what each person has drawn."""
        if state != "legal_awareness":
            return 1.0
        drawn = world.place.values.get("start.susceptibility.mean", 0.5)
        return self.susceptibility_legal_awareness / drawn if drawn > 0.0 else 0.0

    def step(self, world: World, clock: Clock) -> None:
        """Anchors take in the week's experience; states move towards where they settle."""
        people = world.people
        means = np.ascontiguousarray(self.look_around(world).T)
        for state in STATES:
            push = f"anchor_push_{state}"
            if people.is_used(push):
                _take_in(people[f"anchor_{state}"], people[push])
                people.empty(push)
        _move(
            tuple(people[state] for state in STATES),
            tuple(people[f"anchor_{state}"] for state in STATES),
            means,
            people.susceptibility,
            world.ties.scale,
            tuple(np.float32(self.scale(world, state)) for state in STATES),
            np.float32(np.exp(-self.rate_per_year * clock.dt_years)),
        )

    def look_around(self, world: World) -> np.ndarray:
        """The states of everybody's neighbours, and how many of them take part.

        Returns the strength-weighted means of the seven states and of `acted` over each person's
        ties, shape (people, 8), float32; stores the last as people.peers_acted.
        """
        people = world.people
        rows = np.empty((len(people), WIDTH), np.float32)
        side_by_side(tuple(people[state] for state in (*STATES, "acted")), rows)
        means: np.ndarray = world.ties.neighbour_means(rows)
        people.peers_acted[:] = means[:, -1]
        return means


@njit(cache=True)
def _take_in(anchors, pushes):  # type: ignore[no-untyped-def]
    """Anchors move by what was pushed, within their bounds (all float32)."""
    low, high = np.float32(ANCHOR_LOW), np.float32(ANCHOR_HIGH)
    for i in range(pushes.size):
        moved = anchors[i] + pushes[i]
        moved = moved if moved > low else low
        anchors[i] = moved if moved < high else high


@njit(cache=True)
def _move(states, anchors, means, susceptibility, ties, scales, left):  # type: ignore[no-untyped-def]
    """Everybody's seven states over one step, with the neighbours' means frozen (all float32).

    `ties` is 0 for people who know nobody: they hold on to their own experience.
    """
    none, all_of_it = np.float32(0.0), np.float32(1.0)
    known = np.empty_like(susceptibility)
    for i in range(known.size):
        known[i] = susceptibility[i] if ties[i] > none else none
    for k in range(len(states)):
        values, experience, mean, scale = states[k], anchors[k], means[k], scales[k]
        for i in range(known.size):
            share = min(scale * known[i], all_of_it)
            own = min(max(experience[i], none), all_of_it)
            settles_at = own + share * (mean[i] - own)
            values[i] = settles_at + (values[i] - settles_at) * left


def degroot(
    people: Annotated[int, Within(3, 5_000)] = 300,
    degree: Annotated[float, Within(3.0, 100.0)] = 8.0,
) -> Limit:
    """Known result: all susceptible on a connected graph agree on the strength-weighted mean."""
    world = _crowd(people, degree)
    strengths = np.bincount(_rows(world.ties), weights=world.ties.strength, minlength=people)
    agreed = float(np.average(world.people.norm.astype(float), weights=strengths))

    def simulate(mechanism: type[Influence], seed: int) -> dict[str, float]:
        alone = world.twin()
        alone.people.susceptibility[:] = 1.0
        norm = _at_rest(mechanism, alone, "norm")
        return {"agreed": float(norm.mean()), "spread": float(np.ptp(norm))}

    return Limit(
        "degroot",
        {"people": people, "degree": degree},
        (
            Quantity("agreed", "share", agreed, 1e-4),
            Quantity("spread", "share, between people", 0.0, 1e-4),
        ),
        simulate,
        "DeGroot (1974): weights are each person's share of all tie strength",
    )


def friedkin_johnsen(
    people: Annotated[int, Within(3, 3_000)] = 300,
    degree: Annotated[float, Within(3.0, 100.0)] = 8.0,
    susceptibility: Annotated[float, Within(0.0, 0.99)] = 0.5,
) -> Limit:
    """Known result: opinions rest at (I - S W)^-1 (I - S) a, whatever the start and the rate."""
    world = _crowd(people, degree)
    weights = np.zeros((people, people))
    np.add.at(weights, (_rows(world.ties), world.ties.indices), world.ties.strength)
    weights /= weights.sum(axis=1, keepdims=True)
    anchors = world.people.anchor_norm.astype(float)
    own = (1.0 - susceptibility) * anchors
    solved = np.linalg.solve(np.eye(people) - susceptibility * weights, own)
    residual = 2e-6 / (1.0 - susceptibility)

    def simulate(mechanism: type[Influence], seed: int) -> dict[str, float]:
        alone = world.twin()
        alone.people.susceptibility[:] = susceptibility
        gap = _at_rest(mechanism, alone, "norm") - solved
        return {"mean": float(solved.mean() + gap.mean()), "largest_gap": float(np.abs(gap).max())}

    return Limit(
        "friedkin_johnsen",
        {"people": people, "degree": degree, "susceptibility": susceptibility},
        (
            Quantity("mean", "share", float(solved.mean()), residual),
            Quantity("largest_gap", "share, from the solved equations", 0.0, residual),
        ),
        simulate,
        "Friedkin and Johnsen (1999); the linear system solved apart from the model",
    )


def _crowd(people: int, degree: float) -> World:
    """People on a connected random graph, with starts and anchors that have nothing in common."""
    from sim.verify.bench import bare_world
    from sim.verify.graphs import random_ties

    if degree > people - 1:
        raise ValueError(f"{people} people cannot have {degree:g} ties each")
    world = bare_world(people, 1, random_ties(people, degree, 1))
    world.declare(Influence.writes)
    world.people.norm[:] = world.draws.uniform("bench.start", np.arange(people))
    world.people.anchor_norm[:] = world.draws.uniform("bench.anchor", np.arange(people))
    return world


def _rows(ties: Any) -> np.ndarray:
    return np.repeat(np.arange(len(ties.indptr) - 1), np.diff(ties.indptr))


def _at_rest(mechanism: type[Influence], world: World, state: str) -> np.ndarray:
    """The state after so many steps that a step moves nobody any more."""
    from sim.verify.bench import START

    rule = mechanism({"rate_per_year": 50.0})
    for _ in range(20_000):
        before = world.people[state].copy()
        rule.step(world, Clock(START))
        if np.abs(world.people[state] - before).max() < 2e-7:
            break
    return world.people[state].astype(float)

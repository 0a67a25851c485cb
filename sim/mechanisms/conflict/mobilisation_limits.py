"""Known results of joining: crowds of thresholds, the risk of arrest, cascades on a graph."""

import math
from itertools import product
from typing import Annotated

import numpy as np

from sim.kernel import Draws, Limit, Quantity, Within
from sim.mechanisms.conflict.issue_table import issues_of
from sim.mechanisms.conflict.mobilisation import Mobilisation
from sim.world.issues import IssuePost, open_issue
from sim.world.ties import Ties
from sim.world.world import World

LARGEST_CROWD = 2_000
# Thresholds lie this much below the share at which one joins: "at least", where the rule says "more
# than". Shares among up to a thousand ties lie further apart.
_JUST_BELOW = 1e-6
_ALONE = {"issues_per_10k": 0.0, "group_weight": 0.0, "identity_weight": 0.0, "risk_weight": 0.0}


def granovetter(
    thresholds: Annotated[tuple[int, ...], Within(0, 100_000)] = tuple(range(100)),
) -> Limit:
    """Known result: a crowd that all see grows to the first count that no threshold carries on.

    Thresholds are counts: a person joins when so many others have. 0, 1, ... 99 all join; without
    the 1 one does.
    """
    count = len(thresholds)
    if not 1 <= count <= LARGEST_CROWD:
        raise ValueError(f"{count} thresholds; choose 1 to {LARGEST_CROWD}")
    expected = 0
    while (more := sum(t <= expected for t in thresholds)) > expected:
        expected = more

    def simulate(mechanism: type[Mobilisation], seed: int) -> dict[str, float]:
        rule = mechanism(_ALONE | {"exposure_weight": 1.0, "known_members": max(count - 1, 1)})
        world = _one_issue(rule, count, seed)
        world.people.threshold[:] = (np.array(thresholds) - 0.5) / max(count - 1, 1)
        return {"joined": float(_acting(rule, world).sum())}

    return Limit(
        "granovetter",
        {"thresholds": list(thresholds)},
        (Quantity("joined", "people", expected),),
        simulate,
        "Granovetter (1978): the equilibrium of a distribution of thresholds",
    )


def epstein(
    officers: Annotated[int, Within(0, 100_000)] = 10,
    active: Annotated[int, Within(1, 2_000)] = 10,
) -> Limit:
    """Known result: C officers leave A active a risk of 1 - exp(-2.3 round(C/A)).

    Without police and without seeing others, those act whose grievance times distrust exceeds
    their threshold, and nobody else.
    """
    risk = 1.0 - math.exp(-2.3 * math.floor(officers / active + 0.5))
    crowd = 500

    def simulate(mechanism: type[Mobilisation], seed: int) -> dict[str, float]:
        rule = mechanism(_ALONE | {"officers_per_active": officers / active, "event_min": 1.0})
        world = _one_issue(rule, active, seed)
        world.levers["response.policy"][:] = 4.0
        world.people.threshold[:] = -1.0
        _acting(rule, world)
        alone = mechanism(_ALONE | {"exposure_weight": 0.0})
        other = _one_issue(alone, crowd, seed)
        people, rows = other.people, np.arange(crowd)
        for slot, name in enumerate(("grievance", "trust_township", "threshold")):
            people[name][:] = other.draws.uniform("bench.crowd", rows, 0, slot)
        moved = people.grievance.astype(float) * (1.0 - people.trust_township.astype(float))
        wrong = _acting(alone, other) != (moved > people.threshold)
        return {
            "arrest_probability": float(issues_of(world).risk[0]),
            "wrongly_active": float(wrong.sum()),
        }

    return Limit(
        "epstein",
        {"officers": officers, "active": active},
        (
            Quantity("arrest_probability", "chance", risk, 1e-12),
            Quantity("wrongly_active", "people, without police", 0),
        ),
        simulate,
        "Epstein (2002), model I",
    )


def cascade(
    people: Annotated[int, Within(1_000, 50_000)] = 10_000,
    degree: Annotated[float, Within(0.5, 15.0)] = 4.0,
    threshold: Annotated[float, Within(0.03, 0.9)] = 0.18,
    seed_share: Annotated[float, Within(0.002, 0.5)] = 0.01,
) -> Limit:
    """Known result: on a Poisson graph cascades end where the Gleeson-Cahalane recursion does.

    People join when a share of their ties of at least the threshold has; a few act from the start.
    """
    expected = final_share(degree, threshold, seed_share)
    near = [
        final_share(degree * (1.0 + z), threshold, seed_share * (1.0 + s))
        for z, s in product((-1.0 / math.sqrt(people * degree), 0.0), (-0.05, 0.05))
    ]
    if max(near) - min(near) > 0.1:
        raise ValueError(
            f"degree {degree:g} and seed_share {seed_share:g} lie too near the point where "
            f"threshold {threshold:g} tips; choose another"
        )

    def simulate(mechanism: type[Mobilisation], seed: int) -> dict[str, float]:
        rule = mechanism(_ALONE | {"exposure_weight": 1.0, "known_members": 0.0})
        world = _one_issue(rule, people, seed, poisson_ties(people, degree, seed))
        world.people.threshold[:] = threshold - _JUST_BELOW
        first = np.argsort(world.draws.uniform("bench.first", np.arange(people)))
        world.people.threshold[first[: round(seed_share * people)]] = -1.0
        return {"final_share": float(_acting(rule, world).mean())}

    return Limit(
        "cascade",
        {"people": people, "degree": degree, "threshold": threshold, "seed_share": seed_share},
        (Quantity("final_share", "share of people", expected, (max(near) - min(near)) / 4.0),),
        simulate,
        "Watts (2002); Gleeson and Cahalane (2007), equations 1 to 3",
        replications=10,
    )


def final_share(degree: float, threshold: float, seed_share: float) -> float:
    """The share that has joined in the end on an endless Poisson graph, by the recursion."""
    from scipy.stats import binom, poisson  # slow to import, and needed only here

    most = int(degree + 12.0 * math.sqrt(degree) + 12.0)
    ties = np.arange(1, most + 1)
    needed = np.ceil(threshold * ties - 1e-9)  # so many active ties make a person join
    chance = poisson.pmf(ties, degree)
    reached, before = seed_share, -1.0
    for _ in range(100_000):
        if abs(reached - before) < 1e-13:
            break
        before = reached
        others = binom.sf(needed - 1.0, ties - 1, reached)
        joins = float((ties * chance / degree * others).sum())
        reached = seed_share + (1.0 - seed_share) * joins
    everybody = float((chance * binom.sf(needed - 1.0, ties, reached)).sum())
    return seed_share + (1.0 - seed_share) * everybody


def poisson_ties(people: int, degree: float, seed: int) -> Ties:
    """Pairs at random, so many that the mean degree is as asked: degrees are Poisson."""
    draws = Draws(seed)
    pairs = np.arange(round(people * degree / 2.0))
    ends = draws.uniform("bench.pairs", pairs[None, :], 0, np.array([[0], [1]])) * people
    a, b = ends.astype(np.int64)
    kept = a != b
    return Ties.from_edges(people, a[kept], b[kept], 1.0, "online")


def _one_issue(rule: Mobilisation, people: int, seed: int, ties: Ties | None = None) -> World:
    """People without grievance, all of whom one issue concerns."""
    from sim.verify.bench import bare_world, ready

    world = bare_world(people, seed, ties)
    ready(world, rule)
    world.people.grievance[:] = 0.0
    open_issue(world, IssuePost(1, "other", 0.0, 0, 0, np.arange(people), ends=1e6))
    return world


def _acting(rule: Mobilisation, world: World) -> np.ndarray:
    """Who acts after one step."""
    from sim.kernel import Clock
    from sim.verify.bench import START

    rule.step(world, Clock(START, begins=0.0))
    active: np.ndarray = world.people.active
    return active

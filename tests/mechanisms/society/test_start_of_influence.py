"""People start where their anchors come to rest, with the means and sds that the place states."""

import numpy as np
import pytest

from sim.kernel import Clock
from sim.mechanisms.society.anchors import start_report
from sim.mechanisms.society.influence import STATES, Influence
from sim.verify.bench import START, bare_world
from sim.verify.graphs import random_ties
from sim.world.place import load_place
from sim.world.world import World

PEOPLE = 6_000
MEANS = {"trust_city": 0.662, "trust_court": 0.647, "norm": 0.62}
SDS = {"trust_city": 0.2, "trust_court": 0.2, "norm": 0.15}


@pytest.fixture(scope="module")
def town() -> World:
    """Three classes of registration on a random graph, in a place with stated means."""
    world = bare_world(PEOPLE, 3, random_ties(PEOPLE, 14, 3))
    world.place = load_place("jincheng-2020")
    rows = np.arange(PEOPLE)
    world.people.registration[:] = 3.0 * world.draws.uniform("test.class", rows)
    world.people.susceptibility[:] = world.draws.uniform("test.susceptibility", rows)
    world.declare(Influence.writes)
    Influence().prepare(world)
    return world


@pytest.mark.parametrize("state", MEANS)
def test_states_start_with_the_stated_mean_and_sd(town, state):
    mean, sd = start_report(town)[state]
    assert mean == pytest.approx(MEANS[state], abs=0.003)
    assert sd == pytest.approx(SDS[state], rel=0.02)


def test_classes_keep_their_own_means_although_they_mix(town):
    for code, mean in enumerate((0.5, 0.38, 0.42)):
        here = town.people.registration == code
        assert town.people.legal_awareness[here].mean() == pytest.approx(mean, abs=0.005)


def test_anchors_differ_more_than_the_states_that_they_hold(town):
    for state in STATES:
        assert town.people[f"anchor_{state}"].std() > town.people[state].std()


def test_without_experience_nobody_ever_moves(town):
    world = town.twin()
    before = {state: world.people[state].copy() for state in STATES}
    rule = Influence()
    for _ in range(52):
        rule.step(world, Clock(START))
    for state in STATES:
        assert np.abs(world.people[state] - before[state]).max() < 1e-4


def test_newcomers_would_stay_as_they_are_among_people_at_the_mean_of_their_class(town):
    world, rows, rule = town.twin(), np.arange(500), Influence()
    people = world.people
    for state in ("norm", "legal_awareness"):
        people[f"anchor_{state}"][rows] = 0.0
    rule.welcome(world, Clock(START), rows)
    by_class = np.array([0.5, 0.38, 0.42])[people.registration[rows]]
    for state, mean in (("norm", 0.62), ("legal_awareness", by_class)):
        share = rule.scale(world, state) * people.susceptibility[rows]
        anchor = people[f"anchor_{state}"][rows]
        rests_at = anchor + share * (mean - anchor)
        free = share < 0.5  # no anchor is so far off that it would have to be held back
        assert free.sum() > 100
        assert rests_at[free] == pytest.approx(people[state][rows][free], abs=1e-5)


def test_states_stay_between_nought_and_one(town):
    for state in STATES:
        assert town.people[state].min() >= 0.0
        assert town.people[state].max() <= 1.0

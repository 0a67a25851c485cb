"""Opinions rest where neighbours and own experience balance."""

import numpy as np
import pytest

from sim.kernel import Clock
from sim.mechanisms.society.influence import STATES, Influence, degroot, friedkin_johnsen
from sim.verify import check
from sim.verify.bench import START, bare_world, ready
from sim.verify.graphs import random_ties
from sim.world.ties import Ties
from sim.world.world import World

WEEK_KEPT = np.exp(-2.0 * 7.0 / 365.25)


def pair(strength: float = 1.0) -> tuple[World, Influence]:
    """Two people who know each other, and a third who knows nobody."""
    ties = Ties.from_edges(3, np.array([0]), np.array([1]), strength, "friends")
    world = bare_world(3, 1, ties)
    rule = Influence()
    ready(world, rule)
    return world, rule


@pytest.mark.parametrize(("people", "degree"), [(300, 8), (50, 3), (4, 3), (800, 20)])
def test_all_susceptible_agree_on_the_strength_weighted_mean(people, degree):
    assert all(verdict.holds for verdict in check(degroot(people, degree), Influence))


@pytest.mark.parametrize("susceptibility", [0.0, 0.3, 0.9])
def test_opinions_rest_at_the_solution_of_the_linear_system(susceptibility):
    limit = friedkin_johnsen(200, 6, susceptibility)
    assert all(verdict.holds for verdict in check(limit, Influence))


def test_the_limit_fails_for_a_rule_that_counts_all_ties_alike():
    class EveryTieAlike(Influence):
        def look_around(self, world):
            ties, people = world.ties, world.people
            alike = np.ones_like(ties.strength)
            plain = Ties.of_rows(ties.indptr, ties.indices, alike, ties.layers)
            columns = [people[state] for state in (*STATES, "acted")]
            return plain.neighbour_means(np.column_stack(columns).astype(np.float32))

    assert not all(verdict.holds for verdict in check(degroot(), EveryTieAlike))
    assert not all(verdict.holds for verdict in check(friedkin_johnsen(), EveryTieAlike))


def test_the_limit_fails_for_a_rule_that_listens_to_itself():
    class Vain(Influence):
        def look_around(self, world):
            means = super().look_around(world)
            own = np.column_stack([world.people[state] for state in (*STATES, "acted")])
            return (0.9 * means + 0.1 * own).astype(np.float32)

    assert not all(verdict.holds for verdict in check(friedkin_johnsen(), Vain))


def test_one_step_by_hand():
    world, rule = pair()
    world.people.norm[:] = [0.0, 1.0, 0.2]
    world.people.anchor_norm[:] = [0.0, 1.0, 0.6]
    rule.step(world, Clock(START))
    assert world.people.norm[0] == pytest.approx(0.5 * (1 - WEEK_KEPT), rel=1e-5)
    assert world.people.norm[1] == pytest.approx(1 - 0.5 * (1 - WEEK_KEPT), rel=1e-5)


def test_who_knows_nobody_goes_by_own_experience_alone():
    world, rule = pair()
    world.people.norm[:] = [0.0, 1.0, 0.2]
    world.people.anchor_norm[:] = [0.0, 1.0, 0.6]
    rule.step(world, Clock(START))
    assert world.people.norm[2] == pytest.approx(0.6 + (0.2 - 0.6) * WEEK_KEPT, rel=1e-5)


@pytest.mark.parametrize("drawn", [0.4, 0.5, 0.75])
def test_knowledge_has_its_own_mean_weight_on_others_whatever_people_have_drawn(drawn):
    """The weight is that drawn, times .3 over the mean of what the place's people draw."""
    world, rule = pair()
    world.place.values["start.susceptibility.mean"] = drawn
    for state in ("norm", "legal_awareness"):
        world.people[state][:] = [0.0, 1.0, 0.0]
        world.people[f"anchor_{state}"][:] = [0.0, 1.0, 0.0]
    rule.step(world, Clock(START))
    gained = world.people.legal_awareness[0] / world.people.norm[0]
    assert gained == pytest.approx(0.3 / drawn, rel=1e-5)


def test_experience_moves_the_anchor_and_never_jumps_the_state():
    world, rule = pair()
    world.people.anchor_push_trust_court[2] = -0.05
    rule.step(world, Clock(START))
    assert world.people.anchor_trust_court[2] == pytest.approx(0.45)
    assert not world.people.anchor_push_trust_court.any()
    assert world.people.trust_court[2] == pytest.approx(0.45 + 0.05 * WEEK_KEPT, rel=1e-5)


def test_what_is_posted_and_taken_back_leaves_no_trace():
    world, rule = pair()
    world.people.anchor_efficacy[:] = 0.98
    for push in (0.04, -0.04):
        world.people.anchor_push_efficacy[:] = push
        rule.step(world, Clock(START))
    assert world.people.anchor_efficacy == pytest.approx(0.98, abs=1e-6)


def test_an_anchor_beyond_the_scale_counts_as_its_end():
    world, rule = pair()
    world.people.anchor_norm[2] = 1.5
    for _ in range(400):
        rule.step(world, Clock(START))
    assert world.people.norm[2] == pytest.approx(1.0, abs=1e-5)
    assert np.all(world.people.norm <= 1.0)


def test_peers_are_weighed_by_the_strength_of_ties():
    ties = Ties.from_edges(3, np.array([0, 0]), np.array([1, 2]), np.array([0.9, 0.3]), "friends")
    world = bare_world(3, 1, ties)
    rule = Influence()
    ready(world, rule)
    world.people.acted[1] = True
    rule.look_around(world)
    assert world.people.peers_acted == pytest.approx([0.75, 0.0, 0.0])


def test_halving_the_step_moves_a_year_of_change_by_less_than_a_hundredth():
    whole = bare_world(300, 1, random_ties(300, 8, 1))
    rule = Influence({"rate_per_year": 4.0})
    ready(whole, rule)
    for state in STATES:
        whole.people[state][:] = whole.draws.uniform(f"test.{state}", np.arange(300))
    halves = whole.twin()
    for _ in range(52):
        rule.step(whole, Clock(START, 7.0))
        rule.step(halves, Clock(START, 3.5))
        rule.step(halves, Clock(START, 3.5))
    gap = np.abs(whole.people.norm - halves.people.norm)
    assert gap.max() < 0.01


def test_in_a_world_without_stated_means_the_start_becomes_the_anchor():
    world = bare_world(3, 1)
    world.people.norm[:] = [0.1, 0.5, 0.9]
    world.declare(Influence.writes)
    Influence().prepare(world)
    assert world.people.anchor_norm == pytest.approx([0.1, 0.5, 0.9])
    assert world.people.norm == pytest.approx([0.1, 0.5, 0.9])

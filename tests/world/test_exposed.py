"""Exposed people have further disputes of one domain, for a time, and nobody else has."""

import numpy as np
import pytest

from sim.mechanisms.conflict.disputes import Disputes
from sim.verify.bench import bare_towns, bare_world, ready, weeks
from sim.world.disputes import DOMAINS
from sim.world.exposed import arising, carry, end_exposures, expose, exposed_of, factor
from sim.world.world import World

LABOUR = DOMAINS.index("labour")


def of_a_year(world: World, step_days: float = 7.0):
    """People, domains, identities and days of the disputes that exposures bring in a year."""
    parts = [arising(world, clock) for clock in weeks(1.0, step_days)]
    return [np.concatenate(column) for column in zip(*parts, strict=True)]


def test_disputes_come_at_the_stated_rate_to_the_exposed_alone_and_only_while_they_are():
    world = bare_world(20_000, seed=1)
    who = np.arange(5_000)
    expose(world, who, "labour", 0.8, 100.0, 282.625, cause=9)
    rows, domains, _, at = of_a_year(world)
    expected = 5_000 * 0.8 / 2.0
    assert len(rows) == pytest.approx(expected, abs=4 * np.sqrt(expected))
    assert rows.max() < 5_000
    assert set(domains) == {LABOUR}
    assert at.min() >= 100.0
    assert at.max() < 282.625


def test_half_steps_bring_the_same_disputes():
    whole, halves = (bare_world(2_000, seed=2) for _ in range(2))
    for world in (whole, halves):
        expose(world, np.arange(2_000), "labour", 0.5, 0.0, 365.0, cause=4)
    assert set(of_a_year(whole)[2].tolist()) == set(of_a_year(halves, 3.5)[2].tolist())


def test_a_person_with_two_causes_meets_luck_of_their_own_in_each():
    world = bare_world(2_000, seed=3)
    for cause in (1, 2):
        expose(world, np.arange(2_000), "labour", 1.0, 0.0, 365.25, cause)
    rows, _, ids, _ = of_a_year(world)
    assert len(set(ids.tolist())) == len(ids)
    assert len(rows) == pytest.approx(4_000, abs=4 * np.sqrt(4_000))


def test_those_who_are_gone_are_exposed_to_nothing():
    world = bare_world(1_000, seed=4)
    expose(world, np.arange(1_000), "labour", 2.0, 0.0, 365.0, cause=1)
    world.people.alive[:] = False
    assert len(of_a_year(world)[0]) == 0


def test_exposures_that_are_over_are_forgotten():
    world = bare_world(10, seed=5)
    expose(world, np.arange(10), "labour", 2.0, 0.0, 20.0, cause=1)
    of_a_year(world)
    assert len(exposed_of(world)) == 0


def test_a_share_carried_by_causes_is_missing_from_the_base_flow():
    def labour_disputes(share: float) -> int:
        world = bare_world(40_000, seed=6)
        carry(world, "labour", share)
        rule = Disputes({})
        ready(world, rule)
        for clock in weeks(1.0):
            rule.arise(world, clock)
        return int((world.disputes.domain == LABOUR).sum())

    full, part = labour_disputes(0.0), labour_disputes(0.4)
    assert part / full == pytest.approx(0.6, abs=4 * np.sqrt(2 * 0.6 / full))


def test_a_cause_that_is_over_early_ends_its_own_exposures_and_lengthens_none():
    world = bare_world(2, seed=7)
    for cause, ends in ((1, 300.0), (1, 50.0), (2, 300.0)):
        expose(world, np.arange(1), "land", 1.0, 0.0, ends, cause)
    end_exposures(world, 1, 100.0)
    assert exposed_of(world).ends.tolist() == [100.0, 50.0, 300.0]


def test_what_moves_disputes_about_the_environment_moves_those_of_the_exposed_there_alone():
    world = bare_towns(2, seed=8)
    world.units.environment_log_rate = np.array([0.0, np.log(3.0)], np.float32)
    for domain in ("environment", "labour"):
        expose(world, np.arange(2), domain, 1.0, 0.0, 365.0, cause=1)
    assert factor(world, exposed_of(world)) == pytest.approx([1.0, 3.0, 1.0, 1.0])
    assert factor(bare_towns(2, seed=8), exposed_of(world)).tolist() == [1.0] * 4

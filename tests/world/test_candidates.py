"""Candidates stand on the weekly grid; a lower rate takes a subset of them."""

import numpy as np
import pytest

from sim.kernel import Clock
from sim.verify.bench import START, bare_world, weeks
from sim.world.candidates import arrivals, per_adult
from sim.world.world import World

PEOPLE = 4_000


def of_weeks(world: World, rate: float, count: int, step_days: float = 7.0, share: float = 1.0):
    """Who came, with which identity and when, over so many weeks."""
    highest = np.array([rate])
    parts = [
        arrivals(world, clock, "test", highest, share)
        for clock in weeks(count * 7.0 / 365.25, step_days)
    ]
    return [np.concatenate(column) for column in zip(*parts, strict=True)]


@pytest.mark.parametrize("step_days", [1.0, 3.5])
def test_shorter_steps_bring_the_same_people_on_the_same_days(step_days):
    world = bare_world(PEOPLE, seed=11)
    whole = of_weeks(world, 2.0, 10)
    parts = of_weeks(world, 2.0, 10, step_days)
    assert len(whole[0]) > 100
    assert set(zip(*(c.tolist() for c in whole), strict=True)) == set(
        zip(*(c.tolist() for c in parts), strict=True)
    )


def test_days_lie_in_the_step():
    world = bare_world(PEOPLE, seed=12)
    clock = Clock(START, 3.5, begins=24.5)
    _, _, at = arrivals(world, clock, "test", np.array([10.0]))
    assert len(at)
    assert np.all((at >= 24.5) & (at < 28.0))


def test_a_lower_share_takes_a_subset():
    world = bare_world(PEOPLE, seed=13)
    everybody, fewer, nobody = (
        set(of_weeks(world, 2.0, 20, share=share)[1].tolist()) for share in (1.0, 0.4, 0.0)
    )
    assert nobody == set()
    assert fewer < everybody
    size = len(everybody)
    assert len(fewer) / size == pytest.approx(0.4, abs=4 * np.sqrt(0.24 / size))


def test_a_lower_highest_rate_takes_a_subset_as_well():
    world = bare_world(PEOPLE, seed=13)
    assert set(of_weeks(world, 1.0, 20)[1].tolist()) < set(of_weeks(world, 2.0, 20)[1].tolist())


def test_the_mean_number_is_rate_times_people_times_time():
    rows, _, _ = of_weeks(bare_world(PEOPLE, seed=14), 0.5, 104)
    expected = 0.5 * PEOPLE * 104 * 7 / 365.25
    assert len(rows) == pytest.approx(expected, abs=4 * np.sqrt(expected))


def test_streams_meet_different_people():
    world, highest = bare_world(PEOPLE, seed=15), np.full(PEOPLE, 20.0)
    one, _, _ = arrivals(world, Clock(START, begins=0.0), "one", highest)
    two, _, _ = arrivals(world, Clock(START, begins=0.0), "two", highest)
    assert set(one.tolist()) != set(two.tolist())


def test_a_rate_of_residents_falls_on_the_adults_who_stand_for_them():
    world = bare_world(2, seed=1)
    world.people.weight[:] = [10.0, 100.0]
    world.people.residents[:] = [12.0, 130.0]
    assert per_adult(world, 400.0) == pytest.approx([0.04 * 142.0 / 110.0])


def test_those_who_are_gone_have_no_events():
    world = bare_world(PEOPLE, seed=15)
    world.people.alive[: PEOPLE // 2] = False
    rows, _, _ = of_weeks(world, 5.0, 10)
    assert len(rows)
    assert rows.min() >= PEOPLE // 2

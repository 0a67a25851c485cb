"""Firms sue at the real size of the division, and the same ones under every policy."""

import numpy as np
import pytest

from sim.kernel import Clock
from sim.mechanisms.conflict.background import HIGHEST, firm_matters
from sim.verify.bench import START, bare_world
from sim.world.world import World
from tests.mechanisms.conflict.made_up import four_errors

RESIDENTS = 1_000_000.0


def county(seed: int = 3) -> World:
    world = bare_world(2, seed)
    world.offices.residents[:] = RESIDENTS
    return world


def by_week(world: World, count: int, step_days: float = 7.0) -> np.ndarray:
    steps = round(count * 7 / step_days)
    totals = [
        firm_matters(world, Clock(START, step_days, k * step_days), 32.0).total[0]
        for k in range(steps)
    ]
    return np.array(totals).reshape(count, -1).sum(axis=1)


def test_the_mean_is_the_rate_and_the_variance_nearly_that_of_poisson():
    counts = by_week(county(), 200)
    usual = 32.0 / 1e4 * RESIDENTS * 7 / 365.25
    assert counts.mean() == pytest.approx(usual, abs=4 * np.sqrt(usual / 200))
    thinned = usual * (1 - 1 / HIGHEST)
    assert counts.var(ddof=1) == pytest.approx(thinned, abs=4 * thinned * np.sqrt(2 / 199))


@pytest.mark.parametrize("step_days", [1.0, 3.5])
def test_shorter_steps_bring_the_same_matters(step_days):
    assert np.array_equal(by_week(county(), 8), by_week(county(), 8, step_days))


def test_the_same_firms_are_mediated_first_and_more_of_them_when_the_share_rises():
    matters = firm_matters(county(), Clock(START), 320.0)
    assert matters.divided(np.array([0.0]))[0] == 0
    assert matters.divided(np.array([1.0]))[0] == matters.total[0]
    few, more = matters.divided(np.array([0.3]))[0], matters.divided(np.array([0.5]))[0]
    size = matters.total[0]
    assert few < more
    assert few / size == pytest.approx(0.3, abs=four_errors(0.3, size))


def test_a_lower_rate_takes_fewer_firms():
    world = county()
    low = firm_matters(world, Clock(START), 22.0).total[0]
    assert low < firm_matters(world, Clock(START), 42.0).total[0]


def test_where_a_matter_is_rare_its_chance_is_the_rate():
    """16,300 residents: a tenth of a matter a week, from one candidate."""
    world = county()
    world.offices.residents[:] = 0.1 / (32.0 / 1e4 * 7 / 365.25)
    counts = by_week(world, 2_000)
    assert set(counts) == {0.0, 1.0}
    assert counts.mean() == pytest.approx(0.1, abs=four_errors(0.1, 2_000))


def test_where_nobody_lives_no_firm_sues():
    world = county()
    world.offices.residents[:] = 0.0
    assert firm_matters(world, Clock(START), 32.0).total.tolist() == [0.0]

"""States at the start are beta distributed, and belong to the person's own luck."""

import numpy as np
import pytest
from scipy.special import betaincinv

from sim.kernel import Draws
from sim.world.place import load_place
from sim.world.states import (
    SPREAD_STATES,
    beta_of_normal,
    beta_quantile,
    drawn_by_mean,
    state_means,
    state_normals,
    state_sds,
)


def test_a_flat_distribution_returns_the_chance_itself():
    # mean 1/2 and variance 1/12 is the uniform distribution
    luck = np.linspace(0.001, 0.999, 77)
    assert beta_quantile(luck, 0.5, np.sqrt(1 / 12)) == pytest.approx(luck, abs=1e-5)


@pytest.mark.parametrize(("mean", "sd"), [(0.64, 0.2), (0.22, 0.15), (0.5, 0.25), (0.95, 0.1)])
def test_quantiles_are_those_of_the_beta_distribution(mean, sd):
    size = mean * (1 - mean) / sd**2 - 1
    luck = np.array([1e-6, 1e-3, 0.1, 0.5, 0.9, 0.999, 1 - 1e-6])
    expected = betaincinv(mean * size, (1 - mean) * size, luck)
    assert beta_quantile(luck, mean, sd) == pytest.approx(expected, abs=2e-5)


@pytest.mark.parametrize(("mean", "sd"), [(0.5, 0.5), (0.0, 0.1), (1.0, 0.1), (0.5, 0.0)])
def test_a_spread_that_no_share_can_have_is_refused(mean, sd):
    with pytest.raises(ValueError, match="no distribution"):
        beta_quantile(np.array([0.5]), mean, sd)


def test_the_farthest_luck_stays_within_the_table():
    values = beta_of_normal(np.array([-40.0, 0.0, 40.0]), 0.6, 0.2)
    assert 0 <= values[0] < values[1] < values[2] <= 1


def test_scores_are_standard_normal_with_trusts_in_common():
    people = np.arange(200_000, dtype=np.uint64)
    scores = state_normals(people, Draws(1), 0.5)
    assert scores.shape == (200_000, len(SPREAD_STATES))
    error = 4 / np.sqrt(200_000)
    assert scores.mean(axis=0) == pytest.approx(np.zeros(7), abs=error)
    assert scores.std(axis=0) == pytest.approx(np.ones(7), abs=error)
    wanted = np.eye(7)
    wanted[:4, :4] = 0.5 + 0.5 * np.eye(4)
    assert np.corrcoef(scores.T) == pytest.approx(wanted, abs=error)


def test_a_persons_scores_do_not_depend_on_who_else_is_asked():
    draws = Draws(9)
    everybody = state_normals(np.arange(50, dtype=np.uint64), draws)
    some = state_normals(np.array([31, 7], np.uint64), draws)
    assert np.array_equal(some, everybody[[31, 7]])


def test_people_from_elsewhere_start_from_other_means():
    place = load_place("jincheng-2020")
    means = state_means(place, np.array([0, 1, 2]))
    assert means[0] == pytest.approx([0.64, 0.614, 0.662, 0.647, 0.62, 0.5, 0.45])
    assert means[1] == pytest.approx([0.64, 0.614, 0.662, 0.647, 0.62, 0.38, 0.45])
    assert means[2] == pytest.approx([0.61, 0.584, 0.662, 0.647, 0.62, 0.42, 0.4])
    assert state_sds(place) == pytest.approx([0.2, 0.2, 0.2, 0.2, 0.15, 0.18, 0.2])


def test_everybody_gets_the_distribution_of_the_own_mean():
    scores = np.array([-1.0, -1.0, 0.5, 0.5])
    means = np.array([0.4, 0.6, 0.4, 0.6])
    drawn = drawn_by_mean(scores, means, 0.2)
    for k in range(4):
        assert drawn[k] == beta_of_normal(scores[[k]], means[k], 0.2)[0]

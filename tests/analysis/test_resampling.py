"""Resamples vary as fresh replications would, and luck is what one replication has with itself."""

from itertools import permutations

import numpy as np
import pytest
from scipy.special import stdtrit

from sim.analysis.resampling import as_drawn, interval, resamples

VALUES = np.array([[1.0, 2.0, 4.0, 8.0, 16.0]])  # one block of five replications


@pytest.mark.parametrize(("replications", "share"), [(5, 1.0), (3, 1.0), (2, 2.0 / 3.0)])
def test_a_weighted_mean_varies_as_the_mean_of_as_many_fresh_replications(replications, share):
    """Its variance is s^2 / R; of two replications two thirds of that."""
    values, count = VALUES[:, :replications], 20_000
    drawn = np.concatenate([part.mean(values)[0] for part in resamples(1, replications, count)])
    assert len(drawn) == count
    expected = share * values.var(ddof=1) / replications
    # the relative error of a variance is below sqrt(2 / n), or 1 %, for what has no long tails
    assert drawn.var() == pytest.approx(expected, rel=0.05)
    assert drawn.mean() == pytest.approx(values.mean(), abs=5 * np.sqrt(expected / count))


def test_without_luck_a_product_of_means_is_that_of_distinct_replications():
    x, y = VALUES, VALUES[:, ::-1] ** 2
    whole = as_drawn(1, 5)
    apart = [x[0, i] * y[0, j] for i, j in permutations(range(5), 2)]
    found = whole.mean(x) * whole.mean(y) - whole.luck(x, y)
    assert found[0, 0] == pytest.approx(np.mean(apart))


def test_with_one_replication_nothing_is_known_of_luck():
    assert as_drawn(1, 1).luck(VALUES[:, :1], VALUES[:, :1]).tolist() == [[0.0]]


def test_blocks_are_drawn_anew_and_each_keeps_its_own_values():
    (part,) = resamples(4, 1, count=200)
    blocks = np.array([[0.0], [10.0], [20.0], [30.0]])
    assert part.mean(blocks) == pytest.approx(10.0 * part.blocks)
    assert len(np.unique(part.blocks)) == 4


def whole_mean(values, off=0.0):
    """What measures the mean of all values in resamples, and says so much more."""
    return lambda resample: resample.mean(values).mean(axis=0)[None] + off


def test_the_interval_of_a_mean_of_blocks_is_that_of_student():
    """The percentiles of 4,000 resamples wander by some 3 % of the width."""
    values = np.random.default_rng(2).normal(size=(12, 1))
    low, high = interval(np.array([values.mean()]), whole_mean(values), 12, 1, count=4_000)
    assert (low[0], high[0]) == pytest.approx(t_interval(values[:, 0]), abs=0.05)


def t_interval(sample):
    """The mean of a sample less and more what Student allows."""
    half = stdtrit(len(sample) - 1, 0.975) * sample.std(ddof=1) / np.sqrt(len(sample))
    return sample.mean() - half, sample.mean() + half


def test_what_resampling_adds_everywhere_is_taken_away():
    values, estimate = VALUES.repeat(3, axis=0), np.array([VALUES.mean()])
    plain = interval(estimate, whole_mean(values), 3, 5)
    assert np.allclose(interval(estimate, whole_mean(values, off=5.0), 3, 5), plain)


@pytest.mark.parametrize("replications", [3, 4, 8])
def test_few_replications_whose_luck_is_that_of_all_blocks_leave_the_truth_in(replications):
    """Of 400 intervals 95 % should hold 0; bare percentiles do so more seldom."""
    generator, held, bare = np.random.default_rng(4), 0, 0
    for _ in range(400):
        values = generator.normal(size=replications)[None].repeat(10, axis=0)
        measured, estimate = whole_mean(values), np.array([values.mean()])
        low, high = interval(estimate, measured, 10, replications, count=300)
        held += low[0] <= 0.0 <= high[0]
        drawn = np.concatenate([measured(r)[0] for r in resamples(10, replications, 300)])
        low, high = np.quantile(drawn, [0.025, 0.975])
        bare += low <= 0.0 <= high
    assert bare < held
    assert held >= 0.89 * 400


def test_what_does_not_vary_has_an_interval_without_width():
    values = np.ones((4, 3))
    low, high = interval(np.array([1.0]), whole_mean(values), 4, 3)
    assert (low[0], high[0]) == pytest.approx((1.0, 1.0))

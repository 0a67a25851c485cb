"""Resamples vary as fresh replications would, and luck is what one replication has with itself."""

from itertools import permutations

import numpy as np
import pytest

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


def test_an_interval_has_the_estimate_where_its_resamples_have_their_mean():
    """Resamples 0 to 100: the middle 90 % reach 45 to either side of their mean."""
    low, high = interval(np.array([7.0]), np.arange(101.0)[None], level=0.9)
    assert (low[0], high[0]) == pytest.approx((7.0 - 45.0, 7.0 + 45.0))

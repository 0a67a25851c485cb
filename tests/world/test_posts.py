"""Fractions of posts become whole ones: right in the mean, nested, and never against the lever."""

import numpy as np
import pytest

from sim.kernel import Draws
from sim.world.posts import offsets, whole_posts

STRATA = np.repeat([0, 1, 2], [1, 4, 7])


def spread(seed: int) -> np.ndarray:
    draws = Draws(seed)
    first = draws.uniform("first", STRATA)
    return offsets(STRATA, draws.uniform("order", np.arange(len(STRATA))), first)


def test_whole_quotas_stay_what_they_are():
    for quota in (0.0, 1.0, 3.0, 3.0 - 1e-12, 34.2 / 34.2 * 5):
        assert np.all(whole_posts(np.full(12, quota), spread(1)) == round(quota))


@pytest.mark.parametrize("quota", [0.3, 1.09, 3.3, 5.5])
def test_equal_quotas_share_the_posts_of_their_stratum_to_within_one(quota):
    for seed in range(50):
        posts = np.bincount(STRATA, whole_posts(np.full(12, quota), spread(seed)))
        assert np.all(np.abs(posts - quota * np.array([1, 4, 7])) < 1.0)


def test_the_mean_over_worlds_is_the_quota():
    posts = [whole_posts(np.full(12, 3.3), spread(seed)).mean() for seed in range(2_000)]
    assert np.mean(posts) == pytest.approx(3.3, abs=4 * np.std(posts) / np.sqrt(2_000))


def test_a_higher_quota_takes_no_post_from_anybody():
    offset = spread(3)
    quotas = np.random.default_rng(3).uniform(0.5, 5.0, 12)
    before = np.zeros(12, int)
    for factor in np.linspace(0.0, 3.0, 301):
        now = whole_posts(quotas * factor, offset)
        assert np.all(now >= before)
        before = now


def test_a_whole_quota_gives_nobody_one_more_however_late_in_the_order():
    last = np.full(2, 1.0 - 1e-12)
    assert whole_posts(np.array([2.0, 2.5]), last).tolist() == [2, 3]

"""A sweep by precision goes on until every point is known to within what was asked."""

import numpy as np
import pytest

from sim.experiment.stopping import Stopping
from sim.sweep.stopping import more, reached

# 1 2 3 4 5: s = sqrt(2.5), t(.975, 4) = 2.776445, half-width 2.776445 sqrt(.5) = 1.963243
FIVE = np.arange(1.0, 6.0)
LUCK = np.array([100.0, -40.0, 7.0, 300.0, 0.0])


def rule(half_width: float, of: str = "difference", at_most: int = 100) -> Stopping:
    return Stopping("wait", half_width, of, at_most)


@pytest.mark.parametrize(("half_width", "enough"), [(1.9633, True), (1.9632, False)])
def test_the_half_width_is_that_of_the_paired_differences_from_the_first_point(half_width, enough):
    assert reached(rule(half_width), [LUCK, LUCK + FIVE]) == enough
    assert reached(rule(half_width), [LUCK, LUCK + 1.0, LUCK + FIVE]) == enough  # the widest


def test_of_the_mean_luck_that_points_share_counts():
    assert not reached(rule(100.0, "mean"), [LUCK, LUCK + FIVE])  # t s / sqrt(5) is about 170
    assert reached(rule(1.9633, "mean"), [FIVE, FIVE + 7.0])


def test_a_single_point_has_no_difference_and_goes_by_its_mean():
    assert reached(rule(1.9633), [FIVE])
    assert not reached(rule(1.9632), [FIVE])


def test_a_replication_that_lacks_a_point_counts_for_none():
    holed = np.append(FIVE, np.nan)
    assert reached(rule(1.9633), [np.append(LUCK, 5.0), np.append(LUCK, 9.0) + holed])
    assert not reached(rule(1e9), np.full((2, 5), np.nan))
    # A thousand of the first point would widen its interval, but the second has none beside it.
    assert reached(rule(1.9633, "mean"), [np.append(FIVE, 1000.0), holed])


@pytest.mark.parametrize(
    ("half_width", "at_most", "added"),
    [(1.9633, 100, 0), (1.9632, 100, 10), (1.9632, 12, 7), (1.9632, 6, 1), (1.9632, 5, 0)],
)
def test_ten_replications_are_added_at_a_time_up_to_the_limit(half_width, at_most, added):
    assert more(rule(half_width, at_most=at_most), [LUCK, LUCK + FIVE]) == added

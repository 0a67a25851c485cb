"""Inequality and polarisation of grievance, against values worked out by hand."""

import numpy as np
import pytest

from sim.outcomes import spread


def gini(values: np.ndarray, weights: np.ndarray) -> float:
    """Of people who are all in one cell, of one group."""
    return spread.gini(values, weights, np.zeros(len(values), np.int16), np.ones((1, 1)))[0]


def esteban_ray(values: np.ndarray, weights: np.ndarray) -> float:
    """Of people who are all in one cell, of one group."""
    return spread.esteban_ray(values, weights, np.zeros(len(values), np.int16), np.ones((1, 1)))[0]


def test_equal_grievance_has_no_inequality() -> None:
    assert gini(np.full(5, 0.3), np.ones(5)) == pytest.approx(0.0, abs=1e-12)


def test_one_of_four_with_everything_has_a_gini_of_three_quarters() -> None:
    assert gini(np.array([0.0, 0.0, 0.0, 1.0]), np.ones(4)) == pytest.approx(0.75)


def test_a_weight_of_two_counts_like_two_people() -> None:
    once = gini(np.array([0.1, 0.4]), np.array([2.0, 1.0]))
    assert once == pytest.approx(gini(np.array([0.1, 0.1, 0.4]), np.ones(3)))


def test_nobody_aggrieved_is_no_inequality_rather_than_an_error() -> None:
    assert gini(np.zeros(3), np.ones(3)) == 0.0


def test_two_equal_camps_polarise_as_the_formula_says() -> None:
    """Classes .05 and .95, halves: 2 x .5^2.3 x .5 x .9."""
    values = np.array([0.0, 1.0])
    assert esteban_ray(values, np.ones(2)) == pytest.approx(2 * 0.5**2.3 * 0.5 * 0.9)


def test_one_camp_does_not_polarise() -> None:
    assert esteban_ray(np.full(4, 0.42), np.ones(4)) == 0.0


def test_three_camps_polarise_less_than_two() -> None:
    two = esteban_ray(np.array([0.05, 0.05, 0.95, 0.95]), np.ones(4))
    three = esteban_ray(np.array([0.05, 0.5, 0.95]), np.ones(3))
    assert three < two


@pytest.mark.parametrize("measure", [spread.gini, spread.esteban_ray])
def test_a_group_is_measured_over_its_own_cells(measure) -> None:
    values = np.array([0.1, 0.9, 0.3, 0.7])
    weights, cells = np.array([1.0, 2.0, 3.0, 1.0]), np.array([0, 0, 1, 1], np.int16)
    members = np.array([[1.0, 1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]])
    found = measure(values, weights, cells, members)
    for group, rows in ((0, slice(0, 4)), (1, slice(0, 2)), (2, slice(2, 4))):
        alone = np.zeros(len(values[rows]), np.int16)
        expected = measure(values[rows], weights[rows], alone, np.ones((1, 1)))[0]
        assert found[group] == pytest.approx(expected)
    assert np.isnan(found[3])

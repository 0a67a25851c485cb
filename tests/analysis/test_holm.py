"""Holm's correction holds the smallest p to alpha / m, the next to alpha / (m - 1), and so on."""

import numpy as np
import pytest

from sim.analysis.holm import adjusted, levels


def test_a_hand_worked_family_of_four():
    # Sorted .005 .01 .03 .04 times 4 3 2 1: .02 .03 .06 .04, and none below the one before it.
    p_values = [0.01, 0.04, 0.03, 0.005]
    assert adjusted(p_values) == pytest.approx([0.03, 0.06, 0.06, 0.02])


def test_levels_of_the_same_family():
    assert levels([0.01, 0.04, 0.03, 0.005], 0.05) == pytest.approx(
        [0.05 / 3, 0.05 / 1, 0.05 / 2, 0.05 / 4]
    )


def test_one_test_alone_is_not_corrected():
    assert adjusted([0.04]).tolist() == [0.04]


def test_no_adjusted_p_exceeds_one():
    assert adjusted([0.5, 0.9]).tolist() == [1.0, 1.0]


def test_what_cannot_be_tested_stays_so_and_is_not_counted():
    found = adjusted([np.nan, 0.02, 0.03])
    assert np.isnan(found[0])
    assert found[1:] == pytest.approx([0.04, 0.04])
    assert np.isnan(adjusted([np.nan])).all()
    assert len(adjusted([])) == 0


def test_of_tables_without_any_effect_few_show_a_false_finding():
    # P(any of m independent uniform p below alpha / m) = 1 - (1 - alpha / m)^m = .0490 for m = 10.
    p_values = np.random.default_rng(4).random((20_000, 10))
    wrong = np.mean([(adjusted(row) < 0.05).any() for row in p_values])
    expected = 1 - (1 - 0.005) ** 10
    assert wrong == pytest.approx(expected, abs=4 * (expected * (1 - expected) / 20_000) ** 0.5)

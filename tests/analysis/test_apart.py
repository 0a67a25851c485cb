"""Two means count as the same only when neither their difference nor its error is large."""

import numpy as np
import pytest

from sim.analysis.apart import apart

REFERENCE = np.array([9.0, 10.0, 11.0])  # mean 10, variance 1


def test_samples_of_their_own_luck_add_their_errors() -> None:
    """|12 - 10| + 2 sqrt(1/3 + 4/3), over 10."""
    expected = (2.0 + 2.0 * np.sqrt(5.0 / 3.0)) / 10.0
    assert apart([10.0, 12.0, 14.0], REFERENCE) == pytest.approx(expected)


def test_pairs_have_the_error_of_their_differences() -> None:
    assert apart(REFERENCE + 0.5, REFERENCE, paired=True) == pytest.approx(0.05)
    uneven = REFERENCE + np.array([0.0, 1.0, 2.0])
    expected = (1.0 + 2.0 / np.sqrt(3.0)) / 10.0
    assert apart(uneven, REFERENCE, paired=True) == pytest.approx(expected)


def test_one_pair_has_no_error_that_could_be_known() -> None:
    assert apart([11.0], [10.0], paired=True) == pytest.approx(0.1)


def test_rows_are_told_apart_one_by_one() -> None:
    """Variances 1 and 1, then 4 and 1, of three replications each."""
    found = apart(np.stack([REFERENCE, 2.0 * REFERENCE]), np.stack([REFERENCE] * 2))
    errors = 2.0 * np.sqrt(np.array([1.0 + 1.0, 4.0 + 1.0]) / 3.0)
    assert found == pytest.approx((np.array([0.0, 10.0]) + errors) / 10.0)

"""What the model is given and what was fitted comes out of a run, within 5 %."""

import numpy as np
import pytest

from sim.verify.levels import LEVELS, levels_of

REPLICATIONS = 6


@pytest.fixture(scope="module")
def values() -> np.ndarray:
    """Two baseline years of six replications at scale .02, shape (replications, rows)."""
    return levels_of(0.02, 2.0, range(101, 101 + REPLICATIONS))


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["input", "fitted"])
def test_rows_that_were_put_in_come_out_within_five_percent(values: np.ndarray, kind: str) -> None:
    """Beyond 5 % only by what four standard errors of the mean allow."""
    mean = values.mean(axis=0)
    error = values.std(axis=0, ddof=1) / np.sqrt(REPLICATIONS)
    for k, level in enumerate(LEVELS):
        if level.kind == kind:
            off = abs(mean[k] - level.expected)
            assert off <= 0.05 * level.expected + 4.0 * error[k], (level.text, mean[k])


@pytest.mark.slow
def test_the_precision_is_enough_to_notice_a_row_that_is_a_third_off(values: np.ndarray) -> None:
    """Otherwise the test above could not fail."""
    error = values.std(axis=0, ddof=1) / np.sqrt(REPLICATIONS)
    for k, level in enumerate(LEVELS):
        if level.kind != "emergent":
            assert 4.0 * error[k] < 0.28 * level.expected, level.text


def test_every_row_says_whether_it_was_put_in_or_came_out() -> None:
    assert {level.kind for level in LEVELS} == {"input", "fitted", "emergent"}
    assert all(level.expected > 0.0 for level in LEVELS)

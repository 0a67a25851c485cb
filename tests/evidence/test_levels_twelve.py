"""What all mechanisms make of a level beside the twelve of the core, told from pairs."""

import numpy as np
import pytest
from experiment_scripts import loaded

from sim.evidence.judging import FAILS, HOLDS, OPEN
from sim.evidence.known import CORE
from sim.evidence.levels import LEVELS


@pytest.fixture(scope="module")
def script():
    return loaded("levels_twelve.py")


def levels(script, twelve, everything):
    """The row of a level with these values by seed, the same for every level."""
    values = np.array([twelve, everything], float).T[:, :, None]
    return script.rows_of(np.repeat(values, len(LEVELS), axis=2))[0]


def test_the_ratio_is_that_of_the_means_and_its_interval_that_of_the_pairs(script):
    row = levels(script, [90.0, 110.0, 100.0], [92.0, 112.0, 102.0])
    assert (row.twelve, row.everything) == (100.0, 102.0)
    assert row.ratio == pytest.approx(1.02)
    assert row.high - row.low == pytest.approx(0.0, abs=1e-12)  # every pair differs by 2
    assert row.verdict == HOLDS


def test_only_a_whole_interval_within_or_beyond_five_per_cent_tells(script):
    # pairs that differ by 7 and 9: mean 8, half width 12.71 x 1 / 100
    assert levels(script, [100.0, 100.0], [107.0, 109.0]).verdict == OPEN
    assert levels(script, [100.0, 100.0], [108.0, 108.0]).verdict == FAILS
    assert levels(script, [100.0, 100.0], [104.9, 104.9]).verdict == HOLDS


def test_a_level_that_is_nothing_under_the_twelve_has_no_ratio(script):
    row = levels(script, [0.0, 0.0], [1.0, 1.0])
    assert np.isnan(row.ratio)
    assert row.verdict == OPEN


def test_the_twelve_are_those_of_the_core(script):
    assert len(script.TWELVE) == 12
    assert set(script.TWELVE) == CORE == set(loaded("bench/speed.py").CORE)


def test_the_page_says_how_it_was_made_and_has_a_row_for_each_level(script):
    rows = [levels(script, [100.0, 100.0], [108.0, 108.0])] * len(LEVELS)
    text = script.page(rows, "python x --reps 2", {"scale": 0.02, "time.years": 5.0}, 2)
    assert "Made by `python x --reps 2`: 2 replications at scale 0.02" in text
    assert text.count("| 1.080 | 1.080 … 1.080 | no |") == len(LEVELS)

"""Runs on the same luck are compared pair by pair, and the pairing pays."""

import numpy as np
import pandas as pd
import pytest

from sim.analysis.pairs import correlation_and_gain, pair_up, pairing
from sim.kernel.fault import ShiyuError

from .frames import outcomes, together


def test_pairs_share_their_seed_whatever_the_order_of_rows():
    base = outcomes("base", [10, 20, 30], seeds=[7, 8, 9])
    more = outcomes("more", [33, 11, 22], seeds=[9, 7, 8])
    (pairs,) = pair_up(together(more, base), "base")
    assert pairs.differences.tolist() == [[1, 2, 3]]


def test_values_that_differ_by_rounding_alone_are_the_same():
    """.1 + .2 is .3 but for its last bit; a millionth of a value is a difference."""
    base = outcomes("base", [0.3, 0.0, 1.0, np.nan], seeds=[1, 2, 3, 4])
    more = outcomes("more", [0.1 + 0.2, 0.0, 1.000001, 1.0], seeds=[1, 2, 3, 4])
    (pairs,) = pair_up(together(base, more), "base")
    assert pairs.differences[0, :3].tolist() == [0.0, 0.0, 1.000001 - 1.0]
    assert np.isnan(pairs.differences[0, 3])


def test_a_seed_with_only_one_of_two_runs_is_counted_as_unpaired():
    base = outcomes("base", [1, 2, 3], seeds=[1, 2, 3])
    more = outcomes("more", [5, 6], seeds=[2, 4])
    (pairs,) = pair_up(together(base, more), "base")
    assert pairs.differences.tolist() == [[3]]
    assert pairs.unpaired == 3


def test_a_value_that_is_missing_in_one_run_leaves_the_pair_out_of_both_sides():
    base = outcomes("base", [1, 2, np.nan, np.inf])
    more = outcomes("more", [np.nan, 5, 6, 7])
    (pairs,) = pair_up(together(base, more), "base")
    assert pairs.undefined.tolist() == [3]
    assert np.nansum(pairs.baseline) == 2
    assert np.nansum(pairs.values) == 5


def test_an_outcome_that_one_run_does_not_report_is_undefined_there():
    base = together(outcomes("base", [1, 2]), outcomes("base", [3], "late", seeds=[1]))
    more = together(outcomes("more", [1, 2]), outcomes("more", [4, 5], "late"))
    (pairs,) = pair_up(together(base, more), "base")
    assert pairs.keys["outcome"].tolist() == ["wait", "late"]
    assert pairs.undefined.tolist() == [0, 1]


def test_an_outcome_of_a_third_scenario_is_no_row_of_this_pair():
    frame = together(
        outcomes("base", [1, 2]),
        outcomes("one", [1, 2]),
        outcomes("two", [1, 2]),
        outcomes("two", [1, 2], "water"),
    )
    one, two = pair_up(frame, "base")
    assert one.keys["outcome"].tolist() == ["wait"]
    assert two.keys["outcome"].tolist() == ["wait", "water"]


@pytest.mark.parametrize(
    ("frame", "trouble"),
    [
        (
            together(outcomes("base", [1]), outcomes("base", [1])),
            "seed 0: wait stands twice",
        ),
        (outcomes("base", [1]).drop(columns="unit"), "lacks the columns unit"),
        (outcomes("bases", [1]), "no scenario 'base' .* did you mean bases"),
    ],
)
def test_a_frame_that_cannot_be_paired_is_told_of(frame, trouble):
    with pytest.raises(ShiyuError, match=trouble):
        list(pair_up(frame, "base"))


def test_a_hand_worked_correlation_and_gain():
    # Baseline 2 4 6: variance 4. Scenario 4 10 10: mean 8, variance 12. Covariance 12/2 = 6.
    # Difference 2 6 4: variance 4. Gain (4 + 12) / 4 = 4; correlation 6 / sqrt(4 x 12).
    correlation, gain = correlation_and_gain(np.array([[2.0, 4, 6]]), np.array([[4.0, 10, 10]]))
    assert correlation == pytest.approx([6 / 48**0.5])
    assert gain == pytest.approx([4.0])


def test_luck_shared_in_full_gains_without_bound_and_luck_not_shared_gains_nothing():
    luck, other = np.random.default_rng(2).normal(size=(2, 1, 40_000))
    _, shared = correlation_and_gain(luck, luck + 2)
    _, apart = correlation_and_gain(luck, other)
    assert shared[0] > 1e12
    # var of a ratio of variances near 1: about 2/n each; 4 standard errors
    assert apart == pytest.approx([1.0], abs=4 * (2 / 40_000) ** 0.5)


def test_what_does_not_vary_has_no_correlation():
    correlation, gain = correlation_and_gain(np.array([[1.0, 1.0]]), np.array([[2.0, 2.0]]))
    assert np.isnan(correlation).all()
    assert np.isnan(gain).all()


def test_the_table_of_pairing_has_a_row_per_scenario_and_outcome():
    base = outcomes("base", [1, 2, 3])
    more = outcomes("more", [2, 5, 5])
    table = pairing(together(base, more), "base")
    assert table[["scenario", "outcome", "pairs"]].to_numpy().tolist() == [["more", "wait", 3]]
    assert table["gain"].tolist() == pytest.approx([4.0])
    assert pairing(base, "base").empty
    assert isinstance(pairing(base, "base"), pd.DataFrame)

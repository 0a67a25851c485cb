"""A comparison says what changed beside the baseline, and how surely."""

import json

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from sim.analysis.compare import COLUMNS, compare, records, smallest_effect

from .frames import outcomes, together


def one_row(frame, **settings):
    table = compare(frame, "base", **settings)
    assert len(table) == 1
    return table.iloc[0]


def test_a_hand_worked_paired_example():
    # Differences 1 2 3 4 5: mean 3, s = sqrt(2.5), standard error sqrt(.5) = .70711,
    # t(.975, 4) = 2.776445, half-width 1.963243; t = 4.242641, p = .013236 (4 degrees of freedom).
    base = outcomes("base", [10, 20, 30, 40, 50])
    more = outcomes("more", [11, 22, 33, 44, 55])
    row = one_row(together(base, more))
    assert row["baseline_mean"] == 30
    assert row["mean"] == 33
    assert row["difference"] == 3
    assert row["low"] == pytest.approx(3 - 1.963243, abs=1e-6)
    assert row["high"] == pytest.approx(3 + 1.963243, abs=1e-6)
    assert row["p"] == pytest.approx(0.013236, abs=1e-6)
    assert row["p_holm"] == row["p"]
    assert row["distinguishable"]
    assert row["relative"] == pytest.approx(0.1)
    assert not row["negligible"]
    assert (row["replications"], row["undefined"], row["unpaired"]) == (5, 0, 0)
    assert (row["seeds_up"], row["seeds_down"]) == (5, 0)
    assert pd.isna(row["replications_needed"])


def test_p_agrees_with_the_paired_t_test_of_scipy():
    from scipy.stats import ttest_rel

    base, more = np.random.default_rng(5).normal([[0.0], [0.4]], 1.0, (2, 25))
    row = one_row(together(outcomes("base", base), outcomes("more", more)))
    assert row["p"] == pytest.approx(ttest_rel(more, base).pvalue, rel=1e-10)


def test_a_policy_that_changes_no_bit_is_no_finding():
    values = np.random.default_rng(6).random(12)
    row = one_row(together(outcomes("base", values), outcomes("null", values)))
    assert (row["difference"], row["low"], row["high"], row["p"]) == (0, 0, 0, 1)
    assert not row["distinguishable"]
    assert row["negligible"]
    assert (row["seeds_up"], row["seeds_down"]) == (0, 0)
    assert pd.isna(row["replications_needed"])


def test_the_same_difference_in_every_pair_is_as_sure_as_so_many_pairs_can_make_it():
    """All of n signs agree in 2 of 2 ** n cases; 6 pairs are the first below .05."""
    few = one_row(together(outcomes("base", [1, 4, 2]), outcomes("more", [7, 10, 8])))
    assert (few["difference"], few["low"], few["high"], few["p"]) == (6, 6, 6, 0.25)
    assert not few["distinguishable"]
    assert few["replications_needed"] == 6
    base = np.arange(6)
    enough = one_row(together(outcomes("base", base), outcomes("more", base + 6)))
    assert enough["p"] == 1 / 32
    assert enough["distinguishable"]
    assert pd.isna(enough["replications_needed"])


def test_one_replication_has_a_difference_but_no_interval():
    row = one_row(together(outcomes("base", [4]), outcomes("more", [5])))
    assert row["difference"] == 1
    assert np.isnan(row["low"])
    assert np.isnan(row["p"])
    assert not row["distinguishable"]
    assert not row["negligible"]
    assert pd.isna(row["replications_needed"])


def test_undefined_values_are_counted_and_means_are_over_the_same_pairs():
    base = outcomes("base", [1, np.nan, 3, 100], seeds=[1, 2, 3, 4])
    more = outcomes("more", [2, 50, 5, np.nan, 9], seeds=[1, 2, 3, 4, 5])
    row = one_row(together(base, more))
    assert (row["replications"], row["undefined"], row["unpaired"]) == (2, 2, 1)
    assert (row["baseline_mean"], row["mean"], row["difference"]) == (2, 3.5, 1.5)


def test_an_outcome_that_is_never_defined_keeps_its_row():
    row = one_row(together(outcomes("base", [np.nan] * 3), outcomes("more", [1, 2, 3])))
    assert (row["replications"], row["undefined"]) == (0, 3)
    assert np.isnan(row["difference"])
    assert not row["distinguishable"]


def test_relative_is_missing_for_a_baseline_of_nothing_and_keeps_the_sign_of_the_difference():
    nothing = one_row(together(outcomes("base", [0, 0]), outcomes("more", [1, 2])))
    assert np.isnan(nothing["relative"])
    loss = one_row(together(outcomes("base", [-10, -10]), outcomes("more", [-8, -6])))
    assert loss["relative"] == pytest.approx(0.3)


def test_the_smallest_effect_is_half_a_point_of_a_share_and_a_hundredth_of_anything_else():
    found = smallest_effect(["share", "days", "yuan/month"], [0.4, 20.0, -500.0])
    assert found == pytest.approx([0.005, 0.2, 5.0])


@pytest.mark.parametrize(
    ("differences", "negligible"),
    [
        ([0.001, 0.002, 0.003], True),  # .002 +- 4.3027 x .001 / sqrt(3) = .002 +- .0025
        ([0.001, 0.004, 0.001], False),  # .002 +- .0043: the middle is small, the interval is not
        ([0.006, 0.006, 0.006], False),
        ([-0.002, -0.002, -0.002], True),
    ],
)
def test_a_share_is_negligible_if_its_whole_interval_is_within_half_a_point(
    differences, negligible
):
    base = outcomes("base", [0.0] * 3, unit="share")
    more = outcomes("more", differences, unit="share")
    assert one_row(together(base, more))["negligible"] == negligible


def family(*p_scale, by=None, scenario="more"):
    """Outcomes o0, o1, ... whose differences 1 -1 1 -1 are shifted by the given amounts."""
    noise = np.array([1.0, -1.0, 1.0, -1.0, 1.0, -1.0])
    parts = []
    for number, shift in enumerate(p_scale):
        name = f"o{number}"
        parts.append(outcomes("base", [0.0] * 6, name, by=by, group=by and "rural"))
        parts.append(outcomes(scenario, noise + shift, name, by=by, group=by and "rural"))
    return together(*parts)


def test_many_looks_at_chance_are_corrected_for():
    alone = compare(family(1.2), "base").iloc[0]
    among = compare(family(1.2, *[0.0] * 9), "base").iloc[0]
    assert alone["distinguishable"]
    assert among["p"] == alone["p"]
    assert among["p_holm"] == pytest.approx(10 * alone["p"])
    assert not among["distinguishable"]


def test_outcomes_by_group_are_a_family_of_their_own():
    table = compare(together(family(1.2), family(*[0.0] * 9, by="kind")), "base")
    first = table.iloc[0]
    assert first["p_holm"] == first["p"]
    assert table["by"].tolist() == [None] + ["kind"] * 9
    assert table["group"].tolist() == [None] + ["rural"] * 9


def test_all_scenarios_of_a_table_are_one_family():
    second = family(0.0, scenario="other")
    table = compare(together(family(1.2), second[second["scenario"] == "other"]), "base")
    assert table["scenario"].tolist() == ["more", "other"]
    assert table.loc[0, "p_holm"] == pytest.approx(2 * table.loc[0, "p"])


def test_replications_needed_are_the_fewest_that_tell_the_sign():
    # Differences 3 -1 3 -1: mean 1, s = sqrt(16/3). n = 24: 2.0687 s / sqrt(24) = .9752;
    # n = 23: 2.0739 s / sqrt(23) = .9987; n = 22: 2.0796 s / sqrt(22) = 1.0239 > 1.
    base, more = outcomes("base", [0] * 4), outcomes("more", [3, -1, 3, -1])
    row = one_row(together(base, more))
    assert not row["distinguishable"]
    assert row["replications_needed"] == 23


def test_replications_needed_for_the_smallest_effect():
    # Share, differences .1 -.1: s = .141421; half-width .005 needs about (1.96 s / .005)^2 = 3073.
    base = outcomes("base", [0.5, 0.5], unit="share")
    more = outcomes("more", [0.6, 0.4], unit="share")
    row = one_row(together(base, more), until="effect")
    assert row["replications_needed"] == pytest.approx((1.96 * 0.141421 / 0.005) ** 2, rel=0.002)


def test_a_row_that_only_a_surer_one_holds_back_needs_one_replication_more():
    """As p = .03 misses .05 / 2, p = .04 fails too, though it is below its own level of .05.

    Of ten differences with variance 1, a mean of t / sqrt(10) has the p-value of t on 9 degrees.
    """
    noise = np.array([1.0, -1.0] * 5) * np.sqrt(0.9)
    parts = []
    for name, p in (("surer", 0.03), ("held", 0.04)):
        parts.append(outcomes("base", [0.0] * 10, name))
        parts.append(outcomes("more", noise + stats.t.isf(p / 2.0, 9) / np.sqrt(10.0), name))
    held = compare(together(*parts), "base").set_index("outcome").loc["held"]
    assert held["p"] == pytest.approx(0.04)
    assert held["p_holm"] == pytest.approx(2 * 0.03)
    assert not held["distinguishable"]
    assert held["replications_needed"] == 11


def test_a_sign_that_no_number_of_runs_will_tell_needs_the_stated_maximum():
    row = one_row(together(outcomes("base", [0, 0]), outcomes("more", [1, -1])))
    assert row["difference"] == 0
    assert row["replications_needed"] == 1_000_000


def test_rows_in_plain_json_have_none_for_what_has_no_value():
    table = compare(together(outcomes("base", [0, 0]), outcomes("more", [1, 1])), "base")
    (row,) = records(table)
    assert set(row) == set(COLUMNS)
    assert row["by"] is None
    assert row["relative"] is None
    assert row["replications_needed"] == 6
    assert row["distinguishable"] is False
    assert row["replications"] == 2
    assert isinstance(row["replications"], int)
    assert json.loads(json.dumps(row, allow_nan=False)) == row


def test_a_baseline_alone_gives_an_empty_table_with_all_columns():
    table = compare(outcomes("base", [1, 2]), "base")
    assert table.empty
    assert list(table.columns) == list(COLUMNS)
    assert records(table) == []


def test_frames_with_missing_words_as_nan_are_read_alike():
    frame = together(outcomes("base", [1, 2]), outcomes("more", [2, 4]))
    other = frame.assign(by=np.nan, group=np.nan)
    pd.testing.assert_frame_equal(compare(frame, "base"), compare(other, "base"))


def test_intervals_of_paired_differences_cover_the_true_difference_as_often_as_they_say():
    tables, n, true = 4_000, 10, 0.7
    draw = np.random.default_rng(8)
    luck = draw.normal(0, 3, (tables, n))
    parts = []
    for name, values in (("base", luck), ("more", luck + true + draw.normal(0, 1, (tables, n)))):
        parts.append(
            pd.DataFrame(
                {
                    "scenario": name,
                    "seed": np.tile(np.arange(n), tables),
                    "outcome": np.repeat(np.arange(tables), n).astype(str),
                    "by": None,
                    "group": None,
                    "value": values.ravel(),
                    "unit": "days",
                }
            )
        )
    table = compare(together(*parts), "base")
    covered = ((table["low"] <= true) & (table["high"] >= true)).mean()
    assert covered == pytest.approx(0.95, abs=4 * (0.95 * 0.05 / tables) ** 0.5)

"""A sentence claims no more than the numbers allow."""

import dataclasses
from typing import Any

import pandas as pd
import pytest

from sim.report.comparison import Row, rounded, rows_of
from sim.report.names import Names
from sim.report.sentences import (
    answer,
    curve_finding,
    paired_finding,
    runs_finding,
    tally,
    verdict_words,
    whole_run_finding,
)
from sim.report.tables import numbers
from sim.text import say

NAMES = Names(
    "en",
    {"p": {"title": {"en": "Policy", "zh": "政策"}}, "b": {"title": {"en": "Base", "zh": "基准"}}},
    {"o": {"unit": "share", "short": {"en": "Escalated", "zh": "升级比重"}}},
)


def row(**changed: Any) -> Row:
    """A clear fall from 20 % to 15 %."""
    plain = Row(
        scenario="p",
        outcome="o",
        by=None,
        group=None,
        unit="share",
        baseline_mean=0.20,
        mean=0.15,
        difference=-0.05,
        low=-0.06,
        high=-0.04,
        distinguishable=True,
        negligible=False,
        relative=-0.25,
        replications=30,
        needed=None,
        up=0,
        down=30,
    )
    return dataclasses.replace(plain, **changed)


def test_a_clear_fall_is_told_with_levels_difference_and_interval() -> None:
    said = answer(row(), NAMES).replace("\u00a0", " ")
    assert said == (
        "With “Policy”, “Escalated” falls from 20.0 % to 15.0 %: −5.0 percentage points "
        "(−25 % relative to the baseline), 95 % interval −6.0 to −4.0."
    )


def test_a_clear_rise_rises() -> None:
    said = answer(row(difference=0.05, low=0.04, high=0.06, mean=0.25, relative=0.25), NAMES)
    assert "rises from" in said


def test_without_a_baseline_to_divide_by_no_ratio_is_told() -> None:
    assert "relative" not in answer(row(relative=float("nan")), NAMES)


def test_a_clear_but_negligible_difference_is_called_too_small_to_matter() -> None:
    small = row(difference=-0.002, low=-0.003, high=-0.001, mean=0.198, negligible=True)
    assert small.verdict == "clear_small"
    said = answer(small, NAMES).replace("\u00a0", " ")
    assert "too small to matter" in said
    assert "0.5 percentage points" in said  # the smallest effect of interest of a share


def test_a_negligible_difference_that_may_be_zero_leaves_things_as_they_are() -> None:
    null = row(difference=0.0, low=-0.001, high=0.001, negligible=True, distinguishable=False)
    assert null.verdict == "small"
    assert "practically as it is" in answer(null, NAMES)


def test_an_open_question_says_how_many_pairs_would_settle_it() -> None:
    unsure = row(difference=-0.01, low=-0.03, high=0.01, distinguishable=False, needed=1234)
    said = answer(unsure, NAMES)
    assert "cannot be told from 30 pairs" in said
    assert "includes zero" in said
    assert "About 1,234 pairs would be needed" in said


def test_an_interval_without_zero_is_still_open_among_many_comparisons() -> None:
    unsure = row(difference=-0.02, low=-0.039, high=-0.001, distinguishable=False)
    said = answer(unsure, NAMES, looks=24)
    assert "among 24 comparisons" in said
    assert "includes zero" not in said


def test_one_pair_tells_nothing_about_chance() -> None:
    nan = float("nan")
    single = row(low=nan, high=nan, distinguishable=False, replications=1)
    assert single.verdict == "single"
    assert "One pair tells nothing about chance" in answer(single, NAMES)
    assert paired_finding([single], NAMES).startswith("One pair of runs")


def test_what_happened_in_no_pair_has_no_value_and_is_no_single_pair() -> None:
    nan = float("nan")
    never = row(mean=nan, baseline_mean=nan, difference=nan, low=nan, high=nan, relative=nan)
    assert verdict_words(never, "en") == "no value"
    assert "is not defined" in answer(never, NAMES)
    assert numbers(never, "en") == ["–"] * 5
    assert tally([row(), never], NAMES).endswith(
        "0 cannot be told yet. The other 1 has no value, as when nothing of the kind happened."
    )


def test_levels_difference_and_interval_have_the_digits_that_the_interval_earns() -> None:
    """Half an interval of one point earns a tenth of a point, in per cent as in a share."""
    told = row(mean=0.151234, difference=-0.048766, low=-0.058766, high=-0.038766)
    assert rounded(told, 100.0) == ("20.0", "15.1", "−4.9", "−5.9", "−3.9")
    assert rounded(told) == ("0.200", "0.151", "−0.049", "−0.059", "−0.039")


def test_the_same_bits_are_the_same() -> None:
    same = row(difference=0.0, low=0.0, high=0.0, distinguishable=False, negligible=True)
    assert "exactly as it is" in answer(same, NAMES)


def test_what_no_policy_moves_at_all_is_told_so_and_not_by_a_size() -> None:
    same = row(difference=0.0, low=0.0, high=0.0, distinguishable=False, negligible=True)
    assert whole_run_finding([same, same], "b", NAMES) == (
        "“Escalated” is exactly as with “Base”, whatever the policy"
    )


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_verdict_has_words_in_both_languages(lang: str) -> None:
    nan = float("nan")
    names = dataclasses.replace(NAMES, lang=lang)
    cases = [
        row(),
        row(difference=0.05, low=0.04, high=0.06),
        row(negligible=True),
        row(negligible=True, distinguishable=False),
        row(distinguishable=False),
        row(difference=0.0, low=0.0, high=0.0),
        row(low=nan, high=nan),
        row(difference=nan, low=nan, high=nan),
    ]
    said = {answer(case, names) for case in cases}
    assert len(said) == len(cases)
    legend = say("report.how_to_read", lang).lower()
    assert all(verdict_words(case, lang) in legend for case in cases)


def test_the_tally_counts_every_outcome_once() -> None:
    rows = [row(), row(negligible=True), row(distinguishable=False)]
    said = tally(rows, NAMES)
    assert said.startswith("Of 3 outcomes: 1 clearly changed, 1 changed too little")


def test_the_main_finding_names_the_policy_with_most_clear_changes() -> None:
    rows = [row(), row(outcome="x"), row(scenario="b", distinguishable=False)]
    assert paired_finding(rows, NAMES) == "“Policy” changes most: 2 of 2 outcomes clearly"
    assert paired_finding([row(distinguishable=False)], NAMES).startswith("No clear change")


def test_the_inner_interval_is_the_t_interval_of_half() -> None:
    # 30 pairs: t(.75, 29) = .6830, t(.975, 29) = 2.0452, so .3340 of the half-width .01
    low, high = row().inner()
    assert low == pytest.approx(-0.05 - 0.00334, abs=2e-5)
    assert high == pytest.approx(-0.05 + 0.00334, abs=2e-5)


def course(*values: float) -> pd.DataFrame:
    """Runs that stay at a value for two years, one run a value."""
    dates = pd.date_range("2020-01-01", periods=104, freq="7D")
    return pd.DataFrame([values] * len(dates), index=dates)


def test_a_finding_about_curves_tells_the_last_year() -> None:
    runs = {"b": course(0.2, 0.2), "p": course(0.15, 0.15)}
    said = curve_finding(runs, "b", "o", NAMES).replace("\u00a0", " ")
    assert said.startswith("“Escalated” is 5.00 percentage points lower with “Policy” than with")
    assert said.endswith("“Base” in the last year")


def test_curves_closer_than_the_smallest_effect_are_together() -> None:
    runs = {"b": course(0.2, 0.2, 0.2), "p": course(0.201, 0.203, 0.202)}
    assert "whatever the policy" in curve_finding(runs, "b", "o", NAMES)


@pytest.mark.parametrize("values", [(0.1, 0.29, 0.2), (0.18, 0.197, 0.21), (0.1,)])
def test_what_luck_alone_may_have_done_to_a_curve_is_no_finding(values) -> None:
    runs = {"b": course(*([0.2] * len(values))), "p": course(*values)}
    assert curve_finding(runs, "b", "o", NAMES).startswith("These runs do not tell")


def test_of_several_policies_only_those_beyond_luck_can_move_a_curve_most() -> None:
    runs = {
        "b": course(0.2, 0.2, 0.2),
        "p": course(0.3, 0.1, 0.35),
        "b2": course(0.22, 0.221, 0.222),
    }
    said = curve_finding(runs, "b", "o", NAMES)
    assert "2.10" in said
    assert "higher" in said


def test_a_title_over_the_whole_run_says_what_the_table_says() -> None:
    said = whole_run_finding([row()], "b", NAMES).replace("\u00a0", " ")
    assert said == "“Escalated” is 5.0 percentage points lower with “Policy” than with “Base”"
    open_row = row(difference=-0.004, low=-0.009, high=0.001, distinguishable=False)
    assert whole_run_finding([open_row], "b", NAMES).startswith("These runs do not tell")
    small = row(negligible=True, distinguishable=False)
    assert "whatever the policy" in whole_run_finding([small, small], "b", NAMES)
    assert whole_run_finding([open_row, small, row(scenario="q")], "b", NAMES).startswith(
        "“q” moves"
    )


def test_policies_that_change_as_much_share_the_title() -> None:
    rows = [row(), row(scenario="b", outcome="x"), row(scenario="c", distinguishable=False)]
    said = paired_finding(rows, NAMES)
    assert said == "2 of 3 policies clearly change 1 of 2 outcomes each, none more"


def test_where_all_policies_change_one_and_the_same_outcome_the_title_names_it() -> None:
    rows = [row(), row(scenario="b"), row(scenario="b", outcome="x", distinguishable=False)]
    assert paired_finding(rows, NAMES) == "Only “Escalated”, of 2 outcomes, changes clearly"


def test_pairs_are_counted_in_the_direction_of_most() -> None:
    said = runs_finding(course(-0.01, -0.02, 0.01), "share", "en")
    assert said.startswith("Lower in 2 of 3 pairs")
    assert runs_finding(course(0.0, 0.0), "share", "en").startswith("The same in 2 of 2 pairs")


def test_rows_read_records_with_nothing_where_there_is_no_number() -> None:
    record = {
        "scenario": "p",
        "outcome": "o",
        "by": None,
        "group": None,
        "unit": "share",
        "baseline_mean": None,
        "mean": 0.1,
        "difference": None,
        "low": None,
        "high": None,
        "relative": None,
        "distinguishable": False,
        "negligible": False,
        "replications": 0,
        "replications_needed": None,
    }
    (read,) = rows_of([record])
    assert read.needed is None
    assert read.verdict == "none"

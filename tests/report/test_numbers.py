"""Numbers are shown with the digits that their uncertainty earns."""

import math

import pytest

from sim.report.numbers import (
    change,
    decimals,
    estimate,
    interval,
    is_share,
    level,
    per_cent,
    places,
    plain,
)


@pytest.mark.parametrize(
    ("spread", "decimals"),
    [(0.9, 1), (0.2, 2), (0.03, 2), (0.029, 3), (3.0, 0), (12.0, 0), (4000.0, 0)],
)
def test_the_last_digit_shown_is_no_finer_than_a_third_of_the_uncertainty(
    spread: float, decimals: int
) -> None:
    assert places(spread) == decimals


def test_without_uncertainty_a_number_keeps_three_digits() -> None:
    assert places(0.0, 18.2) == 1
    assert places(math.nan, 0.042) == 4
    assert places(0.0, 0.0) == 0


def test_what_no_digit_would_show_is_a_bare_nought() -> None:
    assert estimate(1e-16, 0.0, 2e-16, "cases") == "0 (0 to 0)"
    assert places(1e-7, 0.0) == 0
    assert places(1e-6, 0.0) == 6


def test_however_small_the_uncertainty_four_digits_are_enough() -> None:
    assert places(1e-9, 9.0) == 3
    assert places(1e-9, 1234.5) == 0
    assert places(1e-9, 0.0109) == 5


def test_a_share_earns_as_many_digits_as_the_per_cent_it_makes() -> None:
    """Half an interval of .9 per cent earns 18.2 %, or .182."""
    assert decimals(0.009, 0.182, "share", 100.0) == 1
    assert decimals(0.009, 0.182, "share", 1.0) == 3
    assert decimals(0.9, 18.2, "days", 1.0) == 1


def test_negative_zero_loses_its_sign() -> None:
    assert plain(-0.0001, 2, sign=True) == "0.00"


def test_thousands_are_marked_and_minus_is_a_minus() -> None:
    assert plain(-12345.6, 0) == "−12,346"


@pytest.mark.parametrize("nothing", [math.nan, math.inf, None])
def test_what_is_no_number_is_a_dash(nothing: float) -> None:
    assert plain(nothing, 2) == "–"
    assert per_cent(nothing) == "–"


def test_shares_are_read_in_per_cent_and_differ_in_points() -> None:
    assert level(0.1823, "share", 0.006, "en") == "18.2\u00a0%"
    assert change(-0.032, "share", 0.009, "en") == "−3.2\u00a0percentage points"
    assert change(-0.032, "share", 0.009, "zh") == "−3.2\u00a0个百分点"


def test_a_unit_nobody_translated_is_shown_as_it_is() -> None:
    assert level(41.0, "quanta", 3.0, "zh") == "41\u00a0quanta"


def test_an_estimate_carries_its_interval() -> None:
    assert estimate(-0.032, -0.041, -0.023, "share", "en") == "−3.2 (−4.1 to −2.3)"
    assert estimate(0.032, 0.023, 0.041, "share", "zh") == "+3.2（2.3 至 4.1）"
    assert estimate(5.0, math.nan, math.nan, "days", "en") == "+5.00"


def test_an_interval_shows_the_signs_of_its_ends() -> None:
    assert interval(-0.3, 0.5, "days", "en") == "−0.3 to +0.5"


def test_small_ratios_keep_a_decimal() -> None:
    assert per_cent(-0.123) == "−12\u00a0%"
    assert per_cent(0.0123) == "+1.2\u00a0%"


def test_only_shares_are_shares() -> None:
    assert is_share("share")
    assert is_share("share of residents")
    assert not is_share("shares traded")


def test_an_end_of_an_interval_that_leaves_out_zero_is_not_shown_as_zero() -> None:
    assert estimate(-0.57, -1.12, -0.015, "days") == "\u22120.57 (\u22121.12 to \u22120.01)"
    assert interval(0.0004, 1.1, "days") == "0.0 to +1.1"  # two more digits would not show it
    assert estimate(-0.05, -0.11, 0.0004, "days").endswith("to 0.00)")  # it holds zero

"""Steps of 1, 3.5 or 7 days tell the same calendar."""

from datetime import date

import numpy as np
import pytest

from sim.kernel import Clock

START = date(2020, 1, 1)


def test_the_warm_up_begins_52_weeks_before_the_start() -> None:
    clock = Clock(START)
    assert (clock.begins, clock.week, clock.date) == (-364.0, 0, date(2019, 1, 2))
    assert not clock.reporting


@pytest.mark.parametrize("step_days", [1.0, 3.5, 7.0])
def test_the_report_begins_in_week_52_whatever_the_step(step_days: float) -> None:
    clock = Clock(START, step_days)
    while not clock.reporting:
        clock.advance()
    assert (clock.begins, clock.week, clock.date) == (0.0, 52, START)


def test_half_steps_share_the_week_that_they_lie_in() -> None:
    clock = Clock(START, 3.5, begins=7.0)
    weeks = []
    for _ in range(4):
        weeks.append((clock.week, clock.week_begins))
        clock.advance()
    assert weeks == [(53, 7.0), (53, 7.0), (54, 14.0), (54, 14.0)]


def test_the_chance_of_two_half_steps_is_that_of_one_step() -> None:
    whole, half = Clock(START, 7.0), Clock(START, 3.5)
    assert 1 - (1 - half.chance(2.0)) ** 2 == pytest.approx(whole.chance(2.0), rel=1e-12)
    assert whole.chance(2.0) == pytest.approx(1 - np.exp(-2.0 * 7 / 365.25))


def test_a_year_has_365_and_a_quarter_days() -> None:
    assert Clock(START, 7.0).dt_years == 7.0 / 365.25

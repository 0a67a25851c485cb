"""The axes of courses reach as far as what is drawn."""

import pandas as pd
import pytest
from matplotlib.figure import Figure

from sim.report.panels import number_axis
from sim.report.runs import fit

DAYS = pd.to_datetime(["2020-01-01", "2020-04-01"])


def labels(values: list[float], *, around_zero: bool = False) -> list[float]:
    """The numbers at the axis of a single course."""
    axes = Figure().add_subplot()
    fit(axes, [pd.DataFrame({1: values}, index=DAYS)], around_zero)
    number_axis(axes, "cases")
    return [float(tick) for tick in axes.get_yticks()]


def test_a_course_that_stays_at_nought_has_an_axis_from_nought_to_one() -> None:
    assert (labels([0.0, 0.0])[0], labels([0.0, 0.0])[-1]) == (0.0, 1.0)


def test_a_difference_that_stays_at_nought_has_its_line_in_the_middle() -> None:
    ticks = labels([0.0, 0.0], around_zero=True)
    assert ticks[0] < 0.0
    assert ticks[0] == pytest.approx(-ticks[-1])


def test_a_course_that_moves_has_an_axis_of_its_own_reach() -> None:
    ticks = labels([2.0, 8.0])
    assert 1.5 <= ticks[0] <= ticks[-1] <= 8.5

"""A known result is drawn as lines where its numbers go on, and as marks where they come and go."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
from matplotlib.axis import Axis

from sim.report.limit_plot import Curve, limit_figure
from tests.report.test_figures import overflow, overlaps


def curve(expected: list[float | list[float]]) -> Curve:
    values = [float(place) for place in range(len(expected))]
    return Curve("q", "share", "h", values, expected, expected, expected, expected, [0.0] * 3)


def test_a_number_is_one_line_in_the_order_of_the_setting() -> None:
    given = Curve("q", "share", "h", [2.0, 1.0], [4.0, 3.0], [4.5, 3.5], [4, 3], [5, 4], [0.1, 0.2])
    (line,) = given.points()
    assert not given.is_list
    assert np.array_equal(
        line, [[1.0, 2.0], [3.0, 4.0], [3.5, 4.5], [3.0, 4.0], [4.0, 5.0], [0.2, 0.1]]
    )


def test_lists_of_one_length_are_a_line_for_each_place() -> None:
    first, second = curve([[0.1, 0.9], [0.2, 0.8], [0.3, 0.7]]).points()
    assert first[1].tolist() == [0.1, 0.2, 0.3]
    assert second[1].tolist() == [0.9, 0.8, 0.7]


def test_states_that_come_and_go_are_marks_with_no_line_between() -> None:
    states = curve([[0.1], [0.2, 0.8], [0.9]])
    (points,) = states.points()
    assert points[0].tolist() == [0.0, 1.0, 1.0, 2.0]
    assert points[1].tolist() == [0.1, 0.2, 0.8, 0.9]
    (axes,) = limit_figure([states]).axes
    assert axes.lines[0].get_marker() == "_"


def test_the_note_stays_inside_the_figure() -> None:
    figure = limit_figure([curve([[0.1, 0.9], [0.2, 0.8], [0.3, 0.7]])])
    assert not overflow(figure)


LONG = "refused with more points than somebody granted, and a good deal more that takes three lines"


def numbers_of(axis: Axis) -> list[str]:
    """What stands at the ticks of an axis."""
    return [label.get_text() for label in axis.get_ticklabels()]


def test_a_long_title_leaves_the_note_and_its_neighbours_alone() -> None:
    given = curve([0.1, 0.2, 0.3])
    figure = limit_figure([given, replace(given, unit=LONG), replace(given, unit=LONG)])
    assert not overlaps(figure)
    assert not overflow(figure)


def test_long_numbers_of_an_axis_stand_apart() -> None:
    given = replace(curve([0.1, 0.2, 0.3]), values=[190_000.0, 900_000.0, 1_800_000.0])
    for axes in limit_figure([given] * 3).axes:
        boxes = [each.get_window_extent() for each in axes.get_xticklabels()]
        assert len(boxes) > 1
        assert all(a.x1 + axes.figure.dpi * 0.08 < b.x0 for a, b in pairwise(boxes))


def test_large_numbers_have_marks_and_tiny_ones_their_power_of_ten_at_every_tick() -> None:
    values = [100_000.0, 900_000.0, 1_800_000.0]
    nought = [0.0] * 3
    given = Curve("q", "share", "plan", values, nought, nought, nought, nought, [1e-7] * 3)
    (axes,) = limit_figure([given]).axes
    assert "1,000,000" in numbers_of(axes.xaxis)
    assert numbers_of(axes.yaxis) == ["\u22121e\u22127", "0", "1e\u22127"]

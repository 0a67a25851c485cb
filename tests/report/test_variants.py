"""Variants side by side: every axis says what it counts and in which unit."""

from itertools import pairwise

import pytest
from matplotlib.colors import to_hex

from sim.report.style import BASELINE
from sim.report.variants import Panel, variants_figure
from tests.report.test_figures import overflow, overlaps, texts

NAMES = [
    "as it is",
    "a variant whose name takes more than the room of one line of words",
    "a third",
]
QUANTITY = "Of the works finished in the last twelve years, the share accepted, by money (year 6)"
RATE = "per 10,000 residents a year"
NUMBERS = ([0.1012, 0.1234, 0.15], [0.09, 0.11, 0.13], [0.11, 0.14, 0.17])
LARGE = ([540_000.0, 560_000.0, 630_000.0],) * 3
FEW = ([0.4380, 0.4405, 0.4420], [0.4375, 0.4390, 0.4410], [0.4385, 0.4410, 0.4430])


def figure(lang, against=0, names=NAMES):
    panels = [
        Panel(QUANTITY, "share", *NUMBERS),
        Panel("群众提出的信访件，无论是否登记", RATE, *LARGE),
        Panel("Mean legal awareness", "0 to 1", *FEW),
        Panel("Compensation", "yuan a resident a year", *([0.0] * 3 for _ in range(3))),
    ]
    return variants_figure(names, panels, lang, against=against)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_quantity_and_unit_stand_under_every_axis_in_full(lang):
    told = texts(figure(lang))
    assert QUANTITY in told
    units = {
        "en": ["%", RATE, "on a scale of 0 to 1", "yuan a resident a year"],
        "zh": ["%", "每万常住人口每年", "取值 0 至 1", "每名常住人口每年（元）"],
    }
    for unit in units[lang]:
        assert f" {unit} " in told


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_nothing_runs_over_the_edge_and_no_numbers_of_an_axis_touch(lang):
    drawn = figure(lang)
    assert not overflow(drawn)
    assert not overlaps(drawn)
    for axes in drawn.axes:
        labels = [one.get_window_extent() for one in axes.get_xticklabels() if one.get_text()]
        assert len(labels) >= 2
        assert all(a.x1 + 2 < b.x0 for a, b in pairwise(labels))
        assert all(label.x1 < drawn.bbox.x1 for label in labels)


def test_shares_are_drawn_in_per_cent_and_large_numbers_with_marks():
    shares, persons, *_ = figure("en").axes
    assert [one.get_text() for one in shares.get_xticklabels()][:2] == ["10", "12"]
    assert "600,000" in [one.get_text() for one in persons.get_xticklabels()]


def test_the_variant_that_others_are_compared_with_is_grey_with_the_line_through_it():
    drawn = figure("en", against=2)
    lines = drawn.axes[0].lines
    grey = [line for line in lines if to_hex(line.get_color()) == BASELINE]
    assert {x for line in grey for x in line.get_xdata()} == {0.13, 0.15, 0.17}
    assert "Grey, with the vertical line: “a third”" in texts(drawn)


@pytest.mark.parametrize(("count", "rows"), [(2, [2]), (4, [2, 2]), (6, [3, 3])])
def test_no_panel_of_four_stands_in_a_row_by_itself(count, rows):
    drawn = variants_figure(NAMES, [Panel("Trust", "0 to 1", *FEW)] * count, "en")
    tops = [round(axes.get_position().y0, 3) for axes in drawn.axes]
    assert [tops.count(top) for top in dict.fromkeys(tops)] == rows

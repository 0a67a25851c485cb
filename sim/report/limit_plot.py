"""A known result over one of its settings: theory as a line, simulation as points."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.report import panels
from sim.report.style import BASELINE, FAINT, GREY, PALETTE, SMALL, WIDTH, box, sheet, styled
from sim.report.wrapping import height_of, spread, write
from sim.text import say

HEIGHT, LEFT, GAP, EDGE, BOTTOM = 1.38, 0.62, 0.75, 0.15, 0.55
LEAST = 5.0  # inches across, for the note
OUT = 0.3  # inches by which a title stands out to the left of its axis
APART = 0.09  # of the height, between two numbers of lines


@dataclass(frozen=True)
class Curve:
    """One quantity over a setting; `expected` to `tolerance` have one entry a value.

    `expected` to `high` are lists where the quantity is one: equally long ones make a line for each
    place of the list, others (the stable states, of which there may be one or more) marks.
    """

    quantity: str
    unit: str
    setting: str
    values: Sequence[float]
    expected: Sequence[float | Sequence[float]]
    simulated: Sequence[float | Sequence[float]]
    low: Sequence[float | Sequence[float]]
    high: Sequence[float | Sequence[float]]
    tolerance: Sequence[float]

    @property
    def is_list(self) -> bool:
        """Whether the quantity has several numbers at a setting."""
        return not all(isinstance(each, int | float) for each in self.expected)

    def points(self) -> list[np.ndarray]:
        """Lines of points, each of shape (6, points): value, then expected to tolerance.

        One line for a number, one for each place of lists that are equally long, else one with all.
        """
        parts = (self.expected, self.simulated, self.low, self.high)
        rows = [
            [[value, *numbers, allowed] for numbers in np.broadcast(*map(np.atleast_1d, each))]
            for value, *each, allowed in zip(self.values, *parts, self.tolerance, strict=True)
        ]
        rows.sort(key=lambda row: row[0][0])
        if len({len(row) for row in rows}) > 1:
            return [np.array([point for row in rows for point in row]).T]
        return [np.array(line).T for line in zip(*rows, strict=True)]


@styled
def limit_figure(curves: Sequence[Curve], lang: str = "en") -> Figure:
    """Up to three quantities side by side, each under its name and unit."""
    shown = curves[:3]
    each = (WIDTH - LEFT - GAP * (len(shown) - 1) - EDGE) / max(len(shown), 2)
    across = max(LEFT + len(shown) * each + GAP * (len(shown) - 1) + EDGE, LEAST)
    note = say("report.limit.note", lang)
    if any(len(curve.points()) > 1 for curve in shown):
        note += say("report.limit.places", lang)
    titles = [f"{curve.quantity}, {curve.unit}" for curve in shown]
    under = 0.06 + height_of(note, SMALL, across - 0.2) + 0.15
    top = under + max(height_of(title, SMALL, each + OUT) for title in titles) + 0.08
    figure = sheet(top + HEIGHT + BOTTOM, across)
    write(figure, note, 0.1, 0.06, across - 0.2, SMALL, GREY)
    for place, (curve, title) in enumerate(zip(shown, titles, strict=True)):
        left = LEFT + place * (each + GAP)
        start = top - 0.08 - height_of(title, SMALL, each + OUT)
        write(figure, title, left - OUT, start, each + OUT, SMALL, GREY)
        axes = box(figure, left, top, each, HEIGHT)
        _draw(axes, curve)
        axes.set_xlabel(curve.setting, fontsize=SMALL)
        panels.number_ticks(axes, "", each)
        panels.number_axis(axes, "", "y")
    return figure


def _draw(axes: Axes, curve: Curve) -> None:
    """Theory and simulation of one quantity."""
    lines = curve.points()
    for place, (values, expected, mean, low, high, allowed) in enumerate(lines):
        shade = PALETTE[place % len(PALETTE)]
        axes.fill_between(values, expected - allowed, expected + allowed, color=FAINT, linewidth=0)
        if len(np.unique(values)) < len(values):
            axes.plot(values, expected, "_", color=BASELINE, markersize=9)
        else:
            axes.plot(values, expected, color=BASELINE, linewidth=1.2)
        reach = np.maximum([mean - low, high - mean], 0.0)
        axes.errorbar(
            values, mean, reach, fmt="o", color=shade, markersize=3.6, capsize=2, linewidth=0.9
        )
    axes.margins(x=0.06, y=0.15)
    expected = np.concatenate([line[1] for line in lines])
    bottom, top = axes.get_ylim()
    if top - bottom < 1e-4 * np.abs(expected).max():  # rounding would fill the figure
        axes.set_ylim(0.95 * expected.min(), 1.05 * expected.max())
    if len(lines) > 1:
        _number(axes, [line[2, -1] for line in lines], lines[0][0, -1])


def _number(axes: Axes, ends: list[float], right: float) -> None:
    """The numbers of lines at their right ends, pushed apart where these lie close."""
    bottom, top = axes.get_ylim()
    high = APART * (top - bottom)
    for place, middle in enumerate(spread(ends, [high] * len(ends), bottom, top)):
        axes.annotate(
            str(place + 1), (right, middle), (6, 0), textcoords="offset points",
            va="center", fontsize=SMALL, color=PALETTE[place % len(PALETTE)],
        )  # fmt: skip

"""A known result over one of its settings: theory as a line, simulation as points."""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.figure import Figure

from sim.report.style import BASELINE, FAINT, GREY, PALETTE, SMALL, WIDTH, box, sheet, styled
from sim.text import say

HEIGHT, LEFT, GAP, TOP, BOTTOM = 2.65, 0.62, 0.75, 0.72, 0.55
LEAST = 5.0  # inches across, for the note
LETTERS = 14  # of a title, an inch


@dataclass(frozen=True)
class Curve:
    """One quantity over a setting; `expected` to `tolerance` have one entry a value."""

    quantity: str
    unit: str
    setting: str
    values: Sequence[float]
    expected: Sequence[float]
    simulated: Sequence[float]
    low: Sequence[float]
    high: Sequence[float]
    tolerance: Sequence[float]


@styled
def limit_figure(curves: Sequence[Curve], lang: str = "en") -> Figure:
    """Up to three quantities side by side."""
    shown = curves[:3]
    each = (WIDTH - LEFT - GAP * (len(shown) - 1) - 0.15) / max(len(shown), 2)
    width = LEFT + len(shown) * each + GAP * (len(shown) - 1) + 0.15
    figure = sheet(HEIGHT, max(width, LEAST))
    for position, curve in enumerate(shown):
        left = LEFT + position * (each + GAP)
        axes = box(figure, left, TOP, each, HEIGHT - TOP - BOTTOM)
        order = np.argsort(curve.values)
        values = np.asarray(curve.values, float)[order]
        expected = np.asarray(curve.expected, float)[order]
        allowed = np.asarray(curve.tolerance, float)[order]
        axes.fill_between(values, expected - allowed, expected + allowed, color=FAINT, linewidth=0)
        axes.plot(values, expected, color=BASELINE, linewidth=1.2)
        mean = np.asarray(curve.simulated, float)[order]
        reach = [mean - np.asarray(curve.low)[order], np.asarray(curve.high)[order] - mean]
        axes.errorbar(
            values, mean, np.maximum(reach, 0.0), fmt="o", color=PALETTE[0], markersize=3.6,
            capsize=2, linewidth=0.9,
        )  # fmt: skip
        axes.margins(x=0.06, y=0.15)
        low, high = axes.get_ylim()
        if high - low < 1e-4 * np.abs(expected).max():  # rounding would fill the figure
            axes.set_ylim(0.95 * expected.min(), 1.05 * expected.max())
        axes.set_xlabel(curve.setting, fontsize=SMALL)
        axes.locator_params(nbins=5)
        title = textwrap.fill(f"{curve.quantity}, {curve.unit}", int(LETTERS * each))
        axes.set_title(title, fontsize=SMALL, loc="left", color=GREY, x=-0.1, y=1.04)
        axes.yaxis.get_offset_text().set(fontsize=SMALL, x=-0.22, va="top")
    across, down = figure.get_size_inches()
    note = say("report.limit.note", lang)
    figure.text(0.1 / across, 1 - 0.06 / down, note, fontsize=SMALL, color=GREY, va="top")
    return figure

"""A known result over one of its settings: theory as a line, simulation as points."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.figure import Figure

from sim.report.style import BASELINE, GREY, PALETTE, SMALL, WIDTH, box, sheet, styled
from sim.text import say

HEIGHT, LEFT, GAP, TOP, BOTTOM = 2.35, 0.62, 0.75, 0.42, 0.55


@dataclass(frozen=True)
class Curve:
    """One quantity over a setting; `expected` to `high` have one entry a value."""

    quantity: str
    unit: str
    setting: str
    values: Sequence[float]
    expected: Sequence[float]
    simulated: Sequence[float]
    low: Sequence[float]
    high: Sequence[float]


@styled
def limit_figure(curves: Sequence[Curve], lang: str = "en") -> Figure:
    """Up to three quantities side by side."""
    shown = curves[:3]
    each = (WIDTH - LEFT - GAP * (len(shown) - 1) - 0.15) / max(len(shown), 2)
    width = LEFT + len(shown) * each + GAP * (len(shown) - 1) + 0.15
    figure = sheet(HEIGHT, max(width, 4.2))
    for position, curve in enumerate(shown):
        left = LEFT + position * (each + GAP)
        axes = box(figure, left, TOP, each, HEIGHT - TOP - BOTTOM)
        order = np.argsort(curve.values)
        values = np.asarray(curve.values, float)[order]
        axes.plot(values, np.asarray(curve.expected)[order], color=BASELINE, linewidth=1.2)
        mean = np.asarray(curve.simulated, float)[order]
        reach = [mean - np.asarray(curve.low)[order], np.asarray(curve.high)[order] - mean]
        axes.errorbar(
            values, mean, np.maximum(reach, 0.0), fmt="o", color=PALETTE[0], markersize=3.6,
            capsize=2, linewidth=0.9,
        )  # fmt: skip
        axes.margins(x=0.06, y=0.15)
        axes.set_xlabel(curve.setting, fontsize=SMALL)
        axes.set_title(f"{curve.quantity}, {curve.unit}", fontsize=SMALL, loc="left", color=GREY)
    across, down = figure.get_size_inches()
    note = say("report.limit.note", lang)
    figure.text(0.1 / across, 1 - 0.06 / down, note, fontsize=SMALL, color=GREY, va="top")
    return figure

"""Variants side by side: for each outcome a small panel with a dot and its interval by variant."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.report import panels
from sim.report.numbers import scale_words
from sim.report.style import (
    BASELINE,
    GREY,
    INK,
    PALETTE,
    SMALL,
    TEXT,
    WIDTH,
    box,
    sheet,
    styled,
)
from sim.report.wrapping import HINTING, even, height_of, width_of, write
from sim.text import say

ROW = 0.24  # inches that a variant takes down the figure, or more when its name is long
NAMES = 1.85  # inches that names may take across it
GAP, EDGE = 0.3, 0.2  # between panels, and at the right for half of a last tick
TICKS, BETWEEN = 0.26, 0.2  # under an axis for its numbers, and between rows of panels
MOST = 3  # panels in a row


@dataclass(frozen=True)
class Panel:
    """An outcome: what its axis counts, its unit as the model spells it, numbers by variant."""

    quantity: str
    unit: str
    means: Sequence[float]
    lows: Sequence[float]
    highs: Sequence[float]


@styled
def variants_figure(
    names: Sequence[str], shown: Sequence[Panel], lang: str = "en", *, against: int = 0
) -> Figure:
    """Panels in rows, each with its quantity and unit under its axis; four in two rows of two.

    Args:
        names: the variants, from top to bottom.
        shown: the outcomes, with numbers in the order of `names`.
        lang: language of units and note.
        against: position of the variant that the others are compared with, drawn grey.
    """
    left = 0.1 + min(NAMES, max(width_of(name, TEXT) for name in names) / HINTING) + 0.1
    across = 2 if len(shown) == 4 else MOST  # no panel by itself in a last row
    each = (WIDTH - left - GAP * (across - 1) - EDGE) / across
    lines = [max(ROW, height_of(name, TEXT, NAMES) + 0.06) for name in names]
    middles = [sum(lines[:k]) + line / 2 for k, line in enumerate(lines)]
    note = say("report.variants.note", lang, variant=names[against])
    rows = [shown[i : i + across] for i in range(0, len(shown), across)]
    under = [max(sum(about_heights(panel, each, lang)) for panel in row) for row in rows]
    tall = TICKS + sum(lines) + BETWEEN
    figure = sheet(0.1 + len(rows) * tall + sum(under) + panels.caption_height(note))
    top = 0.1
    for row, room in zip(rows, under, strict=True):
        for name, middle in zip(names, middles, strict=True):
            start = top + middle - height_of(name, TEXT, NAMES) / 2
            write(figure, name, left - 0.1, start, NAMES, TEXT, INK, "right")
        for place, panel in enumerate(row):
            start = left + place * (each + GAP)
            axes = box(figure, start, top, each, sum(lines))
            axes.set_ylim(sum(lines), 0)
            draw(axes, panel, middles, against)
            panels.number_ticks(axes, panel.unit, each)
            write_about(figure, panel, (start, top + sum(lines) + TICKS, each), lang)
        top += tall + room
    panels.caption(figure, note)
    return figure


def about_heights(panel: Panel, inches: float, lang: str) -> tuple[float, float]:
    """The room that the quantity and the unit take under an axis."""
    unit = scale_words(panel.unit, lang)
    return height_of(panel.quantity, SMALL, inches) + 0.02, height_of(unit, SMALL, inches)


def write_about(figure: Figure, panel: Panel, place: tuple[float, float, float], lang: str) -> None:
    """Write under an axis what it counts, and in which unit; `place` is left, top and width."""
    left, top, inches = place
    unit = scale_words(panel.unit, lang)
    for text, shade in ((panel.quantity, INK), (unit, GREY)):
        top = write(figure, text, left, top, even(text, SMALL, inches), SMALL, shade) + 0.02


def draw(axes: Axes, panel: Panel, middles: Sequence[float], against: int) -> None:
    """The dots and intervals of one outcome, and a line at the variant compared with."""
    shades = cycle(PALETTE)
    rows = zip(middles, panel.means, panel.lows, panel.highs, strict=True)
    for k, (y, mean, low, high) in enumerate(rows):
        shade = BASELINE if k == against else next(shades)
        axes.plot([low, high], [y, y], color=shade, linewidth=1.4, solid_capstyle="butt")
        axes.plot([mean], [y], "o", color=shade, markersize=4.2)
    axes.axvline(panel.means[against], color=BASELINE, linewidth=0.7, zorder=0.5)
    axes.set_yticks(middles, [""] * len(middles))
    panels.grid(axes)
    axes.margins(x=0.1)

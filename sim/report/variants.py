"""Variants side by side: for each outcome a small panel with a dot and its interval by variant."""

from collections.abc import Sequence

from matplotlib.figure import Figure

from sim.report.style import (
    BASELINE,
    FAINT,
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
from sim.report.wrapping import lines_of
from sim.text import say

Panel = tuple[str, Sequence[float], Sequence[float], Sequence[float]]

ROW, TOP, BOTTOM, NAMES, GAP = 0.24, 0.66, 0.42, 1.75, 0.3
ACROSS = 3  # panels in a row


@styled
def variants_figure(names: Sequence[str], panels: Sequence[Panel], lang: str = "en") -> Figure:
    """Up to six panels.

    Args:
        names: the variants, from top to bottom; the first is the one that others are compared with.
        panels: title, means, lows and highs of each outcome, in the order of `names`.
        lang: language of the note.
    """
    rows = -(-len(panels) // ACROSS)
    each = (WIDTH - NAMES - GAP * (ACROSS - 1) - 0.28) / ACROSS
    height = ROW * len(names)
    block = TOP + height + BOTTOM
    figure = sheet(rows * block + 0.3)
    for position, (title, means, lows, highs) in enumerate(panels):
        row, place = divmod(position, ACROSS)
        axes = box(figure, NAMES + place * (each + GAP), row * block + TOP, each, height)
        for k, (mean, low, high) in enumerate(zip(means, lows, highs, strict=True)):
            shade = BASELINE if k == 0 else PALETTE[(k - 1) % len(PALETTE)]
            axes.plot([low, high], [k, k], color=shade, linewidth=1.4, solid_capstyle="butt")
            axes.plot([mean], [k], "o", color=shade, markersize=4.2)
        axes.axvline(means[0], color=FAINT, linewidth=0.8, zorder=0)
        axes.set_ylim(len(names) - 0.5, -0.5)
        axes.set_yticks(range(len(names)), names if place == 0 else [""] * len(names))
        axes.tick_params(axis="y", length=0, labelcolor=INK)
        axes.spines["left"].set_visible(False)
        axes.locator_params(axis="x", nbins=4)
        axes.margins(x=0.1)
        heading = "\n".join(lines_of(title, SMALL, each)[:3])
        axes.set_title(heading, fontsize=SMALL, loc="left", color=INK)
    _, down = figure.get_size_inches()
    note = say("report.variants.note", lang)
    figure.text(0.012, 0.12 / down, note, fontsize=TEXT - 1.5, color=GREY, va="center")
    return figure

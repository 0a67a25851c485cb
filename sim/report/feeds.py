"""The drawing of how mechanisms feed each other: who writes what another one reads.

A square in row A and column B says that B reads a column of A, or empties a flow that A posts to.
A pale one says only that both hand disputes over through the common table of disputes. Above the
diagonal the effect comes in the same week, below it in the next.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure

from sim.report.style import FAINT, GREY, INK, PALETTE, SMALL, TEXT, box, sheet, styled
from sim.text import say

SQUARE = 0.212  # inches
LEFT, TOP, BOTTOM, RIGHT = 1.25, 1.45, 0.95, 0.25
KEYS = 0.7  # more inches at the left where rows have the key behind the name
PALE = 0.25


@styled
def feeds_figure(
    names: Sequence[str],
    groups: Mapping[str, str],
    feeds: Mapping[tuple[str, str], Sequence[str]],
    lang: str = "en",
) -> Figure:
    """A matrix of mechanisms in the order of the week.

    Args:
        names: the mechanisms in their order; files name them so, and rows in other languages too.
        groups: which group each belongs to.
        feeds: the columns by which one feeds another.
        lang: language of what is written.
    """
    side = SQUARE * len(names)
    left = LEFT if lang == "en" else LEFT + KEYS
    figure = sheet(TOP + side + BOTTOM, left + side + RIGHT)
    axes = box(figure, left, TOP, side, side)
    shade = dict(zip(dict.fromkeys(groups[name] for name in names), PALETTE, strict=False))
    told = [say(f"report.feeds.name.{name}", lang) for name in names]
    place = {name: position for position, name in enumerate(names)}
    for (giver, taker), columns in feeds.items():
        own = [name for name in columns if not name.startswith("disputes.")]
        size = 0.38 + 0.14 * np.sqrt(min(max(len(own), 1), 9))
        corner = place[taker] - size / 2, place[giver] - size / 2
        axes.add_patch(_square(corner, size, shade[groups[giver]], 1.0 if own else PALE))
    _frame(axes, len(names))
    rows = [
        word if word == name else f"{word} {name}" for word, name in zip(told, names, strict=True)
    ]
    for axis, ticks, words in (
        (axes.xaxis, axes.get_xticklabels, told),
        (axes.yaxis, axes.get_yticklabels, rows),
    ):
        axis.set_ticks(range(len(names)), words)
        for label in ticks():
            label.set_color(INK)
            label.set_fontsize(SMALL)
            if axis is axes.xaxis:
                label.set_rotation(60)
                label.set_horizontalalignment("left")
    _legend(figure, shade, lang)
    return figure


def _square(corner, size: float, shade: str, alpha: float):  # type: ignore[no-untyped-def]
    from matplotlib.patches import Rectangle

    return Rectangle(corner, size, size, facecolor=shade, edgecolor="none", alpha=alpha)


def _frame(axes, count: int) -> None:  # type: ignore[no-untyped-def]
    axes.set_xlim(-0.5, count - 0.5)
    axes.set_ylim(count - 0.5, -0.5)
    axes.xaxis.tick_top()
    axes.tick_params(length=0)
    for edge in axes.spines.values():
        edge.set_visible(False)
    for line in np.arange(-0.5, count):
        axes.axhline(line, color=FAINT, linewidth=0.4, zorder=0)
        axes.axvline(line, color=FAINT, linewidth=0.4, zorder=0)
    axes.plot([-0.5, count - 0.5], [-0.5, count - 0.5], color=GREY, linewidth=0.6, zorder=0)


def _legend(figure: Figure, shade: Mapping[str, str], lang: str) -> None:
    across, down = figure.get_size_inches()
    figure.text(
        0.12 / across, 1 - 0.2 / down, say("report.feeds.title", lang), fontsize=TEXT, color=INK,
        va="top",
    )  # fmt: skip
    note = say("report.feeds.note", lang)
    figure.text(0.12 / across, 0.5 / down, note, fontsize=SMALL, color=GREY, va="center")
    step = 1.3
    for position, (group, colour) in enumerate(shade.items()):
        left = 0.12 + step * position
        figure.text(left / across, 0.16 / down, "■", color=colour, fontsize=TEXT, va="center")
        word = say(f"report.feeds.{group}", lang)
        figure.text(
            (left + 0.17) / across, 0.16 / down, word, fontsize=SMALL, color=INK, va="center"
        )

"""Trade-offs at a glance: a line a combination across the levers and the outcomes it leads to."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.report import panels
from sim.report.factors import FactorNames, index_words
from sim.report.finding_sentences import trade_finding
from sim.report.names import Entries, Names
from sim.report.numbers import factor_of, level, places, plain, unit_words
from sim.report.style import (
    GREY,
    INK,
    PALETTE,
    SMALL,
    TITLE,
    WIDTH,
    box,
    ink_of,
    sheet,
    styled,
)
from sim.report.wrapping import height_of, lines_of, width_of, write
from sim.text import say

HEIGHT = 3.0  # inches of the axes
LEAST, EFFICIENT, REST = PALETTE[1], PALETTE[0], "#c3c8ce"
EDGE = 0.55  # inches at both sides


@styled
def parallel_axes(
    table: pd.DataFrame,
    levers: list[str],
    good: dict[str, str],
    lang: str | None = None,
    *,
    factors: FactorNames,
    meanings: Entries | None = None,
    smallest: Mapping[str, float] | None = None,
    remark: str = "",
) -> Figure:
    """Levers at the left, outcomes at the right with the better end upward.

    Args:
        table: as `sim.analysis.trade_offs.trade_offs` gives it.
        levers: the columns of levers to show.
        good: by outcome whether "lower" or "higher" is better, in the order to show.
        lang: language; SHIYU_LANG or English unless told.
        factors: names of the factors.
        meanings: names and units of the outcomes.
        smallest: by outcome the smallest effect of interest: no axis is shorter. None unless told.
        remark: what else a reader must know, under the figure.
    """
    smallest = smallest or {}
    names = Names(lang, {}, meanings or {})
    lang = names.spoken
    title = trade_finding(table["worst_share"], int(table["efficient"].sum()), lang)
    head = [(title, TITLE, INK), (say("findings.trade.about", lang), SMALL + 0.5, GREY)]
    foot = say("findings.trade.caption", lang)
    still = {name for name in good if _hardly(table[name], smallest.get(name, 0.0))}
    foot += say("findings.trade.short", lang) if still else ""
    foot += remark
    least = table[table["least_regret"]].iloc[0]
    legend = [
        (say("findings.trade.least", lang, share=index_words(least["worst_share"])), LEAST),
        (say("findings.trade.efficient", lang), EFFICIENT),
        (say("findings.trade.rest", lang), REST),
    ]
    kinds = _kinds(table)
    legend = [entry for entry, kind in zip(legend, (2, 1, 0), strict=True) if (kinds == kind).any()]
    columns = [*levers, *good]
    each = (WIDTH - 2 * EDGE) / max(len(columns) - 1, 1)
    titles = [factors.with_unit(name) for name in levers]
    mark = say("findings.unit", lang, name="", unit=say("findings.trade.hardly", lang))
    titles += [_title(name, names) + (mark if name in still else "") for name in good]
    room = each - 0.12 if len(columns) > 2 else 2.0
    outer = min(room, EDGE + each / 2 - 0.11)  # titles at the edges are not centred on their axis
    rooms = [outer, *[room] * (len(columns) - 2), outer]
    tall = max(height_of(text, SMALL, width) for text, width in zip(titles, rooms, strict=True))
    tall += height_of("x", SMALL, 1)
    start = panels.heading_height(head) + 0.1 + 0.2 * len(legend) + 0.1
    above = start + tall + 0.25
    figure = sheet(above + HEIGHT + 0.35 + panels.caption_height(foot))
    top = panels.heading(figure, head, 0.05, 0.05) + 0.06
    _legend(figure, legend, top)
    axes = box(figure, EDGE, above, WIDTH - 2 * EDGE, HEIGHT)
    axes.set_xlim(0, max(len(columns) - 1, 1))
    axes.set_ylim(-0.02, 1.02)
    axes.set_axis_off()
    heights = np.column_stack(
        [_lever_heights(table[name]) for name in levers]
        + [_outcome_heights(table[name], good[name], smallest.get(name, 0.0)) for name in good]
    )
    _lines(axes, kinds, heights)
    for at, (name, text) in enumerate(zip(columns, titles, strict=True)):
        axes.axvline(
            at, color=INK if name in good else GREY, linewidth=1.1, zorder=4, clip_on=False
        )
        middle = EDGE + at * each
        _centred(figure, text, middle, start + tall - 0.02, rooms[at], name in good)
        if name in good:
            best, worst = _ends(table[name], good[name], smallest.get(name, 0.0))
            ends = [_told(value, abs(best - worst), names, name) for value in (best, worst)]
            _centred(figure, ends[0], middle, above - 0.05, 2.0, strong=False)
            _under(figure, ends[1], middle, above + HEIGHT + 0.02)
        else:
            _ticks(axes, table[name], at, [factors.value(name, s) for s in table[name]], each)
    panels.caption(figure, foot)
    return figure


def _kinds(table: pd.DataFrame) -> np.ndarray:
    """Of each combination: 2 for least regret, 1 for another efficient one, else 0."""
    return np.where(table["least_regret"], 2, np.where(table["efficient"], 1, 0))


def _lines(axes: Axes, kinds: np.ndarray, heights: np.ndarray) -> None:
    """The combinations, the plain ones at the back."""
    looks: dict[int, dict[str, Any]] = {
        0: {"color": REST, "linewidth": 0.7, "alpha": 0.7, "zorder": 2},
        1: {"color": EFFICIENT, "linewidth": 1.3, "alpha": 0.85, "zorder": 3},
        2: {"color": LEAST, "linewidth": 2.4, "alpha": 1.0, "zorder": 3.5},
    }
    across = np.arange(heights.shape[1])
    for kind, look in looks.items():
        for row in heights[kinds == kind]:
            axes.plot(across, row, solid_joinstyle="round", **look)


def _lever_heights(column: pd.Series) -> np.ndarray:
    """Where settings of a lever stand: numbers by size, words in order of appearance."""
    if all(not isinstance(value, str) for value in column):
        numbers = column.to_numpy(float)
        span = np.ptp(numbers)
        return (numbers - numbers.min()) / span if span > 0 else np.full(len(numbers), 0.5)
    known = list(dict.fromkeys(map(str, column)))
    places_of = {word: at / max(len(known) - 1, 1) for at, word in enumerate(known)}
    return np.array([places_of[str(value)] for value in column])


def _outcome_heights(column: pd.Series, good: str, smallest: float) -> np.ndarray:
    """1 for the upper end of the axis, 0 for the lower one: best and worst mean, or further out."""
    best, worst = _ends(column, good, smallest)
    if best == worst:
        return np.full(len(column), 0.5)
    return np.asarray((column.to_numpy(float) - worst) / (best - worst))


def _ends(column: pd.Series, good: str, smallest: float) -> tuple[float, float]:
    """The best and the worst mean, moved apart to `smallest` where they lie closer."""
    low, high = float(column.min()), float(column.max())
    more = max(smallest - (high - low), 0.0) / 2
    under = min(more, low) if low >= 0.0 else more  # nothing is shared out below 0
    low, high = low - under, high + 2 * more - under
    return (low, high) if good == "lower" else (high, low)


def _hardly(column: pd.Series, smallest: float) -> bool:
    """Whether the design moves an outcome by less than the smallest effect of interest."""
    return float(np.ptp(column)) < smallest * (1 - 1e-9)


def _told(value: float, span: float, names: Names, outcome: str) -> str:
    """A mean with the digits that tell the ends of its axis apart; its unit is in the title."""
    unit = names.unit(outcome)
    if unit == "share":
        return level(value, unit, span / 10, names.spoken)
    factor = factor_of(unit)
    return plain(value * factor, places(span / 10 * factor, value * factor))


def _title(outcome: str, names: Names) -> str:
    """An outcome with its unit in brackets; a share needs none."""
    unit = names.unit(outcome)
    if unit == "share" or not unit_words(unit, names.spoken):
        return names.outcome(outcome)
    words = {"name": names.outcome(outcome), "unit": unit_words(unit, names.spoken)}
    return say("findings.unit", names.spoken, **words)


def _ticks(axes: Axes, column: pd.Series, at: int, told: list[str], room: float) -> None:
    """The settings of a lever beside its axis, as `told`: all of a few, else the ends.

    They stand at the left of the first axis where the margin holds them, else at the right, in
    lines no wider than `room` inches, the way to the next axis.
    """
    labels = dict(zip(_lever_heights(column).tolist(), told, strict=True))
    pairs = sorted(labels.items())
    if len(pairs) > 6:
        pairs = [pairs[0], pairs[-1]]
    outside = at == 0 and max(width_of(label, SMALL) for _, label in pairs) < EDGE - 0.05
    for height, label in pairs:
        # Beside inner axes lines leave along the ends: labels stand off them there, outwards unless
        # they have several lines, which would reach the titles.
        off, align = {0.0: (-0.015, "top"), 1.0: (0.015, "bottom")}.get(height, (0.0, "center"))
        lines = [label] if outside else lines_of(label, SMALL, room - 0.15)
        if len(lines) > 1:
            off, align = -off, {"top": "bottom", "bottom": "top"}.get(align, align)
        axes.text(
            at + (-0.03 if outside else 0.03),
            height + (0.0 if outside else off),
            "\n".join(lines),
            ha="right" if outside else "left",
            va="center" if outside else align,
            fontsize=SMALL,
            color=INK,
            zorder=5,
            bbox={"facecolor": "white", "alpha": 0.85, "linewidth": 0, "pad": 0.4},
        )


def _legend(figure: Figure, legend: list[tuple[str, str]], top: float) -> None:
    for text, shade in legend:
        swatch = box(figure, 0.05, top + 0.02, 0.25, 0.12)
        swatch.set_axis_off()
        swatch.set_xlim(0, 1)
        swatch.plot([0, 1], [0, 0], color=shade, linewidth=2.2)
        write(figure, text, 0.38, top, WIDTH - 0.5, SMALL, ink_of(shade) if shade != REST else GREY)
        top += 0.2


def _centred(
    figure: Figure, text: str, middle: float, foot: float, room: float, strong: bool
) -> None:
    """Lines centred at `middle`, the last one ending at `foot`, kept inside the figure."""
    lines = lines_of(text, SMALL, room)
    across, down = figure.get_size_inches()
    for back, line in enumerate(reversed(lines)):
        y = 1 - (foot - back * SMALL * 1.38 / 72) / down
        align, x = "center", middle
        if middle < EDGE + 0.01:
            align, x = "left", 0.05
        elif middle > across - EDGE - 0.01:
            align, x = "right", across - 0.05
        shade = INK if strong else GREY
        figure.text(x / across, y, line, size=SMALL, color=shade, ha=align, va="baseline")


def _under(figure: Figure, text: str, middle: float, top: float) -> None:
    """A text centred below an axis."""
    _centred(figure, text, middle, top + SMALL * 1.38 / 72, 2.0, strong=False)

"""A box of PRIM: the trade-off on the way to it, and the ranges that it asks for."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.report import panels
from sim.report.factors import FactorNames
from sim.report.numbers import factor_of, per_cent, plain
from sim.report.style import (
    FAINT,
    GREY,
    INK,
    PALETTE,
    SMALL,
    TEXT,
    TITLE,
    WIDTH,
    box,
    sheet,
    styled,
)
from sim.report.wrapping import LEADING, height_of, lines_of, write
from sim.text import say

SIDE = 2.75  # inches of the square of coverage and density
LEFT = 0.62
NAMES, LINE = 2.35, 0.5  # inches for the names of factors, and down for each
RANGE = WIDTH - NAMES - 1.55  # inches across for the range of a factor
TAKEN = PALETTE[1]
SHADES = ("#9aa3ad", "#56B4E9", "#0072B2", "#009E73", "#CC79A7", "#7A4E9E")  # by factors limited
MARKED = 5  # steps whose numbers are written


@styled
def box_figure(
    steps: Sequence[Mapping[str, Any]],
    ranges: Mapping[str, Any],
    heading: str,
    lang: str | None = None,
    *,
    factors: FactorNames,
    points: int,
    reproduced: Mapping[str, float],
) -> Figure:
    """The way to one box, and the box itself.

    Args:
        steps: as `sim.analysis.discover.steps_table` gives them.
        ranges: by factor its lowest and highest value in the design, or all its words.
        heading: the sentence above the figure.
        lang: language; SHIYU_LANG or English unless told.
        factors: names of the factors.
        points: how many points the design has.
        reproduced: by factor the share of halves in which it is limited too.
    """
    lang = factors.spoken if lang is None else lang
    taken = next(step for step in steps if step["chosen"])
    head = [
        (heading, TITLE, INK),
        (say("findings.box.about", lang, points=points), SMALL + 0.5, GREY),
    ]
    foot = say("findings.box.caption", lang)
    above = panels.heading_height(head) + 0.42
    limits = list(taken["limits"])
    lower = above + SIDE + 0.75
    lines = [_line(limit, ranges[limit["factor"]], factors) for limit in limits]
    tall = lower + 0.5 + (sum(lines) or LINE)
    figure = sheet(tall + panels.caption_height(foot))
    panels.heading(figure, head, 0.05, 0.05)
    _trade_off(figure, steps, (LEFT, above), lang)
    words = {"inside": taken["points"], "points": points}
    told = say("findings.box.ranges", lang, density=per_cent(taken["density"], sign=False), **words)
    write(figure, told, 0.05, lower, WIDTH - 2.0, TEXT + 0.5, INK)
    if not limits:
        write(figure, say("findings.box.nothing", lang), 0.05, lower + 0.3, WIDTH, TEXT, GREY)
    else:
        p, again = (say(f"findings.box.{key}", lang) for key in ("p", "repeated"))
        write(figure, p, WIDTH - 0.75, lower + 0.02, 1.2, SMALL, GREY, "right")
        write(figure, again, WIDTH - 0.05, lower + 0.02, 0.8, SMALL, GREY, "right")
    for at, limit in enumerate(limits):
        top = lower + 0.32 + sum(lines[:at])
        _range(figure, limit, ranges[limit["factor"]], factors, top)
        chance = limit["quasi_p"]
        written = plain(chance, 3) if chance >= 0.001 else "<\u00a00.001"
        write(figure, written, WIDTH - 0.75, top + 0.03, 1, TEXT, INK, "right")
        share = reproduced.get(limit["factor"], float("nan"))
        write(figure, per_cent(share, sign=False), WIDTH - 0.05, top + 0.03, 1, TEXT, INK, "right")
    panels.caption(figure, foot)
    return figure


def _trade_off(
    figure: Figure, steps: Sequence[Mapping[str, Any]], corner: tuple[float, float], lang: str
) -> None:
    """Coverage against density; the colour tells how many factors a box limits."""
    left, top = corner
    axes = box(figure, left, top, SIDE * 1.35, SIDE)
    axes.set_xlim(0, 1.04)
    axes.set_ylim(0, 1.04)
    panels.number_axis(axes, "share", "x")
    panels.number_axis(axes, "share", "y")
    axes.grid(color=FAINT, linewidth=0.5)
    axes.set_axisbelow(True)
    axes.plot(
        [s["coverage"] for s in steps],
        [s["density"] for s in steps],
        color=FAINT,
        linewidth=1,
        zorder=2,
    )
    for step in steps:
        shade = SHADES[min(len(step["limits"]), len(SHADES) - 1)]
        look: dict[str, Any] = {"markersize": 5, "markeredgewidth": 0, "zorder": 3}
        marker = {"peel": "o", "drop": "v", "paste": "^"}[step["kind"]]
        look["clip_on"] = False
        axes.plot(step["coverage"], step["density"], marker, color=shade, **look)
    taken = next(step for step in steps if step["chosen"])
    axes.plot(
        taken["coverage"],
        taken["density"],
        "o",
        markersize=12,
        markerfacecolor="none",
        markeredgecolor=TAKEN,
        markeredgewidth=2,
        zorder=4,
        clip_on=False,
    )
    _numbers(axes, steps, taken)
    across = say("findings.box.coverage", lang)
    write(figure, across, left, top + SIDE + 0.26, SIDE * 1.6, SMALL + 0.5, GREY)
    right = left + SIDE * 1.35 + 0.3
    write(figure, say("findings.box.density", lang), 0.05, top - 0.24, 5, SMALL + 0.5, GREY)
    start = top + 0.1
    for count in sorted({len(step["limits"]) for step in steps}):
        swatch = box(figure, right, start + 0.02, 0.14, 0.14)
        swatch.set_axis_off()
        swatch.set_xlim(-1, 1)
        swatch.set_ylim(-1, 1)
        shade = SHADES[min(count, len(SHADES) - 1)]
        swatch.plot(0, 0, "o", color=shade, markersize=5.5, markeredgewidth=0)
        key = {0: "no_limit", 1: "one_limit"}.get(count, "limits_of")
        told = say(f"findings.box.{key}", lang, count=count)
        write(figure, told, right + 0.2, start, WIDTH - right, SMALL, GREY)
        start += 0.21
    for kind, marker in (("drop", "v"), ("paste", "^")):
        if any(step["kind"] == kind for step in steps):
            swatch = box(figure, right, start + 0.02, 0.14, 0.14)
            swatch.set_axis_off()
            swatch.set_xlim(-1, 1)
            swatch.set_ylim(-1, 1)
            swatch.plot(0, 0, marker, color=GREY, markersize=5.5, markeredgewidth=0)
            told = say(f"findings.kind.{kind}", lang)
            write(figure, told, right + 0.2, start, WIDTH - right, SMALL, GREY)
            start += 0.21


def _numbers(axes: Axes, steps: Sequence[Mapping[str, Any]], taken: Mapping[str, Any]) -> None:
    """The numbers of a few boxes, by which another can be asked for."""
    peeled = [step for step in steps if step["kind"] == "peel"]
    apart = max(1, len(peeled) // MARKED)
    far = [
        step
        for step in peeled[::apart]
        if abs(step["coverage"] - taken["coverage"]) + abs(step["density"] - taken["density"]) > 0.1
    ]
    for step in [*far, taken]:
        axes.annotate(
            str(step["step"]),
            (step["coverage"], step["density"]),
            xytext=(7, 5),
            textcoords="offset points",
            fontsize=SMALL - 0.5,
            color=TAKEN if step is taken else GREY,
        )


def _line(limit: Mapping[str, Any], whole: Any, factors: FactorNames) -> float:
    """Inches down for a factor: for its name, and for its settings where they are words."""
    key = limit["factor"]
    tall = max(LINE, height_of(factors.with_unit(key), TEXT, NAMES - 0.15) + 0.12)
    if limit["words"] is None:
        return tall
    room = _room(whole)
    words = max(height_of(factors.value(key, word), SMALL, room) for word in whole)
    return max(tall, 0.19 + words + 0.12)


def _room(words: Sequence[str]) -> float:
    """Inches across for each of the settings of a factor that are words."""
    return RANGE / len(words) - 0.06


def _range(
    figure: Figure,
    limit: Mapping[str, Any],
    whole: Any,
    factors: FactorNames,
    top: float,
) -> None:
    """One factor: its whole range in grey, the box's in colour, with the limits in numbers."""
    key = limit["factor"]
    name = factors.with_unit(key)
    named = height_of(name, TEXT, NAMES - 0.15)
    start = top + max(LINE, named + 0.12) / 2 - 0.1 - named / 2
    write(figure, name, 0.05, start, NAMES - 0.15, TEXT, INK)
    axes = box(figure, NAMES, top + 0.02, RANGE, 0.16)
    axes.set_axis_off()
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1)
    below = top + 0.19
    if limit["words"] is not None:
        each = 1 / len(whole)
        for at, word in enumerate(whole):
            inside = word in limit["words"]
            axes.axvspan(
                at * each + 0.004,
                (at + 1) * each - 0.004,
                color=TAKEN if inside else FAINT,
                linewidth=0,
            )
            middle = NAMES + (at + 0.5) * each * RANGE
            for line, part in enumerate(lines_of(factors.value(key, word), SMALL, _room(whole))):
                foot = below + line * SMALL * LEADING / 72
                _centred(figure, part, middle, foot, INK if inside else GREY)
        return
    lowest, highest = whole
    span = (highest - lowest) or 1.0
    low = lowest if limit["low"] is None else limit["low"]
    high = highest if limit["high"] is None else limit["high"]
    axes.axvspan(0, 1, color=FAINT, linewidth=0)
    axes.axvspan((low - lowest) / span, (high - lowest) / span, color=TAKEN, linewidth=0)
    factor = factor_of(factors.unit(key))
    decimals = (2 if span * factor < 5 else 0) + round(math.log10(factor))
    for value, told in ((lowest, round(lowest, decimals)), (highest, round(highest, decimals))):
        at = (value - lowest) / span
        near = [abs((e - value) / span) for e in (limit["low"], limit["high"]) if e is not None]
        if min(near, default=1.0) > 0.14:
            _centred(figure, factors.value(key, told), NAMES + at * RANGE, below, GREY)
    for value in (limit["low"], limit["high"]):
        if value is not None:
            at = NAMES + (value - lowest) / span * RANGE
            _centred(figure, factors.value(key, value), at, below, INK)


def _centred(figure: Figure, text: str, middle: float, top: float, shade: str) -> None:
    across, down = figure.get_size_inches()
    y = 1 - (top + SMALL * 1.06 / 72) / down
    figure.text(middle / across, y, text, size=SMALL, color=shade, ha="center", va="baseline")

"""Which factors an outcome depends on: two bars a factor, with the intervals as shaded ends.

For Sobol indices the upper bar is the total order and the lower one the first order, so that the
gap between them is what a factor does together with others. For Morris the upper bar is mu* and the
lower one sigma.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from sim.report import panels
from sim.report.factors import FactorNames, index_words
from sim.report.finding_sentences import beyond_luck, rival
from sim.report.names import Entries, Names
from sim.report.numbers import change_scale, estimate, known
from sim.report.style import (
    FAINT,
    GREY,
    INK,
    PALETTE,
    PAPER,
    SMALL,
    TEXT,
    TITLE,
    WIDTH,
    box,
    sheet,
    styled,
)
from sim.report.wrapping import height_of, width_of, write
from sim.text import say

NAMES = 2.35  # inches for the names of factors
LINE = 0.42  # inches that a factor takes, or more when its name is long
MEASURES = {"sobol": ("total", "first"), "morris": ("mu_star", "sigma")}
SHADES = (PALETTE[0], "#8FBFDC")  # of the upper bar and of the lower one


@dataclass(frozen=True)
class _Bar:
    factor: str
    upper: Mapping[str, Any]
    lower: Mapping[str, Any]


@styled
def sensitivity_bars(
    table: pd.DataFrame,
    kind: str,
    lang: str | None = None,
    *,
    factors: FactorNames,
    meanings: Entries | None = None,
    outcomes: Sequence[str] | None = None,
    points: int = 0,
    replications: int = 1,
) -> Figure:
    """A block an outcome, its factors from the most to the least telling.

    Args:
        table: as `sim.analysis.sensitivity` gives it.
        kind: "sobol" or "morris".
        lang: language; SHIYU_LANG or English unless told.
        factors: names of the factors.
        meanings: names and units of the outcomes.
        outcomes: which outcomes, in this order; all of the table unless told.
        points: how many points the design has.
        replications: how many of each.
    """
    names = Names(lang, {}, meanings or {})
    lang = names.spoken
    shown = list(outcomes or dict.fromkeys(table["outcome"]))
    blocks = {name: _bars(table, kind, name) for name in shown}
    blocks = {name: bars for name, bars in blocks.items() if bars}
    title = finding(table, kind, next(iter(blocks), ""), factors, names)
    about = say(f"findings.{kind}.about", lang, points=points, runs=replications)
    head = [(title, TITLE, INK), (about, SMALL + 0.5, GREY)]
    luck = "luck" if replications > 1 else "one"
    foot = say(f"findings.{kind}.caption", lang)
    foot += say(f"findings.{kind}.{luck}", lang, runs=replications)
    right = max(
        width_of(_numbers(bar, kind, names.unit(name), lang), TEXT)
        for name, bars in blocks.items()
        for bar in bars
    )
    line = max(
        LINE,
        *(
            height_of(factors.name(b.factor), TEXT, NAMES - 0.15) + 0.1
            for bars in blocks.values()
            for b in bars
        ),
    )
    above = panels.heading_height(head) + 0.45
    tall = sum(len(bars) * line + 0.78 for bars in blocks.values())
    figure = sheet(above + tall + panels.caption_height(foot))
    top = panels.heading(figure, head, 0.05, 0.05) + 0.04
    _legend(figure, kind, top, lang)
    top = above
    for name, bars in blocks.items():
        write(figure, names.outcome(name), 0.05, top, 4, TEXT + 0.5, INK)
        heads = say(f"findings.{kind}.numbers", lang)
        write(figure, heads, WIDTH - 0.05, top + 0.02, 3, SMALL, GREY, "right")
        _block(figure, bars, kind, names, factors, (top + 0.24, line, right))
        top += len(bars) * line + 0.78
    panels.caption(figure, foot)
    return figure


def finding(
    table: pd.DataFrame, kind: str, outcome: str, factors: FactorNames, names: Names
) -> str:
    """The factor that the outcome depends on most, in few words."""
    bars = _bars(table, kind, outcome)
    title = names.outcome(outcome)
    rows = table[table["outcome"] == outcome].to_dict("records")
    if not bars or not known(bars[0].upper["estimate"]) or not beyond_luck(rows, bars[0].factor):
        return say("findings.sobol.none", names.spoken, outcome=title)
    total = index_words(bars[0].upper["estimate"])
    factor = factors.name(bars[0].factor)
    words = {"outcome": title, "factor": factor, "total": total}
    told = [row for row in rows if row["measure"] == MEASURES[kind][0] and known(row["estimate"])]
    most = max(told, key=lambda row: row["estimate"])
    if (other := rival(told, most)) is not None:
        words = {"outcome": title, "factor": factor, "other": factors.name(other)}
        return say("findings.either", names.spoken, **words)
    return say(f"findings.{kind}.finding", names.spoken, **words)


def _bars(table: pd.DataFrame, kind: str, outcome: str) -> list[_Bar]:
    """The factors of one outcome, the most telling first."""
    mine = table[table["outcome"] == outcome]
    upper, lower = (
        {row["factor"]: row for row in mine[mine["measure"] == m].to_dict("records")}
        for m in MEASURES[kind]
    )
    if kind == "sobol":
        upper, lower = _cut(upper), _cut(lower)
    bars = [_Bar(str(name), row, lower[name]) for name, row in upper.items()]
    return sorted(bars, key=lambda bar: -np.nan_to_num(bar.upper["estimate"]))


def _cut(rows: Mapping[Any, dict[Any, Any]]) -> dict[Any, dict[Any, Any]]:
    """Shares of variance as they are shown: what chance puts below 0 or above 1 is cut there."""
    return {
        name: row
        | {k: min(max(row[k], 0.0), 1.0) for k in ("estimate", "low", "high") if known(row[k])}
        for name, row in rows.items()
    }


def _numbers(bar: _Bar, kind: str, unit: str, lang: str) -> str:
    """The upper bar with its interval as it stands at the right."""
    value, low, high = (bar.upper[key] for key in ("estimate", "low", "high"))
    if kind == "sobol":
        told = estimate(value, low, high, "share", lang)
    else:
        told = estimate(value, low, high, unit, lang)
    return told.removeprefix("+")


def _legend(figure: Figure, kind: str, top: float, lang: str) -> None:
    """What the two bars are."""
    left = 0.05
    for measure, shade in zip(MEASURES[kind], SHADES, strict=True):
        text = say(f"findings.{kind}.{measure}", lang)
        swatch = box(figure, left, top + 0.05, 0.16, 0.09)
        swatch.set_axis_off()
        swatch.add_patch(Rectangle((0, 0), 1, 1, color=shade, linewidth=0))
        write(figure, text, left + 0.22, top, 4, SMALL, GREY)
        left += 0.22 + width_of(text, SMALL) + 0.25


def _block(
    figure: Figure,
    bars: list[_Bar],
    kind: str,
    names: Names,
    factors: FactorNames,
    place: tuple[float, float, float],
) -> None:
    """One outcome's factors, its axis, and the numbers at the right."""
    top, line, numbers = place
    unit = "share" if kind == "sobol" else names.unit(str(bars[0].upper["outcome"]))
    axes = box(figure, NAMES, top, WIDTH - NAMES - numbers - 0.2, len(bars) * line)
    values = [r[k] for b in bars for r in (b.upper, b.lower) for k in ("estimate", "low", "high")]
    reach = max([abs(v) for v in values if known(v)], default=1.0) * 1.04 or 1.0
    axes.set_xlim(0, min(reach, 1.0) if kind == "sobol" else reach)
    axes.set_ylim(len(bars) - 0.5, -0.5)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.grid(axis="x", color=FAINT, linewidth=0.5)
    axes.set_axisbelow(True)
    for at, bar in enumerate(bars):
        _bar(axes, bar.upper, at - 0.17, SHADES[0])
        _bar(axes, bar.lower, at + 0.17, SHADES[1])
        floor = float(bar.upper.get("floor_high") or 0.0)
        if known(floor) and floor > 0:
            axes.plot([floor] * 2, [at - 0.36, at + 0.02], color=INK, linewidth=1, linestyle=":")
        middle = top + (at + 0.5) * line
        name = factors.name(bar.factor)
        start = middle - height_of(name, TEXT, NAMES - 0.15) / 2
        write(figure, name, 0.05, start, NAMES - 0.15, TEXT)
        told = _numbers(bar, kind, unit, names.spoken)
        write(figure, told, WIDTH - 0.05, middle - 0.17 * line - 0.09, 3, TEXT, INK, "right")
    panels.number_axis(axes, unit, "x")
    axes.axvline(0, color=INK, linewidth=1.0, zorder=2.5)
    lang, below = names.spoken, top + len(bars) * line + 0.22
    told = say("findings.sobol.axis", lang) if kind == "sobol" else change_scale(unit, lang)
    write(figure, told, NAMES, below, 4, SMALL, GREY)


def _bar(axes: Axes, row: Mapping[str, Any], at: float, shade: str) -> None:
    """A bar to its estimate, fading over its interval."""
    value, low, high = (float(row[key]) for key in ("estimate", "low", "high"))
    if not known(value):
        return
    axes.barh(at, value, 0.3, 0, color=shade, linewidth=0, zorder=2)
    if known(low) and known(high) and high > low:
        style: dict[str, Any] = {"linewidth": 0, "zorder": 2.2}
        axes.barh(at, min(value, high) - low, 0.3, low, color=PAPER, alpha=0.45, **style)
        axes.barh(at, high - value, 0.3, value, color=shade, alpha=0.3, **style)
        ends = [at - 0.15, at + 0.15]
        axes.plot([value] * 2, ends, color=INK, linewidth=1.2, solid_capstyle="butt", zorder=3)

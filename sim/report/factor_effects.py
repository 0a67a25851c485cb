"""What each factor of a design does to an outcome: a block a factor, a line a setting."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from sim.report import panels
from sim.report.comparison import Row
from sim.report.differences import draw_row
from sim.report.factors import FactorNames, index_words
from sim.report.names import Entries, Names
from sim.report.numbers import change_scale, estimate, known
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
from sim.report.wrapping import height_of, width_of, write
from sim.text import say

NAMES = 2.2  # inches for the names of factors
SETTINGS = 0.95, 1.75  # inches for their settings: usual, and at most, for those that are sentences
LINE, GAP = 0.27, 0.16  # inches down for a setting, and between factors


@styled
def factor_effects(
    table: pd.DataFrame,
    outcome: str,
    lang: str | None = None,
    *,
    factors: FactorNames,
    meanings: Entries | None = None,
    points: int = 0,
    additive_share: float = float("nan"),
    combinations: tuple[int, int | None] | None = None,
    entangled: Sequence[str] = (),
) -> Figure:
    """Paired effects of every factor on one outcome, on one axis.

    Args:
        table: `main` of `sim.analysis.design_effects.Effects`.
        outcome: name of the outcome.
        lang: language; SHIYU_LANG or English unless told.
        factors: names of the factors.
        meanings: names and units of the outcomes.
        points: how many points the design has.
        additive_share: what effects by themselves reproduce.
        combinations: of a design that is not fully crossed, how many combinations it has, and how
            many there could be (None where a factor is a range).
        entangled: factors that change together with others, by key.
    """
    names = Names(lang, {}, meanings or {})
    lang, unit = names.spoken, names.unit(outcome)
    mine = table[table["outcome"] == outcome]
    blocks = [(str(key), part.to_dict("records")) for key, part in _by_reach(mine)]
    rows = [row_of(record) for _, records in blocks for record in records]
    runs = max((row.replications for row in rows), default=0)
    about = about_effects(names.outcome(outcome), points, runs, lang, crossed=combinations is None)
    head = [(finding(mine, outcome, factors, names), TITLE, INK), (about, SMALL + 0.5, GREY)]
    share = index_words(additive_share)
    key = "caption" if known(additive_share) else "caption_unknown"
    foot = say(f"findings.effects.{key}", lang, share=share)
    foot += leaning(combinations, entangled, factors)
    numbers = max((width_of(_told(row, lang), TEXT) for row in rows), default=1.0) + 0.15
    settings = [
        [factors.value(name, record["end"]) for record in records] for name, records in blocks
    ]
    room = _room(settings)
    width = WIDTH - NAMES - room - numbers - 0.1
    lines = [[max(LINE, height_of(told, TEXT, room) + 0.08) for told in each] for each in settings]
    heights = [_height(name, each, factors) for (name, _), each in zip(blocks, lines, strict=True)]
    above = panels.heading_height(head) + 0.35
    figure = sheet(above + sum(heights) + 0.5 + panels.caption_height(foot))
    panels.heading(figure, head, 0.05, 0.05)
    place = (NAMES + room, above, width, sum(heights))
    axes = box(figure, *place)
    ends = [e for row in rows for e in (row.low, row.high, row.difference) if e == e]
    smallest = max((row.smallest for row in rows), default=0.0)
    lowest, highest = min([*ends, -2 * smallest]), max([*ends, 2 * smallest])
    margin = 0.04 * (highest - lowest) or 1.0
    axes.set_xlim(lowest - margin, highest + margin)
    axes.set_ylim(sum(heights), 0)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.axvspan(-smallest, smallest, color=FAINT, alpha=0.55, linewidth=0, zorder=0)
    down = 0.0
    for at, ((name, records), tall) in enumerate(zip(blocks, heights, strict=True)):
        shade = PALETTE[at % len(PALETTE)]
        title = factors.name(name)
        write(figure, title, 0.05, above + down, NAMES - 0.15, TEXT, INK)
        first = say(
            "findings.effects.first", lang, start=factors.measured(name, records[0]["start"])
        )
        write(
            figure,
            first,
            0.05,
            above + down + height_of(title, TEXT, NAMES - 0.15),
            NAMES - 0.15,
            SMALL,
            GREY,
        )
        y = down
        for record, setting, line in zip(records, settings[at], lines[at], strict=True):
            row, middle = row_of(record), y + line / 2
            draw_row(axes, row, middle, shade, tall=0.17)
            start = above + middle - height_of(setting, TEXT, room) / 2
            write(figure, setting, NAMES + room - 0.1, start, room, TEXT, INK, "right")
            ink = GREY if row.negligible else INK
            told = _told(row, lang)
            write(figure, told, WIDTH - 0.05, above + middle - 0.09, 3, TEXT, ink, "right")
            y += line
        down += tall
    panels.number_axis(axes, unit, "x", signed=True)
    panels.zero_line(axes, "x")
    write(figure, change_scale(unit, lang), place[0], above + sum(heights) + 0.24, 4, SMALL, GREY)
    panels.caption(figure, foot)
    return figure


def about_effects(outcome: str, points: int, runs: int, lang: str, *, crossed: bool) -> str:
    """What effects are: differences of means where all is crossed, else parts of a fitted sum."""
    key = "about" if crossed else "about_fitted"
    return say(f"findings.effects.{key}", lang, outcome=outcome, points=points, runs=runs)


def leaning(
    combinations: tuple[int, int | None] | None, entangled: Sequence[str], factors: FactorNames
) -> str:
    """What effects lean on where combinations were left out, or factors change together."""
    lang, told = factors.spoken, ""
    if combinations is not None and combinations[1] is not None:
        had, possible = combinations
        told += say("findings.effects.holes", lang, had=had, possible=possible)
    if entangled:
        named = say("findings.list", lang).join(
            say("findings.quoted", lang, name=factors.name(key)) for key in entangled
        )
        told += say("findings.effects.entangled", lang, names=named)
    return told


def finding(table: pd.DataFrame, outcome: str, factors: FactorNames, names: Names) -> str:
    """What can be said of the largest effect: clear, likely, too small to matter, or open."""
    words = {"outcome": names.outcome(outcome)}
    ends = table["low"].notna() & table["high"].notna()
    apart = ends & ((table["low"] > 0) | (table["high"] < 0))
    for key, rows in (("finding", table["distinguishable"]), ("likely", apart)):
        found = table[rows & ~table["negligible"]]
        if not found.empty:
            first = str(found.loc[found["effect"].abs().idxmax(), "factor"])
            told = factors.name(first)
            return say(f"findings.effects.{key}", names.spoken, factor=told, **words)
    key = "small" if ends.any() and table["negligible"].all() else "none"
    return say(f"findings.effects.{key}", names.spoken, **words)


def row_of(record: Mapping[str, Any]) -> Row:
    """An effect as the row of a comparison, which knows how it is drawn."""
    return Row(
        scenario=str(record["end"]),
        outcome=str(record["outcome"]),
        by=None,
        group=None,
        unit=str(record["unit"]),
        baseline_mean=float(record["base"]),
        mean=float(record["base"]) + float(record["effect"]),
        difference=float(record["effect"]),
        low=float(record["low"]),
        high=float(record["high"]),
        distinguishable=bool(record["distinguishable"]),
        negligible=bool(record["negligible"]),
        relative=float("nan"),
        replications=int(record["replications"]),
        needed=None,
        up=None,
        down=None,
    )


def _by_reach(table: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    """The factors, the one with the largest effect first."""
    parts = [(str(key), part) for key, part in table.groupby("factor", sort=False)]
    return sorted(parts, key=lambda pair: -float(pair[1]["effect"].abs().max() or 0.0))


def _room(settings: Sequence[Sequence[str]]) -> float:
    """How many inches the settings have: as many as the longest needs, within bounds."""
    longest = max((width_of(told, TEXT) for each in settings for told in each), default=0.0)
    return min(max(SETTINGS[0], longest + 0.1), SETTINGS[1])


def _height(name: str, lines: Sequence[float], factors: FactorNames) -> float:
    words = height_of(factors.name(name), TEXT, NAMES - 0.15) + SMALL * 1.38 / 72
    return max(sum(lines), words) + GAP


def _told(row: Row, lang: str) -> str:
    return estimate(row.difference, row.low, row.high, row.unit, lang)

"""The main figure: what each policy changes, as a paired difference with its zero line.

Two bands show how surely: the dark one would hold the true mean difference half of the time, the
light one 95 times of 100. They are bands and not whiskers, and nothing happens at the edge of 5 %,
because a sharp end is read as a border. What is too small to matter is drawn in grey.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import to_hex, to_rgb
from matplotlib.figure import Figure

from sim.report import panels
from sim.report.comparison import Row, rows_of
from sim.report.left_out import left_out_words
from sim.report.names import Entries, Names
from sim.report.numbers import estimate, is_share, level, per_cent, scale_words, unit_words
from sim.report.sentences import paired_finding
from sim.report.style import (
    BASELINE,
    FAINT,
    GREY,
    INK,
    SMALL,
    TEXT,
    TITLE,
    WIDTH,
    box,
    colour,
    ink_of,
    sheet,
    styled,
)
from sim.report.wrapping import height_of, lines_of, width_of, write
from sim.text import say

LINE = 0.27  # inches a policy takes, or more when its name is long
OUTCOMES = 1.75  # inches for the names of outcomes
POLICIES = 1.4  # and for the names of policies, when there are several
RELATIVE = 0.55  # and for the relative size at the right


@dataclass(frozen=True)
class Columns:
    """Where things stand across the figure, in inches from its left edge."""

    policies: list[str]
    axes: float
    width: float
    name_size: float
    line: float  # inches that a policy takes down the figure

    @classmethod
    def of(cls, policies: list[str], names: Names, estimates: list[str]) -> "Columns":
        """Columns wide enough for all the names and numbers."""
        titles = [names.scenario(name) for name in policies]
        wraps = any(len(lines_of(title, TEXT, POLICIES)) > 1 for title in titles)
        left = OUTCOMES + (0.1 if len(policies) == 1 else POLICIES + 0.15)
        numbers = max((width_of(text, TEXT) for text in estimates), default=1) + RELATIVE + 0.2
        size = SMALL if wraps else TEXT
        tallest = max((height_of(title, size, POLICIES) for title in titles), default=0)
        line = LINE if len(policies) == 1 else max(LINE, tallest + 0.05)
        return cls(policies, left, WIDTH - left - numbers, size, line)


@styled
def paired_differences(
    table: pd.DataFrame,
    lang: str | None = None,
    *,
    baseline: str = "",
    scenarios: Entries | None = None,
    meanings: Entries | None = None,
    outcomes: Sequence[str] | None = None,
    title: str | None = None,
    left_out: Sequence[str] = (),
) -> Figure:
    """Each policy's difference from the baseline in each outcome, with its intervals.

    Args:
        table: the comparison; only rows about everybody are used.
        lang: language; SHIYU_LANG or English unless told.
        baseline: name of the baseline.
        scenarios: titles, {name: {"title": {en, zh}}}, in the order that fixes colours.
        meanings: {outcome: {"unit", "meaning", "short", "good"}}.
        outcomes: which outcomes, in this order; all of the table unless told.
        title: a heading instead of the generated finding.
        left_out: outcomes to name below as ones that nothing makes.

    Every outcome has an axis of its own, as units differ, with zero at the same place; the grey
    strip on each marks what is too small to matter, so that a small effect looks small.
    """
    names = Names(lang, scenarios or {}, meanings or {})
    rows = [row for row in rows_of(table) if row.by is None]
    policies = ordered([row.scenario for row in rows], scenarios, baseline)
    blocks = blocks_of(rows, policies, outcomes)
    rows = [row for block in blocks for row in block]
    count = max((row.replications for row in rows), default=0)
    name = names.scenario(baseline) if baseline else say("report.baseline", lang)
    about = say("report.about.paired", lang, runs=count, baseline=name)
    head = [(title or paired_finding(rows, names), TITLE, INK), (about, SMALL + 0.5, GREY)]
    off = left_out_words(left_out, names)
    foot = "\n".join(filter(None, [say("report.caption.paired", lang), off]))
    columns = Columns.of(policies, names, [numbers_of(row, names) for row in rows])
    heights = [block_height(block, names, columns.line) for block in blocks]
    tall = panels.heading_height(head) + 0.42 + sum(heights) + panels.caption_height(foot)
    figure = sheet(tall)
    top = panels.heading(figure, head, 0.05, 0.05) + 0.1
    right = WIDTH - RELATIVE - 0.05
    write(figure, say("report.head.estimate", lang), right, top, 2.5, SMALL, GREY, "right")
    write(figure, say("report.head.relative", lang), WIDTH - 0.05, top, 1, SMALL, GREY, "right")
    top += 0.24
    for block, height in zip(blocks, heights, strict=True):
        panels.heading(figure, block_lines(block[0], names), 0.05, top, OUTCOMES - 0.1)
        draw_block(figure, block, names, columns, top)
        top += height
    panels.caption(figure, foot)
    return figure


def blocks_of(
    rows: list[Row], policies: list[str], outcomes: Sequence[str] | None
) -> list[list[Row]]:
    """The rows of each outcome, in the order of the policies."""
    shown = outcomes or dict.fromkeys(row.outcome for row in rows)
    blocks = [[row for row in rows if row.outcome == outcome] for outcome in shown]
    return [sorted(b, key=lambda row: policies.index(row.scenario)) for b in blocks if b]


def numbers_of(row: Row, names: Names) -> str:
    """The difference with its interval, as it stands at the right."""
    return estimate(row.difference, row.low, row.high, row.unit, names.spoken)


def block_lines(row: Row, names: Names) -> list[panels.Line]:
    """What stands beside an outcome's differences: name, unit, baseline, welcome direction."""
    lang = names.spoken
    before = level(row.baseline_mean, row.unit, max(row.half, row.smallest), lang)
    share = is_share(row.unit)
    key = "block_share" if share else "block" if unit_words(row.unit, lang) else "block_scale"
    words = {"scale": scale_words(row.unit, lang)} if key == "block_scale" else {}
    about = say(f"report.about.{key}", lang, before=before, **words)
    lines = [(names.outcome(row.outcome), TEXT + 0.5, INK), (about, SMALL, GREY)]
    welcome = names.welcome(row.outcome)
    return [*lines, (welcome, SMALL, GREY)] if welcome else lines


def block_height(block: list[Row], names: Names, line: float) -> float:
    """The room that an outcome takes, with its axis."""
    words = panels.heading_height(block_lines(block[0], names), OUTCOMES - 0.1)
    return max(len(block) * line + 0.38, words + 0.12)


def draw_block(
    figure: Figure, block: list[Row], names: Names, columns: Columns, top: float
) -> None:
    """One outcome: a line for each policy, the strip of small effects, and the zero line."""
    axes = box(figure, columns.axes, top, columns.width, len(block) * columns.line)
    smallest = max(row.smallest for row in block)
    ends = [abs(e) for row in block for e in (row.low, row.high, row.difference) if e == e]
    reach = max([*ends, 2 * smallest]) * 1.08 or 1.0
    axes.set_xlim(-reach, reach)
    axes.set_ylim(len(block) - 0.5, -0.5)
    axes.axvspan(-smallest, smallest, color=FAINT, alpha=0.55, linewidth=0, zorder=0)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    for line, row in enumerate(block):
        shade = colour(columns.policies.index(row.scenario))
        middle = top + (line + 0.5) * columns.line
        draw_row(axes, row, line, shade)
        if len(columns.policies) > 1:
            name, size = names.scenario(row.scenario), columns.name_size
            start = middle - height_of(name, size, POLICIES) / 2
            write(figure, name, OUTCOMES, start, POLICIES, size, ink_of(shade))
        ink, start = GREY if row.negligible else INK, middle - 0.09
        right = WIDTH - RELATIVE - 0.05
        write(figure, numbers_of(row, names), right, start, 3, TEXT, ink, "right")
        write(figure, per_cent(row.relative), WIDTH - 0.05, start, 1, TEXT, ink, "right")
    if max([*ends, smallest]) > 0.0:
        panels.number_axis(axes, block[0].unit, "x", signed=True)
    else:  # nothing differs, and nothing tells how large a difference would be
        axes.set_xticks([0.0], ["0"])
    panels.zero_line(axes, "x")


def draw_row(axes: Axes, row: Row, line: float, shade: str, tall: float = 0.62) -> None:
    """The two bands of a difference and its mean; muted when too small to matter."""
    shade = muted(shade) if row.negligible else shade
    if row.verdict not in ("none", "single", "same"):
        for low, high, share in ((row.low, row.high, 0.95), (*row.inner(), 0.5)):
            strength = panels.OPACITY[share] + 0.1
            axes.barh(
                line, high - low, tall, low, color=shade, alpha=strength, linewidth=0, zorder=2
            )
    ends = [line - tall / 2, line + tall / 2]
    if row.difference == row.difference:
        line_kind: dict[str, Any] = {"linewidth": 2, "solid_capstyle": "butt", "zorder": 3}
        axes.plot([row.difference] * 2, ends, color=shade, **line_kind)


def muted(shade: str) -> str:
    """A colour drawn back towards grey."""
    red, green, blue = (
        0.25 * own + 0.75 * grey for own, grey in zip(to_rgb(shade), to_rgb(BASELINE), strict=True)
    )
    return to_hex((red, green, blue))


def ordered(present: list[str], scenarios: Entries | None, baseline: str = "") -> list[str]:
    """The policies in the order that fixes their colours."""
    unique = list(dict.fromkeys(present))
    listed = [name for name in scenarios or {} if name in unique]
    return [n for n in [*listed, *(n for n in unique if n not in listed)] if n != baseline]

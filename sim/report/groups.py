"""For whom: a policy's difference in each division, kind of place and class of registration."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.report import panels
from sim.report.comparison import Row, rows_of
from sim.report.differences import draw_row, numbers_of, ordered
from sim.report.names import Entries, Names
from sim.report.numbers import change_scale
from sim.report.style import (
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
from sim.report.wrapping import height_of, width_of, write
from sim.text import say

LINE = 0.235  # inches a group takes, or more where a name is long
INDENT = 0.17  # inches before the name of a group under its heading
NAMES = 1.5  # inches for the names of groups
BREAKDOWNS = ("division", "kind", "registration")
Key = tuple[str | None, str | None]  # by and group; (None, None) is everybody


@dataclass(frozen=True)
class Layout:
    """Where the panels stand, in inches, and how far their common axis reaches."""

    lines: list[Key]
    line: float  # height of each
    top: float
    width: float  # of a policy's column
    numbers: float  # of the numbers in it; 0 when they are left out
    reach: tuple[float, float]


@styled
def by_group(
    table: pd.DataFrame,
    outcome: str,
    lang: str | None = None,
    *,
    baseline: str = "",
    scenarios: Entries | None = None,
    meanings: Entries | None = None,
    groups: Entries | None = None,
    title: str | None = None,
) -> Figure:
    """One outcome's differences by group, one panel a policy, all on the same axis.

    The arguments are those of `paired_differences`; `groups` names groups of people,
    {"division": {slug: {en, zh}}}. Numbers stand beside the panels while there are one or two.
    """
    names = Names(lang, scenarios or {}, meanings or {}, groups or {})
    rows = [row for row in rows_of(table) if row.outcome == outcome]
    policies = ordered([row.scenario for row in rows], scenarios, baseline)
    head = heading_of(title, outcome, baseline, names)
    foot = say("report.caption.groups", lang)
    lines = lines_of_groups(rows)
    line = LINE + max(below_first(name_of(*key, names), TEXT) for key in lines)
    width = (WIDTH - NAMES - 0.1) / max(len(policies), 1)
    numbers = max((width_of(numbers_of(row, names), SMALL) for row in rows), default=0) + 0.1
    titles = [height_of(names.scenario(p), TEXT + 0.5, width - 0.2) for p in policies]
    label = max(titles, default=0)
    above = 0.05 + panels.heading_height(head) + 0.1
    start = above + label + 0.08
    figure = sheet(start + len(lines) * line + 0.4 + panels.caption_height(foot))
    panels.heading(figure, head, 0.05, 0.05)
    room = numbers if len(policies) < 3 else 0.0
    layout = Layout(lines, line, start, width, room, reach_of(rows))
    write_groups(figure, layout, names)
    for i, policy in enumerate(policies):
        left, ink = NAMES + 0.1 + i * width, ink_of(colour(i))
        write(figure, names.scenario(policy), left, above, width - 0.2, TEXT + 0.5, ink)
        mine = {(row.by, row.group): row for row in rows if row.scenario == policy}
        draw_policy(figure, mine, names, layout, (left, colour(i)))
    panels.caption(figure, foot)
    return figure


def heading_of(title: str | None, outcome: str, baseline: str, names: Names) -> list[panels.Line]:
    """What the figure is about, and what its axis counts."""
    lang, unit = names.spoken, names.unit(outcome)
    title = title or say("report.finding.groups", lang, outcome=names.outcome(outcome))
    name = names.scenario(baseline) if baseline else say("report.baseline", lang)
    scale = change_scale(unit, lang)
    about = say("report.axis_difference", lang, baseline=name, scale=scale)
    return [(title, TITLE, INK), (about, SMALL + 0.5, GREY)]


def write_groups(figure: Figure, layout: Layout, names: Names) -> None:
    """The names of the groups down the left side, under grey headings."""
    for at, (by, group) in enumerate(layout.lines):
        text = name_of(by, group, names)
        left, size, ink = INDENT, TEXT, INK
        if by is None:
            left = 0.05
        elif group is None:
            left, size, ink = 0.05, SMALL, GREY
        middle = (layout.line - LINE - below_first(text, size)) / 2
        write(figure, text, left, layout.top + at * layout.line + 0.03 + middle, NAMES, size, ink)


def name_of(by: str | None, group: str | None, names: Names) -> str:
    """What a line is called: a group, or the heading of a breakdown."""
    if group is None and by is not None:
        return say(f"report.by.{by}", names.spoken)
    return names.group(by or "all", group or "all")


def below_first(text: str, size: float) -> float:
    """Inches that a name takes below its first line."""
    return height_of(text, size, NAMES) - height_of("x", size, NAMES)


def draw_policy(
    figure: Figure,
    rows: Mapping[Key, Row],
    names: Names,
    layout: Layout,
    place: tuple[float, str],
) -> None:
    """One policy's panel: a dot with bands for each group, in line with the names."""
    left, shade = place
    inner = layout.width - layout.numbers - 0.2
    axes = box(figure, left, layout.top, inner, len(layout.lines) * layout.line)
    prepare(axes, layout)
    for at, key in enumerate(layout.lines):
        row = rows.get(key)
        if row is None:
            continue
        draw_row(axes, row, at, shade, tall=0.55)
        if row.by is None:
            axes.axvline(row.difference, color=shade, linewidth=0.7, alpha=0.6, zorder=1)
        if layout.numbers:
            right = left + inner + layout.numbers
            top = layout.top + at * layout.line + 0.04 + (layout.line - LINE) / 2
            ink = GREY if row.negligible else INK
            write(figure, numbers_of(row, names), right, top, 3, SMALL, ink, "right")
    if rows:
        panels.number_axis(axes, next(iter(rows.values())).unit, "x", signed=True)
    panels.zero_line(axes, "x")


def prepare(axes: Axes, layout: Layout) -> None:
    """An empty panel with the common scale and faint lines."""
    axes.set_xlim(*layout.reach)
    axes.set_ylim(len(layout.lines) - 0.5, -0.5)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.grid(axis="x", color=FAINT, linewidth=0.5)
    axes.set_axisbelow(True)


def lines_of_groups(rows: list[Row]) -> list[Key]:
    """Everybody, then each breakdown: its heading (by, None) and its groups (by, group)."""
    lines: list[Key] = [(None, None)]
    for by in BREAKDOWNS:
        found = list(dict.fromkeys(row.group for row in rows if row.by == by))
        if found:
            lines += [(by, None), *((by, group) for group in found)]
    return lines


def reach_of(rows: list[Row]) -> tuple[float, float]:
    """The common axis: all intervals and zero, with some room."""
    ends = [e for row in rows for e in (row.low, row.high, row.difference) if e == e]
    low, high = min([*ends, 0.0]), max([*ends, 0.0])
    room = 0.08 * (high - low) or 1.0
    return low - room, high + room

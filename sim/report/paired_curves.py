"""A policy's difference from the baseline over time, run against run, one panel a policy.

Runs of the same seed are taken from one another, so that the luck they share drops out. All panels
have the same scale and a strong line at zero.
"""

from collections.abc import Mapping

import pandas as pd
from matplotlib.figure import Figure

from sim.report import panels
from sim.report.names import Entries, Names
from sim.report.numbers import change_scale
from sim.report.runs import draw_bands, fit, order_of, runs_of, smoothed
from sim.report.sentences import runs_finding
from sim.report.style import (
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
from sim.text import say

PANEL = 1.7  # inches of height
MARGIN = 0.55  # inches for the numbers of the axis


@styled
def difference_curves(
    frame: pd.DataFrame,
    outcome: str,
    lang: str | None = None,
    *,
    baseline: str | None = None,
    scenarios: Entries | None = None,
    meanings: Entries | None = None,
    title: str | None = None,
    smooth: int = 1,
) -> Figure:
    """Each policy's paired difference from the baseline, with bands over the pairs.

    The arguments are those of `outcome_curves`, for one outcome; `title` replaces the generated
    heading.
    """
    names = Names(lang, scenarios or {}, meanings or {})
    base, policies = order_of(frame, baseline, scenarios)
    reference = runs_of(frame, base, outcome, smooth)
    pairs = {name: runs_of(frame, name, outcome, smooth) - reference for name in policies}
    pairs = {name: table.dropna(axis=1, how="all") for name, table in pairs.items()}
    unit = names.unit(outcome)
    head = heading_of(title, outcome, base, names)
    count = max((table.shape[1] for table in pairs.values()), default=0)
    foot = say("report.caption.differences", lang, runs=count) + smoothed(smooth, lang)
    columns = min(2, max(1, len(policies)))
    width = (WIDTH - 0.05) / columns
    findings = [runs_finding(table, unit, lang) for table in pairs.values()]
    heads = [
        [(names.scenario(name), TEXT + 0.5, ink_of(colour(i))), (findings[i], SMALL, GREY)]
        for i, name in enumerate(policies)
    ]
    inner = width - MARGIN - 0.1
    above = [panels.heading_height(lines, inner) + 0.08 for lines in heads]
    rows = [max(above[i : i + columns]) for i in range(0, len(above), columns)]
    tall = panels.heading_height(head) + 0.15 + sum(rows) + len(rows) * (PANEL + 0.5)
    figure = sheet(tall + panels.caption_height(foot))
    top = panels.heading(figure, head, 0.05, 0.05) + 0.1
    for i, table in enumerate(pairs.values()):
        left, label = (i % columns) * width + MARGIN, rows[i // columns]
        panels.heading(figure, heads[i], left, top + label - above[i], inner)
        draw_panel(figure, table, pairs, (left, top + label, inner), (colour(i), unit))
        if i % columns == columns - 1:
            top += label + PANEL + 0.5
    panels.caption(figure, foot)
    return figure


def heading_of(title: str | None, outcome: str, base: str, names: Names) -> list[panels.Line]:
    """What the figure is about, and what its axis counts."""
    lang, unit = names.spoken, names.unit(outcome)
    title = title or say("report.finding.differences", lang, outcome=names.outcome(outcome))
    scale = change_scale(unit, lang)
    about = say("report.axis_difference", lang, baseline=names.scenario(base), scale=scale)
    return [(title, TITLE, INK), (about, SMALL + 0.5, GREY)]


def draw_panel(
    figure: Figure,
    table: pd.DataFrame,
    pairs: Mapping[str, pd.DataFrame],
    place: tuple[float, float, float],
    look: tuple[str, str],
) -> None:
    """One policy's pairs, on the scale of all of them. `look` is its colour and the unit."""
    left, top, width = place
    axes = box(figure, left, top, width, PANEL)
    draw_bands(axes, table, (look[0], "-"), opacity=1.3)
    fit(axes, pairs.values(), around_zero=True)
    if any((each.fillna(0.0) != 0.0).any(axis=None) for each in pairs.values()):
        panels.number_axis(axes, look[1], signed=True)
    else:  # nothing tells how large a difference would be
        axes.set_yticks([0.0], ["0"])
    panels.grid(axes)
    panels.zero_line(axes)

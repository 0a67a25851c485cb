"""Curves over time, one panel an outcome: each scenario's median with its bands.

The dark band holds half of the runs and the light one nine of ten. Bands are filled and have no
outline: an outline reads as a border that nothing crosses. What they show is chance (same rules,
other luck), never what we do not know about the rules.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd
from matplotlib.figure import Figure

from sim.report import panels
from sim.report.comparison import rows_of
from sim.report.names import Entries, Names
from sim.report.numbers import scale_words
from sim.report.runs import Look, draw_bands, fit, looks_of, order_of, runs_of, smoothed
from sim.report.sentences import curve_finding, whole_run_finding
from sim.report.style import GREY, INK, SMALL, TITLE, WIDTH, box, sheet, styled
from sim.text import say

PER_PANEL = 4  # scenarios, the baseline among them
PANEL = 2.1  # inches of height
LABELS = 1.55  # inches at the right edge for the names of curves


@dataclass(frozen=True)
class Panel:
    """What one panel shows: its heading, the runs of all scenarios, and which of them it draws."""

    head: list[panels.Line]
    runs: dict[str, pd.DataFrame]
    drawn: list[str]
    unit: str


@styled
def outcome_curves(
    frame: pd.DataFrame,
    outcomes: Sequence[str],
    lang: str | None = None,
    *,
    baseline: str | None = None,
    scenarios: Entries | None = None,
    meanings: Entries | None = None,
    titles: Mapping[str, str] | None = None,
    differences: pd.DataFrame | None = None,
    smooth: int = 1,
    under: str = "",
    about: str = "",
) -> Figure:
    """Each scenario's course, one panel an outcome.

    Args:
        frame: columns scenario, seed, date, outcome, value.
        outcomes: which outcomes, in this order.
        lang: language; SHIYU_LANG or English unless told.
        baseline: drawn grey in every panel; the first scenario unless told.
        scenarios: titles, {name: {"title": {en, zh}}}, in the order that fixes colours.
        meanings: {outcome: {"unit", "meaning", "short"}}.
        titles: a finding for an outcome's panel instead of the generated one.
        differences: the table of the comparison: generated titles then say what it says.
        smooth: steps over which each run is averaged before the bands are taken.
        under: what stands below each panel's title.
        about: what the caption says before it explains line and bands.

    More than four scenarios are shared out over several panels, the baseline in each.
    """
    names = Names(lang, scenarios or {}, meanings or {})
    base, policies = order_of(frame, baseline, scenarios)
    looks = looks_of(base, policies)
    shown: list[Panel] = []
    for outcome in outcomes:
        runs = {name: runs_of(frame, name, outcome, smooth) for name in looks}
        title = (titles or {}).get(outcome) or _finding(differences, runs, base, outcome, names)
        head = heading_of(title, outcome, names, under)
        shown += shared_out(runs, base, head, names.unit(outcome))
    foot = about + foot_of(frame["seed"].nunique(), lang) + smoothed(smooth, lang)
    tall = sum(panels.heading_height(panel.head) + 0.1 + PANEL + 0.42 for panel in shown)
    figure = sheet(0.05 + tall + panels.caption_height(foot))
    top = 0.05
    for panel in shown:
        top = draw_panel(figure, panel, names, looks, top)
    panels.caption(figure, foot)
    return figure


def _finding(
    differences: pd.DataFrame | None,
    runs: Mapping[str, pd.DataFrame],
    base: str,
    outcome: str,
    names: Names,
) -> str:
    """What the table of the comparison says of an outcome; without one, what the curves say."""
    rows = [] if differences is None else rows_of(differences[differences["outcome"] == outcome])
    rows = [row for row in rows if row.by is None]
    if rows:
        return whole_run_finding(rows, base, names)
    return curve_finding(runs, base, outcome, names)


def foot_of(runs: int, lang: str | None) -> str:
    """What line and bands mean."""
    if runs == 1:
        return say("report.caption.one_run", lang)
    return say("report.caption.curves", lang, runs=runs)


def heading_of(title: str, outcome: str, names: Names, under: str = "") -> list[panels.Line]:
    """The finding, what stands under it, and what the axis counts."""
    scale = scale_words(names.unit(outcome), names.spoken)
    about = say("report.axis", names.spoken, outcome=names.outcome(outcome), scale=scale)
    below = [(under, SMALL + 0.5, INK)] if under else []
    return [(title, TITLE, INK), *below, (about, SMALL + 0.5, GREY)]


def shared_out(
    runs: dict[str, pd.DataFrame], base: str, head: list[panels.Line], unit: str
) -> list[Panel]:
    """As many panels as four scenarios a panel need, each with the baseline and the same scale."""
    policies = [name for name in runs if name != base]
    step = PER_PANEL - 1
    parts = [policies[i : i + step] for i in range(0, len(policies), step)] or [[]]
    return [Panel([] if i else head, runs, [base, *part], unit) for i, part in enumerate(parts)]


def draw_panel(
    figure: Figure, panel: Panel, names: Names, looks: Mapping[str, Look], top: float
) -> float:
    """Draw a panel below `top` (inches); returns where it ends."""
    top = panels.heading(figure, panel.head, 0.05, top) + 0.1
    place = (0.55, top, WIDTH - 0.55 - LABELS - 0.3, PANEL)
    axes = box(figure, *place)
    ends = []
    for name in panel.drawn:
        draw_bands(axes, panel.runs[name], looks[name], 1.2 if len(panel.drawn) < 3 else 0.8)
        last = panel.runs[name].median(axis=1).dropna()
        if len(last):
            ends.append((names.scenario(name), float(last.iloc[-1]), looks[name][0]))
    fit(axes, panel.runs.values())
    panels.number_axis(axes, panel.unit)
    panels.grid(axes)
    panels.label_ends(figure, axes, place, ends, LABELS)
    return top + PANEL + 0.42

"""How two factors work together: a line for each setting of one along the settings of the other."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from sim.report import panels
from sim.report.factors import FactorNames
from sim.report.names import Entries, Names
from sim.report.numbers import change, change_scale, known
from sim.report.style import (
    DASHES,
    GREY,
    INK,
    SMALL,
    TEXT,
    TITLE,
    WIDTH,
    box,
    colour,
    sheet,
    styled,
)
from sim.report.wrapping import LEADING, height_of, lines_of, width_of, write
from sim.text import say

_ENDS = ("at_start", "at_end", "start", "end", "other_start", "other_end")
_PLAIN = {name: name for name in _ENDS}
_SWAPPED = {
    "at_start": "other_at_start",
    "at_end": "other_at_end",
    "start": "other_start",
    "end": "other_end",
    "other_start": "start",
    "other_end": "end",
}
HEIGHT = 2.7  # inches of the axes
LEFT, ENDS = 0.62, 2.3  # inches for the numbers at the left and the names at the right
BEFORE = 0.15  # of the usual way between settings, free before the first
_Places = tuple[list[float], bool]


@styled
def interaction_plot(
    table: pd.DataFrame,
    outcome: str,
    pair: tuple[str, str],
    lang: str | None = None,
    *,
    factors: FactorNames,
    meanings: Entries | None = None,
    contrast: dict[str, object] | None = None,
    crossed: bool = True,
    largest_of: int = 1,
) -> Figure:
    """Paired differences from the first combination, by the settings of two factors.

    Args:
        table: as `sim.analysis.design_effects.cells` gives it.
        outcome: name of the outcome.
        pair: the factor along the axis, and the one that has a line for each setting.
        lang: language; SHIYU_LANG or English unless told.
        factors: names of the factors.
        meanings: names and units of the outcomes.
        contrast: the row of `Effects.together` about this pair, for the heading.
        crossed: whether the other factors are the same at every combination.
        largest_of: of how many pairs this one was chosen, as that with the largest interaction.
    """
    names = Names(lang, {}, meanings or {})
    lang, unit = names.spoken, names.unit(outcome)
    scale = change_scale(unit, lang)
    about = say("findings.together.about", lang, scale=scale)
    title = heading_of(contrast, outcome, pair, factors, names)
    head = [(title, TITLE, INK), (about, SMALL + 0.5, GREY)]
    foot = say("findings.together.largest", lang, pairs=largest_of) if largest_of > 1 else ""
    foot += say("findings.together.caption", lang)
    settings = table.drop_duplicates("level").sort_values("level")
    shown = [factors.value(pair[0], each) for each in settings["label"]]
    across, to_scale = _across(settings["label"].to_list(), shown, WIDTH - LEFT - ENDS - 0.1)
    foot += "" if to_scale else say("findings.together.evenly", lang)
    foot += "" if crossed else say("findings.together.uncrossed", lang)
    other = factors.with_unit(pair[1])
    label = height_of(other, SMALL, ENDS - 0.1)
    above = panels.heading_height(head) + 0.25 + label
    along = factors.with_unit(pair[0])
    place = (LEFT, above, WIDTH - LEFT - ENDS - 0.1, HEIGHT)
    at_level = dict(zip(settings["level"], across, strict=True))
    step = place[2] / (across[-1] + BEFORE)  # inches from a setting to the next, on average
    room = min(step - 0.1, 2 * (LEFT + BEFORE * step - 0.05))
    told = [lines_of(words, SMALL, room) for words in shown]
    labels = ["\n".join(lines) for lines in told]
    settled = (max(map(len, told)) - 1) * SMALL * LEADING / 72
    below = 0.4 + settled + height_of(along, TEXT, WIDTH - ENDS - LEFT)
    figure = sheet(above + HEIGHT + below + panels.caption_height(foot) + 0.05)
    panels.heading(figure, head, 0.05, 0.05)
    axes = box(figure, *place)
    axes.set_xlim(-BEFORE, across[-1])
    axes.set_xticks(across, labels)
    ends = []
    for at, (_, part) in enumerate(table.groupby("other_level", sort=True)):
        part = part.sort_values("level")
        shade, dash = colour(at), DASHES[at % len(DASHES)]
        x = part["level"].map(at_level).to_numpy(float)
        axes.fill_between(x, part["low"], part["high"], color=shade, alpha=0.2, linewidth=0)
        axes.plot(x, part["difference"], color=shade, linewidth=1.6, linestyle=dash)
        axes.plot(x, part["difference"], "o", color=shade, markersize=3.5, clip_on=False)
        last = part.iloc[-1]
        ends.append((factors.value(pair[1], last["other_label"]), last["difference"], shade))
    panels.number_axis(axes, unit, "y", signed=True)
    panels.grid(axes)
    panels.zero_line(axes)
    panels.label_ends(figure, axes, place, ends, ENDS - 0.3)
    write(figure, along, LEFT, above + HEIGHT + 0.27 + settled, WIDTH - ENDS - LEFT, TEXT, GREY)
    right = LEFT + place[2] + 0.1
    write(figure, other, right, above - label - 0.12, ENDS - 0.1, SMALL, GREY)
    panels.caption(figure, foot)
    return figure


def _across(labels: Sequence[object], shown: Sequence[str], inches: float) -> _Places:
    """Where settings stand, the last at their number less one; and whether numbers are to scale.

    Numbers stand to scale, lest a straight response look bent, unless their labels would touch.
    Words, and the parts of a range, have no scale and stand evenly.
    """
    evenly = [float(at) for at in range(len(labels))]
    if not all(isinstance(each, int | float) for each in labels) or len(labels) < 3:
        return evenly, True
    numbers = np.array(labels, dtype=float)
    scaled = (numbers - numbers[0]) / np.ptp(numbers) * evenly[-1]
    widths = np.array([width_of(words, SMALL) for words in shown])
    apart = np.diff(scaled) * inches / (evenly[-1] + BEFORE)
    if (apart < (widths[:-1] + widths[1:]) / 2 + panels.APART).any():
        return evenly, False
    return scaled.tolist(), True


def heading_of(
    contrast: dict[str, object] | None,
    outcome: str,
    pair: tuple[str, str],
    factors: FactorNames,
    names: Names,
) -> str:
    """What the interaction is, as far as can be told."""
    lang = names.spoken
    words = {"outcome": names.outcome(outcome)}
    words |= {"factor": factors.name(pair[0]), "other": factors.name(pair[1])}
    if contrast is None or not known(contrast.get("effect")):
        return say("findings.together.finding", lang, **words)
    swap = contrast["factor"] != pair[0]
    if contrast.get("negligible"):
        return say("findings.together.alike", lang, **words)
    if not contrast.get("distinguishable"):
        return say("findings.together.open", lang, **words)
    half = (float(str(contrast["high"])) - float(str(contrast["low"]))) / 2
    keys = _SWAPPED if swap else _PLAIN
    sizes = {
        name: change(float(str(contrast[keys[name]])), names.unit(outcome), half, lang)
        for name in ("at_start", "at_end")
    }
    ends = {name: factors.value(pair[0], contrast[keys[name]]) for name in ("start", "end")}
    ends |= {
        name: factors.value(pair[1], contrast[keys[name]]) for name in ("other_start", "other_end")
    }
    return say("findings.together.more", lang, **sizes, **ends, **words)

"""Chance beside not knowing: each difference with other luck, and with other parameters.

Two lines a policy. Above, the 95 % interval of the difference from chance alone. Below, one dot a
draw of the parameters, and the band that holds the middle 95 % of them once the chance in each is
taken out. Where the lower band lies on one side of zero, the sign does not hang on what nobody has
measured.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.report import panels
from sim.report.differences import OUTCOMES, POLICIES, ordered
from sim.report.names import Entries, Names
from sim.report.numbers import change_scale, known, per_cent
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
from sim.report.wrapping import height_of, width_of, write
from sim.text import say

LINE = 0.25  # inches that each of the two lines takes, more where titles are long
Drawn = Mapping[str, Any]  # a row of the table of robustness


@dataclass(frozen=True)
class Block:
    """One outcome: its rows in the order of policies, and the means of the draws of each."""

    rows: list[Drawn]
    means: list[list[float]]

    @property
    def reach(self) -> float:
        """How far from zero anything lies."""
        names = ("low", "high", "parameters_low", "parameters_high", "difference")
        ends = [abs(row[name]) for row in self.rows for name in names if known(row[name])]
        ends += [abs(mean) for means in self.means for mean in means if known(mean)]
        return max(ends, default=0.0) * 1.08 or 1.0


@styled
def robustness_figure(
    held: Mapping[str, Any],
    lang: str | None = None,
    *,
    baseline: str = "",
    scenarios: Entries | None = None,
    meanings: Entries | None = None,
    outcomes: Sequence[str] | None = None,
    title: str | None = None,
) -> Figure:
    """Each policy's difference in each outcome: by chance, and by draws of the parameters.

    Args:
        held: what a comparison says about its draws: `draws`, `replications`, `parameters`, `rows`
            (of `sim.analysis.robustness`) and `means` (of `draw_means`).
        lang: language; SHIYU_LANG or English unless told.
        baseline: name of the baseline.
        scenarios: titles, in the order that fixes colours.
        meanings: {outcome: {"unit", "meaning", "short", "good"}}.
        outcomes: which outcomes, in this order; all unless told.
        title: a heading instead of the generated finding.
    """
    names = Names(lang, scenarios or {}, meanings or {})
    rows = [row for row in held["rows"] if row["by"] is None]
    policies = ordered([row["scenario"] for row in rows], scenarios, baseline)
    blocks = blocks_of(rows, held["means"], policies, outcomes)
    head = heading_of(title, held, [r for b in blocks for r in b.rows], baseline, names)
    foot = say("report.caption.robustness", lang)
    labels = [say(f"report.robust.{key}", lang) for key in ("chance", "parameters")]
    label = max(width_of(text, SMALL) for text in labels) + 0.12
    titles = [names.scenario(name) for name in policies] if len(policies) > 1 else []
    tallest = max((height_of(words, SMALL, POLICIES - 0.1) for words in titles), default=0.0)
    step = max(LINE, (tallest + 0.08) / 2)
    heights = [len(block.rows) * 2 * step + 0.42 for block in blocks]
    tall = panels.heading_height(head) + 0.42 + sum(heights) + panels.caption_height(foot)
    figure = sheet(tall)
    top = panels.heading(figure, head, 0.05, 0.05) + 0.1
    signs = say("report.head.sign", lang)
    write(figure, signs, WIDTH - 0.05, top, 2.5, SMALL, GREY, "right")
    right = max([width_of(signs, SMALL), width_of("100 / 100", TEXT)]) + 0.2
    left = OUTCOMES + (POLICIES if len(policies) > 1 else 0.0) + label
    top += 0.24
    for block, height in zip(blocks, heights, strict=True):
        outcome, unit = block.rows[0]["outcome"], block.rows[0]["unit"]
        lines = [(names.outcome(outcome), TEXT + 0.5, INK), (change_scale(unit, lang), SMALL, GREY)]
        panels.heading(figure, lines, 0.05, top, OUTCOMES - 0.1)
        axes = box(figure, left, top, WIDTH - left - right, len(block.rows) * 2 * step)
        prepare(axes, block)
        for at, row in enumerate(block.rows):
            policy = policies.index(row["scenario"])
            draw_lines(axes, row, block.means[at], 2 * at, colour(policy), 0.6 * LINE / step)
            start = top + 2 * at * step
            for line, text in enumerate(labels):
                place = start + (line + 0.5) * step - 0.075
                write(figure, text, left - 0.1, place, 2, SMALL, GREY, "right")
            if len(policies) > 1:
                words = names.scenario(row["scenario"])
                middle = start + step - height_of(words, SMALL, POLICIES - 0.1) / 2
                ink = ink_of(colour(policy))
                write(figure, words, OUTCOMES, middle, POLICIES - 0.1, SMALL, ink)
            shade = INK if beyond_chance(row) else GREY
            words = sign_words(row)
            place = start + 1.5 * step - 0.095
            write(figure, words, WIDTH - 0.05, place, 2.5, TEXT, shade, "right")
        panels.number_axis(axes, unit, "x", signed=True)
        panels.zero_line(axes, "x")
        top += height
    panels.caption(figure, foot)
    return figure


def heading_of(
    title: str | None, held: Mapping[str, Any], rows: list[Drawn], baseline: str, names: Names
) -> list[panels.Line]:
    """How many of the differences beyond chance keep their sign, and what was drawn."""
    lang = names.spoken
    told = [row for row in rows if beyond_chance(row) and known(row["sign_share"])]
    firm = sum(row["sign_share"] >= 0.95 for row in told)
    key = "robust" if told else "robust_none"
    finding = title or say(f"report.finding.{key}", lang, firm=firm, shown=len(told))
    name = names.scenario(baseline) if baseline else say("report.baseline", lang)
    facts = {key: held[key] for key in ("draws", "replications", "parameters")}
    about = say("report.about.robust", lang, baseline=name, **facts)
    return [(finding, TITLE, INK), (about, SMALL + 0.5, GREY)]


def blocks_of(
    rows: list[Drawn],
    means: Sequence[Mapping[str, Any]],
    policies: list[str],
    outcomes: Sequence[str] | None,
) -> list[Block]:
    """The rows of each outcome with the means of their draws."""
    found: dict[tuple[str, str], list[float]] = {}
    for one in means:
        found.setdefault((one["scenario"], one["outcome"]), []).append(one["difference"])
    blocks = []
    for outcome in outcomes or dict.fromkeys(row["outcome"] for row in rows):
        mine = [row for row in rows if row["outcome"] == outcome]
        mine.sort(key=lambda row: policies.index(row["scenario"]))
        if mine:
            dots = [found.get((row["scenario"], outcome), []) for row in mine]
            blocks.append(Block(mine, dots))
    return blocks


def prepare(axes: Axes, block: Block) -> None:
    """An empty panel with zero in its middle."""
    axes.set_xlim(-block.reach, block.reach)
    axes.set_ylim(2 * len(block.rows) - 0.5, -0.5)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)


def draw_lines(
    axes: Axes, row: Drawn, means: list[float], line: int, shade: str, thick: float = 0.6
) -> None:
    """Above, chance; below, the draws; `thick` is the share of a line that a band takes."""
    kind: dict[str, Any] = {"color": shade, "linewidth": 0, "zorder": 2}
    for at, low, high, middle in (
        (line, row["low"], row["high"], row["difference"]),
        (line + 1, row["parameters_low"], row["parameters_high"], row["draws_mean"]),
    ):
        if known(low) and known(high):
            axes.barh(at, high - low, thick, low, alpha=panels.OPACITY[0.95] + 0.15, **kind)
        if known(middle):
            ends = [at - thick / 2, at + thick / 2]
            axes.plot([middle] * 2, ends, color=shade, lw=2, solid_capstyle="butt", zorder=3)
    dots = [mean for mean in means if known(mean)]
    ink = ink_of(shade)
    axes.plot(dots, [line + 1] * len(dots), "o", ms=2.6, color=ink, alpha=0.55, mew=0, zorder=4)


def beyond_chance(row: Drawn) -> bool:
    """Whether the interval by chance at the values in use leaves out zero."""
    return known(row["low"]) and known(row["high"]) and row["low"] * row["high"] > 0


def contradicts(row: Drawn) -> bool:
    """Whether the draws are alike but for chance, and lie outside the interval by chance.

    Their band has no width, yet the answer hangs on the parameters: their mean is then told.
    """
    at, low, high = row["parameters_low"], row["low"], row["high"]
    alike = known(at) and at == row["parameters_high"]
    return alike and known(low) and known(high) and not low <= at <= high


def sign_words(row: Drawn) -> str:
    """In how many draws the sign holds: `47 / 50`."""
    if not known(row["sign_share"]):
        return "–"
    return f"{round(row['sign_share'] * row['draws'])} / {row['draws']}"


def share_words(row: Drawn) -> str:
    """What not knowing makes of the variance of a pair."""
    return per_cent(row["parameters_share"], sign=False)

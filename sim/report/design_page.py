"""The report of a design: what its factors do to each outcome, and what must be given up for what.

It asks nothing of the network, as the report of a comparison.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.report import method
from sim.report.content import Content
from sim.report.factor_effects import row_of
from sim.report.factors import FactorNames
from sim.report.markup import Markup, el
from sim.report.names import Names
from sim.report.numbers import change, interval, known
from sim.report.picture import paragraphs, picture
from sim.report.sentences import verdict_words
from sim.report.tables import line, table
from sim.report.whole_page import whole_page
from sim.text import say

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True)
class Design:
    """What the report of a design is made from.

    `effects` are its rows as findings hold them; `figures` go by the names of their files
    (`effects-<outcome>`, `course-<outcome>`, `interaction-<outcome>`, `trade-offs`), `findings` are
    what may be said of each. `notes` are sentences about what is not there, `caution` tells how far
    effects can be trusted.
    """

    name: str
    title: Mapping[str, str]
    why: Mapping[str, str]
    points: int
    replications: int
    outcomes: Sequence[str]
    effects: Sequence[Mapping[str, Any]]
    figures: "Mapping[str, Figure]"
    findings: Mapping[str, str]
    notes: Sequence[str]
    caution: str
    command: str
    provenance: Mapping[str, Any]


def design_page(design: Design, factors: FactorNames, names: Names) -> str:
    """The text of the report, in the language of the names."""
    lang = names.spoken
    content = Content({"command": design.command, "provenance": design.provenance}, lang)
    title = names.pick(design.title) or design.name
    counts = {"points": design.points, "runs": design.replications}
    head = el(
        "header",
        el("p", say("report.design.kicker", lang, **counts), class_="kicker"),
        el("h1", title),
        paragraphs(names.pick(design.why), *design.notes),
    )
    body = el(
        "main",
        head,
        paragraphs(design.caution, class_="note"),
        *(_outcome(design, name, factors, names) for name in design.outcomes),
        _trade_offs(design, lang),
        method.repeat(content),
        method.what_it_is_not(content),
    )
    return whole_page(title, body, lang, str(design.provenance.get("version", "")))


def _outcome(design: Design, name: str, factors: FactorNames, names: Names) -> Markup:
    """What the factors do to an outcome, as a figure with its numbers; then its course."""
    lang = names.spoken
    rows = [row for row in design.effects if row["outcome"] == name]
    heads = [say(f"findings.head.{head}", lang) for head in ("change", "effect", "interval")]
    heads.append(say("report.column.verdict", lang))
    told = [effect_cells(row, factors, lang) for row in rows]
    lines = [line(cells[0], cells[1:-1], cells[-1]) for cells in told]
    twin = table(names.outcome(name), heads, lines) if lines else None
    parts = [
        picture(
            design.figures[stem], design.findings[stem], lang, twin if kind == "effects" else None
        )
        for kind in ("effects", "course", "interaction")
        if (stem := f"{kind}-{name}") in design.figures
    ]
    meaning = paragraphs(names.meaning(name), class_="note")
    return el("section", el("h2", names.outcome(name)), meaning, *parts)


def _trade_offs(design: Design, lang: str) -> Markup | None:
    """What must be given up for what, where there is a choice to make."""
    stem = "trade-offs"
    if stem not in design.figures:
        return None
    title = el("h2", say("report.section.trade_offs", lang))
    return el("section", title, picture(design.figures[stem], design.findings[stem], lang))


def effect_cells(
    row: Mapping[str, Any], names: FactorNames, lang: str, *, again: bool = False
) -> tuple[str, ...]:
    """One effect in words: what changes, by how much, the interval, and what may be said of it.

    With `again` the factor, which the line before has named, is left out.
    """
    words = {key: names.value(row["factor"], row[key]) for key in ("start", "end")}
    told = say("findings.row.text", lang, factor=names.name(row["factor"]), **words)
    if again:
        told = say("findings.row.again", lang, **words)
    if not (known(row["effect"]) and known(row["low"])):
        shown = change(row["effect"], row["unit"], 0.0, lang) if known(row["effect"]) else "-"
        verdict = "single" if known(row["effect"]) else "none"
        return told, shown, "-", say(f"report.verdict.{verdict}", lang)
    half = (row["high"] - row["low"]) / 2
    shown = change(row["effect"], row["unit"], half, lang)
    ends = interval(row["low"], row["high"], row["unit"], lang)
    return told, shown, ends, verdict_words(row_of(row), lang)

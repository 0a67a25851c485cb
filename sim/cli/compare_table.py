"""The answer of `shiyu compare` for a reader: tables, and what they do not say."""

from typing import TYPE_CHECKING, Any

from sim.cli import console
from sim.cli.off import show_silent
from sim.cli.robustness import show_robustness
from sim.cli.words import file_line, outcome_name, unit_in
from sim.text import say

if TYPE_CHECKING:
    from sim.engine.compare import Comparison

HEADS = (
    "outcome",
    "baseline",
    "policy",
    "difference",
    "interval",
    "verdict",
    "unit",
    "meaning",
)


def show_comparison(found: "Comparison", lang: str, *, everything: bool) -> None:
    """The differences over everybody, what they cost, and how far they can be trusted."""
    from sim.analysis import records
    from sim.outcomes import HEADLINES
    from sim.report.prices import price_said

    everybody = [row for row in records(found.table) if row["by"] is None]
    asked = found.baseline.outcomes or HEADLINES
    made = [row for row in everybody if row["outcome"] not in found.silent[row["scenario"]]]
    shown = [row for row in made if everything or row["outcome"] in asked]
    named = {row["outcome"] for row in shown}
    wanted = (row["outcome"] for row in everybody if everything or row["outcome"] in asked)
    _show_tables(found, shown, lang)
    show_silent([name for name in dict.fromkeys(wanted) if name not in named], lang)
    prices = [
        each for each in found.prices if each["outcome"] not in found.silent[each["scenario"]]
    ]
    for price in prices:
        console.show(price_said(price, price["scenario"], lang))
    if prices:
        console.show()
    _show_hidden_costs(found, made, lang)
    if found.drawn is not None:
        show_robustness(found, list(dict.fromkeys(row["outcome"] for row in shown)), lang)
    if more := {row["outcome"] for row in made} - named:
        console.show(say("cli.more", lang, count=len(more)))
    if everybody:
        key = "caution" if found.drawn is None else "caution_drawn"
        looks = sum(row["p_holm"] is not None for row in everybody)
        console.show(say(f"cli.compare.{key}", lang, looks=looks))
    if found.precise is False:
        console.show(say("cli.compare.not_precise", lang, pairs=found.replications))
    for what, path in found.files.items():
        console.show(file_line(what, path, lang))


def _show_tables(found: "Comparison", shown: list[dict[str, Any]], lang: str) -> None:
    """A table for each scenario beside the baseline."""
    for other in found.others:
        rows = [_row(row, lang) for row in shown if row["scenario"] == other.name]
        if not rows:
            continue
        names = {"baseline": found.baseline.name, "other": other.name}
        console.show(say("cli.compare.title", lang, **names, pairs=found.replications))
        console.show_table([say(f"cli.head.{head}", lang) for head in HEADS], rows)
        console.show()


def _show_hidden_costs(found: "Comparison", rows: list[dict[str, Any]], lang: str) -> None:
    """What each policy costs that the outcomes shown do not tell, a sentence each."""
    from sim.report.content import Content
    from sim.report.hidden import notes_of

    content = Content({"baseline": found.baseline.name, "differences": rows}, lang)
    notes = [note for other in found.others for note in notes_of(content, other.name)]
    for note in notes:
        console.show(say("cli.compare.hidden", lang, note=note))
    if notes:
        console.show()


def _row(record: dict[str, Any], lang: str) -> tuple[str, ...]:
    """One outcome's line."""
    from sim.report.comparison import rounded, rows_of
    from sim.report.sentences import verdict_words

    (row,) = rows_of([record])
    *cells, low, high = rounded(row)
    return (
        row.outcome,
        *cells,
        "-" if record["low"] is None else f"{low} … {high}",
        verdict_words(row, lang),
        unit_in(row.unit, lang),
        outcome_name(row.outcome, lang),
    )

"""Tables of a report: outcomes with intervals, groups, courses by year, assumed parameters."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from sim.report.comparison import Row, rounded
from sim.report.content import Content
from sim.report.groups import BREAKDOWNS
from sim.report.markup import Markup, el, together
from sim.report.names import Names
from sim.report.numbers import (
    NONE,
    change_scale,
    estimate,
    factor_of,
    is_share,
    known,
    per_cent,
    scale_words,
    shown,
)
from sim.report.sentences import verdict_words
from sim.text import LANGUAGES, phrase_in, say

LEFT = {say("report.column.verdict", lang) for lang in LANGUAGES}  # columns of words


def table(
    caption: str, heads: Sequence[str], rows: Sequence[Markup], class_: str | None = None
) -> Markup:
    """A table that scrolls sideways on a small screen; columns after the first are numbers."""
    cells = [
        el("th", head, scope="col", class_="number" if i and head not in LEFT else None)
        for i, head in enumerate(heads)
    ]
    inner = together(
        el("caption", caption) if caption else None,
        el("thead", el("tr", *cells)),
        el("tbody", *rows),
    )
    frame = {"tabindex": 0, "role": "region", "aria_label": caption or heads[0]}
    return el("div", el("table", inner, class_=class_), class_="scroll", **frame)


def line(head: object, cells: Sequence[object], words: str = "", muted: bool = False) -> Markup:
    """A row: its head, numbers, and perhaps words at its end."""
    return el(
        "tr",
        el("th", head, scope="row"),
        *(el("td", cell, class_="number") for cell in cells),
        el("td", words, class_="wide") if words else None,
        class_="muted" if muted else None,
    )


def outcome_table(content: Content, policy: str, rows: Sequence[Row]) -> Markup:
    """A policy's outcomes with their differences, intervals and what may be said of them."""
    names, lang = content.names, content.lang
    signs = any(known(row.sign_share) for row in content.everybody)
    keys = ["outcome", "baseline", "policy", "difference", "interval", "relative"]
    keys += ["sign", "verdict"] if signs else ["verdict"]
    heads = [say(f"report.column.{key}", lang) for key in keys]
    lines = []
    for row in rows:
        about = [text for text in (names.meaning(row.outcome), unit_line(row, lang)) if text]
        head = together(names.outcome(row.outcome), *(el("small", text) for text in about))
        cells = numbers(row, lang) + ([per_cent(row.sign_share, sign=False)] if signs else [])
        lines.append(line(head, cells, verdict_words(row, lang), row.negligible))
    title = names.scenario(policy)
    caption = say("report.table.outcomes", lang, scenario=title, runs=content.replications)
    return table(caption, heads, lines, class_="outcomes")


def unit_line(row: Row, lang: str) -> str:
    """The unit of an outcome's numbers, and that of its differences when it is another."""
    unit = scale_words(row.unit, lang)
    change = change_scale(row.unit, lang)
    if is_share(row.unit) and change != unit:
        return say("report.unit_line", lang, unit=unit, change=change)
    return unit


def numbers(row: Row, lang: str) -> list[str]:
    """A row's levels, difference, interval and relative size, without units."""
    before, after, difference, low, high = rounded(row, factor_of(row.unit))
    ends = NONE if NONE in (low, high) else say("report.range", lang, low=low, high=high)
    return [before, after, difference, ends, per_cent(row.relative)]


def group_table(content: Content, outcome: str) -> Markup:
    """One outcome's differences by group of people: a column a policy."""
    names, lang = content.names, content.lang
    rows = [row for row in content.rows if row.outcome == outcome]
    rows = [row for row in rows if row.by in (None, *BREAKDOWNS)]  # a year is no group of people
    found = {(row.scenario, row.by, row.group): row for row in rows}
    keys = list(dict.fromkeys((row.by, row.group) for row in rows))
    lines = []
    for by, group in keys:
        cells = [found.get((policy, by, group)) for policy in content.policies]
        shown = [estimate(r.difference, r.low, r.high, r.unit, lang) if r else "–" for r in cells]
        lines.append(line(names.group(by or "all", group or "all"), shown))
    unit = rows[0].unit if rows else names.unit(outcome)
    scale = change_scale(unit, lang)
    caption = say("report.table.groups", lang, outcome=names.outcome(outcome), scale=scale)
    heads = [say("report.column.group", lang), *map(names.scenario, content.policies)]
    return table(caption, heads, lines)


def year_table(courses: pd.DataFrame, outcome: str, order: Sequence[str], names: Names) -> Markup:
    """One outcome by year: the median over runs and the range that holds nine of ten."""
    lang, unit = names.spoken, names.unit(outcome)
    part = courses[courses["outcome"] == outcome]
    years = pd.to_datetime(part["date"]).dt.year.rename("year")
    means = part.groupby(["scenario", years, "seed"])["value"].mean()
    cuts = means.groupby(["scenario", "year"]).quantile([0.05, 0.5, 0.95]).unstack()
    lines = []
    for year in sorted(set(years)):
        cells = []
        for name in order:
            if (name, year) not in cuts.index:
                cells.append("–")
                continue
            low, middle, high = cuts.loc[(name, year)]
            cells.append(estimate_of_level(middle, low, high, unit, lang))
        lines.append(line(str(year), cells))
    scale = scale_words(unit, lang)
    caption = say("report.table.years", lang, outcome=names.outcome(outcome), scale=scale)
    heads = [say("report.column.year", lang), *map(names.scenario, order)]
    return table(caption, heads, lines)


def estimate_of_level(middle: float, low: float, high: float, unit: str, lang: str) -> str:
    """A level with its range, no sign and no unit: `18.2 (17.1 to 19.4)`."""
    return estimate(middle, low, high, unit, lang).removeprefix("+")


def assumed_table(parameters: Sequence[Mapping[str, Any]], lang: str) -> Markup:
    """The parameters that are judgements, with the range that is plausible."""
    heads = [say(f"report.column.{key}", lang) for key in ("parameter", "value", "plausible")]
    lines = []
    for parameter in parameters:
        value = parameter.get("value", parameter.get("default"))
        low, high = (shown(parameter.get(key)) for key in ("low", "high"))
        source = phrase_in(parameter.get("source") or "", lang)
        head = together(el("code", parameter["name"]), el("small", source) if source else None)
        held = f"{shown(value)} {phrase_in(parameter.get('unit', ''), lang)}".strip()
        lines.append(line(head, [held, say("report.range", lang, low=low, high=high)]))
    return table(say("report.table.assumed", lang), heads, lines)

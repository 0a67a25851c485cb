"""The section of a report on draws of the parameters: does the answer hang on what is unknown?"""

from typing import Any

from sim.analysis.robustness import TELLING_DRAWS
from sim.report.content import Content
from sim.report.differences import ordered
from sim.report.left_out import told_draws
from sim.report.markup import Markup, el, together
from sim.report.numbers import change_scale, estimate, factor_of, known, places, plain
from sim.report.picture import paragraphs, picture
from sim.report.robustness import contradicts, robustness_figure, share_words, sign_words
from sim.report.sections import figure_words
from sim.report.tables import line, table
from sim.text import say


def robust_section(content: Content) -> Markup | None:
    """A figure with its table, what was drawn, and which draws are lacking; or nothing."""
    held = told_draws(content.given)
    if not held or not held["rows"]:
        return None
    lang = content.lang
    figure = robustness_figure(held, lang, outcomes=content.shown, **figure_words(content))
    rows = [row for row in held["rows"] if row["by"] is None and row["outcome"] in content.shown]
    policies = ordered([row["scenario"] for row in rows], content.given.get("scenarios"))
    twins = [_table(content, policy, rows, held) for policy in policies]
    intro = say("report.robust.intro", lang, draws=held["draws"], parameters=held["parameters"])
    notes = [intro]
    if held["draws"] < TELLING_DRAWS:
        few = {"draws": held["draws"], "enough": TELLING_DRAWS}
        notes.append(say("report.robust.few", lang, **few))
    if held["failed"]:
        draws = say("report.comma", lang).join(map(str, held["failed"]))
        notes.append(say("report.robust.failed", lang, count=len(held["failed"]), draws=draws))
    if held["stated"]:
        stated = say("report.comma", lang).join(f"`{name}`" for name in held["stated"])
        notes.append(say("report.robust.stated", lang, names=stated))
    description = say("report.alt.robust", lang)
    drawn = picture(figure, description, lang, together(*twins))
    title = el("h2", say("report.section.robust", lang))
    return el("section", title, paragraphs(*notes, class_="note"), drawn)


def _table(content: Content, policy: str, rows: list[Any], held: Any) -> Markup:
    """A policy's rows: by chance, by parameters, share, sign."""
    lang, names = content.lang, content.names
    lines = []
    for row in (row for row in rows if row["scenario"] == policy):
        unit = row["unit"]
        difference, low, high = (_end(row[key]) for key in ("difference", "low", "high"))
        head = together(names.outcome(row["outcome"]), el("small", change_scale(unit, lang)))
        cells = [
            estimate(difference, low, high, unit, lang),
            _band(row, lang),
            share_words(row),
            sign_words(row),
        ]
        lines.append(line(head, cells))
    keys = ("outcome", "by_chance", "by_parameters", "unknown_share", "sign")
    heads = [say(f"report.column.{key}", lang) for key in keys]
    facts = {"draws": held["draws"], "runs": held["replications"]}
    caption = say("report.table.robust", lang, scenario=names.scenario(policy), **facts)
    return table(caption, heads, lines)


def _band(row: Any, lang: str) -> str:
    """The band of the draws, with digits by its width; in words where it has none."""
    low, high = row["parameters_low"], row["parameters_high"]
    if not (known(low) and known(high)):
        return "–"
    factor = factor_of(row["unit"])
    if contradicts(row):
        chance = (row["high"] - row["low"]) / 2 * factor
        return plain(low * factor, places(chance, abs(low) * factor))
    if low == high:
        return say("report.robust.no_more", lang)
    digits = places((high - low) / 2 * factor, max(abs(low), abs(high)) * factor)
    ends = [plain(end * factor, digits) for end in (low, high)]
    return say("report.range", lang, low=ends[0], high=ends[1])


def _end(value: float | None) -> float:
    return float("nan") if value is None else value

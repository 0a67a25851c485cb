"""The end of a report: what is assumed, how to repeat it, and what it is not."""

from collections.abc import Iterable

from sim.report.content import Content
from sim.report.markup import Markup, el, together
from sim.report.numbers import shown
from sim.report.picture import paragraphs
from sim.report.tables import assumed_table
from sim.text import say

MANY = 12  # parameters above which their table is folded away


def assumptions(content: Content) -> Markup | None:
    """The parameters that are judgements and matter here."""
    parameters = list(content.given.get("assumed") or ())
    if not parameters:
        return None
    lang = content.lang
    body = assumed_table(parameters, lang)
    if len(parameters) > MANY:
        fold = el("summary", say("report.all_assumed", lang, count=len(parameters)))
        body = el("details", fold, body)
    intro = [say("report.assumed.intro", lang, count=len(parameters))]
    if not content.given.get("robustness"):  # else a section of its own has told it
        intro.append(say("report.assumed.check", lang))
    return el("section", el("h2", say("report.section.assumed", lang)), paragraphs(*intro), body)


def repeat(content: Content) -> Markup:
    """The command that gives the same numbers again, the seeds, and where they came from."""
    lang, given = content.lang, content.given
    command = given.get("command")
    parts: list[Markup] = []
    if command:
        parts.append(paragraphs(say("report.repeat.intro", lang)))
        parts.append(el("pre", el("code", *unbroken(str(command))), tabindex=0))
    facts = dict(given.get("provenance") or {})
    if given.get("seeds") is not None:
        facts["seeds"] = seed_words(given["seeds"])
    items: list[Markup] = []
    for key, value in facts.items():
        items += [el("dt", fact_name(str(key), lang)), el("dd", fact_value(value))]
    if items:
        parts.append(el("dl", *items, class_="facts"))
    return el("section", el("h2", say("report.section.repeat", lang)), *parts)


def unbroken(command: str) -> list[object]:
    """The words of a command, none of which is torn at the end of a line (`--` invites it)."""
    words: list[object] = []
    for word in command.split(" "):
        words += [el("span", word, class_="word"), " "]
    return words[:-1]


def fact_name(key: str, lang: str) -> str:
    """What a line of provenance is called; its own key when nobody named it."""
    try:
        return say(f"report.fact.{key}", lang)
    except KeyError:
        return key.replace("_", " ")


def fact_value(value: object) -> str:
    """A value of provenance as text."""
    if isinstance(value, float) or (isinstance(value, int) and abs(value) >= 10_000):
        return shown(value)
    if isinstance(value, dict):
        return "; ".join(f"{key}: {fact_value(part)}" for key, part in value.items())
    return str(value)


def seed_words(seeds: object) -> str:
    """Seeds in few words: runs of numbers as `1 – 30`."""
    if not isinstance(seeds, Iterable) or isinstance(seeds, str):
        return str(seeds)
    numbers = sorted(int(seed) for seed in seeds)
    spans: list[list[int]] = []
    for number in numbers:
        if spans and number == spans[-1][-1] + 1:
            spans[-1][1:] = [number]
        else:
            spans.append([number])
    return ", ".join("–".join(map(str, span)) for span in spans)


def what_it_is_not(content: Content) -> Markup:
    """The limits that every reader must know, at the end of the page."""
    lang = content.lang
    texts = [say(f"report.not.{key}", lang) for key in ("people", "forecast", "structure")]
    items = el("ul", *(el("li", text) for text in texts))
    foot = el("footer", say("report.footer", lang))
    return together(el("section", el("h2", say("report.section.not", lang)), items), foot)

"""The head of a report: what each policy sets otherwise than the baseline; what a run covers."""

from collections.abc import Mapping
from typing import Any

from sim.report.content import Content
from sim.report.markup import Markup, el
from sim.report.numbers import per_cent, shown
from sim.report.odd.delta import UNITS
from sim.report.odd.telling import (
    lever_facts,
    lever_value,
    listed,
    setting_text,
    shock_cell,
    shown_value,
    told,
    told_if,
)
from sim.report.picture import prose
from sim.scenario import LEVERS
from sim.text import phrase_in, say

MOST = 8  # changes told of one policy, and places told of one change


def what_changes(content: Content, policy: str) -> Markup | None:
    """A policy's changes as a list; nothing where the comparison does not tell them."""
    told_of: Mapping[str, Any] = content.given.get("changes") or {}
    if policy not in told_of:
        return None
    found, lang = told_of[policy], content.lang
    said = [change_said(one, content) for one in found[:MOST]]
    if not found:
        said.append(say("report.change.nothing", lang))
    if len(found) > MOST:
        said.append(say("report.change.more", lang, count=len(found) - MOST))
    return el("ul", *(el("li", prose(text)) for text in said))


def change_said(one: Mapping[str, Any], content: Content) -> str:
    """`Judges who hear cases: 10 → 12 (judges per 100,000 residents)`."""
    key, lang = one["key"], content.lang
    root, _, name = key.partition(".")
    if root == "policies":
        what, values = lever_facts(name, lang)[1], lever_change(name, one, content)
    else:
        ends = [_plain(key, one[end], content) for end in ("first", "second")]
        what, values = told_if(f"key.{key}", lang), _arrow(lang, *ends)
    sentence = say("report.change.one", lang, what=what or f"`{key}`", values=values)
    unit = phrase_in(_unit(key, one["unit"]), lang)
    return sentence + say("report.change.unit", lang, unit=unit) if unit else sentence


def lever_change(name: str, one: Mapping[str, Any], content: Content) -> str:
    """A lever's settings: what changes in general, then what changes in single divisions."""
    lang, ends, titles = content.lang, (one["first"], one["second"]), _titles(content)
    if any(isinstance(end, list) for end in ends):  # dated
        return _arrow(lang, *(setting_text(name, end, titles, lang) for end in ends))
    general = [end["default"] if isinstance(end, Mapping) else end for end in ends]
    apart = [end["divisions"] if isinstance(end, Mapping) else {} for end in ends]
    changed = {"": general}
    for slug in {**apart[0], **apart[1]}:
        changed[slug] = [own.get(slug, g) for own, g in zip(apart, general, strict=True)]
    parts = []
    for slug, (before, after) in changed.items():
        if before != after:
            values = _arrow(lang, *(lever_value(name, end, lang) for end in (before, after)))
            where = {"division": titles.get(slug, slug), "value": values}
            parts.append(told("in_division", lang, **where) if slug else values)
    more = ["…"] if len(parts) > MOST else []
    return told("semicolon", lang).join(parts[:MOST] + more)


def what_a_run_covers(content: Content) -> Markup | None:
    """How long a run is and how much of the place it holds; nothing where that is not known."""
    facts, lang = content.given.get("provenance") or {}, content.lang
    if not {"start", "years", "scale", "people"} <= facts.keys():
        return None
    words = {
        "start": facts["start"],
        "years": shown(facts["years"]),
        "scale": per_cent(facts["scale"], sign=False),
        "people": shown(facts["people"]),
    }
    return el("p", say("report.run", lang, **words), class_="note")


def _unit(key: str, unit: str) -> str:
    """The unit of a setting; none where a lever's meaning or a word has said it."""
    lever = LEVERS.get(key.removeprefix("policies."))
    said = unit in ("share", "weight", "0 or 1") or (lever is not None and lever.choices)
    return "" if said else unit or UNITS.get(key, "")


def _plain(key: str, value: Any, content: Content) -> str:
    """A value that is no lever's."""
    lang = content.lang
    if value is None:
        return told("delta.unsaid", lang)
    if key == "shocks":
        more = ["…"] if len(value) > MOST else []
        return told("semicolon", lang).join([_shock(each, content) for each in value[:MOST]] + more)
    return told("delta.all", lang) if value == "all" else shown_value(value, lang)


def _shock(shock: Mapping[str, Any], content: Content) -> str:
    """A dated event by its values, without what they are called."""
    lang = content.lang
    kind = told_if(f"shock_kind.{shock['kind']}", lang) or shock["kind"]
    rest = {key: value for key, value in shock.items() if key != "kind" and value is not None}
    cells = [shock_cell(key, value, _titles(content), lang) for key, value in rest.items()]
    return listed([kind, *cells], lang)


def _titles(content: Content) -> dict[str, str]:
    """What the divisions of the place are called."""
    known = content.names.groups.get("division", {})
    return {slug: content.names.group("division", slug) for slug in known}


def _arrow(lang: str, before: str, after: str) -> str:
    return say("report.change.values", lang, before=before, after=after)

"""How names, numbers, ranges and settings are said in a description."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np

from sim.kernel import Column, Mechanism, Parameter
from sim.report.numbers import shown
from sim.report.odd.subject import Subject, first_sentence
from sim.scenario import LEVERS
from sim.scenario.difference import by_division
from sim.scenario.divisions import titles_of_divisions
from sim.scenario.scenario import Scenario
from sim.text import phrase_in, say
from sim.text.phrases import phrases

ENDLESS = 1e6  # bounds beyond this are there for the number's type, not for what it means
DAYS_PER_YEAR = 365.25
_LATIN = re.compile(r"[A-Za-z]{2}")
MANY_VALUES = 3  # different values by division above which only the span is told


def told(key: str, lang: str, **values: object) -> str:
    """A sentence of the description."""
    return say(f"odd.{key}", lang, **values)


def told_if(key: str, lang: str) -> str:
    """A sentence that not everything has; empty when there is none."""
    try:
        return told(key, lang)
    except KeyError:
        return ""


def what(kind: type[Mechanism], lang: str) -> str:
    """What a mechanism does, in a sentence."""
    return told_if(f"mechanism.{kind.name}", lang) or as_written(first_sentence(kind), lang)


def as_written(phrase: str, lang: str) -> str:
    """What the code says, in a language; a mark beside what a user has written in another."""
    if lang == "en" or phrase in phrases() or not _LATIN.search(phrase):
        return phrase_in(phrase, lang)
    return told("as_written", lang, text=phrase)


def named(kind: type[Mechanism] | str, lang: str) -> str:
    """A mechanism's name as code, with what it is called where that is another word."""
    name = kind if isinstance(kind, str) else kind.name
    return coded(name, told_if(f"called.{name}", lang), lang)


def coded(name: str, word: str, lang: str) -> str:
    """A name as code, with its word where that is another."""
    return f"`{name}`" if word in ("", name) else told("named", lang, name=name, word=word)


def code(names: Iterable[str], lang: str) -> str:
    """Names as code, one after another."""
    return say("report.comma", lang).join(f"`{name}`" for name in names)


def listed(words: Iterable[str], lang: str) -> str:
    """Words one after another."""
    return say("report.comma", lang).join(words)


def span(low: float, high: float, lang: str) -> str:
    """A range."""
    return say("report.range", lang, low=shown(low), high=shown(high))


def room(low: float, high: float, lang: str) -> str:
    """What a column may hold; bounds that only the number's type sets are left open."""
    if abs(low) < ENDLESS and abs(high) < ENDLESS:
        return span(low, high, lang)
    if abs(low) < ENDLESS:
        return told("from_up", lang, low=shown(low))
    return told("any_number", lang)


def parameter_row(name: str, parameter: Parameter, value: float, lang: str) -> tuple[str, ...]:
    """Name, value in force, default, range, unit and status."""
    changed = value != parameter.default
    held = told("changed", lang, value=shown(value)) if changed else shown(value)
    reach = span(parameter.low, parameter.high, lang)
    status = told(f"status.{parameter.status}", lang)
    unit = phrase_in(parameter.unit, lang)
    return f"`{name}`", held, shown(parameter.default), reach, unit, status


def column_row(name: str, column: Column, owner: str, lang: str) -> tuple[str, ...]:
    """Name, unit, range, kind and owner of a state variable."""
    yes_or_no = column.dtype in ("?", "bool")
    reach = "–" if yes_or_no else room(column.low, column.high, lang)
    kind = told("flow" if column.flow else "state", lang)
    return f"`{name}`", phrase_in(column.unit, lang), reach, kind, f"`{owner}`"


def title_of(scenario: Scenario, lang: str) -> str:
    """The title of a scenario."""
    return str(scenario.title[lang])


def place_title(scenario: Scenario, lang: str) -> str:
    """The title of the place of a scenario."""
    return picked(getattr(scenario.place, "title", {}), lang) or scenario.place.name


def division_titles(scenario: Scenario, lang: str) -> dict[str, str]:
    """The titles of the divisions by slug."""
    titles = titles_of_divisions(scenario.place)
    return {slug: picked(title, lang) or slug for slug, title in titles.items()}


def picked(texts: Mapping[str, str], lang: str) -> str:
    """A text in the language, else in any."""
    return str(texts.get(lang) or next(iter(texts.values()), ""))


def last_day(scenario: Scenario) -> date:
    """The day on which the reported time ends."""
    return scenario.start + timedelta(days=round(scenario.years * DAYS_PER_YEAR))


def people_expected(subject: Subject) -> float:
    """About how many adults are simulated: those of the place times the scale."""
    values, place = subject.scenario.place.values, subject.scenario.place
    adults = sum(
        values.get(f"divisions.{slug}.population", 0.0)
        * values.get(f"divisions.{slug}.adult_share", 0.0)
        for slug in place.divisions
    )
    return adults * subject.scenario.scale


def rounded(number: float, digits: int = 2) -> str:
    """A number of which only the first digits are meant."""
    if number == 0:
        return "0"
    size = int(np.floor(np.log10(abs(number))))
    return shown(round(number, digits - 1 - size))


def lever_value(name: str, value: float | str, lang: str) -> str:
    """A value of a lever; a word for one that takes words, by its position too."""
    if isinstance(value, str):
        return choice(value, lang)
    lever = LEVERS.get(name)
    if lever is not None and lever.choices and value == int(value):
        return choice(lever.choices[int(value)], lang)
    return shown(float(f"{value:.6g}"))


def choice(name: str, lang: str) -> str:
    """A setting that is a word of the code, with its word in another language."""
    return name if lang == "en" else coded(name, say(f"findings.choice.{name}", lang), lang)


def base_text(scenario: Scenario, name: str, lang: str) -> str:
    """What a lever stands at before any policy: one value, or the divisions apart."""
    bases = np.asarray(scenario.place.bases[name], float)
    if len(set(bases.tolist())) > MANY_VALUES:
        ends = [shown(float(f"{end:.3g}")) for end in (bases.min(), bases.max())]
        return told("by_division", lang, span=say("report.range", lang, low=ends[0], high=ends[1]))
    plain = by_division(bases, scenario.place.divisions)
    return level_text(name, plain, division_titles(scenario, lang), lang)


def level_text(name: str, plain: Any, titles: Mapping[str, str], lang: str) -> str:
    """A level as a scenario says it (a number, or default and divisions) in words."""
    if not isinstance(plain, Mapping):
        return lever_value(name, plain, lang)
    parts = []
    if plain.get("default") is not None:
        parts.append(lever_value(name, plain["default"], lang))
    else:
        parts.append(told("base_elsewhere", lang))
    for slug, value in plain.get("divisions", {}).items():
        place, number = titles.get(slug, slug), lever_value(name, value, lang)
        parts.append(told("in_division", lang, division=place, value=number))
    return told("semicolon", lang).join(parts)


def setting_text(name: str, plain: Any, titles: Mapping[str, str], lang: str) -> str:
    """A lever's setting in words: what holds, or what holds from which day on."""
    if not isinstance(plain, list):
        return level_text(name, plain, titles, lang)
    steps = [
        told("since", lang, day=step["from"], value=level_text(name, step["value"], titles, lang))
        for step in plain
    ]
    return told("semicolon", lang).join(steps)


def shown_value(value: Any, lang: str) -> str:
    """A value of a scenario that is no setting of a lever."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return shown(value)
    if isinstance(value, list | tuple):
        if any(isinstance(part, Mapping) for part in value):
            return told("semicolon", lang).join(shown_value(part, lang) for part in value)
        return listed((shown_value(part, lang) for part in value), lang) or "–"
    if isinstance(value, Mapping):
        return listed((f"{key}: {shown_value(part, lang)}" for key, part in value.items()), lang)
    return str(value)


def lever_facts(name: str, lang: str) -> tuple[str, str]:
    """Unit and meaning of a lever; empty for one that a user's mechanism brings."""
    lever = LEVERS.get(name)
    return (phrase_in(lever.unit, lang), lever.meaning[lang]) if lever else ("", "")


def shock_cell(key: str, value: Any, titles: Mapping[str, str], lang: str) -> str:
    """What a shock says under a key: kinds, divisions and answers in words."""
    if value is None:
        return "–"
    if key == "kind":
        return coded(value, told(f"shock_kind.{value}", lang), lang)
    if key == "division":
        return titles.get(value, str(value))
    return choice(str(value), lang) if key == "response" else shown_value(value, lang)


def heads(names: Sequence[str], lang: str) -> list[str]:
    """Heads of a table."""
    return [told(f"head.{name}", lang) for name in names]

"""Writes the text of a new scenario file: what is set, and beside each key what it means.

A reader finds every key that a scenario may have: those that are set, and the others behind a `#`
at the value that holds without them.
"""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from sim.scenario import wording
from sim.scenario.difference import by_division
from sim.scenario.levers import LEVERS, Lever, worded
from sim.scenario.scenario import Scenario
from sim.scenario.written import flow, nested, word
from sim.text import phrase_in, say

SHOCKS = "shocks"  # the mechanism that carries dated shocks out
MANY_VALUES = 3  # different values by division above which only their span is told


@dataclass(frozen=True)
class Draft:
    """What a new scenario says; what is empty is not said. `extends` or `place` is given.

    `extends` and `place` stand as the file writes them; `policies` holds plain values by lever.
    `file` is how the file is called, `command` what was typed.
    """

    name: str
    file: str
    command: str
    extends: str = ""
    place: str = ""
    title: str = ""
    question: str = ""
    scale: Any = None
    years: Any = None
    policies: Mapping[str, Any] = field(default_factory=dict)
    shocks: Sequence[Mapping[str, Any]] = ()


def draft_text(draft: Draft, checked: Scenario, obeyed: Collection[str], lang: str) -> str:
    """The file. `checked` is the scenario that it will load as, `obeyed` the levers that act."""
    parts = [
        _head(draft, lang),
        _names(draft, lang),
        _frame(draft, checked, lang),
        _mechanisms(draft, checked, lang),
        _policies(draft, checked, obeyed, lang),
        _shocks(draft, checked, lang),
        _outcomes(draft, checked, lang),
        _parameters(checked, lang),
    ]
    return "\n\n".join("\n".join(lines) for lines in map(list, parts) if lines) + "\n"


def _note(key: str, lang: str, **values: object) -> str:
    """A comment."""
    return f"# {say(f'scenarios.new.{key}', lang, **values)}"


def _head(draft: Draft, lang: str) -> Iterator[str]:
    yield _note("made_by", lang, command=one_line(draft.command))
    yield _note("check", lang, file=draft.file)
    if draft.extends:
        alike = {"scale": draft.scale, "time.years": draft.years}
        settings = "".join(f" --set {key}={v}" for key, v in alike.items() if v is not None)
        yield _note("compare", lang, base=draft.extends, file=draft.file, settings=settings)
    yield _note("schema", lang)


def one_line(text: str) -> str:
    """A text that stands on one line of a comment, whatever it holds."""
    return " ".join(text.split())


def _names(draft: Draft, lang: str) -> Iterator[str]:
    yield _note("name", lang)
    yield f"name: {word(draft.name)}"
    if draft.extends:
        yield _note("extends", lang)
        yield f"extends: {word(draft.extends)}"
    yield _note("title", lang)
    words = draft.name.replace("-", " ")
    yield f"title: {quoted(one_line(draft.title) or words[:1].upper() + words[1:])}"
    yield _note("why", lang)
    asked = draft.question or say("scenarios.new.why_example", lang)
    yield ("" if draft.question else "# ") + f"why: {quoted(asked)}"


def _frame(draft: Draft, checked: Scenario, lang: str) -> Iterator[str]:
    """Place, scale and time."""
    said = checked.resolved()
    if draft.place:
        yield _note("place", lang)
        yield f"place: {word(draft.place)}"
    lowest = checked.place.values.get("world.smallest_scale", 0.005)
    yield _note("scale", lang, low=wording.shown(lowest))
    yield _unless(draft.scale is not None or not draft.extends, f"scale: {flow(said['scale'])}")
    time = said["time"]
    yield _note("time", lang)
    if draft.extends and draft.years is None:
        yield f"# time: {flow(time)}"
    elif draft.extends:
        yield f"time: {{years: {flow(time['years'])}}}"
    else:
        yield f"time: {flow(time)}"


def _unless(said: bool, line: str) -> str:
    """A line, behind a `#` unless the scenario says it."""
    return line if said else f"# {line}"


def _mechanisms(draft: Draft, checked: Scenario, lang: str) -> Iterator[str]:
    names = ", ".join(checked.mechanisms)
    yield _note("mechanisms", lang, names=names)
    yield _unless(not draft.extends, f"mechanisms: {flow(checked.resolved()['mechanisms'])}")


def _outcomes(draft: Draft, checked: Scenario, lang: str) -> Iterator[str]:
    yield _note("outcomes", lang)
    yield _unless(not draft.extends, f"outcomes: {flow(checked.resolved()['outcomes'])}")


def _parameters(checked: Scenario, lang: str) -> Iterator[str]:
    yield _note("parameters", lang)
    example = "grievance: {decay_per_year: 0.8}" if "grievance" in checked.mechanisms else "..."
    yield f"# parameters: {{{example}}}"


def _policies(draft: Draft, checked: Scenario, obeyed: Collection[str], lang: str) -> Iterator[str]:
    """The levers that are set, with what each means; then the others at what holds anyway."""
    yield _note("policies", lang)
    yield _note("values", lang)
    mark = "" if draft.policies else "# "
    yield f"{mark}policies:"
    yield from _set_levers(nested(draft.policies), "", checked, lang)
    others = [name for name in LEVERS if name in obeyed and name in checked.place.bases]
    others = [name for name in others if name not in draft.policies]
    if others:
        yield f"  {_note('others', lang)}"
    for name in others:
        yield f"  # {name}: {flow(_held(checked, name))}  # {lever_words(name, checked, lang)}"


def _set_levers(
    tree: Mapping[str, Any], prefix: str, checked: Scenario, lang: str
) -> Iterator[str]:
    indent = "  " * (prefix.count(".") + 1)
    for key, value in tree.items():
        name = f"{prefix}{key}"
        if name in checked.policies:
            yield f"{indent}# {lever_words(name, checked, lang)}"
            yield f"{indent}{word(key)}: {flow(value)}"
        else:
            yield f"{indent}{word(key)}:"
            yield from _set_levers(value, f"{name}.", checked, lang)


def _held(checked: Scenario, name: str) -> Any:
    """What holds for a lever without a word about it, as a file would say it."""
    schedule = checked.policies.get(name)
    if schedule is not None:
        return worded(name, schedule.plain())
    return worded(name, by_division(checked.place.bases[name], checked.place.divisions))


def lever_words(name: str, checked: Scenario, lang: str) -> str:
    """A lever's meaning, unit, base and range, on one line."""
    lever = LEVERS.get(name)
    if lever is None:
        return say("scenarios.new.own_lever", lang)
    values = {"meaning": lever.meaning[lang], "base": _base(checked, lever, lang)}
    if lever.choices:
        return say("scenarios.new.choices", lang, choices=", ".join(lever.choices), **values)
    low, high = wording.shown(lever.low), wording.shown(lever.high)
    values["unit"] = phrase_in(lever.unit, lang)
    return say("scenarios.new.lever", lang, low=low, high=high, **values)


def _base(checked: Scenario, lever: Lever, lang: str) -> str:
    bases = np.asarray(checked.place.bases[lever.name], float)
    if len(set(bases.tolist())) > MANY_VALUES:
        low, high = (f"{end:.3g}" for end in (bases.min(), bases.max()))
        return say("scenarios.new.by_division", lang, low=low, high=high)
    return flow(worded(lever.name, by_division(bases, checked.place.divisions)))


def _shocks(draft: Draft, checked: Scenario, lang: str) -> Iterator[str]:
    """The dated shocks, or how one is written; nothing where no mechanism carries them out."""
    if SHOCKS not in checked.mechanisms:
        return
    yield _note("shocks", lang)
    if draft.shocks:
        yield "shocks:"
        for shock in draft.shocks:
            inside = ", ".join(f"{key}: {_plain(value)}" for key, value in shock.items())
            yield f"  - {{{inside}}}"
    else:
        division = checked.place.divisions[0]
        day = checked.start.isoformat()
        yield "# shocks:"
        inside = f"kind: housing_delivery, on: {day}, division: {division}, households: 100"
        yield f"#   - {{{inside}}}"


def _plain(value: Any) -> str:
    """A value of a shock; a day needs no quotes."""
    return value.isoformat() if hasattr(value, "isoformat") else flow(value)


def quoted(text: str) -> str:
    """A text in double quotes, which YAML reads back as it is."""
    return json.dumps(text, ensure_ascii=False)

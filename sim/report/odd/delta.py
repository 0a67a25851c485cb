"""The delta description: only what differs from a base, under the element that it belongs to."""

from collections.abc import Mapping, Sequence
from typing import Any

from sim.report.odd.blocks import Block, Bullets, Code, Document, Section, Table, Text
from sim.report.odd.caveats import made
from sim.report.odd.purpose import aims
from sim.report.odd.subject import Subject
from sim.report.odd.telling import (
    division_titles,
    heads,
    lever_facts,
    listed,
    named,
    setting_text,
    shock_cell,
    shown_value,
    title_of,
    told,
    told_if,
    what,
)
from sim.scenario.difference import Difference
from sim.text import phrase_in

ELEMENTS = ("entities", "process", "concepts", "initialisation", "input", "submodels")
HOMES = {
    "place": "entities",
    "scale": "entities",
    "time": "entities",
    "mechanisms": "process",
    "outcomes": "concepts",
    "graph": "initialisation",
    "policies": "input",
    "shocks": "input",
}
UNITS = {"time.years": "years", "time.step_days": "days", "scale": "share"}


def delta(subject: Subject, lang: str) -> Document:
    """What one scenario changes of another, and nothing else."""
    if subject.base is None:
        raise ValueError("a delta needs a base")
    base = title_of(subject.base, lang)
    homes = {element: [] for element in ELEMENTS}  # type: dict[str, list[Difference]]
    for one in subject.differences:
        homes[element_of(one.key, subject)].append(one)
    first = Section("purpose", told("element.purpose", lang), aims(subject, lang)[1:2], 1)
    sections = [first]
    for number, element in enumerate(ELEMENTS, start=2):
        if homes[element]:
            blocks: list[Block] = [difference_table(subject, homes[element], lang)]
            if element == "process":
                blocks += _switched(subject, lang)
            sections.append(Section(element, told(f"element.{element}", lang), blocks, number))
    if homes["process"]:
        rest = told("delta.follows", lang, base=base)
    else:
        same = [told(f"element.{e}", lang) for e in ELEMENTS if not homes[e]]
        rest = told("delta.same", lang, elements=listed(same, lang), base=base)
    told_of_base: list[Block] = [Text(rest), Code(f"shiyu describe {subject.base_source}")]
    if not subject.differences:
        told_of_base.insert(0, Text(told("delta.nothing", lang, base=base)))
    sections.append(Section("unchanged", told("element.unchanged", lang), told_of_base))
    sections.append(made(subject, lang))
    title = title_of(subject.scenario, lang)
    count = len(subject.differences)
    return Document(
        title=told("title.delta", lang, title=title, base=base),
        kicker=told("kicker.delta", lang, name=subject.scenario.name, base=subject.base.name),
        lead=[Text(told("lead.delta", lang, count=count, base=base))],
        sections=sections,
        lang=lang,
        version=subject.version,
    )


def element_of(key: str, subject: Subject) -> str:
    """The element of the protocol that a key of a scenario belongs to."""
    root, _, rest = key.partition(".")
    if root == "parameters":
        mechanisms = {kind.name for kind in subject.week}
        of_mechanism = rest.partition(".")[0] in mechanisms and rest not in subject.place_parameters
        return "submodels" if of_mechanism else "initialisation"
    return HOMES.get(root, "entities")


def difference_table(subject: Subject, found: Sequence[Difference], lang: str) -> Table:
    """The keys that differ, with both values, the unit, and what a key means."""
    if subject.base is None:
        raise ValueError("a difference needs a base")
    rows = []
    for one in found:
        values = [_said(one, value, subject, lang) for value in (one.first, one.second)]
        unit = one.unit or UNITS.get(one.key, "")
        rows.append((f"`{one.key}`", *values, phrase_in(unit, lang) or "–"))
    names = (title_of(subject.base, lang), title_of(subject.scenario, lang))
    columns = [*heads(("key",), lang), *names, *heads(("unit",), lang)]
    notes = [_meaning(one.key, lang) for one in found]
    return Table(told("delta.caption", lang), columns, rows, (), notes, told("head.meaning", lang))


def _meaning(key: str, lang: str) -> str:
    """What a key says, in words; a dash for a parameter, which its submodel explains."""
    root, _, name = key.partition(".")
    meant = lever_facts(name, lang)[1] if root == "policies" else told_if(f"key.{key}", lang)
    return meant or "–"


def _said(one: Difference, value: Any, subject: Subject, lang: str) -> str:
    root, _, name = one.key.partition(".")
    if value is None:
        return told("delta.unsaid", lang)
    if root == "policies":
        return setting_text(name, value, division_titles(subject.scenario, lang), lang)
    if one.key == "shocks":
        shocks = [_shock(shock, subject, lang) for shock in value]
        return told("semicolon", lang).join(shocks)
    if one.key == "mechanisms":
        return told("delta.all", lang) if value == "all" else _named(value, lang)
    return shown_value(value, lang)


def _named(mechanisms: Sequence[str], lang: str) -> str:
    return listed((named(name, lang) for name in mechanisms), lang)


def _shock(shock: Mapping[str, Any], subject: Subject, lang: str) -> str:
    """A dated shock on one line."""
    titles = division_titles(subject.scenario, lang)
    cells = {
        told(f"shock.{key}", lang): shock_cell(key, value, titles, lang)
        for key, value in shock.items()
    }
    return listed((told("pair", lang, head=head, cell=cell) for head, cell in cells.items()), lang)


def _switched(subject: Subject, lang: str) -> list[Block]:
    """Which mechanisms are on in only one of the two."""
    if subject.base is None:
        return []
    before = set(subject.base.mechanisms)
    items = []
    for kind in subject.week:
        on = kind in subject.on
        if on != (kind.name in before or kind.name in subject.base.user_mechanisms):
            key = "delta.switched_on" if on else "delta.switched_off"
            values = {"mechanism": named(kind, lang), "sentence": what(kind, lang)}
            items.append(told(key, lang, **values))
    return [Bullets(items)] if items else []

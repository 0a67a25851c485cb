"""The full description: the seven elements, then what is assumed, left out and changed."""

from sim.report.odd.beginning import initialisation, inputs
from sim.report.odd.blocks import Block, Document, Section, Text
from sim.report.odd.caveats import assumed, left_out, made
from sim.report.odd.concepts import concepts
from sim.report.odd.delta import difference_table
from sim.report.odd.entities import entities
from sim.report.odd.process import process
from sim.report.odd.purpose import purpose
from sim.report.odd.subject import Subject
from sim.report.odd.submodels import submodels
from sim.report.odd.telling import title_of, told

ELEMENTS = (purpose, entities, process, concepts, initialisation, inputs, submodels)


def full(subject: Subject, lang: str) -> Document:
    """The whole protocol."""
    sections = [element(subject, lang) for element in ELEMENTS]
    sections += [assumed(subject, lang), left_out(subject, lang)]
    sections += changed(subject, lang)
    sections.append(made(subject, lang))
    title = title_of(subject.scenario, lang)
    return Document(
        title=told("title.full", lang, title=title),
        kicker=told("kicker.full", lang, name=subject.scenario.name),
        lead=[Text(told("lead.full", lang))],
        sections=sections,
        lang=lang,
        version=subject.version,
        contents=True,
    )


def changed(subject: Subject, lang: str) -> list[Section]:
    """What differs from the scenario's base, where there is one."""
    if subject.base is None:
        return []
    base = title_of(subject.base, lang)
    if not subject.differences:
        blocks: list[Block] = [Text(told("delta.nothing", lang, base=base))]
    else:
        blocks = [difference_table(subject, subject.differences, lang)]
    return [Section("delta", told("element.delta", lang, base=base), blocks)]

"""The summary: the same protocol on one page."""

from dataclasses import replace

from sim.report.odd.beginning import policies
from sim.report.odd.blocks import Block, Bullets, Document, Section, Table, Text
from sim.report.odd.caveats import assumed_sentence
from sim.report.odd.entities import scale, space, time
from sim.report.odd.purpose import aims
from sim.report.odd.subject import GROUPS, Subject
from sim.report.odd.telling import code, listed, named, title_of, told


def summary(subject: Subject, lang: str) -> Document:
    """One page."""
    sections = [
        Section("purpose", told("element.purpose", lang), _purpose(subject, lang), 1),
        Section("entities", told("element.entities", lang), _entities(subject, lang), 2),
        Section("process", told("element.process", lang), _process(subject, lang), 3),
        Section(
            "concepts", told("element.concepts", lang), [Text(told("brief.concepts", lang))], 4
        ),
        Section("initialisation", told("element.initialisation", lang), _start(subject, lang), 5),
        Section("input", told("element.input", lang), _input(subject, lang), 6),
        Section("submodels", told("element.submodels", lang), _submodels(subject, lang), 7),
        Section("caveats", told("element.caveats", lang), _caveats(subject, lang)),
    ]
    title = title_of(subject.scenario, lang)
    return Document(
        title=told("title.summary", lang, title=title),
        kicker=told("kicker.summary", lang, name=subject.scenario.name),
        lead=[],
        sections=sections,
        lang=lang,
        version=subject.version,
    )


def _purpose(subject: Subject, lang: str) -> list[Block]:
    model, scenario, _ = aims(subject, lang)
    known = told("brief.patterns", lang, results=len(subject.results), levels=len(subject.levels))
    return [model, scenario, Text(known)]


def _entities(subject: Subject, lang: str) -> list[Block]:
    items = [told("brief.entities", lang), time(subject, lang), space(subject, lang)]
    return [Bullets([*items, scale(subject, lang)])]


def _process(subject: Subject, lang: str) -> list[Block]:
    order = listed((named(kind, lang) for kind in subject.on), lang)
    return [Text(told("brief.process", lang, count=len(subject.on), order=order))]


def _start(subject: Subject, lang: str) -> list[Block]:
    return [Text(told("brief.start", lang))]


def _input(subject: Subject, lang: str) -> list[Block]:
    stated = policies(subject, lang).blocks
    blocks = [replace(one, caption="") if isinstance(one, Table) else one for one in stated]
    if subject.shocks:
        blocks.append(Text(told("brief.shocks", lang, count=len(subject.shocks))))
    return blocks


def _submodels(subject: Subject, lang: str) -> list[Block]:
    items = []
    for group in (*GROUPS, ""):
        own = [kind for kind in subject.on if subject.group(kind) == group]
        if own:
            counts = {"count": len(own), "parameters": sum(len(kind.ledger()) for kind in own)}
            words = told(f"group.{group or 'own'}", lang)
            items.append(told("brief.group", lang, group=words, **counts))
    groups = told("semicolon", lang).join(items)
    return [Text(told("brief.submodels", lang, groups=groups, source=subject.source))]


def _caveats(subject: Subject, lang: str) -> list[Block]:
    texts = [assumed_sentence(subject, lang)]
    if subject.off:
        names = code((kind.name for kind in subject.off), lang)
        texts.append(told("brief.off", lang, names=names))
    if subject.absent:
        texts.append(told("brief.absent", lang, names=code(subject.absent, lang)))
    texts.append(told("left_out.structure", lang))
    made = told("brief.made", lang, version=subject.version, command=subject.command)
    return [Bullets(texts), Text(made, note=True)]

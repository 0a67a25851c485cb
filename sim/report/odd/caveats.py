"""What stands beside the seven elements: what is assumed, what is left out, how it was made."""

from sim.kernel.parameter import STATUSES
from sim.report.odd.blocks import Block, Bullets, Code, Fold, Section, Table, Text
from sim.report.odd.subject import Subject
from sim.report.odd.telling import code, heads, named, told, what
from sim.text import say


def assumed(subject: Subject, lang: str) -> Section:
    """How many numbers rest on what."""
    counts = subject.counts()
    rows = []
    for status in STATUSES:
        numbers = [counts[where].get(status, 0) for where in ("mechanisms", "place", "levers")]
        meaning = told(f"status_meaning.{status}", lang)
        rows.append((told(f"status.{status}", lang), meaning, *map(str, numbers)))
    columns = heads(("status", "meaning", "of_mechanisms", "of_place", "of_levers"), lang)
    sets = subject.scenario.parameters
    blocks: list[Block] = [
        Text(assumed_sentence(subject, lang)),
        Table(told("assumed.caption", lang), columns, rows, (2, 3, 4)),
    ]
    if sets:
        blocks.append(Text(told("assumed.set_here", lang, names=code(sets, lang))))
    names = assumed_names(subject)
    if names:
        listed = Bullets([f"`{name}`" for name in names])
        blocks.append(Fold(told("assumed.all", lang, count=len(names)), [listed]))
    return Section("assumed", told("element.assumed", lang), blocks)


def assumed_names(subject: Subject) -> list[str]:
    """The numbers that are judgements: of mechanisms, of the place, and bases of levers."""
    ledgers = (subject.parameters, subject.place_parameters)
    names = [name for ledger in ledgers for name, p in ledger.items() if p.status == "assumed"]
    bases = [f"policies.{name}" for name, p in subject.lever_bases.items() if p.status == "assumed"]
    return names + bases


def assumed_sentence(subject: Subject, lang: str) -> str:
    """How many of how many numbers are judgements."""
    every = sum(sum(statuses.values()) for statuses in subject.counts().values())
    return told("assumed.intro", lang, count=len(assumed_names(subject)), all=every)


def left_out(subject: Subject, lang: str) -> Section:
    """Mechanisms that are off or not there, and what the model is not."""
    blocks: list[Block] = []
    if subject.off:
        blocks.append(Text(told("left_out.off", lang)))
        blocks.append(Bullets([_named(kind, lang) for kind in subject.off]))
    if subject.absent:
        blocks.append(Text(told("left_out.absent", lang)))
        absent = [
            told(
                "of_mechanism",
                lang,
                mechanism=named(name, lang),
                sentence=told(f"mechanism.{name}", lang),
            )
            for name in subject.absent
        ]
        blocks.append(Bullets(absent))
    if not blocks:
        blocks.append(Text(told("left_out.nothing", lang)))
    blocks.append(Text(told("left_out.not", lang)))
    texts = [say(f"report.not.{key}", lang) for key in ("people", "forecast")]
    blocks.append(Bullets([*texts, told("left_out.structure", lang)]))
    return Section("left_out", told("element.left_out", lang), blocks)


def _named(kind, lang: str) -> str:  # type: ignore[no-untyped-def]
    return told("of_mechanism", lang, mechanism=named(kind, lang), sentence=what(kind, lang))


def made(subject: Subject, lang: str) -> Section:
    """What to type to get the same description, and what nobody did for it."""
    blocks: list[Block] = [
        Text(told("made.intro", lang, version=subject.version)),
        Code(subject.command),
        Text(told("made.language", lang)),
        Text(told("made.protocol", lang), note=True),
    ]
    return Section("made", told("element.made", lang), blocks)

"""Element 4: the eleven design concepts, each told for the mechanisms that are on."""

from sim.report.odd.blocks import Block, Bullets, Fold, Part, Section, Table, Text
from sim.report.odd.subject import Subject
from sim.report.odd.telling import heads, named, told, told_if
from sim.text import phrase_in

CONCEPTS = (
    "principles",
    "emergence",
    "adaptation",
    "objectives",
    "learning",
    "prediction",
    "sensing",
    "interaction",
    "stochasticity",
    "collectives",
    "observation",
)
FEW = 12  # outcomes up to which all of them are shown at once


def concepts(subject: Subject, lang: str) -> Section:
    """Design concepts."""
    parts = [concept(name, subject, lang) for name in CONCEPTS]
    return Section("concepts", told("element.concepts", lang), parts, 4)


def concept(name: str, subject: Subject, lang: str) -> Part:
    """One concept: what holds for the whole model, then what each mechanism brings to it."""
    items = [
        told("of_mechanism", lang, mechanism=named(mechanism, lang), sentence=sentence)
        for mechanism in subject.names
        if (sentence := told_if(f"{name}.{mechanism}", lang))
    ]
    blocks: list[Block] = [Text(told(f"concept.{name}", lang))]
    if items:
        blocks.append(Bullets(items))
    elif is_told_by_mechanisms(name):
        blocks.append(Text(told("concept_none", lang)))
    if name == "observation":
        blocks += outcomes(subject, lang)
    return Part(told(f"concept_title.{name}", lang), blocks)


def is_told_by_mechanisms(name: str) -> bool:
    """Whether a concept is nothing without a mechanism that has it."""
    return name not in ("stochasticity", "observation")


def outcomes(subject: Subject, lang: str) -> list[Block]:
    """What a run is asked to tell."""
    asked = subject.asked
    rows = [
        (f"`{o['name']}`", phrase_in(str(o["unit"]), lang), str(o["meaning"][lang])) for o in asked
    ]
    columns = heads(("outcome", "unit", "meaning"), lang)
    table = Table(told("outcomes_caption", lang), columns, rows)
    count, of = len(asked), len(subject.outcomes)
    intro = Text(told("outcomes_asked", lang, count=count, all=of))
    if count <= FEW:
        return [intro, table]
    return [intro, Fold(told("outcomes_all", lang, count=count), [table])]

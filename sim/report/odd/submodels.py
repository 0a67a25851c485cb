"""Element 7: each mechanism that is on, with its equations, columns, levers and parameters."""

import inspect

from sim.kernel import Mechanism
from sim.report.odd.beginning import ledger_table
from sim.report.odd.blocks import Block, Bullets, Code, Fold, Part, Section, Text
from sim.report.odd.subject import Subject, equations_of, words_of
from sim.report.odd.telling import code, named, told, told_if, what
from sim.text import say


def submodels(subject: Subject, lang: str) -> Section:
    """Submodels."""
    parts = [submodel(kind, subject, lang) for kind in subject.on]
    intro = Text(told("submodels.intro", lang, count=len(parts)))
    return Section("submodels", told("element.submodels", lang), [intro, *parts], 7)


def submodel(kind: type[Mechanism], subject: Subject, lang: str) -> Part:
    """One mechanism."""
    blocks: list[Block] = [Text(what(kind, lang))]
    equations = equations_of(kind)
    if equations:
        blocks.append(Code(equations))
    blocks.append(Bullets(list(facts(kind, subject, lang))))
    own = {f"{kind.name}.{name}": parameter for name, parameter in kind.ledger().items()}
    if own:
        caption = told("submodels.parameters", lang, mechanism=kind.name)
        blocks.append(ledger_table(own, subject, lang, caption))
    else:
        blocks.append(Text(told("submodels.no_parameters", lang)))
    blocks.append(Fold(told("submodels.words", lang), [Code(words_of(kind))]))
    position = subject.on.index(kind) + 1
    return Part(f"7.{position} {named(kind, lang)}", blocks)


def facts(kind: type[Mechanism], subject: Subject, lang: str) -> list[str]:
    """Its file, columns and levers, its known results, and what would refute it."""
    found = [told("submodels.file", lang, file=home_of(kind))]
    for does, names in (("reads", kind.reads), ("writes", kind.writes), ("adds", kind.adds)):
        if names:
            found.append(told(f"submodels.{does}", lang, columns=code(names, lang)))
    if kind.levers:
        found.append(told("submodels.levers", lang, levers=code(kind.levers, lang)))
    results = [result.name for result in subject.results if result.mechanism == kind.name]
    if results:
        found.append(told("submodels.results", lang, results=code(results, lang)))
    try:
        falsified = say(f"mechanisms.{kind.name}.falsified", lang)
    except KeyError:
        falsified = told_if(f"falsified.{kind.name}", lang)
    if falsified:
        found.append(told("submodels.falsified", lang, sentence=falsified))
    return found


def home_of(kind: type[Mechanism]) -> str:
    """The file of a mechanism: from `sim/` on, or its name for one that a scenario brings."""
    if kind.__module__.startswith("sim."):
        return kind.__module__.replace(".", "/") + ".py"
    module = inspect.getmodule(kind)
    file = getattr(module, "__file__", None) or kind.__module__
    return str(file).replace("\\", "/").rpartition("/")[2]

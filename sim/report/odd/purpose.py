"""Element 1: what the model is for, the question of the scenario, and by what it may be judged."""

from sim.report.numbers import shown
from sim.report.odd.blocks import Block, Code, Fold, Part, Section, Table, Text
from sim.report.odd.subject import Subject
from sim.report.odd.telling import heads, named, place_title, title_of, told
from sim.text import phrase_in, say


def purpose(subject: Subject, lang: str) -> Section:
    """Purpose and patterns."""
    blocks: list[Block] = [*aims(subject, lang), patterns(subject, lang)]
    return Section("purpose", told("element.purpose", lang), blocks, 1)


def aims(subject: Subject, lang: str) -> list[Block]:
    """What the model is for, and the question behind the scenario."""
    scenario = subject.scenario
    asked = told("purpose.scenario", lang, title=title_of(scenario, lang), name=scenario.name)
    why = scenario.why[lang]
    return [
        Text(told("purpose.model", lang, place=place_title(scenario, lang))),
        Text(f"{asked} {why}" if lang == "en" and why else f"{asked}{why}"),
        Text(told("purpose.not", lang)),
    ]


def patterns(subject: Subject, lang: str) -> Part:
    """By what the model may be judged: results of theory, levels, responses. None is run here."""
    blocks: list[Block] = [Text(told("patterns.intro", lang))]
    if subject.results:
        count = len(subject.results)
        blocks.append(Text(told("patterns.results", lang, count=count)))
        blocks.append(_results(subject, lang))
        names = " ".join(result.name for result in subject.results)
        blocks.append(Code(f"shiyu verify {names}"))
    else:
        blocks.append(Text(told("patterns.no_results", lang)))
    if subject.levels:
        blocks += _levels(subject, lang)
    else:
        blocks.append(Text(told("patterns.no_levels", lang)))
    return Part(told("patterns.title", lang), blocks)


def _results(subject: Subject, lang: str) -> Table:
    rows = [
        (
            f"`{result.name}`",
            named(result.mechanism, lang),
            told("semicolon", lang).join(
                told("quantity", lang, name=name, unit=phrase_in(unit, lang))
                for name, unit in result.quantities
            ),
        )
        for result in subject.results
    ]
    notes = [
        told(
            "patterns.says",
            lang,
            says=capital(phrase_in(result.says, lang)),
            source=phrase_in(result.source, lang).rstrip("."),
        )
        for result in subject.results
    ]
    caption = told("patterns.results_caption", lang)
    columns = heads(("result", "mechanism", "quantities"), lang)
    return Table(caption, columns, rows, (), notes, told("head.says", lang))


def capital(sentence: str) -> str:
    """A sentence that begins as one, unless it begins with a symbol or with code."""
    first, _, _ = sentence.partition(" ")
    return sentence[:1].upper() + sentence[1:] if len(first) > 1 or first == "a" else sentence


def _levels(subject: Subject, lang: str) -> list[Block]:
    kinds = [level.kind for level in subject.levels]
    counts = {kind: kinds.count(kind) for kind in ("input", "fitted", "emergent", "sum")}
    rows = [
        (
            say(f"evidence.level.{level.slug}", lang),
            say(f"evidence.kind.{level.kind}", lang),
            shown(level.expected),
        )
        for level in subject.levels
    ]
    columns = heads(("level", "kind", "expected"), lang)
    folded: list[Block] = [Table(told("patterns.levels_caption", lang), columns, rows, (2,))]
    if subject.responses:
        folded.append(_responses(subject, lang))
    together = len(subject.levels) + len(subject.responses)
    return [
        Text(told("patterns.levels", lang, **counts, responses=len(subject.responses))),
        Fold(told("patterns.all_levels", lang, count=together), folded),
        Code("shiyu verify --levels"),
    ]


def _responses(subject: Subject, lang: str) -> Table:
    rows = [
        (
            say(f"evidence.change.{response.change}", lang),
            say(f"evidence.response.{response.slug}", lang),
            say(f"evidence.told.{response.told}", lang),
            shown(response.expected),
            f"±{shown(response.tolerance)}",
        )
        for response in subject.responses
    ]
    columns = heads(("change", "outcome", "told_as", "expected", "tolerance"), lang)
    return Table(told("patterns.responses_caption", lang), columns, rows, (3, 4))

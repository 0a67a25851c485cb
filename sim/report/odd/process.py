"""Element 3: what happens in a step, in which order, and what reaches whom when."""

from sim.report.numbers import shown
from sim.report.odd.blocks import Block, Part, Section, Table, Text
from sim.report.odd.subject import Subject
from sim.report.odd.telling import code, heads, listed, named, told, what


def process(subject: Subject, lang: str) -> Section:
    """Process overview and scheduling."""
    days = shown(subject.scenario.step_days)
    blocks: list[Block] = [
        Text(told("process.intro", lang, days=days, count=len(subject.on))),
        week(subject, lang),
        Text(told("process.accounts", lang)),
        Text(told("process.time", lang, days=days)),
    ]
    flows = posts(subject, lang)
    if flows.rows:
        title = told("process.posts_title", lang)
        blocks.append(Part(title, [Text(told("process.posts", lang)), flows]))
    if subject.off:
        off = listed((named(kind, lang) for kind in subject.off), lang)
        blocks.append(Text(told("process.off", lang, names=off)))
    return Section("process", told("element.process", lang), blocks, 3)


def week(subject: Subject, lang: str) -> Table:
    """The mechanisms in their order."""
    rows = [
        (str(position), named(kind, lang), what(kind, lang))
        for position, kind in enumerate(subject.on, start=1)
    ]
    columns = heads(("position", "mechanism", "does"), lang)
    return Table(told("process.caption", lang), columns, rows)


def posts(subject: Subject, lang: str) -> Table:
    """What one mechanism posts to another, and whether it arrives in the same step."""
    order = {name: position for position, name in enumerate(subject.names)}
    found: dict[tuple[str, str], list[str]] = {}
    for kind in subject.on:
        for column in kind.adds:
            owner = subject.owners.get(column)
            taker = "" if owner is None else owner.name
            if taker != kind.name:
                found.setdefault((kind.name, taker), []).append(column)
    rows = []
    for (giver, taker), columns in found.items():
        when = "next" if taker in order and order[taker] < order[giver] else "same"
        if taker not in order:
            when = "handed" if not taker else "never"
        to = named(taker, lang) if taker else "–"
        rows.append((named(giver, lang), to, code(columns, lang), told(f"when.{when}", lang)))
    columns_ = heads(("giver", "taker", "columns", "when"), lang)
    return Table(told("process.posts_caption", lang), columns_, rows)

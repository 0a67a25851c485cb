"""Element 3: what happens in a step, in which order, and what reaches whom when."""

from sim.kernel import Mechanism
from sim.report.numbers import shown
from sim.report.odd.blocks import Block, Part, Section, Table, Text
from sim.report.odd.subject import Subject
from sim.report.odd.telling import code, heads, listed, named, told, what
from sim.world.messages import MESSAGES, TRANSITIONS


def process(subject: Subject, lang: str) -> Section:
    """Process overview and scheduling."""
    days = shown(subject.scenario.step_days)
    blocks: list[Block] = [
        Text(told("process.intro", lang, days=days, count=len(subject.on))),
        week(subject, lang),
    ]
    if "disputes" in subject.names:
        blocks.append(Text(told("process.accounts", lang)))
    blocks.append(Text(told("process.time", lang, days=days)))
    flows, givers = posts(subject, lang), handed(subject)
    if flows.rows:
        title = told("process.posts_title", lang)
        blocks.append(Part(title, [Text(told("process.posts", lang)), flows]))
    if givers:
        names = listed((named(name, lang) for name in givers), lang)
        blocks.append(Text(told("process.handed", lang, names=names)))
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
            for reached in takers(column, subject):
                if reached is not kind:
                    found.setdefault((kind.name, reached.name), []).append(column)
    rows = []
    for (giver, taker), columns in found.items():
        when = "never"
        if taker in order:
            when = "next" if order[taker] < order[giver] else "same"
        pair = named(giver, lang), named(taker, lang)
        rows.append((*pair, code(columns, lang), told(f"when.{when}", lang)))
    titles = heads(("giver", "taker", "columns", "when"), lang)
    return Table(told("process.posts_caption", lang), titles, rows, whole=(3,))


def takers(column: str, subject: Subject) -> list[type[Mechanism]]:
    """Whom a post reaches: the owner of a flow, or those that are on and take a message."""
    owner = subject.owners.get(column)
    if owner is not None:
        return [owner]
    return [kind for kind in subject.on if column in MESSAGES and column in kind.reads]


def handed(subject: Subject) -> list[str]:
    """The mechanisms that hand disputes over to one another."""
    return [kind.name for kind in subject.on if TRANSITIONS in kind.adds]

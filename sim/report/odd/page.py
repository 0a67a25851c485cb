"""A description as one HTML file in the style of the report."""

import re
from collections.abc import Mapping, Sequence

from sim.report.markup import Markup, el, together
from sim.report.odd.blocks import Block, Bullets, Code, Document, Fold, Section, Table, Text
from sim.report.odd.telling import told
from sim.report.picture import prose
from sim.report.whole_page import whole_page

_CODE = re.compile(r"`[^`]*`")


def page(document: Document) -> str:
    """The text of the file."""
    kicker = el("p", document.kicker, class_="kicker")
    header = el("header", kicker, el("h1", document.title), *map(block, document.lead))
    contents = _contents(document) if document.contents else None
    sections = [_section(section) for section in document.sections]
    foot = None
    if document.contents:
        foot = el("footer", told("footer", document.lang, version=document.version))
    kind = "odd" if document.contents else "odd brief"
    body = el("main", header, contents, *sections, foot, class_=kind)
    return whole_page(document.title, body, document.lang, document.version)


def block(one: Block) -> Markup:
    """One block."""
    if isinstance(one, Text):
        return el("p", prose(one.text), class_="note" if one.note else None)
    if isinstance(one, Bullets):
        name = "ol" if one.ordered else "ul"
        return el(name, *(el("li", prose(item)) for item in one.items))
    if isinstance(one, Code):
        lines = "lines" if "\n" in one.text else None
        return el("pre", el("code", one.text), tabindex=0, class_=lines)
    if isinstance(one, Table):
        return table(one)
    if isinstance(one, Fold):
        return el("details", el("summary", prose(one.summary)), *map(block, one.blocks))
    return together(el("h3", prose(one.title)), *map(block, one.blocks))


def table(one: Table) -> Markup:
    """A table that scrolls sideways on a small screen; notes stand small below the first cell."""
    kinds = dict.fromkeys(one.numbers, "number") | dict.fromkeys(one.whole, "whole")
    heads = [
        el("th", prose(head), scope="col", class_=kinds.get(i)) for i, head in enumerate(one.heads)
    ]
    notes = [el("small", prose(note)) if note else None for note in one.notes]
    notes = notes or [None] * len(one.rows)
    rows = [_row(row, note, kinds) for row, note in zip(one.rows, notes, strict=True)]
    inner = together(
        el("caption", prose(one.caption)) if one.caption else None,
        el("thead", el("tr", *heads)),
        el("tbody", *rows),
    )
    label = _CODE.sub(lambda found: found[0].strip("`"), one.caption) or one.heads[0]
    drawn = el("table", inner, class_="noted" if one.notes else None)
    return el("div", drawn, class_="scroll", tabindex=0, role="region", aria_label=label)


def _row(cells: Sequence[str], note: Markup | None, kinds: Mapping[int, str]) -> Markup:
    first = el("th", prose(cells[0]), note, scope="row")
    rest = [el("td", prose(c), class_=kinds.get(i)) for i, c in enumerate(cells[1:], start=1)]
    return el("tr", first, *rest)


def _section(section: Section) -> Markup:
    title = el("h2", section.heading)
    return el("section", title, *map(block, section.blocks), id=section.key)


def _contents(document: Document) -> Markup:
    links = [el("li", el("a", s.heading, href=f"#{s.key}")) for s in document.sections]
    return el("nav", el("ul", *links), aria_label=told("contents", document.lang))

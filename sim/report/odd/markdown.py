"""A description as Markdown, which reads as it stands."""

from collections.abc import Iterator, Sequence

from sim.report.odd.blocks import Block, Bullets, Code, Document, Fold, Part, Section, Table, Text


def markdown(document: Document) -> str:
    """The whole description."""
    lines = [f"# {document.title}", "", f"*{document.kicker}*", ""]
    lines += blocks(document.lead, document.lang, 2)
    for section in document.sections:
        lines += section_lines(section, document.lang)
    return "\n".join(lines).rstrip("\n") + "\n"


def section_lines(section: Section, lang: str) -> Iterator[str]:
    """One section under its heading."""
    yield f"## {section.heading}"
    yield ""
    yield from blocks(section.blocks, lang, 3)


def blocks(several: Sequence[Block], lang: str, depth: int) -> Iterator[str]:
    """Blocks one after another; each ends with an empty line."""
    for block in several:
        yield from _block(block, lang, depth)


def _block(block: Block, lang: str, depth: int) -> Iterator[str]:
    if isinstance(block, Text):
        yield from (block.text, "")
    elif isinstance(block, Bullets):
        marks = (f"{i}." if block.ordered else "-" for i, _ in enumerate(block.items, start=1))
        lines = (f"{mark} {item}" for mark, item in zip(marks, block.items, strict=True))
        yield from (*lines, "")
    elif isinstance(block, Code):
        yield from ("```text", block.text, "```", "")
    elif isinstance(block, Table):
        yield from table(block)
    else:
        yield from (f"{'#' * depth} {_title(block)}", "")
        yield from blocks(block.blocks, lang, min(depth + 1, 6))


def _title(block: Part | Fold) -> str:
    return block.summary if isinstance(block, Fold) else block.title


def table(block: Table) -> Iterator[str]:
    """A table; what is small in HTML is its last column here."""
    heads = [*block.heads, block.note_head] if block.notes else list(block.heads)
    marks = ["---:" if i in block.numbers else "---" for i in range(len(heads))]
    if block.caption:
        yield from (f"*{block.caption}*", "")
    yield from (_line(heads), _line(marks))
    for position, row in enumerate(block.rows):
        yield _line([*row, block.notes[position]] if block.notes else row)
    yield ""


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(' '.join(cell.split()).replace('|', chr(92) + '|') for cell in cells)} |"

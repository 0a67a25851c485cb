"""A table of settings: CSV or Parquet, a row a point, a column a dotted key."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.experiment import wording
from sim.scenario import wording as words
from sim.scenario.faults import Faults
from sim.scenario.from_python import from_python
from sim.scenario.locate import trouble_with
from sim.scenario.node import BROKEN, Node, Source, Spot
from sim.scenario.read import read_text
from sim.scenario.scalars import scalar

SUFFIXES = (".csv", ".parquet")
MOST_BYTES = 1 << 28


@dataclass(frozen=True)
class Table:
    """Dotted keys and rows of values; every value knows its file, line and column."""

    heads: tuple[Node, ...]
    rows: tuple[tuple[Node, ...], ...]

    @property
    def keys(self) -> tuple[str, ...]:
        """The dotted keys that the columns set."""
        return tuple(str(head.value) for head in self.heads)


def read_table(node: Node, faults: Faults) -> Table | None:
    """The table in the file that `design.file` names, or None with faults noted."""
    written = str(node.value)
    path = node.spot.source.folder / written
    if path.suffix.lower() not in SUFFIXES:
        trouble = wording.TABLE_KIND.format(written=words.short(written))
        names = words.ALLOWED.format(names=", ".join(SUFFIXES))
        faults.add(node.spot, "design.file", trouble, names)
        return None
    trouble = trouble_with(path, written)
    if not trouble and path.stat().st_size > MOST_BYTES:
        trouble = words.TOO_BIG.format(limit=MOST_BYTES)
    if trouble:
        faults.add(node.spot, "design.file", trouble)
        return None
    source = Source(words.short(written), path.parent)
    is_csv = path.suffix.lower() == ".csv"
    cells = _from_csv(path, source, faults) if is_csv else _from_parquet(path, source, faults)
    return None if cells is None else _checked(cells, source, faults)


def _from_csv(path: Path, source: Source, faults: Faults) -> list[list[Node]] | None:
    """Every cell of a file of comma-separated values; its column counts cells."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        faults.add(Spot(source), "", words.NOT_UTF8, words.SAVE_AS_UTF8)
        return None
    except OSError as error:
        faults.add(Spot(source), "", wording.NOT_READ.format(why=error.strerror or error))
        return None
    found: list[list[Node]] = []
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                line = reader.line_num
                spots = [Spot(source, line, column) for column in range(1, len(row) + 1)]
                is_head = not found
                found.append(
                    [
                        _cell(cell.strip(), spot, faults, is_head=is_head)
                        for cell, spot in zip(row, spots, strict=True)
                    ]
                )
    except csv.Error as error:
        faults.add(Spot(source, reader.line_num, 1), "", wording.NOT_READ.format(why=error))
        return None
    return found


def _cell(text: str, spot: Spot, faults: Faults, *, is_head: bool) -> Node:
    """A cell as YAML would read it: a number, a date, a word, or a list or mapping in brackets."""
    if is_head or not text:
        return Node(text or None, spot, spot)
    if text[0] in "[{":
        inside = Faults()
        node = read_text(text, spot.source, inside)
        for fault in inside.sorted():
            faults.add(spot, "", fault.trouble, fault.allowed)
        return Node(BROKEN, spot, spot) if node is None else node.at(spot)
    try:
        return Node(scalar(text), spot, spot)
    except ValueError as error:
        faults.add(spot, "", str(error))
        return Node(BROKEN, spot, spot)


def _from_parquet(path: Path, source: Source, faults: Faults) -> list[list[Node]] | None:
    """Every cell of a Parquet file; lines count as those of the same table in CSV would."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.read_table(path)
    except (OSError, pa.ArrowException, ValueError) as error:
        why = str(error).splitlines()[0]
        faults.add(Spot(source), "", wording.NOT_READ.format(why=words.short(why)))
        return None
    heads = [
        Node(name, spot, spot)
        for column, name in enumerate(table.column_names, start=1)
        for spot in [Spot(source, 1, column)]
    ]
    columns: list[list[Any]] = [column.to_pylist() for column in table.columns]
    rows = [
        [
            from_python(value, Spot(source, line, column), faults, name)
            for column, (name, value) in enumerate(
                zip(table.column_names, values, strict=True), start=1
            )
        ]
        for line, values in enumerate(zip(*columns, strict=True), start=2)
    ]
    return [heads, *rows]


def _checked(cells: Sequence[Sequence[Node]], source: Source, faults: Faults) -> Table | None:
    """The cells as a table, if it is one.

    With faults noted it holds the rows that are whole, for their values to be judged, too.
    """
    if not cells or any(head.value is None for head in cells[0]):
        spot = cells[0][0].spot if cells else Spot(source, 1, 1)
        faults.add(spot, "", wording.NO_HEADS)
        return None
    heads, rows = cells[0], cells[1:]
    before = Faults()
    whole: list[tuple[Node, ...]] = []
    names = [str(head.value) for head in heads]
    for place, head in enumerate(heads):
        if str(head.value) in names[:place]:
            trouble = wording.HEAD_TWICE.format(written=words.short(str(head.value)))
            before.add(head.spot, "", trouble)
    if not rows:
        before.add(heads[0].spot, "", wording.NO_ROWS)
    for row in rows:
        if len(row) != len(heads):
            trouble = wording.RAGGED.format(found=len(row), expected=len(heads))
            before.add(row[0].spot, "", trouble)
            continue
        for name, cell in zip(names, row, strict=True):
            if cell.value is None:
                before.add(cell.spot, name, wording.EMPTY_CELL)
        whole.append(tuple(_filled(cell) for cell in row))
    faults.include(before.sorted())
    if len(set(names)) < len(names) or not whole:
        return None
    return Table(tuple(heads), tuple(whole))


def _filled(cell: Node) -> Node:
    """A cell; one that is empty, which was told, as broken."""
    return cell if cell.value is not None else Node(BROKEN, cell.spot, cell.spot)

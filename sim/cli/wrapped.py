"""Tables that fit a page: where columns are too wide, their heads and cells go on in more lines."""

import shutil
import sys
from collections.abc import Sequence
from itertools import zip_longest

from sim.cli import console
from sim.text.folding import folded

WIDEST = 100  # columns of a page or a file, however wide the terminal is
GAP = "  "


def show_wrapped(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A table no wider than WIDEST and the terminal; heads stand above their columns' first line.

    Where not even the longest words fit, each row is a folded block.
    """
    room = min(WIDEST, shutil.get_terminal_size().columns) if sys.stdout.isatty() else WIDEST
    widths = widths_within(room, [heads, *rows])
    if sum(widths) + len(GAP) * (len(widths) - 1) > room:
        console.show_blocks(heads, rows, room)
        return
    for at, cells in enumerate([heads, *rows]):
        columns = [
            _lines(cell, columns) or [""] for cell, columns in zip(cells, widths, strict=True)
        ]
        if at == 0:
            tall = max(map(len, columns))
            columns = [[""] * (tall - len(lines)) + lines for lines in columns]
        for parts in zip_longest(*columns, fillvalue=""):
            console.show(GAP.join(console.padded(parts, widths)).rstrip())


def widths_within(room: int, lines: Sequence[Sequence[str]]) -> list[int]:
    """Widths of columns that fit, if words allow: the widest columns give way first."""
    columns = list(zip(*lines, strict=True))
    widths = [max(map(console.width, column)) for column in columns]
    least = [max(map(_longest_word, column)) for column in columns]
    while sum(widths) + len(GAP) * (len(widths) - 1) > room:
        giving = [at for at, width in enumerate(widths) if width > least[at]]
        if not giving:
            break
        widths[max(giving, key=widths.__getitem__)] -= 1
    return widths


def _lines(text: str, columns: int) -> list[str]:
    return folded(text, lambda line: console.width(line) <= columns)


def _longest_word(text: str) -> int:
    """The narrowest that a text can be folded to."""
    return max(map(console.width, _lines(text, 0)), default=0)

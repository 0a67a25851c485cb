"""Folds help by columns of the terminal, of which a Chinese character takes two.

The library of the command line counts letters, so that its lines of Chinese run over the edge.
"""

from collections.abc import Callable, Iterable

from sim.cli.console import width
from sim.text.folding import folded

RAW = "\b"  # stands before a paragraph whose lines stay as they are


class Folding:
    """How help is laid out; as a class it stands before the library's own."""

    width: int
    current_indent: int
    write: Callable[[str], None]

    def write_text(self, text: str) -> None:
        """Paragraphs behind the indent."""
        indent = " " * self.current_indent
        told = []
        for paragraph in text.split("\n\n"):
            first, *rest = paragraph.strip("\n").split("\n")
            lines = rest if first.strip() == RAW else self._folded(" ".join([first, *rest]))
            told.append("\n".join(indent + line for line in lines))
        self.write("\n\n".join(told) + "\n")

    def write_dl(
        self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2
    ) -> None:
        """Names, and beside each what it means; below a name that is too wide for its column."""
        listed = list(rows)
        column = min(max(width(name) for name, _ in listed), col_max) + col_spacing
        start = " " * (self.current_indent + column)
        for name, meaning in listed:
            lines = [start + line for line in self._folded(meaning, column)] or [""]
            head = " " * self.current_indent + name
            if width(name) <= column - col_spacing:
                head += " " * (len(start) - width(head)) + lines.pop(0).strip()
            self.write("\n".join([head.rstrip(), *lines]) + "\n")

    def _folded(self, text: str, column: int = 0) -> list[str]:
        """The lines of a text that begins in a column."""
        room = max(self.width - column - self.current_indent, 10)
        return folded(text, lambda line: width(line) <= room)

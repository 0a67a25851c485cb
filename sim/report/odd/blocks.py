"""What a description is made of, whatever it is written as: sections of texts, tables and code.

In every text and cell, what stands between backticks is code.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Text:
    """A paragraph; a `note` is set smaller."""

    text: str
    note: bool = False


@dataclass(frozen=True)
class Bullets:
    """A list; an `ordered` one is numbered."""

    items: Sequence[str]
    ordered: bool = False


@dataclass(frozen=True)
class Code:
    """Lines as they stand in the code: equations, a command."""

    text: str


@dataclass(frozen=True)
class Table:
    """Rows of cells under heads.

    `numbers` are the columns of numbers. `notes`, one a row, stand below its first cell, or in a
    column of their own under `note_head`. The columns in `whole` are not broken into lines.
    """

    caption: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    numbers: Sequence[int] = ()
    notes: Sequence[str] = ()
    note_head: str = ""
    whole: Sequence[int] = ()


@dataclass(frozen=True)
class Fold:
    """What a reader opens when it is wanted."""

    summary: str
    blocks: Sequence["Block"]


@dataclass(frozen=True)
class Part:
    """A piece of a section under a heading of its own."""

    title: str
    blocks: Sequence["Block"]


Block = Text | Bullets | Code | Table | Fold | Part


@dataclass(frozen=True)
class Section:
    """One element of the protocol, or what stands beside them (then without a number)."""

    key: str
    title: str
    blocks: Sequence[Block]
    number: int | None = None

    @property
    def heading(self) -> str:
        """The title with its number."""
        return self.title if self.number is None else f"{self.number} {self.title}"


@dataclass(frozen=True)
class Document:
    """A whole description; `contents` tells whether it is long enough for a list of its parts."""

    title: str
    kicker: str
    lead: Sequence[Block]
    sections: Sequence[Section]
    lang: str
    version: str
    contents: bool = False
    facts: Sequence[tuple[str, str]] = field(default=())

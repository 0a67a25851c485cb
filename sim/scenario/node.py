"""A node: a value of an input that still knows where it was written, and the value of its key."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from sim.scenario import wording


class Broken:
    """Stands for a value that a fault was already reported for, so that it is not judged twice."""

    def __repr__(self) -> str:
        return "BROKEN"


BROKEN = Broken()
Scalar = str | int | float | bool | date | Broken | None


@dataclass(frozen=True)
class Source:
    """A file, a mapping or a setting that values come from; paths in it are seen from `folder`."""

    label: str
    folder: Path


@dataclass(frozen=True)
class Spot:
    """A place in a source; lines and columns count from 1, and line 0 means the whole source."""

    source: Source
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        """`file:line:column`, or the label alone."""
        label = self.source.label
        return f"{label}:{self.line}:{self.column}" if self.line else label


@dataclass(frozen=True)
class Node:
    """A value, where it stands, and where its key stands (the value's own spot if it has none)."""

    value: "Scalar | tuple[Node, ...] | dict[str, Node]"
    spot: Spot
    key_spot: Spot

    @property
    def broken(self) -> bool:
        """Whether a fault was already reported for this value."""
        return self.value is BROKEN

    @property
    def sound(self) -> bool:
        """Whether no fault was reported for this value, or for any within it."""
        within = (*self.children.values(), *self.items)
        return not self.broken and all(node.sound for node in within)

    @property
    def children(self) -> "dict[str, Node]":
        """The entries of a mapping; none for anything else."""
        return self.value if isinstance(self.value, dict) else {}

    @property
    def items(self) -> "tuple[Node, ...]":
        """The members of a list; none for anything else."""
        return self.value if isinstance(self.value, tuple) else ()

    @property
    def kind(self) -> str:
        """What the value is, in words for a message."""
        value = self.value
        if value is None:
            return "empty"
        if isinstance(value, dict):
            return "a mapping"
        if isinstance(value, tuple):
            return "a list"
        if isinstance(value, bool):
            return "true or false"
        if isinstance(value, int | float):
            return "a number"
        if isinstance(value, str):
            return f"the text {wording.short(value)!r}" if value else "empty text"
        return "a date"

    def under(self, key_spot: Spot) -> "Node":
        """The same value under another key."""
        return replace(self, key_spot=key_spot)

    def at(self, spot: Spot) -> "Node":
        """The same value with all that is in it at one spot, where its own lines say nothing."""
        value = self.value
        if isinstance(value, dict):
            value = {key: child.at(spot) for key, child in value.items()}
        elif isinstance(value, tuple):
            value = tuple(child.at(spot) for child in value)
        return Node(value, spot, spot)

    def plain(self) -> Any:
        """The bare value: mappings, lists, numbers, words; dates as ISO words."""
        if isinstance(self.value, dict):
            return {key: child.plain() for key, child in self.value.items()}
        if isinstance(self.value, tuple):
            return [child.plain() for child in self.value]
        if isinstance(self.value, date):
            return self.value.isoformat()
        return None if self.broken else self.value

    def leaves(self, prefix: str = "") -> "Iterator[tuple[str, Node]]":
        """Every value that is not a mapping, by dotted key; a list counts as one value."""
        for key, child in self.children.items():
            full = f"{prefix}{key}"
            if isinstance(child.value, dict):
                yield from child.leaves(f"{full}.")
            else:
                yield full, child

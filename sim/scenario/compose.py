"""Builds nodes from the parser's events, one by one, within limits."""

import re
from dataclasses import dataclass, field
from typing import Any

from sim.scenario import wording
from sim.scenario.faults import Faults
from sim.scenario.node import BROKEN, Node, Scalar, Source, Spot
from sim.scenario.scalars import scalar

MAX_DEPTH = 40
MAX_NODES = 200_000  # a value a day for a century fits
# Control characters, halves of surrogate pairs, and marks that turn the letters after them round.
_NOT_TEXT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")


class Halt(Exception):  # noqa: N818  it is a signal between two files, not an error for users
    """Reading stops here; the fault is already noted."""


@dataclass
class _Frame:
    """A mapping or a list that is still open."""

    is_mapping: bool
    spot: Spot
    anchor: str | None
    entries: dict[str, Node] = field(default_factory=dict)
    members: list[Node] = field(default_factory=list)
    key: str | None = None
    key_spot: Spot | None = None
    key_refused: bool = False
    nodes: int = 1
    height: int = 1


@dataclass(frozen=True)
class _Anchored:
    node: Node
    nodes: int
    height: int


class Composer:
    """Takes events and holds the finished `root`; `spot` is where the last event began."""

    def __init__(self, source: Source, faults: Faults) -> None:
        self.root: Node | None = None
        self.spot = Spot(source, 1, 1)
        self._source = source
        self._faults = faults
        self._open: list[_Frame] = []
        self._anchors: dict[str, _Anchored] = {}
        self._documents = 0

    def take(self, event: Any) -> None:
        """Follow one event of the parser; raises Halt when reading on makes no sense."""
        kind = type(event).__name__
        mark = event.start_mark
        self.spot = Spot(self._source, mark.line + 1, mark.column + 1)
        if kind == "DocumentStartEvent":
            self._begin_document(event)
        elif kind == "ScalarEvent":
            self._take_scalar(event)
        elif kind == "AliasEvent":
            self._take_alias(str(event.anchor))
        elif kind in ("MappingStartEvent", "SequenceStartEvent"):
            self._begin(event, kind == "MappingStartEvent")
        elif kind in ("MappingEndEvent", "SequenceEndEvent"):
            self._end()

    def _begin_document(self, event: Any) -> None:
        self._documents += 1
        if self._documents > 1:
            self._halt(wording.TWO_DOCUMENTS)
        version = getattr(event, "version", None)
        if version is not None and tuple(version) != (1, 2):
            written = ".".join(map(str, tuple(version)))
            self._note(wording.WRONG_VERSION.format(version=written))

    def _begin(self, event: Any, is_mapping: bool) -> None:
        if self._awaits_key():
            self._halt(wording.KEY_NOT_WORD)
        if len(self._open) >= MAX_DEPTH:
            self._halt(wording.TOO_DEEP.format(limit=MAX_DEPTH))
        self._refuse_tag(event)
        self._open.append(_Frame(is_mapping, self.spot, event.anchor))
        if event.anchor:
            self._anchors.pop(event.anchor, None)

    def _end(self) -> None:
        frame = self._open.pop()
        value: Any = frame.entries if frame.is_mapping else tuple(frame.members)
        node = Node(value, frame.spot, frame.spot)
        self._finish(node, frame.anchor, frame.nodes, frame.height)

    def _take_scalar(self, event: Any) -> None:
        tagged = self._refuse_tag(event)
        written: str = event.value
        if self._awaits_key():
            self._take_key(written)
            return
        value: Scalar = written
        if tagged or not is_text(written):
            if not tagged:
                self._note(wording.NOT_TEXT)
            value = BROKEN
        elif event.implicit[0] and event.style is None:
            try:
                value = scalar(written)
            except ValueError as error:
                self._note(str(error))
                value = BROKEN
        spot = self.spot
        if value is None and not written and self._open and self._open[-1].key_spot:
            spot = self._open[-1].key_spot  # what is not there is missed at its key
        self._finish(Node(value, spot, spot), event.anchor, 1, 1)

    def _take_key(self, word: str) -> None:
        frame = self._open[-1]
        frame.key_refused = True
        if not is_text(word):
            self._note(wording.NOT_TEXT)
        elif not word.strip():
            self._note(wording.KEY_NOT_WORD)
        elif word == "<<":
            self._note(wording.NO_MERGE_KEY)
        elif word in frame.entries:
            first = frame.entries[word].key_spot
            where = f"line {first.line}" if first.line else str(first)
            self._note(wording.TWICE.format(where=where), word)
        else:
            frame.key_refused = False
        frame.key, frame.key_spot = word, self.spot

    def _take_alias(self, name: str) -> None:
        if self._awaits_key():
            self._halt(wording.KEY_NOT_WORD)
        target = self._anchors.get(name)
        if target is None:
            inside = any(frame.anchor == name for frame in self._open)
            words = wording.OWN_ALIAS if inside else wording.NO_ANCHOR
            self._note(words.format(name=wording.short(name)))
            self._finish(Node(BROKEN, self.spot, self.spot), None, 1, 1)
            return
        if len(self._open) + target.height > MAX_DEPTH:
            self._halt(wording.TOO_DEEP.format(limit=MAX_DEPTH))
        node = Node(target.node.value, self.spot, self.spot)
        self._finish(node, None, target.nodes, target.height)

    def _finish(self, node: Node, anchor: str | None, nodes: int, height: int) -> None:
        """Hand a finished node to what contains it."""
        if anchor:
            self._anchors[anchor] = _Anchored(node, nodes, height)
        if not self._open:
            self.root = node
            return
        frame = self._open[-1]
        frame.nodes += nodes
        frame.height = max(frame.height, height + 1)
        if frame.nodes > MAX_NODES:
            self._halt(wording.TOO_MANY_NODES.format(limit=MAX_NODES))
        if not frame.is_mapping:
            frame.members.append(node)
        elif frame.key is not None and frame.key_spot is not None:
            if not frame.key_refused:
                frame.entries[frame.key] = node.under(frame.key_spot)
            frame.key = None

    def _awaits_key(self) -> bool:
        return bool(self._open) and self._open[-1].is_mapping and self._open[-1].key is None

    def _refuse_tag(self, event: Any) -> bool:
        tag = getattr(event, "tag", None)
        if tag is None:
            return False
        self._note(wording.TAGGED.format(tag=wording.short(str(tag))))
        return True

    def _path(self) -> str:
        keys = [frame.key for frame in self._open if frame.is_mapping and frame.key is not None]
        return ".".join(keys)

    def _note(self, trouble: str, word: str = "") -> None:
        if self._faults.full:
            raise Halt
        path = ".".join(filter(None, (self._path(), word)))
        self._faults.add(self.spot, path, trouble)

    def _halt(self, trouble: str) -> None:
        self._note(trouble)
        raise Halt


def is_text(written: str) -> bool:
    """Whether a word holds letters only: no control characters, no half of a surrogate pair."""
    return _NOT_TEXT.search(written) is None

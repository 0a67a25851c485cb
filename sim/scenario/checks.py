"""Reads single values off nodes: what is not of the right kind is noted as a fault, once."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from sim.scenario import wording
from sim.scenario.faults import Faults
from sim.scenario.node import Node
from sim.scenario.scalars import day as day_of
from sim.text.search import called

FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2200, 12, 31)


class Checks:
    """One look at a tree; every method returns None after noting a fault."""

    def __init__(self, faults: Faults) -> None:
        self.faults = faults

    def refuse(self, node: Node, key: str, trouble: str, allowed: str = "") -> None:
        """Note a fault at a value, unless one was noted there before."""
        if not node.broken:
            self.faults.add(node.spot, key, trouble, allowed)

    def mapping(self, node: Node, key: str) -> dict[str, Node] | None:
        """The entries of a mapping."""
        if isinstance(node.value, dict):
            return node.value
        self._wrong_kind(node, key, wording.NOT_MAPPING)
        return None

    def entries(self, node: Node, key: str, names: Sequence[str]) -> dict[str, Node]:
        """The entries of a mapping that may hold only certain keys; the others are noted."""
        found = self.mapping(node, key) or {}
        for name, child in found.items():
            if name not in names:
                full = f"{key}.{name}" if key else name
                self.faults.unknown(child.key_spot, full, wording.UNKNOWN_KEY, name, names)
        return {name: child for name, child in found.items() if name in names}

    def members(self, node: Node, key: str) -> tuple[Node, ...] | None:
        """The members of a list."""
        if isinstance(node.value, tuple):
            return node.value
        self._wrong_kind(node, key, wording.NOT_LIST)
        return None

    def number(self, node: Node, key: str) -> float | None:
        """A finite number; true and false are none."""
        value = node.value
        if isinstance(value, int | float) and not isinstance(value, bool):
            try:
                return float(value)
            except OverflowError:
                self.refuse(node, key, wording.TOO_LONG_NUMBER)
                return None
        self._wrong_kind(node, key, wording.NOT_NUMBER)
        return None

    def within(
        self, node: Node, key: str, low: float, high: float, unit: str, *, whole: bool = False
    ) -> float | None:
        """A number inside a range."""
        value = self.number(node, key)
        if value is None:
            return None
        written, lowest, highest = map(wording.shown, (value, low, high))
        allowed = wording.RANGE.format(low=lowest, high=highest, unit=unit)
        if value < low:
            self.refuse(node, key, wording.BELOW.format(written=written, bound=lowest), allowed)
        elif value > high:
            self.refuse(node, key, wording.ABOVE.format(written=written, bound=highest), allowed)
        elif whole and value != int(value):
            self.refuse(node, key, wording.NOT_WHOLE.format(written=written), allowed)
        else:
            return value
        return None

    def text(self, node: Node, key: str) -> str | None:
        """Text that is not empty."""
        if isinstance(node.value, str) and node.value.strip():
            return node.value
        self._wrong_kind(node, key, wording.NOT_WORD)
        return None

    def day(self, node: Node, key: str) -> date | None:
        """A day within the centuries that the calendar of a run covers."""
        value = node.value
        if isinstance(value, str) and value:
            try:
                value = day_of(value)
            except ValueError as error:
                self.refuse(node, key, str(error))
                return None
        if not isinstance(value, date):
            self._wrong_kind(node, key, wording.NOT_DAY)
            return None
        allowed = wording.RANGE.format(low=FIRST_DAY, high=LAST_DAY, unit="date")
        if value < FIRST_DAY:
            self.refuse(node, key, wording.BELOW.format(written=value, bound=FIRST_DAY), allowed)
        elif value > LAST_DAY:
            self.refuse(node, key, wording.ABOVE.format(written=value, bound=LAST_DAY), allowed)
        else:
            return value
        return None

    def names(
        self,
        node: Node,
        key: str,
        known: Mapping[str, Collection[str]],
        trouble: str,
        listed: str = "",
    ) -> tuple[str, ...] | None:
        """`all` (None), or a list of known names, each once; what a name is called serves too."""
        if node.value == "all":
            return None
        members = self.members(node, key)
        if members is not None and not members:
            self.refuse(node, key, wording.EMPTY, wording.ALLOWED.format(names="all, or a list"))
        found: dict[str, None] = {}
        for member in members or ():
            written = self.text(member, key)
            if written is None:
                continue
            name = called(written, known)
            if name is None:
                words = trouble.format(written=wording.short(written))
                self.faults.unknown(member.spot, key, words, written, tuple(known), known, listed)
            elif name in found:
                words = wording.LISTED_TWICE.format(written=wording.short(written))
                self.refuse(member, key, words)
            else:
                found[name] = None
        return tuple(found)

    def _wrong_kind(self, node: Node, key: str, words: str) -> None:
        if node.value is None:
            self.refuse(node, key, wording.EMPTY, wording.LEAVE_OUT)
        else:
            self.refuse(node, key, words.format(what=node.kind))

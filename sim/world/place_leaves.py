"""Reads the numbers of a place file: each a mapping of value, unit, low, high, status and source.

A mapping under `value` states one parameter per key; `low` and `high` are then mappings alike, or
one number for all.
"""

from collections.abc import Iterator

from sim.kernel import Parameter
from sim.kernel.parameter import STATUSES
from sim.scenario import wording
from sim.scenario.checks import Checks
from sim.scenario.faults import Faults
from sim.scenario.node import Node

LEAF_KEYS = ("value", "unit", "low", "high", "status", "source")
_TEXTS = ("unit", "status", "source")
_ENDS = ("low", "high")


class Leaves:
    """Gathers the ledger of a place, with the node of every number for later faults."""

    def __init__(self, faults: Faults) -> None:
        self.checks = Checks(faults)
        self.faults = faults
        self.ledger: dict[str, Parameter] = {}
        self.nodes: dict[str, Node] = {}

    def under(self, node: Node, root: str) -> Iterator[tuple[str, Node]]:
        """Every (dotted name, leaf) of a section."""
        for key, child in (self.checks.mapping(node, root) or {}).items():
            yield from self._below(child, key, root)

    def _below(self, node: Node, name: str, root: str) -> Iterator[tuple[str, Node]]:
        entries = self.checks.mapping(node, f"{root}.{name}")
        if entries is None:
            return
        if any(key in entries for key in ("value", *_TEXTS)):
            yield name, node
            return
        for key, child in entries.items():
            yield from self._below(child, f"{name}.{key}", root)

    def state(self, node: Node, name: str) -> None:
        """Enter what one leaf states in the ledger: a parameter, or one per key of its value."""
        entries = self.checks.entries(node, name, LEAF_KEYS)
        self.nodes[name] = node
        if "value" in entries:
            for path, child in _members(entries["value"], ()):
                full = ".".join((name, *path))
                self.nodes[full] = child
                parameter = self.parameter(entries, child, node, full, path)
                if parameter is not None:
                    self.ledger[full] = parameter
        elif isinstance(node.value, dict):
            self.faults.add(node.key_spot, f"{name}.value", wording.MISSING)

    def parameter(
        self,
        entries: dict[str, Node],
        value: Node,
        node: Node,
        key: str,
        path: tuple[str, ...] = (),
    ) -> Parameter | None:
        """The parameter of one number, or None with every fault of it noted."""
        number = self.checks.number(value, key)
        texts = {part: self._text(entries, part, node, key) for part in _TEXTS}
        low, high = (self._end(entries, part, node, key, path) for part in _ENDS)
        status = texts["status"]
        if status is not None and status not in STATUSES:
            words = wording.NO_CHOICE.format(written=wording.short(status))
            self.faults.unknown(entries["status"].spot, f"{key}.status", words, status, STATUSES)
            return None
        unit, source = texts["unit"], texts["source"]
        if number is None or low is None or high is None:
            return None
        if unit is None or status is None or source is None:
            return None
        if low > high:
            lowest, highest = map(wording.shown, (low, high))
            trouble = f"its range goes down, from {lowest} to {highest}"
            self.checks.refuse(value, key, trouble)
            return None
        if not low <= number <= high:
            written, lowest, highest = map(wording.shown, (number, low, high))
            trouble = f"{written} lies outside its own range, {lowest} to {highest}"
            self.checks.refuse(value, key, trouble)
            return None
        return Parameter(number, unit, low, high, status, source)

    def _text(self, entries: dict[str, Node], part: str, node: Node, key: str) -> str | None:
        if part in entries:
            return self.checks.text(entries[part], f"{key}.{part}")
        self.faults.add(node.key_spot, f"{key}.{part}", wording.MISSING)
        return None

    def _end(
        self, entries: dict[str, Node], part: str, node: Node, key: str, path: tuple[str, ...]
    ) -> float | None:
        """One end of the range; for a member of a mapping, at the same path."""
        end = _at(entries[part], path) if part in entries else None
        if end is not None:
            return self.checks.number(end, f"{key}.{part}")
        spot = entries[part].spot if part in entries else node.key_spot
        self.faults.add(spot, f"{key}.{part}", wording.MISSING)
        return None

    def bound(self, name: str, bounds: tuple[float, float], *, whole: bool = False) -> None:
        """Refuse a number that nobody can build people from."""
        if name in self.ledger:
            unit = self.ledger[name].unit
            self.checks.within(self.nodes[name], name, *bounds, unit, whole=whole)


def _members(node: Node, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Node]]:
    """The numbers under `value`, each with its path."""
    if isinstance(node.value, dict):
        for key, child in node.value.items():
            yield from _members(child, (*path, key))
    else:
        yield path, node


def _at(node: Node, path: tuple[str, ...]) -> Node | None:
    """What stands at a path; a single number stands for all paths."""
    for key in path:
        if not isinstance(node.value, dict):
            return node
        if key not in node.value:
            return None
        node = node.value[key]
    return node

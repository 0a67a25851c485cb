"""Turns Python mappings, lists and numbers into the nodes that a file would have given."""

import math
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sim.scenario import wording
from sim.scenario.compose import MAX_DEPTH, MAX_NODES, is_text
from sim.scenario.faults import Faults
from sim.scenario.node import BROKEN, Node, Scalar, Spot


def from_python(value: Any, spot: Spot, faults: Faults, key: str = "") -> Node:
    """The node of a Python value, within the limits that hold for a file."""
    return _Converter(spot, faults).node(value, key, 1)


class _Converter:
    def __init__(self, spot: Spot, faults: Faults) -> None:
        self._spot = spot
        self._faults = faults
        self._nodes = 0

    def node(self, value: Any, key: str, depth: int) -> Node:
        """The node of one value and of all that it holds."""
        self._nodes += 1
        if depth > MAX_DEPTH:
            return self._broken(key, wording.TOO_DEEP.format(limit=MAX_DEPTH))
        if self._nodes > MAX_NODES:
            return self._broken("", wording.TOO_MANY_NODES.format(limit=MAX_NODES))
        if isinstance(value, Mapping):
            return self._node(self._entries(value, key, depth))
        if hasattr(value, "tolist"):  # NumPy's numbers and arrays
            value = value.tolist()
        if isinstance(value, list | tuple):
            return self._node(tuple(self.node(member, key, depth + 1) for member in value))
        return self._scalar(value, key)

    def _entries(self, value: Mapping[Any, Any], key: str, depth: int) -> dict[str, Node]:
        entries: dict[str, Node] = {}
        for name, child in value.items():
            if not isinstance(name, str) or not name.strip() or not is_text(name):
                self._faults.add(self._spot, key, wording.KEY_NOT_WORD)
                continue
            full = f"{key}.{name}" if key else name
            entries[name] = self.node(child, full, depth + 1)
        return entries

    def _scalar(self, value: Any, key: str) -> Node:
        if isinstance(value, type):  # a mechanism of the user's own, as a file would name it
            return self._node(f"{value.__module__}:{value.__qualname__}")
        if value is None or isinstance(value, bool | int):
            return self._node(value)
        if isinstance(value, float):
            if math.isfinite(value):
                return self._node(value)
            return self._broken(key, wording.NOT_FINITE.format(written=value))
        if isinstance(value, datetime):
            return self._node(value.date())
        if isinstance(value, date):
            return self._node(value)
        if isinstance(value, str | Path):
            if is_text(str(value)):
                return self._node(str(value))
            return self._broken(key, wording.NOT_TEXT)
        kind = type(value).__name__
        return self._broken(key, wording.NO_SUCH_TYPE.format(kind=wording.short(kind)))

    def _node(self, value: Scalar | tuple[Node, ...] | dict[str, Node]) -> Node:
        return Node(value, self._spot, self._spot)

    def _broken(self, key: str, trouble: str) -> Node:
        self._faults.add(self._spot, key, trouble)
        return self._node(BROKEN)

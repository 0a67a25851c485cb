"""Puts the objects of a run together again from the nodes and arrays of `taking_apart`.

Runs no code of what was kept: objects are made without their `__init__`, and only of classes that
make up a run. So a file from a stranger can fail, but not act.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import numpy as np

from sim.engine.run_classes import RunClasses
from sim.engine.taking_apart import Arrays, Nodes
from sim.kernel import Table

# What nodes raise that `taken_apart` did not make.
TROUBLES = (ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError)

_LEAVES: dict[str, Callable[[str], Any]] = {
    "float": float,
    "bytes": bytes.fromhex,
    "date": date.fromisoformat,
}


def put_together(
    root: str,
    nodes: Nodes,
    arrays: Arrays,
    outside: Mapping[str, Any] | None = None,
    classes: RunClasses | None = None,
) -> Any:
    """One of the objects that `taken_apart` was given, with all that it holds.

    Args:
        root: its name.
        nodes: what `taken_apart` gave.
        arrays: their arrays, which the object takes over; hand in copies to put together again.
        outside: the objects that were not taken apart, by name.
        classes: whose objects may be in it; our own unless told.

    Raises one of `TROUBLES` when the nodes are not such as `taken_apart` makes.
    """
    word, pairs = nodes[0]
    if word != "dict":
        raise ValueError("no roots")
    return _Putting(nodes, arrays, outside or {}, classes or RunClasses()).value(dict(pairs)[root])


class _Putting:
    """Nodes on their way back into objects.

    What can hold itself (a list, a dict, an object) is known before it is filled.
    """

    def __init__(
        self, nodes: Nodes, arrays: Arrays, outside: Mapping[str, Any], classes: RunClasses
    ) -> None:
        self._nodes, self._arrays = nodes, arrays
        self._outside, self._classes = outside, classes
        self._made: dict[int, Any] = {}
        self._begun: set[int] = set()

    def value(self, reference: Any) -> Any:
        """What a reference stands for."""
        if not isinstance(reference, list):
            return reference
        (number,) = reference
        if number not in self._made:
            if number in self._begun or not 0 <= number < len(self._nodes):
                raise ValueError("a thing that cannot change holds itself")
            self._begun.add(number)
            self._made[number] = self._object(number, *self._nodes[number])
        return self._made[number]

    def _object(self, number: int, word: str, first: Any, *rest: Any) -> Any:
        """The object of one node."""
        if word in _LEAVES:
            return _LEAVES[word](first)
        if word == "outside":
            return self._outside[first]
        if word == "array":
            return self._arrays[first].transpose(np.argsort(rest[0]))
        if word == "number":
            return self._arrays[first][()]
        if word in ("set", "frozenset"):
            return {"set": set, "frozenset": frozenset}[word](map(self.value, first))
        if word == "tuple":
            kind = self._kind(rest[0], tuple) if rest else tuple
            return tuple.__new__(kind, map(self.value, first))
        if word == "list":
            made: Any = self._made.setdefault(number, [])
            made.extend(map(self.value, first))
            return made
        if word == "dict":
            made = self._made.setdefault(number, {})
            made.update((self.value(key), self.value(value)) for key, value in first)
            return made
        if word == "table":
            made = self._made[number] = object.__new__(self._kind(first, Table))
            rows, *both = rest
            made.__setstate__((rows, *map(self._named, both)))
            return made
        if word == "object":
            made = self._made[number] = object.__new__(self._kind(first, object))
            for name, value in self._named(*rest).items():
                object.__setattr__(made, name, value)
            return made
        raise ValueError(f"a node of no known kind: {word!r}")

    def _kind(self, name: str, base: type) -> type:
        kind = self._classes.called(name)
        if not issubclass(kind, base):
            raise ValueError(f"{name} is no {base.__name__}")
        return kind

    def _named(self, parts: Mapping[str, Any]) -> dict[str, Any]:
        """Attributes by name; those by which Python itself works are none of a run."""
        for name in parts:
            if name.startswith("__") or not name.isidentifier():
                raise ValueError(f"{name!r} is no attribute of a run")
        return {name: self.value(part) for name, part in parts.items()}

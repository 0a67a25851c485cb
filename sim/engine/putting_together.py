"""Puts the objects of a run together again from the nodes and arrays of `taking_apart`.

Runs no code of what was kept: objects are made without their `__init__`, and only of classes that
make up a run. So a file from a stranger can fail, but not act.
"""

from collections.abc import Callable, Generator, Mapping
from datetime import date
from typing import Any

import numpy as np

from sim.engine.run_classes import RunClasses
from sim.engine.taking_apart import Arrays, Nodes
from sim.kernel import Table

# What nodes raise that `taken_apart` did not make.
TROUBLES = (ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError)

Steps = Generator[Any, Any, Any]  # yields references that it needs, is sent what they stand for

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

    What can hold itself (a list, a dict, an object) is known before it is filled. And no recursion:
    objects that hold one another in a long chain are put together at any length.
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
        waiting = [self._steps(reference)]  # each needs what the one after it makes
        made: Any = None
        while waiting:
            try:
                needed = waiting[-1].send(made)
            except StopIteration as end:
                waiting.pop()
                made = end.value
            else:
                waiting.append(self._steps(needed))
                made = None
        return made

    def _steps(self, reference: list[Any]) -> Steps:
        """The thing of a reference, made once."""
        (number,) = reference
        if number not in self._made:
            if number in self._begun or not 0 <= number < len(self._nodes):
                raise ValueError("a thing that cannot change holds itself")
            self._begun.add(number)
            self._made[number] = yield from self._object(number, *self._nodes[number])
        return self._made[number]

    def _object(self, number: int, word: str, first: Any, *rest: Any) -> Steps:
        """The object of one node."""
        made: Any
        if word in _LEAVES:
            return _LEAVES[word](first)
        if word == "outside":
            return self._outside[first]
        if word == "array":
            return self._arrays[first].transpose(np.argsort(rest[0]))
        if word == "number":
            return self._arrays[first][()]
        if word in ("set", "frozenset"):
            return {"set": set, "frozenset": frozenset}[word]((yield from _each(first)))
        if word == "tuple":
            kind = self._kind(rest[0], tuple) if rest else tuple
            return tuple.__new__(kind, (yield from _each(first)))
        if word == "list":
            made = self._made.setdefault(number, [])
            made.extend((yield from _each(first)))
            return made
        if word == "dict":
            made = self._made.setdefault(number, {})
            for pair in first:
                key, value = yield from _each(pair)
                made[key] = value
            return made
        if word == "table":
            made = self._made[number] = object.__new__(self._kind(first, Table))
            rows, columns, beside = rest
            made.__setstate__((rows, (yield from _named(columns)), (yield from _named(beside))))
            return made
        if word == "object":
            made = self._made[number] = object.__new__(self._kind(first, object))
            (parts,) = rest
            for name, value in (yield from _named(parts)).items():
                object.__setattr__(made, name, value)
            return made
        raise ValueError(f"a node of no known kind: {word!r}")

    def _kind(self, name: str, base: type) -> type:
        kind = self._classes.called(name)
        if not issubclass(kind, base):
            raise ValueError(f"{name} is no {base.__name__}")
        return kind


def _each(references: list[Any]) -> Steps:
    """What each of these references stands for, as a list."""
    made = list(references)
    for at, one in enumerate(made):
        if isinstance(one, list):
            made[at] = yield one
    return made


def _named(parts: Mapping[str, Any]) -> Steps:
    """Attributes by name; those by which Python itself works are none of a run."""
    for name in parts:
        if name.startswith("__") or not name.isidentifier():
            raise ValueError(f"{name!r} is no attribute of a run")
    return dict(zip(parts, (yield from _each(list(parts.values()))), strict=True))

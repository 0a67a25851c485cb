"""Takes the web of objects of a run apart into plain nodes and arrays that a file can hold.

    nodes, arrays = taken_apart({"run": world}, outside={"place": place})
    world = put_together("run", nodes, arrays, outside={"place": place})     # putting_together

Each thing becomes one node, however many others hold it, so that two names of one thing stay two
names of one thing. Where it is held stands a reference: `[7]` is node 7; None, whole numbers, texts
and finite numbers stand for themselves.

    ["dict", [[key, value], ...]]               ["array", which, axes by their steps in memory]
    ["list", [...]]  ["set", [...]]             ["number", which]     an array of no dimension
    ["tuple", [...], class if it is named]      ["object", class, {attribute: value}]
    ["frozenset", [...]]                        ["table", class, rows, columns, what is beside]
    ["float", text]  ["bytes", hex]  ["date", text]                   ["outside", name]

Nothing is left out in silence: what no node can hold is refused, with the path to it.
"""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

import numpy as np

from sim.engine.run_classes import RunClasses
from sim.kernel import Table
from sim.kernel.fault import ShiyuError

Nodes = list[list[Any]]
Arrays = list[np.ndarray]


class NotKeepableError(ShiyuError):
    """A part of a run that no file can hold: where it is, and what it is."""


def taken_apart(
    roots: Mapping[str, Any],
    outside: Mapping[str, Any] | None = None,
    classes: RunClasses | None = None,
) -> tuple[Nodes, Arrays]:
    """Nodes and arrays that stand for these objects and all that they hold; node 0 is `roots`.

    Args:
        roots: the objects by name.
        outside: objects that are not taken apart: whoever puts together brings the like.
        classes: whose objects may be in it; our own unless told.

    Raises:
        NotKeepableError: something in it cannot be kept, or an array is a window on another:
            copies of the two would no longer move together.
    """
    taking = _Taking(outside or {}, classes or RunClasses())
    taking.reference(dict(roots), "")
    while taking.waiting:  # and no recursion: there is no depth at which this gives up
        number, value, path = taking.waiting.pop()
        taking.nodes[number] = taking.node(value, path)
    _refuse_windows(taking.arrays, taking.paths)
    return taking.nodes, taking.arrays


class _Taking:
    """Objects on their way into nodes; each is met once and known by its number from then on."""

    def __init__(self, outside: Mapping[str, Any], classes: RunClasses) -> None:
        self.nodes: Nodes = []
        self.arrays: Arrays = []
        self.paths: list[str] = []  # of the arrays
        self.waiting: list[tuple[int, Any, str]] = []
        self._outside = {id(thing): name for name, thing in outside.items()}
        self._classes = classes
        self._known: dict[int, int] = {}
        self._held: list[Any] = []  # or another object might get the identity of one that went

    def reference(self, value: Any, path: str) -> Any:
        """What stands for a value where it is held."""
        kind = type(value)
        if value is None or kind in (bool, int, str) or (kind is float and np.isfinite(value)):
            return value
        number = self._known.get(id(value))
        if number is None:
            number = self._known[id(value)] = len(self.nodes)
            self._held.append(value)
            self.nodes.append([])
            self.waiting.append((number, value, path))
        return [number]

    def node(self, value: Any, path: str) -> list[Any]:
        """The node of one object; what it holds is met on the way."""
        kind = type(value)
        if id(value) in self._outside:
            return ["outside", self._outside[id(value)]]
        if kind is np.ndarray:
            return ["array", *self._array(value, path)]
        if isinstance(value, np.generic) and value.dtype.kind in "biufSUmM":
            return ["number", self._array(np.array(value), path)[0]]
        if kind is dict:
            return ["dict", self._pairs(value, path)]
        if kind in (list, tuple):
            return [kind.__name__, self._each(value, path)]
        if kind in (set, frozenset):
            return [kind.__name__, self._each(_in_order(value, path), path)]
        if kind is float:
            return ["float", repr(value)]
        if kind is bytes:
            return ["bytes", value.hex()]
        if kind is date:
            return ["date", value.isoformat()]
        return self._object(value, path)

    def _each(self, values: Any, path: str) -> list[Any]:
        return [self.reference(one, f"{path}[{at}]") for at, one in enumerate(values)]

    def _pairs(self, values: Mapping[Any, Any], path: str) -> list[Any]:
        pairs = []
        for key, value in values.items():
            inside = f"{path}[{key!r}]" if path else str(key)
            pairs.append([self.reference(key, inside), self.reference(value, inside)])
        return pairs

    def _array(self, array: np.ndarray, path: str) -> tuple[int, list[int]]:
        """Its number, and its axes in their order in memory: a sum may round by that order."""
        if array.dtype.hasobject:
            raise NotKeepableError(f"{path}: an array of Python objects cannot be kept")
        order = np.argsort([-abs(step) for step in array.strides], kind="stable").tolist()
        self.arrays.append(array.transpose(order))
        self.paths.append(path)
        return len(self.arrays) - 1, order

    def _object(self, value: Any, path: str) -> list[Any]:
        kind = type(value)
        name = self._classes.name_of(kind)
        if name is None:
            what = f"{kind.__module__}.{kind.__qualname__}"
            if callable(value):
                what = f"function ({getattr(value, '__qualname__', what)})"
            raise NotKeepableError(
                f"{path}: a {what} cannot be kept; a run keeps its state in columns, arrays, "
                "numbers, texts, lists, dicts and plain objects of these"
            )
        if isinstance(value, tuple):
            return ["tuple", self._each(value, path), name]
        if isinstance(value, Table):
            rows, columns, beside = value.__getstate__()
            return ["table", name, rows, self._named(columns, path), self._named(beside, path)]
        if isinstance(value, dict | list | set | np.ndarray):
            raise NotKeepableError(f"{path}: a kind of {kind.__mro__[-2].__name__} of its own")
        return ["object", name, self._named(_attributes(value), path)]

    def _named(self, parts: Mapping[str, Any], path: str) -> dict[str, Any]:
        return {name: self.reference(part, f"{path}.{name}") for name, part in parts.items()}


def _in_order(members: Collection[Any], path: str) -> list[Any]:
    """The members of a set in an order of their own, by which two equal sets are taken alike."""
    try:
        return sorted(members, key=lambda one: (type(one).__name__, one))
    except TypeError:
        raise NotKeepableError(f"{path}: a set of things that have no order") from None


def _attributes(value: Any) -> dict[str, Any]:
    """Every attribute that an object holds by itself, in `__dict__` or in slots."""
    found = dict(getattr(value, "__dict__", {}))
    for kind in type(value).__mro__:
        slots = vars(kind).get("__slots__", ())
        for name in (slots,) if isinstance(slots, str) else slots:
            if name not in ("__dict__", "__weakref__") and hasattr(value, name):
                found[name] = getattr(value, name)
    return found


def _refuse_windows(arrays: Arrays, paths: list[str]) -> None:
    """Refuse two arrays over the same memory when either may change."""
    spans = [(*np.lib.array_utils.byte_bounds(a), i) for i, a in enumerate(arrays) if a.size]
    reach, last = 0, -1  # how far the array goes that reaches farthest so far
    for low, high, number in sorted(spans):
        if low < reach:
            both = arrays[last], arrays[number]
            if any(one.flags.writeable for one in both) and np.shares_memory(*both):
                words = f"is a window on {paths[last]}; keep one of them, or a copy"
                raise NotKeepableError(f"{paths[number]}: {words}")
        if high > reach:
            reach, last = high, number

"""Turns a web of objects into plain lists and arrays, and back: whatever they hold, whole.

    nodes, arrays = taken_apart({"world": world}, outside={"place": place})
    roots = put_together(nodes, arrays, outside={"place": place})

Nothing is left out in silence. What cannot be kept (a function, an open file, a generator of
luck) is refused and told by its path. Two names of one thing stay two names of one thing. Arrays
keep type and order in memory, since a sum may round otherwise in another order.

To put together runs no code of what was kept: objects are made without their `__init__`, and only
of classes that the caller's `class_of` knows. So a file from a stranger can fail, but not act.
"""

from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import Any

import numpy as np

from sim.kernel import Table
from sim.kernel.fault import ShiyuError

# Packages whose objects make up a run. Engine, store and the rest hold none of its state.
HOMES = ("sim.kernel.", "sim.world.", "sim.mechanisms.", "sim.outcomes.", "sim.scenario.")

Nodes = list[list[Any]]
Arrays = list[np.ndarray]


class NotKeepableError(ShiyuError):
    """A part of a run that no file can hold: where it is, and what it is."""


def taken_apart(
    roots: Mapping[str, Any],
    outside: Mapping[str, Any] | None = None,
    name_of: Callable[[type], str] | None = None,
) -> tuple[Nodes, Arrays]:
    """Plain nodes and arrays that stand for these objects and all that they hold.

    Args:
        roots: the objects, by the name under which faults tell of them.
        outside: objects that are not taken apart: whoever puts together brings the like.
        name_of: what a class is called; `name_of_class` unless told.

    Raises:
        NotKeepableError: something in it cannot be kept, or two arrays share memory, of which one
            is a window on the other: copies would no longer move together.
    """
    taking = _Taking(outside or {}, name_of or name_of_class)
    for name, root in roots.items():
        taking.roots[name] = taking.reference(root, name)
    taking.finish()
    taking.check_windows()
    return [["roots", taking.roots], *taking.nodes], taking.arrays


def put_together(
    nodes: Nodes,
    arrays: Arrays,
    outside: Mapping[str, Any] | None = None,
    class_of: Callable[[str], type] | None = None,
    wanted: Collection[str] | None = None,
) -> dict[str, Any]:
    """The objects that `taken_apart` was given, but for the arrays, which they take over.

    Args:
        nodes: what `taken_apart` gave.
        arrays: their arrays; hand in copies to put together more than once.
        outside: the objects that were not taken apart, by name.
        class_of: the class of a name; `own_class` unless told.
        wanted: names of the roots to put together; all unless told.

    Raises ValueError, KeyError, TypeError, IndexError or AttributeError when the nodes are not
    such as `taken_apart` makes.
    """
    if not nodes or nodes[0][0] != "roots":
        raise ValueError("no roots")
    putting = _Putting(nodes[1:], arrays, outside or {}, class_of or own_class)
    roots = nodes[0][1]
    return {name: putting.value(roots[name]) for name in (roots if wanted is None else wanted)}


def name_of_class(kind: type) -> str:
    """`module:Class` of a class of ours; raises NotKeepableError for any other."""
    if kind.__module__.startswith(HOMES) and kind.__qualname__.isidentifier():
        return f"{kind.__module__}:{kind.__qualname__}"
    raise NotKeepableError(f"{kind.__module__}.{kind.__qualname__}")


def own_class(name: str) -> type:
    """The class of ours that `name_of_class` named; raises ValueError for anything else."""
    import importlib

    module, _, class_name = name.partition(":")
    if not module.startswith(HOMES) or not class_name.isidentifier():
        raise ValueError(f"{name!r} is no class of a run")
    try:
        found = getattr(importlib.import_module(module), class_name, None)
    except ImportError:
        found = None
    if not isinstance(found, type) or found.__module__ != module:
        raise ValueError(f"there is no class {name!r}")
    return found


class _Taking:
    """Objects on their way into nodes; each is met once and known by its number from then on."""

    def __init__(self, outside: Mapping[str, Any], name_of: Callable[[type], str]) -> None:
        self.nodes: Nodes = []
        self.arrays: Arrays = []
        self.roots: dict[str, Any] = {}
        self._paths: list[str] = []
        self._outside = {id(thing): name for name, thing in outside.items()}
        self._name_of = name_of
        self._known: dict[int, int] = {}
        self._held: list[Any] = []  # or another object might get the identity of one that went
        self._waiting: list[tuple[int, Any, str]] = []

    def reference(self, value: Any, path: str) -> Any:
        """What stands for a value where it is held: itself if it is plain JSON, else a node."""
        if value is None or type(value) in (bool, int, str):
            return value
        if type(value) is float:
            return value if np.isfinite(value) else {"float": repr(value)}
        if id(value) in self._outside:
            return {"outside": self._outside[id(value)]}
        number = self._known.get(id(value))
        if number is None:
            number = len(self.nodes)
            self._known[id(value)] = number
            self._held.append(value)
            self.nodes.append([])
            self._waiting.append((number, value, path))
        return {"node": number}

    def finish(self) -> None:
        """Take apart whatever was met; there is no depth at which this gives up."""
        while self._waiting:
            number, value, path = self._waiting.pop()
            self.nodes[number] = self._node(value, path)

    def _node(self, value: Any, path: str) -> list[Any]:
        kind = type(value)
        if kind is np.ndarray:
            return self._array(value, path)
        if isinstance(value, np.generic) and value.dtype.kind in "biufSUmM":
            return ["number", *self._array(np.array(value), path)[1:2]]
        if kind in (list, tuple):
            word = "list" if kind is list else "tuple"
            return [word, [self.reference(one, f"{path}[{i}]") for i, one in enumerate(value)]]
        if kind is dict:
            return ["dict", [self._pair(key, one, path) for key, one in value.items()]]
        if kind in (set, frozenset):
            members = sorted(value, key=lambda one: (type(one).__name__, one))
            return [kind.__name__, [self.reference(one, f"{path}{{}}") for one in members]]
        if kind is bytes:
            return ["bytes", value.hex()]
        if kind is date:
            return ["date", value.isoformat()]
        return self._object(value, path)

    def _pair(self, key: Any, value: Any, path: str) -> list[Any]:
        inside = f"{path}[{key!r}]"
        return [self.reference(key, inside), self.reference(value, inside)]

    def _array(self, array: np.ndarray, path: str) -> list[Any]:
        if array.dtype.hasobject:
            raise NotKeepableError(f"{path}: an array of Python objects cannot be kept")
        # An axis of one entry, and an array of none, have no order.
        steps = [abs(s) if n > 1 else 0 for s, n in zip(array.strides, array.shape, strict=True)]
        axes = range(array.ndim)
        order = sorted(axes, key=lambda axis: -steps[axis]) if array.size else list(axes)
        self.arrays.append(array.transpose(order))
        self._paths.append(path)
        return ["array", len(self.arrays) - 1, order]

    def _object(self, value: Any, path: str) -> list[Any]:
        kind = type(value)
        try:
            name = self._name_of(kind)
        except NotKeepableError as error:
            raise NotKeepableError(
                f"{path}: {_told(value, error)} cannot be kept; a run keeps its state in columns, "
                "arrays, numbers, texts, lists, dicts and plain objects of these"
            ) from None
        if isinstance(value, tuple):  # named
            return ["named", name, [self.reference(one, f"{path}[]") for one in value]]
        if isinstance(value, Table):
            rows, columns, beside = value.__getstate__()
            held = {"rows": rows, "columns": columns, "beside": beside}
            pairs = {key: self._of_table(key, part, path) for key, part in held.items()}
            return ["table", name, pairs]
        if isinstance(value, dict | list | set | np.ndarray):
            raise NotKeepableError(f"{path}: a kind of {kind.__mro__[-2].__name__} of its own")
        return ["object", name, _members(value, lambda n, v: self.reference(v, f"{path}.{n}"))]

    def _of_table(self, key: str, part: Any, path: str) -> Any:
        if key == "rows":
            return part
        inside = {name: self.reference(value, f"{path}.{name}") for name, value in part.items()}
        return list(map(list, inside.items()))

    def check_windows(self) -> None:
        """Refuse two arrays over the same memory when either may change."""
        spans = []
        for number, array in enumerate(self.arrays):
            if array.size:
                low, high = np.lib.array_utils.byte_bounds(array)
                spans.append((low, high, number))
        spans.sort()
        reach, last = 0, -1
        for low, high, number in spans:
            if low < reach:
                both = self.arrays[last], self.arrays[number]
                if any(one.flags.writeable for one in both) and np.shares_memory(*both):
                    first, second = self._paths[last], self._paths[number]
                    raise NotKeepableError(
                        f"{second}: is a window on {first}; keep one of them, or a copy"
                    )
            if high > reach:
                reach, last = high, number


class _Putting:
    """Nodes on their way back into objects."""

    def __init__(
        self,
        nodes: Nodes,
        arrays: Arrays,
        outside: Mapping[str, Any],
        class_of: Callable[[str], type],
    ) -> None:
        self._nodes, self._arrays = nodes, arrays
        self._outside, self._class_of = outside, class_of
        self._made: dict[int, Any] = {}
        self._under_way: set[int] = set()

    def value(self, reference: Any) -> Any:
        """What a reference stands for."""
        if not isinstance(reference, dict):
            return reference
        ((word, content),) = reference.items()
        if word == "float":
            return float(content)
        if word == "outside":
            return self._outside[content]
        if word != "node":
            raise ValueError(f"a reference of no known kind: {word!r}")
        if content not in self._made:
            self._make(content)
        return self._made[content]

    def _make(self, number: int) -> None:
        if number in self._under_way or not 0 <= number < len(self._nodes):
            raise ValueError("a thing that cannot change holds itself")
        self._under_way.add(number)
        word, *rest = self._nodes[number]
        getattr(self, f"_make_{word}")(number, *rest)
        self._under_way.discard(number)

    def _make_array(self, number: int, which: int, order: list[int]) -> None:
        kept = self._arrays[which]
        self._made[number] = kept.transpose(np.argsort(order)) if order else kept

    def _make_number(self, number: int, which: int) -> None:
        self._made[number] = self._arrays[which][()]

    def _make_list(self, number: int, members: list[Any]) -> None:
        made = self._made[number] = []
        made.extend(map(self.value, members))

    def _make_dict(self, number: int, pairs: list[Any]) -> None:
        made: dict[Any, Any] = {}
        self._made[number] = made
        for key, value in pairs:
            made[self.value(key)] = self.value(value)

    def _make_tuple(self, number: int, members: list[Any]) -> None:
        self._made[number] = tuple(map(self.value, members))

    def _make_set(self, number: int, members: list[Any]) -> None:
        self._made[number] = set(map(self.value, members))

    def _make_frozenset(self, number: int, members: list[Any]) -> None:
        self._made[number] = frozenset(map(self.value, members))

    def _make_bytes(self, number: int, content: str) -> None:
        self._made[number] = bytes.fromhex(content)

    def _make_date(self, number: int, content: str) -> None:
        self._made[number] = date.fromisoformat(content)

    def _make_named(self, number: int, name: str, members: list[Any]) -> None:
        kind = self._class_of(name)
        if not issubclass(kind, tuple):
            raise ValueError(f"{name} is no named tuple")
        self._made[number] = tuple.__new__(kind, map(self.value, members))

    def _make_table(self, number: int, name: str, held: dict[str, Any]) -> None:
        kind = self._class_of(name)
        if not issubclass(kind, Table):
            raise ValueError(f"{name} is no table")
        made = self._made[number] = object.__new__(kind)
        columns = {key: self.value(reference) for key, reference in held["columns"]}
        beside = {_plain_name(key): self.value(reference) for key, reference in held["beside"]}
        made.__setstate__((held["rows"], columns, beside))

    def _make_object(self, number: int, name: str, members: dict[str, Any]) -> None:
        made = self._made[number] = object.__new__(self._class_of(name))
        for key, reference in members.items():
            object.__setattr__(made, _plain_name(key), self.value(reference))


def _members(value: Any, keep: Callable[[str, Any], Any]) -> dict[str, Any]:
    """Every attribute that an object holds by itself, in `__dict__` or in slots."""
    found = {name: keep(name, held) for name, held in getattr(value, "__dict__", {}).items()}
    for kind in type(value).__mro__:
        slots = vars(kind).get("__slots__", ())
        for name in (slots,) if isinstance(slots, str) else slots:
            if name not in ("__dict__", "__weakref__") and hasattr(value, name):
                found[name] = keep(name, getattr(value, name))
    return found


def _plain_name(name: str) -> str:
    """The name of an attribute; those by which Python itself works are none."""
    if name.startswith("__") or not name.isidentifier():
        raise ValueError(f"{name!r} is no attribute of a run")
    return name


def _told(value: Any, error: NotKeepableError) -> str:
    """What a thing is that cannot be kept."""
    if callable(value):
        return f"a function ({getattr(value, '__qualname__', type(value).__name__)})"
    return f"a {error}"

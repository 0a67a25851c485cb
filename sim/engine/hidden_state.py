"""Finds what a mechanism remembers outside of the run: in its class, its file, its functions.

A run's state is the world and the mechanisms themselves. A mechanism that counts in a variable of
its module, in an attribute of its class, in a default argument or in a closure keeps state that no
copy and no file of the run holds, so that a branch would go another way than the whole run. Such
places are looked at before a run and after it: nothing there may have changed.
"""

import collections
import hashlib
import random
import sys
import types
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from sim.engine.run_classes import HOMES
from sim.kernel.fault import USERS

_THE_SAME = ("numba", "functools", "typing")
_CONTAINERS = (list, tuple, set, frozenset, collections.deque)
_PLAIN = (bool, int, float, complex, str, bytes, bytearray, type(None), np.generic)


class Outside:
    """What stands outside of a run now, by where it stands; made once before and once after."""

    def __init__(self, classes: Sequence[type]) -> None:
        """Look at our own modules, and at those of these classes."""
        homes = {kind.__module__ for kind in classes}
        self.found = {
            name: {where: _digest(value) for where, value in _places(module)}
            for name, module in list(sys.modules.items())
            if name.startswith(HOMES) or name in homes
        }

    def changed_since(self, before: "Outside") -> list[str]:
        """Where something changed in the modules that were there before, in order of names."""
        changed = []
        for name, then in before.found.items():
            now = self.found.get(name, {})
            changed += [w for w in then.keys() | now.keys() if then.get(w) != now.get(w)]
        return sorted(changed)


def _places(module: types.ModuleType) -> Iterator[tuple[str, Any]]:
    """Where a module may remember something, and what stands there."""
    label = module.__file__ if module.__name__.startswith(USERS) else module.__name__
    for name, value in list(vars(module).items()):
        if name.startswith("__") or isinstance(value, types.ModuleType):
            continue
        defines = isinstance(value, type | types.FunctionType)
        if defines and value.__module__ != module.__name__:
            continue  # imported from elsewhere, and looked at there
        yield f"{label}: {name}", value
        if isinstance(value, type):
            for inner, held in list(vars(value).items()):
                if not inner.startswith("__") or inner == "__init__":
                    yield f"{label}: {value.__qualname__}.{inner}", held


def _digest(value: Any) -> str:
    """A hash of what a thing remembers; equal as long as it remembers the same."""
    seen: set[int] = set()
    held = hashlib.sha256()
    waiting = [value]
    while waiting:
        one = waiting.pop()
        held.update(f"\0{type(one).__name__}:".encode())
        if isinstance(one, _PLAIN):
            held.update(repr(one).encode("utf-8", "backslashreplace"))
            continue
        if id(one) in seen:
            continue
        seen.add(id(one))
        if isinstance(one, np.ndarray) and not one.dtype.hasobject:
            held.update(f"{one.shape}{one.dtype}".encode() + one.tobytes())
        else:
            waiting += _parts(one)
    return held.hexdigest()


def _parts(one: Any) -> list[Any]:
    """What a thing is made of, as far as it can change; nothing for what works the same always."""
    if isinstance(one, dict):
        return [*one.keys(), *one.values()]
    if isinstance(one, set | frozenset):
        return sorted(map(repr, one))
    if isinstance(one, _CONTAINERS):
        return list(one)
    if isinstance(one, types.MethodType | classmethod | staticmethod):
        return [one.__func__]
    if isinstance(one, types.FunctionType):
        return _of_function(one)
    if isinstance(one, types.GeneratorType):
        frame = one.gi_frame
        return [] if frame is None else [frame.f_lasti, *frame.f_locals.values()]
    if isinstance(one, random.Random):
        return [one.getstate()]
    if isinstance(one, np.random.Generator):
        return [one.bit_generator.state]
    if type(one).__module__ == "itertools":
        return [repr(one)]
    # Classes and modules are places of their own; what is compiled or cached gives what it gave.
    if isinstance(one, type | types.ModuleType) or type(one).__module__.startswith(_THE_SAME):
        return []
    return list(getattr(one, "__dict__", {}).values())


def _of_function(function: types.FunctionType) -> list[Any]:
    """Default arguments, what it encloses, and what was written on it."""
    cells = []
    for cell in function.__closure__ or ():
        try:
            cells.append(cell.cell_contents)
        except ValueError:  # still empty
            cells.append(None)
    kept = [function.__defaults__, function.__kwdefaults__, *cells, *vars(function).values()]
    return [one for one in kept if one is not None]

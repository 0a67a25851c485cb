"""Follows nested keys to the names that they spell: levers and parameters alike."""

from collections.abc import Collection, Iterator
from functools import lru_cache

from sim.scenario.checks import Checks
from sim.scenario.node import Node


def spelt(
    node: Node, root: str, names: Collection[str], trouble: str, checks: Checks
) -> Iterator[tuple[str, Node]]:
    """Every (name, value) under a section such as `policies`; unknown keys are noted."""
    entries = checks.mapping(node, root)
    walk = _Walk(root, tuple(names), trouble, checks)
    yield from walk.below(entries or {}, "", tuple(names))


@lru_cache(maxsize=4096)  # the points of a design ask for the same ones thousands of times
def _begun_with(start: str, names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in names if name.startswith(start))


class _Walk:
    def __init__(self, root: str, names: tuple[str, ...], trouble: str, checks: Checks) -> None:
        self._root = root
        self._every = names
        self._trouble = trouble
        self._checks = checks

    def below(
        self, entries: dict[str, Node], prefix: str, names: tuple[str, ...]
    ) -> Iterator[tuple[str, Node]]:
        """Every (name, value) under `prefix`, of the names that begin with it."""
        for key, child in entries.items():
            if self._checks.faults.full:
                return
            name = f"{prefix}{key}"
            deeper = _begun_with(f"{name}.", names)
            if name in names and not (deeper and isinstance(child.value, dict)):
                yield name, child
            elif deeper:
                inside = self._checks.mapping(child, f"{self._root}.{name}")
                yield from self.below(inside or {}, f"{name}.", deeper)
            else:
                self._refuse(key, child, prefix, names)

    def _refuse(self, key: str, child: Node, prefix: str, names: tuple[str, ...]) -> None:
        faults = self._checks.faults
        if faults.full:
            return
        siblings = tuple(dict.fromkeys(n[len(prefix) :].split(".")[0] for n in names))
        full = f"{self._root}.{prefix}{key}"
        faults.unknown(child.key_spot, full, self._trouble, key, siblings, self._every)

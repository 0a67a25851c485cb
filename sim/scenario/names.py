"""Follows nested keys to the names that they spell: levers and parameters alike."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache

from sim.scenario import wording
from sim.scenario.checks import Checks
from sim.scenario.node import Node


@dataclass(frozen=True)
class Section:
    """A part of a scenario whose nested keys spell names.

    `trouble` is what is said of a name that is not there, `listed` where all names can be read.
    What names mean is asked only then: a design has thousands of scenarios without a fault.
    """

    root: str
    names: Collection[str]
    meaning: Callable[[str], Collection[str]]
    trouble: str
    listed: str


def spelt(node: Node, section: Section, checks: Checks) -> Iterator[tuple[str, Node]]:
    """Every (name, value) under a section such as `policies`; unknown keys are noted."""
    entries = checks.mapping(node, section.root)
    yield from _Walk(section, checks).below(entries or {}, "", tuple(section.names))


@lru_cache(maxsize=4096)  # the points of a design ask for the same ones thousands of times
def _begun_with(start: str, names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in names if name.startswith(start))


class _Walk:
    def __init__(self, section: Section, checks: Checks) -> None:
        self._section = section
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
            elif deeper and isinstance(child.value, dict):
                yield from self.below(child.value, f"{name}.", deeper)
            elif deeper:
                self._refuse_group(name, child, deeper)
            else:
                self._refuse(key, child, prefix, names)

    def _refuse_group(self, name: str, child: Node, deeper: tuple[str, ...]) -> None:
        """A value where a group of names stands: what is meant is one level down."""
        key = f"{self._section.root}.{name}"
        if child.value is None:
            self._checks.refuse(child, key, wording.EMPTY, wording.LEAVE_OUT)
            return
        shown = deeper[: wording.SHOWN_NAMES]
        rest = ["..."] if len(deeper) > len(shown) else []
        names = ", ".join([*(f"{self._section.root}.{one}" for one in shown), *rest])
        trouble = wording.NOT_MAPPING.format(what=child.kind)
        allowed = wording.ONE_BELOW.format(names=names)
        self._checks.refuse(child, key, trouble, f"{allowed}; {self._section.listed}")

    def _refuse(self, key: str, child: Node, prefix: str, names: tuple[str, ...]) -> None:
        faults = self._checks.faults
        if faults.full:
            return
        siblings = tuple(dict.fromkeys(n[len(prefix) :].split(".")[0] for n in names))
        section = self._section
        full = f"{section.root}.{prefix}{key}"
        near_first = dict.fromkeys((*names, *section.names))  # of equals, those of this group lead
        every = {f"{section.root}.{name}": section.meaning(name) for name in near_first}
        faults.unknown(child.key_spot, full, section.trouble, key, siblings, every, section.listed)

"""What is described: a checked scenario, the code that it switches on, what is known of both."""

import inspect
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sim.kernel import Column, Mechanism, Parameter
from sim.scenario import Scenario
from sim.scenario.difference import Difference, differences
from sim.world.messages import MESSAGES

GROUPS = ("conflict", "society", "government", "place")


@dataclass(frozen=True)
class KnownResult:
    """A result of theory that `shiyu verify` can check; `quantities` are (name, unit)."""

    name: str
    mechanism: str
    says: str
    quantities: Sequence[tuple[str, str]]
    source: str


@dataclass(frozen=True)
class Level:
    """A level that a baseline year should show; `kind` is input, fitted or emergent."""

    slug: str
    kind: str
    expected: float


@dataclass(frozen=True)
class Response:
    """What should follow from a change, as a level under it or as a difference from the base."""

    change: str
    slug: str
    expected: float
    tolerance: float
    told: str


@dataclass(frozen=True)
class Subject:
    """A scenario, the mechanisms of this version in the order of their week, and what is known.

    `week` ends with the mechanisms that the scenario brings itself; `prepared` names the order in
    which a world prepares them; `designed` names every mechanism of the design, there or not.
    `outcomes` are those of the catalogue, {name, unit, meaning: {en, zh}}. `base` is what a delta
    is told against. `command` is what to type to get the same description.
    """

    scenario: Scenario
    week: Sequence[type[Mechanism]]
    prepared: Sequence[str]
    designed: Sequence[str]
    outcomes: Sequence[Mapping[str, Any]]
    results: Sequence[KnownResult]
    levels: Sequence[Level]
    responses: Sequence[Response]
    version: str
    command: str
    source: str
    base: Scenario | None = None
    base_source: str = ""

    @cached_property
    def on(self) -> tuple[type[Mechanism], ...]:
        """The mechanisms that act in a run, in the order of the week."""
        own = set(self.scenario.mechanisms)
        return tuple(kind for kind in self.week if kind.name in own or self.is_users(kind))

    @cached_property
    def off(self) -> tuple[type[Mechanism], ...]:
        """Those of this version that the scenario switches off."""
        return tuple(kind for kind in self.week if kind not in self.on)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names of those that are on."""
        return tuple(kind.name for kind in self.on)

    @cached_property
    def absent(self) -> tuple[str, ...]:
        """Mechanisms of the design that this version does not have."""
        there = {kind.name for kind in self.week}
        return tuple(name for name in self.designed if name not in there)

    @cached_property
    def owners(self) -> dict[str, type[Mechanism]]:
        """Which mechanism owns a column, whether it is on or not."""
        return {column: kind for kind in self.week for column in kind.writes}

    @cached_property
    def columns(self) -> dict[str, Column]:
        """The columns that move in a run."""
        return {name: column for kind in self.on for name, column in kind.writes.items()}

    @cached_property
    def built(self) -> tuple[str, ...]:
        """Columns that are read and that no mechanism owns: set when the world is built."""
        read = [name for kind in self.on for name in kind.reads if name not in MESSAGES]
        return tuple(sorted({name for name in read if name not in self.owners}))

    @cached_property
    def parameters(self) -> dict[str, Parameter]:
        """The ledger of the mechanisms that are on, by `mechanism.parameter`."""
        return {
            f"{kind.name}.{name}": parameter
            for kind in self.on
            for name, parameter in kind.ledger().items()
        }

    @cached_property
    def place_parameters(self) -> Mapping[str, Parameter]:
        """The numbers that the place states."""
        return self.scenario.place.ledger

    @cached_property
    def lever_bases(self) -> dict[str, Parameter]:
        """What the place says of the levers that the mechanisms in force obey, by lever."""
        stated: Mapping[str, Any] = getattr(self.scenario.place, "levers", {})
        names = dict.fromkeys(lever for kind in self.on for lever in kind.levers)
        return {name: stated[name].parameter for name in names if name in stated}

    @cached_property
    def differences(self) -> list[Difference]:
        """The keys in which the scenario differs from its base, first the base's value."""
        if self.base is None:
            return []
        ledger = {
            f"{kind.name}.{name}": parameter
            for kind in self.week
            for name, parameter in kind.ledger().items()
        }
        return differences(self.base, self.scenario, ledger)

    @cached_property
    def asked(self) -> list[Mapping[str, Any]]:
        """The outcomes that the scenario asks for."""
        wanted = self.scenario.outcomes
        return [o for o in self.outcomes if wanted is None or o["name"] in wanted]

    @property
    def shocks(self) -> list[dict[str, Any]]:
        """The dated shocks of the scenario."""
        return list(self.scenario.resolved().get("shocks") or [])

    def value(self, name: str) -> float:
        """A parameter in force: as the scenario sets it, as the place has it, or its default."""
        set_here = self.scenario.parameters
        if name in self.parameters:
            return set_here.get(name, self.parameters[name].default)
        values = self.scenario.place.values
        return set_here.get(name, values.get(name, self.place_parameters[name].default))

    def is_users(self, kind: type[Mechanism]) -> bool:
        """Whether a mechanism is one that the scenario brings."""
        return not kind.__module__.startswith("sim.mechanisms.")

    def group(self, kind: type[Mechanism]) -> str:
        """conflict, society, government or place; empty for one that the scenario brings."""
        return "" if self.is_users(kind) else kind.__module__.split(".")[2]

    def counts(self) -> dict[str, dict[str, int]]:
        """How many numbers have each status: of mechanisms, of the place, of levers' bases."""
        found: dict[str, dict[str, int]] = {}
        for where, ledger in (
            ("mechanisms", self.parameters),
            ("place", self.place_parameters),
            ("levers", self.lever_bases),
        ):
            statuses = [parameter.status for parameter in ledger.values()]
            found[where] = {status: statuses.count(status) for status in set(statuses)}
        return found


def words_of(kind: type[Mechanism]) -> str:
    """The docstring of a mechanism's file, or of its class where the file has none."""
    module = inspect.getmodule(kind)
    return (inspect.getdoc(module) if module else "") or inspect.getdoc(kind) or ""


def first_sentence(kind: type[Mechanism]) -> str:
    """What a mechanism's file says first, on one line."""
    return " ".join(words_of(kind).partition("\n\n")[0].split())


def equations_of(kind: type[Mechanism]) -> str:
    """The indented lines of the docstring, which are its equations, as they stand."""
    blocks: list[list[str]] = []
    inside = False
    for line in words_of(kind).splitlines():
        if line.startswith("    "):
            if not inside:
                blocks.append([])
            blocks[-1].append(line)
        inside = line.startswith("    ")
    return "\n".join(textwrap.dedent("\n".join(block)) for block in blocks)

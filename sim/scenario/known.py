"""What a scenario is checked against; the engine collects it, so that no mechanism is needed here.

A place is known by its facts alone: `PlaceFacts` is the part of a place that checks look at.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import numpy as np

from sim.kernel.parameter import Parameter


class PlaceFacts(Protocol):
    """The facts of a place that a scenario refers to; `bases` holds one value a division."""

    @property
    def name(self) -> str:
        """The place's slug."""

    @property
    def divisions(self) -> Sequence[str]:
        """The slugs of its county-level divisions."""

    @property
    def values(self) -> Mapping[str, float]:
        """Its numbers, by flat dotted name."""

    @property
    def ledger(self) -> Mapping[str, Parameter]:
        """The parameters that it declares, by flat dotted name."""

    @property
    def bases(self) -> Mapping[str, np.ndarray]:
        """The value of every lever before any policy, shape (divisions,)."""

    @property
    def content_hash(self) -> str:
        """A hash of what it says."""

    def with_values(self, overrides: Mapping[str, float]) -> "PlaceFacts":
        """The same place with other numbers; levers that follow from them move along."""


@dataclass(frozen=True)
class MechanismFacts:
    """What checks need to know of one mechanism that a user brings."""

    name: str
    ledger: Mapping[str, Parameter] = field(default_factory=dict)
    levers: tuple[str, ...] = ()
    content_hash: str = ""


@dataclass(frozen=True)
class Known:
    """The present mechanisms, their parameters (`grievance.decay_per_year`), levers and outcomes.

    `place_loader` turns a place's name or path into its facts and raises ScenarioError for a bad
    one. `place_names` are the names it knows; None means the shipped ones. `user_mechanism` looks
    into a mechanism that a scenario names as `file.py:Class` (with the whole path) or
    `module:Class`; without it the parameters of such a mechanism pass unchecked. `paid_as_it_goes`
    are levers whose price follows from what happens in a run, so that nobody knows it beforehand.
    `outcome_names` are what outcomes are called and mean, in both languages.
    """

    ledger: Mapping[str, Parameter]
    levers: Collection[str]
    mechanisms: tuple[str, ...]
    outcomes: tuple[str, ...]
    place_loader: Callable[[str | Path], PlaceFacts]
    place_names: tuple[str, ...] | None = None
    user_mechanism: Callable[[str], MechanismFacts] | None = None
    paid_as_it_goes: frozenset[str] = frozenset()
    outcome_names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def called_outcomes(self) -> dict[str, tuple[str, ...]]:
        """Every outcome with what it is called; nothing where nobody said."""
        return {name: self.outcome_names.get(name, ()) for name in self.outcomes}

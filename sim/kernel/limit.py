"""A limit: a result that theory gives, as data that one runner executes on the very class."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Within:
    """The values that a setting of a limit may take, both ends included.

    A limit's factory says so in its signature: `people: Annotated[int, Within(2, 20_000)] = 200`.
    """

    low: float
    high: float


@dataclass(frozen=True)
class Quantity:
    """One number of a limit: what theory expects and how it is read off a simulated replication.

    `tolerance` is a deterministic allowance in the unit (rounding, a finite step); the sampling
    error is added to it by the runner, from the replications themselves. `values` is set for a
    list-valued quantity (for example the stable states of participation).
    """

    name: str
    unit: str
    expected: Any
    tolerance: float = 0.0


@dataclass(frozen=True)
class Limit:
    """A known result of one mechanism.

    `simulate(mechanism_class, seed)` runs one replication THROUGH the given class and returns
    {quantity name: value}. The runner passes the class that scenarios use; a test passes a class
    with a planted fault and sees the limit fail.
    """

    name: str
    parameters: dict[str, Any]
    quantities: Sequence[Quantity]
    simulate: Callable[[type, int], dict[str, Any]]
    source: str
    replications: int = 1
    notes: str = ""


@dataclass(frozen=True)
class Verdict:
    """What the runner found for one quantity: mean, 99.99 % interval, verdict."""

    name: str
    parameters: dict[str, Any]
    quantity: str
    unit: str
    expected: Any
    simulated: Any
    low: Any
    high: Any
    holds: bool
    standard_error: Any = 0.0


@dataclass
class Sample:
    """Replicated values of one quantity, summed up with a standard error."""

    values: list[np.ndarray] = field(default_factory=list)

    def mean(self) -> np.ndarray:
        """The mean over replications."""
        return np.mean(self.values, axis=0)

    def standard_error(self) -> np.ndarray:
        """The standard error of the mean; 0 with one replication (a deterministic limit)."""
        if len(self.values) < 2:
            return np.zeros_like(np.asarray(self.values[0], float))
        return np.std(self.values, axis=0, ddof=1) / np.sqrt(len(self.values))

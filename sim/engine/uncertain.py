"""Draws of what nobody has measured: every parameter at once, over its plausible range.

A range is spread by a triangle: its ends are unlikely, the value in use is the likeliest. Where the
range spans a factor of ten or more, the triangle stands over the logarithm, so that a tenth and ten
times as much are alike. The draws form a Latin hypercube (McKay, Beckman and Conover 1979): of N
draws, each parameter has one in every Nth part of its probability.

Each parameter has luck of its own, by name: one more in the ledger changes no other's draws.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.engine.ledger import mechanism_ledger
from sim.engine.user_mechanisms import user_mechanisms
from sim.kernel import Draws, Ledger
from sim.scenario import Scenario

SPANS_A_SCALE = 10.0  # high / low from which a range is one of orders of magnitude
# How a city is thinned to a scale: a rule of ours, nothing about the city that is not known.
NOT_DRAWN = ("world.smallest_scale", "world.kinds_merge_below")
_DIGITS = 6  # of a drawn value, as a person would write it


@dataclass(frozen=True)
class Uncertain:
    """A parameter that is known within a range only."""

    name: str
    low: float
    likely: float
    high: float

    @property
    def by_logarithm(self) -> bool:
        """Whether its range spans orders of magnitude."""
        return self.low > 0.0 and self.high >= SPANS_A_SCALE * self.low

    @property
    def distribution(self) -> str:
        """How its range is spread: triangular or log-triangular."""
        return "log-triangular" if self.by_logarithm else "triangular"

    def values(self, shares: np.ndarray) -> np.ndarray:
        """The quantiles at these shares of probability, rounded to six digits."""
        if self.by_logarithm:
            ends = math.log(self.low), math.log(self.likely), math.log(self.high)
            found = np.exp(_triangular(shares, *ends))
        else:
            found = _triangular(shares, self.low, self.likely, self.high)
        rounded = [float(f"{value:.{_DIGITS}g}") for value in found]
        return np.clip(rounded, self.low, self.high)


def uncertain_parameters(
    scenarios: Sequence[Scenario],
) -> tuple[dict[str, Uncertain], tuple[str, ...]]:
    """What is uncertain in these scenarios, and what they state and so hold fixed.

    A parameter with a range is uncertain, unless one of the scenarios states its value: then it
    stays as stated. Parameters of mechanisms, of users' mechanisms and of the place are in it, but
    for `NOT_DRAWN`.
    """
    stated = {name for scenario in scenarios for name in scenario.parameters}
    ledgers = [_ledger_of(scenario) for scenario in scenarios]
    shared = [name for name in ledgers[0] if all(name in other for other in ledgers)]
    found = {}
    for name in shared:
        held = ledgers[0][name]
        if held.low < held.high and name not in stated and name not in NOT_DRAWN:
            found[name] = Uncertain(name, held.low, held.default, held.high)
    return found, tuple(sorted(stated))


def drawn(uncertain: Sequence[Uncertain], count: int, seed: int) -> list[dict[str, float]]:
    """So many draws of all of them: a Latin hypercube. The same seed and count give the same."""
    luck = Draws(seed)
    numbers = np.arange(count, dtype=np.uint64)
    columns = {}
    for one in uncertain:
        stream = f"uncertainty.{one.name}"
        order = np.argsort(luck.uniform(stream, numbers, 0), kind="stable")
        shares = (order + luck.uniform(stream, numbers, 1)) / count
        columns[one.name] = one.values(shares)
    return [{name: float(values[k]) for name, values in columns.items()} for k in range(count)]


def _ledger_of(scenario: Scenario) -> Ledger:
    ledger = mechanism_ledger()
    for kind in user_mechanisms(scenario):
        ledger |= {f"{kind.name}.{name}": held for name, held in kind.ledger().items()}
    return ledger | dict(scenario.place.ledger)


def _triangular(shares: np.ndarray, low: float, likely: float, high: float) -> np.ndarray:
    """Quantiles of the triangular distribution over low to high with its top at `likely`."""
    width, rise, fall = high - low, likely - low, high - likely
    below = low + np.sqrt(shares * width * rise)
    above = high - np.sqrt((1.0 - shares) * width * fall)
    found: np.ndarray = np.where(shares * width <= rise, below, above)
    return found

"""Curves: what happened in the quarter before each step, for everybody, all steps at once.

At each step only a few totals are noted; the formulas of the outcomes run once at the end, over
arrays of steps where a window has groups.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numba import njit

from sim.outcomes.outcome import Outcome
from sim.outcomes.window import Window
from sim.world.disputes import LATENT
from sim.world.world import World

CURVE_DAYS = 91.0  # a curve shows what happened in the last quarter


@dataclass(frozen=True)
class Reading:
    """What all together had come to by one moment, light enough for every step.

    `flows` and `division_flows` are totals in the order of the names in the world's flows;
    `people` holds the values of outcomes that look at people as they are.
    """

    day: float
    residents: float
    flows: np.ndarray
    division_flows: np.ndarray
    open_all: float
    open_latent: float
    people: dict[str, float]


def reading(world: World, day: float, outcomes: Iterable[Outcome]) -> Reading:
    """Note the moment; of these outcomes, the ones that look at people are evaluated."""
    weights = world.disputes.weight
    glance = Glance(world, day)
    return Reading(
        day,
        float(world.people.residents.sum(dtype=np.float64)),
        world.flows.by_cell.sums(),
        world.flows.by_division.sums(),
        float(weights.sum(dtype=np.float64)),
        float(weights[world.disputes.state == LATENT].sum(dtype=np.float64)),
        {o.name: float(o.formula(glance)) for o in outcomes if o.weekly and o.of_people},
    )


class Glance(Window):
    """Everybody at one moment, for outcomes that look at people as they are: values are scalars."""

    def __init__(self, world: World, day: float) -> None:
        self.world, self.day = world, day
        self._weight = _total(world.people.weight)

    def mean(self, values: np.ndarray, among: np.ndarray | None = None) -> np.ndarray:
        """The weighted mean of a person column (nan where there is nobody)."""
        weights = self.world.people.weight
        if among is None:
            return np.asarray(_mean(weights, values, self._weight))
        return np.asarray(_mean_among(weights, values, among))


class Course(Window):
    """A window for each step, over the quarter before it; arrays run over the steps.

    `readings` come one a step, after those of the last quarter before the start.
    """

    def __init__(self, world: World, readings: Sequence[Reading], steps: int) -> None:
        self.world = world
        days = np.array([r.day for r in readings])
        self._now = np.arange(len(readings) - steps, len(readings))
        self._back = np.searchsorted(days, days[self._now] - CURVE_DAYS - 1e-9)
        self.years = (days[self._now] - days[self._back]) / 365.25
        self._readings = readings
        self._flows = _padded([r.flows for r in readings])
        self._division_flows = _padded([r.division_flows for r in readings])
        self._open = np.array([(r.open_all, r.open_latent) for r in readings]).reshape(-1, 2)
        self.residents = np.array([r.residents for r in readings])[self._now]
        self.usual_residents = self.residents  # of a quarter

    def values(self, outcome: Outcome) -> np.ndarray:
        """The curve of an outcome, shape (steps,)."""
        if outcome.of_people:
            return np.array([r.people[outcome.name] for r in self._readings[self._now[0] :]])
        formula = outcome.curve or outcome.formula
        curve: np.ndarray = np.broadcast_to(formula(self), len(self._now))
        return curve

    def flow(self, name: str) -> np.ndarray:
        """How many real events of this name fell into each quarter."""
        return self._gained(self._flows, self.world.flows.by_cell.position(name))

    def division_flow(self, name: str) -> np.ndarray:
        """What divisions counted as a whole in each quarter."""
        return self._gained(self._division_flows, self.world.flows.by_division.position(name))

    def growth(self, latent_only: bool = False) -> np.ndarray:
        """Growth of the open stock of disputes (of the latent ones) over each quarter."""
        stock: np.ndarray = self._open[:, int(latent_only)]
        return stock[self._now] - stock[self._back]

    def open_now(self) -> np.ndarray:
        """Open disputes at the end of each step."""
        stock: np.ndarray = self._open[self._now, 0]
        return stock

    def _gained(self, totals: np.ndarray, column: int | None) -> np.ndarray:
        if column is None or column >= totals.shape[1]:
            return np.zeros(len(self._now))
        gained: np.ndarray = totals[self._now, column] - totals[self._back, column]
        return gained


def _padded(rows: Sequence[np.ndarray]) -> np.ndarray:
    """Rows of growing length as one array; what was not counted yet is 0."""
    table = np.zeros((len(rows), max((len(row) for row in rows), default=0)))
    for k, row in enumerate(rows):
        table[k, : len(row)] = row
    return table


@njit(cache=True)
def _total(weights):  # type: ignore[no-untyped-def]
    """Four sums side by side: a processor need not wait for one addition before the next."""
    w0 = w1 = w2 = w3 = 0.0
    whole = weights.size - weights.size % 4
    for i in range(0, whole, 4):
        w0 += weights[i]
        w1 += weights[i + 1]
        w2 += weights[i + 2]
        w3 += weights[i + 3]
    for i in range(whole, weights.size):
        w0 += weights[i]
    return (w0 + w1) + (w2 + w3)


@njit(cache=True)
def _mean(weights, values, weight):  # type: ignore[no-untyped-def]
    """The mean under weights that sum up to `weight`; four sums side by side, as above."""
    t0 = t1 = t2 = t3 = 0.0
    whole = weights.size - weights.size % 4
    for i in range(0, whole, 4):
        t0 += weights[i] * (1.0 * values[i])
        t1 += weights[i + 1] * (1.0 * values[i + 1])
        t2 += weights[i + 2] * (1.0 * values[i + 2])
        t3 += weights[i + 3] * (1.0 * values[i + 3])
    for i in range(whole, weights.size):
        t0 += weights[i] * (1.0 * values[i])
    return ((t0 + t1) + (t2 + t3)) / weight if weight > 0.0 else np.nan


@njit(cache=True)
def _mean_among(weights, values, among):  # type: ignore[no-untyped-def]
    total = weight = 0.0
    for i in range(weights.size):
        if among[i]:
            share = weights[i] * (1.0 * among[i])
            weight += share
            total += share * (1.0 * values[i])
    return total / weight if weight > 0.0 else np.nan

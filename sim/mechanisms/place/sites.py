"""Where works stand, and whose neighbours they are, at any scale.

A work stands in one unit of the whole list of villages and grids, by residents: the same one at
every scale. If that unit is simulated, an issue over the work is an issue of its real people (which
count for as many as the unit stands for): so is the expected number of issues right at any scale.
The trouble of building is spread evenly instead: every work troubles as many simulated adults as
stand for its neighbours, in its own unit or in one of the same division and kind that is simulated;
a fraction of an adult is a chance. At scale 1 that is the unit itself, and 200 people.
"""

import numpy as np

from sim.kernel import Table
from sim.world.settlements import list_settlements
from sim.world.world import World


class Sites:
    """The units of the whole place and which of them are simulated.

    `population` holds residents by division; `environment_disputes` those of a usual year.
    """

    def __init__(self, world: World) -> None:
        units = world.units if world.scale >= 1.0 else list_settlements(world.place, world.draws)
        size = world.divisions
        self.population = np.bincount(units.division, units.residents, minlength=size)
        rate = world.tables.get("settings", {}).get("disputes.rate.environment", 22.0)
        self.environment_disputes = float(rate / 1e4 * self.population.sum())
        self._adults, self._residents = units.adults.astype(float), units.residents.astype(float)
        order = np.argsort(units.division, kind="stable")
        self._order = order
        counts = np.bincount(units.division, minlength=size)
        self._first = np.cumsum(counts) - counts
        self._count = counts
        self._reach = np.cumsum(units.residents[order])
        row_of = np.full(len(units), -1, np.int32)
        if world.scale >= 1.0:
            row_of[:] = np.arange(len(units))
        else:
            row_of[world.units.id.astype(np.int64)] = np.arange(len(world.units))
        self._row_of = row_of
        self._kind = units.kind
        self._kept = (world.units.division, world.units.kind, world.units.adults)
        self._weight = np.asarray(world.units.weight, float)

    def touched(self, neighbours: float) -> float:
        """Adults near a work in the mean: no more than live in its unit."""
        near = np.minimum(self._adults, neighbours)
        return float(np.average(near, weights=self._residents))

    def of(self, world: World, ids: np.ndarray, division: np.ndarray) -> tuple[np.ndarray, ...]:
        """Each work's own kept unit (-1 if it is not simulated) and its stand-in (rows)."""
        luck = world.draws.uniform("projects.unit", ids)
        first, last = self._first[division], self._first[division] + self._count[division] - 1
        before = np.where(first > 0, self._reach[np.maximum(first - 1, 0)], 0.0)
        aim = before + luck * (self._reach[last] - before)
        unit = self._order[np.clip(np.searchsorted(self._reach, aim), first, last)]
        own = self._row_of[unit]
        stand_in = own.copy()
        other = world.draws.uniform("projects.stand_in", ids)
        away = np.flatnonzero(own < 0)
        wanted = np.column_stack([division[away], self._kind[unit[away]]])
        kinds, number = np.unique(wanted, axis=0, return_inverse=True)
        for k, (where, kind) in enumerate(kinds):
            asking = away[number == k]
            stand_in[asking] = self._similar(where, kind, other[asking])
        return own, stand_in

    def _similar(self, division: int, kind: int, luck: np.ndarray) -> np.ndarray:
        """Simulated units of the division, of the same kind if there are such, by their adults."""
        here, kinds, adults = self._kept
        for fits in (kinds == kind, (kinds > 0) == (kind > 0), np.ones(len(kinds), bool)):
            rows = ((here == division) & fits).nonzero()[0]
            if len(rows):
                reach = (adults[rows] * self._weight[rows]).cumsum()
                return rows[np.minimum(np.searchsorted(reach, luck * reach[-1]), len(rows) - 1)]
        return np.full(len(luck), -1)

    def neighbours(
        self, world: World, identity: np.uint64, unit: int, neighbours: float
    ) -> np.ndarray:
        """People (rows) who live next to a work: households side by side in its unit."""
        people: Table = world.people
        if unit < 0:
            return np.zeros(0, np.int64)
        here = ((people.unit == unit) & people.alive).nonzero()[0]
        if not len(here):
            return here
        here = here[people.id[here].argsort(kind="stable")]
        begins, odd = world.draws.uniform("projects.neighbours", identity, 0, np.arange(2))
        wanted = min(neighbours, len(here)) / self._weight[unit]
        count = min(int(wanted + odd), len(here))
        chosen: np.ndarray = here[(int(begins * len(here)) + np.arange(count)) % len(here)]
        return chosen

"""The labour market of every cell: posts, how fast work is lost and found, who is laid off."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from sim.kernel import Clock
from sim.kernel.clock import DAYS_PER_YEAR
from sim.mechanisms.place.job_changes import SECTORS, counted
from sim.mechanisms.place.labour_start import LabourStart
from sim.mechanisms.place.modes import of_mode
from sim.world.flat import column_of
from sim.world.flows import KINDS
from sim.world.moves import place_of
from sim.world.world import World


class JobMarket:
    """Posts and hazards by cell (3 x division + kind of place) and sector, as `rule` sets them."""

    def __init__(self, rule: Any, world: World, start: LabourStart) -> None:
        self.rule, self.start = rule, start
        self.migration = world.is_on("migration")
        self.growth = np.zeros(len(KINDS) * world.divisions)
        self.grow(rule.job_growth)
        self.losing = {moving: self.usual_losing(moving) for moving in (False, True)}
        self.sectors = self.sectors_of_posts()
        self.closed = np.zeros((len(self.growth), SECTORS))  # posts that went with their firm

    def close(self, world: World, rows: np.ndarray) -> None:
        """The posts of these people go with whoever dismissed them."""
        people = world.people
        cell, sector = place_of(people)[rows], people.sector[rows].astype(np.int64) - 1
        np.add.at(self.closed, (cell, sector), people.weight[rows])

    def grow(self, yearly: Mapping[str, float]) -> None:
        """Posts and the usual labour force grow by so much a year, by kind, where people move."""
        by_kind = np.array([yearly[kind] for kind in KINDS]) * self.migration
        self.growth = np.tile(by_kind, len(self.growth) // len(KINDS))

    def moving(self, day: float) -> bool:
        """Whether people move by now: nobody does before the first day of a run."""
        return self.migration and day > -1e-9

    def usual_losing(self, moving: bool) -> np.ndarray:
        """The usual hazard of losing work by kind of place and sector, shape (kinds, sectors)."""
        rates = np.tile(list(self.rule.separation_rate.values()), (len(KINDS), 1))
        if moving:
            return rates
        start = self.start
        lost = (start.filled * rates).sum(axis=1)
        found = self.rule.finding_rate * start.unemployed
        return (
            rates
            * np.where((lost > 0.0) & (found > 0.0), found / np.maximum(lost, 1e-12), 1.0)[:, None]
        )

    def sectors_of_posts(self) -> np.ndarray:
        """Shares of the sectors in all posts by kind of place, shape (kinds, sectors).

        Vacancies lie where work is lost, so that hires keep the sectors as they are.
        """
        shares = self.start.sectors
        lost = shares * self.losing[True]
        total = lost.sum(axis=1, keepdims=True)
        vacant = np.where(total > 0.0, lost / np.where(total > 0.0, total, 1.0), shares)
        posts = np.maximum(shares + self.rule.vacancy_share * vacant, 0.0)
        return posts / np.maximum(posts.sum(axis=1, keepdims=True), 1e-12)

    def count(self, world: World) -> tuple[np.ndarray, np.ndarray]:
        """The labour force by cell, and filled posts by cell and sector."""
        people, cells = world.people, len(KINDS) * world.divisions
        force, filled = np.zeros(cells), np.zeros((cells, SECTORS))
        columns = (people.alive, people.employed, people.unemployed, people.sector)
        counted(*columns, people.division, people.kind, people.weight, force, filled)
        return force, filled

    def trend(self, day: float) -> np.ndarray:
        """Growth of posts and of the usual labour force since people began to move, by cell."""
        grown: np.ndarray = np.exp(self.growth * max(day, 0.0) / DAYS_PER_YEAR)
        return grown

    def beyond_trend(self, force: np.ndarray, day: float) -> np.ndarray:
        """The labour force against its trend, by cell; 1 where nobody lived at the start."""
        usual = self.start.force * self.trend(day)
        return np.where(usual > 0.0, force / np.where(usual > 0.0, usual, 1.0), 1.0)

    def posts(self, world: World, force: np.ndarray, day: float) -> np.ndarray:
        """Posts by cell and sector: trend, local demand, and what family farms offer."""
        start, cells = self.start, world.tables["cells"]
        usual = np.where(start.force > 0.0, start.force * self.trend(day), force)
        usual = usual * np.tile(1.0 - start.unemployment, world.divisions)
        usual *= (1.0 + self.rule.vacancy_share) * np.exp(cells.mode_trend)
        total = usual * self.beyond_trend(force, day) ** self.rule.local_demand
        posts = total[:, None] * np.tile(self.sectors, (world.divisions, 1))
        if "farm_jobs" in cells:
            posts[:, 0] = np.maximum(posts[:, 0] + cells.farm_jobs, 0.0)
        return np.maximum(posts - self.closed, 0.0)

    def hazards(
        self,
        world: World,
        force: np.ndarray,
        filled: np.ndarray,
        posts: np.ndarray,
        day: float,
    ) -> tuple[np.ndarray, np.ndarray]:
        """Finding work by cell, and losing it by cell and sector, per year."""
        taken = filled.sum(axis=1)
        vacant = np.maximum(posts.sum(axis=1) - taken, 0.0)
        usual = np.tile(self.start.tightness(self.rule.vacancy_share), world.divisions)
        seekers = np.maximum(force - taken, 1e-9 * np.maximum(force, 1.0))
        slack = np.minimum(vacant / seekers / usual, 10.0)
        find = self.rule.finding_rate * slack**self.rule.matching_elasticity
        find *= np.repeat(of_mode(self.rule, world, "finding"), len(KINDS))
        factor = column_of(world, "divisions", "separation_factor", 1.0)
        factor = np.repeat(factor * of_mode(self.rule, world, "separation"), len(KINDS))
        usual_losing = np.tile(self.losing[self.moving(day)], (world.divisions, 1))
        return find, usual_losing * factor[:, None]

    def note_separations(
        self, world: World, filled: np.ndarray, lose: np.ndarray, day: float
    ) -> None:
        """How many lose work against how many usually would, by division."""
        usual = np.tile(self.losing[self.moving(day)], (world.divisions, 1))
        now, then = (
            (filled * rates).reshape(world.divisions, -1).sum(axis=1) for rates in (lose, usual)
        )
        ratio = np.divide(now, then, out=np.ones(world.divisions), where=then > 0.0)
        world.tables["divisions"].separation_ratio[:] = ratio

    def lay_off(self, world: World, clock: Clock, posts: np.ndarray, filled: np.ndarray) -> None:
        """Where posts are fewer than workers, the excess loses work at once, by lot."""
        excess = filled.sum(axis=1) - posts.sum(axis=1)
        if not (excess > 0.0).any():
            return
        people = world.people
        cell = place_of(people)
        rows = (people.employed & people.alive & (excess > 0.0)[cell]).nonzero()[0]
        luck = world.draws.uniform("labour.layoff", people.id[rows], clock.week)
        rows = rows[np.lexsort((luck, cell[rows]))]
        weight = people.weight[rows].astype(float)
        before = weight.cumsum() - weight
        _, first = np.unique(cell[rows], return_index=True)
        starts = np.zeros(len(excess))
        starts[cell[rows[first]]] = before[first]
        gone = rows[excess[cell[rows]] - (before - starts[cell[rows]]) > 0.5 * weight]
        people.work_due[gone] = 0.0
        world.flows.add("laid_off", people.cell[gone], people.weight[gone])

    def describe(
        self, world: World, force: np.ndarray, filled: np.ndarray, posts: np.ndarray
    ) -> None:
        """What others may know of each cell: posts, workers, chance of work."""
        cells, start = world.tables["cells"], self.start
        taken = filled.sum(axis=1)
        cells.jobs[:], cells.workers[:] = posts.sum(axis=1), force
        usual = np.tile(1.0 - start.unemployment, world.divisions)
        known = force > 0.0
        cells.work_chance[:] = np.where(known, taken / np.where(known, force, 1.0), usual)

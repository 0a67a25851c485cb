"""The register of public works: how works come into it, with the days that their luck sets."""

from typing import Any

import numpy as np
from scipy.special import gammaln

from sim.kernel import Table, entity_ids
from sim.kernel.clock import DAYS_PER_WEEK, DAYS_PER_YEAR, WARM_UP_WEEKS
from sim.world.world import World

NEVER = np.inf  # the day of what has not happened
CONSULTATION, BUILDING = 0, 1  # stages in series; each has luck of its own
WEEKS_AT_ONCE = 52
OLDEST_BUILDING_YEARS = 20.0  # what was proposed before the register's time and is still built


class Register:
    """Makes rows of the table `projects`: one a work, whatever the scale.

    Columns: id, division, unit (its own kept unit, -1 if that is not simulated), stand_in (the
    kept unit whose people are its neighbours), cost (yuan), consulted, consultation_days (if it
    were), the days proposed, begun, built, cleared (one an obstacle), accepted and cancelled (NEVER
    if not), left (hazard left of each obstacle), issue (one is open), condition and skill (0 to 1).
    """

    def __init__(
        self, rule: Any, population: np.ndarray, starts_per_year: float, mean_cost: float
    ) -> None:
        self.rule, self.starts_per_year, self.mean_cost = rule, starts_per_year, mean_cost
        self._weekly = starts_per_year * population / population.sum() * 7.0 / DAYS_PER_YEAR
        self._reach = [_poisson_reach(mean) for mean in self._weekly]
        self._block: int | None = None

    def mean_build_years(self) -> float:
        """The mean time of building over all sizes."""
        power, sd = self.rule.build_size_elasticity, self.rule.log_size_sd
        spread = np.exp(sd * sd / 2.0 * power * (power - 1.0))
        return float(self.rule.build_years_100m * (self.mean_cost / 1e8) ** power * spread)

    def due(self, world: World, week: int, begins: float, ends: float) -> Table:
        """The works proposed in [begins, ends), which lies in this week; consultation is open.

        A year of works is drawn at once, which changes none of them.
        """
        block = week // WEEKS_AT_ONCE
        if self._block != block:
            self._coming = self.works(world, WEEKS_AT_ONCE * block + np.arange(WEEKS_AT_ONCE))
            self._block = block
        proposed = self._coming.proposed
        return kept_rows(self._coming, (proposed >= begins) & (proposed < ends))

    def works(self, world: World, weeks: np.ndarray) -> Table:
        """All works proposed in these weeks, with everything that their own luck decides."""
        parts = [self._identities(world, d, weeks) for d in range(len(self._weekly))]
        division, week, number = (np.concatenate(column) for column in zip(*parts, strict=True))
        ids = entity_ids("project", division, week, number)
        offset = world.draws.uniform("projects.proposed", ids)
        at = DAYS_PER_WEEK * (week - WARM_UP_WEEKS + offset)
        works = self.entered(world, ids, division, at, self.costs(world, ids))
        works.unit, works.stand_in = self.rule.sites.of(world, ids, works.division)
        return works

    def _identities(
        self, world: World, division: int, weeks: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        luck = world.draws.uniform("projects.count", np.full(len(weeks), division), weeks)
        count = np.searchsorted(self._reach[division], luck)
        week = np.repeat(weeks, count)
        number = np.arange(len(week)) - np.repeat(np.cumsum(count) - count, count)
        return np.full(len(week), division), week, number

    def costs(self, world: World, ids: np.ndarray) -> np.ndarray:
        """Yuan that works cost: lognormal."""
        sd = self.rule.log_size_sd
        normal = world.draws.normal("projects.cost", ids)
        return np.rint(self.mean_cost * np.exp(sd * normal - sd * sd / 2.0))

    def entered(
        self,
        world: World,
        ids: np.ndarray,
        division: np.ndarray,
        proposed: np.ndarray,
        cost: np.ndarray,
    ) -> Table:
        """Works of these costs, proposed on these days; nobody has been consulted."""
        count, obstacles = len(ids), round(self.rule.obstacles)
        works = Table(count, id=ids, division=division.astype(np.int8), proposed=proposed)
        works.cost = cost.astype(float)
        stages = np.empty((count, 2))
        stages[:, CONSULTATION] = self.rule.consultation_months / 12.0
        stages[:, BUILDING] = self.rule.build_years(works.cost)
        days = self.rule.stage_days(world, ids, stages)
        works.consultation_days = days[:, CONSULTATION]
        works.begun = works.proposed.copy()
        works.built = works.begun + days[:, BUILDING] - days[:, CONSULTATION]
        works.consulted = np.zeros(count, bool)
        works.left = world.draws.exponential(
            "projects.obstacle", ids[:, None], np.arange(obstacles)[None, :]
        )
        works.cleared = np.full((count, obstacles), NEVER)
        works.accepted, works.cancelled = np.full(count, NEVER), np.full(count, NEVER)
        works.issue = np.zeros(count, bool)
        works.condition = self.rule.settled(works.division)
        works.skill = np.full(count, self.rule.handover_skill)
        return works

    def consult(self, world: World, works: Table, share: np.ndarray) -> None:
        """Residents are consulted on these shares of new works, by division: those begin later."""
        works.consulted[:] = self.chosen(world, works, share)
        later = works.consulted * works.consultation_days
        works.begun += later
        works.built += later

    def chosen(self, world: World, works: Table, share: np.ndarray) -> np.ndarray:
        """Which works consultation covers at these shares by division; more covers these too."""
        luck = world.draws.uniform("projects.consulted", works.id)
        which: np.ndarray = luck < share[works.division]
        return which

    def give_up_some(self, world: World, works: Table, rows: np.ndarray) -> None:
        """Of these works, whose issues nobody follows, a share is conceded: they are given up."""
        luck = world.draws.uniform("projects.conceded", works.id[rows])
        rows = rows[luck < self.rule.conceded_share]
        years = world.draws.exponential("projects.conceded_after", works.id[rows])
        at = works.begun[rows] + DAYS_PER_YEAR * self.rule.conceded_after * years
        in_time = at < works.built[rows]
        works.cancelled[rows[in_time]] = at[in_time]

    def history(self, world: World, base: dict[str, np.ndarray], now: float) -> Table:
        """The register at the start of a run, as years under the base levers have left it."""
        years = self.rule.backlog_years + OLDEST_BUILDING_YEARS
        weeks = np.arange(-int(years * DAYS_PER_YEAR / DAYS_PER_WEEK), 0)
        works = self.works(world, weeks)
        self.consult(world, works, base["projects.consultation_share"])
        begun = works.begun < now
        self.give_up_some(
            world, works, np.flatnonzero(begun & self.rule.contest.contested(world, works))
        )
        since = now - DAYS_PER_YEAR * self.rule.backlog_years
        works = kept_rows(works, (works.built > since) & (works.cancelled > now))
        effort = base["projects.acceptance_effort"][works.division]
        theta = self.rule.clear_years(works.cost)
        with np.errstate(divide="ignore"):
            pace = effort / np.where(theta > 0.0, theta, 1.0)
            days = np.where(theta[:, None] > 0.0, DAYS_PER_YEAR * works.left / pace[:, None], 0.0)
        done = works.built[:, None] + days <= now
        worked = np.maximum(now - works.built, 0.0) / DAYS_PER_YEAR * pace
        works.cleared[:] = np.where(done, works.built[:, None] + days, NEVER)
        works.left[:] = np.where(done, 0.0, works.left - worked[:, None])
        works.accepted[:] = works.cleared.max(axis=1)
        return works


def kept_rows(table: Table, which: np.ndarray) -> Table:
    """The table with these rows alone."""
    return Table(int(np.count_nonzero(which)), **{name: table[name][which] for name in table})


def _poisson_reach(mean: float) -> np.ndarray:
    """The summed chances of 0, 1, 2 ... events: the number is how many a luck passes."""
    numbers = np.arange(int(mean + 12.0 * np.sqrt(mean) + 20.0))
    if mean <= 0.0:
        return np.ones(1)
    return np.cumsum(np.exp(numbers * np.log(mean) - mean - gammaln(numbers + 1.0)))

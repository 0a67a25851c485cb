"""Jobs follow people and trend, people lose work and find it, and wages give way where many come.

    J_c = 1.03 E_c(0) exp(growth t) (L_c / ref_c)^.7          ref_c = L_c(0) exp(growth t)
    wage factor_c = (L_c / ref_c)^e                           v_c = (J_c - E_c) / (L_c - E_c)
    hazards: losing work d_sector; finding it f (v_c / v0)^eta, frozen within a step

by cell c (division x kind of place): J posts, E filled posts, L labour force. Every spell has a
clock of its own, so that chains of losing and finding are exact at any step. Who finds work when no
post is free stands in line; where posts are fewer than workers the excess is laid off by lot. Pay
of a new job is the mean of cell and sector times a lognormal of one's own. Those who lost work in
the last 26 weeks carry a share of the disputes about work.

As long as nobody moves (before the first day of a run, or with migration off) trends stand still,
and job losses are raised by kind of place so that as many enter unemployment as leave it: they
stand in for movers and school leavers.
Source: search and matching as in Pissarides (2000), chapter 1; jobs that follow people and give
way: Harris and Todaro (1970) with local demand; modes of development, article 6.
"""

import numpy as np

from sim.kernel import Clock, Group, Mechanism, Parameter, entity_ids
from sim.kernel.clock import DAYS_PER_WEEK, DAYS_PER_YEAR, WARM_UP_WEEKS
from sim.mechanisms.place.employers import Employers
from sim.mechanisms.place.job_changes import SECTORS, counted, pass_time
from sim.mechanisms.place.labour_start import LabourStart
from sim.mechanisms.place.spells import begin_work, place_of, take_ages, take_movers
from sim.mechanisms.place.work_columns import columns
from sim.world.exposed import carry, expose
from sim.world.flat import column_of
from sim.world.flows import KINDS
from sim.world.people import pooled_income
from sim.world.states import NON_LOCAL
from sim.world.world import World

MODES = ("mixed", "collective", "private")
AGE_WEEKS, PAY_WEEKS = 4, 13  # how often ages, and pay and household incomes, are looked at anew
BEGINS = -WARM_UP_WEEKS * DAYS_PER_WEEK


def _mode(collective: float, private: float, neutral: float, unit: str, *low_high: float) -> Group:
    low_c, high_c, low_p, high_p = low_high
    source = "article 6: secure collective jobs, churn of private firms; no estimate"
    return Group(
        mixed=Parameter(neutral, unit, neutral, neutral, "assumed", "by definition"),
        collective=Parameter(collective, unit, low_c, high_c, "assumed", source),
        private=Parameter(private, unit, low_p, high_p, "assumed", source),
    )


class Labour(Mechanism):
    """Who works where, for what pay, and what a household lives on."""

    name = "labour"
    finding_rate = Parameter(
        2.0, "1/year per job seeker at base tightness (f)", 1.0, 4.0, "assumed", "mean six months"
    )
    separation_rate = Group(
        primary=Parameter(0.0125, "1/year per job (d)", 0.005, 0.04, "derived", "own farms"),
        secondary=Parameter(
            0.0715, "1/year per job (d)", 0.04, 0.14, "derived", "unemployment stays near .045"
        ),
        tertiary=Parameter(
            0.076, "1/year per job (d)", 0.04, 0.15, "derived", "beside movers and school leavers"
        ),
    )
    vacancy_share = Parameter(
        0.03, "open over filled posts at the start", 0.01, 0.06, "assumed", "in every cell"
    )
    matching_elasticity = Parameter(
        0.5, "finding per log tightness (eta)", 0.3, 0.7, "recalled", "surveys find .3 to .5"
    )
    local_demand = Parameter(
        0.7, "jobs per log labour force beyond trend", 0.3, 1.0, "assumed", "services follow people"
    )
    urban_wage_elasticity = Parameter(
        -0.3,
        "wage per log labour force beyond trend",
        -0.6,
        -0.1,
        "recalled",
        "immigration studies",
    )
    job_growth = Group(
        urban=Parameter(0.0095, "1/year", 0.0, 0.02, "derived", "path of the labour force"),
        town=Parameter(0.003, "1/year", -0.01, 0.015, "derived", "path of the labour force"),
        rural=Parameter(-0.0285, "1/year", -0.045, -0.01, "derived", "path of the labour force"),
    )
    mover_job = Parameter(
        0.8, "chance that who worked has work on arrival", 0.5, 0.95, "assumed", "through kin"
    )
    mode_separation = _mode(0.85, 1.2, 1.0, "factor on losing work", 0.6, 1.0, 1.0, 1.6)
    mode_finding = _mode(0.95, 1.15, 1.0, "factor on finding work", 0.8, 1.1, 1.0, 1.5)
    mode_growth = _mode(
        0.0, 0.005, 0.0, "1/year more jobs, town and rural", -0.005, 0.01, -0.005, 0.015
    )
    mode_wage_sd = _mode(0.85, 1.1, 1.0, "factor on log wage sd of new jobs", 0.7, 1.0, 1.0, 1.3)
    mode_autonomy = _mode(-0.1, 0.1, 0.0, "shift of organisations' autonomy", -0.25, 0.0, 0.0, 0.25)
    firm = Group(
        layoff_share=Parameter(
            0.2, "share laid off in 26 weeks", 0.1, 0.4, "assumed", "may open a wages issue"
        ),
        issue_chance=Parameter(0.5, "chance that it does", 0.2, 0.9, "assumed", "beyond the base"),
    )
    separated_share_of_disputes = Parameter(
        0.4, "share of labour disputes", 0.2, 0.7, "assumed", "dismissal and last wages lead"
    )
    separated_window_weeks = Parameter(
        26, "weeks", 13, 52, "assumed", "arbitration term is a year; most file early"
    )

    reads = (
        "people.age",
        "people.kind",
        "people.division",
        "people.alive",
        "people.household",
        "cells.farm_jobs",
        "divisions.migrant_income_factor",
        "divisions.separation_factor",
    )
    writes = columns()
    levers = ("labour.mode",)

    def prepare(self, world: World) -> None:
        """Fix the start that posts and pay refer to; spells are already under way."""
        people, draws = world.people, world.draws
        people.in_force[:] = people.employed | people.unemployed
        people.work_due[:] = draws.exponential("labour.clock", people.id)
        looked = draws.exponential("labour.looked", people.id) / max(self.finding_rate, 1e-9)
        jobless = np.flatnonzero(people.unemployed)
        people.jobless_since[jobless] = BEGINS - DAYS_PER_YEAR * looked[jobless]
        people.separated_at[jobless] = people.jobless_since[jobless]
        self._start = LabourStart(world)
        self._base_mode = self.modes(world)
        self._migration = world.is_on("migration")
        growth = np.array([self.job_growth[kind] for kind in KINDS]) * self._migration
        self._growth = np.tile(growth, world.divisions)
        self._losing = {moving: self.usual_losing(moving) for moving in (False, True)}
        self._sectors = self.sectors_of_posts()
        self._employers = Employers(world, self.window_days)
        self._rate = {moving: self.rate_of_exposed(world, moving) for moving in (False, True)}
        force, filled = self.count(world)
        self.describe(world, force, filled, self.posts(world, force, BEGINS))
        if world.is_on(self.name) and self._rate[self._migration] > 0.0:
            carry(world, "labour", self.separated_share_of_disputes)
            cause = entity_ids("labour.start", people.id[jobless])
            since = people.separated_at[jobless].astype(float)
            self.expose(world, jobless, since, cause, BEGINS)

    @property
    def window_days(self) -> float:
        """How long after losing work people are exposed to disputes about it."""
        return DAYS_PER_WEEK * self.separated_window_weeks

    def moving(self, day: float) -> bool:
        """Whether people move by now: nobody does before the first day of a run."""
        return self._migration and day > -1e-9

    def usual_losing(self, moving: bool) -> np.ndarray:
        """The usual hazard of losing work by kind of place and sector, shape (kinds, sectors)."""
        rates = np.tile(list(self.separation_rate.values()), (len(KINDS), 1))
        if moving:
            return rates
        start = self._start
        lost = (start.filled * rates).sum(axis=1)
        found = self.finding_rate * start.unemployed
        return (
            rates
            * np.where((lost > 0.0) & (found > 0.0), found / np.maximum(lost, 1e-12), 1.0)[:, None]
        )

    def sectors_of_posts(self) -> np.ndarray:
        """Shares of the sectors in all posts by kind of place, shape (kinds, sectors).

        Vacancies lie where work is lost, so that hires keep the sectors as they are.
        """
        shares = self._start.sectors
        lost = shares * self._losing[True]
        total = lost.sum(axis=1, keepdims=True)
        vacant = np.where(total > 0.0, lost / np.where(total > 0.0, total, 1.0), shares)
        posts = np.maximum(shares + self.vacancy_share * vacant, 0.0)
        return posts / np.maximum(posts.sum(axis=1, keepdims=True), 1e-12)

    def rate_of_exposed(self, world: World, moving: bool) -> float:
        """Labour disputes a year of somebody who lost work of late, so that the share comes out."""
        settings: dict[str, float] = world.tables.get("settings", {})
        yearly = settings.get("disputes.rate.labour", 0.0) / 1e4 * world.people.residents.sum()
        lost = float((self._start.filled * self._losing[moving]).sum())
        exposed = lost * self.window_days / DAYS_PER_YEAR
        return float(self.separated_share_of_disputes * yearly / exposed) if exposed > 0 else 0.0

    def step(self, world: World, clock: Clock) -> None:
        """People come and go, posts and pay follow, and everybody's clock goes on."""
        fresh = clock.begins < clock.week_begins + 1e-9
        if fresh and clock.week % AGE_WEEKS == 0:
            take_ages(world, self._start, clock.begins)
        spread = self._start.wage_sd * self.of_mode(world, "wage_sd")
        take_movers(world, self._start, self.mover_job, spread, clock.begins)
        force, filled = self.count(world)
        posts = self.posts(world, force, clock.begins)
        if fresh and clock.week % PAY_WEEKS == 0:
            self.take_pay(world, force, clock.begins)
        self.lay_off(world, clock, posts, filled)
        find, lose = self.hazards(world, force, filled, posts, clock.begins)
        self.change_work(world, clock, posts, filled, lose, find)
        self.describe(world, force, filled, posts)
        cells, divisions = world.tables["cells"], world.tables["divisions"]
        cells.mode_trend += np.repeat(self.of_mode(world, "growth"), len(KINDS)) * clock.dt_years
        cells.mode_trend[:: len(KINDS)] = 0.0  # urban communities grow with the city
        divisions.autonomy_shift[:] = self.of_mode(world, "autonomy")

    def modes(self, world: World) -> np.ndarray:
        """The position among MODES of each division's mode of development."""
        return np.clip(np.rint(world.lever("labour.mode")), 0, len(MODES) - 1).astype(np.int64)

    def of_mode(self, world: World, what: str) -> np.ndarray:
        """What the mode of each division does, against the base mode: a ratio or a difference."""
        values = np.array([getattr(self, f"mode_{what}")[mode] for mode in MODES])
        now, usual = values[self.modes(world)], values[self._base_mode]
        return now - usual if what in ("growth", "autonomy") else now / usual

    def count(self, world: World) -> tuple[np.ndarray, np.ndarray]:
        """The labour force by cell, and filled posts by cell and sector."""
        people, cells = world.people, len(KINDS) * world.divisions
        force, filled = np.zeros(cells), np.zeros((cells, SECTORS))
        columns = (people.alive, people.employed, people.unemployed, people.sector)
        counted(*columns, people.division, people.kind, people.weight, force, filled)
        return force, filled

    def trend(self, day: float) -> np.ndarray:
        """Growth of posts and of the usual labour force since people began to move, by cell."""
        grown: np.ndarray = np.exp(self._growth * max(day, 0.0) / DAYS_PER_YEAR)
        return grown

    def beyond_trend(self, force: np.ndarray, day: float) -> np.ndarray:
        """The labour force against its trend, by cell; 1 where nobody lived at the start."""
        usual = self._start.force * self.trend(day)
        return np.where(usual > 0.0, force / np.where(usual > 0.0, usual, 1.0), 1.0)

    def posts(self, world: World, force: np.ndarray, day: float) -> np.ndarray:
        """Posts by cell and sector: trend, local demand, and what family farms offer."""
        start, cells = self._start, world.tables["cells"]
        usual = np.where(start.force > 0.0, start.force * self.trend(day), force)
        usual = usual * np.tile(1.0 - start.unemployment, world.divisions)
        usual *= (1.0 + self.vacancy_share) * np.exp(cells.mode_trend)
        total = usual * self.beyond_trend(force, day) ** self.local_demand
        posts = total[:, None] * np.tile(self._sectors, (world.divisions, 1))
        if "farm_jobs" in cells:
            posts[:, 0] = np.maximum(posts[:, 0] + cells.farm_jobs, 0.0)
        return posts

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
        usual = np.tile(self._start.tightness(self.vacancy_share), world.divisions)
        seekers = np.maximum(force - taken, 1e-9 * np.maximum(force, 1.0))
        slack = np.minimum(vacant / seekers / usual, 10.0)
        find = self.finding_rate * slack**self.matching_elasticity
        find *= np.repeat(self.of_mode(world, "finding"), len(KINDS))
        push = column_of(world, "divisions", "separation_factor", 1.0)
        factor = np.repeat(push * self.of_mode(world, "separation"), len(KINDS))
        usual_losing = np.tile(self._losing[self.moving(day)], (world.divisions, 1))
        return find, usual_losing * factor[:, None]

    def lay_off(self, world: World, clock: Clock, posts: np.ndarray, filled: np.ndarray) -> None:
        """Where posts are fewer than workers, the excess loses work at once, by lot."""
        excess = filled.sum(axis=1) - posts.sum(axis=1)
        if not np.any(excess > 0.0):
            return
        people = world.people
        cell = place_of(people)
        rows = np.flatnonzero(people.employed & people.alive & (excess > 0.0)[cell])
        luck = world.draws.uniform("labour.layoff", people.id[rows], clock.week)
        rows = rows[np.lexsort((luck, cell[rows]))]
        weight = people.weight[rows].astype(float)
        before = np.cumsum(weight) - weight
        _, first = np.unique(cell[rows], return_index=True)
        starts = np.zeros(len(excess))
        starts[cell[rows[first]]] = before[first]
        gone = rows[excess[cell[rows]] - (before - starts[cell[rows]]) > 0.5 * weight]
        people.work_due[gone] = 0.0
        world.flows.add("laid_off", people.cell[gone], people.weight[gone])

    def change_work(
        self,
        world: World,
        clock: Clock,
        posts: np.ndarray,
        filled: np.ndarray,
        lose: np.ndarray,
        find: np.ndarray,
    ) -> None:
        """The step's clocks run out: work is lost and found."""
        people, key = world.people, world.draws.key
        names = ("id", "alive", "employed", "unemployed", "sector", "division", "kind", "weight")
        columns = tuple(people[name] for name in (*names, "work_due", "job_spell"))
        keys = key("labour.clock"), key("labour.sector")
        rows, moments, found, spells = pass_time(
            columns, posts, filled, lose, find, *keys, clock.dt_years
        )
        at = clock.begins + DAYS_PER_YEAR * moments
        lost = rows[~found]
        world.flows.add("separations", people.cell[lost], people.weight[lost])
        world.flows.add("hires", people.cell[rows[found]], people.weight[rows[found]])
        people.jobless_since[lost] = people.separated_at[lost] = at[~found]
        people.wage[lost] = 0.0
        people.insured[lost] = False
        here = rows[found]
        spread = self._start.wage_sd * self.of_mode(world, "wage_sd")
        begin_work(world, self._start, spread, np.unique(here[people.employed[here]]))
        cause = entity_ids("labour.separated", people.id[lost], spells[~found])
        self.expose(world, lost, at[~found], cause, clock.begins)
        self._employers.note(world, clock, lost, spells[~found], at[~found])
        self._employers.count(world, filled.sum(axis=1).reshape(-1, len(KINDS)).sum(axis=1))
        if world.is_on("mobilisation"):
            self._employers.open_issues(world, self.firm["layoff_share"], self.firm["issue_chance"])

    def expose(
        self, world: World, rows: np.ndarray, at: np.ndarray, cause: np.ndarray, day: float
    ) -> None:
        """Who lost work has more disputes about it for some weeks."""
        rate = self._rate[self.moving(day)]
        if rate > 0.0:
            expose(world, rows, "labour", rate, at, at + self.window_days, cause)

    def take_pay(self, world: World, force: np.ndarray, day: float) -> None:
        """Pay follows the labour force beyond trend; households pool what they live on."""
        people, cells = world.people, world.tables["cells"]
        factor = np.maximum(self.beyond_trend(force, day), 1e-9) ** self.urban_wage_elasticity
        change = factor / cells.wage_factor
        if np.any(change != 1.0):
            people.wage[:] = people.wage * change.astype(np.float32)[place_of(people)]
            cells.wage_factor[:] = factor
        people.income[:] = pooled_income(people, self._start.other_income)
        factor = column_of(world, "divisions", "migrant_income_factor", 1.0)
        if np.any(factor != 1.0):
            away = people.registration == NON_LOCAL
            people.income[:] *= np.where(away, factor[people.division], 1.0).astype(np.float32)

    def describe(
        self, world: World, force: np.ndarray, filled: np.ndarray, posts: np.ndarray
    ) -> None:
        """What others may know of each cell: posts, workers, chance of work."""
        cells, start = world.tables["cells"], self._start
        taken = filled.sum(axis=1)
        cells.jobs[:], cells.workers[:] = posts.sum(axis=1), force
        usual = np.tile(1.0 - start.unemployment, world.divisions)
        known = force > 0.0
        cells.work_chance[:] = np.where(known, taken / np.where(known, force, 1.0), usual)

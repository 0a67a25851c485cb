"""Jobs follow people and trend, people lose work and find it, and wages give way where many come.

    J_c = 1.03 E_c(0) exp(growth t) (L_c / ref_c)^.7          ref_c = L_c(0) exp(growth t)
    wage factor_c = (L_c / ref_c)^e                           v_c = (J_c - E_c) / (L_c - E_c)
    hazards: losing work d_sector; finding it f (v_c / v0)^eta, frozen within a step

by cell c (division x kind of place): J posts, E filled posts, L labour force. Every spell has a
clock of its own, so that chains of losing and finding are exact at any step. Who finds work when no
post is free stands in line; where posts are fewer than workers the excess is laid off by lot. Pay
of a new job is the mean of cell and sector times a lognormal of one's own. Those who lost work in
the last 26 weeks carry a share of the disputes about work. Shocks may raise the hazard of losing
work, dismiss workers on their day, and take from what people registered elsewhere live on.

As long as nobody moves (before the first day of a run, or with migration off) trends stand still,
and job losses are raised by kind of place so that as many enter unemployment as leave it: they
stand in for movers and school leavers.
Source: search and matching as in Pissarides (2000), chapter 1; jobs that follow people and give
way: Harris and Todaro (1970) with local demand; modes of development, article 6.
"""

import numpy as np

from sim.kernel import Clock, Group, Mechanism, Parameter, entity_ids
from sim.kernel.clock import DAYS_PER_WEEK, DAYS_PER_YEAR, WARM_UP_WEEKS
from sim.mechanisms.place.constants import JOB_GROWTH
from sim.mechanisms.place.employers import Employers
from sim.mechanisms.place.job_changes import pass_time
from sim.mechanisms.place.job_market import JobMarket
from sim.mechanisms.place.labour_start import LabourStart
from sim.mechanisms.place.modes import mode_group, modes, of_mode
from sim.mechanisms.place.spells import (
    begin_work,
    place_of,
    take_ages,
    take_dismissed,
    take_movers,
)
from sim.mechanisms.place.work_columns import columns
from sim.world.exposed import carry, expose
from sim.world.flat import column_of
from sim.world.flows import KINDS
from sim.world.people import pooled_income
from sim.world.states import NON_LOCAL
from sim.world.world import World

AGE_WEEKS, PAY_WEEKS = 4, 13  # how often ages, and pay and household incomes, are looked at anew
BEGINS = -WARM_UP_WEEKS * DAYS_PER_WEEK


def _growth(kind: str) -> Parameter:
    value = JOB_GROWTH[kind]
    source = "path of the labour force in the reference world"
    return Parameter(value, "1/year", value - 0.0125, value + 0.0125, "derived", source)


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
    job_growth = Group(**{kind: _growth(kind) for kind in KINDS})
    mover_job = Parameter(
        0.8, "chance that who worked has work on arrival", 0.5, 0.95, "assumed", "through kin"
    )
    mode_separation = mode_group(0.85, 1.2, 1.0, "factor on losing work", 0.6, 1.0, 1.0, 1.6)
    mode_finding = mode_group(0.95, 1.15, 1.0, "factor on finding work", 0.8, 1.1, 1.0, 1.5)
    mode_growth = mode_group(
        0.0, 0.005, 0.0, "1/year more jobs, town and rural", -0.005, 0.01, -0.005, 0.015
    )
    mode_wage_sd = mode_group(
        0.85, 1.1, 1.0, "factor on log wage sd of new jobs", 0.7, 1.0, 1.0, 1.3
    )
    mode_autonomy = mode_group(
        -0.1, 0.1, 0.0, "shift of organisations' autonomy", -0.25, 0.0, 0.0, 0.25
    )
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
        "lists.dismissed",
        "lists.moved",
        "people.age",
        "people.kind",
        "people.division",
        "people.alive",
        "people.household",
        "cells.farm_jobs",
        "divisions.separation_factor",
        "divisions.migrant_income_factor",
    )
    writes = columns()
    adds = ("issues.opened", "exposed.rows")
    levers = ("labour.mode",)
    market_type: type[JobMarket] = JobMarket

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
        self.base_mode = modes(world)
        self.market = self.market_type(self, world, self._start)
        self._migrants_pay = np.ones(world.divisions)  # the factor that incomes hold by now
        self._employers = Employers(world, self.window_days)
        self._rate = {moving: self.rate_of_exposed(world, moving) for moving in (False, True)}
        force, filled = self.market.count(world)
        self.market.describe(world, force, filled, self.market.posts(world, force, BEGINS))
        if world.is_on(self.name) and self._rate[self.market.migration] > 0.0:
            carry(world, "labour", self.separated_share_of_disputes)
            cause = entity_ids("labour.start", people.id[jobless])
            since = people.separated_at[jobless].astype(float)
            self.expose(world, jobless, since, cause, BEGINS)

    @property
    def window_days(self) -> float:
        """How long after losing work people are exposed to disputes about it."""
        return DAYS_PER_WEEK * self.separated_window_weeks

    def rate_of_exposed(self, world: World, moving: bool) -> float:
        """Labour disputes a year of somebody who lost work of late, so that the share comes out."""
        settings: dict[str, float] = world.tables.get("settings", {})
        yearly = settings.get("disputes.rate.labour", 0.0) / 1e4 * world.people.residents.sum()
        lost = float((self._start.filled * self.market.losing[moving]).sum())
        exposed = lost * self.window_days / DAYS_PER_YEAR
        return float(self.separated_share_of_disputes * yearly / exposed) if exposed > 0 else 0.0

    def step(self, world: World, clock: Clock) -> None:
        """People come and go, posts and pay follow, and everybody's clock goes on."""
        fresh = clock.begins < clock.week_begins + 1e-9
        if fresh and clock.week % AGE_WEEKS == 0:
            take_ages(world, self._start, clock.begins)
        spread = self._start.wage_sd * of_mode(self, world, "wage_sd")
        take_movers(world, self._start, self.mover_job, spread, clock.begins)
        market = self.market
        force, filled = market.count(world)
        posts = market.posts(world, force, clock.begins)
        if fresh and clock.week % PAY_WEEKS == 0:
            self.take_pay(world, force, clock.begins)
        self.pay_migrants(world)
        market.lay_off(world, clock, posts, filled)
        dismissed = take_dismissed(world)
        if len(dismissed):
            market.close(world, dismissed)
            posts = market.posts(world, force, clock.begins)
        find, lose = market.hazards(world, force, filled, posts, clock.begins)
        market.note_separations(world, filled, lose, clock.begins)
        self.change_work(world, clock, posts, filled, lose, find, dismissed)
        market.describe(world, force, filled, posts)
        cells, divisions = world.tables["cells"], world.tables["divisions"]
        cells.mode_trend += np.repeat(of_mode(self, world, "growth"), len(KINDS)) * clock.dt_years
        cells.mode_trend[:: len(KINDS)] = 0.0  # urban communities grow with the city
        divisions.autonomy_shift[:] = of_mode(self, world, "autonomy")

    def change_work(
        self,
        world: World,
        clock: Clock,
        posts: np.ndarray,
        filled: np.ndarray,
        lose: np.ndarray,
        find: np.ndarray,
        dismissed: np.ndarray,
    ) -> None:
        """The step's clocks run out: work is lost and found.

        What follows for the `dismissed` (rows) is the matter of whoever dismissed them.
        """
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
        spread = self._start.wage_sd * of_mode(self, world, "wage_sd")
        begin_work(world, self._start, spread, np.unique(here[people.employed[here]]))
        own = np.ones(len(people), bool)
        own[dismissed] = False
        own = own[lost]
        lost, ended, at = lost[own], spells[~found][own], at[~found][own]
        cause = entity_ids("labour.separated", people.id[lost], ended)
        self.expose(world, lost, at, cause, clock.begins)
        self._employers.note(world, clock, lost, ended, at)
        self._employers.count(world, filled.sum(axis=1).reshape(-1, len(KINDS)).sum(axis=1))
        if world.is_on("mobilisation"):
            self._employers.open_issues(world, self.firm["layoff_share"], self.firm["issue_chance"])

    def expose(
        self, world: World, rows: np.ndarray, at: np.ndarray, cause: np.ndarray, day: float
    ) -> None:
        """Who lost work has more disputes about it for some weeks."""
        rate = self._rate[self.market.moving(day)]
        if rate > 0.0:
            expose(world, rows, "labour", rate, at, at + self.window_days, cause)

    def take_pay(self, world: World, force: np.ndarray, day: float) -> None:
        """Pay follows the labour force beyond trend; households pool what they live on."""
        people, cells = world.people, world.tables["cells"]
        factor = (
            np.maximum(self.market.beyond_trend(force, day), 1e-9) ** self.urban_wage_elasticity
        )
        change = factor / cells.wage_factor
        if np.any(change != 1.0):
            people.wage[:] = people.wage * change.astype(np.float32)[place_of(people)]
            cells.wage_factor[:] = factor
        people.income[:] = pooled_income(people, self._start.other_income)
        self._migrants_pay[:] = 1.0

    def pay_migrants(self, world: World) -> None:
        """A shock that hits people registered elsewhere takes a part of what they live on."""
        factor = column_of(world, "divisions", "migrant_income_factor", 1.0)
        change = factor / self._migrants_pay
        if (change != 1.0).any():
            people = world.people
            away = (people.registration == NON_LOCAL).nonzero()[0]
            people.income[away] *= change.astype(np.float32)[people.division[away]]
            self._migrants_pay[:] = factor

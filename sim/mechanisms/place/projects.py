"""Public works are proposed, built, cleared by departments in parallel, accepted and kept up.

    built    = proposed + consultation (if any) + building    gamma; building 2 (C/100 m)^.3 years
    accepted = built + the longest of four obstacles, each exponential, mean theta / effort
    theta    = 1.03 (C/100 m)^1 years
    dq/dt    = a (1 - q) - r q      a = .14 (maintenance share/.02) (.5 + skill); q is condition

Tail work, accounts, design changes and special acceptances are cleared side by side, so large
works stay unaccepted longest, and the accepted share is lower by money than by number. A work is
handed over when it is accepted; before that no maintenance money may be spent on it. Works are
those of the whole real place at any scale. Building without consultation troubles 200 neighbours
and opens an issue with a chance; if the issue is conceded, the work is given up.

Source: article 3 (4 of 11 works accepted, .12 of the money), articles 2, 5 and 10.
"""

from typing import ClassVar

import numpy as np
from scipy.special import gammaincinv

from sim.kernel import WARM_UP_WEEKS, Clock, Column, Group, Mechanism, Parameter, Table
from sim.kernel.clock import DAYS_PER_WEEK, DAYS_PER_YEAR
from sim.mechanisms.place.contest import Contest
from sim.mechanisms.place.register import NEVER, Register
from sim.mechanisms.place.sites import Sites
from sim.mechanisms.place.works_count import count_of, count_works, tell_condition
from sim.world.exposed import carry
from sim.world.money import FEN_PER_YUAN, charge_in_full
from sim.world.world import World

HOURS_PER_PERSON = 1_760.0  # working hours of a year
LINE = "works"


class Projects(Mechanism):
    """The register of public works of the whole place, from proposal to upkeep."""

    name = "projects"
    log_size_sd = Parameter(
        1.1, "sd of log cost", 0.9, 1.4, "calibrated", "article 3: .375 by number, .122 by money"
    )
    build_years_100m = Parameter(2.0, "years at 100 m yuan", 1.0, 3.5, "assumed", "gamma, cv .5")
    build_size_elasticity = Parameter(
        0.3, "log years per log cost", 0.1, 0.5, "assumed", "large works overlap tasks"
    )
    build_cv = Parameter(
        0.5, "coefficient of variation", 0.2, 0.8, "assumed", "of stages in series"
    )
    clear_years_100m = Parameter(
        1.03, "years, mean of each obstacle at 100 m yuan", 0.5, 2.0, "calibrated", "article 3"
    )
    size_delay_elasticity = Parameter(
        1.0, "log delay per log cost", 0.1, 1.5, "derived", "article 3: accepted works are smaller"
    )
    obstacles = Parameter(
        4, "obstacles in parallel", 3, 5, "seed", "article 3: tail work, accounts, design, special"
    )
    consultation_cost = Parameter(
        60_000, "yuan a project", 20_000, 200_000, "assumed", "hearings, surveys"
    )
    consultation_months = Parameter(
        3.0, "months before building", 1.0, 8.0, "assumed", "hearings, surveys"
    )
    issue_chance = Parameter(
        0.35, "share of unconsulted works with an issue", 0.1, 0.6, "assumed", "24.6 issues a year"
    )
    consultation_protest_cut = Parameter(
        -0.3, "relative change of that chance", -0.6, -0.1, "assumed", "siting studies"
    )
    conceded_share = Parameter(
        0.063,
        "share of issues",
        0.02,
        0.2,
        "derived",
        ".315 joint actions an issue, a fifth conceded; where the issue itself is not simulated",
    )
    conceded_after = Parameter(
        0.35, "years, exponential", 0.1, 0.8, "assumed", "as long as an issue usually lasts"
    )
    neighbours = Parameter(
        200, "adults nearby", 60, 600, "assumed", "exposed while an unconsulted work is built"
    )
    neighbours_share_of_disputes = Parameter(
        0.3, "share of environment disputes", 0.1, 0.6, "assumed", "noise, dust, damage"
    )
    acceptance_cost = Group(
        yuan=Parameter(
            150_000, "yuan a year per waiting work", 50_000, 400_000, "assumed", "staff, audit fees"
        ),
        hours=Parameter(
            400, "hours a year per waiting work", 100, 1_000, "assumed", "taken from requests"
        ),
    )
    usual_maintenance = Parameter(
        0.02, "share of value a year", 0.005, 0.04, "assumed", "at which works restore as stated"
    )
    restore_per_year = Parameter(
        0.14, "1/year", 0.05, 0.3, "derived", "condition .7 = .14/(.14 + .06) at skill .5"
    )
    decay_per_year = Parameter(0.06, "1/year", 0.03, 0.12, "assumed", "works last 15-20 years")
    handover_skill = Parameter(
        0.5, "operating skill, 0-1", 0.2, 0.9, "assumed", "article 2: skill, not concrete alone"
    )
    backlog_years = Parameter(
        12.0, "years of finished works in the register", 5.0, 20.0, "seed", "article 3: from 1991"
    )

    reads = ("people.unit", "people.alive", "issues.ended")
    writes: ClassVar[dict[str, Column]] = {
        "cells.works_condition": Column(
            "share", 0.0, 1.0, "condition of accepted works, by money", 0.7
        ),
        "divisions.acceptance_hours": Column(
            "share", -1.0, 0.9, "department hours that works take beyond the base, of all", 0, "f8"
        ),
    }
    adds = ("issues.opened", "exposed.rows", "budget.spend", "treasury.extra_plan")
    levers = (
        "projects.consultation_share",
        "projects.acceptance_effort",
        "projects.maintenance_share",
    )

    def prepare(self, world: World) -> None:
        """The register as the base levers have left it: works being built, waiting, accepted."""
        self._base = {name: np.array(world.lever(name), float) for name in self.levers}
        self.sites = Sites(world)
        figures = (world.place.value(f"projects.{k}") for k in ("starts_per_year", "mean_cost"))
        self.register = Register(self, self.sites.population, *figures)
        self.contest = Contest(self, self._base)
        now = -WARM_UP_WEEKS * DAYS_PER_WEEK
        projects = world.tables["projects"] = self.register.history(world, self._base, now)
        tell_condition(world, self.settled(np.arange(world.divisions)))
        if world.is_on(self.name):
            if self.contest.rate > 0.0:
                carry(world, "environment", self.neighbours_share_of_disputes)
            building = (projects.begun <= now) & (projects.built > now)
            self.contest.trouble(world, np.flatnonzero(building & (projects.cancelled > now)), now)

    def step(self, world: World, clock: Clock) -> None:
        """Works are proposed, begun, given up, built, cleared, accepted and kept up."""
        projects = self.without_old(world, clock.begins)
        self.propose(world, projects, clock)
        self.contest.begin(world, projects, clock)
        self.contest.give_up(world, projects, clock)
        waiting = self.clear(world, projects, clock)
        kept_up = self.keep_up(world, projects, clock)
        self.pay_effort(world, projects, waiting, clock)
        self.pay_upkeep(world, projects, kept_up)
        count_works(world, projects, clock)
        tell_condition(world, self.settled(np.arange(world.divisions)))

    def without_old(self, world: World, now: float) -> Table:
        """Works finished longer ago than the register goes back leave it; so do those given up."""
        projects: Table = world.tables["projects"]
        since = now - DAYS_PER_YEAR * self.backlog_years
        stays = (projects.built > since) & (projects.cancelled > now)
        if not stays.all():
            projects.keep(stays.nonzero()[0])
        return projects

    def propose(self, world: World, projects: Table, clock: Clock) -> None:
        """This step's proposals; residents are consulted on a share of them, at a price."""
        fresh = self.register.due(world, clock.week, clock.begins, clock.ends)
        if not len(fresh):
            return
        self.register.consult(world, fresh, world.lever("projects.consultation_share"))
        projects.grow(len(fresh), {name: fresh[name] for name in fresh})
        count_of(world, "projects_proposed", fresh.division)
        usual = self.register.chosen(world, fresh, self._base["projects.consultation_share"])
        beyond = fresh.consulted.astype(float) - usual
        more = np.bincount(fresh.division, beyond, minlength=world.divisions)
        charge_in_full(world, LINE, more * self.consultation_cost * FEN_PER_YUAN)

    def stage_days(self, world: World, ids: np.ndarray, years: np.ndarray) -> np.ndarray:
        """Days from the proposal to the end of each stage in series; `years` are their means.

        Shape (works, stages). Each stage is gamma distributed.
        """
        shape = 1.0 / self.build_cv**2
        luck = world.draws.uniform("projects.stage", ids[:, None], np.arange(years.shape[1])[None])
        days: np.ndarray = DAYS_PER_YEAR * np.cumsum(years * gammaincinv(shape, luck) / shape, 1)
        return days

    def clear(self, world: World, projects: Table, clock: Clock) -> np.ndarray:
        """Departments clear obstacles side by side; years that each work waited in this step."""
        effort = world.lever("projects.acceptance_effort")[projects.division]
        live = (projects.built < clock.ends) & (projects.cancelled > projects.built)
        rows = (live & (projects.accepted == NEVER)).nonzero()[0]
        since = np.maximum(projects.built[rows], clock.begins)
        span = (clock.ends - since) / DAYS_PER_YEAR
        theta = self.clear_years(projects.cost[rows])[:, None]
        left = projects.left[rows]
        needed = left * theta  # years of work at effort 1
        worked = (effort[rows] * span)[:, None]
        done = needed <= worked
        with np.errstate(divide="ignore", invalid="ignore"):
            days = np.where(needed > 0.0, needed / effort[rows][:, None], 0.0) * DAYS_PER_YEAR
            rest = np.where(done, 0.0, left - worked / theta)
        fresh = done & (left > 0.0)
        projects.cleared[rows] = np.where(fresh, since[:, None] + days, projects.cleared[rows])
        projects.left[rows] = rest
        over = done.all(axis=1)
        projects.accepted[rows[over]] = projects.cleared[rows[over]].max(axis=1)
        waited = np.zeros(len(projects))
        waited[rows] = (np.minimum(projects.accepted[rows], clock.ends) - since) / DAYS_PER_YEAR
        return waited

    def build_years(self, cost: np.ndarray) -> np.ndarray:
        """Mean years of building."""
        years: np.ndarray = self.build_years_100m * (cost / 1e8) ** self.build_size_elasticity
        return years

    def clear_years(self, cost: np.ndarray) -> np.ndarray:
        """Mean years of each obstacle at effort 1 (theta)."""
        return self.clear_years_100m * (cost / 1e8) ** self.size_delay_elasticity

    def keep_up(self, world: World, projects: Table, clock: Clock) -> np.ndarray:
        """Accepted works decay and are restored; years that each was kept up in this step."""
        handed_over = projects.accepted.clip(clock.begins, clock.ends)
        years = (clock.ends - handed_over) / DAYS_PER_YEAR
        share = world.lever("projects.maintenance_share")[projects.division]
        restore = self.restore(share, projects.skill)
        turnover = restore + self.decay_per_year
        rest = restore / turnover
        moved = rest + (projects.condition - rest) * np.exp(-turnover * years)
        projects.condition[:] = np.where(years > 0.0, moved, projects.condition)
        return years

    def restore(self, share: np.ndarray, skill: np.ndarray | float) -> np.ndarray:
        """How fast upkeep restores a work, per year."""
        return self.restore_per_year * share / self.usual_maintenance * (0.5 + skill)

    def settled(self, division: np.ndarray) -> np.ndarray:
        """The condition in which works of these divisions are handed over: that of the base."""
        share = self._base["projects.maintenance_share"][division]
        restore = self.restore(share, self.handover_skill)
        return restore / (restore + self.decay_per_year)

    def pay_effort(self, world: World, projects: Table, waited: np.ndarray, clock: Clock) -> None:
        """More effort costs money and hours that departments would give to requests."""
        more = world.lever("projects.acceptance_effort") - self._base["projects.acceptance_effort"]
        years = np.bincount(projects.division, waited, minlength=world.divisions)
        charge_in_full(world, LINE, more * years * self.acceptance_cost["yuan"] * FEN_PER_YUAN)
        world.flows.add_divisions("works_waiting_years", years)
        office = world.office_of["department"]
        staff = world.offices.persons[office] * world.offices.bodies[office]
        hours = more * years / clock.dt_years * self.acceptance_cost["hours"]
        share = hours / np.maximum(staff * HOURS_PER_PERSON, 1.0)
        world.tables["divisions"].acceptance_hours[:] = share.clip(-1.0, 0.9)

    def pay_upkeep(self, world: World, projects: Table, years: np.ndarray) -> None:
        """More upkeep than at the base costs its share of the value that was handed over."""
        name = "projects.maintenance_share"
        value = np.bincount(projects.division, projects.cost * years, minlength=world.divisions)
        more = world.lever(name) - self._base[name]
        charge_in_full(world, LINE, more * value * FEN_PER_YUAN)

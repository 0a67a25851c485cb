"""Posts fill and fall vacant: people are hired at f a year and leave at q, by what they are paid.

    persons in post = posts f / (f + q)      f = f0 w^e      q = q0 w^k      w = pay / base pay

The lever says how many mediators are in post for each 10,000 residents; posts are opened so that
as many are in post at base pay: posts = persons (f0 + q0) / f0. A full-time mediator's pay is the
lever, a part-timer's the piece pay for cases, a grid worker's the base salary with the grid
subsidy; each counts as far as the budget really paid it in the last year. Every post has a clock:
the hazard summed since the last change passes a unit exponential of its own (Sellke 1983), so a
step may be halved without changing a day, and better pay only ever postpones a leaving.

Skill is a person's own talent and what experience added, in sds of the baseline: 0 in the mean.
Source: article 1 (loss of mediators, posts hard to fill); quits by pay from older wage studies;
applicants by pay from Emanuel and Harrington (2020), halved for posts that draw on one village.
"""

from typing import Annotated, ClassVar

import numpy as np

from sim.kernel import (
    WARM_UP_WEEKS,
    Clock,
    Column,
    Group,
    Limit,
    Mechanism,
    Parameter,
    Quantity,
    Table,
    Within,
)
from sim.kernel.clock import DAYS_PER_WEEK, DAYS_PER_YEAR
from sim.mechanisms.government.post_list import (
    COMMUNITY,
    FULL_TIME,
    GRID_WORKER,
    PART_TIME,
    TOWNSHIP,
    PostList,
    keep_known,
    note_turnover,
    pass_time,
)
from sim.world.money import paid_share
from sim.world.world import World

NUMBER_LEVERS = (
    "mediation.staff_per_10k",
    "mediation.full_time_share",
    "grid.workers_per_grid",
)
_SPELL = ("filled", "spell", "due", "since", "talent")


class Staffing(Mechanism):
    """Mediators and grid workers come and go; offices can do what those in post can do."""

    name = "staffing"
    fill_rate = Parameter(
        1.5, "1/year per vacancy", 0.5, 4.0, "assumed", "with quits of .15, .91 of posts are filled"
    )
    quit_rate = Group(
        mediator=Parameter(
            0.15, "1/year", 0.08, 0.3, "assumed", "article 1 reports marked loss, no number"
        ),
        grid_worker=Parameter(0.12, "1/year", 0.05, 0.25, "assumed", "steadier pay than mediators"),
    )
    quit_elasticity = Parameter(
        -1.0, "of quits, by relative pay", -3.0, -0.3, "recalled", "older studies find -.5 to -1"
    )
    fill_elasticity = Parameter(
        1.85, "of hires, by relative pay", 0.5, 4.2, "assumed", "half of the 3.7 found in the USA"
    )
    grid_base_pay = Parameter(
        24_000, "yuan a year", 15_000, 36_000, "assumed", "near the minimum wage of the province"
    )
    sessions = Group(
        village=Parameter(20, "sessions a part-timer a year", 12, 26, "assumed", "often absent"),
        community=Parameter(40, "sessions a part-timer a year", 25, 60, "assumed", "less often"),
        full_time=Parameter(220, "sessions a year", 180, 240, "assumed", "working days of a year"),
        township=Parameter(
            120, "sessions a full-timer a year", 80, 220, "assumed", "the rest goes to requests"
        ),
    )
    experience_gain = Parameter(
        1.1, "sd of skill", 0.0, 2.6, "derived", "many cases against few: .05 of settlement"
    )
    learning_rate = Parameter(0.5, "1/year", 0.2, 2.0, "assumed", "two years to learn the trade")

    reads = ("offices.persons", "units.grids", "budget.paid_share")
    writes: ClassVar[dict[str, Column]] = {
        "offices.part_time": Column("persons", 0, 1e5, "part-time mediators in post per body"),
        "offices.full_time": Column("persons", 0, 1e5, "full-time mediators in post per body"),
        "offices.sessions": Column("sessions a year", 0, 1e8, "sessions held per body", 0, "f8"),
        "offices.skill": Column("sd", -20, 20, "mean skill of the mediators in post"),
        "posts.filled": Column("yes or no", 0, 1, "somebody is in post", 0, "?"),
        "posts.spell": Column("count", 0, 1e6, "how often it was filled or left", 0, "i4"),
        "posts.due": Column("hazard", 0, 1e3, "hazard left until the next change", 0, "f8"),
        "posts.since": Column("day", -1e9, 1e9, "when it was last filled or left", 0, "f8"),
        "posts.talent": Column("sd", -20, 20, "skill that the person brought along"),
        "units.grid_workers": Column("persons", 0, 1e5, "grid workers in post", 0, "f8"),
    }
    levers = (*NUMBER_LEVERS, "mediation.pay_yuan_per_month", "grid.subsidy_yuan_per_year")

    def prepare(self, world: World) -> None:
        """Open the posts of the base levers, each filled with the chance of a long run.

        Offices start with the persons that the lever says and no vacancy: so they stay if nobody
        hires and quits later.
        """
        begins = -WARM_UP_WEEKS * DAYS_PER_WEEK
        self._base = {name: np.array(world.lever(name), float) for name in self.levers}
        self._numbers = {name: self._base[name] for name in NUMBER_LEVERS}
        self._list = PostList(world)
        world.posts = self.as_vacant(world, (1.0, 1.0), begins)
        world.posts.filled[:] = True
        self.count(world, begins)
        world.posts = self.as_vacant(world, self.filled_shares(), begins)
        self.fill_as_at_rest(world, begins)

    def as_vacant(self, world: World, filled_shares: tuple[float, float], now: float) -> Table:
        """The posts under the levers in force, all vacant since now."""
        posts = self._list.posts(world, self._base, filled_shares)
        posts.filled = np.zeros(len(posts), bool)
        posts.spell = np.zeros(len(posts), np.int32)
        posts.due = world.draws.exponential("staffing.spell", posts.id)
        posts.since = np.full(len(posts), now)
        posts.talent = np.zeros(len(posts), np.float32)
        return posts

    def filled_shares(self) -> tuple[float, float]:
        """The share of posts filled in the long run at base pay: mediators, grid workers."""
        fill = self.fill_rate
        quit_rate = self.quit_rate
        return (
            fill / (fill + quit_rate["mediator"]),
            fill / (fill + quit_rate["grid_worker"]),
        )

    def fill_as_at_rest(self, world: World, now: float) -> None:
        """Fill each post with its chance; people have been there as long as they usually have."""
        posts, draws = world.posts, world.draws
        grid = posts.role == GRID_WORKER
        chance = np.where(grid, *self.filled_shares()[::-1])
        posts.filled[:] = draws.uniform("staffing.start", posts.id) < chance
        quit_rate = np.where(grid, self.quit_rate["grid_worker"], self.quit_rate["mediator"])
        years = draws.exponential("staffing.served", posts.id) / quit_rate
        posts.since[:] = now - DAYS_PER_YEAR * years
        posts.talent[:] = self.talents(world, np.arange(len(posts)))

    def step(self, world: World, clock: Clock) -> None:
        """Posts follow the lever, people leave and are hired, offices count who is there."""
        if any((self._numbers[name] != world.lever(name)).any() for name in NUMBER_LEVERS):
            self.open_posts(world, clock.begins)
        posts = world.posts
        fill, quits = self.rates(world)
        key = world.draws.key("staffing.spell")
        left, came = pass_time(posts, fill, quits, key, clock.begins, clock.dt_years)
        hired = came.nonzero()[0]
        posts.talent[hired] = self.talents(world, hired)
        note_turnover(world, left, clock.dt_years)
        self.count(world, clock.ends)

    def open_posts(self, world: World, now: float) -> None:
        """New posts are vacant; posts that are no more are left by whoever was in them."""
        known = world.posts
        world.posts = self.as_vacant(world, self.filled_shares(), now)
        keep_known(world.posts, known, _SPELL)
        self._numbers = {name: np.array(world.lever(name), float) for name in NUMBER_LEVERS}

    def rates(self, world: World) -> tuple[np.ndarray, np.ndarray]:
        """How fast each post fills when vacant and is left when filled, per year."""
        posts, pay = world.posts, self.relative_pay(world)
        here = self._list.here(pay.T, np.arange(world.divisions + 1))  # the last: the whole city
        usual = np.full(pay.shape[0], self.quit_rate["mediator"])
        usual[GRID_WORKER] = self.quit_rate["grid_worker"]
        fill = self.fill_rate * here**self.fill_elasticity
        quits = usual * here**self.quit_elasticity
        return fill[posts.division, posts.role], quits[posts.division, posts.role]

    def relative_pay(self, world: World) -> np.ndarray:
        """Pay received against base pay, shape (roles, divisions); within .05 and 20."""
        pay = np.ones((3, world.divisions))
        pay[PART_TIME] = paid_share(world, "cases")
        name = "mediation.pay_yuan_per_month"
        pay[FULL_TIME] = world.lever(name) / self._base[name] * paid_share(world, "mediators")
        name = "grid.subsidy_yuan_per_year"
        grid_pay = self.grid_base_pay + world.lever(name)
        pay[GRID_WORKER] = grid_pay / (self.grid_base_pay + self._base[name])
        pay[GRID_WORKER] *= paid_share(world, "grid_pay")
        return pay.clip(0.05, 20.0)

    def talents(self, world: World, rows: np.ndarray) -> np.ndarray:
        """What those in these posts brought along: normal, so that skill has sd 1 at base pay."""
        posts = world.posts
        luck = world.draws.normal("staffing.talent", posts.id[rows], posts.spell[rows])
        rate, quit_rate = self.learning_rate, self.quit_rate["mediator"]
        squares = quit_rate / (quit_rate + 2.0 * rate) - (quit_rate / (quit_rate + rate)) ** 2
        return luck * np.sqrt(max(1.0 - self.experience_gain**2 * squares, 0.0))

    def count(self, world: World, now: float) -> None:
        """Persons in post, sessions and skill of each office, and grid workers of each unit."""
        posts, offices, units = world.posts, world.offices, world.units
        there = (posts.filled & (posts.role != GRID_WORKER)).nonzero()[0]
        office, role = posts.office[there], posts.role[there]
        size = len(offices)
        bodies = np.maximum(offices.bodies, 1.0)
        sessions = self.sessions_of(offices.kind[office], role)
        offices.sessions[:] = np.bincount(office, sessions, size) / bodies
        offices.part_time[:] = np.bincount(office, role == PART_TIME, size) / bodies
        offices.full_time[:] = np.bincount(office, role == FULL_TIME, size) / bodies
        total = np.bincount(office, self.skills(world, there, now), size)
        offices.skill[:] = total / np.maximum(np.bincount(office, minlength=size), 1)
        grid = posts.office[posts.filled & (posts.role == GRID_WORKER)]
        units.grid_workers[:] = np.bincount(grid, minlength=len(units))

    def sessions_of(self, kind: np.ndarray, role: np.ndarray) -> np.ndarray:
        """Sessions a year that a mediator holds, by kind of office and role."""
        part_time = np.where(
            kind == COMMUNITY, self.sessions["community"], self.sessions["village"]
        )
        full_time = np.where(
            kind == TOWNSHIP, self.sessions["township"], self.sessions["full_time"]
        )
        return np.where(role == PART_TIME, part_time, full_time)

    def skills(self, world: World, rows: np.ndarray, now: float) -> np.ndarray:
        """Talent and experience of those in these posts, in sds; mean 0 at base pay."""
        posts = world.posts
        years = np.maximum(now - posts.since[rows], 0.0) / DAYS_PER_YEAR
        learned = -np.expm1(-self.learning_rate * years)
        usual = self.learning_rate / (self.learning_rate + self.quit_rate["mediator"])
        return posts.talent[rows] + self.experience_gain * (learned - usual)


def staffing(
    hires_per_year: Annotated[float, Within(0.5, 5_000.0)] = 50.0,
    quit_rate: Annotated[float, Within(0.01, 20.0)] = 0.15,
) -> Limit:
    """Known result: H hires a year and quits at q keep H/q in post; filled share f / (f + q)."""
    staff = hires_per_year / quit_rate
    if not 5.0 <= staff <= 20_000.0:
        raise ValueError(f"hires over quits are {staff:g} in post; choose 5 to 20,000")
    # So many posts that hires hardly depend on who is in post; f gives H hires at rest.
    many = round(min(10 * staff, max(20_000, 2 * staff)))
    slow = hires_per_year / (many - staff)

    def simulate(mechanism: type[Staffing], seed: int) -> dict[str, float]:
        usual = mechanism().fill_rate
        few = _filled(mechanism, seed, 4_000, usual, quit_rate)
        return {
            "staff": _filled(mechanism, seed, many, slow, quit_rate),
            "filled_share": few / 4_000,
        }

    fill = Staffing.fill_rate.default
    return Limit(
        "staffing",
        {"hires_per_year": hires_per_year, "quit_rate": quit_rate},
        (
            Quantity("staff", "persons in post", staff),
            Quantity("filled_share", "share of posts", fill / (fill + quit_rate)),
        ),
        simulate,
        "alternating renewal: each post is filled 1/q of every 1/q + 1/f years",
        replications=30,
    )


def _filled(mechanism: type[Staffing], seed: int, posts: int, fill: float, quits: float) -> float:
    """Posts filled long after all were vacant."""
    from sim.verify.bench import START, bare_world, ready

    world = bare_world(4, seed)
    world.offices.persons[0] = posts * fill / (fill + quits)
    rule = mechanism({"fill_rate": fill, "quit_rate.mediator": quits})
    ready(world, rule)
    world.posts.filled[:] = False
    years = 12.0 / (fill + quits)
    clock = Clock(START, years * DAYS_PER_YEAR / 12.0, 0.0)
    for _ in range(12):
        rule.step(world, clock)
        clock.advance()
    return float(world.offices.part_time[0])

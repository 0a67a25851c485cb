"""Schooling, care and health reach people by place and registration, as supply and capacity allow.

    access = supply_k works given min(1, C / D) x (1 if registered or granted, else entitlement)
    supply_k = base_k + (top - base_k) q      entitlement = e0 + (1 - e0) q
    q = (eq - eq0) / (1 - eq0)                works = 1 + .1 (condition - its start)
    given = 1 + hours worth / full services   hours of service beyond those of the start
    dC/dt = (1.05 D - C) / lag + trend C      service gap = 1 - access

k is the kind of place, eq the equalisation in force and eq0 its base: 1 closes all gaps of supply
and registration. D is the sum of entitlements in a cell, C the places there, 1.05 D at the start;
the trend is that of jobs, for which it is planned where people move. Hours that volunteers,
members, councils and organisations give count as what they would cost if they were paid for,
against what full services cost; they are posted each step to units.service_hours and reach all who
live in the same kind of place of a division. Trust in community and township moves with access: the
anchor by .4 a unit. On the first step of a month those with the most points are granted
registration, as far as the quota goes (points.py), from the first day of a run on: until then the
people are those counted. Where nobody changes class (migration off) a grant still opens all
services.

What equalisation adds costs by the access that it adds, a grant beyond the base quota once; both
come with money of their own, since services are no matter of the governance budget.
Source: services by registration and points, article 13; equalisation lifting towns and villages.
"""

import math
from datetime import timedelta
from typing import ClassVar

import numpy as np
from numba import njit

from sim.kernel import Clock, Column, Group, Mechanism, Parameter
from sim.mechanisms.place.constants import JOB_GROWTH
from sim.mechanisms.place.points import PointsList
from sim.world.flows import CELLS_PER_DIVISION, KINDS, REGISTRATIONS
from sim.world.money import FEN_PER_YUAN, charge_in_full
from sim.world.world import World

NON_LOCAL = REGISTRATIONS.index("non_local")
MONTHS = 12


def _point(value: float, low: float, high: float) -> Parameter:
    return Parameter(value, "points", low, high, "assumed", "shape of the scheme in article 13")


class Services(Mechanism):
    """What of public services people get, and who is granted registration."""

    name = "services"
    points = Group(
        year_of_residence=_point(10, 5, 15),
        insured=_point(20, 10, 40),
        own_home=_point(15, 5, 30),
        under_45=_point(10, 0, 20),
        volunteer=_point(5, 0, 15),
    )
    points_threshold = Parameter(
        40, "points to be eligible", 20, 80, "assumed", "two years of residence, insured"
    )
    apply_belonging = Parameter(
        0.4, "belonging from which one applies", 0.2, 0.6, "assumed", "others keep rights at home"
    )
    capacity_slack = Parameter(
        1.05, "places over entitled demand", 1.0, 1.15, "assumed", "at the start, in every cell"
    )
    capacity_lag_years = Parameter(
        3.0, "years", 1.5, 6.0, "assumed", "schools and wards are built after demand"
    )
    cost_per_access = Parameter(
        4500, "yuan a person-year at full access", 2000, 8000, "derived", ".4 of city spending"
    )
    cost_per_grant = Parameter(
        20_000, "yuan once a grant", 5000, 60_000, "assumed", "school place, housing, insurance"
    )
    trust_per_access = Parameter(
        0.4, "trust anchor per unit of access", 0.15, 0.6, "derived", ".3 x sd .2 / sd .15"
    )
    hour_worth = Parameter(
        20.5, "yuan an hour given", 10, 40, "derived", "36,000 yuan over a year's 1,760 hours"
    )
    works_weight = Parameter(
        0.1, "supply per unit of works condition", 0.0, 0.3, "assumed", "maintained works serve"
    )

    reads = (
        "people.cell",
        "people.registration",
        "people.alive",
        "people.belonging",
        "people.insured",
        "people.age",
        "people.moved_at",
        "cells.works_condition",
    )
    writes: ClassVar[dict[str, Column]] = {
        "people.access": Column("share", 0, 1, "of full services that a person gets; 0: not known"),
        "people.service_gap": Column("share", 0, 1, "what full services have beyond one's access"),
        "people.points": Column("points", 0, 1e4, "of applicants, when last counted"),
        "people.granted": Column(
            "yes or no", 0, 1, "registration granted, class not changed", 0, "?"
        ),
        "cells.access": Column("share", 0, 1, "access of those registered there", 1, "f8"),
        "cells.entitled": Column("share", 0, 1, "what others get of that", 1, "f8"),
        "cells.capacity": Column("adults", 0, 1e9, "places in services", 0, "f8"),
        "cells.demand": Column("adults", 0, 1e9, "entitled to services", 0, "f8"),
        "units.service_hours": Column(
            "hours a year", -1e9, 1e9, "given beyond those of the start", 0, "f8", flow=True
        ),
    }
    adds = (
        "lists.granted",
        "people.anchor_push_trust_community",
        "people.anchor_push_trust_township",
        "budget.spend",
        "treasury.extra_plan",
    )
    levers = ("services.equalisation", "services.points_quota_per_year")

    def prepare(self, world: World) -> None:
        """Everybody's access at the base levers; capacity has some slack everywhere."""
        place, cells = world.place, world.tables["cells"]
        self._supply = place.keyed("world.service_supply", KINDS)
        self._entitled = place.value("world.entitlement")
        self._base = {name: np.array(world.lever(name), float) for name in self.levers}
        self._condition = self.condition(world).copy()
        self._list = PointsList(self.points, self.points_threshold, self.apply_belonging)
        self.look(world)
        cells.capacity[:] = self.capacity_slack * cells.demand
        people = world.people
        people.access[:] = self.table(world)[people.cell]
        people.service_gap[:] = 1.0 - people.access

    def step(self, world: World, clock: Clock) -> None:
        """Access follows what there is, trust follows access; a month's grants are made."""
        self.look(world)
        world.units.service_hours[:] = 0.0
        self.serve(world)
        self.build(world, clock)
        cost = self.access_added(world) * self.cost_per_access * clock.dt_years
        if clock.reporting and month_begins(clock):
            cost += self.grant(world, clock)
        charge_in_full(world, "services", cost * FEN_PER_YUAN)

    def progress(self, world: World) -> np.ndarray:
        """How far equalisation has gone from its base towards closing all gaps, by division."""
        base = self._base["services.equalisation"]
        left = np.maximum(1.0 - base, 1e-9)
        return (world.lever("services.equalisation") - base) / left

    def condition(self, world: World) -> np.ndarray:
        """How well public works are kept, by cell; the same everywhere if nobody keeps account."""
        cells = world.tables["cells"]
        known = "works_condition" in cells
        return cells.works_condition if known else np.zeros(len(cells))

    def offered(self, progress: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Supply by cell, and the entitlement of those registered elsewhere by division."""
        top = self._supply.max()
        supply = self._supply + np.outer(progress, top - self._supply)
        entitled = self._entitled + (1.0 - self._entitled) * progress
        return supply.ravel().clip(0.0, 1.0), entitled.clip(0.0, 1.0)

    def look(self, world: World) -> None:
        """Demand, and what the services of each cell give to those registered there and others."""
        cells = world.tables["cells"]
        supply, entitled = self.offered(self.progress(world))
        supply = supply * (1.0 + self.works_weight * (self.condition(world) - self._condition))
        supply = supply * (1.0 + self.given(world))
        cells.entitled[:] = np.repeat(entitled, len(KINDS))
        full, part = self.numbers(world)
        cells.demand[:] = full + cells.entitled * part
        if not cells.capacity.any():  # nothing is built yet
            cut = np.ones(len(cells))
        else:
            cut = np.minimum(1.0, cells.capacity / np.maximum(cells.demand, 1e-9))
        self._cut = np.where(cells.demand > 0.0, cut, 1.0)
        cells.access[:] = (supply * self._cut).clip(0.0, 1.0)

    def given(self, world: World) -> np.ndarray:
        """What hours of service beyond those of the start add, over full services, by cell."""
        units, cells = world.units, len(world.tables["cells"])
        if not units.service_hours.any():
            return np.zeros(cells)
        cell = units.division.astype(np.int64) * len(KINDS) + units.kind
        hours = np.bincount(cell, units.weight * units.service_hours, cells)
        residents = world.residents_by_cell().reshape(cells, len(REGISTRATIONS)).sum(axis=1)
        full = self.cost_per_access * residents
        worth = self.hour_worth * hours
        return np.divide(worth, full, out=np.zeros(cells), where=full > 0.0)

    def numbers(self, world: World) -> tuple[np.ndarray, np.ndarray]:
        """Adults of each cell who are served in full, and others."""
        people, cells = world.people, world.flows.cells
        total = np.zeros((cells, 2))
        _count(people.alive, people.cell, people.granted, people.weight, total)
        by_class = total.reshape(-1, len(REGISTRATIONS), 2)
        away = by_class[:, NON_LOCAL, 0]
        return by_class.sum(axis=(1, 2)) - away, away

    def table(self, world: World) -> np.ndarray:
        """Access by place, kind and registration class, in the order of people.cell."""
        cells = world.tables["cells"]
        found = np.repeat(cells.access[:, None], len(REGISTRATIONS), axis=1)
        found[:, NON_LOCAL] *= cells.entitled
        return found.astype(np.float32).ravel()

    def serve(self, world: World) -> None:
        """Everybody's access now; a change of it moves trust in community and township."""
        people = world.people
        _serve(
            people.cell,
            people.granted,
            self.table(world),
            world.tables["cells"].access.astype(np.float32),
            np.float32(self.trust_per_access),
            people.access,
            people.service_gap,
            people.anchor_push_trust_community,
            people.anchor_push_trust_township,
        )

    def build(self, world: World, clock: Clock) -> None:
        """Capacity follows demand with a lag of years, and the trend without one."""
        cells = world.tables["cells"]
        pace = 1.0 / self.capacity_lag_years - self.trend(world)
        wanted = self.capacity_slack * cells.demand / (self.capacity_lag_years * pace)
        cells.capacity[:] = wanted + (cells.capacity - wanted) * np.exp(-pace * clock.dt_years)

    def trend(self, world: World) -> np.ndarray:
        """By how much a year capacity is planned to grow, by cell; at most half of its pace."""
        if not world.is_on("migration"):
            return np.zeros(len(world.tables["cells"]))
        settings = world.tables.get("settings", {})
        yearly = [settings.get(f"labour.job_growth.{kind}", JOB_GROWTH[kind]) for kind in KINDS]
        return np.tile(np.minimum(yearly, 0.5 / self.capacity_lag_years), world.divisions)

    def access_added(self, world: World) -> np.ndarray:
        """What equalisation adds to the access of residents, in full persons, by division."""
        progress = self.progress(world)
        if not (progress > 0.0).any():
            return np.zeros(world.divisions)
        residents = world.residents_by_cell().reshape(-1, len(REGISTRATIONS))
        added = np.zeros(len(residents))
        for sign, how_far in ((1.0, progress), (-1.0, np.zeros(world.divisions))):
            supply, entitled = self.offered(how_far)
            share = np.ones((len(residents), len(REGISTRATIONS)))
            share[:, NON_LOCAL] = np.repeat(entitled, len(KINDS))
            added += sign * self._cut * supply * (residents * share).sum(axis=1)
        return added.reshape(-1, len(KINDS)).sum(axis=1)

    def grant(self, world: World, clock: Clock) -> np.ndarray:
        """A month's registrations go to those with the most points; yuan that this costs."""
        people = world.people
        name = "services.points_quota_per_year"
        quota, base = (self.city(world, levers[name]) for levers in (world.levers, self._base))
        rows = self._list.grant(world, clock, quota / MONTHS)
        people.granted[rows] = True
        world.flows.add("granted", people.cell[rows], people.weight[rows])
        if len(rows) and world.is_on("migration"):
            world.tables.setdefault("granted", []).append(rows)
        beyond = max(1.0 - base / quota, 0.0) if quota > 0.0 else 0.0
        number = np.bincount(people.division[rows], people.weight[rows], world.divisions)
        return number * beyond * self.cost_per_grant

    def city(self, world: World, values: np.ndarray) -> float:
        """The city keeps one list: values that differ between divisions count by residents."""
        by_cell = world.residents_by_cell().reshape(world.divisions, CELLS_PER_DIVISION)
        if np.all(values == values[0]):
            return float(values[0])
        return float(np.average(values, weights=by_cell.sum(axis=1)))


def month_begins(clock: Clock) -> bool:
    """Whether this is the first step that begins in its month."""
    before = clock.start + timedelta(days=math.floor(clock.begins - clock.step_days + 1e-9))
    return before.month != clock.date.month


@njit(cache=True)
def _count(alive, cell, granted, weight, total):  # type: ignore[no-untyped-def]
    for i in range(alive.size):
        if alive[i]:
            total[cell[i], 1 if granted[i] else 0] += weight[i]


@njit(cache=True)
def _serve(cell, granted, table, full, slope, access, gap, community, township):  # type: ignore[no-untyped-def]
    """Everybody's access by table; who is registered by now needs no grant any more (float32)."""
    for i in range(cell.size):
        now = table[cell[i]]
        if granted[i]:
            if cell[i] % 3 == NON_LOCAL:
                now = full[cell[i] // 3]
            else:
                granted[i] = False
        if now != access[i]:
            if access[i] > np.float32(0.0):
                step = slope * (now - access[i])
                community[i] += step
                township[i] += step
            access[i] = now
            gap[i] = np.float32(1.0) - now

"""Contract land is farmed, let, left idle or taken; households keep their right to it unless taken.

    farmed -> let .03, let -> farmed .06, farmed -> idle .015, idle -> farmed .09     per year
    paid = m2 x standard x ratio, in whole fen          shortfall = max(0, 1 - ratio)

Each household with rural registration here has one parcel, in whole m2. Letting and leaving idle
are twice as fast where a working member is away, at a pace that keeps the balance of the whole.
Every village has a clock for takings, .04 a year, each of 5 % of what is left of its land, from
the parcels of lowest luck; the last one is split. The group of villagers that loses it (a quarter
of the households) can dispute it for two years, the more the less was paid, and a taking opens an
issue with a chance. Each 100 mu let in a village feed
a family farm. Each parcel and each village has a clock of its own (Sellke 1983). Source: articles
3, 10 and 13; rates by balance of the shares of land at the start.
"""

from typing import ClassVar

import numpy as np

from sim.kernel import (
    WARM_UP_WEEKS,
    AccountError,
    Clock,
    Column,
    Group,
    Mechanism,
    Parameter,
    Table,
)
from sim.kernel.clock import DAYS_PER_WEEK, DAYS_PER_YEAR
from sim.mechanisms.place.farms import Farms
from sim.mechanisms.place.opposition import Opposition
from sim.mechanisms.place.parcels import ACQUIRED, LET, M2_PER_MU, Parcels, pass_time
from sim.world.exposed import carry
from sim.world.money import FEN_PER_YUAN, charge_in_full
from sim.world.world import World

LINE = "land"
FLOWS = ("land_taken_mu", "land_paid", "land_standard", "takings", "land_issues", "saved_on_land")
LOOKING_WEEKS = 13  # who is away and what rent comes in is looked at anew once a quarter
RATIO = "land.compensation_ratio"


class Land(Mechanism):
    """The parcels of rural households, takings and what is paid for them, and family farms."""

    name = "land"
    start_share = Group(
        let=Parameter(0.3, "share of area", 0.2, 0.4, "assumed", "nation .34"),
        idle=Parameter(0.1, "share of area", 0.04, 0.18, "assumed", "the rest is farmed"),
    )
    rate = Group(
        lease=Parameter(0.03, "1/year per parcel", 0.015, 0.06, "derived", ".6 x .03 = .3 x .06"),
        lease_end=Parameter(0.06, "1/year per parcel", 0.03, 0.12, "derived", "by that balance"),
        idle=Parameter(0.015, "1/year per parcel", 0.007, 0.03, "derived", ".6 x .015 = .1 x .09"),
        reclaim=Parameter(0.09, "1/year per parcel", 0.04, 0.18, "derived", "by that balance"),
    )
    leaver_factor = Parameter(
        2.0, "ratio on lease and idle", 1.2, 4.0, "assumed", "where a working member is away"
    )
    away_share = Parameter(
        0.4, "share of households", 0.2, 0.6, "assumed", "a working member away at the start"
    )
    home_per_year = Parameter(
        0.1, "1/year", 0.05, 0.2, "assumed", "those away at the start come home; as return moves"
    )
    acquisition_per_year = Parameter(
        0.002, "1/year of area", 0.0005, 0.005, "assumed", "5,300 mu a year in the city"
    )
    take_share = Parameter(
        0.05, "share of village land a taking", 0.02, 0.15, "assumed", "a road, a works, a plot"
    )
    concerned_share = Parameter(
        0.25,
        "share of a village's households",
        0.05,
        0.5,
        "derived",
        "one group of villagers of four shares the loss anew: .013 of adults taken in two years",
    )
    price = Parameter(45_000, "yuan a mu", 30_000, 70_000, "assumed", "zone price of the province")
    issue_chance = Parameter(
        0.25, "share of takings with an issue", 0.1, 0.5, "assumed", "21 a year, at the base ratio"
    )
    issue_slope = Parameter(
        2.0, "log chance per unit of shortfall", 0.5, 4.0, "assumed", "the less is paid, the more"
    )
    taken_share_of_disputes = Parameter(
        0.8, "share of disputes over takings", 0.5, 0.95, "assumed", "the rest are old cases"
    )
    taken_window_years = Parameter(2.0, "years", 1.0, 4.0, "assumed", "then the exposure ends")
    taking_dispute_or = Parameter(
        3.0, "ratio per .4 of shortfall", 1.8, 5.0, "assumed", "surveys of land takings"
    )
    compensation_gap_effect = Parameter(
        0.4, "1/year of grievance per unit of shortfall", 0.2, 0.7, "assumed", "no firm estimate"
    )
    rent = Parameter(400, "yuan a mu a year", 200, 800, "assumed", "grain land in the province")
    family_farm = Group(
        mu=Parameter(100, "mu let", 50, 200, "assumed", "article 13: Songjiang, Jinshan"),
        jobs_per_mu=Parameter(0.01, "jobs a mu", 0.004, 0.03, "assumed", "article 13"),
    )

    reads = ("people.household", "people.unit", "people.registration", "people.employed")
    writes: ClassVar[dict[str, Column]] = {
        "people.parcel": Column("row", -1, 2e9, "parcel that the person has a right in", -1, "i4"),
        "people.land_rent": Column(
            "yuan a month", -1e5, 1e5, "rent of land per adult, against the start"
        ),
        "units.let_m2": Column("m2", 0, 1e12, "contract land that is let", 0, "i8"),
        "units.takings": Column("takings", 0, 1e6, "how often land was taken", 0, "i4"),
        "units.taking_left": Column("hazard", 0, 1e3, "left until the next taking", 0, "f8"),
        "units.farms": Column("farms", 0, 1e6, "family farms on land that is let", 0, "i4"),
        "cells.farm_jobs": Column("jobs", -1e7, 1e7, "jobs on family farms, against the start"),
        "firms.village": Column("row", -1, 2e9, "unit of a family farm, -1 for others", -1, "i4"),
        "firms.open": Column("yes or no", 0, 1, "the firm is in business", 1, "?"),
        "parcels.state": Column("state", 0, 3, "farmed, let, idle or acquired", 0, "i1"),
        "parcels.area": Column("m2", 0, 2e9, "land that the household has", 0, "i4"),
        "parcels.acquired": Column("m2", 0, 2e9, "land taken from it", 0, "i4"),
        "parcels.compensation": Column("fen", 0, 9e18, "paid for what was taken", 0, "i8"),
        "parcels.taken_at": Column("day", -1e9, 1e9, "when it was last taken from", -1e9, "f8"),
        "parcels.away": Column("yes or no", 0, 1, "a working member is away", 0, "?"),
    }
    adds = (
        "issues.opened",
        "exposed.rows",
        "budget.spend",
        "treasury.extra_plan",
        "people.grievance_inflow",
    )
    levers = (RATIO,)

    def prepare(self, world: World) -> None:
        """Share out the land of every village, as balance leaves it; past takings still trouble."""
        now = -WARM_UP_WEEKS * DAYS_PER_WEEK
        self._base = np.array(world.lever(RATIO), float)
        self._parcels = Parcels(self, world, now)
        parcels = world.tables["parcels"]
        self._total = int(parcels.area.sum(dtype=np.int64))
        self._paid = 0
        units = world.units
        units.takings[:], units.farms[:] = 0, 0
        units.let_m2[:] = self._parcels.let(parcels)
        units.taking_left[:] = world.draws.exponential("land.taking", units.id, 0)
        self._farms = Farms(self.family_farm["mu"], self.family_farm["jobs_per_mu"])
        self._opposition = Opposition(self, world, self._parcels, self._base)
        for flow in FLOWS:  # none may be taken in years where few villages are simulated
            world.flows.add_divisions(flow, np.zeros(world.divisions))
        if world.is_on(self.name):
            self._farms.settle(world)
            if self._opposition.rate > 0.0:
                carry(world, "land_acquisition", self.taken_share_of_disputes)
            self._opposition.from_before(world, now)

    def step(self, world: World, clock: Clock) -> None:
        """Parcels are let, left and taken up again; some are taken; farms follow."""
        if clock.week % LOOKING_WEEKS == 0 and clock.begins < clock.week_begins + 1e-9:
            self._parcels.look(world, clock.begins)
            world.people.land_rent[:] = self.rents(world)
        parcels = world.tables["parcels"]
        pass_time(
            (parcels.state, parcels.spell, parcels.left, parcels.id),
            (parcels.away, parcels.area, parcels.unit, world.units.let_m2),
            self._parcels.rates,
            clock.dt_years,
            world.draws.key("land.parcel"),
            world.draws.key("land.way"),
        )
        self.take(world, clock)
        self._farms.follow(world)
        self._opposition.embitter(world, clock)
        self.check(parcels)

    def take(self, world: World, clock: Clock) -> None:
        """Villages whose clock has run out lose a share of their land, at the day it does."""
        units = world.units
        yearly = self.takings_a_year
        hazard = yearly * clock.dt_years
        has_land = self._parcels.count > 0
        for unit in ((units.taking_left <= hazard) & has_land).nonzero()[0].tolist():
            left = hazard
            while units.taking_left[unit] <= left:
                left -= units.taking_left[unit]
                at = clock.ends - DAYS_PER_YEAR * left / yearly
                self.take_from(world, unit, at)
                units.takings[unit] += 1
                number = int(units.takings[unit])
                units.taking_left[unit] = world.draws.exponential(
                    "land.taking", units.id[unit], number
                )
            units.taking_left[unit] += hazard - left
        units.taking_left[has_land] -= hazard

    @property
    def takings_a_year(self) -> float:
        """How often a village loses land, a year."""
        return self.acquisition_per_year / self.take_share

    def take_from(self, world: World, unit: int, at: float) -> None:
        """One taking: land changes hands, is paid for, and those concerned may dispute it."""
        parcels, units = world.tables["parcels"], world.units
        number, division = int(units.takings[unit]), int(units.division[unit])
        rows, m2 = self._parcels.chosen(world, unit, number, self.take_share)
        if not len(rows):
            return
        ratio = float(world.lever(RATIO)[division])
        paid = self.compensation(m2, ratio)
        units.let_m2[unit] -= m2[parcels.state[rows] == LET].sum()
        parcels.area[rows] -= m2.astype(np.int32)
        parcels.acquired[rows] += m2.astype(np.int32)
        parcels.compensation[rows] += paid
        parcels.taken_at[rows] = at
        parcels.state[rows[parcels.area[rows] == 0]] = ACQUIRED
        self._paid += int(paid.sum())
        self.enter_books(world, unit, int(m2.sum()), int(paid.sum()))
        against = self._opposition
        persons = against.trouble(world, unit, number, at, ratio)
        against.maybe_issue(world, unit, number, persons, at, ratio)

    def compensation(self, m2: np.ndarray, ratio: float) -> np.ndarray:
        """Whole fen for each of these areas; their sum is that of the whole area, rounded once."""
        per_m2 = self.price * FEN_PER_YUAN / M2_PER_MU * ratio
        summed = np.rint(np.cumsum(m2) * per_m2).astype(np.int64)
        return np.diff(summed, prepend=0)

    def enter_books(self, world: World, unit: int, m2: int, paid: int) -> None:
        """What was taken and paid, for as many villages as the unit stands for."""
        division = int(world.units.division[unit])
        weight = float(world.units.weight[unit])
        amounts = np.zeros((4, world.divisions))
        standard = m2 / M2_PER_MU * self.price
        amounts[:, division] = (m2 / M2_PER_MU, paid / FEN_PER_YUAN, standard, 1.0)
        amounts *= weight
        for name, amount in zip(FLOWS[:4], amounts, strict=True):
            world.flows.add_divisions(name, amount)
        more = world.lever(RATIO) - self._base
        charge_in_full(world, LINE, amounts[2] * more * FEN_PER_YUAN)

    def rents(self, world: World) -> np.ndarray:
        """Rent of people's land less that at the start, yuan a month per adult of the household."""
        parcels = world.tables["parcels"]
        now = np.where(parcels.state == LET, parcels.area, 0)
        before = np.where(parcels.let_before, parcels.area + parcels.acquired, 0)
        monthly = (now - before) / M2_PER_MU * self.rent / 12.0
        each = np.append(monthly / np.maximum(parcels.adults, 1), 0.0).astype(np.float32)
        return each[world.people.parcel]

    def check(self, parcels: Table) -> None:
        """Raise AccountError unless every m2 and every fen is somewhere."""
        m2 = int(parcels.area.sum(dtype=np.int64) + parcels.acquired.sum(dtype=np.int64))
        if m2 != self._total:
            raise AccountError(f"{self._total} m2 of contract land, accounted for {m2}")
        paid = int(parcels.compensation.sum())
        if paid != self._paid:
            raise AccountError(f"{self._paid} fen paid for land, received {paid}")

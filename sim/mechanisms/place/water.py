"""Farmers draw on a shared aquifer; its level, drip irrigation and metering follow one another.

    season      group i takes x_i (A - b X) of the total X,  A = a - c1 depth
    draw        X = phi s A / b,   phi = N/(N+1) - m (N/(N+1) - 1/2)
    level       d depth/dt = (X - R) times the metres that a year's recharge fills
    drip        dx/dt = adopt (1 - x) - abandon x
    disputes    rate of water disputes x exp(k (depth / depth at the start - 1))

N groups that each look after themselves draw N/(N+1) A/b (Nash), together they would draw A/(2b);
metering of a share m of the wells moves them from one to the other. Drip saves a share of the
water, of which more irrigated land takes part back: s = 1 - saving (1 - rebound) x. c1 is such that
the aquifer stands still at the base levers. One aquifer a division; drip as the share of irrigated
land. All exact in the step, also where the water is too deep to be worth drawing (A < 0, draw 0).

Limit: `commons` (in `water_limits`). Sources: article 2 (128 million yuan for 54,500 mu, wells,
meters, works handed over without skill); Gordon (1954), Ostrom (1990); sizes assumed.
"""

from typing import ClassVar

import numpy as np

from sim.kernel import Clock, Column, Group, Mechanism, Parameter, Table
from sim.world.money import charge
from sim.world.world import World

COMMON_SUBSIDY = 0.5  # the share of the cost at which `adopt_per_year` holds
LEAST_COST = 0.01  # of the value at depth 0: even shallow water costs something to lift


class Water(Mechanism):
    """One aquifer a division, with the farmers who draw on it."""

    name = "water"
    groups = Parameter(20, "groups of farmers on an aquifer", 5, 60, "assumed", "villages pooled")
    value_at_zero = Parameter(
        6.0, "value at depth 0 (a)", 4.0, 10.0, "assumed", "recharge is the unit; only ratios count"
    )
    value_slope = Parameter(
        2.0,
        "fall of value per unit of draw (b)",
        1.0,
        4.0,
        "assumed",
        "recharge is the unit; only ratios count",
    )
    recharge = Parameter(1.0, "yearly recharge (R)", 0.5, 1.5, "assumed", "the unit of draw")
    depth_start = Parameter(
        50.0, "m at which the base levers stand still", 20.0, 120.0, "assumed", "wells of the north"
    )
    start_ratio = Parameter(
        1.0, "depth at the start over that", 0.4, 1.6, "assumed", "below 1: an aquifer overdrawn"
    )
    metres_per_recharge = Parameter(
        2.0, "m of level per recharge overdrawn", 0.5, 5.0, "assumed", "time scale 18 years"
    )
    irrigated_share = Parameter(
        0.25, "share of contract land", 0.15, 0.4, "assumed", "about 660,000 mu in Jincheng"
    )
    drip_start = Parameter(
        0.2, "share of irrigated land", 0.05, 0.4, "assumed", "settled share at the defaults"
    )
    adopt_per_year = Parameter(
        0.025, "1/year at subsidy .5", 0.01, 0.06, "derived", ".025/(.025 + .10) = .2"
    )
    adopt_slope = Parameter(
        4.0, "log rate per unit of subsidy share", 1.0, 8.0, "assumed", "cost against thin margins"
    )
    abandon_per_year = Group(
        base=Parameter(0.05, "1/year", 0.02, 0.1, "assumed", "wear"),
        unskilled=Parameter(
            0.1, "1/year, times 1 - skill", 0.03, 0.3, "assumed", "article 2: running the works"
        ),
    )
    operating_skill = Parameter(
        0.5, "share of what running the works takes", 0.2, 0.8, "assumed", "handed over with works"
    )
    quota_saving = Parameter(
        0.2, "share of water saved by drip", 0.08, 0.35, "recalled", "studies in the northwest"
    )
    rebound = Parameter(
        0.4, "share of the saving", 0.1, 1.0, "recalled", "used up by more area: reviews"
    )
    drip_cost = Parameter(
        2349, "yuan a mu", 1200, 3500, "seed", "article 2: 128 million yuan over 54,500 mu"
    )
    monitoring_cost = Parameter(
        60, "yuan a mu a year, all wells metered", 20, 150, "assumed", "meters, cards, staff"
    )
    programme_share = Parameter(
        1.0, "share of costs", 0.0, 1.0, "assumed", "paid from the money of irrigation programmes"
    )
    dispute_scarcity = Parameter(
        1.5,
        "log rate of water disputes per relative change of depth",
        0.5,
        3.0,
        "assumed",
        "1 at start",
    )

    writes: ClassVar[dict[str, Column]] = {
        "aquifers.depth": Column("m", 0, 1e6, "from the surface to the water", 0, "f8"),
        "aquifers.draw": Column("usual recharge", 0, 1e6, "drawn a year", 0, "f8"),
        "aquifers.drip_share": Column("share", 0, 1, "irrigated land under drip", 0, "f8"),
        "aquifers.usual_drip_share": Column("share", 0, 1, "the same at the base", 0, "f8"),
        "aquifers.land": Column("mu", 0, 1e9, "irrigated land", 0, "f8"),
        "aquifers.recharge_log": Column(
            "log ratio", -20, 20, "on the recharge, posted anew each step", 0, "f8", flow=True
        ),
        "units.water_log_rate": Column("log ratio", -10, 10, "what scarcity does to disputes"),
    }
    adds = ("budget.spend", "treasury.extra_plan")
    levers = ("water.drip_subsidy_share", "water.monitoring")

    def prepare(self, world: World) -> None:
        """The aquifers of the divisions, at the depth at which the base levers keep them."""
        aquifers = world.tables["aquifers"] = Table(world.divisions)
        for full_name, column in self.writes.items():
            table, name = full_name.split(".")
            if table == "aquifers":
                aquifers.ensure(name, column)
        aquifers.drip_share[:] = aquifers.usual_drip_share[:] = self.drip_start
        aquifers.land[:] = self.irrigated_land(world)
        self._base = {name: np.array(world.lever(name), float) for name in self.levers}
        pull = self.pull(self._base["water.monitoring"], aquifers.drip_share)
        worth = self.value_at_zero - self.value_slope * self.recharge / pull
        self._lift = np.maximum(worth, LEAST_COST * self.value_at_zero) / self.depth_start  # c1
        self._depth = aquifers.depth[:] = self.depth_start * self.start_ratio
        aquifers.draw[:] = self.drawn(aquifers.depth, pull)

    def irrigated_land(self, world: World) -> np.ndarray:
        """Mu of irrigated land by division; 1 where the place says nothing of villages."""
        figure = "world.contract_mu_per_village"
        if figure not in world.place.values:
            return np.ones(world.divisions)
        villages = world.place.by_division("villages")
        land: np.ndarray = self.irrigated_share * world.place.value(figure) * villages
        return land

    def pull(self, monitoring: np.ndarray, drip: np.ndarray) -> np.ndarray:
        """The draw over the whole value of water A/b: strategies of the groups times saving."""
        nash = self.groups / (self.groups + 1.0)
        saved = self.quota_saving * (1.0 - self.rebound) * drip
        return (nash - monitoring * (nash - 0.5)) * (1.0 - saved)

    def drawn(self, depth: np.ndarray, pull: np.ndarray) -> np.ndarray:
        """The yearly draw X at this depth; none where lifting costs more than water is worth."""
        worth = np.maximum(self.value_at_zero - self._lift * depth, 0.0)
        return pull * worth / self.value_slope

    def step(self, world: World, clock: Clock) -> None:
        """Farmers take up and give up drip, draw, and the level follows."""
        aquifers, years = world.tables["aquifers"], clock.dt_years
        subsidy = world.lever("water.drip_subsidy_share")
        monitoring = world.lever("water.monitoring")
        before = aquifers.drip_share.copy()
        aquifers.drip_share[:] = self.taken_up(before, subsidy, years)
        during = 0.5 * (before + aquifers.drip_share)
        recharge = self.recharge * np.exp(aquifers.recharge_log)
        pull = self.pull(monitoring, during)
        was = aquifers.depth.copy()
        aquifers.depth[:] = self.levelled(was, pull, recharge, years)
        drawn = (aquifers.depth - was) / (self.metres_per_recharge * years) + recharge
        filled = aquifers.depth <= 0.0  # what does not fit in flows off: it is not drawn
        aquifers.draw[:] = np.where(filled, self.drawn(aquifers.depth, pull), drawn)
        aquifers.recharge_log[:] = 0.0
        scarcity = self.dispute_scarcity * (aquifers.depth / self._depth - 1.0)
        world.units.water_log_rate[:] = scarcity[world.units.division]
        self.pay(world, subsidy, monitoring, during, years)
        world.flows.add_divisions("water_drawn", aquifers.land * aquifers.draw * years)
        world.flows.add_divisions("water_recharged", aquifers.land * recharge * years)

    def taken_up(self, drip: np.ndarray, subsidy: np.ndarray, years: float) -> np.ndarray:
        """The share under drip after so many years at this subsidy: exact."""
        adopt, abandon = self.adopting(subsidy), self.abandoning()
        settles_at = adopt / (adopt + abandon)
        return settles_at + (drip - settles_at) * np.exp(-(adopt + abandon) * years)

    def adopting(self, subsidy: np.ndarray) -> np.ndarray:
        """The yearly rate at which land comes under drip."""
        return self.adopt_per_year * np.exp(self.adopt_slope * (subsidy - COMMON_SUBSIDY))

    def abandoning(self) -> float:
        """The yearly rate at which drip is given up: the less skill, the faster."""
        unskilled = 1.0 - self.operating_skill
        return self.abandon_per_year["base"] + self.abandon_per_year["unskilled"] * unskilled

    def levelled(
        self, depth: np.ndarray, pull: np.ndarray, recharge: np.ndarray, years: float
    ) -> np.ndarray:
        """The depth after so many years: exact while pull and recharge hold still."""
        too_deep = self.value_at_zero / self._lift
        rising = self.metres_per_recharge * recharge  # m a year where nobody draws
        idle = np.minimum(np.maximum(depth - too_deep, 0.0) / rising, years)
        depth = depth - rising * idle
        settles_at = (self.value_at_zero - self.value_slope * recharge / pull) / self._lift
        rate = pull * self._lift * self.metres_per_recharge / self.value_slope
        found = settles_at + (depth - settles_at) * np.exp(-rate * (years - idle))
        return np.maximum(found, 0.0)

    def pay(
        self,
        world: World,
        subsidy: np.ndarray,
        monitoring: np.ndarray,
        drip: np.ndarray,
        years: float,
    ) -> None:
        """What subsidies and meters cost beyond what they would have cost at the base levers."""
        aquifers, base = world.tables["aquifers"], self._base
        before = aquifers.usual_drip_share.copy()
        usual = base["water.drip_subsidy_share"]
        aquifers.usual_drip_share[:] = self.taken_up(before, usual, years)
        then = 0.5 * (before + aquifers.usual_drip_share)
        cost = self.a_year_costs(subsidy, monitoring, drip)
        cost = cost - self.a_year_costs(usual, base["water.monitoring"], then)
        charge(world, "water", aquifers.land * cost * years, self.programme_share)

    def a_year_costs(
        self, subsidy: np.ndarray, monitoring: np.ndarray, drip: np.ndarray
    ) -> np.ndarray:
        """Yuan a year for each mu of irrigated land."""
        works = subsidy * self.drip_cost * self.adopting(subsidy) * (1.0 - drip)
        return works + self.monitoring_cost * monitoring

"""Grievance gathers while trouble stays unsettled, and fades with time.

    dg/dt = a (1 - g) - r g
    a = base + dispute [open disputes > 0] + deprivation max(0, -z) + service_gap gap
        + unemployed [out of work] + unconsulted [member of an unconsulted issue] + other

g is grievance in [0, 1]; a (inflow) and r (decay) are per year; z is a person's log income less
the mean among their ties, over the usual spread of log income among ties: being better off than
them does not soothe. While a holds still the step is exact, so its length does not matter:
g <- g* + (g - g*) exp(-(a + r) dt), g* = a / (a + r). Each settlement removes a share of g; each
petition turned away adds a share of 1 - g.
Source: relative deprivation as in Gurr (1970), chapter 2, its size by Smith and others (2012);
gaps of services by registration, article 13; projects without consultation, article 10.
"""

from typing import Annotated, ClassVar

import numpy as np
from numba import njit

from sim.kernel import Clock, Column, Limit, Mechanism, Parameter, Quantity, Within
from sim.world.world import World

_EVERYBODY = slice(None)
_BRIEF = np.float32(0.125)  # turnover times years, up to which five terms of a series do
COMPARING_WEEKS = 13  # incomes and ties are compared anew once a quarter


class Grievance(Mechanism):
    """Discontent with local life, for each person."""

    name = "grievance"
    decay_per_year = Parameter(
        0.92, "1/year", 0.35, 2.8, "derived", "half-life 9 (3-24) months of adaptation studies"
    )
    inflow_base = Parameter(
        0.08, "1/year", 0.02, 0.2, "assumed", "everybody; with the rest a mean near .12 at rest"
    )
    inflow_dispute = Parameter(
        0.4, "1/year", 0.1, 1.0, "assumed", "while a dispute is open; settles at .34 with the base"
    )
    inflow_deprivation = Parameter(
        0.05, "1/year per sd below ties", 0.0, 0.15, "assumed", "r = .14 in Smith and others (2012)"
    )
    inflow_service_gap = Parameter(
        0.08, "1/year per unit of gap", 0.0, 0.2, "assumed", "article 13: services by registration"
    )
    inflow_unemployed = Parameter(
        0.12, "1/year", 0.03, 0.3, "assumed", "loss of life satisfaction in panel studies"
    )
    inflow_unconsulted = Parameter(
        0.3, "1/year", 0.1, 0.8, "assumed", "members of an unconsulted issue, article 10"
    )
    relief_settled = Parameter(
        0.3, "share of grievance", 0.1, 0.6, "assumed", "removed by a settlement; no firm estimate"
    )
    step_prevented = Parameter(
        0.1, "share of 1 - g", 0.03, 0.2, "assumed", "rise when a petition is turned away"
    )

    reads = (
        "people.open_disputes",
        "people.income",
        "people.land_rent",
        "people.service_gap",
        "people.unemployed",
        "people.unconsulted",
    )
    writes: ClassVar[dict[str, Column]] = {
        "people.grievance": Column("share", 0.0, 1.0, "discontent with local life"),
        "people.deprivation": Column(
            "sd", 0.0, 100.0, "how far log income lies below the mean of a person's ties"
        ),
        "people.grievance_relief": Column(
            "settlements", 0.0, 1e6, "settlements that relieve this person", flow=True
        ),
        "people.grievance_push": Column(
            "refusals", 0.0, 1e6, "petitions turned away, and blows as heavy as that", flow=True
        ),
        "people.grievance_inflow": Column(
            "1/year", 0.0, 1e3, "further inflow, posted anew each step", flow=True
        ),
    }

    def prepare(self, world: World) -> None:
        """Compare each person's income with that of their ties; start everybody at rest."""
        people = world.people
        people.deprivation = deprivation(world)
        inflow = self.inflow(world)
        people.grievance[:] = inflow / (inflow + np.float32(self.decay_per_year))

    def step(self, world: World, clock: Clock) -> None:
        """Settlements relieve, refusals embitter, and grievance moves towards where it settles."""
        people = world.people
        if clock.week % COMPARING_WEEKS == 0 and clock.begins < clock.week_begins + 1e-9:
            people.deprivation[:] = deprivation(world)
        self.take_in_events(world)
        decay, years = np.float32(self.decay_per_year), np.float32(clock.dt_years)
        _settle(people.grievance, self.inflow(world), decay, years)
        people.empty("grievance_inflow")

    def take_in_events(self, world: World) -> None:
        """Each settlement removes a share of grievance; each refusal adds a share of the rest."""
        people = world.people
        if people.is_used("grievance_relief"):
            settled = people.grievance_relief.nonzero()[0]
            kept = (1.0 - self.relief_settled) ** people.grievance_relief[settled]
            people.grievance[settled] *= kept
            people.empty("grievance_relief")
        if people.is_used("grievance_push"):
            refused = people.grievance_push.nonzero()[0]
            spared = (1.0 - self.step_prevented) ** people.grievance_push[refused]
            people.grievance[refused] = 1.0 - (1.0 - people.grievance[refused]) * spared
            people.empty("grievance_push")

    def welcome(self, world: World, clock: Clock, rows: np.ndarray) -> None:
        """Newcomers are as discontent as what presses on them would have made them by now."""
        inflow = self.inflow(world, rows)
        world.people.grievance[rows] = inflow / (inflow + np.float32(self.decay_per_year))

    def inflow(self, world: World, rows: np.ndarray | slice = _EVERYBODY) -> np.ndarray:
        """The inflow of grievance a, per year, by person (float32); of these rows only."""
        people = world.people
        per_unit = (
            self.inflow_base,
            self.inflow_dispute,
            self.inflow_deprivation,
            self.inflow_service_gap,
            self.inflow_unemployed,
            self.inflow_unconsulted,
        )
        inflow: np.ndarray = _inflow(
            people.open_disputes[rows],
            people.deprivation[rows],
            people.service_gap[rows],
            people.unemployed[rows],
            people.unconsulted[rows],
            people.grievance_inflow[rows],
            np.array(per_unit, np.float32),
        )
        return inflow


@njit(cache=True)
def _inflow(disputes, deprivation, gap, unemployed, unconsulted, other, per_unit):  # type: ignore[no-untyped-def]
    base, dispute, deprived, services, work, consulted = per_unit
    inflow = np.empty(disputes.size, np.float32)
    for i in range(disputes.size):
        rate = base + deprived * deprivation[i] + services * gap[i] + np.float32(other[i])
        if disputes[i] > 0:
            rate += dispute
        inflow[i] = rate + work * np.float32(unemployed[i]) + consulted * np.float32(unconsulted[i])
    return inflow


@njit(cache=True, error_model="numpy")
def _settle(grievance, inflow, decay, years):  # type: ignore[no-untyped-def]
    """Everybody's grievance after so many years in which the inflow holds still (all float32)."""
    highest = np.float32(0.0)
    for i in range(inflow.size):
        highest = max(highest, inflow[i])
    brief = (highest + decay) * years <= _BRIEF  # of all, so that several can be done abreast
    for i in range(grievance.size):
        turnover = inflow[i] + decay
        settles_at = inflow[i] / turnover
        x = turnover * years
        kept = _series(x) if brief or x <= _BRIEF else np.exp(-x)
        grievance[i] = settles_at + (grievance[i] - settles_at) * kept


@njit(inline="always")
def _series(x):  # type: ignore[no-untyped-def]
    """exp(-x) in float32, by its series: up to _BRIEF exact to the last bit but one."""
    one = np.float32(1.0)
    tail = one - x * np.float32(1 / 4) * (one - x * np.float32(1 / 5))
    return one - x * (one - x * np.float32(1 / 2) * (one - x * np.float32(1 / 3) * tail))


def deprivation(world: World) -> np.ndarray:
    """How many sds a person's log income lies below the mean of their ties; 0 if above, or alone.

    The sd is the usual spread of log income among a person's ties, one number for everybody: with
    a dozen ties of unequal strength a spread of one's own would be mostly noise. Rent of land that
    was let since the start counts as income; losing it never takes more than half of that.
    """
    people = world.people
    income = people.income.astype(np.float64)
    log_income = np.log(np.maximum(income + people.land_rent, income / 2.0))
    centred = (log_income - log_income[people.alive].mean()).astype(np.float32)
    means = world.ties.neighbour_means(np.column_stack((centred, centred**2)))
    knows = world.ties.degree > 0
    here = means[knows & people.alive]  # whoever is gone compares with nobody
    variance = np.maximum(here[:, 1] - here[:, 0] ** 2, 0.0)
    if not variance.any():
        return np.zeros(len(centred), np.float32)
    spread = np.sqrt(variance.mean())
    below = np.maximum(means[:, 0] - centred, 0.0) / spread
    return np.where(knows, below, 0.0).astype(np.float32)


def grievance(
    inflow: Annotated[float, Within(0.0, 50.0)] = 0.4,
    decay: Annotated[float, Within(0.05, 50.0)] = 0.8,
) -> Limit:
    """Known result: constant inflow a and decay r settle at a / (a + r), from any start."""
    # A weekly move below the spacing of float32 is lost: the slower the law, the sooner.
    rounding = 1e-5 + 6e-8 / ((inflow + decay) * 7.0 / 365.25)

    def simulate(mechanism: type[Grievance], seed: int) -> dict[str, float]:
        from sim.verify.bench import bare_world, ready, weeks

        world = bare_world(101, seed)
        rule = mechanism({"inflow_base": inflow, "decay_per_year": decay})
        ready(world, rule)
        grievance = world.people.grievance
        grievance[:] = np.linspace(0.0, 1.0, 101)
        for clock in weeks(20.0 / (inflow + decay)):
            rule.step(world, clock)
        return {"settles_at": float(grievance.mean()), "spread": float(np.ptp(grievance))}

    return Limit(
        "grievance",
        {"inflow": inflow, "decay": decay},
        (
            Quantity("settles_at", "share", inflow / (inflow + decay), rounding),
            Quantity("spread", "share, over starts from 0 to 1", 0.0, 2.0 * rounding),
        ),
        simulate,
        "the fixed point of a linear law, by hand",
    )

"""Grid workers find tolerated disputes and bring a part of them to village mediation.

    h = h0 x effort x (H0 / H)^a x (1 - paperwork)/(1 - .3) x (1 + .15 sharing) x cameras x left
          x 2 in the domain that is screened for, sixty days long

effort = (pay / reference pay)^.5 x (1 + helpers / workers), pay = what is really paid of base pay +
grid subsidy; helpers: what volunteers and patrols add beyond the usual, in full-time posts; H
households per worker; what committees are assessed by moves the paperwork and the time left. A
latent dispute is found when its summed hazard passes its own exponential threshold (Sellke 1983),
if it is still latent then; it is found once. Of those found, a share by domain enters village
mediation, the others stay latent. Limit: beside an exit at rate q, the share found is h/(h + q) and
the mean time to either 1/(h + q). Source: article 1 (grids, pay, five platforms); sizes assumed.
"""

from typing import Annotated, ClassVar

import numpy as np

from sim.kernel import Clock, Column, Limit, Mechanism, Parameter, Quantity, Within
from sim.mechanisms.conflict.routes import first_shares
from sim.world.disputes import DECIDING, FOUND, LATENT
from sim.world.money import paid_for, paid_share
from sim.world.world import World

MOST_PAPERWORK = 0.9  # share of working time that reports can rise to


class Detection(Mechanism):
    """Screening by grid workers turns tolerated disputes into cases."""

    name = "detection"
    hazard_per_year = Parameter(
        1.57,
        "1/year per latent dispute",
        0.5,
        3.0,
        "derived",
        "solved: 40 of 301 found, term 38 days",
    )
    reference_households = Parameter(
        290, "households per worker", 250, 330, "assumed", "villages 273, community grids 330"
    )
    workload_elasticity = Parameter(
        0.5, "detection per fall in households per worker", 0.2, 0.9, "assumed", "span of work"
    )
    effort_pay_return = Parameter(
        0.5, "elasticity of effort to pay", 0.1, 1.1, "recalled", "efficiency-wage experiments"
    )
    base_pay = Parameter(
        24000, "yuan a year per grid worker", 15000, 36000, "assumed", "near the minimum wage"
    )
    reference_subsidy = Parameter(
        1365,
        "yuan a grid a year",
        1365,
        1365,
        "derived",
        "6,000 in the 682 grids of Chengqu over 2,997 grids",
    )
    reference_paperwork = Parameter(
        0.3, "share of working time", 0.15, 0.5, "assumed", "articles 8, 9; lever base"
    )
    platform_gain = Parameter(
        0.15, "relative rise with one shared platform", 0.0, 0.4, "assumed", "article 1"
    )
    camera_gain = Parameter(
        0.01, "relative rise per 1,000 feeds", 0.0, 0.03, "assumed", "weak for civil disputes"
    )
    camera_feeds = Parameter(11720, "feeds", 0, 100000, "seed", "article 1; 11,720 is neutral")
    campaign_factor = Parameter(
        2.0, "ratio, in the domain screened for", 1.3, 4.0, "assumed", "a surge; then nothing more"
    )
    campaign_days = Parameter(60, "days", 30, 120, "assumed", "how long a screening lasts")
    enter_factor = Parameter(
        2.46, "ratio", 1.5, 3.2, "derived", "mean share entering .60 over the domains"
    )
    enter_own = Parameter(
        0.327, "share of the village column", 0.2, 0.45, "derived", "24.0 of 73.3 are found"
    )

    reads = (
        "units.grid_workers",
        "offices.report_ratio",
        "offices.detection_factor",
        "budget.paid_share",
    )
    writes: ClassVar[dict[str, Column]] = {
        "units.extra_grid_fte": Column(
            "full-time posts", -1e5, 1e5, "time that others add to that of grid workers", flow=True
        ),
    }
    adds = ("disputes.transitions",)
    levers = (
        "grid.subsidy_yuan_per_year",
        "grid.workers_per_grid",
        "grid.paperwork_share",
        "grid.screening",
        "coordination.data_sharing",
    )

    # What each division screens for, and since which day: at the start long since, so it is over.
    _screened: np.ndarray | None = None
    _screened_since: np.ndarray | float = -np.inf

    def screening(self, world: World, rows: np.ndarray, now: float) -> np.ndarray:
        """What a screening for their domain multiplies the hazard of these disputes with."""
        wanted = np.array(world.lever("grid.screening"), float)
        before = wanted if self._screened is None else self._screened
        self._screened_since = np.where(wanted == before, self._screened_since, now)
        self._screened = wanted
        disputes = world.disputes
        division = disputes.division[rows]
        on = now - self._screened_since < self.campaign_days - 1e-9
        sought = on[division] & (disputes.domain[rows] == wanted[division] - 1.0)
        return np.where(sought, self.campaign_factor, 1.0)

    def hazard(self, world: World) -> np.ndarray:
        """The hazard per year of being found, by unit; 0 where no grid worker is in post."""
        units = world.units
        workers_per_household = units.grid_workers / units.households
        workload = (self.reference_households * workers_per_household) ** self.workload_elasticity
        return self.hazard_per_year * workload * self.unit_factor(world) * self.help(world)

    def help(self, world: World) -> np.ndarray:
        """What others' time multiplies the effort with, by unit; 1 where no grid worker is."""
        units = world.units
        extra = units.extra_grid_fte / np.where(units.grid_workers > 0.0, units.grid_workers, 1.0)
        return np.maximum(1.0 + np.where(units.grid_workers > 0.0, extra, 0.0), 0.0)

    def unit_factor(self, world: World) -> np.ndarray:
        """Effort, time left by paperwork and by petitions, platform and cameras, by unit."""
        units, offices = world.units, world.offices
        pay = self.base_pay + world.lever("grid.subsidy_yuan_per_year")
        pay = pay * paid_share(world, "grid_pay")
        reference = self.base_pay + self.reference_subsidy
        effort = (pay / reference) ** self.effort_pay_return
        stated = world.lever("grid.paperwork_share")[units.division]
        asked = stated * offices.report_ratio[units.committee]
        paperwork = np.minimum(asked, np.maximum(stated, MOST_PAPERWORK))
        time = (1.0 - paperwork) / (1.0 - self.reference_paperwork)
        shared = paid_for(world, "coordination.data_sharing", "platform")
        platform = 1.0 + self.platform_gain * shared
        cameras = 1.0 + self.camera_gain * (self.camera_feeds - 11720) / 1000.0
        left = offices.detection_factor[units.committee]
        return effort[units.division] * time * platform[units.division] * cameras * left

    def step(self, world: World, clock: Clock) -> None:
        """Latent disputes use up their threshold; those that pass it are found on that day."""
        self.search(world, clock)
        world.units.extra_grid_fte[:] = 0.0

    def search(self, world: World, clock: Clock) -> None:
        """Look at every tolerated dispute that has not been found yet."""
        disputes = world.disputes
        rows = disputes.in_state(LATENT)
        rows = rows[~disputes.found[rows]]
        if not len(rows):
            return
        hazard = self.hazard(world)[disputes.unit[rows]] * self.screening(world, rows, clock.begins)
        begins = np.maximum(disputes.since[rows], disputes.searched[rows])
        ends = np.minimum(disputes.due[rows], clock.ends)
        spent = hazard * np.maximum(ends - begins, 0.0) / 365.25
        threshold = disputes.hazard_left[rows]
        found = spent >= threshold
        with np.errstate(divide="ignore", invalid="ignore"):
            at = begins + np.where(found, threshold / hazard, 0.0) * 365.25
        disputes.hazard_left[rows] = threshold - spent
        disputes.searched[rows] = ends
        self.bring(world, rows[found], at[found])

    def bring(self, world: World, rows: np.ndarray, at: np.ndarray) -> None:
        """A found dispute enters village mediation with its domain's chance, or stays latent."""
        disputes = world.disputes
        disputes.found[rows] = True
        disputes.searched[rows] = at
        disputes.count("disputes_found", rows)
        chance = self.entering()[disputes.domain[rows]]
        enters = world.draws.uniform("detection.enter", disputes.id[rows]) < chance
        rows, at = rows[enters], at[enters]
        disputes.failed_in[rows] = FOUND
        disputes.move(rows, DECIDING, at, at)

    def entering(self) -> np.ndarray:
        """The share of found disputes that enter village mediation, by domain."""
        shares = first_shares()
        village, tolerate = shares["village"], shares["tolerate"]
        return np.clip(self.enter_factor * village / (tolerate + self.enter_own * village), 0, 1)


def detection(
    hazard: Annotated[float, Within(0.0, 100.0)] = 1.47,
    exit_rate: Annotated[float, Within(0.1, 100.0)] = 9.61,
    disputes: Annotated[int, Within(100, 500_000)] = 20_000,
) -> Limit:
    """Known result: beside an exit q, the share found is h/(h+q), the mean time 1/(h+q)."""
    total = hazard + exit_rate

    def simulate(mechanism: type[Detection], seed: int) -> dict[str, float]:
        from sim.verify.bench import bare_world, weeks

        world = bare_world(400, seed)
        rule = mechanism({"hazard_per_year": hazard})
        world.units["households"] = np.full(len(world.units), rule.reference_households)
        world.units["grid_workers"] = np.ones(len(world.units))
        world.declare(rule.writes)
        world.levers["coordination.data_sharing"][:] = 0.0
        world.levers["grid.paperwork_share"][:] = rule.reference_paperwork
        world.levers["grid.subsidy_yuan_per_year"][:] = rule.reference_subsidy
        ids = np.arange(disputes).astype(np.uint64)
        term = world.draws.exponential("limit.term", ids) / exit_rate * 365.25
        world.disputes.open(
            id=ids,
            unit=np.zeros(disputes),
            state=np.full(disputes, LATENT),
            due=term,
            domain=np.zeros(disputes),
            weight=np.ones(disputes),
            hazard_left=world.draws.exponential("limit.threshold", ids),
        )
        for clock in weeks(12.0 / total):
            rule.step(world, clock)
        found = world.disputes.found
        days = np.where(found, world.disputes.searched, term)
        return {"found_share": found.mean(), "mean_years": days.mean() / 365.25}

    return Limit(
        "detection",
        {"hazard": hazard, "exit_rate": exit_rate, "disputes": disputes},
        (
            Quantity("found_share", "share", hazard / total),
            Quantity("mean_years", "years", 1.0 / total),
        ),
        simulate,
        "competing risks with constant hazards; Cox and Oakes (1984), chapter 9",
        replications=8,
    )

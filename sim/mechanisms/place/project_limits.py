"""Known results of public works: stages in series, obstacles in parallel, the accepted share."""

import math
from typing import Annotated

import numpy as np

from sim.kernel import Clock, Limit, Quantity, Table, Within, entity_ids
from sim.kernel.clock import DAYS_PER_YEAR
from sim.mechanisms.place.projects import Projects

WORKS = 4_000
FINISHED = 8_000
MOST_STAGES = 12
COST = 1e8  # yuan: theta is then the stated years


def pipeline(
    stage_days: Annotated[tuple[float, ...], Within(0.0, 10_000.0)] = (90.0, 730.0, 365.0),
) -> Limit:
    """Known result: stages in series take the sum of their means."""
    if len(stage_days) > MOST_STAGES:
        raise ValueError(f"{len(stage_days)} stages are more than {MOST_STAGES}")

    def simulate(mechanism: type[Projects], seed: int) -> dict[str, float]:
        from sim.verify.bench import bare_world

        world = bare_world(10, seed)
        years = np.tile(np.array(stage_days) / DAYS_PER_YEAR, (WORKS, 1))
        ids = entity_ids("limit", np.arange(WORKS))
        return {"mean_days": float(mechanism().stage_days(world, ids, years)[:, -1].mean())}

    return Limit(
        "pipeline",
        {"stage_days": tuple(stage_days)},
        (
            Quantity(
                "mean_days", "days through all stages", sum(stage_days), 1e-9 * sum(stage_days)
            ),
        ),
        simulate,
        "the mean of a sum; Ross (2019), chapter 2",
        replications=20,
    )


def parallel(
    stages: Annotated[int, Within(1, 50)] = 4,
    mean_days: Annotated[float, Within(0.01, 20_000.0)] = 365.25,
) -> Limit:
    """Known result: k equal exponentials side by side take theta (1 + 1/2 + ... + 1/k)."""
    expected = mean_days * sum(1.0 / k for k in range(1, stages + 1))

    def simulate(mechanism: type[Projects], seed: int) -> dict[str, float]:
        rule = mechanism({"obstacles": stages, "clear_years_100m": mean_days / DAYS_PER_YEAR})
        yard = _Yard(rule, seed, np.full(WORKS, COST), np.zeros(WORKS))
        for _ in range(80):  # the last of 4,000 works has a chance of e^-60 to be left
            yard.clear(mean_days)
        return {"mean_days": float((yard.works.accepted - yard.works.built).mean())}

    return Limit(
        "parallel",
        {"stages": stages, "mean_days": mean_days},
        (Quantity("mean_days", "days until the last is cleared", expected, 1e-9 * expected),),
        simulate,
        "the longest of k exponentials; Feller (1971), chapter I.6",
        replications=20,
    )


def accepted_share(
    years: Annotated[float, Within(0.1, 60.0)] = 12.0,
    mean_cost_m: Annotated[float, Within(0.1, 100_000.0)] = 773.0,
    effort: Annotated[float, Within(0.0, 10.0)] = 1.0,
) -> Limit:
    """Known result: of works finished steadily over T years (1/T) int F(t) dt are accepted.

    F(t) = (1 - exp(-t effort/theta))^4, averaged over sizes by number and by money (cost in
    million yuan). At the defaults .375 and .122, as the 4 of 11 works of article 3.
    """
    mean_cost = mean_cost_m * 1e6
    by_number, by_money = accepted_of_sizes(Projects(), years, mean_cost, effort)

    def simulate(mechanism: type[Projects], seed: int) -> dict[str, float]:
        built = years * DAYS_PER_YEAR * (np.arange(FINISHED) + 0.5) / FINISHED
        yard = _Yard(mechanism(), seed, None, built, effort, mean_cost)
        for _ in range(12):
            yard.clear(years * DAYS_PER_YEAR / 12)
        works = yard.works
        accepted = np.isfinite(works.accepted)
        return {
            "by_number": float(accepted.mean()),
            "by_money": float((works.cost * accepted).mean() / mean_cost),
        }

    return Limit(
        "accepted_share",
        {"years": years, "mean_cost_m": mean_cost_m, "effort": effort},
        (
            Quantity("by_number", "share of works", by_number, 1e-4),
            Quantity("by_money", "share of money", by_money, 1e-4),
        ),
        simulate,
        "renewal with steady arrivals, binomial expansion of F; article 3",
        replications=20,
    )


def accepted_of_sizes(
    rule: Projects, years: float, mean_cost: float, effort: float
) -> tuple[float, float]:
    """The accepted share of steady finishes by number and by money, over lognormal sizes."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(120)
    weights = weights / weights.sum()
    sd = rule.log_size_sd
    theta = rule.clear_years(mean_cost * np.exp(sd * nodes - sd * sd / 2.0))
    # By money each size weighs as much as it costs: the normal score is shifted by its sd.
    larger = rule.clear_years(mean_cost * np.exp(sd * nodes + sd * sd / 2.0))
    obstacles = round(rule.obstacles)
    shares = [
        float(
            weights @ [_share(years * effort / t if t > 0 else math.inf, obstacles) for t in each]
        )
        for each in (theta, larger)
    ]
    return shares[0], shares[1]


def _share(span: float, obstacles: int) -> float:
    """(1/x) int_0^x (1 - e^-s)^k ds, by the recursion I_k = I_{k-1} - (1 - e^-x)^k / k."""
    if span <= 0.0:
        return 0.0
    if math.isinf(span):
        return 1.0
    if span < 0.05:  # where the recursion cancels: the first terms of the series
        return span**obstacles * (1.0 / (obstacles + 1) - obstacles * span / (2 * (obstacles + 2)))
    whole = span
    for k in range(1, obstacles + 1):
        whole -= (-math.expm1(-span)) ** k / k
    return whole / span


class _Yard:
    """Finished works that wait for acceptance in a bare division, and the rule alone."""

    def __init__(
        self,
        rule: Projects,
        seed: int,
        cost: np.ndarray | None,
        built: np.ndarray,
        effort: float = 1.0,
        mean_cost: float = COST,
    ) -> None:
        from sim.verify.bench import bare_world, ready

        world = bare_world(10, seed)
        figures = {"projects.starts_per_year": 0.0, "projects.mean_cost": mean_cost}
        world.place.value = figures.__getitem__
        world.levers["projects.acceptance_effort"][:] = effort
        ready(world, rule)
        ids = entity_ids("limit", np.arange(len(built)))
        if cost is None:
            cost = rule.register.costs(world, ids)
        fresh = rule.register.entered(world, ids, np.zeros(len(ids), int), built, cost)
        fresh.built = built.copy()
        self.rule, self.world, self._now = rule, world, 0.0
        self.works: Table = world.tables["projects"]
        self.works.grow(len(fresh), {name: fresh[name] for name in fresh})

    def clear(self, days: float) -> None:
        """Departments work for so many days."""
        from sim.verify.bench import START

        self.rule.clear(self.world, self.works, Clock(START, days, self._now))
        self._now += days

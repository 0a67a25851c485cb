"""Known result of labour: separations d and findings f leave d / (d + f) without work."""

import math
from typing import Annotated

import numpy as np

from sim.kernel import Clock, Limit, Quantity, Within
from sim.kernel.clock import DAYS_PER_YEAR
from sim.mechanisms.place.labour import Labour

REPLICATIONS = 12
LOOKS, APART = 20, 0.5  # how often unemployment is read, and how many turnovers apart


def labour(
    separation: Annotated[float, Within(0.002, 20.0)] = 0.0942,
    finding: Annotated[float, Within(0.1, 20_000.0)] = 2.0,
    jobs: Annotated[int, Within(0, 100_000)] = 10_000,
    people: Annotated[int, Within(20, 20_000)] = 10_000,
) -> Limit:
    """Known result: with posts for all, d / (d + f) are out of work; else posts bind.

    Finding does not depend on tightness here. With fewer posts than people those who found wait
    in line: a finite-source queue of `people` sources and `jobs` servers, whose mean number in
    service has a closed form; for f -> infinity it is min(jobs, people).
    """
    employed, spread = engaged(separation / finding, jobs, people)
    # Where posts bind, all but rare looks see the same number: no spread to tell an error by.
    rare = spread / math.sqrt(REPLICATIONS * LOOKS) + 1e-6 * people

    def simulate(mechanism: type[Labour], seed: int) -> dict[str, float]:
        out_of_work = _run(mechanism, seed, separation, finding, jobs, people)
        return {"employed": people * (1.0 - out_of_work), "unemployment": out_of_work}

    return Limit(
        "labour",
        {"separation": separation, "finding": finding, "jobs": jobs, "people": people},
        (
            Quantity("employed", "adults", employed, rare),
            Quantity(
                "unemployment", "share of the labour force", 1.0 - employed / people, rare / people
            ),
        ),
        simulate,
        "alternating renewal; with few posts Palm's machine repair: Cooper (1981), chapter 3",
        replications=REPLICATIONS,
    )


def engaged(ratio: float, servers: int, sources: int) -> tuple[float, float]:
    """Mean and sd of the number in service of a queue of N sources and s servers.

    With k at the servers, others come at rate (N - k) f and leave at min(k, s) d; `ratio` is d / f.
    Stationary chances of the birth-death chain, summed in logs.
    """
    if servers == 0:
        return 0.0, 0.0
    k = np.arange(1, sources + 1)
    steps = np.log(sources - k + 1.0) - np.log(np.minimum(k, servers) * ratio)
    logs = np.concatenate(([0.0], np.cumsum(steps)))
    chances = np.exp(logs - logs.max())
    served = np.minimum(np.arange(sources + 1), servers)
    chances /= chances.sum()
    mean = float(served @ chances)
    return mean, math.sqrt(max(float((served - mean) ** 2 @ chances), 0.0))


def _run(
    mechanism: type[Labour], seed: int, separation: float, finding: float, jobs: int, people: int
) -> float:
    """The mean share without work, long after all were in work, over looks some time apart."""
    from sim.verify.bench import START, bare_world, ready

    world = bare_world(people, seed)
    rates = dict.fromkeys(("primary", "secondary", "tertiary"), separation)
    rule = mechanism(
        {f"separation_rate.{sector}": rate for sector, rate in rates.items()}
        | {
            "finding_rate": finding,
            "matching_elasticity": 0.0,
            "vacancy_share": jobs / people - 1.0,
            **{f"job_growth.{kind}": 0.0 for kind in mechanism.job_growth},
        }
    )
    ready(world, rule)
    turnover = DAYS_PER_YEAR / (separation + finding)
    clock = Clock(START, 6.0 * turnover, begins=0.0)
    for _ in range(2):
        rule.step(world, clock)
        clock.advance()
    # Looks may not come more often than work is lost, or nothing happens between them.
    clock.step_days = max(APART * turnover, 0.02 * DAYS_PER_YEAR / separation)
    shares = []
    for _ in range(LOOKS):
        rule.step(world, clock)
        clock.advance()
        shares.append(float(world.people.unemployed.mean()))
    return float(np.mean(shares))

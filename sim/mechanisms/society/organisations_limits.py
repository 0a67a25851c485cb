"""A known result of organisations: constant births and deaths rest at a Poisson law."""

from typing import Annotated

import numpy as np

from sim.kernel import Clock, Limit, Quantity, Within
from sim.kernel.clock import DAYS_PER_YEAR
from sim.mechanisms.society.organisations import Organisations

FORGET, WATCHED = 5.0, 8.0  # mean lives of a body: to forget the start, and to look at the number
STEPS = 10  # in a mean life
REPLICATIONS = 12
OFF = {"activity_switch": 0.0, "death_factor.active": 1.0, "death_factor.dormant": 1.0}


def organisations(
    births_per_year: Annotated[float, Within(0.01, 5_000.0)] = 55.0,
    death_rate: Annotated[float, Within(0.002, 20.0)] = 0.05,
) -> Limit:
    """Known result: births b and deaths d of each keep a Poisson number of mean b / d.

    From an empty place the mean is within exp(-5) of that after five mean lives.
    """
    number = births_per_year / death_rate
    if number > 20_000.0:
        raise ValueError(f"births over deaths are {number:g} bodies; choose at most 20,000")

    def simulate(mechanism: type[Organisations], seed: int) -> dict[str, float]:
        from sim.verify.bench import START, bare_world, ready

        world = bare_world(20, seed)
        rule = mechanism({"births_per_year": births_per_year, "death_rate": death_rate, **OFF})
        ready(world, rule)
        step = Clock(START, DAYS_PER_YEAR / death_rate / STEPS, 0.0)
        seen = []
        for _ in range(round((FORGET + WATCHED) * STEPS)):
            rule.step(world, step)
            step.advance()
            seen.append(np.count_nonzero(world.organisations.alive))
        return {"mean": float(np.mean(seen[round(FORGET * STEPS) :]))}

    return Limit(
        "organisations",
        {"births_per_year": births_per_year, "death_rate": death_rate},
        (Quantity("mean", "organisations", number, number * np.exp(-FORGET)),),
        simulate,
        "immigration and death: M/M/infinity",
        replications=REPLICATIONS,
    )

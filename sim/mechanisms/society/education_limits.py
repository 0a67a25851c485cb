"""A known result of civic courses: how many are trained when seats and forgetting balance."""

from typing import Annotated, Literal

import numpy as np

from sim.kernel import Limit, Quantity, Within
from sim.mechanisms.society.education import NEVER, Education

WEEK = 7.0 / 365.25


def education(
    seats: Annotated[float, Within(1.0, 100_000.0)] = 241.0,
    people: Annotated[int, Within(100, 20_000)] = 10_000,
    forgetting: Annotated[float, Within(0.05, 5.0)] = 0.3,
    seats_for: Literal["all", "untrained"] = "all",
) -> Limit:
    """Known result: S seats a year for N people who forget at rate f leave S / (S + f N) trained.

    Where only the untrained may sit, no seat is wasted: min(1, S / (f N)). From nobody trained;
    no case and no project seats.
    """
    if seats > 10.0 * people:
        raise ValueError(f"{seats:g} seats a year are too many; choose at most {10 * people:g}")
    lost = forgetting * people
    load = seats / people
    if seats_for == "all":
        expected = seats / (seats + lost)
        # A person sits at most once a week: the next seat is a little later than by chance.
        tolerance = 2e-4 + expected * (1.0 - expected) * load * WEEK
        settles = 1.0 / (load + forgetting)
    else:
        expected = min(1.0, seats / lost)
        # Near 1 chance leaves seats empty now and then; a seat comes a week after forgetting.
        tolerance = 2e-4 + people**-0.5 + forgetting * WEEK
        settles = 1.0 / forgetting

    def simulate(mechanism: type[Education], seed: int) -> dict[str, float]:
        from sim.verify.bench import bare_world, ready, weeks

        world = bare_world(people, seed)
        world.levers["education.seats_per_10k"][:] = load * 1e4
        rule = mechanism(
            {
                "forgetting": forgetting,
                "case_share": 0.0,
                "project_share": 0.0,
                "for_untrained": float(seats_for == "untrained"),
            }
        )
        ready(world, rule)
        world.people.trained[:] = False
        world.people.trained_until[:] = NEVER
        trained = []
        for clock in weeks(10.0 * settles):
            rule.step(world, clock)
            if clock.begins > 7.5 * settles * 365.25:
                trained.append(world.people.trained.mean())
        return {"trained": float(np.mean(trained))}

    return Limit(
        "education",
        {"seats": seats, "people": people, "forgetting": forgetting, "seats_for": seats_for},
        (Quantity("trained", "share of people", expected, tolerance),),
        simulate,
        "balance of gains and losses at rest, by hand",
        replications=4,
    )

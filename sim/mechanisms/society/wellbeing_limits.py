"""A known result of distress: where inflow and decay balance."""

from typing import Annotated

import numpy as np

from sim.kernel import Limit, Quantity, Within
from sim.mechanisms.society.wellbeing import Wellbeing


def distress(
    inflow: Annotated[float, Within(0.0, 50.0)] = 0.423,
    decay: Annotated[float, Within(0.05, 50.0)] = 1.5,
    step_days: Annotated[float, Within(0.5, 30.0)] = 7.0,
) -> Limit:
    """Known result: constant inflow a and decay r settle at a / (a + r), from any start.

    Nobody is in a dispute or out of work, and nobody is counselled.
    """
    # A move below the spacing of float32 is lost: the slower the law, the sooner.
    rounding = 1e-5 + 6e-8 / ((inflow + decay) * step_days / 365.25)

    def simulate(mechanism: type[Wellbeing], seed: int) -> dict[str, float]:
        from sim.verify.bench import bare_world, ready, weeks

        world = bare_world(101, seed)
        world.levers["wellbeing.counsellors_per_10k"][:] = 0.0
        rule = mechanism({"decay": decay})
        ready(world, rule)
        people = world.people
        people.distress[:] = np.linspace(0.0, 1.0, 101)
        people.distress_inflow[:] = inflow
        for clock in weeks(14.0 / (inflow + decay), step_days):
            rule.step(world, clock)
        return {
            "settles_at": float(people.distress.mean(dtype=float)),
            "spread": float(np.ptp(people.distress)),
        }

    return Limit(
        "distress",
        {"inflow": inflow, "decay": decay, "step_days": step_days},
        (
            Quantity("settles_at", "share", inflow / (inflow + decay), rounding),
            Quantity("spread", "share, over starts from 0 to 1", 0.0, 2.0 * rounding),
        ),
        simulate,
        "the fixed point of a linear law, by hand",
    )

"""The known result of a common water: who looks after oneself draws too much, until it is deep."""

from typing import Annotated

import numpy as np

from sim.kernel import Clock, Limit, Quantity, Within
from sim.mechanisms.place.water import Water

STEPS = 400


def commons(
    farmers: Annotated[int, Within(1, 10_000)] = 20,
    a: Annotated[float, Within(0.01, 1_000.0)] = 10.0,
    b: Annotated[float, Within(0.01, 1_000.0)] = 1.0,
    c1: Annotated[float, Within(1e-4, 100.0)] = 0.1,
    recharge: Annotated[float, Within(1e-3, 1_000.0)] = 2.0,
) -> Limit:
    """Known result: first season N/(N+1) a/b alone, a/(2b) together; then both draw the recharge.

    The depth at which they do so differs by b R (1 - 1/N) / c1.
    """
    if a <= 2.0 * b * recharge:
        raise ValueError("so much recharge fills the aquifer; choose a above 2 b recharge")
    nash = farmers / (farmers + 1.0)
    depths = {m: (a - b * recharge / share) / c1 for m, share in ((0.0, nash), (1.0, 0.5))}
    gap = b * recharge * (1.0 - 1.0 / farmers) / c1
    settings = {
        "groups": farmers,
        "value_at_zero": a,
        "value_slope": b,
        "recharge": recharge,
        "depth_start": depths[0.0],
        "drip_start": 0.0,
        "adopt_per_year": 0.0,
    }

    def simulate(mechanism: type[Water], seed: int) -> dict[str, float]:
        from sim.verify.bench import START, bare_world, ready

        found: dict[str, float] = {}
        rested: list[float] = []
        for monitoring, who in ((0.0, "nash"), (1.0, "joint")):
            world = bare_world(2, seed)
            world.levers["water.monitoring"][:] = 0.0  # the base, which fixes the cost of lifting
            rule = mechanism(settings)
            ready(world, rule)
            world.levers["water.monitoring"][:] = monitoring
            aquifers = world.tables["aquifers"]
            first = rule.drawn(np.zeros(1), rule.pull(np.array([monitoring]), np.zeros(1)))
            found[f"draw_{who}"] = float(first[0])
            years = 40.0 * b / (c1 * rule.metres_per_recharge)
            for _ in range(STEPS):
                rule.step(world, Clock(START, years * 365.25 / STEPS, 0.0))
            rested.append(float(aquifers.depth[0]))
            found[f"steady_{who}"] = float(aquifers.draw[0])
        found["gain_of_one"] = _gain(found["draw_nash"], farmers, a, b)
        found["depth_gap"] = rested[0] - rested[1]
        return found

    largest = max(abs(gap), *map(abs, depths.values()))
    return Limit(
        "commons",
        {"farmers": farmers, "a": a, "b": b, "c1": c1, "recharge": recharge},
        (
            Quantity("draw_nash", "a year", nash * a / b, 1e-9 * a / b),
            Quantity("draw_joint", "a year", a / (2.0 * b), 1e-9 * a / b),
            Quantity("gain_of_one", "of a group's yield, best reply", 0.0, 1e-9 * a * a / b),
            Quantity("steady_nash", "a year", recharge, 1e-6 * recharge),
            Quantity("steady_joint", "a year", recharge, 1e-6 * recharge),
            Quantity("depth_gap", "m", gap, 1e-6 * largest),
        ),
        simulate,
        "Cournot's oligopoly on a common; Gordon (1954), Journal of Political Economy 62",
    )


def _gain(total: float, groups: int, value: float, slope: float) -> float:
    """What one group would gain by its best reply to the others, who stay at their draw."""
    own = total / groups
    others = total - own
    best = max((value - slope * others) / (2.0 * slope), 0.0)
    return best * (value - slope * (others + best)) - own * (value - slope * total)

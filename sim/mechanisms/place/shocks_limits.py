"""The known result of shocks: how many households they hit, and that they do nothing before."""

import math
from datetime import timedelta
from typing import Annotated

import numpy as np

from sim.kernel import Clock, Limit, Quantity, Within
from sim.mechanisms.place.shock_reach import identity_of
from sim.mechanisms.place.shocks import ROUNDING, Shocks
from sim.scenario import Shock
from sim.world.issues import posted_issues


def shock(
    households: Annotated[int, Within(1, 20_000)] = 1_200,
    scale: Annotated[float, Within(0.001, 1.0)] = 0.01,
) -> Limit:
    """Known result: each shock hits floor(scale x households + left over) households, no other day.

    Three shocks of that size: after each, all together have hit floor(scale x sum). Before the day
    of the first no column differs from a world without shocks.
    """
    totals = [math.floor(scale * households * k + ROUNDING) for k in range(4)]
    there = max(totals[3], 1) + 50

    def simulate(mechanism: type[Shocks], seed: int) -> dict[str, float]:
        from sim.verify.bench import START, bare_world, ready

        hit: dict[int, int] = {}
        changed = 0
        worlds = [bare_world(there, seed), bare_world(there, seed)]
        rules = [ready(world, mechanism()) for world in worlds]
        for world in worlds:
            world.scale = scale
        days = [START + timedelta(days=day) for day in (24, 30, 31)]
        worlds[0].shocks = tuple(Shock("housing_delivery", day, "one", households) for day in days)
        for number in range(6):
            for world, rule in zip(worlds, rules, strict=True):
                rule.step(world, Clock(START, 7.0, 7.0 * number))
            for post in posted_issues(worlds[0]):
                rows = np.zeros(0, int) if post.members is None else post.members
                hit[post.id] = len(np.unique(worlds[0].people.household[rows]))
            if number < 3:
                first, second = (world.people for world in worlds)
                changed += sum(not np.array_equal(first[name], second[name]) for name in first)
        return {
            "first": float(hit.get(identity_of(0), 0)),
            "all": float(sum(hit.values())),
            "changed_before": float(changed),
        }

    return Limit(
        "shock",
        {"households": households, "scale": scale},
        (
            Quantity("first", "simulated households of the first shock", totals[1]),
            Quantity("all", "simulated households of three shocks", totals[3]),
            Quantity("changed_before", "columns that differ before the day", 0),
        ),
        simulate,
        "counting: fractions are carried over",
    )

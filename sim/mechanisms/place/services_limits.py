"""Known result of services: registration goes to those with the most points, to the quota."""

import math
from typing import Annotated

import numpy as np

from sim.kernel import Clock, Limit, Quantity, Within
from sim.mechanisms.place.services import MONTHS, Services


def points(
    applicants: Annotated[int, Within(1, 20_000)] = 5_000,
    quota: Annotated[float, Within(0.0, 50_000.0)] = 350.5,
) -> Limit:
    """Known result: a month grants min(quota, eligible); nobody refused outranks one granted.

    What is left of the quota is carried on: its fraction, or if everybody was granted all that is
    left, up to a month's quota.
    """
    granted = min(math.floor(quota), applicants)

    def simulate(mechanism: type[Services], seed: int) -> dict[str, float]:
        from sim.verify.bench import START, bare_world, ready

        world = bare_world(applicants, seed)
        _apply(world)
        rule = mechanism()
        ready(world, rule)
        world.levers["services.points_quota_per_year"][:] = quota * MONTHS
        rule.step(world, Clock(START, begins=0.0))
        people = world.people
        chosen = people.granted
        lowest = people.points[chosen].min() if chosen.any() else np.inf
        outranked = float((people.points[~chosen] > lowest).sum())
        carried = rule._list.carried
        return {"granted": float(chosen.sum()), "outranked": outranked, "carried": carried}

    left = quota - granted
    return Limit(
        "points",
        {"applicants": applicants, "quota": quota},
        (
            Quantity("granted", "adults", granted),
            Quantity("outranked", "refused with more points than somebody granted", 0.0),
            Quantity("carried", "adults", left, 1e-9 * max(quota, 1.0)),
        ),
        simulate,
        "counting, by hand",
    )


def _apply(world) -> None:  # type: ignore[no-untyped-def]
    """Everybody has come from elsewhere and has points enough, as luck has it."""
    people, draws = world.people, world.draws
    size = len(people)
    people.registration[:] = 2
    people.cell[:] = 5  # a town, registered elsewhere
    luck = [draws.uniform(f"bench.{what}", np.arange(size)) for what in ("year", "work", "home")]
    people.moved_at = -365.25 * (4.5 + 8.0 * luck[0])
    people.insured[:] = luck[1] < 0.5
    people.own_home = luck[2] < 0.3

"""Known result of migration: the city fills until expected pay is the same (Harris-Todaro)."""

import math
from typing import Annotated

import numpy as np

from sim.kernel import Clock, Limit, Quantity, Table, Within, entity_ids
from sim.mechanisms.place.migration import Migration
from sim.world.flows import KINDS
from sim.world.world import World

URBAN, RURAL = KINDS.index("urban"), KINDS.index("rural")
PEOPLE = 4_000  # at least: fewer, and the share is a matter of a few persons
_PULL = 10.0  # far from rest the city pulls less than near it
_BURN_IN = 6.0  # times that in which a deviation falls to a third
_COUNTED = 156  # weeks whose mean share is taken
_COBWEB = 0.5  # of the share reviewing in a week above which the city overshoots
_OFTEN = 0.4  # a year: if all reviewed each year, waves would go through the city year after year
_START_OFF = 0.05  # share too many who live in the city at the start


def harris_todaro(
    wage_urban: Annotated[float, Within(1.0, 1e6)] = 4_000.0,
    wage_rural: Annotated[float, Within(1.0, 1e6)] = 2_400.0,
    jobs: Annotated[float, Within(0.0, 1e6)] = 2_000.0,
    people: Annotated[int, Within(PEOPLE, 50_000)] = 10_000,
    precision: Annotated[float, Within(0.1, 200.0)] = 20.0,
) -> Limit:
    """Known result: the urban share P solves ln(P / (1 - P)) = b ln(w_u c_u / w_r).

    c_u = min(1, jobs / (people P)) is the chance of work in the city, 1 in the village; ties,
    services, size and distance are left out. As the precision b of choices grows, P comes to
    min(1, w_u jobs / (w_r people)) if the city pays more. So few review in a week that the city
    does not overshoot: fewer than 1 / (1 + b (1 - P)) of all.
    """
    expected = _settled(wage_urban, wage_rural, jobs / people, precision)
    pull = 1.0 + precision * (1.0 - expected)
    reviewing = min(_OFTEN, _COBWEB / pull * 365.25 / 7.0)
    weekly = reviewing * 7.0 / 365.25
    crowded = 1e-3 < expected < 1.0 - 1e-3 and jobs < people * expected
    steps = math.ceil(_BURN_IN / weekly / (min(pull, _PULL) if crowded else 1.0))
    start = min(1.0, expected + _START_OFF)

    def simulate(mechanism: type[Migration], seed: int) -> dict[str, float]:
        from sim.verify.bench import START, ready

        world = two_places(people, round(start * people), seed)
        rule = mechanism(_alone(precision, reviewing))
        ready(world, rule)
        rule.attraction.size[:] = 1.0
        cells = world.tables["cells"]
        cells.wage_factor = np.array([wage_urban, 1.0, wage_rural])
        cells.work_chance = np.ones(3)
        shares, clock = [], Clock(START, 7.0, begins=0.0)
        for _ in range(steps + _COUNTED):
            share = float((world.people.kind == URBAN).mean())
            cells.work_chance[URBAN] = min(1.0, jobs / max(people * share, 1.0))
            rule.step(world, clock)
            clock.advance()
            shares.append(share)
        return {"urban_share": float(np.mean(shares[steps:]))}

    return Limit(
        "harris_todaro",
        {
            "wage_urban": wage_urban,
            "wage_rural": wage_rural,
            "jobs": jobs,
            "people": people,
            "precision": precision,
        },
        (Quantity("urban_share", "share of people", expected, 1e-3),),
        simulate,
        "Harris and Todaro (1970); McFadden (1974); the share by root finding",
        replications=5,
    )


def _settled(wage_urban: float, wage_rural: float, jobs_a_head: float, precision: float) -> float:
    """The share P at which ln(P / (1 - P)) = b ln(w_u min(1, jobs / P) / w_r), by bisection."""
    low, high = 1e-12, 1.0 - 1e-12
    for _ in range(200):
        share = (low + high) / 2.0
        chance = max(min(1.0, jobs_a_head / share), 1e-12)
        gain = precision * math.log(wage_urban * chance / wage_rural)
        if math.log(share / (1.0 - share)) < gain:
            low = share
        else:
            high = share
    return (low + high) / 2.0


def _alone(precision: float, reviewing: float) -> dict[str, float]:
    """Settings with which only pay and the chance of work move people, inside the region."""
    still = dict.fromkeys(
        (
            "distance_income_tradeoff",
            "town_shift",
            "rural_leave_shift",
            "next_village_shift",
            "tie_weight",
            "service_weight",
            "belonging_weight",
            "home_owner_stay",
            "household_moves",
            "age_away",
            "age_home",
            "constant.rural_to_urban",
            "constant.home",
            "constant.other",
            *(f"death_rate.{band}" for band in ("age_18_34", "age_35_59", "age_60_plus")),
        ),
        0.0,
    )
    never = dict.fromkeys(("constant.leave_region", "constant.outsiders_leave"), -1e3)
    reviews = {f"review_share.{band}": reviewing for band in ("age_18_34", "age_35_59")}
    return (
        still
        | never
        | reviews
        | {"income_elasticity": precision, "unemployment_weight": 1.0, "spare_places": 1e6}
    )


def two_places(people: int, urban: int, seed: int) -> World:
    """A division with an urban grid and a village, as large, in which everybody is alike.

    So many of the people live in the grid at first.
    """
    from sim.verify.bench import bare_world

    world = bare_world(people, seed)
    half = people // 2
    world.units = Table(
        2,
        id=entity_ids("unit", np.arange(2)),
        division=np.zeros(2, np.int8),
        kind=np.array([URBAN, RURAL], np.int8),
        residents=np.array([half, people - half], float),
        adults=np.array([half, people - half], np.int32),
        weight=np.ones(2),
    )
    living = np.repeat(np.arange(2, dtype=np.int32), [urban, people - urban])
    world.people.unit[:] = living
    world.people.kind[:] = world.units.kind[living]
    world.people.cell[:] = world.people.kind * 3
    world.people.home_division = world.people.division.copy()
    world.people.home_kind = world.people.kind.copy()
    world.people.home_registration = world.people.registration.copy()
    return world

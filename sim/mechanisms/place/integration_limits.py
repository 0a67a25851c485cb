"""Known results of integration: where belonging settles, and how ties mix the classes."""

from types import SimpleNamespace
from typing import Annotated

import numpy as np

from sim.kernel import Clock, Limit, Quantity, Within
from sim.mechanisms.place.integration import CALENDAR_WEEKS, Integration
from sim.world.states import NON_LOCAL
from sim.world.ties import LAYERS, Ties
from sim.world.world import World

TIES_EACH = 10


def integration(
    inflow: Annotated[float, Within(0.0, 50.0)] = 0.084,
    decay: Annotated[float, Within(0.01, 50.0)] = 0.1,
) -> Limit:
    """Known result: constant inflow a and decay r settle at a / (a + r), from any start."""
    expected = inflow / (inflow + decay)
    years = 20.0 / (inflow + decay)

    def simulate(mechanism: type[Integration], seed: int) -> dict[str, float]:
        from sim.verify.bench import START, bare_world, ready

        world = bare_world(2, seed)
        settings = dict.fromkeys(f"log_odds.{name}" for name in ("access", "local_ties", "work"))
        plain = dict.fromkeys(settings, 0.0)
        rule = mechanism(plain | {"decay_per_year": decay, "insurance_odds_ratio": 1.0})
        ready(world, rule)
        people = world.people
        people.own_home[:] = False
        with np.errstate(divide="ignore"):
            people.belonging_constant[:] = np.log(inflow / decay)
        people.belonging[:] = [0.0, 1.0]
        clock = Clock(START, 7.0, begins=0.0)
        for _ in range(max(1, round(years * 365.25 / 28.0))):
            rule.step(world, clock)
            clock.begins += CALENDAR_WEEKS * 7.0
        low, high = people.belonging.tolist()
        return {"from_nothing": low, "from_all": high}

    return Limit(
        "integration",
        {"inflow": inflow, "decay": decay},
        (
            Quantity("from_nothing", "share", expected, 1e-5),
            Quantity("from_all", "share", expected, 1e-5),
        ),
        simulate,
        "linear growth and decay; settled odds are a / r",
        notes="belonging is kept to seven digits",
    )


def homophily(
    share: Annotated[float, Within(0.02, 0.98)] = 0.255,
    homophily: Annotated[float, Within(0.0, 1.0)] = 0.3,
) -> Limit:
    """Known result: of new ties a share 2 p (1 - p) (1 - h) crosses the classes.

    p is the share of one class, h the chance that a partner is looked for in one's own class.
    """
    expected = 2.0 * share * (1.0 - share) * (1.0 - homophily)
    people = 4_000
    away = round(share * people)
    pairs = people / (people - 1.0)  # nobody is tied to themselves
    expected = 2.0 * (away / people) * (1.0 - away / people) * (1.0 - homophily) * pairs

    def simulate(mechanism: type[Integration], seed: int) -> dict[str, float]:
        from sim.verify.bench import START, ready

        world = strangers(people, away, homophily, seed)
        rule = mechanism({"tie_closure": 0.0, "tie_growth_per_year": 1e6})
        ready(world, rule)
        world.people.missing_ties[:] = TIES_EACH
        rule.step(world, Clock(START, 7.0, begins=0.0))
        ties, non_local = world.ties, world.people.registration == NON_LOCAL
        rows = np.repeat(np.arange(people), ties.degree)
        return {"cross_class": float((non_local[rows] != non_local[ties.indices]).mean())}

    return Limit(
        "homophily",
        {"share": share, "homophily": homophily},
        (Quantity("cross_class", "share of ties", expected, 2e-3),),
        simulate,
        "random mixing with inbreeding, as in Coleman (1958)",
        replications=10,
        notes="a pair that meets twice is one tie: a bias of the order of ties over people",
    )


def strangers(people: int, away: int, homophily: float, seed: int) -> World:
    """A unit of people who know nobody yet, so many of them registered elsewhere."""
    from sim.verify.bench import bare_world

    nobody = np.zeros(0, np.int64)
    ties = Ties.from_edges(people, nobody, nobody, np.zeros(0, np.float32), "friends")
    world = bare_world(people, seed, ties)
    world.people.registration[:away] = NON_LOCAL
    values = {"ties.homophily": homophily, "ties.clustering": 0.0, "ties.turnover_per_year": 0.0}
    for name in LAYERS:
        values |= {f"ties.degree.{name}": 0.0, f"ties.local_share.{name}": 1.0}
        values[f"ties.strength.{name}"] = 0.5
    values["ties.degree.friends"] = float(TIES_EACH)
    world.place = SimpleNamespace(name="bench", divisions=("one",), values=values, bases={})
    return world

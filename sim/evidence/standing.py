"""What should still be, after five years at the base levers, as it was in 2020.

Nobody moves it: lives, moves, jobs, courses and memories must balance. Where a change is expected
(villages empty, the labour force ages) it was worked out in prototypes with other code, made before
this model ran. Rows are told as change relative to the first day.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from sim.outcomes import CATALOGUE, Window
from sim.world.flows import KINDS
from sim.world.states import NON_LOCAL
from sim.world.world import World

RURAL = KINDS.index("rural")
YEARS = 5.0  # of the expected changes


@dataclass(frozen=True)
class Standing:
    """A level that stands: an outcome of the catalogue or one of READINGS, by its name.

    `change` over five years and `tolerance` are relative to the first day. `kind` is fitted where a
    constant or a rule was chosen so that it stands (decisions 43, 45, 46 and 51).
    """

    slug: str
    change: float = 0.0
    tolerance: float = 0.02
    kind: str = "emergent"


STANDING: tuple[Standing, ...] = (
    # people and where they live
    Standing("adults", 0.002),
    Standing("urbanisation", 0.059, kind="fitted"),
    Standing("floating_residents", -0.009, kind="fitted"),
    Standing("age_non_local", tolerance=0.05, kind="fitted"),
    # as the share of all adults who live there
    Standing("non_local_in_villages", -0.099, 0.05, "fitted"),
    # work, homes and belonging
    Standing("employed_adults", -0.034),
    Standing("unemployment_rate", 0.018, 0.05, "fitted"),
    Standing("service_gap_mean", -0.026),
    Standing("belonging_non_local", 0.009, kind="fitted"),
    Standing("feeling_local_share", 0.012, 0.05),
    Standing("semi_urbanised_share", 0.038, 0.05, "fitted"),
    Standing("ties_an_adult"),
    # land: what is taken is taken alike from what is farmed, let and idle
    Standing("land_farmed_share", -0.01),
    Standing("land_let_share", -0.01),
    Standing("land_idle_share", -0.01, 0.05),
    # taking part; peers make acts a little more frequent than the constants alone do
    Standing("participation_rate", 0.01),
    Standing("deliberation_rate", 0.015),
    Standing("volunteer_active_share", 0.015),
    Standing("activity_rate", 0.015),
    Standing("registered_volunteer_share", kind="fitted"),
    Standing("organisations"),
    # as many disputes end as arise
    Standing("open_disputes", tolerance=0.05),
    # states
    Standing("norm_mean"),
    Standing("legal_awareness_mean"),
    Standing("efficacy_mean"),
    Standing("trust_community"),
    Standing("distress_mean"),
    Standing("grievance_mean"),
    Standing("trained_share", kind="fitted"),
)


def _weighed(world: World, among: np.ndarray) -> float:
    return float(world.people.weight[among].sum(dtype=np.float64))


def _adults(world: World) -> float:
    return _weighed(world, world.people.alive)


def _employed(world: World) -> float:
    return _weighed(world, world.people.alive & world.people.employed)


def _away(world: World) -> np.ndarray:
    away: np.ndarray = world.people.alive & (world.people.registration == NON_LOCAL)
    return away


def _age_non_local(world: World) -> float:
    people, away = world.people, _away(world)
    return float(np.average(people.age[away], weights=people.weight[away]))


def _in_villages(world: World) -> float:
    away = _away(world)
    rural = away & (world.people.kind == RURAL)
    return _weighed(world, rural) / _weighed(world, away)


def _ties_an_adult(world: World) -> float:
    return float(world.ties.degree[world.people.alive[: world.ties.n]].mean())


def _open_disputes(world: World) -> float:
    return float(world.disputes.weight.sum(dtype=np.float64))


READINGS: dict[str, Callable[[World], float]] = {
    "adults": _adults,
    "employed_adults": _employed,
    "age_non_local": _age_non_local,
    "non_local_in_villages": _in_villages,
    "ties_an_adult": _ties_an_adult,
    "open_disputes": _open_disputes,
}


def standing(window: Window) -> np.ndarray:
    """How everything that should stand stands at this moment, shape (rows,)."""
    return np.array(
        [
            READINGS[row.slug](window.world)
            if row.slug in READINGS
            else np.asarray(CATALOGUE[row.slug].formula(window)).ravel()[0]
            for row in STANDING
        ],
        float,
    )

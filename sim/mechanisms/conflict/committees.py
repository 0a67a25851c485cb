"""Which office holds a case that is mediated, and how many real cases come to each office."""

import numpy as np

from sim.world.disputes import (
    IN_ROOMS,
    QUEUED_TOWNSHIP,
    QUEUED_VILLAGE,
    ROOMS,
    TOWNSHIP,
    VILLAGE,
)
from sim.world.offices import OFFICE_KINDS
from sim.world.world import World

HELD = (QUEUED_VILLAGE, QUEUED_TOWNSHIP, IN_ROOMS)  # states of a case that a mediator holds
URBAN = 0


def offices_of(world: World, kind: str) -> np.ndarray:
    """The office rows of this kind."""
    return (world.offices.kind == OFFICE_KINDS.index(kind)).nonzero()[0]


def in_fluid_mode(world: World) -> np.ndarray:
    """The rows of committees and townships that serve more people than are simulated."""
    rows = np.concatenate([offices_of(world, "community"), offices_of(world, "township")])
    return rows[~world.offices.exact[rows]]


def places(world: World, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """At which level (FAILED_IN code) and office (row) these cases are."""
    disputes, units = world.disputes, world.units
    state, unit = disputes.state[rows], disputes.unit[rows]
    village, township = state == QUEUED_VILLAGE, state == QUEUED_TOWNSHIP
    level = np.where(village, VILLAGE, np.where(township, TOWNSHIP, ROOMS))
    rooms = world.office_of["rooms"][disputes.division[rows]]
    office = np.where(
        village, units.committee[unit], np.where(township, units.township[unit], rooms)
    )
    return level, office


def urban_residents(world: World) -> np.ndarray:
    """Residents of urban communities, by division."""
    people = world.people
    urban = people.kind == URBAN
    return np.bincount(people.division[urban], people.residents[urban], minlength=world.divisions)


def real_arrivals(
    world: World, rows: np.ndarray, level: np.ndarray, office: np.ndarray, urban: np.ndarray
) -> np.ndarray:
    """How many real cases these new ones stand for, at each office and per body.

    The communities of a division share its cases by their residents (`urban`, all of them): each
    is seen through a grid or two, whose own count would be mostly noise.
    """
    disputes, offices = world.disputes, world.offices
    weight = disputes.weight[rows].astype(float)
    shared = (level == VILLAGE) & ~offices.exact[office]
    own = np.bincount(office, np.where(shared, 0.0, weight), minlength=len(offices))
    cases = np.bincount(disputes.division[rows[shared]], weight[shared], world.divisions)
    communities = offices_of(world, "community")
    division = offices.division[communities]
    served = offices.residents[communities] / np.maximum(urban[division], 1.0)
    own[communities] = cases[division] * served
    return own / offices.bodies

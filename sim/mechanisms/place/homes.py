"""Where people are registered who live elsewhere: drawn at the start, by household.

A share comes from outside the region; of the others most left a village. Which one: by how many
live registered there, and nearness. So those who live together come from one place.
"""

import numpy as np

from sim.kernel import Table
from sim.mechanisms.place.attraction import Attraction
from sim.mechanisms.place.migration_choice import RURAL
from sim.world.flows import KINDS
from sim.world.marginals import Marginals
from sim.world.moves import place_of
from sim.world.people import LOCAL_RURAL, LOCAL_URBAN, heads_of
from sim.world.states import NON_LOCAL
from sim.world.world import World

OUTSIDE = -1


def draw_homes(
    world: World,
    marginals: Marginals,
    attraction: Attraction,
    outside_share: float,
    rural_share: float,
    exponent: float,
) -> None:
    """Set home_division, home_kind and home_registration of everybody; OUTSIDE for outsiders."""
    people, draws = world.people, world.draws
    people.home_division[:] = people.division
    people.home_kind[:] = people.kind
    people.home_registration[:] = people.registration
    away = np.flatnonzero(people.registration == NON_LOCAL)
    if not len(away):
        return
    heads = people.id[heads_of(people)[away]]
    luck = [draws.uniform("migration.origin", heads, slots=slot) for slot in range(4)]
    villages = luck[1] < rural_share
    table = _cumulated(people, attraction, exponent)
    place = place_of(people)[away].astype(np.int64)
    home = np.full(len(away), OUTSIDE)
    for group in (0, 1):  # the wanted kind of place, or else the other
        wanted = table[np.where(villages, group, 1 - group), place]
        total = wanted[:, -1]
        picked = (wanted < (luck[2] * total)[:, None]).sum(axis=1)
        home = np.where((home == OUTSIDE) & (total > 0.0), picked, home)
    home[luck[0] < outside_share] = OUTSIDE
    division, kind = np.divmod(home, len(KINDS))
    inside = home != OUTSIDE
    people.home_division[away] = np.where(inside, division, OUTSIDE)
    people.home_kind[away] = np.where(inside, kind, OUTSIDE)
    class_there = registered_as(marginals, kind, luck[3])
    people.home_registration[away] = np.where(inside, class_there, NON_LOCAL)


def registered_as(marginals: Marginals, kind: np.ndarray, luck: np.ndarray) -> np.ndarray:
    """The class of people who are registered in a kind of place, by their luck, int8."""
    urban = luck < marginals.local_urban[kind]
    return np.where(urban, LOCAL_URBAN, LOCAL_RURAL).astype(np.int8)


def home_place(people: Table, rows: np.ndarray, outside: int) -> np.ndarray:
    """The cell where these people are registered; `outside` for outsiders, int64."""
    division = people.home_division[rows].astype(np.int64)
    return np.where(
        division < 0, outside, division * len(KINDS) + people.home_kind[rows]
    )


def _cumulated(people: Table, attraction: Attraction, exponent: float) -> np.ndarray:
    """Summed weights of homes by wanted kind (village, else), cell of residence and cell of home."""
    cells = len(attraction.size)
    registered = people.weight * (people.registration != NON_LOCAL)
    weights = np.bincount(place_of(people), registered, minlength=cells) * attraction.there
    near = weights[None, :] * attraction.far**-exponent
    np.fill_diagonal(near, 0.0)
    rural = np.arange(cells) % len(KINDS) == RURAL
    return np.stack([np.cumsum(near * rural, axis=1), np.cumsum(near * ~rural, axis=1)])

"""Where people are registered who live elsewhere: drawn at the start, by household.

A share comes from outside the region; of the others most left a village. Which one: by how many
live registered there, nearness, and how many kin and friends the household has there: the chain of
migration leads back home. So those who live together come from one place.
"""

import numpy as np

from sim.kernel import Table
from sim.mechanisms.place.attraction import Attraction
from sim.mechanisms.place.migration_choice import RURAL, known_in
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
    without_kin: float,
) -> None:
    """Set home_division, home_kind and home_registration of everybody; OUTSIDE for outsiders.

    A cell without kin or friends counts as one with `without_kin` of a tie.
    """
    people, draws, ties = world.people, world.draws, world.ties
    people.home_division[:] = people.division
    people.home_kind[:] = people.kind
    people.home_registration[:] = people.registration
    away = np.flatnonzero(people.registration == NON_LOCAL)
    if not len(away):
        return
    heads = heads_of(people)[away]
    luck = [draws.uniform("migration.origin", people.id[heads], slots=slot) for slot in range(4)]
    cells = len(attraction.size)
    places = place_of(people)
    registered = people.weight * (people.registration != NON_LOCAL)
    living = np.bincount(places, registered, minlength=cells) * attraction.there
    weights = (living * attraction.far**-exponent)[places[away]]
    weights *= without_kin + known_in(heads, ties.by_layer, places, cells)
    weights[np.arange(len(away)), places[away]] = 0.0
    villages = np.arange(cells) % len(KINDS) == RURAL
    wanted = luck[1] < rural_share
    home = np.full(len(away), OUTSIDE)
    for first in (True, False):  # the wanted kind of place, or else the other
        fits = villages[None, :] == (wanted == first)[:, None]
        reached = np.cumsum(weights * fits, axis=1)
        total = reached[:, -1]
        picked = (reached < (luck[2] * total)[:, None]).sum(axis=1)
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
    return np.where(division < 0, outside, division * len(KINDS) + people.home_kind[rows])

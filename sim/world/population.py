"""Populates a place at a scale: people, units, offices, firms and organisations."""

import numpy as np

from sim.kernel import Draws, Table
from sim.world.bodies import make_firms, make_organisations, memberships
from sim.world.marginals import marginals_of
from sim.world.offices import make_offices
from sim.world.people import make_people
from sim.world.place import Place
from sim.world.settlements import kept_units, list_settlements

Populated = tuple[Table, Table, Table, Table, Table, dict[str, np.ndarray]]


def populate(place: Place, scale: float, draws: Draws) -> Populated:
    """(people, units, offices, firms, organisations, office_of) of a place at a scale.

    `office_of` maps a kind of office that serves a whole division to its row by division. Raises
    ScenarioError for a scale that the place cannot carry.
    """
    settlements = list_settlements(place, draws)
    units = kept_units(settlements, place, scale, draws)
    units.households = units.residents / place.value("world.household_size")
    units.first = (np.cumsum(units.adults) - units.adults).astype(np.int32)
    offices, office_of = make_offices(units, place)
    people = make_people(units, place, marginals_of(place, settlements), draws)
    organisations = make_organisations(place, draws)
    people.organisation = memberships(people, organisations, place, draws)
    return people, units, offices, make_firms(place, scale, draws), organisations, office_of

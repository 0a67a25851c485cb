"""Populates a place at a scale: people, units, offices, firms and organisations."""

import numpy as np

from sim.kernel import Draws, Table
from sim.world.bodies import make_firms, make_organisations
from sim.world.offices import make_offices
from sim.world.people import make_people
from sim.world.place import Place
from sim.world.settlements import kept_units, settle

Populated = tuple[Table, Table, Table, Table, Table, dict[str, np.ndarray]]


def populate(place: Place, scale: float, draws: Draws) -> Populated:
    """(people, units, offices, firms, organisations, office_of) of a place at a scale."""
    full = settle(place, draws)
    rows, weights = kept_units(full, place, scale, draws)
    adults = full.adults[rows]
    units = Table(
        len(rows),
        id=rows.astype(np.uint64),
        division=full.division[rows],
        kind=full.kind[rows],
        residents=full.residents[rows],
        adults=adults.astype(np.int32),
        first=(np.cumsum(adults) - adults).astype(np.int32),
        weight=weights,
        households=full.residents[rows] / place.value("world.household_size"),
        grids=full.grids[rows],
    )
    offices, office_of = make_offices(place, full, rows, units)
    people = make_people(place, full, rows, weights, draws)
    organisations = make_organisations(place, people, draws)
    return people, units, offices, make_firms(place, draws), organisations, office_of

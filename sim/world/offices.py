"""Government offices with their real headcount, whatever the scale.

A village committee is simulated whole, case by case. An office that serves more people than are
simulated keeps its real headcount and sees weighted arrivals. Townships and police stations of a
division are one row that pools so many bodies.
"""

from typing import Any

import numpy as np

from sim.kernel import Table, entity_ids
from sim.world.place import Place
from sim.world.settlements import URBAN

OFFICE_KINDS = (
    "village",
    "community",
    "township",
    "rooms",
    "department",
    "court",
    "intermediate_court",
    "petition_office",
    "hotline",
    "police_station",
    "mediation_centre",
    "grid_station",
    "city_government",
)
BY_DIVISION = (
    "township",
    "department",
    "court",
    "petition_office",
    "police_station",
    "mediation_centre",
)
OF_CITY = ("rooms", "intermediate_court", "hotline", "city_government")
CITY = -1  # the division of an office that serves all divisions


def make_offices(units: Table, place: Place) -> tuple[Table, dict[str, np.ndarray]]:
    """The offices that the kept units deal with, and the row of each kind by division.

    Columns: id (the same at every scale), kind, division, residents (real, served), weight
    (residents served / residents of the kept units under it, unweighted), bodies, persons (in post,
    in each body), exact. Sets `units.committee` and `units.township`.
    """
    parts = [_committees(units, place)]
    rows = len(parts[0]["kind"])
    office_of: dict[str, np.ndarray] = {}
    for kind in BY_DIVISION:
        parts.append(_one_each(kind, units, place))
        office_of[kind] = rows + np.arange(len(place.divisions))
        rows += len(place.divisions)
    for kind in OF_CITY:
        parts.append(_of_city(kind, units, place))
        office_of[kind] = np.full(len(place.divisions), rows)
        rows += 1
    columns = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    units.township = office_of["township"][units.division].astype(np.int32)
    return Table(rows, **columns), office_of


def _committees(units: Table, place: Place) -> dict[str, np.ndarray]:
    """One committee a kept village, and one a community of which at least one grid is kept."""
    urban = units.kind == URBAN
    whose = np.where(urban, -1 - units.community, np.arange(len(units)))
    _, first, back = np.unique(whose, return_index=True, return_inverse=True)
    order = np.argsort(first)  # committees stand in the order of their first unit
    place_in_order = np.empty(len(order), np.int32)
    place_in_order[order] = np.arange(len(order))
    units.committee = place_in_order[back]
    first = first[order]
    urban = urban[first]
    served = units.served[first]
    seen = np.bincount(units.committee, weights=units.residents)
    village, community = place.keyed("offices.persons", ("village", "community"))
    identity = np.where(urban, units.community[first], units.id[first].astype(np.int64))
    codes = np.where(urban, OFFICE_KINDS.index("community"), OFFICE_KINDS.index("village"))
    return _rows(
        codes,
        units.division[first],
        identity,
        served,
        np.where(urban, served / seen, 1.0),
        np.ones(len(first)),
        np.where(urban, community, village),
        ~urban,
    )


def _one_each(kind: str, units: Table, place: Place) -> dict[str, np.ndarray]:
    """One row a division."""
    size = len(place.divisions)
    served = place.by_division("population")
    seen = np.bincount(units.division, weights=units.residents, minlength=size)
    bodies = np.ones(size)
    if kind == "township":
        bodies = place.by_division("townships")
    elif kind == "police_station":
        each = place.value("offices.police_stations_per_township")
        bodies = np.maximum(1.0, np.rint(each * place.by_division("townships")))
    if kind == "court":
        persons = place.by_division("judges")
    else:
        persons = np.full(size, place.value(f"offices.persons.{kind}"))
    codes = np.full(size, OFFICE_KINDS.index(kind))
    divisions = np.arange(size)
    weight = served / np.maximum(seen, 1.0)
    return _rows(codes, divisions, divisions, served, weight, bodies, persons, np.zeros(size, bool))


def _of_city(kind: str, units: Table, place: Place) -> dict[str, np.ndarray]:
    """One row for the whole place."""
    served = place.by_division("population").sum()
    name = "rooms_city" if kind == "rooms" else kind
    return _rows(
        np.array([OFFICE_KINDS.index(kind)]),
        np.array([CITY]),
        np.array([0]),
        np.array([served]),
        np.array([served / units.residents.sum()]),
        np.ones(1),
        np.array([place.value(f"offices.persons.{name}")]),
        np.zeros(1, bool),
    )


def _rows(
    kind: np.ndarray,
    division: np.ndarray,
    identity: np.ndarray,
    residents: np.ndarray,
    weight: np.ndarray,
    bodies: np.ndarray,
    persons: np.ndarray,
    exact: np.ndarray,
) -> dict[str, np.ndarray]:
    return {
        "id": entity_ids("office", kind, identity),
        "kind": kind.astype(np.int8),
        "division": division.astype(np.int8),
        "residents": residents.astype(float),
        "weight": weight.astype(float),
        "bodies": bodies.astype(float),
        "persons": persons.astype(float),
        "exact": exact,
    }


def residents_of_divisions(world: Any) -> np.ndarray:
    """Residents of each whole division, whatever the scale: those its petition office serves."""
    residents: np.ndarray = world.offices.residents[world.office_of["petition_office"]]
    return residents

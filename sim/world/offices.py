"""Government offices with their real headcount, whatever the scale.

A village committee is simulated case by case; an office that serves more people than are simulated
keeps its real headcount and sees weighted arrivals. The townships of a division are one row with
so many bodies.
"""

import numpy as np

from sim.kernel import Table
from sim.world.place import Place
from sim.world.settlements import URBAN, Settlements

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


def make_offices(
    place: Place, full: Settlements, rows: np.ndarray, units: Table
) -> tuple[Table, dict[str, np.ndarray]]:
    """Offices, and which row serves each division by kind; sets units.committee and .township."""
    simulated = units.adults / place.by_division("adult_share")[units.division]
    listed = _committees(full, rows, units, simulated, place)
    population = place.by_division("population")
    inside = np.bincount(units.division, simulated, minlength=len(population))
    office_of: dict[str, np.ndarray] = {}
    for kind in BY_DIVISION:
        office_of[kind] = np.arange(len(population)) + len(listed)
        for d, residents in enumerate(population):
            bodies, persons = _headcount(place, kind, d)
            weight = residents / max(inside[d], 1.0)
            listed.append((kind, d, residents, weight, bodies, persons, False))
    for kind in OF_CITY:
        office_of[kind] = np.full(len(population), len(listed))
        name = "rooms_city" if kind == "rooms" else kind
        persons = place.values.get(f"offices.persons.{name}", 0.0)
        weight = population.sum() / inside.sum()
        listed.append((kind, -1, population.sum(), weight, 1.0, persons, False))
    units.township = office_of["township"][units.division].astype(np.int32)
    columns = list(zip(*listed, strict=True))
    offices = Table(
        len(listed),
        kind=np.array([OFFICE_KINDS.index(kind) for kind in columns[0]], np.int8),
        division=np.array(columns[1], np.int8),
        residents=np.array(columns[2], float),
        weight=np.array(columns[3], float),
        bodies=np.array(columns[4], float),
        persons=np.array(columns[5], float),
        exact=np.array(columns[6], bool),
    )
    return offices, office_of


def _committees(
    full: Settlements, rows: np.ndarray, units: Table, simulated: np.ndarray, place: Place
) -> list[tuple[str, int, float, float, float, float, bool]]:
    """One committee a kept village, and one a community of which grids are kept."""
    settlements, committee = np.unique(full.settlement[rows], return_inverse=True)
    units.committee = committee.astype(np.int32)
    seen = np.bincount(committee, simulated)
    listed: list[tuple[str, int, float, float, float, float, bool]] = []
    for k in range(len(settlements)):
        unit = int(np.flatnonzero(committee == k)[0])
        urban = units.kind[unit] == URBAN
        kind = "community" if urban else "village"
        residents = float(full.settlement_residents[rows[unit]])
        weight = residents / seen[k] if urban else 1.0
        persons = place.value(f"offices.persons.{kind}")
        listed.append((kind, int(units.division[unit]), residents, weight, 1.0, persons, not urban))
    return listed


def _headcount(place: Place, kind: str, d: int) -> tuple[float, float]:
    """Bodies of a kind in a division, and persons in each."""
    townships = place.by_division("townships")[d]
    if kind == "township":
        return townships, place.value("offices.persons.township")
    if kind == "court":
        return 1.0, float(place.values.get(f"divisions.{place.divisions[d]}.judges", 0.0))
    persons = place.values.get(f"offices.persons.{kind}", 0.0)
    if kind == "police_station":
        return townships * place.values.get("offices.police_stations_per_township", 1.0), persons
    return 1.0, persons

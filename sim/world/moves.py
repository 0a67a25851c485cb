"""Somebody who moves, and somebody who comes: what of a person depends on where they live.

`settle` is the one place that knows what a move changes; `newcomers` draws somebody who joins as
anybody of that identity is drawn.
"""

import numpy as np

from sim.kernel import Table
from sim.world.bodies import memberships
from sim.world.figures import WORKING_SECTORS
from sim.world.flows import CELLS_PER_DIVISION, KINDS, REGISTRATIONS
from sim.world.marginals import Marginals
from sim.world.people import (
    LOWEST_INCOME,
    make_newcomers,
    minutes_to_centre,
    residents_each,
    service_gaps,
)
from sim.world.world import World

# What a move changes beside place and class; labour and services own the last four if they act.
MOVED_ALONG = ("minutes_to_centre", "wage", "income", "service_gap", "access")


def place_of(people: Table) -> np.ndarray:
    """The row of `cells` where each person lives: 3 x division + kind, int16."""
    return people.division * np.int16(len(KINDS)) + people.kind


def settle(world: World, rows: np.ndarray, unit: np.ndarray, registration: np.ndarray) -> None:
    """These people now live in these units, in these classes, and what follows is refreshed.

    `people.moves` must have counted the move already. Household, belonging and ties are not
    touched: other rules see to them.
    """
    people, units = world.people, world.units
    kind_before = people.kind[rows]
    people.unit[rows] = unit
    people.division[rows] = units.division[unit]
    people.kind[rows] = units.kind[unit]
    reclassify(world, rows, registration)
    if "world.centre_minutes.mean" in world.place.values:
        minutes = minutes_to_centre(people.id[rows], people.moves[rows], world.place, world.draws)
        people.minutes_to_centre[rows] = minutes
        if not _acts(world, "labour"):
            _earn_there(world, rows, kind_before)


def reclassify(world: World, rows: np.ndarray, registration: np.ndarray | int) -> None:
    """These people now belong to these classes of registration, where they live."""
    people = world.people
    people.registration[rows] = registration
    cell = people.division[rows] * np.int16(CELLS_PER_DIVISION)
    cell += people.kind[rows] * np.int16(len(REGISTRATIONS)) + people.registration[rows]
    people.cell[rows] = cell
    if "world.entitlement" in world.place.values and not _acts(world, "services"):
        gap = service_gaps(world.place)[people.kind[rows], people.registration[rows]]
        people.service_gap[rows] = gap
        if "access" in people:
            people.access[rows] = 1.0 - gap


def newcomers(
    world: World,
    marginals: Marginals,
    ids: np.ndarray,
    unit: np.ndarray,
    registration: np.ndarray,
    ages: np.ndarray,
) -> Table:
    """The columns of people who join, drawn from their identity; households are left to others.

    `ages` are whole years; where they are negative those of people on the move are drawn.
    """
    units = world.units
    table = Table(len(ids), id=ids, unit=unit.astype(np.int32))
    table.division, table.kind = units.division[unit], units.kind[unit]
    table.weight = units.weight[unit].astype(np.float32)
    table.residents = residents_each(units, world.place)[unit]
    table.household = np.arange(len(ids), dtype=np.int32)
    table.registration = registration.astype(np.int8)
    cell = table.division * np.int16(CELLS_PER_DIVISION)
    table.cell = cell + table.kind * np.int16(len(REGISTRATIONS)) + table.registration
    make_newcomers(table, world.place, marginals, world.draws, ages)
    organisations = world.organisations
    table.organisation = memberships(table, organisations, world.place, world.draws)
    return table


def _earn_there(world: World, rows: np.ndarray, kind_before: np.ndarray) -> None:
    """The wage of one's sector in the new kind of place; one's own advantage moves along."""
    people, place = world.people, world.place
    means = np.array([place.keyed(f"labour.wage.{name}", KINDS) for name in WORKING_SECTORS])
    sector = np.maximum(people.sector[rows] - 1, 0)
    people.wage[rows] *= means[sector, people.kind[rows]] / means[sector, kind_before]
    other = place.keyed("world.other_income", KINDS)[people.kind[rows]]
    own = np.where(people.employed[rows], people.wage[rows], other)
    people.income[rows] = np.maximum(own, LOWEST_INCOME)


def _acts(world: World, mechanism: str) -> bool:
    """Whether a mechanism is there and acts in this run."""
    return mechanism in world.tables.get("on", frozenset())

"""Moves as they happen: who goes along, where people then live, and who is at home by now.

`rule` is the mechanism of migration, whose parameters and accounts these moves go by.
"""

from typing import Any

import numpy as np

from sim.mechanisms.place.lives import YEAR, post
from sim.mechanisms.place.migration_choice import MOVES, companions
from sim.mechanisms.place.people_columns import IN_SIGHT
from sim.mechanisms.place.rooms import free_units
from sim.world.moves import reclassify, settle
from sim.world.people import LOCAL_URBAN
from sim.world.states import NON_LOCAL
from sim.world.world import World


def usual_belonging(world: World) -> np.ndarray:
    """The mean belonging by class of registration: of all locals, and of others."""
    people = world.people
    usual = np.zeros(3)
    local = people.registration != NON_LOCAL
    for classes, members in (((0, 1), local), ((NON_LOCAL,), ~local)):
        weights = people.weight[members].astype(float)
        if weights.sum() > 0.0:
            mean = np.average(people.belonging[members], weights=weights)
            usual[list(classes)] = mean
    return usual


def take_granted(rule: Any, world: World) -> None:
    """Those to whom registration was granted are at home where they live."""
    posted: list[np.ndarray] = world.tables.setdefault("granted", [])
    if not posted:
        return
    people = world.people
    rows = np.unique(np.concatenate(posted))
    posted.clear()
    rows = rows[people.alive[rows] & (people.registration[rows] == NON_LOCAL)]
    world.flows.add("registrations_granted", people.cell[rows], people.weight[rows])
    rule.change[NON_LOCAL] -= len(rows)
    rule.change[LOCAL_URBAN] += len(rows)
    reclassify(world, rows, LOCAL_URBAN)
    people.home_division[rows] = people.division[rows]
    people.home_kind[rows] = people.kind[rows]
    people.home_registration[rows] = LOCAL_URBAN
    people.left_home_at[rows] = IN_SIGHT
    post(world, "integration", "resettled", (rows, "granted"))


def ties_at_home(rule: Any, world: World, rows: np.ndarray, years: np.ndarray) -> np.ndarray:
    """Kin and friends at home whom the graph does not show.

    It shows whom those know who moved since the start of a run within the region. Who lived
    elsewhere by then, or came from outside, knows as many at home, fewer every year since, wherever
    they have moved in the meantime: they hold back whoever has come home to them.
    """
    people = world.people
    at = people.own_day[rows].astype(float) + YEAR * (years + 0.5)
    since = people.left_home_at[rows].astype(float)
    gone = np.maximum(at - since, 0.0) / YEAR
    fading = world.place.values.get("ties.turnover_per_year", 0.0)
    known: np.ndarray = rule.home_ties * np.exp(-fading * gone) * (since < IN_SIGHT)
    return known


def go(
    rule: Any,
    world: World,
    rows: np.ndarray,
    years: np.ndarray,
    place: np.ndarray,
    move: np.ndarray,
) -> None:
    """These people move to these places, in the order of their days, some with others."""
    people, ties, draws = world.people, world.ties, world.draws
    along, leader = companions(
        rows,
        years,
        (people.id, people.age, people.household, people.alive),
        ties.by_layer,
        (draws.key("migration.first"), draws.key("migration.together")),
        rule.household_moves,
        rule.together_below,
    )
    rows, position = (
        np.concatenate([rows, along]),
        np.concatenate([np.arange(len(rows)), leader]),
    )
    at = people.own_day[rows[position]].astype(float) + YEAR * (years[position] + 0.5)
    world_move, place = move[position], place[position]
    for code, name in enumerate(MOVES[1:], start=1):
        these = rows[world_move == code]
        world.flows.add(f"moves_{name}", people.cell[these], people.weight[these])
    outside = place == len(rule.attraction.size)
    rule.end(world, rows[outside], "moved", "left_region")
    inside = (~outside).nonzero()[0]
    luck = draws.uniform("migration.unit", people.id[rows[position]], years[position])
    unit = free_units(world, place[inside], luck[inside], rule.spare_places)
    live_in(rule, world, rows[inside], unit, position[inside], at[inside])


def live_in(
    rule: Any, world: World, rows: np.ndarray, unit: np.ndarray, leader: np.ndarray, at: np.ndarray
) -> None:
    """These people live in these units from their days on, in households of their own.

    `leader` says who moves together (the same number).
    """
    people, units = world.people, world.units
    worked = people.employed[rows].copy()
    before = people.registration[rows].copy()
    number = np.unique(leader, return_inverse=True)[1]
    people.household[rows] = rule.households + number
    rule.households += int(number.max(initial=-1)) + 1
    np.subtract.at(units.present, people.unit[rows], 1)
    np.add.at(units.present, unit, 1)
    people.moves[rows] += 1
    people.moved_at[rows] = at
    home = (people.home_division[rows] == units.division[unit]) & (
        people.home_kind[rows] == units.kind[unit]
    )
    registration = np.where(home, people.home_registration[rows], NON_LOCAL)
    settle(world, rows, unit, registration.astype(np.int8))
    rule.change -= np.bincount(before, minlength=3)
    rule.change += np.bincount(people.registration[rows], minlength=3)
    post(world, "labour", "moved", (rows, worked))
    post(world, "integration", "tie_drops", rows)
    post(world, "integration", "resettled", (rows[home], "home"))
    post(world, "integration", "resettled", (rows[~home], "away"))

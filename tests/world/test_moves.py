"""Whoever moves or joins has what goes with the place and class where they now live."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from sim.kernel import Draws
from sim.mechanisms.place.migration_limits import two_places
from sim.world.marginals import marginals_of
from sim.world.moves import newcomers, place_of, reclassify, settle
from sim.world.place import load_place
from sim.world.population import populate
from sim.world.settlements import list_settlements
from sim.world.world import World

URBAN, RURAL = 0, 2
NON_LOCAL = 2
GRID, VILLAGE = 0, 1
WAGES = {
    "labour.wage.secondary.urban": 4_000.0,
    "labour.wage.secondary.rural": 2_000.0,
    "labour.wage.primary.urban": 9_000.0,
    "labour.wage.tertiary.urban": 9_000.0,
    "world.other_income.urban": 3_300.0,
    "world.other_income.rural": 0.0,
}


def villagers(*acting: str) -> World:
    """Four people in a village, the third out of work since ever, and rules that act."""
    world = two_places(4, 0, seed=1)
    world.place.values |= WAGES | {
        "world.centre_minutes.mean": 15.0,
        "world.centre_minutes.cv": 0.0,
    }
    people = world.people
    people.moves = np.ones(4, np.int16)
    people.wage[:] = [2_000.0, 3_000.0, 0.0, 2_000.0]
    people.sector[:] = [2, 2, 0, 2]
    people.employed[:] = people.sector > 0
    people.income[:] = [2_000.0, 3_000.0, 1.0, 2_000.0]
    people.access = np.full(4, 0.5, np.float32)
    world.tables["on"] = frozenset(acting)
    return world


def to_town(world: World) -> Any:
    """The people after the first three have moved to the city, where they are not registered."""
    rows = np.arange(3)
    settle(world, rows, np.full(3, GRID, np.int32), np.full(3, NON_LOCAL, np.int8))
    return world.people


def test_who_moves_earns_the_wage_of_the_sector_there_and_keeps_the_own_advantage():
    """Industry pays twice as much in the city: 2,000 are 4,000 there, and 3,000 are 6,000."""
    people = to_town(villagers())
    assert people.wage.tolist() == [4_000.0, 6_000.0, 0.0, 2_000.0]
    assert people.income.tolist() == [4_000.0, 6_000.0, 3_300.0, 2_000.0]


def test_who_has_nothing_to_live_on_keeps_the_lowest_income():
    world = villagers()
    settle(world, np.array([2]), np.array([VILLAGE], np.int32), np.zeros(1, np.int8))
    assert world.people.income[2] == 1.0


def test_who_moves_has_the_way_and_the_services_of_the_place_and_class():
    """In the city .93 is supplied, of which .65 to those who are registered elsewhere."""
    people = to_town(villagers())
    assert people.minutes_to_centre.tolist() == [15.0, 15.0, 15.0, 12.0]
    gap = 1.0 - 0.93 * 0.65
    assert people.service_gap[:3] == pytest.approx([gap] * 3)
    assert people.access[:3] == pytest.approx([1.0 - gap] * 3)
    assert (people.service_gap[3], people.access[3]) == (0.0, 0.5)


def test_pay_and_access_are_left_to_the_rules_that_see_to_them():
    people = to_town(villagers("labour", "services"))
    assert people.wage.tolist() == [2_000.0, 3_000.0, 0.0, 2_000.0]
    assert people.income.tolist() == [2_000.0, 3_000.0, 1.0, 2_000.0]
    assert not people.service_gap.any()
    assert people.access.tolist() == [0.5] * 4
    assert people.minutes_to_centre[0] == 15.0


def test_who_moves_counts_where_they_live():
    world = villagers()
    people = to_town(world)
    assert people.unit.tolist() == [GRID, GRID, GRID, VILLAGE]
    assert people.kind.tolist() == [URBAN, URBAN, URBAN, RURAL]
    assert people.cell.tolist() == [2, 2, 2, 6]
    assert place_of(people).tolist() == [0, 0, 0, 2]
    reclassify(world, np.array([3]), 1)
    assert people.cell.tolist() == [2, 2, 2, 7]


def test_who_joins_is_the_person_that_the_identity_makes_and_alone_in_the_household():
    """People from elsewhere who were there at the start, drawn once more as newcomers."""
    place, draws = load_place("two-villages"), Draws(1)
    people, units, _, _, organisations, _ = populate(place, 1.0, draws)
    marginals = marginals_of(place, list_settlements(place, draws))
    world: Any = SimpleNamespace(units=units, place=place, draws=draws, organisations=organisations)
    away = np.flatnonzero(people.registration == NON_LOCAL)
    where, classes = people.unit[away], people.registration[away]
    new = newcomers(world, marginals, people.id[away], where, classes, np.full(len(away), -1))
    assert len(away) > 20
    assert new.household.tolist() == list(range(len(away)))
    for name in set(new) - {"household", "income"}:  # income is pooled with others at the start
        assert np.array_equal(new[name], people[name][away]), name
    aged = newcomers(world, marginals, people.id[away], where, classes, np.full(len(away), 61))
    assert set(aged.age.tolist()) == {61}
    assert set(aged.age_band.tolist()) == {2}

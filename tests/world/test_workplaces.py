"""An employer follows from a person's luck in a spell and the sizes of employers around."""

import numpy as np
import pytest

from sim.kernel import Table
from sim.verify.bench import bare_world
from sim.world.bodies import FIRM_KINDS
from sim.world.workplaces import Workplaces
from sim.world.world import World

EACH = 2_000  # people of a division
# Row of firms: kind, division, staff.
FIRMS = (
    ("employer", 2, 20.0),
    ("developer", 0, 500.0),
    ("employer", 0, 30.0),
    ("employer", 2, 20.0),
    ("employer", 0, 10.0),
)


def world_with(firms: tuple[tuple[str, int, float], ...] = FIRMS) -> World:
    """East, middle and west, where everybody works; the middle has no employer."""
    world = bare_world(3 * EACH, seed=3)
    world.place.divisions = ("east", "middle", "west")
    world.people.division[:] = np.repeat([0, 1, 2], EACH)
    kinds, divisions, staff = zip(*firms, strict=True) if firms else ((), (), ())
    world.firms = Table(
        len(firms),
        kind=np.array([FIRM_KINDS.index(kind) for kind in kinds], np.int8),
        division=np.array(divisions, np.int8),
        employees=np.array(staff, np.float32),
    )
    world.people.employed[:] = True
    world.people.job_spell = np.zeros(3 * EACH, np.int32)
    return world


def shares(found: np.ndarray) -> list[float]:
    return (np.bincount(found, minlength=len(FIRMS)) / len(found)).tolist()


def test_people_work_with_the_employers_of_their_division_by_their_sizes():
    world = world_with()
    found = Workplaces(world).now(world, np.arange(3 * EACH))
    # sd sqrt(.25 / 2,000) = .011
    assert shares(found[:EACH]) == pytest.approx([0, 0, 0.75, 0, 0.25], abs=0.045)
    assert shares(found[2 * EACH :]) == pytest.approx([0.5, 0, 0, 0.5, 0], abs=0.045)


@pytest.mark.parametrize("taken", [(0, 2), (0, 1, 2)], ids=["between", "last"])
def test_where_no_employer_is_people_work_with_one_of_another_division(taken):
    """The middle has none between two that have; then the west has none after it either."""
    firms = tuple(firm for firm in FIRMS if len(taken) == 2 or firm[1] == 0)
    world = world_with(firms)
    found = Workplaces(world).now(world, np.arange(3 * EACH))
    employers = [row for row, firm in enumerate(firms) if firm[0] == "employer"]
    assert set(found[EACH:]) <= set(employers)


def test_who_does_not_work_or_has_died_has_no_employer():
    world = world_with()
    world.people.employed[:3], world.people.alive[3:5] = False, False
    found = Workplaces(world).now(world, np.arange(8))
    assert (found == -1).tolist() == [True] * 5 + [False] * 3


def test_where_nobody_employs_nobody_has_an_employer():
    for firms in ((), FIRMS[1:2]):
        world = world_with(firms)
        assert set(Workplaces(world).now(world, np.arange(8))) == {-1}


def test_an_employer_is_kept_for_a_spell_and_goes_with_the_person_not_with_the_row():
    world = world_with()
    people, rows = world.people, np.arange(EACH)
    places = Workplaces(world)
    first = places.now(world, rows)
    people.id[rows] = people.id[rows][::-1].copy()
    assert np.array_equal(places.now(world, rows), first[::-1])
    people.job_spell[rows] += 1
    # A new draw, which gives the same of two with chance .75^2 + .25^2 = .625; sd .011.
    assert (places.now(world, rows) == first[::-1]).mean() == pytest.approx(0.625, abs=0.045)

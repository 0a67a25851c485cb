"""A schedule says what holds on a day, from the first to the last day of a run."""

from datetime import date

import numpy as np
import pytest

from sim.scenario.schedules import Dated, Level, Schedule

JULY = [date(2020, 7, day) for day in range(1, 10)]
BASE = np.array([5.0, 6.0])


def schedule(*steps: tuple[int, float]) -> Schedule:
    return Schedule(tuple(Dated(JULY[day - 1], Level(value, ())) for day, value in steps))


@pytest.mark.parametrize(("day", "value"), [(2, 5.0), (3, 30.0), (6, 30.0), (7, 70.0), (9, 70.0)])
def test_a_level_holds_from_its_day_on_and_the_base_before_the_first(day, value):
    found = schedule((3, 30.0), (7, 70.0)).values(JULY[day - 1], BASE, ["town", "village"])
    assert found[0] == value


def test_what_holds_at_the_start_and_changes_up_to_the_last_day_is_in_force():
    steps = schedule((1, 10.0), (3, 30.0), (5, 50.0), (7, 70.0), (8, 80.0))
    found = [(day.day, level.default) for day, level in steps.in_force(JULY[2], JULY[6])]
    assert found == [(3, 30.0), (5, 50.0), (7, 70.0)]
    before = schedule((5, 50.0)).in_force(JULY[2], JULY[3])
    assert [(day.day, level.default) for day, level in before] == [(3, None)]


def test_a_division_has_its_own_level_and_the_others_that_of_all_or_the_base():
    own = Level(None, (("village", 9.0),))
    assert own.over(BASE, ["town", "village"]).tolist() == [5.0, 9.0]
    assert Level(1.0, own.divisions).over(BASE, ["town", "village"]).tolist() == [1.0, 9.0]
    assert BASE.tolist() == [5.0, 6.0]


def test_a_setting_is_told_as_a_file_would_say_it():
    """One level from the start on is a value; a day, even a single one, is told with it."""
    assert Schedule((Dated(None, Level(3.0)),)).plain() == 3.0
    assert schedule((5, 3.0)).plain() == [{"from": "2020-07-05", "value": 3.0}]
    own = Level(1.0, (("village", 9.0),))
    assert own.plain() == {"default": 1.0, "divisions": {"village": 9.0}}
    assert Level(None, own.divisions).plain() == {"divisions": {"village": 9.0}}

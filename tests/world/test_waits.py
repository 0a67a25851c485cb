"""An office is expected to take what its cases of the last 26 weeks took, and one usual case."""

import numpy as np
import pytest

from sim.world.waits import Waits


def recorded(week: int = 0) -> Waits:
    """The first of two offices closed two cases, after 10 and after 44 days."""
    waits = Waits(np.array([12.0, 50.0]))
    waits.turn_to(week)
    waits.record(np.array([0, 0]), np.array([10.0, 44.0]))
    return waits


def test_an_office_without_cases_is_as_usual():
    assert Waits(np.array([12.0, 50.0])).expected() == pytest.approx([12.0, 50.0])


def test_cases_are_averaged_together_with_one_usual_case():
    assert recorded().expected() == pytest.approx([(10 + 44 + 12) / 3, 50.0])


@pytest.mark.parametrize("week", [0, 5, 51, 400])
def test_a_case_is_remembered_for_twenty_six_weeks(week):
    waits = recorded(week)
    waits.turn_to(week + 25)
    assert waits.expected()[0] == pytest.approx(22.0)
    waits.turn_to(week + 26)
    assert waits.expected()[0] == pytest.approx(12.0)


def test_nothing_is_left_after_a_long_silence():
    waits = recorded()
    waits.turn_to(1_000)
    assert waits.expected() == pytest.approx([12.0, 50.0])


def test_the_same_week_again_and_an_earlier_week_forget_nothing():
    waits = recorded(30)
    waits.turn_to(30)
    waits.turn_to(3)
    assert waits.expected()[0] == pytest.approx(22.0)


def test_two_half_steps_of_a_week_fill_the_same_memory():
    whole, halves = recorded(7), Waits(np.array([12.0, 50.0]))
    for days in (10.0, 44.0):
        halves.turn_to(7)
        halves.record(np.array([0]), np.array([days]))
    assert halves.expected() == pytest.approx(whole.expected())

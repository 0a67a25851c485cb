"""What nobody moves should stand: rows, readings and verdicts."""

import numpy as np
import pytest

from sim.evidence import runs
from sim.evidence.standing import READINGS, STANDING, YEARS
from sim.outcomes import CATALOGUE
from sim.text import every_string
from sim.verify.bench import bare_world
from sim.world.ties import Ties


def verdict_on(change: float, half: float, *, years: float = YEARS, row: int = 0) -> str:
    """The verdict on a row that changes so much, with this half width of its t interval."""
    first = np.ones((3, len(STANDING)))
    spread = half * np.sqrt(3.0) / 4.302653  # the t quantile of two degrees of freedom
    last = first + (change + spread * np.array([-1.0, 0.0, 1.0]))[:, None]
    return runs._judge_standing(first, last, years)[row]["verdict"]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_row_is_told_in_words(lang: str) -> None:
    known = every_string(lang)
    for row in STANDING:
        assert row.slug in CATALOGUE or f"evidence.standing.{row.slug}" in known


def test_a_row_stands_once() -> None:
    assert len({row.slug for row in STANDING}) == len(STANDING)
    assert set(READINGS) == {row.slug for row in STANDING if row.slug not in CATALOGUE}


@pytest.mark.parametrize(
    ("beyond", "half", "verdict"),
    [
        *((0.0, 0.01, "holds"), (0.015, 0.01, "holds"), (0.025, 0.01, "open")),
        *((0.035, 0.01, "fails"), (0.0, 0.03, "open")),
    ],
)
def test_what_moves_further_than_expected_and_allowed_fails(beyond, half, verdict) -> None:
    expected = STANDING[0].change
    assert STANDING[0].tolerance == 0.02
    assert verdict_on(expected + beyond, half) == verdict
    assert verdict_on(expected - beyond, half) == verdict


def test_expected_changes_grow_with_the_years() -> None:
    row = next(k for k, each in enumerate(STANDING) if each.slug == "urbanisation")
    change = STANDING[row].change
    assert verdict_on(change, 0.005, row=row) == "holds"
    assert verdict_on(change, 0.005, years=YEARS / 5, row=row) == "fails"
    assert verdict_on(change / 5, 0.005, years=YEARS / 5, row=row) == "holds"


def test_readings_count_the_adults_that_people_stand_for() -> None:
    ties = Ties.from_edges(4, np.array([0, 0]), np.array([1, 2]), 1.0, "friends")
    world = bare_world(4, 1, ties)
    people = world.people
    people.weight[:] = [1.0, 2.0, 3.0, 4.0]
    people.alive[:] = [True, True, True, False]
    people.registration[:] = [0, 2, 2, 2]
    people.age[:] = [50, 20, 30, 80]
    people.kind[:] = [2, 2, 0, 2]
    people.employed = np.array([True, False, True, True])
    assert READINGS["open_disputes"](world) == 0.0
    assert READINGS["adults"](world) == 6.0
    assert READINGS["employed_adults"](world) == 4.0
    assert READINGS["age_non_local"](world) == pytest.approx((2 * 20 + 3 * 30) / 5)
    assert READINGS["non_local_in_villages"](world) == pytest.approx(2 / 5)
    assert READINGS["ties_an_adult"](world) == pytest.approx(4 / 3)


def test_luck_on_the_first_day_alone_is_no_change() -> None:
    """Cities that differ by a third on both days; a mean of ratios would tell of 6 percent."""
    luck = np.random.default_rng(1).normal(1.0, 0.25, (2, 4_000, 1))
    first, last = (np.repeat(each, len(STANDING), axis=1) for each in luck)
    row = runs._judge_standing(first, last, 0.0)[0]
    assert abs(row["simulated"]) < 0.02
    assert np.mean(last / first) > 1.05

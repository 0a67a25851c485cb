"""Policies of society: the usual cost is planned so that it is paid, the rest as it can be."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from sim.kernel import Clock
from sim.mechanisms.government.budget import Budget
from sim.verify.bench import bare_world
from sim.world.flows import Flows
from sim.world.money import FEN_PER_YUAN, LINES, budget_row, rows_of_line, society_spend
from sim.world.place import load_place

PLACE = load_place("jincheng-2020")
SIZE = len(PLACE.divisions)
USUAL = np.linspace(1e5, 9e5, SIZE)  # yuan a year


def year_of(cost: np.ndarray | None) -> Any:
    """A year in which a policy costs so much in each division (None: nobody has it)."""
    world: Any = SimpleNamespace(
        place=PLACE,
        divisions=SIZE,
        levers={name: np.array(value, float) for name, value in PLACE.bases.items()},
        tables={},
        flows=Flows(SIZE),
    )
    rule = Budget()
    rule.prepare(world)
    clock = Clock(date(2020, 1, 1), 7.0, 0.0)
    for _ in range(53):
        if cost is not None and clock.begins < 363.0:  # the last week of these is booked next
            society_spend(world, "courses", cost, USUAL, clock)
        rule.step(world, clock)
        clock.advance()
    return world


def paid(world: Any, line: str) -> np.ndarray:
    rows = budget_row(np.arange(SIZE), line)
    return world.tables["budget"].paid[rows] / FEN_PER_YUAN


def test_the_usual_cost_is_paid_in_full_and_leaves_all_other_lines_alone():
    with_it, without = year_of(USUAL), year_of(None)
    years = 52 * 7 / 365.25
    assert paid(with_it, "society") == pytest.approx(USUAL * years, abs=0.05)
    for line in set(LINES) - {"society"}:
        assert np.array_equal(paid(with_it, line), paid(without, line))
    left = with_it.tables["treasury"].carried - without.tables["treasury"].carried
    assert np.abs(left).max() <= 2  # fen


def test_what_a_policy_costs_is_counted_by_its_name():
    world = year_of(USUAL)
    counted = world.flows.by_division["spent_on_courses"]
    assert counted == pytest.approx(paid(world, "society"), abs=0.05)
    assert counted == pytest.approx(world.flows.by_division["spent_society"], abs=0.05)


def test_a_policy_beyond_the_usual_is_planned_at_cost_of_which_the_execution_share_comes():
    usual, double = year_of(USUAL).tables["treasury"], year_of(2 * USUAL).tables["treasury"]
    more = USUAL * 52 * 7 / 365.25 * FEN_PER_YUAN
    assert double.planned - usual.planned == pytest.approx(more, abs=10)
    unpaid = double.without_money - usual.without_money
    assert unpaid == pytest.approx(more * (1 - PLACE.by_division("execution_share")), abs=10)


def test_without_the_policy_the_line_is_empty():
    world = year_of(0 * USUAL)
    assert not paid(world, "society").any()
    assert not (world.tables["treasury"].planned - year_of(None).tables["treasury"].planned).any()


def test_a_policy_that_the_division_cannot_pay_for_is_cut_like_all_lines():
    world = year_of(USUAL + 1e9)
    shares = world.tables["budget"].paid_share.reshape(SIZE, len(LINES))
    asked = world.tables["budget"].due.reshape(SIZE, len(LINES)) > 0
    for division in range(SIZE):
        assert np.ptp(shares[division, asked[division]]) < 0.01
    clock = Clock(date(2021, 1, 1), 7.0, 371.0)
    share = society_spend(world, "courses", USUAL, USUAL, clock)
    assert (share < 0.98).all()


def test_where_no_budget_is_kept_everything_is_paid():
    world = bare_world(10, 1)
    share = society_spend(
        world, "courses", np.array([5e5]), np.array([1e5]), Clock(date(2020, 1, 1))
    )
    assert share.tolist() == [1.0]
    assert world.flows.by_division["spent_on_courses"] == pytest.approx(5e5 * 7 / 365.25)


def test_what_is_counted_as_spent_is_the_share_that_is_paid():
    """Half of the society line is paid, and all of every other."""
    world = year_of(None)
    budget, before = world.tables["budget"], world.tables["budget"].spend.copy()
    budget.paid_share[:] = 1.0
    budget.paid_share[rows_of_line("society")] = 0.5
    clock = Clock(date(2021, 1, 1), 7.0, 371.0)
    share = society_spend(world, "compacts", USUAL, USUAL, clock)
    assert share == pytest.approx(np.full(SIZE, 0.5))
    cost = USUAL * clock.dt_years
    assert world.flows.by_division["spent_on_compacts"] == pytest.approx(0.5 * cost)
    due = (budget.spend - before)[rows_of_line("society")] / FEN_PER_YUAN
    assert due == pytest.approx(cost)

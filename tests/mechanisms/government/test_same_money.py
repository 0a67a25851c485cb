"""The two policies of "the same money" cost the same, counted by the budget itself."""

import pytest

from sim.engine.load import load
from sim.mechanisms.government.budget import yearly_cost


def extra_yuan(name: str) -> float:
    """Yuan a year that a shipped policy costs beyond the base."""
    scenario = load(name)
    levers = scenario.lever_values(scenario.start)
    fen = [
        sum(sum(lines.values()) for lines in yearly_cost(scenario.place, given).values())
        for given in (levers, None)
    ]
    return (fen[0] - fen[1]) / 100


def test_money_on_mediators_and_on_the_subsidy_is_the_same_money_within_a_thousandth() -> None:
    on_mediators = extra_yuan("money-on-mediators")
    assert extra_yuan("money-on-subsidy") == pytest.approx(on_mediators, rel=1e-3)


def test_the_policies_say_how_much_it_is() -> None:
    """18.0 million yuan, as their titles and reasons state."""
    assert extra_yuan("money-on-mediators") == pytest.approx(18.0e6, rel=0.005)


def test_doubled_mediators_and_money_on_mediators_are_one_policy_under_two_questions() -> None:
    assert load("mediators-doubled").canonical() == load("money-on-mediators").canonical()

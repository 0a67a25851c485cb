"""A record that improves more than the facts is told of, and only such a one."""

import pytest

from sim.report.content import Content
from sim.report.hidden import PAID, SUCCESS_ACTUAL, SUCCESS_RECORDED, notes_of


def row(outcome: str, difference: float, half: float, *, clear: bool) -> dict:
    """What a comparison says of a share that was a half before."""
    return {
        "scenario": "targets",
        "outcome": outcome,
        "by": None,
        "group": None,
        "unit": "share",
        "baseline_mean": 0.5,
        "mean": 0.5 + difference,
        "difference": difference,
        "low": difference - half,
        "high": difference + half,
        "distinguishable": clear,
        "negligible": False,
        "relative": difference / 0.5,
        "replications": 30,
    }


@pytest.mark.parametrize(("actual", "told"), [(0.0, True), (-0.01, True), (0.05, False)])
def test_success_on_paper_is_held_against_what_the_parties_saw(actual, told):
    """Of 5 points that chance may have made up, no one can say that the record is ahead by 2."""
    rows = [
        row(SUCCESS_RECORDED, 0.02, 0.01, clear=True),
        row(SUCCESS_ACTUAL, actual, 0.06, clear=False),
    ]
    notes = notes_of(Content({"baseline": "base", "differences": rows}, "en"), "targets")
    assert any("The record improves more than the facts" in note for note in notes) == told


@pytest.mark.parametrize(("fall", "told"), [(-0.05, True), (-0.01, False), (0.05, False)])
def test_a_policy_that_drains_the_budget_costs_every_line_of_it(fall, told):
    """Half an interval of 2 points: a fall of 1 may be chance, and a rise costs nobody anything."""
    rows = [row(PAID, fall, 0.02, clear=False)]
    notes = notes_of(Content({"baseline": "base", "differences": rows}, "en"), "targets")
    assert (
        any(
            "all lines of the budget without money of their own are paid less" in note
            for note in notes
        )
        == told
    )

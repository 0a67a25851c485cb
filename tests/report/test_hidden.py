"""A record that improves more than the facts is told of, and only such a one."""

import pytest

from sim.report.content import Content
from sim.report.hidden import SUCCESS_ACTUAL, SUCCESS_RECORDED, notes_of


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

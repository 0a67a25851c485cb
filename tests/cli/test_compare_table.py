"""The table of `shiyu compare` shows what the interval earns."""

from types import SimpleNamespace

import pandas as pd
import pytest

from sim.cli.compare_table import _row, show_comparison
from sim.engine.load import load
from sim.outcomes import silent_in

RECORD = {
    "scenario": "paid",
    "outcome": "escalation_share",
    "by": None,
    "group": None,
    "unit": "share",
    "baseline_mean": 0.2012345,
    "mean": 0.1512345,
    "difference": -0.05,
    "low": -0.06,
    "high": -0.04,
    "p_holm": 0.01,
    "distinguishable": True,
    "negligible": False,
    "relative": -0.25,
    "replications": 30,
}


def test_a_line_has_no_more_digits_than_the_report_shows():
    """Half an interval of one point earns tenths of a point: three decimals of a share."""
    assert _row(RECORD, "en")[1:5] == ("0.201", "0.151", "−0.050", "−0.060 … −0.040")


def test_one_pair_has_no_interval():
    assert _row(RECORD | {"low": None, "high": None}, "en")[4] == "-"


def compared(*rows):
    """A comparison of two villages with themselves that holds these rows."""
    scenario = load("two-villages", {"outcomes": "[escalation_share]"})
    table = pd.DataFrame([RECORD | {"scenario": "two-villages"} | row for row in rows])
    return SimpleNamespace(
        baseline=scenario,
        others=(scenario,),
        silent={scenario.name: silent_in(scenario)},
        replications=30,
        table=table,
        prices=[],
        drawn=None,
        precise=None,
        files={},
    )


@pytest.mark.parametrize(("lang", "words"), [("en", "are paid less"), ("zh", "都因此少付")])
def test_a_policy_that_drains_the_budget_is_told_to_cost_what_the_table_does_not_show(
    capsys, lang, words
):
    show_comparison(compared({"outcome": "budget_paid_share"}), lang, everything=False)
    assert words in capsys.readouterr().out


@pytest.mark.parametrize(("lang", "words"), [("en", "2 differences"), ("zh", "2 个差异")])
def test_a_verdict_is_told_to_allow_for_all_differences_and_not_only_for_those_shown(
    capsys, lang, words
):
    """One is shown, one is not, one has no p, and one is of a group, a family of its own."""
    rows = ({}, {"outcome": "late_share"}, {"outcome": "jobs", "p_holm": None})
    found = compared(*rows, {"by": "kind", "group": "rural"})
    show_comparison(found, lang, everything=False)
    assert words in capsys.readouterr().out

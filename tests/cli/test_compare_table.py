"""The table of `shiyu compare` shows what the interval earns."""

from types import SimpleNamespace

import pandas as pd
import pytest

from sim.cli.compare_table import _row, show_comparison
from sim.engine.load import load

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


@pytest.mark.parametrize(("lang", "words"), [("en", "are paid less"), ("zh", "都因此少付")])
def test_a_policy_that_drains_the_budget_is_told_to_cost_what_the_table_does_not_show(
    capsys, lang, words
):
    less = RECORD | {"scenario": "two-villages", "outcome": "budget_paid_share"}
    scenario = load("two-villages", {"outcomes": "[escalation_share]"})
    found = SimpleNamespace(
        baseline=scenario,
        others=(scenario,),
        replications=30,
        table=pd.DataFrame([less]),
        prices=[],
        drawn=None,
        precise=None,
        files={},
    )
    show_comparison(found, lang, everything=False)
    assert words in capsys.readouterr().out

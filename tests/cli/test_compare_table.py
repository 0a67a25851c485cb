"""The table of `shiyu compare` shows what the interval earns."""

from sim.cli.compare_table import _row

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

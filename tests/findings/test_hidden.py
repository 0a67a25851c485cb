"""What a factor costs that the outcomes shown do not tell is said, in the direction that costs."""

import pytest

from sim.findings import Study
from sim.findings.effects import effects_in
from sim.findings.hidden import hidden_words
from sim.findings.words import factor_names
from tests.analysis.designs import factorial, swept
from tests.findings.studies import OUTCOMES, STAFF, SUBSIDY, outcomes_of

WEIGHT = "policies.assessment.weights.petition_count"


def costs(folder, **slopes):
    """Hidden costs of a study in which two outcomes follow staff and the weight by a slope."""
    points = factorial(**{STAFF: [10, 70], WEIGHT: [1.0, 0.2]})
    staff, weight = points[STAFF].to_numpy(float), points[WEIGHT].to_numpy(float)
    values = outcomes_of(points.assign(**{SUBSIDY: 0.0, "policies.coordination.data_sharing": 0.0}))
    values["budget_paid_share"] = 0.99 + slopes.get("paid", 0.0) * staff
    values["petitions_prevented_per_10k"] = 1.0 + slopes.get("prevented", 0.0) * weight
    table = swept(points, values, 4, 0.0005)
    shown = Study("made-up", "factorial", (STAFF, WEIGHT), tuple(values), table, folder)
    return effects_in(shown, ["escalation_share"]).content["hidden_costs"]


def test_more_of_one_thing_that_leaves_less_for_the_others_is_told_though_nobody_asked(tmp_path):
    (row,) = costs(tmp_path, paid=-0.002)
    assert row["outcome"] == "budget_paid_share"
    assert (row["factor"], row["start"], row["end"]) == (STAFF, 10, 70)
    assert row["effect"] == pytest.approx(-0.12, abs=0.01)
    said = hidden_words(row, factor_names([STAFF], "en")).replace("\u00a0", " ")
    assert "10 → 70" in said
    assert "paid changes by −1" in said
    assert "percentage points" in said


def test_a_cost_is_told_in_the_direction_in_which_it_falls_due(tmp_path):
    (row,) = costs(tmp_path, prevented=5.0)  # from a weight of 1 to .2 fewer are turned away
    assert row["outcome"] == "petitions_prevented_per_10k"
    assert (row["start"], row["end"]) == (0.2, 1.0)
    assert row["effect"] == pytest.approx(4.0, abs=0.1)
    assert row["low"] < row["effect"] < row["high"]
    assert "未予登记" in hidden_words(row, factor_names([WEIGHT], "zh"))


def test_what_costs_nothing_of_the_kind_is_not_warned_of(tmp_path):
    assert costs(tmp_path, paid=0.00005) == []
    assert set(OUTCOMES).isdisjoint({"budget_paid_share", "petitions_prevented_per_10k"})

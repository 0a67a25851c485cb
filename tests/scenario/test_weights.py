"""An assessment asks for something, always and everywhere."""

from typing import Any

import pytest

from sim.engine.load import load
from sim.kernel import ScenarioError

NAMES = ("resolution", "petition_count", "public_satisfaction", "paperwork")
LATER = [{"from": "2021-01-01", "value": 0}]
IN_ONE = {"divisions": {"zezhou": 0}}


def weighed(*values: Any) -> dict[str, Any]:
    given = zip(NAMES, values, strict=True)
    return {f"policies.assessment.weights.{name}": value for name, value in given}


@pytest.mark.parametrize(
    ("values", "where"),
    [
        ((0, 0, 0, 0), "chengqu"),
        ((0, 0, 0, LATER), "chengqu"),
        ((0, IN_ONE, LATER, IN_ONE), "zezhou"),
    ],
)
def test_four_weights_of_nothing_are_refused(values, where):
    with pytest.raises(ScenarioError, match=f"all four weights are 0 in {where}"):
        load("jincheng-2020", weighed(*values))


@pytest.mark.parametrize(
    "values",
    [
        (0, 0, 0, 1e-9),
        (0, IN_ONE, 0, {"divisions": {"gaoping": 0}}),
        ([{"from": "2021-01-01", "value": 1}], LATER, LATER, LATER),
    ],
)
def test_one_weight_is_enough(values):
    assert len(load("jincheng-2020", weighed(*values)).policies) == 4


def test_weights_that_nobody_sets_stand_at_their_base():
    policies = {"policies.assessment.weights.resolution": 0}
    assert load("two-villages", policies).policies.keys() == {"assessment.weights.resolution"}

"""A lever that moves in the course of a run moves nothing before its day."""

import pandas as pd
import pytest

from promises.small import assert_same_values, city
from sim.engine.run import replicate

pytestmark = pytest.mark.slow

CHANGE = "2020-04-01"  # a Wednesday; steps begin on Wednesdays, so the 13 before it are untouched
LEVERS = {
    "mediation.staff_per_10k": 100,
    "grid.subsidy_yuan_per_year": 24000,
    "courts.prelitigation_share": 0.6,
    "deliberation.meetings_per_year": 12,
}


@pytest.fixture(scope="module")
def runs():
    """The trajectory of the baseline, and of one scheduled change of each lever."""
    later = [
        city(**{f"policies.{lever}": [{"from": CHANGE, "value": value}]})
        for lever, value in LEVERS.items()
    ]
    results = replicate([city(), *later], 6)
    return dict(zip(["base", *LEVERS], (run.trajectory for run in results), strict=True))


@pytest.mark.parametrize("lever", LEVERS)
def test_until_its_day_every_bit_is_as_without_it(runs, lever):
    before = runs["base"]["day"] <= 91.0  # the day that is 1 April
    assert before.sum() == 13
    assert_same_values(runs["base"][before], runs[lever][before])


@pytest.mark.parametrize("lever", LEVERS)
def test_after_its_day_something_differs(runs, lever):
    after = runs["base"]["day"] > 91.0
    assert not runs["base"][after].equals(runs[lever][after])


def test_the_step_that_begins_on_the_day_is_the_first_under_the_new_value():
    """Pre-litigation mediation is felt in the very week in which its share rises."""
    lever = "courts.prelitigation_share"
    scenario = city(**{f"policies.{lever}": [{"from": CHANGE, "value": 0.6}]})
    day = pd.Timestamp(CHANGE).date()
    assert scenario.lever_values(day)[lever].tolist() == [0.6] * 6
    eve = (pd.Timestamp(CHANGE) - pd.Timedelta(days=1)).date()
    assert scenario.lever_values(eve)[lever].tolist() == [0.3] * 6


def test_a_lever_that_goes_back_to_its_base_holds_until_then():
    there_and_back = [{"from": "2020-01-01", "value": 100}, {"from": CHANGE, "value": 34.2}]
    scenario = city(**{"policies.mediation.staff_per_10k": there_and_back})
    values = [
        scenario.lever_values(pd.Timestamp(day).date())["mediation.staff_per_10k"][0]
        for day in ("2019-12-31", "2020-01-01", "2020-03-31", CHANGE)
    ]
    assert values == [34.2, 100.0, 100.0, 34.2]  # no policy holds in the year before the start

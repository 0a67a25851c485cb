"""A branch has the levers and shocks of its past until the day, and its own from the day on."""

from dataclasses import replace
from datetime import date

import pytest

from sim.engine.ledger import known as real_known
from sim.kernel.fault import ScenarioError
from sim.scenario import load
from sim.scenario.branching import branched, past_of

KNOWN = real_known()
ON, DAYS = date(2020, 6, 1), 147.0  # 21 weeks have been run; the day lies in the next
LEVER = "mediation.staff_per_10k"
FLOOD = {"kind": "flood", "on": "2020-03-01", "division": "chengqu", "households": 900}
LATE = FLOOD | {"on": "2020-09-01"}
PANDEMIC = {"kind": "pandemic", "on": "2020-02-01"}


def scenario(lever=None, shocks=(), **settings):
    policies = {} if lever is None else {f"policies.{LEVER}": lever}
    return load("jincheng-2020", KNOWN, {"shocks": list(shocks)} | policies | settings)


def branch(past, then):
    """The scenario that goes on as `then` says, and the levers of which it says something else."""
    return branched(then, past_of(past, ON, DAYS, {}), {}, "the state")


def dated(*steps):
    return [{"from": day, "value": value} for day, value in steps]


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        (30, 80, (("2020-01-01", 30), ("2020-06-01", 80))),
        (dated(("2020-03-01", 40), ("2020-07-01", 50)), 80,
         (("2020-03-01", 40), ("2020-06-01", 80))),  # what was to come in the past never does
        (dated(("2020-06-01", 40)), dated(("2020-06-01", 80)), (("2020-06-01", 80),)),
        (dated(("2020-03-01", 40)), dated(("2020-03-01", 40), ("2020-08-01", 60)),
         (("2020-03-01", 40), ("2020-06-01", 40), ("2020-08-01", 60))),
        (30, dated(("2020-07-01", 60)),
         (("2020-01-01", 30), ("2020-06-01", None), ("2020-07-01", 60))),  # None: the base again
    ],
)  # fmt: skip
def test_a_lever_is_as_it_was_before_the_day_and_as_the_branch_says_from_it_on(
    before, after, found
):
    got, _ = branch(scenario(before), scenario(after))
    steps = [(step.since.isoformat(), step.level.plain()) for step in got.policies[LEVER].steps]
    assert tuple(steps) == found


def test_a_branch_needs_a_step_beyond_those_that_were_run():
    """Twenty-one weeks are done; .4 years are as many, and .42 one more."""
    past = scenario()
    assert scenario(**{"time.years": 0.4}).steps == 21
    assert branch(past, scenario(**{"time.years": 0.42}))[0].steps == 22
    with pytest.raises(ScenarioError, match="years end before the state does"):
        branch(past, scenario(**{"time.years": 0.4}))


def test_only_changes_of_parameters_before_the_day_are_past():
    changes = tuple((date(2020, month, 1), {"made.up": month}) for month in (5, 6, 7))
    past = past_of(replace(scenario(), retuned=changes), ON, DAYS, {})
    assert past.retuned == changes[:1]


def test_a_changed_parameter_holds_from_the_day_on():
    past = past_of(scenario(), ON, DAYS, {"made.up": 1.0, "other": 2.0})
    found, _ = branched(scenario(), past, {"made.up": 3.0, "other": 2.0}, "the state")
    assert found.retuned == ((ON, {"made.up": 3.0}),)


@pytest.mark.parametrize(
    ("past", "then", "found"),
    [
        ([FLOOD], [], [FLOOD]),
        ([FLOOD], [FLOOD, LATE], [FLOOD, LATE]),
        ([FLOOD], [LATE], [FLOOD, LATE]),
        ([FLOOD, PANDEMIC], [LATE, FLOOD], [FLOOD, PANDEMIC, LATE]),
        ([FLOOD, LATE], [], [FLOOD]),
        ([LATE, FLOOD], [LATE | {"households": 5}], [LATE | {"households": 5}, FLOOD]),
    ],
)
def test_shocks_that_came_keep_their_places_and_others_stand_around_them(past, then, found):
    got, _ = branch(scenario(shocks=past), scenario(shocks=then))
    assert [shock.plain() for shock in got.shocks] == found


def test_a_shock_that_came_behind_one_that_did_not_has_no_place_without_it():
    with pytest.raises(ScenarioError, match="stood behind others that had not come"):
        branch(scenario(shocks=[LATE, FLOOD]), scenario())

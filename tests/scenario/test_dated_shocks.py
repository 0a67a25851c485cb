"""Shocks are part of what a scenario says: checked, shown, and part of the run's identity."""

from datetime import date

import pytest

from sim.engine.ledger import known as real_known
from sim.engine.run import _sharing
from sim.kernel.fault import ScenarioError
from sim.scenario import Shock, load
from sim.scenario.difference import differences
from sim.scenario.shocks import _of_size

from .made_up import FakePlace

FLOOD = {"kind": "flood", "on": "2021-07-01", "division": "chengqu", "households": 900}
PANDEMIC = {"kind": "pandemic", "on": "2020-02-01"}
CLOSURE = {
    "kind": "factory_closure", "on": "2020-01-01", "division": "gaoping", "jobs": 2_000,
    "until": "2022-01-01", "response": "dialogue",
}  # fmt: skip
KNOWN = real_known()


def scenario(*shocks: dict, **settings: object):
    return load("jincheng-2020", KNOWN, {"shocks": list(shocks)} | settings)


def test_what_is_written_is_what_there_is():
    flood, pandemic, closure = scenario(FLOOD, PANDEMIC, CLOSURE).shocks
    assert flood == Shock("flood", date(2021, 7, 1), "chengqu", 900)
    assert pandemic == Shock("pandemic", date(2020, 2, 1))
    assert (closure.count, closure.until, closure.response) == (2000, date(2022, 1, 1), "dialogue")


def test_a_resolved_scenario_loads_as_the_same():
    first = scenario(FLOOD, PANDEMIC, CLOSURE)
    again = load(first.resolved(), KNOWN)
    assert again.shocks == first.shocks
    assert again.canonical() == first.canonical()


@pytest.mark.parametrize(
    "other",
    [
        [],
        [PANDEMIC],
        [FLOOD, PANDEMIC],
        [FLOOD | {"households": 901}],
        [FLOOD | {"kind": "siting"}],
    ],
)
def test_other_shocks_are_another_run(other):
    assert scenario(FLOOD).canonical() != scenario(*other).canonical()


def test_shocks_are_told_apart_in_a_difference():
    [found] = differences(scenario(FLOOD), scenario(PANDEMIC), KNOWN.ledger)
    assert (found.key, found.first, found.second) == ("shocks", [FLOOD], [PANDEMIC])
    assert differences(scenario(FLOOD), scenario(FLOOD), KNOWN.ledger) == []


def test_a_list_of_shocks_replaces_that_of_the_parent():
    child = {"name": "child", "extends": "jincheng-2020", "shocks": [FLOOD]}
    assert load(child, KNOWN, {"shocks": [PANDEMIC]}).shocks == scenario(PANDEMIC).shocks


def test_scenarios_that_differ_in_shocks_alone_share_a_world():
    assert _sharing([scenario(), scenario(FLOOD), scenario(PANDEMIC)]) == [[0, 1, 2]]


def test_shocks_of_a_mechanism_that_is_off_are_pointed_out():
    told = scenario(FLOOD, mechanisms=["grievance", "influence"])
    assert told.warnings == ("shocks: mechanism shocks is switched off here, so these shocks do "
                             "nothing",)  # fmt: skip


def test_more_households_than_there_are_and_too_few_to_simulate_are_pointed_out():
    [many] = scenario(FLOOD | {"households": 400_000}).warnings
    assert "400000 households are more than the 225358 or so that live there" in many
    [few] = scenario(FLOOD | {"households": 300}).warnings
    assert "fewer than 10 simulated adults at scale 0.01" in few
    assert scenario(FLOOD | {"households": 300}, scale=0.1).warnings == ()


def test_no_more_households_stand_for_a_shock_than_live_there():
    """Ten households of three, .83 of them adults: at a scale of .3 there are 7.5 adults."""
    values = {"divisions.chengqu.population": 30.0, "world.household_size": 3.0}
    place = FakePlace(values=values)
    [many, few] = _of_size(Shock("flood", date(2021, 7, 1), "chengqu", 900), place, 0.3)
    assert "900 households are more than the 10 or so that live there" in many
    assert "fewer than 10 simulated adults at scale 0.3" in few
    [many] = _of_size(Shock("flood", date(2021, 7, 1), "chengqu", 900), place, 0.5)
    assert "are more than" in many


def test_a_shock_hits_a_million_households_at_most():
    assert scenario(FLOOD | {"households": 1_000_000}).shocks[0].count == 1_000_000
    with pytest.raises(ScenarioError, match="1000001 is above 1000000"):
        scenario(FLOOD | {"households": 1_000_001})


def test_a_shock_may_come_on_the_first_day():
    [shock] = scenario(FLOOD | {"on": "2020-01-01", "until": "2020-01-02"}).shocks
    assert (shock.on, shock.until) == (date(2020, 1, 1), date(2020, 1, 2))


def test_a_shock_after_the_end_is_pointed_out_and_goes_on_being_one():
    # a year is 52 weeks, of which the last day is 2020-12-29
    [told] = scenario(FLOOD, PANDEMIC, **{"time.years": 1}).warnings
    assert told == (
        "--set shocks: on: 2021-07-01 comes after the end of the run, 2020-12-29: nothing "
        "comes of it"
    )
    on = {"on": "2020-12-29"}
    assert scenario(FLOOD | on, **{"time.years": 1}).warnings == ()


@pytest.mark.parametrize("shocks", [[FLOOD], [PANDEMIC, CLOSURE]])
def test_the_schema_takes_what_loading_takes(shocks):
    jsonschema = pytest.importorskip("jsonschema")
    from sim.scenario.json_schema import json_schema

    file = {"name": "child", "extends": "jincheng-2020", "shocks": shocks}
    jsonschema.Draft7Validator(json_schema()).validate(file)


@pytest.mark.parametrize(
    "shock",
    [
        FLOOD | {"jobs": 3},
        {"kind": "flood", "on": "2021-07-01", "division": "chengqu"},
        PANDEMIC | {"households": 9},
        PANDEMIC | {"response": "concede"},
        CLOSURE | {"response": "shout"},
        FLOOD | {"households": 0},
        FLOOD | {"kind": "storm"},
        {"kind": "pandemic"},
    ],
)
def test_what_the_schema_refuses_loading_refuses_too(shock):
    jsonschema = pytest.importorskip("jsonschema")
    from sim.scenario.json_schema import json_schema

    file = {"name": "child", "extends": "jincheng-2020", "shocks": [shock]}
    assert not jsonschema.Draft7Validator(json_schema()).is_valid(file)
    with pytest.raises(ScenarioError):
        load(file, KNOWN)

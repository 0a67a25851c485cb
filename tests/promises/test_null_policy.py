"""A policy that changes nothing changes no bit; one that changes something does."""

import pytest

from promises.small import assert_same_values, city
from sim.engine.load import load
from sim.engine.run import replicate
from sim.scenario.levers import worded


def stating_the_base():
    """Every lever set to what it is anyway, in every division."""
    place = city().place
    policies = {
        f"policies.{lever}": {
            "divisions": dict(zip(place.divisions, worded(lever, base.tolist()), strict=True))
        }
        for lever, base in place.bases.items()
    }
    return load(city(), policies)


@pytest.fixture(scope="module")
def runs():
    only_extends = {"name": "heir", "extends": "jincheng-2020", "scale": 0.005}
    scenarios = {
        "base": city(),
        "states the base": stating_the_base(),
        "extends": load(only_extends, {"time.years": 0.5}),
        "doubled": load("mediators-doubled", {"scale": 0.005, "time.years": 0.5}),
    }
    return dict(zip(scenarios, replicate(list(scenarios.values()), 3), strict=True))


@pytest.mark.parametrize("null", ["states the base", "extends"])
def test_a_null_policy_differs_by_exactly_nothing(runs, null):
    assert_same_values(runs["base"].outcomes, runs[null].outcomes)
    assert_same_values(runs["base"].trajectory, runs[null].trajectory)


@pytest.mark.parametrize("null", ["states the base", "extends"])
def test_a_null_policy_is_the_same_run(runs, null):
    assert runs["base"].run_id == runs[null].run_id


def test_twice_the_mediators_make_a_difference(runs):
    base, doubled = (runs[name].headline() for name in ("base", "doubled"))
    ratio = doubled["mediators_per_10k"]["value"] / base["mediators_per_10k"]["value"]
    assert 1.3 < ratio < 2.1  # new posts fill within months, not at once
    assert doubled["late_share"]["value"] < base["late_share"]["value"]
    assert runs["base"].run_id != runs["doubled"].run_id


@pytest.mark.slow
def test_a_run_beside_others_has_the_values_of_a_run_alone(runs):
    alone = replicate([load("mediators-doubled", {"scale": 0.005, "time.years": 0.5})], 3)[0]
    assert_same_values(alone.outcomes, runs["doubled"].outcomes)
    assert_same_values(alone.trajectory, runs["doubled"].trajectory)

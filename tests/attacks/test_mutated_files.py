"""Whatever is done to a shipped file or setting, it loads or is refused with located faults."""

import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.engine.ledger import known
from sim.scenario.find import shipped_places, shipped_scenarios
from tests.experiment_scripts import FOLDER

from .mutations import MUTATIONS, setting
from .tries import TRACEBACK, attempt, attempt_experiment

pytestmark = pytest.mark.slow

KNOWN = known()
STUDIES = [path.read_bytes() for path in sorted(FOLDER.glob("*.yaml"))]
GOOD = [path.read_bytes() for path in shipped_scenarios().values()]


@pytest.fixture(autouse=True)
def in_an_empty_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


# Every example uses the same folder, and begins by writing its file anew.
IN_ONE_FOLDER = {"suppress_health_check": list(HealthCheck)}


@pytest.mark.parametrize("mutate", MUTATIONS, ids=lambda mutate: mutate.__name__)
@settings(max_examples=15, **IN_ONE_FOLDER)
@given(seed=st.integers(0, 2**32), good=st.sampled_from(GOOD), other=st.sampled_from(GOOD))
def test_a_mutated_scenario_is_refused_or_loads(mutate, seed, good, other):
    Path("mutant.yaml").write_bytes(mutate(random.Random(seed), good, other))
    done = attempt("mutant.yaml", KNOWN)
    assert done.outcome != TRACEBACK, done.said


@pytest.mark.parametrize("mutate", MUTATIONS, ids=lambda mutate: mutate.__name__)
@settings(max_examples=15, **IN_ONE_FOLDER)
@given(seed=st.integers(0, 2**32), good=st.sampled_from(STUDIES), other=st.sampled_from(STUDIES))
def test_a_mutated_experiment_is_refused_or_loads(mutate, seed, good, other):
    Path("mutant.yaml").write_bytes(mutate(random.Random(seed), good, other))
    done = attempt_experiment(Path("mutant.yaml"), KNOWN)
    assert done.outcome != TRACEBACK, done.said


@settings(max_examples=100, **IN_ONE_FOLDER)
@given(seed=st.integers(0, 2**32))
def test_a_mutated_setting_is_refused_or_holds(seed):
    key, value = setting(random.Random(seed))
    done = attempt("jincheng-2020", KNOWN, {key: value})
    assert done.outcome != TRACEBACK, (key, value, done.said)


@settings(max_examples=10, **IN_ONE_FOLDER)
@given(seed=st.integers(0, 2**32), mutate=st.sampled_from(MUTATIONS))
def test_a_mutated_place_is_refused_or_loads(seed, mutate):
    good = shipped_places()["two-villages"].read_bytes()
    Path("place.yaml").write_bytes(mutate(random.Random(seed), good, GOOD[0]))
    done = attempt({"name": "x", "extends": "two-villages", "place": "./place.yaml"}, KNOWN)
    assert done.outcome != TRACEBACK, done.said

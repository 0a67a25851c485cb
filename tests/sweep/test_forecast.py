"""A forecast adds up warm-ups, steps and bytes of what is missing."""

from types import SimpleNamespace

import pandas as pd
import pytest

import sim.sweep.forecast as module
from sim.store import Store, StoreError
from sim.sweep.forecast import (
    _from_store,
    _from_trial,
    _Rates,
    _sums,
    _warm_ups,
    forecast,
    seconds_a_step,
)
from sim.sweep.plan import Plan, PlannedRun, plan_of
from tests.experiment.files import STAFF, TWO_FACTORS, experiment

# Point 0: 100 steps at a scale of .5; point 1: 40 steps at .25.
PLAN = Plan(None, (), ({"scale": 0.5}, {"scale": 0.25}), ("town", "village"), (50.0, 10.0), ())


def run(point, replication=0):
    return PlannedRun(point, replication, 100 + replication, f"{point}{replication}")


def test_time_is_that_of_warm_ups_and_of_steps_by_the_size_of_the_world():
    """Three warm-ups at .375 x 8 s, and 60 steps of the whole city at .1 s; 140 steps in all."""
    rates = _Rates(building=8.0, stepping=0.1, run_bytes=1000.0, step_bytes=10.0)
    assert _sums(PLAN, [run(0), run(1)], 3, rates) == (9.0 + 6.0, 2 * 1000.0 + 140 * 10.0)


def test_a_world_is_warmed_up_once_unless_there_are_workers_to_spare():
    batches = [run(0), run(0), run(0), run(1), run(0, 1)]
    unmeasured = _Rates(building=1.0, stepping=1.0, run_bytes=1.0, step_bytes=1.0)
    assert _warm_ups(PLAN, batches, 2, unmeasured) == 3  # the town of two seeds, the village
    assert _warm_ups(PLAN, batches, 4, unmeasured) == 4
    assert _warm_ups(PLAN, batches, 8, unmeasured) == 5  # a worker has a batch, or nothing


def test_measured_runs_tell_of_a_warm_up_a_batch():
    measured = _Rates(building=1.0, stepping=1.0, run_bytes=1.0, step_bytes=1.0, measured=4)
    assert _warm_ups(PLAN, [run(0), run(0), run(1)], 1, measured) == 3


def test_rates_of_stored_runs_are_for_a_whole_city_and_a_step_of_it(tmp_path):
    """At a scale of .5: 4 s to build, and 10 s for 40 steps; 1,200 bytes hold all three runs."""
    document = {"resolved": {"scale": 0.5}, "build_seconds": 4.0, "seconds": 10.0, "steps": 40}
    places = {"00": SimpleNamespace(document=lambda: document)}

    def read(run_id, use):
        if run_id not in places:
            raise StoreError(tmp_path, "torn")
        return use(places[run_id])

    finished = SimpleNamespace(read=read, names=lambda: ["00", "10", "01"])
    (tmp_path / "part").mkdir()
    (tmp_path / "part" / "a.parquet").write_bytes(b"0" * 900)
    (tmp_path / "b.parquet").write_bytes(b"0" * 300)
    store = SimpleNamespace(finished=finished, path=tmp_path)
    assert _from_store(store, [run(0), run(1)]) == _Rates(8.0, 0.5, 400.0, 0.0, measured=1)
    assert _from_store(store, [run(1), run(0)]) == _Rates(8.0, 0.5, 400.0, 0.0, measured=1)
    assert _from_store(store, [run(1)]) is None
    assert seconds_a_step(store, [run(0)]) == 0.5
    assert seconds_a_step(store, [run(1)]) is None


@pytest.fixture
def trials(monkeypatch):
    """The scenarios that are tried; each takes the next seconds to build and to run."""
    tried, seconds = [], []

    def replicate(scenarios, _):
        built, ran = seconds[len(tried)]
        tried.append(scenarios[0])
        frame = pd.DataFrame({"day": range(9)})
        facts = {"document": {}, "outcomes": None, "trajectory": frame}
        return [SimpleNamespace(build_seconds=built, seconds=ran, steps=9, **facts)]

    def pack_run(document, outcomes, frame):
        return SimpleNamespace(content=b"0" * (1000 + 10 * len(frame)))

    monkeypatch.setattr(module, "replicate", replicate)
    monkeypatch.setattr(module, "pack_run", pack_run)
    return tried, seconds


@pytest.mark.parametrize(("first", "loading"), [((3.0, 2.0), 3.6), ((0.5, 0.7), 0.0)])
def test_rates_of_a_trial_leave_out_the_first_which_loads_compiled_code(
    first, loading, trials, tmp_path
):
    """Loading takes 3 + 2 s less .5 + .9 s; a run takes 1,000 bytes and 10 a step of its 9.

    Where the second by chance takes longer, nothing was loaded.
    """
    tried, seconds = trials
    seconds += [first, (0.5, 0.9)]
    rates = _from_trial(plan_of(experiment(tmp_path)))
    assert rates.building == pytest.approx(0.5 / tried[1].scale)
    assert rates.stepping == pytest.approx(0.9 / (9 * tried[1].scale))
    assert rates.loading == pytest.approx(loading)
    assert (rates.run_bytes, rates.step_bytes) == (1010.0, 10.0)


@pytest.mark.parametrize(("scale", "tried_at"), [(0.02, 0.01), (0.006, 0.006)])
def test_a_trial_is_nine_steps_of_a_small_city_in_which_nothing_befalls_it(
    scale, tried_at, trials, tmp_path
):
    tried, seconds = trials
    seconds += [(1.0, 1.0)] * 2
    head = f"""\
name: made-up
scenario: jincheng-2020
settings:
  scale: {scale}
  time.years: 1
  shocks: [{{kind: pandemic, on: 2020-01-10}}]
"""
    _from_trial(plan_of(experiment(tmp_path, TWO_FACTORS, head)))
    for scenario in tried:
        assert (scenario.scale, scenario.steps) == (tried_at, 9)
        assert (scenario.policies, scenario.shocks) == ({}, ())


def test_compiled_code_is_loaded_before_the_first_step(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "_from_trial", lambda _: _Rates(0.0, 0.0, 0.0, 0.0, loading=7.0))
    found = forecast(plan_of(experiment(tmp_path)), Store(tmp_path / "none"), workers=1)
    assert (found.seconds, found.measured) == (7.0, 0)


@pytest.mark.parametrize(("can_copy", "seconds"), [(True, 2.0), (False, 9.0)])
def test_workers_that_are_copies_have_loaded_compiled_code_when_they_start(
    can_copy, seconds, tmp_path, monkeypatch
):
    monkeypatch.setattr(module, "CAN_COPY", can_copy)
    monkeypatch.setattr(module, "_starting", lambda _: 2.0)
    monkeypatch.setattr(module, "_from_trial", lambda _: _Rates(0.0, 0.0, 0.0, 0.0, loading=7.0))
    found = forecast(plan_of(experiment(tmp_path)), Store(tmp_path / "none"), workers=2)
    assert found.seconds == seconds


def test_a_forecast_tells_how_many_points_a_constraint_leaves_out(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "_from_trial", lambda _: _Rates(0.0, 0.0, 0.0, 0.0))
    design = experiment(tmp_path, f"constraints: [{STAFF} > 10]\n" + TWO_FACTORS)
    found = forecast(plan_of(design), Store(tmp_path / "none"), workers=1)
    assert (found.points, found.left_out) == (4, 2)

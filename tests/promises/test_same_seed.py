"""The same scenario and seed give the same values to the last bit, wherever they are computed."""

import os

import pytest

from promises.small import assert_same_values, villages
from sim.engine.replications import Replicating
from sim.engine.run import replicate


def replicated(workers: int):
    with Replicating([villages()], seed=5, workers=workers) as runs:
        return runs.run(range(2))


@pytest.fixture(scope="module")
def here():
    return replicated(1)


@pytest.mark.slow
def test_two_worker_processes_give_the_values_of_one(here, monkeypatch):
    monkeypatch.setenv("PYTHONHASHSEED", "1" if os.environ.get("PYTHONHASHSEED") != "1" else "2")
    there = replicated(2)
    assert len(there.runs) == 2
    assert_same_values(here.outcomes(), there.outcomes())
    assert_same_values(here.trajectories(), there.trajectories())


def test_a_run_is_the_same_the_second_time_and_alone(here):
    seed = here.runs[1, 0].seed
    again = replicate([villages()], seed)[0]
    assert again.run_id == here.runs[1, 0].run_id
    assert_same_values(again.outcomes, here.runs[1, 0].outcomes)
    assert_same_values(again.trajectory, here.runs[1, 0].trajectory)


def test_another_seed_meets_another_luck(here):
    first, second = here.runs[0, 0], here.runs[1, 0]
    assert first.seed != second.seed
    assert first.run_id != second.run_id
    assert not first.trajectory.equals(second.trajectory)

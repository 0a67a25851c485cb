"""A forecast adds up warm-ups, steps and bytes of what is missing."""

from sim.sweep.forecast import _Rates, _sums, _warm_ups
from sim.sweep.plan import Plan, PlannedRun

# Point 0: 100 steps at a scale of .5; point 1: 40 steps at .25.
PLAN = Plan(None, (), ({"scale": 0.5}, {"scale": 0.25}), ("town", "village"), (50.0, 10.0), ())


def run(point, replication=0):
    return PlannedRun(point, replication, 100 + replication, f"{point}{replication}")


def test_time_is_that_of_warm_ups_and_of_steps_by_the_size_of_the_world():
    """Three warm-ups at .375 x 8 s, and 60 steps of the whole city at .1 s; 140 steps in all."""
    rates = _Rates(building=8.0, stepping=0.1, run_bytes=1000.0, step_bytes=10.0)
    assert _sums(PLAN, [run(0), run(1)], 3, rates) == (9.0 + 6.0, 2 * 1000.0 + 140 * 10.0)


def test_a_world_is_warmed_up_by_each_worker_that_has_a_batch_on_it():
    batches = [run(0), run(0), run(0), run(1), run(0, 1)]
    unmeasured = _Rates(building=1.0, stepping=1.0, run_bytes=1.0, step_bytes=1.0)
    assert _warm_ups(PLAN, batches, 2, unmeasured) == 2 + 1 + 1
    assert _warm_ups(PLAN, batches, 8, unmeasured) == 3 + 1 + 1


def test_measured_runs_tell_of_a_warm_up_a_batch():
    measured = _Rates(building=1.0, stepping=1.0, run_bytes=1.0, step_bytes=1.0, measured=4)
    assert _warm_ups(PLAN, [run(0), run(0), run(1)], 1, measured) == 3

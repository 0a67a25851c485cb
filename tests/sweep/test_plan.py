"""Runs go out in batches that share people and luck, each run in one of them."""

from sim.sweep.plan import Plan, PlannedRun

WORLDS = ("town", "town", "village", "town", "town")


def batches(runs, most):
    plan = Plan(None, (), (), WORLDS, (), ())  # an experiment has no part in it
    return list(plan.batches(runs, most))


def three(point):
    return 3


def planned(replications=2):
    return [
        PlannedRun(point, replication, 100 + replication, f"{replication}{point}")
        for replication in range(replications)
        for point in range(len(WORLDS))
    ]


def test_every_run_is_in_one_batch():
    sent = [run for batch in batches(planned(), three) for run in batch]
    assert sorted(sent, key=lambda run: run.run_id) == planned()


def test_a_batch_is_of_one_replication_and_one_world():
    found = [
        (batch[0].replication, [run.point for run in batch]) for batch in batches(planned(), three)
    ]
    each = [[0, 1, 3], [4], [2]]
    assert found == [(replication, points) for replication in (0, 1) for points in each]


def test_how_many_go_together_is_asked_of_the_first_that_waits():
    """The first point goes alone; the next, two at a time."""
    found = batches(planned(1), lambda point: 1 if point == 0 else 2)
    assert [[run.point for run in batch] for batch in found] == [[0], [1, 3], [4], [2]]


def test_runs_that_are_stored_already_are_in_no_batch():
    assert batches([], three) == []
    (only,) = batches(planned()[4:5], three)
    assert only == (planned()[4],)

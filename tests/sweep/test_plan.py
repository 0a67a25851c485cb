"""Runs go out in batches that share people and luck, each run in one of them."""

from sim.sweep.plan import Plan, PlannedRun, plan_of
from tests.experiment.files import HEAD, STAFF, TWO_FACTORS, experiment

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


def test_points_that_differ_in_levers_alone_share_a_world_and_other_people_have_their_own(tmp_path):
    assert len(set(plan_of(experiment(tmp_path)).worlds)) == 1
    text = "design: {kind: factorial}\nreplications: 1\n"
    places = f"factors: {{scenario: [two-villages, jincheng-2020], {STAFF}: [10, 50]}}\n"
    one, also_one, other, also_other = plan_of(experiment(tmp_path, text + places)).worlds
    assert one == also_one != other == also_other


def test_a_later_replication_is_the_same_run_whichever_others_are_asked_for_with_it(tmp_path):
    plan = plan_of(experiment(tmp_path))
    assert plan.runs([2, 3]) == plan.runs(range(4))[12:]
    assert {run.replication for run in plan.runs([2, 3])} == {2, 3}


def test_what_is_remarked_of_every_point_is_told_once(tmp_path):
    head = HEAD.replace("{time", "{parameters.grievance.decay_per_year: 90, time")
    (told,) = plan_of(experiment(tmp_path, TWO_FACTORS, head)).warnings
    assert "90 is outside the plausible range" in told

"""Runs go out in batches that share people and luck, each run in one of them."""

import pytest

from sim.experiment import Experiment
from sim.kernel.fault import Fault, ScenarioError
from sim.scenario.faults import MAX_FAULTS
from sim.sweep.plan import Plan, PlannedRun, plan_of
from tests.experiment.files import HEAD, STAFF, TWO_FACTORS, experiment

MANY_POINTS = f"""\
design: {{kind: factorial}}
factors: {{{STAFF}: {{low: 10, high: 209, levels: 200}}}}
replications: 1
"""
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


def test_remarks_of_all_points_are_told(tmp_path):
    text = "design: {kind: factorial}\nreplications: 1\n"
    told = plan_of(
        experiment(tmp_path, text + "factors: {parameters.grievance.decay_per_year: [90, 95]}\n")
    ).warnings
    assert len(told) == 2
    assert "90 is outside" in told[0]
    assert "95 is outside" in told[1]


def test_each_of_many_worlds_has_a_name_of_its_own(tmp_path):
    text = "design: {kind: factorial}\nreplications: 1\n"
    decay = "parameters.grievance.decay_per_year: {low: 0.5, high: 0.9, levels: 40}"
    assert len(set(plan_of(experiment(tmp_path, text + f"factors: {{{decay}}}\n")).worlds)) == 40


def test_the_work_of_a_run_is_its_share_of_the_city_times_its_steps(tmp_path):
    """Fifty-two whole weeks of a hundredth of the city."""
    head = "name: made-up\nscenario: jincheng-2020\nsettings: {scale: 0.01, time.years: 1}\n"
    sizes = plan_of(experiment(tmp_path, TWO_FACTORS, head)).sizes
    assert sizes == pytest.approx([0.01 * 52] * 6)


def test_no_more_points_are_looked_at_than_it_takes_to_tell_as_many_faults_as_are_told(
    tmp_path, monkeypatch
):
    """A design may have a million of them, all with the same fault in the end."""
    design = experiment(tmp_path, MANY_POINTS)
    looked_at = []

    def refused(experiment, nodes):
        looked_at.append(nodes)
        raise ScenarioError([Fault("made-up", len(looked_at), 1, "scale", "is too large")])

    monkeypatch.setattr(Experiment, "scenario_of", refused)
    with pytest.raises(ScenarioError):
        plan_of(design)
    assert len(looked_at) == MAX_FAULTS + 1

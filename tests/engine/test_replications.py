"""Replications: every scenario meets the same seeds, and a run that fails costs itself only."""

import dataclasses

import pandas as pd
import pytest

from sim.engine.compare import compare, compare_table, compared
from sim.engine.kept import run_kept
from sim.engine.load import load
from sim.engine.pairs import load_all
from sim.engine.plan import Plan, command_for
from sim.engine.replications import Replicating, replication_seeds
from sim.engine.run import RunResult
from sim.kernel.fault import Fault, ScenarioError, ShiyuError
from sim.store import Store, describe_run, same_values

SETTINGS = {"time.years": 1}


@pytest.fixture
def villages():
    """Two scenarios that differ in one policy."""
    calm = {"name": "calm", "extends": "two-villages"}
    busy = calm | {"name": "busy", "policies": {"mediation": {"staff_per_10k": 60}}}
    return load_all([calm, busy], SETTINGS)


class Simulator:
    """Stands for the model: the value of a run is a plain function of its scenario and seed."""

    def __init__(self, breaks=lambda scenario, seed: None):
        self.breaks = breaks
        self.asked = []

    def __call__(self, scenarios, seed):
        self.asked.append((tuple(s.name for s in scenarios), seed))
        return [self.result(scenario, seed) for scenario in scenarios]

    def result(self, scenario, seed):
        error = self.breaks(scenario, seed)
        if error is not None:
            raise error
        value = seed % 1000 / 1000 + (0.25 if scenario.name == "busy" else 0.0)
        facts = {"people": 9, "steps": 1}
        document = describe_run(
            scenario.canonical(), scenario=scenario.name, seed=seed, facts=facts
        )
        course = {"day": [7.0], "date": [scenario.start], "late_share": [value]}
        row = {"outcome": "late_share", "by": None, "group": None, "value": value, "unit": "share"}
        return RunResult(
            run_id=document["run_id"],
            scenario=scenario.name,
            seed=seed,
            version=document["provenance"]["version"],
            build_seconds=0.0,
            seconds=0.0,
            outcomes=pd.DataFrame([row]),
            trajectory=pd.DataFrame(course),
            document=document,
            **facts,
        )


@pytest.fixture
def simulator(monkeypatch):
    made = Simulator()
    monkeypatch.setattr("sim.engine.run.replicate", lambda s, seed, tell=None: made(s, seed))
    return made


def run(scenarios, numbers, store=None, seed=1):
    with Replicating(scenarios, seed, workers=1, store=store) as replicating:
        return replicating.run(numbers)


def test_a_replications_seed_depends_on_its_number_alone():
    assert replication_seeds(1, [0, 1, 2])[2] == replication_seeds(1, [2])[0]
    assert replication_seeds(1, [0]) != replication_seeds(2, [0])
    seeds = replication_seeds(20200101, range(1000))
    assert len(set(seeds)) == 1000
    assert all(0 <= seed < 2**63 for seed in seeds)


@pytest.mark.parametrize("seed", [-1, 2**63, 1.5, True])
def test_what_is_no_seed_is_refused(seed):
    with pytest.raises(ShiyuError, match="must be a whole number from 0"):
        replication_seeds(seed, [0])


def test_scenarios_of_a_replication_share_its_seed(villages, simulator):
    found = run(villages, [0, 1])
    first, second = replication_seeds(1, [0, 1])
    assert simulator.asked == [(("calm", "busy"), first), (("calm", "busy"), second)]
    told = [(result.scenario, result.seed) for result in found.in_order()]
    assert told == [("calm", first), ("busy", first), ("calm", second), ("busy", second)]


def test_runs_stand_in_the_order_of_replications_whenever_they_were_made(villages, simulator):
    with Replicating(villages, 1, workers=1) as replicating:
        replicating.run([2])
        found = replicating.run([0, 1])
    seeds = replication_seeds(1, [0, 1, 2])
    assert list(found.outcomes()["seed"]) == [seed for seed in seeds for _ in villages]
    assert set(found.outcomes([2])["seed"]) == {seeds[2]}


def test_trajectories_are_one_row_a_run_step_and_outcome(villages, simulator):
    courses = run(villages, [0]).trajectories()
    assert list(courses.columns) == ["scenario", "seed", "date", "outcome", "value"]
    assert list(courses["scenario"]) == ["calm", "busy"]
    assert set(courses["outcome"]) == {"late_share"}


def test_a_run_that_fails_leaves_the_others(villages, simulator):
    bad = replication_seeds(1, [1])[0]
    simulator.breaks = lambda scenario, seed: (
        ZeroDivisionError("no judges") if (scenario.name, seed) == ("busy", bad) else None
    )
    found = run(villages, [0, 1, 2])
    assert len(found.in_order()) == 5
    (failure,) = found.failed()
    assert (failure.scenario, failure.seed) == ("busy", bad)
    assert failure.reason == "ZeroDivisionError: no judges"
    assert "Traceback" in failure.traceback


@pytest.mark.parametrize("broken", [{"calm"}, {"busy"}, {"calm", "busy"}])
def test_a_precision_is_not_sought_where_no_pair_ever_finishes(villages, simulator, broken):
    """The failures are told, and not that an outcome or a scenario is missing."""
    simulator.breaks = lambda scenario, seed: (
        ZeroDivisionError("no judges") if scenario.name in broken else None
    )
    plan = Plan(seed=1, workers=1, precision=0.1, outcome="late_share")
    found = compared(villages, plan)
    assert (found.precise, found.replications, len(found.table)) == (False, 10, 0)
    assert len(found.failures) == 10 * len(broken)


def test_a_fault_of_the_input_is_told_at_once_and_not_once_a_seed(villages, simulator):
    fault = ScenarioError([Fault("a.yaml", 1, 1, "mechanisms", "cannot be loaded")])
    simulator.breaks = lambda scenario, seed: fault
    with pytest.raises(ScenarioError):
        run(villages, range(5))
    assert len(simulator.asked) == 2  # both together, then the first alone


def test_what_the_store_holds_is_not_run_again(tmp_path, villages, simulator):
    first = run(villages, [0, 1], Store(tmp_path))
    simulator.asked.clear()
    again = run(villages, [0, 1, 2], Store(tmp_path))
    assert [seed for _, seed in simulator.asked] == replication_seeds(1, [2])
    assert again.reused == 4
    assert same_values(again.outcomes([0, 1]), first.outcomes())
    assert again.trajectories()["value"].tolist()[:4] == first.trajectories()["value"].tolist()


def test_a_run_that_was_kept_under_another_name_bears_the_name_that_is_asked_for(
    tmp_path, villages, simulator
):
    """Two files that say the same of the world have one run; whoever runs either is told of it."""
    first = run_kept(villages[0], 7, tmp_path)
    again = run_kept(dataclasses.replace(villages[0], name="still"), 7, tmp_path)
    assert first.run_id == again.run_id
    assert (first.scenario, again.scenario) == ("calm", "still")
    assert len(simulator.asked) == 1


def test_only_the_scenario_that_is_missing_is_run(tmp_path, villages, simulator):
    run(villages[:1], [0], Store(tmp_path))
    simulator.asked.clear()
    run(villages, [0], Store(tmp_path))
    assert simulator.asked == [(("busy",), replication_seeds(1, [0])[0])]


def test_a_torn_run_is_made_anew(tmp_path, villages, simulator):
    run(villages, [0], Store(tmp_path))
    for path in Store(tmp_path).trajectories.iterdir():
        path.write_bytes(path.read_bytes()[:200])
    again = run(villages, [0], Store(tmp_path))
    assert again.reused == 0
    assert Store(tmp_path).verify() == {"runs": 2, "broken": []}


def test_a_policy_that_changes_nothing_is_the_same_run_under_its_own_name(
    tmp_path, villages, simulator
):
    twin = dataclasses.replace(villages[0], name="twin")
    run(villages[:1], [0], Store(tmp_path))
    found = run([villages[0], twin], [0], Store(tmp_path))
    assert found.reused == 2
    assert [result.scenario for result in found.in_order()] == ["calm", "twin"]


def test_the_catalogue_is_written_also_when_the_user_stops(tmp_path, villages, simulator):
    bad = replication_seeds(1, [1])[0]

    def stop(scenario, seed):
        if seed == bad:
            raise KeyboardInterrupt

    simulator.breaks = stop
    with pytest.raises(KeyboardInterrupt):
        run(villages, [0, 1, 2], Store(tmp_path))
    assert (tmp_path / "catalogue.json").exists()
    assert len(Store(tmp_path).entries()) == 2


def test_the_difference_of_pairs_is_exact_where_the_policy_adds_a_constant(villages, simulator):
    found = compare(villages[0], villages[1:], replications=4, workers=1)
    (row,) = found.table.to_dict("records")
    assert row["difference"] == pytest.approx(0.25, abs=1e-12)
    assert row["high"] - row["low"] == pytest.approx(0.0, abs=1e-12)
    assert (found.replications, found.failures) == (4, [])


def test_replications_go_on_until_the_interval_is_narrow_enough(villages, simulator):
    found = compare(villages[0], villages[1:], workers=1, precision=0.01, outcome="late_share")
    assert found.precise
    assert found.replications == 10  # the fewest: the difference is the same in every pair


def test_a_table_that_lacks_runs_does_not_pass_unnoticed(villages, simulator):
    simulator.breaks = lambda scenario, seed: (
        ValueError("broken") if scenario.name == "busy" else None
    )
    with pytest.raises(ShiyuError, match="3 runs failed; the first: busy, seed"):
        compare_table(villages[0], villages[1:], replications=3, workers=1)


def test_without_a_single_pair_there_is_an_empty_table_and_every_reason(
    tmp_path, villages, simulator
):
    simulator.breaks = lambda scenario, seed: ValueError("broken")
    found = compare(villages[0], villages[1:], replications=2, workers=1, out=tmp_path)
    assert found.table.empty
    assert len(found.failures) == 4
    assert found.files["failures"].name == "failures.json"


@pytest.mark.parametrize(
    ("arguments", "trouble"),
    [
        ({"replications": 0}, "replications 0: must be 1 or more"),
        ({"replications": 2.5}, "replications 2.5: must be a whole number"),
        ({"workers": 0}, "workers 0: must be 1 or more"),
        ({"workers": True}, "workers True: must be a whole number"),
        ({"uncertainty": 1}, "uncertainty 1: must be 2 draws or more"),
        ({"draw_replications": 1}, "draw replications 1: must be 2 or more"),
        ({"settings": ["scale=0.01"]}, "settings: must map dotted keys to values.*not a list"),
        ({"precision": 0.1}, "precision and outcome go together"),
        ({"precision": 0.1, "outcome": "late_shar"}, "did you mean late_share?"),
        ({"precision": -1.0, "outcome": "late_share"}, "must be a positive number"),
        ({"seed": -3}, "seed -3: must be a whole number"),
    ],
)
def test_arguments_that_cannot_be_kept_are_refused_before_anything_runs(
    villages, simulator, arguments, trouble
):
    with pytest.raises(ShiyuError, match=trouble.replace("?", r"\?")):
        compare(villages[0], villages[1:], **arguments)
    assert simulator.asked == []


@pytest.mark.parametrize("as_written", [lambda one: one, lambda one: [one]])
def test_one_other_scenario_needs_no_list(villages, simulator, as_written):
    found = compare(villages[0], as_written(villages[1]), replications=2, workers=1)
    assert [scenario.name for scenario in found.others] == [villages[1].name]
    with pytest.raises(ScenarioError, match="there is no scenario calmer"):
        compare(villages[0], "calmer")


def test_two_scenarios_of_one_name_are_refused(villages):
    with pytest.raises(ShiyuError, match="two scenarios are called calm"):
        load_all([villages[0], villages[0]])


def test_scenarios_with_other_people_are_no_pairs(villages):
    with pytest.raises(ShiyuError, match=r"jincheng-2020: has other people than calm"):
        load_all([villages[0], "jincheng-2020"])
    with pytest.raises(ShiyuError, match=r"has other people than jincheng-2020"):
        load_all(["jincheng-2020", load("mediators-doubled", {"scale": 0.02})])


def test_the_faults_of_all_scenarios_come_at_once(tmp_path):
    for name, lever in (("a", "staf_per_10k"), ("b", "stuff_per_10k")):
        text = f"name: {name}\nextends: two-villages\npolicies: {{mediation: {{{lever}: 3}}}}\n"
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        load_all([tmp_path / "a.yaml", tmp_path / "b.yaml"])
    assert len(caught.value.faults) == 2


def test_a_folder_that_cannot_be_used_is_refused_before_anything_runs(
    tmp_path, villages, simulator
):
    (tmp_path / "file").write_text("")
    with pytest.raises(ShiyuError, match="cannot be made"):
        compare(villages[0], villages[1:], out=tmp_path / "file")
    assert simulator.asked == []


def test_the_command_says_how_to_get_the_same_numbers():
    told = command_for(["a", "my b.yaml"], Plan(5, 7), {"scale": 0.01})
    assert told == "shiyu compare a 'my b.yaml' --reps 5 --seed 7 --set scale=0.01"
    told = command_for(["a", "b"], Plan(precision=0.5, outcome="late_share"), {})
    assert told == "shiyu compare a b --precision 0.5 --outcome late_share --seed 1"

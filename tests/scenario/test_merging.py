"""A scenario lies over the one it extends: mappings merge, lists and single values replace."""

from pathlib import Path

import pytest

from sim.kernel.fault import ScenarioError
from sim.scenario import LEVERS, load


def write(name: str, text: str) -> str:
    Path(name).write_text(text, encoding="utf-8")
    return name


@pytest.fixture(autouse=True)
def in_an_empty_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def parent():
    return write(
        "parent.yaml",
        """
name: parent
title: The parent
extends: jincheng-2020
scale: 0.02
time: {years: 3}
parameters: {grievance: {decay_per_year: 0.9}}
policies:
  mediation: {staff_per_10k: 50, full_time_share: 0.1}
  grid: {subsidy_yuan_per_year: [{from: 2020-01-01, value: 1}, {from: 2021-01-01, value: 2}]}
  courts: {prelitigation_share: {default: 0.4, divisions: {zezhou: 0.5}}}
""",
    )


def settings_of(scenario) -> dict[str, object]:
    return {name: schedule.plain() for name, schedule in scenario.policies.items()}


def test_mappings_merge_key_by_key(known, parent):
    child = write(
        "child.yaml", f"name: c\nextends: {parent}\npolicies: {{mediation: {{staff_per_10k: 60}}}}"
    )
    scenario = load(child, known)
    assert settings_of(scenario)["mediation.staff_per_10k"] == 60
    assert settings_of(scenario)["mediation.full_time_share"] == 0.1
    assert (scenario.scale, scenario.years, scenario.step_days) == (0.02, 3.0, 7.0)


def test_divisions_merge_too(known, parent):
    policy = "policies: {courts: {prelitigation_share: {divisions: {chengqu: 0.6}}}}"
    scenario = load(write("child.yaml", f"name: c\nextends: {parent}\n{policy}"), known)
    assert settings_of(scenario)["courts.prelitigation_share"] == {
        "default": 0.4,
        "divisions": {"chengqu": 0.6, "zezhou": 0.5},
    }


def test_divisions_over_a_number_keep_the_number_for_the_others(known, parent):
    policy = "policies: {mediation.staff_per_10k: {divisions: {chengqu: 70}}}"
    scenario = load(write("child.yaml", f"name: c\nextends: {parent}\n{policy}"), known)
    values = scenario.lever_values(scenario.start)["mediation.staff_per_10k"]
    assert values.tolist() == [70.0, 50.0, 50.0]


def test_divisions_over_a_word_keep_the_word_for_the_others(known, parent):
    word = write("word.yaml", f"name: w\nextends: {parent}\npolicies: {{grid.screening: debt}}\n")
    scenario = load(word, known, {"policies.grid.screening.divisions.zezhou": "land"})
    debt, land = map(LEVERS["grid.screening"].choices.index, ("debt", "land"))
    values = scenario.lever_values(scenario.start)["grid.screening"]
    assert values.tolist() == [debt, land, debt]


def test_divisions_with_a_default_of_their_own_keep_nothing(known, parent):
    policy = "policies: {mediation.staff_per_10k: {default: 20, divisions: {chengqu: 70}}}"
    scenario = load(write("child.yaml", f"name: c\nextends: {parent}\n{policy}"), known)
    values = scenario.lever_values(scenario.start)["mediation.staff_per_10k"]
    assert values.tolist() == [70.0, 20.0, 20.0]


def test_a_number_replaces_divisions_and_schedules(known, parent):
    policy = "policies: {courts.prelitigation_share: 0.2, grid.subsidy_yuan_per_year: 5}"
    scenario = load(write("child.yaml", f"name: c\nextends: {parent}\n{policy}"), known)
    assert settings_of(scenario)["courts.prelitigation_share"] == 0.2
    assert settings_of(scenario)["grid.subsidy_yuan_per_year"] == 5


def test_a_schedule_replaces_a_schedule(known, parent):
    policy = "policies: {grid.subsidy_yuan_per_year: [{from: 2022-01-01, value: 9}]}"
    scenario = load(write("child.yaml", f"name: c\nextends: {parent}\n{policy}"), known)
    schedule = scenario.policies["grid.subsidy_yuan_per_year"]
    assert [day.isoformat() for day in schedule.days()] == ["2022-01-01"]


def test_name_title_and_reason_are_not_inherited(known, parent):
    scenario = load(write("child.yaml", f"name: the-child\nextends: {parent}\n"), known)
    assert scenario.title == {"en": "the-child", "zh": "the-child"}
    assert scenario.why == {"en": "", "zh": ""}


def test_a_nameless_mapping_is_its_parent_with_changes(known):
    scenario = load({"extends": "jincheng-2020", "scale": 0.02}, known)
    assert scenario.name == "jincheng-2020"
    assert scenario.title == load("jincheng-2020", known).title


def test_paths_are_seen_from_the_file_that_names_them(known, parent):
    Path("deeper").mkdir()
    write("deeper/edges.csv", "a,b\n")
    write("deeper/middle.yaml", "name: m\nextends: ../parent.yaml\ngraph: edges.csv\n")
    scenario = load(write("child.yaml", "name: c\nextends: deeper/middle.yaml\n"), known)
    assert scenario.graph == Path("deeper/edges.csv").absolute()


def test_every_value_remembers_the_line_it_came_from(known, parent):
    child = write(
        "child.yaml", f"name: c\nextends: {parent}\npolicies: {{mediation: {{staff_per_10k: 60}}}}"
    )
    origins = load(child, known).origins
    assert origins["policies.mediation.staff_per_10k"] == "child.yaml:3:39"
    assert origins["policies.mediation.full_time_share"] == "parent.yaml:9:51"
    assert origins["place"] == "scenarios/base/jincheng-2020.yaml:12:8"


def test_settings_lie_on_top(known, parent):
    settings = {
        "policies.mediation.staff_per_10k": 60,
        "policies.courts.prelitigation_share.divisions.zezhou": "0.9",
        "time.start": "2021-06-01",
        "mechanisms": "[disputes, grievance]",
        "scale": 0.5,
        "parameters.grievance.decay_per_year": 1.1,
    }
    scenario = load(parent, known, settings)
    assert settings_of(scenario)["mediation.staff_per_10k"] == 60
    assert settings_of(scenario)["courts.prelitigation_share"]["divisions"] == {"zezhou": 0.9}
    assert scenario.start.isoformat() == "2021-06-01"
    assert scenario.mechanisms == ("disputes", "grievance")
    assert scenario.scale == 0.5
    assert scenario.parameters == {"grievance.decay_per_year": 1.1}
    assert scenario.origins["scale"] == "--set scale"


def test_a_setting_may_name_the_scenario(known):
    scenario = load("jincheng-2020", known, {"scenario": "mediators-doubled", "scale": 0.02})
    assert (scenario.name, scenario.scale) == ("mediators-doubled", 0.02)


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("policies.mediation.staf_per_10k", 3, "did you mean staff_per_10k?"),
        ("policies.courts.prelitigation_share", "7", "7 is above 1; allowed: 0 to 1 (share)"),
        ("policies.courts.prelitigation_share", "[", "is not YAML"),
        ("policies.courts.prelitigation_share", "", "is empty"),
        ("policies.courts.prelitigation_share", float("nan"), "not a finite number"),
        ("policies..staff_per_10k", 3, "a key must be a word"),
        ("", 3, "a key must be a word"),
        ("skale", 1, "did you mean scale?"),
        ("name", "other", "cannot be set from outside a file"),
        ("extends", "two-villages", "cannot be set from outside a file"),
        (".".join("abcdefghijklmnop"), 1, "nested deeper"),
        ("scale", object(), "cannot hold a value of type object"),
    ],
)
def test_a_bad_setting_is_refused_by_its_key(key, value, words, known):
    with pytest.raises(ScenarioError) as refused:
        load("jincheng-2020", known, {key: value})
    assert {fault.where for fault in refused.value.faults} == {f"--set {key}"}
    assert words in str(refused.value)

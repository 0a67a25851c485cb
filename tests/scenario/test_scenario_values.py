"""A scenario tells which levers hold when and where, and what of it decides a run."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from sim.kernel.fault import ScenarioError
from sim.scenario import load
from sim.scenario.scalars import scalar

BASE = {"extends": "jincheng-2020"}


def levers(scenario, day: str, name: str) -> list[float]:
    return scenario.lever_values(date.fromisoformat(day))[name].tolist()


def with_policies(known, **policies):
    return load({**BASE, "policies": policies}, known)


def test_without_policies_every_lever_stands_at_the_places_base(known):
    scenario = load("jincheng-2020", known)
    values = scenario.lever_values(scenario.start)
    assert set(values) == set(scenario.place.bases)
    assert levers(scenario, "2020-01-01", "grid.subsidy_yuan_per_year") == [6000.0, 0.0, 0.0]


def test_a_number_holds_everywhere_from_the_start_on(known):
    scenario = with_policies(known, grid={"subsidy_yuan_per_year": 100})
    assert levers(scenario, "2019-12-31", "grid.subsidy_yuan_per_year") == [6000.0, 0.0, 0.0]
    assert levers(scenario, "2020-01-01", "grid.subsidy_yuan_per_year") == [100.0] * 3
    assert levers(scenario, "2030-01-01", "grid.subsidy_yuan_per_year") == [100.0] * 3


def test_divisions_that_are_not_named_keep_the_default_or_else_the_base(known):
    only = {"divisions": {"zezhou": 70}}
    scenario = with_policies(known, grid={"subsidy_yuan_per_year": only})
    assert levers(scenario, "2020-01-01", "grid.subsidy_yuan_per_year") == [6000.0, 70.0, 0.0]
    both = {"default": 10, "divisions": {"zezhou": 70}}
    scenario = with_policies(known, grid={"subsidy_yuan_per_year": both})
    assert levers(scenario, "2020-01-01", "grid.subsidy_yuan_per_year") == [10.0, 70.0, 10.0]


def test_a_schedule_changes_on_its_days_and_leaves_the_base_before_them(known):
    schedule = [
        {"from": "2021-01-01", "value": 100},
        {"from": "2022-01-01", "value": {"divisions": {"zezhou": 7}}},
    ]
    scenario = with_policies(known, grid={"subsidy_yuan_per_year": schedule})
    name = "grid.subsidy_yuan_per_year"
    assert levers(scenario, "2020-12-31", name) == [6000.0, 0.0, 0.0]
    assert levers(scenario, "2021-01-01", name) == [100.0] * 3
    assert levers(scenario, "2021-12-31", name) == [100.0] * 3
    assert levers(scenario, "2022-01-01", name) == [6000.0, 7.0, 0.0]
    assert [day.year for day in scenario.lever_days()] == [2020, 2021, 2022]


def test_a_schedule_that_began_before_the_run_holds_from_the_start_on(known):
    schedule = [{"from": "2010-01-01", "value": 1}, {"from": "2015-01-01", "value": 2}]
    scenario = with_policies(known, grid={"subsidy_yuan_per_year": schedule})
    assert levers(scenario, "2019-12-31", "grid.subsidy_yuan_per_year") == [6000.0, 0.0, 0.0]
    assert levers(scenario, "2020-01-01", "grid.subsidy_yuan_per_year") == [2.0] * 3
    assert scenario.lever_days() == (scenario.start,)


def test_asking_for_levers_changes_neither_place_nor_scenario(known):
    scenario = with_policies(known, grid={"subsidy_yuan_per_year": {"divisions": {"zezhou": 1}}})
    scenario.lever_values(scenario.start)["grid.subsidy_yuan_per_year"][:] = -1
    assert levers(scenario, "2020-01-01", "grid.subsidy_yuan_per_year") == [6000.0, 1.0, 0.0]


SAME = [
    {"extends": "jincheng-2020", "policies": {"grid": {"subsidy_yuan_per_year": 5}}},
    {"policies": {"grid.subsidy_yuan_per_year": 5.0}, "extends": "jincheng-2020"},
    {
        "name": "another-name",
        "title": "Another title",
        "outcomes": ["escalation_share"],
        "place": "jincheng-2020",
        "time": {"step_days": 7.0, "start": date(2020, 1, 1), "years": np.int64(5)},
        "scale": 1e-2,
        "mechanisms": ["all"],
        "policies": {"grid": {"subsidy_yuan_per_year": {"default": 5}}},
    },
    {**BASE, "policies": {"grid": {"subsidy_yuan_per_year": [{"from": "2019-05-01", "value": 5}]}}},
    {
        **BASE,
        "parameters": {"grievance.decay_per_year": 0.8, "ties": {"degree": {"kin": 4}}},
        "policies": {
            "grid": {
                "subsidy_yuan_per_year": {"divisions": {"chengqu": 5, "zezhou": 5, "yangcheng": 5}}
            },
            "courts.prelitigation_share": 0.3,
        },
    },
    {
        **BASE,
        "policies": {
            "grid.subsidy_yuan_per_year": [
                {"from": "2020-01-01", "value": 5},
                {"from": "2021-01-01", "value": 5},
                {"from": "2030-01-01", "value": 9},
            ]
        },
    },
]


@pytest.mark.parametrize("other", SAME[1:])
def test_scenarios_that_say_the_same_decide_the_same_run(other, known):
    assert load(other, known).canonical() == load(SAME[0], known).canonical()


@pytest.mark.parametrize(
    "settings",
    [
        {"scale": 0.02},
        {"time.start": "2020-01-02"},
        {"time.years": 4},
        {"time.step_days": 3.5},
        {"place": "two-villages", "scale": 0.01, "time.years": 5},
        {"mechanisms": "[disputes]"},
        {"parameters.grievance.decay_per_year": 0.81},
        {"parameters.ties.degree.kin": 4.5},
        {"policies.grid.subsidy_yuan_per_year": 6},
        {"policies.grid.subsidy_yuan_per_year": {"divisions": {"zezhou": 6}}},
        {"policies.grid.subsidy_yuan_per_year": "[{from: 2020-01-02, value: 5}]"},
        {"policies.mediation.staff_per_10k": 34.3},
    ],
)
def test_whatever_decides_a_run_shows_in_what_decides_it(settings, known):
    assert load(SAME[0], known, settings).canonical() != load(SAME[0], known).canonical()


def test_the_content_of_a_graph_decides_and_its_place_does_not(known, tmp_path):
    for folder, edges in (("a", "1,2\n"), ("b", "1,2\n"), ("c", "1,3\n")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "edges.csv").write_text(edges, encoding="utf-8")
    a, b, c = (
        load({**BASE, "graph": tmp_path / folder / "edges.csv"}, known).canonical()
        for folder in "abc"
    )
    assert a == b
    assert a != c


def test_the_code_of_a_users_mechanism_decides_and_its_place_does_not(known, tmp_path):
    for folder, code in (("a", "class M: x = 1"), ("b", "class M: x = 1"), ("c", "class M: x = 2")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "mine.py").write_text(code, encoding="utf-8")
    found = [
        load({**BASE, "mechanisms": ["all", f"{tmp_path / folder / 'mine.py'}:M"]}, known)
        for folder in "abc"
    ]
    assert found[0].user_mechanisms == (f"{tmp_path / 'a' / 'mine.py'}:M",)
    assert found[0].mechanisms == known.mechanisms
    assert found[0].canonical() == found[1].canonical()
    assert found[0].canonical() != found[2].canonical()
    assert str(tmp_path) not in str(found[0].canonical())


def test_parameters_of_a_users_mechanism_are_taken_and_said_to_be_unchecked(known, tmp_path):
    path = tmp_path / "mine.py"
    path.write_text("class M: x = 1", encoding="utf-8")
    own = {"mechanisms": ["all", f"{path}:M"], "parameters": {"gossip": {"speed": 2}}}
    scenario = load({**BASE, **own}, known)
    assert scenario.parameters == {"gossip.speed": 2}
    [told] = scenario.warnings
    assert "gossip.speed: belongs to a mechanism of your own and was not checked" in told
    with pytest.raises(ScenarioError, match="no such parameter"):
        load({**BASE, "parameters": {"gossip": {"speed": 2}}}, known)
    with pytest.raises(ScenarioError, match="did you mean decay_per_year"):
        load({**BASE, **own, "parameters": {"grievance": {"decay_per_yaer": 2}}}, known)


@pytest.mark.parametrize("source", [*SAME, "mediators-halved", "money-on-subsidy", "two-villages"])
def test_the_resolved_mapping_loads_as_the_same_scenario(source, known):
    scenario = load(source, known)
    again = load(scenario.resolved(), known)
    assert again.canonical() == scenario.canonical()
    assert again.resolved() == scenario.resolved()


def test_a_loaded_scenario_can_be_loaded_again_with_settings(known):
    scenario = load("mediators-doubled", known)
    assert load(scenario, known) is scenario
    changed = load(scenario, known, {"scale": 0.02})
    assert (changed.name, changed.scale, scenario.scale) == ("mediators-doubled", 0.02, 0.01)


def test_numbers_of_the_place_are_those_that_the_scenario_sets(known):
    scenario = load(BASE, known, {"parameters.ties.degree.kin": 5})
    assert scenario.place.values["ties.degree.kin"] == 5
    assert load(BASE, known).place.values["ties.degree.kin"] == 4


def test_a_value_outside_its_plausible_range_is_a_warning(known):
    scenario = load(BASE, known, {"parameters.grievance.decay_per_year": 9})
    assert scenario.warnings == (
        "--set parameters.grievance.decay_per_year: "
        "9 is outside the plausible range 0.2 to 3 (1/year)",
    )


def test_a_lever_of_a_mechanism_that_is_switched_off_is_a_warning(known):
    scenario = load("mediators-doubled", known, {"mechanisms": "[disputes, courts]"})
    [warning] = scenario.warnings
    assert "mechanism mediation is switched off here" in warning


def test_mechanisms_stand_in_the_order_of_the_week_however_they_are_listed(known):
    scenario = load(BASE, known, {"mechanisms": ["grievance", "budget", "disputes"]})
    assert scenario.mechanisms == ("budget", "disputes", "grievance")


def test_a_tiny_place_may_state_a_lower_floor_of_the_scale(known):
    scenario = load("two-villages", known, {"scale": 0.001})
    assert scenario.scale == 0.001


def test_yaml_1_2_words_and_numbers_are_read_as_written(known, tmp_path):
    path = tmp_path / "words.yaml"
    text = "name: 'no'\nextends: jincheng-2020\ntitle: yes\nscale: 0x1\ntime: {years: 010}\n"
    path.write_text(text, encoding="utf-8")
    scenario = load(path, known)
    assert (scenario.name, scenario.title["en"]) == ("no", "yes")
    assert (scenario.scale, scenario.years) == (1.0, 10.0)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("0o17", 15),
        ("0x1F", 31),
        ("0123", 123),
        ("-7", -7),
        ("123456789012345678", 123456789012345678),
        (".5", 0.5),
        ("2.", 2.0),
        ("1e3", 1000.0),
        ("~", None),
        ("NULL", None),
        ("True", True),
        ("yes", "yes"),
        ("0b11", "0b11"),
        ("2020-02-29", date(2020, 2, 29)),
        ("2020-2-29", "2020-2-29"),
    ],
)
def test_a_plain_word_is_what_the_core_schema_of_yaml_1_2_says(written, value):
    found = scalar(written)
    assert found == value
    assert type(found) is type(value)


def test_bom_windows_line_ends_and_chinese_paths_are_read(known, tmp_path):
    path = tmp_path / "情景" / "调解.yaml"
    path.parent.mkdir()
    text = "name: zh\r\nextends: jincheng-2020\r\ntitle: {zh: 调解, en: Mediation}\r\n"
    path.write_bytes(text.encode("utf-8-sig"))
    assert load(Path(path), known).title == {"zh": "调解", "en": "Mediation"}


def test_anchors_of_moderate_size_are_followed(known, tmp_path):
    path = tmp_path / "anchors.yaml"
    text = (
        "name: a\nextends: jincheng-2020\npolicies:\n  courts: {prelitigation_share: &half 0.5}\n"
        "  mediation: {full_time_share: *half}\n"
    )
    path.write_text(text, encoding="utf-8")
    scenario = load(path, known)
    assert scenario.policies["mediation.full_time_share"].plain() == 0.5


def test_a_lever_of_words_is_written_in_words_whenever_and_wherever_it_is_set(known):
    divisions = {"default": "land", "divisions": {"zezhou": "none"}}
    dated = [
        {"from": date(2021, 1, 1), "value": "debt"},
        {"from": "2022-01-01", "value": divisions},
    ]
    scenario = with_policies(known, grid={"screening": dated})
    written = scenario.resolved()["policies"]["grid"]["screening"]
    assert [step["value"] for step in written] == ["debt", divisions]
    again = load(scenario.resolved(), known)
    assert again.canonical() == scenario.canonical()
    assert levers(again, "2022-06-01", "grid.screening") == [7.0, 0.0, 7.0]  # the seventh domain


def dated(known, *steps: tuple[str, object], years: float = 1):
    written = [{"from": day, "value": value} for day, value in steps]
    policies = {"courts": {"prelitigation_share": written}}
    return load({**BASE, "time": {"years": years}, "policies": policies}, known).warnings


def test_a_level_of_which_no_step_begins_in_time_is_pointed_out(known):
    # the last of 52 weeks from 2020-01-01 begins on 2020-12-23
    [told] = dated(known, ("2020-12-23", 0.5), ("2020-12-24", 0.6))
    assert "policies.courts.prelitigation_share.from: 2020-12-24 comes after the run" in told
    assert "2020-12-23: this never holds" in told
    assert dated(known, ("2020-12-23", 0.5), ("2020-12-24", 0.6), years=2) == ()


def test_dated_levels_that_the_place_has_anyway_are_pointed_out(known):
    [told] = dated(known, ("2020-02-01", 0.3), ("2020-03-01", {"divisions": {"zezhou": 0.3}}))
    assert "says what holds in jincheng-2020 anyway" in told
    assert dated(known, ("2020-02-01", 0.4), ("2020-03-01", 0.3)) == ()
    assert dated(known, ("2020-02-01", {"divisions": {"zezhou": 0.31}})) == ()

"""The shipped scenarios load, say who they are in both languages, and fit the editor's schema."""

import json
import os
import pickle
import re
import shutil
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

import sim
from sim.engine.ledger import known as present
from sim.kernel.fault import ScenarioError
from sim.scenario import LEVERS, load
from sim.scenario.faults import Faults
from sim.scenario.find import shipped_folder, shipped_scenarios
from sim.scenario.json_schema import json_schema, schema_text
from sim.scenario.read import read_file

from .test_scenario_values import SAME

NAMES = sorted(shipped_scenarios())
POLICIES = [name for name in NAMES if shipped_scenarios()[name].parent.name == "policies"]
PRESENT = present()  # the mechanisms that there are, not the made-up ones
VALIDATOR = jsonschema.Draft7Validator(json_schema())
BAD = [
    {},
    {"extends": "jincheng-2020"},
    {"name": "bad"},
    {"name": "bad", "place": "jincheng-2020"},
    {"name": "Bad Name", "extends": "jincheng-2020"},
    *(
        {"name": "bad", "extends": "jincheng-2020", **rest}
        for rest in (
            {"polices": {}},
            {"scale": 0},
            {"scale": 2},
            {"scale": True},
            {"title": {"fr": "Bonjour"}},
            {"title": {}},
            {"time": {"years": 0}},
            {"time": {"years": 101}},
            {"time": {"step_days": 2}},
            {"time": {"start": "soon"}},
            {"time": {"stop": "2021-01-01"}},
            {"mechanisms": "some"},
            {"mechanisms": []},
            {"outcomes": ["a", "a"]},
            {"shocks": [{"kind": "flood"}]},
            {"parameters": {"grievance": "high"}},
            {"policies": None},
            {"policies": {"mediation": {"staf_per_10k": 3}}},
            {"policies": {"mediation.staf_per_10k": 3}},
            {"policies": {"courts": {"prelitigation_share": 7}}},
            {"policies": {"courts.prelitigation_share": 7}},
            {"policies": {"courts": {"prelitigation_share": "0.5"}}},
            {"policies": {"courts": {"prelitigation_share": {}}}},
            {"policies": {"courts": {"prelitigation_share": {"chengqu": 0.5}}}},
            {"policies": {"courts": {"prelitigation_share": {"divisions": {"chengqu": 7}}}}},
            {"policies": {"courts": {"prelitigation_share": []}}},
            {"policies": {"courts": {"prelitigation_share": [{"from": "2021-01-01"}]}}},
            {"policies": {"courts": {"prelitigation_share": [{"from": 2021, "value": 0.5}]}}},
            {"policies": {"courts": {"prelitigation_share": [{"from": "2021-01-01", "value": 2}]}}},
            {"policies": {"assessment": {"campaign": 0.5}}},
            {"policies": {"response": {"policy": "shout"}}},
        )
    ),
]


def changed_by(scenario) -> dict[str, object]:
    return {name: schedule.plain() for name, schedule in scenario.policies.items()}


@pytest.mark.parametrize("name", NAMES)
def test_every_shipped_scenario_loads_under_its_files_name(name):
    scenario = load(name, PRESENT)
    assert scenario.name == name
    assert not scenario.warnings


@pytest.mark.parametrize("name", NAMES)
def test_every_shipped_scenario_explains_itself_in_both_languages(name):
    scenario = load(name, PRESENT)
    for texts in (scenario.title, scenario.why):
        assert texts["en"].isascii()
        assert any("\u4e00" <= letter <= "\u9fff" for letter in texts["zh"])
        assert ", " not in texts["zh"]


@pytest.mark.parametrize("name", POLICIES)
def test_every_policy_differs_from_the_baseline_by_its_levers_alone(name, known):
    base, policy = load("jincheng-2020", known).canonical(), load(name, known).canonical()
    assert policy.pop("policies") != base.pop("policies")
    assert policy == base


@pytest.mark.parametrize(
    ("name", "levers"),
    [
        ("mediators-halved", {"mediation.staff_per_10k": 34.2 / 2}),
        ("mediators-doubled", {"mediation.staff_per_10k": 34.2 * 2}),
        ("money-on-mediators", {"mediation.staff_per_10k": 34.2 * 2}),
        ("subsidy-none", {"grid.subsidy_yuan_per_year": 0}),
        ("subsidy-12000", {"grid.subsidy_yuan_per_year": {"divisions": {"chengqu": 12000}}}),
        ("subsidy-24000", {"grid.subsidy_yuan_per_year": {"divisions": {"chengqu": 24000}}}),
        ("prelitigation-half", {"courts.prelitigation_share": 0.5}),
        ("data-sharing-and-whistle", {"coordination.data_sharing": 1, "coordination.whistle": 1}),
        ("petition-count-weight", {"assessment.weights.petition_count": 0.2 * 5}),
    ],
)
def test_every_policy_sets_what_its_title_says(name, levers, known):
    assert changed_by(load(name, known)) == levers


def test_the_same_money_is_spent_on_mediators_and_on_subsidies(known):
    """What is spread over all 2,997 grids is the sum that both scenarios speak of."""
    spoken_of = {
        re.search(r"([\d.]+) million yuan", load(name, known).why["en"])[1]
        for name in ("money-on-mediators", "money-on-subsidy")
    }
    level = changed_by(load("money-on-subsidy", known))["grid.subsidy_yuan_per_year"]
    more = {level["divisions"]["chengqu"] - 6000, level["default"]}
    assert len(more) == 1
    assert spoken_of == {f"{more.pop() * 2997 / 1e6:.1f}"}


@pytest.mark.parametrize("name", NAMES)
def test_every_shipped_scenario_fits_the_schema_and_points_to_it(name):
    path = shipped_scenarios()[name]
    first, *_ = path.read_text(encoding="utf-8").splitlines()
    assert first == "# yaml-language-server: $schema=../scenario.schema.json"
    assert (path.parent / "../scenario.schema.json").resolve().is_file()
    VALIDATOR.validate(read_file(path, name, Faults()).plain())


def test_the_schema_that_editors_read_is_up_to_date():
    written = (shipped_folder() / "scenario.schema.json").read_text(encoding="utf-8")
    assert written == schema_text()


def test_the_schema_is_sound_and_describes_every_lever_with_unit_and_range():
    jsonschema.Draft7Validator.check_schema(json_schema())
    text = json.dumps(json_schema(), ensure_ascii=False)
    for lever in LEVERS.values():
        assert f"{lever.meaning['en']}; {lever.unit}" in text
        assert lever.meaning["zh"] in text


@pytest.mark.parametrize("said", BAD, ids=str)
def test_the_schema_and_loading_refuse_the_same_faults(said, known):
    assert not VALIDATOR.is_valid(said)
    if said != {"extends": "jincheng-2020"}:  # a mapping, unlike a file, may be nameless
        with pytest.raises(ScenarioError):
            load(said, known)


@pytest.mark.parametrize("said", SAME, ids=range(len(SAME)))
def test_the_schema_accepts_whatever_loads(said, known):
    VALIDATOR.validate(load(said, known).resolved())


def test_scenarios_are_checked_without_importing_anything_heavy():
    heavy = ("numba", "scipy", "pandas", "matplotlib", "networkx", "mesa", "typer")
    code = f"import sys, sim.scenario; sys.exit(str([m for m in {heavy} if m in sys.modules]))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, encoding="utf-8"
    )
    assert done.stderr.strip() == "[]"


def test_an_installed_package_finds_its_own_copy_of_the_scenarios(tmp_path):
    site = tmp_path / "site" / "sim"
    package = Path(sim.__file__).parent
    for part in ("scenario", "kernel", "text"):
        shutil.copytree(package / part, site / part, ignore=shutil.ignore_patterns("__pycache__"))
    (site / "__init__.py").write_text("", encoding="utf-8")
    shutil.copytree(shipped_folder(), site / "_scenarios")
    (site.parent / "scenarios" / "base").mkdir(parents=True)  # somebody else's package
    code = (
        "from sim.scenario.find import *\n"
        "print(shipped_folder().name, len(shipped_scenarios()))\n"
        "print(label_of(shipped_scenarios()['two-villages'], 'x'))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(site.parent)},
    )
    assert done.stdout.split() == [
        "_scenarios",
        str(len(NAMES)),
        "scenarios/base/two-villages.yaml",
    ]


def test_faults_survive_the_way_to_another_process(known):
    with pytest.raises(ScenarioError) as refused:
        load({"name": "bad", "extends": "jincheng-2020", "scale": 7}, known)
    assert pickle.loads(pickle.dumps(refused.value)).faults == refused.value.faults


def test_a_scenario_survives_the_way_to_another_process(known):
    scenario = load("money-on-subsidy", known)
    assert pickle.loads(pickle.dumps(scenario)).canonical() == scenario.canonical()

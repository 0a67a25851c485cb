"""`shiyu scenarios` lists, shows, checks and compares scenarios, as text and as JSON."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sim.cli.app import app
from sim.scenario.find import shipped_scenarios
from sim.scenario.json_schema import json_schema


def shiyu(*arguments, **environment):
    given = ["scenarios", *map(str, arguments)]
    return CliRunner().invoke(app, given, env={"SHIYU_LANG": "en", **environment})


def as_json(*arguments):
    done = shiyu(*arguments, "--json")
    assert done.exit_code == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture
def bad(tmp_path) -> Path:
    path = tmp_path / "bad.yaml"
    text = "name: bad\nextends: jincheng-2020\nscale: 7\npolicies: {mediation: {staf_per_10k: 3}}\n"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("command", ["list", "show", "validate", "diff", "schema"])
def test_every_command_shows_an_example_in_its_help(command):
    done = shiyu(command, "--help")
    assert done.exit_code == 0
    assert f"$ shiyu scenarios {command}" in done.stdout


def test_the_list_names_every_shipped_scenario():
    done = shiyu("list")
    for name in shipped_scenarios():
        assert name in done.stdout
    content = as_json("list")
    assert content["schema"] == 1
    assert [one["name"] for one in content["scenarios"]] == list(shipped_scenarios())
    assert all(Path(one["file"]).is_file() for one in content["scenarios"])
    assert {one["extends"] for one in content["scenarios"]} <= {"", *shipped_scenarios()}


def test_the_list_speaks_chinese():
    assert "调解员翻番" in shiyu("list", "--lang", "zh").stdout
    assert "调解员翻番" in shiyu("list", SHIYU_LANG="zh").stdout


def test_show_sets_the_value_beside_the_base_of_the_place():
    done = shiyu("show", "mediators-doubled")
    assert done.exit_code == 0
    [line] = [x for x in done.stdout.splitlines() if x.startswith("mediation.staff_per_10k")]
    assert line.split()[1:3] == ["68.4", "34.2"]
    content = as_json("show", "mediators-doubled", "--set", "scale=0.02")
    assert content["scenario"]["scale"] == 0.02
    assert content["origins"]["scale"] == "--set scale"
    assert content["warnings"] == []


def test_the_resolved_scenario_says_where_values_come_from_and_loads_as_it_is(tmp_path):
    done = shiyu("show", "money-on-subsidy", "--resolved")
    assert "      default: 6013  # scenarios/policies/money-on-subsidy.yaml:15\n" in done.stdout
    assert "scale: 0.01  # scenarios/base/jincheng-2020.yaml:13\n" in done.stdout
    path = tmp_path / "resolved.yaml"
    path.write_text(done.stdout, encoding="utf-8")
    content = as_json("show", path)
    assert content["scenario"] == as_json("show", "money-on-subsidy")["scenario"]


def test_validate_says_ok_or_all_faults_with_status_2(bad):
    done = shiyu("validate", "two-villages", bad)
    assert done.exit_code == 2
    assert done.stdout == "two-villages: ok\n"
    first, second = done.stderr.splitlines()
    assert first.startswith(f"{bad}:3:8: scale: 7 is above 1")
    assert second.startswith(f"{bad}:4:24: policies.mediation.staf_per_10k: no such lever")
    done = shiyu("validate", bad, "--json")
    assert done.exit_code == 2
    [verdict] = json.loads(done.stdout)["files"]
    assert not verdict["ok"]
    assert [(fault["line"], fault["column"]) for fault in verdict["faults"]] == [(3, 8), (4, 24)]
    assert verdict["faults"][1]["suggestion"] == "staff_per_10k"


def test_a_warning_is_no_fault(tmp_path):
    path = tmp_path / "stress.yaml"
    text = "name: stress\nextends: jincheng-2020\nparameters: {grievance: {decay_per_year: 90}}\n"
    path.write_text(text, encoding="utf-8")
    done = shiyu("validate", path)
    assert done.exit_code == 0
    assert "90 is outside the plausible range" in done.stderr


def test_a_bad_scenario_is_refused_with_status_2_by_show_and_diff(bad):
    for command in (("show", bad), ("diff", "jincheng-2020", bad)):
        done = shiyu(*command)
        assert done.exit_code == 2
        assert len(done.stderr.splitlines()) == 2
        assert done.stdout == ""


def test_diff_shows_only_what_differs():
    content = as_json("diff", "jincheng-2020", "subsidy-12000")
    assert (content["first"], content["second"]) == ("jincheng-2020", "subsidy-12000")
    assert content["differences"] == [
        {
            "key": "policies.grid.subsidy_yuan_per_year",
            "first": {"default": 0.0, "divisions": {"chengqu": 6000.0}},
            "second": {"default": 0.0, "divisions": {"chengqu": 12000.0}},
            "unit": "yuan a grid a year",
        }
    ]
    assert "say the same" in shiyu("diff", "mediators-doubled", "money-on-mediators").stdout


def test_diff_tells_of_time_parameters_and_schedules(tmp_path):
    path = tmp_path / "other.yaml"
    text = (
        "name: other\nextends: jincheng-2020\ntime: {years: 3}\n"
        "parameters: {grievance: {decay_per_year: 1.5}, ties: {degree: {kin: 5}}}\n"
        "policies: {courts: {prelitigation_share: [{from: 2021-01-01, value: 0.5}]}}\n"
    )
    path.write_text(text, encoding="utf-8")
    rows = {row["key"]: row for row in as_json("diff", "jincheng-2020", path)["differences"]}
    assert set(rows) == {
        "time.years",
        "parameters.grievance.decay_per_year",
        "parameters.ties.degree.kin",
        "policies.courts.prelitigation_share",
    }
    assert (rows["time.years"]["first"], rows["time.years"]["second"]) == (5.0, 3.0)
    assert rows["parameters.grievance.decay_per_year"]["second"] == 1.5
    assert rows["parameters.ties.degree.kin"]["second"] == 5
    assert rows["policies.courts.prelitigation_share"]["first"] == 0.3
    assert "2021-01-01" in shiyu("diff", "jincheng-2020", path).stdout


def test_schema_prints_the_schema_and_nothing_else(tmp_path):
    assert json.loads(shiyu("schema").stdout) == json_schema()
    path = tmp_path / "schema.json"
    assert as_json("schema", "--out", path) == {"schema": 1, "files": {"schema": str(path)}}
    done = shiyu("schema", "--out", path)
    assert done.stdout == ""
    assert json.loads(path.read_text(encoding="utf-8")) == json_schema()


def test_listing_and_schema_compile_nothing():
    code = (
        "import sys\nfrom sim.cli.app import main\n"
        "try:\n    main(['scenarios', 'list'])\nexcept SystemExit as left:\n"
        "    assert not left.code\n    heavy = {'numba', 'scipy', 'pandas', 'mesa'}\n"
        "    sys.exit(str(sorted(heavy & set(sys.modules))))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, encoding="utf-8"
    )
    assert done.stderr.strip() == "[]"


def test_scenarios_of_two_places_differ_in_the_levers_and_numbers_of_the_places():
    told = shiyu("diff", "two-villages", "jincheng-2020")
    assert told.exit_code == 0
    assert "two-villages is set in two-villages, jincheng-2020 in jincheng-2020" in told.stdout
    lines = {line.split()[0]: line.split()[1:3] for line in told.stdout.splitlines()}
    assert lines["policies.mediation.staff_per_10k"] == ["127", "34.2"]
    assert lines["parameters.world.smallest_scale"] == ["1", "0.005"]
    assert "policies.courts.prelitigation_share" not in lines  # the same in both
    alike = shiyu("diff", "jincheng-2020", "mediators-doubled").stdout
    assert "is set in" not in alike
    assert "world.smallest_scale" not in alike


def test_a_table_of_differences_rounds_numbers_and_json_does_not():
    told = shiyu("diff", "two-villages", "jincheng-2020")
    assert " 90.9091 " in told.stdout
    kept = json.loads(shiyu("diff", "two-villages", "jincheng-2020", "--json").stdout)
    judges = {one["key"]: one["first"] for one in kept["differences"]}
    assert judges["policies.courts.judges_per_100k"] == pytest.approx(1e3 / 11, rel=1e-12)

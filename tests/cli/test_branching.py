"""`run --until` saves a state, `run --from` goes on from it; what cannot is told in one line."""

import json
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sim.cli import app as application
from sim.store import states

RULES = "[influence, grievance, disputes, channels, mediation]"
SHORT = ("--set", "time.years=0.1", "--set", f"mechanisms={RULES}")
DAY = "2020-01-20"


def shiyu(*arguments):
    return CliRunner().invoke(application.app, [str(each) for each in arguments])


def run(*arguments):
    return shiyu("run", "two-villages", *SHORT, *arguments)


@pytest.fixture(scope="module")
def saved(tmp_path_factory) -> dict:
    """The answer of the command that saved a state, under a Chinese path with a blank."""
    folder = tmp_path_factory.mktemp("结 果")
    told = run("--seed", 7, "--until", DAY, "--out", folder, "--json")
    assert told.exit_code == 0, told.stderr
    return json.loads(told.stdout)


@pytest.fixture
def state(saved) -> Path:
    return Path(saved["files"]["state"])


def test_a_state_is_told_of_with_its_path(saved, state):
    assert (saved["scenario"], saved["seed"], saved["until"]) == ("two-villages", 7, DAY)
    assert (saved["steps"], saved["schema"]) == (2, 1)
    assert state.parent.name == "states"
    assert state.is_file()


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_reader_is_told_how_to_go_on(lang, saved, state):
    folder = state.parents[1]
    told = run("--seed", 7, "--until", DAY, "--out", folder, "--lang", lang)
    assert f"shiyu run SCENARIO --from {state} --set 'mechanisms={RULES}'\n" in told.stdout
    assert told.exit_code == 0


def test_the_line_that_a_reader_is_told_can_be_typed(saved, state, tmp_path):
    lever = ("--set", "policies.mediation.staff_per_10k=60")  # the past of a lever is kept
    told = run("--seed", 7, "--until", DAY, *lever, "--out", tmp_path)
    line = shlex.split(told.stdout.splitlines()[-1].partition("shiyu ")[2])
    assert line.count("--set") == 1
    branch = shiyu(*(part.replace("SCENARIO", "two-villages") for part in line), "--json")
    assert branch.exit_code == 0, branch.stderr


def test_a_branch_has_the_id_of_the_unbroken_run(state, tmp_path):
    branch = json.loads(run("--from", state, "--out", tmp_path / "a", "--json").stdout)
    whole = json.loads(run("--seed", 7, "--out", tmp_path / "b", "--json").stdout)
    assert branch["run_id"] == whole["run_id"]
    assert branch["outcomes"] == whole["outcomes"]
    assert branch["branched"]["on"] == DAY


def test_what_a_scenario_says_about_the_past_is_told_and_not_obeyed(state, tmp_path):
    lever = ("--set", "policies.mediation.staff_per_10k=80")
    told = run("--from", state, *lever, "--out", tmp_path)
    assert told.exit_code == 0
    assert f"Before {DAY} these are as in the saved run" in told.stderr
    assert "mediation.staff_per_10k" in told.stderr


DATED = "[{from: 2020-01-08, value: 80}]"
REFUSED = {
    "no day": (("--until", "2020-02-30"), "until: 2020-02-30 is no day"),
    "nothing": (("--until", ""), "until: nothing is no day"),
    "a day outside": (("--until", "2031-01-01"), "until: 2031-01-01 is outside the run"),
    "a day before": (("--from", "STATE", "--until", "2020-01-10"), "comes before the day of the"),
    "another seed": (("--from", "STATE", "--seed", "8"), "seed 8: the state"),
    "another past": (
        ("--from", "STATE", "--set", f"policies.mediation.staff_per_10k={DATED}"),
        "policies.mediation.staff_per_10k: is dated 2020-01-08",
    ),
    "another step": (("--from", "STATE", "--set", "time.step_days=3.5"), "is 3.5 here and 7"),
    "no file": (("--from", "nowhere.npz"), "nowhere.npz: cannot be read: no such file"),
    "a folder": (("--from", "."), "is a directory"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_cannot_go_on_gets_one_line_and_writes_nothing(what, state, tmp_path):
    arguments, words = REFUSED[what]
    given = [str(state) if each == "STATE" else each for each in arguments]
    told = run(*given, "--out", tmp_path / "out", "--json")
    assert (told.exit_code, told.stdout) == (2, "")
    (line,) = told.stderr.strip().splitlines()
    assert words in line
    assert not (tmp_path / "out").exists()


def test_a_torn_state_is_refused_and_one_of_another_version_too(state, tmp_path, monkeypatch):
    torn = tmp_path / "torn.state.npz"
    torn.write_bytes(state.read_bytes()[:-200])
    for path, words in ((torn, "torn.state.npz: is not a state"), (state, "under the version")):
        if path == state:
            monkeypatch.setattr(states, "model_version", lambda: "0.0.9+another")
        told = run("--from", path, "--out", tmp_path / "out")
        assert told.exit_code == 2
        (line,) = told.stderr.strip().splitlines()
        assert words in line
        assert "shiyu run SCENARIO --until DATE" in line


@pytest.mark.slow
def test_a_comparison_under_draws_tells_chance_and_parameters_apart(tmp_path):
    policy = tmp_path / "more.yaml"
    policy.write_text(
        "name: more\nextends: two-villages\npolicies: {mediation: {staff_per_10k: 60}}"
    )
    command = ("compare", "two-villages", policy, "--reps", 2, "--workers", 1)
    command += ("--set", "time.years=0.1", "--set", "outcomes=[spent_per_resident]")
    draws = ("--uncertainty", 2, "--draw-reps", 2, "--out", tmp_path / "out")
    told = shiyu(*command, *draws)
    assert told.exit_code == 0, told.stderr
    assert "more beside two-villages, 2 draws of" in told.stdout
    kept = json.loads((tmp_path / "out" / "comparison.json").read_text("utf-8"))["robustness"]
    assert (kept["draws"], kept["replications"], kept["failed"]) == (2, 2, [])
    (row,) = (row for row in kept["rows"] if row["by"] is None)
    line = next(x for x in told.stdout.split("2 draws of")[1].splitlines() if "spent_per" in x)
    assert f"{round(row['sign_share'] * 2)}/2" in line
    assert (tmp_path / "out" / "parameter_draws.csv").is_file()


def test_seeds_under_draws_need_draws(tmp_path):
    told = shiyu("compare", "two-villages", "mediators-doubled", "--draw-reps", 3)
    assert told.exit_code == 2
    assert "--uncertainty" in told.stderr

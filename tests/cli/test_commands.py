"""Each command answers in the shape that scripts rely on; a made-up place of two villages."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

import sim.engine.kept  # before anything stands in for the model: it binds the model's names
from sim.analysis.price import BOUGHT
from sim.cli import app as application
from sim.kernel.limit import Verdict
from sim.store import Store

ROOT = Path(sim.__file__).parents[1]
QUARTER = ("--set", "time.years=0.25")
FEW = (*QUARTER, "--set", "outcomes=[late_share, participation_rate]")  # little to draw


def shiyu(*arguments):
    return CliRunner().invoke(application.app, [str(each) for each in arguments])


def answer(*arguments) -> dict:
    told = shiyu(*arguments, "--json")
    assert told.exit_code == 0, told.stderr
    return json.loads(told.stdout)


@pytest.fixture(scope="module")
def more(tmp_path_factory) -> Path:
    """A scenario file under a Chinese path."""
    path = tmp_path_factory.mktemp("情景") / "增配.yaml"
    path.write_text(
        "name: more\nextends: two-villages\npolicies: {mediation: {staff_per_10k: 60}}\n",
        encoding="utf-8",
    )
    return path


@pytest.fixture(scope="module")
def kept(tmp_path_factory, more) -> tuple[Path, dict]:
    """The folder and the answer of a comparison."""
    folder = tmp_path_factory.mktemp("结果") / "demo"
    command = ("compare", "two-villages", more, "--reps", 3, *FEW, "--out", folder)
    return folder, answer(*command, "--workers", 1)


@pytest.mark.slow
def test_what_is_bought_has_a_price_where_all_outcomes_are_asked_for(tmp_path, more):
    command = ("compare", "two-villages", more, "--reps", 2, *QUARTER, "--workers", 1)
    told = answer(*command, "--out", tmp_path)
    assert {price["outcome"] for price in told["prices"]} == set(BOUGHT)
    assert all(price["replications"] == 2 for price in told["prices"])
    assert all(price["cost"] < 0.0 for price in told["prices"])
    assert json.loads((tmp_path / "comparison.json").read_text())["prices"] == told["prices"]


def test_a_run_tells_what_it_was_and_what_came_out(tmp_path):
    told = answer("run", "two-villages", "--seed", 7, *QUARTER, "--out", tmp_path)
    keys = {"run_id", "scenario", "seed", "version", "people", "steps", "build_seconds", "seconds"}
    assert keys | {"outcomes", "files", "schema"} <= told.keys()
    assert (told["scenario"], told["seed"], told["schema"]) == ("two-villages", 7, 1)
    assert told["steps"] == 13  # a quarter of 365.25 days in weeks
    assert set(told["outcomes"]["late_share"]) == {"value", "unit"}
    assert Path(told["files"]["run"]).is_file()
    assert Store(tmp_path).verify() == {"runs": 1, "broken": []}


def test_the_same_run_is_read_the_second_time(tmp_path):
    first, second = (
        answer("run", "two-villages", "--seed", 7, *QUARTER, "--out", tmp_path) for _ in range(2)
    )
    assert first == second


def test_a_run_is_a_table_for_a_reader(tmp_path):
    told = shiyu("run", "two-villages", "--seed", 7, *QUARTER, "--out", tmp_path, "--lang", "zh")
    assert told.exit_code == 0
    assert "two-villages，种子 7" in told.stdout
    assert "escalation_share" in told.stdout
    assert "项结果：加上 --all 可见" in told.stdout
    assert told.stderr == ""


def test_what_is_not_asked_for_is_kept_all_the_same(tmp_path):
    run = ("run", "two-villages", "--seed", 7, *QUARTER, "--out", tmp_path)
    few = answer(*run, "--set", "outcomes=[late_share]")
    every = answer(*run)
    assert list(few["outcomes"]) == ["late_share"]
    assert few["run_id"] == every["run_id"]
    assert len(every["outcomes"]) > 30


@pytest.mark.parametrize("seed", ["-4", str(2**63)])
def test_a_seed_out_of_range_is_refused(tmp_path, seed):
    told = shiyu("run", "two-villages", "--seed", seed, "--out", tmp_path / "x")
    assert told.exit_code == 2
    assert f"seed {seed}: must be a whole number from 0" in told.stderr
    assert not (tmp_path / "x").exists()


def test_a_folder_that_cannot_be_used_is_refused_before_the_run(tmp_path):
    (tmp_path / "file").write_text("")
    told = shiyu("run", "two-villages", "--out", tmp_path / "file" / "x")
    assert told.exit_code == 2
    assert "cannot be made" in told.stderr


def test_a_bad_scenario_gets_a_line_a_fault_and_nothing_is_written(tmp_path):
    bad = tmp_path / "bad.yaml"
    text = "name: bad\nextends: two-villages\npolicies:\n  mediation:\n    staf_per_10k: 3\n"
    bad.write_text(text + "scale: none\n", encoding="utf-8")
    told = shiyu("run", bad, "--out", tmp_path / "out")
    assert told.exit_code == 2
    first, second = told.stderr.splitlines()
    assert "bad.yaml:5:5: policies.mediation.staf_per_10k" in first
    assert "staff_per_10k" in first
    assert "bad.yaml:6:8: scale" in second
    assert not (tmp_path / "out").exists()


def test_a_comparison_has_a_row_for_each_outcome_and_group(kept):
    _, told = kept
    assert (told["baseline"], told["scenarios"], told["replications"]) == (
        "two-villages",
        ["more"],
        3,
    )
    assert told["prices"] == []  # neither escalations nor money were asked for
    row = next(row for row in told["differences"] if row["outcome"] == "late_share")
    keys = {"scenario", "outcome", "unit", "baseline_mean", "mean", "difference", "low", "high"}
    assert keys | {"distinguishable", "relative", "negligible", "by", "group"} <= row.keys()
    assert row["low"] <= row["difference"] <= row["high"]
    assert row["difference"] == pytest.approx(row["mean"] - row["baseline_mean"])
    assert told["failed"] == []


def test_a_comparison_leaves_runs_figures_and_a_report(kept):
    folder, told = kept
    assert Store(folder).verify() == {"runs": 6, "broken": []}
    report = Path(told["files"]["report"]).read_text(encoding="utf-8")
    assert "<html" in report
    assert "→ 60 (persons per 10,000 residents)" in report
    (change,) = json.loads((folder / "comparison.json").read_text("utf-8"))["changes"]["more"]
    assert (change["key"], change["second"]) == ("policies.mediation.staff_per_10k", 60)
    assert {path.suffix for path in (folder / "figures").iterdir()} == {".png", ".svg"}


@pytest.mark.slow
def test_a_comparison_that_is_there_is_not_run_again(kept, more):
    folder, first = kept
    command = ("compare", "two-villages", more, "--reps", 3, *FEW, "--out", folder)
    again = answer(*command, "--workers", 1)
    assert again["runs_reused"] == 6
    assert again["differences"] == first["differences"]


@pytest.mark.slow
def test_the_values_do_not_depend_on_the_number_of_processes(kept, more, tmp_path):
    command = ("compare", "two-villages", more, "--reps", 3, *FEW, "--out", tmp_path)
    assert answer(*command, "--workers", 2)["differences"] == kept[1]["differences"]


@pytest.mark.slow
def test_a_comparison_is_a_table_for_a_reader(kept, more):
    folder, _ = kept
    command = ("compare", "two-villages", more, "--reps", 3, *FEW, "--out", folder)
    told = shiyu(*command, "--workers", 1).stdout
    assert "more beside two-villages, 3 pairs of runs" in told
    assert "\nlate_share " in told
    assert "chance in the model alone" in told


@pytest.mark.slow
def test_a_report_and_figures_are_made_from_what_is_kept(kept, tmp_path):
    folder, _ = kept
    told = answer("report", folder, "--lang", "zh", "--to", tmp_path / "报告.html")
    assert 'lang="zh-Hans"' in Path(told["files"]["report"]).read_text(encoding="utf-8")
    told = answer("plot", folder, "--outcome", "late_share", "--out", tmp_path)
    assert tmp_path / "course-late_share.svg" in map(Path, told["files"])


@pytest.mark.slow
def test_one_pair_is_told_to_be_too_few_beside_the_answer(more, tmp_path):
    command = ("compare", "two-villages", more, *FEW, "--out", tmp_path, "--workers", 1)
    told = shiyu(*command, "--reps", 1)
    assert "1 pair of runs\n" in told.stdout
    assert "One pair of runs tells nothing of chance" in told.stderr
    assert "One pair" not in shiyu(*command, "--reps", 2).stderr


def test_an_outcome_that_a_comparison_lacks_is_told_of(kept):
    told = shiyu("plot", kept[0], "--outcome", "late_shar")
    assert (told.exit_code, told.stdout) == (2, "")
    assert "did you mean late_share?" in told.stderr
    told = shiyu("plot", kept[0], "--outcome", "nope")
    assert "allowed here: late_share, participation_rate" in told.stderr


def test_pairs_and_precision_exclude_each_other(more):
    wanted = ("--reps", 5, "--precision", 0.1, "--outcome", "late_share")
    told = shiyu("compare", "two-villages", more, *wanted)
    assert told.exit_code == 2
    assert "exclude each other" in told.stderr


@pytest.mark.parametrize("half", [("--precision", 0.1), ("--outcome", "late_share")])
def test_a_precision_and_its_outcome_go_together(more, half):
    told = shiyu("compare", "two-villages", more, *half)
    assert told.exit_code == 2
    assert "--precision and --outcome go together" in told.stderr


def test_failed_runs_are_told_of_and_the_exit_code_says_so(monkeypatch, more, tmp_path):
    def replicate(scenarios, seed):
        raise ZeroDivisionError("no judges")

    monkeypatch.setattr("sim.engine.run.replicate", replicate)
    command = ("compare", "two-villages", more, "--reps", 2, *QUARTER, "--out", tmp_path)
    told = shiyu(*command, "--workers", 1, "--json")
    assert told.exit_code == 1
    reasons = {row["reason"] for row in json.loads(told.stdout)["failed"]}
    assert reasons == {"ZeroDivisionError: no judges"}
    assert "4 runs failed" in told.stderr
    assert (tmp_path / "failures.json").exists()


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="needs POSIX signals")
def test_ctrl_c_leaves_finished_runs_and_says_where(more, tmp_path):
    words = ["compare", "two-villages", str(more), "--reps", "500", *QUARTER]
    command = [sys.executable, "-m", "sim", *words, "--out", str(tmp_path)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, cwd=ROOT, text=True) as process:
        for _ in range(1200):
            if len(list((tmp_path / "trajectories").glob("*.parquet"))) >= 2:
                break
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        _, told = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Stopped. Finished runs are kept in" in told
    assert "Traceback" not in told
    found = Store(tmp_path).verify()
    assert found["runs"] >= 2
    assert found["broken"] == []
    assert (tmp_path / "catalogue.json").exists()


def test_the_ledger_names_status_and_source_of_every_parameter():
    rows = answer("parameters")["parameters"]
    keys = {"name", "unit", "default", "low", "high", "status", "source"}
    assert all(keys <= row.keys() for row in rows)
    assumed = answer("parameters", "--status", "assumed", "--group", "mediation")["parameters"]
    wanted = [r for r in rows if r["status"] == "assumed" and r["name"].startswith("mediation.")]
    assert assumed == wanted != []


@pytest.mark.parametrize(
    ("option", "meant"),
    [(("--status", "asumed"), "assumed"), (("--group", "mediaton"), "mediation")],
)
def test_a_part_of_the_ledger_that_is_not_there_is_told_of(option, meant):
    told = shiyu("parameters", *option)
    assert told.exit_code == 2
    assert f"did you mean {meant}?" in told.stderr


@pytest.mark.parametrize("words", [("meetings",), ("议事协商", "次数")])
def test_a_lever_is_looked_up_by_words_of_either_language(words):
    (lever,) = answer("parameters", "--levers", *words)["levers"]
    assert lever["name"] == "deliberation.meetings_per_year"
    assert (lever["low"], lever["high"], lever["mechanisms"][-1]) == (0, 52, "participation")


def test_levers_are_shown_by_their_group_or_by_the_mechanism_that_reads_them():
    told = shiyu("parameters", "--levers", "--group", "deliberation", "--lang", "zh").stdout
    assert "deliberation.adoption_share" in told
    assert "courts." not in told
    read = answer("parameters", "--levers", "--group", "participation")["levers"]
    assert {"deliberation.adoption_share", "participation.public_share"} <= {
        r["name"] for r in read
    }


def test_who_looks_for_a_lever_among_parameters_is_told_of_it():
    told = shiyu("parameters", "deliberation")
    assert "shiyu parameters --levers deliberation" in told.stderr


def test_a_group_that_has_levers_only_says_so():
    told = shiyu("parameters", "--group", "deliberation")
    assert told.exit_code == 2
    assert "add --levers" in told.stderr


def test_levers_have_no_status():
    told = shiyu("parameters", "--levers", "--status", "assumed")
    assert told.exit_code == 2


def test_parameters_and_outcomes_are_looked_up_by_words():
    (row,) = answer("parameters", "budget.cost.meeting")["parameters"]
    assert row["name"] == "budget.cost.meeting"
    found = answer("outcomes", "信任", "法院")["outcomes"]
    assert [row["name"] for row in found] == ["trust_court"]


@pytest.mark.parametrize(
    ("lang", "words"), [("en", "No outcome has zzz"), ("zh", "带有 zzz 的结果")]
)
def test_a_word_that_no_outcome_has_is_said_to_be_in_none(lang, words):
    told = shiyu("outcomes", "zzz", "--lang", lang)
    assert told.exit_code == 0
    assert words in told.stdout


def test_outcomes_have_a_meaning_in_both_languages():
    rows = answer("outcomes")["outcomes"]
    assert all(row["unit"] and row["meaning"]["en"] and row["meaning"]["zh"] for row in rows)


def test_a_limit_is_verified_at_any_values():
    (first, *_) = answer("verify", "grievance", "--set", "inflow=.3", "--set", "decay=.9")["limits"]
    assert first["expected"] == pytest.approx(0.3 / 1.2)
    assert first["holds"] is True


def test_a_limit_that_fails_sets_the_exit_code(monkeypatch):
    verdict = Verdict("grievance", {}, "settles_at", "share", 0.25, 0.5, 0.5, 0.5, holds=False)
    monkeypatch.setattr("sim.verify.verify", lambda *asked: [verdict])
    told = shiyu("verify", "grievance")
    assert told.exit_code == 3
    assert "0 of 1 hold" in told.stdout


def test_a_limit_that_is_not_there_is_told_of():
    told = shiyu("verify", "grievence")
    assert told.exit_code == 2
    assert "grievance" in told.stderr

"""`shiyu compare` says when a setting undoes the policy, or another comparison is replaced."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sim.cli import app as application
from sim.cli.compare_remarks import remark_other_times, remark_settings_over
from sim.engine.load import load

STAFF = "policies.mediation.staff_per_10k"
SUBSIDY = "policies.grid.subsidy_yuan_per_year"
FEW = ("--set", "time.years=0.1", "--set", "outcomes=[late_share, participation_rate]")


def shiyu(*arguments):
    return CliRunner().invoke(application.app, [str(each) for each in arguments])


@pytest.fixture
def policies(tmp_path) -> dict[str, Path]:
    """Two files, each with a policy of its own."""
    texts = {
        "more": "mediation: {staff_per_10k: 60}",
        "paid": "grid: {subsidy_yuan_per_year: 9000}",
    }
    for name, policy in texts.items():
        text = f"name: {name}\nextends: two-villages\npolicies: {{{policy}}}\n"
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    return {name: tmp_path / f"{name}.yaml" for name in texts}


@pytest.mark.slow
def test_another_comparison_that_is_replaced_is_told_of_and_its_figures_go(policies, tmp_path):
    folder = tmp_path / "out"

    def compared(name, *words):
        where = ("--out", folder, "--workers", 1)  # no other processes to start
        told = shiyu("compare", "two-villages", policies[name], *FEW, *where, *words)
        assert told.exit_code == 0, told.stderr
        return told.stderr

    def figures():
        return {path.stem for path in (folder / "figures").iterdir()}

    assert "replaced" not in compared("more", "--reps", 2)
    shiyu("plot", folder, "--outcome", "participation_rate")
    mine = folder / "figures" / "mine.png"
    mine.write_bytes(b"drawn by somebody")
    assert "course-participation_rate" in figures()

    assert "replaced" not in compared("more", "--reps", 2)
    assert "course-participation_rate" in figures()  # the same runs: still of this comparison

    assert "replaced" not in compared("more", "--reps", 3)  # more pairs of the same one
    assert "course-participation_rate" not in figures()

    told = compared("paid", "--reps", 3, "--set", f"{SUBSIDY}=6000")
    assert f"--set {SUBSIDY} replaces what paid sets against two-villages" in told
    assert f"The comparison of two-villages with more that stood in {folder} is replaced" in told
    assert list(json.loads((folder / "comparison.json").read_text())["scenarios"])[1] == "paid"
    assert mine.exists()
    assert "differences" in figures()


@pytest.mark.parametrize(
    ("key", "told"),
    [(STAFF, True), ("policies.mediation", True), ("policies.grid.staff", False), ("scale", False)],
)
def test_a_setting_over_the_policy_under_test_is_told_of(policies, capsys, key, told):
    remark_settings_over(["two-villages", str(policies["more"])], {key: "1"}, "en")
    line = f"--set {key} replaces what more sets against two-villages"
    assert (line in capsys.readouterr().err) == told


def test_one_scale_for_both_worlds_undoes_no_policy(tmp_path, capsys):
    short = tmp_path / "short.yaml"
    short.write_text("name: short\nextends: jincheng-2020\nscale: 0.02\ntime: {years: 1}\n")
    settings = {"scale": "0.005", "time.years": "1"}
    remark_settings_over(["jincheng-2020", str(short)], settings, "en")
    assert capsys.readouterr().err == ""


def test_worlds_of_other_lengths_are_told_of(tmp_path, capsys):
    short = tmp_path / "short.yaml"
    short.write_text("name: short\nextends: two-villages\ntime: {years: 1}\n", encoding="utf-8")
    remark_other_times([load("two-villages"), load("two-villages")], "en")
    assert capsys.readouterr().err == ""
    remark_other_times([load("two-villages"), load(short)], "en")
    told = capsys.readouterr().err
    assert told.startswith("short covers other days than two-villages (1 year from 2020-01-01")


def test_a_scenario_that_needs_its_settings_is_not_judged_without_them(tmp_path, capsys):
    bare = tmp_path / "bare.yaml"
    bare.write_text("name: bare\nplace: two-villages\n", encoding="utf-8")
    remark_settings_over(["two-villages", str(bare)], {"time.start": "2020-01-01"}, "en")
    assert capsys.readouterr().err == ""

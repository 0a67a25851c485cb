"""Plot and report take a finished experiment: its file, its name, or the folder of its runs."""

import json
from pathlib import Path

import pytest

import sim.findings.load
from sim.cli.designs import study_at
from sim.findings.load import study_of
from sim.kernel.fault import ShiyuError
from tests.analysis.designs import fail
from tests.cli.test_findings_commands import shiyu
from tests.experiment.files import HEAD, TWO_FACTORS
from tests.findings.studies import study

MADE_UP = "name: made-up\ndesign: {kind: any}\n"


@pytest.fixture
def here(tmp_path, monkeypatch):
    """A folder in which one works, with experiments/, and runs that are made up."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "experiments").mkdir()
    (tmp_path / "experiments" / "one.yaml").write_text(MADE_UP, encoding="utf-8")

    def made(path, out=None):
        found = study("factorial", out or tmp_path / "store", replications=2)
        assert Path(path).read_text(encoding="utf-8") == MADE_UP
        return type(found)(**{**vars(found), "command": f"shiyu sweep {path}"})

    monkeypatch.setattr(sim.findings.load, "study_of", made)
    return tmp_path


def in_folder(folder, name="made-up", path=""):
    """A folder of results that a sweep of the experiment of this name and file has filled."""
    folder.mkdir()
    record = json.dumps({"experiment": name, "path": str(path)})
    (folder / "sweep.json").write_text(record, encoding="utf-8")
    return folder


@pytest.mark.parametrize("source", ["experiments/one.yaml", "made-up", "results-of-it"])
def test_an_experiment_is_found_by_its_file_its_name_and_its_results(here, source):
    in_folder(here / "results-of-it")
    assert study_at(Path(source)).name == "made-up"


def test_results_know_where_their_experiment_was_unless_another_stands_there_now(here):
    away = here / "away"
    away.mkdir()
    (here / "experiments" / "one.yaml").rename(away / "one.yaml")
    assert study_at(in_folder(here / "known", path=away / "one.yaml")).name == "made-up"
    (away / "other.yaml").write_text(MADE_UP.replace("made-up", "other"), encoding="utf-8")
    with pytest.raises(ShiyuError, match=r"made-up, whose file is no longer at .*other"):
        study_at(in_folder(here / "reused", path=away / "other.yaml"))


def test_figures_of_an_experiment_stand_beside_its_runs_or_where_one_wants_them(here):
    asked = ("--outcome", "escalation_share", "--json")
    told = shiyu("plot", "made-up", *asked)
    assert told.exit_code == 0, told.stderr
    names = {Path(each).name for each in json.loads(told.stdout)["files"]}
    assert {"effects-escalation_share.png", "interaction-escalation_share.svg"} <= names
    assert names == {path.name for path in (here / "store" / "figures").iterdir()}
    shiyu("plot", "made-up", *asked, "--out", here / "elsewhere")
    assert names == {path.name for path in (here / "elsewhere").iterdir()}


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_report_of_an_experiment_is_one_file_that_tells_each_outcome(here, lang):
    told = shiyu("report", "experiments/one.yaml", "--lang", lang, "--json")
    assert told.exit_code == 0, told.stderr
    page = Path(json.loads(told.stdout)["files"]["report"]).read_text(encoding="utf-8")
    # Three outcomes, each with its effects and an interaction, and the trade-offs between them.
    assert page.count("<img ") == 3 + 3 + 1
    assert {"en": ">Escalated</h2>", "zh": ">升级比重</h2>"}[lang] in page
    assert "shiyu sweep experiments/one.yaml" in page.replace('</span> <span class="word">', " ")
    assert 'src="http' not in page


def test_failed_runs_are_counted_and_end_with_status_1(here, monkeypatch):
    whole = sim.findings.load.study_of

    def broken(path, out=None):
        found = whole(path, out)
        frame = fail(found.frame, 1, 0)
        frame.loc[frame["status"] == "failed", list(found.outcomes)] = float("nan")
        return type(found)(**{**vars(found), "frame": frame})

    monkeypatch.setattr(sim.findings.load, "study_of", broken)
    told = shiyu("report", "made-up")
    assert told.exit_code == 1
    assert "point 1, replication 0" in told.stderr
    assert "point 1, replication 0" in (here / "store" / "report.html").read_text("utf-8")


@pytest.mark.parametrize("command", ["plot", "report"])
def test_without_finished_runs_one_is_told_where_and_what_makes_them(
    command, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    Path("two.yaml").write_text(HEAD + TWO_FACTORS, encoding="utf-8")
    monkeypatch.setattr(sim.findings.load, "study_of", study_of)
    told = shiyu(command, "two.yaml")
    assert (told.exit_code, told.stdout) == (2, "")
    folder = Path("results", "made-up")
    assert told.stderr == (
        f"{folder}: no finished run of made-up by this version of the model is there; "
        "`shiyu sweep two.yaml` makes them\n"
    )
    assert not folder.exists()


@pytest.mark.parametrize("command", ["plot", "report"])
def test_a_name_that_nothing_has_is_told_of(command, here):
    told = shiyu(command, "nothing")
    assert (told.exit_code, told.stdout) == (2, "")
    assert "nothing: no such folder of results, and no experiment file of the name" in told.stderr
    in_folder(here / "old", "gone")
    assert "old: holds results of the experiment gone, whose file" in shiyu(command, "old").stderr


@pytest.mark.parametrize("target", ["experiments/one.yaml", "results-of-it/sweep.json"])
def test_a_report_is_never_written_over_the_experiment_or_its_record(here, target):
    in_folder(here / "results-of-it")
    before = Path(target).read_bytes()
    source = target.removesuffix("/sweep.json")
    told = shiyu("report", source, "--to", target)
    assert told.exit_code == 2
    assert "choose another file" in told.stderr
    assert Path(target).read_bytes() == before

"""`shiyu sweep` answers in the shape that scripts rely on, in words, and with its exit status."""

import contextlib
import json
from pathlib import Path
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner

import sim
from sim.cli import app as application
from sim.cli.sweep import _show_forecast
from sim.engine import load
from sim.kernel.fault import ShiyuError
from sim.processes import server
from sim.sweep.forecast import Forecast
from tests.experiment.files import TWO_FACTORS, written
from tests.sweep.faulty import faulty

ROOT = Path(sim.__file__).parents[1]


def shiyu(*arguments):
    return CliRunner().invoke(application.app, [str(each) for each in arguments])


@pytest.fixture
def file(tmp_path):
    return written(tmp_path, TWO_FACTORS)


@pytest.fixture
def out(tmp_path):
    return tmp_path / "结果"


@pytest.fixture
def ahead(monkeypatch):
    """Whether the model was to be loaded ahead, of each sweep; none comes to run anything."""
    asked = []

    @contextlib.contextmanager
    def noted(wanted):
        asked.append(wanted)
        yield

    def refused(*_):
        raise ShiyuError("nothing is read")

    monkeypatch.setattr(server, "server_ahead", noted)
    monkeypatch.setattr(load, "load_experiment", refused)
    return asked


@pytest.mark.slow
def test_it_answers_with_counts_and_the_store(file, out):
    told = shiyu("sweep", file, "--workers", 1, "--out", out, "--json")
    assert told.exit_code == 0, told.stderr
    content = json.loads(told.stdout)
    assert content["experiment"] == "made-up"
    assert (content["runs_total"], content["runs_done"], content["runs_reused"]) == (12, 12, 0)
    assert content["runs_failed"] == 0
    assert content["store"] == str(out)
    again = json.loads(shiyu("sweep", file, "--workers", 1, "--out", out, "--json").stdout)
    assert again["runs_reused"] == 12
    assert "12 of 12 runs are done" in shiyu("sweep", file, "--out", out).stdout
    assert "共 12 次运行" in shiyu("sweep", file, "--out", out, "--lang", "zh").stdout


@pytest.mark.slow
def test_a_dry_run_runs_nothing(file, out):
    told = shiyu("sweep", file, "--dry-run", "--out", out, "--json")
    assert told.exit_code == 0, told.stderr
    content = json.loads(told.stdout)
    assert (content["runs_total"], content["runs_done"]) == (12, 0)
    assert content["seconds"] > 0
    assert content["bytes"] > 0
    assert not out.exists()
    words = shiyu("sweep", file, "--dry-run", "--out", out).stdout
    assert "0 of 12 runs are done; 12 to do" in words
    assert "judged by a short trial" in words


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("en", "The points cost 500 to 700 yuan a year on the first day; the scenario without its"),
        ("zh", "各点首日的费用为每年 500 至 700 元；不加各因素的情景为 6,000 元"),
    ],
)
def test_a_dry_run_tells_what_the_points_cost_where_a_constraint_asks(capsys, lang, words):
    """A point far below the base is one that nobody meant: a lever fell in some division."""
    done = Forecast(2, 2, 2, 0, 1, seconds=0.0, bytes=0.0, workers=1, measured=0)
    _show_forecast(SimpleNamespace(name="a", costs=(700.0, 500.0), base_cost=6000.0), done, lang)
    assert words in capsys.readouterr().out
    _show_forecast(SimpleNamespace(name="a", costs=(), base_cost=6000.0), done, lang)
    assert "6,000" not in capsys.readouterr().out


@pytest.mark.slow
def test_failed_runs_are_told_and_the_exit_status_is_one(tmp_path, out):
    told = shiyu("sweep", faulty(tmp_path).path, "--workers", 1, "--out", out)
    assert told.exit_code == 1
    assert "4 of 6 runs are done" in told.stdout
    assert "2 runs failed" in told.stderr
    assert "point 1, replication 0, seed" in told.stderr
    assert "ValueError: too many mediators" in told.stderr
    assert "Traceback" not in told.stderr


def test_a_bad_file_gets_one_line_a_fault_and_nothing_is_written(tmp_path, out):
    path = written(tmp_path, "design: {kind: any}\nfactors: {scale: [2]}\nreplications: 0\n")
    told = shiyu("sweep", path, "--out", out)
    assert told.exit_code == 2
    assert told.stdout == ""
    lines = told.stderr.strip().splitlines()
    assert len(lines) == 3
    assert all(line.startswith(str(path)) for line in lines)
    assert not out.exists()


def test_processes_here_and_workers_there_exclude_each_other(file, out):
    told = shiyu("sweep", file, "--workers", 2, "--scheduler", "tcp://127.0.0.1:1", "--out", out)
    assert told.exit_code == 2
    assert "exclude each other" in told.stderr


@pytest.mark.slow
def test_findings_read_a_sweep_through_its_own_file(file, out):
    shiyu("sweep", file, "--workers", 1, "--out", out)
    told = shiyu("compare", file, "--out", out, "--outcome", "spent_per_resident", "--json")
    assert told.exit_code == 0, told.stderr
    rows = json.loads(told.stdout)["effects"]
    assert {row["factor"] for row in rows} == {
        "policies.grid.subsidy_yuan_per_year",
        "policies.mediation.staff_per_10k",
    }
    refused = shiyu("sensitivity", file, "--out", out)
    assert refused.exit_code == 2
    assert "factorial" in refused.stderr


def test_a_scenario_is_told_by_what_it_is_and_what_takes_it(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text("name: mine\nextends: two-villages\n", encoding="utf-8")
    told = shiyu("sweep", path)
    assert told.exit_code == 2
    expected = "is a scenario, not an experiment; `shiyu run` runs it, `shiyu compare` compares it"
    assert told.stderr.startswith(f"{path}:1:1: {expected}")
    assert told.stderr.count("\n") == 1


def test_the_study_of_an_article_is_told_by_what_runs_it():
    told = shiyu("sweep", ROOT / "experiments/articles/04-city-group.yaml")
    assert told.exit_code == 2
    expected = (
        "is the study of an article, not an experiment; `python experiments/articles/study.py`"
    )
    assert expected in told.stderr
    assert told.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (["--workers", 2], True),
        (["--workers", 1], False),
        (["--scheduler", "tcp://127.0.0.1:1"], False),
    ],
)
def test_the_model_is_loaded_ahead_for_workers_of_a_store_that_is_new(
    words, wanted, file, out, ahead
):
    shiyu("sweep", file, "--out", out, *words)
    assert ahead == [wanted]


def test_the_model_is_not_loaded_ahead_for_a_store_that_may_hold_all(file, out, ahead):
    out.mkdir()
    (out / "catalogue.json").touch()
    shiyu("sweep", file, "--out", out, "--workers", 2)
    assert ahead == [False]


def test_the_model_is_not_loaded_ahead_for_what_runs_nothing(tmp_path, file, out, ahead):
    shiyu("sweep", file, "--out", out, "--workers", 2, "--dry-run")
    assert ahead == []
    shiyu("sweep", tmp_path / "missing.yaml", "--workers", 2)
    assert ahead == [False]


def test_a_store_by_the_name_in_the_file_is_known_to_be_new(file, tmp_path, ahead, monkeypatch):
    monkeypatch.chdir(tmp_path)
    shiyu("sweep", file, "--workers", 2)
    (tmp_path / "results" / "made-up").mkdir(parents=True)
    (tmp_path / "results" / "made-up" / "catalogue.json").touch()
    shiyu("sweep", file, "--workers", 2)
    assert ahead == [True, False]

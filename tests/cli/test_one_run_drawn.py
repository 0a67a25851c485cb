"""Plot takes a single run, however it is named, and owns up to there being only one."""

import json
from pathlib import Path

import pandas as pd
import pytest

import sim.report
from sim.cli.one_run import run_at
from sim.findings.one_run import draw_run
from sim.store import Store
from sim.text import fault_in
from tests.cli.stored_runs import store_runs
from tests.cli.test_findings_commands import shiyu
from tests.report.test_figures import overflow, overlaps, texts

SHORT = 16


def with_courses(folder, seeds):
    """Made-up runs that note two outcomes every week; their ids."""
    ids = store_runs(folder, seeds)
    days = [7.0, 14.0, 21.0]
    frame = pd.DataFrame({"day": days, "date": ["2020-01-08", "2020-01-15", "2020-01-22"]})
    frame = frame.assign(grievance_mean=[0.1, 0.2, 0.1], escalation_share=[0.0, 0.25, 0.5])
    with Store(folder) as store:
        for run_id in ids:
            kept = store.load(run_id)
            store.run_path(run_id).unlink()
            store.save(kept.document, kept.outcomes, frame)
    return ids


@pytest.fixture
def here(tmp_path, monkeypatch):
    """A folder in which one works; results/town holds one run."""
    monkeypatch.chdir(tmp_path)
    (run_id,) = with_courses(Path("results/town"), [7])
    return run_id


@pytest.mark.parametrize(
    "source",
    ["results/town", "{0:.8}", "results/town/{0:.8}", "results/town/trajectories/{0:.16}.parquet"],
)
def test_a_run_is_drawn_by_its_folder_its_id_and_its_file(here, source):
    told = shiyu("plot", source.format(here), "--json")
    assert told.exit_code == 0, told.stderr
    beside = Path("results/town/figures") / here[:SHORT]
    # The headline outcomes: the other one that the run notes is no such outcome.
    drawn = [str(beside / f"course-escalation_share.{kind}") for kind in ("png", "svg")]
    assert json.loads(told.stdout)["files"] == drawn
    assert all(Path(path).stat().st_size > 5000 for path in drawn)


@pytest.mark.parametrize(
    ("lang", "words"),
    [("en", "One run, one seed (7): a course, not an effect"), ("zh", "这是过程，不是效果")],
)
def test_its_figure_says_that_one_run_shows_no_effect_and_what_would(
    here, lang, words, monkeypatch
):
    figures = []
    monkeypatch.setattr(sim.report, "save", lambda figure, *_: figures.append(figure) or {})
    draw_run(Store("results/town").load(here), Path("x"), ["escalation_share"], lang)
    (figure,) = figures
    assert words in texts(figure).replace("\n", " ")
    assert "shiyu compare calm-town OTHER --reps 30" in texts(figure).replace("\n", " ")
    assert here[:SHORT] in texts(figure)
    assert {"en": "Escalated", "zh": "升级比重"}[lang] in texts(figure)
    assert (overflow(figure), overlaps(figure)) == ([], [])


def test_of_a_folder_of_several_runs_one_must_be_named(here):
    ids = with_courses(Path("results/other"), [1, 2])
    told = shiyu("plot", "results/other")
    assert (told.exit_code, told.stdout) == (2, "")
    assert "results/other: holds 2 runs" in told.stderr
    assert all(f"results/other/{run_id[:SHORT]}" in told.stderr for run_id in ids)
    assert shiyu("plot", f"results/other/{ids[0][:SHORT]}", "--json").exit_code == 0


def test_a_sweep_and_a_comparison_of_one_run_stay_what_they_are(here):
    for name in ("comparison.json", "sweep.json"):
        path = Path("results/town", name)
        path.write_text('{"experiment": "made-up"}', encoding="utf-8")
        assert run_at(Path("results/town"), "en") is None
        path.unlink()


def test_an_experiment_whose_name_has_hexadecimal_letters_alone_is_no_run(here):
    Path("one.yaml").write_text("name: facade\ndesign: {kind: any}\n", encoding="utf-8")
    assert run_at(Path("facade"), "en") is None
    told = shiyu("plot", "decade")  # nothing of this name: taken for digits of an id
    assert (told.exit_code, told.stderr[:20]) == (2, "decade: no stored ru")


def test_an_outcome_without_a_course_is_refused_with_those_that_have_one(here):
    told = shiyu("plot", here[:8], "--outcome", "wait_days")
    assert (told.exit_code, told.stdout) == (2, "")
    assert told.stderr.startswith("--outcome wait_days: this run has no course of it; ")
    assert "escalation_share" in told.stderr


@pytest.mark.parametrize("asked", ["信访", "petition"])
def test_an_outcome_is_told_by_words_of_its_meaning_in_either_language(here, asked):
    told = shiyu("plot", here[:8], "--outcome", asked)
    assert (told.exit_code, told.stdout) == (2, "")
    assert told.stderr.strip().endswith("did you mean escalation_share?")
    said = fault_in(told.stderr.strip(), "zh")
    assert said.endswith("是不是escalation_share？")
    assert "allowed" not in said


def test_an_outcome_that_is_asked_for_twice_is_drawn_once(here):
    asked = ("--outcome", "grievance_mean", "--outcome", "grievance_mean")
    told = shiyu("plot", here[:8], *asked, "--json")
    names = [Path(path).name for path in json.loads(told.stdout)["files"]]
    assert names == ["course-grievance_mean.png", "course-grievance_mean.svg"]


def test_a_run_that_notes_no_headline_outcome_is_drawn_with_those_that_it_notes(here, monkeypatch):
    drawn = []
    monkeypatch.setattr(sim.report, "save", lambda figure, path, write: drawn.append(path) or {})
    run = Store("results/town").load(here)
    draw_run(run._replace(trajectory=run.trajectory.drop(columns="escalation_share")), Path("x"))
    assert drawn == [Path("x/course-grievance_mean")]

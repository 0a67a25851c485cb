"""The course of an outcome at a setting is the mean of the runs that have it, seed by seed."""

import pandas as pd
import pytest

import sim.findings.courses as module
from sim.analysis.design_terms import binned, factors_of
from sim.findings import effects_of
from sim.findings.courses import Courses, level_titles
from sim.findings.words import factor_names
from sim.store import Store, StoredRun
from tests.analysis.designs import fail
from tests.findings.studies import STAFF, study

DATES = ["2020-01-07", "2020-01-14", "2020-01-21"]


class MadeUp(Store):
    """A store whose runs take as many steps as they are told; each holds its own place."""

    def __init__(self, frame, steps=lambda _: 3):
        self.place = {run_id: place for place, run_id in enumerate(frame["run_id"])}
        self.steps = steps

    def load(self, run_id):
        place = self.place[run_id]
        values = [float(place), place + 100.0, place + 200.0]
        frame = pd.DataFrame({"date": DATES, "day": [7, 14, 21], "escalation_share": values})
        return StoredRun({}, pd.DataFrame(), frame.iloc[: self.steps(place)])


def studied(folder, kind="factorial", broken=False, **how):
    made = study(kind, folder, replications=2)
    frame = made.frame.assign(run_id=[f"{place:064x}" for place in range(len(made.frame))])
    frame = fail(frame, 1, 0) if broken else frame
    return type(made)(**{**vars(made), "frame": frame, "store": MadeUp(frame, **how)})


def courses(found, outcome="escalation_share", name=STAFF):
    runs = found.runs(["escalation_share"])
    every = {factor.name: factor for factor in factors_of(runs.factors)}
    factor = binned(every[name], runs.factors[name].tolist())
    return Courses(found, runs).by_setting(outcome, factor), factor


def test_it_is_the_mean_of_all_points_with_the_setting_under_each_seed(tmp_path):
    found = studied(tmp_path)
    table, factor = courses(found)
    assert len(table) == 3 * 2 * 3  # settings, seeds, dates
    for (code, seed, date), rows in table.groupby(["scenario", "seed", "date"]):
        level = factor.levels[int(code)]
        mine = found.frame[(found.frame[STAFF] == level) & (found.frame["seed"] == seed)]
        expected = mine.index.to_numpy().mean() + 100 * DATES.index(date)
        assert rows["value"].tolist() == [pytest.approx(expected)]


def test_a_seed_under_which_a_run_failed_does_not_count(tmp_path):
    found = studied(tmp_path, broken=True)
    table, _ = courses(found)
    lost = found.frame.loc[found.frame["status"] == "failed", "seed"].item()
    assert set(table["seed"]) == set(found.frame["seed"]) - {lost}


def test_only_dates_that_all_its_runs_have_are_shown(tmp_path):
    table, _ = courses(studied(tmp_path, steps=lambda place: 2 + place % 2))
    assert set(table["date"]) == set(DATES[:2])


@pytest.mark.parametrize(("most", "seeds"), [(24, 2), (23, 1), (12, 1), (11, 0)])
def test_no_more_runs_are_read_than_show_something_and_those_of_whole_seeds(
    tmp_path, monkeypatch, most, seeds
):
    """Twelve points under two seeds."""
    monkeypatch.setattr(module, "RUNS_READ", most)
    table, _ = courses(studied(tmp_path))
    assert (0 if table is None else table["seed"].nunique()) == seeds


def test_an_outcome_that_runs_do_not_note_has_no_course(tmp_path):
    found = studied(tmp_path)
    assert courses(found, "spent_per_resident")[0] is None


def test_a_range_is_cut_into_parts_of_as_many_points(tmp_path):
    table, factor = courses(studied(tmp_path, "lhs"))
    assert set(table["scenario"]) == {"0", "1", "2", "3"}
    titles = level_titles(factor, factor_names([STAFF], "en"))
    assert titles["0"]["title"]["en"].startswith("10")
    assert titles["3"]["title"]["en"].endswith("70")


@pytest.mark.slow
def test_a_comparison_of_a_design_draws_it(tmp_path):
    files = effects_of(studied(tmp_path), ["escalation_share"], lang="zh").files["figures"]
    assert "course-escalation_share.png" in {path.name for path in files}


@pytest.mark.slow
def test_each_outcome_that_runs_note_is_drawn_and_each_run_read_once(tmp_path, monkeypatch):
    found = studied(tmp_path)
    read, load = [], MadeUp.load

    def noted(self, run_id):
        read.append(run_id)
        run = load(self, run_id)
        return run._replace(trajectory=run.trajectory.assign(participation_rate=0.2))

    monkeypatch.setattr(MadeUp, "load", noted)
    files = effects_of(found, lang="en").files["figures"]
    drawn = {path.stem for path in files if path.name.startswith("course-")}
    assert drawn == {"course-escalation_share", "course-participation_rate"}
    assert sorted(read) == sorted(found.frame["run_id"])


@pytest.mark.slow
@pytest.mark.parametrize("values", [[20, 40], [20, 30, 40]])
def test_a_single_lever_at_few_values_has_a_course_at_each(tmp_path, values):
    made = study("factorial", tmp_path, replications=2)
    one = made.frame[made.frame["point"] < len(values)].copy()
    one[STAFF] = one["point"].map(dict(enumerate(values)))
    one["run_id"] = [f"{place:064x}" for place in range(len(one))]
    facts = vars(made) | {"factors": (STAFF,), "frame": one, "store": MadeUp(one)}
    table, factor = courses(type(made)(**facts))
    assert list(factor.levels) == values
    assert set(table["scenario"]) == {str(code) for code in range(len(values))}
    files = effects_of(type(made)(**facts), ["escalation_share"], lang="en").files["figures"]
    assert "course-escalation_share.png" in {path.name for path in files}

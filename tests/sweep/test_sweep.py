"""A sweep runs each run once, keeps every failure, and goes on wherever it was stopped."""

import json
import shutil

import numpy as np
import pytest

import sim.sweep.forecast
from sim.engine.load import load_experiment
from sim.engine.run import replicate
from sim.store import Store, StoreError, model_version
from sim.sweep import plan_of, sweep, table
from sim.sweep.forecast import forecast
from tests.experiment.files import STAFF, SUBSIDY, TWO_FACTORS, experiment

from .faulty import MECHANISM, faulty


@pytest.fixture(scope="module")
def design(tmp_path_factory):
    return experiment(tmp_path_factory.mktemp("实验"))


@pytest.fixture(scope="module")
def swept(design, tmp_path_factory):
    folder = tmp_path_factory.mktemp("结果") / "store"
    return sweep(design, folder, workers=1), folder


def sorted_table(design, folder):
    return table(design, Store(folder))


def test_every_point_is_run_on_every_seed(design, swept):
    found, folder = swept
    assert (found.points, found.replications, found.runs_total) == (6, 2, 12)
    assert (found.runs_done, found.runs_reused, found.runs_failed) == (12, 0, 0)
    rows = table(design, Store(folder))
    assert (rows["status"] == "done").all()
    assert rows["seed"].nunique() == 2
    assert (rows.groupby("replication")["seed"].nunique() == 1).all()


def test_a_row_of_the_table_is_the_run_of_its_settings_and_seed(design, swept):
    rows = table(design, Store(swept[1]))
    row = rows[(rows["point"] == 4) & (rows["replication"] == 1)].iloc[0]
    assert (row[SUBSIDY], row[STAFF]) == (6000, 30)
    alone = replicate([design.scenario_of(design.points()[4].nodes)], int(row["seed"]))[0]
    assert row["run_id"] == alone.run_id
    for name, entry in alone.headline().items():
        expected = np.nan if entry["value"] is None else entry["value"]
        np.testing.assert_equal(row[name], expected)


def test_a_run_says_all_that_was_set_in_it(design, swept):
    entries, _ = Store(swept[1]).latest()
    assert len(entries) == 12
    for entry in entries:
        assert list(entry["settings"]) == ["time.years", SUBSIDY, STAFF]
        assert entry["settings"]["time.years"] == 0.1


def test_a_finished_sweep_runs_nothing(design, swept):
    again = sweep(design, swept[1], workers=1)
    assert (again.runs_done, again.runs_reused) == (12, 12)


@pytest.mark.slow
def test_the_number_of_processes_changes_no_value(design, swept, tmp_path):
    sweep(design, tmp_path / "two", workers=2)
    assert sorted_table(design, tmp_path / "two").equals(sorted_table(design, swept[1]))


@pytest.mark.slow
def test_a_sweep_that_was_stopped_goes_on_where_it_was(design, swept, tmp_path):
    def stop(done, total, failed):
        if done == 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sweep(design, tmp_path / "store", workers=1, progress=stop)
    kept = set(Store(tmp_path / "store").run_ids())
    assert 5 <= len(kept) < 12
    again = sweep(design, tmp_path / "store", workers=1)
    assert again.runs_reused == len(kept)
    assert again.runs_done == 12
    assert sorted_table(design, tmp_path / "store").equals(sorted_table(design, swept[1]))


@pytest.mark.slow
def test_more_replications_add_to_those_that_are_there(design, swept, tmp_path):
    more = experiment(tmp_path, TWO_FACTORS.replace("replications: 2", "replications: 3"))
    found = sweep(more, swept[1], workers=1)
    assert (found.runs_total, found.runs_reused) == (18, 12)


@pytest.mark.slow
def test_a_fresh_sweep_computes_every_run_anew_and_finds_the_same(design, swept):
    before = sorted_table(design, swept[1])
    found = sweep(design, swept[1], workers=1, fresh=True)
    assert found.runs_reused == 0
    assert sorted_table(design, swept[1]).equals(before)


def test_two_sweeps_do_not_meet_in_one_store(design, tmp_path):
    with Store(tmp_path / "store").only_sweep(), pytest.raises(StoreError, match="another sweep"):
        sweep(design, tmp_path / "store", workers=1)


class TestFailures:
    def test_a_failed_run_stops_no_other_and_is_kept_with_its_reason(self, tmp_path):
        design = faulty(tmp_path)
        found = sweep(design, tmp_path / "store", workers=1)
        assert (found.runs_total, found.runs_done, found.runs_failed) == (6, 4, 2)
        rows = table(design, Store(tmp_path / "store"))
        assert rows["status"].tolist() == ["done"] * 2 + ["failed"] * 2 + ["done"] * 2
        assert set(rows["reason"].dropna()) == {"ValueError: too many mediators"}
        assert rows.loc[rows["status"] == "failed", "participation_rate"].isna().all()
        failed = Store(tmp_path / "store").failures()
        assert [entry["point"] for entry in failed] == [1, 1]
        assert all("faulty.py" in entry["traceback"] for entry in failed)
        assert {entry["version"] for entry in failed} == {model_version()}

    @pytest.mark.slow
    def test_they_are_no_more_once_the_mechanism_is_mended(self, tmp_path):
        sweep(faulty(tmp_path), tmp_path / "store", workers=1)
        shutil.copytree(tmp_path / "store" / "failed", tmp_path / "notes")
        mended = MECHANISM.replace('raise ValueError("too many mediators")', "return")
        (tmp_path / "faulty.py").write_text(mended, encoding="utf-8")
        design = load_experiment(tmp_path / "experiment.yaml")
        found = sweep(design, tmp_path / "store", workers=1)
        assert (found.runs_done, found.runs_failed) == (6, 0)
        assert Store(tmp_path / "store").failures() == []
        shutil.copytree(tmp_path / "notes", tmp_path / "store" / "failed", dirs_exist_ok=True)
        assert len(Store(tmp_path / "store").failures()) == 2  # as if it had been killed
        assert sweep(design, tmp_path / "store", workers=1).runs_reused == 6
        assert Store(tmp_path / "store").failures() == []

    @pytest.mark.slow
    def test_it_is_tried_again_by_the_next_sweep(self, tmp_path):
        design = faulty(tmp_path)
        sweep(design, tmp_path / "store", workers=1)
        again = sweep(design, tmp_path / "store", workers=1)
        assert (again.runs_reused, again.runs_failed) == (4, 2)

    @pytest.mark.slow
    def test_a_run_that_ends_its_process_costs_no_other(self, tmp_path):
        design = faulty(tmp_path, deadly=True)
        found = sweep(design, tmp_path / "store", workers=2)
        assert (found.runs_done, found.runs_failed) == (2, 4)
        rows = table(design, Store(tmp_path / "store"))
        assert rows["reason"].dropna().str.contains("process died").sum() == 2


class TestPrecision:
    """Two points are run until their means are known, which a width of 10 is met by at once."""

    TEXT = f"""\
design: {{kind: factorial}}
factors: {{{STAFF}: [10, 50]}}
precision: {{outcome: participation_rate, half_width: WIDTH, of: mean, at_most: 12}}
"""

    @pytest.mark.slow
    def test_it_stops_when_it_is_reached_and_else_at_its_limit(self, tmp_path):
        design = experiment(tmp_path, self.TEXT.replace("WIDTH", "10"))
        found = sweep(design, tmp_path / "store", workers=1)
        assert (found.precise, found.replications) == (True, 10)
        design = experiment(tmp_path, self.TEXT.replace("WIDTH", "1e-9"))
        found = sweep(design, tmp_path / "store", workers=1)
        assert (found.precise, found.replications) == (False, 12)
        assert (found.runs_total, found.runs_reused) == (24, 20)
        assert len(table(design, Store(tmp_path / "store"))) == 24

    @pytest.mark.slow
    def test_one_that_ended_between_two_batches_lacks_the_next(self, tmp_path):
        wide = experiment(tmp_path, self.TEXT.replace("WIDTH", "10"))
        sweep(wide, tmp_path / "store", workers=1)  # two points, ten replications
        store = Store(tmp_path / "store")
        narrow = experiment(tmp_path, self.TEXT.replace("WIDTH", "1e-9"))
        found = forecast(plan_of(narrow), store, workers=1)
        assert (found.replications, found.runs_done, found.runs_total) == (12, 20, 24)
        assert (table(narrow, store)["status"] == "missing").sum() == 4
        (tmp_path / "store" / "sweep.json").unlink()  # nothing hangs on what was noted
        assert forecast(plan_of(wide), store, workers=1).runs_total == 20
        assert forecast(plan_of(wide), Store(tmp_path / "none"), workers=1).runs_total == 20


def test_a_forecast_counts_what_is_done_and_takes_its_time_from_it(design, swept, tmp_path):
    done = forecast(plan_of(design), Store(swept[1]))
    assert (done.runs_total, done.runs_done, done.seconds) == (12, 12, 0.0)
    assert done.measured == 12
    more = experiment(tmp_path, TWO_FACTORS.replace("replications: 2", "replications: 40"))
    found = forecast(plan_of(more), Store(swept[1]), workers=1)
    assert found.measured >= 12
    assert found.seconds > 0
    nothing = forecast(plan_of(design), Store(tmp_path / "none"), workers=1)
    assert nothing.measured == 0
    assert nothing.seconds > 0
    assert not (tmp_path / "none").exists()


def test_a_forecast_counts_the_start_of_workers_once_and_no_more_of_them_than_have_a_batch(
    swept, tmp_path, monkeypatch
):
    more = experiment(tmp_path, TWO_FACTORS.replace("replications: 2", "replications: 4"))
    plan, store = plan_of(more), Store(swept[1])
    alone = forecast(plan, store, workers=1)  # this process does the work: no start
    replications = (alone.runs_total - alone.runs_done) // 6
    monkeypatch.setattr(sim.sweep.forecast, "_starting", lambda _: 1000.0)
    assert forecast(plan, store, workers=2).seconds == pytest.approx(1000 + alone.seconds / 2)
    # The six runs of a replication are a batch of four and one of two: more workers stand idle.
    most = forecast(plan, store, workers=50).seconds
    assert most == pytest.approx(1000 + alone.seconds / (2 * replications))


def test_only_worker_processes_take_time_to_start():
    assert sim.sweep.forecast._starting(1) == 0
    assert sim.sweep.forecast._starting(2) > 0


def test_the_store_says_which_experiment_filled_it(design, swept):
    record = json.loads((swept[1] / "sweep.json").read_text(encoding="utf-8"))
    assert record["experiment"] == "made-up"
    assert record["content"]["scenario"] == "two-villages"
    assert record["finished"] is True

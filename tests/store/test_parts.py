"""Runs that were moved into parts are the same runs: each once, each to the last bit."""

import errno
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from sim.store import Store, StoreError
from sim.store.atomic import Disk
from sim.store.compaction import compact
from sim.store.values import same_values

from .runs import a_document, a_trajectory, check_all, files, fill, part, some_outcomes

A_GROUP = 3


@pytest.fixture(autouse=True)
def small_groups(monkeypatch):
    """So that a few runs make several groups of rows."""
    monkeypatch.setattr("sim.store.part_writing.RUNS_PER_GROUP", A_GROUP)


def test_many_files_become_three_and_every_run_comes_back_to_the_last_bit(tmp_path):
    with Store(tmp_path) as store:
        runs = fill(store, range(8))
        assert store.compact()[:2] == (8, 1)
    assert files(tmp_path) == part(1)
    check_all(tmp_path, runs)


def test_outcomes_come_back_with_none_nan_and_infinity_in_their_places(tmp_path):
    outcomes = some_outcomes().assign(value=[np.inf, np.nan, -0.0])
    with Store(tmp_path) as store:
        store.save(a_document(), outcomes, a_trajectory())
        before = store.load(a_document()["run_id"])
        store.compact()
        after = store.load(a_document()["run_id"])
    assert after.outcomes["by"].tolist() == [None, None, "kind"]
    assert np.signbit(after.outcomes["value"][2])
    pd.testing.assert_frame_equal(after.outcomes, before.outcomes)
    pd.testing.assert_frame_equal(after.trajectory, before.trajectory)


def test_a_part_is_three_plain_tables_without_our_help(tmp_path):
    with Store(tmp_path) as store:
        fill(store, range(3))
        store.compact()
    runs = pd.read_parquet(tmp_path / "runs")
    assert sorted(runs["seed"]) == [0, 1, 2]
    assert dict(zip(runs["seed"], runs["escalation_share"], strict=True)) == {
        0: 0,
        1: 1 / 8,
        2: 0.25,
    }
    assert runs["wait_days"].isna().all()
    assert json.loads(runs["settings"][0]) == {"policies.mediation.staff_per_10k": 60}
    outcomes = pd.read_parquet(tmp_path / "outcomes")
    assert len(outcomes) == 9
    assert outcomes.columns.tolist() == ["run_id", "outcome", "by", "group", "value", "unit"]
    curves = pd.read_parquet(tmp_path / "trajectories").merge(runs[["run_id", "seed"]])
    assert curves.groupby("seed")["day"].max().to_dict() == {0: 14.0, 1: 21.0, 2: 14.0}


def test_the_folder_of_trajectories_reads_as_one_table_before_and_after(tmp_path):
    with Store(tmp_path) as store:
        fill(store, range(4))
        before = pd.read_parquet(tmp_path / "trajectories")
        store.compact()
    assert same_values(pd.read_parquet(tmp_path / "trajectories"), before)


def test_runs_with_other_curves_go_into_a_part_of_their_own(tmp_path):
    with Store(tmp_path) as store:
        runs = fill(store, range(4))
        other = a_document(9)
        store.save(other, some_outcomes(), a_trajectory().drop(columns="open_disputes"))
        assert store.compact()[:2] == (5, 2)
        assert "open_disputes" not in store.load(other["run_id"]).trajectory
        assert store.stored(runs) == set(runs)


def test_small_parts_are_merged_and_full_ones_left_alone(tmp_path):
    with Store(tmp_path) as store:
        runs = fill(store, range(5))
        store.flush()
        compact(tmp_path, runs_per_part=5)
        runs |= fill(store, range(5, 7))
        store.flush()
        compact(tmp_path, runs_per_part=5)
        assert files(tmp_path) == part(1, 2)
        runs |= fill(store, range(7, 9))
        store.flush()
        compact(tmp_path, runs_per_part=5)
    assert files(tmp_path) == part(1, 3)
    check_all(tmp_path, runs)
    assert compact(tmp_path, runs_per_part=5) == (0, 0, [])


def test_a_load_is_never_larger_than_a_part(tmp_path):
    with Store(tmp_path) as store:
        runs = fill(store, range(9))
    assert compact(tmp_path, runs_per_part=4)[:2] == (9, 3)
    sizes = [len(pq.read_table(path)) for path in sorted((tmp_path / "runs").iterdir())]
    assert sizes == [4, 4, 1]
    check_all(tmp_path, runs)


def test_a_sweep_compacts_as_it_goes(tmp_path):
    with Store(tmp_path, runs_per_batch=2, compact_at=4) as store:
        runs = fill(store, range(9))
    assert len(list((tmp_path / "trajectories").glob("part-*"))) >= 1
    assert len(store.finished.singles()) < 4
    check_all(tmp_path, runs)


def test_a_run_stored_again_beside_its_part_counts_once(tmp_path):
    with Store(tmp_path) as store:
        runs = fill(store, range(3))
        store.compact()
        fill(store, [1])
    check_all(tmp_path, runs)
    assert Store(tmp_path).compact().broken == []
    assert files(tmp_path) == part(1)
    check_all(tmp_path, runs)


def test_a_reader_that_was_there_before_follows_runs_that_move(tmp_path):
    with Store(tmp_path) as store:
        runs = fill(store, range(4))
        store.flush()
        reader = Store(tmp_path)
        assert reader.has(next(iter(runs)))
        walk = reader.summaries(list(runs))
        next(walk)
        store.compact()
        assert len(list(walk)) == 3
        fill(store, [7])
        store.compact()
        assert reader.stored(runs) == set(runs)


def test_a_run_that_is_moved_just_as_it_is_read_is_read_where_it_went(tmp_path):
    with Store(tmp_path) as store:
        runs = fill(store, range(2))
    moved = []

    def read(place):
        if not moved:
            moved.append(compact(tmp_path))
        return place.load()

    for known in runs:
        assert store.finished.read(known, read).document["run_id"] == known
    assert moved[0].runs == 2


class BusyFile(Disk):
    """A disk on which another program reads a file, so that it cannot be removed."""

    def __init__(self, busy: str) -> None:
        self.busy = busy

    def remove(self, path):
        if path.match(self.busy):
            raise PermissionError(errno.EACCES, "in use", str(path))
        super().remove(path)


@pytest.mark.parametrize("kind", ["outcomes", "trajectories", "runs"])
def test_a_part_that_cannot_be_removed_is_removed_another_time(tmp_path, kind):
    """What it holds stands in the part that replaces it, and counts once meanwhile."""
    with Store(tmp_path) as store:
        runs = fill(store, range(2))
        store.compact()
    for seed in (5, 6):  # part 2 replaces part 1, part 3 both
        with Store(tmp_path) as store:
            runs |= fill(store, [seed])
        compact(tmp_path, BusyFile(f"{kind}/part-0001.parquet"))
        assert f"{kind}/part-0001.parquet" in files(tmp_path)
        check_all(tmp_path, runs)
    compact(tmp_path)
    assert files(tmp_path) == part(3)
    check_all(tmp_path, runs)


class LyingDisk(Disk):
    """A disk that puts another word into the files of one kind, and does not say so."""

    def __init__(self, kind: str) -> None:
        self.kind = kind

    def write(self, handle, content):
        changed = content.replace(b"wait_days", b"waht_days")
        super().write(handle, changed if Path(handle.name).parent.name == self.kind else content)


@pytest.mark.parametrize("kind", ["outcomes", "runs"])
def test_what_does_not_read_back_as_it_was_written_becomes_no_part(tmp_path, kind):
    with Store(tmp_path) as store:
        runs = fill(store, range(2))
    before = files(tmp_path)
    with pytest.raises(StoreError, match=r"part-0001\.parquet: .*; try again"):
        compact(tmp_path, LyingDisk(kind))
    assert files(tmp_path) == before
    check_all(tmp_path, runs)


def test_a_run_whose_file_cannot_be_removed_stands_in_the_next_part_once(tmp_path):
    with Store(tmp_path) as store:
        runs = fill(store, range(2))
        busy = store.run_path(next(iter(runs)))
        compact(tmp_path, BusyFile(f"trajectories/{busy.name}"))
        runs |= fill(store, [5])
    compact(tmp_path, BusyFile(f"trajectories/{busy.name}"))
    assert busy.exists()
    (listed,) = (tmp_path / "runs").glob("*.parquet")
    assert sorted(pq.read_table(listed)["run_id"].to_pylist()) == sorted(runs)
    check_all(tmp_path, runs)


def test_overall_outcomes_are_read_from_files_and_parts_alike(tmp_path):
    with Store(tmp_path) as store:
        runs = fill(store, range(4))
        store.compact()
        runs |= fill(store, [9])
        frame = store.overall(["escalation_share", "wait_days", "none"], [*runs, "f" * 64])
    assert frame.index.tolist() == list(runs)
    assert frame["escalation_share"].tolist() == [seed / 8 for seed in runs.values()]
    assert frame[["wait_days", "none"]].isna().all(axis=None)


def test_runs_in_parts_are_found_by_the_beginning_of_their_id(tmp_path):
    with Store(tmp_path) as store:
        runs = list(fill(store, range(9)))
        store.compact()
        for run_id in runs:
            assert run_id in store.find(run_id[:4])
            assert store.find(run_id[:20]) == [run_id]


def test_compacting_nothing_makes_nothing(tmp_path):
    assert Store(tmp_path / "none").compact() == (0, 0, [])
    assert not (tmp_path / "none").exists()

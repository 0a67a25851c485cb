"""The runs of a store come out as one table, exact, from files and parts alike."""

import numpy as np
import pandas as pd
import pytest

from sim.store import Store, StoreError
from sim.store.export import export
from sim.store.values import same_values
from sim.store.wide import allowed_outcomes
from tests.thinned import one_in

from .runs import FailingDisk, a_document, a_trajectory, some_outcomes

READ = {"csv": pd.read_csv, "parquet": pd.read_parquet}


@pytest.fixture
def store(tmp_path) -> Store:
    """Three runs in a part, two that stand alone, and one that failed."""
    with Store(tmp_path / "store") as store:
        for seed in range(5):
            if seed == 3:
                store.compact()
            settings = {"scale": 0.1 * seed, "policies.note": f'a "b", {seed}', "shocks": [seed]}
            document = a_document(seed, settings=settings)
            store.save(document, some_outcomes(seed / 7), a_trajectory(seed + 1))
        store.keep_failure(
            a_document(9)["run_id"],
            {"scale": 0.5},
            9,
            "ValueError: x",
            facts={"scenario": "calm-town"},
        )
    return store


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_one_row_a_run_with_settings_outcomes_and_what_failed(store, tmp_path, kind):
    done = export(store, tmp_path / "out", format=kind)
    assert done == (6, [])
    frame = READ[kind](tmp_path / "out")
    assert frame["seed"].tolist() == [0, 1, 2, 3, 4, 9]
    assert frame["status"].tolist() == ["done"] * 5 + ["failed"]
    assert frame["reason"].tolist()[-1] == "ValueError: x"
    assert frame["scale"].tolist() == [0.1 * seed for seed in range(5)] + [0.5]
    assert frame["policies.note"].tolist()[:5] == [f'a "b", {seed}' for seed in range(5)]
    assert frame["shocks"].tolist()[:5] == [f"[{seed}]" for seed in range(5)]
    assert frame["escalation_share"].tolist()[:5] == [seed / 7 for seed in range(5)]
    assert np.isnan(frame["escalation_share"][5])
    assert frame["wait_days"].isna().all()


@pytest.mark.parametrize("again", [[0], [0, 1, 2]])
def test_runs_that_were_computed_anew_beside_their_part_have_one_row_each(store, tmp_path, again):
    """As after a fresh sweep over a store whose runs are in parts; all of a part's, or some."""
    for seed in again:
        document = a_document(seed, settings={"scale": 0.1 * seed})
        store.save(document, some_outcomes(seed / 7), a_trajectory(seed + 1))
    assert export(store, tmp_path / "out", format="csv") == (6, [])
    frame = pd.read_csv(tmp_path / "out")
    assert frame["seed"].tolist() == [0, 1, 2, 3, 4, 9]
    assert frame["escalation_share"].tolist()[:5] == [seed / 7 for seed in range(5)]


@pytest.mark.parametrize("table", ["runs", "outcomes", "curves"])
def test_a_run_whose_own_file_is_torn_has_the_rows_of_its_part(store, tmp_path, table):
    whole = export(store, tmp_path / "whole", table=table, format="csv")
    store.save(a_document(1), some_outcomes(1 / 7), a_trajectory(2))
    torn = store.run_path(a_document(1)["run_id"])
    torn.write_bytes(torn.read_bytes()[:-5])
    progress: list[tuple[int, int]] = []
    found = export(
        store,
        tmp_path / "out",
        table=table,
        format="csv",
        progress=lambda *done: progress.append(done),
    )
    assert found.rows == whole.rows
    assert [torn.name in message for message in found.broken] == [True]
    one, other = (pd.read_csv(tmp_path / name) for name in ("whole", "out"))
    by = ["seed", *{"outcome", "group", "day"}.intersection(one)]
    assert same_values(
        one.sort_values(by, ignore_index=True), other.sort_values(by, ignore_index=True)
    )
    assert all(done <= total for done, total in progress)


def test_more_runs_in_files_than_are_held_at_once_all_have_a_row(store, tmp_path, monkeypatch):
    monkeypatch.setattr("sim.store.wide._ROWS_AT_ONCE", 2)
    for seed in range(10, 15):
        store.save(a_document(seed), some_outcomes(seed / 16), a_trajectory())
    assert export(store, tmp_path / "out", format="csv") == (11, [])
    found = pd.read_csv(tmp_path / "out")
    assert found["seed"].tolist() == [0, 1, 2, 3, 4, 9, *range(10, 15)]


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_every_outcome_by_group(store, tmp_path, kind):
    assert export(store, tmp_path / "out", table="outcomes", format=kind) == (15, [])
    frame = READ[kind](tmp_path / "out").sort_values("seed", kind="stable")
    assert same_values(frame, store.outcomes())


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_curves_are_exact(store, tmp_path, kind):
    export(store, tmp_path / "out", table="curves", format=kind)
    frame = READ[kind](tmp_path / "out")
    assert frame.columns.tolist()[:5] == ["run_id", "scenario", "seed", "day", "date"]
    for seed in range(5):
        mine = frame[frame["seed"] == seed].reset_index(drop=True)
        for name in ("day", "escalation_share", "open_disputes"):
            assert mine[name].tolist() == a_trajectory(seed + 1)[name].tolist()


def test_runs_with_other_curves_have_empty_cells(store, tmp_path):
    other = a_trajectory().drop(columns="open_disputes").assign(new=1.5)
    store.save(a_document(7), some_outcomes(), other)
    export(store, tmp_path / "out.csv", table="curves")
    frame = pd.read_csv(tmp_path / "out.csv")
    assert frame[frame["seed"] == 7]["open_disputes"].isna().all()
    assert frame[frame["seed"] != 7]["new"].isna().all()
    assert frame[frame["seed"] == 7]["new"].tolist() == [1.5] * 4


@pytest.mark.parametrize("table", ["runs", "outcomes", "curves"])
def test_the_same_runs_give_the_same_rows_wherever_they_stand(store, tmp_path, table):
    export(store, tmp_path / "before", table=table, format="parquet")
    store.compact()
    export(store, tmp_path / "after", table=table, format="parquet")
    assert same_values(*(pd.read_parquet(tmp_path / name) for name in ("before", "after")))


@pytest.mark.parametrize("table", ["runs", "outcomes", "curves"])
def test_only_the_outcomes_that_are_asked_for(store, tmp_path, table):
    export(store, tmp_path / "out.csv", table=table, outcomes=["escalation_share"])
    frame = pd.read_csv(tmp_path / "out.csv")
    if table == "outcomes":
        assert set(frame["outcome"]) == {"escalation_share"}
    else:
        assert "escalation_share" in frame
        assert not {"wait_days", "open_disputes"} & set(frame)


@pytest.mark.parametrize("table", ["runs", "outcomes", "curves"])
def test_runs_that_move_while_they_are_exported_are_there_once(store, tmp_path, table):
    export(store, tmp_path / "before", table=table, format="parquet")

    def move(number: int, total: int) -> None:
        Store(tmp_path / "store").compact()

    done = export(store, tmp_path / "out", table=table, format="parquet", progress=move)
    assert done.broken == []
    assert not store.finished.singles()
    assert same_values(*(pd.read_parquet(tmp_path / name) for name in ("before", "out")))


def test_names_in_chinese_pass_through_parts_and_tables(tmp_path):
    outcomes = some_outcomes().replace("escalation_share", "升级占比").replace("rural", "农村")
    curves = a_trajectory().rename(columns={"escalation_share": "升级占比"})
    with Store(tmp_path / "晋城 调查") as store:
        for seed in range(3):
            store.compact()
            document = a_document(seed, scenario="晋城", settings={"policies.说明": "调解"})
            store.save(document, outcomes, curves)
    for table, kind in [(t, k) for t in ("runs", "outcomes", "curves") for k in READ]:
        done = export(store, tmp_path / "表.out", table=table, format=kind)
        frame = READ[kind](tmp_path / "表.out")
        assert (done.broken, set(frame["scenario"])) == ([], {"晋城"})
        if table == "outcomes":
            assert set(frame["outcome"]) == {"升级占比", "wait_days"}
            assert set(frame["group"].dropna()) == {"农村"}
        else:
            assert len(frame["升级占比"].dropna()) == len(frame)
        if table == "runs":
            assert set(frame["policies.说明"]) == {"调解"}


@pytest.mark.parametrize("table", ["runs", "outcomes", "curves"])
def test_an_outcome_that_no_run_has_is_refused_before_anything_is_written(store, tmp_path, table):
    with pytest.raises(StoreError, match=r"no run has .*nonsense; allowed here: "):
        export(store, tmp_path / "out.csv", table=table, outcomes=["nonsense"])
    assert not (tmp_path / "out.csv").exists()


def test_a_misspelt_outcome_is_told_what_was_meant_and_not_every_name(store, tmp_path):
    known = [f"outcome_{number}" for number in range(150)]
    told = allowed_outcomes("outcome_777", known)
    assert told.count("outcome_") < 12
    assert "`shiyu outcomes`" in told
    with pytest.raises(StoreError, match=r"did you mean escalation_share\?$"):
        export(store, tmp_path / "out.csv", outcomes=["escalation_shear"])


@pytest.mark.parametrize("table", ["runs", "outcomes", "curves"])
def test_a_torn_run_has_no_row_and_is_named(store, tmp_path, table):
    (path, *_) = store.finished.singles().values()
    path.write_bytes(path.read_bytes()[:-2])
    done = export(store, tmp_path / "out.csv", table=table)
    assert len(done.broken) == 1
    assert path.name in done.broken[0]
    assert path.stem not in (tmp_path / "out.csv").read_text(encoding="utf-8")


@pytest.mark.parametrize("table", ["runs", "outcomes", "curves"])
@pytest.mark.parametrize("call", one_in(4, ["create", "write", "sync", "replace"]))
@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_a_full_disk_leaves_the_file_that_was_there(store, tmp_path, table, call, kind):
    (tmp_path / "out").write_text("mine", encoding="utf-8")
    with pytest.raises(StoreError, match="free some space"):
        export(store, tmp_path / "out", table=table, format=kind, disk=FailingDisk(call))
    assert (tmp_path / "out").read_text(encoding="utf-8") == "mine"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "store"]


def test_an_empty_store_is_told_of(tmp_path):
    for table in ("runs", "curves"):
        with pytest.raises(StoreError, match="holds no"):
            export(Store(tmp_path), tmp_path / "out", table=table)


@pytest.mark.parametrize("name", ["trajectories", "runs", "catalogue.json"])
def test_a_table_is_never_written_over_what_the_store_keeps(store, name):
    """A row a run in place of a run would be a run lost."""
    own = store.path / name
    own = next(own.iterdir()) if own.is_dir() else own
    before = own.read_bytes()
    with pytest.raises(StoreError, match="is where results are kept"):
        export(store, own, format="parquet")
    assert own.read_bytes() == before


def test_a_table_may_stand_in_the_folder_of_its_store(store):
    export(store, store.path / "runs.csv")
    assert export(store, store.path / "runs.csv") == (6, [])

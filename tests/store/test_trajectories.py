"""One Parquet file holds a whole run, and a torn one is told of by name."""

import json

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sim.store.atomic import StoreError
from sim.store.parquet import write_parquet
from sim.store.trajectories import read_run, read_summary, write_run
from sim.store.values import same_values

from .runs import FailingDisk, a_document, a_trajectory, some_outcomes


@pytest.fixture
def path(tmp_path):
    return write_run(tmp_path / "run.parquet", a_document(), some_outcomes(), a_trajectory())


def test_a_run_comes_back_to_the_last_bit(path):
    run = read_run(path)
    assert run.document == a_document()
    assert same_values(run.outcomes, some_outcomes())
    assert same_values(run.trajectory, a_trajectory())
    assert list(run.trajectory["date"]) == list(a_trajectory()["date"])


def test_what_concerns_everybody_has_none_as_group(path):
    outcomes = read_run(path).outcomes
    assert outcomes["by"].tolist() == [None, None, "kind"]
    assert outcomes["group"].tolist() == [None, None, "rural"]


def test_an_outcome_without_a_value_and_an_infinite_one_come_back_as_such(tmp_path):
    outcomes = some_outcomes().assign(value=[np.nan, np.inf, -np.inf])
    path = write_run(tmp_path / "x.parquet", a_document(), outcomes, a_trajectory())
    assert same_values(read_run(path).outcomes, outcomes)


def test_any_parquet_reader_reads_trajectory_and_texts(path):
    assert pd.read_parquet(path)["day"].tolist() == [0.0, 7.0, 14.0, 21.0]
    texts = pq.read_metadata(path).metadata
    assert json.loads(texts[b"shiyu.document"])["scenario"] == "calm-town"
    outcomes = json.loads(texts[b"shiyu.outcomes"])
    assert outcomes["outcome"] == ["escalation_share", "wait_days", "escalation_share"]
    assert outcomes["value"] == [0.25, None, 1 / 3]


def test_the_summary_is_read_without_the_trajectory(path):
    document, outcomes = read_summary(path)
    assert document == a_document()
    assert same_values(outcomes, some_outcomes())


def one_more(frame):
    frame.loc[2, "open_disputes"] += 1


def last_bit(frame):
    frame.loc[3, "escalation_share"] = np.nextafter(frame.loc[3, "escalation_share"], 1.0)


def swapped(frame):
    frame.loc[[1, 2], "open_disputes"] = frame.loc[[2, 1], "open_disputes"].to_numpy()


def of_another_run(frame):
    frame.loc[:, "run_id"] = "f" * 64


@pytest.mark.parametrize("edit", [one_more, last_bit, swapped, of_another_run])
def test_curves_that_somebody_edited_are_refused(path, edit):
    """The file is whole Parquet with its texts as they were: only what they say of it tells."""
    texts = pq.read_metadata(path).metadata
    ours = {name.decode(): text.decode() for name, text in texts.items() if b"shiyu" in name}
    table = pq.read_table(path)
    write_parquet(path, table, ours)
    assert read_run(path).document == a_document()
    frame = table.to_pandas(ignore_metadata=True)
    edit(frame)
    edited = pa.Table.from_pandas(frame, table.schema, preserve_index=False)
    assert edited != table
    write_parquet(path, edited, ours)
    with pytest.raises(StoreError, match=r"run\.parquet: was changed"):
        read_run(path)


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.9, 0.999])
def test_a_torn_file_is_named(path, share):
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(
        StoreError, match=r"run\.parquet: is not a whole run file; `shiyu results repair`"
    ):
        read_run(path)
    with pytest.raises(StoreError, match=r"run\.parquet"):
        read_summary(path)


@pytest.mark.slow
def test_a_flipped_byte_anywhere_is_never_read_as_a_result(path):
    content = path.read_bytes()
    for place in range(0, len(content), 7):
        path.write_bytes(content[:place] + bytes([content[place] ^ 0x10]) + content[place + 1 :])
        try:
            run = read_run(path)
        except StoreError:
            continue
        assert run.document == a_document()  # a byte that no value hangs on, such as padding
        assert same_values(run[1:], (some_outcomes(), a_trajectory()))


def test_a_parquet_file_of_somebody_else_is_refused(tmp_path):
    a_trajectory().to_parquet(tmp_path / "x.parquet")
    with pytest.raises(StoreError, match="not of a run of Shiyu"):
        read_run(tmp_path / "x.parquet")


def test_a_missing_file_is_told_of(tmp_path):
    with pytest.raises(StoreError, match="cannot be read"):
        read_run(tmp_path / "none.parquet")


def test_a_file_of_a_newer_version_is_refused(tmp_path):
    with pytest.raises(StoreError, match="newer version"):
        write_run(tmp_path / "x.parquet", a_document(schema=99), some_outcomes(), a_trajectory())


def test_outcomes_without_units_are_refused(tmp_path):
    with pytest.raises(StoreError, match="lack the columns unit"):
        write_run(
            tmp_path / "x.parquet",
            a_document(),
            some_outcomes().drop(columns="unit"),
            a_trajectory(),
        )
    assert not list(tmp_path.iterdir())


def test_a_document_without_a_seed_is_refused(tmp_path):
    document = a_document()
    del document["seed"]
    with pytest.raises(StoreError, match="its document lacks seed"):
        write_run(tmp_path / "x.parquet", document, some_outcomes(), a_trajectory())


@pytest.mark.parametrize("call", ["create", "write", "sync", "replace"])
def test_a_disk_that_fails_leaves_the_run_that_was_there(path, call):
    with pytest.raises(StoreError, match="free some space"):
        write_run(path, a_document(), some_outcomes(0.5), a_trajectory(), FailingDisk(call))
    assert read_run(path).outcomes["value"][0] == 0.25

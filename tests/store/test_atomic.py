"""A file is either the old one or the new one, whole, whatever fails in between."""

import errno
import os
import pickle
import stat
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sim.kernel.fault import ShiyuError
from sim.store.atomic import (
    LEFTOVER,
    StoreError,
    clear_leftovers,
    write_bytes,
    write_text,
)
from sim.store.parquet import write_parquet

from .runs import FailingDisk

BEFORE_THE_NAME_CHANGES = ["make_folder", "create", "write", "sync", "replace"]


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("call", BEFORE_THE_NAME_CHANGES)
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EACCES])
def test_a_write_that_fails_at_any_point_leaves_the_old_file(tmp_path, call, number):
    target = write_text(tmp_path / "catalogue.json", "old")
    with pytest.raises(StoreError) as caught:
        write_text(target, "a longer new text", FailingDisk(call, number))
    assert target.read_text(encoding="utf-8") == "old"
    assert names(tmp_path) == ["catalogue.json"]
    assert str(target) in str(caught.value)


@pytest.mark.parametrize("call", BEFORE_THE_NAME_CHANGES)
def test_a_first_write_that_fails_leaves_no_file(tmp_path, call):
    with pytest.raises(StoreError):
        write_bytes(tmp_path / "new.bin", b"12345678", FailingDisk(call))
    assert names(tmp_path) == []


@pytest.mark.skipif(os.name == "nt", reason="only POSIX forces a folder to the disk")
def test_all_bytes_are_forced_to_the_disk_before_the_name_and_the_name_after_it(
    tmp_path, monkeypatch
):
    target = write_text(tmp_path / "a", "old")
    forced = []

    def noted(descriptor):
        state = os.fstat(descriptor)
        what = "folder" if stat.S_ISDIR(state.st_mode) else state.st_size
        forced.append((what, target.read_text(encoding="utf-8")))

    monkeypatch.setattr(os, "fsync", noted)
    write_text(target, "newer")
    assert forced == [(len("newer"), "old"), ("folder", "newer")]


def test_a_folder_that_cannot_be_synced_does_not_undo_a_whole_file(tmp_path):
    path = write_text(tmp_path / "a", "whole", FailingDisk("sync_folder", errno.EINVAL))
    assert path.read_text(encoding="utf-8") == "whole"


@pytest.mark.parametrize(
    ("number", "advice"),
    [
        (errno.ENOSPC, "free some space"),
        (errno.EROFS, "choose a folder that can be written"),
        (errno.EACCES, "choose a folder that you may write"),
        (errno.ENOENT, "the folder has gone"),
    ],
)
def test_the_message_says_which_path_why_and_what_to_do(tmp_path, number, advice):
    with pytest.raises(StoreError, match=advice) as caught:
        write_text(tmp_path / "x.json", "x", FailingDisk("create", number))
    message = str(caught.value)
    assert message.startswith(f"{tmp_path / 'x.json'}: cannot be written: made to fail; ")
    assert "\n" not in message


def test_an_interruption_by_the_user_leaves_no_half_file(tmp_path):
    class Interrupted(FailingDisk):
        def sync(self, handle):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_text(tmp_path / "x", "x", Interrupted("none"))
    assert names(tmp_path) == []


def test_a_file_where_a_folder_is_needed_is_told_of(tmp_path):
    (tmp_path / "results").write_text("a file", encoding="utf-8")
    with pytest.raises(StoreError, match=r"cannot be written"):
        write_text(tmp_path / "results" / "x.json", "x")


def test_a_folder_where_the_file_is_needed_is_told_of(tmp_path):
    (tmp_path / "x.json" / "inside").mkdir(parents=True)
    with pytest.raises(StoreError, match=r"x\.json: cannot be written"):
        write_text(tmp_path / "x.json", "x")
    assert names(tmp_path) == ["x.json"]


def test_missing_folders_are_made_also_with_chinese_names_and_spaces(tmp_path):
    path = write_text(tmp_path / "晋城 结果" / "第 一次" / "目录.json", "时雨\n")
    assert path.read_bytes() == "时雨\n".encode()


def test_a_parquet_file_shows_its_texts_to_any_reader(tmp_path):
    table = pa.table({"day": [0.0, 7.0]})
    path = write_parquet(tmp_path / "x.parquet", table, {"note": "晋城"})
    assert pq.read_table(path).column("day").to_pylist() == [0.0, 7.0]
    assert pq.read_metadata(path).metadata[b"note"].decode() == "晋城"


def test_only_old_leftovers_are_cleared(tmp_path):
    for name, age in ((".a.1" + LEFTOVER, 2 * 86400), (".b.2" + LEFTOVER, 0), ("c.part", 9e5)):
        (tmp_path / name).write_bytes(b"half")
        then = time.time() - age
        os.utime(tmp_path / name, (then, then))
    assert clear_leftovers(tmp_path) == 1
    assert names(tmp_path) == [".b.2" + LEFTOVER, "c.part"]


def test_a_store_error_is_a_shiyu_error_and_crosses_process_borders_whole():
    error = StoreError("results/x", "cannot be read", "try again")
    again = pickle.loads(pickle.dumps(error))
    assert isinstance(again, ShiyuError)
    assert (again.path, again.reason, again.advice) == ("results/x", "cannot be read", "try again")
    assert str(again) == "results/x: cannot be read; try again"

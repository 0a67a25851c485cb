"""A state's file is whole or refused, with its path and what to do; reading it runs nothing."""

import errno
import io
import json
import time
import zipfile
from pathlib import Path

import numpy as np
import pytest

from sim.store import states
from sim.store.atomic import Disk, StoreError
from sim.store.states import read_head, read_state, write_state

NODES = [["roots", {"it": {"node": 0}}], ["array", 0, [0]]]
ARRAYS = [np.arange(5000.0), np.zeros((0, 3), np.int8), np.array(7, np.uint64)]


@pytest.fixture
def file(tmp_path) -> Path:
    return write_state(tmp_path / "状态" / "中 间.state.npz", {"seed": 7}, NODES, ARRAYS)


def test_nodes_and_arrays_come_back_to_the_last_bit(file):
    head, nodes, arrays = read_state(file)
    assert (head["seed"], head["format"], nodes) == (7, "shiyu state", NODES)
    for found, given in zip(arrays, ARRAYS, strict=True):
        assert (found.dtype, found.shape) == (given.dtype, given.shape)
        assert found.tobytes() == given.tobytes()


@pytest.mark.parametrize("shown", [0.0, 4.5e9], ids=["1970", "2112"])
def test_a_clock_that_shows_no_year_of_a_zip_is_no_hindrance(tmp_path, monkeypatch, shown):
    real = time.localtime
    monkeypatch.setattr(zipfile.time, "localtime", lambda seconds=None: real(shown))
    path = write_state(tmp_path / "x.state.npz", {"seed": 7}, NODES, ARRAYS)
    assert read_state(path)[0]["seed"] == 7


def test_numpy_alone_reads_the_arrays(file):
    with np.load(file, allow_pickle=False) as opened:
        assert np.array_equal(opened["0"], ARRAYS[0])


@pytest.mark.parametrize("share", [0.0, 0.01, 0.3, 0.7, 0.99])
def test_a_file_that_was_cut_off_is_refused(file, share):
    whole = file.read_bytes()
    file.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(StoreError, match=r"中 间\.state\.npz: .*save it anew"):
        read_state(file)


def test_a_changed_byte_anywhere_is_noticed(file):
    whole = file.read_bytes()
    for place in range(0, len(whole), 97):
        torn = bytearray(whole)
        torn[place] ^= 0xFF
        file.write_bytes(torn)
        try:
            _, nodes, arrays = read_state(file)
        except StoreError:
            continue
        # a date or a flag of the zip itself may have changed, which decides nothing
        assert nodes == NODES
        assert all(a.tobytes() == b.tobytes() for a, b in zip(arrays, ARRAYS, strict=True))


def repacked(file: Path, **entries: bytes | None) -> None:
    """Write the zip anew with other entries; a dot stands as `_` in their names."""
    with zipfile.ZipFile(file) as archive:
        kept = {name: archive.read(name) for name in archive.namelist()}
    kept |= {name.replace("_", "."): content for name, content in entries.items()}
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in kept.items():
            if content is not None:
                archive.writestr(name, content)


def test_a_state_that_somebody_edited_is_refused(file):
    repacked(file, nodes_json=json.dumps([*NODES, ["list", []]]).encode())
    with pytest.raises(StoreError, match="was changed after it was written"):
        read_state(file)


def test_a_state_that_was_given_another_seed_is_refused(file):
    with zipfile.ZipFile(file) as archive:
        head = json.loads(archive.read("head.json"))
    repacked(file, head_json=json.dumps(head | {"seed": 8}).encode())
    with pytest.raises(StoreError, match="was changed after it was written"):
        read_state(file)


def test_an_array_of_objects_is_not_unpickled(file):
    buffer = io.BytesIO()
    np.save(buffer, np.array([{}], object), allow_pickle=True)
    repacked(file, **{"0_npy": buffer.getvalue()})
    with pytest.raises(StoreError, match="is not whole"):
        read_state(file)


@pytest.mark.filterwarnings("ignore:.*invalid escape")
@pytest.mark.parametrize("spoilt", [b"\0", b"\xff", b"[", b"\\"])
def test_an_array_whose_head_makes_no_sense_is_refused(file, spoilt):
    with zipfile.ZipFile(file) as archive:
        array = archive.read("0.npy")
    for place in range(len(np.lib.format.magic(1, 0)), array.index(b"\n")):
        if array[place : place + 1] == spoilt:
            continue
        repacked(file, **{"0_npy": array[:place] + spoilt + array[place + 1 :]})
        with pytest.raises(StoreError, match=r"is not whole|was changed|is not a state"):
            read_state(file)


def test_files_of_others_are_refused(tmp_path):
    text, other, gone = (tmp_path / name for name in ("a.txt", "b.npz", "c.npz"))
    text.write_text("no state")
    np.savez(other, a=np.zeros(3))
    for path, words in ((text, "is not a state"), (other, "is not a state"), (gone, "no such")):
        with pytest.raises(StoreError, match=words) as refused:
            read_state(path)
        assert path.name in str(refused.value)
    with pytest.raises(StoreError, match="is a directory"):
        read_state(tmp_path)


@pytest.mark.parametrize(
    ("name", "words"),
    [("model_version", "under the version"), ("numeric_fingerprint", "numeric fingerprint")],
)
def test_a_state_of_another_version_or_processor_is_refused(file, monkeypatch, name, words):
    monkeypatch.setattr(states, name, lambda: "0.0.9+another")
    with pytest.raises(StoreError, match=words):
        read_head(file)


class FullDisk(Disk):
    """A disk without room."""

    def write(self, handle, content):
        handle.write(content[: len(content) // 2])
        raise OSError(errno.ENOSPC, "No space left on device")


def test_a_full_disk_leaves_what_was_there(file):
    before = file.read_bytes()
    with pytest.raises(StoreError, match="free some space"):
        write_state(file, {"seed": 8}, NODES, ARRAYS, FullDisk())
    assert file.read_bytes() == before
    assert list(file.parent.iterdir()) == [file]

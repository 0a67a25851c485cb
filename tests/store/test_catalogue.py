"""The catalogue is an index: one write a batch, parts past 5,000 runs, the last entry counts."""

import json

import pytest
from tinydb import TinyDB

from sim.store.atomic import Disk, StoreError
from sim.store.catalogue import Catalogue, WholeFile

from .runs import FailingDisk


def entries(first: int, count: int, **more) -> list[dict]:
    return [{"run_id": f"{n:064x}", "seed": n, **more} for n in range(first, first + count)]


def seeds(catalogue: Catalogue) -> list[int]:
    return [entry["seed"] for entry in catalogue.entries().values()]


class CountingDisk(Disk):
    def __init__(self) -> None:
        self.renamed: list[str] = []

    def replace(self, source, target):
        self.renamed.append(target.name)
        super().replace(source, target)


def test_a_batch_is_one_write(tmp_path):
    disk = CountingDisk()
    Catalogue(tmp_path, disk).add(entries(0, 40))
    assert disk.renamed == ["catalogue.json"]


def test_tinydb_itself_reads_the_file(tmp_path):
    Catalogue(tmp_path).add(entries(0, 3))
    with TinyDB(tmp_path / "catalogue.json", access_mode="r", encoding="utf-8") as index:
        assert [entry["seed"] for entry in index.table("runs")] == [0, 1, 2]


def test_batches_follow_one_another(tmp_path):
    catalogue = Catalogue(tmp_path)
    catalogue.add(entries(0, 2))
    catalogue.add(entries(2, 3))
    assert seeds(catalogue) == [0, 1, 2, 3, 4]


def test_a_run_stored_again_is_listed_once_as_it_was_last(tmp_path):
    catalogue = Catalogue(tmp_path)
    catalogue.add(entries(0, 3))
    catalogue.add(entries(1, 1, note="again"))
    found = catalogue.entries()
    assert len(found) == 3
    assert found[f"{1:064x}"]["note"] == "again"


def test_five_thousand_runs_are_one_file_and_one_more_makes_parts(tmp_path):
    catalogue = Catalogue(tmp_path)
    catalogue.add(entries(0, 5000))
    assert [path.name for path in catalogue.files()] == ["catalogue.json"]
    catalogue.add(entries(5000, 1))
    assert [path.name for path in catalogue.files()] == ["0001.json", "0002.json"]
    assert not (tmp_path / "catalogue.json").exists()
    assert seeds(catalogue) == list(range(5001))


@pytest.mark.parametrize("batch", [1, 3, 4, 5, 9, 23])
def test_parts_fill_up_one_after_the_other(tmp_path, batch):
    catalogue = Catalogue(tmp_path, most_in_a_part=4)
    for first in range(0, 23, batch):
        catalogue.add(entries(first, min(batch, 23 - first)))
    sizes = [len(json.loads(path.read_text())["runs"]) for path in catalogue.files()]
    assert sizes == [4, 4, 4, 4, 4, 3]
    assert seeds(catalogue) == list(range(23))


def test_a_batch_leaves_full_parts_alone(tmp_path):
    catalogue = Catalogue(tmp_path, most_in_a_part=4)
    catalogue.add(entries(0, 9))
    disk = CountingDisk()
    Catalogue(tmp_path, disk, most_in_a_part=4).add(entries(9, 2))
    assert disk.renamed == ["0003.json"]


@pytest.mark.parametrize("count", [0, 3, 4, 5, 12])
def test_a_catalogue_written_anew_lists_just_what_it_is_given(tmp_path, count):
    catalogue = Catalogue(tmp_path, most_in_a_part=4)
    catalogue.add(entries(0, 11))
    catalogue.replace(entries(20, count))
    assert seeds(catalogue) == list(range(20, 20 + count))


@pytest.mark.parametrize(
    "content", ["", "{", '{"runs": {"1": ', "[]", '{"runs": {"1": {}}}', '{"runs": 3}']
)
def test_a_torn_catalogue_is_named(tmp_path, content):
    (tmp_path / "catalogue.json").write_text(content, encoding="utf-8")
    with pytest.raises(StoreError, match=r"catalogue\.json: .*builds it anew"):
        Catalogue(tmp_path).entries()


@pytest.mark.parametrize("call", ["create", "write", "sync", "replace"])
def test_a_disk_that_fails_leaves_the_catalogue_that_was_there(tmp_path, call):
    Catalogue(tmp_path).add(entries(0, 2))
    with pytest.raises(StoreError):
        Catalogue(tmp_path, FailingDisk(call)).add(entries(2, 2))
    assert seeds(Catalogue(tmp_path)) == [0, 1]


@pytest.mark.parametrize("after", range(4))
def test_a_disk_that_fails_between_parts_loses_no_listed_run(tmp_path, after):
    Catalogue(tmp_path, most_in_a_part=4).add(entries(0, 3))
    failing = FailingDisk("replace", after=after)
    with pytest.raises(StoreError):
        Catalogue(tmp_path, failing, most_in_a_part=4).add(entries(3, 20))
    catalogue = Catalogue(tmp_path, most_in_a_part=4)
    assert seeds(catalogue)[:3] == [0, 1, 2]
    catalogue.add(entries(3, 20))
    assert sorted(seeds(catalogue)) == list(range(23))


def test_an_index_without_a_file_is_empty(tmp_path):
    assert WholeFile(tmp_path / "none.json").read() is None
    assert Catalogue(tmp_path).entries() == {}

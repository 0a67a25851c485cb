"""A store keeps each finished run once, and what is on the disk stays readable."""

import errno
import shutil

import pytest

from sim.store import Store, StoreError, find_stores, store_folder
from sim.store.catalogue import Catalogue
from sim.store.document import catalogue_entry, describe_run
from sim.store.folders import KEPT_IN
from sim.store.values import same_values

from .runs import FailingDisk, a_document, a_trajectory, some_outcomes


def fill(store: Store, seeds) -> list[str]:
    for seed in seeds:
        store.save(a_document(seed), some_outcomes(seed / 8), a_trajectory())
    return [a_document(seed)["run_id"] for seed in seeds]


def test_a_run_that_was_stored_is_there_and_comes_back(tmp_path):
    with Store(tmp_path / "晋城 结果") as store:
        (run_id,) = fill(store, [3])
        assert store.has(run_id)
        document, outcomes, trajectory = store.load(run_id)
    assert document == a_document(3)
    assert same_values((outcomes, trajectory), (some_outcomes(3 / 8), a_trajectory()))


def test_looking_at_a_store_writes_nothing(tmp_path):
    with Store(tmp_path / "s") as store:
        assert not store.has(a_document()["run_id"])
        assert store.runs().empty
        assert store.outcomes().empty
        assert store.verify() == {"runs": 0, "broken": []}
    assert not (tmp_path / "s").exists()


def test_a_run_that_is_not_there_is_told_of(tmp_path):
    with pytest.raises(StoreError, match="no such run here"):
        Store(tmp_path).load(a_document()["run_id"])


def test_the_catalogue_is_written_at_the_end_and_after_each_batch(tmp_path):
    catalogue = tmp_path / "catalogue.json"
    with Store(tmp_path, runs_per_batch=3) as store:
        fill(store, [1, 2])
        assert not catalogue.exists()
        fill(store, [3])
        first = catalogue.read_bytes()
        fill(store, [4])
        assert catalogue.read_bytes() == first
    assert catalogue.read_bytes() != first


def test_runs_are_listed_with_settings_and_headline_outcomes(tmp_path):
    with Store(tmp_path) as store:
        fill(store, [2])
    (row,) = Store(tmp_path).runs().to_dict("records")
    assert row == {
        "run_id": a_document(2)["run_id"],
        "scenario": "calm-town",
        "seed": 2,
        "created": "2020-01-01T00:00:00+00:00",
        "version": "0.1.0+code",
        "settings.policies.mediation.staff_per_10k": 60,
        "outcomes.escalation_share": 0.25,
    }


def test_outcomes_of_all_runs_are_one_long_frame(tmp_path):
    with Store(tmp_path) as store:
        fill(store, [1, 2])
    frame = Store(tmp_path).outcomes()
    overall = frame[(frame["outcome"] == "escalation_share") & frame["by"].isna()]
    assert overall.set_index("seed")["value"].to_dict() == {1: 0.125, 2: 0.25}
    assert len(frame) == 6


@pytest.mark.parametrize("harm", ["gone", "torn", "emptied"])
def test_a_catalogue_that_is_lost_is_seen_whole_and_written_again(tmp_path, harm):
    with Store(tmp_path) as store:
        ids = fill(store, [1, 2, 3])
    catalogue = tmp_path / "catalogue.json"
    content = catalogue.read_bytes()
    if harm == "gone":
        catalogue.unlink()
    else:
        catalogue.write_bytes(content[: len(content) // 2] if harm == "torn" else b"")
    assert sorted(Store(tmp_path).run_ids()) == sorted(ids)
    with Store(tmp_path) as store:
        ids += fill(store, [4])
    assert sorted(Store(tmp_path)._catalogue.entries()) == sorted(ids)


def test_runs_that_a_killed_writer_did_not_list_are_listed_with_the_next_batch(tmp_path):
    ids = fill(Store(tmp_path), [1, 2])  # never closed
    assert sorted(Store(tmp_path).run_ids()) == sorted(ids)
    with Store(tmp_path) as store:
        ids += fill(store, [3])
    assert sorted(Store(tmp_path)._catalogue.entries()) == sorted(ids)


def test_a_run_whose_file_was_removed_is_no_longer_listed(tmp_path):
    with Store(tmp_path) as store:
        ids = fill(store, [1, 2])
        store.run_path(ids[0]).unlink()
    assert Store(tmp_path).run_ids() == ids[1:]


def test_a_torn_run_counts_as_none_and_is_written_over(tmp_path):
    with Store(tmp_path) as store:
        (run_id,) = fill(store, [1])
        path = store.run_path(run_id)
        path.write_bytes(path.read_bytes()[:-3])
        assert not store.has(run_id)
        with pytest.raises(StoreError, match=path.name):
            store.load(run_id)
        assert store.verify()["runs"] == 0
        assert path.name in store.verify()["broken"][0]
        fill(store, [1])
        assert store.has(run_id)
        assert store.verify() == {"runs": 1, "broken": []}


def test_repair_builds_the_catalogue_and_puts_broken_runs_aside(tmp_path):
    with Store(tmp_path) as store:
        ids = fill(store, [1, 2, 3])
    torn = store.run_path(ids[1])
    content = torn.read_bytes()
    torn.write_bytes(content[:100])
    (tmp_path / "trajectories" / ".half.0.part").write_bytes(b"half")
    (tmp_path / "catalogue.json").write_bytes(b"{")
    told = Store(tmp_path).repair(leftovers_older_than_seconds=0)
    assert (told["runs"], told["leftovers"]) == (2, 1)
    assert len(told["broken"]) == 1
    assert torn.name in told["broken"][0]
    assert not torn.exists()
    assert (tmp_path / "broken" / f"trajectories-{torn.name}").read_bytes() == content[:100]
    assert Store(tmp_path).verify() == {"runs": 2, "broken": []}
    assert sorted(Store(tmp_path)._catalogue.entries()) == sorted([ids[0], ids[2]])


def test_repair_of_no_folder_makes_none(tmp_path):
    with pytest.raises(StoreError, match="no such folder"):
        Store(tmp_path / "none").repair()
    assert not (tmp_path / "none").exists()


def test_two_ids_that_begin_alike_are_told_apart(tmp_path):
    store = Store(tmp_path)
    (run_id,) = fill(store, [1])
    twin = run_id[:16] + "0" * 48
    with pytest.raises(StoreError, match="holds the run"):
        store.has(twin)
    with pytest.raises(StoreError, match="holds the run"):
        store.save(a_document(1, run_id=twin), some_outcomes(), a_trajectory())
    assert store.has(run_id)


def test_a_run_file_under_another_name_is_told_of(tmp_path):
    store = Store(tmp_path)
    (run_id,) = fill(store, [1])
    shutil.move(store.run_path(run_id), store.trajectories / ("0" * 16 + ".parquet"))
    assert store.run_ids() == []
    assert run_id in store.verify()["broken"][0]


def test_runs_are_found_by_the_beginning_of_their_id(tmp_path):
    store = Store(tmp_path)
    ids = fill(store, [1, 2])
    assert store.find(ids[0][:8]) == [ids[0]]
    assert store.find("0" * 20) == []
    with pytest.raises(StoreError, match="not the beginning"):
        store.find("../..")


def test_a_folder_that_cannot_be_written_is_told_of_and_the_runs_in_it_can_be_read(tmp_path):
    fill(Store(tmp_path), [1])
    read_only = Store(tmp_path, disk=FailingDisk("create", errno.EROFS))
    assert len(read_only.runs()) == 1
    with pytest.raises(StoreError, match="choose a folder that can be written"):
        fill(read_only, [2])


def test_a_full_disk_at_the_catalogue_loses_no_run(tmp_path):
    store = Store(tmp_path, disk=FailingDisk("replace", after=1))
    (run_id,) = fill(store, [1])
    with pytest.raises(StoreError, match="free some space"):
        store.close()
    assert Store(tmp_path).has(run_id)


def test_a_catalogue_that_cannot_be_written_does_not_hide_the_first_error(tmp_path):
    def stop_halfway():
        with Store(tmp_path, disk=FailingDisk("replace", after=1)) as store:
            fill(store, [1])
            raise ValueError("the model stopped")

    with pytest.raises(ValueError, match="the model stopped") as caught:
        stop_halfway()
    assert "the catalogue was not written" in caught.value.__notes__[0]


@pytest.mark.parametrize(
    "name",
    ["", ".", "..", "a/b", "a\\b", "../x", "晋城", "con", "NUL", "a" * 101, "-x", "a\n", "a."],
)
def test_no_folder_comes_from_an_unchecked_name(tmp_path, name):
    with pytest.raises(StoreError, match="cannot name a folder"):
        store_folder(tmp_path, name)


def test_a_plain_name_is_a_folder_below_the_results(tmp_path):
    assert store_folder(tmp_path, "jincheng-2020") == tmp_path / "jincheng-2020"


def test_stores_are_found_below_the_results_or_as_the_folder_itself(tmp_path):
    fill(Store(tmp_path / "b"), [1])
    fill(Store(tmp_path / "a"), [1])
    (tmp_path / "notes").mkdir()
    assert find_stores(tmp_path) == [tmp_path / "a", tmp_path / "b"]
    assert find_stores(tmp_path / "a") == [tmp_path / "a"]
    assert find_stores(tmp_path / "none") == []


def test_at_most_ten_outcomes_go_into_the_catalogue():
    outcomes = some_outcomes().iloc[[0] * 14].assign(outcome=[f"o{n}" for n in range(14)])
    assert len(catalogue_entry(a_document(headline=[]), outcomes)["outcomes"]) == 10


def test_a_described_run_is_stored_under_the_id_that_decides_it(tmp_path):
    canonical = {"place": "calm-town", "scale": 0.01}
    first = describe_run(canonical, scenario="one", seed=1, facts={"people": 900})
    other_name = describe_run(canonical, scenario="two", seed=1)
    other_seed = describe_run(canonical, scenario="one", seed=2)
    assert first["run_id"] == other_name["run_id"] != other_seed["run_id"]
    assert first["people"] == 900
    with Store(tmp_path) as store:
        store.save(first, some_outcomes(), a_trajectory())
    (entry,) = Store(tmp_path).entries()
    assert entry["provenance"]["scenario_hash"] == other_seed["provenance"]["scenario_hash"]
    assert entry["outcomes"] == {"escalation_share": 0.25, "wait_days": None}


def test_a_torn_run_stops_whoever_asks_for_all_runs(tmp_path):
    with Store(tmp_path) as store:
        runs = fill(store, range(3))
    torn = store.run_path(list(runs)[1])
    torn.write_bytes(torn.read_bytes()[:-5])
    with pytest.raises(StoreError, match=torn.name):
        list(Store(tmp_path).summaries())


def test_the_file_of_a_run_is_its_own_or_that_of_its_part(tmp_path):
    with Store(tmp_path) as store:
        (known,) = fill(store, [1])
        assert store.file_of(known) == tmp_path / "trajectories" / f"{known[:16]}.parquet"
        store.compact()
        assert store.file_of(known) == tmp_path / "trajectories" / "part-0001.parquet"
        assert store.file_of("f" * 64) == tmp_path / "trajectories" / f"{'f' * 16}.parquet"


def test_repair_lists_runs_in_the_order_in_which_they_were_made(tmp_path):
    days = {4: "03", 1: "01", 3: "02", 2: "02"}
    with Store(tmp_path) as store:
        for seed, day in days.items():
            document = a_document(seed, created=f"2020-01-{day}T00:00:00+00:00")
            store.save(document, some_outcomes(), a_trajectory())
    Store(tmp_path).repair(0)
    same_day = sorted([2, 3], key=lambda seed: a_document(seed)["run_id"])
    listed = [entry["seed"] for entry in Catalogue(tmp_path).entries().values()]
    assert listed == [1, *same_day, 4]


@pytest.mark.parametrize("folder", KEPT_IN)
def test_what_killed_writers_left_is_cleared_in_every_folder_of_a_store(tmp_path, folder):
    fill(Store(tmp_path), [1])
    (tmp_path / folder).mkdir(exist_ok=True)
    left = tmp_path / folder / ".some.part"
    left.write_bytes(b"half")
    assert Store(tmp_path).repair(leftovers_older_than_seconds=0)["leftovers"] == 1
    assert not left.exists()

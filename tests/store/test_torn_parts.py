"""A part that is torn is never read as a result; what is whole in it is saved."""

import pyarrow.parquet as pq
import pytest

from sim.store import Store, StoreError
from sim.store.values import same_values

from .runs import a_document, a_trajectory, check_all, files, fill, part, some_outcomes

A_GROUP = 3


@pytest.fixture(autouse=True)
def small_groups(monkeypatch):
    """So that a few runs make several groups of rows."""
    monkeypatch.setattr("sim.store.part_writing.RUNS_PER_GROUP", A_GROUP)


def test_a_torn_run_is_left_where_it_is_and_named(tmp_path):
    with Store(tmp_path) as store:
        runs = list(fill(store, range(3)))
        torn = store.run_path(runs[0])
        content = bytearray(torn.read_bytes())
        content[60] ^= 1
        torn.write_bytes(content)
        (message,) = store.compact().broken
    assert torn.name in message
    assert files(tmp_path) == sorted([*part(1), f"trajectories/{torn.name}"])


def test_a_run_that_is_a_link_to_nowhere_is_named_and_put_aside(tmp_path):
    """As of a run that was moved to a disk which is not there."""
    with Store(tmp_path / "store") as store:
        first, second = fill(store, range(2))
        path = store.run_path(first)
    path.rename(tmp_path / "moved")
    path.symlink_to(tmp_path / "away")
    found = Store(tmp_path / "store").verify()
    assert found["runs"] == 1
    assert [path.name in message for message in found["broken"]] == [True]
    assert Store(tmp_path / "store").repair()["runs"] == 1
    assert not path.is_symlink()
    assert Store(tmp_path / "store").stored([first, second]) == {second}


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["runs", "outcomes", "trajectories"])
@pytest.mark.parametrize("harm", ["short", "gone", "flipped"])
def test_a_torn_part_is_named_and_what_is_whole_in_it_is_saved(tmp_path, kind, harm):
    with Store(tmp_path) as store:
        runs = fill(store, range(8))
        store.compact()
    path = tmp_path / kind / "part-0001.parquet"
    content = bytearray(path.read_bytes())
    if harm == "gone":
        path.unlink()
    elif harm == "short":
        path.write_bytes(content[:-9])
    else:
        chunk = pq.read_metadata(path).row_group(0).column({"runs": 2, "outcomes": 4}.get(kind, 3))
        content[chunk.data_page_offset + chunk.total_compressed_size // 2] ^= 0x10
        path.write_bytes(content)
    if (kind, harm) != ("runs", "gone"):  # then nothing tells that there were runs
        broken = Store(tmp_path).verify()["broken"]
        assert broken
        assert all("part-0001.parquet" in message for message in broken)
    store = Store(tmp_path)
    told = store.repair(0)
    whole = store.stored(runs)
    assert told["runs"] == len(whole)
    if harm == "flipped" and kind != "runs":
        assert len(runs) - len(whole) == A_GROUP  # the runs of one group of rows
    missing = {run_id: seed for run_id, seed in runs.items() if run_id not in whole}
    assert missing
    with Store(tmp_path) as store:
        fill(store, missing.values())
        store.compact()
    check_all(tmp_path, runs)
    assert list((tmp_path / "broken").iterdir())


@pytest.mark.parametrize("kind", ["outcomes", "trajectories"])
def test_a_torn_part_whose_runs_were_computed_anew_leaves_the_tables_that_others_read(
    tmp_path, kind
):
    with Store(tmp_path) as store:
        runs = fill(store, range(3))
        store.compact()
    path = tmp_path / kind / "part-0001.parquet"
    path.write_bytes(path.read_bytes()[:-9])
    with Store(tmp_path) as store:
        fill(store, runs.values())
        assert path.name in " ".join(store.verify()["broken"])  # however many runs are whole
        store.compact()
    aside = [f"broken/{each.replace('/', '-')}" for each in part(1)]
    assert files(tmp_path) == sorted(aside + part(2))
    check_all(tmp_path, runs)
    assert len(pq.read_table(tmp_path / "runs")) == len(runs)


def test_a_torn_part_that_alone_tells_of_its_runs_stays_where_it_is(tmp_path):
    with Store(tmp_path) as store:
        fill(store, range(3))
        store.compact()
    path = tmp_path / "outcomes" / "part-0001.parquet"
    path.write_bytes(path.read_bytes()[:-9])
    with Store(tmp_path) as store:
        fill(store, range(2))  # one is still to be computed anew
        store.compact()
    assert {*part(1)} <= {*files(tmp_path)}


def test_the_name_of_a_part_that_was_put_aside_is_not_given_again(tmp_path):
    (tmp_path / "broken").mkdir()
    for kind in ("runs", "outcomes"):
        (tmp_path / "broken" / f"{kind}-part-0007.parquet").write_bytes(b"torn")
    (tmp_path / "broken" / "trajectories-0123456789abcdef.parquet").write_bytes(b"one run")
    with Store(tmp_path) as store:
        fill(store, range(2))
        store.compact()
    assert {*part(8)} <= {*files(tmp_path)}


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["runs", "outcomes", "trajectories"])
def test_a_flipped_byte_anywhere_in_a_part_is_never_read_as_a_result(tmp_path, kind):
    with Store(tmp_path) as store:
        runs = fill(store, range(2))
        store.compact()
    path = tmp_path / kind / "part-0001.parquet"
    content = path.read_bytes()
    for place in range(0, len(content), len(content) // 80):
        path.write_bytes(content[:place] + bytes([content[place] ^ 0x10]) + content[place + 1 :])
        for run_id, seed in runs.items():
            try:
                document, *values = Store(tmp_path).load(run_id)
            except StoreError:
                continue
            assert document == a_document(seed)  # a byte that no value hangs on
            assert same_values(values, [some_outcomes(seed / 8), a_trajectory(3 + seed % 2)])


def test_a_name_that_was_changed_in_the_table_of_runs_is_found_and_mended(tmp_path):
    with Store(tmp_path) as store:
        runs = fill(store, range(4))
        store.compact()
    path = tmp_path / "runs" / "part-0001.parquet"
    content = path.read_bytes()
    path.write_bytes(content.replace(b"wait_days", b"waht_days"))
    found = Store(tmp_path).verify()
    assert found["runs"] == len(runs)
    (message,) = found["broken"]
    assert f"runs/{path.name}: was changed" in message.replace("\\", "/")
    assert Store(tmp_path).repair(0)["broken"] == [message]
    (mended,) = (tmp_path / "runs").iterdir()
    assert "wait_days" in pq.read_schema(mended).names
    check_all(tmp_path, runs)


def test_a_part_of_an_earlier_version_has_no_digest_of_its_table_and_is_whole(
    tmp_path, monkeypatch
):
    monkeypatch.setattr("sim.store.part_writing.DIGEST", "something else")
    with Store(tmp_path) as store:
        runs = fill(store, range(4))
        store.compact()
    check_all(tmp_path, runs)


def test_a_torn_part_hides_no_run_that_was_computed_anew(tmp_path):
    with Store(tmp_path) as store:
        runs = fill(store, range(4))
        store.compact()
    path = tmp_path / "outcomes" / "part-0001.parquet"
    path.write_bytes(path.read_bytes()[:-1])
    with Store(tmp_path) as store:
        assert store.stored(runs) == set()
        with pytest.raises(StoreError, match=r"part-0001\.parquet"):
            store.load(next(iter(runs)))
        fill(store, range(4))
        assert store.compact().runs == 4
    store = Store(tmp_path)
    assert store.stored(runs) == set(runs)
    assert len(store.run_ids()) == 4
    store.repair(0)
    check_all(tmp_path, runs)


def test_a_run_that_is_torn_in_its_own_file_and_whole_in_a_part_is_not_lost(tmp_path):
    with Store(tmp_path) as store:
        runs = fill(store, range(3))
        store.compact()
    with Store(tmp_path) as store:
        fill(store, [1])
        torn = store.run_path(list(runs)[1])
    torn.write_bytes(torn.read_bytes()[:-5])
    progress: list[tuple[int, int]] = []
    found = Store(tmp_path).verify(lambda *done: progress.append(done))
    assert found["runs"] == 3
    assert [torn.name in message for message in found["broken"]] == [True]
    assert {total for _, total in progress} == {3}
    assert max(done for done, _ in progress) == 3
    assert Store(tmp_path).repair(0)["runs"] == 3
    assert not torn.exists()
    check_all(tmp_path, runs)

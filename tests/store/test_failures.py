"""A failed run is kept with its reason until it succeeds."""

import os

import pytest

from sim.store import Store, StoreError
from sim.store.failures import MOST_TRACEBACK, Failures
from sim.store.run_id import content_hash

from .runs import FailingDisk, a_document, a_trajectory, some_outcomes


def fail(store: Store, seed: int, reason: str = "ValueError: too hot") -> str:
    run_id = a_document(seed)["run_id"]
    store.keep_failure(run_id, {"scale": 0.01}, seed, reason, "Traceback: line 3")
    return run_id


def test_a_failed_run_is_told_of_with_its_settings_and_reason(tmp_path):
    store = Store(tmp_path / "结果")
    run_id = fail(store, 3, "温度过高")
    (failed,) = Store(tmp_path / "结果").failures()
    assert (failed["run_id"], failed["seed"], failed["settings"]) == (run_id, 3, {"scale": 0.01})
    assert (failed["reason"], failed["traceback"]) == ("温度过高", "Traceback: line 3")
    assert not store.has(run_id)


def test_a_run_that_fails_again_has_its_latest_reason(tmp_path):
    store = Store(tmp_path)
    fail(store, 3)
    fail(store, 3, "MemoryError")
    assert [failed["reason"] for failed in store.failures()] == ["MemoryError"]


def test_a_run_that_succeeds_later_has_failed_no_more(tmp_path):
    with Store(tmp_path) as store:
        fail(store, 3)
        fail(store, 4)
        store.save(a_document(3), some_outcomes(), a_trajectory())
        assert [failed["seed"] for failed in store.failures()] == [4]
    assert [path.stem for path in (tmp_path / "failed").iterdir()] == [a_document(4)["run_id"][:16]]


def test_a_run_that_succeeds_once_its_code_is_mended_has_failed_no_more(tmp_path):
    asked = a_document(3)
    others = [a_document(4), a_document(3, "other-town"), a_document(3, settings={"scale": 0.5})]
    with Store(tmp_path) as store:
        for number, document in enumerate([asked, *others]):
            facts = {"scenario": document["scenario"], "version": "0.1.0+faulty"}
            run_id = content_hash({"faulty": number})
            store.keep_failure(run_id, document["settings"], document["seed"], "x", facts=facts)
        store.save(asked, some_outcomes(), a_trajectory())
    rest = Store(tmp_path).failures()
    assert len(rest) == len(others)
    for run in others:
        asked_for = run["scenario"], run["seed"], run["settings"]
        assert asked_for in [(each["scenario"], each["seed"], each["settings"]) for each in rest]


def test_a_run_that_fails_after_another_succeeded_is_forgotten_under_mended_code_too(tmp_path):
    failures = Failures(tmp_path)
    asked = {"scenario": "calm-town", "settings": {"scale": 0.5}, "seed": 3}
    failures.forget({**asked, "run_id": content_hash("another"), "seed": 4})
    facts = {"scenario": asked["scenario"]}
    failures.keep(content_hash("faulty"), asked["settings"], 3, "x", facts=facts)
    assert len(failures.whole()) == 1
    failures.forget({**asked, "run_id": content_hash("mended")})
    assert failures.whole() == []


@pytest.mark.skipif(os.name == "nt", reason="not everybody may make links there")
def test_a_note_that_goes_while_notes_are_read_is_neither_whole_nor_torn(tmp_path):
    failures = Failures(tmp_path)
    (tmp_path / "failed").mkdir()
    failures.path(content_hash("gone")).symlink_to(tmp_path / "gone")  # there, and not to be read
    assert (failures.whole(), failures.torn()) == ([], [])


def test_whoever_is_killed_between_success_and_clearing_up_leaves_no_failure(tmp_path):
    with Store(tmp_path) as store:
        store.save(a_document(3), some_outcomes(), a_trajectory())
        fail(store, 3)  # as if its note had not been removed yet
        assert store.failures() == []
        store.compact()
        assert store.failures() == []


def test_of_a_long_traceback_the_end_is_kept(tmp_path):
    store = Store(tmp_path)
    store.keep_failure(a_document()["run_id"], {}, 1, "x", "a" * 10**6 + "the end")
    assert store.failures()[0]["traceback"].endswith("the end")
    assert len(store.failures()[0]["traceback"]) == MOST_TRACEBACK


@pytest.mark.parametrize(
    "content", ["", "{", "[]", '{"run_id": "x"}', '{"run_id": "%s"}' % ("0" * 64)]
)
def test_a_torn_note_counts_as_none_and_is_named_and_put_aside(tmp_path, content):
    store = Store(tmp_path)
    fail(store, 4)
    path = store.keep_failure(a_document()["run_id"], {}, 1, "x")
    path.write_text(content, encoding="utf-8")
    assert [failed["seed"] for failed in store.failures()] == [4]
    (message,) = store.verify()["broken"]
    assert path.name in message
    assert store.repair()["broken"] == [message]
    assert [aside.name for aside in (tmp_path / "broken").iterdir()] == [f"failed-{path.name}"]
    assert store.verify()["broken"] == []


def test_a_full_disk_is_told_of(tmp_path):
    with pytest.raises(StoreError, match="free some space"):
        fail(Store(tmp_path, disk=FailingDisk("write")), 1)
    assert Store(tmp_path).failures() == []


def test_a_store_without_failures_has_none(tmp_path):
    assert Store(tmp_path / "none").failures() == []


def test_a_note_of_brackets_without_end_is_torn_and_put_aside(tmp_path):
    """Whoever reads it to the bottom runs out of depth."""
    with Store(tmp_path) as store:
        fail(store, 3)
        note = tmp_path / "failed" / f"{a_document(4)['run_id'][:16]}.json"
        note.write_text("[" * 100_000, encoding="utf-8")
        assert [failed["seed"] for failed in store.failures()] == [3]
        (message,) = store.repair()["broken"]
    assert note.name in message
    assert not note.exists()

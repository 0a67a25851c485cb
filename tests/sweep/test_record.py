"""The record that a sweep leaves in its store."""

import json

import pytest

from sim.engine.load import load_experiment
from sim.store import model_version, numeric_fingerprint
from sim.sweep.record import other_version, read_record, write_record
from tests.experiment.files import TWO_FACTORS, written


def test_without_a_store_nothing_was_noted(tmp_path):
    assert read_record(tmp_path / "none") == {}


def test_a_torn_record_says_nothing(tmp_path):
    (tmp_path / "sweep.json").write_text('{"replications": 3', encoding="utf-8")
    assert read_record(tmp_path) == {}


@pytest.mark.parametrize(
    ("version", "fingerprint", "theirs"),
    [
        (model_version(), numeric_fingerprint(), None),
        ("0.1.0+older", numeric_fingerprint(), f"0.1.0+older ({numeric_fingerprint()})"),
        (model_version(), "elsewhere", f"{model_version()} (elsewhere)"),
        (None, None, None),  # nothing is known of it
    ],
)
def test_a_sweep_of_another_model_or_machine_is_told_from_one_of_these(
    version, fingerprint, theirs, tmp_path
):
    noted = json.dumps({"version": version, "fingerprint": fingerprint})
    (tmp_path / "sweep.json").write_text(noted, encoding="utf-8")
    assert other_version(tmp_path) == theirs


def test_a_record_finds_its_experiment_from_anywhere_and_names_the_code_that_filled_the_store(
    tmp_path, monkeypatch
):
    file = written(tmp_path, TWO_FACTORS)
    monkeypatch.chdir(tmp_path.parent)
    (tmp_path / "store").mkdir()
    made = load_experiment(f"{tmp_path.name}/{file.name}")
    write_record(tmp_path / "store", made, {"finished": False})
    found = read_record(tmp_path / "store")
    assert (found["file"], found["path"]) == (file.name, str(file.resolve()))
    assert (found["version"], found["fingerprint"]) == (model_version(), numeric_fingerprint())
    assert found["seed"] == made.seed == 1  # which the file leaves to its default
    assert "seed" not in found["content"]
    assert found["finished"] is False
    text = (tmp_path / "store" / "sweep.json").read_text(encoding="utf-8")
    assert file.name in text  # as a person reads it

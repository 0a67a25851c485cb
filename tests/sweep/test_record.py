"""How many replications an analysis asks for, from what a sweep noted in its store."""

from types import SimpleNamespace

import pytest

from sim.engine.load import load_experiment
from sim.experiment.stopping import Stopping
from sim.store import model_version, numeric_fingerprint
from sim.sweep.record import read_record, replications_of, write_record
from tests.experiment.files import TWO_FACTORS, written

BY_PRECISION = SimpleNamespace(replications=10, stopping=Stopping("wait", 0.1, "mean", 40))


@pytest.mark.parametrize(
    ("record", "asked"),
    [
        ('{"replications": 30}', 30),
        ('{"replications": 5}', 10),  # before the first batch had ended
        ('{"replications": 60}', 40),  # of a file whose limit was higher
        ('{"replications": "many"}', 10),
        ("{}", 10),
        ("[30]", 10),
        ('{"replications": 3', 10),  # torn
        (None, 10),
    ],
)
def test_a_sweep_by_precision_has_as_many_as_it_came_to_within_its_limits(record, asked, tmp_path):
    if record is not None:
        (tmp_path / "sweep.json").write_text(record, encoding="utf-8")
    assert replications_of(BY_PRECISION, tmp_path) == asked


def test_another_sweep_has_those_of_its_file_whatever_was_noted(tmp_path):
    (tmp_path / "sweep.json").write_text('{"replications": 30}', encoding="utf-8")
    assert replications_of(SimpleNamespace(replications=12, stopping=None), tmp_path) == 12


def test_without_a_store_nothing_was_noted(tmp_path):
    assert read_record(tmp_path / "none") == {}


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
    assert found["finished"] is False
    text = (tmp_path / "store" / "sweep.json").read_text(encoding="utf-8")
    assert file.name in text  # as a person reads it

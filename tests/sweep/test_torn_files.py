"""A run that an analysis cannot read is run again by the next sweep, which names its file."""

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sim.cli import app as application
from sim.store import Store, trajectories
from sim.sweep import sweep, table
from tests.experiment.files import STAFF, experiment

POINTS = "design: {kind: list, file: points.csv}\nreplications: 1\n"


def shortened(content: bytes) -> bytes:
    return content[:-5]


def with_a_bit_flipped(content: bytes) -> bytes:
    """A quotation mark of the outcomes' text becomes another sign; the document stays whole."""
    at = content.index(b'"outcome"', content.index(b"shiyu.outcomes"))
    return content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]


def with_a_digit_changed(content: bytes) -> bytes:
    """The first digit of the outcomes' values becomes another: still a text of whole JSON."""
    start = content.index(b'"value"', content.index(b"shiyu.outcomes"))
    at = next(n for n in range(start, len(content)) if chr(content[n]) in "12345678")
    return content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]


@pytest.fixture
def design(tmp_path):
    """Two points, and the first a second time, as in a design of Morris."""
    (tmp_path / "points.csv").write_text(f"{STAFF}\n10\n20\n10\n", encoding="utf-8")
    return experiment(tmp_path, POINTS)


@pytest.mark.parametrize(
    "harm",
    [
        with_a_digit_changed,
        *(pytest.param(harm, marks=pytest.mark.slow) for harm in (shortened, with_a_bit_flipped)),
    ],
)
def test_what_an_analysis_cannot_read_is_named_and_run_again(
    design, tmp_path: Path, harm: Callable[[bytes], bytes]
):
    folder = tmp_path / "store"
    sweep(design, folder, workers=1)
    before = table(design, Store(folder))
    assert (before["status"] == "done").all()
    torn = Store(folder).run_path(before["run_id"][1])
    torn.write_bytes(harm(torn.read_bytes()))
    found = table(design, Store(folder))
    assert found["status"].tolist() == ["done", "missing", "done"]
    assert torn.name in found["reason"][1]
    assert "shiyu results repair" in found["reason"][1]
    command = ["sweep", str(design.path), "--workers", "1", "--out", str(folder)]
    told = CliRunner().invoke(application.app, command)
    assert told.exit_code == 0
    assert "1 file was not whole" in told.stderr
    assert torn.name in told.stderr
    assert "3 of 3 runs are done, 2 of them from before" in told.stdout
    assert table(design, Store(folder)).equals(before)
    assert sweep(design, folder, workers=1).broken == []


def test_a_changed_digit_is_noticed_in_files_of_earlier_versions_too(
    design, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Those have one fingerprint, over texts and curves, and are read whole for it."""
    folder = tmp_path / "store"
    with monkeypatch.context() as earlier:
        earlier.setattr(trajectories, "_TEXTS", "shiyu.unknown")
        sweep(design, folder, workers=1)
    store = Store(folder)
    whole, torn = sorted(folder.glob("trajectories/*.parquet"))
    torn.write_bytes(with_a_digit_changed(torn.read_bytes()))
    found = table(design, store)
    assert found["status"].value_counts().to_dict() in (
        {"done": 2, "missing": 1},
        {"done": 1, "missing": 2},
    )
    [reason] = found["reason"].dropna().unique()
    assert torn.name in reason
    assert whole.name not in reason
    assert len(store.verify()["broken"]) == 1

"""A run that an analysis cannot read is run again by the next sweep, which names its file."""

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sim.cli import app as application
from sim.store import Store
from sim.sweep import sweep, table
from tests.experiment.files import STAFF, experiment

POINTS = "design: {kind: list, file: points.csv}\nreplications: 1\n"


def shortened(content: bytes) -> bytes:
    return content[:-5]


def with_a_bit_flipped(content: bytes) -> bytes:
    """A quotation mark of the outcomes' text becomes another sign; the document stays whole."""
    at = content.index(b'"outcome"', content.index(b"shiyu.outcomes"))
    return content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]


@pytest.fixture
def design(tmp_path):
    """Two points, and the first a second time, as in a design of Morris."""
    (tmp_path / "points.csv").write_text(f"{STAFF}\n10\n20\n10\n", encoding="utf-8")
    return experiment(tmp_path, POINTS)


@pytest.mark.parametrize("harm", [shortened, with_a_bit_flipped])
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

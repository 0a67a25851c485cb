"""What commands that run the model say beside their answer."""

import sys
from types import SimpleNamespace

import pytest

from sim.cli import simulating
from sim.world import adding


@pytest.fixture
def sources(tmp_path, monkeypatch):
    """A folder of sources whose loops Numba keeps elsewhere."""
    (tmp_path / "sim/world/__pycache__").mkdir(parents=True)
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.setattr(simulating.sim, "__file__", str(tmp_path / "sim/__init__.py"))
    kept = SimpleNamespace(stats=SimpleNamespace(cache_path=str(tmp_path / "elsewhere")))
    monkeypatch.setattr(adding, "add_each", kept)
    return tmp_path


HERE = f"py{sys.version_info.major}{sys.version_info.minor}"


def told(capsys):
    with simulating.simulating("Runs", "en"):
        pass
    return capsys.readouterr().err


def test_the_first_run_says_that_it_compiles(sources, capsys):
    assert "compiles the inner loops, once" in told(capsys)


@pytest.mark.parametrize("folder", ["sim/world/__pycache__", "elsewhere"])
def test_after_it_nothing_is_said_wherever_the_loops_are_kept(sources, capsys, folder):
    (sources / folder / f"adding.add_each-10.{HERE}.nbi").touch()
    assert told(capsys) == ""


def test_loops_of_another_python_do_not_count(sources, capsys):
    (sources / "sim/world/__pycache__/adding.add_each-10.py39.nbi").touch()
    assert "compiles" in told(capsys)

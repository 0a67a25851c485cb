"""What the page on mechanisms and places of one's own shows is run here, word for word."""

import re
from pathlib import Path

import pytest

import sim
from sim.engine.build import build
from sim.engine.load import load_experiment

PAGE = Path(sim.__file__).parents[1] / "docs" / "your-own.md"
SHOWN = re.findall(r"```(python|yaml)\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
PYTHON = [text for kind, text in SHOWN if kind == "python"]
YAML = [text for kind, text in SHOWN if kind == "yaml"]


@pytest.fixture
def here(tmp_path, monkeypatch) -> Path:
    """A folder with the files of the page."""
    files = {"goodwill.py": PYTHON[0], "with-goodwill.yaml": YAML[0], "by-staff.yaml": YAML[1]}
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_goodwill_gathers_in_those_who_volunteer_and_nobody_else(here):
    """It rests at gain / (gain + loss) = 1/3, which four weeks from nothing do not reach."""
    running = build(sim.load("with-goodwill.yaml"), 1)
    people = running.world.people
    people.goodwill[:] = 0.0
    before = people.volunteers.copy()
    for _ in range(4):
        running.step()
    always, never = before & people.volunteers, ~before & ~people.volunteers
    assert always.any()
    steady = running.world.people.goodwill[always].max()
    assert steady == pytest.approx((1.0 - 2.718281828 ** (-1.5 * 28 / 365.25)) / 3.0, abs=1e-5)
    assert people.goodwill[never].max() < steady
    assert people.goodwill[never & (people.last_volunteered < -400)].max() == 0.0


def test_the_column_is_read_from_python_as_shown(here, capsys):
    exec(compile(PYTHON[1].replace("seed=3", "seed=3, **{'time.years': 0.1}"), "page", "exec"), {})
    assert 0.0 < float(capsys.readouterr().out) < 1.0 / 3.0


def test_the_sweep_over_both_has_a_point_for_each_pair_of_settings(here):
    assert len(load_experiment("by-staff.yaml").points()) == 6


@pytest.mark.parametrize("place", ["two-villages", "jincheng-2020"])
def test_more_mediators_are_more_than_a_copy_of_each_place_has(place):
    (shown,) = re.findall(
        r"new more-mediators .*staff_per_10k=(\d+)", PAGE.read_text(encoding="utf-8")
    )
    assert float(shown) > sim.load(place).place.bases["mediation.staff_per_10k"].max()

"""A comparison, however it is asked for, takes figures of other runs away before it is written."""

import json
from types import SimpleNamespace

import pytest

import sim
from sim.engine.comparison_room import make_room, replaced_by


def comparison(*others, seeds=(1,), rows=1):
    """As much of a comparison of `calm` with others as is looked at."""
    names = ("calm", *others)
    runs = [SimpleNamespace(scenario=n, seed=s, run_id=f"{n}-{s}") for n in names for s in seeds]
    return SimpleNamespace(
        baseline=SimpleNamespace(name="calm"),
        others=[SimpleNamespace(name=name) for name in others],
        settings={},
        plan=SimpleNamespace(seed=1),
        runs=SimpleNamespace(in_order=lambda: runs),
        table=[None] * rows,
    )


@pytest.fixture
def folder(tmp_path):
    """Where calm and busy were compared on one seed."""
    content = {"baseline": "calm", "scenarios": {"calm": {}, "busy": {}}, "settings": {}}
    content |= {"seeds": 1, "runs": [["calm", 1, "calm-1"], ["busy", 1, "busy-1"]]}
    (tmp_path / "comparison.json").write_text(json.dumps(content), encoding="utf-8")
    (tmp_path / "figures").mkdir()
    for name in ("differences.svg", "course-late_share.png", "mine.png"):
        (tmp_path / "figures" / name).write_bytes(b"drawn")
    return tmp_path


@pytest.mark.parametrize(
    ("found", "left", "replaced"),
    [
        (comparison("busy"), 3, False),  # the same runs
        (comparison("busy", seeds=(1, 2)), 1, False),  # more pairs of the same
        (comparison("paid"), 1, True),
        (comparison("paid", rows=0), 3, False),  # nothing to write in its place
    ],
)
def test_only_figures_of_other_runs_go_and_only_another_comparison_is_replaced(
    folder, found, left, replaced
):
    assert (replaced_by(found, folder) is not None) == replaced
    make_room(found, folder)
    assert len(list((folder / "figures").iterdir())) == left
    assert (folder / "figures" / "mine.png").exists()


def test_a_torn_comparison_replaces_nothing(folder):
    (folder / "comparison.json").write_text('{"baseline": "ca', encoding="utf-8")
    assert replaced_by(comparison("paid"), folder) is None


@pytest.mark.slow
def test_a_comparison_from_python_leaves_no_figure_of_an_earlier_one(tmp_path):
    few = {"time.years": 0.06, "outcomes": ["late_share"]}
    other = {"name": "more", "extends": "two-villages"}
    how = {"settings": few, "workers": 1, "out": tmp_path}
    sim.compare("two-villages", [other], replications=2, **how)
    older = tmp_path / "figures" / "course-participation_rate.png"
    older.write_bytes(b"drawn by `shiyu plot`")
    sim.compare("two-villages", [other], replications=2, **how)
    assert older.exists()  # of the same runs
    sim.compare("two-villages", [other], replications=3, **how)
    assert not older.exists()

"""A scenario's graph file is read before a run, and a run that cannot read it leaves nothing."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

import sim
from sim.cli.app import app
from sim.engine.graph_check import check_graph
from sim.engine.load import load
from sim.kernel import ScenarioError
from sim.store.atomic import StoreError
from sim.store.folders import folder_to_fill


@pytest.fixture
def with_graph(tmp_path):
    """Writes a scenario with this graph file; the scenario's path."""

    def write(ties: str, extends: str = "two-villages", more: str = "") -> Path:
        (tmp_path / "ties.csv").write_text(ties, encoding="utf-8")
        path = tmp_path / "own.yaml"
        text = f"name: own\nextends: {extends}\ngraph: ties.csv\n{more}"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def validated(path: Path) -> tuple[int, dict[str, object]]:
    done = CliRunner().invoke(app, ["scenarios", "validate", str(path), "--json"])
    return done.exit_code, json.loads(done.stdout)["files"][0]


def test_validate_tells_the_faults_of_a_graph_file_as_a_run_would(with_graph) -> None:
    code, verdict = validated(with_graph("0,1\n2,zz\n3,3\n"))
    assert (code, verdict["ok"]) == (2, False)
    assert [(fault["where"], fault["line"]) for fault in verdict["faults"]] == [
        ("ties.csv", 2),
        ("ties.csv", 3),
    ]


def test_a_graph_of_people_who_are_there_is_sound(with_graph) -> None:
    code, verdict = validated(with_graph("0,1\n2,3\n"))
    assert (code, verdict["ok"], verdict["warnings"]) == (0, True, [])


def test_nobody_is_beyond_the_adults_of_the_place(with_graph) -> None:
    place = load("two-villages").place
    residents, share = (
        [place.values[f"divisions.{slug}.{figure}"] for slug in place.divisions]
        for figure in ("population", "adult_share")
    )
    adults = sum(round(a * b) for a, b in zip(residents, share, strict=True))
    assert check_graph(load(with_graph(f"0,{adults - 1}\n"))) == ()
    with pytest.raises(ScenarioError, match="none of the people"):
        check_graph(load(with_graph(f"0,{adults}\n")))


def test_somebody_whom_a_city_of_this_scale_may_lack_is_warned_of(with_graph) -> None:
    # half a hundredth of 1.8 million adults are some 9,000
    own = {"extends": "jincheng-2020", "more": "scale: 0.005\n"}
    code, verdict = validated(with_graph("0,90000\n", **own))
    assert (code, verdict["ok"]) == (0, True)
    assert "ties person 90000" in verdict["warnings"][0]
    assert validated(with_graph("0,900\n", **own))[1]["warnings"] == []


@pytest.mark.parametrize("until", [None, "2020-03-01"])
def test_a_run_that_is_refused_leaves_no_folder(with_graph, tmp_path, until) -> None:
    with pytest.raises(ScenarioError, match="none of the people"):
        sim.run(with_graph("2,zz\n"), seed=1, out=tmp_path / "new" / "runs", until=until)
    assert not (tmp_path / "new").exists()


def test_a_comparison_that_is_refused_leaves_no_folder(with_graph, tmp_path) -> None:
    path = with_graph("2,zz\n")
    whole = {"name": "other", "extends": str(path)}
    with pytest.raises(ScenarioError, match="none of the people"):
        sim.compare(path, [whole], replications=1, workers=1, out=tmp_path / "new")
    assert not (tmp_path / "new").exists()


def failing(folder: Path, made: str | None) -> None:
    with folder_to_fill(folder) as found:
        if made:
            (found / made).touch()
        raise ValueError("no luck")


def test_a_folder_that_was_there_or_holds_something_stays(tmp_path) -> None:
    (tmp_path / "old").mkdir()
    for name, made in (("old", None), ("new", "kept")):
        with pytest.raises(ValueError, match="no luck"):
            failing(tmp_path / name, made)
    assert (tmp_path / "old").is_dir()
    assert (tmp_path / "new" / "kept").exists()


def test_a_folder_that_cannot_be_made_leaves_none_of_those_above_it(tmp_path) -> None:
    with pytest.raises(StoreError):
        failing(tmp_path / "new" / ("n" * 300), None)
    assert not (tmp_path / "new").exists()

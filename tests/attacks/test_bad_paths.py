"""Files that cannot be read, that lead to each other, or that are something else than a file."""

import os
import tracemalloc
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sim.cli.app import app
from sim.engine.ledger import known
from sim.kernel.fault import ScenarioError
from sim.scenario import load

KNOWN = known()
RED = "\x1b[31m"


@pytest.fixture(autouse=True)
def in_an_empty_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def told(source: str | Path) -> list[str]:
    """The messages of a source, which are the same on stderr, where they come with status 2."""
    with pytest.raises(ScenarioError) as refused:
        load(source, KNOWN)
    run = CliRunner().invoke(app, ["run", str(source), "--out", "kept"], env={"SHIYU_LANG": "en"})
    assert (run.exit_code, run.stdout) == (2, "")
    assert not Path("kept").exists()
    assert not Path("results").exists()
    assert run.stderr == f"{refused.value}\n"
    assert all(line.isprintable() for line in run.stderr.splitlines())
    return [str(fault) for fault in refused.value.faults]


def write(name: str, text: str) -> Path:
    path = Path(name)
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("key", ["extends", "place", "graph"])
@pytest.mark.parametrize("kind", ["folder", "dangling", "loop", "missing"])
def test_what_a_scenario_names_has_to_be_a_file(key, kind):
    name = "other.csv" if key == "graph" else "other.yaml"
    if kind == "folder":
        Path(name).mkdir()
    elif kind == "dangling":
        Path(name).symlink_to("nowhere")
    elif kind == "loop":
        Path(name).symlink_to(name)
    top = "name: bad\n" if key == "extends" else "name: bad\nextends: two-villages\n"
    write("bad.yaml", f"{top}{key}: ./{name}\n")
    line = 2 if key == "extends" else 3
    [message] = told("bad.yaml")
    assert message.startswith(f"bad.yaml:{line}:{len(key) + 3}: {key}: ")
    words = {"folder": "is not a file", "missing": "there is no"}.get(kind, "leads to no file")
    if key == "graph":
        words = "is not a file" if kind == "folder" else "no such file"
        words = "leads to no file" if kind in ("dangling", "loop") else words
    assert words in message
    assert "did you mean" not in message


@pytest.mark.parametrize("kind", ["folder", "dangling", "loop"])
def test_a_scenario_itself_has_to_be_a_file(kind):
    if kind == "folder":
        Path("bad.yaml").mkdir()
    else:
        Path("bad.yaml").symlink_to("bad.yaml" if kind == "loop" else "nowhere")
    [message] = told("bad.yaml")
    words = "is not a file" if kind == "folder" else "is a link that leads to no file"
    assert message == f"bad.yaml: {words}: bad.yaml"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_is_not_waited_for():
    os.mkfifo("bad.yaml")
    assert told("bad.yaml") == ["bad.yaml: is not a file: bad.yaml"]


LOCKED = {
    "bad.yaml": "bad.yaml: cannot be read (Permission denied)",
    "ties.csv": "bad.yaml:3:8: graph: cannot be read (Permission denied): ties.csv",
    "own.py": "bad.yaml:4:19: mechanisms: cannot be read (Permission denied): own.py",
}


@pytest.mark.parametrize("locked", LOCKED)
def test_a_file_that_may_not_be_read_is_told_of(locked, monkeypatch):
    top = "name: bad\nextends: two-villages\n"
    write("bad.yaml", top + "graph: ties.csv\nmechanisms: [all, 'own.py:Own']\n")
    write("ties.csv", "0,1\n")
    write("own.py", "")
    opened = Path.open

    def refuse(path: Path, *arguments: object, **options: object):
        if path.name == locked:
            raise PermissionError(13, "Permission denied", str(path))
        return opened(path, *arguments, **options)

    monkeypatch.setattr(Path, "open", refuse)  # whoever is root may read whatever the mode says
    assert LOCKED[locked] in told("bad.yaml")


@pytest.mark.parametrize("circle", ["a", "ab", "abc"])
def test_parents_in_a_circle_are_named_in_order(circle):
    for name, parent in zip(circle, circle[1:] + circle[0], strict=True):
        write(f"{name}.yaml", f"name: {name}\nextends: {parent}.yaml\n")
    chain = " -> ".join(f"{name}.yaml" for name in circle + circle[0])
    assert told("a.yaml") == [f"{circle[-1]}.yaml:2:10: extends: extends itself: {chain}"]


def test_more_than_twenty_parents_are_refused():
    for number in range(30):
        write(f"p{number}.yaml", f"name: p{number}\nextends: p{number + 1}.yaml\n")
    assert told("p0.yaml") == ["p20.yaml:2:10: extends: has more than 20 parents"]


def test_of_fifty_megabytes_only_the_first_is_read():
    with Path("bad.yaml").open("wb") as file:
        file.truncate(50 << 20)
    tracemalloc.start()
    try:
        assert told("bad.yaml") == ["bad.yaml: holds more than 1,048,576 bytes"]
        assert tracemalloc.get_traced_memory()[1] < 8 << 20
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("name", [f"{RED}.yaml", "a\nb.yaml", "\u202elmay.yaml", "\u2028.yaml"])
def test_a_file_name_moves_no_cursor(name):
    write(name, "name: Bad\nextends: two-villages\n")
    [message] = told(name)
    assert message.endswith(":1:7: name: Bad is not a slug; allowed: small letters, digits and "
                            "single hyphens, at most 80")  # fmt: skip
    assert "\\" in message


def test_a_suggested_file_name_moves_no_cursor():
    write(f"mediators-{RED}.yaml", "name: x\n")
    write("near.yaml", "name: near\nextends: ./mediators.yaml\n")
    assert told("near.yaml")[0].endswith("did you mean mediators-\\x1b[31m.yaml?")


@pytest.mark.parametrize(
    "code", ["import sys; sys.exit(3)", f"raise ValueError({RED!r})", "\0", "1/0"]
)
def test_a_users_file_that_fails_is_a_fault_of_the_line_that_names_it(code):
    write("own.py", code)
    write("bad.yaml", "name: bad\nextends: two-villages\nmechanisms: [all, 'own.py:Own']\n")
    [message] = told("bad.yaml")
    assert message.startswith("bad.yaml:3:19: mechanisms: own.py:Own cannot be loaded (")

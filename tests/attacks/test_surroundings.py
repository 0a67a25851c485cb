"""A command answers, or says in a line why not, wherever it is run and whatever listens."""

import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

import sim
from sim.cli import console, scratch
from sim.engine.run import run
from sim.store import Store, run_id
from sim.store.atomic import LEFTOVER

from .faulty import BASE, told

ROOT = Path(sim.__file__).parents[1]
OUT = "结果 一"
posix = pytest.mark.skipif(os.name == "nt", reason="needs a POSIX shell")


pytestmark = pytest.mark.slow  # each case starts a process or two
linux = pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs Linux")


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """A folder with a scenario, whose run is in a store already."""
    folder = tmp_path_factory.mktemp("odd")
    (folder / "calm.yaml").write_text(BASE, encoding="utf-8")
    run(folder / "calm.yaml", seed=1, out=folder / OUT)
    (folder / "plain").symlink_to(OUT)  # for a shell whose letters are not those of the disk
    return folder


def shell(folder: Path, line: str, **environment: str | None) -> "subprocess.CompletedProcess[str]":
    """A line for the shell in which `shiyu` is the command; None takes a variable away."""
    given = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "", **environment}
    return subprocess.run(
        ["bash", "-c", f'shiyu() {{ "{sys.executable}" -m sim "$@"; }}\n{line}'],
        cwd=folder,
        env={name: value for name, value in given.items() if value is not None},
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )


LIST = f"shiyu results list '{OUT}'"


@linux
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_full_output_is_told_of_and_the_status_is_not_zero(folder, unbuffered):
    done = shell(folder, f"{LIST} > /dev/full", PYTHONUNBUFFERED=unbuffered)
    assert done.returncode == 1
    assert re.fullmatch(r"The answer cannot be written: no space left on device\..*\n", done.stderr)


@posix
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_reader_that_has_read_enough_hears_no_complaint(folder, unbuffered):
    line = "shiyu scenarios schema | head -c 1"
    done = shell(folder, line, PYTHONUNBUFFERED=unbuffered)
    assert (done.stdout, done.stderr, done.returncode) == ("{", "", 0)


@posix
@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_streams_may_be_closed(folder, closed):
    done = shell(folder, f"{LIST} --json {closed}")
    assert (done.returncode, done.stderr) == (0, "")
    assert (done.stdout == "") == (">&-" in closed.replace("2>&-", ""))


@posix
def test_a_wrong_command_without_any_stream_still_has_its_status(folder):
    assert shell(folder, "shiyu nonsense <&- >&- 2>&-").returncode == 2


@posix
@pytest.mark.parametrize(
    "locale",
    [
        {"LC_ALL": "C"},
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"LC_ALL": "POSIX"},
        {"LC_ALL": "zh_CN.GBK", "PYTHONUTF8": "0"},
        {"PYTHONIOENCODING": "ascii:strict"},
        {"PYTHONIOENCODING": "gbk"},
    ],
    ids=str,
)
def test_any_locale_will_do(folder, locale):
    # for the command alone: a shell warns of a locale that is not installed
    given = " ".join(f"{name}={value}" for name, value in locale.items())
    command = f'"{sys.executable}" -m sim results list plain --lang zh'
    done = shell(folder, f"env {given} {command}")
    assert (done.returncode, done.stderr) == (0, "")
    assert "calm" in done.stdout


@posix
def test_a_current_folder_that_was_removed_is_told_of(folder):
    line = "mkdir gone; cd gone; rmdir ../gone; shiyu run two-villages --out /tmp/never"
    done = shell(folder, line)
    assert done.returncode == 2
    assert done.stderr == "The folder in which you are was removed; change to one that is there.\n"


@posix
@pytest.mark.parametrize("home", [None, "", "/dev/null/none"])
def test_no_home_is_needed(folder, home):
    done = shell(folder, LIST, HOME=home, TMPDIR="/dev/null", NUMBA_CACHE_DIR=None)
    assert (done.returncode, done.stderr) == (0, "")


@posix
@pytest.mark.parametrize("columns", ["20", "40"])
def test_a_narrow_terminal_gets_lines_that_fit(columns, monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", columns)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    console.show_table(["结果", "value"], [["unresolved_share", "0.33"]])
    lines = capsys.readouterr().out.splitlines()
    assert max(map(console.width, lines)) <= int(columns)


def test_caches_go_to_a_folder_of_ones_own_where_nothing_else_is_writable(tmp_path, monkeypatch):
    monkeypatch.setattr(scratch.os, "access", lambda *_: False)
    monkeypatch.setattr(scratch.tempfile, "tempdir", str(tmp_path))
    for name in ("NUMBA_CACHE_DIR", "MPLCONFIGDIR"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv(name, "")  # so that it is put back
        monkeypatch.delenv(name)
    scratch.find_room_for_caches()
    folder = Path(os.environ["NUMBA_CACHE_DIR"])
    assert folder.parent == tmp_path
    assert os.environ["MPLCONFIGDIR"] == str(folder)
    assert os.name == "nt" or folder.stat().st_mode & 0o077 == 0
    folder.chmod(0o777)  # now others may put compiled code there: it is not used
    os.environ.pop("NUMBA_CACHE_DIR")
    scratch.find_room_for_caches()
    assert os.name == "nt" or Path(os.environ["NUMBA_CACHE_DIR"]) != folder


OUTS = {
    "file": "a file or a link to nowhere stands there",
    "file/below": "a file stands where a folder is needed",
    "nowhere": "a file or a link to nowhere stands there",
    "n" * 256: "choose a folder with a shorter path",
    "file\nsecond": "a file or a link to nowhere stands there",
}


@posix
@pytest.mark.parametrize("out", OUTS, ids=lambda out: repr(out[:12]))
def test_a_folder_that_cannot_be_is_told_of_in_one_line(tmp_path, monkeypatch, capsys, out):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").touch()
    (tmp_path / "file\nsecond").touch()
    (tmp_path / "nowhere").symlink_to("not-there")
    status, answer, remarks = told(capsys, "run", "two-villages", "--seed", "1", "--out", out)
    assert (status, answer, remarks.count("\n")) == (2, "", 1)
    assert OUTS[out] in remarks


@posix
@pytest.mark.parametrize("name", ["n" * 255, "one\ntwo", "a b 结果", "plain", "link", b"\xff"])
def test_a_run_goes_into_any_folder(folder, tmp_path, monkeypatch, capsys, name):
    name = os.fsdecode(name)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "plain").mkdir()
    (tmp_path / "plain" / "note.txt").write_text("mine", encoding="utf-8")
    (tmp_path / "link").symlink_to("plain")
    words = ("run", folder / "calm.yaml", "--seed", "1", "--out", name, "--json")
    status, answer, _ = told(capsys, *words)
    assert status == 0
    assert Store(tmp_path / name).run_ids() == [json.loads(answer)["run_id"]]
    assert (tmp_path / "plain" / "note.txt").exists()


def test_a_clock_that_jumps_loses_no_run_and_spoils_no_list(folder, tmp_path, monkeypatch):
    kept = Store(folder / OUT).load(Store(folder / OUT).run_ids()[0])
    years = ("2031-01-01", "1970-01-01", "2026-06-01")
    with Store(tmp_path) as store:
        for seed, year in enumerate(years):
            changed = {"seed": seed, "created": f"{year}T00:00:00+00:00"}
            identity = run_id(kept.document["resolved"], seed, "v", "machine")
            document = kept.document | changed | {"run_id": identity}
            store.save(document, kept.outcomes, kept.trajectory)
    young = tmp_path / "trajectories" / f".a{LEFTOVER}"
    young.write_bytes(b"half")
    monkeypatch.setattr(time, "time", lambda: 0.0)  # the clock goes back: nothing is old
    assert Store(tmp_path).repair() == {"runs": 3, "broken": [], "leftovers": 0}
    assert [entry["seed"] for entry in Store(tmp_path).entries()] == [1, 2, 0]
    monkeypatch.undo()
    monkeypatch.setattr(time, "time", lambda: 4e9)  # and forward: it is cleared by the next run
    with Store(tmp_path) as store:
        store.save(kept.document, kept.outcomes, kept.trajectory)
    assert not young.exists()
    assert Store(tmp_path).verify() == {"runs": 4, "broken": []}

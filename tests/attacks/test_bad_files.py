"""A bad file is refused with a located message a fault, status 2, and nothing is written."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from sim.cli.app import app
from sim.engine.ledger import known
from sim.kernel.fault import ScenarioError
from sim.scenario import load
from tests.thinned import one_in

from .bad_files import BAD_FILES, Bad

KNOWN = known()


def named(bad: Bad) -> str:
    return bad.what


def shiyu(*arguments: object):
    return CliRunner().invoke(app, list(map(str, arguments)), env={"SHIYU_LANG": "en"})


@pytest.fixture(autouse=True)
def in_an_empty_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def test_at_least_sixty_files_differ():
    assert len({bad.content for bad in BAD_FILES}) == len(BAD_FILES) >= 60
    assert len({bad.what for bad in BAD_FILES}) == len(BAD_FILES)


@pytest.mark.parametrize("bad", BAD_FILES, ids=named)
def test_the_fault_is_told_where_it_stands(bad):
    Path("bad.yaml").write_bytes(bad.content)
    with pytest.raises(ScenarioError) as refused:
        load("bad.yaml", KNOWN)
    told = [
        (f"{f.line}:{f.column}" if f.line else "", f.key)
        for f in refused.value.faults
        if bad.words in str(f)
    ]
    assert (bad.where, bad.key) in told, str(refused.value)
    assert {fault.where for fault in refused.value.faults} == {"bad.yaml"}


@pytest.mark.parametrize("bad", one_in(7, BAD_FILES), ids=named)
def test_the_command_tells_each_fault_on_a_line_and_writes_nothing(bad):
    Path("bad.yaml").write_bytes(bad.content)
    checked = shiyu("scenarios", "validate", "bad.yaml")
    assert checked.exit_code == 2  # else the next line would simulate a city
    run = shiyu("run", "bad.yaml", "--out", "kept")
    assert run.exit_code == 2
    assert checked.stdout == run.stdout == ""
    assert checked.stderr == run.stderr
    lines = run.stderr.splitlines()
    assert lines
    assert all(line.startswith("bad.yaml:") and line.isprintable() for line in lines)
    assert [path.name for path in Path().iterdir()] == ["bad.yaml"]


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbfname: fine\nextends: two-villages\n",
        b"name: fine\r\nextends: two-villages\r\n",
        b"name: fine\rextends: two-villages\r",
        b"{name: fine, extends: two-villages}",
        b'{"name": "fine", "extends": "two-villages", "time": {"years": 1}}',
        b"? name\n: fine\n? extends\n: two-villages\n",
        b"%YAML 1.2\n---\nname: fine\nextends: two-villages\nwhy: no\n...\n",
        b"name: fine\nextends: two-villages\ntime: {years: .5}\n",
        b"name: fine\nextends: two-villages\ntime: {years: 010}\n",
        b"name: fine\nextends: two-villages\nscale: &s 1\n",
    ],
)
def test_what_only_looks_bad_loads(content):
    Path("fine.yaml").write_bytes(content)
    assert load("fine.yaml", KNOWN).name == "fine"

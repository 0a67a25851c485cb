"""A bad `--set` is refused by its key, with status 2, on one line, and nothing is written."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from sim.cli.app import app

# What follows --set -> how the message begins, and words of the rest.
BAD_SETTINGS = {
    "": ("--set : ", "not a setting; write KEY=VALUE"),
    "=": ("--set =: ", "not a setting; write KEY=VALUE"),
    "=5": ("--set =5: ", "not a setting; write KEY=VALUE"),
    " =5": ("--set  =5: ", "not a setting; write KEY=VALUE"),
    "scale": ("--set scale: ", "not a setting; write KEY=VALUE"),
    "\x1b[2Jscale": ("--set \\x1b[2Jscale: ", "not a setting"),
    "scale\nfine": ("--set scale\\nfine: ", "not a setting"),
    "scale=": ("--set scale: ", "is empty"),
    "scale= ": ("--set scale: ", "is empty"),
    "scale=~": ("--set scale: ", "is empty"),
    "scale==1": ("--set scale: ", "not the text '=1'"),
    "scale=0.01,0.02": ("--set scale: ", "not the text '0.01,0.02'"),
    "scale=nan": ("--set scale: ", "not the text 'nan'"),
    "scale=.nan": ("--set scale: ", ".nan is not a finite number"),
    "scale=1e400": ("--set scale: ", "1e400 is not a finite number"),
    "scale=[": ("--set scale: ", "is not YAML"),
    "scale=a: b: c": ("--set scale: ", "is not YAML"),
    "scale=# 1": ("--set scale: ", "holds nothing"),
    "scale=1\n---\n2": ("--set scale: ", "a second document begins here"),
    "scale=\x1b[31m1": ("--set scale: ", "holds a character that is not text"),
    "scale=!!python/name:os.system x": ("--set scale: ", "tags are not allowed"),
    "scale.x=1": ("--set scale.x: scale: ", "must be a number, not a mapping"),
    "skale=1": ("--set skale: ", "did you mean scale?"),
    "\u202escale=1": ("--set \\u202escale: ", "no such key"),
    ".=1": ("--set .: ", "a key must be a word"),
    "a..b=1": ("--set a..b: ", "a key must be a word"),
    "policies.=1": ("--set policies.: ", "a key must be a word"),
    f"{'a.' * 13}a=1": (f"--set {'a.' * 13}a: ", "is nested deeper than 12 levels"),
    f"{'k' * 9999}=1": (f"--set {'k' * 57}...: ", "no such key"),
    "policies=5": ("--set policies: ", "must be a mapping, not a number"),
    "policies=[1]": ("--set policies: ", "must be a mapping, not a list"),
    "policies.grid=5": ("--set policies.grid: ", "must be a mapping, not a number"),
    "policies.grid={x: 1}": ("--set policies.grid: x: ", "no such lever"),
    "policies.grid.paperwork_share.default.x=1": (
        "--set policies.grid.paperwork_share.default.x: policies.grid.paperwork_share.default: ",
        "must be a number, not a mapping",
    ),
    "parameters.ties=1": ("--set parameters.ties: ", "must be a mapping"),
    "parameters.world.household_size=0": (
        "--set parameters.world.household_size: ",
        "0 cannot be used; allowed: 1 to 20",
    ),
    "time=5": ("--set time: ", "must be a mapping, not a number"),
    "time.start=2020-02-30": ("--set time.start: ", "is no day of the calendar"),
    "mechanisms=courts": ("--set mechanisms: ", "must be a list"),
    "outcomes.0=x": ("--set outcomes.0: outcomes: ", "must be a list, not a mapping"),
    "shocks=[x]": ("--set shocks: ", "must be a mapping, not the text 'x'"),
    "shocks=x": ("--set shocks: ", "must be a list, not the text 'x'"),
    "shocks=[{kind: pandemic, on: 2019-12-31}]": (
        "--set shocks: on: ",
        "2019-12-31 is outside the run; allowed: 2020-01-01 to",
    ),
    "name=x": ("--set name: ", "cannot be set from outside a file"),
    "extends=x": ("--set extends: ", "cannot be set from outside a file"),
    "place=atlantis": ("--set place: ", "there is no place atlantis"),
    "place=/": ("--set place: ", "is not a file"),
    "scenario=x": ("x: ", "there is no scenario x"),
}


@pytest.mark.parametrize("setting", BAD_SETTINGS, ids=lambda setting: repr(setting)[:40])
def test_a_bad_setting_is_told_by_its_key(setting, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    begins, words = BAD_SETTINGS[setting]
    given = ["two-villages", "--set", setting]
    show = CliRunner().invoke(app, ["scenarios", "show", *given], env={"SHIYU_LANG": "en"})
    assert show.exit_code == 2  # else the next line would simulate the villages
    run = CliRunner().invoke(app, ["run", *given, "--out", "kept"], env={"SHIYU_LANG": "en"})
    assert (run.exit_code, run.stdout, run.stderr) == (2, "", show.stderr)
    [line] = run.stderr.splitlines()
    assert line.startswith(begins), line
    assert words in line
    assert line.isprintable()
    assert list(Path().iterdir()) == []


def test_a_key_that_is_set_twice_is_refused(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    arguments = ["run", "two-villages", "--set", "scale=1", "--set", " scale = 1"]
    run = CliRunner().invoke(app, arguments, env={"SHIYU_LANG": "en"})
    assert run.exit_code == 2
    assert run.stderr == "--set  scale = 1: scale is set twice\n"
    assert list(Path().iterdir()) == []

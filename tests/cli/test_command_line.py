"""The command line as a whole: help, languages, errors and exit codes."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

import sim
from sim.cli import app as application
from sim.cli.app import COMMANDS
from sim.cli.console import width
from sim.cli.options import read_settings
from sim.cli.words import help_language
from sim.kernel.fault import ShiyuError
from tests.thinned import one_in

ROOT = Path(sim.__file__).parents[1]


def shiyu(*arguments, **environment):
    command = [str(each) for each in arguments]
    return CliRunner().invoke(application.app, command, env=environment)


def in_a_process(*arguments, **environment):
    """The command in a process of its own, since help is worded when it starts."""
    kept = {k: v for k, v in os.environ.items() if k not in ("SHIYU_LANG", *environment)}
    surroundings = kept | {"PYTHONPATH": str(ROOT)}
    surroundings |= {key: value for key, value in environment.items() if value is not None}
    command = [sys.executable, "-m", "sim", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, env=surroundings, check=False)


def test_the_version_is_the_packages():
    assert shiyu("--version").stdout == f"shiyu {sim.__version__}\n"


def test_the_package_states_the_version_that_it_is_packed_with():
    assert f'\nversion = "{sim.__version__}"\n' in (ROOT / "pyproject.toml").read_text("utf-8")


def test_all_commands_are_listed():
    told = shiyu("--help").stdout
    assert all(f"\n  {command} " in told for command in COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_help_gives_an_example(command):
    told = shiyu(command, "--help")
    assert told.exit_code == 0
    assert "$ shiyu " in told.stdout


def test_help_imports_nothing_heavy():
    code = (
        "import sys, sim.cli.app as a\n"
        "try: a.main(['--help'])\n"
        "except SystemExit: pass\n"
        "heavy = {'numpy', 'numba', 'scipy', 'pandas', 'mesa', 'networkx', 'matplotlib', 'rich',"
        " 'pyarrow', 'tinydb', 'ruamel'}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)"
    )
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stderr.strip() == "[]"


def test_help_speaks_the_language_of_the_environment_and_of_the_line():
    assert "运行一个情景一次" in in_a_process("run", "--help", SHIYU_LANG="zh").stdout.decode()
    assert "运行一个情景一次" in in_a_process("run", "--lang=zh", "--help").stdout.decode()


@pytest.mark.parametrize(
    ("arguments", "spoken"),
    [(["run", "--lang", "zh"], "zh"), (["--lang=zh"], "zh"), (["--lang", "fr"], "en"), ([], "en")],
)
def test_the_language_of_help_is_found_before_options_are_read(monkeypatch, arguments, spoken):
    monkeypatch.delenv("SHIYU_LANG", raising=False)
    assert help_language(arguments) == spoken


@pytest.mark.parametrize(
    "encoding",
    ["gbk", *(pytest.param(other, marks=pytest.mark.slow) for other in ("ascii", "cp1252"))],
)
def test_chinese_breaks_no_terminal(encoding):
    done = in_a_process("outcomes", "--lang", "zh", PYTHONIOENCODING=encoding, PYTHONUTF8="0")
    assert done.returncode == 0
    assert done.stderr == b""


def test_neither_a_home_nor_a_language_is_needed():
    done = in_a_process("parameters", HOME=None, LANG="C", LC_ALL=None, COLUMNS="40")
    assert done.returncode == 0
    assert done.stderr == b""


def test_a_command_that_is_not_there_is_told_of_with_what_was_meant():
    told = shiyu("comapre")
    assert told.exit_code == 2
    assert "No such command: comapre. Did you mean compare?" in told.stderr
    assert told.stdout == ""


def broken(monkeypatch, error):
    """`outcomes` with a catalogue that breaks."""

    class Broken:
        def values(self):
            raise error

    monkeypatch.setattr("sim.outcomes.CATALOGUE", Broken())


@pytest.mark.parametrize(
    ("error", "status", "message"),
    [
        (ShiyuError("scale: too small"), 2, "scale: too small\n"),
        (PermissionError(13, "Permission denied", "out/x"), 2, "out/x: permission denied\n"),
        (KeyboardInterrupt(), 130, "Stopped. Finished runs are kept"),
        (MemoryError(), 1, "Out of memory."),
        (
            ValueError("who\nknows"),
            1,
            "a defect of the program or of an extension: Value",
        ),
    ],
)
def test_errors_become_one_message_and_an_exit_code(monkeypatch, error, status, message):
    broken(monkeypatch, error)
    told = shiyu("outcomes")
    assert told.exit_code == status
    assert message in told.stderr
    assert told.stderr.count("\n") == 1
    assert told.stdout == ""


def test_an_error_in_a_file_of_the_users_own_is_told_at_its_line(tmp_path):
    rule = (
        "from sim.kernel import Mechanism\n"
        "class Own(Mechanism):\n"
        "    name = 'own'\n"
        "    def step(self, world, clock):\n"
        "        world.people.nothing_there\n"
    )
    (tmp_path / "own.py").write_text(rule, encoding="utf-8")
    scenario = tmp_path / "with-own.yaml"
    scenario.write_text("name: with-own\nextends: two-villages\nmechanisms: [all, own.py:Own]\n")
    told = shiyu("run", scenario, "--out", tmp_path / "out")
    assert told.exit_code == 1
    assert told.stderr.startswith(f"{tmp_path / 'own.py'}:5: AttributeError: no column")


@pytest.mark.parametrize(
    "arguments",
    [
        ("plot", "x", "--debug"),
        pytest.param(("--debug", "plot", "x"), marks=pytest.mark.slow),
    ],
)
def test_debug_shows_the_traceback_wherever_it_stands(arguments):
    told = in_a_process(*arguments)
    assert told.returncode == 2
    assert b"Traceback" in told.stderr
    assert told.stderr.decode().splitlines()[-1].startswith("x: no such folder")


@pytest.mark.parametrize("columns", [60, 80])
@pytest.mark.parametrize("command", [["compare"], ["results"], []])
def test_chinese_help_stays_within_the_terminal_and_leaves_words_of_commands_whole(
    columns, command
):
    told = in_a_process(*command, "--help", SHIYU_LANG="zh", COLUMNS=str(columns)).stdout.decode()
    typed = ("$ shiyu", "用法")  # what one copies stays on its line
    folded = [line for line in told.splitlines() if not line.strip().startswith(typed)]
    assert max(map(width, folded)) <= columns
    if command == ["compare"]:
        assert "`policies.mediation.staff_per_10k=60`" in told


def test_settings_are_read_as_they_are_written():
    assert read_settings(["a.b=1", "c = x=y "]) == {"a.b": "1", "c": "x=y"}
    assert read_settings(None) == {}


def test_all_faults_of_settings_are_told_of_at_once():
    with pytest.raises(ShiyuError) as caught:
        read_settings(["a", "b=1", "b=2"])
    assert str(caught.value).splitlines() == [
        "--set a: not a setting; write KEY=VALUE",
        "--set b=2: b is set twice",
    ]


def test_names_of_scenarios_complete():
    completing = {"_SHIYU_COMPLETE": "complete_bash", "COMP_WORDS": "shiyu run two-v"}
    told = in_a_process("run", COMP_CWORD="2", **completing)
    assert told.stdout.decode().split() == ["two-villages"]


@pytest.mark.parametrize("asked", one_in(3, ["cn", "chinese", "fr"]))
def test_a_language_that_is_not_spoken_is_refused_in_those_that_are(asked):
    said = f"language '{asked}' is not spoken; use one of en, zh / 没有语言'{asked}'；请用：en, zh"
    for arguments, environment in (
        (("outcomes", "--lang", asked), {}),
        (("--lang", asked, "outcomes"), {}),
        (("outcomes",), {"SHIYU_LANG": asked}),
    ):
        told = in_a_process(*arguments, PYTHONIOENCODING="utf-8", **environment)
        assert (told.returncode, told.stdout) == (2, b"")
        assert told.stderr.decode().splitlines() == [said]


@pytest.mark.parametrize("ahead", [("--lang", "zh"), ("--lang=zh-CN",)])
def test_the_language_may_stand_before_the_command(ahead):
    assert "名称" in in_a_process(*ahead, "scenarios", "list").stdout.decode()
    assert "用法" in in_a_process(*ahead, "--help").stdout.decode()
    assert "用法" in in_a_process(*ahead, "run", "--help").stdout.decode()

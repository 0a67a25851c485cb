"""What the command line's library says by itself is told in the user's language too."""

import importlib
import re

import pytest
from typer.testing import CliRunner

from sim.cli import app as application
from sim.cli.app import COMMANDS, main
from sim.cli.usage import first_sentence, say_dashes
from sim.text.faults import sentences

for module in COMMANDS.values():  # help is worded at import: in English, as other tests expect
    importlib.import_module(module)

# A line that cannot be read, and how it is told of.
MISTAKES = [
    (["--nonesuch"], "没有选项--nonesuch"),
    (["run", "--sed", "3"], "没有选项--sed（可能是--seed, --set）"),
    (["run"], "缺少参数SCENARIO"),
    (["results", "export", "x"], "缺少选项--to"),
    (["--debug"], "缺少命令"),
    (["results", "xyzzy"], "没有命令xyzzy"),
    (["results", "shwo"], "没有命令shwo；是不是show？"),
    (["compare", "x", "--reps"], "选项--reps后须有一个值"),
    (["results", "list", "--json=3"], "选项--json不带值"),
    (["run", "a", "b"], "多余的参数：b"),
    (["run", "a", "--seed", "x"], "选项--seed的值不可用：须为整数"),
    (["compare", "a", "--precision", "x"], "选项--precision的值不可用：须为数"),
    (["sweep", "a", "--workers", "0"], "选项--workers的值不可用：须不小于1"),
    (["verify", "--at-random", "2000"], "选项--at-random的值不可用：须不大于1000"),
    (["compare", "a", "--draw-reps", "3"], "不可用：--draw-reps 须与 --uncertainty 同用。"),
]


def in_language(lang: str, arguments: list[str]):  # type: ignore[no-untyped-def]
    return CliRunner().invoke(application.app, arguments, env={"SHIYU_LANG": lang})


@pytest.mark.parametrize(("arguments", "told"), MISTAKES)
def test_a_line_that_cannot_be_read_is_told_of_in_chinese(arguments, told) -> None:
    found = in_language("zh", arguments)
    assert found.exit_code == 2
    assert found.stdout == ""
    assert found.stderr.splitlines()[-1] == f"错误：{told}"
    assert not re.search("Usage|Error|Try ", found.stderr)


def test_every_sentence_of_the_library_is_met_in_a_mistake() -> None:
    def pattern(chinese: str) -> str:
        return ".*".join(map(re.escape, re.split(r"\{\d\}", chinese)))

    said = " ".join(told for _, told in MISTAKES)
    never = [
        each for each in sentences("zh_usage.yaml").values() if not re.search(pattern(each), said)
    ]
    assert never == []


@pytest.mark.parametrize("command", ["run", "results export", "verify"])
def test_in_english_it_is_told_as_the_library_tells_it(command) -> None:
    told = in_language("en", [*command.split(), "--sed"]).stderr
    assert told.startswith(f"Usage: shiyu {command} [OPTIONS]")
    assert f"\nTry 'shiyu {command} -h' for help.\n\nError: No such option: --sed" in told


@pytest.mark.parametrize("command", COMMANDS)
def test_help_has_headings_in_chinese(command) -> None:
    told = in_language("zh", [command, "--help"]).stdout
    assert told.startswith("用法：shiyu")
    assert "\n选项：\n" in told
    assert "显示本说明并退出。" in told
    assert not re.search("^(Options|Arguments|Commands):|required", told, re.MULTILINE)


def test_a_list_of_commands_says_of_each_how_its_help_begins() -> None:
    told = in_language("en", ["--help"]).stdout
    for command in COMMANDS:
        begins = in_language("en", [command, "--help"]).stdout.split("\n\n")[1].split()
        assert re.search(rf"^  {command} +{re.escape(begins[0])}", told, re.MULTILINE), command
    assert "..." not in told.partition("Commands:")[2]


def test_a_sentence_ends_at_a_full_stop() -> None:
    assert first_sentence("运行一次。已有的不再重复。\n\n示例：") == "运行一次"
    assert first_sentence("Keep 0.5 of it. The rest goes.\n\nExamples:") == "Keep 0.5 of it"


@pytest.mark.parametrize(
    ("typed", "option"),
    [("—reps", "--reps"), ("–reps", "--reps"), ("——reps=3", "--reps"), ("－－seed", "--seed")],
)
def test_a_long_dash_for_two_short_ones_is_told_of(capsys, typed, option):
    with pytest.raises(SystemExit) as left:
        main(["compare", "two-villages", "mediators-doubled", typed])
    assert left.value.code == 2
    told = capsys.readouterr().err.splitlines()
    assert any(line.startswith(f"{typed}: ") and line.endswith(option) for line in told)


def test_the_dash_of_a_keyboard_is_none_of_them(capsys):
    say_dashes(["--reps", "-h", "jincheng-2020", "title=a — b", "—"])
    assert capsys.readouterr().err == ""

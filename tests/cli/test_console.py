"""What is printed can be read by a person at any terminal and by a program."""

import io
import json
import sys

import numpy as np
import pytest

from sim.cli import console


def test_columns_stand_under_their_heads_when_letters_are_two_wide(capsys):
    console.show_table(["结果", "b"], [["x", "1"], ["等待天数", "2"]])
    assert capsys.readouterr().out == "结果      b\nx         1\n等待天数  2\n"


def test_a_row_becomes_a_block_where_the_terminal_is_too_narrow(monkeypatch, capsys):
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    monkeypatch.setenv("COLUMNS", "12")
    console.show_table(["outcome", "value"], [["waiting_days", "3"]])
    assert capsys.readouterr().out == "waiting_days\n  value: 3\n"


@pytest.mark.parametrize(
    ("cell", "lines"),
    [
        ("talks that last", ["  source: talks", "    that last"]),
        ("二〇二〇年，调查。", ["  source: 二〇", "    二〇年，调", "    查。"]),
        ("https://a.example/long/page", ["  source:", "    https://a.example/long/page"]),
    ],
)
def test_a_long_cell_of_a_block_is_folded_and_a_long_word_stays_whole(
    cell, lines, monkeypatch, capsys
):
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    monkeypatch.setenv("COLUMNS", "17")
    console.show_table(["name", "source"], [["days", cell]])
    assert capsys.readouterr().out.splitlines() == ["days", *lines]


def test_json_has_a_schema_and_no_nan(capsys):
    content = {"share": float("nan"), "rows": np.array([1.5, np.inf]), "count": np.int64(2)}
    console.show_json(content)
    told = json.loads(capsys.readouterr().out)
    assert told == {"schema": 1, "share": None, "rows": [1.5, None], "count": 2}


def test_json_survives_a_code_page_without_chinese(monkeypatch):
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr("sys.stdout", stream)
    console.show_json({"title": "增配调解员"})
    stream.flush()
    assert json.loads(stream.buffer.getvalue())["title"] == "增配调解员"


def test_letters_that_the_terminal_lacks_become_question_marks(monkeypatch):
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii", newline="")
    monkeypatch.setattr("sys.stdout", stream)
    console.prepare_streams()
    console.show("调解")
    stream.flush()
    assert stream.buffer.getvalue() == b"??\n"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (0.123456, "0.1235"),
        (-0.0000171043, "-0.0000171"),
        (0.0000998765, "0.00009988"),
        (2194545.0, "2,194,545"),
        (float("nan"), "-"),
        (None, "-"),
    ],
)
def test_numbers_are_short(value, text):
    assert console.number(value) == text


def test_a_log_gets_a_line_now_and_then_and_not_for_every_step(monkeypatch, capsys):
    clock = iter([0.0, 10.0, 31.0, 40.0])
    monkeypatch.setattr(console.time, "monotonic", lambda: next(clock))
    with console.progress("runs") as tell:
        tell(1, 4)
        tell(2, 4)
        tell(3, 4)
    assert capsys.readouterr().err == "runs: 50%, ~31 s\n"

"""`shiyu describe` prints or writes a description, and refuses what it cannot describe."""

import json

import pytest
from typer.testing import CliRunner

from sim.cli.app import app
from sim.world.tie_picks import CIRCLE, STREET_REACH


def shiyu(*arguments):
    command = ["describe", *map(str, arguments)]
    return CliRunner().invoke(app, command, env={"SHIYU_LANG": "en"})


def test_markdown_is_printed_unless_told():
    done = shiyu("two-villages", "--part", "summary")
    assert done.exit_code == 0
    assert done.stdout.startswith("# “Two villages”: the model on one page\n")
    assert done.stderr == ""


def test_it_speaks_chinese():
    done = shiyu("two-villages", "--part", "summary", "--lang", "zh")
    assert "## 1 目的与模式" in done.stdout


@pytest.mark.parametrize("options", [("--json",), ("--format", "json")])
def test_a_script_gets_one_object_with_its_schema(options):
    done = shiyu("mediators-doubled", *options)
    told = json.loads(done.stdout)
    assert told["schema"] == 1
    assert (told["scenario"], told["base"], told["part"]) == (
        "mediators-doubled",
        "jincheng-2020",
        "full",
    )
    assert told["delta"] == [
        {
            "key": "policies.mediation.staff_per_10k",
            "first": 34.2,
            "second": 68.4,
            "unit": "persons per 10,000 residents",
        }
    ]
    assert told["policies"] == {"mediation.staff_per_10k": 68.4}
    keys = {"name", "unit", "default", "value", "low", "high", "status", "source"}
    assert all(keys <= row.keys() for row in told["parameters"])
    assert [s["number"] for s in told["sections"] if s["number"]] == [1, 2, 3, 4, 5, 6, 7]
    assert all(s["text"] for s in told["sections"])
    assert told["graph"]["measured"] is None
    assert told["graph"]["circle_people"] == CIRCLE
    assert told["graph"]["street_reach_people"] == STREET_REACH


def test_a_delta_against_another_place_does_not_call_what_the_place_decides_the_same():
    words = ("jincheng-2020", "--part", "delta", "--against", "two-villages")
    told = shiyu(*words).stdout
    assert "| `policies.mediation.staff_per_10k` | 127 " in told
    [same] = [line for line in told.splitlines() if "Design concepts" in line]
    assert "Initialisation" not in same
    assert "Input data" not in same


def test_a_delta_for_a_script_holds_no_more_than_the_delta():
    told = json.loads(shiyu("mediators-doubled", "--part", "delta", "--json").stdout)
    assert told["part"] == "delta"
    assert "parameters" not in told
    assert [row["key"] for row in told["delta"]] == ["policies.mediation.staff_per_10k"]


@pytest.mark.parametrize(
    ("name", "begins"),
    [("odd.html", "<!DOCTYPE html>"), ("odd.json", '{"schema": 1'), ("说明.md", "# ")],
)
def test_the_end_of_the_file_says_how_it_is_written(tmp_path, name, begins):
    done = shiyu("two-villages", "--part", "summary", "--out", tmp_path / "new" / name)
    assert done.exit_code == 0
    assert done.stdout == f"Description: {tmp_path / 'new' / name}\n"
    assert (tmp_path / "new" / name).read_text(encoding="utf-8").startswith(begins)


def test_a_format_that_is_asked_for_goes_before_the_files_name(tmp_path):
    done = shiyu("two-villages", "--format", "html", "--out", tmp_path / "a.txt", "--json")
    assert json.loads(done.stdout)["files"] == {"description": str(tmp_path / "a.txt")}
    assert "<html" in (tmp_path / "a.txt").read_text(encoding="utf-8")


def test_the_command_that_it_names_gives_the_same_text_again():
    first = shiyu("two-villages", "--part", "delta", "--set", "time.years=1")
    line = "shiyu describe two-villages --part delta --set time.years=1"
    assert line in first.stdout
    assert shiyu(*line.split()[2:]).stdout == first.stdout


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--part", "ful"), "--part ful: one of full, summary, delta; did you mean full?"),
        (("--format", "pdf"), "--format pdf: one of md, html, json"),
        (("--out", "odd.docx"), "--out odd.docx: cannot be told by its end; use one of .md, .html"),
        (("--out", "odd"), "--out odd: cannot be told by its end"),
        (("--json", "--format", "md"), "--json: does not go with --format md unless --out"),
        (("--part", "delta"), "two-villages: extends nothing and is the base of its place"),
        (("--against", "nowhere"), "there is no scenario nowhere"),
        (("--set", "policies.mediation.staf=3"), "no such lever"),
    ],
)
def test_what_cannot_be_described_is_told_in_a_line(tmp_path, options, message):
    done = shiyu("two-villages", *options)
    assert done.exit_code == 2
    assert message in done.stderr
    assert done.stdout == ""


def test_a_bad_scenario_writes_nothing(tmp_path):
    bad = tmp_path / "bad.yaml"
    bad.write_text("name: bad\nextends: two-villages\nscale: 7\n", encoding="utf-8")
    done = shiyu(bad, "--out", tmp_path / "odd.html")
    assert done.exit_code == 2
    assert f"{bad}:3:8: scale: 7 is above 1" in done.stderr
    assert not (tmp_path / "odd.html").exists()


def test_a_parent_in_another_folder_is_found(tmp_path):
    (tmp_path / "parents").mkdir()
    parent = tmp_path / "parents" / "parent.yaml"
    parent.write_text("name: parent\nextends: two-villages\ntime: {years: 1}\n", encoding="utf-8")
    child = tmp_path / "child.yaml"
    text = "name: child\nextends: parents/parent.yaml\npolicies: {mediation: {staff_per_10k: 60}}\n"
    child.write_text(text, encoding="utf-8")
    told = json.loads(shiyu(child, "--part", "delta", "--json").stdout)
    assert told["base"] == "parent"
    assert [row["key"] for row in told["delta"]] == ["policies.mediation.staff_per_10k"]
    assert f"shiyu describe {parent}" in told["sections"][-2]["text"]


def test_a_description_is_never_written_over_its_scenario(tmp_path):
    mine = tmp_path / "mine.yaml"
    mine.write_text("name: mine\nextends: two-villages\n", encoding="utf-8")
    done = shiyu(mine, "--part", "summary", "--format", "md", "--out", mine)
    assert (done.exit_code, done.stdout) == (2, "")
    assert "mine.yaml: is what is read for it; choose another file" in done.stderr
    assert mine.read_text(encoding="utf-8").startswith("name: mine")

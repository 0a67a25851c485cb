"""`shiyu scenarios new` writes a file that loads as what was asked for, and explains itself."""

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sim.cli.app import app
from sim.cli.scenario_flags import dated_shocks, warning_at_its_flag
from sim.engine.ledger import known
from sim.engine.load import load
from sim.kernel.fault import ShiyuError
from sim.scenario.draft import Draft, draft_text
from sim.scenario.find import shipped_places
from sim.scenario.levers import LEVERS
from sim.text import phrase_in

LEVER = re.compile(r"^  # ([a-z_]+(?:\.[a-z_0-9]+)+: .*)$", re.MULTILINE)


def shiyu(*arguments, lang="en"):
    command = ["scenarios", "new", *map(str, arguments)]
    return CliRunner().invoke(app, command, env={"SHIYU_LANG": lang})


def written(path: Path, *flags, lang="en") -> str:
    done = shiyu("trial", *flags, "--to", path, lang=lang)
    assert done.exit_code == 0, done.stderr
    return path.read_text(encoding="utf-8")


SETS = [
    ([], "jincheng-2020", {}),
    (["--policy", "mediation.staff_per_10k=60"], "jincheng-2020",
     {"policies.mediation.staff_per_10k": 60}),
    (["--extends", "mediators-doubled", "--years", "2.5", "--scale", "0.02"], "mediators-doubled",
     {"time.years": 2.5, "scale": 0.02}),
    (["--policy", "courts.prelitigation_share={default: .3, divisions: {yangcheng: .5}}",
      "--policy", "policies.grid.subsidy_yuan_per_year=[{from: 2020-01-01, value: 6000}, "
      "{from: 2022-01-01, value: 12000}]",
      "--policy", "assessment.weights.petition_count=0.4"], "jincheng-2020",
     {"policies.courts.prelitigation_share": "{default: .3, divisions: {yangcheng: .5}}",
      "policies.grid.subsidy_yuan_per_year":
          "[{from: 2020-01-01, value: 6000}, {from: 2022-01-01, value: 12000}]",
      "policies.assessment.weights.petition_count": 0.4}),
    (["--place", "two-villages"], "two-villages", {}),
    (["--place", "two-villages", "--years", "1", "--policy", "mediation.staff_per_10k=200"],
     "two-villages", {"time.years": 1, "policies.mediation.staff_per_10k": 200}),
    (["--extends", "jincheng-2020", "--place", "two-villages", "--scale", "1"], "jincheng-2020",
     {"place": "two-villages", "scale": 1}),
]  # fmt: skip


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize(("flags", "source", "settings"), SETS)
def test_the_file_loads_as_what_the_flags_say(tmp_path, flags, source, settings, lang):
    written(tmp_path / "trial.yaml", *flags, lang=lang)
    got, wanted = load(tmp_path / "trial.yaml"), load(source, settings)
    assert got.canonical() == wanted.canonical()
    assert got.name == "trial"
    assert got.title["en"] == "Trial"


@pytest.mark.parametrize("flags", [flags for flags, _, _ in SETS])
def test_every_lever_behind_a_mark_may_be_freed_and_changes_nothing(tmp_path, flags):
    path = tmp_path / "trial.yaml"
    text = written(path, *flags)
    before = load(path).canonical()
    freed = LEVER.sub(r"  \1", text.replace("\n# policies:", "\npolicies:"))
    assert freed != text
    path.write_text(freed, encoding="utf-8")
    assert load(path).canonical() == before


@pytest.mark.parametrize("start", ["2020-01-01", "2020-06-15"])
def test_the_shock_behind_a_mark_may_be_freed_whenever_the_run_starts(tmp_path, start):
    parent = f"name: parent\nextends: jincheng-2020\ntime: {{start: {start}}}\n"
    (tmp_path / "parent.yaml").write_text(parent, encoding="utf-8")
    path = tmp_path / "trial.yaml"
    text = written(path, "--extends", tmp_path / "parent.yaml")
    freed = text.replace("# shocks:\n#   - ", "shocks:\n  - ")
    assert freed != text
    path.write_text(freed, encoding="utf-8")
    (shock,) = load(path).shocks
    assert (shock.kind, shock.on.isoformat()) == ("housing_delivery", start)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_lever_stands_beside_meaning_unit_base_and_range(tmp_path, lang):
    flags = ("--policy", "mediation.staff_per_10k=60")
    lines = written(tmp_path / "trial.yaml", *flags, lang=lang).splitlines()
    place = lines.index("    staff_per_10k: 60")
    lever = LEVERS["mediation.staff_per_10k"]
    for part in (lever.meaning[lang], phrase_in(lever.unit, lang), "34.2", "1000"):
        assert part in lines[place - 1]
    for name in known().levers:
        assert any(name in line for line in lines) or name == lever.name


@pytest.mark.parametrize(
    ("lang", "words"), [("en", "holds in every division"), ("zh", "各区县都按它")]
)
@pytest.mark.parametrize("flag", ["=3000", ".default=3000"])
def test_a_level_alone_holds_in_every_division_and_the_file_says_so(tmp_path, lang, words, flag):
    """Chengqu pays 6,000 in the base; who wrote 3,000 for the others halved it without a word."""
    path = tmp_path / "trial.yaml"
    text = written(path, "--policy", f"grid.subsidy_yuan_per_year{flag}", lang=lang)
    assert words in text
    scenario = load(path)
    assert set(scenario.place.bases["grid.subsidy_yuan_per_year"]) == {0, 6000}
    levels = scenario.lever_values(scenario.start)["grid.subsidy_yuan_per_year"]
    assert set(levels) == {3000}


def test_a_base_of_many_values_by_division_is_told_by_its_span(tmp_path):
    """Six values would fill the line; two are told as a file would say them."""
    lines = written(tmp_path / "trial.yaml").splitlines()
    judges = next(line for line in lines if line.startswith("  # courts.judges_per_100k:"))
    bases = load("jincheng-2020").place.bases["courts.judges_per_100k"]
    span = f"{min(bases):.3g} to {max(bases):.3g}, by division"
    assert span in judges
    subsidy = next(line for line in lines if "# grid.subsidy_yuan_per_year:" in line)
    assert "by division" not in subsidy


def test_the_comparison_that_a_new_file_names_can_be_run_as_written(tmp_path):
    """Scale and length that the file sets are given to the baseline too."""
    line = next(n for n in written(tmp_path / "a.yaml").splitlines() if "shiyu compare" in n)
    assert line.endswith(f"shiyu compare jincheng-2020 {tmp_path / 'a.yaml'}")
    flags = ("--scale", "0.005", "--years", "1")
    text = written(tmp_path / "b.yaml", *flags)
    assert f"{tmp_path / 'b.yaml'} --set scale=0.005 --set time.years=1\n" in text


def test_a_place_of_ones_own_that_is_only_run_whole_is_begun_whole(tmp_path):
    text = shipped_places()["two-villages"].read_text(encoding="utf-8")
    (tmp_path / "mine.yaml").write_text(text.replace("two-villages", "mine"), encoding="utf-8")
    written(tmp_path / "base.yaml", "--place", tmp_path / "mine.yaml")
    assert load(tmp_path / "base.yaml").scale == 1.0


def test_all_keys_are_explained_set_or_not(tmp_path):
    text = written(tmp_path / "trial.yaml")
    keys = ("name", "extends", "title", "why", "scale", "time", "mechanisms", "policies")
    for key in (*keys, "outcomes", "parameters"):
        assert re.search(rf"^# [^\n]+\n(?:# [^\n]+\n)*(?:# )?{key}:", text, re.MULTILINE), key


def test_a_title_in_any_language_is_what_figures_call_the_scenario(tmp_path):
    text = written(tmp_path / "trial.yaml", "--title", "多开会")
    assert load(tmp_path / "trial.yaml").title == {"en": "多开会", "zh": "多开会"}
    assert "--title" in text.splitlines()[0]


def test_a_question_keeps_its_letters(tmp_path):
    question = 'Does "more" pay: 60 # or 100?  \\ \t对谁有利？'
    written(tmp_path / "trial.yaml", "--question", question)
    assert load(tmp_path / "trial.yaml").why["zh"] == " ".join(question.split())


def test_a_file_of_the_name_is_written_where_one_is(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = shiyu("more-mediators", "--policy", "mediation.staff_per_10k=60")
    assert done.stdout.splitlines() == [
        "Written: more-mediators.yaml",
        "Next: shiyu scenarios show more-mediators.yaml",
    ]
    assert [path.name for path in tmp_path.iterdir()] == ["more-mediators.yaml"]


def test_a_script_is_told_the_file(tmp_path):
    path = tmp_path / "new" / "trial.yaml"
    done = shiyu("trial", "--to", path, "--json")
    assert json.loads(done.stdout) == {
        "schema": 1,
        "scenario": "trial",
        "files": {"scenario": str(path)},
        "warnings": [],
    }
    assert load(path).name == "trial"


def test_the_name_of_a_shipped_scenario_is_refused(tmp_path):
    done = shiyu("mediators-doubled", "--to", tmp_path / "mine.yaml")
    assert done.exit_code == 2
    assert "is the name of a scenario that comes with Shiyu" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_there_is_kept_unless_forced(tmp_path):
    path = tmp_path / "trial.yaml"
    path.write_text("mine\n", encoding="utf-8")
    done = shiyu("trial", "--to", path)
    assert done.exit_code == 2
    assert f"{path}: is there already" in done.stderr
    assert path.read_text(encoding="utf-8") == "mine\n"
    written(path, "--force")
    assert load(path).name == "trial"


def test_a_link_to_nowhere_counts_as_there(tmp_path):
    path = tmp_path / "trial.yaml"
    path.symlink_to(tmp_path / "nowhere")
    assert shiyu("trial", "--to", path).exit_code == 2


def test_a_parent_by_path_is_found_from_where_the_new_file_lies(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("parent.yaml").write_text("name: parent\nextends: two-villages\n", encoding="utf-8")
    Path("deep/er").mkdir(parents=True)
    text = written(Path("deep/er/trial.yaml"), "--extends", "parent.yaml")
    assert '\nextends: "../../parent.yaml"\n' in text
    text = written(Path("yet/to/be/trial.yaml"), "--extends", "parent.yaml")
    assert f"\nextends: {tmp_path.resolve().as_posix()}/parent.yaml\n" in text.replace('"', "")
    for folder in ("deep/er", "yet/to/be"):
        assert load(Path(folder) / "trial.yaml").place.name == "two-villages"


def test_a_file_that_would_extend_itself_is_refused_and_kept(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("trial.yaml").write_text("name: trial\nextends: two-villages\n", encoding="utf-8")
    done = shiyu("trial", "--extends", "trial.yaml", "--force")
    assert done.exit_code == 2
    assert "extends itself" in done.stderr
    assert Path("trial.yaml").read_text(encoding="utf-8") == "name: trial\nextends: two-villages\n"


@pytest.mark.parametrize(
    ("flags", "messages"),
    [
        (
            ["trial", "--policy", "mediation.staf_per_10k=3", "--years", "0", "--scale", "x"],
            [
                "--policy mediation.staf_per_10k: no such lever",
                "--years: 0 years are shorter than one step",
                "--scale: must be a number, not the text 'x'",
            ],
        ),
        (["trial", "--policy", "mediation.staff_per_10k=-1"], ["-1 is below 0; allowed: 0 to"]),
        (["trial", "--policy", "mediation.staff_per_10k"], ["not a policy; write KEY=VALUE"]),
        (["trial", "--policy", "a.b=1", "--policy", "a.b=2"], ["policies.a.b is set twice"]),
        (["trial", "--policy", "mediation.staff_per_10k="], ["is empty"]),
        (["Trial"], ["NAME: name: Trial is not a slug; allowed: small letters"]),
        (["con"], ["NAME: name: con is a name that Windows keeps"]),
        (["trial", "--extends", "jincheng"], ["--extends: there is no scenario jincheng"]),
        (["trial", "--place", "nowhere"], ["there is no place nowhere"]),
        (["trial", "--question", "  "], ["--question: why: must be text"]),
        (["trial", "--question", "a\x07b"], ["holds a character that is not text"]),
    ],
)
def test_a_bad_flag_is_told_where_it_stands_and_nothing_is_written(
    tmp_path, monkeypatch, flags, messages
):
    monkeypatch.chdir(tmp_path)
    done = shiyu(*flags)
    assert done.exit_code == 2
    assert done.stdout == ""
    for message in messages:
        assert message in done.stderr
    assert "<dict>" not in done.stderr
    assert "--set" not in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_shocks_load_as_they_were_asked_for(tmp_path):
    given = ("housing_delivery:2021-03-01:chengqu:1200", "factory_closure:2022-01-01:yangcheng:900")
    flags = [part for shock in (*given, "pandemic:2020-02-01") for part in ("--shock", shock)]
    written(tmp_path / "trial.yaml", *flags)
    found = load(tmp_path / "trial.yaml").resolved()["shocks"]
    assert found == [
        {"kind": "housing_delivery", "on": "2021-03-01", "division": "chengqu", "households": 1200},
        {"kind": "factory_closure", "on": "2022-01-01", "division": "yangcheng", "jobs": 900},
        {"kind": "pandemic", "on": "2020-02-01"},
    ]


def test_a_warning_names_the_flag_that_was_typed(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = shiyu("trial", "--years", "1", "--shock", "flood:2030-06-01:chengqu:90000")
    assert done.exit_code == 0
    assert "--shock: on: 2030-06-01 comes after the end of the run" in done.stderr
    assert warning_at_its_flag("--set policies.x.y: none") == "--policy x.y: none"
    assert warning_at_its_flag("--set time.years: none") == "--years: none"
    assert warning_at_its_flag("--set labour.x: none") == "--set labour.x: none"
    assert warning_at_its_flag("a.yaml:3:1: scale: none") == "a.yaml:3:1: scale: none"


def test_a_bad_shock_is_told_by_its_own_flag(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    shocks = ("flood:2021-06-01:chengqu:100", "flood:2021-13-01:nowhere:x", "houzing:2021-01-01")
    done = shiyu(
        "trial", "--years", "x", *(part for shock in shocks for part in ("--shock", shock))
    )
    assert done.exit_code == 2
    assert "--shock flood:2021-13-01:nowhere:x: shocks.on: 2021-13-01 is no day" in done.stderr
    assert "--shock flood:2021-13-01:nowhere:x: shocks.division: no such division" in done.stderr
    assert "--shock houzing:2021-01-01: shocks.kind: houzing is not one of them" in done.stderr
    assert "--years: must be a number" in done.stderr
    assert "--shock flood:2021-06-01" not in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_shock_is_written_as_a_scenario_states_it():
    shocks = dated_shocks(["housing_delivery:2021-03-01:chengqu:1200", "pandemic:2020-06-01"])
    draft = Draft("trial", "trial.yaml", "", extends="jincheng-2020", shocks=shocks)
    text = draft_text(draft, load("jincheng-2020"), known().levers, "en")
    line = "{kind: housing_delivery, on: 2021-03-01, division: chengqu, households: 1200}"
    assert f"\nshocks:\n  - {line}\n  - {{kind: pandemic, on: 2020-06-01}}\n" in text
    with pytest.raises(ShiyuError, match="not a shock; write KIND:DATE:DIVISION:HOUSEHOLDS"):
        dated_shocks(["flood"])

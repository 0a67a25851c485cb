"""Sensitivity, discover and compare over a design answer in words and as one JSON object."""

import json

import pytest
from typer.testing import CliRunner

import sim.findings.load
from sim.cli import app as application
from sim.cli import console
from tests.analysis.designs import fail
from tests.experiment.files import HEAD, TWO_FACTORS
from tests.findings.studies import STAFF, study


def shiyu(*arguments):
    return CliRunner().invoke(application.app, [str(each) for each in arguments])


@pytest.fixture
def swept(tmp_path, monkeypatch):
    """An experiment file whose runs are made up; its `kind` and `broken` say which."""
    path = tmp_path / "实验.yaml"
    path.write_text("name: made-up\ndesign: {kind: any}\n", encoding="utf-8")

    def prepared(kind, *, broken=False, blocks=64, replications=2, walks=10):
        def study_of(_, out=None):
            made = study(kind, out or tmp_path / "store", replications, blocks=blocks, walks=walks)
            frame = fail(made.frame, 1, 0) if broken else made.frame
            failed = frame["status"] == "failed"
            frame.loc[failed, list(made.outcomes)] = float("nan")
            return type(made)(**{**vars(made), "frame": frame})

        monkeypatch.setattr(sim.findings.load, "study_of", study_of)
        return path

    return prepared


def test_sensitivity_answers_with_indices_and_files(swept, tmp_path):
    told = shiyu("sensitivity", swept("morris"), "--outcome", "escalation_share", "--json")
    assert told.exit_code == 0, told.stderr
    content = json.loads(told.stdout)
    assert content["schema"] == 1
    assert content["design"] == "morris"
    assert {row["measure"] for row in content["indices"]} == {"mu", "mu_star", "sigma"}
    assert (tmp_path / "store" / "sensitivity.json").is_file()


def test_sensitivity_says_it_in_a_sentence_and_a_table(swept):
    told = shiyu("sensitivity", swept("morris"), "--outcome", "escalation_share", "--lang", "zh")
    assert told.exit_code == 0, told.stderr
    assert "影响最大" in told.stdout
    assert "平均大小（百分点）" in told.stdout


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("en", "has 16 blocks"),
        pytest.param("zh", "只有 16 个样本块", marks=pytest.mark.slow),
    ],
)
def test_sensitivity_warns_of_intervals_from_few_blocks(swept, lang, words):
    asked = ("--outcome", "escalation_share", "--lang", lang)
    told = shiyu("sensitivity", swept("sobol", blocks=16, replications=3), *asked)
    assert told.exit_code == 0, told.stderr
    assert words in told.stderr
    enough = shiyu("sensitivity", swept("sobol", blocks=32, replications=3), *asked)
    assert (enough.exit_code, enough.stderr) == (0, "")


@pytest.mark.parametrize(("lang", "words"), [("en", "has 5 trajectories"), ("zh", "只有 5 条轨迹")])
def test_sensitivity_warns_of_intervals_from_few_trajectories(swept, lang, words):
    asked = ("--outcome", "escalation_share", "--lang", lang)
    told = shiyu("sensitivity", swept("morris", walks=5), *asked)
    assert told.exit_code == 0, told.stderr
    assert words in told.stderr
    enough = shiyu("sensitivity", swept("morris", walks=6), *asked)
    assert (enough.exit_code, enough.stderr) == (0, "")


def test_one_replication_is_said_in_the_singular(swept):
    told = shiyu("compare", swept("factorial", replications=1), "--outcome", "escalation_share")
    assert told.exit_code == 0, told.stderr
    assert "12 points, 1 replication on common luck" in " ".join(told.stdout.split())


@pytest.mark.parametrize("kind", ["morris", "sobol"])
@pytest.mark.parametrize(("lang", "words"), [("en", "was run once"), ("zh", "只运行了一次")])
def test_sensitivity_warns_that_one_replication_leaves_luck_in(swept, kind, lang, words):
    """A factor that does nothing seemed to lead, with an interval, and nothing said why."""
    asked = ("--outcome", "escalation_share", "--lang", lang)
    told = shiyu("sensitivity", swept(kind, replications=1), *asked)
    assert told.exit_code == 0, told.stderr
    assert words in told.stderr
    assert words not in shiyu("sensitivity", swept(kind), *asked).stderr


@pytest.mark.parametrize(("lang", "words"), [("en", "was run twice"), ("zh", "只运行了两次")])
def test_sensitivity_warns_that_shares_of_two_replications_take_luck_for_effects(
    swept, lang, words
):
    asked = ("--outcome", "escalation_share", "--lang", lang)
    assert words in shiyu("sensitivity", swept("sobol", replications=2), *asked).stderr
    assert words not in shiyu("sensitivity", swept("sobol", replications=3), *asked).stderr
    assert words not in shiyu("sensitivity", swept("morris", replications=2), *asked).stderr


def test_sensitivity_refuses_a_failed_run_by_name_and_writes_nothing(swept, tmp_path):
    told = shiyu("sensitivity", swept("morris", broken=True))
    assert told.exit_code == 2
    assert "point 1, replication 0, seed 1000: failed: ValueError" in told.stderr
    assert told.stderr.splitlines()[-1].startswith("Run them: shiyu sweep ")
    assert told.stdout == ""
    assert not (tmp_path / "store").exists()


def test_sensitivity_of_another_design_names_what_to_do(swept):
    told = shiyu("sensitivity", swept("factorial"))
    assert told.exit_code == 2
    assert "sobol or morris" in told.stderr
    assert "shiyu compare" in told.stderr


def test_discover_answers_with_boxes_and_a_tree(swept):
    told = shiyu(
        "discover", swept("lhs"), "--outcome", "escalation_share", "--above", 0.27, "--json"
    )
    assert told.exit_code == 0, told.stderr
    content = json.loads(told.stdout)
    assert content["boxes"][0]["limits"][0]["factor"] == STAFF
    assert content["tree"]["leaves"]
    assert content["boxes"][0]["trajectory"][0]["coverage"] == 1


def test_discover_wants_one_bound_and_an_outcome_that_is_there(swept):
    path = swept("lhs")
    assert shiyu("discover", path, "--outcome", "escalation_share").exit_code == 2
    both = shiyu("discover", path, "--outcome", "escalation_share", "--above", 1, "--below", 2)
    assert both.exit_code == 2
    other = shiyu("discover", path, "--outcome", "escalation_shar", "--above", 1)
    assert "did you mean escalation_share" in other.stderr


@pytest.mark.slow
def test_discover_shows_what_it_can_and_says_that_runs_failed(swept):
    path = swept("lhs", broken=True)
    told = shiyu("discover", path, "--outcome", "escalation_share", "--above", 0.27)
    assert told.exit_code == 1
    assert "1 of 200 points: 1" in told.stdout


@pytest.mark.slow
def test_a_step_of_the_way_can_be_taken(swept):
    asked = ("discover", swept("lhs"), "--outcome", "escalation_share", "--above", 0.27)
    content = json.loads(shiyu(*asked, "--box", 4, "--boxes", 1, "--json").stdout)
    assert content["boxes"][0]["step"] == 4
    assert shiyu(*asked, "--box", 4000).exit_code == 2


@pytest.mark.slow
def test_compare_shows_a_design_when_it_is_given_an_experiment(swept):
    told = shiyu("compare", swept("factorial"), "--json")
    assert told.exit_code == 0, told.stderr
    content = json.loads(told.stdout)
    assert content["points"] == 12
    assert len(content["trade_offs"]["policies"]) == 12
    shown = shiyu("compare", swept("factorial"))
    assert "efficient" in shown.stdout
    assert "10 → 70" in shown.stdout.replace("\u00a0", " ")


@pytest.mark.slow
def test_compare_says_where_effects_by_themselves_reproduce_little(swept, monkeypatch):
    monkeypatch.setattr("sim.analysis.design_effects.additive_share", lambda *_: 0.74)
    shown = shiyu("compare", swept("factorial")).stdout.replace("\u00a0", " ")
    assert "“Escalated” reproduce only 74 % of the variance between points" in shown


@pytest.mark.slow
def test_compare_says_which_runs_of_a_design_are_not_there(swept):
    told = shiyu("compare", swept("factorial", broken=True))
    assert told.exit_code == 1
    assert "1 run of the design is not there, 1 of them failed" in told.stderr
    assert "point 1, replication 0" in told.stderr


def test_options_of_one_kind_of_comparison_are_refused_for_the_other(swept):
    path = swept("factorial")
    assert shiyu("compare", path, "--reps", 3).exit_code == 2
    assert shiyu("compare", path, "--set", "scale=1").exit_code == 2
    assert shiyu("compare", path, "--seed", 1).exit_code == 2
    assert shiyu("compare", path, "--draw-reps", 2).exit_code == 2
    assert shiyu("compare", path, "--all").exit_code == 2
    pair = shiyu("compare", "two-villages", "jincheng-2020", "--factor", STAFF)
    assert pair.exit_code == 2
    alone = shiyu("compare", "two-villages")
    assert alone.exit_code == 2
    assert "nothing to compare" in alone.stderr


def test_a_file_is_no_folder_of_results(tmp_path):
    path = tmp_path / "one.yaml"
    path.write_text(HEAD + TWO_FACTORS, encoding="utf-8")
    told = shiyu("sensitivity", path, "--out", path)
    assert (told.exit_code, told.stdout) == (2, "")
    assert told.stderr == f"{path}: no such folder of results\n"


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_no_table_of_a_design_is_wider_than_a_page(swept, lang):
    told = shiyu("compare", swept("factorial"), "--lang", lang)
    assert told.exit_code == 0, told.stderr
    tables = [line for line in told.stdout.splitlines() if "  " in line.strip()]
    assert len(tables) > 10
    assert max(map(console.width, tables)) <= 100


def test_the_caution_of_a_design_counts_the_looks_that_verdicts_allow_for(swept):
    """Three outcomes; staff at three settings, two other factors at two: 3 * 4 effects, 3 pairs."""
    told = shiyu("compare", swept("factorial"), "--lang", "en")
    assert (
        "looking at 12 effects, those on all outcomes shown, and for 9 interactions" in told.stdout
    )


def test_the_best_choice_has_a_regret_of_nothing_without_an_interval(swept):
    told = shiyu("compare", swept("factorial"), "--lang", "en")
    assert "0 (0 to 0)" not in told.stdout


@pytest.mark.parametrize(
    ("lang", "points", "yuan"),
    [
        ("en", "regret, percentage points", "regret, yuan a resident a year"),
        ("zh", "后悔值，百分点", "后悔值，每名常住人口每年（元）"),
    ],
)
def test_every_regret_stands_under_its_unit(swept, monkeypatch, lang, points, yuan):
    told = []
    monkeypatch.setattr("sim.cli.design.show_wrapped", lambda heads, rows: told.append(heads))
    assert shiyu("compare", swept("factorial"), "--lang", lang).exit_code == 0
    assert told[-1][2::2] == [points, points, yuan]


def test_best_choices_stand_beside_how_many_of_all_others_may_be_as_good(swept, monkeypatch):
    """Each of the three levers costs far more than luck moves: the cheapest of 12 has no rival."""
    tables = []
    monkeypatch.setattr("sim.cli.design.show_wrapped", lambda _, rows: tables.append(rows))
    assert shiyu("compare", swept("factorial"), "--lang", "en").exit_code == 0
    best = {row[0]: row[-1] for row in tables[3]}
    assert best["Spent"] == "0 of 11"


def test_where_luck_hides_everything_all_other_choices_may_be_as_good(swept, monkeypatch):
    monkeypatch.setattr("sim.findings.trading.best_in", lambda every, _: (every.table.iloc[0], 11))
    told = shiyu("compare", swept("factorial"), "--lang", "en").stdout
    assert told.count("all 11") == 3

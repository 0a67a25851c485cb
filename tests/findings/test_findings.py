"""Findings are sentences, tables and figures that agree with one another, in both languages."""

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from sim.analysis.design_effects import design_effects
from sim.analysis.design_runs import IncompleteError, Lack
from sim.findings import discovery_of, effects_of, sensitivity_of
from sim.findings.effects import effects_in
from sim.findings.figures import pairs_of
from sim.findings.files import finite
from sim.findings.load import study_of
from sim.findings.words import factor_names, outcome_names
from sim.kernel.fault import ShiyuError
from sim.report.finding_sentences import beyond_luck, dependence, telling_pairs
from sim.report.interaction import heading_of
from sim.report.sensitivity_bars import finding
from sim.text import fault_in
from tests.analysis.designs import fail
from tests.findings.studies import OUTCOMES, SHARING, STAFF, SUBSIDY, study
from tests.report.test_figures import texts


def written(found):
    """What was written as JSON."""
    return json.loads(found.files["findings"].read_text(encoding="utf-8"))


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["sobol", "morris"])
def test_what_matters_most_is_said_drawn_and_written(kind, tmp_path):
    found = sensitivity_of(study(kind, tmp_path), lang="en")
    measure = "total" if kind == "sobol" else "mu_star"
    rows = [r for r in written(found)["indices"] if r["measure"] == measure]
    mine = [r for r in rows if r["outcome"] == "escalation_share"]
    assert max(mine, key=lambda row: row["estimate"])["factor"] == STAFF
    assert "Escalated" in found.sentences[0]
    assert "Mediators in post" in found.sentences[0]
    assert {path.suffix for path in found.files["figures"]} == {".png", ".svg"}
    assert all(path.stat().st_size > 5000 for path in found.files["figures"])


def test_a_factor_that_a_known_outcome_depends_on_alone_has_all_of_its_variance(tmp_path):
    found = sensitivity_of(study("sobol", tmp_path, luck=0.0), ["participation_rate"])
    rows = {(r["measure"], r["factor"]): r["estimate"] for r in found.content["indices"]}
    assert rows["total", SUBSIDY] == pytest.approx(1, abs=0.05)
    assert rows["total", STAFF] == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize(
    ("first", "said"),
    [
        ((0.78, 0.50, 1.10), "nearly all of it by itself"),  # above half of .8
        ((0.78, 0.30, 2.60), "cannot be told"),
        ((0.40, 0.20, 0.70), "40 % by itself and the rest together with others"),
        ((0.40, 0.00, 0.90), "cannot be told"),  # the whole of it may be its own
    ],
)
def test_what_a_factor_does_by_itself_is_told_only_where_its_interval_tells(first, said):
    rows = [share("total", STAFF, 0.8, 0.6, 0.95), share("first", STAFF, *first)]
    told = dependence(rows, "sobol", OUTCOMES[0], factor_names([STAFF], "en"), outcome_names("en"))
    assert said in told.replace("\u00a0", " ")
    assert "may matter as much" not in told  # there is no other factor


@pytest.mark.parametrize(
    ("interval", "totals", "few_blocks", "told"),
    [
        ((0.1, 0.3), (0.5, 0.4), False, True),
        ((-0.1, 0.3), (0.5, 0.4), False, False),  # it may be nothing
        ((0.27, 7.8), (0.5, 0.4), False, False),  # it leaves out the estimate, .2
        ((0.1, 0.3), (0.5, -0.1), False, False),  # one of the two may move nothing at all
        ((0.1, 0.3), (0.5, 0.4), True, False),
    ],
)
def test_two_factors_are_said_to_work_together_only_where_intervals_tell(
    interval, totals, few_blocks, told
):
    pair = {"measure": "second", "factor": STAFF, "other": SUBSIDY, "estimate": 0.2}
    pair |= dict(zip(("low", "high"), interval, strict=True))
    both = zip((STAFF, SUBSIDY), totals, strict=True)
    rows = [share("total", name, 0.6, low, 0.9) for name, low in both]
    found = telling_pairs([*rows, pair], few_blocks=few_blocks)
    assert found == ([pair] if told else [])


def test_few_blocks_do_not_tell_what_a_factor_does_by_itself():
    rows = [share("total", STAFF, 1.43, 0.39, 1.91), share("first", STAFF, 1.59, 0.94, 2.19)]
    words = rows, "sobol", OUTCOMES[0], factor_names([STAFF], "en"), outcome_names("en")
    assert "nearly all of it by itself" in dependence(*words)
    assert "cannot be told" in dependence(*words, few_blocks=True)


@pytest.mark.parametrize(
    ("other", "open_which"),
    [
        ((0.50, 0.26, 0.83), True),  # .62 lies within
        ((0.40, 0.30, 0.55), True),  # .4 lies within 37 to 97 %
        ((0.30, 0.20, 0.50), False),  # the intervals overlap, but neither holds the other estimate
    ],
)
@pytest.mark.parametrize(("kind", "measure"), [("sobol", "total"), ("morris", "mu_star")])
def test_the_next_factor_is_named_where_chance_does_not_tell_the_two_apart(
    kind, measure, other, open_which
):
    rows = [
        share(measure, SUBSIDY, 0.62, 0.37, 0.97),
        share(measure, STAFF, *other),
        share("first", SUBSIDY, 0.6, 0.5, 0.7),
    ]
    names = factor_names([STAFF, SUBSIDY], "en")
    told = dependence(rows, kind, OUTCOMES[0], names, outcome_names("en"))
    ends = f"“{names.name(STAFF)}” may matter as much: chance does not tell the two apart."
    assert told.endswith(ends) == open_which
    rows += [
        share("sigma" if kind == "morris" else "first", name, 0.1, 0.0, 0.2)
        for name in (SUBSIDY, STAFF)
    ]
    title = finding(pd.DataFrame(rows), kind, OUTCOMES[0], names, outcome_names("en"))
    assert title.endswith("chance does not tell which") == open_which
    assert (f"or on “{names.name(STAFF)}”" in title) == open_which


def share(measure, factor, estimate, low, high):
    """A row of a table of sensitivity."""
    row = {"measure": measure, "factor": factor, "outcome": OUTCOMES[0], "floor_high": 0.0}
    return row | {"estimate": estimate, "low": low, "high": high}


@pytest.mark.parametrize(
    ("measure", "low", "high", "floor", "seen"),
    [
        ("total", 0.1, 0.3, None, True),
        ("total", -0.02, 0.3, None, False),
        ("mu_star", 1.2, 3.0, 1.1, True),
        ("mu_star", 0.5, 3.0, 1.1, False),
        ("mu_star", 0.5, 3.0, None, False),
        ("mu", -5.8, -0.5, None, True),
        ("mu", 0.5, 5.8, None, True),
        ("mu", -1.0, 5.8, None, False),
        ("sigma", 1.0, 5.8, None, False),
    ],
)
def test_a_factor_is_told_of_only_where_luck_alone_does_not_explain_it(
    measure, low, high, floor, seen
):
    row = {"measure": measure, "low": low, "high": high, "floor_high": floor}
    about = {"factor": STAFF, "estimate": (low + high) / 2}
    assert beyond_luck([row | about], STAFF) is seen
    assert not beyond_luck([row | about], SUBSIDY)


@pytest.mark.parametrize(
    ("kind", "replications"),
    [
        ("sobol", 4),
        pytest.param("morris", 4, marks=pytest.mark.slow),
        pytest.param("morris", 1, marks=pytest.mark.slow),
    ],
)
def test_without_any_effect_no_factor_is_named(kind, replications, tmp_path):
    moved = study(kind, tmp_path, replications)
    frame = moved.frame.copy()
    frame["escalation_share"] = np.random.default_rng(3).normal(size=len(frame))
    found = sensitivity_of(replace(moved, frame=frame), ["escalation_share"], lang="en")
    assert "nothing in the design is seen to move it" in found.sentences[0]


def test_nothing_is_written_when_runs_failed(tmp_path):
    whole = study("morris", tmp_path)
    broken = type(whole)(**{**vars(whole), "frame": fail(whole.frame, 2, 1)})
    with pytest.raises(IncompleteError, match="point 2, replication 1"):
        sensitivity_of(broken)
    assert list(tmp_path.iterdir()) == []


def test_an_outcome_without_a_value_is_left_out_unless_it_was_asked_for(tmp_path):
    whole = study("morris", tmp_path)
    holed = whole.frame.copy()
    holed.loc[4, "participation_rate"] = np.nan
    found = replace(whole, frame=holed, outcomes=OUTCOMES[:2])
    with pytest.raises(IncompleteError, match="participation_rate: no finite value in 1 of"):
        sensitivity_of(found, OUTCOMES[:2])
    told = sensitivity_of(found)
    assert told.outcomes == ["escalation_share"]
    assert set(written(told)["left_out"]) == {"participation_rate"}


def test_runs_that_are_lacking_are_named_in_chinese_too():
    lack = Lack(3, 1, 77, "failed", "ValueError: too many")
    assert fault_in(str(lack), "zh") == "点3，重复1，种子77：失败：ValueError: too many"
    assert fault_in(str(Lack(3, 1, 77, "missing", "")), "zh") == "点3，重复1，种子77：缺少"


def test_an_experiment_without_a_finished_run_is_told_how_to_run_it(tmp_path):
    whole = study("factorial", tmp_path)
    none = replace(whole, frame=whole.frame.assign(status="missing"), command="shiyu sweep a.yaml")
    with pytest.raises(ShiyuError, match=r"no finished run of made-up by this .* `shiyu sweep a"):
        effects_in(none)


def test_a_study_knows_the_order_of_its_values_its_levels_and_the_command_that_runs_it(tmp_path):
    path = tmp_path / "screened.yaml"
    path.write_text(
        "name: screened\nscenario: two-villages\nreplications: 1\n"
        "design: {kind: morris, trajectories: 2, levels: 6}\n"
        f"factors: {{{STAFF}: {{low: 10, high: 40}}, {SUBSIDY}: [9000, 0, 6000]}}\n",
        encoding="utf-8",
    )
    found = study_of(path, tmp_path / "runs")
    assert (found.kind, found.levels) == ("morris", 6)
    assert found.orders == {SUBSIDY: (9000, 0, 6000)}
    assert found.command == f"shiyu sweep {path} --out {tmp_path / 'runs'}"


def test_what_is_no_finite_number_is_null_in_what_scripts_read():
    held = {"a": np.float64("nan"), "b": [1.0, (float("inf"), np.int64(3))], 4: "x"}
    assert finite(held) == {"a": None, "b": [1.0, [None, 3]], "4": "x"}


@pytest.mark.slow
def test_where_an_outcome_is_high_is_said_in_a_sentence(tmp_path):
    found = discovery_of(study("lhs", tmp_path), "escalation_share", above=0.27, lang="en")
    box = found.content["boxes"][0]
    limits = {limit["factor"]: limit for limit in box["limits"]}
    assert limits[STAFF]["high"] is not None
    assert limits[STAFF]["low"] is None
    first = found.sentences[0]
    assert "“Escalated” is above 27 %" in first.replace("\u00a0", " ")
    assert f"{found.content['cases']} of the 200 combinations" in first
    assert "“Mediators in post” is at most" in first
    assert f"{box['cases']} of {box['points']}" in first
    assert any("classification tree" in sentence for sentence in found.sentences)
    assert written(found)["boxes"][0]["limits"] == json.loads(json.dumps(box["limits"]))


@pytest.mark.slow
def test_the_same_is_said_in_chinese(tmp_path):
    found = discovery_of(study("lhs", tmp_path), "escalation_share", above=0.27, lang="zh")
    text = " ".join(found.sentences)
    assert "高于 27\u00a0%" in text
    assert "不超过" in text
    assert "分类树" in text


@pytest.mark.slow
def test_points_with_failed_runs_are_named_beside_the_boxes(tmp_path):
    whole = study("lhs", tmp_path)
    broken = type(whole)(**{**vars(whole), "frame": fail(whole.frame, 5, 0)})
    broken.frame.loc[broken.frame.status == "failed", "escalation_share"] = float("nan")
    found = discovery_of(broken, "escalation_share", above=0.27, lang="en")
    assert found.content["left_out"] == [5]
    assert "1 of 200 points: 5" in found.sentences[-1]
    assert [lack.point for lack in found.lacking] == [5]


@pytest.mark.slow
def test_effects_of_a_factorial_are_those_of_the_formula(tmp_path):
    found = effects_of(study("factorial", tmp_path, luck=0.0), lang="en")
    rows = {
        (r["factor"], r["end"]): r
        for r in written(found)["effects"]
        if r["outcome"] == "escalation_share"
    }
    # Staff from 10 to 70 at a mean sharing of one half: -60 (.0015 + .0006).
    assert rows[STAFF, 70]["effect"] == pytest.approx(-60 * 0.0021)
    assert rows[SUBSIDY, 12_000]["effect"] == pytest.approx(-0.015)
    (both,) = [
        r
        for r in found.content["interactions"]
        if r["outcome"] == "escalation_share" and {r["factor"], r["other"]} == {STAFF, SHARING}
    ]
    assert both["effect"] == pytest.approx(-60 * 0.0012)
    # Staff alone while nothing is shared, and while everything is.
    assert both["at_start"] == pytest.approx(-60 * 0.0015)
    assert both["at_end"] == pytest.approx(-60 * 0.0027)


@pytest.mark.slow
def test_trade_offs_stand_beside_the_effects(tmp_path):
    found = effects_of(study("factorial", tmp_path), lang="zh")
    traded = found.content["trade_offs"]
    assert traded["outcomes"] == ["escalation_share", "participation_rate", "spent_per_resident"]
    assert len(traded["policies"]) == 12
    assert sum(row["least_regret"] for row in traded["policies"]) == 1
    names = {path.stem for path in found.files["figures"]}
    assert names >= {"trade-offs", "effects-escalation_share", "interaction-escalation_share"}


@pytest.mark.slow
def test_a_pair_of_factors_can_be_asked_for(tmp_path):
    whole = study("factorial", tmp_path)
    effects_of(whole, ["escalation_share"], [SUBSIDY, STAFF])
    with pytest.raises(ShiyuError, match=r"no such factor; did you mean policies\.mediation"):
        effects_of(whole, None, ["policies.mediation.staff_per_10", SUBSIDY])
    with pytest.raises(ShiyuError, match="name two factors"):
        effects_of(whole, None, [SUBSIDY, SUBSIDY])


@pytest.mark.slow
def test_each_outcome_has_its_own_interaction_drawn_that_of_the_pair_that_interacts_most(tmp_path):
    whole = study("factorial", tmp_path, luck=0.0)
    both = whole.frame[STAFF] * whole.frame[SUBSIDY]  # spending knows a pair of its own
    spent = whole.frame["spent_per_resident"] + 0.0001 * both
    whole = replace(whole, frame=whole.frame.assign(spent_per_resident=spent))
    found = effects_in(whole, lang="en")
    drawn = {name for name in found.figures if name.startswith("interaction-")}
    assert drawn == {f"interaction-{name}" for name in OUTCOMES}
    pairs = pairs_of(whole, found.effects, OUTCOMES, None)
    assert set(pairs["escalation_share"]) == {STAFF, SHARING}
    assert set(pairs["spent_per_resident"]) == {STAFF, SUBSIDY}
    told = texts(found.figures["interaction-spent_per_resident"])
    assert "Of the 3 pairs of factors" in told
    assert "“Grid subsidy”" in told
    none = texts(found.figures["interaction-participation_rate"])  # nothing works together there
    assert "Of the 3 pairs of factors" not in none
    asked = effects_in(whole, ["spent_per_resident"], [SUBSIDY, SHARING], lang="zh")
    told = texts(asked.figures["interaction-spent_per_resident"])
    assert "对因素中" not in told  # the reader chose it
    assert "数据共享" in told


def test_an_outcome_that_is_not_there_is_refused_with_the_nearest(tmp_path):
    with pytest.raises(ShiyuError, match="did you mean escalation_share"):
        sensitivity_of(study("morris", tmp_path), ["escalation_shar"])


def test_a_name_that_is_not_there_is_told_in_one_line_whatever_it_holds(tmp_path):
    whole = study("factorial", tmp_path)
    runs = whole.runs(["escalation_share"])
    effects = design_effects(runs, {})
    with pytest.raises(ShiyuError, match=r"^--outcome escaped\\nhere: made-up has none"):
        whole.chosen(["escaped\nhere"])
    with pytest.raises(ShiyuError, match=r"^--factor escaped\\nhere: made-up has no such factor"):
        pairs_of(whole, effects, ["escalation_share"], ["escaped\nhere", STAFF])


def test_a_lever_that_is_set_for_some_divisions_has_a_name_and_a_unit():
    others, one = f"{SUBSIDY}.default", f"{SUBSIDY}.divisions.chengqu"
    names = factor_names([SUBSIDY, others, one], "en")
    assert names.name(others).startswith(names.name(SUBSIDY))
    assert "divisions without a value of their own" in names.name(others)
    assert names.name(one).endswith("in chengqu")
    assert names.unit(others) == names.unit(one) == names.unit(SUBSIDY) != ""
    assert "未单独规定" in factor_names([others], "zh").name(others)


def test_an_outcome_that_is_asked_for_twice_is_looked_at_once(tmp_path):
    asked = ["spent_per_resident", "escalation_share", "spent_per_resident"]
    assert study("factorial", tmp_path).chosen(asked) == asked[:2]


def test_outcomes_that_an_experiment_names_are_all_looked_at(tmp_path):
    whole = study("factorial", tmp_path)
    many = tuple(f"made_up_{number}" for number in range(20))
    plain = replace(whole, outcomes=(*OUTCOMES, *many))
    assert "made_up_0" not in plain.chosen(None)
    assert "made_up_0" in replace(plain, named=True).chosen(None)


@pytest.mark.slow
def test_what_was_not_crossed_is_not_called_an_average(tmp_path):
    whole = study("factorial", tmp_path)
    torn = replace(whole, frame=whole.frame[whole.frame["point"] != 11])
    assert effects_of(whole, lang="en").effects.crossed
    found = effects_of(torn, lang="en")
    assert (found.content["combinations"], found.content["combinations_possible"]) == (11, 12)
    svg = next(p for p in found.files["figures"] if p.name == "effects-escalation_share.svg")
    assert svg.stat().st_size > 5000


@pytest.mark.slow
def test_the_best_choice_is_told_for_each_outcome(tmp_path):
    found = effects_of(study("factorial", tmp_path, luck=0.0), lang="en")
    best = {row["outcome"]: row for row in found.content["best"]}
    assert best["escalation_share"]["policy"] == {STAFF: 70, SUBSIDY: 12_000, SHARING: 1.0}
    assert best["spent_per_resident"]["policy"] == {STAFF: 10, SUBSIDY: 0, SHARING: 0.0}
    assert best["participation_rate"]["as_good"] == 5  # all with the higher subsidy


@pytest.mark.parametrize("asked", [None, ["escalation_share", "spent_per_resident"]])
def test_what_nothing_makes_is_left_out_of_a_design_and_named(asked, tmp_path):
    made = replace(study("factorial", tmp_path), silent=frozenset({"escalation_share"}))
    found = effects_in(made, asked, lang="en")
    assert found.left_out == found.content["silent"] == ["escalation_share"]
    told = {row["outcome"] for key in ("effects", "interactions", "best") for row in
            found.content[key]}  # fmt: skip
    assert "escalation_share" not in told
    assert not [name for name in found.figures if "escalation" in name]
    assert found.traded is None or "escalation_share" not in found.traded.outcomes


def test_a_design_of_which_nothing_is_made_has_no_effects(tmp_path):
    made = replace(study("factorial", tmp_path), silent=frozenset(OUTCOMES))
    found = effects_in(made, lang="en")
    assert found.left_out == list(OUTCOMES)
    assert found.content["effects"] == []
    assert found.figures == {}


def test_points_that_all_lack_a_mechanism_are_silent_about_what_it_makes(tmp_path):
    """A factor that switches courts on at one point makes their filings be told."""
    path = tmp_path / "off.yaml"
    head = (
        "name: off\nscenario: two-villages\ndesign: {kind: factorial}\nreplications: 2\nfactors:\n"
    )
    off = "  mechanisms: [[migration, budget], [migration, budget, "
    path.write_text(head + off + "grievance]]\n", encoding="utf-8")
    assert "civil_filings_per_10k" in study_of(path, tmp_path / "store").silent
    path.write_text(head + off + "courts]]\n", encoding="utf-8")
    assert "civil_filings_per_10k" not in study_of(path, tmp_path / "store").silent


@pytest.mark.parametrize(
    ("negligible", "said"), [(True, "does the same"), (False, "cannot be told")]
)
def test_factors_are_said_to_work_alone_only_where_nothing_that_matters_is_possible(
    negligible, said
):
    row = {"factor": STAFF, "effect": 0.01, "distinguishable": False, "negligible": negligible}
    names = factor_names([STAFF, SHARING], "en"), outcome_names("en")
    assert said in heading_of(row, "escalation_share", (STAFF, SHARING), *names)

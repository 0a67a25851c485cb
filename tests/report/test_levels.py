"""Settings that are lists or mappings are told in words: what differs among them, and no more."""

import pytest

from sim.analysis.design_effects import cells, design_effects
from sim.analysis.design_runs import design_runs, plain_label
from sim.findings.words import factor_names, outcome_meanings
from sim.report.box_figure import box_figure
from sim.report.factor_effects import factor_effects
from sim.report.interaction import interaction_plot
from sim.report.levels import level_words
from tests.analysis.designs import factorial, swept
from tests.findings.studies import STAFF, SUBSIDY
from tests.report.test_figures import overflow, overlaps, texts

SHARE = "policies.courts.prelitigation_share"
DIVISIONS = {
    "chengqu": {"title": {"en": "Chengqu", "zh": "城区"}},
    "yangcheng": {"title": {"en": "Yangcheng", "zh": "阳城县"}},
}
HOMES = {"kind": "housing_delivery", "on": "2021-03-01", "division": "chengqu", "households": 1200}
CLOSURE = {"kind": "factory_closure", "on": "2021-05-01", "division": "yangcheng", "jobs": 900}


def told(key, levels, lang="en"):
    words = level_words(key, levels, factor_names([key], lang), DIVISIONS)
    return [each.replace("\u00a0", " ") for each in words]


def test_of_shocks_alike_but_in_one_thing_that_thing_is_told():
    more = HOMES | {"households": 4800}
    assert told("shocks", [[HOMES], [more]]) == ["1,200 households", "4,800 households"]
    there = HOMES | {"division": "yangcheng"}
    assert told("shocks", [[HOMES], [there]]) == ["Chengqu", "Yangcheng"]
    later = HOMES | {"on": "2022-03-01"}
    assert told("shocks", [[HOMES], [later]]) == ["2021-03-01", "2022-03-01"]


def test_beside_no_shock_at_all_its_kind_is_told():
    assert told("shocks", [[], [HOMES]]) == ["none", "homes not handed over"]
    more = HOMES | {"households": 4800}
    assert told("shocks", [[], [HOMES], [more]]) == [
        "none",
        "homes not handed over, 1,200 households",
        "homes not handed over, 4,800 households",
    ]


def test_shocks_of_several_kinds_are_told_apart_in_both_languages():
    levels = [[HOMES], [HOMES, CLOSURE | {"until": "2022-01-01", "response": "dialogue"}]]
    assert told("shocks", levels) == [
        "homes not handed over, Chengqu, 1,200 households, 2021-03-01",
        "homes not handed over, Chengqu, 1,200 households, 2021-03-01 + closure of a factory, "
        "Yangcheng, 900 jobs, 2021-05-01, until 2022-01-01, answer: dialogue",
    ]
    assert told("shocks", levels, "zh")[0] == "楼盘逾期交付、城区、1,200 户、2021-03-01"


def test_a_dated_lever_is_told_by_its_values_and_the_days_from_which_they_hold():
    rise = [{"from": "2020-01-01", "value": 6000}, {"from": "2022-01-01", "value": 12000}]
    late = [{"from": "2022-06-01", "value": 12000}]
    assert told(SUBSIDY, [rise]) == ["6,000, 12,000 from 2022-01-01"]
    assert told(SUBSIDY, [late]) == ["12,000 from 2022-06-01"]
    assert told(SUBSIDY, [rise], "zh") == ["6,000、自 2022-01-01 起 12,000"]


def test_exceptions_by_division_follow_what_holds_elsewhere():
    levels = [{"default": 0.3}, {"default": 0.3, "divisions": {"yangcheng": 0.5}}]
    assert told(SHARE, levels) == ["30 %", "30 %, Yangcheng 50 %"]


def test_of_other_mappings_only_the_parts_that_differ_are_told():
    levels = [{"a": 1, "b": 2}, {"a": 1, "b": 3}]
    assert told("parameters.x", levels) == ["b 2", "b 3"]
    assert told("parameters.x", [[], ["p", "q"]]) == ["none", "p, q"]


def test_settings_that_words_do_not_tell_apart_keep_all_that_is_written():
    levels = [{"default": 0.30001}, {"default": 0.30002}]
    assert told(SHARE, levels) == ['{"default": 0.30001}', '{"default": 0.30002}']


@pytest.fixture(scope="module")
def shaken():
    """A design of staff and three shocks of which two take many words."""
    levels = [[], [HOMES], [HOMES, CLOSURE]]
    points = factorial(**{STAFF: [10, 40], "shocks": range(3)})
    values = {"escalation_share": [0.3, 0.4, 0.5, 0.2, 0.25, 0.35]}
    frame = swept(points, values, 3)
    frame["shocks"] = frame["shocks"].map(lambda at: levels[int(at)])
    nested = {"shocks": {plain_label(level): level for level in levels}}
    return design_runs(frame, [STAFF, "shocks"], ["escalation_share"]), nested


def drawn(shaken, lang):
    runs, nested = shaken
    factors = factor_names([STAFF, "shocks"], lang, nested, DIVISIONS)
    names = {"factors": factors, "meanings": outcome_meanings()}
    effects = design_effects(runs, {"escalation_share": "share"})
    pair = "shocks", STAFF
    labels = list(nested["shocks"])
    limit = {"factor": "shocks", "low": None, "high": None, "words": labels[1:], "quasi_p": 0.01}
    step = {"coverage": 1.0, "density": 1.0, "limits": [limit], "kind": "peel", "step": 0}
    step |= {"chosen": True, "points": 10, "cases": 10}
    again = {"reproduced": {"shocks": 1.0}, "points": 30, "factors": factors}
    return [
        factor_effects(effects.main, "escalation_share", lang, points=6, **names),
        interaction_plot(
            cells(runs, "escalation_share", *pair), "escalation_share", pair, lang, **names
        ),
        box_figure([step], {"shocks": labels}, "A sentence.", lang, **again),
    ]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_long_settings_lie_on_nothing_and_run_over_no_edge(shaken, lang):
    for figure in drawn(shaken, lang):
        assert overflow(figure) == []
        assert overlaps(figure) == []
        assert "housing_delivery" not in texts(figure)

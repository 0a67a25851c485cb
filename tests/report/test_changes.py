"""The head of a report: what each policy sets otherwise than the baseline, what a run covers."""

from typing import Any

import pytest
from outline import Outline

from sim.report.changes import MOST, change_said, what_a_run_covers
from sim.report.content import Content
from sim.report.html import page

STAFF = {
    "key": "policies.mediation.staff_per_10k",
    "first": 34.2,
    "second": 60.0,
    "unit": "persons per 10,000 residents",
}
PARAMETER = {"key": "parameters.a.b", "first": 1.0, "second": 0.78, "unit": "1/year"}


def said(lang: str = "en", **change: Any) -> str:
    """A change of the mediators in words, made another by keywords."""
    groups = {"division": {"chengqu": {"en": "City district", "zh": "城区"}}}
    given = {"baseline": "base", "differences": [], "groups": groups}
    return change_said(STAFF | change, Content(given, lang))


def test_a_lever_is_called_by_its_meaning_with_both_settings_and_the_unit() -> None:
    end = "34.2 → 60 (persons per 10,000 residents)"
    assert said() == f"People's mediators in post, part-timers counted as persons: {end}"
    assert said("zh").endswith("：34.2 → 60（每万常住人口的人数）")


def test_divisions_apart_are_told_apart_and_what_stays_is_left_out() -> None:
    before = {"default": 0.0, "divisions": {"chengqu": 6000.0}}
    after = {"default": 13.0, "divisions": {"chengqu": 7000.0}}
    key = "policies.grid.subsidy_yuan_per_year"
    both = said(key=key, first=before, second=after, unit="yuan a grid a year")
    assert both.endswith(": 0 → 13; City district 6,000 → 7,000 (yuan a grid a year)")
    one = said(key=key, first=before, second=0.0, unit="yuan a grid a year")
    assert one.endswith(": City district 6,000 → 0 (yuan a grid a year)")


def test_a_dated_setting_tells_its_days() -> None:
    steps = [{"from": "2020-05-20", "value": 1.0}, {"from": "2022-05-20", "value": 0.0}]
    told = said(key="policies.assessment.campaign", first=0.0, second=steps, unit="0 or 1")
    assert told.endswith(": 0 → from 2020-05-20: 1; from 2022-05-20: 0")


def test_settings_that_are_words_are_told_as_words() -> None:
    told = said(key="policies.metropolitan.form", first=1.0, second=0.0, unit="form")
    assert told.endswith(": association → fragmented")


def test_what_is_no_lever_is_told_too() -> None:
    assert said(**PARAMETER) == "`parameters.a.b`: 1 → 0.78 (1/year)"
    assert (
        said(key="time.years", first=5, second=2, unit="") == "How long a run lasts: 5 → 2 (years)"
    )
    shock = {"kind": "siting", "on": "2020-02-01", "division": "chengqu", "households": 5000}
    told = said(key="shocks", first=None, second=[shock], unit="")
    assert told.startswith("Dated events from outside: – → ")
    assert told.endswith(", 2020-02-01, City district, 5,000")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_long_list_is_cut_and_owns_up_to_it(comparison: dict[str, Any], lang: str) -> None:
    many = [PARAMETER | {"key": f"parameters.a.b{i}"} for i in range(MOST + 3)]
    comparison["changes"] = {"mediators": [STAFF], "zero": many}
    outline = Outline(page(comparison, lang))
    assert outline.open == []
    assert "34.2 → 60" in outline.said
    assert outline.said.count("→ 0.78") == MOST
    assert {"en": "and 3 more settings", "zh": "另有 3 项设定"}[lang] in outline.said


def test_a_policy_that_sets_nothing_is_told_of(comparison: dict[str, Any]) -> None:
    comparison["changes"] = {"mediators": []}
    assert Outline(page(comparison, "en")).said.count("Sets nothing otherwise") == 1


def test_a_run_covers_what_it_was_set_to() -> None:
    facts = {"start": "2020-01-01", "years": 1.0, "scale": 0.005, "people": 10204}
    content = Content({"provenance": facts}, "en")
    told = str(what_a_run_covers(content)).replace("\u00a0", " ")
    assert "Each run covers 1 year from 2020-01-01" in told
    assert "0.5 % of the villages and urban grids" in told
    assert "10,204 people" in told

"""The report is one file that asks nothing of the network and tells what the numbers allow."""

import base64
import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from outline import Outline

from sim.analysis import compare, records
from sim.report import outcome_curves
from sim.report.content import Content
from sim.report.html import page, write_report
from sim.report.markup import Markup, el, void
from sim.report.method import assumptions, seed_words
from sim.report.tables import assumed_table, group_table
from sim.report.webfont import font_face


@pytest.fixture(params=["en", "zh"])
def lang(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def whole(table: pd.DataFrame, trajectory: pd.DataFrame, titles: dict[str, Any]) -> dict[str, str]:
    """A page with every section, by language."""
    given = {
        "baseline": "base",
        "differences": table,
        "trajectory": trajectory,
        "scenarios": titles["scenarios"],
        "outcomes": titles["meanings"],
        "smooth": 4,
    }
    return {lang: page(given, lang) for lang in ("en", "zh")}


def test_every_element_closes_and_the_language_is_marked(whole: dict[str, str]) -> None:
    for lang, tag in (("en", "en"), ("zh", "zh-Hans")):
        assert Outline(whole[lang]).open == []
        assert f'<html lang="{tag}">' in whole[lang]


def test_nothing_is_asked_of_the_network_and_nothing_runs(whole: dict[str, str]) -> None:
    for text in whole.values():
        outline = Outline(text)
        assert outline.addresses
        assert all(address.startswith("data:") for address in outline.addresses)
        assert not re.search(r"url\((?!data:)|@import|https?://", text)
        assert {"script", "iframe", "link"}.isdisjoint(outline.tags)


def test_figures_are_described_for_those_who_do_not_see_them(whole: dict[str, str]) -> None:
    for text in whole.values():
        assert len(re.findall(r'<img [^>]*alt="([^"]+)"', text)) == text.count("<img ") == 4


def test_curves_have_their_numbers_by_year(whole: dict[str, str]) -> None:
    said = Outline(whole["en"]).said
    assert "Escalated, %: median of the runs" in said
    assert "2020" in said
    assert "2021" in said


def test_years_are_no_groups_of_people(comparison: dict[str, Any]) -> None:
    table = comparison["differences"]
    year = table[table["by"] == "kind"].assign(by="year", group="1")
    comparison["differences"] = pd.concat([table, year])
    content = Content(comparison, "en")
    outline = Outline(group_table(content, content.primary))
    assert "City district" in outline.said
    assert outline.tags.count("tr") == 1 + 4  # the head; everybody, two kinds and a division


def test_smoothing_is_owned_up_to(trajectory: pd.DataFrame) -> None:
    figure = outcome_curves(trajectory, ["escalation_share"], "en", smooth=4)
    assert any("mean of the 4 steps" in text.get_text() for text in figure.texts)


def test_titles_are_escaped_wherever_they_stand(comparison: dict[str, Any], lang: str) -> None:
    comparison["command"] = 'shiyu compare "<b>" & more'
    comparison["question"] = "<script>alert(1)</script> ${title}"
    comparison["provenance"] = {"version": '"><i>', "<u>": {"a": "<em>"}}
    outline = Outline(page(comparison, lang))
    assert {"script", "b", "i", "u", "em", "zero"}.isdisjoint(outline.tags)
    assert "<script>alert(1)</script> ${title}" in outline.said


def test_the_answer_is_about_the_outcome_that_was_asked_for(comparison: dict[str, Any]) -> None:
    comparison["primary"] = "petitions_recorded_per_10k"
    said = Outline(page(comparison, "en")).said
    assert "With “More mediators”, “Petitions recorded” falls from" in said


def test_a_policy_that_suppresses_is_shown_with_its_hidden_cost(plain: dict[str, str]) -> None:
    said = Outline(plain["en"]).said
    assert "A hidden cost" in said
    assert "With “Target <zero> & more”, petitions in the register change by −9.0" in said
    assert "Fewer entries are not fewer grievances" in said
    assert "With “More mediators”, petitions in the register" not in said


def test_no_hidden_cost_is_claimed_where_nothing_is_prevented(
    comparison: dict[str, Any],
) -> None:
    table = comparison["differences"]
    comparison["differences"] = table[table["scenario"] == "mediators"]
    assert "A hidden cost" not in Outline(page(comparison, "en")).said


def test_the_report_says_what_kind_of_error_its_intervals_show(plain: dict[str, str]) -> None:
    assert "Monte Carlo error only" in Outline(plain["en"]).said
    assert "只含模拟的抽样误差" in Outline(plain["zh"]).said


def test_command_seeds_provenance_and_assumptions_are_there(plain: dict[str, str]) -> None:
    said = Outline(plain["en"]).said
    for part in ("shiyu compare base mediators zero --reps 8", "0–7", "0.1.0", "a.b", "0.00005"):
        assert part in said
    assert "The people are synthetic" in said


def test_the_report_says_how_to_vary_what_is_assumed_unless_it_did(
    comparison: dict[str, Any], plain: dict[str, str], lang: str
) -> None:
    assert "--uncertainty" in Outline(plain[lang]).said
    content = Content(comparison | {"robustness": {"rows": [{}]}}, lang)
    assert "--uncertainty" not in str(assumptions(content))


def test_a_chinese_page_brings_its_characters(plain: dict[str, str]) -> None:
    font = re.search(r"unicode-range: U\+2E80.*url\(data:font/woff;base64,([^)]+)\)", plain["zh"])
    assert font
    data = base64.b64decode(font[1])
    assert data.startswith(b"wOFF")
    assert 10_000 < len(data) < 250_000
    assert font_face("plain English, 42 %") == ""


def test_records_do_as_well_as_a_frame(comparison: dict[str, Any], plain: dict[str, str]) -> None:
    comparison["differences"] = records(comparison["differences"])
    assert page(comparison, "en") == plain["en"]


def test_the_least_that_can_be_given_is_enough(table: pd.DataFrame, lang: str) -> None:
    outline = Outline(page({"baseline": "base", "differences": table}, lang))
    assert outline.open == []
    assert "mediators" in outline.said
    assert outline.tags.count("img") == 2


def test_one_pair_of_runs_is_reported_as_one_pair(lang: str) -> None:
    rows = [
        {"scenario": s, "seed": 1, "outcome": "o", "by": None, "group": None, "value": v}
        for s, v in (("base", 3.0), ("p", 5.0))
    ]
    table = compare(pd.DataFrame(rows).assign(unit="days"), "base")
    outline = Outline(page({"baseline": "base", "differences": table}, lang))
    assert "+2" in outline.said


def test_the_file_is_written_by_the_writer_that_is_passed(
    comparison: dict[str, Any], tmp_path: Path
) -> None:
    written: dict[Path, bytes] = {}
    target = tmp_path / "报告" / "report.html"
    assert write_report(comparison, target, "zh", written.__setitem__) == target
    assert written[target].decode("utf-8").startswith("<!DOCTYPE html>")
    assert not target.exists()


def test_the_environment_chooses_the_language(
    comparison: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHIYU_LANG", "zh")
    assert 'lang="zh-Hans"' in page(comparison)


def test_elements_escape_texts_and_attributes_but_not_elements() -> None:
    inner = el("b", "<&>")
    assert el("p", inner, "<", None, title='"') == '<p title="&quot;"><b>&lt;&amp;&gt;</b>&lt;</p>'
    assert void("img", alt="<", class_=None) == '<img alt="&lt;">'
    assert isinstance(inner, Markup)


def test_seeds_in_a_row_are_told_by_their_ends() -> None:
    assert seed_words([3, 1, 2, 7, 9, 10]) == "1–3, 7, 9–10"
    assert seed_words(20200101) == "20200101"


def test_what_is_assumed_is_told_in_the_readers_language() -> None:
    given = {"name": "a.b", "unit": "weeks", "value": 13, "low": 4, "high": 26}
    text = str(assumed_table([given | {"source": "jobs lost at first"}], "zh"))
    assert "13 周" in text
    assert "初期失去的工作" in text
    assert "weeks" not in text


def test_a_number_stays_on_the_line_of_its_per_cent_sign() -> None:
    assert el("p", "its 95 % interval") == "<p>its 95\u00a0% interval</p>"
    assert el("p", "a % sign") == "<p>a % sign</p>"

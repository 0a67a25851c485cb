"""What nothing makes, as a mechanism is off, has no line in a report and no panel in a figure."""

from typing import Any

import pytest
from outline import Outline

from sim.report import paired_differences
from sim.report.content import Content
from sim.report.html import page
from sim.report.left_out import told, told_draws

OFF = "petitions_prevented_per_10k"
SENTENCES = {
    "en": "Left out, since the mechanisms behind them are off: Petitions prevented",
    "zh": "产生下列结果的机制未启用，故未列出：被阻信访",
}


def texts_of(figure: Any) -> str:
    """All that a figure says."""
    return "\n".join(text.get_text() for text in figure.texts)


@pytest.fixture
def half_silent(comparison: dict[str, Any]) -> dict[str, Any]:
    """A comparison in which no policy has what makes one of the three outcomes."""
    silent = {"mediators": [OFF], "zero": [OFF]}
    return comparison | {"silent": silent, "primary": OFF, "headline": ["escalation_share", OFF]}


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_report_names_once_what_is_left_out_and_has_no_row_of_it(
    half_silent: dict[str, Any], plain: dict[str, str], lang: str
) -> None:
    short = SENTENCES[lang][-4 if lang == "zh" else -19 :]
    assert Outline(plain[lang]).said.count(short) > 1
    said = Outline(page(half_silent, lang)).said
    assert said.count(SENTENCES[lang]) == 1
    assert said.count(short) == 1


def test_the_answer_is_not_about_an_outcome_that_nothing_makes(half_silent: dict[str, Any]) -> None:
    assert Content(half_silent, "en").primary == "escalation_share"


def test_what_one_policy_makes_is_told_of_it_alone(comparison: dict[str, Any]) -> None:
    content = Content(comparison | {"silent": {"mediators": [OFF]}}, "en")
    assert content.find("zero", OFF) is not None
    assert content.find("mediators", OFF) is None
    assert SENTENCES["en"] not in Outline(page(content.given, "en")).said


def test_prices_of_what_nothing_makes_are_not_told(comparison: dict[str, Any]) -> None:
    price = {"scenario": "zero", "outcome": "escalations_per_10k", "verdict": "unmoved"}
    prices = [price | dict.fromkeys(("yuan", "low", "high")) | {"replications": 8}]
    silent = {"zero": ["escalations_per_10k"]}
    assert "What it costs" in page(comparison | {"prices": prices}, "en")
    assert "What it costs" not in page(comparison | {"prices": prices, "silent": silent}, "en")


def test_draws_of_parameters_tell_nothing_of_what_nothing_makes() -> None:
    rows = [{"scenario": "zero", "outcome": name} for name in (OFF, "escalation_share")]
    given = {"robustness": {"rows": rows, "draws": 9}, "silent": {"zero": [OFF]}}
    assert told_draws(given) == {"rows": rows[1:], "draws": 9}
    assert told_draws({}) is None


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_figure_of_differences_names_below_what_it_leaves_out(
    half_silent: dict[str, Any], titles: dict[str, Any], lang: str
) -> None:
    figure = paired_differences(told(half_silent), lang, left_out=[OFF], **titles)
    assert len(figure.axes) == 2
    assert SENTENCES[lang] in texts_of(figure)


def test_a_report_in_which_nothing_is_made_names_all_and_draws_nothing(
    comparison: dict[str, Any], table: Any
) -> None:
    every = list(table["outcome"].unique())
    given = comparison | {"silent": {"mediators": every, "zero": every}}
    text = page(given, "en")
    assert "<img" not in text
    assert "are off: Escalated, Petitions recorded, Petitions prevented" in Outline(text).said

"""Chance and not knowing stand side by side, and neither figure nor table claims more than that."""

import re
from typing import Any

import numpy as np
import pytest
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure

from sim.analysis import records
from sim.analysis.pairs import pair_up
from sim.analysis.robustness import draw_means, robustness
from sim.report.html import page
from sim.report.robustness import contradicts, robustness_figure
from sim.report.style import GREY, INK, PALETTE
from tests.report.test_figures import overflow, overlaps


@pytest.fixture(scope="module")
def held(table: Any) -> dict[str, Any]:
    """What a comparison says about five draws: of each policy's effect, half to twice of it."""
    from conftest import runs

    draws, made = {}, runs()
    made = made[made["seed"] < 3]
    base = made[made["scenario"] == "base"]
    level = made.merge(base, on=["seed", "outcome", "by", "group"], suffixes=("", "_base"))
    for number, factor in enumerate((0.5, 0.8, 1.0, 1.5, 2.0), start=1):
        values = level["value_base"] + factor * (level["value"] - level["value_base"])
        draws[number] = list(pair_up(level.assign(value=values)[made.columns], "base"))
    return {
        "draws": 5,
        "replications": 3,
        "parameters": 700,
        "stated": ["land.rate.idle"],
        "failed": [4],
        "rows": records(robustness(draws, table, 3)),
        "means": records(draw_means(draws, list(table["outcome"].unique()))),
    }


@pytest.fixture
def figure(held: dict[str, Any], titles: dict[str, Any]) -> Figure:
    return robustness_figure(held, "en", **titles)


def test_the_heading_counts_only_differences_beyond_chance(figure, held, titles):
    rows = [row for row in held["rows"] if row["by"] is None]
    beyond = [row for row in rows if row["low"] > 0 or row["high"] < 0]
    assert 0 < len(beyond) < len(rows)
    heading = figure.texts[0].get_text()
    assert heading.startswith(f"{len(beyond)} of {len(beyond)} differences beyond chance")
    none = held | {"rows": [row | {"low": -1.0, "high": 1.0} for row in held["rows"]]}
    heading = robustness_figure(none, "en", **titles).texts[0].get_text()
    assert heading.startswith("No difference is beyond chance")


def test_the_count_of_a_difference_that_chance_may_make_is_grey(figure, held):
    counts = [text for text in figure.texts if re.fullmatch(r"\d+ / 5", text.get_text())]
    shades = [to_rgba(text.get_color()) for text in counts]
    rows = [row for row in held["rows"] if row["by"] is None]
    told = [row for row in rows if row["sign_share"] is not None]
    grey = sum(row["low"] <= 0 <= row["high"] for row in told)
    assert (shades.count(to_rgba(GREY)), len(shades)) == (grey, len(told))
    assert shades.count(to_rgba(INK)) == len(told) - grey


def test_each_draw_is_a_dot_at_its_mean(figure, held):
    dots = [line for axes in figure.axes for line in axes.lines if line.get_marker() == "o"]
    assert [len(line.get_xdata()) for line in dots] == [5] * len(dots)
    means = [one["difference"] for one in held["means"]]
    shown = np.concatenate([np.asarray(line.get_xdata(), float) for line in dots])
    assert np.allclose(np.sort(shown), np.sort(means))


def test_long_titles_do_not_lie_on_one_another(held, titles):
    words = "关于进一步充实基层人民调解员队伍并减轻台账报送负担的若干措施（征求意见稿）"
    long = {"title": {"zh": words}}
    scenarios = {name: one | long for name, one in titles["scenarios"].items()}
    drawn = robustness_figure(held, "zh", **(titles | {"scenarios": scenarios}))
    assert overlaps(drawn) == []
    assert overflow(drawn) == []


def test_draws_that_are_alike_beside_the_interval_are_told_by_their_mean(comparison, held):
    row = {"low": -3.0, "high": -2.0, "parameters_low": 0.125, "parameters_high": 0.125}
    assert contradicts(row)
    assert not contradicts(row | {"low": 0.0, "high": 1.0})
    assert not contradicts(row | {"parameters_high": 0.5})
    assert not contradicts(row | {"low": None, "high": None})
    rows = [one | row | {"unit": "ratio"} for one in held["rows"]]
    text = page(comparison | {"robustness": held | {"rows": rows}}, "en")
    assert ">no more than chance<" not in text
    assert ">0.1<" in text


def test_a_policy_keeps_its_colour(figure):
    colours = {to_rgba(patch.get_facecolor()[:3]) for a in figure.axes for patch in a.patches}
    assert colours == {to_rgba(PALETTE[0]), to_rgba(PALETTE[1])}


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_report_tells_draws_bands_and_what_was_left_out(comparison, held, lang):
    text = page(comparison | {"robustness": held}, lang)
    shown = re.sub(r"<[^>]+>", " ", re.sub(r"data:[^\"]*", "", text))
    for words in ("700", "5 / 5", "land.rate.idle"):
        assert words in shown
    assert ("draw lacks a run" if lang == "en" else "组参数缺少运行") in shown
    assert ("If the parameters are other" in shown) == (lang == "en")


@pytest.mark.slow
def test_a_band_without_width_is_told_in_words(comparison, held):
    flat = {"parameters_low": 0.1, "parameters_high": 0.1}
    given = held | {"rows": [row | flat for row in held["rows"]]}
    assert "no more than chance" in page(comparison | {"robustness": given}, "en")


def test_few_draws_are_called_few_and_enough_are_not(comparison, held):
    """The middle 95 % of so few is no 95 % of what the ranges allow."""
    assert "5 draws are few: below 40" in page(comparison | {"robustness": held}, "en")
    assert "5 组抽取偏少" in page(comparison | {"robustness": held}, "zh")
    enough = page(comparison | {"robustness": held | {"draws": 40}}, "en")
    assert "draws are few" not in enough


def test_a_report_without_draws_has_no_such_section(comparison):
    assert "If the parameters are other" not in page(comparison, "en")

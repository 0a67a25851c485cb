"""Figures about sweeps: nothing runs over the edge or lies on something else, in both languages."""

import numpy as np
import pandas as pd
import pytest

from sim.analysis.boxes import space_of
from sim.analysis.design_effects import cells, design_effects
from sim.analysis.design_runs import design_runs
from sim.analysis.discover import discover, steps_table
from sim.analysis.sensitivity import sensitivity
from sim.analysis.trade_offs import trade_offs
from sim.findings.words import factor_names, outcome_meanings
from sim.report.box_figure import box_figure
from sim.report.factor_effects import factor_effects
from sim.report.factors import FactorNames
from sim.report.finding_sentences import trade_finding
from sim.report.interaction import interaction_plot
from sim.report.parallel_axes import parallel_axes
from sim.report.sensitivity_bars import sensitivity_bars
from tests.analysis.designs import factorial, swept
from tests.findings.studies import OUTCOMES, SHARING, STAFF, SUBSIDY, study
from tests.report.test_figures import overflow, overlaps, texts

NAMES = [STAFF, SUBSIDY, SHARING]
GOOD = {
    "escalation_share": "lower",
    "participation_rate": "higher",
    "spent_per_resident": "lower",
}


def a_box():
    """A box with a range, a word, and a long way to it."""
    draws = np.random.default_rng(1)
    frame = pd.DataFrame({STAFF: 10 + 60 * draws.random(300), SHARING: draws.random(300)})
    frame["policies.metropolitan.form"] = draws.choice(["fragmented", "council", "unified"], 300)
    cases = (frame[STAFF] < 30) & (frame["policies.metropolitan.form"] != "unified")
    return space_of(frame), discover(space_of(frame), cases.to_numpy(), boxes=1)


@pytest.fixture(scope="module")
def numbers(tmp_path_factory):
    """All that is drawn, computed once."""
    folder = tmp_path_factory.mktemp("figures")
    tables = {
        kind: sensitivity(
            study(kind, folder).frame, kind, NAMES, ["escalation_share", "spent_per_resident"],
            count=50,
        )
        for kind in ("sobol", "morris")
    }  # fmt: skip
    runs = design_runs(study("factorial", folder).frame, NAMES, OUTCOMES)
    return tables, runs, a_box()


def drawn(numbers, lang):
    """Every figure in a language."""
    tables, runs, (space, found) = numbers
    names = {"factors": factor_names(NAMES, lang), "meanings": outcome_meanings()}
    effects = design_effects(runs, dict.fromkeys(OUTCOMES, "share"))
    pair = (STAFF, SHARING)
    contrast = next(
        row
        for row in effects.together.to_dict("records")
        if row["outcome"] == "escalation_share" and {row["factor"], row["other"]} == set(pair)
    )
    traded = trade_offs(runs, GOOD, NAMES)
    ranges = {name: (column.min(), column.max()) for name, column in space.numbers.items()}
    ranges |= {name: column.known for name, column in space.words.items()}
    (box,) = found.boxes
    boxes = {"factors": factor_names(space.names, lang), "points": 300}
    return {
        **{
            kind: sensitivity_bars(
                one.table, kind, lang, points=one.points, replications=one.replications, **names
            )
            for kind, one in tables.items()
        },
        "effects": factor_effects(effects.main, "escalation_share", lang, points=12, **names),
        "interaction": interaction_plot(
            cells(runs, "escalation_share", *pair),
            "escalation_share",
            pair,
            lang,
            contrast=contrast,
            **names,
        ),
        "trade": parallel_axes(traded.table, list(traded.levers), GOOD, lang, **names),
        "box": box_figure(
            steps_table(box), ranges, "A sentence.", lang, reproduced=box.reproduced, **boxes
        ),
    }


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_nothing_runs_over_the_edge_or_lies_on_something_else(numbers, lang):
    for name, figure in drawn(numbers, lang).items():
        assert overflow(figure) == [], name
        assert overlaps(figure) == [], name


@pytest.mark.slow
def test_figures_name_factors_in_words_and_units_in_the_readers_language(numbers):
    english, chinese = drawn(numbers, "en"), drawn(numbers, "zh")
    assert "Mediators in post" in texts(english["sobol"])
    assert "在岗调解员" in texts(chinese["sobol"])
    assert "% of the variance" in texts(english["sobol"])
    assert "元" in texts(chinese["trade"])
    for name, figure in chinese.items():
        assert "policies." not in texts(figure), name


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_settings_are_written_as_a_reader_expects(lang):
    names = factor_names([STAFF, SHARING], lang)
    assert names.value(SHARING, 0.3) == "30\u00a0%"
    assert names.value(STAFF, 45) == "45"
    assert names.value(STAFF, (10.123, 24.98)) == {"en": "10 to 25", "zh": "10 至 25"}[lang]


def test_a_factor_nobody_named_goes_by_its_key():
    assert FactorNames("en").with_unit("parameters.a.b") == "parameters.a.b"
    assert FactorNames("zh").name("time.years") == "模拟年数"


def test_the_range_of_a_share_is_told_in_its_own_per_cents():
    limit = {"factor": SHARING, "low": None, "high": 0.5, "words": None, "quasi_p": 0.01}
    step = {"coverage": 1.0, "density": 1.0, "limits": [limit], "kind": "peel", "step": 0}
    step |= {"chosen": True, "points": 10, "cases": 10}
    figure = box_figure(
        [step],
        {SHARING: (0.3, 0.6)},
        "A sentence.",
        "en",
        factors=factor_names([SHARING], "en"),
        points=30,
        reproduced={SHARING: 1.0},
    )
    told = {text.get_text() for text in figure.texts}
    assert {"30\u00a0%", "50\u00a0%", "60\u00a0%"} <= told


def conflict_against_cost(points, values):
    """Staff against conflict and spending, of which less is better; other factors are states."""
    good = {"escalation_share": "lower", "spent_per_resident": "lower"}
    runs = design_runs(swept(points, values, 3), list(points), list(good))
    units = {"escalation_share": "share", "spent_per_resident": "yuan a resident a year"}
    traded = trade_offs(runs, good, [STAFF], units=units)
    return parallel_axes(
        traded.table,
        [STAFF],
        good,
        "en",
        factors=factor_names([STAFF], "en"),
        meanings=outcome_meanings(),
        smallest=traded.smallest,
    )


def test_an_axis_that_hardly_moves_is_marked_and_drawn_to_the_smallest_effect():
    points = factorial(**{STAFF: [10, 40]})
    values = {"escalation_share": [0.3001, 0.3], "spent_per_resident": [250, 300]}
    figure = conflict_against_cost(points, values)
    assert "hardly moves" in texts(figure)
    assert "(yuan a resident a year)" in texts(figure).replace("\n", " ")
    assert overlaps(figure) == []


def test_an_axis_is_as_long_as_its_means_differ_whatever_states_do():
    """Conflict 0 and .4, or .1 and .3: the means are both .2. Spent: 300 and 325, +40 at most."""
    points = factorial(**{STAFF: [10, 40], "time.years": [1, 2]})
    values = {"escalation_share": [0, 0.4, 0.1, 0.3], "spent_per_resident": [250, 350, 260, 390]}
    figure = conflict_against_cost(points, values)
    told = {text.get_text() for text in figure.texts}
    assert "Escalated (hardly moves)" in told
    ends = {float(text) for text in told if text.removesuffix(".0").isdigit()}
    assert ends == {300, 325}


@pytest.mark.parametrize(
    "settings",
    [
        ["two-villages", "a scenario whose title is long, longer than the room beside its axis"],
        ["[]", '[{"from": "2020-01-01", "value": 0}, {"from": "2020-01-15", "value": 6000}]'],
    ],
)
def test_settings_with_long_names_stay_inside_the_figure(settings):
    points = factorial(scenario=settings, **{STAFF: [10, 40]})
    values = {name: [0.1, 0.2, 0.3, 0.4] for name in GOOD}
    levers = ["scenario", STAFF]
    figure = parallel_axes(
        trade_offs(design_runs(swept(points, values), levers, list(GOOD)), GOOD, levers).table,
        levers,
        GOOD,
        "en",
        factors=factor_names(levers, "en"),
        meanings=outcome_meanings(),
    )
    edge = figure.bbox
    titles = [text.get_window_extent() for text in figure.texts]
    labels = [text.get_window_extent() for axes in figure.axes for text in axes.texts]
    assert len(labels) == 4
    assert all(edge.x0 <= label.x0 and label.x1 <= edge.x1 for label in labels)
    assert not any(label.overlaps(title) for label in labels for title in titles)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_titles_of_few_axes_stand_apart(lang):
    subsidy = "policies.grid.subsidy_yuan_per_year"
    good = {"escalation_share": "lower", "participation_rate": "higher"}
    values = {"escalation_share": [0.1, 0.2, 0.2, 0.3], "participation_rate": [0.3, 0.3, 0.2, 0.2]}
    levers = [STAFF, subsidy]
    runs = design_runs(
        swept(factorial(**{STAFF: [10, 40], subsidy: [0, 6000]}), values, 3), levers, list(good)
    )
    figure = parallel_axes(
        trade_offs(runs, good, levers).table,
        levers,
        good,
        lang,
        factors=factor_names(levers, lang),
        meanings=outcome_meanings(),
    )
    assert overlaps(figure) == []


@pytest.mark.parametrize(
    ("worst", "said"),
    [
        ([0.0, 0.4, 1.0], "In the means one choice is best in everything shown"),
        ([0.0, 0.0, 1.0], "In the means 2 choices are best in everything shown"),
        ([0.2, 0.3, 1.0], "In the means no choice is best in everything: 2 of 3 are efficient"),
    ],
)
def test_only_where_something_is_given_up_is_there_a_trade_off(worst, said) -> None:
    assert trade_finding(worst, 2, "en").startswith(said)

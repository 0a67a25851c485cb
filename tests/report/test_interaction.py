"""Settings of an interaction plot stand where their numbers are, so that lines bend as they do."""

import pytest

from sim.analysis.design_effects import cells
from sim.analysis.design_runs import design_runs
from sim.findings.words import factor_names, outcome_meanings
from sim.report.interaction import interaction_plot
from sim.text import say
from tests.analysis.designs import factorial, swept
from tests.findings.studies import SHARING, STAFF

OUTCOME = "escalation_share"


def drawn(settings, lang="en"):
    """The plot of a share that rises by a thousandth for each more of staff."""
    points = factorial(**{STAFF: settings, SHARING: [0.0, 1.0]})
    values = {OUTCOME: 0.001 * points[STAFF].to_numpy(float)}
    runs = design_runs(swept(points, values, 3), [STAFF, SHARING], [OUTCOME])
    return interaction_plot(
        cells(runs, OUTCOME, STAFF, SHARING),
        OUTCOME,
        (STAFF, SHARING),
        lang,
        factors=factor_names([STAFF, SHARING], lang),
        meanings=outcome_meanings(),
    )


def written(figure):
    """Its texts without blanks, which are lost where lines end."""
    return "".join("".join(text.get_text() for text in figure.texts).split())


def test_a_straight_response_is_a_straight_line_whatever_the_settings():
    """From 20 to 34.2 and on to 68.4 is 14.2 and 34.2: the middle stands at 14.2 / 48.4."""
    (axes,) = drawn([20, 34.2, 68.4]).axes
    first, middle, last = axes.get_xticks()
    assert (middle - first) / (last - first) == pytest.approx(14.2 / 48.4)
    x, y = axes.lines[0].get_data()
    assert (y[1] - y[0]) / (x[1] - x[0]) == pytest.approx((y[2] - y[1]) / (x[2] - x[1]))


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_settings_whose_numbers_would_touch_stand_evenly_and_the_figure_says_so(lang):
    said = "".join(say("findings.together.evenly", lang).split())
    close, apart = drawn([10, 10.5, 70], lang), drawn([20, 34.2, 68.4], lang)
    assert close.axes[0].get_xticks().tolist() == [0, 1, 2]
    assert said in written(close)
    assert said not in written(apart)


@pytest.mark.parametrize(("lang", "words"), [("en", "hasnone"), ("zh", "没有色带")])
def test_the_figure_says_why_the_first_combination_has_no_band(lang, words):
    assert words in written(drawn([20, 34.2, 68.4], lang))

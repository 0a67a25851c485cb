"""What is traded off: conflict, participation and cost, whichever outcomes are looked at."""

from dataclasses import replace

import numpy as np
import pytest

from sim.analysis.compare import SMALLEST_SHARE
from sim.engine.load import load_experiment
from sim.findings.load import study_of
from sim.findings.trading import (
    TRADED,
    best_of,
    directions_of,
    good_of,
    traded_of,
    unchosen_words,
    untraded_words,
)
from sim.findings.words import factor_names
from sim.outcomes import CATALOGUE
from sim.text import say
from tests.analysis.designs import factorial, swept
from tests.findings.studies import OUTCOMES, STAFF, study

STATES = ["parameters.grievance.decay_per_year", "time.years"]


def runs_of(folder, points, outcomes):
    """The runs of made-up points."""
    made = study("factorial", folder)
    table = swept(points, outcomes, 2)
    return replace(made, factors=tuple(points.columns), frame=table).runs(list(outcomes))


def test_choices_that_differ_within_a_state_and_not_on_average_move_little_on_average(tmp_path):
    """Taking part .1 and .4 with 20, .4 and .1 with 30: the means are the same."""
    points = factorial(**{STAFF: [20, 30], "time.years": [0.1, 0.2]})
    values = {"participation_rate": [0.1, 0.4, 0.4, 0.1], "spent_per_resident": [1, 2, 3, 6]}
    every = traded_of(runs_of(tmp_path, points, values), {name: TRADED[name] for name in values})
    assert best_of(every, "participation_rate")["hardly_moves"]


def test_choices_far_apart_in_one_state_are_not_said_to_move_little_in_the_mean(tmp_path):
    """Spent +10 in one state and +100 in the other: a mean of +55, under the 100 of the worst."""
    points = factorial(**{STAFF: [20, 30], "time.years": [0.1, 0.2]})
    values = {"spent_per_resident": [250, 250, 260, 350], "participation_rate": [0.1] * 4}
    every = traded_of(runs_of(tmp_path, points, values), {name: TRADED[name] for name in values})
    found = best_of(every, "spent_per_resident")
    assert found["spread"] == pytest.approx(55)
    assert not found["hardly_moves"]


@pytest.mark.parametrize(("times", "little"), [(0.5, True), (2.0, False)])
def test_means_move_little_within_the_smallest_effect_of_interest_of_the_outcome(
    times, little, tmp_path
):
    points = factorial(**{STAFF: [20, 30]})
    step = times * SMALLEST_SHARE
    values = {"participation_rate": [0.3, 0.3 + step], "spent_per_resident": [1, 2]}
    every = traded_of(runs_of(tmp_path, points, values), {name: TRADED[name] for name in values})
    assert best_of(every, "participation_rate")["hardly_moves"] == little


def test_a_whole_scenario_is_chosen_as_a_lever_is_and_parameters_and_years_are_not(tmp_path):
    points = factorial(scenario=["as-it-is", "more"], **{key: [0.1, 0.2] for key in STATES})
    values = {name: np.arange(8.0) for name in OUTCOMES}
    every = traded_of(runs_of(tmp_path, points, values), TRADED)
    assert (every.levers, every.states, every.crossed) == (("scenario",), 4, True)


def test_what_nobody_chooses_is_named_where_a_design_does_not_cross_it(tmp_path):
    """A sampled design has one year's length at each point; a factorial one tries both at each."""
    crossed = factorial(**{STAFF: [20, 30], "time.years": [0.1, 0.2]})
    sampled = crossed.assign(**{STAFF: [20, 24, 27, 30]})
    values = {"participation_rate": [0.1, 0.2, 0.3, 0.4], "spent_per_resident": [1, 2, 3, 4]}
    good = {name: TRADED[name] for name in values}
    names = factor_names([STAFF, "time.years"], "en")
    told = [
        unchosen_words(traded_of(runs_of(tmp_path / each, points, values), good), names)
        for each, points in (("crossed", crossed), ("sampled", sampled))
    ]
    assert told[0] == ""
    assert "Nobody chooses “Years simulated”" in told[1]
    assert names.name(STAFF) not in told[1]


def test_conflict_is_traded_off_when_an_experiment_names_other_outcomes(tmp_path):
    whole = study("factorial", tmp_path)
    named = replace(whole, outcomes=OUTCOMES[1:], kept=OUTCOMES[:1], named=True)
    assert named.chosen(None) == list(OUTCOMES[1:])
    assert named.chosen(["escalation_share"]) == ["escalation_share"]
    assert directions_of(named, named.chosen(None), asked=False) == TRADED
    assert list(directions_of(named, OUTCOMES[1:], asked=True)) == list(OUTCOMES[1:])


def test_a_study_can_be_asked_for_every_outcome_of_the_catalogue(tmp_path):
    path = tmp_path / "named.yaml"
    path.write_text(
        "name: named\nscenario: two-villages\ndesign: {kind: factorial}\nreplications: 1\n"
        f"factors: {{{STAFF}: [20, 30]}}\noutcomes: [spent_per_resident, unresolved_share]\n",
        encoding="utf-8",
    )
    found = study_of(path, tmp_path / "store")
    assert found.outcomes == load_experiment(path).outcomes
    assert found.chosen(None) == list(found.outcomes)
    assert {*found.outcomes, *found.kept} == set(CATALOGUE)
    assert set(found.frame.columns) >= set(CATALOGUE)
    assert found.chosen(["petitions_made_per_10k"]) == ["petitions_made_per_10k"]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_why_nothing_is_traded_off_is_said(lang, tmp_path):
    two, one = factorial(**{STAFF: [20, 30]}), factorial(**{STAFF: [20]})
    without = {name: [0.1, 0.2] for name in OUTCOMES} | {"escalation_share": [0.1, np.nan]}
    runs = runs_of(tmp_path, two, without)
    assert traded_of(runs, TRADED) is None
    names = {"en": "“Escalated”, “Taking part”, “Spent”", "zh": "“升级比重”"}
    assert names[lang] in untraded_words(runs, TRADED, lang)
    few = {"participation_rate": "higher"}
    assert traded_of(runs, few) is None
    assert untraded_words(runs, few, lang) == say("findings.trade.none.outcomes", lang)
    single = runs_of(tmp_path, one, {name: [0.1] for name in OUTCOMES})
    assert untraded_words(single, TRADED, lang) == say("findings.trade.none.points", lang)


def test_an_outcome_without_a_better_end_has_no_direction():
    good = good_of(["escalation_share", "made_up", "spent_per_resident"])
    assert good == {"escalation_share": "lower"}


def test_one_choice_that_is_left_out_is_counted_as_one():
    assert "1 choice is left out" in say("findings.trade.left_out", "en", count=1)
    assert "2 choices are left out" in say("findings.trade.left_out", "en", count=2)

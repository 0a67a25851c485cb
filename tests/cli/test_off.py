"""Outcomes that nothing makes, as a mechanism is off, are no results."""

import json
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from sim.cli import app as application
from sim.cli.compare_table import show_comparison
from sim.cli.off import remark_off
from sim.engine.build import warm
from sim.engine.load import load
from sim.engine.order import WEEK
from sim.outcomes import CATALOGUE, MAKES, Window, groups_of, moment, silent_in

NAMES = [kind.name for kind in WEEK]
WITHOUT = [name for name in NAMES if name not in ("petitions", "courts")]
OF_THE_START = {"graph_cross_class_share", "graph_mean_degree", "graph_clustering"}
OF_THE_START |= {"graph_homophily"}
# These move without being made: what was done at the start grows older, what was begun is finished,
# and others than before are in dispute.
DRIFTING = {"meeting_rate", "semi_urbanised_share", "accepted_share", "accepted_share_by_money"}
DRIFTING |= {"projects_under_way", "works_waiting", "grievance_in_dispute", "distress_in_dispute"}


def alone(*mechanisms):
    """A small city with these mechanisms alone."""
    settings = {"scale": 0.005, "time.years": 2, "mechanisms": list(mechanisms)}
    return load("jincheng-2020", settings)


def test_mechanisms_that_are_off_are_named_since_their_outcomes_tell_nothing(capsys):
    remark_off([load("two-villages"), load("two-villages", {"mechanisms": WITHOUT})], "en")
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("two-villages runs without courts, petitions: ")


def test_every_outcome_is_made_by_mechanisms_of_the_week_or_stands_from_the_start():
    assert MAKES.keys() <= set(NAMES)
    nothing = SimpleNamespace(mechanisms=(), user_mechanisms=())
    assert silent_in(nothing) == CATALOGUE.keys() - OF_THE_START
    assert silent_in(load("two-villages")) == set()


@pytest.mark.parametrize("mechanisms", [("budget",), ("disputes", "channels", "influence")])
def test_what_counts_as_silent_stands_still_in_a_city_without_its_mechanisms(mechanisms):
    scenario = alone(*mechanisms)
    city = warm(scenario, 4)
    groups = groups_of(tuple(scenario.place.divisions))
    readings = []
    before = moment(city.world, city.clock.begins)
    for _ in range(2):
        for _ in range(26):
            city.step()
        after = moment(city.world, city.clock.begins)
        window, before = Window(city.world, groups, before, after), after
        formulas = {name: outcome.formula for name, outcome in CATALOGUE.items()}
        readings.append({name: np.ravel(made(window))[0] for name, made in formulas.items()})
    first, last = readings
    moved = {n for n in CATALOGUE if not np.array_equal(first[n], last[n], equal_nan=True)}
    silent = silent_in(scenario)
    assert moved & silent <= DRIFTING
    made = {"budget": "spent_per_resident", "disputes": "disputes_opened_per_10k"}[mechanisms[0]]
    assert made in moved - silent


def test_what_volunteers_councils_and_organisations_all_give_is_silent_without_all_of_them():
    assert "service_hours_per_10k" not in silent_in(alone("volunteering"))
    assert "service_hours_per_10k" in silent_in(alone("budget"))


def test_where_a_mechanism_of_users_may_make_them_no_outcome_counts_as_silent():
    assert silent_in(SimpleNamespace(mechanisms=(), user_mechanisms=("mine.py:Mine",))) == set()


OFF = f"mechanisms=[{', '.join(WITHOUT)}]"
RUN = ["run", "two-villages", "--seed", "3", "--set", "time.years=0.1", "--set", OFF]


@pytest.mark.parametrize(
    ("lang", "words"), [("en", "Left out, since the mechanisms"), ("zh", "机制未启用，故未列出")]
)
def test_a_run_leaves_out_what_is_silent_and_names_it_but_not_in_json(tmp_path, lang, words):
    def told(*more):
        ran = CliRunner().invoke(application.app, [*RUN, "--out", str(tmp_path / "store"), *more])
        assert ran.exit_code == 0, ran.stderr
        return ran.stdout

    lines = told("--lang", lang).splitlines()
    (named,) = [line for line in lines if words in line]
    assert "civil_filings_per_10k" in named
    assert not any(line.startswith("civil_filings_per_10k") for line in lines)
    assert json.loads(told("--json"))["outcomes"]["civil_filings_per_10k"]["value"] == 0.0


def row(scenario, outcome):
    """A row of a comparison without any difference."""
    numbers = dict.fromkeys(("baseline_mean", "mean", "difference", "low", "high"), 0.0)
    facts = {"scenario": scenario, "outcome": outcome, "unit": "share", "by": None, "group": None}
    told = {"p_holm": 1.0, "negligible": True, "distinguishable": False, "replications": 9}
    return facts | numbers | told


def price(outcome):
    """What a policy costs that moved nothing."""
    facts = {"scenario": "other", "outcome": outcome, "verdict": "unmoved", "replications": 9}
    return facts | dict.fromkeys(("yuan", "low", "high"))


def test_a_comparison_leaves_out_what_neither_of_the_two_makes(capsys):
    base, other = alone("budget", "participation"), replace(alone("budget"), name="other")
    names = ("participants_per_10k", "trust_city", "escalations_per_10k")
    found = SimpleNamespace(
        baseline=base,
        others=(other,),
        silent={"other": silent_in(base, other)},
        replications=9,
        table=pd.DataFrame([row("other", name) for name in names]),
        prices=[price("participants_per_10k"), price("escalations_per_10k")],
        drawn=None,
        precise=None,
        files={},
    )
    show_comparison(found, "en", everything=True)
    told = capsys.readouterr().out
    lines = told.splitlines()
    assert any(line.startswith("participants_per_10k") for line in lines)
    assert not any(line.startswith(names[1:]) for line in lines)
    off = "Left out, since the mechanisms behind them are off: trust_city, escalations_per_10k"
    assert off in lines
    assert "other: as many take part" in told
    assert "disputes escalate" not in told


def shiyu(*words):
    """Run a command of the command line."""
    return CliRunner().invoke(application.app, [str(word) for word in words])


def test_figures_and_report_of_a_comparison_leave_out_what_neither_makes(tmp_path):
    store, policy = tmp_path / "store", tmp_path / "more.yaml"
    lines = ("name: more", "extends: two-villages", "why: {en: Why?, zh: 为何？}")
    staff = "policies: {mediation: {staff_per_10k: 60}}"
    policy.write_text("\n".join((*lines, staff, "")), encoding="utf-8")
    settings = ["--reps", 2, "--set", "time.years=0.1", "--set", OFF]
    ran = shiyu("compare", "two-villages", policy, *settings, "--out", store)
    assert ran.exit_code == 0, ran.output
    page = (store / "report.html").read_text(encoding="utf-8")
    assert "are off: Civil filings, Petitions made" in page
    asked = shiyu("plot", store, "--outcome", "civil_filings_per_10k")
    assert asked.exit_code == 2, asked.output
    fault = "--outcome civil_filings_per_10k: no mechanism that makes it is on in this comparison"
    assert fault in asked.stderr

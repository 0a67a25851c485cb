"""Draws of the parameters: over their ranges, each alike, and by name."""

from dataclasses import replace

import numpy as np
import pytest

import sim
from sim.engine.ledger import full_ledger
from sim.engine.parameter_draws import Drawn, run_draws
from sim.engine.plan import Plan
from sim.engine.robustness_files import write_draws
from sim.engine.uncertain import NOT_DRAWN, Uncertain, drawn, uncertain_parameters
from sim.kernel import ShiyuError
from sim.store import Store

SHORT = {"time.years": 0.08, "mechanisms": ["influence", "grievance", "disputes", "channels"]}


def test_every_draw_lies_in_its_range_and_each_slice_has_one():
    one = Uncertain("a.b", 2.0, 3.0, 8.0)
    values = np.array([draw["a.b"] for draw in drawn([one], 50, 1)])
    assert values.min() >= 2.0
    assert values.max() <= 8.0
    edges = one.values(np.arange(51) / 50)
    counts, _ = np.histogram(values, edges)
    assert np.all(counts == 1)


def test_the_triangle_has_its_top_at_the_likely_value():
    # the mean of a triangle is (low + likely + high) / 3
    one = Uncertain("a.b", 2.0, 3.0, 8.0)
    values = [draw["a.b"] for draw in drawn([one], 2000, 1)]
    assert np.mean(values) == pytest.approx(13.0 / 3.0, abs=0.01)
    assert np.mean(np.array(values) < 3.0) == pytest.approx(1.0 / 6.0, abs=0.001)  # 1 of 6 units


def test_a_range_of_orders_of_magnitude_is_drawn_over_its_logarithm():
    one = Uncertain("a.b", 0.01, 0.1, 1.0)
    assert one.distribution == "log-triangular"
    assert one.values(np.array([0.5]))[0] == pytest.approx(0.1)
    assert Uncertain("a.b", 0.2, 0.3, 1.9).distribution == "triangular"
    assert Uncertain("a.b", 0.0, 0.3, 1.9).distribution == "triangular"


@pytest.mark.parametrize("likely", [2.0, 8.0])
def test_the_likely_value_may_be_an_end(likely):
    values = Uncertain("a.b", 2.0, likely, 8.0).values(np.linspace(0.0, 1.0, 11))
    assert (values[0], values[-1]) == (2.0, 8.0)
    assert np.all(np.diff(values) > 0)


def test_a_further_parameter_moves_no_draw_of_the_others():
    one, other = Uncertain("a.b", 2.0, 3.0, 8.0), Uncertain("a.c", 2.0, 3.0, 8.0)
    alone = [draw["a.b"] for draw in drawn([one], 20, 5)]
    together = drawn([other, one], 20, 5)
    assert [draw["a.b"] for draw in together] == alone
    assert [draw["a.c"] for draw in together] != alone
    assert drawn([one], 20, 6) != drawn([one], 20, 5)


def test_parameters_are_drawn_unless_they_have_no_range_or_are_stated():
    scenario = sim.load("jincheng-2020")
    uncertain, stated = uncertain_parameters([scenario])
    ledger = full_ledger(scenario.place)
    ranged = {name for name, held in ledger.items() if held.low < held.high}
    assert uncertain.keys() == ranged - scenario.parameters.keys() - set(NOT_DRAWN)
    assert len(uncertain) > 500
    fixed = replace(scenario, parameters={"grievance.decay_per_year": 0.8})
    uncertain, stated = uncertain_parameters([scenario, fixed])
    assert "grievance.decay_per_year" not in uncertain
    assert "grievance.decay_per_year" in stated


@pytest.mark.parametrize("scenario", ["jincheng-2020", "two-villages"])
def test_draws_of_the_whole_ledger_make_scenarios(scenario):
    from sim.scenario.written import nested

    checked = sim.load(scenario)
    uncertain, _ = uncertain_parameters([checked])
    for values in drawn(list(uncertain.values()), 6, 1):
        under = sim.load(checked, {"parameters": nested(values)})
        assert values.items() <= under.parameters.items()
        assert under.warnings == checked.warnings  # no draw is implausible


def test_runs_under_draws_are_kept_and_found_again(tmp_path):
    scenarios = [
        sim.load("two-villages", SHORT),
        sim.load("two-villages", SHORT | {"policies.mediation.staff_per_10k": 80}),
    ]
    scenarios[1] = replace(scenarios[1], name="more")
    first = run_draws(scenarios, 2, 2, 1, workers=1, store=Store(tmp_path))
    assert (first.failures, first.reused) == ([], 0)
    assert {len(pairs[0].values.T) for pairs in first.pairs.values()} == {2}
    settings = [entry["settings"] for entry in Store(tmp_path).entries()]
    assert sorted(one["uncertainty.draw"] for one in settings) == [1, 1, 1, 1, 2, 2, 2, 2]
    again = run_draws(scenarios, 2, 2, 1, workers=1, store=Store(tmp_path))
    assert again.reused == 8
    for draw, pairs in first.pairs.items():
        assert np.array_equal(pairs[0].values, again.pairs[draw][0].values, equal_nan=True)


def test_a_draw_that_fails_is_told_of_and_the_others_go_on(monkeypatch):
    scenarios = [sim.load("two-villages", SHORT)]
    scenarios.append(replace(scenarios[0], name="more"))
    from sim.engine import run

    replicate = run.replicate
    decays: list[float] = []

    def failing(under, seed, progress=None):
        decay = under[0].parameters["grievance.decay_per_year"]
        if decay not in decays:
            decays.append(decay)
        if decay == decays[0]:
            raise ArithmeticError("out of hand")
        return replicate(under, seed, progress)

    monkeypatch.setattr(run, "replicate", failing)
    found = run_draws(scenarios, 2, 2, 1, workers=1)
    assert found.draws_failed == [1]
    assert len(found.failures) == 4  # two scenarios, two seeds
    assert {failure.reason for failure in found.failures} == {"ArithmeticError: out of hand"}
    assert found.pairs[1] == []
    assert len(found.pairs[2]) == 1


def test_a_draw_whose_numbers_cannot_go_together_counts_as_failed(monkeypatch):
    scenarios = [sim.load("two-villages", SHORT)]
    scenarios.append(replace(scenarios[0], name="more"))
    impossible = {"grievance.decay_per_year": -1.0}
    monkeypatch.setattr("sim.engine.parameter_draws.drawn", lambda *_: [impossible])
    found = run_draws(scenarios, 1, 2, 1, workers=1)
    assert found.draws_failed == [1]
    assert "is not a rate" in found.failures[0].reason


def test_a_draw_of_which_no_city_can_be_built_counts_as_failed(monkeypatch):
    scenarios = [sim.load("jincheng-2020", SHORT | {"scale": 0.005})]
    scenarios.append(replace(scenarios[0], name="more"))
    impossible = {"world.smallest_scale": 0.1}
    monkeypatch.setattr("sim.engine.parameter_draws.drawn", lambda *_: [impossible])
    found = run_draws(scenarios, 1, 2, 1, workers=1)
    assert found.draws_failed == [1]
    assert "is not a scale" in found.failures[0].reason


def test_the_draws_are_a_table_that_goes_when_a_later_comparison_draws_nothing(tmp_path):
    one = Uncertain("a.b", 2.0, 3.0, 8.0)
    values = drawn([one], 3, 1)
    path = write_draws(Drawn({"a.b": one}, (), values, 2), tmp_path)["draws"]
    head, line = path.read_text("utf-8").splitlines()
    assert head == "parameter,low,likely,high,distribution,draw 1,draw 2,draw 3"
    assert [float(cell) for cell in line.split(",")[5:]] == [draw["a.b"] for draw in values]
    assert write_draws(None, tmp_path) == {}
    assert not path.exists()


@pytest.mark.parametrize(
    ("settings", "words"),
    [({"uncertainty": 1}, "uncertainty 1: must be 2"), ({"draw_replications": 1}, "must be 2")],
)
def test_too_few_draws_are_refused(settings, words):
    with pytest.raises(ShiyuError, match=words):
        Plan(**settings)

"""What a sweep would take can be told for every place, also one that is simulated whole."""

from sim.engine.load import load_experiment
from sim.store import Store
from sim.sweep import plan_of
from sim.sweep.forecast import forecast

EXPERIMENT = """
name: whole-villages
scenario: two-villages
settings: {time.years: 0.1}
design: {kind: factorial}
factors: {policies.mediation.staff_per_10k: [20, 40]}
replications: 2
"""


def test_a_place_that_is_only_simulated_whole_has_a_forecast(tmp_path):
    file = tmp_path / "whole.yaml"
    file.write_text(EXPERIMENT, encoding="utf-8")
    found = forecast(plan_of(load_experiment(file)), Store(tmp_path / "store"), workers=2)
    assert (found.runs_total, found.runs_done, found.measured) == (4, 0, 0)
    assert found.seconds > 0
    assert found.bytes > 0

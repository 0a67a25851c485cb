"""Known functions come out of our own design, store and table with the indices of theory."""

import numpy as np
import pandas as pd
import pytest
from SALib.test_functions import Ishigami, Sobol_G

from sim.analysis.sensitivity import sensitivity
from sim.store import Store
from sim.sweep import plan_of, table
from tests.analysis.test_sensitivity import FIRST, TOTAL
from tests.experiment.files import experiment

OUTCOME = "participation_rate"
# Levers of the tiny place that take any share: they stand for the variables of a function.
SHARES = (
    "policies.coordination.data_sharing",
    "policies.coordination.whistle",
    "policies.coordination.power_list",
)


def made_up_runs(design, folder, values):
    """Keep runs as a sweep would, whose only outcome is a value for each point."""
    plan = plan_of(design)
    day = pd.DataFrame({"day": [7.0], OUTCOME: [0.0]})
    with Store(folder, runs_per_batch=10_000) as store:
        for run in plan.runs(range(design.replications)):
            rows = [(OUTCOME, None, None, float(values[run.point]), "share")]
            outcomes = pd.DataFrame(rows, columns=["outcome", "by", "group", "value", "unit"])
            document = {"run_id": run.run_id, "scenario": "made-up", "seed": run.seed}
            store.save(document, outcomes, day)
        store.compact()
    return table(design, Store(folder), [OUTCOME])


def swept(folder, samples, function):
    """The indices of a function of shares, by measure and factor."""
    factors = "".join(f"  {key}: {{low: 0, high: 1}}\n" for key in SHARES)
    text = f"design: {{kind: sobol, samples: {samples}}}\nfactors:\n{factors}replications: 1\n"
    design = experiment(folder, text)
    shares = np.array([[p.settings[key] for key in SHARES] for p in design.points()])
    frame = made_up_runs(design, folder / "store", function(shares))
    rows = sensitivity(frame, "sobol", SHARES, [OUTCOME], count=300).table
    return {(row.measure, row.factor): row for row in rows.itertuples()}


def holds(row, known):
    """Whether an estimate is near what theory has, and its interval covers it."""
    return abs(row.estimate - known) < 0.06 and row.low - 0.02 <= known <= row.high + 0.02


@pytest.mark.slow
def test_ishigami_through_design_store_and_table(tmp_path):
    found = swept(tmp_path, 512, lambda shares: Ishigami.evaluate(np.pi * (2 * shares - 1)))
    for number, key in enumerate(SHARES, start=1):
        assert holds(found["first", key], FIRST[f"x{number}"])
        assert holds(found["total", key], TOTAL[f"x{number}"])


@pytest.mark.slow
def test_sobol_g_through_design_store_and_table(tmp_path):
    a = np.array([0.0, 1.0, 9.0])
    found = swept(tmp_path, 512, lambda shares: Sobol_G.evaluate(shares, a=a))
    own = 1 / (3 * (1 + a) ** 2)
    whole = np.prod(1 + own) - 1
    for at, key in enumerate(SHARES):
        assert holds(found["first", key], own[at] / whole)
        total = own[at] * np.prod(1 + np.delete(own, at)) / whole
        assert holds(found["total", key], total)

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

ISHIGAMI, SOBOL_G = "participation_rate", "unresolved_share"  # the outcomes that they stand in for
A = np.array([0.0, 1.0, 9.0])
pytestmark = pytest.mark.slow

# Levers of the tiny place that take any share: they stand for the variables of a function.
SHARES = (
    "policies.coordination.data_sharing",
    "policies.coordination.whistle",
    "policies.coordination.power_list",
)


def made_up_runs(design, folder, values):
    """Keep runs as a sweep would, whose outcomes are a value for each point, by name."""
    plan = plan_of(design)
    day = pd.DataFrame({"day": [7.0], **{name: [0.0] for name in values}})
    with Store(folder, runs_per_batch=10_000) as store:
        for run in plan.runs(range(design.replications)):
            rows = [(name, None, None, float(at[run.point]), "1") for name, at in values.items()]
            outcomes = pd.DataFrame(rows, columns=["outcome", "by", "group", "value", "unit"])
            document = {"run_id": run.run_id, "scenario": "made-up", "seed": run.seed}
            store.save(document, outcomes, day)
        store.compact()
    return table(design, Store(folder), list(values))


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """The indices of both functions of shares, by outcome, measure and factor."""
    folder = tmp_path_factory.mktemp("known")
    factors = "".join(f"  {key}: {{low: 0, high: 1}}\n" for key in SHARES)
    text = f"design: {{kind: sobol, samples: 512}}\nfactors:\n{factors}replications: 1\n"
    design = experiment(folder, text)
    shares = np.array([[p.settings[key] for key in SHARES] for p in design.points()])
    values = {
        ISHIGAMI: Ishigami.evaluate(np.pi * (2 * shares - 1)),
        SOBOL_G: Sobol_G.evaluate(shares, a=A),
    }
    frame = made_up_runs(design, folder / "store", values)
    rows = sensitivity(frame, "sobol", SHARES, list(values), count=300).table
    return {(row.outcome, row.measure, row.factor): row for row in rows.itertuples()}


def holds(row, known):
    """Whether an estimate is near what theory has, and its interval covers it."""
    return abs(row.estimate - known) < 0.06 and row.low - 0.02 <= known <= row.high + 0.02


def test_ishigami_through_design_store_and_table(found):
    for number, key in enumerate(SHARES, start=1):
        assert holds(found[ISHIGAMI, "first", key], FIRST[f"x{number}"])
        assert holds(found[ISHIGAMI, "total", key], TOTAL[f"x{number}"])


def test_sobol_g_through_design_store_and_table(found):
    own = 1 / (3 * (1 + A) ** 2)
    whole = np.prod(1 + own) - 1
    for at, key in enumerate(SHARES):
        assert holds(found[SOBOL_G, "first", key], own[at] / whole)
        total = own[at] * np.prod(1 + np.delete(own, at)) / whole
        assert holds(found[SOBOL_G, "total", key], total)

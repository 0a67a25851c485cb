"""Studies over made-up outcomes under real names, as a sweep would leave them."""

import numpy as np
import pandas as pd

from sim.findings import Study
from tests.analysis.designs import factorial, swept
from tests.analysis.test_sensitivity import saltelli, trajectories

STAFF = "policies.mediation.staff_per_10k"
SUBSIDY = "policies.grid.subsidy_yuan_per_year"
SHARING = "policies.coordination.data_sharing"
OUTCOMES = ("escalation_share", "participation_rate", "spent_per_resident")


def escalated(staff, subsidy, sharing):
    """Falls with staff, more so where departments share; the subsidy helps a little."""
    return 0.34 - 0.0015 * staff - 0.0012 * staff * sharing - 0.00000125 * subsidy


def outcomes_of(points):
    """Three outcomes of points whose factors are in their units."""
    staff, subsidy, sharing = (points[key].to_numpy(float) for key in (STAFF, SUBSIDY, SHARING))
    return {
        "escalation_share": escalated(staff, subsidy, sharing),
        "participation_rate": 0.2 + 0.000002 * subsidy,
        "spent_per_resident": 250 + 2.5 * staff + 0.004 * subsidy + 30 * sharing,
    }


def in_units(unit_points):
    """Points of the unit cube as staff 10 to 70, subsidy 0 to 24,000, sharing 0 to 1."""
    low, width = np.array([10, 0, 0]), np.array([60, 24_000, 1])
    frame = pd.DataFrame(low + width * unit_points.to_numpy(), columns=[STAFF, SUBSIDY, SHARING])
    return frame.round(6)


def study(kind, folder, replications=4, luck=0.004, blocks=64, walks=10):
    """A study of 'sobol', 'morris', 'factorial' or 'lhs'."""
    names = [STAFF, SUBSIDY, SHARING]
    if kind == "sobol":
        points = in_units(saltelli(names, 0, 1, blocks))
    elif kind == "morris":
        points = in_units(trajectories(names, walks))
    elif kind == "factorial":
        points = factorial(**{STAFF: [10, 40, 70], SUBSIDY: [0, 12_000], SHARING: [0.0, 1.0]})
    else:
        draws = np.random.default_rng(1).random((200, 3))
        points = in_units(pd.DataFrame(draws))
    table = swept(points, outcomes_of(points), replications, luck)
    return Study("made-up", kind, tuple(names), OUTCOMES, table, folder)

"""What must follow from a change that nobody tuned the model to, with theory's value and tolerance.

A change is a set of settings laid over the base. What follows from it is worked out beforehand
from the account of a year's disputes: matrix algebra on its routes, and queues with the real sizes
of offices. The theory holds choices at their baseline shares, the city lets people choose anew by
how long offices take: the tolerance allows for that. Posts fill over months, hence what is told of
a change leaves out its first LEAD_YEARS.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sim.evidence.levels import Read, flow, outcome

LEAD_YEARS = 2.0
EVERYBODY = None


@dataclass(frozen=True)
class Change:
    """Settings laid over the base; `slug` names its text (`evidence.change.<slug>`)."""

    slug: str
    settings: Mapping[str, object]


@dataclass(frozen=True)
class Response:
    """One expected consequence of a change, for everybody or for one division.

    With `level` the expected value is that under the change, else the difference from the base.
    `slug` names its text (`evidence.response.<slug>`).
    """

    change: str
    slug: str
    expected: float
    tolerance: float
    read: Read
    level: bool = False
    division: str | None = EVERYBODY


# v, the share of petition items turned away, is .25 at this weight: v = 1 - exp(-1.05 e),
# e = .5 w / (w + .8).
_EFFORT = -np.log1p(-0.25) / 1.05
WEIGHT_OF_A_QUARTER = float(0.8 * _EFFORT / (0.5 - _EFFORT))
LESS = 0.95  # the settling that the same offices get done beside preventing petitions

CHANGES: tuple[Change, ...] = (
    Change("mediators_halved", {"policies.mediation.staff_per_10k": 17.1}),
    Change("mediators_doubled", {"policies.mediation.staff_per_10k": 68.4}),
    Change("prelitigation", {"policies.courts.prelitigation_share": 0.5}),
    Change("departments", {"parameters.coordination.success": 0.65}),
    Change(
        "petition_weight", {"policies.assessment.weights.petition_count": WEIGHT_OF_A_QUARTER}
    ),
    Change(
        "petition_weight_less_settled",
        {
            "policies.assessment.weights.petition_count": WEIGHT_OF_A_QUARTER,
            "parameters.mediation.success.village": 0.70 * LESS,
            "parameters.mediation.success.community": 0.60 * LESS,
            "parameters.mediation.success.township": 0.65 * LESS,
            "parameters.coordination.success": 0.60 * LESS,
        },
    ),
    Change(
        "chengqu_subsidy",
        {"policies.grid.subsidy_yuan_per_year": {"default": 0, "divisions": {"chengqu": 12_000}}},
    ),
)  # fmt: skip


_late, _late_villages = outcome("late_share"), outcome("late_share_villages")
_unresolved, _filings = outcome("unresolved_share"), outcome("civil_filings_per_10k")
_made, _recorded = outcome("petitions_made_per_10k"), outcome("petitions_recorded_per_10k")

RESPONSES: tuple[Response, ...] = (
    Response("mediators_halved", "late_villages", 0.40, 0.04, _late_villages, level=True),
    Response("mediators_halved", "late", 0.33, 0.04, _late, level=True),
    Response("mediators_halved", "unresolved", 0.023, 0.008, _unresolved),
    Response("mediators_halved", "filings", 1.2, 0.6, _filings),
    Response("mediators_halved", "petitions_made", 1.1, 0.55, _made),
    Response("mediators_doubled", "late_villages", 0.014, 0.010, _late_villages, level=True),
    Response("mediators_doubled", "late", 0.010, 0.010, _late, level=True),
    Response("mediators_doubled", "unresolved", -0.008, 0.003, _unresolved),
    Response("mediators_doubled", "filings", -0.40, 0.20, _filings),
    Response("mediators_doubled", "petitions_made", -0.34, 0.17, _made),
    Response("prelitigation", "filings", -12.2, 1.5, _filings),
    Response("prelitigation", "petitions_made", -0.25, 0.15, _made),
    Response("departments", "petitions_made", -0.6, 0.3, _made),
    Response("departments", "filings", -0.50, 0.25, _filings),
    Response("petition_weight", "petitions_made", 2.0, 1.5, _made),
    Response("petition_weight", "petitions_recorded", -6.7, 2.0, _recorded),
    Response("petition_weight_less_settled", "petitions_made", 2.7, 1.35, _made),
    Response("petition_weight_less_settled", "petitions_recorded", -6.2, 3.1, _recorded),
    Response("petition_weight_less_settled", "unresolved", 0.007, 0.0035, _unresolved),
    Response("chengqu_subsidy", "found", 3.3, 1.0, flow("disputes_found"), division="chengqu"),
    Response("chengqu_subsidy", "brought", 2.0, 0.7, flow("brought_village"), division="chengqu"),
    Response("chengqu_subsidy", "filings", 0.0, 0.1, _filings),
)  # fmt: skip

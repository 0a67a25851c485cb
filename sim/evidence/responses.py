"""What must follow from a change that nobody tuned the model to, with theory's value and tolerance.

A change is a set of settings laid over the base. What follows from it is worked out beforehand
from the account of a year's disputes: matrix algebra on its routes, and queues with the real sizes
of offices. The theory holds choices at their baseline shares, the city lets people choose anew by
how long offices take: the tolerance allows for that. Posts fill over months, hence what is told of
a change leaves out its first LEAD_YEARS. What follows from changes beyond the core of disputes is
told by `expectations`, in the same form.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sim.evidence.levels import Read, flow, outcome

LEAD_YEARS = 2.0
EVERYBODY = None


@dataclass(frozen=True)
class Change:
    """Settings laid over the base; `mechanism` is whose evidence it is.

    `slug` names the change among all: its text (`evidence.change.<slug>`), or its settings.
    """

    slug: str
    settings: Mapping[str, object]
    mechanism: str


@dataclass(frozen=True)
class Response:
    """One expected consequence of a change, for everybody or for one division.

    With `level` the expected value is that under the change, else the difference from the base:
    its sign must hold too, unless theory calls it `near_null`, which says that it lies within the
    tolerance around 0. Below `least_scale` too little happens for any verdict. `slug` names an
    outcome, or a text (`evidence.response.<slug>`).
    """

    change: str
    slug: str
    expected: float
    tolerance: float
    read: Read
    level: bool = False
    division: str | None = EVERYBODY
    near_null: bool = False
    least_scale: float = 0.0


CHANGES: tuple[Change, ...] = (
    Change("mediators_halved", {"policies.mediation.staff_per_10k": 17.1}, "mediation"),
    Change("mediators_doubled", {"policies.mediation.staff_per_10k": 68.4}, "mediation"),
    Change("prelitigation", {"policies.courts.prelitigation_share": 0.5}, "courts"),
    Change("departments", {"parameters.coordination.success": 0.65}, "coordination"),
    Change("petition_weight", {"policies.assessment.weights.petition_count": 1.0}, "assessment"),
    Change("resolution_doubled", {"policies.assessment.weights.resolution": 0.7}, "assessment"),
    Change("paperwork_doubled", {"policies.assessment.weights.paperwork": 0.56}, "assessment"),
    Change(
        "chengqu_subsidy",
        {"policies.grid.subsidy_yuan_per_year": {"default": 0, "divisions": {"chengqu": 12_000}}},
        "detection",
    ),
)  # fmt: skip


_late, _late_villages = outcome("late_share"), outcome("late_share_villages")
_unresolved, _unsettled = outcome("unresolved_share"), outcome("unsettled_share")
_filings = outcome("civil_filings_per_10k")
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
    Response("petition_weight", "petitions_made", 2.6, 1.3, _made),
    Response("petition_weight", "petitions_recorded", -6.4, 1.5, _recorded),
    Response("petition_weight", "unresolved", 0.006, 0.003, _unresolved),
    Response("petition_weight", "filings", 0.5, 0.25, _filings),
    Response("resolution_doubled", "petitions_made", -0.8, 0.4, _made),
    Response("resolution_doubled", "petitions_recorded", 0.6, 1.5, _recorded),
    Response("resolution_doubled", "unresolved", -0.005, 0.0025, _unresolved),
    Response("resolution_doubled", "filings", -0.5, 0.25, _filings),
    Response("paperwork_doubled", "petitions_made", 0.5, 0.25, _made),
    Response("paperwork_doubled", "petitions_recorded", 1.6, 1.5, _recorded),
    Response("paperwork_doubled", "unresolved", 0.005, 0.0025, _unresolved),
    Response("paperwork_doubled", "filings", 0.8, 0.4, _filings),
    Response("chengqu_subsidy", "found", 3.3, 1.0, flow("disputes_found"), division="chengqu"),
    Response("chengqu_subsidy", "brought", 2.0, 0.7, flow("brought_village"), division="chengqu"),
    # What is found settles at .60, below the mean of what is voiced: it hardly moves the share of
    # these that stays unresolved (+.0005), and fewer of all disputes stay unsettled.
    Response(
        "chengqu_subsidy", "unresolved", 0.0, 0.002, _unresolved, division="chengqu",
        near_null=True,
    ),
    Response("chengqu_subsidy", "unsettled", -0.0016, 0.0010, _unsettled, division="chengqu"),
    Response("chengqu_subsidy", "filings", 0.0, 0.1, _filings, near_null=True),
)  # fmt: skip

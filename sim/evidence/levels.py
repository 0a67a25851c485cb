"""The levels that a baseline year of Jincheng 2020 should show, row by row, told apart by kind.

`input`: a number that the model is given. `fitted`: a constant is solved so that it comes out.
`emergent`: nobody sets it; it checks the model. `sum`: follows from other rows by arithmetic, and
tells nothing that they do not. A row never serves twice: what is fitted is no
evidence. Rates are per 10,000 residents a year. The values follow from a coherent account of a
year's disputes: survey pagodas, court, mediation and petition statistics, and judgement. Open
stocks follow from it by Little's law: yearly flow x mean days / 365.25. Where the days are given,
as of talks, a stock is no more than its flow.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from sim.evidence.observed import Observed
from sim.outcomes import CATALOGUE
from sim.outcomes.conflict import tolerated
from sim.outcomes.window import ratio

Read = Callable[[Observed], np.ndarray]

# How far a mean may be off, relative to what it should be. What was put in must come out; what
# nobody set stands beside figures that are themselves uncertain by more than that.
TOLERANCE = {"input": 0.05, "fitted": 0.05, "emergent": 0.25, "sum": 0.25}


@dataclass(frozen=True)
class Level:
    """One row: its number in the account, of which kind, what it should be, how it is read.

    `slug` names its text in both languages (`evidence.level.<slug>`); `read` gives one value a
    group, of which the first is everybody.
    """

    row: str
    slug: str
    kind: str
    expected: float
    read: Read


def flow(*names: str) -> Read:
    """These events together, per 10,000 residents a year."""
    return lambda w: w.per_10k(np.sum([w.flow(name) for name in names], axis=0))


def outcome(name: str) -> Read:
    """An outcome of the catalogue."""
    return lambda w: CATALOGUE[name].formula(w)


def _stock(*states: str) -> Read:
    return lambda w: w.open_in(*states)


def _live(w: Observed) -> np.ndarray:
    return w.open_in(*_LIVE)


def _recorded_per_mediator(w: Observed) -> np.ndarray:
    return outcome("mediations_recorded_per_10k")(w) / outcome("mediators_per_10k")(w)


def _failed_in_villages(w: Observed) -> np.ndarray:
    """Out of time or not agreed: all that ended there but what was agreed."""
    ended = w.flow("ended_village") + w.flow("ended_community")
    return w.per_10k(ended - w.flow("agreed_village"))


def _other_cases(w: Observed) -> np.ndarray:
    return outcome("court_cases_all_per_10k")(w) - outcome("civil_filings_per_10k")(w)


_LIVE = (
    "negotiating", "queued_village", "queued_township", "in_rooms", "in_transfer",
    "prelitigation", "litigating", "petitioning",
)  # fmt: skip

LEVELS: tuple[Level, ...] = (
    Level("1", "opened", "input", 800.0, flow("disputes_opened")),
    Level("2a", "found", "fitted", 40.0, flow("disputes_found")),
    Level("2b", "tolerated", "emergent", 277.0, lambda w: w.per_10k(tolerated(w))),
    Level("3", "talked", "fitted", 316.0, flow("brought_talk")),
    Level("4", "village", "fitted", 82.7, flow("brought_village")),
    Level("4a", "village_settled", "fitted", 50.0, flow("agreed_village")),
    Level("4b", "village_failed", "emergent", 32.7, _failed_in_villages),
    Level("4b", "late_villages", "emergent", 0.133, outcome("late_share_villages")),
    # With vacancies and over the real sizes of communities; see decision 9.
    Level(
        "4b", "late_communities", "emergent", 0.011,
        lambda w: ratio(w.flow("timed_out_community"), w.flow("ended_community")),
    ),
    Level("5", "township", "fitted", 19.8, flow("brought_township")),
    Level("6", "rooms", "fitted", 10.4, flow("brought_rooms")),
    Level("7", "recorded", "fitted", 39.3, outcome("mediations_recorded_per_10k")),
    Level("7a", "recorded_success", "fitted", 0.969, outcome("mediation_success_recorded")),
    Level("7b", "recorded_village", "emergent", 0.63, outcome("settled_in_village_share")),
    Level("7b", "recorded_township", "emergent", 0.82, outcome("settled_up_to_township_share")),
    Level("7c", "mediators", "input", 34.2, outcome("mediators_per_10k")),
    Level("7c", "recorded_per_mediator", "sum", 1.15, _recorded_per_mediator),
    Level("8", "department", "fitted", 50.4, flow("brought_department")),
    Level("8a", "labour", "emergent", 15.7, flow("brought_labour")),
    Level("9", "door_residents", "fitted", 59.5, flow("door_residents")),
    Level("9a", "door_firms", "input", 32.0, lambda w: w.per_10k(w.division_flow("door_firms"))),
    Level("10", "prelitigation_tried", "input", 27.5, outcome("prelitigation_tried_per_10k")),
    Level("10", "prelitigation_settled", "input", 17.8, outcome("prelitigation_settled_per_10k")),
    Level("11", "filings", "emergent", 73.2, outcome("civil_filings_per_10k")),
    Level("12", "other_cases", "input", 68.7, _other_cases),
    Level("13", "all_cases", "sum", 141.9, outcome("court_cases_all_per_10k")),
    Level("13", "cases_per_judge", "sum", 173.0, outcome("cases_per_judge")),
    Level("14", "petition_matters", "fitted", 20.5, flow("petition_matters_disputes")),
    Level("14a", "petition_other", "input", 14.0, flow("petition_matters_other")),
    Level("14b", "petitions_made", "emergent", 54.4, outcome("petitions_made_per_10k")),
    Level("14b", "petitions_recorded", "emergent", 49.0, outcome("petitions_recorded_per_10k")),
    Level("14d", "petition_settled", "input", 4.1, flow("settled_petition")),
    Level("15", "requests", "input", 400.0, outcome("hotline_requests_per_10k")),
    Level("15", "requests_late", "fitted", 0.34, outcome("hotline_late_share")),
    Level("17", "settled", "emergent", 416.1, flow("disputes_settled")),
    Level("17", "settled_talk", "fitted", 252.8, flow("settled_talk")),
    Level("17", "settled_township", "fitted", 12.9, flow("agreed_township")),
    Level("17", "settled_rooms", "fitted", 7.8, flow("agreed_rooms")),
    Level("17", "settled_department", "fitted", 30.2, flow("settled_department")),
    Level("17", "settled_court", "emergent", 46.7, flow("settled_court")),
    Level("18", "withdrawn", "sum", 383.9, flow("withdrawn_tolerated", "withdrawn_dropped")),
    Level("stock", "open_latent", "sum", 28.8, _stock("latent")),
    Level("stock", "open_talk", "sum", 26.0, _stock("negotiating")),
    Level("stock", "open_village", "emergent", 2.6, _stock("queued_village")),
    Level("stock", "open_township", "emergent", 0.35, _stock("queued_township")),  # decision 9
    Level("stock", "open_rooms", "sum", 0.57, _stock("in_rooms")),
    Level("stock", "open_department", "emergent", 1.9, _stock("in_transfer")),
    Level("stock", "open_prelitigation", "sum", 0.59, _stock("prelitigation")),
    Level("stock", "open_court", "emergent", 7.3, _stock("litigating")),
    Level("stock", "open_petition", "emergent", 5.6, _stock("petitioning")),
    Level("stock", "open_live", "sum", 44.8, _live),
    Level("share", "escalation", "emergent", 0.096, outcome("escalation_share")),
    Level("share", "unresolved", "emergent", 0.204, outcome("unresolved_share")),
    Level("share", "unsettled", "emergent", 0.480, outcome("unsettled_share")),
    Level("share", "participation", "fitted", 0.30, outcome("participation_rate")),
    Level("share", "deliberation", "fitted", 0.070, outcome("deliberation_rate")),
    Level("share", "meetings", "emergent", 0.13, outcome("meeting_rate")),
    Level("share", "volunteers", "fitted", 0.061, outcome("volunteer_active_share")),
    Level("share", "activities", "fitted", 0.213, outcome("activity_rate")),
    Level("mean", "grievance", "emergent", 0.12, outcome("grievance_mean")),
)  # fmt: skip

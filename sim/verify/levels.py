"""The levels that a baseline year of Jincheng 2020 should show, row by row, told apart by kind.

`input`: a number that the model is given. `fitted`: a constant is solved so that it comes out.
`emergent`: nobody sets it; it checks the model. A row never serves twice: what is fitted is no
evidence. Rates are per 10,000 residents a year. The values follow from a coherent account of a
year's disputes: survey pagodas, court, mediation and petition statistics, and judgement.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from sim.outcomes import CATALOGUE, Window
from sim.outcomes.conflict import tolerated
from sim.outcomes.window import ratio


@dataclass(frozen=True)
class Level:
    """One row: what it is, of which kind, what it should be, and how it is read off a run."""

    row: str
    text: str
    kind: str
    expected: float
    read: Callable[[Window], np.ndarray]


def _flow(*names: str) -> Callable[[Window], np.ndarray]:
    return lambda w: w.per_10k(np.sum([w.flow(name) for name in names], axis=0))


def _outcome(name: str) -> Callable[[Window], np.ndarray]:
    return lambda w: CATALOGUE[name].formula(w)


def _share(part: str, whole: str) -> Callable[[Window], np.ndarray]:
    return lambda w: ratio(w.flow(part), w.flow(whole))


_WITHDRAWN = ("withdrawn_tolerated", "withdrawn_dropped")

LEVELS: tuple[Level, ...] = (
    Level("1", "disputes arising", "input", 800.0, _flow("disputes_opened")),
    Level("2a", "found by grid workers", "fitted", 40.0, _flow("disputes_found")),
    Level("2b", "tolerated to the end", "emergent", 277.0, lambda w: w.per_10k(tolerated(w))),
    Level("3", "talked over", "fitted", 316.0, _flow("brought_talk")),
    Level("4", "brought to villages and communities", "fitted", 82.7, _flow("brought_village")),
    Level("4a", "settled there", "fitted", 50.0, _flow("agreed_village")),
    Level(
        "4b", "out of time, villages (share)", "emergent", 0.133,
        _share("timed_out_village", "ended_village"),
    ),
    Level(
        "4b", "out of time, communities (share)", "emergent", 0.004,
        _share("timed_out_community", "ended_community"),
    ),
    Level("5", "brought to townships", "fitted", 19.8, _flow("brought_township")),
    Level("6", "brought to specialised rooms", "fitted", 10.4, _flow("brought_rooms")),
    Level("7", "mediations recorded", "fitted", 39.3, _outcome("mediations_recorded_per_10k")),
    Level("7a", "success recorded", "emergent", 0.969, _outcome("mediation_success_recorded")),
    Level(
        "7b", "recorded settled in villages", "emergent", 0.63,
        _outcome("settled_in_village_share"),
    ),
    Level("7b", "with townships", "emergent", 0.82, _outcome("settled_up_to_township_share")),
    Level("8", "brought to departments", "fitted", 50.4, _flow("brought_department")),
    Level("9", "residents at the court door", "fitted", 59.5, _flow("door_residents")),
    Level(
        "9a", "firms at the court door", "input", 32.0,
        lambda w: w.per_10k(w.division_flow("door_firms")),
    ),
    Level("10", "pre-litigation tried", "input", 27.5, _outcome("prelitigation_tried_per_10k")),
    Level("10", "pre-litigation settled", "input", 17.8, _outcome("prelitigation_settled_per_10k")),
    Level("11", "civil filings", "emergent", 73.2, _outcome("civil_filings_per_10k")),
    Level("13", "all court cases", "emergent", 141.9, _outcome("court_cases_all_per_10k")),
    Level("13", "cases a judge", "emergent", 173.0, _outcome("cases_per_judge")),
    Level(
        "14", "petition matters from disputes", "fitted", 20.5, _flow("petition_matters_disputes")
    ),
    Level("14a", "other petition matters", "input", 14.0, _flow("petition_matters_other")),
    Level("14b", "petition items made", "emergent", 54.4, _outcome("petitions_made_per_10k")),
    Level(
        "14b", "petition items recorded", "emergent", 49.0,
        _outcome("petitions_recorded_per_10k"),
    ),
    Level("15", "hotline requests", "input", 400.0, _outcome("hotline_requests_per_10k")),
    Level("15", "hotline requests late (share)", "emergent", 0.34, _outcome("hotline_late_share")),
    Level("17", "settled somewhere", "emergent", 416.1, _flow("disputes_settled")),
    Level("18", "withdrawn", "emergent", 383.9, _flow(*_WITHDRAWN)),
    Level("19", "open stock (per 10,000)", "emergent", 73.7, _outcome("open_backlog_per_10k")),
    Level("s6", "escalation share", "emergent", 0.096, _outcome("escalation_share")),
    Level("s6", "unresolved share", "emergent", 0.204, _outcome("unresolved_share")),
    Level("s6", "unsettled share", "emergent", 0.480, _outcome("unsettled_share")),
    Level("s6", "participation rate", "fitted", 0.30, _outcome("participation_rate")),
    Level("s6", "meeting rate, two years", "emergent", 0.13, _outcome("meeting_rate")),
    Level(
        "s6", "active volunteers, of residents", "fitted", 0.061,
        _outcome("volunteer_active_share"),
    ),
    Level("s6", "activity rate", "fitted", 0.213, _outcome("activity_rate")),
    Level("s1", "mean grievance", "emergent", 0.12, _outcome("grievance_mean")),
)  # fmt: skip


def levels_of(scale: float, years: float, seeds: Sequence[int]) -> np.ndarray:
    """Every row of LEVELS at the base levers, shape (seeds, rows)."""
    from sim.engine.build import warm
    from sim.engine.load import load
    from sim.outcomes import groups_of, moment

    scenario = load("jincheng-2020", {"scale": scale, "time.years": years})
    found = []
    for seed in seeds:
        running = warm(scenario, seed)
        groups = groups_of(tuple(scenario.place.divisions))
        first = moment(running.world, running.clock.begins)
        for _ in range(round(years * 365.25 / scenario.step_days)):
            running.step()
        last = moment(running.world, running.clock.begins)
        window = Window(running.world, groups, first, last)
        found.append([float(np.atleast_1d(level.read(window))[0]) for level in LEVELS])
    return np.array(found)

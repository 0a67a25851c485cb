"""Turns what happened in a world into named numbers with units, for everybody and by group.

Reading order: window, outcome, conflict, society, government, network, evaluate, course.
"""

from sim.outcomes.conflict import CONFLICT
from sim.outcomes.course import CURVE_DAYS, Course, Reading, reading
from sim.outcomes.evaluate import evaluate
from sim.outcomes.government import GOVERNMENT
from sim.outcomes.network import NETWORK
from sim.outcomes.outcome import Outcome
from sim.outcomes.society import SOCIETY
from sim.outcomes.window import Groups, Moment, Window, groups_of, moment

CATALOGUE: dict[str, Outcome] = {
    outcome.name: outcome for outcome in (*CONFLICT, *SOCIETY, *GOVERNMENT, *NETWORK)
}
HEADLINES: tuple[str, ...] = tuple(name for name, o in CATALOGUE.items() if o.headline)

__all__ = [
    "CATALOGUE",
    "CURVE_DAYS",
    "HEADLINES",
    "Course",
    "Groups",
    "Moment",
    "Outcome",
    "Reading",
    "Window",
    "evaluate",
    "groups_of",
    "moment",
    "reading",
]

"""Turns what happened in a world into named numbers with units, for everybody and by group.

Reading order: window, outcome, conflict, cases, joint_action, society, people, living, civic,
learning, government, place, works, network, evaluate, course, silent.
"""

from sim.outcomes.cases import CASES
from sim.outcomes.civic import CIVIC
from sim.outcomes.conflict import CONFLICT
from sim.outcomes.course import CURVE_DAYS, Course, Reading, reading
from sim.outcomes.evaluate import evaluate
from sim.outcomes.government import GOVERNMENT
from sim.outcomes.joint_action import JOINT_ACTION
from sim.outcomes.learning import LEARNING
from sim.outcomes.living import LIVING
from sim.outcomes.network import NETWORK
from sim.outcomes.outcome import Outcome
from sim.outcomes.people import PEOPLE
from sim.outcomes.place import PLACE
from sim.outcomes.silent import MAKES, silent_in
from sim.outcomes.society import SOCIETY
from sim.outcomes.window import Groups, Moment, Window, groups_of, moment
from sim.outcomes.works import WORKS

PARTS = (
    *(CONFLICT, CASES, JOINT_ACTION, SOCIETY, PEOPLE, LIVING, CIVIC, LEARNING),
    *(GOVERNMENT, PLACE, WORKS, NETWORK),
)
CATALOGUE: dict[str, Outcome] = {outcome.name: outcome for part in PARTS for outcome in part}
HEADLINES: tuple[str, ...] = tuple(name for name, o in CATALOGUE.items() if o.headline)

__all__ = [
    "CATALOGUE",
    "CURVE_DAYS",
    "HEADLINES",
    "MAKES",
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
    "silent_in",
]

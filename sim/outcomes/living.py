"""Outcomes of what people live from: posts, work lost, registrations granted."""

import numpy as np

from sim.outcomes.outcome import Outcome
from sim.outcomes.window import Window, ratio
from sim.world.flows import REGISTRATIONS


def posts(w: Window) -> np.ndarray:
    """Posts, filled or not; they are nobody's yet, so no class of registration has any."""
    by_place = np.zeros(w.world.flows.cells)
    by_place[:: len(REGISTRATIONS)] = w.world.tables["cells"].jobs
    found: np.ndarray = w.groups.members @ by_place
    of_a_class = np.array([by == "registration" for by in w.groups.by])
    return np.where(of_a_class, np.nan, found)


def work_lost(w: Window) -> np.ndarray:
    """Losses of work a year over people with work at the end."""
    return ratio(w.flow("separations"), w.years * w.adults * w.mean(w.world.people.employed))


LIVING = (
    Outcome(
        "jobs", "posts", "Posts at the end, filled or not", "期末岗位数，含空缺岗位",
        "Posts", "岗位", posts, "higher",
    ),
    Outcome(
        "work_lost_rate", "losses a worker a year",
        "How often people lose work, per person with work and year",
        "每名就业者每年失去工作的次数",
        "Work lost", "失业流入率", work_lost, "lower",
    ),
    Outcome(
        "registrations_granted", "adults a year",
        "Adults who were granted local registration by points",
        "每年通过积分获准落户的成年人",
        "Granted by points", "积分落户",
        lambda w: w.flow("granted") / w.years, "none",
    ),
)  # fmt: skip

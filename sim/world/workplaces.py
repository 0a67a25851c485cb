"""Who works with which employer.

No list of staff is kept. A person's employer in a spell of work follows from the luck of that
spell and the sizes of the employers of the division, so it can be asked for when it matters.
"""

import numpy as np

from sim.world.bodies import EMPLOYER, FIRM_KINDS
from sim.world.world import World


class Workplaces:
    """The employers of a place, each within reach of as many people as it has of the jobs."""

    def __init__(self, world: World) -> None:
        firms = world.firms
        kind = firms.kind if "kind" in firms else np.zeros(0, np.int8)
        rows = np.flatnonzero(kind == FIRM_KINDS.index(EMPLOYER))
        division = firms.division[rows] if len(rows) else np.zeros(0, np.int8)
        self.rows = rows[np.argsort(division, kind="stable")]
        self._edges = np.zeros(len(rows))
        for place in range(world.divisions if len(rows) else 0):
            here = np.flatnonzero(firms.division[self.rows] == place)
            if len(here):
                reach = np.cumsum(firms.employees[self.rows[here]], dtype=float)
                self._edges[here] = place + reach / reach[-1]

    def of(self, world: World, persons: np.ndarray, spells: np.ndarray) -> np.ndarray:
        """The employer (row of firms) of these people in these spells of work."""
        people = world.people
        luck = world.draws.uniform("labour.employer", people.id[persons], spells)
        reached = np.searchsorted(self._edges, people.division[persons] + luck)
        found: np.ndarray = self.rows[np.minimum(reached, len(self.rows) - 1)]
        return found

    def now(self, world: World, persons: np.ndarray) -> np.ndarray:
        """The employer (row of firms) of these people at present, -1 of those who do not work."""
        people = world.people
        found = np.full(len(persons), -1, np.int64)
        if len(self.rows):
            works = people.alive[persons] & people.employed[persons]
            found[works] = self.of(world, persons[works], people.job_spell[persons[works]])
        return found

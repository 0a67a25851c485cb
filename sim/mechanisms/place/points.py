"""The list of points: who may be granted registration, in which order, and how far the quota goes.

points = 10 a year of residence (to 10 years) + 20 insured + 15 own home + 10 under 45
       + 5 volunteer

A month adds a twelfth of the yearly quota to what is carried; the highest on the list are granted
one after the other for as long as the carried number covers the adults that each stands for, ties
by lot. If everybody was granted, a month's quota at most is carried on.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from sim.kernel import Clock
from sim.kernel.clock import DAYS_PER_YEAR
from sim.world.flows import KINDS, REGISTRATIONS
from sim.world.world import World

MOST_YEARS = 10.0  # of residence that count
YOUNG_BELOW = 45
NON_LOCAL, RURAL = REGISTRATIONS.index("non_local"), KINDS.index("rural")


class PointsList:
    """Ranks applicants; `carried` is the part of the quota that is not used yet, in adults."""

    def __init__(self, points: Mapping[str, float], threshold: float, belonging: float) -> None:
        self.points, self.threshold, self.belonging = points, threshold, belonging
        self.carried = 0.0

    def applicants(self, world: World, clock: Clock) -> np.ndarray:
        """Who may be granted (rows): from elsewhere, a year in city or town, with enough points.

        Writes the points of all who have lived there for a year.
        """
        people = world.people
        here = people.alive & (people.registration == NON_LOCAL) & (people.kind != RURAL)
        rows = np.flatnonzero(here & ~people.granted & (people.belonging >= self.belonging))
        years = self.years_here(people, rows, clock)
        rows, years = rows[years >= 1.0], years[years >= 1.0]
        people.points[:] = 0.0
        people.points[rows] = self.count(people, rows, years)
        return rows[people.points[rows] >= self.threshold]

    def years_here(self, people: Any, rows: np.ndarray, clock: Clock) -> np.ndarray:
        """Years of residence; the most that count where nobody keeps account of moves."""
        if "moved_at" not in people:
            return np.full(len(rows), MOST_YEARS)
        years: np.ndarray = (clock.begins - people.moved_at[rows]) / DAYS_PER_YEAR
        return years

    def count(self, people: Any, rows: np.ndarray, years: np.ndarray) -> np.ndarray:
        """The points of these people."""
        total = self.points["year_of_residence"] * np.minimum(np.floor(years), MOST_YEARS)
        total = total + self.points["insured"] * people.insured[rows]
        total += self.points["under_45"] * (people.age[rows] < YOUNG_BELOW)
        for what, column in (("own_home", "own_home"), ("volunteer", "volunteers")):
            if column in people:
                total += self.points[what] * people[column][rows]
        return total

    def grant(self, world: World, clock: Clock, quota: float) -> np.ndarray:
        """A month's quota (adults of the real place) goes to the highest on the list (rows)."""
        people = world.people
        rows = self.applicants(world, clock)
        luck = world.draws.uniform("services.points", people.id[rows], clock.date.year)
        ranked = rows[np.lexsort((luck, -people.points[rows]))]
        needed = np.cumsum(people.weight[ranked], dtype=float)
        self.carried += quota
        number = int(np.searchsorted(needed, self.carried + 1e-9, side="right"))
        if number:
            self.carried = max(self.carried - float(needed[number - 1]), 0.0)
        if number == len(ranked):
            self.carried = min(self.carried, quota)
        granted: np.ndarray = ranked[:number]
        return granted

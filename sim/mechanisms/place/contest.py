"""What works meet when they are begun: issues, troubled neighbours, and works that are given up."""

from typing import Any

import numpy as np

from sim.kernel import Clock, Table
from sim.mechanisms.place.register import NEVER
from sim.mechanisms.place.works_count import count_of
from sim.world.exposed import expose, exposed_of
from sim.world.issues import IssuePost, how_ended, open_issue
from sim.world.world import World


class Contest:
    """Opposition to works, under the rule's parameters and the base levers of the place.

    `rate` is how many disputes a year a troubled neighbour has.
    """

    def __init__(self, rule: Any, base: dict[str, np.ndarray]) -> None:
        self.rule, self._base = rule, base
        self.rate = self.exposure_rate()

    def exposure_rate(self) -> float:
        """Disputes a year of an exposed neighbour: together the stated share of all at the base."""
        unconsulted = 1.0 - np.average(
            self._base["projects.consultation_share"], weights=self.rule.sites.population
        )
        exposed = (
            self.rule.register.starts_per_year
            * unconsulted
            * self.rule.sites.touched(self.rule.neighbours)
        )
        exposed *= self.rule.register.mean_build_years()
        disputes = self.rule.sites.environment_disputes * self.rule.neighbours_share_of_disputes
        return float(disputes / exposed) if exposed > 0.0 else 0.0

    def begin(self, world: World, projects: Table, clock: Clock) -> None:
        """Building begins: some works meet an issue, and neighbours not asked are troubled."""
        rows = ((projects.begun >= clock.begins) & (projects.begun < clock.ends)).nonzero()[0]
        contested = rows[self.contested(world, projects)[rows]]
        count_of(world, "project_issues", projects.division[contested])
        seen = (projects.unit[contested] >= 0) & world.is_on("mobilisation")
        self.rule.register.give_up_some(world, projects, contested[~seen])
        for row in contested[seen]:
            division = int(projects.division[row])
            post = IssuePost(
                int(projects.id[row]),
                "projects",
                float(projects.begun[row]),
                division,
                unit=int(projects.unit[row]),
                office=int(world.office_of["department"][division]),
            )
            open_issue(world, post)
            projects.issue[row] = True
        self.trouble(world, rows, clock.begins)

    def contested(self, world: World, works: Table) -> np.ndarray:
        """Whether an issue opens when a work is begun; asking beforehand makes it less likely."""
        chance = np.where(works.consulted, 1.0 + self.rule.consultation_protest_cut, 1.0)
        luck = world.draws.uniform("projects.issue", works.id)
        opens: np.ndarray = luck < self.rule.issue_chance * chance
        return opens

    def trouble(self, world: World, rows: np.ndarray, now: float) -> None:
        """Neighbours of works begun without consultation are exposed until they are built."""
        projects: Table = world.tables["projects"]
        for row in rows[~projects.consulted[rows]]:
            identity = projects.id[row]
            persons = self.rule.sites.neighbours(
                world, identity, int(projects.stand_in[row]), self.rule.neighbours
            )
            begins = max(float(projects.begun[row]), now)
            ends = min(projects.built[row], projects.cancelled[row])
            expose(world, persons, "environment", self.rate, begins, float(ends), identity)

    def give_up(self, world: World, projects: Table, clock: Clock) -> None:
        """A work whose issue was conceded is given up; its neighbours are left in peace."""
        now = clock.begins
        for row in (projects.issue & (projects.cancelled == NEVER)).nonzero()[0]:
            how = how_ended(world, int(projects.id[row]))
            if how is not None:
                projects.issue[row] = False
            if how == "conceded" and projects.built[row] > now:
                projects.cancelled[row] = now
                exposed = exposed_of(world)
                exposed.ends[exposed.cause == projects.id[row]] = now

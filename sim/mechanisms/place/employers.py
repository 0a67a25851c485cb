"""Employers and their workers: whom they dismissed of late, and unpaid wages."""

import numpy as np

from sim.kernel import Clock, entity_ids
from sim.world.issues import IssuePost, open_issue
from sim.world.workplaces import Workplaces
from sim.world.world import World

FEWEST = 5  # people from whom on unpaid wages are a matter of many; as petitions count them


class Employers:
    """Who lost work with which employer in the last weeks; posts a wages issue when many did."""

    def __init__(self, world: World, window_days: float) -> None:
        self.workplaces = Workplaces(world)
        self.rows = self.workplaces.rows
        self._window_days = window_days
        self._firm, self._person = np.zeros(0, np.int64), np.zeros(0, np.int64)
        self._day = np.zeros(0)

    def note(
        self, world: World, clock: Clock, persons: np.ndarray, spells: np.ndarray, at: np.ndarray
    ) -> None:
        """These people lost the work of these spells on these days; forget what is long ago."""
        if not len(self.rows):
            return
        stays = self._day > clock.ends - self._window_days
        self._firm = np.concatenate((self._firm[stays], self.workplaces.of(world, persons, spells)))
        self._person = np.concatenate((self._person[stays], persons))
        self._day = np.concatenate((self._day[stays], at))

    def count(self, world: World, filled: np.ndarray) -> None:
        """How many work with each employer, and how many it dismissed of late.

        `filled` are the filled posts of each division, in adults.
        """
        firms, rows = world.firms, self.rows
        if not len(rows):
            return
        weight = np.maximum(firms.weight[rows], 1e-9)
        firms.jobs[rows] = firms.employees[rows] * filled[firms.division[rows]] / weight
        lost = np.bincount(self._firm, world.people.weight[self._person], minlength=len(firms))
        firms.laid_off[rows] = lost[rows] / weight

    def open_issues(self, world: World, share: float, chance: float) -> int:
        """Where more than this share lost work, an issue of wages opens with this chance.

        A firm is asked once in a window. Returns how many opened.
        """
        firms = world.firms
        if not len(self.rows) or not len(self._firm):
            return 0
        many = np.bincount(self._firm, minlength=len(firms)) >= FEWEST
        ready = self.rows[
            many[self.rows] & (firms.laid_off[self.rows] > share * firms.jobs[self.rows])
        ]
        opened = 0
        for firm in ready:
            theirs = self._firm == firm
            latest = float(self._day[theirs].max())
            if latest - firms.asked_at[firm] < self._window_days:
                continue
            firms.asked_at[firm] = latest
            firms.asked[firm] += 1
            if (
                world.draws.uniform("labour.wages_issue", firms.id[firm], firms.asked[firm])
                < chance
            ):
                opened += 1
                members = np.unique(self._person[theirs])
                self._open(world, int(firm), latest, members[world.people.alive[members]])
        return opened

    def _open(self, world: World, firm: int, at: float, members: np.ndarray) -> None:
        firms = world.firms
        issue = entity_ids("labour.wages_issue", firms.id[firm], firms.asked[firm])
        post = IssuePost(
            int(issue), "wages", at, int(firms.division[firm]), members=members, firm=firm
        )
        open_issue(world, post)

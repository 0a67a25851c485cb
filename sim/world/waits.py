"""What an office's recent cases took: the wait that a disputant expects there.

The mean days of the cases that left in the last 26 weeks, together with one case of the usual
length, so that an office without cases is expected to be as usual.
"""

import numpy as np

from sim.world.adding import add_all, add_each

REMEMBERED_WEEKS = 26


class Waits:
    """Days per case by office over a ring of weeks; `usual_days` is the baseline by office."""

    def __init__(self, usual_days: np.ndarray) -> None:
        self.usual_days = np.asarray(usual_days, float)
        self._days = np.zeros((REMEMBERED_WEEKS, self.usual_days.size))
        self._cases = np.zeros_like(self._days)
        self._week = 0

    def turn_to(self, week: int) -> None:
        """Move on to a calendar week and forget the weeks that fall out of memory."""
        for gone in range(self._week + 1, min(week, self._week + REMEMBERED_WEEKS) + 1):
            self._days[gone % REMEMBERED_WEEKS] = 0.0
            self._cases[gone % REMEMBERED_WEEKS] = 0.0
        self._week = max(self._week, week)

    def record(self, offices: np.ndarray, days: np.ndarray) -> None:
        """Remember cases that left these offices after so many days."""
        slot = self._week % REMEMBERED_WEEKS
        add_all(self._days[slot], offices, days)
        add_each(self._cases[slot], offices, 1.0)

    def expected(self) -> np.ndarray:
        """The expected days by office."""
        cases = self._cases.sum(axis=0)
        return (self._days.sum(axis=0) + self.usual_days) / (cases + 1.0)

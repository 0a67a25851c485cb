"""How many runs of a batch a cluster is given, from the time that runs have taken so far.

A batch costs the command some 30 ms however many runs it has. A batch of four runs is long enough
for that to be less than 2 % of it unless runs take less than half a second; such go in larger ones.
"""

import math

from sim.sweep.batches import RUNS

LEAST_SECONDS = 2.0  # of a batch, of which 33 ms are 1.7 %
MOST_RUNS = 64  # of a batch: for runs of some 30 ms, below which each by itself costs 2 %


class Pace:
    """Seconds of work of a run in proportion to its size (scale times steps), as measured."""

    def __init__(self) -> None:
        self.expected: float | None = None  # before a run of this sweep has been measured
        self._seconds = self._sizes = 0.0

    def note(self, seconds: float, size: float) -> None:
        """A run of this size took so long."""
        self._seconds += seconds
        self._sizes += size

    def runs(self, size: float) -> int:
        """How many runs of this size a batch has."""
        rate = self._seconds / self._sizes if self._sizes else self.expected
        if not rate:
            return RUNS
        return min(max(RUNS, math.ceil(LEAST_SECONDS / (rate * size))), MOST_RUNS)

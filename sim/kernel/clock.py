"""The clock of a run: days since the reported start, in steps of 1, 3.5 or 7 days.

Warm-up steps have negative days. Rates are per year everywhere; only the clock knows the step.
"""

import math
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

DAYS_PER_YEAR = 365.25
DAYS_PER_WEEK = 7.0
WARM_UP_WEEKS = 52


@dataclass
class Clock:
    """One step: the half-open interval [begins, ends) in days since `start`."""

    start: date
    step_days: float = 7.0
    begins: float = -WARM_UP_WEEKS * DAYS_PER_WEEK

    @property
    def ends(self) -> float:
        """The end of the step, in days since `start`."""
        return self.begins + self.step_days

    @property
    def dt_years(self) -> float:
        """The length of the step in years."""
        return self.step_days / DAYS_PER_YEAR

    @property
    def week(self) -> int:
        """Which calendar week the step lies in, counted from the start of the warm-up.

        Candidates for disputes and acts stand on this weekly grid, whatever the step.
        """
        return math.floor(self.begins / DAYS_PER_WEEK + 1e-9) + WARM_UP_WEEKS

    @property
    def week_begins(self) -> float:
        """The day on which the current week begins."""
        return (self.week - WARM_UP_WEEKS) * DAYS_PER_WEEK

    @property
    def reporting(self) -> bool:
        """Whether the step belongs to the reported time rather than to the warm-up."""
        return self.begins > -1e-9

    @property
    def date(self) -> date:
        """The calendar date on which the step begins."""
        return self.start + timedelta(days=math.floor(self.begins + 1e-9))

    def chance(self, rate_per_year):  # type: ignore[no-untyped-def]
        """The chance that an event of constant hazard (per year) comes within the step."""
        return -np.expm1(-rate_per_year * self.dt_years)

    def kept(self, rate_per_year):  # type: ignore[no-untyped-def]
        """The share that is left after one step of decay at this rate (per year)."""
        return 1.0 - self.chance(rate_per_year)

    def advance(self) -> None:
        """Move on to the next step."""
        self.begins = self.ends

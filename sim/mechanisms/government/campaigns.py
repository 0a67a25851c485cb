"""A campaign surges at its start and at every inspection, tires offices out, and leaves a trough.

    surge c <- 1 at the start and at each inspection, else c halves in so many days
    debt z:  dz/dt = r (c - z)       the exact step, with c falling meanwhile

After the end c dies with its half-life and z with 1/r years: first the surge, then the trough.
"""

from dataclasses import dataclass

import numpy as np

from sim.kernel import Table
from sim.kernel.clock import DAYS_PER_YEAR


@dataclass(frozen=True)
class Tempo:
    """How fast a surge fades (half-life, days), how often it is renewed, how fast debt follows."""

    half_life_days: float
    inspections_per_year: float
    recovery_per_year: float

    def surge(self, campaigns: Table, day: np.ndarray | float) -> np.ndarray:
        """The surge on a day, by division: 1 at an inspection; 0 where none ever was."""
        return np.exp2((campaigns.inspected - day) / self.half_life_days)

    def pass_time(
        self, campaigns: Table, on: np.ndarray, begins: float, ends: float
    ) -> tuple[np.ndarray, np.ndarray]:
        """The mean surge and the mean debt of a step by division; the table moves to its end."""
        new = on & np.isnan(campaigns.began)
        campaigns.began[new] = campaigns.inspected[new] = begins
        campaigns.began[~on] = np.nan
        at = np.full(len(campaigns), begins)
        sums = np.zeros((2, len(campaigns)))
        if not np.isfinite(campaigns.inspected).any() and not campaigns.debt.any():
            return sums[0], sums[1]
        spacing = DAYS_PER_YEAR / self.inspections_per_year
        while True:
            coming = np.where(on, campaigns.inspected + spacing, np.inf)
            until = np.minimum(coming, ends)
            sums += self._piece(campaigns, at, np.maximum(until - at, 0.0))
            if not np.any(coming < ends):
                break
            campaigns.inspected[:] = np.where(coming < ends, coming, campaigns.inspected)
            at = until
        campaigns.surge[:] = self.surge(campaigns, ends)
        surge, debt = sums / (ends - begins)
        return surge, debt

    def _piece(self, campaigns: Table, at: np.ndarray, days: np.ndarray) -> np.ndarray:
        """Surge and debt summed over days without an inspection; the debt moves on."""
        fading = np.log(2.0) / self.half_life_days * DAYS_PER_YEAR
        if abs(fading - self.recovery_per_year) < 1e-6:
            fading += 1e-6  # the solution below has its limit there
        recovery, years = self.recovery_per_year, days / DAYS_PER_YEAR
        first, debt = self.surge(campaigns, at), campaigns.debt.copy()
        faded, recovered = np.exp(-fading * years), np.exp(-recovery * years)
        drawn = recovery * first / (recovery - fading)
        campaigns.debt[:] = debt * recovered + drawn * (faded - recovered)
        surges = first * (1.0 - faded) / fading
        debts = (debt - campaigns.debt) / recovery + surges  # dz/dt = r (c - z), summed over time
        return np.stack([surges, debts]) * DAYS_PER_YEAR

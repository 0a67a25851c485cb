"""The baseline that slopes centre on: means and spreads at the start, never updated."""

import numpy as np

from sim.world.world import World

STANDARDISED = (
    "trust_community",
    "trust_township",
    "trust_city",
    "trust_court",
    "norm",
    "legal_awareness",
    "efficacy",
    "belonging",
    "grievance",
)


class Baseline:
    """Weighted mean and standard deviation of person columns when the world was built."""

    def __init__(self, world: World) -> None:
        self.moments: dict[str, tuple[float, float]] = {}
        weights = world.people.weight.astype(float)
        for name in STANDARDISED:
            if name in world.people:
                values = world.people[name].astype(float)
                mean = float(np.average(values, weights=weights))
                spread = float(np.sqrt(np.average((values - mean) ** 2, weights=weights)))
                self.moments[name] = (mean, max(spread, 1e-9))

    def standardised(self, world: World, name: str, persons: np.ndarray) -> np.ndarray:
        """Standard deviations from the baseline mean for these people (rows)."""
        mean, spread = self.moments[name]
        return (world.people[name][persons] - mean) / spread

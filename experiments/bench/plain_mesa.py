"""Influence, grievance and dispute arrivals as one would write them in Mesa: an agent a person.

It stands beside Shiyu in `make bench`. The rules are the same in kind (seven states drawn towards
the neighbours', grievance that gathers and fades, disputes that arise at random); nobody settles
anything. Every agent keeps a list of its neighbours.
"""

import math

import mesa

from sim.world.ties import Ties

STATES = 7
STEP_YEARS = 7.0 / 365.25
RATE = 2.0
SUSCEPTIBILITY = 0.5
INFLOW, IN_DISPUTE, DECAY = 0.08, 0.4, 0.92
DISPUTES_A_YEAR = 0.0964


class Adult(mesa.Agent):
    """One person with states, grievance, open disputes, and the people they know."""

    def __init__(self, model: mesa.Model) -> None:
        super().__init__(model)
        self.states = [self.random.random() for _ in range(STATES)]
        self.anchors = list(self.states)
        self.grievance = 0.1
        self.disputes: list[float] = []
        self.known: list[tuple[Adult, float]] = []

    def step(self) -> None:
        """A week: look around, brood, perhaps fall out with somebody."""
        self.look_around()
        self.brood()
        self.quarrel()

    def look_around(self) -> None:
        """States move towards a mix of the neighbours' and one's own."""
        total = sum(weight for _, weight in self.known)
        if not total:
            return
        left = math.exp(-RATE * STEP_YEARS)
        for k in range(STATES):
            mean = sum(weight * other.states[k] for other, weight in self.known) / total
            rest = SUSCEPTIBILITY * mean + (1.0 - SUSCEPTIBILITY) * self.anchors[k]
            self.states[k] = rest + (self.states[k] - rest) * left

    def brood(self) -> None:
        """Grievance gathers while a dispute is open, and fades."""
        inflow = INFLOW + (IN_DISPUTE if self.disputes else 0.0)
        rest = inflow / (inflow + DECAY)
        self.grievance = rest + (self.grievance - rest) * math.exp(-(inflow + DECAY) * STEP_YEARS)

    def quarrel(self) -> None:
        """Disputes end after a month and arise at random, the more the more aggrieved."""
        now = self.model.steps * STEP_YEARS
        self.disputes = [end for end in self.disputes if end > now]
        rate = DISPUTES_A_YEAR * math.exp(0.8 * (self.grievance - 0.12))
        if self.random.random() < 1.0 - math.exp(-rate * STEP_YEARS):
            self.disputes.append(now + self.random.expovariate(12.0))


class PlainCity(mesa.Model):
    """Adults on given ties."""

    def __init__(self, ties: Ties, seed: int = 1) -> None:
        super().__init__(seed=seed)
        adults = [Adult(self) for _ in range(ties.n)]
        for row, adult in enumerate(adults):
            span = slice(ties.indptr[row], ties.indptr[row + 1])
            others, weights = ties.indices[span].tolist(), ties.strength[span].tolist()
            adult.known = [(adults[k], w) for k, w in zip(others, weights, strict=True)]

    def step(self) -> None:
        """A week for everybody, in random order."""
        self.agents.shuffle_do("step")

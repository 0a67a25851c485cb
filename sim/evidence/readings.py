"""What is read of a run that is no outcome: how pay of new jobs spreads, disputes of one domain.

Each has its text in both languages (`evidence.response.<slug>`).
"""

from collections.abc import Mapping

import numpy as np

from sim.evidence.levels import Read, outcome
from sim.evidence.observed import Observed
from sim.outcomes import CATALOGUE
from sim.world.disputes import DOMAINS
from sim.world.flows import KINDS


def _pay_spread(w: Observed) -> np.ndarray:
    """The sd of log pay around the mean of its sector and kind of place, of jobs begun since."""
    people = w.world.people
    new = people.alive & people.employed & (people.wage > 0.0) & (people.separated_at > w.first.day)
    pay, weight = np.log(people.wage[new].astype(np.float64)), people.weight[new]
    cell = people.sector[new].astype(np.intp) * len(KINDS) + people.kind[new]
    means = np.bincount(cell, weight * pay) / np.maximum(np.bincount(cell, weight), 1e-12)
    return np.array([np.sqrt(np.average((pay - means[cell]) ** 2, weights=weight))])


def _log_open(domain: str) -> Read:
    """The log of the mean number of open disputes of a domain: its differences are relative."""
    place = DOMAINS.index(domain)
    return lambda w: np.log(w.open_by_domain[[place]])


READINGS: Mapping[str, Read] = {
    "pay_spread_new_jobs": _pay_spread,
    "environment_disputes": _log_open("environment"),
    "water_disputes": _log_open("water"),
}


def reading(name: str) -> Read:
    """An outcome of the catalogue, or one of READINGS."""
    return outcome(name) if name in CATALOGUE else READINGS[name]

"""States of mind at the start: beta marginals, joined by a Gaussian copula.

The normal scores of a person belong to the person's identity; the four trusts share a part of
them, so that who trusts one institution tends to trust the others.
"""

from functools import cache

import numpy as np
from scipy.special import betaincinv, ndtr

from sim.kernel import Draws
from sim.world.place import Place

SPREAD_STATES = (
    "trust_community",
    "trust_township",
    "trust_city",
    "trust_court",
    "norm",
    "legal_awareness",
    "efficacy",
)
CLASSES = ("local_urban", "local_rural", "non_local")
_NODES = np.linspace(0.0, 1.0, 1025)


@cache
def _table(mean: float, sd: float) -> np.ndarray:
    size = mean * (1.0 - mean) / sd**2 - 1.0
    return betaincinv(mean * size, (1.0 - mean) * size, _NODES)


def beta_quantile(u: np.ndarray, mean: float, sd: float) -> np.ndarray:
    """Quantiles at `u` of the beta distribution with this mean and sd, by interpolation.

    sd must be below sqrt(mean (1 - mean)).
    """
    return np.interp(u, _NODES, _table(round(float(mean), 9), round(float(sd), 9)))


def state_normals(person_ids: np.ndarray, draws: Draws, correlation: float = 0.5) -> np.ndarray:
    """Normal scores of SPREAD_STATES, shape (people, 7)."""
    scores = np.stack(
        [draws.normal(f"world.state.{name}", person_ids) for name in SPREAD_STATES], axis=1
    )
    shared = draws.normal("world.state.trust", person_ids)[:, None]
    scores[:, :4] = np.sqrt(correlation) * shared + np.sqrt(1.0 - correlation) * scores[:, :4]
    return scores


def state_means(place: Place, registration: np.ndarray) -> np.ndarray:
    """The stated mean of each of SPREAD_STATES for each person, shape (people, 7)."""
    by_class = np.empty((3, len(SPREAD_STATES)))
    away = np.array([0.0, 0.0, 1.0])
    shift = place.value("start.trust.non_local_shift")
    for k, institution in enumerate(("community", "township", "city", "court")):
        by_class[:, k] = place.value(f"start.trust.{institution}.mean")
        by_class[:, k] += shift * away * (k < 2)
    by_class[:, 4] = place.value("start.norm.mean")
    by_class[:, 5] = place.keyed("start.legal_awareness.mean", CLASSES)
    by_class[:, 6] = place.value("start.efficacy.mean")
    by_class[:, 6] += place.values.get("start.efficacy.non_local_shift", 0.0) * away
    return by_class[registration]


def state_sds(place: Place) -> np.ndarray:
    """The stated standard deviation of each of SPREAD_STATES, shape (7,)."""
    names = ("trust", "trust", "trust", "trust", "norm", "legal_awareness", "efficacy")
    return np.array([place.value(f"start.{name}.sd") for name in names])


def drawn_by_mean(scores: np.ndarray, means: np.ndarray, sd: float) -> np.ndarray:
    """Beta draws from normal scores, each person with the own mean (few distinct ones)."""
    out = np.empty(len(scores), np.float32)
    chances = ndtr(scores)
    for mean in np.unique(means):
        here = means == mean
        out[here] = beta_quantile(chances[here], mean, sd)
    return out

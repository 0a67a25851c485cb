"""What people think at the start: seven states that spread over ties, drawn from stated moments.

Each is beta distributed on 0-1 with the mean of the person's class. The four trusts hang together
through a common factor (a Gaussian copula); the others are independent. A state is a function of
the person's own normal number, so that anchors can be drawn again with the same luck.
"""

from functools import lru_cache

import numpy as np
from numba import njit
from scipy.special import betaincinv, ndtr, ndtri

from sim.kernel import Draws
from sim.world.figures import INSTITUTIONS
from sim.world.flows import REGISTRATIONS
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
TRUSTS = len(INSTITUTIONS)  # the first of the states, in this order
CLASSES = REGISTRATIONS
NON_LOCAL = CLASSES.index("non_local")
_KNOWS_LESS = ("community", "township")  # institutions that people from elsewhere trust less
_REACH = 5.5  # normal scores beyond it: one person in 26 million
_KNOTS = 2201


def state_normals(person_ids: np.ndarray, draws: Draws, correlation: float = 0.5) -> np.ndarray:
    """Standard normal scores of SPREAD_STATES, float32, shape (people, 7).

    `correlation` is that between any two trusts (`start.trust.correlation` of a place).
    """
    scores = np.empty((len(person_ids), len(SPREAD_STATES)), np.float32)
    common = np.sqrt(correlation) * draws.normal("world.state.trust", person_ids)
    for k, name in enumerate(SPREAD_STATES):
        own = draws.normal(f"world.state.{name}", person_ids)
        scores[:, k] = common + np.sqrt(1.0 - correlation) * own if k < TRUSTS else own
    return scores


def state_means(place: Place, registration: np.ndarray) -> np.ndarray:
    """The stated mean of each of SPREAD_STATES for each person, shape (people, 7)."""
    return class_means(place)[registration]


def class_means(place: Place) -> np.ndarray:
    """The stated mean of each of SPREAD_STATES in each class of registration, shape (3, 7)."""
    means = np.zeros((len(CLASSES), len(SPREAD_STATES)))
    for k, institution in enumerate(INSTITUTIONS):
        means[:, k] = place.value(f"start.trust.{institution}.mean")
        if institution in _KNOWS_LESS:
            means[NON_LOCAL, k] += place.value("start.trust.non_local_shift")
    means[:, TRUSTS] = place.value("start.norm.mean")
    means[:, TRUSTS + 1] = place.keyed("start.legal_awareness.mean", CLASSES)
    means[:, TRUSTS + 2] = place.value("start.efficacy.mean")
    means[NON_LOCAL, TRUSTS + 2] += place.value("start.efficacy.non_local_shift")
    return means


def state_sds(place: Place) -> np.ndarray:
    """The stated standard deviation of each of SPREAD_STATES within a class, shape (7,)."""
    names = (*["trust"] * TRUSTS, "norm", "legal_awareness", "efficacy")
    return np.array([place.value(f"start.{name}.sd") for name in names])


def beta_quantile(u: np.ndarray, mean: float, sd: float) -> np.ndarray:
    """Quantiles at `u` in (0, 1) of the beta distribution with this mean and sd, float32.

    Read off a table over normal scores, so that both tails are as fine as the middle. Raises
    ValueError unless 0 < mean < 1 and 0 < sd < sqrt(mean (1 - mean)).
    """
    return beta_of_normal(ndtri(np.asarray(u, float)), mean, sd)


def beta_of_normal(scores: np.ndarray, mean: float, sd: float) -> np.ndarray:
    """The beta quantile of each normal score, float32: same rank, other distribution."""
    table = _table(float(mean), float(sd))
    flat = np.ascontiguousarray(scores).reshape(-1)
    out = np.empty(flat.size, np.float32)
    _read_off(flat, table, out)
    return out.reshape(np.shape(scores))


def beta_by_class(
    scores: np.ndarray, classes: np.ndarray, means: tuple[float, ...], sd: float
) -> np.ndarray:
    """The beta quantile of each normal score with the mean of the person's class, float32."""
    tables = _tables(means, sd)
    out = np.empty(len(scores), np.float32)
    _read_off_by_class(np.ascontiguousarray(scores), classes, tables, out)
    return out


def drawn_by_mean(scores: np.ndarray, means: np.ndarray, sd: float) -> np.ndarray:
    """Beta values from normal scores, each person with the own mean (few distinct ones)."""
    out = np.empty(len(scores), np.float32)
    for mean in np.unique(means):
        here = means == mean
        out[here] = beta_of_normal(scores[here], float(mean), sd)
    return out


@lru_cache(maxsize=512)
def _table(mean: float, sd: float) -> np.ndarray:
    size = mean * (1.0 - mean) / (sd * sd) - 1.0 if sd > 0.0 else 0.0
    if not (0.0 < mean < 1.0 and size > 0.0):
        raise ValueError(f"no distribution on 0-1 has the mean {mean:g} and the sd {sd:g}")
    chances = ndtr(np.linspace(-_REACH, _REACH, _KNOTS))
    return betaincinv(mean * size, (1.0 - mean) * size, chances)


@lru_cache(maxsize=64)
def _tables(means: tuple[float, ...], sd: float) -> np.ndarray:
    return np.stack([_table(float(mean), float(sd)) for mean in means])


@njit(inline="always")
def _value_at(score, table):  # type: ignore[no-untyped-def]
    last = table.size - 1
    place = (score + _REACH) / (2.0 * _REACH) * last
    place = min(max(place, 0.0), last - 1e-9)
    knot = int(place)
    part = place - knot
    return table[knot] * (1.0 - part) + table[knot + 1] * part


@njit(cache=True)
def _read_off(scores, table, out):  # type: ignore[no-untyped-def]
    for i in range(scores.size):
        out[i] = _value_at(scores[i], table)


@njit(cache=True)
def _read_off_by_class(scores, classes, tables, out):  # type: ignore[no-untyped-def]
    for i in range(scores.size):
        out[i] = _value_at(scores[i], tables[classes[i]])

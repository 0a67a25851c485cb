"""What a graph of ties comes to: degrees, local shares, clustering, and mixing of the classes.

Cross-class means between a locally registered person and a non-local one. Homophily is 1 less the
ratio of the observed cross-class share to the share expected if every pick fell on anybody in its
pool, over all ties but those of the household: the unit without the own household for ties inside,
the other units of the division or of the place for ties outside, the employed for co-workers, the
villages for the outside kin of non-local people (`tie_inputs` holds these shares).
"""

import numpy as np
from numba import njit

from sim.kernel import Table, entity_ids
from sim.world.tie_inputs import CHAIN_SHARE, WITHIN_DIVISION
from sim.world.tie_pools import NON_LOCAL_CLASS, RURAL_KIND
from sim.world.ties import LAYERS, Ties

SAMPLE = 20_000  # people whose clustering is measured; standard error of the mean below .001


@njit(cache=True)
def _local_clustering(indptr, indices, sample):  # type: ignore[no-untyped-def]
    seen = np.full(indptr.size - 1, -1, np.int32)
    total = 0.0
    for person in sample:
        begin, end = indptr[person], indptr[person + 1]
        degree = end - begin
        if degree < 2:
            continue
        for entry in range(begin, end):
            seen[indices[entry]] = person
        closed = 0
        for entry in range(begin, end):
            other = indices[entry]
            for further in range(indptr[other], indptr[other + 1]):
                closed += seen[indices[further]] == person
        total += closed / (degree * (degree - 1))
    return total / max(1, sample.size)


def clustering(ties: Ties, sample: np.ndarray | None = None) -> float:
    """The mean share of pairs of acquaintances who know each other; 0 below two acquaintances.

    Over the people rows in `sample`, else over everybody.
    """
    rows = np.arange(ties.n) if sample is None else np.asarray(sample, np.int64)
    return float(_local_clustering(ties.indptr, ties.indices, rows))


def measured(ties: Ties, people: Table) -> dict[str, float]:
    """The reported outputs that belong to the inputs `ties.*`, under the same names.

    Returns:
        `degree` and `degree.<layer>` (ties per adult), `local_share.<layer>` (share inside the
        unit; 0 for a layer without ties), `clustering` (over at most `SAMPLE` people, by hash),
        `cross_class_share` (of all ties) and `homophily` (0 where one class stands alone).
    """
    rows = np.repeat(np.arange(ties.n, dtype=np.int32), ties.degree)
    inside = people.unit[rows] == people.unit[ties.indices]
    non_local = people.registration == NON_LOCAL_CLASS
    cross = non_local[rows] != non_local[ties.indices]
    found = {"degree": ties.indices.size / max(1, ties.n)}
    observed = expected = 0.0
    for name in LAYERS:
        held = ties.in_layer(name)
        near = int(np.count_nonzero(held & inside))
        far = int(np.count_nonzero(held)) - near
        found[f"degree.{name}"] = (near + far) / max(1, ties.n)
        found[f"local_share.{name}"] = near / max(1, near + far)
        if name != "household" and near + far:
            by_chance = _Mixing(people, name)
            observed += int(np.count_nonzero(held & cross))
            expected += near * by_chance.inside() + far * by_chance.outside()
    found["clustering"] = clustering(ties, _sample(people))
    found["cross_class_share"] = float(np.count_nonzero(cross)) / max(1, cross.size)
    found["homophily"] = 1.0 - observed / expected if expected > 0.0 else 0.0
    return found


def _sample(people: Table) -> np.ndarray:
    if len(people) <= SAMPLE:
        return np.arange(len(people))
    order = np.argpartition(entity_ids("ties.clustering", people.id), SAMPLE)
    return np.sort(order[:SAMPLE])


class _Mixing:
    """The chance that a pick of one layer crosses the classes if homophily plays no part."""

    def __init__(self, people: Table, layer: str) -> None:
        members = np.asarray(people.employed, bool) if layer == "coworkers" else slice(None)
        self.layer = layer
        self.household = people.household[members]
        self.unit = people.unit[members]
        self.division = people.division[members]
        self.non_local = (people.registration == NON_LOCAL_CLASS)[members]
        self.rural = (people.kind == RURAL_KIND)[members]

    def inside(self) -> float:
        """Over picks within the unit, the own household left out."""
        everybody = np.ones(self.unit.size, bool)
        return _mean_chance(*self._others(self.unit, self.household, everybody))

    def outside(self) -> float:
        """Over picks outside the unit, in the division or anywhere."""
        everybody = np.ones(self.unit.size, bool)
        crossing = self._far(everybody)
        if self.layer == "kin":
            chained = CHAIN_SHARE * self.non_local * self._far(self.rural)
            crossing = np.where(self.non_local, (1.0 - CHAIN_SHARE) * crossing + chained, crossing)
        return float(np.mean(crossing))

    def _far(self, listed: np.ndarray) -> np.ndarray:
        place = np.zeros(self.unit.size, np.int64)
        anywhere = _chance(*self._others(place, self.unit, listed))
        crossing, others = self._others(self.division, self.unit, listed)
        all_others = self._others(self.division, self.unit, np.ones(self.unit.size, bool))[1]
        own = np.bincount(self.unit)[self.unit]
        share = WITHIN_DIVISION[self.layer] * np.minimum(1.0, all_others / own)
        near = np.where(others > 0, _chance(crossing, others), anywhere)
        mixed: np.ndarray = share * near + (1.0 - share) * anywhere
        return mixed

    def _others(
        self, pool: np.ndarray, own: np.ndarray, listed: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """For each person: listed people of the other class, and all listed, in pool less own."""
        all_listed = _counts(pool, listed) - _counts(own, listed)
        non_local = _counts(pool, listed & self.non_local) - _counts(own, listed & self.non_local)
        return np.where(self.non_local, all_listed - non_local, non_local), all_listed


def _counts(groups: np.ndarray, marked: np.ndarray) -> np.ndarray:
    counts: np.ndarray = np.bincount(groups, weights=marked)[groups]
    return counts


def _chance(crossing: np.ndarray, others: np.ndarray) -> np.ndarray:
    chances: np.ndarray = crossing / np.maximum(others, 1.0)
    return chances


def _mean_chance(crossing: np.ndarray, others: np.ndarray) -> float:
    return float(np.mean(_chance(crossing, others)))

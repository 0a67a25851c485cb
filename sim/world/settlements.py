"""Villages and communities of a place, and the whole units that a scale keeps.

The full list is drawn first: sizes are lognormal and add up to the census by division; the largest
villages count as `town` until the division reaches its urban share; a community is cut into grids.
A scale keeps whole units, by division and kind: the sizes are gone through in order with a random
start (systematic sampling), so that the kept units are as large on average as the others. Weights
carry the rest, so that every stratum's adults are represented exactly.
"""

from dataclasses import dataclass

import numpy as np

from sim.kernel import Draws, entity_ids
from sim.world.place import Place

URBAN, TOWN, RURAL = range(3)


@dataclass(frozen=True)
class Settlements:
    """The full list of units: one row a village or an urban grid.

    `settlement` numbers the village or community that a unit belongs to, `residents` are real
    residents, `adults` whole persons, `first_person` the number of its first adult in the full
    population.
    """

    division: np.ndarray
    kind: np.ndarray
    settlement: np.ndarray
    settlement_residents: np.ndarray
    residents: np.ndarray
    adults: np.ndarray
    first_person: np.ndarray
    grids: np.ndarray


def settle(place: Place, draws: Draws) -> Settlements:
    """Draw every village and community of the place."""
    parts = [_division(place, d, draws) for d in range(len(place.divisions))]
    division = np.concatenate([np.full(len(p["kind"]), d) for d, p in enumerate(parts)])
    joined = {key: np.concatenate([p[key] for p in parts]) for key in parts[0]}
    offsets = np.cumsum([0] + [int(p["settlement"].max()) + 1 for p in parts[:-1]])
    settlement = joined["settlement"] + offsets[division]
    adults = np.maximum(8, np.rint(joined["residents"] * place.by_division("adult_share")[division]))
    adults = adults.astype(np.int64)
    return Settlements(
        division=division.astype(np.int8),
        kind=joined["kind"].astype(np.int8),
        settlement=settlement,
        settlement_residents=joined["whole"],
        residents=joined["residents"],
        adults=adults,
        first_person=np.concatenate([[0], np.cumsum(adults)[:-1]]),
        grids=joined["grids"],
    )


def _division(place: Place, d: int, draws: Draws) -> dict[str, np.ndarray]:
    """Units of one division: urban grids first, then villages by falling size."""
    name = place.divisions[d]
    figure = {f: place.values[f"divisions.{name}.{f}"] for f in ("population", "urban_share")}
    communities = int(place.values[f"divisions.{name}.communities"])
    villages = int(place.values[f"divisions.{name}.villages"])
    mean = place.values.get(f"divisions.{name}.community_residents", 0.0)
    urban_total = communities * mean if villages else figure["population"]
    grid = place.value("world.residents_per_community_grid")
    urban = _sizes(draws, "community", d, communities, urban_total, place)
    rural = np.sort(_sizes(draws, "village", d, villages, figure["population"] - urban_total, place))
    rural = rural[::-1]
    grids = np.maximum(1, np.rint(urban / grid)).astype(int)
    reached = urban_total + np.cumsum(rural) - rural / 2.0
    town = reached < figure["urban_share"] * figure["population"]
    return {
        "kind": np.concatenate([np.full(grids.sum(), URBAN), np.where(town, TOWN, RURAL)]),
        "settlement": np.concatenate(
            [np.repeat(np.arange(communities), grids), communities + np.arange(villages)]
        ).astype(np.int64),
        "whole": np.concatenate([np.repeat(urban, grids), rural]),
        "residents": np.concatenate([np.repeat(urban / grids, grids), rural]),
        "grids": np.concatenate(
            [np.ones(grids.sum()), np.maximum(1, np.rint(rural / grid))]
        ),
    }


def _sizes(
    draws: Draws, what: str, d: int, count: int, total: float, place: Place
) -> np.ndarray:
    """So many lognormal sizes that add up to a total."""
    if not count:
        return np.zeros(0)
    variation = place.value(f"world.{what}_size_cv")
    log_sd = np.sqrt(np.log1p(variation**2))
    ids = entity_ids(what, d, np.arange(count))
    raw = np.exp(log_sd * draws.normal(f"world.{what}_size", ids))
    return raw * total / raw.sum()


def kept_units(
    full: Settlements, place: Place, scale: float, draws: Draws
) -> tuple[np.ndarray, np.ndarray]:
    """Which units (rows of the full list, ascending) a scale keeps, and the weight of each."""
    kind = full.kind.astype(np.int64)
    if scale < place.values.get("world.kinds_merge_below", 0.0):
        kind = np.where(kind == RURAL, TOWN, kind)
    strata, stratum = np.unique(full.division * 3 + kind, return_inverse=True)
    sizes = np.bincount(stratum)
    counts = _shares_out(sizes, scale)
    rows, weights = [], []
    for s in range(len(strata)):
        members = np.flatnonzero(stratum == s)
        members = members[np.argsort(-full.residents[members], kind="stable")]
        start = float(draws.uniform("world.sample", entity_ids("stratum", int(strata[s])))[()])
        places = ((np.arange(counts[s]) + start) * sizes[s] / counts[s]).astype(np.int64)
        chosen = members[np.minimum(places, sizes[s] - 1)]
        rows.append(chosen)
        represented = full.adults[members].sum() / full.adults[chosen].sum()
        weights.append(np.full(len(chosen), represented))
    order = np.argsort(np.concatenate(rows), kind="stable")
    return np.concatenate(rows)[order], np.concatenate(weights)[order]


def _shares_out(sizes: np.ndarray, scale: float) -> np.ndarray:
    """How many units each stratum keeps: at least one, the rest by largest remainder."""
    wanted = sizes * scale
    counts = np.maximum(1, np.floor(wanted)).astype(np.int64)
    short = int(round(wanted.sum())) - int(counts.sum())
    for s in np.argsort(-(wanted - np.floor(wanted)), kind="stable"):
        if short > 0 and counts[s] < sizes[s]:
            counts[s] += 1
            short -= 1
    return counts

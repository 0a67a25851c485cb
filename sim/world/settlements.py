"""The full list of villages and urban grids of a place, and the stratified sample that is kept.

The whole list is drawn first, whatever the scale, so that a unit and a person have the same
identity at every scale. Sizes are lognormal within a division and add up to its census total; the
largest villages are towns until the division reaches its urban share; a community falls into grids.
"""

import math

import numpy as np

from sim.kernel import Draws, Fault, ScenarioError, Table, entity_ids
from sim.kernel.draws import fnv1a64
from sim.world.place import Place

URBAN, TOWN, RURAL = 0, 1, 2  # positions in sim.world.flows.KINDS
SMALLEST_VILLAGE = 50.0  # residents: communities never leave less than this to each village
KM_PER_DEGREE = 111.2  # along a meridian
_GOLDEN = (math.sqrt(5.0) - 1.0) / 2.0


def list_settlements(place: Place, draws: Draws) -> Table:
    """Every unit of the place, one row each, by division, urban grids before villages.

    Columns: id, division, kind, residents (float64), adults, offset (identity of its first adult),
    community (a number, -1 for a village), served (residents of its committee), grids, x, y (km).
    Adults are whole and add up to round(population x adult share) in each division.
    """
    parts = [_division(place, draws, d) for d in range(len(place.divisions))]
    earlier = np.concatenate([[0], np.cumsum(np.rint(place.by_division("communities")))])
    for part, before in zip(parts, earlier.astype(np.int32), strict=False):
        part["community"][part["community"] >= 0] += before
    columns = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    units = Table(len(columns["kind"]), **columns)
    units.id = np.arange(len(units), dtype=np.uint64)
    units.offset = (np.cumsum(units.adults) - units.adults).astype(np.uint64)
    return units


def kept_units(settlements: Table, place: Place, scale: float, draws: Draws) -> Table:
    """The sample of whole units at a scale, with the weight of each.

    Strata are division x kind; below `world.kinds_merge_below` towns and villages are one. Each
    stratum that is not empty keeps at least one unit. Within a stratum the list is ordered by size
    and passed through at equal distances from a random start, so that sampled sizes stay near the
    stratum's; starts are spread over the strata by the golden ratio, so that errors in size cancel.
    `weight` = adults of the stratum / its sampled adults. Raises ScenarioError for a scale that the
    place cannot carry.
    """
    _refuse_scale(place, scale)
    rows = np.arange(len(settlements))
    weight = np.ones(len(settlements))
    if scale < 1.0:
        rows, weight = _sample(settlements, place, scale, draws)
    kept = Table(len(rows), **{name: settlements[name][rows] for name in settlements})
    kept.weight = weight
    return kept


def _refuse_scale(place: Place, scale: float) -> None:
    smallest = place.value("world.smallest_scale")
    if not smallest <= scale <= 1.0:
        trouble = f"{scale:g} is not a scale of {place.name}"
        allowed = f"allowed: {smallest:g} to 1 (share of the place)"
        raise ScenarioError([Fault(place.name, 0, 0, "scale", trouble, allowed)])


def _division(place: Place, draws: Draws, number: int) -> dict[str, np.ndarray]:
    slug = place.divisions[number]
    figure = place.group(f"divisions.{slug}")
    word = np.uint64(fnv1a64(slug))
    communities, villages = _sizes(place, draws, figure, word)
    grids = np.maximum(1, np.rint(communities / place.value("world.residents_per_community_grid")))
    of_grid = np.repeat(np.arange(len(communities)), grids.astype(int))
    residents = np.concatenate([(communities / grids)[of_grid], villages])
    kind = np.concatenate(
        [np.full(len(of_grid), URBAN), _village_kinds(villages, communities.sum(), figure)]
    )
    community = np.concatenate([of_grid, np.full(len(villages), -1)])
    own_grids = np.floor(villages / place.value("world.residents_per_community_grid"))
    x, y = _positions(place, draws, number, figure, word, community, len(villages))
    adults = figure["population"] * figure["adult_share"]
    return {
        "division": np.full(len(kind), number, np.int8),
        "kind": kind.astype(np.int8),
        "residents": residents,
        "adults": apportioned(residents, max(1, round(adults))).astype(np.int32),
        "community": community.astype(np.int32),
        "served": np.concatenate([communities[of_grid], villages]),
        "grids": np.concatenate([np.ones(len(of_grid)), np.maximum(1.0, own_grids)]),
        "x": x.astype(np.float32),
        "y": y.astype(np.float32),
    }


def _sizes(
    place: Place, draws: Draws, figure: dict[str, float], word: np.uint64
) -> tuple[np.ndarray, np.ndarray]:
    """Residents of each community and of each village; together the census total."""
    total = figure["population"]
    communities = _lognormal(
        draws, "community_size", word, figure["communities"], place.value("world.community_size_cv")
    )
    villages = _lognormal(
        draws, "village_size", word, figure["villages"], place.value("world.village_size_cv")
    )
    urban = len(communities) * figure["community_residents"]
    if len(villages):
        urban = min(urban, total - min(total / 2, SMALLEST_VILLAGE * len(villages)))
        villages *= (total - urban) / villages.sum()
    else:
        urban = total
    if len(communities):
        communities *= urban / communities.sum()
    return communities, villages


def _lognormal(draws: Draws, what: str, word: np.uint64, count: float, cv: float) -> np.ndarray:
    sd = math.sqrt(math.log1p(cv * cv))
    ids = entity_ids(what, word, np.arange(round(count)))
    return np.exp(sd * draws.normal(f"world.{what}", ids))


def _village_kinds(villages: np.ndarray, urban: float, figure: dict[str, float]) -> np.ndarray:
    """The largest villages are towns, as many as bring the urban residents nearest their share."""
    wanted = figure["urban_share"] * figure["population"] - urban
    order = np.argsort(-villages, kind="stable")
    reached = np.concatenate([[0.0], np.cumsum(villages[order])])
    kinds = np.full(len(villages), RURAL)
    kinds[order[: int(np.argmin(np.abs(reached - wanted)))]] = TOWN
    return kinds


def seats(place: Place) -> tuple[np.ndarray, np.ndarray]:
    """Kilometres east and north of the middle of all seats, for the seat of each division."""
    latitudes, longitudes = place.by_division("latitude"), place.by_division("longitude")
    east = math.cos(math.radians(float(latitudes.mean())))
    return (
        (longitudes - longitudes.mean()) * KM_PER_DEGREE * east,
        (latitudes - latitudes.mean()) * KM_PER_DEGREE,
    )


def _positions(
    place: Place,
    draws: Draws,
    number: int,
    figure: dict[str, float],
    word: np.uint64,
    community: np.ndarray,
    villages: int,
) -> tuple[np.ndarray, np.ndarray]:
    """Kilometres east and north of the middle of the seats; villages all over the division."""
    seat_x, seat_y = (axis[number] for axis in seats(place))
    outer = math.sqrt(figure["area"] / math.pi)
    inner = min(outer, place.value("world.seat_radius_km"))
    urban = community[community >= 0]
    ids = np.concatenate(
        [entity_ids("community", word, urban), entity_ids("village", word, np.arange(villages))]
    )
    reach = np.concatenate([np.full(len(urban), inner), np.full(villages, outer)])
    distance = reach * np.sqrt(draws.uniform("world.position", ids, 0, 0))
    angle = 2.0 * math.pi * draws.uniform("world.position", ids, 0, 1)
    return seat_x + distance * np.cos(angle), seat_y + distance * np.sin(angle)


def _sample(
    settlements: Table, place: Place, scale: float, draws: Draws
) -> tuple[np.ndarray, np.ndarray]:
    stratum = stratum_of(settlements, merged=scale < place.value("world.kinds_merge_below"))
    present, counts = np.unique(stratum, return_counts=True)
    kept = shared_out(counts, scale)
    first = float(draws.uniform("world.sample", 0))
    rows, weights = [], []
    for k, (which, count) in enumerate(zip(present, kept, strict=True)):
        members = np.flatnonzero(stratum == which)
        members = members[np.argsort(settlements.adults[members], kind="stable")]
        start = (first + k * _GOLDEN) % 1.0
        picks = ((start + np.arange(count)) * len(members) / count).astype(int)
        chosen = members[np.minimum(picks, len(members) - 1)]
        rows.append(chosen)
        share = settlements.adults[members].sum() / settlements.adults[chosen].sum()
        weights.append(np.full(count, share))
    order = np.argsort(np.concatenate(rows))
    return np.concatenate(rows)[order], np.concatenate(weights)[order]


def stratum_of(units: Table, *, merged: bool) -> np.ndarray:
    """The stratum of every unit: division x kind, towns counted as rural when `merged`."""
    kind = np.where(units.kind == TOWN, RURAL, units.kind) if merged else units.kind
    return units.division.astype(int) * 3 + kind


def shared_out(counts: np.ndarray, scale: float) -> np.ndarray:
    """How many units each stratum keeps: at least one, the rest by largest remainder.

    Strata whose share is below one keep one each; the others share what is left of
    round(scale x all units) in proportion to their number, none more than it has.
    """
    kept = np.ones(len(counts), np.int64)
    large = np.arange(len(counts))
    total = max(round(scale * float(counts.sum())), len(counts))
    while len(large):
        left = total - (len(counts) - len(large))
        quota = left * counts[large] / counts[large].sum()
        if (quota >= 1.0).all():
            kept[large] = np.minimum(apportioned(counts[large], left), counts[large])
            break
        large = large[quota >= 1.0]
    return kept


def apportioned(sizes: np.ndarray, total: int) -> np.ndarray:
    """Whole numbers in proportion to sizes that add up to `total`: largest remainder.

    Ties go to the earlier one.
    """
    quota = total * sizes / sizes.sum()
    whole = np.floor(quota)
    missing = round(float(total - whole.sum()))
    order = np.argsort(-(quota - whole), kind="stable")
    whole[order[:missing]] += 1
    return whole.astype(np.int64)

"""The chances from which people are drawn, solved so that the stated shares of the place come out.

They depend on the place and on its full list of settlements, never on the scale.
"""

from dataclasses import dataclass

import numpy as np

from sim.kernel import Table
from sim.world.figures import AGE_BANDS, WORKING_SECTORS
from sim.world.flows import KINDS
from sim.world.place import Place
from sim.world.settlements import RURAL

_HIGHEST_CHANCE = 0.99  # somebody is registered where they live
_BISECTIONS = 80


@dataclass(frozen=True)
class Marginals:
    """Chances by division d, kind k, class c (0 local, 1 non-local), age band b, sector s.

    `non_local` (d, k): that an adult is registered elsewhere. `local_urban` (k,): that a local is
    registered as urban. `ages` (c, b). `force` (b,): in the labour force. `unemployed` (k,): of the
    labour force. `sectors` (k, s): of the employed.
    """

    non_local: np.ndarray
    local_urban: np.ndarray
    ages: np.ndarray
    force: np.ndarray
    unemployed: np.ndarray
    sectors: np.ndarray


def marginals_of(place: Place, settlements: Table) -> Marginals:
    """Solve the chances of a place.

    The overall labour force, employment, unemployment, age and class shares are met exactly in
    expectation, as long as no chance meets its bound of 0 or 1.
    """
    cells = settlements.division.astype(int) * len(KINDS) + settlements.kind
    shape = (len(place.divisions), len(KINDS))
    adults = _summed(cells, settlements.adults, shape)
    residents = _summed(cells, settlements.residents, shape)
    non_local = _non_local(place, residents)
    share = float((non_local * adults).sum() / adults.sum())
    ages = _ages(place, share)
    force = _force(place, ages, share)
    by_kind = adults.sum(axis=0)
    movers = (non_local * adults).sum(axis=0) / np.maximum(by_kind, 1.0)
    force_by_kind = by_kind * (ages[0] @ force * (1.0 - movers) + ages[1] @ force * movers)
    sectors = np.array(
        [place.keyed(f"labour.sector_share.{name}", KINDS) for name in WORKING_SECTORS]
    ).T
    return Marginals(
        non_local,
        _local_urban(place, adults * (1.0 - non_local)),
        ages,
        force,
        _unemployed(place, force_by_kind),
        sectors / sectors.sum(axis=1, keepdims=True),
    )


def _summed(cells: np.ndarray, what: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    size = shape[0] * shape[1]
    return np.bincount(cells, weights=what, minlength=size).reshape(shape)


def _non_local(place: Place, residents: np.ndarray) -> np.ndarray:
    """The chance that an adult is registered elsewhere, by division and kind.

    Floating residents are given by division, and their share in built-up kinds for the whole place.
    One ratio r of rural to built-up chances, the same in all divisions, meets both: residents of a
    division float with chance f/(U + r R) in built-up kinds and r f/(U + r R) in rural ones.
    """
    floating = place.by_division("floating")
    rural = residents[:, RURAL]
    urban = residents.sum(axis=1) - rural
    wanted = (1.0 - place.value("world.floating_urban_share")) * floating.sum()

    def chances(ratio: float) -> tuple[np.ndarray, np.ndarray]:
        base = floating / np.maximum(urban + ratio * rural, 1e-9)
        return base, np.where(rural > 0, ratio * base, 0.0)

    low, high = -20.0, 20.0
    for _ in range(_BISECTIONS):
        middle = (low + high) / 2.0
        if (chances(np.exp(middle))[1] * rural).sum() < wanted:
            low = middle
        else:
            high = middle
    in_urban, in_rural = chances(float(np.exp((low + high) / 2.0)))
    of_adults = place.value("world.floating_adult_share") / place.by_division("adult_share")
    by_kind = np.stack([in_urban, in_urban, in_rural], axis=1) * of_adults[:, None]
    return np.clip(by_kind, 0.0, _HIGHEST_CHANCE)


def _local_urban(place: Place, locals_: np.ndarray) -> np.ndarray:
    """Locals of built-up kinds hold urban registration with one chance, rural locals none."""
    population, floating = place.by_division("population"), place.by_division("floating")
    residents = population.sum() - floating.sum()
    adults_each = locals_.sum() / max(residents, 1.0)
    wanted = place.value("world.class_share.local_urban") * population.sum() * adults_each
    built_up = locals_[:, :RURAL].sum()
    chance = min(1.0, wanted / built_up) if built_up > 0 else 0.0
    return np.array([chance, chance, 0.0])


def _ages(place: Place, non_local: float) -> np.ndarray:
    """Age bands of locals (row 0) and people from elsewhere (row 1), adding up to the place's."""
    overall = place.keyed("world", tuple(f"{band}_share" for band in AGE_BANDS))
    overall /= overall.sum()
    movers = place.keyed("world.floating_age_share", AGE_BANDS)
    movers /= movers.sum()
    residents = np.clip(overall - non_local * movers, 0.0, None)
    return np.stack([residents / residents.sum(), movers])


def _force(place: Place, ages: np.ndarray, non_local: float) -> np.ndarray:
    """The labour force by age band; the level follows from employment and unemployment."""
    pattern = place.keyed("labour.force_by_age", AGE_BANDS)
    overall = (1.0 - non_local) * ages[0] + non_local * ages[1]
    employed = place.value("labour.employed_share")
    level = employed / (1.0 - place.value("labour.unemployment_share"))
    return np.clip(pattern * level / (overall @ pattern), 0.0, 1.0)


def _unemployed(place: Place, force: np.ndarray) -> np.ndarray:
    """Unemployment by kind; the level is the place's."""
    pattern = place.keyed("labour.unemployment_by_kind", KINDS)
    mean = (force @ pattern) / force.sum()
    level = place.value("labour.unemployment_share")
    return np.clip(pattern * level / mean if mean > 0 else np.full(3, level), 0.0, 1.0)

"""The chances from which people are drawn meet every stated level of the place in expectation."""

import numpy as np
import pytest

from sim.kernel import Draws
from sim.world.figures import AGE_BANDS, WORKING_SECTORS
from sim.world.flows import KINDS
from sim.world.marginals import Marginals, marginals_of
from sim.world.place import Place, load_place
from sim.world.settlements import RURAL, list_settlements

CLOSE = 2e-3  # adults of a unit are whole


@pytest.fixture(scope="module")
def place() -> Place:
    return load_place("jincheng-2020")


@pytest.fixture(scope="module")
def solved(place: Place) -> tuple[Marginals, np.ndarray, np.ndarray]:
    """The chances, and the adults and residents by division and kind of place."""
    units = list_settlements(place, Draws(4))
    cells = units.division.astype(int) * 3 + units.kind
    size = 3 * len(place.divisions)
    adults, residents = (
        np.bincount(cells, weights=units[what], minlength=size).reshape(-1, 3)
        for what in ("adults", "residents")
    )
    return marginals_of(place, units), adults, residents


def test_each_division_has_its_floating_adults_and_villages_their_share_of_all(place, solved):
    """.88 of floating residents are adults; 15 in 100 floating residents live in villages."""
    marginals, adults, residents = solved
    away = (marginals.non_local * adults).sum(axis=1)
    assert away == pytest.approx(place.by_division("floating") * 0.88, rel=CLOSE)
    of_adults = 0.88 / place.by_division("adult_share")
    floating = marginals.non_local * residents / of_adults[:, None]
    assert floating[:, RURAL].sum() / floating.sum() == pytest.approx(0.15, rel=1e-6)
    here = residents > 0
    ratio = (marginals.non_local[:, RURAL] / marginals.non_local[:, 0])[here[:, RURAL]]
    assert ratio == pytest.approx(np.full(len(ratio), ratio[0]))


def test_urban_registration_has_its_share_of_residents_and_none_in_villages(place, solved):
    """39 in 100 residents, and locals have as many adults a resident whatever their class."""
    marginals, adults, _ = solved
    at_home = adults * (1.0 - marginals.non_local)
    urban = (at_home * marginals.local_urban).sum() / at_home.sum()
    population, floating = place.by_division("population"), place.by_division("floating")
    expected = 0.39 * population.sum() / (population - floating).sum()
    assert urban == pytest.approx(expected, rel=1e-9)
    assert marginals.local_urban[RURAL] == 0.0
    assert marginals.local_urban[0] == marginals.local_urban[1]


def test_ages_work_and_want_of_work_have_the_level_of_the_place(place, solved):
    marginals, adults, _ = solved
    away = marginals.non_local * adults
    share = away.sum() / adults.sum()
    everybody = (1.0 - share) * marginals.ages[0] + share * marginals.ages[1]
    stated = place.keyed("world", tuple(f"{band}_share" for band in AGE_BANDS))
    assert everybody == pytest.approx(stated / stated.sum())
    assert marginals.ages[1] == pytest.approx(place.keyed("world.floating_age_share", AGE_BANDS))
    in_force = adults * (marginals.ages[0] @ marginals.force)
    in_force += away * ((marginals.ages[1] - marginals.ages[0]) @ marginals.force)
    idle = (in_force * marginals.unemployed).sum()
    assert idle / in_force.sum() == pytest.approx(place.value("labour.unemployment_share"))
    employed = (in_force.sum() - idle) / adults.sum()
    assert employed == pytest.approx(place.value("labour.employed_share"))


def test_bands_of_age_and_kinds_of_place_keep_their_pattern_and_sectors_their_shares(place, solved):
    marginals = solved[0]
    for found, name, keys in (
        (marginals.force, "labour.force_by_age", AGE_BANDS),
        (marginals.unemployed, "labour.unemployment_by_kind", KINDS),
    ):
        pattern = place.keyed(name, keys)
        assert found / found[0] == pytest.approx(pattern / pattern[0])
    for row, kind in enumerate(KINDS):
        stated = [place.value(f"labour.sector_share.{name}.{kind}") for name in WORKING_SECTORS]
        assert marginals.sectors[row] == pytest.approx(np.array(stated) / sum(stated))

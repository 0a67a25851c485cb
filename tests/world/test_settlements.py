"""The full list of villages and grids holds the census; a scale keeps whole units of it."""

from types import SimpleNamespace

import numpy as np
import pytest

from sim.kernel import Draws, ScenarioError, Table
from sim.world.place import load_place
from sim.world.settlements import (
    RURAL,
    TOWN,
    URBAN,
    apportioned,
    kept_units,
    list_settlements,
    seats,
    shared_out,
    stratum_of,
)

SEEDS = (1, 2, 3)


@pytest.fixture(scope="module")
def place():
    return load_place("jincheng-2020")


@pytest.fixture(scope="module", params=SEEDS)
def listed(place, request):
    draws = Draws(request.param)
    return list_settlements(place, draws), draws


def test_residents_and_adults_of_a_division_are_those_of_the_census(place, listed):
    units, _ = listed
    residents = np.bincount(units.division, weights=units.residents)
    assert residents == pytest.approx(place.by_division("population"), rel=1e-12)
    adults = np.bincount(units.division, weights=units.adults)
    expected = np.rint(place.by_division("population") * place.by_division("adult_share"))
    assert adults.tolist() == expected.tolist()


def test_communities_hold_their_mean_size_and_villages_the_rest(place, listed):
    units, _ = listed
    chengqu = (units.division == 0) & (units.kind == URBAN)
    assert units.residents[chengqu].sum() == pytest.approx(95 * 5500)
    villages = (units.division == 0) & (units.kind != URBAN)
    assert villages.sum() == 40
    assert units.residents[villages].mean() == pytest.approx((574_665 - 95 * 5500) / 40)


def test_the_largest_villages_are_towns_up_to_the_urban_share(place, listed):
    units, _ = listed
    for d, wanted in enumerate(place.by_division("urban_share")):
        here = units.division == d
        towns = units.residents[here & (units.kind == TOWN)]
        rural = units.residents[here & (units.kind == RURAL)]
        assert towns.min() >= rural.max()
        share = units.residents[here & (units.kind != RURAL)].sum() / units.residents[here].sum()
        # the last town is taken or left, whichever is nearer
        assert abs(share - wanted) <= towns.min() / units.residents[here].sum()


def test_village_sizes_spread_as_stated(place, listed):
    units, _ = listed
    villages = units.residents[(units.division == 1) & (units.kind != URBAN)]
    # 580 lognormal sizes: the standard error of a coefficient of variation of .6 is near .03
    assert villages.std() / villages.mean() == pytest.approx(0.6, abs=0.13)


def test_a_community_falls_into_equal_grids(place, listed):
    units, _ = listed
    grids = np.bincount(units.community[units.community >= 0])
    assert len(grids) == 162
    rows = np.flatnonzero(units.community == 0)
    assert len(rows) == max(1, round(units.served[rows[0]] / 843))
    assert units.residents[rows] == pytest.approx(units.served[rows] / len(rows))
    assert (units.grids[units.kind == URBAN] == 1).all()


def test_identities_run_through_the_full_list(listed):
    units, _ = listed
    assert units.id.tolist() == list(range(len(units)))
    assert units.offset[0] == 0
    assert np.diff(units.offset.astype(np.int64)).tolist() == units.adults[:-1].tolist()


@pytest.mark.parametrize("scale", [0.005, 0.01, 0.05, 1.0])
def test_the_weights_stand_for_every_adult_of_a_stratum(place, listed, scale):
    units, draws = listed
    kept = kept_units(units, place, scale, draws)
    merged = scale < 0.0075
    everybody = np.bincount(stratum_of(units, merged=merged), weights=units.adults, minlength=18)
    weighted = np.bincount(
        stratum_of(kept, merged=merged), weights=kept.adults * kept.weight, minlength=18
    )
    assert weighted == pytest.approx(everybody, rel=1e-12)
    assert ((weighted > 0) == (everybody > 0)).all()


def test_a_hundredth_keeps_about_thirty_whole_units(place, listed):
    units, draws = listed
    kept = kept_units(units, place, 0.01, draws)
    assert len(kept) == round(len(units) / 100)
    urban = int((kept.kind == URBAN).sum())
    assert urban in (9, 10, 11)
    assert 15_000 < kept.adults.sum() < 25_000


def test_the_whole_place_is_kept_as_it_is(place, listed):
    units, draws = listed
    kept = kept_units(units, place, 1.0, draws)
    assert (kept.id == units.id).all()
    assert (kept.weight == 1.0).all()


def test_sampled_sizes_stay_near_those_of_the_list(place):
    ratios = []
    for seed in range(40):
        draws = Draws(seed)
        units = list_settlements(place, draws)
        kept = kept_units(units, place, 0.05, draws)
        ratios.append(kept.adults.sum() / (0.05 * units.adults.sum()))
    # simple random samples of 149 units (sd of size near 290 of 612) would spread by .039
    assert np.std(ratios) < 0.02
    assert np.mean(ratios) == pytest.approx(1.0, abs=0.02)


def test_a_village_is_drawn_as_often_as_its_scale_says(place):
    draws = Draws(5)
    units = list_settlements(place, draws)
    times = np.zeros(len(units))
    runs = 300
    for seed in range(runs):
        kept = kept_units(units, place, 0.05, Draws(seed))
        times[kept.id.astype(int)] += 1
    rural = (units.division == 1) & (units.kind == RURAL)
    order = np.argsort(units.adults[rural])
    small, large = np.split(times[rural][order], [rural.sum() // 2])
    # both halves hold 225 villages kept with chance 1/20 in 300 samples; systematic samples
    # spread less than binomial ones, whose mean has a relative standard error of .017
    assert small.mean() / large.mean() == pytest.approx(1.0, abs=0.1)
    assert times[rural].mean() / runs == pytest.approx(0.05, rel=0.15)


@pytest.mark.parametrize("scale", [0.004, 0.0, -1.0, 1.5, float("nan")])
def test_a_scale_that_the_place_cannot_carry_is_refused(place, listed, scale):
    units, draws = listed
    with pytest.raises(ScenarioError, match=r"0\.005 to 1"):
        kept_units(units, place, scale, draws)


def test_two_villages_stand_whole():
    place = load_place("two-villages")
    draws = Draws(1)
    units = list_settlements(place, draws)
    assert units.kind.tolist() == [URBAN, RURAL, RURAL]
    assert units.residents.sum() == pytest.approx(1100)
    assert units.residents[0] == pytest.approx(80)
    assert units.adults.sum() == 902  # .82 of 1,100
    with pytest.raises(ScenarioError):
        kept_units(units, place, 0.5, draws)


@pytest.mark.parametrize(("communities", "villages"), [(0, 3), (3, 0)])
def test_a_place_may_lack_villages_or_communities(communities, villages):
    place = load_place("two-villages").with_values(
        {
            "divisions.liangcun.communities": communities,
            "divisions.liangcun.villages": villages,
        }
    )
    units = list_settlements(place, Draws(1))
    assert units.residents.sum() == pytest.approx(1100)
    assert len(units) == 3


def test_more_communities_than_people_leave_the_villages_something(place):
    crowded = place.with_values({"divisions.chengqu.communities": 120})
    units = list_settlements(crowded, Draws(1))
    villages = units.residents[(units.division == 0) & (units.kind != URBAN)]
    assert villages.sum() == pytest.approx(40 * 50)


def test_largest_remainder_by_hand():
    # quotas 2.5, 1.5, 1.0: the half of the first comes first
    assert apportioned(np.array([50.0, 30.0, 20.0]), 5).tolist() == [3, 1, 1]
    assert apportioned(np.array([1.0, 1.0, 1.0]), 2).tolist() == [1, 1, 0]


def test_small_strata_keep_one_unit_and_the_others_share_the_rest():
    # 5 of 100 units: the two small strata take one each, 3 are left for 60 and 36
    assert shared_out(np.array([60, 2, 36, 2]), 0.05).tolist() == [2, 1, 1, 1]
    assert shared_out(np.array([5, 5]), 1.0).tolist() == [5, 5]


def test_towns_are_drawn_with_the_villages_where_kinds_merge():
    kinds = np.array([URBAN, TOWN, RURAL, URBAN, TOWN, RURAL], np.int8)
    units = Table(6, division=np.array([0, 0, 0, 2, 2, 2], np.int8), kind=kinds)
    assert stratum_of(units, merged=False).tolist() == [0, 1, 2, 6, 7, 8]
    assert stratum_of(units, merged=True).tolist() == [0, 2, 2, 6, 8, 8]


def test_seats_lie_by_their_degrees_around_the_middle_of_all():
    """A degree is 111.2 km to the north, and to the east by the cosine of the latitude."""
    degrees = {"latitude": np.array([59.5, 60.5]), "longitude": np.array([113.0, 112.0])}
    east, north = seats(SimpleNamespace(by_division=degrees.__getitem__))
    assert east == pytest.approx([0.5 * 111.2 * 0.5, -0.5 * 111.2 * 0.5])
    assert north == pytest.approx([-55.6, 55.6])


def test_villages_lie_all_over_a_disc_about_the_seat_and_communities_near_it(place, listed):
    """Of a uniform disc the mean of squared distances is half the squared radius."""
    units, _ = listed
    east, north = seats(place)
    outer = np.sqrt(place.by_division("area") / np.pi)
    inner = np.minimum(outer, place.value("world.seat_radius_km"))
    for urban, reach in ((True, inner), (False, outer)):
        here = (units.kind == URBAN) == urban
        _, one = np.unique(np.stack([units.x, units.y])[:, here], axis=1, return_index=True)
        rows = np.flatnonzero(here)[one]  # the grids of a community lie together
        d = units.division[rows]
        x, y = (units.x[rows] - east[d]) / reach[d], (units.y[rows] - north[d]) / reach[d]
        squares = x**2 + y**2
        assert squares.max() < 1.0 + 1e-4
        error = 4 / np.sqrt(len(rows))
        assert squares.mean() == pytest.approx(0.5, abs=error / np.sqrt(12))
        assert [x.mean(), y.mean()] == pytest.approx([0.0, 0.0], abs=error / 2)

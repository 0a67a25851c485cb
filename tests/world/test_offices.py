"""Offices keep their real headcount, whatever part of the people they serve is simulated."""

from types import SimpleNamespace

import numpy as np
import pytest

from sim.kernel import Draws, Table
from sim.world.bodies import (
    FIRM_KINDS,
    NO_ORGANISATION,
    make_firms,
    make_organisations,
    memberships,
)
from sim.world.figures import ORGANISATION_KINDS
from sim.world.offices import BY_DIVISION, CITY, OF_CITY, OFFICE_KINDS, make_offices
from sim.world.place import load_place
from sim.world.population import populate
from sim.world.settlements import URBAN, kept_units, list_settlements


@pytest.fixture(scope="module")
def place():
    return load_place("jincheng-2020")


@pytest.fixture(scope="module")
def world(place):
    return populate(place, 0.02, Draws(2))


def rows_of(offices, kind):
    return np.flatnonzero(offices.kind == OFFICE_KINDS.index(kind))


def test_every_kept_village_has_its_own_committee_of_three(world):
    _, units, offices, *_ = world
    villages = units.kind != URBAN
    own = units.committee[villages]
    assert len(np.unique(own)) == villages.sum()
    assert set(own) == set(rows_of(offices, "village"))
    assert offices.exact[own].all()
    assert (offices.persons[own] == 3).all()
    assert (offices.weight[own] == 1).all()
    assert offices.residents[own] == pytest.approx(units.residents[villages])


def test_kept_grids_of_a_community_share_its_committee_of_five(place):
    _, units, offices, *_ = populate(place, 0.3, Draws(2))
    urban = np.flatnonzero(units.kind == URBAN)
    assert np.array_equal(
        np.unique(units.committee[urban], return_inverse=True)[1],
        np.unique(units.community[urban], return_inverse=True)[1],
    )
    own = rows_of(offices, "community")
    assert len(own) < len(urban)
    assert not offices.exact[own].any()
    assert (offices.persons[own] == 5).all()
    seen = np.bincount(units.committee, weights=units.residents)[own]
    assert offices.weight[own] * seen == pytest.approx(offices.residents[own])
    assert (offices.weight[own] > 1 - 1e-12).all()


def test_only_village_committees_are_simulated_case_by_case(world):
    offices = world[2]
    assert set(np.flatnonzero(offices.exact)) == set(rows_of(offices, "village"))


def test_a_division_has_one_row_a_kind_with_the_headcount_of_the_place(world, place):
    _, units, offices, _, _, office_of = world
    for kind in BY_DIVISION:
        rows = office_of[kind]
        assert offices.division[rows].tolist() == list(range(6))
        assert (offices.kind[rows] == OFFICE_KINDS.index(kind)).all()
        assert offices.residents[rows] == pytest.approx(place.by_division("population"))
    assert offices.bodies[office_of["township"]].tolist() == [8, 17, 16, 18, 12, 14]
    assert offices.bodies[office_of["police_station"]].tolist() == [8, 17, 16, 18, 12, 14]
    assert offices.persons[office_of["court"]].tolist() == [42, 27, 29, 19, 14, 13]
    assert (offices.persons[office_of["township"]] == 2).all()
    assert (units.township == office_of["township"][units.division]).all()
    seen = np.bincount(units.division, weights=units.residents)
    assert offices.weight[office_of["court"]] * seen == pytest.approx(
        place.by_division("population")
    )


def test_the_city_has_one_row_a_kind_for_all_divisions(world):
    _, _, offices, _, _, office_of = world
    for kind in OF_CITY:
        assert len(set(office_of[kind])) == 1
        row = office_of[kind][0]
        assert offices.division[row] == CITY
        assert offices.residents[row] == 2_194_545
    assert offices.persons[office_of["rooms"][0]] == 230
    assert offices.persons[office_of["intermediate_court"][0]] == 36


def test_mediators_in_post_are_those_of_the_lever(place):
    draws = Draws(2)
    units = kept_units(list_settlements(place, draws), place, 1.0, draws)
    offices, _ = make_offices(units, place)
    mediating = sum(
        float((offices.persons * offices.bodies)[rows_of(offices, kind)].sum())
        for kind in ("village", "community", "township", "rooms")
    )
    # 2,110 x 3 + 162 x 5 + 85 x 2 + 230
    assert mediating == 7540
    base = place.bases["mediation.staff_per_10k"][0]
    assert mediating / 219.4545 == pytest.approx(base, rel=0.01)


def test_an_office_has_the_same_identity_at_every_scale(place):
    draws = Draws(2)
    small, large = (populate(place, scale, draws)[2] for scale in (0.02, 0.2))
    assert len(np.unique(large.id)) == len(large)
    _, here, there = np.intersect1d(small.id, large.id, return_indices=True)
    assert len(here) > 30
    for column in ("kind", "division", "residents", "persons", "bodies"):
        assert np.array_equal(small[column][here], large[column][there])


def test_all_organisations_exist_at_any_scale(place):
    organisations = make_organisations(place, Draws(1))
    assert len(organisations) == 1100
    counts = np.bincount(organisations.kind, minlength=len(ORGANISATION_KINDS))
    assert counts.tolist() == [198, 88, 33, 44, 55, 11, 671]
    # 1,100 x 574,665 / 2,194,545 = 288.05
    assert (organisations.division == 0).sum() == 288


def test_firms_stand_for_all_firms_of_a_division(place):
    firms = make_firms(place, 0.05, Draws(1))
    employers = firms.kind == FIRM_KINDS.index("employer")
    jobs = np.bincount(firms.division[employers], weights=firms.employees[employers])
    assert jobs == pytest.approx(np.ones(6), rel=1e-5)
    assert (firms.employees[~employers] == 0).all()
    lenders = firms.kind == FIRM_KINDS.index("lender")
    # one lender for 25,000 residents: 23 in Chengqu
    real = np.bincount(firms.division[lenders], weights=firms.weight[lenders])
    assert real == pytest.approx(np.rint(place.by_division("population") / 25_000), rel=1e-6)


def test_firms_of_a_small_scale_are_among_those_of_a_larger_one(place):
    small, large = (make_firms(place, scale, Draws(1)) for scale in (0.01, 0.1))
    assert np.isin(small.id, large.id).all()


def test_a_share_of_the_firms_is_kept_and_stands_for_all_of_them(place):
    """One employer for so many jobs, one of each other kind for so many residents: a fifth."""
    firms = make_firms(place, 0.2, Draws(1))
    residents = place.by_division("population")
    jobs = residents * place.by_division("adult_share") * place.value("labour.employed_share")
    for code, kind in enumerate(FIRM_KINDS):
        if kind == "farm":
            assert not (firms.kind == code).any()
            continue
        base, what = (jobs, "jobs") if kind == "employer" else (residents, "residents")
        real = np.maximum(1, np.rint(base / place.value(f"world.firms.{what}_per_{kind}")))
        rows = firms.kind == code
        kept = np.bincount(firms.division[rows], minlength=6)
        assert kept.tolist() == np.maximum(1, np.rint(0.2 * real)).tolist(), kind
        stands_for = np.bincount(firms.division[rows], firms.weight[rows], minlength=6)
        assert stands_for == pytest.approx(real, rel=1e-6), kind


def test_where_a_division_has_no_organisation_nobody_is_a_member():
    # of everybody a member where there is something to be a member of
    place = SimpleNamespace(divisions=("one", "two"), value=lambda name: 1.0)
    people = Table(40, id=np.arange(40), division=np.repeat(np.int8([0, 1]), 20))
    organisations = Table(3, division=np.zeros(3, np.int8))
    found = memberships(people, organisations, place, Draws(1))
    assert (found[20:] == NO_ORGANISATION).all()
    assert set(found[:20].tolist()) <= {0, 1, 2}

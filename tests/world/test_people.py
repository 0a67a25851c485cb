"""People come from stated marginals, and are the same whatever part of the place is simulated."""

import numpy as np
import pytest

from sim.kernel import Draws, Table
from sim.world.flows import KINDS
from sim.world.people import LOWEST_INCOME, SECTORS, heads_of, pooled_income
from sim.world.place import load_place
from sim.world.population import populate
from sim.world.settlements import RURAL
from sim.world.states import SPREAD_STATES

LOCAL_URBAN, LOCAL_RURAL, NON_LOCAL = range(3)
PRIMARY = SECTORS.index("primary")


@pytest.fixture(scope="module")
def place():
    return load_place("jincheng-2020")


@pytest.fixture(scope="module")
def world(place):
    return populate(place, 0.05, Draws(11))


@pytest.fixture(scope="module")
def people(world):
    return world[0]


def share(mask, people):
    """The weighted share of adults, and four of its standard errors.

    Weights lie within a factor of two of each other, so that the effective number of people is
    at least .8 of their number; class is drawn by household of 2.06 adults on average.
    """
    weights = people.weight.astype(float)
    value = float(weights[mask].sum() / weights.sum())
    return value, 4 * np.sqrt(value * (1 - value) / (0.8 * len(people)))


def test_weights_carry_the_residents_of_every_division(place, people):
    residents = np.bincount(people.division, weights=people.residents)
    assert residents == pytest.approx(place.by_division("population"), rel=1e-5)
    adults = np.bincount(people.division, weights=people.weight)
    expected = place.by_division("population") * place.by_division("adult_share")
    assert adults == pytest.approx(expected, rel=1e-5)


def test_registration_classes_have_their_shares(place, people):
    # adults: .88 of floating residents, and of locals what is left of all adults
    floating_adults = 560_000 * 0.88
    adults = float((place.by_division("population") * place.by_division("adult_share")).sum())
    locals_each = (adults - floating_adults) / (2_194_545 - 560_000)
    wanted = {
        NON_LOCAL: floating_adults / adults,
        LOCAL_URBAN: 0.39 * 2_194_545 * locals_each / adults,
        LOCAL_RURAL: 0.3548 * 2_194_545 * locals_each / adults,
    }
    assert sum(wanted.values()) == pytest.approx(1.0, abs=2e-4)
    for code, expected in wanted.items():
        found, error = share(people.registration == code, people)
        # households of about two adults share a class, and size 2.6 about the average adult
        assert found == pytest.approx(expected, abs=1.6 * error), code


def test_nobody_local_is_registered_as_urban_in_a_rural_place(people):
    assert not ((people.registration == LOCAL_URBAN) & (people.kind == RURAL)).any()


def test_people_from_elsewhere_live_in_built_up_places(people):
    weights = people.weight.astype(float)
    moved = people.registration == NON_LOCAL
    found = weights[moved & (people.kind != RURAL)].sum() / weights[moved].sum()
    assert found == pytest.approx(0.85, abs=4 * 1.6 * np.sqrt(0.85 * 0.15 / (0.8 * moved.sum())))


def test_a_household_shares_unit_and_registration(people):
    heads = heads_of(people)
    for column in ("unit", "registration", "household", "income"):
        assert (people[column] == people[column][heads]).all(), column
    assert people.household[0] == 0
    assert np.isin(np.diff(people.household), (0, 1)).all()
    assert people.household.dtype == np.int32


def test_an_adult_lives_with_1_42_others_on_average(people):
    sizes = np.bincount(people.household).astype(float)
    assert sizes.max() == 4
    # shares .27, .47, .19, .07: sum n (n - 1) / sum n = 2.92 / 2.06
    assert (sizes * (sizes - 1)).sum() / sizes.sum() == pytest.approx(2.92 / 2.06, abs=0.03)


def test_age_groups_have_their_shares(people):
    for low, high, expected in ((18, 34, 0.285), (35, 59, 0.4704), (60, 90, 0.2446)):
        found, error = share((people.age >= low) & (people.age <= high), people)
        assert found == pytest.approx(expected, abs=1.5 * error)
    assert people.age.min() == 18
    assert people.age.max() < 90


def test_people_from_elsewhere_are_younger(people):
    moved = people.registration == NON_LOCAL
    assert (people.age[moved] >= 60).mean() == pytest.approx(0.08, abs=0.01)


def test_work_has_the_stated_level(people):
    found, error = share(people.employed, people)
    assert found == pytest.approx(0.621, abs=error)
    assert not (people.employed & people.unemployed).any()
    weights = people.weight.astype(float)
    force = people.employed | people.unemployed
    idle = weights[people.unemployed].sum() / weights[force].sum()
    assert idle == pytest.approx(0.045, abs=4 * np.sqrt(0.045 * 0.955 / (0.8 * force.sum())))
    old = people.age >= 60
    assert people.employed[old].mean() < 0.3 < people.employed[~old].mean()


def test_sectors_follow_the_kind_of_place(place, people):
    for code, kind in enumerate(KINDS):
        at_work = people.employed & (people.kind == code)
        expected = place.value(f"labour.sector_share.primary.{kind}")
        found = (people.sector[at_work] == PRIMARY).mean()
        assert found == pytest.approx(expected, abs=4 * np.sqrt(0.25 / at_work.sum()))
    assert ((people.sector > 0) == people.employed).all()


def test_wages_have_the_mean_of_their_sector_and_kind(place, people):
    for name, code in (("primary", 1), ("secondary", 2), ("tertiary", 3)):
        here = (people.sector == code) & (people.kind == RURAL)
        expected = place.value(f"labour.wage.{name}.rural")
        # lognormal with log sd .5: relative sd sqrt(e^.25 - 1) = .533
        assert people.wage[here].mean() == pytest.approx(
            expected, rel=4 * 0.533 / np.sqrt(here.sum())
        )
        assert np.log(people.wage[here]).std() == pytest.approx(0.5, abs=0.03)
    assert ((people.wage > 0) == people.employed).all()


def test_a_household_pools_its_income(place, people):
    members = np.flatnonzero(people.household == people.household[500])
    other = place.keyed("world.other_income", KINDS)[people.kind[members]]
    own = np.where(people.employed[members], people.wage[members], other)
    assert people.income[500] == pytest.approx(own.mean(), rel=1e-5)
    assert (people.income > 0).all()


def test_insurance_goes_with_work_and_class(people):
    assert not (people.insured & ~people.employed).any()
    for code, expected in ((LOCAL_URBAN, 0.75), (LOCAL_RURAL, 0.2), (NON_LOCAL, 0.28)):
        here = people.employed & (people.registration == code)
        error = 4 * np.sqrt(expected * (1 - expected) / here.sum())
        assert people.insured[here].mean() == pytest.approx(expected, abs=error)


def test_the_service_gap_is_what_supply_and_entitlement_leave(people):
    # rural supply .75: a local lacks .25, somebody from elsewhere 1 - .75 x .65 = .5125
    rural = people.kind == RURAL
    local = people.service_gap[rural & (people.registration == LOCAL_RURAL)]
    moved = people.service_gap[rural & (people.registration == NON_LOCAL)]
    assert local == pytest.approx(0.25, abs=1e-6)
    assert moved == pytest.approx(0.5125, abs=1e-6)
    mean = np.average(people.service_gap, weights=people.weight)
    assert mean == pytest.approx(0.235, abs=0.005)


def test_a_tenth_are_members_of_an_organisation_of_their_division(world, people):
    organisations = world[4]
    member = people.organisation >= 0
    found, error = share(member, people)
    assert found == pytest.approx(0.1, abs=error)
    division = organisations.division[people.organisation[member]]
    assert (division == people.division[member]).all()


def test_the_start_has_the_stated_means_and_spreads(place, people):
    means = {"trust_city": 0.662, "trust_court": 0.647, "norm": 0.62}
    spreads = {"trust_city": 0.2, "trust_court": 0.2, "norm": 0.15}
    error = 4 / np.sqrt(len(people))
    for name, expected in means.items():
        assert people[name].mean() == pytest.approx(expected, abs=spreads[name] * error)
        assert people[name].std() == pytest.approx(spreads[name], abs=spreads[name] * error)
    moved = people.registration == NON_LOCAL
    gap = people.trust_community[moved].mean() - people.trust_community[~moved].mean()
    assert gap == pytest.approx(-0.03, abs=0.2 * 8 / np.sqrt(moved.sum()))
    assert people.belonging[moved].mean() == pytest.approx(0.456, abs=0.006)
    assert people.belonging[~moved].mean() == pytest.approx(0.72, abs=0.004)
    assert people.susceptibility.std() == pytest.approx(0.25, abs=0.004)
    assert people.threshold.min() == pytest.approx(0.02)
    assert np.median(people.threshold) == pytest.approx(0.3, abs=0.005)
    for name in (*SPREAD_STATES, "belonging", "distress", "susceptibility"):
        assert people[name].dtype == np.float32
        assert people[name].min() >= 0.0, name
        assert people[name].max() <= 1.0, name


def test_who_trusts_one_institution_trusts_the_others(people):
    trusts = np.stack([people[name] for name in SPREAD_STATES[:4]])
    between = np.corrcoef(trusts)[np.triu_indices(4, 1)]
    # .5 between normal scores; slightly less between beta values
    assert (between > 0.46).all()
    assert (between < 0.52).all()
    others = np.corrcoef(people.trust_city, people.norm)[0, 1]
    assert others == pytest.approx(0.0, abs=4 / np.sqrt(len(people)))


def test_a_cell_is_division_kind_and_class(people):
    expected = people.division * 9 + people.kind.astype(int) * 3 + people.registration
    assert (people.cell == expected).all()


def test_rows_run_by_unit_and_household(people, world):
    units = world[1]
    assert (np.diff(people.unit) >= 0).all()
    assert np.bincount(people.unit).tolist() == units.adults.tolist()
    assert (people.unit[units.first] == np.arange(len(units))).all()
    assert (people.kind == units.kind[people.unit]).all()


def test_the_same_person_is_the_same_at_every_scale(place):
    draws = Draws(4)
    small, large = (populate(place, scale, draws)[0] for scale in (0.02, 0.2))
    _, here, there = np.intersect1d(small.id, large.id, return_indices=True)
    assert len(here) > 2000
    scaled = {"unit", "household", "weight", "residents"}
    for name in set(small) - scaled:
        assert np.array_equal(small[name][here], large[name][there]), name


def test_the_same_seed_gives_the_same_people_and_another_seed_others(place):
    first, second, other = (populate(place, 0.005, Draws(seed))[0] for seed in (7, 7, 8))
    for name in first:
        assert np.array_equal(first[name], second[name]), name
    assert len(first) != len(other) or not np.array_equal(first.wage, other.wage)


def test_fewer_people_from_elsewhere_leave_the_luck_of_the_others_alone(place):
    before = populate(place, 0.005, Draws(3))[0]
    fewer = place.with_values({"divisions.chengqu.floating": 200_000})
    after = populate(fewer, 0.005, Draws(3))[0]
    assert np.array_equal(before.id, after.id)
    assert np.array_equal(before.susceptibility, after.susceptibility)
    gone = (before.registration == NON_LOCAL) & (after.registration != NON_LOCAL)
    come = (before.registration != NON_LOCAL) & (after.registration == NON_LOCAL)
    assert gone[before.division == 0].sum() > 100
    assert come[before.division == 0].sum() == 0


def test_two_villages_have_902_adults():
    people, units, offices, firms, organisations, _ = populate(
        load_place("two-villages"), 1.0, Draws(1)
    )
    assert len(people) == 902
    assert (people.weight == 1.0).all()
    assert people.residents.sum() == pytest.approx(1100, rel=1e-5)
    assert len(units) == 3
    assert len(organisations) == 3
    assert (people.registration == NON_LOCAL).mean() == pytest.approx(60 * 0.88 / 902, abs=0.04)
    assert len(firms) >= 4
    assert len(offices) == 3 + 6 + 4


def test_from_60_on_there_are_fewer_and_fewer_people_and_none_of_90(people):
    """A density that falls to 0 at 90 in a straight line leaves a quarter above 75."""
    old = people.age[people.age >= 60]
    assert (old >= 75).mean() == pytest.approx(0.25, abs=4 * np.sqrt(0.1875 / len(old)))


def test_the_way_to_the_centre_has_its_mean_and_spread(people):
    """Lognormal with the mean 12 and the coefficient of variation .5, whoever it is."""
    found = people.minutes_to_centre.astype(float)
    assert found.mean() == pytest.approx(12.0, abs=4 * 6.0 / np.sqrt(len(found)))
    spread = np.sqrt(np.log(1.25))
    error = spread / np.sqrt(2 * len(found))
    assert np.log(found).std() == pytest.approx(spread, abs=4 * error)


def test_the_dead_pool_no_income_and_leave_the_household_what_it_has():
    people = Table(4, household=np.array([0, 0, 1, 1], np.int32), kind=np.zeros(4, np.int8))
    people.wage, people.employed = np.full(4, 3_000.0, np.float32), np.ones(4, bool)
    people.alive = np.array([True, False, False, False])
    pooled = pooled_income(people, np.array([500.0, 0.0, 0.0]))
    assert pooled.tolist() == [3_000.0, 3_000.0, LOWEST_INCOME, LOWEST_INCOME]

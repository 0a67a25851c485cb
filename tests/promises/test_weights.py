"""The kept people stand for the whole city: weights close, and groups add up to everybody."""

import numpy as np
import pytest

from promises.small import city
from sim.engine.run import follow
from sim.outcomes.outcome import RATE


@pytest.fixture(scope="module")
def followed(warm_city):
    """The city after half a year, how it was seen, and residents by cell when that began."""
    running = warm_city.twin()
    first = running.world.residents_by_cell()
    return running.world, follow(running, city()), first


@pytest.fixture(scope="module")
def outcomes(followed):
    """Outcomes after half a year, one column a group."""
    _, recorder, _ = followed
    frame = {}
    for row in recorder.final:
        frame.setdefault((row["outcome"], row["unit"]), {})[row["by"], row["group"]] = row["value"]
    return frame


def cells_of(world, by):
    people = world.people
    return {"division": people.division, "kind": people.kind, "registration": people.registration}[
        by
    ]


def names_of(world, by):
    from sim.world.flows import KINDS, REGISTRATIONS

    return {"division": world.place.divisions, "kind": KINDS, "registration": REGISTRATIONS}[by]


def shares_of(world, by, weights):
    """The share of each group in the weights of all people, by the group's name."""
    totals = np.bincount(cells_of(world, by), weights.astype(float))
    return dict(zip(names_of(world, by), totals / totals.sum(), strict=True))


def usual_shares(followed, by):
    """The share of each group in the residents of the half year: the mean of start and end."""
    world, recorder, first = followed
    groups = recorder.groups
    residents = groups.members @ (first + world.residents_by_cell())
    return {
        name: residents[row] / residents[0]
        for row, (label, name) in enumerate(zip(groups.by, groups.names, strict=True))
        if label == by
    }


def test_residents_of_a_division_add_up_to_its_census(warm_city):
    people, place = warm_city.world.people, warm_city.world.place
    residents = np.bincount(people.division, people.residents.astype(float))
    census = place.by_division("population")
    # Adults are whole persons: half of one, for all whom an adult stands for.
    rounding = 0.5 / place.by_division("adult_share")
    assert np.all(np.abs(residents - census) <= rounding + 1e-6 * census)


def test_adults_of_a_division_add_up_to_its_adults(warm_city):
    people, place = warm_city.world.people, warm_city.world.place
    adults = np.bincount(people.division, people.weight.astype(float))
    expected = place.by_division("population") * place.by_division("adult_share")
    assert np.all(np.abs(adults - expected) <= 0.5 + 1e-6 * expected)


def test_at_full_scale_everybody_stands_for_one():
    from sim.engine.build import bare_city
    from sim.engine.load import load

    world = bare_city(load("two-villages"), 1)
    assert set(world.people.weight.tolist()) == {1.0}
    assert set(world.units.weight.tolist()) == {1.0}


@pytest.mark.parametrize("by", ["division", "kind", "registration"])
def test_a_rate_of_everybody_is_the_resident_weighted_mean_of_the_groups(followed, outcomes, by):
    shares = usual_shares(followed, by)
    checked = 0
    for (name, unit), values in outcomes.items():
        if unit != RATE or not all((by, group) in values for group in shares):
            continue
        mean = sum(share * values[by, group] for group, share in shares.items())
        assert mean == pytest.approx(values[None, None], rel=1e-9), name
        checked += 1
    assert checked >= 8


@pytest.mark.parametrize("by", ["division", "kind", "registration"])
@pytest.mark.parametrize("name", ["trust_community", "grievance_mean", "participation_rate"])
def test_a_mean_of_everybody_is_the_adult_weighted_mean_of_the_groups(followed, outcomes, by, name):
    world = followed[0]
    shares = shares_of(world, by, world.people.weight)
    values = next(values for (outcome, _), values in outcomes.items() if outcome == name)
    mean = sum(share * values[by, group] for group, share in shares.items())
    assert mean == pytest.approx(values[None, None], rel=1e-9)


@pytest.mark.parametrize("by", ["division", "kind", "registration"])
def test_counts_of_people_add_up(outcomes, by):
    (values,) = (v for (name, _), v in outcomes.items() if name == "floating_residents")
    parts = [value for (label, _), value in values.items() if label == by]
    assert sum(parts) == pytest.approx(values[None, None], rel=1e-9)


def test_money_of_everybody_is_the_resident_weighted_mean_of_the_divisions(followed, outcomes):
    shares = usual_shares(followed, "division")
    (values,) = (v for (name, _), v in outcomes.items() if name == "spent_per_resident")
    mean = sum(share * values["division", group] for group, share in shares.items())
    assert mean == pytest.approx(values[None, None], rel=1e-9)

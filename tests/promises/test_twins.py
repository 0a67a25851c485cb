"""A copy of a world shares place, ties and luck with it, and nothing that ever changes."""

import pytest

from promises.small import city, differing, state_of
from sim.engine.build import warm


def test_stepping_a_copy_leaves_the_original_alone(warm_city):
    original = warm_city.twin()
    before = state_of(original)
    begins = original.clock.begins
    copy = original.twin()
    for _ in range(6):
        copy.step()
    assert not differing(before, state_of(original))
    assert original.clock.begins == begins
    changed = differing(before, state_of(copy))
    assert {"people.grievance", "offices.load", "disputes.state"} <= changed


def test_an_original_that_copies_were_taken_from_goes_on_as_if_alone(warm_city):
    alone, copied = warm_city.twin(), warm_city.twin()
    for _ in range(4):
        alone.step()
        copied.twin().step()
        copied.step()
    assert not differing(state_of(alone), state_of(copied))


def test_a_copy_goes_the_way_of_its_original(warm_city):
    original = warm_city.twin()
    copy = original.twin()
    for _ in range(4):
        original.step()
        copy.step()
    assert not differing(state_of(original), state_of(copy))


def test_place_ties_and_luck_are_shared_and_no_column_is(warm_city):
    copy = warm_city.twin()
    for name in ("place", "ties", "draws"):
        assert getattr(copy.world, name) is getattr(warm_city.world, name)
    for name in warm_city.world.people:
        assert copy.world.people[name] is not warm_city.world.people[name]
    assert copy.world.flows is copy.world.disputes.flows
    assert copy.world.flows is not warm_city.world.flows


def test_a_world_without_its_mechanisms_has_copies_too(warm_city):
    copy = warm_city.world.twin()
    copy.people.grievance[:] = 1.0
    assert warm_city.world.people.grievance.max() < 1.0
    assert copy.flows is copy.disputes.flows


@pytest.mark.slow
def test_the_year_before_the_start_is_the_same_under_every_policy(warm_city):
    doubled = warm(city(policies__mediation__staff_per_10k=68.4), 1)
    assert not differing(state_of(warm_city), state_of(doubled))
    assert doubled.clock.begins == 0.0

"""What is told of each lever is what the model does with it."""

import pytest

from sim.engine.lever_facts import lever_facts
from sim.engine.order import WEEK
from sim.outcomes import CATALOGUE
from sim.scenario import LEVERS
from sim.world.place import load_place

FACTS = {facts.lever.name: facts for facts in lever_facts()}


def test_every_lever_is_told_of_in_its_order():
    assert list(FACTS) == list(LEVERS)


def test_a_lever_is_read_by_the_mechanisms_that_say_so():
    for name, facts in FACTS.items():
        assert facts.mechanisms == tuple(kind.name for kind in WEEK if name in kind.levers)


def test_outcomes_of_a_lever_are_outcomes_there_are():
    for facts in FACTS.values():
        assert facts.outcomes
        assert set(facts.outcomes) <= CATALOGUE.keys()


def test_a_meeting_more_costs_a_meeting_in_every_village_and_community():
    place = load_place("jincheng-2020")
    units = place.by_division("villages").sum() + place.by_division("communities").sum()
    costs = FACTS["deliberation.meetings_per_year"].costs
    assert costs == {"meetings": pytest.approx(800 * units)}


def test_a_tenth_of_the_online_platform_costs_a_tenth_of_it():
    place = load_place("jincheng-2020")
    cities = place.by_division("population").sum() / 2_200_000
    costs = FACTS["participation.online_platform"].costs
    assert costs == {"channels": pytest.approx(0.1 * 2_000_000 * cities, rel=0.01)}


def test_what_is_paid_as_it_goes_has_no_price_beforehand():
    assert FACTS["education.seats_per_10k"].paid_as_it_goes
    assert FACTS["education.seats_per_10k"].costs == {}


def test_a_lever_of_words_stands_at_a_word():
    assert FACTS["labour.mode"].base == "mixed"

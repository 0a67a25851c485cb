"""A matter is a chain of items, registered or turned away; lower counts have a hidden cost."""

import numpy as np
import pytest

from sim.kernel import Clock, Table
from sim.mechanisms.conflict.petitions import Petitions, petition_items
from sim.verify import check
from sim.verify.bench import START
from sim.world.disputes import LITIGATING, PETITIONING
from sim.world.world import World
from tests.mechanisms.conflict.made_up import bring, four_errors, holds, step, total, town

MATTERS = 3_000
QUIET = {"other_matters_per_10k": 0.0}


def city(rule: Petitions, people: int = MATTERS, **levers: float) -> World:
    return town(rule, people=people, **levers)


def petitioning(weight: float = 0.2, **settings: float) -> tuple[World, Petitions]:
    """Disputes that came to the petition office on day 0; the weight of counts is a lever."""
    rule = Petitions(QUIET | settings)
    world = city(rule, assessment__weights__petition_count=weight)
    bring(world, MATTERS, PETITIONING)
    return world, rule


# --- items a matter -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("prevented", "repeat", "again"),
    [
        (0.1, 0.35, 0.5),
        pytest.param(0.0, 0.35, 0.9, marks=pytest.mark.slow),
        pytest.param(0.25, 0.2, 0.35, marks=pytest.mark.slow),
        pytest.param(0.6, 0.5, 0.1, marks=pytest.mark.slow),
        pytest.param(0.9, 0.0, 0.8, marks=pytest.mark.slow),
    ],
)
def test_items_a_matter_and_the_share_recorded_follow_the_chain(prevented, repeat, again):
    assert holds(check(petition_items(prevented, repeat, again), Petitions))


def test_items_a_matter_by_hand():
    # 34.5 matters make 54.4 items a year: 1 - .9 x .35 - .1 x .50 = .635
    assert petition_items().quantities[0].expected == pytest.approx(54.4 / 34.5, abs=0.003)


def test_if_all_who_are_turned_away_came_again_recorded_items_would_not_fall():
    # made M/((1 - v)(1 - q)), recorded (1 - v) of it: v drops out
    q = 0.35
    for v in (0.1, 0.25):
        made = 1.0 / (1.0 - (1.0 - v) * q - v * 1.0)
        assert (1.0 - v) * made == pytest.approx(1.0 / (1.0 - q))


def test_the_limit_fails_where_prevented_items_are_counted_as_registered():
    class Boastful(Petitions):
        def _count(self, world, name, persons, factor=1.0):
            name = "petitions_recorded" if name == "petitions_prevented" else name
            super()._count(world, name, persons, factor)

    assert not holds(check(petition_items(), Boastful))


def test_the_limit_fails_where_nobody_who_is_turned_away_tries_again():
    class Meek(Petitions):
        def submit(self, world, clock):
            self.repeat_share_prevented = 0.0
            return super().submit(world, clock)

    assert not holds(check(petition_items(), Meek))


def test_the_limit_fails_where_a_settled_matter_goes_on():
    class Endless(Petitions):
        def answer(self, world, clock):
            self.settled_per_item, self.repeat_share = 0.0, 0.49
            return super().answer(world, clock)

    assert not holds(check(petition_items(), Endless))


# --- prevention -----------------------------------------------------------------------------------


def test_where_counts_do_not_weigh_nothing_is_prevented():
    world, rule = petitioning(weight=0.0)
    assert not rule.prevention(world, np.arange(5)).any()
    step(rule, world, 364.0)
    assert total(world, "petitions_prevented") == 0
    assert total(world, "petitions_recorded") == total(world, "petitions_made") > MATTERS


def test_a_tenth_is_prevented_at_the_base_weight():
    world, rule = petitioning()
    # effort .5 x .2/(.2 + .8) = .1, v = 1 - exp(-.105)
    assert rule.prevention(world, np.arange(5)) == pytest.approx(0.0997, abs=1e-4)
    rule.step(world, Clock(START, begins=0.0))
    v = 1 - np.exp(-0.105)
    share = total(world, "petitions_prevented") / MATTERS
    assert share == pytest.approx(v, abs=four_errors(v, MATTERS))


@pytest.mark.parametrize("weight", [0.0, 0.2, 0.9])
def test_recorded_and_prevented_are_what_was_made(weight):
    world, rule = petitioning(weight)
    step(rule, world, 364.0)
    recorded, prevented = total(world, "petitions_recorded"), total(world, "petitions_prevented")
    assert recorded + prevented == total(world, "petitions_made")


def test_more_weight_records_fewer_and_makes_more():
    usual, heavy = (petitioning(weight) for weight in (0.2, 0.9))
    for world, rule in (usual, heavy):
        step(rule, world, 7 * 200.0)
    made = [total(world, "petitions_made") for world, _ in (usual, heavy)]
    recorded = [total(world, "petitions_recorded") for world, _ in (usual, heavy)]
    assert made[1] > made[0]
    assert recorded[1] < recorded[0]


def test_who_is_turned_away_is_embittered_and_half_try_again_a_quarter_higher_up():
    world, rule = petitioning(prevention_per_effort=1e3)  # everybody is turned away
    rule.step(world, Clock(START, begins=0.0))
    matters = world.tables["matters"]
    pushed = np.ones(len(world.people))  # once each, and half as much again a level up
    np.add.at(pushed, matters.person, 0.5 * matters.level)
    assert world.people.grievance_push == pytest.approx(pushed)
    again = len(matters) / MATTERS
    assert again == pytest.approx(0.5, abs=four_errors(0.5, MATTERS))
    assert np.all(matters.item == 1)
    higher = matters.level.mean()
    assert higher == pytest.approx(0.25, abs=four_errors(0.25, len(matters)))
    assert total(world, "petitions_level_skipped") == matters.level.sum()
    error = 120 / np.sqrt(len(matters))
    assert matters.due.mean() == pytest.approx(120.0, abs=4 * error)
    assert matters.due.std() == pytest.approx(120.0, abs=4 * np.sqrt(2.0) * error)  # exponential


def test_who_gives_up_a_level_up_loses_half_as_much_trust_again():
    world, rule = petitioning(prevention_per_effort=1e3, repeat_share_prevented=0.0)
    clock = Clock(START, begins=0.0)
    rule.take_in(world, clock)
    world.tables["matters"].level[:] = np.arange(MATTERS) % 3
    person = world.tables["matters"].person
    lost = np.zeros(len(world.people))
    np.add.at(lost, person, -0.06 * (1.0 + 0.5 * (np.arange(MATTERS) % 3)))
    rule.close(world, *rule.submit(world, clock))
    assert world.people.anchor_push_trust_city == pytest.approx(lost, rel=1e-5)


def test_matters_of_people_who_are_gone_go_no_further():
    world, rule = petitioning(prevention_per_effort=0.0)
    gone = np.arange(0, len(world.people), 3)
    world.people.alive[gone] = False
    rule.step(world, Clock(START, begins=0.0))
    assert not np.isin(world.tables["matters"].person, gone).any()
    assert len(world.tables["matters"]) > 0


# --- answers --------------------------------------------------------------------------------------


def test_a_registered_item_is_answered_after_the_days_of_the_lever():
    rule = Petitions(QUIET | {"settled_per_item": 1.0, "repeat_share": 0.0})
    world = city(
        rule, people=5, petitions__response_days=23.0, assessment__weights__petition_count=0.0
    )
    bring(world, 5, PETITIONING, since=np.arange(5.0))
    step(rule, world, 28.0)
    days = np.concatenate([values for _, values, _ in world.flows.samples["days_to_resolution"]])
    assert sorted(days) == [23.0, 24.0, 25.0, 26.0, 27.0]
    assert total(world, "settled_petition") == 5
    assert world.tables["waits"].expected()[1] == pytest.approx(5 * 23 / 6)


def test_a_matter_is_settled_goes_on_or_is_given_up():
    world, rule = petitioning(weight=0.0)
    step(rule, world, 42.0)
    settled, given_up = total(world, "settled_petition"), total(world, "petitions_given_up")
    going_on = len(world.tables["matters"])
    shares = np.array([settled, going_on, given_up]) / MATTERS
    assert shares.sum() == 1.0
    assert shares == pytest.approx([0.141, 0.35, 0.509], abs=four_errors(0.5, MATTERS))
    assert world.people.grievance_relief.sum() == settled
    assert world.people.anchor_push_trust_city.sum() == pytest.approx(-0.06 * given_up, rel=1e-4)


def test_every_dispute_ends_with_its_matter_in_about_a_hundred_days():
    world, rule = petitioning()
    step(rule, world, 7 * 300.0)
    assert len(world.disputes) == len(world.tables["matters"]) == 0
    assert total(world, "petition_matters_ended") == MATTERS
    assert total(world, "petition_items_of_ended") == total(world, "petitions_made")
    # settled per registered item .141, 1.42 registered items a matter
    settled = 0.141 * (1 - 0.0997) / 0.635
    share = total(world, "settled_petition") / MATTERS
    assert share == pytest.approx(settled, abs=four_errors(settled, MATTERS))
    world.disputes.check()


def test_a_matter_takes_a_hundred_days_in_the_mean():
    world, rule = petitioning()
    days, opened = [], np.zeros(MATTERS)
    close = rule.close

    def noting(world, rows, settled):
        days.extend(world.tables["matters"].due[rows].tolist())
        close(world, rows, settled)

    rule.close = noting  # type: ignore[method-assign]
    step(rule, world, 7 * 300.0)
    # 1.42 answers of 40 days, .50 gaps of 68 and .08 of 120
    expected = (0.9 * 40 + 0.9 * 0.35 * 68 + 0.1 * 0.5 * 120) / 0.635
    assert expected == pytest.approx(100.0, abs=1.0)
    error = np.std(days) / np.sqrt(len(days))
    assert np.mean(days) - opened.mean() == pytest.approx(expected, abs=4 * error)


def test_several_matters_of_one_dispute_end_it_once():
    rule = Petitions(QUIET | {"settled_per_item": 1.0, "repeat_share": 0.0})
    world = city(rule, people=3, assessment__weights__petition_count=0.0)
    bring(world, 3, PETITIONING)
    rule.take_in(world, Clock(START, begins=0.0))
    matters = world.tables["matters"]
    doubled = {name: np.concatenate([matters[name], matters[name][:1]]) for name in matters}
    world.tables["matters"] = Table(4, **doubled)
    step(rule, world, 49.0)
    assert total(world, "settled_petition") == 3
    assert total(world, "petition_matters_ended") == 4
    world.disputes.check()


def test_a_dispute_is_taken_in_once():
    world, rule = petitioning()
    for number in range(3):
        rule.take_in(world, Clock(START, 7.0, 7.0 * number))
    assert len(world.tables["matters"]) == MATTERS


def test_matters_of_other_causes_come_at_their_rate_and_touch_no_dispute():
    rule = Petitions({"other_matters_per_10k": 500.0})
    world = city(rule)
    bring(world, 5, LITIGATING, due=1e6)
    step(rule, world, 364.0)
    expected = 0.05 * MATTERS * 364 / 365.25
    count = total(world, "petition_matters_other")
    assert count == pytest.approx(expected, abs=4 * np.sqrt(expected))
    assert np.all(world.disputes.state == LITIGATING)
    assert total(world, "petition_matters_disputes") == 0


# --- steps and luck -------------------------------------------------------------------------------


@pytest.mark.parametrize("step_days", [pytest.param(1.0, marks=pytest.mark.slow), 3.5])
def test_shorter_steps_make_the_same_items_and_ends(step_days):
    results = []
    for days in (7.0, step_days):
        world, rule = petitioning()
        step(rule, world, 7 * 300.0, days)
        flows = ("petitions_made", "petitions_prevented", "settled_petition", "petitions_given_up")
        results.append([total(world, flow) for flow in flows])
    assert results[0] == results[1]


def test_one_dispute_less_leaves_the_matters_of_the_others():
    ends = []
    for count in (400, 399):
        rule = Petitions(QUIET)
        world = city(rule)
        bring(world, count, PETITIONING)
        step(rule, world, 70.0)
        m = world.tables["matters"]
        rows = zip(m.id.tolist(), m.item.tolist(), m.due.tolist(), strict=True)
        ends.append({row for row in rows if row[0] != 400})
    assert ends[0] == ends[1]

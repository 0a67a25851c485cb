"""Grievance settles at inflow / (inflow + decay), whatever the start and the step."""

import numpy as np
import pytest

from sim.kernel import Clock
from sim.mechanisms.conflict.grievance import Grievance, deprivation, grievance
from sim.verify import check
from sim.verify.bench import START, bare_world, ready
from sim.world.ties import Ties
from sim.world.world import World

YEAR = 365.25


def alone(people: int = 4, **settings: float) -> tuple[World, Grievance]:
    world = bare_world(people, seed=1)
    rule = Grievance(settings)
    ready(world, rule)
    return world, rule


@pytest.mark.parametrize(
    ("inflow", "decay"), [(0.4, 0.8), (0.0, 1.0), (0.1, 2.5), (3.0, 1.0), (0.05, 0.05)]
)
def test_settles_where_inflow_meets_decay_from_any_start(inflow, decay):
    verdicts = check(grievance(inflow, decay), Grievance)
    assert verdicts[0].expected == pytest.approx(inflow / (inflow + decay))
    assert all(verdict.holds for verdict in verdicts)


def test_the_limit_fails_for_a_rule_that_forgets_twice_as_fast():
    class Forgetful(Grievance):
        def step(self, world, clock):
            super().step(world, clock)
            world.people.grievance[:] *= np.exp(-self.decay_per_year * clock.dt_years)

    assert not all(verdict.holds for verdict in check(grievance(), Forgetful))


def test_the_limit_fails_for_a_rule_that_remembers_its_start():
    class Stubborn(Grievance):
        def step(self, world, clock):
            start = world.people.grievance.copy()
            super().step(world, clock)
            world.people.grievance[:] += 0.02 * (start - world.people.grievance)
            world.people.grievance[:] = np.where(start > 0.9, start, world.people.grievance)

    assert not all(verdict.holds for verdict in check(grievance(), Stubborn))


def test_people_start_at_rest_and_stay_there():
    world, rule = alone()
    at_rest = 0.08 / (0.08 + 0.92)
    assert world.people.grievance == pytest.approx(at_rest)
    rule.step(world, Clock(START))
    assert world.people.grievance == pytest.approx(at_rest)


def test_two_half_steps_equal_one_step():
    whole, rule = alone()
    whole.people.grievance[:] = [0.0, 0.3, 0.7, 1.0]
    whole.people.open_disputes[1] = 1
    halves = whole.twin()
    rule.step(whole, Clock(START, 7.0))
    rule.step(halves, Clock(START, 3.5))
    rule.step(halves, Clock(START, 3.5))
    assert halves.people.grievance == pytest.approx(whole.people.grievance, abs=2e-7)


def test_a_year_beside_an_open_dispute_follows_the_closed_form():
    world, rule = alone()
    world.people.open_disputes[2] = 1
    start, rest = 0.08, 0.48 / 1.4
    rule.step(world, Clock(START, YEAR))
    assert world.people.grievance[2] == pytest.approx(
        rest + (start - rest) * np.exp(-1.4), rel=1e-5
    )
    assert world.people.grievance[0] == pytest.approx(0.08)


@pytest.mark.parametrize("share", [0.04, 0.09, 0.3, 0.6])
def test_a_part_of_a_year_follows_the_closed_form_too(share):
    world, rule = alone()
    world.people.open_disputes[2] = 1
    start, rest = 0.08, 0.48 / 1.4
    rule.step(world, Clock(START, YEAR * share))
    assert world.people.grievance[2] == pytest.approx(
        rest + (start - rest) * np.exp(-1.4 * share), rel=1e-6
    )


def test_how_fast_one_person_moves_changes_nobody_else_by_a_bit():
    """Beyond 1/8 of turnover in a step a person is moved by another formula: the person alone."""
    others = []
    for inflow in (0.0, 100.0):
        world, rule = alone()
        world.people.grievance[:] = 0.3
        world.people.grievance_inflow[2] = inflow
        rule.step(world, Clock(START))
        others.append(world.people.grievance[[0, 1, 3]].tolist())
    assert others[0] == others[1]
    assert world.people.grievance[2] > 0.8


def test_incomes_are_compared_anew_at_the_start_of_a_quarter_and_not_before():
    world = three_friends([0.0, 1.0, 3.0, 0.0])
    rule = Grievance()
    ready(world, rule)
    old = world.people.deprivation.copy()
    world.people.income[1:3] = world.people.income[0]
    seen = []
    for begins in (7.0, 12 * 7.0, 13 * 7.0 + 3.5, 13 * 7.0):
        rule.step(world, Clock(START, 3.5, begins))
        seen.append(bool(np.array_equal(world.people.deprivation, old)))
    assert seen == [True, True, True, False]
    assert not world.people.deprivation.any()


def test_a_second_open_dispute_adds_nothing_to_the_first():
    world, rule = alone()
    world.people.open_disputes[:] = [0, 1, 2, 9]
    assert rule.inflow(world) == pytest.approx([0.08, 0.48, 0.48, 0.48])


def test_each_settlement_removes_three_tenths_of_what_is_left():
    world, rule = alone()
    world.people.grievance[:] = 0.5
    world.people.grievance_relief[:] = [0, 1, 2, 0]
    rule.take_in_events(world)
    assert world.people.grievance == pytest.approx([0.5, 0.35, 0.245, 0.5])


def test_a_petition_turned_away_adds_a_tenth_of_the_calm_that_is_left():
    world, rule = alone()
    world.people.grievance[:] = 0.5
    world.people.grievance_push[:] = [0, 1, 2, 0]
    rule.take_in_events(world)
    assert world.people.grievance == pytest.approx([0.5, 0.55, 0.595, 0.5])


def test_what_others_posted_counts_once():
    world, rule = alone()
    world.people.grievance_relief[0] = 1
    world.people.grievance_push[1] = 1
    world.people.grievance_inflow[2] = 5.0
    rule.step(world, Clock(START))
    for name in ("grievance_relief", "grievance_push", "grievance_inflow"):
        assert not world.people[name].any()


def test_the_unemployed_and_the_underserved_gather_more():
    world, rule = alone()
    world.people.unemployed[1] = True
    world.people.service_gap[2] = 0.5
    world.people.unconsulted[3] = True
    assert rule.inflow(world) == pytest.approx([0.08, 0.20, 0.12, 0.38])


def test_newcomers_bring_the_grievance_at_which_they_would_rest():
    world, rule = alone()
    world.people.unemployed[2] = True
    world.people.grievance[:] = 0.7
    rule.welcome(world, Clock(START), np.array([1, 2]))
    assert world.people.grievance == pytest.approx([0.7, 0.08, 0.2 / 1.12, 0.7])


def three_friends(log_incomes: list[float]) -> World:
    """Person 0 knows 1 and 2 equally well; 1 and 2 know nobody else; 3 knows nobody."""
    pairs = np.array([0, 0]), np.array([1, 2])
    world = bare_world(4, 1, Ties.from_edges(4, *pairs, 1.0, "friends"))
    world.people.income[:] = np.exp(log_incomes)
    return world


def test_deprivation_counts_sds_of_income_among_ties():
    # Incomes of 0's ties differ by an sd of 1, those of 1 and 2, who have one tie each, by none:
    # the mean variance is 1/3, and 0 lies 2 below the mean of 1 and 3. Nobody looks at 3.
    z = deprivation(three_friends([0.0, 1.0, 3.0, 0.0]))
    assert z == pytest.approx([2.0 * 3.0**0.5, 0.0, 0.0, 0.0], rel=1e-5)


def test_who_has_left_does_not_make_those_who_stay_feel_worse_off():
    world = three_friends([0.0, 1.0, 3.0, 0.0])
    before = deprivation(world)[:3]
    world.people.alive[3] = False
    assert deprivation(world)[:3] == pytest.approx(before, rel=1e-5)


def test_rent_of_land_counts_as_income_and_its_loss_takes_half_of_that_at_most():
    # Log incomes of 0's ties stay 1 and 3, so that the spread is as above; 0's own is 1, or -ln 2.
    world = three_friends([0.0, 1.0, 3.0, 0.0])
    world.people.land_rent[0] = np.e - 1.0
    assert deprivation(world)[0] == pytest.approx(1.0 * 3.0**0.5, rel=1e-5)
    world.people.land_rent[0] = -5.0
    assert deprivation(world)[0] == pytest.approx((2.0 + np.log(2.0)) * 3.0**0.5, rel=1e-5)


def test_being_better_off_than_ones_ties_does_not_relieve():
    z = deprivation(three_friends([5.0, 1.0, 3.0, 9.0]))
    assert z[0] == 0.0
    assert np.all(z >= 0.0)


def test_where_all_earn_the_same_nobody_is_deprived():
    assert not deprivation(three_friends([1.0, 1.0, 1.0, 1.0])).any()


def test_grievance_moves_nothing_else():
    world, rule = alone()
    before = {name: world.people[name].copy() for name in world.people}
    rule.step(world, Clock(START, YEAR))
    changed = [name for name, old in before.items() if np.any(old != world.people[name])]
    assert changed in ([], ["grievance"])

"""Courses train as many as forget; seats go where they are offered, and leave no trace."""

import numpy as np
import pytest

from sim.kernel import Clock
from sim.mechanisms.society.education import CASE, EVENT, NEVER, PROJECT, Education
from sim.mechanisms.society.education_limits import education
from sim.mechanisms.society.seats import first_of_each_unit, least_lucky
from sim.verify import check
from sim.verify.bench import START, bare_world, ready, weeks
from sim.world.disputes import NEGOTIATING
from sim.world.world import World

AT_REST = 200.0 / (200.0 + 0.3 * 10_000)  # one resident an adult


def classroom(
    people: int = 2_000, seats: float = 200.0, **settings: float
) -> tuple[World, Education]:
    world = bare_world(people, seed=3)
    rule = ready(world, Education(settings))
    world.levers["education.seats_per_10k"] = np.array([seats])
    return world, rule


def attended(world: World, rule: Education, years: float = 1.0, step: float = 7.0) -> World:
    for clock in weeks(years, step):
        rule.step(world, clock)
    return world


def quarrel(world: World, rows: np.ndarray) -> None:
    count = len(rows)
    state = np.full(count, NEGOTIATING)
    world.disputes.open(id=np.arange(count), person=rows, weight=np.ones(count), state=state)


@pytest.mark.parametrize(
    ("seats", "people", "forgetting", "seats_for"),
    [
        (300, 1_000, 0.8, "all"),
        (900, 1_000, 2.0, "all"),
        (1_000, 100, 1.0, "all"),
        (900, 1_000, 2.5, "untrained"),
        (4_000, 1_000, 2.5, "untrained"),
    ],
)
def test_as_many_are_trained_as_seats_and_forgetting_leave(seats, people, forgetting, seats_for):
    assert all(v.holds for v in check(education(seats, people, forgetting, seats_for), Education))


def test_the_limit_fails_for_a_rule_that_forgets_twice_as_fast():
    class Forgetful(Education):
        def forget(self, world, clock):
            super().forget(world, clock)
            known = np.flatnonzero(world.people.trained)
            luck = world.draws.uniform("limit.fault", world.people.id[known], clock.week)
            world.people.trained[known[luck < clock.chance(self.forgetting)]] = False

    assert not all(v.holds for v in check(education(900, 1_000, 2.0), Forgetful))


def test_the_start_is_where_the_base_seats_lead():
    world, _ = classroom(20_000)
    assert world.people.trained.mean() == pytest.approx(AT_REST, abs=4 * 0.25 / 20_000**0.5)


def test_all_seats_of_a_year_are_filled_and_counted():
    world, rule = classroom()
    attended(world, rule)
    assert world.flows.by_cell["education_seats"].sum() == pytest.approx(40.0, abs=1.5)


def test_without_seats_nobody_learns_and_the_trained_forget():
    world, rule = classroom(20_000, seats=0.0)
    before = world.people.trained.copy()
    clock = Clock(START)  # the start is that of the warm-up
    for _ in range(52):
        rule.step(world, clock)
        clock.advance()
    assert not (world.people.trained & ~before).any()
    left = world.people.trained.sum() / before.sum()
    assert left == pytest.approx(
        np.exp(-0.3 * 364 / 365.25), abs=4 * (0.74 * 0.26 / before.sum()) ** 0.5
    )


def test_as_many_newcomers_as_usual_are_trained_and_forget_at_the_usual_pace():
    world, rule = classroom(20_000)
    people, half = world.people, np.arange(10_000)
    people.trained[half] = False
    people.trained_until[half] = NEVER
    rule.welcome(world, Clock(START, begins=70.0), half)
    share = people.trained[half].mean()
    assert share == pytest.approx(rule._expected[0], abs=4 * (0.0744 * 0.9256 / 10_000) ** 0.5)
    years = (people.trained_until[half][people.trained[half]] - 70.0) / 365.25
    assert years.min() > 0.0
    assert years.mean() == pytest.approx(1.0 / 0.3, abs=4 / 0.3 / len(years) ** 0.5)


def test_what_a_course_anchors_is_taken_back_when_it_is_forgotten():
    world, rule = classroom()
    people = world.people
    before = people.trained.astype(float)
    attended(world, rule)
    gained = people.trained.astype(float) - before
    assert people.anchor_push_legal_awareness == pytest.approx(0.051 * gained, abs=1e-6)


def test_the_lean_towards_deliberating_is_nothing_on_the_average_at_the_start():
    world, rule = classroom(20_000)
    rule.step(world, Clock(START))
    people = world.people
    assert people.act_logit_deliberate[people.trained] == pytest.approx(0.1 * (1 - AT_REST))
    assert people.act_logit_deliberate.mean(dtype=float) == pytest.approx(0.0, abs=1e-3)


def test_case_seats_go_to_people_in_a_live_dispute_first():
    world, rule = classroom(seats=2_000.0, case_share=1.0)
    quarrel(world, np.arange(5))
    world.people.trained[:] = False
    world.people.trained_until[:] = NEVER
    rule.step(world, Clock(START))
    methods = world.people.trained_by[world.people.trained]
    assert world.people.trained[:5].all()
    assert (methods == CASE).sum() == 5
    assert (methods == EVENT).sum() == world.flows.by_cell["education_seats"].sum() - 5


def test_project_seats_are_told_apart_in_units_with_an_open_issue():
    world, rule = classroom(seats=5_000.0, case_share=0.0, project_share=0.5)
    world.people.unconsulted[:3] = True
    world.people.trained[:] = False
    world.people.trained_until[:] = NEVER
    attended(world, rule, 0.5)
    methods = world.people.trained_by[world.people.trained]
    assert (methods == PROJECT).mean() == pytest.approx(0.5, abs=0.1)


def test_project_seats_move_to_the_units_of_their_division_that_have_an_issue():
    world, rule = classroom(case_share=0.0, project_share=0.5)
    own, none = rule.rates(world, np.ones(1))
    world.people.unconsulted[:1] = True
    moved, project = rule.rates(world, np.ones(1))
    assert none.sum() == 0.0
    assert moved.sum() == pytest.approx(own.sum())
    assert project.sum() == pytest.approx(0.5 * own.sum())


def test_seats_that_money_does_not_pay_for_are_not_given():
    world, rule = classroom()
    own, _ = rule.rates(world, np.array([0.5]))
    assert own.sum() == pytest.approx(20.0)


def test_extra_seats_come_on_top_for_the_step_in_which_they_are_posted():
    world, rule = classroom()
    world.units.extra_seats[:] = 15.0
    assert rule.rates(world, np.ones(1))[0].sum() == pytest.approx(55.0)
    rule.step(world, Clock(START))
    assert not world.units.extra_seats.any()


def test_half_steps_seat_the_same_people_at_the_same_moments():
    whole, rule = classroom(seats=2_000.0)
    halves, other = classroom(seats=2_000.0)
    attended(whole, rule, 52 * 7 / 365.25)
    attended(halves, other, 52 * 7 / 365.25, step=3.5)
    assert np.array_equal(whole.people.trained, halves.people.trained)
    assert np.array_equal(whole.people.trained_until, halves.people.trained_until)


def test_the_dead_get_no_seat():
    world, rule = classroom(100, seats=10_000.0)
    world.people.alive[:99] = False
    world.people.trained[:] = False
    world.people.trained_until[:] = NEVER
    attended(world, rule)
    assert not world.people.trained[:99].any()


def test_people_with_the_least_luck_sit_first_even_if_the_count_of_heads_is_out_of_date():
    world = bare_world(1_000, 3)
    key, everybody = world.draws.key("education.seat"), np.ones(1_000, bool)
    luck = world.draws.uniform("education.seat", world.people.id, 5)
    for heads in (None, np.array([1_000.0]), np.array([50_000.0])):
        rows = least_lucky(world.people, everybody, np.array([7]), np.array([20]), heads, key, 5)
        expected = [row for row in np.argsort(luck) if row != 7][:20]
        assert rows.tolist() == expected


def test_first_of_each_unit_takes_no_more_than_there_are():
    rows = first_of_each_unit(
        np.array([4, 5, 6, 7]),
        np.array([0, 1, 0, 0]),
        np.array([0.3, 0.9, 0.1, 0.2]),
        np.array([2, 5]),
    )
    assert rows.tolist() == [6, 7, 5]

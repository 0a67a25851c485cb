"""Posts are filled f / (f + q) of the time, and offices can do what those in post can do."""

import copy
import itertools

import numpy as np
import pytest

from sim.kernel import Clock, Table, entity_ids
from sim.mechanisms.government.post_list import (
    COMMUNITY,
    FULL_TIME,
    GRID_WORKER,
    PART_TIME,
    TOWNSHIP,
    VILLAGE,
)
from sim.mechanisms.government.staffing import Staffing, staffing
from sim.verify import check
from sim.verify.bench import START, bare_world, ready, weeks
from sim.world.money import LINES, budget_row
from sim.world.world import World

VILLAGES = 40


def county(**settings: float) -> tuple[World, Staffing]:
    """Forty villages of three mediators and one grid each, half of them in a second division."""
    world = bare_world(VILLAGES, seed=2)
    rows = np.arange(VILLAGES)
    half = (rows >= VILLAGES // 2).astype(np.int8)
    world.place.divisions = ("east", "west")
    world.people.division[:] = half
    world.offices = Table(
        VILLAGES,
        kind=np.zeros(VILLAGES, np.int8),
        division=half,
        bodies=np.ones(VILLAGES),
        persons=np.full(VILLAGES, 3.0),
    )
    world.units = Table(
        VILLAGES,
        id=entity_ids("unit", rows),
        kind=np.full(VILLAGES, 2, np.int8),
        division=half,
        committee=rows.astype(np.int32),
        grids=np.ones(VILLAGES),
    )
    world.levers = {name: np.repeat(value, 2) for name, value in world.levers.items()}
    world.flows = type(world.flows)(2)
    rule = Staffing(settings)
    ready(world, rule)
    return world, rule


def test_staff_is_hires_over_quits_and_posts_are_filled_f_over_f_plus_q():
    assert all(verdict.holds for verdict in check(staffing(60.0, 0.3), Staffing))


def test_the_limit_fails_where_nobody_is_replaced_in_time():
    class Slow(Staffing):
        def rates(self, world):
            fill, quits = super().rates(world)
            return 0.7 * fill, quits

    assert not all(verdict.holds for verdict in check(staffing(60.0, 0.3), Slow))


def test_the_limit_fails_where_people_stay_too_long():
    class Loyal(Staffing):
        def rates(self, world):
            fill, quits = super().rates(world)
            return fill, 0.8 * quits

    assert not all(verdict.holds for verdict in check(staffing(60.0, 0.3), Loyal))


def test_a_ratio_that_no_office_could_hold_is_refused():
    with pytest.raises(ValueError, match="choose 5 to 20,000"):
        staffing(5_000.0, 0.01)


def test_where_nobody_hires_or_quits_offices_keep_the_persons_of_the_lever():
    world, _ = county()
    assert np.all(world.offices.part_time == 3.0)
    assert np.all(world.offices.sessions == 60.0)
    assert np.all(world.offices.full_time == 0.0)
    assert np.all(world.units.grid_workers == 1.0)


def test_so_many_posts_are_opened_that_three_are_filled():
    world, _ = county()
    mediators = np.count_nonzero(world.posts.role != GRID_WORKER)
    # 120 persons at .909 filled are 132 posts; each division is rounded to within one.
    assert mediators == pytest.approx(120 * (1.5 + 0.15) / 1.5, abs=2)


def test_half_steps_bring_the_same_people_on_the_same_days():
    whole, rule = county()
    halves = whole.twin()
    for clock in weeks(3.0, step_days=7.0):
        rule.step(whole, clock)
    for clock in weeks(3.0, step_days=3.5):
        rule.step(halves, clock)
    assert np.array_equal(whole.posts.filled, halves.posts.filled)
    assert np.array_equal(whole.posts.spell, halves.posts.spell)
    assert whole.posts.since == pytest.approx(halves.posts.since, abs=1e-6)
    assert np.array_equal(whole.offices.sessions, halves.offices.sessions)


def post_ids(world: World, rule: Staffing, staff: float) -> set[int]:
    world.levers["mediation.staff_per_10k"][:] = staff
    rule.open_posts(world, 0.0)
    return set(world.posts.id.tolist())


def test_posts_of_a_smaller_lever_are_among_those_of_a_larger():
    world, rule = county()
    sets = [post_ids(world, rule, staff) for staff in (0.0, 5.0, 17.1, 20.0, 34.2, 40.0, 68.4)]
    assert all(small <= large for small, large in itertools.pairwise(sets))
    assert len(sets[0]) < len(sets[-1])


def test_doubled_staff_doubles_posts_and_halved_staff_halves_them():
    world, rule = county()
    base = np.count_nonzero(world.posts.role != GRID_WORKER)
    for factor in (0.5, 2.0):
        post_ids(world, rule, 34.2 * factor)
        posts = np.count_nonzero(world.posts.role != GRID_WORKER)
        assert posts == pytest.approx(base * factor, abs=3)


def test_a_lever_of_one_division_changes_no_post_of_the_other():
    base, rule = county()
    more, other = base.twin(), copy.deepcopy(rule)
    more.levers["mediation.staff_per_10k"][0] = 68.4
    for clock in weeks(1.0):
        rule.step(base, clock)
        other.step(more, clock)
    west = base.offices.division == 1
    assert np.array_equal(base.offices.sessions[west], more.offices.sessions[west])
    assert base.offices.sessions[~west].sum() < more.offices.sessions[~west].sum()


def test_new_posts_are_vacant_until_somebody_is_hired():
    world, rule = county()
    before = set(world.posts.id[world.posts.filled].tolist())
    post_ids(world, rule, 68.4)
    assert set(world.posts.id[world.posts.filled].tolist()) == before


def test_people_in_posts_that_stay_are_untouched_when_others_close():
    world, rule = county()
    since = dict(zip(world.posts.id.tolist(), world.posts.since.tolist(), strict=True))
    post_ids(world, rule, 17.1)
    assert all(
        since[post] == day
        for post, day in zip(world.posts.id.tolist(), world.posts.since.tolist(), strict=True)
    )


def test_better_pay_postpones_leaving_and_hastens_hiring():
    world, rule = county()
    fill, quits = rule.rates(world)
    turned = world.twin()
    turned.levers["grid.subsidy_yuan_per_year"][:] += 24_000 + 1_365
    better_fill, better_quits = rule.rates(turned)
    grid = world.posts.role == GRID_WORKER
    assert better_quits[grid] == pytest.approx(quits[grid] / 2)
    assert better_fill[grid] == pytest.approx(fill[grid] * 2**1.85)
    assert np.array_equal(better_quits[~grid], quits[~grid])


def test_pay_of_full_timers_does_not_move_part_timers():
    world, rule = county()
    _, quits = rule.rates(world)
    world.levers["mediation.pay_yuan_per_month"][:] = 6_000
    assert np.array_equal(rule.rates(world)[1], quits)


@pytest.mark.parametrize(
    ("line", "role"),
    [("cases", PART_TIME), ("mediators", FULL_TIME), ("grid_pay", GRID_WORKER)],
)
def test_pay_that_does_not_come_drives_those_away_who_live_from_that_line(line, role):
    world, rule = county()
    world.levers["mediation.full_time_share"][:] = 0.5
    rule.open_posts(world, 0.0)
    fill, quits = rule.rates(world)
    world.tables["budget"] = Table(2 * len(LINES), paid_share=np.ones(2 * len(LINES)))
    world.tables["budget"].paid_share[budget_row(0, line)] = 0.5  # in the east alone
    slower, faster = rule.rates(world)
    theirs = (world.posts.role == role) & (world.posts.division == 0)
    assert faster[theirs] == pytest.approx(2.0 * quits[theirs])
    assert slower[theirs] == pytest.approx(fill[theirs] / 2**1.85)
    assert np.array_equal(faster[~theirs], quits[~theirs])
    assert np.array_equal(slower[~theirs], fill[~theirs])


def test_full_timers_who_are_paid_twice_as_much_leave_half_as_often():
    world, rule = county()
    world.levers["mediation.full_time_share"][:] = 1.0
    rule.open_posts(world, 0.0)
    _, quits = rule.rates(world)
    world.levers["mediation.pay_yuan_per_month"][:] = 6_000
    mediators = world.posts.role != GRID_WORKER
    assert rule.rates(world)[1][mediators] == pytest.approx(quits[mediators] / 2.0)


def test_nobody_is_thought_to_earn_less_than_a_twentieth_or_more_than_twenty_times():
    world, rule = county()
    for pay, seen in ((0.0, 0.05), (3_000.0 * 100, 20.0)):
        world.levers["mediation.pay_yuan_per_month"][:] = pay
        assert rule.relative_pay(world)[FULL_TIME].tolist() == [seen] * 2


def test_sessions_are_those_of_the_kind_of_office_and_of_the_role():
    _, rule = county()
    kinds = np.array([VILLAGE, COMMUNITY, TOWNSHIP])
    assert rule.sessions_of(kinds, np.full(3, PART_TIME)).tolist()[:2] == [20.0, 40.0]
    assert rule.sessions_of(kinds, np.full(3, FULL_TIME)).tolist() == [220.0, 220.0, 120.0]


def test_whoever_is_hired_brings_talents_of_their_own():
    world, rule = county(**{"quit_rate.mediator": 2.0})
    before = world.posts.talent.copy()
    spells = world.posts.spell.copy()
    for clock in weeks(1.0):
        rule.step(world, clock)
    anew = world.posts.filled & (world.posts.spell > spells)
    assert anew.sum() > 20
    assert not np.any(world.posts.talent[anew] == before[anew])
    stayed = world.posts.filled & ~anew
    assert np.array_equal(world.posts.talent[stayed], before[stayed])


def test_an_office_of_several_bodies_counts_who_is_in_post_in_each():
    world, rule = county()
    world.offices.bodies[:] = 2.0
    rule.count(world, 0.0)
    assert world.offices.sessions == pytest.approx(20.0 * world.offices.part_time)
    there = world.posts.filled & (world.posts.role == PART_TIME)
    posts = np.bincount(world.posts.office[there], minlength=VILLAGES)
    assert world.offices.part_time == pytest.approx(posts / 2.0)


def test_all_full_time_means_220_sessions_a_mediator():
    world, rule = county()
    world.levers["mediation.full_time_share"][:] = 1.0
    rule.step(world, Clock(START))
    mediators = world.posts.role != GRID_WORKER
    assert np.all(world.posts.role[mediators] == FULL_TIME)
    assert np.all(world.offices.part_time == 0.0)
    assert np.array_equal(world.offices.sessions, 220.0 * world.offices.full_time)


def test_half_of_the_part_timers_turn_full_time_when_the_share_rises_half_way():
    world, rule = county()
    world.levers["mediation.full_time_share"][:] = 0.053 + 0.5 * (1 - 0.053)
    rule.step(world, Clock(START))
    mediators = np.flatnonzero(world.posts.role != GRID_WORKER)
    turned = np.mean(world.posts.role[mediators] == FULL_TIME)
    assert turned == pytest.approx(0.5, abs=4 * np.sqrt(0.25 / len(mediators)))


def test_skill_is_nought_in_the_mean_with_sd_one():
    world = bare_world(2, seed=4)
    world.offices.persons[0] = 20_000.0
    rule = Staffing()
    ready(world, rule)
    rows = np.flatnonzero(world.posts.filled & (world.posts.role != GRID_WORKER))
    skills = rule.skills(world, rows, -364.0)
    assert skills.mean() == pytest.approx(0.0, abs=4 / np.sqrt(len(rows)))
    assert skills.std() == pytest.approx(1.0, abs=4 / np.sqrt(2 * len(rows)))


def test_who_was_just_hired_lacks_the_usual_experience():
    world, rule = county()
    world.posts.talent[:] = 0.0
    world.posts.since[:] = 100.0
    newcomers = rule.skills(world, np.arange(5), 100.0)
    assert newcomers == pytest.approx(-1.1 * 0.5 / (0.5 + 0.15))


def test_leavings_and_years_in_post_give_the_quit_rate():
    world = bare_world(2, seed=6)
    world.offices.persons[0] = 5_000.0
    rule = Staffing()
    ready(world, rule)
    for clock in weeks(2.0, step_days=365.25 / 4):
        rule.step(world, clock)
    flows = world.flows.by_division
    quits = flows["mediator_quits"].sum()
    turnover = quits / flows["mediator_years"].sum()
    assert turnover == pytest.approx(0.15, rel=4 / np.sqrt(quits) + 0.01)

"""People lose work and find it by clocks of their own; posts and pay follow people and trend."""

from datetime import date

import numpy as np
import pytest

from sim.kernel import Clock, Table, entity_ids
from sim.mechanisms.place.job_market import JobMarket
from sim.mechanisms.place.labour import BEGINS, Labour
from sim.mechanisms.place.labour_limits import engaged, labour
from sim.mechanisms.place.modes import MODES, of_mode
from sim.verify import check
from sim.verify.bench import START, bare_world, ready
from sim.world.exposed import exposed_of
from sim.world.flows import CELLS_PER_DIVISION, KINDS, Flows
from sim.world.issues import posted_issues
from sim.world.workplaces import Workplaces
from sim.world.world import World

TOWN = KINDS.index("town")


def town(people: int = 2_000, idle: int = 0, **settings: float) -> tuple[World, Labour]:
    """A town in which the last `idle` adults look for work and the others are in work."""
    world = bare_world(people, seed=3)
    jobless = np.arange(people) >= people - idle
    world.people.employed[:], world.people.unemployed[:] = ~jobless, jobless
    world.people.sector[jobless], world.people.wage[jobless] = 0, 0.0
    world.people.age[:] = 45
    rule = Labour(settings)
    ready(world, rule)
    return world, rule


def pass_years(world: World, rule: Labour, years: float, step_days: float = 7.0) -> None:
    clock = Clock(START, step_days, begins=BEGINS)
    for _ in range(round(years * 365.25 / step_days)):
        rule.step(world, clock)
        clock.advance()


def state_of(world: World) -> tuple[bytes, ...]:
    return tuple(world.people[name].tobytes() for name in world.people)


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"separation": 0.3, "finding": 1.0, "people": 3_000, "jobs": 9_000},
        {"finding": 1e4, "jobs": 1_600, "people": 2_000},
        {"separation": 1.0, "finding": 3.0, "jobs": 15, "people": 20},
        {"jobs": 0, "people": 200},
    ],
    ids=str,
)
def test_separations_and_findings_leave_the_known_share_without_work(settings):
    assert all(verdict.holds for verdict in check(labour(**settings), Labour))


def test_with_posts_for_all_separations_over_both_are_out_of_work():
    # .0942 / 2.0942
    assert labour(jobs=10_000, people=10_000).quantities[1].expected == pytest.approx(
        0.044981, abs=1e-6
    )


def test_where_finding_takes_no_time_as_many_work_as_there_are_posts():
    assert labour(finding=2e4, jobs=800, people=1_000).quantities[0].expected == pytest.approx(
        800.0
    )


def test_one_post_and_two_people_by_hand():
    # States 0, 1, 2 at the post: 2 f/d = 2, then f/d = 1 times that: chances 1, 2, 2 of 5.
    assert engaged(1.0, servers=1, sources=2)[0] == pytest.approx(4 / 5)


def test_the_limit_fails_where_a_tenth_of_the_seekers_look_away():
    class Slow(JobMarket):
        def hazards(self, world, force, filled, posts, day):
            find, lose = super().hazards(world, force, filled, posts, day)
            return 0.9 * find, lose

    class Idle(Labour):
        market_type = Slow

    assert not all(verdict.holds for verdict in check(labour(), Idle))


def test_the_limit_fails_where_posts_do_not_bind():
    class Roomy(JobMarket):
        def posts(self, world, force, day):
            return 1.01 * super().posts(world, force, day)

    class Crowded(Labour):
        market_type = Roomy

    limit = labour(finding=1e4, jobs=1_600, people=2_000)
    assert not all(verdict.holds for verdict in check(limit, Crowded))


def test_half_steps_keep_the_very_same_spells_while_hazards_hold():
    settings = {"matching_elasticity": 0.0, "vacancy_share": 1.0}
    whole, rule = town(2_000, 90, **settings)
    halves, other = town(2_000, 90, **settings)
    pass_years(whole, rule, 1.0, 7.0)
    pass_years(halves, other, 1.0, 3.5)
    assert np.array_equal(whole.people.employed, halves.people.employed)
    assert np.array_equal(whole.people.job_spell, halves.people.job_spell)
    assert whole.people.separated_at == pytest.approx(halves.people.separated_at, abs=0.05)


def test_work_lost_and_found_closes_the_account():
    world, rule = town(2_000, 90)
    before = world.people.employed.sum()
    pass_years(world, rule, 2.0)
    flows = world.flows.by_cell
    change = flows["hires"].sum() - flows["separations"].sum()
    assert world.people.employed.sum() - before == change
    people = world.people
    assert np.array_equal(people.in_force, people.employed | people.unemployed)
    assert not (people.employed & people.unemployed).any()
    assert np.array_equal(people.sector > 0, people.employed)
    assert np.array_equal(people.wage > 0, people.employed)
    assert not (people.insured & ~people.employed).any()


def test_who_finds_work_when_no_post_is_free_stands_in_line_and_the_first_is_served_first():
    world, rule = town(10, 5, vacancy_share=0.0, matching_elasticity=0.0, finding_rate=1e3)
    people = world.people
    rule.market.losing[False][:] = 0.0
    world.people.work_due[5:] = [0.05, 0.01, 0.03, 0.02, 0.04]
    clock = Clock(START, 7.0, begins=BEGINS)
    rule.step(world, clock)
    assert people.employed.sum() == 5  # as many posts as at the start
    assert np.argsort(people.work_due[5:]).tolist() == [1, 3, 2, 4, 0]  # the longest wait first
    clock.advance()
    people.alive[0] = False  # leaves a post free
    rule.step(world, clock)
    assert people.employed[5:].tolist() == [False, True, False, False, False]


def test_who_loses_work_makes_room_at_that_very_moment():
    world, rule = town(3, 1, vacancy_share=0.0, matching_elasticity=0.0)
    people = world.people
    people.work_due[:] = [0.001, 50.0, -0.5]  # the first loses work soon, the last waits
    rule.step(world, Clock(START, 7.0, begins=BEGINS))
    assert people.employed.tolist() == [False, True, True]


def test_the_excess_over_posts_is_laid_off_by_lot_and_nested():
    gone = []
    for posts in (900, 800):
        world, rule = town(1_000)
        clock = Clock(START, 7.0, begins=BEGINS)
        _, filled = rule.market.count(world)
        wanted = np.zeros_like(filled)
        wanted[TOWN, 1] = posts
        rule.market.lay_off(world, clock, wanted, filled)
        gone.append(set(np.flatnonzero(world.people.work_due == 0.0).tolist()))
    assert [len(rows) for rows in gone] == [100, 200]
    assert gone[0] < gone[1]


def test_posts_follow_local_people_and_pay_gives_way():
    world, rule = town(1_000)
    force, _ = rule.market.count(world)
    usual = rule.market.posts(world, force, BEGINS).sum()
    assert usual == pytest.approx(1_030.0)
    assert rule.market.posts(world, 1.1 * force, BEGINS).sum() == pytest.approx(1_030.0 * 1.1**0.7)
    rule.take_pay(world, 1.1 * force, BEGINS)
    assert world.tables["cells"].wage_factor[TOWN] == pytest.approx(1.1**-0.3)
    assert world.people.wage == pytest.approx(3_000.0 * 1.1**-0.3)


def test_family_farms_offer_posts_on_the_land_beside_all_others_and_none_is_less_than_none():
    world, rule = town()
    force, _ = rule.market.count(world)
    usual = rule.market.posts(world, force, BEGINS).copy()
    world.tables["cells"].farm_jobs = np.array([0.0, -1e6, 7.0])
    found = rule.market.posts(world, force, BEGINS)
    assert found[2] - usual[2] == pytest.approx([7.0, 0.0, 0.0])
    assert found[1] == pytest.approx([0.0, usual[1, 1], usual[1, 2]])
    assert np.array_equal(found[0], usual[0])


def test_growth_of_people_by_the_trend_alone_moves_neither_tightness_nor_pay():
    world, rule = town(1_000)
    force, _ = rule.market.count(world)
    later = 5 * 365.25
    grown = force * np.exp(rule.job_growth["town"] * 5)
    assert rule.market.posts(world, grown, later).sum() == pytest.approx(1.03 * grown[TOWN])
    assert rule.market.beyond_trend(grown, later)[TOWN] == pytest.approx(1.0)


def test_where_nobody_moves_trends_stand_still_and_losses_match_findings():
    world = bare_world(1_000, seed=3)
    world.people.employed[:60], world.people.unemployed[:60] = False, True
    world.tables["on"] = frozenset({"labour"})
    rule = Labour()
    ready(world, rule)
    assert not rule.market.growth.any()
    assert not rule.market.moving(0.0)
    lost = (rule._start.filled * rule.market.losing[False]).sum()
    assert lost == pytest.approx(2.0 * 60)


def test_people_move_from_the_first_day_on_and_then_losses_are_as_stated():
    world, rule = town(1_000, 60)
    assert [rule.market.moving(day) for day in (BEGINS, -7.0, 0.0)] == [False, False, True]
    assert rule.market.trend(-7.0).tolist() == [1.0, 1.0, 1.0]
    force, filled = rule.market.count(world)
    posts = rule.market.posts(world, force, 0.0)
    assert rule.market.hazards(world, force, filled, posts, 0.0)[1][TOWN, 1] == 0.0715
    before = rule.market.hazards(world, force, filled, posts, -7.0)[1][TOWN, 1]
    assert before * 940 == pytest.approx(2.0 * 60)


def test_unemployment_and_pay_stay_where_they_are_when_people_are_fixed():
    world = bare_world(20_000, seed=5)
    world.people.employed[:900], world.people.unemployed[:900] = False, True
    world.people.sector[:900] = 0
    world.tables["on"] = frozenset({"labour"})
    world.place.values["labour.log_wage_sd"] = 0.5
    rule = Labour()
    ready(world, rule)
    pass_years(world, rule, 5.0)
    # sd of the share without work sqrt(.045 x .955 / 20,000) = .0015
    assert world.people.unemployed.mean() == pytest.approx(0.045, abs=0.006)
    # lognormal pay with sd .5 has a relative sd of .533: .0039 over 19,100 workers
    at_work = world.people.wage[world.people.employed]
    assert at_work.mean() == pytest.approx(3_000.0, rel=0.016)


def test_a_cell_without_people_offers_nothing_and_newcomers_there_find_posts():
    world, rule = town(100)
    force, _ = rule.market.count(world)
    assert rule.market.posts(world, force, BEGINS)[0].sum() == 0.0
    assert world.tables["cells"].work_chance[0] == 1.0
    force[0] = 50.0
    assert rule.market.posts(world, force, BEGINS)[0].sum() == pytest.approx(1.03 * 50.0)


def test_movers_who_worked_have_work_on_arrival_with_the_stated_chance():
    world, rule = town(4_000, mover_job=0.8)
    rows = np.arange(2_000)
    world.tables["moved"] = [(rows[:1_000], True), (rows[1_000:], np.zeros(1_000, bool))]
    rule.market.losing[False][:] = 0.0
    rule.finding_rate = 0.0
    rule.step(world, Clock(START, 7.0, begins=BEGINS + 7))
    works = world.people.employed
    # sd sqrt(.16 / 1,000) = .0126
    assert works[:1_000].mean() == pytest.approx(0.8, abs=0.05)
    assert not works[1_000:2_000].any()
    assert works[2_000:].all()
    assert world.tables["moved"] == []
    assert np.array_equal(world.people.in_force, np.ones(4_000, bool))


def test_who_joins_by_age_looks_for_work_and_who_grows_old_leaves_it():
    world, rule = town(2_000)
    people = world.people
    rule._start.chances[:] = [0.0, 1.0, 0.25]
    people.age[:1_000] = 66
    rule.step(world, Clock(START, 7.0, begins=BEGINS))
    # sd sqrt(.25 x .75 / 1,000) = .0137
    assert people.in_force[:1_000].mean() == pytest.approx(0.25, abs=0.055)
    people.age[:1_000] = 45
    rule.step(world, Clock(START, 7.0, begins=BEGINS + 28))
    assert people.in_force.all()
    assert people.unemployed[:1_000].mean() == pytest.approx(0.75, abs=0.055)


def test_the_dead_hold_no_post():
    world, rule = town(1_000)
    world.people.alive[:100] = False
    force, filled = rule.market.count(world)
    assert force[TOWN] == filled.sum() == 900.0


def test_a_household_pools_what_it_lives_on():
    world, rule = town(4, 1)
    world.people.household[:] = [0, 1, 1, 0]
    world.people.wage[:] = [4_000, 3_000, 2_000, 0]
    rule.take_pay(world, rule.market.count(world)[0], BEGINS)
    # the jobless one lives on 1,500 yuan
    assert world.people.income.tolist() == [2_750.0, 2_500.0, 2_500.0, 2_750.0]


def test_the_base_mode_changes_no_bit_and_others_lose_and_find_otherwise():
    mixed, rule = town(2_000, 90)
    again, other = town(2_000, 90)
    other._base_mode = np.array([0])
    pass_years(mixed, rule, 0.5)
    pass_years(again, other, 0.5)
    assert state_of(mixed) == state_of(again)
    force, filled = rule.market.count(mixed)
    posts = rule.market.posts(mixed, force, BEGINS)
    find, lose = rule.market.hazards(mixed, force, filled, posts, 0.0)
    for mode, on_find, on_lose, on_spread, growth in (
        ("collective", 0.95, 0.85, 0.85, 0.0),
        ("private", 1.15, 1.2, 1.1, 0.005),
    ):
        mixed.levers["labour.mode"][:] = MODES.index(mode)
        now_find, now_lose = rule.market.hazards(mixed, force, filled, posts, 0.0)
        assert now_find == pytest.approx(on_find * find)
        assert now_lose == pytest.approx(on_lose * lose)
        assert of_mode(rule, mixed, "wage_sd") == pytest.approx(on_spread)
        assert of_mode(rule, mixed, "growth") == pytest.approx(growth)


def test_private_growth_adds_posts_in_town_year_by_year():
    world, rule = town(1_000)
    world.levers["labour.mode"][:] = MODES.index("private")
    pass_years(world, rule, 2.0)
    assert world.tables["cells"].mode_trend[TOWN] == pytest.approx(0.01, rel=0.01)
    assert world.tables["divisions"].autonomy_shift[0] == pytest.approx(0.1)


def test_those_who_lost_work_carry_their_share_of_disputes_about_it():
    world = bare_world(5_000, seed=3)
    world.people.employed[:250], world.people.unemployed[:250] = False, True
    world.tables["settings"] = {"disputes.rate.labour": 52.0}
    world.tables["on"] = frozenset({"labour", "migration"})
    rule = Labour({"job_growth.town": 0.0})
    ready(world, rule)
    # 4,750 at work in the second sector, .0715 a year, exposed for 182 days
    exposed = 4_750 * 0.0715 * 182.0 / 365.25
    assert rule._rate[True] * exposed == pytest.approx(0.4 * 52.0 / 1e4 * 5_000)
    assert exposed_of(world).carried.sum() == pytest.approx(0.4)
    before = len(exposed_of(world))
    rule.step(world, Clock(START, begins=BEGINS))
    table, lost = exposed_of(world), world.flows.by_cell["separations"].sum()
    assert len(table) - before == lost > 0
    assert np.all(table.ends - table.begins == 182.0)


def test_switched_off_it_leaves_all_disputes_to_the_usual_flow():
    world = bare_world(500, seed=3)
    world.tables["settings"] = {"disputes.rate.labour": 52.0}
    world.tables["on"] = frozenset({"disputes"})
    ready(world, Labour())
    assert exposed_of(world).carried.sum() == 0.0


def employing(sizes: list[float], people: int = 10_000) -> World:
    """A town with one employer for each size (share of all posts)."""
    world = bare_world(people, seed=3)
    number = np.arange(len(sizes))
    world.firms = Table(
        len(sizes),
        id=entity_ids("firm", number),
        kind=np.full(len(sizes), 2, np.int8),
        division=np.zeros(len(sizes), np.int8),
        employees=np.array(sizes, np.float32),
        weight=np.ones(len(sizes), np.float32),
    )
    return world


def test_people_work_with_employers_by_their_size_and_stay_there_for_a_spell():
    world = employing([0.5, 0.3, 0.2])
    staff = Workplaces(world)
    rows = np.arange(10_000)
    first = staff.of(world, rows, np.zeros(10_000, int))
    # sd sqrt(.25 / 10,000) = .005
    assert np.bincount(first) / 10_000 == pytest.approx([0.5, 0.3, 0.2], abs=0.02)
    assert np.array_equal(first, staff.of(world, rows, np.zeros(10_000, int)))
    assert not np.array_equal(first, staff.of(world, rows, np.ones(10_000, int)))


@pytest.mark.parametrize(("laid_off", "opens"), [(100, 0), (900, 1)])
def test_an_employer_who_dismisses_more_than_a_fifth_may_face_a_matter_of_wages(laid_off, opens):
    world = employing([0.25, 0.75], people=10_000)
    world.tables["on"] = frozenset({"labour", "mobilisation"})
    rule = Labour({"firm.issue_chance": 1.0})
    ready(world, rule)
    staff = rule._employers
    working = staff.workplaces.of(world, np.arange(10_000), np.zeros(10_000, int))
    theirs = np.flatnonzero(working == 0)
    clock = Clock(date(2020, 1, 1), begins=0.0)
    gone = theirs[:laid_off]
    staff.note(world, clock, gone, np.zeros(laid_off, int), np.full(laid_off, 3.0))
    staff.count(world, np.array([10_000.0]))
    assert world.firms.jobs == pytest.approx([2_500.0, 7_500.0])
    assert world.firms.laid_off[0] == laid_off
    assert staff.open_issues(world, 0.2, 1.0) == opens
    assert staff.open_issues(world, 0.2, 1.0) == 0  # asked once in 26 weeks
    posts = posted_issues(world)
    assert len(posts) == opens
    for post in posts:
        assert (post.kind, post.firm, post.at) == ("wages", 0, 3.0)
        assert np.array_equal(post.members, np.sort(gone))
    clock.begins = 200.0
    staff.note(world, clock, gone[:0], gone[:0], np.zeros(0))
    staff.count(world, np.array([10_000.0]))
    assert world.firms.laid_off[0] == 0.0


def test_each_division_has_its_own_labour_market():
    world = bare_world(200, seed=3)
    people = world.people
    world.place.divisions = ("east", "west")
    people.division[100:] = 1
    people.cell[:] = people.division * CELLS_PER_DIVISION + 3
    world.flows = Flows(2)
    world.tables["cells"], world.tables["divisions"] = Table(6), Table(2)
    world.levers = {name: np.repeat(value, 2) for name, value in world.levers.items()}
    rule = Labour()
    ready(world, rule)
    people.employed[:50], people.unemployed[:50] = False, True
    people.sector[:50] = 0
    cells = world.tables["cells"]
    rule.market.describe(
        world,
        *rule.market.count(world),
        rule.market.posts(world, rule.market.count(world)[0], BEGINS),
    )
    assert cells.work_chance[[TOWN, 3 + TOWN]].tolist() == [0.5, 1.0]
    assert cells.workers[[TOWN, 3 + TOWN]].tolist() == [100.0, 100.0]

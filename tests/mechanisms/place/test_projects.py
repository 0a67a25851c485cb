"""Works are built, cleared side by side, accepted, and kept up only once they are accepted."""

import copy
import functools
from types import SimpleNamespace

import numpy as np
import pytest

from sim.kernel import Clock, Table, entity_ids
from sim.mechanisms.government.coordination import Coordination
from sim.mechanisms.place.project_limits import (
    accepted_of_sizes,
    accepted_share,
    parallel,
    pipeline,
)
from sim.mechanisms.place.projects import Projects
from sim.mechanisms.place.register import NEVER
from sim.verify import check
from sim.verify.bench import START, bare_world, ready
from sim.world.disputes import DOMAINS
from sim.world.exposed import exposed_of
from sim.world.issues import end_issue, posted_issues
from sim.world.money import FEN_PER_YUAN, LINES, budget_row
from sim.world.world import World

PEOPLE, YEAR = 3_000, 365.25
UNITS = 10


def county(starts: float = 60.0, cost: float = 6e7, seed: int = 3, **settings: float):
    """Ten villages of 300 adults in one division, where many works are begun."""
    world = bare_world(PEOPLE, seed)
    rows = np.arange(PEOPLE)
    world.people.unit[:] = rows // (PEOPLE // UNITS)
    each = np.full(UNITS, PEOPLE / UNITS)
    world.units = Table(
        UNITS,
        id=entity_ids("unit", np.arange(UNITS)),
        division=np.zeros(UNITS, np.int8),
        kind=np.full(UNITS, 2, np.int8),
        residents=each,
        adults=each.astype(np.int32),
        weight=np.ones(UNITS),
    )
    world.office_of["department"] = np.array([1])
    world.offices.persons[1] = 25.0
    figures = {"projects.starts_per_year": starts, "projects.mean_cost": cost}
    world.place.value = figures.__getitem__
    world.place.by_division = lambda name: np.ones(1)
    rule = Projects(settings)
    ready(world, rule)
    return world, rule


def weeks(years: float, step_days: float = 7.0):
    """Steps from the day on which the register starts."""
    for k in range(round(years * 52) * round(7.0 / step_days)):
        yield Clock(START, step_days, -364.0 + k * step_days)


def with_books(world: World) -> Table:
    """A budget that only remembers what is posted."""
    world.tables["budget"] = Table(len(LINES), spend=np.zeros(len(LINES)))
    world.tables["treasury"] = Table(1, extra_plan=np.zeros(1))
    return world.tables["budget"]


def holds(limit, mechanism=Projects) -> bool:
    return all(verdict.holds for verdict in check(limit, mechanism))


@pytest.mark.parametrize("stages", [(90.0, 730.0, 365.0), (1.0,), (0.0, 5_000.0, 3.0)])
def test_stages_in_series_take_the_sum_of_their_means(stages):
    assert holds(pipeline(stages))


@pytest.mark.parametrize(("stages", "days"), [(4, 365.25), (1, 10.0), (12, 3_000.0)])
def test_obstacles_side_by_side_take_the_harmonic_sum(stages, days):
    assert holds(parallel(stages, days))


@pytest.mark.parametrize(
    ("years", "cost", "effort"), [(12.0, 773.0, 1.0), (12.0, 60.0, 2.0), (1.0, 300.0, 0.2)]
)
def test_the_accepted_share_of_steady_finishes_is_the_integral(years, cost, effort):
    assert holds(accepted_share(years, cost, effort))


def test_article_3_comes_out_four_of_eleven_and_an_eighth_of_the_money():
    by_number, by_money = accepted_of_sizes(Projects(), 12.0, 773e6, 1.0)
    assert by_number == pytest.approx(0.375, abs=0.003)
    assert by_money == pytest.approx(0.122, abs=0.002)


@pytest.mark.parametrize(
    ("effort", "number", "money"), [(0.5, 0.21, 0.05), (1.0, 0.375, 0.122), (2.0, 0.56, 0.25)]
)
def test_half_and_double_effort_move_article_3_as_stated(effort, number, money):
    found = accepted_of_sizes(Projects(), 12.0, 773e6, effort)
    assert found == pytest.approx((number, money), abs=0.005)


def test_one_size_alone_gives_the_closed_form_of_one_theta():
    rule = Projects({"log_size_sd": 1e-6})
    # four obstacles of one year over one year: 1 - sum (1 - 1/e)^k/k for k = 1..4
    expected = 1.0 - sum((1.0 - np.exp(-1.0)) ** k / k for k in (1, 2, 3, 4))
    found = accepted_of_sizes(rule, 1.03, 1e8, 1.0)
    assert found == pytest.approx((expected, expected), abs=1e-6)


def test_the_limits_fail_where_large_works_take_no_longer():
    class Alike(Projects):
        def clear_years(self, cost):
            return super().clear_years(np.full_like(cost, 1e8))

    assert not holds(accepted_share(), Alike)


def test_the_limits_fail_where_obstacles_wait_for_one_another():
    class OneByOne(Projects):
        def clear(self, world, projects, clock):
            years = super().clear(world, projects, clock)
            projects.accepted += projects.left.shape[1]
            return years

    assert not holds(parallel(), OneByOne)


def test_the_limits_fail_where_a_stage_is_skipped():
    class Hasty(Projects):
        def stage_days(self, world, ids, years):
            return super().stage_days(world, ids, years[:, 1:])

    assert not holds(pipeline(), Hasty)


def test_without_effort_nothing_is_ever_accepted():
    world, rule = county()
    before = np.count_nonzero(world.tables["projects"].accepted < NEVER)
    world.levers["projects.acceptance_effort"][:] = 0.0
    for clock in weeks(2.0):
        rule.step(world, clock)
    assert world.flows.by_division["projects_accepted"].sum() == 0.0
    assert np.count_nonzero(world.tables["projects"].accepted < NEVER) <= before


def test_works_that_cost_nothing_are_accepted_on_the_day_they_are_built():
    world, rule = county(cost=0.0)
    for clock in weeks(1.0):
        rule.step(world, clock)
    works = world.tables["projects"]
    done = works.accepted < NEVER
    assert done.any()
    assert np.array_equal(works.accepted[done], works.built[done])


def test_the_register_starts_where_years_of_the_base_have_left_it():
    shares, waiting = [], []
    for seed in range(8):
        world, rule = county(starts=100.0, seed=seed)
        works = world.tables["projects"]
        built = works.built <= -364.0
        shares.append(np.mean(works.accepted[built] < NEVER))
        waiting.append(np.count_nonzero(built))
    by_number, _ = accepted_of_sizes(rule, 12.0, 6e7, 1.0)
    spread = np.std(shares, ddof=1) / np.sqrt(8)
    assert np.mean(shares) == pytest.approx(by_number, abs=4 * spread)
    # .308 of works meet an issue, .063 of those are conceded, most of them in time
    assert np.mean(waiting) == pytest.approx(100 * 12, rel=0.05)


def test_two_half_steps_equal_one_step():
    whole, rule = county()
    halves, other = whole.twin(), copy.deepcopy(rule)
    for world, own, days in ((whole, rule, 7.0), (halves, other, 3.5)):
        world.levers["projects.acceptance_effort"][:] = 1.5
        world.levers["projects.maintenance_share"][:] = 0.04
        for clock in weeks(3.0, days):
            own.step(world, clock)
    first, second = whole.tables["projects"], halves.tables["projects"]
    order, same = np.argsort(first.id), np.argsort(second.id)
    assert np.array_equal(first.id[order], second.id[same])
    done = first.accepted[order] < NEVER
    assert np.array_equal(done, second.accepted[same] < NEVER)
    assert first.accepted[order][done] == pytest.approx(second.accepted[same][done], abs=1e-6)
    assert first.condition[order] == pytest.approx(second.condition[same], abs=1e-9)


def test_more_effort_brings_every_acceptance_forward():
    usual, rule = county()
    eager, other = usual.twin(), copy.deepcopy(rule)
    eager.levers["projects.acceptance_effort"][:] = 2.0
    for clock in weeks(2.0):
        rule.step(usual, clock)
        other.step(eager, clock)
    assert np.all(eager.tables["projects"].accepted <= usual.tables["projects"].accepted)


@pytest.mark.parametrize(("share", "expected"), [(0.01, 0.6230), (0.02, 0.7), (0.04, 0.8009)])
def test_condition_moves_to_where_upkeep_meets_decay(share, expected):
    # .14 share/.02 against .06, five years from .7: x* + (.7 - x*) exp(-5 (a + r))
    world, rule = county(starts=5.0)
    world.levers["projects.maintenance_share"][:] = share
    works = world.tables["projects"]
    old = works.id[works.accepted < -364.0]
    for clock in weeks(5.0):
        rule.step(world, clock)
    works = world.tables["projects"]
    kept = np.isin(works.id, old)
    assert kept.any()
    assert works.condition[kept] == pytest.approx(expected, abs=1e-3)


def test_a_work_that_is_not_accepted_gets_no_upkeep_and_costs_none():
    world, rule = county(starts=0.0)
    budget = with_books(world)
    world.levers["projects.maintenance_share"][:] = 0.1
    world.levers["projects.acceptance_effort"][:] = 0.0
    fresh = rule.register.entered(
        world,
        entity_ids("work", np.arange(3)),
        np.zeros(3, int),
        np.full(3, -900.0),
        np.full(3, 1e8),
    )
    world.tables["projects"].grow(3, {name: fresh[name] for name in fresh})
    for clock in weeks(1.0):
        rule.step(world, clock)
    assert np.all(world.tables["projects"].condition == pytest.approx(0.7))
    assert budget.spend.sum() == 0.0


def test_at_the_base_nothing_is_charged_and_departments_keep_their_hours():
    world, rule = county()
    budget = with_books(world)
    for clock in weeks(1.0):
        rule.step(world, clock)
    assert budget.spend.sum() == 0.0
    assert np.all(world.tables["divisions"].acceptance_hours == 0.0)
    assert world.tables["cells"].works_condition == pytest.approx(0.7)


def test_double_upkeep_costs_its_share_of_the_value_handed_over():
    world, rule = county(starts=0.0)
    budget = with_books(world)
    fresh = rule.register.entered(
        world, entity_ids("work", np.arange(2)), np.zeros(2, int), np.zeros(2), np.full(2, 1e8)
    )
    fresh.built[:], fresh.accepted[:], fresh.left[:] = -10.0, -5.0, 0.0
    fresh.begun[:] = -20.0
    world.tables["projects"].grow(2, {name: fresh[name] for name in fresh})
    world.levers["projects.maintenance_share"][:] = 0.04
    rule.step(world, Clock(START, 7.0, 0.0))
    due = 2 * 1e8 * 0.02 * 7.0 / YEAR * FEN_PER_YUAN
    assert budget.spend[budget_row(0, "works")] == pytest.approx(due, rel=1e-12)
    assert world.tables["treasury"].extra_plan[0] == pytest.approx(due, rel=1e-12)


def test_a_work_year_of_double_effort_costs_150000_yuan_and_400_hours():
    world, rule = county(starts=0.0, clear_years_100m=1e9)
    budget = with_books(world)
    fresh = rule.register.entered(
        world, entity_ids("work", np.arange(11)), np.zeros(11, int), np.zeros(11), np.full(11, 1e8)
    )
    fresh.begun[:], fresh.built[:] = -20.0, -10.0
    world.tables["projects"].grow(11, {name: fresh[name] for name in fresh})
    world.levers["projects.acceptance_effort"][:] = 2.0
    rule.step(world, Clock(START, 7.0, 0.0))
    assert budget.spend.sum() == pytest.approx(11 * 150_000 * 7.0 / YEAR * FEN_PER_YUAN)
    # 11 x 400 hours of the 25 persons with 1,760 hours each
    assert world.tables["divisions"].acceptance_hours[0] == pytest.approx(0.1)


def test_hours_taken_make_departments_slower_in_proportion():
    world, _ = county()
    rule = Coordination()
    ids, division = np.arange(500), np.zeros(500, int)
    usual = rule.delays(world, ids, division)[1]
    world.tables["divisions"].acceptance_hours[:] = 0.2
    assert rule.delays(world, ids, division)[1] == pytest.approx(usual / 0.8)


def test_consultation_covers_the_same_works_and_more_and_begins_them_three_months_later():
    world, rule = county(starts=500.0)
    works = rule.register.works(world, np.arange(52))
    few = rule.register.chosen(world, works, np.array([0.2]))
    many = rule.register.chosen(world, works, np.array([0.8]))
    assert np.all(few <= many)
    assert np.mean(many) == pytest.approx(0.8, abs=4 * 0.4 / np.sqrt(len(works)))
    rule.register.consult(world, works, np.array([0.8]))
    later = works.begun - works.proposed
    assert np.all(later[~works.consulted] == 0.0)
    days = later[works.consulted]
    assert days.mean() == pytest.approx(YEAR / 4, abs=4 * YEAR / 8 / np.sqrt(len(days)))


def test_only_those_near_unconsulted_works_are_exposed_and_only_while_they_are_built():
    world, _ = county(starts=20.0)
    exposed, works = exposed_of(world), world.tables["projects"]
    assert exposed.carried[DOMAINS.index("environment")] == pytest.approx(0.3)
    assert set(exposed.domain) == {DOMAINS.index("environment")}
    for cause in np.unique(exposed.cause):
        (row,) = np.flatnonzero(works.id == cause)
        mine = exposed.cause == cause
        assert not works.consulted[row]
        assert mine.sum() == 200
        assert len(set(exposed.person[mine])) == 200
        assert set(world.people.unit[exposed.person[mine]]) == {works.unit[row]}
        assert np.all(exposed.ends[mine] <= works.built[row])


def test_the_rate_of_the_exposed_spreads_their_share_of_disputes_over_all_troubled_at_a_time():
    """60 works a year at the price of 100 million, .6 not asked about, near 200 people each."""
    _, rule = county(cost=1e8, log_size_sd=0.0, build_years_100m=2.0)
    troubled = 60.0 * 0.6 * 200.0 * 2.0
    assert rule.contest.rate == pytest.approx(0.3 * 22.0 / 1e4 * PEOPLE / troubled)


@pytest.mark.slow
def test_exposed_neighbours_bring_the_share_of_disputes_that_the_base_flow_lacks():
    exposed = []
    for seed in range(12):
        world, rule = county(starts=100.0, seed=seed)
        for now in (-364.0, 364.0):
            near = exposed_of(world)
            exposed.append(np.count_nonzero((near.begins <= now) & (near.ends > now)))
            if now < 0:
                for clock in weeks(2.0):
                    rule.step(world, clock)
    spread = np.std(exposed, ddof=1) / np.sqrt(len(exposed))
    # those given up early trouble nobody for long: .02 of works
    expected = 0.3 * 22.0 / 1e4 * PEOPLE / rule.contest.rate
    assert np.mean(exposed) == pytest.approx(expected, abs=4 * spread + 0.02 * expected)
    assert spread < 0.05 * expected


def contested(world: World, rule: Projects, share: float, years: float = 4.0) -> float:
    world.levers["projects.consultation_share"][:] = share
    for k in range(round(years * 13)):
        clock = Clock(START, 7.0, -364.0 + 28.0 * k)
        rule.step(world, clock)
    totals = world.flows.by_division
    return float(totals["project_issues"].sum() / totals["projects_begun"].sum())


@pytest.mark.parametrize(("share", "expected"), [(0.0, 0.35), (0.4, 0.308), (1.0, 0.245)])
def test_asking_beforehand_averts_three_issues_of_ten(share, expected):
    world, rule = county(starts=400.0)
    begun = 400.0 * 4.0 / 4.0  # one week of four is looked at
    assert contested(world, rule, share) == pytest.approx(
        expected, abs=4 * np.sqrt(expected * (1 - expected) / begun) + 0.005
    )


def test_an_issue_is_posted_against_the_department_in_the_unit_of_the_work():
    world, rule = county(starts=200.0)
    for clock in weeks(0.5):
        rule.step(world, clock)
    posts = posted_issues(world)
    works = world.tables["projects"]
    assert posts
    for post in posts:
        (row,) = np.flatnonzero(works.id == np.uint64(post.id))
        assert (post.kind, post.office, post.members) == ("projects", 1, None)
        assert (post.unit, post.at) == (works.unit[row], works.begun[row])


def test_a_conceded_issue_ends_the_work_and_the_trouble_of_its_neighbours_and_no_other_does():
    world, rule = county(starts=200.0)
    clocks = list(weeks(0.5))
    for clock in clocks[:-1]:
        rule.step(world, clock)
    works, now = world.tables["projects"], clocks[-1].begins
    rows = np.flatnonzero(works.issue & (works.built > now) & ~works.consulted)[:2]
    given_up, goes_on = works.id[rows]
    end_issue(world, int(given_up), "conceded")
    end_issue(world, int(goes_on), "faded")
    rule.step(world, clocks[-1])
    works = world.tables["projects"]
    assert works.cancelled[works.id == given_up] == now
    assert works.cancelled[works.id == goes_on] == NEVER
    exposed = exposed_of(world)
    assert np.all(exposed.ends[exposed.cause == given_up] <= now)
    assert np.all(exposed.ends[exposed.cause == goes_on] > now)
    assert world.flows.by_division["projects_cancelled"].sum() == 1.0
    in_vain = now - works.begun[works.id == given_up]
    assert world.flows.by_division["days_in_vain"].sum() == pytest.approx(in_vain[0])


def test_asking_takes_the_same_days_of_every_work_asked_about_and_none_of_the_others():
    for share, days in ((0.0, 0.0), (1.0, 3.0 / 12.0 * 365.25)):
        world, rule = county(starts=400.0)
        world.levers["projects.consultation_share"][:] = share
        for clock in weeks(3.0):
            if clock.begins == 0.0:  # works begun in the first months were planned before
                before = world.flows.snapshot().by_division
            rule.step(world, clock)
        after = world.flows.by_division
        lost, begun = (
            after[name].sum() - before[name].sum() for name in ("days_of_asking", "projects_begun")
        )
        # the days of a work vary: 4 standard errors of their mean
        assert lost / begun == pytest.approx(days, abs=4 * 0.5 * days / np.sqrt(begun))


def test_where_nobody_follows_issues_the_usual_share_of_them_is_conceded():
    world, rule = county(starts=400.0)
    world.tables["on"] = frozenset({"projects"})
    works = rule.register.works(world, np.arange(520))
    rule.register.give_up_some(world, works, np.flatnonzero(rule.contest.contested(world, works)))
    assert not posted_issues(world)
    # .35 of 4,000 works meet an issue, .063 of those are conceded, nearly all before they are built
    expected = len(works) * 0.35 * 0.063
    given_up = np.count_nonzero(works.cancelled < NEVER)
    assert 0.85 * expected - 4 * np.sqrt(expected) < given_up < expected + 4 * np.sqrt(expected)


@functools.cache
def at_scale(scale: float, seed: int = 5):
    """Projects of Jincheng at a scale, prepared alone."""
    from sim.engine.build import bare_city
    from sim.engine.load import load

    world = bare_city(load("jincheng-2020", {"scale": scale}), seed)
    world.tables["on"] = frozenset({"projects"})
    world.tables["settings"] = {"disputes.rate.environment": 22.0}
    rule = Projects()
    world.declare(rule.writes)
    rule.prepare(world)
    return world


def test_works_are_the_same_at_every_scale_and_their_neighbours_stand_for_as_many():
    small, large = at_scale(0.005), at_scale(0.01)
    first, second = small.tables["projects"], large.tables["projects"]
    for name in ("id", "cost", "built", "consulted", "cancelled"):
        assert np.array_equal(first[name], second[name])
    near = []
    for world in (small, large):
        exposed = exposed_of(world)
        near.append(world.people.weight[exposed.person].sum(dtype=float))
    works = np.count_nonzero((first.begun <= -364) & (first.built > -364) & ~first.consulted)
    # a fraction of an adult is a chance: sd of half an adult a work
    for world, found in zip((small, large), near, strict=True):
        weight = world.units.weight.max()
        assert found == pytest.approx(200 * works, abs=4 * 0.5 * weight * np.sqrt(works))


def test_a_works_own_unit_is_the_same_wherever_it_is_simulated():
    small, large = at_scale(0.005), at_scale(0.01)
    for world in (small, large):
        works = world.tables["projects"]
        share = np.sum(world.units.residents) / world.people.residents.sum(dtype=float)
        seen = np.mean(works.unit >= 0)
        assert seen == pytest.approx(share, abs=4 * np.sqrt(share / len(works)))
        assert np.all(works.stand_in >= 0)
        assert np.all(world.units.division[works.stand_in] == works.division)


def test_off_it_leaves_disputes_their_usual_flow():
    world, rule = county()
    world.tables = {k: v for k, v in world.tables.items() if k != "exposed"}
    world.tables["on"] = frozenset()
    rule.prepare(world)
    assert exposed_of(world).carried.sum() == 0.0
    assert len(exposed_of(world)) == 0


def test_a_budget_that_nobody_keeps_is_not_written_to():
    from sim.world.money import charge_in_full

    charge_in_full(SimpleNamespace(tables={}), "works", np.ones(1))

"""Beside a term of its own at rate q, a tolerated dispute is found with chance h/(h + q)."""

import numpy as np
import pytest

from sim.kernel import Clock, Table
from sim.mechanisms.conflict.detection import Detection, detection
from sim.scenario.levers import LEVERS
from sim.verify import check
from sim.verify.bench import START
from sim.world.disputes import DECIDING, DOMAINS, FOUND, LATENT, NEGOTIATING
from sim.world.money import LINES, budget_row
from sim.world.world import World
from tests.mechanisms.conflict.made_up import bring, four_errors, holds, step, total, town


def grid(rule: Detection, households: float = 290.0, **levers: float) -> World:
    """One grid worker with as many households as the reference."""
    world = town(rule, **levers)
    world.units["households"] = np.array([households])
    world.units["grid_workers"] = np.ones(1)
    return world


def tolerated(world: World, count: int, mean_days: float = 38.0, **columns) -> np.ndarray:
    """Disputes tolerated since day 0, with terms and thresholds of their own."""
    ids = np.arange(1, count + 1).astype(np.uint64)
    return bring(
        world,
        count,
        LATENT,
        due=mean_days * world.draws.exponential("test.term", ids),
        hazard_left=world.draws.exponential("test.threshold", ids),
        **columns,
    )


@pytest.mark.parametrize(
    ("hazard", "exit_rate"),
    [
        (1.47, 9.61),
        pytest.param(4.0, 1.3, marks=pytest.mark.slow),
        pytest.param(0.2, 25.0, marks=pytest.mark.slow),
        pytest.param(0.0, 2.0, marks=pytest.mark.slow),
    ],
)
def test_the_share_found_and_the_time_to_either_follow_competing_risks(hazard, exit_rate):
    assert holds(check(detection(hazard, exit_rate), Detection))


def test_the_limit_fails_where_workers_go_on_after_the_term():
    class Tireless(Detection):
        def step(self, world, clock):
            due = world.disputes.due.copy()
            world.disputes.due[:] = np.inf
            super().step(world, clock)
            world.disputes.due[:] = np.where(world.disputes.state == LATENT, due, np.inf)

    assert not holds(check(detection(), Tireless))


def test_the_limit_fails_where_last_weeks_search_is_forgotten():
    class Forgetful(Detection):
        def step(self, world, clock):
            left = world.disputes.hazard_left.copy()
            super().step(world, clock)
            world.disputes.hazard_left[:] = left

    assert not holds(check(detection(), Forgetful))


def test_the_limit_fails_where_a_fresh_draw_is_missed_by_the_day():
    class Late(Detection):
        def bring(self, world, rows, at):
            super().bring(world, rows, at + 7.0)

    assert not holds(check(detection(), Late))


@pytest.mark.parametrize("step_days", [1.0, 3.5])
def test_shorter_steps_find_the_same_disputes_on_the_same_days(step_days):
    rule = Detection({"enter_factor": 3.2})
    whole, parts = grid(rule), grid(rule)
    for world in (whole, parts):
        tolerated(world, 500)
    step(rule, whole, 70.0)
    step(rule, parts, 70.0, step_days)
    assert whole.disputes.found.sum() > 20
    assert np.array_equal(whole.disputes.found, parts.disputes.found)
    assert whole.disputes.searched == pytest.approx(parts.disputes.searched, abs=1e-6)
    assert np.array_equal(whole.disputes.state, parts.disputes.state)


def test_what_was_found_decides_on_the_day_it_was_found():
    rule = Detection({"hazard_per_year": 3.6525})  # a hundredth a day
    world = grid(rule)
    bring(world, 2, LATENT, due=[60.0, 60.0], hazard_left=[0.12, 0.7], domain=0)
    step(rule, world, 70.0)
    disputes = world.disputes
    assert disputes.found.tolist() == [True, False]
    assert disputes.state.tolist() == [DECIDING, LATENT]
    assert disputes.failed_in[0] == FOUND
    assert disputes.due[0] == pytest.approx(12.0)


def test_a_dispute_is_found_once_and_may_stay_latent():
    rule = Detection({"hazard_per_year": 500.0})
    world = grid(rule)
    tolerated(world, 3_000, mean_days=1e4, domain=DOMAINS.index("consumer"))
    step(rule, world, 28.0)
    assert total(world, "disputes_found") == 3_000
    # 2.46 x .01 / (.50 + .327 x .01)
    entering = 0.0246 / 0.50327
    share = np.mean(world.disputes.state == DECIDING)
    assert share == pytest.approx(entering, abs=four_errors(entering, 3_000))


def test_found_neighbours_nearly_all_go_to_the_village():
    shares = Detection({}).entering()
    assert shares[DOMAINS.index("neighbour")] == pytest.approx(0.4059 / 0.413955)
    assert shares[DOMAINS.index("medical")] == 0.0
    assert np.all(Detection({"enter_factor": 3.2}).entering() <= 1.0)


def test_only_tolerated_disputes_are_looked_for():
    rule = Detection({"hazard_per_year": 500.0})
    world = grid(rule)
    bring(world, 20, NEGOTIATING, due=90.0)
    before = {name: world.disputes[name].copy() for name in world.disputes}
    step(rule, world, 28.0)
    assert all(np.array_equal(before[name], world.disputes[name]) for name in before)


def test_without_workers_or_time_nothing_is_found():
    rule = Detection({})
    for world in (grid(rule), grid(rule, grid__paperwork_share=1.0)):
        if world.levers["grid.paperwork_share"][0] < 1.0:
            world.units.grid_workers[:] = 0.0
        tolerated(world, 300)
        step(rule, world, 364.0)
        assert total(world, "disputes_found") == 0


def test_a_screening_doubles_the_hazard_in_its_domain_for_sixty_days():
    """Of the latent disputes of two domains, ten weeks long: the surge ends in the ninth."""
    rule = Detection({})
    world = grid(rule)
    tolerated(world, 6_000)
    world.disputes.domain[::2] = DOMAINS.index("labour")
    world.disputes.due[:] = 1e6
    step(rule, world, 7.0)
    found = world.disputes.found.copy()
    world.levers["grid.screening"][:] = 1 + DOMAINS.index("labour")
    hazard = float(rule.hazard(world)[0])
    clock = Clock(START, 7.0, begins=7.0)
    for week in range(10):
        rule.step(world, clock)
        clock.advance()
        now = world.disputes.found
        for domain, surge in (("labour", 2.0 if week < 9 else 1.0), ("neighbour", 1.0)):
            sought = (world.disputes.domain == DOMAINS.index(domain)) & ~found
            share = -np.expm1(-surge * hazard * 7.0 / 365.25)
            error = np.sqrt(share * (1.0 - share) / sought.sum())
            assert now[sought].mean() == pytest.approx(share, abs=4.5 * error)
        found = now.copy()


def test_any_domain_of_disputes_can_be_screened_for():
    assert LEVERS["grid.screening"].choices == ("none", *DOMAINS)


def test_pay_paperwork_sharing_and_households_act_by_their_formulas():
    rule = Detection({})

    def hazard(households: float = 290.0, **levers: float) -> float:
        return float(rule.hazard(grid(rule, households, **levers))[0])

    usual = hazard()
    assert usual == pytest.approx(rule.hazard_per_year)
    # 6,000 to 12,000 yuan raises pay from 30,000 to 36,000: by a fifth, effort by its root
    ratio = hazard(grid__subsidy_yuan_per_year=12_000) / hazard(grid__subsidy_yuan_per_year=6_000)
    assert ratio == pytest.approx(np.sqrt(1.2))
    assert hazard(grid__paperwork_share=0.65) == pytest.approx(usual / 2.0)
    assert hazard(coordination__data_sharing=1.0) == pytest.approx(usual * 1.15)
    assert hazard(households=1_160.0) == pytest.approx(usual / 2.0)


def test_pay_of_which_a_part_does_not_come_is_lower_pay():
    rule = Detection({})
    world = grid(rule)
    usual = rule.hazard(world)[0]
    world.tables["budget"] = Table(len(LINES), paid_share=np.ones(len(LINES)))
    world.tables["budget"].paid_share[budget_row(0, "grid_pay")] = 0.64
    assert rule.hazard(world)[0] == pytest.approx(0.8 * usual)  # effort is the root of pay


def test_more_pay_finds_every_dispute_that_was_found_before_and_none_later():
    rule = Detection({})
    usual, better = grid(rule), grid(rule, grid__subsidy_yuan_per_year=12_000)
    for world in (usual, better):
        tolerated(world, 2_000, domain=DOMAINS.index("tourism"))  # stays latent: enters never
        step(rule, world, 140.0)
    before, now = usual.disputes, better.disputes
    assert np.all(now.found[before.found])
    assert now.found.sum() > before.found.sum()
    assert np.all(now.searched[before.found] <= before.searched[before.found])


def test_an_empty_table_is_no_trouble():
    rule = Detection({})
    world = grid(rule)
    rule.step(world, Clock(START))
    assert len(world.disputes) == 0


def test_others_time_adds_to_the_effort_of_grid_workers_for_one_step():
    rule = Detection()
    world = grid(rule)
    alone = rule.hazard(world)[0]
    world.units.extra_grid_fte[:] = 0.25
    assert rule.hazard(world)[0] == pytest.approx(1.25 * alone)
    rule.step(world, Clock(START, begins=0.0))
    assert rule.hazard(world)[0] == alone


def test_others_find_nothing_where_no_grid_worker_is_and_never_less_than_nothing():
    rule = Detection()
    world = grid(rule)
    world.units.extra_grid_fte[:] = -5.0
    assert rule.hazard(world)[0] == 0.0
    world.units.grid_workers[:] = 0.0
    world.units.extra_grid_fte[:] = 5.0
    assert rule.hazard(world)[0] == 0.0

"""A matter takes 1/(1 - m) hops and D/(1 - m) days in the mean, the first assignment included."""

import numpy as np
import pytest

from sim.kernel import Clock, Table
from sim.mechanisms.conflict.constants import SUCCESS_SHIFT
from sim.mechanisms.government.coordination import Coordination, transfer
from sim.verify import check
from sim.verify.bench import START
from sim.world.disputes import DECIDING, DEPARTMENT, IN_TRANSFER, LITIGATING
from sim.world.money import LINES, budget_row
from sim.world.world import World
from tests.mechanisms.conflict.made_up import (
    bring,
    four_errors,
    holds,
    leanings_seen,
    step,
    total,
    town,
)

IDS = np.arange(1, 5_001).astype(np.uint64)
QUIET = {"requests_per_10k": 0.0}


def delays(rule: Coordination | None = None, **levers: float) -> np.ndarray:
    """Hops and days of 5,000 requests."""
    rule = rule or Coordination({})
    return rule.delays(town(rule, **levers), IDS, np.zeros(len(IDS), int))


@pytest.mark.parametrize(
    ("misroute", "hop_days"), [(0.35, 9.0), (0.0, 4.0), (0.62, 2.5), (0.9, 1.0), (0.1, 30.0)]
)
def test_hops_are_geometric_and_delays_their_sums(misroute, hop_days):
    assert holds(check(transfer(misroute, hop_days), Coordination))


def test_the_limit_fails_where_the_first_assignment_is_always_right():
    class Lucky(Coordination):
        def delays(self, world, ids, division):
            hops, days = super().delays(world, ids, division)
            first = world.draws.uniform("coordination.hops", ids) < 0.5
            return np.stack([np.where(first, 1, hops), np.where(first, days / hops, days)])

    assert not holds(check(transfer(), Lucky))


def test_the_limit_fails_where_the_first_assignment_is_not_counted():
    class Short(Coordination):
        def delays(self, world, ids, division):
            hops, days = super().delays(world, ids, division)
            return np.stack([hops - 1, days * (hops - 1) / hops])

    assert not holds(check(transfer(), Short))


def test_the_limit_fails_where_every_hop_takes_twice_the_mean():
    class Slow(Coordination):
        def delays(self, world, ids, division):
            hops, _ = super().delays(world, ids, division)
            return np.stack([hops, 2.0 * self.hop_days * hops])

    assert not holds(check(transfer(), Slow))


def test_without_misrouting_every_matter_takes_one_hop():
    hops, days = delays(Coordination({"misroute": 0.0}))
    assert np.all(hops == 1)
    assert days.mean() == pytest.approx(9.0, abs=4 * 9.0 / np.sqrt(len(IDS)))


def test_an_eighth_take_more_than_three_hops_when_half_are_misrouted():
    hops, _ = delays(Coordination({"misroute": 0.5}))
    share = np.mean(hops > 3)
    assert share == pytest.approx(0.125, abs=four_errors(0.125, len(IDS)))


@pytest.mark.parametrize("lever", ["coordination__data_sharing", "coordination__power_list"])
def test_with_the_same_luck_sharing_and_lists_of_powers_never_make_a_request_later(lever):
    before = delays()
    for value in (0.3, 1.0):
        now = delays(**{lever: value})
        assert np.all(now <= before)
        assert now.sum() < before.sum()
        before = now


def test_data_sharing_brings_the_mean_to_five_days_and_a_half():
    # m .35 -> .175, D 9 -> 4.5: 4.5/.825; late share .06 past 15 days
    _, days = delays(coordination__data_sharing=1.0)
    assert days.mean() == pytest.approx(4.5 / 0.825, abs=4 * days.std() / np.sqrt(len(IDS)))
    # a geometric sum of exponentials is exponential
    late = np.exp(-15 * 0.825 / 4.5)
    assert np.mean(days > 15) == pytest.approx(late, abs=four_errors(late, len(IDS)))


def test_a_third_of_requests_are_late_at_the_baseline():
    _, days = delays()
    late = np.exp(-15 * 0.65 / 9)
    assert late == pytest.approx(0.34, abs=0.002)
    assert np.mean(days > 15) == pytest.approx(late, abs=four_errors(late, len(IDS)))


def test_a_whistle_that_costs_nothing_never_makes_a_request_later():
    rule = Coordination({"whistle_price": 0.0})
    before, now = delays(rule), delays(rule, coordination__whistle=1.0)
    assert np.all(now[1] <= before[1])
    assert np.array_equal(now[0], before[0])


def test_a_summoned_hop_takes_three_days_at_most():
    rule = Coordination({"whistle_share": 0.999999, "misroute": 0.0})
    _, days = delays(rule, coordination__whistle=1.0)
    assert days.max() <= 3.0


def test_hours_of_summoned_hops_come_off_the_others():
    # a fifth summoned at an extra half of their hours: the others take .5 x .2/.8 longer
    rule = Coordination({"misroute": 0.0})
    _, before = delays(rule)
    _, now = delays(rule, coordination__whistle=1.0)
    ratio = now / before
    others = ratio > 1.0
    assert ratio[others] == pytest.approx(1.125)
    assert others.mean() == pytest.approx(0.8, abs=four_errors(0.8, len(IDS)))


def test_hours_that_works_take_come_off_every_hop():
    rule = Coordination({})
    world = town(rule)
    hops, days = rule.delays(world, IDS, np.zeros(len(IDS), int))
    world.tables["divisions"].acceptance_hours = np.array([0.25])
    more, longer = rule.delays(world, IDS, np.zeros(len(IDS), int))
    assert np.array_equal(more, hops)
    assert longer == pytest.approx(days / 0.75)


def test_a_platform_that_is_half_paid_shares_half():
    rule = Coordination({})
    world = town(rule, coordination__data_sharing=1.0)
    world.tables["budget"] = Table(len(LINES), paid_share=np.ones(len(LINES)))
    world.tables["budget"].paid_share[budget_row(0, "platform")] = 0.5
    found = rule.delays(world, IDS, np.zeros(len(IDS), int))
    assert np.array_equal(found, delays(coordination__data_sharing=0.5))


@pytest.mark.parametrize(
    ("table", "column", "value", "expected"),
    [
        ("offices", "success_logit", 0.0, 0.0),
        ("offices", "success_logit", 0.3, 0.3),
        ("people", "trust_city", 0.7, 0.4),
        ("people", "norm", 0.6, 0.15),
        ("disputes", "intensity", 0.7, -0.3),
    ],
)
def test_departments_settle_by_trust_in_the_city_norm_intensity_and_effort(
    monkeypatch, table, column, value, expected
):
    found = leanings_seen(monkeypatch, "government.coordination")
    rule = Coordination(QUIET)
    world = town(rule)
    world.tables["baseline"].moments |= dict.fromkeys(("trust_city", "norm"), (0.5, 0.1))
    bring(world, 1, IN_TRANSFER, taken_in=True, due=3.0)
    getattr(world, table)[column][:] = value
    rule.conclude_disputes(world, Clock(START, begins=0.0))
    usual = np.log(0.6 / 0.4) + SUCCESS_SHIFT["department"]
    assert found == pytest.approx([usual + expected], abs=1e-6)


# --- requests -------------------------------------------------------------------------------------


def city(rule: Coordination, people: int = 3_000, **levers: float) -> World:
    return town(rule, people=people, **levers)


def test_requests_come_at_their_rate_and_close_late_or_not_resolved_or_not():
    rule = Coordination({"requests_per_10k": 4_000.0})
    world = city(rule)
    step(rule, world, 364.0)
    made = total(world, "requests")
    expected = 0.4 * 3_000 * 364 / 365.25
    assert made == pytest.approx(expected, abs=4 * np.sqrt(expected))
    closed = total(world, "requests_closed")
    assert closed + len(world.tables["requests"]) == made
    late = np.exp(-15 * 0.65 / 9)
    share = total(world, "requests_late") / closed
    assert share == pytest.approx(late, abs=four_errors(late, closed) + 0.01)
    resolved = total(world, "requests_resolved") / closed
    assert resolved == pytest.approx(0.6, abs=four_errors(0.6, closed))
    late_push = world.people.anchor_push_trust_city.sum()
    assert late_push == pytest.approx(-0.02 * total(world, "requests_late"), rel=1e-4)


@pytest.mark.parametrize("step_days", [1.0, 3.5])
def test_shorter_steps_close_the_same_requests(step_days):
    results = []
    for days in (7.0, step_days):
        rule = Coordination({"requests_per_10k": 4_000.0})
        world = city(rule)
        step(rule, world, 140.0, days)
        flows = ("requests", "requests_closed", "requests_late", "requests_resolved")
        results.append([total(world, flow) for flow in flows])
    assert results[0] == results[1]


# --- disputes -------------------------------------------------------------------------------------


def transferred(count: int, **settings: float) -> tuple[World, Coordination]:
    rule = Coordination(QUIET | settings)
    world = city(rule)
    bring(world, count, IN_TRANSFER)
    return world, rule


def test_departments_settle_three_fifths_and_the_rest_decide_on_that_day():
    world, rule = transferred(3_000)
    step(rule, world, 7 * 40.0)
    settled = total(world, "settled_department")
    assert settled / 3_000 == pytest.approx(0.6, abs=four_errors(0.6, 3_000) + 0.24 * 0.02)
    assert np.all(world.disputes.state == DECIDING)
    assert np.all(world.disputes.failed_in == DEPARTMENT)
    assert np.array_equal(world.disputes.due, world.disputes.since)
    assert world.people.grievance_relief.sum() == settled
    push = world.people.anchor_push_trust_city
    assert push.sum() == pytest.approx(0.04 * settled - 0.05 * (3_000 - settled), rel=1e-3)
    world.disputes.check()


@pytest.mark.parametrize(("share", "settled"), [(1.0, 40), (0.0, 0)])
def test_success_may_be_sure_or_impossible(share, settled):
    world, rule = transferred(40, success=share)
    step(rule, world, 7 * 60.0)
    assert total(world, "settled_department") == settled


def test_a_dispute_learns_its_delay_once():
    world, rule = transferred(100)
    rule.assign_disputes(world)
    due = world.disputes.due.copy()
    world.levers["coordination.data_sharing"][:] = 1.0
    rule.assign_disputes(world)
    assert np.array_equal(world.disputes.due, due)


def test_departments_remember_how_long_disputes_took():
    world, rule = transferred(1_000)
    step(rule, world, 7 * 20.0)  # all but e^-10 are through, and nothing is forgotten yet
    expected = world.tables["waits"].expected()[1]
    assert expected == pytest.approx(9 / 0.65, rel=4 / np.sqrt(1_000))


@pytest.mark.parametrize("step_days", [1.0, 3.5])
def test_shorter_steps_settle_the_same_disputes_on_the_same_days(step_days):
    results = []
    for days in (7.0, step_days):
        world, rule = transferred(500)
        step(rule, world, 7 * 20.0, days)
        order = np.argsort(world.disputes.id)
        results.append({n: world.disputes[n][order] for n in ("id", "state", "since")})
    assert all(np.array_equal(results[0][n], results[1][n]) for n in results[0])


def test_one_dispute_less_leaves_the_others_as_they_were():
    ends = []
    for count in (300, 299):
        world, rule = transferred(count)
        step(rule, world, 35.0)
        d = world.disputes
        rows = zip(d.id.tolist(), d.state.tolist(), d.since.tolist(), strict=True)
        ends.append({row for row in rows if row[0] != 300})
    assert ends[0] == ends[1]


def test_disputes_elsewhere_are_left_alone():
    rule = Coordination(QUIET)
    world = city(rule)
    bring(world, 5, LITIGATING, due=99.0)
    before = {name: world.disputes[name].copy() for name in world.disputes}
    step(rule, world, 70.0)
    assert all(np.array_equal(before[name], world.disputes[name]) for name in before)


def test_an_empty_week_is_no_trouble():
    rule = Coordination(QUIET)
    world = city(rule)
    rule.step(world, Clock(START))
    assert total(world, "requests") == 0

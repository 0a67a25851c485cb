"""Norms rest where example and decay balance; compacts lift them and let them fall again."""

import numpy as np
import pytest

from sim.kernel import Clock, Table, entity_ids
from sim.mechanisms.society.norms import WEEKS, Norms, norms, order_of_compacts
from sim.verify import check
from sim.verify.bench import START, bare_world, ready, weeks
from sim.world.world import World

TURNOVER = 0.1 / (1.0 - 0.5)  # a + r where the norm rests at one half


def village(start: float = 0.5, **settings: float) -> tuple[World, Norms]:
    world = bare_world(50, seed=1)
    world.levers["norms.compact"] = np.zeros(1)
    world.levers["norms.exemplars_per_100"] = np.ones(1)
    world.people.anchor_norm[:] = start
    return world, ready(world, Norms(settings))


def lived(world: World, rule: Norms, years: float, step: float = 7.0) -> World:
    for clock in weeks(years, step):
        rule.step(world, clock)
    return world


@pytest.mark.parametrize(
    ("inflow", "decay"), [(0.163, 0.1), (0.0, 1.0), (0.5, 0.5), (20.0, 0.3), (1.0, 30.0)]
)
def test_settles_where_inflow_meets_decay_from_any_start(inflow, decay):
    assert all(verdict.holds for verdict in check(norms(inflow, decay), Norms))


def test_the_limit_fails_for_a_rule_that_decays_twice_as_fast():
    class Lax(Norms):
        def move(self, world, years):
            before = world.people.norm_anchor.copy()
            world.people.norm_anchor *= np.float32(np.exp(-self.decay * years))
            world.people.anchor_push_norm += world.people.norm_anchor - before
            super().move(world, years)

    assert not all(verdict.holds for verdict in check(norms(1.0, 1.0), Lax))


def test_the_limit_fails_for_a_rule_that_posts_where_it_is_instead_of_its_change():
    class Loud(Norms):
        def move(self, world, years):
            super().move(world, years)
            world.people.anchor_push_norm += world.people.norm_anchor

    verdicts = check(norms(1.0, 1.0), Loud)
    assert {v.quantity for v in verdicts if not v.holds} == {"posted_otherwise"}


def test_people_start_at_rest_and_stay_there():
    world, rule = village(0.7)
    lived(world, rule, 3.0)
    assert world.people.norm_anchor == pytest.approx(0.7, abs=1e-6)
    assert world.people.anchor_push_norm == pytest.approx(0.0, abs=1e-6)


def test_a_compact_lifts_the_norm_by_its_closed_form():
    world, rule = village()
    world.levers["norms.compact"][:] = 1.0
    lived(world, rule, 5.0)
    rest = (0.1 + 0.0156) / (0.2 + 0.0156)
    years = WEEKS * 7 / 365.25 * np.ceil(5 * 365.25 / 7 / WEEKS)
    expected = rest + (0.5 - rest) * np.exp(-(0.2 + 0.0156) * years)
    assert world.people.norm_anchor == pytest.approx(expected, abs=2e-6)
    assert world.people.anchor_push_norm == pytest.approx(expected - 0.5, abs=2e-6)


def test_what_a_compact_lifted_falls_back_when_it_ends():
    world, rule = village()
    world.levers["norms.compact"][:] = 1.0
    lived(world, rule, 5.0)
    lifted = world.people.norm_anchor[0] - 0.5
    world.levers["norms.compact"][:] = 0.0
    years = np.log(2.0) / TURNOVER
    lived(world, rule, years)
    assert world.people.norm_anchor[0] - 0.5 == pytest.approx(lifted / 2.0, rel=0.02)


def test_with_nothing_to_hold_it_up_the_norm_decays_at_its_rate_and_never_below_0():
    world, rule = village(0.6, compact_gain=0.03)
    world.people.norm_anchor[:] = 0.6
    world.people.norm_inflow[:] = 0.0
    rule._compact_start[:] = True  # a compact that was there has gone: the rate would be negative
    lived(world, rule, 10.0)
    years = WEEKS * 7 / 365.25 * np.ceil(10 * 365.25 / 7 / WEEKS)
    assert world.people.norm_anchor == pytest.approx(0.6 * np.exp(-0.1 * years), abs=1e-6)


def test_neighbours_who_take_part_and_exemplars_hold_norms_up():
    world, rule = village()
    world.people.joins_activities[:25] = True
    world.levers["norms.exemplars_per_100"][:] += 2.0
    assert rule.inflow_by_unit(world) == pytest.approx([0.02 * 0.5 + 0.01 * 2.0])


def test_a_compact_draws_people_out_and_its_end_lets_them_go():
    world, rule = village()
    people = world.people
    rule.step(world, Clock(START))
    assert not people.act_logit_volunteer.any()
    world.levers["norms.compact"][:] = 1.0
    rule.step(world, Clock(START))
    assert people.act_logit_volunteer == pytest.approx(0.05)
    assert people.act_logit_activity == pytest.approx(0.05)


def test_half_steps_leave_the_same_bits():
    whole, rule = village()
    halves, other = village()
    for world in (whole, halves):
        world.levers["norms.compact"][:] = 1.0
    lived(whole, rule, 100 * 7 / 365.25)
    lived(halves, other, 100 * 7 / 365.25, 3.5)
    assert np.array_equal(whole.people.norm_anchor, halves.people.norm_anchor)


def test_who_is_new_rests_at_the_own_anchor():
    world, rule = village()
    world.people.norm_anchor[3], world.people.anchor_norm[3] = -1.0, 0.8
    lived(world, rule, 1.0)
    assert world.people.norm_anchor[3] == pytest.approx(0.8, abs=1e-6)


def many_villages(count: int = 40) -> World:
    world = bare_world(count, seed=5)
    units = Table(count)
    units.id = np.arange(count, dtype=np.uint64)
    units.division = np.zeros(count, np.int8)
    units.kind = np.repeat([1, 2], count // 2).astype(np.int8)
    units.committee = np.arange(count, dtype=np.int32)
    world.units = units
    world.offices = Table(count, id=entity_ids("office", np.arange(count)))
    return world


def test_compacts_of_a_lower_share_are_kept_at_a_higher_one_and_kinds_share_alike():
    order = order_of_compacts(many_villages())
    assert len(np.unique(order)) == 40
    for share in (0.0, 0.15, 0.3, 0.6, 1.0):
        kept = order < share
        assert abs(kept[:20].sum() - 20 * share) < 1.0
        assert abs(kept[20:].sum() - 20 * share) < 1.0


def test_units_of_one_community_share_its_compact():
    world = many_villages()
    world.units.committee[:] = np.arange(40) // 4
    world.units.kind[:] = 0
    order = order_of_compacts(world)
    assert np.array_equal(order, np.repeat(order[::4], 4))

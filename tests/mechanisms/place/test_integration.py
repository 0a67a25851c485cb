"""Belonging settles where what feeds it and what wears it balance; ties follow the movers."""

import numpy as np
import pytest

from sim.engine.build import build
from sim.engine.load import load
from sim.kernel import Clock
from sim.mechanisms.place.acquaintance import left_behind
from sim.mechanisms.place.circles import each_once
from sim.mechanisms.place.integration import CALENDAR_WEEKS, Integration
from sim.mechanisms.place.integration_limits import homophily, integration, strangers
from sim.verify import check
from sim.verify.bench import START, ready
from sim.world.people import service_gaps
from sim.world.ties import LAYER_BITS, Ties
from tests.mechanisms.place.towns import started
from tests.thinned import one_in

NON_LOCAL = 2


@pytest.mark.parametrize(("inflow", "decay"), [(0.084, 0.1), (0.0, 1.0), (3.0, 0.05), (20.0, 30.0)])
def test_belonging_settles_at_inflow_over_inflow_and_decay(inflow, decay):
    assert all(verdict.holds for verdict in check(integration(inflow, decay), Integration))


def test_the_limit_fails_for_a_rule_that_forgets_to_wear():
    class Clinging(Integration):
        def grow_on(self, world, years):
            before = world.people.belonging.copy()
            super().grow_on(world, years)
            np.maximum(before, world.people.belonging, out=world.people.belonging)

    assert not all(verdict.holds for verdict in check(integration(), Clinging))


@pytest.mark.parametrize(
    ("share", "preference"), [(0.255, 0.0), (0.255, 0.6), (0.5, 1.0), (0.9, 0.1)]
)
def test_new_ties_cross_the_classes_as_chance_and_preference_say(share, preference):
    assert all(verdict.holds for verdict in check(homophily(share, preference), Integration))


def test_the_limit_fails_for_a_rule_without_preference():
    class Blind(Integration):
        def prepare(self, world):
            super().prepare(world)
            self.circles.inputs = type(self.circles.inputs)(
                *list(vars(self.circles.inputs).values())[:2], 0.0
            )

    assert not all(verdict.holds for verdict in check(homophily(), Blind))


def test_where_all_are_of_one_class_nothing_crosses_and_everybody_finds_somebody():
    world = strangers(50, 0, 1.0, 1)
    rule = Integration({"tie_closure": 0.0, "tie_growth_per_year": 1e6})
    ready(world, rule)
    world.people.missing_ties[:] = 3
    rule.step(world, Clock(START, 7.0, begins=0.0))
    assert world.ties.degree.min() >= 1
    assert world.people.missing_ties.max() <= 1  # but who met somebody twice


def test_who_lives_alone_in_a_unit_finds_nobody():
    world = strangers(1, 0, 0.3, 1)
    rule = Integration({"tie_growth_per_year": 1e6})
    ready(world, rule)
    world.people.missing_ties[:] = 5
    rule.step(world, Clock(START, 7.0, begins=0.0))
    assert world.ties.degree.tolist() == [0]
    assert world.people.missing_ties.tolist() == [5]


def test_who_is_registered_here_is_settled_at_the_start():
    running = started(only=("integration",))
    people = running.world.people
    before = people.belonging.copy()
    running.mechanisms[0].grow_on(running.world, 5.0)
    inside = (before > 0.01) & (before < 0.99) & (people.registration != NON_LOCAL)
    assert np.abs(people.belonging - before)[inside].max() < 1e-4


@pytest.mark.parametrize("years", [0.5, 3.0, 8.0])
def test_who_moved_before_the_start_is_as_far_on_the_way_as_the_rule_brings_them(years):
    running = started(only=("integration",))
    people, rule = running.world.people, running.mechanisms[0]
    since = -people.moved_at / 365.25
    these = (people.registration == NON_LOCAL) & (np.abs(since - years) < 0.2)
    these &= (people.belonging > 0.1) & (people.belonging < 0.7)
    felt = people.belonging[these].copy()
    rule.grow_on(running.world, 500.0)
    settled = people.belonging[these].copy()
    people.belonging[these] = rule.entry_start_ratio * settled
    rule.grow_on(running.world, years)
    assert these.sum() > 30
    assert people.belonging[these] == pytest.approx(felt, abs=0.01)
    assert (settled - felt).mean() == pytest.approx(
        0.16 * (settled * np.exp(-0.1 * years / (1.0 - settled))).mean(), rel=0.1
    )


def test_the_mean_at_the_start_is_that_of_the_place_however_far_people_are():
    means = []
    for ratio in (0.95, 0.65):
        changed = {
            "scale": 0.005,
            "mechanisms": ["integration"],
            "parameters.integration.entry_start_ratio": ratio,
        }
        people = build(load("jincheng-2020", changed), 3).world.people
        away = people.registration == NON_LOCAL
        means.append(np.average(people.belonging[away], weights=people.weight[away]))
    assert means[0] == pytest.approx(means[1], abs=1e-3)
    assert means[0] == pytest.approx(0.456, abs=0.015)


def test_until_the_first_day_of_the_run_nobody_comes_nearer():
    scenario = load("jincheng-2020", {"scale": 0.005, "mechanisms": ["integration"]})
    running = build(scenario, 3)
    before = running.world.people.belonging.copy()
    while not running.clock.reporting:
        running.step()
    assert running.world.people.belonging.tolist() == before.tolist()
    running.step()
    assert (running.world.people.belonging != before).any()


def test_better_access_lifts_where_belonging_settles_by_its_log_odds():
    """.14 of access at 1.5 is .21 logit, of which half a year shows a part."""
    running = started(only=("integration",))
    people = running.world.people
    rows = np.flatnonzero((people.belonging > 0.1) & (people.belonging < 0.9))[:100]
    running.mechanisms[0].grow_on(running.world, 500.0)
    before = people.belonging[rows].astype(float)
    people.service_gap[rows] -= 0.14
    running.mechanisms[0].grow_on(running.world, 500.0)
    moved = np.log(people.belonging[rows] / (1 - people.belonging[rows]))
    assert moved - np.log(before / (1 - before)) == pytest.approx(0.21, abs=2e-3)


def test_a_course_lifts_where_belonging_settles_by_its_log_odds():
    running = started(only=("integration",))
    people = running.world.people
    running.mechanisms[0].grow_on(running.world, 500.0)
    before = people.belonging.astype(float)
    people.trained[:] = ~people.trained
    learnt = people.trained.copy()
    running.mechanisms[0].grow_on(running.world, 500.0)
    after = people.belonging.astype(float)
    moved = np.log(after / (1.0 - after)) - np.log(before / (1.0 - before))
    inner = (before > 0.1) & (before < 0.9)
    assert learnt.any()
    assert moved[inner] == pytest.approx(np.where(learnt, 0.3, -0.3)[inner], abs=2e-3)


def test_a_mover_keeps_the_share_of_ties_kin_first_and_half_as_strong():
    """8 ties: 2 kin, 2 friends, 4 neighbours; at .5 four stay, the kin and the friends."""
    layers = np.array([4, 4, 16, 16, 2, 2, 2, 2], np.uint8)
    assert (LAYER_BITS["kin"], LAYER_BITS["friends"], LAYER_BITS["neighbours"]) == (4, 16, 2)
    ties = Ties.from_edges(9, np.zeros(8, int), np.arange(1, 9), 0.6, layers)
    people = np.arange(9, dtype=np.uint64), np.arange(9, dtype=np.int32), np.ones(9, bool)
    a, b, strength, _, lost = left_behind(
        np.array([0]),
        ties.by_layer,
        ties.kind_strength,
        people,
        0.5,
        np.zeros(64, np.float32),
        (np.uint64(1), np.uint64(2)),
        np.uint64(3),
    )
    kept = {int(other): float(s) for other, s in zip(b, strength, strict=True) if s > 0}
    assert set(kept) == {1, 2, 3, 4}
    assert list(kept.values()) == pytest.approx([0.3] * 4)
    assert lost.tolist() == [4]
    assert set(a.tolist()) == {0}


def test_those_who_move_together_stay_a_household_and_the_others_become_kin():
    ties = Ties.from_edges(3, np.array([0, 0]), np.array([1, 2]), 1.0, "household")
    households = np.array([7, 7, 3], np.int32)  # 0 and 1 moved, 2 stayed
    _, b, _, masks, lost = left_behind(
        np.array([0]),
        ties.by_layer,
        ties.kind_strength,
        (np.arange(3, dtype=np.uint64), households, np.ones(3, bool)),
        0.5,
        np.full(64, 0.6, np.float32),
        (np.uint64(1), np.uint64(2)),
        np.uint64(3),
    )
    assert b.tolist() == [2]
    assert masks.tolist() == [LAYER_BITS["kin"]]
    assert lost.tolist() == [0]


def test_ties_change_on_a_calendar_and_the_mean_degree_stays():
    running = started(seed=2)
    world = running.world
    before, degree = world.ties, world.ties.degree.mean()
    running.step()
    first = world.ties
    assert first is not before
    for _ in range(CALENDAR_WEEKS - 1):
        running.step()
        assert world.ties.indices is first.indices
    for _ in range(52):
        running.step()
    now = world.ties.degree[world.people.alive].mean()
    assert now == pytest.approx(degree, rel=0.06)
    gone = ~world.people.alive[: world.ties.n]
    assert world.ties.degree[gone].sum() <= 0.2 * degree * gone.sum()


def test_ties_stay_symmetric_sorted_and_without_the_dead():
    running = started(seed=4)
    world = running.world
    for _ in range(CALENDAR_WEEKS + 1):
        running.step()
    ties = world.ties
    rows = np.repeat(np.arange(ties.n), ties.degree)
    pairs = set(zip(rows.tolist(), ties.indices.tolist(), strict=True))
    assert all((b, a) in pairs for a, b in pairs)
    assert all(np.all(np.diff(ties.neighbours(row)) > 0) for row in range(0, ties.n, 97))
    assert not np.any(rows == ties.indices)


def test_the_young_know_their_household_and_their_parents_kin():
    running = started(seed=6)
    world = running.world
    first = len(world.people)
    for _ in range(CALENDAR_WEEKS + 1):
        running.step()
    people = world.people
    young = np.flatnonzero((np.arange(len(people)) >= first) & (people.age == 18) & people.alive)
    at_home = LAYER_BITS["household"]
    ties, found = world.ties, 0
    for row in young.tolist():
        entries = slice(ties.indptr[row], ties.indptr[row + 1])
        together = ties.indices[entries][(ties.layers[entries] & at_home) > 0]
        assert np.all(people.household[together] == people.household[row])
        found += len(together) > 0
    assert found > 0


def test_movers_begin_below_where_they_settle_and_those_at_home_at_least_as_locals():
    running = started(seed=7)
    world, people = running.world, running.world.people
    before = people.belonging.copy()
    away = np.flatnonzero(people.registration == NON_LOCAL)[:400]
    people.moves[away] += 1
    world.tables["resettled"] = [(away[:300], "away"), (away[300:], "home")]
    running.mechanisms[1].take_in_movers(world, running.clock)
    # .84 of a beta with mean .485 and sd .2: the mean of 300 lies within 4 x .2/sqrt(300)
    assert people.belonging[away[:300]].mean() == pytest.approx(0.84 * 0.485, abs=0.047)
    assert np.all(people.belonging[away[300:]] >= before[away[300:]])
    assert people.belonging[away[300:]].mean() > 0.7
    # at the services that are usual for them there, they come to rest where that draw says
    usual = service_gaps(world.place)
    people.service_gap[away] = usual[people.kind[away], people.registration[away]]
    moved = people.registration[away[:300]], people.kind[away[:300]]
    people.local_ties[away[:300]] = running.mechanisms[1].usual_ties[
        (moved[0] == NON_LOCAL).astype(int), moved[1]
    ]
    running.mechanisms[1].grow_on(world, 500.0)
    assert people.belonging[away[:300]].mean() == pytest.approx(0.485, abs=0.047)


@pytest.mark.parametrize("step_days", one_in(2, [3.5, 1.0]))
def test_at_any_step_the_calendar_is_the_same(step_days):
    worlds = []
    for days in (7.0, step_days):
        settings = {"scale": 0.005, "mechanisms": ["integration"], "time.step_days": days}
        running = build(load("jincheng-2020", settings), 3)
        running.clock.begins = 0.0
        for _ in range(round(63 / days)):
            running.step()
        worlds.append(running.world)
    weekly, finer = worlds
    assert np.array_equal(weekly.people.belonging, finer.people.belonging)
    assert np.array_equal(weekly.ties.indices, finer.ties.indices)
    assert np.array_equal(weekly.people.own_home, finer.people.own_home)


def test_of_several_changes_of_a_pair_the_one_that_leaves_least_counts_and_of_equals_the_first():
    a, b = np.array([4, 1, 2, 1, 9, 2]), np.array([1, 4, 7, 4, 0, 7])
    strength = np.array([0.5, 0.25, 1.0, 0.25, 2.0, 1.0], np.float32)
    layers = np.arange(6, dtype=np.uint8)
    first, second, left, kept = each_once(a, b, strength, layers, 10)
    assert first.tolist() == [0, 1, 2]
    assert second.tolist() == [9, 4, 7]
    assert left.tolist() == [2.0, 0.25, 1.0]
    assert kept.tolist() == [4, 1, 2]

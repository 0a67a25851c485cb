"""Potential disputes arise as Poisson counts, the same ones whatever else happens."""

import numpy as np
import pytest

from sim.kernel import Clock, Table
from sim.mechanisms.conflict.counterparts import exposures
from sim.mechanisms.conflict.disputes import Disputes, poisson
from sim.mechanisms.conflict.success import Slopes, chance
from sim.verify import check
from sim.verify.bench import START, bare_world, ready, weeks
from sim.world.bodies import FIRM_KINDS
from sim.world.disputes import (
    COUNTERPARTS,
    DECIDING,
    DOMAINS,
    FAILED_IN,
    FOUND,
    LATENT,
    NEGOTIATING,
    TALK,
)
from sim.world.ties import LAYERS, Ties
from sim.world.world import World
from tests.mechanisms.conflict.made_up import bring, four_errors, holds, step, total, town

RURAL = 2


def villages(rule: Disputes, people: int = 3_000, seed: int = 5) -> World:
    """A town of villagers, where every domain can arise."""
    world = bare_world(people, seed)
    world.people.kind[:] = RURAL
    ready(world, rule)
    return world


def risen(world: World, rule: Disputes, count: int, step_days: float = 7.0) -> dict[int, tuple]:
    """What arose in so many weeks: {identity: (person, domain, day, intensity)}."""
    for clock in weeks(count * 7.0 / 365.25, step_days):
        rule.arise(world, clock)
    d = world.disputes
    rows = zip(d.person, d.domain, d.opened, d.intensity, strict=True)
    return dict(zip(d.id.tolist(), [tuple(map(float, row)) for row in rows], strict=True))


@pytest.mark.parametrize(
    ("rate", "people", "years"),
    [
        pytest.param(800.0, 10_000, 2.0, marks=pytest.mark.slow),
        pytest.param(137.0, 6_000, 3.0, marks=pytest.mark.slow),
        (5_000.0, 2_500, 1.3),
    ],
)
def test_counts_have_the_mean_and_variance_of_poisson(rate, people, years):
    assert holds(check(poisson(rate, people, years), Disputes))


def test_too_few_disputes_to_count_are_refused():
    with pytest.raises(ValueError, match="too few to count"):
        poisson(1.0, 100, 1.0)


@pytest.mark.slow
def test_the_limit_fails_when_candidates_are_doubled():
    class Doubled(Disputes):
        def prepare(self, world):
            super().prepare(world)
            self._total = 2.0 * self._total

    assert not holds(check(poisson(), Doubled))


@pytest.mark.slow
def test_the_limit_fails_when_nobody_is_thinned_out():
    class Eager(Disputes):
        def multiplier(self, world, rows):
            return np.full(len(rows), self.multiplier_cap)

    assert not holds(check(poisson(), Eager))


@pytest.mark.slow
def test_the_limit_fails_when_disputes_come_in_waves():
    class Waves(Disputes):
        def arise(self, world, clock):
            self._total = self._total * (3.0 if clock.week % 2 else 1 / 3.0)
            super().arise(world, clock)

        def prepare(self, world):
            super().prepare(world)
            self._total = 0.6 * self._total

    assert not holds(check(poisson(), Waves))


@pytest.mark.parametrize("step_days", [1.0, 3.5])
def test_shorter_steps_bring_the_same_disputes(step_days):
    rule = Disputes({})
    assert risen(villages(rule), rule, 30) == risen(villages(rule), rule, 30, step_days)


def test_calmer_people_have_a_subset_of_the_same_disputes():
    rule = Disputes({})
    usual, calm = villages(rule), villages(rule)
    calm.people.norm[:] += 0.3
    ours, theirs = risen(usual, rule, 52), risen(calm, rule, 52)
    assert theirs.items() < ours.items()
    # exp(-.6 x .3) = .835 of them
    share = np.exp(-0.18)
    assert len(theirs) / len(ours) == pytest.approx(share, abs=four_errors(share, len(ours)))


def test_one_person_less_leaves_the_disputes_of_the_others():
    rule = Disputes({})
    everybody = risen(villages(rule), rule, 30)
    world = bare_world(3_000, seed=5)
    without = Table(2_999, **{name: world.people[name][1:] for name in world.people})
    world.people = without
    world.people.kind[:] = RURAL
    ready(world, rule)
    others = risen(world, rule, 30)
    shifted = {key: (person + 1, *rest) for key, (person, *rest) in others.items()}
    assert shifted == {key: row for key, row in everybody.items() if row[0] != 0}


def test_the_mean_multiplier_is_one_at_the_baseline():
    rule = Disputes({})
    world = bare_world(500, seed=3)
    world.people.grievance[:] = np.linspace(0, 1, 500)
    ready(world, rule)
    multiplier = rule.multiplier(world, np.arange(500))
    assert multiplier.mean() == pytest.approx(1.0)
    assert multiplier[-1] / multiplier[0] == pytest.approx(np.exp(0.8), rel=1e-5)


def test_the_multiplier_is_capped_where_candidates_stand():
    rule = Disputes({"grievance_log_slope": 2.0})
    world = bare_world(10, seed=3)
    ready(world, rule)
    world.people.grievance[:] = 1.0
    assert np.all(rule.multiplier(world, np.arange(10)) == 3.0)


def test_labour_disputes_need_a_job_and_land_and_water_a_village():
    world = bare_world(4, seed=1)
    world.people.employed[:] = [True, False, True, True]
    world.people.kind[:] = [0, 0, 1, 2]
    by_pattern = exposures(world)
    pattern = 2 * world.people.kind + world.people.employed
    exposure = {d: by_pattern[pattern, k] for k, d in enumerate(DOMAINS)}
    assert exposure["labour"] == pytest.approx([4 / 3, 0, 4 / 3, 4 / 3])
    assert exposure["land"] == pytest.approx([0, 0, 2, 2])
    assert exposure["water"] == pytest.approx([0, 0, 0, 4])
    assert exposure["family"] == pytest.approx([1, 1, 1, 1])


def test_where_nobody_can_have_a_dispute_it_does_not_arise():
    rule = Disputes({})
    world = bare_world(20_000, seed=8)  # a town: no villagers, so no disputes about water
    ready(world, rule)
    risen(world, rule, 52)
    counts = np.bincount(world.disputes.domain, minlength=len(DOMAINS))
    assert counts[DOMAINS.index("water")] == 0
    assert np.all(np.delete(counts, DOMAINS.index("water")) > 0)


def test_who_has_work_has_disputes_at_work_beside_all_others():
    """Half work and have 2 x 52 per 10,000 a year about labour; the other 741 are for all alike."""
    rule = Disputes({})
    world = bare_world(20_000, seed=8)  # a town: the 7 of water are missing
    world.people.employed[::2] = False
    ready(world, rule)
    risen(world, rule, 52)
    without, with_work = np.bincount(world.disputes.person % 2, minlength=2)
    for count, rate in ((without, 741.0), (with_work, 845.0)):
        expected = rate * 364 / 365.25
        assert count == pytest.approx(expected, abs=4 * np.sqrt(expected))
    assert with_work > without


def test_the_dead_quarrel_no_more():
    rule = Disputes({})
    world = villages(rule)
    world.people.alive[::2] = False
    risen(world, rule, 52)
    assert len(world.disputes) > 50
    assert np.all(world.people.alive[world.disputes.person])


def test_intensity_at_opening_has_the_stated_mean_and_spread():
    rule = Disputes({})
    risen(world := villages(rule, 20_000), rule, 52)
    intensity = world.disputes.intensity.astype(float)
    assert intensity.mean() == pytest.approx(0.4, abs=4 * 0.2 / np.sqrt(len(intensity)))
    assert intensity.std() == pytest.approx(0.2, abs=0.02)
    assert np.all((intensity >= 0) & (intensity <= 1))


def test_distress_posted_to_a_person_raises_what_arises_this_week_alone():
    rule = Disputes({})
    calm, pushed = villages(rule, 20_000), villages(rule, 20_000)
    pushed.people.intensity_push[:] = 0.1
    for world in (calm, pushed):
        rule.step(world, Clock(START))
    rise = pushed.disputes.intensity - calm.disputes.intensity
    assert len(rise) > 10
    assert rise.max() == pytest.approx(0.1, abs=1e-6)
    assert not pushed.people.intensity_push.any()


def test_a_tolerated_dispute_is_given_up_when_its_term_ends():
    rule = Disputes({"rate.neighbour": 0.0})
    world = town(rule)
    bring(world, 3, LATENT, due=[3.0, 6.999, 7.0])
    rule.step(world, Clock(START, begins=0.0))
    assert total(world, "withdrawn_tolerated") == 2
    assert np.array_equal(world.disputes.due[world.disputes.state == LATENT], [7.0])


def test_talks_settle_at_the_stated_share_and_the_rest_decide_on_that_day():
    rule = Disputes({})
    world = town(rule)
    bring(world, 4_000, NEGOTIATING, due=2.5)
    rule.end_talks(world, Clock(START, begins=0.0))
    (p, *_) = chance(world, np.arange(1), "talk", 0.8, None, Slopes(0.0, 0.0, 0.0))
    # 2.5 days of growing cost a thousandth of intensity, and with it next to nothing
    assert total(world, "settled_talk") / 4_000 == pytest.approx(p, abs=four_errors(p, 4_000))
    failed = world.disputes.state == DECIDING
    assert np.all(world.disputes.failed_in[failed] == TALK)
    assert np.all(world.disputes.due[failed] == 2.5)
    assert np.all(world.disputes.visit[failed] == 1)
    assert world.people.grievance_relief.sum() == total(world, "settled_talk")


@pytest.mark.parametrize(("share", "settled"), [(1.0, 50), (0.0, 0)])
def test_talks_that_always_or_never_work(share, settled):
    rule = Disputes({"talk_success": share})
    world = town(rule)
    bring(world, 50, NEGOTIATING, due=2.5)
    rule.end_talks(world, Clock(START, begins=0.0))
    assert total(world, "settled_talk") == settled


def test_intensity_grows_towards_one_while_nobody_deals_with_it():
    rule = Disputes({})
    grown = rule.grown(np.array([0.4, 1.0]), np.array([365.25, 10.0]))
    assert grown == pytest.approx([1 - 0.6 * np.exp(-0.8), 1.0])
    half = rule.grown(rule.grown(np.array([0.4]), 100.0), 100.0)
    assert half == pytest.approx(rule.grown(np.array([0.4]), 200.0))


def test_what_was_found_late_has_grown_since_it_arose():
    rule = Disputes({})
    world = town(rule)
    bring(world, 1, DECIDING, failed_in=FOUND, opened=-60.0, since=13.05, due=13.05)
    bring(world, 1, DECIDING, first=9, failed_in=FAILED_IN.index("first"), opened=-60.0)
    rule.found_late(world)
    assert world.disputes.intensity == pytest.approx([1 - 0.6 * np.exp(-0.8 * 0.2), 0.4])


def test_open_disputes_of_a_person_leave_out_what_was_just_settled():
    rule = Disputes({"talk_success": 1.0, "rate.neighbour": 0.0})
    world = town(rule, people=3)
    world.disputes.open(
        id=np.arange(1, 5),
        person=np.array([0, 0, 1, 2]),
        state=np.array([NEGOTIATING, LATENT, NEGOTIATING, LATENT]),
        due=np.array([3.0, 90.0, 90.0, 5.0]),
        weight=np.ones(4),
    )
    rule.step(world, Clock(START, begins=0.0))
    assert world.people.open_disputes.tolist() == [1, 1, 0]


def test_people_without_disputes_and_their_states_are_left_alone():
    rule = Disputes({})
    world = villages(rule)
    before = {name: world.people[name].copy() for name in world.people}
    step(rule, world, 70.0)
    changed = {name for name, old in before.items() if np.any(old != world.people[name])}
    assert changed <= {"open_disputes", "live_disputes", "grievance_relief", "intensity_push"}


def test_the_other_side_is_a_tie_of_the_layer_that_the_domain_asks_for():
    pairs = np.array([0, 0, 0]), np.array([1, 2, 3])
    friends, neighbours = (1 << LAYERS.index(layer) for layer in ("friends", "neighbours"))
    layers = np.array([friends, friends, neighbours])  # person 3 lives next door to person 0
    ties = Ties.from_edges(4, *pairs, 1.0, layers)
    rule = Disputes({"firm_counterpart_share": 0.0})
    world = bare_world(4, 1, ties)
    ready(world, rule)
    rows, ids = np.zeros(200, int), np.arange(1, 201).astype(np.uint64)
    at = np.zeros(200)
    rule.open(world, rows, np.full(200, DOMAINS.index("neighbour")), ids, at)
    rule.open(world, rows, np.full(200, DOMAINS.index("tourism")), ids + np.uint64(200), at)
    met = world.disputes.counterpart
    assert np.all(met[:200] == 3)
    shares = np.bincount(met[200:], minlength=4)[1:] / 200
    assert shares == pytest.approx([1 / 3] * 3, abs=four_errors(1 / 3, 200))


def test_who_knows_nobody_has_no_counterpart():
    rule = Disputes({"firm_counterpart_share": 0.0})
    world = town(rule)
    rule.open(world, np.zeros(1, int), np.zeros(1, int), np.array([7], np.uint64), np.zeros(1))
    assert world.disputes.counterpart.tolist() == [-1]


def test_the_other_side_of_some_disputes_is_a_department_of_the_division():
    world = town(Disputes({}))
    domains = np.array([DOMAINS.index(d) for d in ("land_acquisition", "environment", "medical")])
    rule, ids = Disputes({}), np.arange(3).astype(np.uint64)
    ready(world, rule)
    rule.open(world, np.zeros(3, int), domains, ids, np.zeros(3))
    assert np.all(world.disputes.against == COUNTERPARTS.index("office"))
    assert np.all(world.disputes.counterpart == world.office_of["department"][0])


def test_the_other_side_of_labour_disputes_is_an_employer_of_the_division_by_its_size():
    rule = Disputes({})
    world = town(rule)
    employer = FIRM_KINDS.index("employer")
    world.firms = Table(
        4,
        kind=np.array([employer, employer, FIRM_KINDS.index("lender"), employer], np.int8),
        division=np.array([0, 0, 0, 1], np.int8),
        employees=np.array([0.75, 0.25, 0.0, 1.0], np.float32),
        weight=np.ones(4, np.float32),
    )
    count = 1_000
    domains = np.full(count, DOMAINS.index("labour"))
    ids = np.arange(count).astype(np.uint64)
    rule.open(world, np.zeros(count, int), domains, ids, np.zeros(count))
    disputes = world.disputes
    assert np.all(disputes.against == COUNTERPARTS.index("firm"))
    shares = np.bincount(disputes.counterpart, minlength=4) / count
    assert shares == pytest.approx([0.75, 0.25, 0, 0], abs=four_errors(0.25, count))

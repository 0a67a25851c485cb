"""Crowds of thresholds, the risk of arrest and cascades come out as their theories have it."""

import math
from itertools import pairwise

import numpy as np
import pytest

from sim.mechanisms.conflict import joining
from sim.mechanisms.conflict.issue_table import issues_of
from sim.mechanisms.conflict.mobilisation import Mobilisation
from sim.mechanisms.conflict.mobilisation_limits import cascade, epstein, final_share, granovetter
from sim.verify import check
from tests.mechanisms.conflict.made_up import holds

CROWDS = {
    "one each, all join": (tuple(range(100)), 100),
    "without the 1 one acts alone": ((0, 2, 2, *range(3, 100)), 1),
    "nobody begins": ((1, 1, 1), 0),
    "one person who needs nobody": ((0,), 1),
    "one person who needs one": ((1,), 0),
    "half need more than half": ((0,) * 50 + (51,) * 50, 50),
    "the last in the list begins": (tuple(reversed(range(300))), 300),
}


@pytest.mark.parametrize("crowd", CROWDS)
def test_a_crowd_grows_as_far_as_its_thresholds_carry(crowd):
    thresholds, joined = CROWDS[crowd]
    limit = granovetter(thresholds)
    assert limit.quantities[0].expected == joined
    assert holds(check(limit, Mobilisation))


@pytest.mark.parametrize(
    ("officers", "active", "risk"),
    [(10, 10, 0.8997), (4, 10, 0.0), (0, 10, 0.0), (5, 10, 0.8997), (25, 10, 0.999), (7, 3, 0.99)],
)
def test_officers_leave_a_risk_by_whole_officers_to_each_active(officers, active, risk):
    limit = epstein(officers, active)
    assert limit.quantities[0].expected == pytest.approx(risk, abs=1e-3)
    assert holds(check(limit, Mobilisation))


@pytest.mark.parametrize(
    ("degree", "share"), [(2.0, 0.800), (4.0, 0.980), (5.5, 0.996), (20.0, 0.011)]
)
def test_cascades_run_inside_the_window_of_watts_and_die_outside(degree, share):
    # at threshold .18 the window of mean degrees is 1.02 to 5.76 for the smallest start
    assert final_share(degree, 0.18, 0.01) == pytest.approx(share, abs=2e-3)


@pytest.mark.parametrize(
    "setting",
    [
        {"people": 5_000},
        {"people": 2_000, "degree": 2.0, "seed_share": 0.05},
        {"people": 3_000, "degree": 4.0, "threshold": 0.4, "seed_share": 0.1},
        {"people": 2_000, "degree": 2.0, "threshold": 0.6, "seed_share": 0.3},
        {"people": 2_000, "degree": 0.5, "threshold": 0.9, "seed_share": 0.5},
    ],
)
def test_cascades_end_where_the_recursion_does(setting):
    assert holds(check(cascade(**setting), Mobilisation))


def test_where_a_twentieth_more_seeds_tip_everything_no_result_is_promised():
    tipping = min(
        (s for s in np.linspace(0.1, 0.2, 41) if final_share(4.0, 0.4, s) > 0.9), default=0.0
    )
    with pytest.raises(ValueError, match="too near the point"):
        cascade(degree=4.0, threshold=0.4, seed_share=float(tipping))


def test_the_limit_fails_where_people_join_before_their_threshold():
    class Eager(Mobilisation):
        def lead(self, world, issues, persons, rows):
            return super().lead(world, issues, persons, rows) + 0.012

    assert not holds(check(granovetter((0, 2, 2, *range(3, 100))), Eager))


def test_the_limit_fails_where_everybody_is_asked_once(monkeypatch):
    class Hasty(Mobilisation):
        def active(self, world, issues, now):
            alone = self.lead(world, issues, issues.beside.circles[0].members, 0) > 0.0
            return [issues.beside.circles[0].members[alone]]

    assert not holds(check(granovetter((0, 1, 2)), Hasty))
    assert not holds(check(cascade(people=2_000), Hasty))


def test_the_limit_fails_where_half_an_officer_counts():
    class Thorough(Mobilisation):
        def arrest(self, officers, active):
            return 1.0 - math.exp(-2.3 * officers / active)

    assert not holds(check(epstein(4, 10), Thorough))


def test_the_limit_fails_where_trust_does_not_hold_back():
    class Blind(Mobilisation):
        def lead(self, world, issues, persons, rows):
            return world.people.grievance[persons] - world.people.threshold[persons].astype(float)

    assert not holds(check(epstein(), Blind))


def test_everybody_watches_those_they_know_and_at_least_so_many():
    from sim.verify.bench import bare_world
    from sim.world.ties import Ties

    ties = Ties.from_edges(10, np.zeros(4, int), np.array([1, 2, 8, 9]), 1.0, "friends")
    world = bare_world(10, 1, ties)
    world.people.unit[:] = [0, 0, 0, 1, 1, 1, 0, 0, 0, 0]
    rows = np.array([0, 1, 2, 3, 4, 5, 7])  # 8 and 9 are not concerned
    begins, watched = joining.circles(world, rows, 5, 3)
    circle = [set(watched[a:b]) for a, b in pairwise(begins)]
    assert {1, 2} <= circle[0]  # ties inside the issue
    assert len(circle[0]) == 3
    assert all(len(one) == 3 for one in circle)
    assert all(me not in one for me, one in enumerate(circle))
    assert circle[3] > {4, 5}  # the own unit first, then anybody
    assert issues_of(world).beside.circles == []

"""Queues obey Erlang and Little, the limit of the law its own law, and records obey Bayes."""

import dataclasses

import numpy as np
import pytest

from sim.mechanisms.conflict.mediation import Mediation
from sim.mechanisms.conflict.mediation_limits import deadline, queue, recording, staying
from sim.verify import check
from sim.world import queues
from sim.world.disputes import QUEUED_VILLAGE
from tests.mechanisms.conflict.made_up import holds


@pytest.mark.slow
@pytest.mark.parametrize(
    ("servers", "arrivals", "service", "step_days", "discipline"),
    [
        (3, 6.4, 10.0, 7.0, "pooled"),
        pytest.param(3, 6.4, 10.0, 7.0, "own", marks=pytest.mark.slow),
        pytest.param(2, 9.0, 8.0, 3.5, "own", marks=pytest.mark.slow),
        (1, 7.0, 11.0, 15.0, "own"),
        pytest.param(4, 21.0, 8.0, 7.0, "pooled", marks=pytest.mark.slow),
    ],
)
def test_waits_and_queues_are_those_of_erlang_and_little(
    servers, arrivals, service, step_days, discipline
):
    assert holds(check(queue(servers, arrivals, service, step_days, discipline), Mediation))


def test_waits_of_m_m_1_and_m_m_2_by_hand():
    # M/M/1: a wait of rho/(mu - lambda); M/M/2: C = a^2/(2 + a), a wait of C/(2 mu - lambda).
    pooled = queue(2, 15.0, 10.0, 7.0, "pooled").quantities
    assert pooled[0].expected == pytest.approx(0.75 / 5.0 * 365.25)
    assert pooled[1].expected == pytest.approx(15.0 * 0.15)
    own = queue(2, 15.0, 10.0, 7.0, "own").quantities
    assert own[0].expected == pytest.approx(2.25 / 3.5 / 5.0 * 365.25)


def test_more_cases_than_can_be_heard_are_refused():
    with pytest.raises(ValueError, match="too many for a capacity of 30"):
        queue(3, 29.0, 10.0)


class DoubleRate(Mediation):
    """Twice as many hearings as sessions allow."""

    def servers(self, world):
        serve, free, rate = super().servers(world)
        return serve, free, 2.0 * rate


class SameWork(Mediation):
    """Every case needs the same number of hearings."""

    def take_in(self, world, clock):
        new = world.disputes.newly_in(QUEUED_VILLAGE)
        super().take_in(world, clock)
        world.disputes.work[new] = 1.0


class NewestFirst(Mediation):
    """Sessions serve the newest open case."""

    def servers(self, world):
        _, free, rate = super().servers(world)

        def serve(office, arrival, work, begun, limit, free, rate, until, ends, served):
            turned = np.lexsort((-arrival, office))
            columns = [values[turned] for values in (office, arrival, work, begun, limit)]
            out, was = np.empty(len(ends)), np.empty(len(ends), bool)
            queues.serve_pooled(*columns, free, rate, until, out, was)
            work[turned], begun[turned], ends[turned], served[turned] = *columns[2:4], out, was

        return serve, free, rate


@pytest.mark.parametrize("faulty", [DoubleRate, pytest.param(SameWork, marks=pytest.mark.slow)])
def test_the_queue_limit_fails_for_a_faulty_rule(faulty):
    assert not holds(check(queue(3, 20.0, 10.0, 7.0, "pooled"), faulty))


@pytest.mark.slow
@pytest.mark.parametrize(("one", "other"), [("own", "pooled"), ("pooled", "own")])
def test_the_queue_limit_fails_where_own_and_pooled_are_mixed_up(one, other):
    expected, simulated = (queue(3, 12.0, 10.0, 7.0, discipline) for discipline in (one, other))
    assert not holds(check(dataclasses.replace(expected, simulate=simulated.simulate), Mediation))


VILLAGES_OF_OTHER_SIZES = [(1, 0.51, 22), (2, 0.25, 17), (6, 0.011, 6.7)]


# The village table: mediators of 20 sessions each, share out of time and mean days, limit on.
@pytest.mark.parametrize(
    ("mediators", "share", "days"),
    [
        (3, 0.118, 12.7),
        *(pytest.param(*row, marks=pytest.mark.slow) for row in VILLAGES_OF_OTHER_SIZES),
    ],
)
def test_villages_of_seven_hundred_lose_as_many_cases_as_the_table_says(mediators, share, days):
    limit = deadline(20.0 * mediators, 6.4)
    timed_out, stay = limit.quantities
    assert timed_out.expected == pytest.approx(share, abs=0.005 if mediators < 3 else 0.002)
    assert stay.expected == pytest.approx(days, abs=0.5 if mediators < 3 else 0.1)
    assert holds(check(limit, Mediation))


def test_half_with_one_and_half_with_two_mediators_lose_three_in_eight():
    parts = [staying(10.0 * mediators, 6.4, 30.0 / 365.25) for mediators in (1, 2)]
    assert np.mean([share for share, _ in parts]) == pytest.approx(0.38, abs=0.005)
    assert np.mean([years * 365.25 for _, years in parts]) == pytest.approx(20.0, abs=0.6)


@pytest.mark.parametrize("office", ["village", "community"])
@pytest.mark.parametrize(
    ("sessions", "cases", "limit_days", "step_days"),
    [
        pytest.param(12.0, 6.4, 30.0, 7.0, marks=pytest.mark.slow),
        (200.0, 130.0, 12.0, 3.5),
        pytest.param(90.0, 45.0, 50.0, 7.0, marks=pytest.mark.slow),
    ],
)
def test_the_same_share_is_late_case_by_case_and_by_the_stationary_law(
    office, sessions, cases, limit_days, step_days
):
    assert holds(check(deadline(sessions, cases, limit_days, step_days, office), Mediation))


@pytest.mark.slow
@pytest.mark.parametrize("faulty", [DoubleRate, SameWork, NewestFirst])
def test_the_deadline_limit_fails_for_a_faulty_rule(faulty):
    assert not holds(check(deadline(), faulty))


@pytest.mark.slow
def test_the_deadline_limit_fails_in_communities_that_ignore_their_load():
    class Idle(Mediation):
        def schedule(self, world, rows, level, office):
            world.offices.load[:] = 0.0
            super().schedule(world, rows, level, office)

    assert not holds(check(deadline(office="community"), Idle))


def test_late_cases_without_a_limit_on_patience_are_those_of_the_exponential_law():
    # M/M/1 without the limit: exp(-(mu - lambda) 30 days) = .144; with it p0 = .81 of that.
    share, _ = staying(30.0, 6.4, 30 / 365.25)
    assert share / np.exp(-23.6 * 30 / 365.25) == pytest.approx(
        1 / (1 + 6.4 / 23.6 * 0.856), rel=1e-3
    )


@pytest.mark.parametrize(
    ("success", "settled", "failed"), [(0.6, 0.48, 0.022), (0.3, 0.9, 0.5), (1.0, 0.2, 0.1)]
)
def test_recorded_success_follows_bayes(success, settled, failed):
    assert holds(check(recording(success, settled, failed), Mediation))


def test_a_true_success_of_three_fifths_is_recorded_as_ninety_seven_in_a_hundred():
    assert recording().quantities[0].expected == pytest.approx(0.97, abs=0.001)


def test_the_recording_limit_fails_where_shares_are_swapped():
    class Swapped(Mediation):
        def record(self, world, level, rows, agreed):
            self.recorded_settled, self.recorded_failed = (
                self.recorded_failed,
                self.recorded_settled,
            )
            super().record(world, level, rows, agreed)

    assert not holds(check(recording(), Swapped))


def test_the_recording_limit_fails_where_all_are_recorded_alike():
    class Honest(Mediation):
        def record(self, world, level, rows, agreed):
            self.recorded_failed = self.recorded_settled
            super().record(world, level, rows, agreed)

    assert not holds(check(recording(), Honest))

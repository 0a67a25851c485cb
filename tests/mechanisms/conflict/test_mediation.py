"""Cases wait for hearings as queue theory says, leave by law after 30 days, and are recorded."""

import dataclasses

import numpy as np
import pytest

from sim.kernel import Clock
from sim.mechanisms.conflict.mediation import Mediation
from sim.mechanisms.conflict.mediation_limits import deadline, queue, recording, staying
from sim.verify import check
from sim.verify.bench import START, ready
from sim.verify.office_bench import offices_world
from sim.world import queues
from sim.world.disputes import (
    AGREED_UNCONFIRMED,
    DECIDING,
    IN_ROOMS,
    LATENT,
    QUEUED_TOWNSHIP,
    QUEUED_VILLAGE,
    TOWNSHIP,
    VILLAGE,
)
from sim.world.world import World
from tests.mechanisms.conflict.made_up import bring, four_errors, holds, step, total, town


def committees(rule: Mediation, sessions: float, exact: bool) -> World:
    """Many villages (exact) or communities side by side, 30 cases a year expected in each."""
    world = offices_world(seed=3, sessions=sessions, exact=exact)
    world.offices["skill"] = np.zeros(len(world.offices))
    ready(world, rule)
    world.offices.load[:] = 30.0
    return world


SURE = {"success.village": 1.0, "breakdown_share": 0.0}


# --- Erlang, Little, and the limit of the law -----------------------------------------------------


@pytest.mark.parametrize(
    ("servers", "arrivals", "service", "step_days", "discipline"),
    [
        (3, 6.4, 10.0, 7.0, "pooled"),
        pytest.param(3, 6.4, 10.0, 7.0, "own", marks=pytest.mark.slow),
        pytest.param(2, 9.0, 8.0, 3.5, "own", marks=pytest.mark.slow),
        (1, 7.0, 11.0, 15.0, "own"),
        (4, 21.0, 8.0, 7.0, "pooled"),
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


@pytest.mark.parametrize("faulty", [DoubleRate, SameWork])
def test_the_queue_limit_fails_for_a_faulty_rule(faulty):
    assert not holds(check(queue(3, 20.0, 10.0, 7.0, "pooled"), faulty))


@pytest.mark.parametrize(("one", "other"), [("own", "pooled"), ("pooled", "own")])
def test_the_queue_limit_fails_where_own_and_pooled_are_mixed_up(one, other):
    expected, simulated = (queue(3, 12.0, 10.0, 7.0, discipline) for discipline in (one, other))
    assert not holds(check(dataclasses.replace(expected, simulate=simulated.simulate), Mediation))


# The village table: mediators of 20 sessions each, share out of time and mean days, limit on.
@pytest.mark.parametrize(
    ("mediators", "share", "days"),
    [(1, 0.51, 22), (2, 0.25, 17), (3, 0.118, 12.7), (6, 0.011, 6.7)],
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
    [(12.0, 6.4, 30.0, 7.0), (200.0, 130.0, 12.0, 3.5), (90.0, 45.0, 50.0, 7.0)],
)
def test_the_same_share_is_late_case_by_case_and_by_the_stationary_law(
    office, sessions, cases, limit_days, step_days
):
    assert holds(check(deadline(sessions, cases, limit_days, step_days, office), Mediation))


@pytest.mark.parametrize("faulty", [DoubleRate, SameWork, NewestFirst])
def test_the_deadline_limit_fails_for_a_faulty_rule(faulty):
    assert not holds(check(deadline(), faulty))


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


# --- edges ----------------------------------------------------------------------------------------


def test_without_mediators_everybody_is_out_of_time_on_day_thirty_exactly():
    rule = Mediation({})
    world = town(rule)
    world.offices.sessions[:] = 0.0
    since = np.linspace(0.0, 6.9, 20)
    bring(world, 20, QUEUED_VILLAGE, since=since)
    step(rule, world, 42.0)
    assert np.all(world.disputes.state == DECIDING)
    assert np.all(world.disputes.failed_in == VILLAGE)
    assert world.disputes.since == pytest.approx(since + 30.0)
    assert total(world, "timed_out_village") == total(world, "ended_village") == 20


def test_a_community_without_mediators_loses_everybody_on_day_thirty_too():
    rule = Mediation({})
    world = committees(rule, sessions=0.0, exact=False)
    bring(world, 20, QUEUED_VILLAGE, unit=np.arange(20), since=2.0)
    step(rule, world, 42.0)
    assert np.all(world.disputes.since == 32.0)
    assert total(world, "timed_out_community") == 20


def test_an_overload_is_forgotten_once_mediators_are_back():
    # By law nobody waits past day 30, so a year without mediators leaves no older queue behind.
    rule = Mediation({"success.community": 1.0, "breakdown_share": 0.0})
    world = committees(rule, sessions=0.0, exact=False)
    step(rule, world, 364.0)
    world.offices.sessions[:] = 1e6
    bring(world, 20, QUEUED_VILLAGE, unit=np.arange(20), since=364.0)
    rule.step(world, Clock(START, begins=364.0))
    assert total(world, "settled_village") == 20


# --- order, luck, and what is left alone ----------------------------------------------------------


def test_cases_of_a_village_end_in_the_order_in_which_they_came():
    rule = Mediation({**SURE, "limit_days": 1e6})
    world = town(rule)
    bring(world, 30, QUEUED_VILLAGE, since=np.linspace(6.0, 0.0, 30))
    ended = []
    leave = rule.leave

    def noting(world, rows, at, heard):
        ended.extend(world.disputes.since[rows].tolist())
        leave(world, rows, at, heard)

    rule.leave = noting  # type: ignore[method-assign]
    step(rule, world, 7 * 400.0)
    assert len(ended) == 30
    assert ended == sorted(ended)


def test_one_case_less_in_a_village_leaves_other_villages_as_they_were():
    ends = []
    for count in (40, 39):
        rule = Mediation({})
        world = committees(rule, sessions=60.0, exact=True)
        bring(world, count, QUEUED_VILLAGE, unit=np.arange(count), since=0.5)
        step(rule, world, 35.0)
        disputes = world.disputes
        rows = zip(disputes.id, disputes.state, disputes.since, disputes.due, strict=True)
        ends.append({row for row in rows if row[0] != 40})
    assert ends[0] == ends[1]


def test_rooms_have_no_queue_and_take_twenty_days_in_the_mean():
    rule = Mediation({"success.rooms": 0.0})
    world = town(rule)
    bring(world, 2_000, IN_ROOMS)
    step(rule, world, 7 * 60.0)
    assert np.all(world.disputes.state == DECIDING)
    days = world.disputes.since
    assert days.mean() == pytest.approx(20.0, abs=4 * 20.0 / np.sqrt(2_000))


@pytest.mark.parametrize("step_days", [1.0, 3.5])
def test_shorter_steps_end_the_same_cases_on_the_same_days(step_days):
    since = np.linspace(0.0, 89.0, 40)
    results = []
    for days in (7.0, step_days):
        rule = Mediation({})
        world = town(rule)
        for number in range(round(140.0 / days)):
            clock = Clock(START, days, number * days)
            for k in np.flatnonzero((since >= clock.begins) & (since < clock.ends)):
                bring(world, 1, QUEUED_VILLAGE, first=1 + k, since=since[k])
                bring(world, 1, IN_ROOMS, first=100 + k, since=since[k])
            rule.step(world, clock)
        order = np.argsort(world.disputes.id)
        results.append({n: world.disputes[n][order] for n in ("id", "state", "since")})
    assert len(results[0]["id"]) > 10
    assert np.array_equal(results[0]["id"], results[1]["id"])
    assert np.array_equal(results[0]["state"], results[1]["state"])
    assert results[0]["since"] == pytest.approx(results[1]["since"])


def test_cases_of_others_are_left_alone():
    rule = Mediation({})
    world = town(rule)
    bring(world, 5, LATENT, due=99.0)
    before = {name: world.disputes[name].copy() for name in world.disputes}
    step(rule, world, 70.0)
    assert all(np.array_equal(before[name], world.disputes[name]) for name in before)


# --- what comes of a case -------------------------------------------------------------------------


def test_of_those_heard_the_stated_share_settles_when_nothing_leans():
    rule = Mediation({"success.village": 0.7, "breakdown_share": 0.0})
    world = town(rule)
    world.offices.sessions[:] = 1e9
    bring(world, 4_000, QUEUED_VILLAGE)
    step(rule, world, 7.0)
    shift = 0.05  # solved shifts move the logit of a typical dispute by a few hundredths
    assert total(world, "settled_village") / 4_000 == pytest.approx(
        0.7, abs=four_errors(0.7, 4_000) + 0.21 * shift
    )


@pytest.mark.parametrize(("share", "settled"), [(1.0, 50), (0.0, 0)])
def test_success_may_be_sure_or_impossible(share, settled):
    rule = Mediation({"success.village": share, "breakdown_share": 0.0})
    world = town(rule)
    world.offices.sessions[:] = 1e9
    bring(world, 50, QUEUED_VILLAGE)
    step(rule, world, 7.0)
    assert total(world, "settled_village") == settled
    assert world.people.grievance_relief.sum() == settled


def agreed(share_confirmed: float) -> World:
    rule = Mediation({"success.village": 1.0})
    world = town(rule, mediation__judicial_confirmation_share=share_confirmed)
    world.offices.sessions[:] = 1e9
    bring(world, 3_000, QUEUED_VILLAGE)
    step(rule, world, 7.0)
    return world


def test_a_tenth_of_unconfirmed_agreements_will_break_and_stays_open():
    world = agreed(share_confirmed=0.0)
    waiting = np.count_nonzero(world.disputes.state == AGREED_UNCONFIRMED)
    breaking = waiting + total(world, "agreements_broken")  # a few in this very week
    assert breaking / 3_000 == pytest.approx(0.1, abs=four_errors(0.1, 3_000))
    assert total(world, "settled_village") == 3_000 - breaking
    world.disputes.check()


def test_what_a_court_has_confirmed_does_not_break():
    world = agreed(share_confirmed=1.0)
    assert total(world, "settled_village") == total(world, "agreements_confirmed") == 3_000


def test_confirming_more_never_breaks_an_agreement_that_held_before():
    usual, more = agreed(0.05), agreed(0.6)
    assert set(more.disputes.id.tolist()) < set(usual.disputes.id.tolist())


def test_a_broken_agreement_is_decided_anew_from_its_level_on_the_day_it_broke():
    rule = Mediation({})
    world = town(rule)
    bring(world, 2, AGREED_UNCONFIRMED, failed_in=TOWNSHIP, due=[5.5, 9.0])
    rule.step(world, Clock(START, begins=0.0))
    disputes = world.disputes
    assert disputes.state.tolist() == [DECIDING, AGREED_UNCONFIRMED]
    assert (disputes.failed_in[0], disputes.due[0], disputes.visit[0]) == (TOWNSHIP, 5.5, 1)
    assert total(world, "agreements_broken") == 1


def test_trust_follows_what_came_of_the_case():
    heard = Mediation({"success.village": 0.0})
    world = town(heard)
    world.offices.sessions[:] = 1e9
    bring(world, 1, QUEUED_VILLAGE)
    step(heard, world, 7.0)
    assert world.people.anchor_push_trust_community[0] == pytest.approx(-0.05)
    assert world.people.anchor_push_legal_awareness[0] == pytest.approx(0.01)
    late = Mediation({})
    world = town(late)
    world.offices.sessions[:] = 0.0
    bring(world, 1, QUEUED_VILLAGE)
    step(late, world, 35.0)
    assert world.people.anchor_push_trust_community[0] == pytest.approx(-0.02)
    assert world.people.anchor_push_legal_awareness[0] == 0.0


def test_two_cases_of_one_person_in_a_week_push_twice():
    rule = Mediation({**SURE})
    world = town(rule, people=1)
    world.offices.sessions[:] = 1e9
    bring(world, 2, QUEUED_VILLAGE)
    step(rule, world, 7.0)
    assert world.people.anchor_push_trust_community[0] == pytest.approx(0.08)
    assert world.people.grievance_relief[0] == 2.0


def test_offices_remember_how_long_their_cases_took():
    rule = Mediation({})
    world = town(rule)
    world.offices.sessions[:] = 0.0
    bring(world, 3, QUEUED_VILLAGE, since=1.0)
    step(rule, world, 35.0)
    assert world.tables["waits"].expected()[0] == pytest.approx(3 * 30.0 / 4)


def test_townships_share_their_load_among_their_bodies():
    rule = Mediation({})
    world = town(rule, people=10)
    world.offices.kind[1] = 2
    world.offices.bodies[1] = 5.0
    world.offices.sessions[1] = 240.0
    world.units.township[:] = 1
    world.offices.load[1] = 0.0
    bring(world, 10, QUEUED_TOWNSHIP, weight=100.0)
    rule.step(world, Clock(START, begins=0.0))
    dt = 7 / 365.25
    assert world.offices.load[1] == pytest.approx((1 - np.exp(-dt)) * 10 * 100 / 5 / dt)


def test_sessions_of_volunteers_count_for_one_step():
    rule = Mediation(SURE)
    world = town(rule)
    world.offices.sessions[:] = 0.0
    world.offices.extra_sessions[:] = 1e9
    bring(world, 5, QUEUED_VILLAGE)
    rule.step(world, Clock(START, begins=0.0))
    assert total(world, "settled_village") == 5
    assert not world.offices.extra_sessions.any()


# --- records --------------------------------------------------------------------------------------


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

"""Cases are heard in turn, leave by law after 30 days, and settle, fail or break."""

import numpy as np
import pytest

from sim.kernel import Clock
from sim.mechanisms.conflict.constants import SUCCESS_SHIFT
from sim.mechanisms.conflict.mediation import Mediation
from sim.verify.bench import START, ready
from sim.verify.office_bench import offices_world
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
from tests.mechanisms.conflict.made_up import bring, four_errors, leanings_seen, step, total, town


def committees(rule: Mediation, sessions: float, exact: bool) -> World:
    """Many villages (exact) or communities side by side, 30 cases a year expected in each."""
    world = offices_world(seed=3, sessions=sessions, exact=exact)
    world.offices["skill"] = np.zeros(len(world.offices))
    ready(world, rule)
    world.offices.load[:] = 30.0
    return world


SURE = {"success.village": 1.0, "breakdown_share": 0.0}


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


@pytest.mark.parametrize(
    ("table", "column", "value", "expected"),
    [
        ("offices", "skill", 0.0, 0.0),
        ("people", "trust_community", 0.7, 0.4),
        ("people", "trust_township", 0.7, 0.0),
        ("people", "norm", 0.6, 0.15),
        ("disputes", "intensity", 0.7, -0.3),
        ("offices", "skill", 1.5, 0.3),
        ("offices", "success_logit", -0.2, -0.2),
        ("levers", "mediation.training_hours_per_year", 16.0, 0.03 / 0.24 / 2),
        ("levers", "mediation.training_hours_per_year", 80.0, 0.03 / 0.24),
        ("levers", "mediation.training_hours_per_year", 0.0, -0.03 / 0.24 / 2),
    ],
)
def test_success_leans_on_trust_norm_intensity_skill_and_training(
    monkeypatch, table, column, value, expected
):
    """.2 a sd of trust or skill, .15 of norm, -1 of intensity; 16 hours more are .03 of .4 x .6."""
    found = leanings_seen(monkeypatch, "conflict.mediation")
    rule = Mediation({})
    world = town(rule)
    world.offices.sessions[:] = 1e9
    world.tables["baseline"].moments |= dict.fromkeys(("trust_community", "norm"), (0.5, 0.1))
    bring(world, 1, QUEUED_VILLAGE)
    getattr(world, table)[column][:] = value
    rule.step(world, Clock(START, begins=0.0))
    usual = np.log(0.7 / 0.3) + SUCCESS_SHIFT["village"]
    assert found == pytest.approx([usual + expected], abs=1e-6)


def test_eager_offices_record_what_they_settle_and_leave_out_what_fails():
    """Of what is settled odds of .5 double to 2/3, of what fails odds of .022 / .978 halve."""
    for success, usual, eager in ((1.0, 0.5, 2 / 3), (0.0, 0.022, 0.022 / (0.022 + 2 * 0.978))):
        for lean, share in ((0.0, usual), (np.log(2.0), eager)):
            rule = Mediation({"success.village": success, "breakdown_share": 0.0})
            world = town(rule)
            world.offices.sessions[:] = 1e9
            world.offices.recording_logit[:] = lean
            bring(world, 8_000, QUEUED_VILLAGE)
            step(rule, world, 7.0)
            recorded = total(world, "mediations_recorded") / 8_000
            assert recorded == pytest.approx(share, abs=four_errors(share, 8_000))
            assert total(world, "mediations_settled_recorded") == success * recorded * 8_000


def test_communities_and_townships_start_at_their_usual_load_by_body():
    world = town(rule := Mediation({}))
    world.offices.kind[:], world.offices.residents[:] = [1, 2], [5_000.0, 60_000.0]
    world.offices.bodies[1] = 3.0
    rule.prepare(world)
    assert world.offices.load == pytest.approx([66 * 0.5, 19.8 * 6.0 / 3.0])


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


def test_fewer_sessions_than_none_are_none():
    rule = Mediation(SURE)
    world = town(rule)
    world.offices.extra_sessions[:] = -1e9
    assert np.all(rule.rate(world) == 0.0)

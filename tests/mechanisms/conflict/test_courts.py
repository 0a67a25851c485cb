"""A court's backlog grows by what is filed beyond capacity; before the door a share is mediated."""

import numpy as np
import pytest

from sim.kernel import Clock
from sim.mechanisms.conflict.court_limits import court_backlog, court_days
from sim.mechanisms.conflict.courts import RESIDENTS_AT_DOOR, Courts
from sim.verify import check
from sim.verify.bench import START, weeks
from sim.world.disputes import (
    APPEALED,
    LATENT,
    LITIGATING,
    NEGOTIATING,
    PETITIONING,
    PRELITIGATION,
)
from sim.world.queues import erlang_c
from sim.world.world import World
from tests.mechanisms.conflict.made_up import bring, four_errors, holds, step, total, town

MATTERS = 4_000
RESIDENTS = 1_000_000.0


def county(rule: Courts, judges: float = 65.6, **levers: float) -> World:
    """A division of a million residents and one court; nobody else is there."""
    world = town(rule, **levers)
    world.offices.residents[:] = RESIDENTS
    world.levers["courts.judges_per_100k"][:] = judges / RESIDENTS * 1e5
    rule.prepare(world)
    return world


# --- backlog and duration -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("judges", "filings", "cases", "years"),
    [
        (19, 5_985, 300, 5),
        (19, 5_000, 300, 8),
        (7.5, 4_000, 276, 0.4),
        (3, 0, 300, 2),
        (0.1, 50, 300, 3),
    ],
)
def test_a_backlog_is_bounded_below_capacity_and_grows_with_the_surplus_above(
    judges, filings, cases, years
):
    verdicts = check(court_backlog(judges, filings, cases, years), Courts)
    assert holds(verdicts)
    assert (verdicts[0].simulated == 0.0) == (filings <= judges * cases)


def test_a_court_at_load_one_and_a_twentieth_gains_285_cases_a_year():
    (backlog,) = court_backlog(19, 1.05 * 5_700, 300, 7 * 52 / 365.25).quantities
    assert backlog.expected == pytest.approx(285 * 364 / 365.25, rel=1e-9)


def test_the_limit_fails_where_cases_vanish():
    class Leaky(Courts):
        def follow(self, world, clock, filed):
            super().follow(world, clock, filed)
            world.offices.court_backlog[self.rows(world)] *= 0.99

    assert not holds(check(court_backlog(), Leaky))


def test_the_limit_fails_for_judges_who_hear_more_than_they_can():
    class Quick(Courts):
        def appoint(self, world):
            super().appoint(world)
            world.offices.judges[self.rows(world)] *= 1.02

    assert not holds(check(court_backlog(), Quick))


def test_the_limit_fails_where_background_cases_take_no_time():
    class Blind(Courts):
        def follow(self, world, clock, filed):
            super().follow(world, clock, filed / (1.0 + self.background_ratio()))

    assert not holds(check(court_backlog(), Blind))


# Load of a court of 19 judges; days as 50 (load/.577)^.6 plus the wait of Erlang C.
@pytest.mark.parametrize(
    ("load", "days"), [(0.60, 51), (0.80, 61), (0.915, 66), (0.95, 68), (0.98, 72)]
)
def test_a_case_takes_longer_the_nearer_the_court_is_to_capacity(load, days):
    rule = Courts({})
    world = county(rule, judges=19.0)
    world.offices.court_load[1] = load * 19 * 300
    bring(world, MATTERS, LITIGATING, taken_in=True, work=1.0)
    world.disputes.work[:] = world.draws.exponential("test.work", world.disputes.id)
    rule.schedule(world)
    procedure = 50 * (load / 0.577) ** 0.6
    theory = procedure + 365.25 * erlang_c(19.0, 19 * load) / (19 * 300 * (1 - load))
    assert theory == pytest.approx(days, rel=0.05 if load < 0.97 else 0.1)
    mean = world.disputes.due.mean()
    assert mean == pytest.approx(theory, abs=4 * world.disputes.due.std() / np.sqrt(MATTERS))


def test_a_backlog_delays_every_case_by_the_time_it_takes_to_hear_it():
    rule = Courts({})
    usual, late = county(rule), county(rule)
    late.offices.court_backlog[1] = 65.6 * 300 / 2  # half a year's capacity
    for world in (usual, late):
        bring(world, 50, LITIGATING, taken_in=True, work=1.0)
        rule.schedule(world)
    assert late.disputes.due - usual.disputes.due == pytest.approx(365.25 / 2)


def test_without_judges_nobody_is_judged_and_what_is_filed_piles_up():
    rule = Courts({"firm_matters_per_10k": 0.0})
    world = county(rule, judges=0.0, courts__prelitigation_share=0.0)
    bring(world, 100, LITIGATING, weight=10.0)
    world.offices.court_load[:] = 0.0
    step(rule, world, 364.0)
    assert np.all(world.disputes.state == LITIGATING)
    assert np.all(world.disputes.due > 1e6)
    assert world.offices.court_backlog[1] > 0.0


# --- the door -------------------------------------------------------------------------------------


@pytest.mark.parametrize("share", [0.0, 0.3, 1.0])
def test_a_share_of_matters_is_mediated_before_filing(share):
    rule = Courts({"firm_matters_per_10k": 0.0})
    world = county(rule, courts__prelitigation_share=share)
    bring(world, MATTERS, LITIGATING)
    rule.step(world, Clock(START, begins=0.0))
    tried = total(world, "prelitigation_tried")
    assert tried / MATTERS == pytest.approx(share, abs=four_errors(share, MATTERS))
    assert total(world, "civil_filings_residents") == MATTERS - tried
    assert total(world, "door_residents") == MATTERS


def test_a_larger_share_mediates_the_same_matters_and_more():
    sets = []
    for share in (0.3, 0.5):
        rule = Courts({"firm_matters_per_10k": 0.0})
        world = county(rule, courts__prelitigation_share=share)
        bring(world, 500, LITIGATING)
        rule.open_door(world, Clock(START, begins=0.0))
        sets.append(set(world.disputes.id[world.disputes.state == PRELITIGATION].tolist()))
    assert sets[0] < sets[1]


def test_mediated_matters_settle_are_filed_or_dropped_at_the_stated_shares():
    rule = Courts({"firm_matters_per_10k": 0.0})
    world = county(rule)
    bring(world, MATTERS, PRELITIGATION, due=3.0)
    rule.end_prelitigation(world, Clock(START, begins=0.0))
    shares = [
        total(world, flow) / MATTERS
        for flow in ("settled_prelitigation", "civil_filings_residents", "withdrawn_dropped")
    ]
    assert sum(shares) == 1.0
    for share, expected in zip(shares, (0.65, 0.35 * 0.95, 0.35 * 0.05), strict=True):
        assert share == pytest.approx(expected, abs=four_errors(expected, MATTERS))
    assert world.people.grievance_relief.sum() == total(world, "settled_prelitigation")
    assert np.all(world.disputes.since[world.disputes.state == LITIGATING] == 3.0)
    world.disputes.check()


def test_each_matter_comes_to_the_door_once():
    rule = Courts({"firm_matters_per_10k": 0.0, "prelitigation_success": 0.0})
    world = county(rule, courts__prelitigation_share=1.0)
    bring(world, 100, LITIGATING)
    step(rule, world, 140.0)
    assert total(world, "door_residents") == total(world, "prelitigation_tried") == 100


def test_mediation_at_an_idle_door_takes_twelve_days_in_the_mean():
    rule = Courts({"firm_matters_per_10k": 0.0})
    world = county(rule)
    world.offices.door_load[:] = 0.0
    bring(world, MATTERS, LITIGATING)
    rule.mediate(world, np.arange(MATTERS))
    mean = world.disputes.due.mean()
    assert mean == pytest.approx(12.0, abs=4 * 12.0 / np.sqrt(MATTERS))


def test_a_backlog_at_the_door_delays_mediation_by_the_time_it_takes_to_work_off():
    """A hundred mediators handle 110 cases a year each: 1,100 cases are a tenth of a year."""
    rule = Courts({})
    usual, late = county(rule), county(rule)
    late.offices.door_backlog[1] = 1_100.0
    for world in (usual, late):
        bring(world, 50, LITIGATING)
        rule.mediate(world, np.arange(50))
    assert late.disputes.due - usual.disputes.due == pytest.approx(36.525)
    assert np.ptp(usual.disputes.due) > 1.0  # each has days of its own


def test_mediators_at_the_door_make_people_wait_when_they_are_busy():
    """At a load of .97 a hundred of them: C / ((1 - .97) x 11,000) years, by Erlang."""
    rule = Courts({"prelitigation_days": 1e-9})
    world = county(rule)
    world.offices.door_load[:] = 0.97 * 11_000.0
    bring(world, MATTERS, LITIGATING)
    rule.mediate(world, np.arange(MATTERS))
    theory = 365.25 * erlang_c(100.0, 97.0) / (0.03 * 11_000.0)
    days = world.disputes.due
    assert days.mean() == pytest.approx(theory, abs=4 * days.std() / np.sqrt(MATTERS))


def test_firms_are_filed_less_what_is_settled_or_dropped_before():
    rule = Courts({})
    world = county(rule, courts__prelitigation_share=1.0)
    step(rule, world, 70.0)
    firms, filed = total(world, "door_firms"), total(world, "civil_filings_firms")
    assert firms > 500
    assert filed == pytest.approx(firms * 0.35 * 0.95)
    assert total(world, "prelitigation_settled_firms") == pytest.approx(firms * 0.65)


def test_filings_at_the_baseline_are_those_that_the_load_starts_with():
    # 91.5 matters at the door a year per 10,000, of which .3 x (.65 + .35 x .05) do not get in
    rule = Courts({})
    world = county(rule)
    filings = (RESIDENTS_AT_DOOR + 32.0) * (1 - 0.3 * 0.6675)
    assert filings == pytest.approx(73.2, abs=0.05)
    background = 1 + 0.65 + 0.107 + 0.10
    assert world.offices.court_load[1] == pytest.approx(filings * background * RESIDENTS / 1e4)
    assert world.offices.door_load[1] == pytest.approx(0.3 * 91.5 * RESIDENTS / 1e4)


# --- judgments ------------------------------------------------------------------------------------


def judged(**settings: float) -> World:
    rule = Courts({"firm_matters_per_10k": 0.0, **settings})
    world = county(rule)
    bring(world, MATTERS, LITIGATING, taken_in=True, due=4.0)
    rule.judge(world, Clock(START, begins=0.0))
    world.disputes.sweep()
    return world


def test_some_judgments_are_appealed_few_turn_to_petition_and_the_rest_settle():
    world = judged()
    appealed = total(world, "appeals") / MATTERS
    assert appealed == pytest.approx(0.082, abs=four_errors(0.082, MATTERS))
    petition = total(world, "judged_to_petition") / (1 - appealed) / MATTERS
    assert petition == pytest.approx(0.02, abs=four_errors(0.02, MATTERS))
    open_now = np.isin(world.disputes.state, (APPEALED, PETITIONING)).sum()
    assert total(world, "settled_court") == MATTERS - open_now
    assert len(world.disputes.newly_in(PETITIONING)) == total(world, "judged_to_petition")
    world.disputes.check()


def test_an_appeal_ends_on_its_own_day_once():
    rule = Courts({"firm_matters_per_10k": 0.0, "appeal_share": 1.0})
    world = county(rule)
    bring(world, 500, LITIGATING, taken_in=True, due=4.0)
    step(rule, world, 7 * 100.0)
    assert total(world, "appeals") == 500
    assert total(world, "settled_court") + total(world, "judged_to_petition") == 500
    days = world.flows.samples["days_to_resolution"]
    taken = np.concatenate([values for _, values, _ in days])
    assert taken.mean() == pytest.approx(64.0, abs=4 * 60 / np.sqrt(len(taken)))


def test_nobody_petitions_against_a_judgment_when_the_share_is_nil():
    world = judged(judgment_petition_share=0.0, appeal_share=0.0)
    assert total(world, "settled_court") == MATTERS
    assert world.people.grievance_relief.sum() == MATTERS


def test_courts_remember_days_from_filing_to_judgment():
    rule = Courts({"firm_matters_per_10k": 0.0})
    world = county(rule)
    bring(world, 3, LITIGATING, taken_in=True, since=-50.0, due=4.0)
    rule.judge(world, Clock(START, begins=0.0))
    assert world.tables["waits"].expected()[1] == pytest.approx(3 * 54 / 4)


def test_second_instance_counts_as_a_share_of_what_is_filed():
    rule = Courts({})
    world = county(rule)
    step(rule, world, 70.0)
    filed = total(world, "civil_filings_firms")
    assert total(world, "court_cases_second") == pytest.approx(0.082 * filed)
    assert total(world, "court_cases_first") == pytest.approx(1.857 * filed)


# --- steps and others -----------------------------------------------------------------------------


def test_half_steps_lead_matters_to_the_same_ends():
    ends = []
    for days in (7.0, 3.5):
        rule = Courts({})
        world = county(rule)
        bring(world, 600, LITIGATING, since=np.linspace(0.0, 6.99, 600))
        step(rule, world, 7 * 120.0, days)
        flows = ("appeals", "settled_court", "settled_prelitigation", "door_firms")
        taken = np.concatenate([v for _, v, _ in world.flows.samples["days_to_resolution"]])
        ends.append(([total(world, flow) for flow in flows], taken.mean()))
    assert ends[0][0] == ends[1][0]
    assert ends[1][1] == pytest.approx(ends[0][1], rel=0.01)


def test_disputes_elsewhere_are_left_alone():
    rule = Courts({})
    world = county(rule)
    bring(world, 4, LATENT, due=99.0)
    bring(world, 4, NEGOTIATING, first=50, due=99.0)
    before = {name: world.disputes[name].copy() for name in world.disputes}
    step(rule, world, 70.0)
    assert all(np.array_equal(before[name], world.disputes[name]) for name in before)


def test_whom_no_mediator_would_see_within_thirty_days_files_at_once():
    """Twice as many matters as a hundred mediators can see: half of them are never tried."""
    rule = Courts({"firm_matters_per_10k": 220.0})
    world = county(rule, courts__prelitigation_share=1.0)
    seen, clock = [], Clock(START, 7.0, begins=0.0)
    for _ in range(6 * 52):
        rule.step(world, clock)
        clock.advance()
        seen.append(world.flows.by_division["prelitigation_tried_firms"].sum())
    capacity = 100.0 * 110.0
    court = rule.rows(world)
    assert world.offices.door_backlog[court] == pytest.approx(capacity * 30.0 / 365.25)
    assert (seen[-1] - seen[-53]) * 365.25 / 364.0 == pytest.approx(capacity, rel=0.02)


def test_at_the_usual_load_nobody_is_turned_away_from_the_door():
    rule = Courts({})
    world = county(rule)
    for clock in weeks(2.0):
        assert not rule.follow_door(world, clock, np.full(1, 5_500.0 * clock.dt_years)).any()


def test_one_matter_less_leaves_the_luck_of_the_others():
    ends = []
    for count in (300, 299):
        rule = Courts({"firm_matters_per_10k": 0.0})
        world = county(rule)
        rule.follow = rule.follow_door = lambda *_: np.zeros(1)  # loads stand still
        bring(world, count, LITIGATING)
        step(rule, world, 35.0)
        d = world.disputes
        rows = zip(d.id.tolist(), d.state.tolist(), d.since.tolist(), strict=True)
        ends.append({row for row in rows if row[0] != 300})
    assert ends[0] == ends[1]


@pytest.mark.parametrize(("judges", "load"), [(19, 0.60), (19, 0.98), (3, 0.9), (60, 0.4)])
def test_days_at_court_follow_load_by_procedure_and_erlang_c(judges, load):
    assert holds(check(court_days(judges, load), Courts))


def test_the_limit_fails_where_procedure_does_not_slow_down():
    class Steady(Courts):
        def mean_days(self, world):
            return np.full(world.divisions, float(self.procedure_days))

    assert not holds(check(court_days(19, 0.95), Steady))


def test_the_limit_fails_where_nobody_waits_for_a_judge():
    class Prompt(Courts):
        def luck(self, world, rows, *purposes):
            never, *rest = super().luck(world, rows, *purposes)
            return [np.ones_like(never), *rest]

    assert not holds(check(court_days(3, 0.95), Prompt))

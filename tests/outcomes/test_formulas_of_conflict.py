"""Outcomes of conflict and government follow from their counts, worked out by hand."""

from types import SimpleNamespace

import numpy as np
import pytest

from sim.outcomes.conflict import CONFLICT
from sim.outcomes.window import Window, groups_of, moment
from sim.world.disputes import LATENT, NEGOTIATING
from sim.world.flows import Flows
from tests.outcomes.made_up import YEAR, table, town, value, window


def grown(flows: dict[str, float], latent: int = 10, talking: int = 5) -> Window:
    """A year in which so many disputes more were tolerated, and in talks, at the end."""
    world = town()
    first = moment(world, 0.0)
    state = np.repeat([LATENT, NEGOTIATING], [latent, talking])
    world.disputes.open(id=1 + np.arange(len(state)), state=state, weight=np.ones(len(state)))
    world.flows = Flows(1)  # what the table counted itself is put in by hand
    for name, count in flows.items():
        world.flows.add(name, world.people.cell[:1], np.array([count]))
    return Window(world, groups_of(("one",)), first, moment(world, YEAR))


def test_unresolved_are_those_voiced_that_were_not_settled() -> None:
    """Of 100, 30 were given up and 10 more are tolerated: of 60 voiced, 45 were settled."""
    seen = grown({"disputes_opened": 100, "withdrawn_latent": 30, "disputes_settled": 45})
    assert value("unresolved_share", seen) == pytest.approx(0.25)


def test_the_curve_of_unresolved_tells_of_those_that_ended_and_stays_a_share() -> None:
    """20 arose and 15 more ended than arose: of 35 that ended 5 had been tolerated, 24 settled.

    That is 6 of 30 without a settlement. Against the 15 that were voiced 24 would be too many.
    """
    (outcome,) = (one for one in CONFLICT if one.name == "unresolved_share")
    flows = {"disputes_opened": 20.0, "withdrawn_latent": 5.0, "disputes_settled": 24.0}
    quarter = SimpleNamespace(
        flow=lambda name: np.array([flows[name]]),
        growth=lambda latent_only=False: np.array([0.0 if latent_only else -15.0]),
    )
    assert outcome.curve(quarter)[0] == pytest.approx(6 / 30)
    assert outcome.formula(quarter)[0] < 0.0


def test_unsettled_are_all_that_arose_and_ended_without_a_settlement() -> None:
    """100 arose and 15 more are open: of 85 that ended, 34 were settled."""
    seen = grown({"disputes_opened": 100, "disputes_settled": 34})
    assert value("unsettled_share", seen) == pytest.approx(0.6)


def test_the_backlog_counts_open_disputes_of_ten_thousand_residents() -> None:
    assert value("open_backlog_per_10k", grown({})) == pytest.approx(150.0)


def test_escalated_are_those_who_came_before_a_third_party_first() -> None:
    seen = window(town(), {"escalated": 5, "entered_third_party": 20, "disputes_opened": 100})
    assert value("escalation_share", seen) == pytest.approx(0.25)


def test_late_cases_are_those_of_villages_and_communities_over_what_ended_there() -> None:
    flows = {"timed_out_village": 3, "ended_village": 10}
    seen = window(town(), flows | {"timed_out_community": 1, "ended_community": 30})
    assert value("late_share", seen) == pytest.approx(0.1)
    assert value("late_share_villages", seen) == pytest.approx(0.3)


def test_settled_low_down_is_a_share_of_recorded_settlements() -> None:
    flows = {"recorded_settled_village": 6, "recorded_settled_township": 2}
    seen = window(town(), flows | {"mediations_settled_recorded": 10, "mediations_recorded": 50})
    assert value("settled_in_village_share", seen) == pytest.approx(0.6)
    assert value("settled_up_to_township_share", seen) == pytest.approx(0.8)
    assert value("mediation_success_recorded", seen) == pytest.approx(0.2)


def test_filings_and_matters_before_filing_are_those_of_residents_and_firms() -> None:
    """Of 1,000 residents in two years: a count of 2 is 10 per 10,000 a year."""
    people = {"civil_filings_residents": 3, "prelitigation_tried": 4, "prelitigation_settled": 1}
    firms = {"civil_filings_firms": 2, "prelitigation_tried_firms": 6}
    firms |= {"prelitigation_settled_firms": 3}
    firms |= {"court_cases_first": 8, "court_cases_second": 2}
    seen = window(town(), people, firms, years=2.0)
    assert value("civil_filings_per_10k", seen) == pytest.approx(25.0)
    assert value("civil_filings_residents_per_10k", seen) == pytest.approx(15.0)
    assert value("prelitigation_tried_per_10k", seen) == pytest.approx(50.0)
    assert value("prelitigation_settled_per_10k", seen) == pytest.approx(20.0)
    assert value("prelitigation_success_share", seen) == pytest.approx(0.25)
    assert value("court_cases_all_per_10k", seen) == pytest.approx(50.0)


def test_cases_a_judge_hold_second_instance_and_its_judges_for_everybody_alone() -> None:
    """300 cases of 10 judges in two years; 50 more and 4 more judges in the court above."""
    world = town()
    world.offices.judges = np.array([0.0, 10.0])
    world.place.values["offices.persons.intermediate_court"] = 4.0
    counts = {"court_cases_first": 300, "court_cases_second": 50}
    seen = window(world, {}, counts, years=2.0)
    assert value("cases_per_judge", seen) == pytest.approx(12.5)
    assert value("cases_per_judge", seen, 1) == pytest.approx(15.0)


def test_shares_of_requests_are_of_those_closed() -> None:
    flows = {"requests": 50, "requests_closed": 40, "requests_late": 4, "requests_resolved": 30}
    seen = window(town(), flows)
    assert value("hotline_late_share", seen) == pytest.approx(0.1)
    assert value("hotline_resolved_share", seen) == pytest.approx(0.75)


def test_an_issue_of_a_sample_counts_once_and_one_of_a_unit_as_often_as_its_members() -> None:
    """Both have a dead member; members stand for 8: 1 + 8 issues among 1,000 residents."""
    world = town()
    world.people.weight[:4] = 8.0
    world.people.alive[3] = False
    circles = [table(members=[0, 1, 3]), table(members=[1, 2, 3])]
    beside = SimpleNamespace(circles=circles)
    world.tables["issues"] = SimpleNamespace(sampled=[True, False], beside=beside)
    assert value("issues_open", window(world)) == pytest.approx(90.0)


def test_what_is_spent_is_net_of_what_programmes_save() -> None:
    """Of 1,000 residents in two years: (900 + 700 - 200) yuan are .7 a head and year."""
    spent = {"spent_mediators": 900.0, "spent_works": 700.0, "saved_on_works": 200.0}
    seen = window(town(), {}, spent, years=2.0)
    assert value("spent_per_resident", seen) == pytest.approx(0.7)
    assert value("spent_works_per_resident", seen) == pytest.approx(0.25)
    assert value("spent_mediators_per_resident", seen) == pytest.approx(0.45)


def test_shares_of_budgets_of_posts_and_of_time_are_of_their_own_wholes() -> None:
    counts = {"budget_paid": 60.0, "budget_due": 80.0, "mediator_quits": 3.0}
    counts |= {"mediator_years": 12.0, "office_time_suppress": 2.0, "office_time": 16.0}
    seen = window(town(), {}, counts)
    assert value("budget_paid_share", seen) == pytest.approx(0.75)
    assert value("mediator_turnover", seen) == pytest.approx(0.25)
    assert np.isnan(value("grid_worker_turnover", seen))
    assert value("office_time_suppress", seen) == pytest.approx(0.125)
    assert np.isnan(value("mediator_turnover", seen, 2))  # known for divisions alone


def test_mediators_in_post_are_those_of_villages_communities_and_townships() -> None:
    """A quarter lives in communities: 3/500 x .75 + 2/1,000 x .25 + 8 of two townships / 1,000."""
    world = town()
    world.offices = table(
        kind=[0, 1, 2, 4],
        division=[0, 0, 0, 0],
        part_time=[2.0, 2.0, 3.0, 50.0],
        full_time=[1.0, 0.0, 1.0, 50.0],
        bodies=[1.0, 1.0, 2.0, 1.0],
        residents=[500.0, 1_000.0, 1_000.0, 1_000.0],
    )
    world.units = table(kind=[0, 2], division=[0, 0], adults=[100.0, 100.0], weight=[1.0, 3.0])
    expected = (0.0045 + 0.0005 + 0.008) * 1e4
    assert value("mediators_per_10k", window(world)) == pytest.approx(expected)
    assert value("mediators_per_10k", window(world), 1) == pytest.approx(expected)

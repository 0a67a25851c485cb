"""Issues open, members act together or not, offices answer, issues end."""

import numpy as np
import pytest

from sim.kernel import Clock, Column, entity_ids
from sim.mechanisms.conflict.answers import ANSWERS
from sim.mechanisms.conflict.issue_opening import usual_rates
from sim.mechanisms.conflict.issue_table import issues_of, usual_firm
from sim.mechanisms.conflict.mobilisation import Mobilisation
from sim.verify.bench import START, Table, bare_world, ready
from sim.world.bodies import FIRM_KINDS
from sim.world.disputes import COLLECTIVE, DECIDING, DOMAINS, LITIGATING
from sim.world.issues import IssuePost, how_ended, open_issue
from sim.world.ties import Ties
from sim.world.world import World
from tests.mechanisms.conflict.made_up import bring, four_errors, step, total

QUIET = {"issues_per_10k": 0.0}
LEVER = ("mixed", *ANSWERS)


def crowd(
    people: int = 40, answer: str = "mixed", ties: Ties | None = None, **settings: float
) -> tuple[World, Mobilisation]:
    """People in one unit whom nothing troubles; offices answer as told."""
    world = bare_world(people, 1, ties)
    rule = Mobilisation(QUIET | settings)
    ready(world, rule)
    world.levers["response.policy"][:] = LEVER.index(answer)
    world.people.grievance[:] = 0.2
    return world, rule


def matter(world: World, members: object = 20, number: int = 1, **given: object) -> None:
    """An issue that concerns the first so many people (or these), open from day 0 for years."""
    who = np.arange(members) if isinstance(members, int) else members
    usual: dict = {"id": number, "kind": "wages", "at": 0.0, "division": 0, "unit": 0}
    open_issue(world, IssuePost(**(usual | {"ends": 1e5, "members": who} | given)))


def bold(world: World, rows: object) -> None:
    """These people act whatever the others do."""
    world.people.threshold[rows] = -1.0


def weekly(rule: Mobilisation, world: World, weeks: int, first: int = 0) -> list[int]:
    """How many act in each of these weeks."""
    counts = []
    for number in range(first, first + weeks):
        rule.step(world, Clock(START, 7.0, 7.0 * number))
        counts.append(int(world.people.active.sum()))
    return counts


# --- joining --------------------------------------------------------------------------------------


def test_members_are_marked_and_nobody_else():
    world, rule = crowd()
    matter(world, 7)
    weekly(rule, world, 1)
    assert np.flatnonzero(world.people.unconsulted).tolist() == list(range(7))


def test_an_issue_counts_from_the_step_in_whose_first_half_it_opens_to_the_one_in_which_it_ends():
    world, rule = crowd()
    matter(world, 5, at=4.0, ends=18.0)  # middles of the weeks: 3.5, 10.5, 17.5, 24.5
    marked = []
    for number in range(4):
        rule.step(world, Clock(START, 7.0, 7.0 * number))
        marked.append(int(world.people.unconsulted.sum()))
    assert marked == [0, 5, 5, 0]
    assert how_ended(world, 1) == "faded"


def test_who_has_grievance_and_distrust_over_the_threshold_acts_alone():
    world, rule = crowd(exposure_weight=0.0)
    people = world.people
    people.grievance[:] = 0.6
    people.trust_township[:] = 0.5
    people.threshold[:20] = np.linspace(0.1, 0.48, 20)
    matter(world, 20)
    # .6 x .5 - .3 x .1 = .27 over thresholds .1, .12 ... .26
    assert weekly(rule, world, 1) == [9]


def test_trust_in_the_office_addressed_holds_back_and_no_other():
    for kind, name in (("wages", "trust_township"), ("land", "trust_city")):
        world, rule = crowd(exposure_weight=0.0)
        people = world.people
        people.grievance[:], people.threshold[:] = 0.8, 0.3
        people.trust_township[:] = people.trust_city[:] = 0.9
        people[name][:] = 0.1
        matter(world, 10, kind=kind)
        assert weekly(rule, world, 1) == [10]


def test_seeing_others_makes_people_join_who_would_not_alone():
    world, rule = crowd(identity_weight=0.0)
    bold(world, slice(0, 10))
    world.people.threshold[10:20] = 0.3  # .2 x .5 - .03 alone is .07
    matter(world, 20)
    assert weekly(rule, world, 1) == [20]
    alone, other = crowd(identity_weight=0.0, exposure_weight=0.1)
    bold(alone, slice(0, 10))
    alone.people.threshold[10:20] = 0.3
    matter(alone, 20)
    assert weekly(other, alone, 1) == [10]


def test_the_dead_do_not_act_and_an_issue_of_the_dead_ends():
    world, rule = crowd()
    bold(world, slice(0, 12))
    matter(world, 12)
    world.people.alive[:4] = False
    assert weekly(rule, world, 1) == [8]
    world.people.alive[:12] = False
    weekly(rule, world, 1, first=1)
    assert len(issues_of(world)) == 0


def test_one_member_alone_makes_no_event_and_no_error():
    world, rule = crowd()
    bold(world, 0)
    matter(world, 1)
    assert weekly(rule, world, 2) == [1, 1]
    assert total(world, "collective_events") == 0


def test_an_issue_of_the_usual_grievance_draws_few_and_one_of_long_neglect_nearly_all():
    # thresholds .30 (sd .15), trust .64 (sd .2): .12 -> .03, .20 -> .15, .25 -> nearly all
    from sim.world.states import beta_quantile

    members, shares = 4_000, []
    for grievance in (0.12, 0.20, 0.25):
        world, rule = crowd(members, event_min=1e9)
        draws, ids = world.draws, world.people.id
        normal = draws.normal("test.threshold", ids)
        world.people.threshold[:] = np.maximum(0.3 + 0.15 * normal, 0.02)
        trust = beta_quantile(draws.uniform("test.trust", ids), 0.64, 0.2)
        world.people.trust_township[:] = trust
        world.people.grievance[:] = grievance
        matter(world, members)
        shares.append(weekly(rule, world, 1)[0] / members)
    assert shares[0] == pytest.approx(0.03, abs=0.02)
    assert shares[1] == pytest.approx(0.15, abs=0.08)
    assert shares[2] > 0.95


def test_outsiders_who_know_somebody_active_may_join_and_others_may_not():
    a, b = np.zeros(10, int), np.arange(20, 30)  # everybody of the second ten knows the first
    ties = Ties.from_edges(40, a, b, 1.0, "online")
    world, rule = crowd(ties=ties)
    bold(world, slice(0, 12))
    world.people.threshold[20:40] = 0.2  # .2 x .5 - .03 + .6 x .3 x 1 = .25
    matter(world, 12)
    assert weekly(rule, world, 1) == [22]
    assert not world.people.unconsulted[20:].any()
    assert total(world, "collective_participants") == pytest.approx(22)


def test_outsiders_have_no_part_in_the_identity_of_the_members():
    a, b = np.zeros(10, int), np.arange(20, 30)
    world, rule = crowd(ties=Ties.from_edges(40, a, b, 1.0, "online"))
    world.people.threshold[:] = 3.0
    matter(world, 12)
    assert weekly(rule, world, 1) == [0]
    issues_of(world).we[0] = 1.0
    bold(world, 0)
    world.people.threshold[1:12] = 0.05
    world.people.threshold[20:] = 0.3  # above .25, what an outsider comes to
    assert weekly(rule, world, 1, first=1) == [12]
    world.people.threshold[20:] = 0.2
    assert weekly(rule, world, 1, first=2) == [22]


# --- events ---------------------------------------------------------------------------------------


def test_ten_at_once_are_an_event_and_then_the_issue_rests_four_weeks():
    for count, events in ((9, 0), (10, 1)):
        world, rule = crowd(answer="ignore")
        bold(world, slice(0, count))
        world.people.threshold[count:] = 3.0
        matter(world, 20)
        weekly(rule, world, 4)
        assert total(world, "collective_events") == pytest.approx(events)
    weekly(rule, world, 1, first=4)
    assert total(world, "collective_events") == pytest.approx(2)
    assert total(world, "answered_ignore") == pytest.approx(2)


@pytest.mark.parametrize("step_days", [1.0, 3.5])
def test_shorter_steps_make_events_on_the_same_days(step_days):
    world, rule = crowd(answer="ignore")
    bold(world, slice(0, 15))
    matter(world, 20)
    step(rule, world, 7 * 20.0, step_days)
    assert total(world, "collective_events") == pytest.approx(5)


def test_an_event_builds_identity_which_fades():
    world, rule = crowd(answer="ignore")
    bold(world, slice(0, 12))
    matter(world, 12)
    weekly(rule, world, 1)
    assert issues_of(world).we[0] == pytest.approx(0.3)
    weekly(rule, world, 1, first=1)
    assert issues_of(world).we[0] == pytest.approx(0.3 * np.exp(-7 / 365.25))
    weekly(rule, world, 3, first=2)
    faded = 0.3 * np.exp(-28 / 365.25)
    assert issues_of(world).we[0] == pytest.approx(faded + 0.3 * (1 - faded))


def test_a_matter_of_a_unit_stands_for_many_and_a_sampled_one_for_itself():
    for sampled, events, persons in ((False, 100.0, 1200.0), (True, 1.0, 1200.0)):
        world, rule = crowd(answer="ignore")
        world.people.weight[:] = 100.0
        bold(world, slice(0, 12))
        matter(world, 12, sampled=sampled)
        weekly(rule, world, 1)
        assert total(world, "collective_events") == pytest.approx(events)
        assert total(world, "collective_participants") == pytest.approx(persons)
        assert total(world, "issues_opened") == pytest.approx(events)


def test_two_of_a_sampled_matter_are_an_event_if_they_stand_for_ten():
    world, rule = crowd(answer="ignore")
    world.people.weight[:] = 6.0
    bold(world, slice(0, 2))
    matter(world, 2, sampled=True)
    weekly(rule, world, 1)
    assert total(world, "collective_events") == pytest.approx(1.0)


# --- answers --------------------------------------------------------------------------------------


def answered(answer: str, **settings: float) -> tuple[World, Mobilisation]:
    """A world after one event of twelve out of twenty members, met by this answer."""
    world, rule = crowd(60, answer, event_min=12.0, **settings)
    bold(world, slice(0, 12))
    world.people.threshold[12:] = 3.0
    matter(world, 20)
    weekly(rule, world, 1)
    assert total(world, f"answered_{answer}") == pytest.approx(1)
    return world, rule


@pytest.mark.parametrize(
    ("answer", "trust", "efficacy", "threshold"),
    [
        ("ignore", -0.03, -0.02, 0.0),
        ("dialogue", 0.01, 0.02, -0.005),
        ("concede", 0.03, 0.05, -0.01),
        ("control", -0.08, -0.03, 0.02),
    ],
)
def test_an_answer_moves_members_trust_and_the_minds_of_the_active(
    answer, trust, efficacy, threshold
):
    world, _ = answered(answer)
    people = world.people
    for name in ("township", "city"):
        pushes = people[f"anchor_push_trust_{name}"]
        assert pushes[:20] == pytest.approx(trust)
        assert not pushes[20:].any()
    assert people.anchor_push_efficacy[:12] == pytest.approx(efficacy)
    assert not people.anchor_push_efficacy[12:].any()
    assert people.threshold[:12] == pytest.approx(-1.0 + threshold)


def test_control_embitters_members_and_leaves_a_risk_that_returns_to_its_base():
    world, rule = answered("control")
    assert world.people.grievance_push[:20] == pytest.approx(1.0)  # as one refusal: .1 of 1 - g
    assert not world.people.grievance_push[20:].any()
    assert issues_of(world).risk[0] == pytest.approx(1 - np.exp(-2.3))
    weekly(rule, world, 1, first=1)
    gap = 1 - np.exp(-2.3) - 0.1
    assert issues_of(world).risk[0] == pytest.approx(0.1 + gap * np.exp(-2 * 7 / 365.25))


def test_concession_ends_the_issue_and_relieves_its_members():
    world, rule = answered("concede")
    assert len(issues_of(world)) == 0
    assert how_ended(world, 1) == "conceded"
    assert world.people.grievance_relief[:20] == pytest.approx(1.0)  # as a settlement: .3
    assert weekly(rule, world, 1, first=1) == [0]
    assert not world.people.unconsulted.any()


def test_dialogue_relieves_and_ends_two_issues_of_five():
    ended = 0
    for number in range(120):
        world, rule = crowd(20, "dialogue")
        bold(world, slice(0, 12))
        matter(world, 12, number=number + 1)
        weekly(rule, world, 1)
        ended += how_ended(world, number + 1) == "settled"
        assert world.people.grievance_relief[:12] == pytest.approx(1.0)
    assert ended / 120 == pytest.approx(0.4, abs=four_errors(0.4, 120))


def test_steps_of_thresholds_fade_and_leave_no_trace():
    world, rule = answered("control")
    weekly(rule, world, 3, first=1)
    left = 0.02 * np.exp(-3 * 7 / 365.25)
    assert world.people.threshold_shift[:12] == pytest.approx(left, rel=1e-4)
    world.levers["response.policy"][:] = LEVER.index("ignore")
    weekly(rule, world, 52 * 10, first=4)
    assert not world.people.threshold_shift.any()
    assert world.people.threshold[:12] == pytest.approx(-1.0, abs=1e-5)


def test_offices_answer_in_their_usual_shares():
    world, rule = crowd(30, event_min=10.0)
    bold(world, slice(0, 12))
    for number in range(600):
        matter(world, 12, number=number + 1)
    rule.link = lambda issues: None  # type: ignore[method-assign]
    weekly(rule, world, 1)
    shares = [total(world, f"answered_{name}") / 600 for name in ANSWERS]
    assert shares == pytest.approx([0.35, 0.35, 0.2, 0.1], abs=four_errors(0.35, 600))


def test_a_scenario_may_fix_the_answer_to_one_issue():
    world, rule = crowd(answer="control")
    bold(world, slice(0, 12))
    matter(world, 12, response="concede")
    weekly(rule, world, 1)
    assert how_ended(world, 1) == "conceded"


def test_an_answer_costs_money_and_the_plan_holds_the_usual_mix():
    from types import SimpleNamespace

    from sim.world.money import LINES, budget_row

    # mixed: .35 x 20,000 + .2 x 100,000 + .1 x 150,000 = 42,000 yuan
    for answer, cost in (("ignore", 0), ("dialogue", 20_000), ("control", 150_000)):
        world, rule = crowd(answer=answer)
        world.tables["budget"] = Table(len(LINES), spend=np.zeros(len(LINES)))
        world.tables["treasury"] = Table(1, extra_plan=np.zeros(1))
        world.place = SimpleNamespace(
            values={}, bases={}, divisions=("one",), by_division=lambda name: np.array([0.5])
        )
        world.people.weight[:] = 10.0
        bold(world, slice(0, 12))
        matter(world, 12)
        weekly(rule, world, 1)
        spend = world.tables["budget"].spend
        assert spend[budget_row(0, "responses")] == pytest.approx(10 * cost * 100)
        assert spend.sum() == pytest.approx(10 * cost * 100)
        assert world.tables["treasury"].extra_plan[0] == pytest.approx(10 * 42_000 * 100 / 0.5)


# --- disputes and chains --------------------------------------------------------------------------


@pytest.mark.parametrize(("answer", "settled"), [("ignore", 0), ("concede", 3)])
def test_members_disputes_about_the_matter_go_into_it_and_end_with_it(answer, settled):
    world, rule = crowd(answer=answer)
    bold(world, slice(0, 12))
    matter(world, 12, ends=60.0)
    labour, family = DOMAINS.index("labour"), DOMAINS.index("family")
    mine = bring(world, 3, DECIDING, domain=labour)
    other = bring(world, 2, DECIDING, first=10, domain=family)
    stranger = bring(world, 1, DECIDING, first=20, domain=labour, person=30)
    at_court = bring(world, 1, LITIGATING, first=30, domain=labour)
    rule.step(world, Clock(START, 7.0, 0.0))
    assert world.disputes.state[np.concatenate([other, stranger])].tolist() == [DECIDING] * 3
    assert world.disputes.state[at_court].tolist() == [LITIGATING]
    if answer == "ignore":
        assert world.disputes.state[mine].tolist() == [COLLECTIVE] * 3
        weekly(rule, world, 9, first=1)
    assert total(world, "settled_collective") == settled
    assert total(world, "withdrawn_dropped") == 3 - settled
    # who had a dispute in it is relieved by its settlement beside the end of the issue
    assert world.people.grievance_relief[:3] == pytest.approx(1.0 + (settled > 0))
    assert world.people.grievance_relief[3:12] == pytest.approx(1.0)
    world.disputes.check()


def test_a_dispute_in_an_issue_is_settled_on_the_day_on_which_the_issue_is():
    world, rule = crowd(answer="ignore")
    bold(world, slice(0, 12))
    matter(world, 12)
    bring(world, 1, DECIDING, domain=DOMAINS.index("labour"))
    weekly(rule, world, 1)
    world.levers["response.policy"][:] = LEVER.index("concede")
    weekly(rule, world, 4, first=1)  # the second event, four weeks after the first
    assert total(world, "settled_collective") == 1
    [(_, days, _)] = world.flows.samples["days_to_resolution"]
    assert days.tolist() == [28.0]


def test_an_issue_of_no_domain_takes_in_no_dispute():
    world, rule = crowd(answer="ignore")
    bold(world, slice(0, 12))
    matter(world, 12, kind="other")
    rows = bring(world, len(DOMAINS), DECIDING, domain=np.arange(len(DOMAINS)), person=0)
    rule.step(world, Clock(START, 7.0, 0.0))
    assert total(world, "collective_events") == 1
    assert np.all(world.disputes.state[rows] == DECIDING)


def test_the_employer_behind_an_issue_is_one_of_the_division_by_its_size():
    world, _ = crowd()
    employer = FIRM_KINDS.index("employer")
    world.firms = Table(
        4,
        id=entity_ids("firm", np.arange(4)),
        kind=np.array([employer, employer, FIRM_KINDS.index("lender"), employer], np.int8),
        division=np.array([0, 0, 0, 1], np.int8),
        employees=np.array([30.0, 10.0, 90.0, 90.0], np.float32),
    )
    met = np.bincount([usual_firm(world, "wages", k, 0) for k in range(1_000)], minlength=4) / 1e3
    assert met == pytest.approx([0.75, 0.25, 0.0, 0.0], abs=four_errors(0.25, 1_000))
    assert usual_firm(world, "fund_raising", 1, 0) == 2
    assert usual_firm(world, "land", 1, 0) == usual_firm(world, "fund_raising", 1, 1) == -1


def test_issues_with_one_adversary_link_once_both_have_acted():
    world, rule = crowd(60, "ignore")
    bold(world, slice(0, 12))
    bold(world, slice(20, 32))
    matter(world, 12, number=1, kind="land")
    matter(world, np.arange(20, 32), number=2, kind="land")
    matter(world, np.arange(40, 52), number=3, kind="wages")
    weekly(rule, world, 2)
    assert issues_of(world).beside.links == {(1, 2)}
    weekly(rule, world, 4, first=2)
    assert total(world, "collective_events_linked") == pytest.approx(2)


def test_issues_that_share_members_link_and_a_linked_one_pulls():
    world, rule = crowd(60, "ignore", identity_weight=0.0, group_weight=0.0, cooldown_days=1e4)
    bold(world, slice(0, 20))
    world.people.threshold[20:30] = 0.3  # .2 x .5 - .03 = .07 alone; they watch each other
    matter(world, 20, number=1, kind="wages")
    matter(world, np.arange(18, 30), number=2, kind="property")
    issues = issues_of(world)
    assert weekly(rule, world, 1) == [20]
    issues.we[:] = 0.5
    # linked: .6 x .5 x 1 = .30 more
    assert weekly(rule, world, 1, first=1) == [30]
    issues.ends[0] = 0.0
    weekly(rule, world, 1, first=2)
    assert issues.beside.links == set()


# --- usual issues ---------------------------------------------------------------------------------


def villages(count: int, each: int = 100) -> World:
    """So many units of a town, with households of two."""
    world = bare_world(count * each, 3)
    number = np.arange(count * each)
    world.people.unit[:] = number // each
    world.people.household = (number // 2).astype(np.int32)
    world.units = Table(
        count,
        id=entity_ids("unit", np.arange(count)),
        division=np.zeros(count, np.int8),
        kind=np.ones(count, np.int8),
    )
    return world


def test_usual_issues_come_at_their_rate_and_in_their_shares_and_end_in_a_third_of_a_year():
    world = villages(400)
    rule = Mobilisation({"issues_per_10k": 100.0})
    ready(world, rule)
    world.people.threshold[:] = 9.0
    open_now = []
    for number in range(104):
        rule.step(world, Clock(START, 7.0, 7.0 * number))
        open_now.append(len(issues_of(world)))
    expected = 100.0 * 4.0 * 104 * 7 / 365.25
    assert total(world, "issues_opened") == pytest.approx(expected, abs=4 * np.sqrt(expected))
    at_rest = 400.0 * 0.35
    assert np.mean(open_now[52:]) == pytest.approx(at_rest, abs=4 * np.sqrt(at_rest / 3))


def test_shorter_steps_open_the_same_issues():
    opened = []
    for days in (7.0, 3.5, 1.0):
        world = villages(50)
        rule = Mobilisation({"issues_per_10k": 100.0, "issue_life_years": 100.0})
        ready(world, rule)
        step(rule, world, 140.0, days)
        opened.append(issues_of(world).id.tolist())
    assert opened[0] == opened[1] == opened[2]
    assert len(opened[0]) > 10


def test_members_are_whole_households_of_the_unit():
    world = villages(20)
    rule = Mobilisation({"issues_per_10k": 300.0})
    ready(world, rule)
    weekly(rule, world, 10)
    sizes = []
    for circle in issues_of(world).beside.circles:
        members = circle.members
        assert len(np.unique(world.people.unit[members])) == 1
        mates = np.flatnonzero(np.isin(world.people.household, world.people.household[members]))
        assert np.array_equal(mates, members)
        sizes.append(len(members))
    assert min(sizes) >= 5
    assert 20 < np.median(sizes) < 45


def test_an_issue_concerns_five_at_least():
    world = villages(20)
    rule = Mobilisation({"issues_per_10k": 300.0, "issue_members_median": 1.0})
    ready(world, rule)
    weekly(rule, world, 10)
    sizes = {len(circle.members) for circle in issues_of(world).beside.circles}
    assert sizes == {6}  # three households of two


def test_residents_of_all_ages_are_counted_anew_with_each_quarter():
    world = villages(4)
    world.people.residents[:] = 1.5
    rule = Mobilisation(QUIET)
    ready(world, rule)
    weekly(rule, world, 1, first=5)
    counted = [issues_of(world).beside.residents.tolist()]
    world.people.alive[:100] = False
    for week in (12, 13):
        weekly(rule, world, 1, first=week)
        counted.append(issues_of(world).beside.residents.tolist())
    assert counted == [[150.0] * 4, [150.0] * 4, [0.0] + [150.0] * 3]


def test_land_and_projects_leave_their_share_to_their_own_rules_and_nothing_else_changes():
    opened = []
    for on in (frozenset(), frozenset({"land", "projects"})):
        world = villages(100)
        world.tables["on"] = on
        rule = Mobilisation({"issues_per_10k": 300.0, "issue_life_years": 100.0})
        ready(world, rule)
        weekly(rule, world, 20)
        opened.append(set(issues_of(world).id.tolist()))
    assert opened[1] < opened[0]
    share = len(opened[1]) / len(opened[0])
    assert share == pytest.approx(0.67, abs=four_errors(0.67, len(opened[0])))


def test_what_some_kinds_of_place_do_not_have_is_the_more_frequent_in_the_others():
    world = bare_world(1_000, 1)
    world.people.kind[:] = np.repeat([0, 1, 2], [400, 200, 400])
    source = {"property": 0.5, "land": 0.3, "other": 0.2}
    rates = usual_rates(world, 10.0, {kind: 3.0 * share for kind, share in source.items()})
    assert rates[0, 2] == rates[1, 0] == 0.0
    residents = np.array([400.0, 200.0, 400.0])
    assert rates @ residents == pytest.approx(np.array([0.5, 0.3, 0.2]) * 10.0 / 10.0)


# --- what it leaves alone -------------------------------------------------------------------------


def test_without_issues_nothing_moves():
    world, rule = crowd()
    world.declare({"people.untouched": Column("", 0, 1, "")})
    before = {name: world.people[name].copy() for name in world.people}
    weekly(rule, world, 60)
    assert all(np.array_equal(before[name], world.people[name]) for name in before)


def test_newcomers_have_thresholds_of_their_own():
    world, rule = crowd()
    values = {"start.threshold.mean": 0.5, "start.threshold.sd": 0.1, "start.threshold.floor": 0.45}
    world.place.values = values
    world.join(300, id=entity_ids("newcomer", np.arange(300)), unit=0, household=0, division=0)
    weekly(rule, world, 1)
    fresh = world.people.threshold[40:]
    assert fresh.min() == pytest.approx(0.45)
    assert 0.5 < fresh.mean() < 0.56  # cut from below
    assert np.all(world.people.threshold[:40] == np.float32(0.3))


def test_one_issue_more_leaves_the_luck_of_the_others():
    ends = []
    for numbers in ((1, 2, 3), (1, 3)):
        world, rule = crowd(100)
        world.people.threshold[:] = 9.0
        for number in numbers:
            matter(world, 5, number, ends=None)
        weekly(rule, world, 1)
        issues = issues_of(world)
        ends.append({int(i): day for i, day in zip(issues.id, issues.ends, strict=True)})
    assert ends[1].items() <= ends[0].items()

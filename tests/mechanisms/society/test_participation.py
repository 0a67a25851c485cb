"""People take part by what they lean to, again and again, and learn from what comes of it."""

import numpy as np
import pytest
from numpy.polynomial.hermite_e import hermegauss

from sim.kernel import Clock, Table
from sim.kernel.draws import mixed, unit_interval
from sim.mechanisms.society.acts import (
    ACTS,
    LAST,
    WEEK_YEARS,
    WITHIN_YEAR,
    acts_of_week,
    highest_luck,
)
from sim.mechanisms.society.mean_field import stable_shares
from sim.mechanisms.society.participation import Participation, participation
from sim.verify import check
from sim.verify.bench import START, bare_world, ready, weeks
from sim.world.money import LINES, budget_row
from sim.world.world import World

PEOPLE = 20_000
YEARLY = {"deliberate": 0.070, "volunteer": 0.0735, "activity": 0.213, "online": 0.06}


def town(people: int = PEOPLE, **settings: float) -> tuple[World, Participation]:
    """People who differ in their own term alone, and know nobody."""
    world = bare_world(people, seed=5)
    rule = Participation(settings)
    ready(world, rule)
    return world, rule


def mean_over_persons(of_chances) -> float:  # type: ignore[no-untyped-def]
    """The mean over persons with a normal term of sd 1, by Gauss-Hermite quadrature."""
    nodes, weights = hermegauss(80)
    chances = {act: 1.0 / (1.0 + np.exp(-(Participation().constant[act] + nodes))) for act in ACTS}
    return float(weights / weights.sum() @ of_chances(chances))


@pytest.mark.parametrize("act", ACTS)
def test_the_constants_give_the_shares_of_surveys(act):
    assert mean_over_persons(lambda p: p[act]) == pytest.approx(YEARLY[act], abs=0.0005)


def test_the_constants_give_the_union_and_the_two_year_share():
    civic = ("deliberate", "volunteer", "activity")
    union = mean_over_persons(lambda p: 1 - np.prod([1 - p[act] for act in civic], axis=0))
    two_years = mean_over_persons(lambda p: 1 - (1 - p["deliberate"]) ** 2)
    assert union == pytest.approx(0.30, abs=0.001)
    assert two_years == pytest.approx(0.13, abs=0.001)


def standard_error(share: float) -> float:
    return float(np.sqrt(share * (1.0 - share) / PEOPLE))


@pytest.mark.parametrize("act", ACTS)
def test_the_start_has_the_shares_of_people_at_rest(act):
    world, _ = town()
    found = world.people[WITHIN_YEAR[act]].mean()
    assert found == pytest.approx(YEARLY[act], abs=4 * standard_error(YEARLY[act]) + 0.0005)


def test_the_start_knows_who_deliberated_two_years_ago():
    world, _ = town()
    found = (world.people.last_deliberated > -364 - 730).mean()
    assert found == pytest.approx(0.13, abs=4 * standard_error(0.13) + 0.001)


def test_three_years_later_as_many_take_part():
    world, rule = town()
    for clock in weeks(3.0):
        rule.step(world, clock)
    assert world.people.acted.mean() == pytest.approx(0.30, abs=4 * standard_error(0.30) + 0.001)


def test_half_steps_meet_the_same_acts_on_the_same_days():
    whole, rule = town(4_000)
    halves = whole.twin()
    for clock in weeks(0.5, step_days=7.0):
        rule.step(whole, clock)
    for clock in weeks(0.5, step_days=3.5):
        rule.step(halves, clock)
    for act in ACTS:
        assert np.array_equal(whole.people[LAST[act]], halves.people[LAST[act]])


def year_of_acts(world: World, rule: Participation, act: str) -> set[tuple[int, float]]:
    seen = set()
    for clock in weeks(1.0):
        rule.step(world, clock)
        last = world.people[LAST[act]]
        seen |= {(int(row), float(last[row])) for row in np.flatnonzero(last >= clock.begins)}
    return seen


def test_more_meetings_add_deliberations_and_take_none_away():
    base, rule = town(4_000)
    lively = base.twin()
    lively.levers["deliberation.meetings_per_year"][:] = 8.0
    few, many = year_of_acts(base, rule, "deliberate"), year_of_acts(lively, rule, "deliberate")
    assert few < many
    # Twice the hazard: twice the acts, but for weeks in which two fall together.
    assert len(many) == pytest.approx(2 * len(few), rel=4 * np.sqrt(1.5 / len(few)))


def test_meetings_leave_volunteering_alone():
    base, rule = town(2_000)
    lively = base.twin()
    lively.levers["deliberation.meetings_per_year"][:] = 8.0
    assert year_of_acts(base, rule, "volunteer") == year_of_acts(lively, rule, "volunteer")


def test_without_meetings_nobody_deliberates():
    world, rule = town(2_000)
    world.levers["deliberation.meetings_per_year"][:] = 0.0
    assert not year_of_acts(world, rule, "deliberate")


def test_a_channel_for_the_young_moves_only_the_young():
    world, rule = town(100)
    world.people.age[:50] = 34
    base = rule.logits(world)
    world.levers["participation.youth_channel"][:] = 1.0
    rise = rule.logits(world) - base
    assert rise[ACTS.index("activity"), :50] == pytest.approx(0.3)
    assert rise[ACTS.index("online"), :50] == pytest.approx(0.3)
    assert not rise[:, 50:].any()
    assert not rise[ACTS.index("deliberate")].any()


def test_half_a_channel_moves_the_young_half_as_much():
    world, rule = town(10)
    world.people.age[:] = 20
    base = rule.logits(world)
    world.levers["participation.youth_channel"][:] = 0.5
    rise = (rule.logits(world) - base)[ACTS.index("activity")]
    assert rise == pytest.approx(np.full(10, 0.15), abs=1e-6)


def test_who_did_something_civic_in_the_365_days_up_to_now_takes_part():
    world, rule = town(2_000)
    people = world.people
    before = people.acted.copy()
    for clock in weeks(0.5):
        rule.step(world, clock)
        now = clock.ends
    did = {act: people[LAST[act]] > now - 365.0 for act in ACTS}
    for act in ACTS:
        assert np.array_equal(people[WITHIN_YEAR[act]], did[act]), act
    civic = did["deliberate"] | did["volunteer"] | did["activity"]
    assert np.array_equal(people.acted, civic)
    assert (people.acted & ~before).any()
    assert (before & ~people.acted).any()


def test_seats_for_residents_lean_people_to_deliberate():
    world, rule = town(10)
    assert not rule.lever_terms(world).any()
    world.levers["participation.public_share"][:] = 1.0
    terms = rule.lever_terms(world)
    assert terms[ACTS.index("deliberate"), 0] == pytest.approx(0.6 * 0.5)
    assert not terms[ACTS.index("volunteer")].any()


def test_an_online_platform_leans_people_to_speak_there_and_half_of_one_half_as_much():
    world, rule = town(10)
    world.levers["participation.online_platform"][:] = 1.0
    rise = rule.lever_terms(world)[:, 0]
    assert rise == pytest.approx([0.0, 0.0, 0.0, 0.4])
    world.tables["budget"] = Table(len(LINES), paid_share=np.ones(len(LINES)))
    world.tables["budget"].paid_share[budget_row(0, "channels")] = 0.5
    assert rule.lever_terms(world)[:, 0] == pytest.approx([0.0, 0.0, 0.0, 0.2])


def test_meetings_that_a_shock_stops_or_nobody_pays_for_are_not_held():
    world, rule = town(10)
    assert rule.pace(world)[:, 0].tolist() == [1.0] * 4
    world.tables["divisions"].meeting_factor = np.array([0.5])
    world.tables["budget"] = Table(len(LINES), paid_share=np.ones(len(LINES)))
    world.tables["budget"].paid_share[budget_row(0, "meetings")] = 0.5
    assert rule.pace(world)[:, 0].tolist() == [0.25, 1.0, 1.0, 1.0]


def leanings_of_two(column: str, values: list[float]) -> np.ndarray:
    """How two people lean to take part who differ in this column alone."""
    world = bare_world(2, seed=1)
    world.people[column][:] = values
    rule = Participation()
    ready(world, rule)
    world.people.inclination[:] = 0.0
    return rule.leaning(world)


def test_ten_minutes_more_to_the_centre_cost_a_tenth_of_a_logit():
    assert leanings_of_two("minutes_to_centre", [10.0, 30.0]) == pytest.approx(
        [0.1, -0.1], rel=1e-5
    )


def test_where_more_peers_take_part_than_usual_one_leans_to_it():
    world, rule = town(4)
    before = rule.leaning(world)
    world.people.peers_acted[:2] += 0.5
    assert rule.leaning(world) - before == pytest.approx([0.4, 0.4, 0.0, 0.0], abs=1e-6)


def test_acts_are_counted_as_often_as_people_stand_for():
    world, rule = town(2_000)
    world.people.weight[:] = 3.0
    acts = year_of_acts(world, rule, "activity")
    assert world.flows.by_cell["acts_activity"].sum() == pytest.approx(3.0 * len(acts))


def test_newcomers_take_part_as_often_as_others_of_their_kind():
    world, rule = town()
    rows = np.arange(PEOPLE // 2)
    for name in (*LAST.values(), "volunteer_rate", "inclination"):
        world.people[name][rows] = 0.0
    rule.welcome(world, Clock(START, begins=700.0), rows)
    people = world.people
    assert people.inclination[rows].std() == pytest.approx(1.0, abs=4 / np.sqrt(2 * len(rows)))
    for act in ACTS:
        share = (people[LAST[act]][rows] > 700.0 - 365.0).mean()
        error = np.sqrt(2.0) * standard_error(YEARLY[act])
        assert share == pytest.approx(YEARLY[act], abs=4 * error + 0.0005)
    chance = -np.expm1(-people.volunteer_rate[rows].astype(float))
    assert chance.mean() == pytest.approx(YEARLY["volunteer"], abs=0.004)


def test_states_lean_by_sds_from_the_baseline():
    expected = [-np.log(1.5), np.log(1.5)]
    assert leanings_of_two("belonging", [0.3, 0.7]) == pytest.approx(expected, rel=1e-5)


def test_the_whole_personal_spread_is_one_at_the_baseline():
    world = bare_world(PEOPLE, seed=2)
    for name in ("belonging", "trust_community", "norm", "efficacy"):
        world.people[name][:] = world.draws.uniform(f"test.{name}", np.arange(PEOPLE))
    rule = Participation()
    ready(world, rule)
    assert rule.leaning(world).std() == pytest.approx(1.0, abs=4 / np.sqrt(2 * PEOPLE))


def test_what_other_rules_add_counts_once():
    world, rule = town(10)
    world.people.act_logit_activity[:] = 50.0
    rule.step(world, Clock(START))
    assert not world.people.act_logit_activity.any()


def efficacy_after_one_deliberation(adoption: float) -> np.ndarray:
    world, rule = town(8)
    world.levers["deliberation.adoption_share"][:] = adoption
    rule.learn_from_results(world, Clock(START), np.arange(3))
    return world.people.efficacy_lift


def test_an_adopted_result_lifts_and_a_formality_lowers():
    assert efficacy_after_one_deliberation(1.0) == pytest.approx([0.04] * 3 + [0.0] * 5)
    lowered = -0.04 * 0.4 / 0.6
    assert efficacy_after_one_deliberation(0.0) == pytest.approx([lowered] * 3 + [0.0] * 5)


def test_at_the_base_share_of_adopted_results_efficacy_stays_in_the_mean():
    rule = Participation()
    fall = rule.efficacy_step * rule.adoption_neutral / (1.0 - rule.adoption_neutral)
    mean_step = 0.4 * rule.efficacy_step - 0.6 * fall
    assert mean_step == pytest.approx(0.0, abs=1e-12)


def test_all_who_deliberate_in_a_unit_in_one_week_share_its_result():
    world, rule = town(500)
    world.levers["deliberation.adoption_share"][:] = 0.5
    rule.learn_from_results(world, Clock(START), np.arange(500))
    assert len(np.unique(world.people.efficacy_lift)) == 1


def test_the_lift_fades_and_leaves_the_anchor_as_it_found_it():
    world, rule = town(4)
    world.people.efficacy_lift[0] = 0.04
    world.people.anchor_push_efficacy[:] = 0.0
    for clock in weeks(2.0):
        rule.learn_from_results(world, clock, np.array([], int))
    assert world.people.efficacy_lift[0] == pytest.approx(
        0.04 * np.exp(-0.5 * 728 / 365.25), rel=1e-4
    )
    posted = world.people.anchor_push_efficacy[0]
    assert posted == pytest.approx(world.people.efficacy_lift[0] - 0.04, abs=1e-6)


@pytest.mark.parametrize(
    ("h", "j", "stable"),
    [(0.0, 0.0, 1), (-1.0, 3.0, 1), (-2.0, 4.0, 1), (-2.6, 5.0, 2), (-2.0, 5.0, 1), (-4.0, 6.0, 1)],
)
def test_shares_rest_where_the_mean_field_says(h, j, stable):
    (verdict,) = check(participation(h, j), Participation)
    assert len(verdict.expected) == stable
    assert verdict.holds


def test_two_states_exist_only_inside_the_window():
    j = 5.0
    root = np.sqrt(1 - 4 / j)
    levels = [np.log(p / (1 - p)) - j * p for p in ((1 + root) / 2, (1 - root) / 2)]
    for h, count in (
        (levels[0] - 0.01, 1),
        (levels[0] + 0.01, 2),
        (levels[1] - 0.01, 2),
        (levels[1] + 0.01, 1),
    ):
        assert len(stable_shares(h, j)) == count


def test_a_stable_share_solves_its_own_equation():
    for h, j in ((-2.6, 5.0), (0.5, 1.0), (-12.0, 24.0)):
        for share in stable_shares(h, j):
            assert share == pytest.approx(1 / (1 + np.exp(-(h + j * share))), abs=1e-9)


def test_the_limit_fails_for_people_who_hear_half_of_their_peers():
    class HardOfHearing(Participation):
        def leaning(self, world):
            return super().leaning(world) - 0.5 * self.per_unit["peers_acted"] * (
                world.people.peers_acted - self.centre["peers_acted"]
            )

    assert not check(participation(), HardOfHearing)[0].holds


def test_who_is_passed_over_early_would_not_have_acted():
    """The loop against its formula over everybody, at hazards from nearly nil to many a year."""
    people, key, week = 50_000, np.uint64(77), np.uint64(3)
    world = bare_world(people, seed=5)
    ids, alive = world.people.id, np.arange(people) % 7 > 0
    divisions = np.arange(people) % 2
    logits = np.linspace(-9.0, 9.0, len(ACTS) * people, dtype=np.float32).reshape(len(ACTS), -1)
    terms = np.array([[0.0, 1.0]] * len(ACTS))
    pace = np.array([[1.0, 2.5]] * len(ACTS))
    found = acts_of_week(
        ids, alive, divisions, logits, terms, pace, highest_luck(logits, terms, pace), key, week
    )
    luck = len(ACTS) * np.array(
        [unit_interval(np.uint64(mixed(np.uint64(mixed(key ^ one)) ^ week))) for one in ids]
    )
    act = luck.astype(int)
    logit = logits[act, np.arange(people)] + terms[act, divisions]
    hazard = np.logaddexp(0.0, logit) * pace[act, divisions]
    acting = alive & (luck - act < -len(ACTS) * np.expm1(-hazard * WEEK_YEARS))
    assert np.array_equal(found[0], np.flatnonzero(acting))
    assert np.array_equal(found[1], act[acting])

"""Offices spend their time on what they are assessed by; what is not counted pays for it."""

import numpy as np
import pytest

from sim.kernel import AccountError, Clock, Table
from sim.mechanisms.government.assessment import TASKS, Assessment
from sim.mechanisms.government.assessment_limits import assessment
from sim.mechanisms.government.campaigns import Tempo
from sim.verify import check
from sim.verify.bench import START, bare_world, many_divisions, ready
from sim.world.world import World
from tests.mechanisms.conflict.made_up import holds

WEIGHTS = ("resolution", "petition_count", "public_satisfaction", "paperwork")
HOOKS = ("success_logit", "recording_logit", "report_ratio", "detection_factor")


def offices(rule: Assessment | None = None, seed: int = 1) -> tuple[World, Assessment]:
    """One village and one department, ready for the rule."""
    world, rule = bare_world(100, seed), rule or Assessment()
    ready(world, rule)
    return world, rule


def weigh(world: World, **weights: float) -> None:
    for name, value in weights.items():
        world.levers[f"assessment.weights.{name}"][:] = value


def week(rule: Assessment, world: World, begins: float = 0.0, days: float = 7.0) -> None:
    rule.step(world, Clock(START, days, begins))


def efforts(world: World) -> list[float]:
    return [float(world.offices[f"effort_{task}"][0]) for task in TASKS]


# --- the division of time -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("weights", "costs"),
    [
        ((0.422, 0.178, 0.3, 0.1), (1, 1, 1, 1)),
        ((1, 1, 1, 1), (1, 2, 4, 8)),
        ((5, 0, 0, 0), (0.5, 1, 1, 1)),
        ((0, 3, 0, 1), (1, 0.1, 1, 30)),
        ((20, 1e-6, 0.3, 7), (0.01, 100, 1, 3)),
    ],
)
def test_time_is_shared_out_by_weight_over_cost_and_nothing_does_better(weights, costs):
    assert holds(check(assessment(weights, costs), Assessment))


def test_the_limit_by_hand():
    # w/(c sum w): 4/8, 2/(2 8), 1/(4 8), 1/8
    limit = assessment((4, 2, 1, 1), (1, 2, 4, 1))
    assert limit.quantities[0].expected == [0.5, 0.125, 0.03125, 0.125]


def test_the_limit_fails_where_time_is_shared_out_by_weight_alone():
    class Blind(Assessment):
        def efforts(self, weights):
            return weights / weights.sum(axis=0)

        def check(self, weights, efforts):
            pass

    assert not holds(check(assessment((1, 1, 1, 1), (1, 2, 1, 1)), Blind))


def test_the_limit_fails_where_time_follows_the_square_of_a_weight():
    class Eager(Assessment):
        def efforts(self, weights):
            return super().efforts(weights**2)

    assert not holds(check(assessment(), Eager))


def test_time_that_does_not_add_up_is_refused():
    class Tireless(Assessment):
        def efforts(self, weights):
            return 1.1 * super().efforts(weights)

    world, rule = offices(Tireless())
    with pytest.raises(AccountError, match="do not add up"):
        week(rule, world)


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, (0.422, 0.178, 0.300, 0.100)),
        ({"resolution": 0.7}, (0.520, 0.184, 0.222, 0.074)),
        ({"petition_count": 1.0}, (0.323, 0.188, 0.211, 0.278)),
        ({"petition_count": 0.1}, (0.447, 0.176, 0.322, 0.056)),
        ({"public_satisfaction": 0.34}, (0.448, 0.210, 0.256, 0.085)),
        ({"paperwork": 0.56}, (0.330, 0.139, 0.453, 0.078)),
    ],
)
def test_weights_of_the_city_shift_time_as_worked_out(changed, expected):
    world, rule = offices()
    weigh(world, **changed)
    week(rule, world)
    assert efforts(world) == pytest.approx(expected, abs=6e-4)


# --- what follows from it -------------------------------------------------------------------------


def test_at_the_base_weights_no_hook_moves_a_bit():
    world, rule = offices()
    for number in range(60):
        week(rule, world, 7.0 * number)
    neutral = {"success_logit": 0.0, "recording_logit": 0.0}
    for hook in HOOKS:
        assert np.all(world.offices[hook] == neutral.get(hook, 1.0)), hook
    assert not world.units.dispute_log_rate.any()
    assert not world.tables["campaigns"].surge.any()


def test_less_solving_lowers_the_logit_of_success_by_half_the_log():
    world, rule = offices()
    weigh(world, petition_count=1.0)
    week(rule, world)
    assert np.allclose(world.offices.success_logit, 0.5 * np.log(0.582 / 1.8 / 0.422))
    assert world.offices.success_logit[0] == pytest.approx(-0.133, abs=1e-3)


def test_more_preventing_lowers_the_rate_of_disputes():
    world, rule = offices()
    weigh(world, public_satisfaction=0.68)
    week(rule, world)
    # w: prevent .07 + .04 + .272 = .382 of a sum of 1.51
    expected = -0.03 * np.log(0.382 / 1.51 / 0.178)
    assert world.units.dispute_log_rate[0] == pytest.approx(expected, rel=1e-5)


def test_time_on_petitions_and_reports_is_lost_to_screening():
    world, rule = offices()
    weigh(world, petition_count=1.0)
    week(rule, world)
    suppress, report = 0.5 / 1.8, 0.38 / 1.8
    assert world.offices.detection_factor[0] == pytest.approx((1 - suppress) / 0.9)
    assert world.offices.report_ratio[0] == pytest.approx(report / 0.3)


def test_a_greater_share_of_solved_cases_in_the_weights_beautifies_the_records():
    world, rule = offices()
    weigh(world, resolution=0.7)
    week(rule, world)
    expected = 0.07 * np.log(0.7 / 1.35 / 0.35)
    assert world.offices.recording_logit[0] == pytest.approx(expected)


def test_where_counts_do_not_weigh_nobody_is_kept_from_registering():
    world, rule = offices()
    weigh(world, petition_count=0.0)
    week(rule, world)
    assert world.offices.suppressing[0] == 0.0
    assert world.offices.detection_factor[0] == pytest.approx(1 / 0.9)


def test_where_nothing_but_forms_count_next_to_nothing_is_solved():
    world, rule = offices()
    weigh(world, resolution=0.0, petition_count=0.0, public_satisfaction=0.0)
    week(rule, world)
    assert efforts(world) == [0.0, 0.0, 1.0, 0.0]
    assert world.offices.success_logit[0] < -6.0
    assert np.isfinite(world.offices.success_logit).all()


def test_only_a_committee_says_how_much_it_keeps_from_registering():
    world, rule = offices()
    week(rule, world)
    assert np.isfinite(world.offices.suppressing).tolist() == [True, False]


def test_until_it_acts_nobody_says_how_much_is_kept_from_registering():
    world, _ = offices()
    assert np.isnan(world.offices.suppressing).all()


def test_reports_that_others_ask_for_count_in_the_week_in_which_they_are_posted():
    world, rule = offices()
    world.offices.report_weight[0] = 0.1
    week(rule, world)
    assert efforts(world) == pytest.approx([0.422 / 1.1, 0.178 / 1.1, 0.4 / 1.1, 0.1 / 1.1])
    week(rule, world, 7.0)
    assert efforts(world) == pytest.approx([0.422, 0.178, 0.3, 0.1])


def test_an_office_of_the_city_is_assessed_as_the_mean_of_residents_is():
    world = many_divisions(2, 1)
    world.people.division[:], world.people.residents[:] = [0, 1], [3.0, 1.0]
    world.offices.division[:] = [1, -1]
    rule = Assessment()
    ready(world, rule)
    assert rule.of_offices(world, np.array([1.0, 5.0])).tolist() == [5.0, 2.0]


def test_time_of_committees_is_counted_by_the_residents_they_serve():
    world = bare_world(100, 1)
    world.offices.kind[:], world.offices.residents[:] = 0, [100.0, 300.0]
    rule = Assessment()
    ready(world, rule)
    world.offices.report_weight[1] = 0.25  # of which there is 1 in all
    week(rule, world)
    years, flows = 7.0 / 365.25, world.flows.by_division
    assert flows["office_time"][0] == pytest.approx(400.0 * years)
    preventing = (100.0 * 0.178 + 300.0 * 0.178 / 1.25) * years
    assert flows["office_time_prevent"][0] == pytest.approx(preventing)
    reporting = (100.0 * 0.3 + 300.0 * 0.55 / 1.25) * years
    assert flows["office_time_report"][0] == pytest.approx(reporting)


def test_what_divisions_register_is_followed_over_a_year():
    """From 49 to 100 items per 10,000 residents a year: after 52 weeks a gap of 1/e is left."""
    world, rule = offices()
    world.offices.residents[0], world.offices.weight[0] = 5_000.0, 4.0  # 1,250 are simulated
    week(rule, world)
    for number in range(1, 53):
        world.offices.registered[0] = 12.5 * 7.0 / 365.25
        week(rule, world, 7.0 * number)
    expected = 100e-4 - 51e-4 * np.exp(-364 / 365.25)
    assert rule._registered == pytest.approx([expected])


# --- targets set at zero --------------------------------------------------------------------------


def test_a_clean_committee_suppresses_half_more_and_after_its_first_petition_less():
    world, rule = offices()
    world.offices.residents[:] = 0.0  # nobody registered anything before the first week
    week(rule, world)
    assert world.offices.clean[0]
    assert world.offices.suppressing[0] == pytest.approx(0.15)
    world.offices.registered[0] = 1.0
    week(rule, world, 7.0)
    assert not world.offices.clean[0]
    assert world.offices.suppressing[0] == pytest.approx(0.0868)
    assert world.offices.registered[0] == 0.0


def test_a_clean_year_begins_on_the_first_of_january_and_not_before():
    world, rule = offices()
    world.offices.clean[0] = False
    for begins in np.arange(7.0, 366.0, 7.0):
        week(rule, world, begins)
        assert not world.offices.clean[0]
    week(rule, world, 366.0)  # 2020 has so many days
    assert world.offices.clean[0]


def test_a_community_is_clean_no_longer_than_its_unseen_grids_allow():
    # of 5,000 residents 50 are simulated: the others register 49 per 10,000 a year
    count, residents, seen = 2_000, 5_000.0, 50.0
    world = bare_world(100, 3)
    rows = np.zeros(count, int)
    old = world.offices
    world.offices = Table(count, **{name: old[name][rows] for name in old})
    world.offices.id = np.arange(count, dtype=np.uint64)
    world.offices.kind = np.ones(count, np.int8)
    world.offices.residents = np.full(count, residents)
    world.offices.weight = np.full(count, residents / seen)
    rule = Assessment()
    ready(world, rule)
    week(rule, world)
    rule._registered[:] = 49e-4  # hold the rate: here nobody simulated registers anything
    rule.follow_rate = lambda world, clock: None  # type: ignore[method-assign]
    for begins in (7.0, 14.0):
        week(rule, world, begins)
    expected = np.exp(-49e-4 * (residents - seen) * 14.0 / 365.25)
    error = np.sqrt(expected * (1 - expected) / count)
    assert world.offices.clean.mean() == pytest.approx(expected, abs=4 * error)


# --- campaigns ------------------------------------------------------------------------------------


def test_a_surge_has_a_mean_of_half_between_quarterly_inspections():
    tempo, table = Tempo(45.0, 4.0, 1.0), campaigns()
    means = [
        tempo.pass_time(table, np.array([True]), 7.0 * k, 7.0 * k + 7.0)[0][0] for k in range(261)
    ]
    fading = 91.3125 * np.log(2) / 45
    assert np.mean(means) == pytest.approx(-np.expm1(-fading) / fading, abs=2e-3)


def campaigns() -> Table:
    columns = {"began": np.nan, "inspected": -np.inf, "surge": 0.0, "debt": 0.0}
    return Table(1, **{name: np.array([value]) for name, value in columns.items()})


@pytest.mark.parametrize("days", [1.0, 3.5])
def test_shorter_steps_give_the_same_surge_debt_and_means(days):
    tempo, found = Tempo(45.0, 4.0, 1.0), []
    for length in (7.0, days):
        table, sums = campaigns(), np.zeros(2)
        for k in range(round(420 / length)):
            on = np.array([k * length < 280])
            surge, debt = tempo.pass_time(table, on, k * length, (k + 1) * length)
            sums += np.array([surge[0], debt[0]]) * length
        found.append([table.surge[0], table.debt[0], *sums])
    assert found[0] == pytest.approx(found[1], rel=1e-9)


def test_debt_follows_its_equation():
    tempo, table = Tempo(45.0, 4.0, 1.0), campaigns()
    _, debt = tempo.pass_time(table, np.array([True]), 0.0, 70.0)
    z, total, steps = 0.0, 0.0, 70_000  # Euler with tiny steps, midpoints of the surge
    for k in range(steps):
        c = 2.0 ** (-(k + 0.5) * 70.0 / steps / 45.0)
        total += z
        z += 70.0 / steps / 365.25 * (c - z)
    assert table.debt[0] == pytest.approx(z, abs=1e-5)
    assert debt[0] == pytest.approx(total / steps, abs=1e-5)


def test_first_the_surge_then_the_trough_then_as_before():
    world, rule = offices()
    solving, preventing = [], []
    for number in range(52 * 8):
        world.levers["assessment.campaign"][:] = float(number < 104)
        week(rule, world, 7.0 * number)
        solving.append(efforts(world)[0])
        preventing.append(efforts(world)[1])
    assert np.mean(preventing[:104]) == pytest.approx(0.200, abs=0.003)  # 1.27 x .178 / 1.129
    assert np.mean(solving[52:104]) < 0.86 * 0.422
    # half a year after the end the surge is gone and the debt is not
    assert preventing[104 + 52] == pytest.approx(0.178, abs=1e-3)
    assert solving[104 + 26] < 0.98 * 0.422
    assert solving[-1] == pytest.approx(0.422, abs=0.001)


def test_a_campaign_in_one_division_is_none_elsewhere():
    tempo = Tempo(45.0, 4.0, 1.0)
    columns = {"began": np.nan, "inspected": -np.inf, "surge": 0.0, "debt": 0.0}
    table = Table(2, **{name: np.full(2, value) for name, value in columns.items()})
    surge, debt = tempo.pass_time(table, np.array([True, False]), 0.0, 7.0)
    assert surge[0] > 0.9
    assert surge[1] == debt[1] == 0.0

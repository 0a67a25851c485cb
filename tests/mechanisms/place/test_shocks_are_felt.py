"""What shocks post is taken up: by labour, by wellbeing, by water, by issues about wages."""

from datetime import timedelta

import numpy as np
import pytest

from sim.kernel import Clock, Mechanism, Table
from sim.mechanisms.conflict.issue_opening import drive
from sim.mechanisms.conflict.mobilisation import Mobilisation
from sim.mechanisms.place.labour import BEGINS, Labour
from sim.mechanisms.place.shocks import Shocks
from sim.mechanisms.place.water import Water
from sim.mechanisms.society.wellbeing import Wellbeing
from sim.scenario import Shock
from sim.verify.bench import START, bare_world, ready
from sim.world.exposed import exposed_of
from sim.world.states import NON_LOCAL
from sim.world.world import World

YEAR = 365.25
IDLE = 0.0715 / 2.0715  # without work where .0715 a year lose it and 2 find it


def city(people: int, *kinds: type[Mechanism], shocks: tuple[Shock, ...] = ()) -> tuple:
    """People of 45 in a town, at rest in work and distress, and the mechanisms that act there."""
    world = bare_world(people, 4)
    world.shocks = shocks
    world.people.age[:] = 45
    idle = np.arange(people) < round(IDLE * people)
    world.people.employed[:], world.people.unemployed[:] = ~idle, idle
    world.people.sector[:], world.people.wage[idle] = np.where(idle, 0, 2), 0.0
    world.people.registration[: people // 4] = NON_LOCAL
    world.people.distress[:] = 0.22
    world.levers["wellbeing.counsellors_per_10k"] = np.zeros(1)
    own = {Labour: {"matching_elasticity": 0.0, "vacancy_share": 1.0}, Wellbeing: {"live_share": 0}}
    rules = [ready(world, kind(own.get(kind, {}))) for kind in kinds]
    return world, rules


def pass_weeks(world: World, rules: list[Mechanism], weeks: int, first: int = 0) -> None:
    for number in range(first, first + weeks):
        for rule in rules:
            rule.step(world, Clock(START, 7.0, 7.0 * number))


def pandemic(day: int = 0) -> Shock:
    return Shock("pandemic", START + timedelta(days=day))


def test_a_pandemic_costs_work_for_a_quarter_and_work_comes_back():
    world, rules = city(20_000, Shocks, Labour, shocks=(pandemic(),))
    market = rules[1].market
    lose, find = market.losing[False][1, 1], rules[1].finding_rate
    share = []
    for weeks, first in ((13, 0), (91, 13)):
        pass_weeks(world, rules, weeks, first)
        share.append(world.people.unemployed.mean())
    # towards 3 d / (3 d + f) at the rate 3 d + f, then back towards d / (d + f)
    years = 13 * 7 / YEAR
    high, rest = 3 * lose / (3 * lose + find), lose / (lose + find)
    expected = high + (IDLE - high) * np.exp(-(3 * lose + find) * years)
    error = 4 * (expected / 20_000) ** 0.5
    assert expected - rest > 3 * error
    assert share[0] == pytest.approx(expected, abs=error)
    back = rest + (expected - rest) * np.exp(-(lose + find) * 91 * 7 / YEAR)
    assert share[1] == pytest.approx(back, abs=error)


def test_separations_stand_above_the_usual_while_the_factor_holds():
    world, [rule] = city(2_000, Labour)
    divisions = world.tables["divisions"]
    divisions["separation_factor"] = np.full(1, 3.0)
    pass_weeks(world, [rule], 1)
    assert divisions.separation_ratio == pytest.approx(3.0)
    divisions.separation_factor[:] = 1.0
    pass_weeks(world, [rule], 1, 1)
    assert divisions.separation_ratio[0] == 1.0


def test_who_is_registered_elsewhere_earns_less_for_half_a_year():
    hit, rules = city(400, Shocks, Labour, shocks=(pandemic(),))
    calm, others = city(400, Labour)
    away = hit.people.registration == NON_LOCAL
    divisions = hit.tables["divisions"]
    for number in range(30):
        pass_weeks(hit, rules[:1], 1, number)
        divisions.separation_factor[:] = 1.0  # jobs as if nothing had come
        pass_weeks(hit, rules[1:], 1, number)
        pass_weeks(calm, others, 1, number)
        expected = np.where(away & (number < 26), 0.95, 1.0) * calm.people.income
        assert hit.people.income == pytest.approx(expected, rel=1e-6)


def test_distress_rises_at_once_and_the_rise_fades():
    world, rules = city(200, Shocks, Wellbeing, shocks=(pandemic(),))
    rules[0].pandemic = dict(rules[0].pandemic) | {"trust": 0.0}
    calm, others = city(200, Wellbeing)
    for number in range(120):
        pass_weeks(world, rules, 1, number)
        pass_weeks(calm, others, 1, number)
        if number in (0, 51, 119):
            rise = 0.05 * np.exp(-(7 * number + 3.5) / YEAR)
            assert world.people.distress - calm.people.distress == pytest.approx(rise, abs=1e-5)


def test_newcomers_share_the_distress_of_the_day():
    world, [rule] = city(200, Wellbeing)
    world.tables["divisions"]["distress_shift"] = np.full(1, 0.05)
    pass_weeks(world, [rule], 1)
    rows = world.join(5, id=np.arange(900, 905), distress=np.full(5, 0.22, np.float32))
    world.tables["divisions"].distress_shift[:] = 0.0
    pass_weeks(world, [rule], 1, 1)
    assert world.people.distress == pytest.approx(0.22, abs=1e-6)
    assert len(rows) == 5


def test_the_posts_of_a_closure_go_with_it():
    """Three in twenty posts: as many fewer a year later, and a third more people without work."""
    closure = Shock("factory_closure", START, "one", 300)
    with_it, without = (city(2_000, Shocks, Labour, shocks=shocks) for shocks in ((closure,), ()))
    for world, rules in (with_it, without):
        pass_weeks(world, rules, 52)
    posts = [world.tables["cells"].jobs.sum() for world, _ in (with_it, without)]
    seeking = [world.people.unemployed.sum() for world, _ in (with_it, without)]
    assert with_it[1][1].market.closed.sum() == 300.0
    assert posts[1] - posts[0] == pytest.approx(300.0, rel=0.05)
    assert seeking[0] > 1.3 * seeking[1]


def test_the_dismissed_of_a_closure_are_out_of_work_and_cause_nothing_else():
    closure = Shock("factory_closure", START, "one", 300)
    world, rules = city(2_000, Shocks, Labour, shocks=(closure,))
    world.tables["settings"] = {"disputes.rate.labour": 52.0}
    rules[1].prepare(world)
    world.people.work_due[:] = 100.0  # nobody else loses or finds work this week
    pass_weeks(world, rules[:1], 1)
    gone, exposed = world.tables["dismissed"][0], len(exposed_of(world))
    pass_weeks(world, rules[1:], 1)
    assert world.flows.by_cell["separations"].sum() == world.flows.by_cell["laid_off"].sum() == 300
    assert (world.people.separated_at[gone] == 0.0).all()
    assert world.people.unemployed[gone].mean() > 0.9  # a few have found other work by now
    assert world.tables["dismissed"] == []
    assert len(exposed_of(world)) == exposed  # none beside those of the shock itself
    pass_weeks(world, rules[1:], 1, 1)
    assert world.flows.by_cell["laid_off"].sum() == 300.0


def test_a_dry_year_is_felt_in_the_well():
    drought = Shock("drought", START, "one", 5)
    world, rules = city(100, Shocks, Water, shocks=(drought,))
    depth = world.tables["aquifers"].depth[0]
    pass_weeks(world, rules, 52)
    # 2 m x (1 - .4) less a little that deeper water saves
    assert world.tables["aquifers"].depth[0] - depth == pytest.approx(1.2 * 0.972, abs=0.01)


def test_issues_about_wages_come_as_often_as_work_is_lost():
    world = bare_world(10, 1)
    world.units = Table(3, division=np.array([0, 1, 1]))
    world.tables["divisions"] = Table(2, separation_ratio=np.array([1.0, 3.0]))
    rule = Mobilisation()
    hazards = np.ones((len(rule.issue_source), 3))
    drive(rule, world, hazards)
    kinds = dict(zip(rule.issue_source, hazards.tolist(), strict=True))
    assert kinds.pop("wages") == [1.0, 3.0, 3.0]
    assert all(rates == [1.0, 1.0, 1.0] for rates in kinds.values())


def test_work_before_the_first_day_is_lost_at_the_usual_ratio():
    world, [rule] = city(500, Labour)
    rule.step(world, Clock(START, 7.0, BEGINS))
    assert world.tables["divisions"].separation_ratio[0] == 1.0

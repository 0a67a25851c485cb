"""Services reach people by place and registration; points rank who is granted registration."""

from datetime import date

import numpy as np
import pytest

from sim.kernel import Clock, Table
from sim.mechanisms.place.constants import JOB_GROWTH
from sim.mechanisms.place.points import PointsList
from sim.mechanisms.place.services import Services
from sim.mechanisms.place.services_limits import points
from sim.verify import check
from sim.verify.bench import START, bare_world, ready
from sim.world.money import LINES, budget_row
from sim.world.world import World

LOCAL, AWAY = 3, 5  # cells of a town: registered there as urban, and elsewhere
WEEK = Clock(START, begins=10.0)  # no month begins in it


def town(locals_: int = 60, away: int = 40, **settings: float) -> tuple[World, Services]:
    """A town of so many locals and people from elsewhere."""
    world = bare_world(locals_ + away, seed=4)
    people = world.people
    people.cell[:] = LOCAL
    people.cell[locals_:], people.registration[locals_:] = AWAY, 2
    rule = Services(settings)
    ready(world, rule)
    return world, rule


@pytest.mark.parametrize(
    ("applicants", "quota"),
    [(5_000, 350.5), (10, 350.5), (400, 0.0), (50, 0.4), (1, 1.0), (300, 300.0)],
)
def test_the_quota_is_granted_and_nobody_refused_outranks_one_granted(applicants, quota):
    assert all(verdict.holds for verdict in check(points(applicants, quota), Services))


def test_by_hand_350_of_5000_are_granted_and_a_half_is_carried():
    values = {quantity.name: quantity.expected for quantity in points().quantities}
    assert values == {"granted": 350, "outranked": 0.0, "carried": 0.5}


def test_the_limit_fails_for_a_lottery():
    class Lottery(Services):
        def prepare(self, world):
            super().prepare(world)
            ranked = self._list.count
            self._list.count = lambda people, rows, years: 40.0 + 0.0 * ranked(people, rows, years)

        def grant(self, world, clock):
            found = super().grant(world, clock)
            self._list.count = type(self._list).count.__get__(self._list)
            rows = np.arange(len(world.people))
            years = self._list.years_here(world.people, rows, clock)
            world.people.points[:] = self._list.count(world.people, rows, years)
            return found

    assert not all(verdict.holds for verdict in check(points(), Lottery))


def test_the_limit_fails_where_a_fraction_is_rounded_up():
    class Generous(Services):
        def prepare(self, world):
            super().prepare(world)
            self._list.carried = 0.5

    assert not all(verdict.holds for verdict in check(points(), Generous))


def test_at_the_start_access_is_what_the_place_states():
    world, _ = town()
    # supply of a town .88; .65 of it for people from elsewhere
    assert world.people.access[0] == pytest.approx(0.88)
    assert world.people.service_gap[-1] == pytest.approx(1 - 0.88 * 0.65)
    cells = world.tables["cells"]
    assert cells.demand[1] == pytest.approx(60 + 0.65 * 40)
    assert cells.capacity[1] == pytest.approx(1.05 * 86)


def test_the_base_lever_moves_nobody():
    world, rule = town()
    before = {name: world.people[name].copy() for name in world.people}
    for _ in range(5):
        rule.step(world, WEEK)
    for name, values in before.items():
        assert np.array_equal(values, world.people[name]), name


@pytest.mark.parametrize(
    ("equalisation", "local", "away"),
    # supply .93 - .05 (1 - eq) / .7, entitlement .5 + .5 eq
    [
        (0.15, 0.93 - 0.05 * 0.85 / 0.7, 0.575),
        (0.6, 0.93 - 0.05 * 0.4 / 0.7, 0.8),
        (1.0, 0.93, 1.0),
    ],
)
def test_equalisation_lifts_towns_and_people_from_elsewhere(equalisation, local, away):
    world, rule = town(capacity_slack=1.15)
    world.levers["services.equalisation"][:] = equalisation
    rule.step(world, WEEK)
    cut = min(1.0, 1.15 * 86 / (60 + 40 * away))
    assert world.people.access[0] == pytest.approx(local * cut, abs=1e-6)
    assert world.people.access[-1] == pytest.approx(local * away * cut, abs=1e-6)
    assert world.people.service_gap == pytest.approx(1.0 - world.people.access, abs=1e-6)


def test_trust_moves_by_its_slope_as_access_does_and_comes_back_with_it():
    world, rule = town()
    push = world.people.anchor_push_trust_community
    world.levers["services.equalisation"][:] = 0.15
    rule.step(world, WEEK)
    change = (0.93 - 0.05 * 0.85 / 0.7) - 0.88
    assert push[0] == pytest.approx(0.4 * change, abs=1e-6)
    assert np.array_equal(push, world.people.anchor_push_trust_township)
    world.levers["services.equalisation"][:] = 0.3
    rule.step(world, WEEK)
    assert push == pytest.approx(0.0, abs=1e-6)


def test_whoever_comes_anew_gets_access_without_a_change_of_trust():
    world, rule = town()
    world.people.access[3] = 0.0
    rule.step(world, WEEK)
    assert world.people.access[3] == pytest.approx(0.88)
    assert world.people.anchor_push_trust_community[3] == 0.0


def test_crowding_cuts_access_until_capacity_has_followed():
    world, rule = town()
    world.people.cell[:], world.people.registration[:] = LOCAL, 0  # 100 entitled in full
    rule.step(world, WEEK)
    assert world.people.access[0] == pytest.approx(0.88 * 1.05 * 86 / 100)
    # dC/dt = (1.05 D - C) / 3 + g C, g the planned growth: the gap closes at 1/3 - g
    for _ in range(156):
        rule.step(world, WEEK)
    pace = 1.0 / 3.0 - JOB_GROWTH["town"]
    rest = 105 / (3.0 * pace)
    expected = rest + (90.3 - rest) * np.exp(-pace * 157 * 7 / 365.25)
    assert world.tables["cells"].capacity[1] == pytest.approx(expected)


def test_two_half_steps_build_as_much_as_one():
    whole, rule = town()
    whole.people.cell[:] = LOCAL
    halves = whole.twin()
    rule.look(whole)
    rule.build(whole, Clock(START, 7.0))
    rule.look(halves)
    rule.build(halves, Clock(START, 3.5))
    rule.build(halves, Clock(START, 3.5))
    assert halves.tables["cells"].capacity == pytest.approx(whole.tables["cells"].capacity)


def test_maintained_works_serve_against_their_start():
    world = bare_world(10, seed=4)
    world.people.cell[:] = LOCAL
    world.tables["cells"]["works_condition"] = np.full(3, 0.7)
    rule = Services()
    ready(world, rule)
    rule.step(world, WEEK)
    assert world.people.access[0] == pytest.approx(0.88)
    world.tables["cells"].works_condition[1] = 0.8
    rule.step(world, WEEK)
    assert world.people.access[0] == pytest.approx(0.88 * 1.01)


@pytest.mark.parametrize("hours", [-400.0, 0.0, 400.0])
def test_hours_given_serve_as_if_they_were_paid_for_and_are_used_once(hours):
    world, rule = town()
    world.units.kind[:] = LOCAL // 3
    before = world.tables["cells"].access[LOCAL // 3]
    world.units.service_hours[:] = hours
    rule.look(world)
    worth = 20.5 * float((world.units.weight * world.units.service_hours).sum())
    residents = float(world.residents_by_cell().sum())
    after = world.tables["cells"].access[LOCAL // 3]
    assert after / before == pytest.approx(1.0 + worth / (4500.0 * residents))
    rule.step(world, Clock(START, begins=0.0))
    assert not world.units.service_hours.any()


def test_a_grant_opens_all_services_until_the_class_has_changed():
    world, rule = town()
    world.people.granted[-1] = True
    rule.step(world, WEEK)
    assert world.people.access[-1] == pytest.approx(0.88)
    assert world.people.granted[-1]
    world.people.cell[-1], world.people.registration[-1] = LOCAL, 0
    rule.step(world, WEEK)
    assert not world.people.granted[-1]
    assert world.people.access[-1] == pytest.approx(0.88)


def listed(**columns: object) -> tuple[World, PointsList]:
    world, rule = town(0, 6)
    world.people.belonging[:] = 0.5
    world.people.moved_at = np.full(6, -365.25 * 3.5)
    for name, values in columns.items():
        world.people[name] = np.asarray(values)
    return world, rule._list


def test_points_add_up_as_the_scheme_says():
    world, scheme = listed(
        moved_at=-365.25 * np.array([3.5, 3.5, 3.5, 14.0, 3.5, 0.9]),
        insured=[False, True, False, False, False, True],
        own_home=[False, False, True, False, False, True],
        age=np.array([50, 50, 50, 50, 30, 30], np.int16),
        volunteers=[False, False, False, False, True, True],
    )
    able = scheme.applicants(world, Clock(START, begins=0.0))
    # 3 years 30; + 20 insured; + 15 home; 10 years at most; + 10 young + 5 volunteer; too new
    assert world.people.points.tolist() == [30, 50, 45, 100, 45, 0]
    assert able.tolist() == [1, 2, 3, 4]


def test_who_belongs_little_or_lives_in_a_village_does_not_apply():
    world, scheme = listed(insured=[True] * 6)
    world.people.belonging[0] = 0.39
    world.people.kind[1] = 2
    world.people.registration[2] = 0
    world.people.alive[3] = False
    world.people.granted[4] = True
    assert scheme.applicants(world, Clock(START, begins=0.0)).tolist() == [5]


def test_ties_are_broken_by_lot_that_changes_with_the_year():
    chosen = []
    for year in range(2020, 2032):
        world, scheme = listed(insured=[True] * 6)
        chosen.append(scheme.grant(world, Clock(date(year, 1, 1), begins=0.0), 1.0)[0])
    assert len(set(chosen)) > 2


def test_a_sample_grants_as_many_real_adults_as_the_quota_says():
    world, scheme = listed(insured=[True] * 6)
    world.people.weight[:] = 200.0
    granted = []
    for _ in range(8):  # 75 real adults a month: one simulated in 2.67 months
        rows = scheme.grant(world, Clock(START, begins=0.0), 75.0)
        world.people.granted[rows] = True
        granted.append(len(rows))
    assert granted == [0, 0, 1, 0, 0, 1, 0, 1]
    assert scheme.carried == pytest.approx(8 * 75.0 - 600.0)


def test_grants_are_made_once_a_month_whatever_the_step():
    for step_days in (1.0, 3.5, 7.0):
        world, rule = town(0, 4_000)
        world.people.belonging[:], world.people.insured[:] = 0.5, True
        clock = Clock(START, step_days, begins=0.0)
        while clock.begins < 364.9:
            rule.step(world, clock)
            clock.advance()
        assert world.people.granted.sum() == 3_000
        assert world.flows.by_cell["granted"].sum() == 3_000


def test_nobody_is_granted_before_the_first_day():
    world, rule = town(0, 50)
    world.people.belonging[:], world.people.insured[:] = 0.5, True
    clock = Clock(START, 7.0)
    while not clock.reporting:
        rule.step(world, clock)
        clock.advance()
    assert not world.people.granted.any()
    rule.step(world, clock)
    assert world.people.granted.all()


def test_quota_0_grants_nobody():
    world, rule = town(0, 50)
    world.people.belonging[:], world.people.insured[:] = 0.5, True
    world.levers["services.points_quota_per_year"][:] = 0.0
    rule.step(world, Clock(START, begins=0.0))
    assert not world.people.granted.any()


def with_books(world: World) -> World:
    world.tables["budget"] = Table(len(LINES), spend=np.zeros(len(LINES)))
    world.tables["treasury"] = Table(1, extra_plan=np.zeros(1))
    world.place.by_division = lambda name: np.array([0.8])
    return world


def test_what_equalisation_adds_costs_by_the_access_it_adds_and_brings_its_money():
    world, rule = town(capacity_slack=2.0)
    with_books(world)
    world.levers["services.equalisation"][:] = 1.0
    rule.step(world, WEEK)
    added = 60 * (0.93 - 0.88) + 40 * (0.93 - 0.88 * 0.65)
    fen = 4_500 * added * 7.0 / 365.25 * 100
    assert world.tables["budget"].spend[budget_row(0, "services")] == pytest.approx(fen)
    assert world.tables["treasury"].extra_plan[0] == pytest.approx(fen / 0.8)


@pytest.mark.parametrize("equalisation", [0.3, 0.1])
def test_the_base_and_less_cost_the_governance_budget_nothing(equalisation):
    world, rule = town()
    with_books(world)
    world.levers["services.equalisation"][:] = equalisation
    rule.step(world, WEEK)
    assert not world.tables["budget"].spend.any()


def test_grants_beyond_the_base_quota_cost_once():
    world, rule = town(0, 900)
    with_books(world)
    world.people.belonging[:], world.people.insured[:] = 0.5, True
    world.levers["services.points_quota_per_year"][:] = 6_000.0
    cost = rule.grant(world, Clock(START, begins=0.0))
    # 500 a month, half of which the base would have granted
    assert cost.tolist() == [pytest.approx(250 * 20_000)]


def test_posts_of_grants_go_to_migration_only_if_it_acts():
    for on in ({"services"}, {"services", "migration"}):
        world, rule = town(0, 50)
        world.tables["on"] = frozenset(on)
        world.people.belonging[:], world.people.insured[:] = 0.5, True
        rule.step(world, Clock(START, begins=0.0))
        posted = world.tables.get("granted", [])
        assert [len(rows) for rows in posted] == ([50] if "migration" in on else [])

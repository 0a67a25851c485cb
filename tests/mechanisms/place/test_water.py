"""Farmers who look after themselves draw more than all together would, until water lies deep."""

import numpy as np
import pytest

from sim.kernel import Clock
from sim.mechanisms.place.water import Water
from sim.mechanisms.place.water_limits import commons
from sim.verify import check
from sim.verify.bench import START, bare_world, ready
from sim.world.world import World
from tests.mechanisms.conflict.made_up import holds

SUBSIDY, MONITORING = "water.drip_subsidy_share", "water.monitoring"


def valley(rule: Water | None = None) -> tuple[World, Water]:
    world, rule = bare_world(10, 1), rule or Water()
    ready(world, rule)
    return world, rule


def pass_years(rule: Water, world: World, years: float, days: float = 7.0) -> None:
    for number in range(round(years * 365.25 / days)):
        rule.step(world, Clock(START, days, number * days))


def depth(world: World) -> float:
    return float(world.tables["aquifers"].depth[0])


# --- the season and the long run ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("farmers", "a", "b", "c1", "recharge"),
    [
        (20, 10, 1, 0.1, 2),
        (2, 10, 1, 0.1, 2),
        (5, 10, 1, 0.1, 2),
        (1, 10, 1, 0.1, 2),
        (300, 500, 3, 0.002, 80),
        (7, 0.5, 0.05, 2.0, 4.9),
    ],
)
def test_nash_and_joint_draws_and_the_gap_of_depth(farmers, a, b, c1, recharge):
    assert holds(check(commons(farmers, a, b, c1, recharge), Water))


@pytest.mark.parametrize(
    ("farmers", "nash", "gap"), [(2, 6.6667, 10), (5, 8.3333, 16), (20, 9.5238, 19)]
)
def test_the_limit_by_hand(farmers, nash, gap):
    expected = {quantity.name: quantity.expected for quantity in commons(farmers).quantities}
    assert expected["draw_nash"] == pytest.approx(nash, abs=1e-4)
    assert expected["draw_joint"] == 5.0
    assert expected["depth_gap"] == pytest.approx(gap)


def test_the_limit_fails_where_everybody_draws_until_nothing_is_left_to_gain():
    class FreeEntry(Water):
        def pull(self, monitoring, drip):
            return super().pull(monitoring, drip) * (self.groups + 1.0) / self.groups

    assert not holds(check(commons(5), FreeEntry))


def test_the_limit_fails_where_metering_does_nothing():
    class Blind(Water):
        def pull(self, monitoring, drip):
            return super().pull(0.0 * monitoring, drip)

    assert not holds(check(commons(5), Blind))


def test_the_limit_fails_where_lifting_costs_twice_as_much():
    class Heavy(Water):
        def prepare(self, world):
            super().prepare(world)
            self._lift = 2.0 * self._lift

    assert not holds(check(commons(5), Heavy))


def test_so_much_recharge_is_refused_as_fills_the_aquifer():
    with pytest.raises(ValueError, match="fills"):
        commons(5, 10, 1, 0.1, 5.0)


# --- the base -------------------------------------------------------------------------------------


def test_at_the_base_levers_the_aquifer_and_the_drip_stand_still():
    world, rule = valley()
    pass_years(rule, world, 20.0)
    aquifers = world.tables["aquifers"]
    assert depth(world) == pytest.approx(50.0, abs=1e-9)
    assert aquifers.drip_share[0] == pytest.approx(0.2, abs=1e-12)
    assert aquifers.draw[0] == pytest.approx(1.0, abs=1e-9)
    assert np.all(np.exp(world.units.water_log_rate) == 1.0)


def test_the_cost_of_lifting_is_such_that_it_does():
    _, rule = valley()
    # phi = .9524 - .3 x .4524 = .8167, s = 1 - .2 x .6 x .2 = .976; (6 - 2/(.8167 x .976))/50
    assert rule._lift[0] == pytest.approx(0.0698, abs=1e-4)


# --- levers ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("share", "metres"), [(0.15, 50.7), (0.6, 48.5)])
def test_five_years_of_more_metering_bring_water_back(share, metres):
    world, rule = valley()
    world.levers[MONITORING][:] = share
    pass_years(rule, world, 5.0)
    assert depth(world) == pytest.approx(metres, abs=0.1)
    factor = 1.5 * (depth(world) / 50.0 - 1.0)
    assert world.units.water_log_rate[0] == pytest.approx(factor, rel=1e-5)


@pytest.mark.parametrize(("share", "draw"), [(0.15, 1.083), (0.6, 0.834)])
def test_metering_moves_the_draw_at_once(share, draw):
    world, rule = valley()
    world.levers[MONITORING][:] = share
    rule.step(world, Clock(START, 7.0, 0.0))
    nash = 20 / 21
    ratio = (nash - share * (nash - 0.5)) / (nash - 0.3 * (nash - 0.5))
    assert world.tables["aquifers"].draw[0] == pytest.approx(ratio, abs=1e-3)
    assert ratio == pytest.approx(draw, abs=1e-3)


@pytest.mark.parametrize(("subsidy", "drip", "metres"), [(0.25, 0.15, 50.03), (0.9, 0.44, 49.84)])
def test_subsidies_move_drip_and_hardly_the_level(subsidy, drip, metres):
    world, rule = valley()
    world.levers[SUBSIDY][:] = subsidy
    pass_years(rule, world, 5.0)
    assert world.tables["aquifers"].drip_share[0] == pytest.approx(drip, abs=0.03)
    assert depth(world) == pytest.approx(metres, abs=0.1)


def test_a_subsidy_is_paid_for_land_that_comes_under_drip_and_a_meter_for_each_well():
    """2,349 yuan a mu x subsidy x what adopts of the land without drip, and 60 x the share metered.

    At a subsidy of .5 a fortieth of it adopts a year, at .75 e times as much.
    """
    rule = Water()
    subsidy, metered, drip = np.array([0.5, 0.75]), np.array([0.3, 0.6]), np.array([0.2, 0.4])
    expected = [
        2349 * 0.5 * 0.025 * 0.8 + 60 * 0.3,
        2349 * 0.75 * 0.025 * np.e * 0.6 + 60 * 0.6,
    ]
    assert rule.a_year_costs(subsidy, metered, drip) == pytest.approx(expected)


def test_drip_is_given_up_where_nobody_can_run_it():
    shares = []
    for skill in (0.2, 0.8):
        world, rule = valley(Water({"operating_skill": skill}))
        pass_years(rule, world, 60.0, 28.0)
        shares.append(world.tables["aquifers"].drip_share[0])
    # .025/(.025 + .05 + .1 x .8), .025/(.025 + .05 + .1 x .2)
    assert shares == pytest.approx([0.1613, 0.2632], abs=2e-3)


def test_an_aquifer_that_starts_overdrawn_falls_to_where_the_draw_is_the_recharge():
    world, rule = valley(Water({"start_ratio": 0.78}))
    # X = phi s (6 - .0698 x 39)/2 = 1.30 recharges
    assert world.tables["aquifers"].draw[0] == pytest.approx(1.30, abs=0.01)
    pass_years(rule, world, 200.0, 28.0)
    assert depth(world) == pytest.approx(50.0, abs=0.01)


# --- edges ----------------------------------------------------------------------------------------


def test_water_that_lies_too_deep_is_left_alone_until_it_has_risen():
    world, rule = valley(Water({"start_ratio": 2.0}))
    worth_nothing = 6.0 / rule._lift[0]
    assert depth(world) > worth_nothing
    rule.step(world, Clock(START, 365.25, 0.0))
    assert world.tables["aquifers"].draw[0] == pytest.approx(0.0, abs=1e-12)
    assert depth(world) == pytest.approx(98.0)  # two metres a year of recharge


def test_a_step_across_that_depth_is_as_exact_as_many_short_ones():
    ends = []
    for days in (3654.0, 3.5):
        world, rule = valley(Water({"start_ratio": 1.8, "adopt_per_year": 0.0, "drip_start": 0.0}))
        pass_years(rule, world, 3654 / 365.25, days)
        ends.append(depth(world))
    assert ends[0] == pytest.approx(ends[1], rel=1e-9)


def test_water_does_not_rise_above_the_ground():
    world, rule = valley()
    world.levers[MONITORING][:] = 1.0
    for number in range(520):
        world.tables["aquifers"].recharge_log[:] = 3.0
        rule.step(world, Clock(START, 7.0, 7.0 * number))
    assert depth(world) == 0.0
    assert world.tables["aquifers"].draw[0] == pytest.approx(0.5 * 0.976 * 3.0, abs=1e-2)


def test_a_dry_year_lowers_the_level_by_what_is_missing():
    world, rule = valley()
    for number in range(52):
        world.tables["aquifers"].recharge_log[:] = np.log(0.4)
        rule.step(world, Clock(START, 7.0, 7.0 * number))
    assert world.tables["aquifers"].recharge_log[0] == 0.0
    # 2 m x (1 - .4) less a little that deeper water saves
    assert depth(world) == pytest.approx(50.0 + 1.2 * (1 - 0.0556 / 2), abs=0.01)


@pytest.mark.parametrize("days", [1.0, 3.5])
def test_shorter_steps_end_at_the_same_depth_and_drip(days):
    found = []
    for length in (7.0, days):
        world, rule = valley()
        world.levers[MONITORING][:], world.levers[SUBSIDY][:] = 0.8, 0.9
        pass_years(rule, world, 2.0 * 364 / 365.25, length)
        found.append([depth(world), world.tables["aquifers"].drip_share[0]])
    assert found[0] == pytest.approx(found[1], rel=1e-6)


def test_what_was_drawn_less_what_came_in_is_the_fall_of_the_level():
    world, rule = valley()
    world.levers[MONITORING][:] = 0.0
    pass_years(rule, world, 3.0)
    totals = world.flows.by_division
    balance = totals["water_drawn"][0] - totals["water_recharged"][0]
    assert depth(world) - 50.0 == pytest.approx(2.0 * balance, rel=1e-9)

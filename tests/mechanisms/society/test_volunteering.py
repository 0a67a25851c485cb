"""Hours that people give are used somewhere, and a time bank loses none of them."""

import numpy as np
import pytest

from sim.kernel import AccountError, Clock, Column
from sim.mechanisms.society import time_bank as bank
from sim.mechanisms.society.volunteering import BANK, MEDIATE, REPORT, SINKS, TERTIARY, Volunteering
from sim.mechanisms.society.volunteering_limits import time_bank
from sim.verify import check
from sim.verify.bench import START, bare_world, ready, weeks
from sim.world.world import World
from tests.thinned import one_in

PEOPLE = 1_000
RATE = 0.08  # acts a person a year


def town(seed: int = 4, **settings: float) -> tuple[World, Volunteering]:
    """People who volunteer at one rate, half of them in services."""
    world = bare_world(PEOPLE, seed)
    for name, value in (("last_volunteered", -1e9), ("volunteer_rate", RATE)):
        world.declare({f"people.{name}": Column("made up", -1e9, 1e9, "acts", value)})
    world.people.sector[::2] = TERTIARY
    rule = Volunteering(settings)
    ready(world, rule)
    return world, rule


def act(world: World, clock, rate: float = RATE) -> None:  # type: ignore[no-untyped-def]
    """Acts of the week, keyed by person and week, whatever the step."""
    luck = world.draws.uniform("bench.act", world.people.id, clock.week)
    at = clock.week_begins + 7.0 * world.draws.uniform("bench.moment", world.people.id, clock.week)
    here = (luck < rate * 7.0 / 365.25) & (at >= clock.begins) & (at < clock.ends)
    world.people.last_volunteered[here] = at[here]


def years(world: World, rule: Volunteering, length: float, step_days: float = 7.0) -> World:
    for clock in weeks(length, step_days):
        act(world, clock)
        rule.step(world, clock)
    return world


def total(world: World, *flows: str) -> float:
    counted = [
        totals[name].sum()
        for totals in (world.flows.by_cell, world.flows.by_division)
        for name in flows
        if name in totals
    ]
    return float(sum(counted))


@pytest.mark.parametrize(
    "settings",
    one_in(3, [(10_000.0, 0.5, 3.0, 0.05), (1e6, 5.0, 0.5, 1.0), (30.0, 1.5, 10.0, 0.0)]),
)
def test_credit_rests_where_as_much_goes_out_as_comes_in(settings):
    assert all(verdict.holds for verdict in check(time_bank(*settings), Volunteering))


@pytest.mark.slow
def test_the_limit_fails_for_credit_that_does_not_expire(monkeypatch):
    class Everlasting(Volunteering):
        def __init__(self, settings):
            super().__init__(settings | {"credit_life_years": 1e9})

    assert not all(verdict.holds for verdict in check(time_bank(), Everlasting))


def test_the_limit_fails_for_a_bank_that_forgets_who_left():
    class Keeping(Volunteering):
        def keep_accounts(self, world, clock, acted):
            alive = world.people.alive.copy()
            world.people.alive[:] = True
            cash = super().keep_accounts(world, clock, acted)
            world.people.alive[:] = alive
            return cash

    settings = {"mint_per_year": 10_000.0, "leave_rate": 1.0}
    assert not all(verdict.holds for verdict in check(time_bank(**settings), Keeping))


def test_hours_that_are_lost_on_the_way_are_found_out():
    world, rule = town()
    world.levers[BANK][:] = 1.0
    years(world, rule, 0.5)
    bank.check(world.tables["time_bank"], world.people.credit_hours)
    world.people.credit_hours[np.argmax(world.people.credit_hours)] -= 0.01
    with pytest.raises(AccountError, match="hours were credited"):
        bank.check(world.tables["time_bank"], world.people.credit_hours)


def test_all_hours_given_are_used_somewhere():
    world, rule = town()
    years(world, rule, 1.0)
    used = total(world, *(f"hours_for_{sink}" for sink in SINKS))
    given = total(world, "volunteer_hours", "reporter_hours")
    assert given > 1_000.0
    assert used == pytest.approx(given, rel=1e-12)


def test_a_year_of_acts_is_18_hours_each():
    world, rule = town()
    years(world, rule, 2.0)
    acts = 2.0 * PEOPLE * RATE
    # A Poisson number of acts: four standard errors.
    assert total(world, "volunteer_hours") / 18.4 == pytest.approx(acts, abs=4 * acts**0.5)


def test_newcomers_are_on_the_list_as_those_who_were_here_at_the_start():
    world, rule = town()
    people = world.people
    usual = people.registered.mean()
    people.registered[:], people.card_until[:] = False, -1e9
    rule.welcome(world, Clock(START, begins=70.0), np.arange(len(people)))
    assert people.registered.mean() == pytest.approx(usual)
    assert (people.card_until[people.registered] > 70.0).all()


def test_at_the_start_nothing_goes_beyond_the_usual():
    world, rule = town()
    rule.help_out(world)
    assert not world.offices.extra_sessions.any()
    assert not world.units.extra_grid_fte.any()
    assert not world.units.service_hours.any()


def test_hours_beyond_the_usual_become_sessions_and_time_of_grid_workers():
    world, rule = town()
    for sink in SINKS:
        world.units[f"volunteer_hours_{sink}"][:] += 880.0
    rule.help_out(world)
    assert world.offices.extra_sessions[0] == pytest.approx(880.0 * 0.5 / 4.4)  # 100 sessions
    assert world.units.extra_grid_fte[0] == pytest.approx(0.3 * 880.0 / 1760.0)
    assert world.units.service_hours[0] == pytest.approx(880.0)


def test_fewer_hours_than_usual_take_sessions_away():
    world, rule = town()
    world.units.volunteer_hours_mediation[:] = 0.0
    rule.help_out(world)
    assert world.offices.extra_sessions[0] < 0.0


def test_volunteers_who_mediate_add_sessions_and_leave_events():
    """.05 of hours in place of .01: in a year, 1 - 1/e of the way to five times the start."""
    world, rule = town()
    usual = world.units.volunteer_hours_mediation[0]
    world.levers[MEDIATE][:] = 0.05
    for clock in weeks(1.0):
        world.people.last_volunteered[:] = -1e9
        world.people.last_volunteered[: len(world.people) * 2 // 1000] = clock.begins  # 2 a week
        rule.step(world, clock)
    acts = 2 * 365.25 / 7.0  # a year, against .08 of 1,000 people
    rest = usual * 5.0 * acts / (RATE * len(world.people))
    expected = rest + (usual - rest) * np.exp(-52 * 7 / 365.25)
    assert world.units.volunteer_hours_mediation[0] == pytest.approx(expected, rel=1e-6)
    assert rule.part(world, "events") == pytest.approx(0.46)  # .5 usually
    assert sum(rule.part(world, sink)[0] for sink in SINKS) == pytest.approx(1.0)


@pytest.mark.parametrize("share", [0.0, 0.01, 0.05, 0.5])
def test_all_hours_are_used_wherever_volunteers_are_sent(share):
    world, rule = town()
    world.levers[MEDIATE][:] = share
    years(world, rule, 2)
    used = [total(world, f"hours_for_{sink}") for sink in SINKS]
    given = total(world, "volunteer_hours", "reporter_hours")
    assert sum(used) == pytest.approx(given)
    by_members = rule.report_part("mediation") * total(world, "reporter_hours")
    assert used[0] - by_members == pytest.approx(share * total(world, "volunteer_hours"))


def test_a_community_seen_through_one_grid_gets_the_hours_of_all():
    world, rule = town()
    world.offices.weight[0] = 6.0
    world.units.volunteer_hours_mediation[:] += 8.8
    rule.help_out(world)
    assert world.offices.extra_sessions[0] == pytest.approx(6.0)


def test_the_list_rests_at_enrolments_over_enrolments_and_lapses():
    world, _ = town()
    rest = 0.36 * RATE / (0.36 * RATE + 0.1)
    error = np.sqrt(rest * (1.0 - rest) / PEOPLE)
    assert world.people.registered.mean() == pytest.approx(rest, abs=4 * error)


def test_the_list_stays_where_it_is():
    world, rule = town()
    world = years(world, rule, 5.0)
    rest = 0.36 * RATE / (0.36 * RATE + 0.1)
    error = np.sqrt(rest * (1.0 - rest) / PEOPLE)
    assert world.people.registered.mean() == pytest.approx(rest, abs=4 * error)


def test_a_name_on_the_list_moves_no_act_and_no_hour():
    world, rule = town()
    other, never = town(enrol_chance=0.0, lapse_rate=50.0)
    years(world, rule, 1.0)
    years(other, never, 1.0)
    assert world.people.registered.sum() > other.people.registered.sum()
    for sink in SINKS:
        name = f"volunteer_hours_{sink}"
        assert np.array_equal(world.units[name], other.units[name])


def test_half_steps_keep_the_same_list_and_the_same_credit():
    world, rule = town()
    world.levers[BANK][:] = 0.5
    halves, same = world.twin(), rule
    whole = years(world, rule, 1.0)
    again = Volunteering()
    ready(halves, again)
    halves.levers[BANK][:] = 0.5
    years(halves, again, 1.0, 3.5)
    assert same is rule
    assert np.array_equal(whole.people.registered, halves.people.registered)
    assert whole.people.credit_hours == pytest.approx(halves.people.credit_hours, rel=1e-6)
    for sink in SINKS:
        name = f"volunteer_hours_{sink}"
        assert whole.units[name] == pytest.approx(halves.units[name], rel=0.05)


def test_members_are_so_many_of_the_residents_and_all_serve():
    world, _ = town()
    members = world.people.serving_member
    assert members.sum() == pytest.approx(0.0205 * PEOPLE, abs=0.5)
    assert np.all(world.people.sector[members] == TERTIARY)


def test_members_who_report_are_among_those_of_a_larger_share():
    world, rule = town(serving_members=0.4)
    people = world.people
    found = []
    for share in (0.0, 0.15, 0.3, 0.6, 1.0):
        world.levers[REPORT][:] = share
        rule.call(world)
        found.append(float(world.units.reporters[0]))
    assert found == sorted(found)
    assert found[0] == 0.0
    assert found[-1] == people.serving_member.sum()
    assert found[2] == pytest.approx(0.3 * found[-1], abs=4 * np.sqrt(0.21 * found[-1]))


def test_party_building_for_forms_sake_takes_the_hours_of_members():
    world, rule = town()
    base = rule.reported(world).copy()
    world.levers["partybuilding.formality"][:] = 1.0
    assert not rule.reported(world).any()
    world.levers["partybuilding.formality"][:] = 0.2  # .8 against .4 live
    assert rule.reported(world) == pytest.approx(2.0 * base)


def test_without_a_time_bank_nothing_is_credited():
    world, rule = town()
    years(world, rule, 1.0)
    assert not world.people.credit_hours.any()
    assert total(world, "credit_minted") == 0.0


def test_ending_the_time_bank_stops_credit_but_not_its_use():
    world, rule = town()
    world.levers[BANK][:] = 1.0
    years(world, rule, 1.0)
    minted, spent, held = (
        float(world.tables["time_bank"].minted.sum()),
        float(world.tables["time_bank"].spent.sum()),
        float(world.people.credit_hours.sum()),
    )
    world.levers[BANK][:] = 0.0
    for clock in weeks(1.0):
        rule.step(world, clock)
    assert float(world.tables["time_bank"].minted.sum()) == minted
    assert float(world.tables["time_bank"].spent.sum()) > spent
    assert world.people.credit_hours.sum() == pytest.approx(held * np.exp(-5.0 / 6.0), rel=1e-2)


def test_where_nobody_serves_nothing_can_be_spent():
    world, rule = town(serving_members=0.0)
    world.levers[BANK][:] = 1.0
    world.units.volunteer_hours_service[:] = 0.0
    world.people.credit_hours[:] = 10.0
    world.tables["time_bank"].minted[:] = 10.0 * PEOPLE
    for clock in weeks(0.1):
        rule.step(world, clock)
    assert world.tables["time_bank"].spent.sum() == 0.0
    assert world.tables["time_bank"].expired.sum() > 0.0


def test_the_lowest_numbers_are_served_first_and_the_rest_go_on_holding():
    spent = bank.within_supply(
        np.array([2.0, 2.0, 2.0, 5.0]),
        np.array([0, 0, 0, 1]),
        np.array([30, 10, 20, 5], np.uint64),
        np.array([3.0, 100.0]),
    )
    assert spent.tolist() == [0.0, 2.0, 1.0, 5.0]


def test_credit_leaves_with_the_dead():
    world, rule = town()
    world.people.credit_hours[7] = 12.0
    world.tables["time_bank"].minted[:] = 12.0
    world.levers[BANK][:] = 1.0
    world.people.alive[7] = False
    for clock in weeks(0.02):
        rule.step(world, clock)
    assert world.people.credit_hours[7] == 0.0
    assert world.tables["time_bank"].left.sum() == 12.0


def test_a_lever_at_its_base_posts_nothing_to_those_who_might_volunteer():
    world, rule = town()
    rule.keep_keen(world)
    assert not world.people.act_logit_volunteer.any()
    world.levers[BANK][:] = 1.0
    rule.keep_keen(world)
    assert np.all(world.people.act_logit_volunteer == np.float32(0.08))


def test_acts_are_longer_under_a_time_bank():
    world, rule = town()
    world.levers[BANK][:] = 1.0
    assert rule.hours_each(world)[0] == pytest.approx(18.4 * 1.075)

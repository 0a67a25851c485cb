"""Organisations rest at births over deaths; what they bring counts against the usual."""

import numpy as np
import pytest

from sim.kernel import Column, Table, entity_ids
from sim.mechanisms.society.organisation_books import mean_doublings, resting_share
from sim.mechanisms.society.organisation_list import mobilise
from sim.mechanisms.society.organisations import (
    CHARITY,
    MEDIATION,
    PUBLIC_SECURITY,
    Organisations,
)
from sim.mechanisms.society.organisations_limits import organisations
from sim.verify import check
from sim.verify.bench import bare_world, ready, weeks
from sim.world.by_group import push_by_group
from sim.world.figures import ORGANISATION_KINDS
from sim.world.world import World
from tests.thinned import one_in

BODIES = 400
PURCHASE, INCUBATOR = "organisations.purchase_yuan_per_10k", "organisations.incubator"
STATED = {f"world.organisation_kind.{kind}": 1.0 / 7.0 for kind in ORGANISATION_KINDS}


def town(seed: int = 3, bodies: int = BODIES, people: int = 1_000, **settings: float):  # type: ignore[no-untyped-def]
    """A town with so many organisations of all kinds, to one of which everybody belongs."""
    world = bare_world(people, seed)
    rows = np.arange(bodies)
    world.place.values = STATED | {"world.social_organisations": float(bodies)}
    world.people.residents[:] = 1e6 / people
    world.people.organisation[:] = 0
    world.organisations = Table(
        bodies,
        id=entity_ids("organisation", rows),
        kind=(rows % 7).astype(np.int8),
        division=np.zeros(bodies, np.int8),
    )
    rule = Organisations(settings)
    ready(world, rule)
    return world, rule


def run(world: World, rule: Organisations, years: float, step_days: float = 7.0) -> None:
    for clock in weeks(years, step_days):
        rule.step(world, clock)
        for name in ("act_logit_activity", "act_logit_deliberate", "anchor_push_trust_community"):
            world.people[name][:] = 0.0
        world.units.extra_grid_fte[:] = 0.0
        world.units.service_hours[:] = 0.0


@pytest.mark.parametrize(("shift", "autonomy"), [(-0.1, 0.5), (0.0, 0.6), (0.1, 0.7), (0.9, 1.0)])
def test_how_a_place_develops_shifts_the_autonomy_of_active_bodies(shift, autonomy):
    world, rule = town()
    world.tables["divisions"] = Table(1, autonomy_shift=np.array([shift]))
    # 36,000 of 60,000 yuan are no public money at the usual purchases
    rule._residents[:] = 8_000.0 * rule.active(world).sum() / 20_000.0 * 1e4
    rule.earn(world, next(weeks(1.0)), rule.purchases(world))
    bodies = world.organisations
    assert bodies.autonomy[bodies.active] == pytest.approx(autonomy)
    assert (bodies.autonomy[~bodies.active] == 1.0).all()


def holds(limit, kind=Organisations) -> bool:  # type: ignore[no-untyped-def]
    return all(verdict.holds for verdict in check(limit, kind))


@pytest.mark.parametrize("settings", one_in(3, [(20.0, 0.2), (55.0, 0.05), (3.0, 1.0)]))
def test_the_number_rests_at_births_over_deaths(settings):
    assert holds(organisations(*settings))


@pytest.mark.slow
def test_the_limit_fails_where_some_births_are_missed():
    class Barren(Organisations):
        def __init__(self, settings):
            super().__init__(settings | {"births_per_year": 0.85 * settings["births_per_year"]})

    assert not holds(organisations(20.0, 0.2), Barren)


@pytest.mark.slow
def test_the_limit_fails_where_bodies_live_too_long():
    class Sturdy(Organisations):
        def __init__(self, settings):
            super().__init__(settings | {"death_factor.active": 0.85, "death_factor.dormant": 0.85})

    assert not holds(organisations(20.0, 0.2), Sturdy)


def test_more_bodies_than_a_table_should_hold_are_refused():
    with pytest.raises(ValueError, match="at most 20,000"):
        organisations(5_000.0, 0.002)


def test_half_are_awake_and_a_few_more_since_the_dormant_end_sooner():
    # 2 x .5 + .5 x .075 wake or are born awake; 2 + .025 + .5 x .05 turn
    assert resting_share(0.5, 2.0, 0.025, 0.075) == pytest.approx(1.0375 / 2.05)


def test_at_base_purchases_bodies_stay_as_many_and_as_lively():
    world, rule = town()
    run(world, rule, 10.0)
    # Births 20 a year against deaths of .0497: about 400, sd 13 of what changed in ten years.
    alive, active = int(world.organisations.alive.sum()), int(world.organisations.active.sum())
    assert alive == pytest.approx(BODIES, abs=4 * 18)
    assert active / alive == pytest.approx(0.506, abs=4 * np.sqrt(0.25 / alive))


def test_without_purchases_all_fall_asleep():
    world, rule = town()
    world.levers[PURCHASE][:] = 0.0
    run(world, rule, 5.0)
    assert not world.organisations.active.any()
    assert world.tables["social_mediation"].ratio[0] == 0.0


def test_twice_the_money_wakes_as_the_elasticity_says():
    _, rule = town()
    base = 20_000.0 * 1e6 / 1e4
    assert rule.awake(np.array([base])) == pytest.approx(0.5)
    assert rule.awake(np.array([2.0 * base])) == pytest.approx(0.5 * 2.0**0.227)
    assert rule.awake(np.array([1e3 * base])) == pytest.approx(0.95)
    assert rule.awake(np.array([0.0])) == 0.0


def test_columns_of_a_users_mechanism_stay_what_they_were_declared_when_bodies_are_born():
    world, rule = town(births_per_year=400.0, death_rate=0.0)
    world.organisations.ensure("given", Column("share", 0, 1, "given this week", flow=True))
    world.organisations.ensure("standing", Column("share", 0, 1, "standing", start=0.5))
    world.organisations.standing[:] = 0.75
    before = len(world.organisations)
    run(world, rule, 0.1)
    bodies = world.organisations
    assert len(bodies) > before
    assert set(bodies.standing[:before]) == {0.75}
    assert set(bodies.standing[before:]) == {0.5}
    bodies.given[:] = 1.0
    bodies.empty("given")
    assert not bodies.given.any()


def test_without_births_all_end_and_their_members_wait():
    world, rule = town(births_per_year=0.0, death_rate=3.0)
    run(world, rule, 8.0)
    assert not world.organisations.alive.any()
    assert np.all(world.people.organisation < 0)
    assert np.all(world.organisations.members == 0.0)


def test_half_steps_bring_the_same_bodies_on_the_same_days():
    world, rule = town(births_per_year=40.0)
    halves, again = town(births_per_year=40.0)
    run(world, rule, 156 * 7 / 365.25)
    run(halves, again, 156 * 7 / 365.25, 3.5)
    for name in ("id", "kind", "alive", "active", "spell"):
        assert np.array_equal(world.organisations[name], halves.organisations[name]), name
    assert world.organisations.born == pytest.approx(halves.organisations.born, abs=1e-9)
    assert np.array_equal(world.people.organisation, halves.people.organisation)


def test_an_incubator_adds_births_and_takes_none_away():
    world, rule = town()
    more, again = town()
    more.levers[INCUBATOR][:] = 1.0
    run(world, rule, 5.0)
    run(more, again, 5.0)
    few, many = (set(w.organisations.id.tolist()) for w in (world, more))
    assert few < many
    born = len(few) - BODIES, len(many) - BODIES
    assert born[1] / born[0] == pytest.approx(1.8, abs=4 * 1.8 / np.sqrt(born[0]))


def test_bodies_of_an_incubator_end_half_as_often_while_young():
    world, rule = town(people=10)
    bodies = world.organisations
    rule.death_rate, rule.activity_switch = 1.0, 0.0
    bodies.active[:] = True
    bodies.born[:], bodies.incubated[:200] = 0.0, 1.0
    bodies.until_death[:] = world.draws.exponential("bench.death", bodies.id)
    for clock in weeks(2.0):
        rule.come_and_go(world, clock, np.array([1.0]))
    bodies = world.organisations  # a longer table now
    left = bodies.alive[:200].mean(), bodies.alive[200:400].mean()
    for share, expected in zip(left, (np.exp(-0.5), np.exp(-1.0)), strict=True):
        assert share == pytest.approx(expected, abs=4 * np.sqrt(0.25 / 200))


def test_income_is_spent_or_put_by_to_the_fen():
    world, rule = town(births_per_year=50.0, death_rate=0.3)
    world.levers[PURCHASE][:] = 47_321.0
    run(world, rule, 3.0)
    bodies = world.organisations
    assert np.array_equal(bodies.income, bodies.spend + bodies.reserve)
    assert bodies.reserve.min() >= 0
    assert (~bodies.alive).any()


def test_purchases_are_handed_out_to_the_fen():
    world, rule = town(births_per_year=0.0, death_rate=0.0, own_income=0.0, support_income=0.0)
    world.levers[PURCHASE][:] = 33_333.0
    run(world, rule, 1.0)
    dormant = 2_000 * 100  # fen a year that each sleeping body has of its own, at most
    paid = 33_333.0 * 100.0 * 100.0 * 364.0 / 365.25
    bought = world.flows.by_division["organisations_public_income"].sum() * 100.0
    assert bought == pytest.approx(paid, abs=1.0)
    assert bought <= world.organisations.income.sum() <= bought + BODIES * dormant


def test_an_active_body_lives_on_sixty_thousand_of_which_public_money_is_two_fifths():
    _, rule = town(bodies=1_265)  # 1e6 residents x 2 yuan over .506 x 1,265 awake: 3,125 each
    each = 2e6 / (0.50609756 * 1265)
    expected = 36_000.0 / (52_000.0 + each)
    assert rule._usual.autonomy[0] == pytest.approx(expected, rel=1e-5)


def test_everything_is_centred_on_the_mean_of_the_start():
    offers, patrols, social = [], [], []
    for seed in range(60):
        world, rule = town(seed, bodies=70, people=20)
        rule.mediate(world)
        social.append(world.tables["social_mediation"].ratio[0])
        active = np.array([world.organisations.active.sum()])
        offers.append(np.log2(active)[0] - rule._usual.doublings[0])
        patrols.append(rule.active(world, PUBLIC_SECURITY)[0] - 0.50609756 * 10.0)
    for values, expected in ((offers, 0.0), (patrols, 0.0), (social, 1.0)):
        error = np.std(values) / np.sqrt(len(values))
        assert np.mean(values) == pytest.approx(expected, abs=4 * error)


def test_the_mean_of_the_logarithm_is_over_all_outcomes():
    # of two bodies none, one or both are active: half a body, one, two
    assert mean_doublings(2, 0.5) == pytest.approx(0.25 * -1.0 + 0.5 * 0.0 + 0.25 * 1.0)
    assert mean_doublings(0, 0.5) == -1.0


def test_mediation_bodies_take_cases_in_proportion():
    world, rule = town()
    bodies = world.organisations
    mediating = np.flatnonzero(bodies.kind == MEDIATION)
    bodies.active[mediating] = False
    bodies.active[mediating[:10]] = True
    rule.mediate(world)
    expected = 10.0 / (0.50609756 * BODIES / 7.0)
    assert world.tables["social_mediation"].ratio[0] == pytest.approx(expected)
    assert world.tables["social_mediation"].share[0] == 0.1


def test_services_and_patrols_count_bodies_that_are_awake():
    world, rule = town()
    bodies = world.organisations
    bodies.active[:] = False
    bodies.active[np.flatnonzero(bodies.kind == CHARITY)[:30]] = True
    bodies.active[np.flatnonzero(bodies.kind == PUBLIC_SECURITY)[:40]] = True
    rule.serve(world, next(iter(weeks(0.1))))
    share = 1_000 / 1e6  # of the division's residents live in the unit
    usual = 0.50609756 * BODIES / 7.0
    assert world.units.service_hours[0] == pytest.approx(share * 800.0 * (30 - 2.0 * usual))
    assert world.units.extra_grid_fte[0] == pytest.approx(share * 0.15 * (40 - usual))


def test_members_of_bodies_on_public_money_take_part_less():
    world, rule = town()
    clock = next(iter(weeks(0.1)))
    usual = rule.purchases(world)
    rule.earn(world, clock, usual)
    rule.mobilise(world)
    before = world.people.act_logit_deliberate.copy()
    world.people.act_logit_deliberate[:] = 0.0
    rule.earn(world, clock, 10.0 * usual)
    rule.mobilise(world)
    awake = world.organisations.active[world.people.organisation]
    assert np.all(world.people.act_logit_deliberate[awake] < before[awake])
    assert not world.people.act_logit_deliberate[~awake].any()


def test_everybody_belongs_to_the_living_body_that_suits_them_best():
    """So it does not matter in which order bodies came and went."""
    world, rule = town(births_per_year=60.0, death_rate=0.2)
    run(world, rule, 2.0)
    people, bodies = world.people, world.organisations
    living = np.flatnonzero(bodies.alive)
    luck = world.draws.uniform("organisations.member", people.id[:, None], bodies.id[None, living])
    assert np.array_equal(people.organisation, living[np.argmax(luck, axis=1)])
    members = np.bincount(people.organisation, minlength=len(bodies))
    assert np.array_equal(bodies.members, members)


def test_offers_near_by_draw_everybody_and_bodies_call_their_own_members_to_both_acts():
    activity, deliberate = np.zeros(3, np.float32), np.zeros(3, np.float32)
    near_by, member = np.array([0.1, 0.2], np.float32), np.array([-0.3, 0.4], np.float32)
    mobilise(activity, deliberate, np.array([0, 1, 1]), np.array([-1, 0, 1]), near_by, member)
    assert activity == pytest.approx([0.1, -0.1, 0.6])
    assert deliberate == pytest.approx([0.0, -0.3, 0.4])


def test_what_was_told_and_taken_back_leaves_no_trace():
    pushes, posted = np.zeros(4, np.float32), np.zeros(4, np.float32)
    group = np.array([0, 1, 1, 0])
    for level in ([0.1, 0.0], [0.3, -0.2], [0.0, 0.0]):
        push_by_group(pushes, posted, group, np.array(level, np.float32))
    assert pushes == pytest.approx(np.zeros(4), abs=1e-7)
    push_by_group(pushes, posted, np.array([1, 1, 0, 0]), np.array([0.5, 0.0], np.float32))
    assert pushes == pytest.approx(np.array([0.0, 0.0, 0.5, 0.5]), abs=1e-7)

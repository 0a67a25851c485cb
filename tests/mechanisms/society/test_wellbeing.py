"""Distress rests where its inflow meets its decay; places help those who get them."""

import numpy as np
import pytest

from sim.kernel import Clock
from sim.kernel.draws import mixed, unit_interval
from sim.mechanisms.society.distress import candidates, correlated_start
from sim.mechanisms.society.fading import kept
from sim.mechanisms.society.wellbeing import NEVER, Wellbeing
from sim.mechanisms.society.wellbeing_limits import distress
from sim.verify import check
from sim.verify.bench import START, bare_world, ready, weeks
from sim.world.disputes import LATENT, NEGOTIATING
from sim.world.world import World

YEAR = 365.25


def alone(people: int = 10, start: float = 0.22, **settings: float) -> tuple[World, Wellbeing]:
    world = bare_world(people, seed=2)
    world.levers["wellbeing.counsellors_per_10k"] = np.zeros(1)
    world.people.distress[:] = start
    return world, ready(world, Wellbeing(settings))


def quarrel(world: World, rows: np.ndarray, intensity: float = 0.5) -> None:
    """Disputes of these people; the first is the oldest."""
    count = len(rows)
    world.disputes.open(
        id=np.arange(count),
        person=rows,
        weight=np.ones(count),
        state=np.full(count, NEGOTIATING),
        opened=np.arange(count),
        intensity=np.full(count, intensity),
    )
    world.people.live_disputes[rows] = 1


@pytest.mark.parametrize(
    ("inflow", "decay", "step"),
    [(0.423, 1.5, 7.0), (0.0, 1.0, 7.0), (30.0, 4.0, 3.5), (5.0, 0.7, 30.0), (1.0, 10.0, 1.0)],
)
def test_settles_where_inflow_meets_decay_from_any_start_at_any_step(inflow, decay, step):
    assert all(verdict.holds for verdict in check(distress(inflow, decay, step), Wellbeing))


def test_the_limit_fails_for_a_rule_that_recovers_twice_as_fast():
    class Light(Wellbeing):
        def step(self, world, clock):
            super().step(world, clock)
            world.people.distress *= np.float32(np.exp(-self.decay * clock.dt_years))

    assert not all(verdict.holds for verdict in check(distress(), Light))


def test_people_start_at_rest_and_stay_there():
    world, rule = alone(live_share=0.003)
    rule.live_share = 0.0
    world.people.distress_inflow += np.float32(0.15 * 0.003)
    for clock in weeks(3.0):
        rule.step(world, clock)
    assert world.people.distress == pytest.approx(0.22, abs=1e-6)


@pytest.mark.parametrize(
    ("change", "more"),
    [
        ({"grievance": 0.2}, 1.0 * 0.2),
        ({"live_disputes": 1}, 0.15),
        ({"unemployed": True}, 0.10),
        ({"acted": True}, -0.02),
    ],
)
def test_a_year_of_trouble_follows_the_closed_form(change, more):
    world, rule = alone()
    for name, value in change.items():
        world.people[name][:] = value
    for clock in weeks(1.0):
        rule.step(world, clock)
    inflow = 1.5 * 0.22 / 0.78 - 0.15 * 0.006 + more
    rest = inflow / (inflow + 1.5)
    years = 52 * 7 / YEAR
    expected = rest + (0.22 - rest) * np.exp(-(inflow + 1.5) * years)
    assert world.people.distress == pytest.approx(expected, abs=2e-6)


def test_two_half_steps_equal_one_step():
    whole, rule = alone(live_share=0.02)
    whole.people.distress[:] = np.linspace(0.0, 1.0, 10)
    halves = whole.twin()
    rule.step(whole, Clock(START, 7.0, 0.0))
    rule.step(halves, Clock(START, 3.5, 0.0))
    rule.step(halves, Clock(START, 3.5, 3.5))
    assert halves.people.distress == pytest.approx(whole.people.distress, abs=2e-7)


def test_nothing_is_negative_when_a_calm_person_loses_all_inflow():
    world, rule = alone(start=0.001)
    world.people.acted[:] = True
    for clock in weeks(4.0):
        rule.step(world, clock)
    assert (world.people.distress >= 0.0).all()
    assert world.people.distress == pytest.approx(0.001 * np.exp(-1.5 * 209 * 7 / YEAR), rel=0.01)


def test_distress_is_posted_to_what_opens_next_against_the_mean_of_the_start():
    world, rule = alone()
    world.people.distress[:5] = 0.42
    world.people.distress_inflow[:] = 0.0
    rule.step(world, Clock(START, 7.0, 0.0))
    posted = world.people.intensity_push
    assert posted == pytest.approx(0.3 * (world.people.distress - 0.22), abs=1e-7)
    assert posted[0] > 0.0 > posted[9]


def test_people_in_the_oldest_disputes_get_their_places_first():
    world, rule = alone(1_000, referred_share=0.9)
    quarrel(world, np.array([900, 5, 30]))
    world.levers["wellbeing.counsellors_per_10k"][:] = 10.0  # 1 post x 125 x .9: 2.16 a week
    before = world.people.distress.copy()
    rule.step(world, Clock(START, 7.0, 0.0))
    treated = np.flatnonzero(world.people.counselled > NEVER)
    assert {900, 5} <= set(treated)
    assert 30 not in treated
    assert world.people.distress[900] < 0.85 * before[900]


@pytest.mark.parametrize("step", [7.0, 3.5, 1.0])
def test_counsellors_see_people_once_a_week_whatever_the_step(step):
    world, rule = alone(100)
    world.levers["wellbeing.counsellors_per_10k"][:] = 10.0
    seen, give = [], rule.give_places

    def noting(world, clock, paid):
        seen.append(clock.begins)
        return give(world, clock, paid)

    rule.give_places = noting  # type: ignore[method-assign]
    for number in range(round(28.0 / step)):
        rule.step(world, Clock(START, step, step * number))
    assert seen == [0.0, 7.0, 14.0, 21.0]


def test_a_course_takes_a_fifth_of_distress_away():
    world, rule = alone(4)
    rule.treat(world, np.array([2]), Clock(START, 7.0, 0.0))
    assert world.people.distress == pytest.approx([0.22, 0.22, 0.22 * 0.8, 0.22])
    assert world.flows.by_cell["counselling_places"].sum() == 1.0


def test_places_by_chance_fall_in_proportion_to_distress():
    world, rule = alone(20_000, repeat_days=30.0)
    world.people.distress[10_000:] = 0.66
    world.levers["wellbeing.counsellors_per_10k"][:] = 2.0  # 4 posts: 500 places a year
    treated = np.zeros(20_000, bool)
    count = 0
    for clock in weeks(1.0):
        world.people.distress[:10_000], world.people.distress[10_000:] = 0.22, 0.66
        world.people.counselled[:] = NEVER
        rule.step(world, clock)
        count += (world.people.counselled > NEVER).sum()
        treated |= world.people.counselled > NEVER
    assert count == pytest.approx(500 * 52 * 7 / YEAR, abs=4 * 500**0.5)
    assert treated[10_000:].sum() / treated[:10_000].sum() == pytest.approx(3.0, rel=0.5)


def test_places_are_capped_at_people_in_need_and_nobody_has_two_within_sixty_days():
    world, rule = alone(500)
    quarrel(world, np.arange(20))
    world.levers["wellbeing.counsellors_per_10k"][:] = 5_000.0
    last = np.full(500, -np.inf)
    for clock in weeks(1.0):
        rule.step(world, clock)
        now = world.people.counselled == clock.begins
        assert (clock.begins - last[now] >= 60.0).all()
        last[now] = clock.begins
    assert np.isfinite(last).all()
    assert (world.people.distress >= 0.0).all()


def test_half_of_the_counsellors_that_money_pays_for_see_half_as_many_people():
    world, rule = alone(10_000)
    world.levers["wellbeing.counsellors_per_10k"][:] = 1.0
    clock = Clock(START, 7.0, 0.0)
    whole = rule.give_places(world, clock, np.ones(1))
    half = rule.give_places(world, clock, np.array([0.5]))
    assert half == pytest.approx(whole / 2.0)


def counted(world: World, rule: Wellbeing, years: float = 4.0, step: float = 7.0) -> float:
    for clock in weeks(years, step):
        rule.happen(world, clock, np.zeros(1))
    return float(world.flows.by_cell["public_security_cases"].sum())


def test_cases_come_at_their_yearly_rate_more_often_to_the_distressed():
    world, rule = alone(20_000)
    calm = counted(world, rule)  # .7 x 45 per 10,000: nobody is in a dispute
    assert calm == pytest.approx(252.0, abs=4 * 252**0.5)
    world.people.distress[:] = 0.62
    assert counted(world, rule) / calm - 1.0 == pytest.approx(np.exp(0.6), rel=0.3)


def test_cases_of_live_disputes_come_in_proportion_to_their_intensity():
    world, rule = alone(20_000, security_dispute_share=0.5)
    quarrel(world, np.arange(100), intensity=0.5)  # the usual intensity an adult: .0025
    rule.security_per_10k = 100.0
    both = counted(world, rule)
    assert both == pytest.approx(800.0, abs=4 * 800**0.5)


def test_what_nobody_has_voiced_leads_to_no_case_and_no_place():
    world, rule = alone(20_000, security_dispute_share=0.5, referred_share=0.9)
    quarrel(world, np.arange(100), intensity=0.5)
    world.disputes.state[:] = LATENT
    rule.security_per_10k = 100.0
    assert counted(world, rule) == pytest.approx(400.0, abs=4 * 400**0.5)
    world.levers["wellbeing.counsellors_per_10k"][:] = 10.0
    rule.step(world, Clock(START, 7.0, 0.0))
    assert not (world.people.counselled[:100] > NEVER).any()


def test_more_cameras_mean_fewer_cases_and_never_less_than_none():
    world, rule = alone()
    assert rule.camera_factor(world) == 1.0
    world.tables["settings"] = {"detection.camera_feeds": 23_440.0}
    assert rule.camera_factor(world) == pytest.approx(0.87)
    world.tables["settings"] = {"detection.camera_feeds": 200_000.0}
    assert rule.camera_factor(world) == 0.0


def test_the_same_cases_are_counted_at_half_steps():
    whole, rule = alone(20_000)
    halves, other = alone(20_000)
    assert counted(whole, rule, 1.0) == counted(halves, other, 1.0, 3.5)


def test_who_is_new_is_at_rest_at_the_own_distress():
    world, rule = alone()
    rule.step(world, Clock(START, 7.0, 0.0))
    world.people.distress[4], world.people.distress_inflow[4] = 0.5, -1e4
    world.people.grievance[4] = 0.3
    for clock in weeks(2.0):
        rule.step(world, clock)
    assert world.people.distress[4] == pytest.approx(0.5, abs=0.001)


def test_what_is_left_of_a_gap_is_the_exponential_to_float32():
    gaps = np.concatenate([np.linspace(0, 3, 301), np.linspace(3, 60, 58)]).astype(np.float32)
    left = np.array([kept(gap) for gap in gaps])
    assert left == pytest.approx(np.exp(-gaps.astype(float)), abs=1e-6)


def test_who_is_passed_over_early_would_have_had_neither_a_place_nor_a_case():
    """The loop against its formula over everybody, each of whom stands for a number of people."""
    people, key, week = 60_000, np.uint64(77), np.uint64(3)
    ids = bare_world(people, seed=5).people.id
    weight = 1.0 + np.arange(people) % 13
    residents = weight * (1.0 + np.arange(people) % 3)
    distress = np.linspace(0.0, 1.0, people)
    since, place, rate = 0.0, np.array([2e-4, 4e-4]), 2e-4
    division, counselled = np.arange(people) % 2, np.where(np.arange(people) % 5, NEVER, 1.0)
    found = candidates(
        *(ids, distress, residents, weight, division, counselled, since, place),
        *(rate, 1.5, 0.2, key, week),
    )
    luck = 2.0 * np.array(
        [unit_interval(np.uint64(mixed(np.uint64(mixed(key ^ one)) ^ week))) for one in ids]
    )
    treated = (luck < 1.0) & (luck < 2.0 * place[division] * distress) & (counselled < since)
    cases = residents * rate * np.exp(1.5 * (distress - 0.2))
    cased = (luck >= 1.0) & ((luck - 1.0) * weight < 2.0 * cases)
    assert treated.any()
    assert cased.sum() > 10
    assert found[0].tolist() == np.flatnonzero(treated).tolist()
    assert found[1].tolist() == np.flatnonzero(cased).tolist()


def test_distress_starts_with_its_stated_moments_beside_grievance():
    world, _ = alone(20_000)
    people = world.people
    people.grievance[:] = world.draws.uniform("test", people.id)
    people.weight[:] = 1.0 + 9.0 * (people.grievance > 0.7)  # the aggrieved stand for more people
    world.place.values.update({"start.distress.mean": 0.22, "start.distress.sd": 0.15})
    correlated_start(world, 0.3)
    mean = np.average(people.distress, weights=people.weight)
    spread = np.average((people.distress - mean) ** 2, weights=people.weight) ** 0.5
    assert mean == pytest.approx(0.22, abs=0.005)
    assert spread == pytest.approx(0.15, abs=0.005)
    people.weight[:] = 1.0
    correlated_start(world, 0.3)
    ranks = [np.argsort(np.argsort(column)) for column in (people.grievance, people.distress)]
    assert np.corrcoef(*ranks)[0, 1] == pytest.approx(0.3, abs=0.03)

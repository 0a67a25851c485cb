"""What crosses borders is provided too little, until jurisdictions count each other or are paid."""

import numpy as np
import pytest

from sim.kernel import Clock
from sim.mechanisms.government.metropolitan import FIELDS, FORMS, Metropolitan, ends_of_stages
from sim.mechanisms.government.metropolitan_limits import public_goods
from sim.verify import check
from sim.verify.bench import START, many_divisions, ready
from sim.world.world import World
from tests.mechanisms.conflict.made_up import four_errors, holds

AT_ONCE = {f"setup_years.{form}": 0.0 for form in FORMS}
ASSOCIATION, COUNCIL, UNIFIED = 1, 2, 3


def region(n: int = 6, seed: int = 1, **settings: float) -> tuple[World, Metropolitan]:
    world, rule = many_divisions(n, seed), Metropolitan(settings)
    ready(world, rule)
    return world, rule


def step(rule: Metropolitan, world: World, begins: float = 0.0, days: float = 7.0) -> None:
    rule.step(world, Clock(START, days, begins))


def form(world: World, wanted: int) -> None:
    world.levers["metropolitan.form"][:] = wanted


def led(world: World, share: float) -> None:
    world.levers["metropolitan.provincial_lead"][:] = share


# --- the game -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("n", "s", "b", "k", "theta"),
    [
        (6, 0.2, 1, 1, 0.3),
        (6, 0.2, 1, 1, 0.6),
        (1, 0.2, 1, 1, 0.3),
        (6, 0.0, 2, 3, 0.5),
        (90, 0.05, 1, 7, 0.1),
        (2, 8.0, 500, 0.01, 1.0),
    ],
)
def test_alone_in_association_together_and_compensated(n, s, b, k, theta):
    assert holds(check(public_goods(n, s, b, k, theta), Metropolitan))


def test_the_limit_by_hand():
    expected = {q.name: q.expected for q in public_goods(6, 0.2, 1, 1, 0.6).quantities}
    assert expected["nash"] == 1.0
    assert expected["association"] == pytest.approx(1.6)
    assert expected["joint"] == expected["compensated"] == 2.0
    assert expected["welfare"] == pytest.approx(1.92)


def test_the_limit_fails_where_jurisdictions_count_their_own_spillover_too():
    class Greedy(Metropolitan):
        def outside(self, world):
            n = self.members or world.divisions
            return np.array([self.spillover[field] * n for field in FIELDS])

    assert not holds(check(public_goods(), Greedy))


def test_the_limit_fails_where_compensation_is_not_paid():
    class Broke(Metropolitan):
        def goods(self, world, form, paid):
            return super().goods(world, form, 0.0 * paid)

    assert not holds(check(public_goods(), Broke))


# --- forms in time --------------------------------------------------------------------------------


@pytest.mark.parametrize(("wanted", "level"), [(0, 1.0), (1, 1.3), (2, 1.6), (3, 2.0)])
def test_a_form_once_set_up_provides_its_level(wanted, level):
    world, rule = region(**AT_ONCE)
    form(world, wanted)
    step(rule, world)
    table = world.tables["jurisdictions"]
    for field in FIELDS:
        assert table[field] == pytest.approx(np.full(6, level))


def test_nothing_rises_before_a_form_has_been_set_up():
    world, rule = region()
    form(world, UNIFIED)
    table = world.tables["jurisdictions"]
    step(rule, world)
    ready_on = table.ready[0]
    assert 0.0 < table.planned[0] < table.begun[0] < ready_on < np.inf
    assert np.all(table.ready == ready_on)  # one body for all
    stages = []
    for begins in np.arange(7.0, ready_on + 14.0, 7.0):
        step(rule, world, begins)
        stages.append(int(table.stage[0]))
        works = ready_on < begins + 7.0
        assert table.environment[0] == pytest.approx(2.0 if works else 1.3)
    assert stages == sorted(stages[:-3]) + stages[-3:]
    assert stages[-1] == 0
    assert set(stages) == {0, 1, 2, 3}


def setups(wanted: int, times: int, lead: float = 0.0) -> np.ndarray:
    """Years until a form works, each time that it is set out for anew."""
    world, rule = region(1)
    led(world, lead)
    step(rule, world)
    table, years = world.tables["jurisdictions"], []
    for _ in range(times):
        rule.begin(world, np.array([wanted], np.int8), 0.0)
        years.append(table.ready[0] / 365.25)
        rule.begin(world, np.array([ASSOCIATION], np.int8), 0.0)
    return np.array(years)


def test_a_unified_government_takes_25_years_and_10_with_a_provincial_lead():
    years = [setups(UNIFIED, 1_000, lead).mean() for lead in (0.0, 1.0)]
    # exponentials of 13, 3 and 9 years
    assert years[0] == pytest.approx(25.0, abs=4 * np.sqrt(13**2 + 3**2 + 9**2) / np.sqrt(1_000))
    assert years[1] == pytest.approx(0.4 * years[0])


def test_a_province_that_takes_the_lead_later_shortens_what_is_left_of_each_stage():
    world, rule = region()
    form(world, UNIFIED)
    step(rule, world)
    table = world.tables["jurisdictions"]
    before = [column.copy() for column in ends_of_stages(table)]
    now = float(before[0][0]) + 1.0  # talks are over
    led(world, 1.0)
    step(rule, world, now)
    assert np.all(table.planned == before[0])
    assert table.begun == pytest.approx(now + 0.4 * (before[1] - now))
    assert table.ready == pytest.approx(now + 0.4 * (before[2] - now))
    led(world, 0.0)  # and one that drops it leaves what is left as long as it was
    step(rule, world, now)
    assert table.ready == pytest.approx(before[2])


def test_a_lead_sets_nothing_up_by_itself():
    world, rule = region()
    led(world, 1.0)
    for number in range(60):
        step(rule, world, 7.0 * number)
    table = world.tables["jurisdictions"]
    assert np.all(np.isinf(table.ready))
    assert np.all(table.form == ASSOCIATION)


def test_half_steps_bring_the_same_form_in_the_same_week():
    found = []
    for days in (7.0, 3.5):
        world, rule = region()
        form(world, COUNCIL)
        works = []
        for begins in np.arange(0.0, 20 * 365.25, days):
            step(rule, world, begins, days)
            works.append(bool(world.tables["jurisdictions"].form[0] == COUNCIL))
        ready = days * works.index(True)  # begin of the step in which it begins to work
        found.append((ready, sum(works) * days))
    assert abs(found[0][0] - found[1][0]) <= 7.0
    assert abs(found[0][1] - found[1][1]) <= 7.0


def test_talks_are_dropped_when_the_form_in_force_is_wanted_again():
    world, rule = region()
    form(world, COUNCIL)
    step(rule, world)
    form(world, ASSOCIATION)
    step(rule, world, 7.0)
    table = world.tables["jurisdictions"]
    assert np.all(np.isinf(table.ready))
    assert not table.stage.any()
    assert np.all(table.environment == 1.3)


def test_a_union_is_left_at_once():
    world, rule = region()
    form(world, 0)
    step(rule, world)
    assert np.all(world.tables["jurisdictions"].environment == 1.0)


def test_compensation_works_at_once():
    for share, level in ((0.5, 1.65), (1.0, 2.0)):
        world, rule = region()
        world.levers["metropolitan.compensation"][:] = share
        step(rule, world)
        assert world.tables["jurisdictions"].river == pytest.approx(np.full(6, level))


# --- what follows ---------------------------------------------------------------------------------


def test_at_the_base_nothing_moves():
    world, rule = region()
    for number in range(60):
        step(rule, world, 7.0 * number)
    assert not world.units.environment_log_rate.any()
    assert not world.tables["jurisdictions"].travel_log.any()
    assert not world.flows.by_division["compensation_received"].any()


@pytest.mark.parametrize(("wanted", "change"), [(0, 0.06), (2, -0.06), (3, -0.13)])
def test_goods_calm_environment_disputes_and_shorten_the_way(wanted, change):
    world, rule = region(**AT_ONCE)
    form(world, wanted)
    step(rule, world)
    factor = np.exp(world.units.environment_log_rate[0])
    assert factor - 1.0 == pytest.approx(change, abs=0.005)
    gain = (1.0, 1.3, 1.6, 2.0)[wanted] - 1.3
    assert world.tables["jurisdictions"].travel_log == pytest.approx(np.full(6, -0.1 * gain))


def test_better_care_of_rivers_fills_aquifers():
    from sim.mechanisms.place.water import Water

    world, rule = region(**AT_ONCE)
    ready(world, Water())
    form(world, UNIFIED)
    step(rule, world)
    assert world.tables["aquifers"].recharge_log == pytest.approx(np.full(6, 0.05 * 0.7))


def test_the_luck_of_a_form_does_not_depend_on_who_sets_out_for_it():
    world, rule = region()
    world.levers["metropolitan.form"][0] = COUNCIL
    step(rule, world)
    alone = world.tables["jurisdictions"].ready[0]
    world, rule = region()
    form(world, COUNCIL)
    step(rule, world)
    assert world.tables["jurisdictions"].ready[0] == alone


def test_a_council_is_ready_within_its_mean_as_often_as_three_exponentials_are():
    # 4.16, .96 and 2.88 years: P(sum < 8), by partial fractions
    rates = 1.0 / np.array([4.16, 0.96, 2.88])
    parts = [np.prod([r / (r - q) for r in rates if r != q]) * np.exp(-8.0 * q) for q in rates]
    chance = 1.0 - sum(parts)
    early = np.mean(setups(COUNCIL, 1_000) < 8.0)
    assert early == pytest.approx(chance, abs=four_errors(chance, 1_000))

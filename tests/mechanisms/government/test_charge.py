"""What programmes cost beyond their base is paid, by others as far as they do, and closes."""

import numpy as np
import pytest

from sim.kernel import Clock, Draws, Table
from sim.mechanisms.government.metropolitan import Metropolitan
from sim.mechanisms.place.water import Water
from sim.verify.bench import START, bare_people
from sim.world.money import FEN_PER_YUAN, LINES, budget_row, charge, charge_in_full
from tests.mechanisms.government.test_budget import PLACE, treasury_world


def books(programme: float, yuan: float, received: float = 0.0):  # type: ignore[no-untyped-def]
    world, rule = treasury_world()
    amounts = np.full(world.divisions, yuan)
    charge(world, "water", amounts, programme, received)
    budget, treasury = world.tables["budget"], world.tables["treasury"]
    due = budget.spend[budget_row(np.arange(world.divisions), "water")] / FEN_PER_YUAN
    money = treasury.extra_plan * PLACE.by_division("execution_share") / FEN_PER_YUAN
    return due, money, (world, rule)


@pytest.mark.parametrize(
    ("programme", "yuan", "received", "due", "money"),
    [
        (1.0, 5_000, 0, 5_000, 5_000),
        (0.25, 4_000, 0, 4_000, 1_000),
        (0.25, 4_000, 2_000, 4_000, 2_500),
        (1.0, -3_000, 0, 0, 0),
        (0.25, -4_000, 0, 0, 3_000),
        (1.0, 0, 0, 0, 0),
    ],
)
def test_who_pays_what(programme, yuan, received, due, money):
    owed, came, _ = books(programme, yuan, received)
    assert owed == pytest.approx(np.full(len(owed), due))
    assert came == pytest.approx(np.full(len(came), money))


def test_a_programme_that_brings_its_money_cuts_nobody():
    _, _, (world, rule) = books(1.0, 1e6)
    rule.step(world, Clock(START, 7.0, 0.0))
    paid = world.tables["budget"].paid.reshape(-1, len(LINES))[:, LINES.index("water")]
    assert paid == pytest.approx(np.full(len(paid), 1e8), abs=2)
    assert world.tables["budget"].cut.sum() <= len(paid)


def test_without_a_budget_nothing_is_charged():
    world, _ = treasury_world()
    world.tables = {"budget": Table(0)}
    charge(world, "water", np.ones(world.divisions), 1.0)


def city(rule):  # type: ignore[no-untyped-def]
    """The real divisions with their books, and nobody in them."""
    world, _ = treasury_world()
    people = bare_people(world.divisions)
    people.division = np.arange(world.divisions, dtype=np.int8)
    people.residents = PLACE.by_division("population").astype(np.float32)
    world.people = people
    world.units = Table(1, division=np.zeros(1, np.int8))
    for name in ("water_log_rate", "environment_log_rate"):
        world.units[name] = np.zeros(1, np.float32)
    world.lever, world.draws = world.levers.__getitem__, Draws(1)
    rule.prepare(world)
    return world


def spent(world, line: str) -> np.ndarray:  # type: ignore[no-untyped-def]
    return world.tables["budget"].spend.reshape(-1, len(LINES))[:, LINES.index(line)] / FEN_PER_YUAN


def test_drip_and_meters_cost_what_they_cost_beyond_the_base():
    rule = Water()
    world = city(rule)
    land = 0.25 * 1_250 * PLACE.by_division("villages")
    assert land.sum() == pytest.approx(660_000, rel=0.01)
    world.levers["water.monitoring"][:] = 0.6
    rule.step(world, Clock(START, 7.0, 0.0))
    assert spent(world, "water") == pytest.approx(60 * 0.3 * land * 7 / 365.25)


def saved(world, line: str) -> np.ndarray:  # type: ignore[no-untyped-def]
    return world.flows.by_division[f"saved_on_{line}"]


def test_at_the_base_levers_water_costs_nothing_more_and_less_subsidy_is_saved():
    rule = Water()
    world = city(rule)
    for number in range(10):
        rule.step(world, Clock(START, 7.0, 7.0 * number))
    assert not world.tables["budget"].spend.any()
    assert saved(world, "water") == pytest.approx(0.0, abs=1e-3)
    world.levers["water.monitoring"][:] = 0.1
    rule.step(world, Clock(START, 7.0, 70.0))
    assert not world.tables["budget"].spend.any()
    assert not world.tables["treasury"].extra_plan.any()
    land = 0.25 * 1_250 * PLACE.by_division("villages")
    assert saved(world, "water") == pytest.approx(60 * 0.2 * land * 7 / 365.25, rel=1e-6)


def test_each_for_itself_saves_what_an_association_costs():
    rule = Metropolitan({"setup_years.fragmented": 0.0})
    world = city(rule)
    world.levers["metropolitan.form"][:] = 0
    rule.step(world, Clock(START, 365.25, 0.0))
    assert not spent(world, "metropolitan").any()
    # the goods of an association stand at 1.3, each alone at 1, and cost their square
    goods = 2e7 * (1.69 - 1.0)
    share = PLACE.by_division("population") / PLACE.by_division("population").sum()
    assert saved(world, "metropolitan") == pytest.approx(goods + 1e6 * share, rel=1e-6)


@pytest.mark.parametrize("line", ["works", "land", "services"])
def test_what_brings_its_own_money_and_costs_less_is_saved(line):
    world, _ = treasury_world()
    charge_in_full(world, line, np.full(world.divisions, -2_000.0))
    assert saved(world, line) == pytest.approx(np.full(world.divisions, 2_000 / FEN_PER_YUAN))
    assert not world.tables["budget"].spend.any()
    assert not world.tables["treasury"].extra_plan.any()


def test_a_unified_government_costs_its_goods_and_its_offices():
    rule = Metropolitan({"setup_years.unified": 0.0})
    world = city(rule)
    world.levers["metropolitan.form"][:] = 3
    rule.step(world, Clock(START, 365.25, 0.0))
    goods = 2e7 * (4.0 - 1.69)
    share = PLACE.by_division("population") / PLACE.by_division("population").sum()
    assert spent(world, "metropolitan") == pytest.approx(goods + 29e6 * share, rel=1e-6)


def test_compensation_is_money_that_comes_in():
    rule = Metropolitan({"programme_share": 0.0})
    world = city(rule)
    world.levers["metropolitan.compensation"][:] = 0.5
    rule.step(world, Clock(START, 365.25, 0.0))
    money = world.tables["treasury"].extra_plan * PLACE.by_division("execution_share")
    # half of the outside benefit of 1.65 units of goods, at 20 million a unit
    assert money / FEN_PER_YUAN == pytest.approx(np.full(6, 0.5 * 1.65 * 2e7))
    assert world.flows.by_division["compensation_received"] == pytest.approx(np.full(6, 1.65e7))
    assert spent(world, "metropolitan") == pytest.approx(np.full(6, 2e7 * (1.65**2 - 1.69)))

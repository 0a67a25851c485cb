"""People go where expected pay, ties and services are better, and every head is accounted for."""

import numpy as np
import pytest

from sim.engine.build import build
from sim.engine.load import load
from sim.kernel import AccountError, Clock, Draws
from sim.mechanisms.place.arrivals import NEW
from sim.mechanisms.place.lives import day_of_death
from sim.mechanisms.place.migration import Migration
from sim.mechanisms.place.migration_limits import harris_todaro
from sim.mechanisms.place.rooms import free_units
from sim.verify import check
from sim.verify.bench import START, weeks
from sim.world.flows import KINDS
from sim.world.ties import Ties
from tests.mechanisms.place.towns import pair_of_places, started, stock

NON_LOCAL = 2
YEAR = 365.25


@pytest.mark.parametrize("longer", [0.0, 1.3])
def test_at_the_start_who_feels_at_home_has_stayed_longer_and_the_mean_stay_is_as_given(longer):
    """Exponential stays have log years of a constant spread of 1.28 around what belonging adds.

    Told by the belonging that was drawn: what people feel is less, the shorter they are here.
    """
    changed = {
        "scale": 0.02,
        "mechanisms": ["integration"],
        "parameters.integration.entry_start_ratio": 1.0,
        "parameters.migration.residence_belonging": longer,
        "parameters.migration.residence_years": 5.0,
    }
    people = build(load("jincheng-2020", changed), 3).world.people
    away = people.registration == NON_LOCAL
    years, felt = -people.moved_at[away].astype(float) / YEAR, people.belonging[away].astype(float)
    slope, spread = np.polyfit(felt, np.log(years), 1)[0], 1.28 / (felt.std() * len(felt) ** 0.5)
    assert slope == pytest.approx(longer, abs=3 * spread)
    assert spread < 0.1
    mean = np.average(years, weights=people.weight[away])
    assert mean == pytest.approx(5.0, abs=0.25)


@pytest.mark.slow
@pytest.mark.parametrize(
    "settings",
    [
        {"precision": 20.0},
        {"precision": 100.0},
        {"wage_urban": 3_000.0, "wage_rural": 1_000.0, "jobs": 1_000.0, "people": 6_000},
        {"jobs": 0.0, "people": 4_000},
    ],
)
def test_the_city_fills_until_expected_pay_is_the_same(settings):
    assert all(verdict.holds for verdict in check(harris_todaro(**settings), Migration))


@pytest.mark.slow
def test_the_limit_fails_for_people_who_do_not_see_that_work_is_scarce():
    class Dazzled(Migration):
        def chosen(self, world, rows, years):
            cells = world.tables["cells"]
            seen, cells.work_chance = cells.work_chance, np.ones(3)
            found = super().chosen(world, rows, years)
            cells.work_chance = seen
            return found

    limit = harris_todaro(precision=5.0, people=4_000)
    assert not all(verdict.holds for verdict in check(limit, Dazzled))


def test_everybody_reconsiders_once_a_year_on_a_day_of_their_own():
    world, rule = pair_of_places()
    asked = np.zeros(400, int)

    def note(world, rows, years):
        asked[rows] += 1
        return np.zeros(len(rows), np.int64), np.zeros(len(rows), np.int8)

    rule.chosen = note
    for clock in weeks(1.0):
        rule.step(world, clock)
    # 52 weeks are a day short of a year
    assert np.all(asked <= 1)
    assert asked.sum() >= 0.99 * 400


def test_half_steps_ask_the_same_people_in_the_same_years():
    seen = []
    for days in (7.0, 3.5, 1.0):
        world, rule = pair_of_places()
        asked = set()

        def note(world, rows, years, asked=asked):
            asked.update(zip(rows.tolist(), years.tolist(), strict=True))
            return np.zeros(len(rows), np.int64), np.zeros(len(rows), np.int8)

        rule.chosen = note
        for clock in weeks(280 / 365.25, days):
            rule.step(world, clock)
        seen.append(asked)
    assert seen[0] == seen[1] == seen[2]


def test_a_mover_keeps_row_identity_and_weight_and_gets_place_class_and_household():
    world, rule = pair_of_places(constant__rural_to_urban=8.0)
    people = world.people
    before = people.id.copy(), people.household.copy()
    for clock in weeks(0.5):
        rule.step(world, clock)
    moved = np.flatnonzero(people.moves > 0)
    assert len(moved) > 50
    assert np.array_equal(people.id, before[0])
    assert np.all(people.weight == 1.0)
    assert np.all(people.kind[moved] == world.units.kind[people.unit[moved]])
    assert np.all(people.registration[moved] == NON_LOCAL)
    assert np.all(people.cell[moved] == 3 * people.kind[moved] + NON_LOCAL)
    assert not set(people.household[moved]) & set(before[1])
    assert len(set(people.household[moved])) == len(moved)
    assert np.array_equal(world.units.present, np.bincount(people.unit, minlength=2))


def test_who_comes_home_is_local_again():
    world, rule = pair_of_places(constant__rural_to_urban=8.0, constant__home=9.0)
    people = world.people
    for clock in weeks(3.0):
        rule.step(world, clock)
    back = np.flatnonzero((people.moves == 2) & (people.kind == people.home_kind))
    assert len(back) > 10
    assert np.all(people.registration[back] == people.home_registration[back])
    assert np.all(people.registration[back] != NON_LOCAL)


def test_who_was_granted_registration_is_at_home_where_they_live():
    running = started()
    world, people = running.world, running.world.people
    away = np.flatnonzero(people.registration == NON_LOCAL)[:5]
    world.tables["granted"] = [away]
    running.step()
    stayed = away[people.alive[away] & (people.moves[away] == 0)]
    assert len(stayed) > 0
    assert np.all(people.registration[stayed] == 0)
    assert np.all(people.home_division[stayed] == people.division[stayed])
    assert world.flows.by_cell["registrations_granted"].sum() > 0.0


def test_kin_and_friends_draw_people_to_where_they_live():
    """20 people of the village know each somebody in the city; 20 know somebody in the village."""
    world, rule = pair_of_places(
        constant__rural_to_urban=-1.0, constant__other=-20.0, tie_weight=6.0
    )
    village = np.arange(200, 240)
    known = np.concatenate([np.arange(20), np.arange(300, 320)])
    world.ties = Ties.from_edges(400, village, known, 1.0, "kin")
    for clock in weeks(1.0):
        rule.step(world, clock)
    moved = world.people.moves[village] > 0
    assert moved[:20].mean() > 0.9
    assert moved[20:].mean() < 0.2


def test_kin_at_home_whom_nobody_sees_hold_those_who_have_come_back():
    """Away since seven years, home again: of kin in the village and one friend in the city."""
    world, rule = pair_of_places(
        constant__rural_to_urban=2.0, constant__other=-20.0, tie_weight=12.0
    )
    village = np.arange(200, 400)
    world.ties = Ties.from_edges(400, village, village - 200, 1.0, "friends")
    world.people.moves[village] = 1
    world.people.left_home_at[village[::2]] = -7 * YEAR
    for clock in weeks(1.0):
        rule.step(world, clock)
    moved = world.people.moves[village] > 1
    assert moved[1::2].mean() > 0.9
    assert moved[::2].mean() < 0.5 * moved[1::2].mean()


def test_belonging_and_an_own_home_hold_people():
    world, rule = pair_of_places(people=4000, constant__rural_to_urban=0.0)
    people = world.people
    people.belonging[:] = np.where(np.arange(4000) % 2, 0.9, 0.1)
    for clock in weeks(1.0):
        rule.step(world, clock)
    left = [(people.moves[2000:][part::2] > 0).mean() for part in (0, 1)]
    # with sizes of one half the logit against staying is ln .5 + .4 of the town shift not given
    odds = [share / (1 - share) for share in left]
    assert np.log(odds[0] / odds[1]) == pytest.approx(1.5 * 0.8, abs=4 * 0.1)


def _left(people, move, **settings):
    """Who of a village moved within a year, by age of 30 (even rows) and 50 (odd rows)."""
    world, rule = pair_of_places(people=people, home_owner_stay=0.0, **settings)
    village = np.arange(people // 2, people)
    world.people.age[village] = np.where(village % 2, 50, 30)
    if move == "home":  # they live in the village and are registered in the town
        world.people.home_kind[village] = world.people.kind[0]
        world.people.registration[village] = NON_LOCAL
        world.people.moves[village] = 1
    for clock in weeks(1.0):
        rule.step(world, clock)
    moved = world.people.moves[village] > (move == "home")
    return moved[village % 2 == 0].mean(), moved[village % 2 == 1].mean()


@pytest.mark.parametrize(
    ("move", "constant", "slope"), [("away", "rural_to_urban", -0.5), ("home", "home", 0.5)]
)
def test_twenty_years_of_age_move_the_logit_by_twice_the_slope(move, constant, slope):
    """The young leave, the older come home: at ages 30 and 50 the odds differ by exp(2 slope)."""
    shares = _left(8000, move, **{f"constant__{constant}": 0.0})
    odds = [share / (1.0 - share) for share in shares]
    error = np.sqrt(sum(1.0 / (2000 * share * (1.0 - share)) for share in shares))
    assert np.log(odds[1] / odds[0]) == pytest.approx(2.0 * slope, abs=4.0 * error)


def test_only_those_registered_in_a_village_leave_it_as_villagers_do():
    """Who lives there away from home moves on as others away from home do: here, never."""
    world, rule = pair_of_places(constant__rural_to_urban=8.0, constant__other=-20.0)
    away = np.arange(200, 300)
    world.people.registration[away] = NON_LOCAL
    world.people.home_division[away] = -1
    for clock in weeks(1.0):
        rule.step(world, clock)
    assert not world.people.moves[away].any()
    assert (world.people.moves[300:] > 0).mean() > 0.2


def test_rates_of_death_pass_over_each_life_at_its_age():
    """At .02 a year to 35, .1 to 60 and .5 after: the share alive after 30 years at age 20."""
    rates, many = [0.02, 0.1, 0.5], 40_000
    ages = np.full(many, 20)
    born = np.zeros(many)  # birthdays on day 0: exactly 20 now
    ends = day_of_death(Draws(5), np.arange(many, dtype=np.uint64), ages, born, 0.0, rates)
    for years, hazard in ((10, 0.2), (15, 0.3), (30, 0.3 + 1.5), (41, 0.3 + 2.5 + 0.5)):
        alive = np.exp(-hazard)
        error = np.sqrt(alive * (1 - alive) / many)
        assert (ends > years * YEAR).mean() == pytest.approx(alive, abs=4 * error)


def test_nobody_moves_or_dies_before_the_first_day():
    running = started()
    running.clock.begins = -7.0
    before = {name: running.world.people[name].copy() for name in ("unit", "age", "alive")}
    running.step()
    for name, column in before.items():
        assert np.array_equal(running.world.people[name], column)


def test_people_grow_older_on_their_own_day():
    running = started()
    people = running.world.people
    here = len(people)
    ages = people.age[:here].copy()
    for _ in range(53):
        running.step()
    stayed = people.alive[:here]
    older = (people.age[:here] - ages)[stayed]
    assert set(older.tolist()) <= {1, 2}
    assert (older == 1).mean() > 0.97
    bands = (people.age >= 35).astype(int) + (people.age >= 60)
    assert np.array_equal(people.age_band[people.alive], bands[people.alive])


def test_the_accounts_of_a_year_close_by_class():
    running = started(seed=5)
    world = running.world
    before = stock(running)
    weight = world.people.weight.astype(float).sum()
    for _ in range(52):
        running.step()
    flows = {name: total.sum() for name, total in world.flows.by_cell.items()}
    came = flows["came_of_age"] + flows["arrivals_new"] + flows["arrivals_home"]
    gone = flows["deaths"] + flows["left_region"]
    assert world.people.weight.astype(float).sum() == pytest.approx(weight + came - gone, rel=1e-6)
    assert came > 0
    assert gone > 0
    assert not np.array_equal(before, stock(running))


def test_a_head_that_nobody_accounts_for_is_an_error():
    class Careless(Migration):
        def end(self, world, rows, reason, flow):
            world.leave(rows, reason)

    running = started()
    running.mechanisms = (Careless(), *running.mechanisms[1:])
    running.mechanisms[0].prepare(running.world)

    def twenty_weeks():
        for _ in range(20):
            running.step()

    with pytest.raises(AccountError, match="here by class"):
        twenty_weeks()


def test_those_who_die_or_leave_take_their_disputes_and_their_places_with_them():
    running = started()
    world = running.world
    for _ in range(30):
        running.step()
    people = world.people
    gone = ~people.alive
    assert gone.any()
    assert not people.weight[gone].any()
    counted = np.bincount(people.unit[people.alive], minlength=len(world.units))
    assert np.array_equal(world.units.present, counted)


def test_newcomers_are_drawn_like_anybody_of_their_class():
    running = started(seed=8)
    people = running.world.people
    first = len(people)
    for _ in range(104):
        running.step()
    fresh = np.arange(first, len(people))
    young = fresh[people.home_division[fresh] >= 0]
    new = fresh[people.registration[fresh] == NON_LOCAL]
    assert len(young) > 100
    assert len(new) > 100
    still = people.moves[fresh] == 0
    assert np.all(
        (people.home_division[fresh[still]] < 0) == (people.registration[fresh[still]] == 2)
    )
    assert people.age[young].min() == 18
    # of .2 the mean of some hundred lies within .1
    assert people.norm[fresh].mean() == pytest.approx(people.norm[:first].mean(), abs=0.05)
    assert people.income[fresh].min() > 0.0
    assert len(set(people.id.tolist())) == len(people)


def test_who_comes_of_age_has_the_right_in_land_of_the_household_and_newcomers_have_none():
    running = started(only=("migration", "integration", "land"))
    people = running.world.people
    young, others = [], []
    for _ in range(52):
        before = len(people)
        running.step()
        at_home = people.household[:before]
        for row in range(before, len(people)):
            home = people.parcel[:before][at_home == people.household[row]]
            assert people.parcel[row] in (home if len(home) else [-1])
            (young if len(home) else others).append(people.parcel[row])
    assert np.sum(np.array(young) >= 0) > 10
    assert len(others) > 10


def test_newcomers_are_18_and_whole_exponential_years_of_a_mean_of_12():
    running = started()
    rule, clock = running.mechanisms[0], Clock(START, 7.0, begins=0.0)
    ages = []
    for _ in range(104):
        draft = rule.arrivals.drafted(rule, running.world, clock)
        ages += draft.age[draft.origin == NEW].tolist()
        clock.advance()
    whole_years = 1.0 / np.expm1(1.0 / 12.0)
    assert len(ages) > 100
    assert min(ages) >= 18
    assert np.mean(ages) == pytest.approx(18 + whole_years, abs=4 * 12 / np.sqrt(len(ages)))


def test_a_full_village_sends_people_to_where_there_is_room():
    running = started()
    world = running.world
    units = world.units
    cell = units.division.astype(int) * 3 + units.kind
    place = np.bincount(cell).argmax()
    these = np.flatnonzero(cell == place)
    units.present[these] = units.adults[these] * 2
    units.present[these[0]] = 0
    luck = np.linspace(0.001, 0.999, 500)
    chosen = free_units(world, np.full(500, place), luck, 0.1)
    assert set(chosen.tolist()) <= set(these.tolist())
    assert (chosen == these[0]).mean() > 0.8


def test_the_same_candidates_come_from_outside_whatever_the_pay():
    """Better pay brings more of the same candidates, and takes none away."""
    found = []
    for pay in (1.0, 1.2):
        running = started()
        cells = running.world.tables["cells"]
        rule = running.mechanisms[0]
        cells.wage_factor = np.full(len(cells), pay)
        rule.attraction.pay_then = np.ones(len(cells))
        clock = Clock(START, 7.0, begins=0.0)
        ids = set()
        for _ in range(20):
            ids |= set(rule.arrivals.drafted(rule, running.world, clock).id.tolist())
            clock.advance()
        found.append(ids)
    fewer, more = found
    assert fewer < more
    assert len(more) / len(fewer) == pytest.approx(1.2**1.5, rel=0.25)


def test_the_less_a_place_without_kin_counts_the_more_people_are_at_home_where_their_kin_are():
    shares = []
    for without in (0.05, 1.0):
        settings = {
            "scale": 0.005,
            "mechanisms": ["migration"],
            "parameters.migration.home_without_kin": without,
        }
        world = build(load("jincheng-2020", settings), 1).world
        people, ties = world.people, world.ties
        rows = np.flatnonzero((people.registration == NON_LOCAL) & (people.home_division >= 0))
        home = people.home_division[rows].astype(int) * len(KINDS) + people.home_kind[rows]
        lives = people.division.astype(int) * len(KINDS) + people.kind
        known = [lives[ties.neighbours(row)] for row in rows.tolist()]
        shares.append(np.mean([cell in there for cell, there in zip(home, known, strict=True)]))
    # a tie makes a place 21 times as likely as another in the one case, twice in the other
    assert shares[0] > shares[1] + 0.1

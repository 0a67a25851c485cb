"""A shock does nothing before its day, and on it hits exactly its households."""

from datetime import date, timedelta

import numpy as np
import pytest

from sim.kernel import Clock, Table, entity_ids
from sim.mechanisms.place.shock_reach import largest
from sim.mechanisms.place.shocks import Shocks
from sim.mechanisms.place.shocks_limits import shock
from sim.scenario import Shock
from sim.verify import check
from sim.verify.bench import START, bare_world, ready
from sim.world.bodies import FIRM_KINDS
from sim.world.disputes import DOMAINS
from sim.world.exposed import exposed_of
from sim.world.flows import KINDS
from sim.world.issues import IssuePost, end_issue, posted_issues
from sim.world.world import World
from tests.mechanisms.conflict.made_up import holds

UNITS, EACH = 10, 60


def day(number: int) -> date:
    return START + timedelta(days=number)


def place(*shocks: Shock, scale: float = 1.0, **settings: float) -> tuple[World, Shocks]:
    """Ten villages in a row, two adults a household; the shocks are yet to come."""
    world = bare_world(UNITS * EACH, 5)
    number = np.arange(UNITS * EACH)
    world.people.unit[:] = number // EACH
    world.people.household = (number // 2).astype(np.int32)
    world.units = Table(
        UNITS,
        id=entity_ids("unit", np.arange(UNITS)),
        division=np.zeros(UNITS, np.int8),
        x=np.arange(UNITS, dtype=np.float32),
        y=np.zeros(UNITS, np.float32),
    )
    world.scale = scale
    world.shocks = shocks
    return world, ready(world, Shocks(settings))  # type: ignore[return-value]


def weekly(rule: Shocks, world: World, weeks: int, first: int = 0) -> list[IssuePost]:
    """The issues posted in so many weeks."""
    posts: list[IssuePost] = []
    for number in range(first, first + weeks):
        rule.step(world, Clock(START, 7.0, 7.0 * number))
        posts += posted_issues(world)
    return posts


def households(world: World, post: IssuePost) -> set[int]:
    return set(world.people.household[post.members].tolist())


# --- how many -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("count", "scale"),
    [(1200, 0.01), (7, 0.1), (3, 0.29), (1, 0.001), (333, 0.037), (150, 1.0), (9999, 0.05)],
)
def test_households_are_counted_out_and_fractions_carried_over(count, scale):
    assert holds(check(shock(count, scale), Shocks))


def test_three_shocks_of_seven_tenths_of_a_household_hit_two():
    assert [quantity.expected for quantity in shock(7, 0.1).quantities] == [0, 2, 0]


def test_the_limit_fails_where_every_shock_is_rounded_by_itself():
    class Rounding(Shocks):
        def count(self, shocks, index, scale):
            return round(scale * shocks[index].count)

    assert not holds(check(shock(14, 0.1), Rounding))


def test_the_limit_fails_where_a_shock_is_felt_beforehand():
    class Foreboding(Shocks):
        def step(self, world, clock):
            if world.shocks:
                world.people.grievance += np.float32(1e-7)
            super().step(world, clock)

    assert not holds(check(shock(), Foreboding))


def test_a_larger_shock_hits_the_same_households_and_others():
    hit = []
    for count in (20, 50):
        world, rule = place(Shock("housing_delivery", day(3), "one", count))
        [post] = weekly(rule, world, 1)
        hit.append(households(world, post))
    assert hit[0] < hit[1]
    assert list(map(len, hit)) == [20, 50]


def test_more_households_than_there_are_means_all():
    world, rule = place(Shock("fund_raising", day(3), "one", 10_000))
    [post] = weekly(rule, world, 1)
    assert len(post.members) == UNITS * EACH


def test_all_adults_of_a_household_are_members_and_the_gone_are_not():
    world, rule = place(Shock("housing_delivery", day(3), "one", 300))
    world.people.alive[::4] = False
    [post] = weekly(rule, world, 1)
    assert post.members.tolist() == np.flatnonzero(world.people.alive).tolist()


# --- whom -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["siting", "flood"])
def test_a_siting_and_a_flood_hit_those_nearest_to_one_spot(kind):
    world, rule = place(Shock(kind, day(3), "one", 75))
    [post] = weekly(rule, world, 1)
    units = np.unique(world.people.unit[post.members])
    # 30 households a village: two whole ones and half of a third, side by side
    assert len(units) == 3
    assert units.max() - units.min() == 2
    assert post.unit in units
    assert (world.people.unit[post.members] == post.unit).sum() == EACH


def test_a_housing_failure_hits_households_all_over_the_division():
    world, rule = place(Shock("housing_delivery", day(3), "one", 75))
    [post] = weekly(rule, world, 1)
    assert len(np.unique(world.people.unit[post.members])) == UNITS


def test_a_drought_hits_the_country():
    world, rule = place(Shock("drought", day(3), "one", 300))
    world.people.kind[: EACH * 4] = KINDS.index("urban")
    [post] = weekly(rule, world, 1)
    assert post.members.min() == EACH * 4
    assert len(post.members) == EACH * 6


def test_the_firm_behind_a_shock_is_the_largest_of_its_kind_in_the_division():
    world = bare_world(2, 1)
    employer, lender = FIRM_KINDS.index("employer"), FIRM_KINDS.index("lender")
    world.firms = Table(
        5,
        kind=np.array([employer, employer, employer, lender, employer], np.int8),
        division=np.array([0, 0, 0, 0, 1], np.int8),
        employees=np.array([10.0, 40.0, 20.0, 90.0, 70.0]),
    )
    assert [largest(world, "employer", division) for division in (0, 1, 2)] == [1, 4, -1]
    assert largest(world, "lender", 0) == 3
    assert largest(world, None, 0) == -1


def test_a_closure_dismisses_workers_of_industry_first():
    world, rule = place(Shock("factory_closure", day(3), "one", 40))
    people = world.people
    people.sector[:] = 3
    people.sector[10:40] = 2
    people.employed[30:40] = False
    [post] = weekly(rule, world, 1)
    assert len(post.members) == 40
    assert set(range(10, 30)) < set(post.members.tolist())
    assert people.employed[post.members].all()  # labour takes them off the books
    assert [rows.tolist() for rows in world.tables["dismissed"]] == [post.members.tolist()]


def test_an_issue_carries_its_answer_and_its_end_is_one_for_all():
    world, rule = place(
        Shock("siting", day(3), "one", 30, until=day(100), response="concede"),
        Shock("siting", day(3), "one", 30),
    )
    posts = {post.response: post for post in weekly(rule, world, 1)}
    assert posts["concede"].ends == 100.0
    assert posts[None].ends > 3.0
    assert posts[None].sampled
    assert not posts[None].weighs


def test_ends_are_exponential_with_the_mean_of_the_kind():
    rule = Shocks()
    worlds = (bare_world(2, seed) for seed in range(400))
    one = Shock("flood", day(3), "one", 1)
    days = np.array([rule.end(world, one, 7, 3.0) - 3.0 for world in worlds])
    assert days.mean() == pytest.approx(0.5 * 365.25, abs=4 * 0.5 * 365.25 / 20)


# --- what it does ---------------------------------------------------------------------------------


def test_until_its_day_nothing_of_a_shock_is_seen():
    plain, rule = place()
    world, other = place(Shock("pandemic", day(70)), Shock("flood", day(72), "one", 50))
    assert weekly(rule, plain, 10) == weekly(other, world, 10) == []
    for name in plain.people:
        assert np.array_equal(plain.people[name], world.people[name]), name
    for name in plain.tables["divisions"]:
        assert np.array_equal(plain.tables["divisions"][name], world.tables["divisions"][name])
    assert len(exposed_of(world)) == 0
    assert len(weekly(other, world, 1, first=10)) == 1


def test_members_gather_grievance_for_as_long_as_it_lasts():
    world, rule = place(Shock("housing_delivery", day(7), "one", 50, until=day(21)))
    seen = []
    for number in range(4):
        world.people.grievance_inflow[:] = 0.0  # as grievance does in its turn
        weekly(rule, world, 1, first=number)
        seen.append(np.unique(world.people.grievance_inflow).tolist())
    assert seen[0] == seen[3] == [0.0]
    assert seen[1] == seen[2] == pytest.approx([0.0, 0.6])


def test_members_have_disputes_at_a_rate_that_halves_every_year():
    world, rule = place(Shock("fund_raising", day(7), "one", 50, until=day(7 + 3 * 366)))
    exposed, rates = exposed_of(world), []
    for number in range(120):
        weekly(rule, world, 1, first=number)
        if number in (0, 1, 60, 110):
            now = 7.0 * number
            rates.append(exposed.rate[(exposed.begins <= now) & (exposed.ends > now)].sum())
    assert rates == pytest.approx([0.0, 100 * 0.3, 100 * 0.15, 100 * 0.075])
    assert set(exposed.domain) == {DOMAINS.index("consumer")}


def test_who_wins_a_concession_has_no_more_of_it():
    world, rule = place(Shock("siting", day(0), "one", 50, until=day(3000)))
    [post] = weekly(rule, world, 1)
    end_issue(world, post.id, "conceded")
    world.people.grievance_inflow[:] = 0.0
    weekly(rule, world, 1, first=1)
    assert not world.people.grievance_inflow.any()
    assert exposed_of(world).ends.max() <= 7.0
    weekly(rule, world, 60, first=2)
    assert exposed_of(world).ends.max() <= 7.0


def test_without_mobilisation_a_shock_ends_with_relief_all_the_same():
    world, rule = place(Shock("flood", day(0), "one", 50, until=day(20)))
    world.tables["on"] = frozenset({"shocks"})
    weekly(rule, world, 4)
    assert (world.people.grievance_relief == 1.0).sum() == 100


def test_a_pandemic_stops_meetings_and_moves_for_a_while_and_lets_go():
    world, rule = place(Shock("pandemic", day(7)))
    divisions, seen = world.tables["divisions"], []
    for number in range(30):
        weekly(rule, world, 1, first=number)
        seen.append(
            [divisions[f"{name}_factor"][0] for name in ("separation", "meeting", "move")]
            + [divisions.migrant_income_factor[0]]
        )
    assert seen[0] == [1.0, 1.0, 1.0, 1.0]
    assert seen[1] == seen[13] == [3.0, 0.0, 0.3, 0.95]
    assert seen[14] == seen[26] == [1.0, 1.0, 0.3, 0.95]
    assert seen[27] == [1.0, 1.0, 1.0, 1.0]
    assert divisions.distress_shift[0] == pytest.approx(0.05 * np.exp(-(203 + 3.5 - 7) / 365.25))


def test_trust_in_the_city_rallies_and_is_taken_back_whole():
    world, rule = place(Shock("pandemic", day(7), until=day(28)))
    pushes = world.people.anchor_push_trust_city
    weekly(rule, world, 2)
    assert pushes == pytest.approx(0.08)
    weekly(rule, world, 51, first=2)
    assert pushes == pytest.approx(0.08 * np.exp(-51 * 7 / 365.25), rel=1e-4)
    weekly(rule, world, 400, first=53)
    assert pushes == pytest.approx(0.0, abs=1e-6)


def test_flood_and_drought_move_the_recharge_for_a_year():
    world, rule = place(
        Shock("drought", day(0), "one", 5, until=day(30)), Shock("flood", day(70), "one", 5)
    )
    aquifers = world.tables["aquifers"] = Table(1, recharge_log=np.zeros(1))
    seen = []
    for number in range(70):
        aquifers.recharge_log[:] = 0.0  # as water does in its turn
        weekly(rule, world, 1, first=number)
        seen.append(float(np.exp(aquifers.recharge_log[0])))
    assert seen[0] == seen[9] == pytest.approx(0.4)
    assert seen[10] == seen[51] == pytest.approx(0.48)
    assert seen[53] == seen[61] == pytest.approx(1.2)
    assert seen[63] == 1.0


@pytest.mark.parametrize("step_days", [1.0, 3.5])
def test_shorter_steps_hit_the_same_people_until_the_same_day(step_days):
    found = []
    for days in (7.0, step_days):
        world, rule = place(Shock("flood", day(40), "one", 33))
        posts = []
        for number in range(round(70 / days)):
            rule.step(world, Clock(START, days, days * number))
            posts += posted_issues(world)
        [post] = posts
        found.append((post.at, post.ends, post.members.tolist()))
    assert found[0] == found[1]

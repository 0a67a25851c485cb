"""Every m2 of contract land is farmed, let, idle or taken; what is taken is paid by the ratio."""

import copy

import numpy as np
import pytest

from sim.kernel import AccountError, Clock, Table
from sim.mechanisms.conflict.grievance import deprivation
from sim.mechanisms.place.land import Land
from sim.mechanisms.place.land_limits import land, villages
from sim.mechanisms.place.parcels import ACQUIRED, FARMED, IDLE, LET, M2_PER_MU, balanced
from sim.verify import check
from sim.verify.bench import START
from sim.world.bodies import FARM, FIRM_KINDS
from sim.world.disputes import DOMAINS
from sim.world.exposed import exposed_of
from sim.world.issues import posted_issues
from sim.world.money import LINES, budget_row
from sim.world.world import World

RATIO = "land.compensation_ratio"


def weeks(years: float, step_days: float = 7.0):
    for k in range(round(years * 52) * round(7.0 / step_days)):
        yield Clock(START, step_days, -364.0 + k * step_days)


def county(parcels: int = 2_000, seed: int = 4, **settings: float) -> tuple[World, Land]:
    return villages(Land(settings), parcels, seed)


def run(world: World, rule: Land, years: float, step_days: float = 7.0) -> None:
    for clock in weeks(years, step_days):
        rule.step(world, clock)


def holds(limit, mechanism=Land) -> bool:
    return all(verdict.holds for verdict in check(limit, mechanism))


@pytest.mark.parametrize(("parcels", "years"), [(4_000, 5.0), (333, 0.1), (1_000, 50.0)])
def test_area_stays_in_balance_and_takings_are_paid_to_the_fen(parcels, years):
    assert holds(land(parcels, years))


def test_the_limit_fails_where_a_part_of_what_is_due_stays_unpaid():
    class Short(Land):
        def compensation(self, m2, ratio):
            return super().compensation(m2, ratio) - 1_000

    assert not holds(land(2_000, 5.0), Short)


def test_the_limit_fails_where_land_is_let_faster_than_it_comes_back():
    class Eager(Land):
        def prepare(self, world):
            super().prepare(world)
            self._parcels.rates[:2] *= 1.5

    assert not holds(land(4_000, 5.0), Eager)


def test_the_limit_fails_where_villages_lose_too_much():
    class Greedy(Land):
        def prepare(self, world):
            super().prepare(world)
            self.acquisition_per_year *= 2.0

    assert not holds(land(8_000, 10.0), Greedy)


def test_land_that_vanishes_is_noticed_in_the_same_step():
    world, rule = county()
    world.tables["parcels"].area[0] -= 1
    with pytest.raises(AccountError, match="m2 of contract land"):
        rule.step(world, Clock(START, 7.0, 0.0))


def test_money_that_nobody_received_is_noticed_in_the_same_step():
    world, rule = county()
    rule._paid += 1
    with pytest.raises(AccountError, match="fen paid for land"):
        rule.step(world, Clock(START, 7.0, 0.0))


def test_a_village_of_1250_mu_falls_into_whole_m2_that_differ_by_one_at_most():
    world, _ = county(400)
    area = world.tables["parcels"].area
    assert area.sum() == 2 * round(1_250 * 2_000 / 3)
    assert np.ptp(area) <= 1


def test_a_household_has_one_parcel_and_only_those_registered_here_have_a_right_in_it():
    world, _ = county(400)
    world.people.household[:] = np.arange(400) // 4
    world.people.registration[::4] = 2  # the first of each household is registered elsewhere
    rule = Land()
    rule.prepare(world)
    parcels = world.tables["parcels"]
    assert len(parcels) == 100
    assert np.all(world.people.parcel[::4] == -1)
    assert np.all(parcels.adults == 3)
    entitled = world.people.parcel >= 0
    assert np.array_equal(parcels.unit[world.people.parcel[entitled]], world.people.unit[entitled])


def test_no_rural_registration_no_parcel():
    world, _ = county(200)
    world.people.registration[:] = 0
    rule = Land()
    rule.prepare(world)
    run(world, rule, 1.0)
    assert len(world.tables["parcels"]) == 0
    assert np.all(world.people.parcel == -1)


def test_half_the_land_farmed_on_the_whole_whatever_the_leavers_do():
    # two groups, odds 1 for all: the faster one keeps less, the slower one more, the mean is half
    pace = balanced(4.0, 0.5, 1.0)
    farmed = 0.5 / (1.0 + pace) + 0.5 / (1.0 + 4.0 * pace)
    assert farmed == pytest.approx(0.5, abs=1e-12)
    assert pace == pytest.approx(0.5, abs=1e-12)  # (1/1.5 + 1/3)/2 = .5


def test_two_half_steps_equal_one_step():
    whole, rule = county(acquisition_per_year=0.05)
    halves, other = whole.twin(), copy.deepcopy(rule)
    run(whole, rule, 3.0)
    run(halves, other, 3.0, 3.5)
    first, second = whole.tables["parcels"], halves.tables["parcels"]
    for name in ("state", "area", "acquired", "compensation"):
        assert np.array_equal(first[name], second[name]), name
    assert first.taken_at == pytest.approx(second.taken_at, abs=1e-6)
    assert np.array_equal(whole.units.takings, halves.units.takings)
    assert np.array_equal(whole.units.let_m2, halves.units.let_m2)


def test_what_is_let_in_a_village_is_the_sum_of_its_let_parcels():
    world, rule = county(acquisition_per_year=0.05)
    run(world, rule, 5.0)
    assert np.array_equal(world.units.let_m2, rule._parcels.let(world.tables["parcels"]))


def test_a_taking_takes_a_twentieth_of_what_is_left_and_splits_the_last_parcel():
    world, rule = county(190)  # a twentieth are 9.5 parcels
    parcels = world.tables["parcels"]
    whole = int(parcels.area.sum())
    rule.take_from(world, 0, 0.0)
    assert parcels.acquired.sum() == int(0.05 * whole)
    split = (parcels.acquired > 0) & (parcels.area > 0)
    assert np.count_nonzero(parcels.acquired) == 10
    assert split.sum() == 1
    assert np.all((parcels.state == ACQUIRED) == (parcels.area == 0))


@pytest.mark.parametrize("ratio", [0.0, 0.45, 0.9, 1.8])
def test_ten_mu_are_paid_at_45000_yuan_a_mu_times_the_ratio(ratio):
    m2 = np.array([1_000, 2_345, 3_322])  # 6,667 m2 are 10.0005 mu
    paid = Land().compensation(m2, ratio)
    assert paid.sum() == round(6_667 * 6_750 * ratio)  # 6,750 fen a m2


def test_nothing_is_left_to_take_where_all_is_gone():
    world, rule = county(200)
    parcels = world.tables["parcels"]
    rule.take_share = 1.0
    rule.take_from(world, 0, 0.0)
    assert parcels.area.sum() == 0
    rule.take_from(world, 0, 1.0)
    run(world, rule, 1.0)
    assert parcels.acquired.sum() == round(1_250 * 2_000 / 3)
    assert world.units.let_m2.sum() == 0


def taken(world: World, rule: Land, ratio: float) -> np.ndarray:
    """Exposure rates of those of one taking at a ratio."""
    world.levers[RATIO][:] = ratio
    before = len(exposed_of(world))
    rule.take_from(world, 0, 0.0)
    return exposed_of(world).rate[before:]


def test_the_group_that_loses_land_is_exposed_for_two_years_and_nobody_else():
    world, rule = county(400)
    before = len(exposed_of(world))
    rule.take_from(world, 1, 10.0)
    exposed = exposed_of(world)
    mine = exposed.person[before:]
    parcels = world.tables["parcels"]
    assert set(mine) >= set(np.flatnonzero(parcels.acquired[world.people.parcel] > 0))
    assert len(set(mine)) == 50  # a quarter of 200 households of one adult each
    assert set(world.people.unit[mine]) == {1}
    assert np.all(exposed.domain[before:] == DOMAINS.index("land_acquisition"))
    assert np.all(exposed.ends[before:] - exposed.begins[before:] == pytest.approx(730.5))


def test_forty_points_more_of_shortfall_triple_the_disputes_and_paying_more_calms_no_further():
    rates = {ratio: taken(*county(400), ratio).mean() for ratio in (0.5, 0.9, 1.0, 2.0)}
    assert rates[0.5] / rates[0.9] == pytest.approx(3.0, rel=1e-4)
    assert rates[1.0] == pytest.approx(rates[2.0])
    assert rates[1.0] / rates[0.9] == pytest.approx(3.0**-0.25, rel=1e-4)


def test_exposed_people_bring_the_share_of_disputes_that_the_base_flow_lacks():
    found = []
    for seed in range(20):
        world, _ = county(4_000, seed)
        exposed = exposed_of(world)
        found.append(exposed.rate[exposed.ends > -364.0].sum(dtype=float))
    spread = np.std(found, ddof=1) / np.sqrt(20)
    assert np.mean(found) == pytest.approx(0.8 * 10.0 / 1e4 * 4_000, abs=4 * spread)


def issues(ratio: float) -> float:
    """The share of takings that open an issue."""
    world, rule = county(8_000, acquisition_per_year=0.05)
    world.levers[RATIO][:] = ratio
    run(world, rule, 8.0)
    totals = world.flows.by_division
    posts = posted_issues(world)
    assert len(posts) == totals["land_issues"].sum()
    assert all(post.kind == "land" and len(post.members) for post in posts)
    return totals["land_issues"].sum() / totals["takings"].sum(), totals["takings"].sum()


@pytest.mark.parametrize(("ratio", "expected"), [(0.9, 0.25), (0.45, 0.615), (1.8, 0.2047)])
def test_issues_are_the_likelier_the_less_is_paid(ratio, expected):
    # .25 exp(2 x .45) = .615; .25 exp(-2 x .1) = .2047: 84 takings make 52 and 17 issues
    share, count = issues(ratio)
    assert share == pytest.approx(expected, abs=4 * np.sqrt(expected * (1 - expected) / count))


def test_at_the_base_nothing_is_charged_and_nobody_is_embittered():
    world, rule = county(acquisition_per_year=0.05)
    world.tables["budget"] = Table(len(LINES), spend=np.zeros(len(LINES)))
    world.tables["treasury"] = Table(1, extra_plan=np.zeros(1))
    run(world, rule, 2.0)
    assert world.units.takings.sum() > 0
    assert world.tables["budget"].spend.sum() == 0.0
    assert np.all(world.people.grievance_inflow == 0.0)


def test_paying_in_full_costs_a_tenth_of_the_standard_more():
    world, rule = county(200)
    world.tables["budget"] = Table(len(LINES), spend=np.zeros(len(LINES)))
    world.tables["treasury"] = Table(1, extra_plan=np.zeros(1))
    world.place.by_division = lambda name: np.full(1, 0.5)
    world.levers[RATIO][:] = 1.0
    rule.take_from(world, 0, 0.0)
    m2 = int(world.tables["parcels"].acquired.sum())
    spent = world.tables["budget"].spend[budget_row(0, "land")]
    assert spent == pytest.approx(m2 * 675.0)  # fen
    assert world.tables["treasury"].extra_plan[0] == pytest.approx(2.0 * spent)


def test_those_paid_too_little_gather_grievance_for_two_years():
    world, rule = county(200)
    world.levers[RATIO][:] = 0.4
    rule.take_from(world, 0, 0.0)
    hit = np.unique(exposed_of(world).person[exposed_of(world).begins == 0.0])
    rule._opposition.embitter(world, Clock(START, 7.0, 7.0))
    assert world.people.grievance_inflow[hit] == pytest.approx(0.4 * 0.5)
    assert np.count_nonzero(world.people.grievance_inflow) == len(hit)
    world.people.grievance_inflow[:] = 0.0
    rule._opposition.embitter(world, Clock(START, 7.0, 735.0))
    assert not world.people.grievance_inflow.any()


def test_a_household_with_a_worker_away_lets_its_land_twice_as_fast():
    world, rule = county(8_000, acquisition_per_year=0.0)
    parcels = world.tables["parcels"]
    parcels.state[:] = FARMED
    parcels.left[:] = world.draws.exponential("test", parcels.id)
    away = parcels.away.copy()
    run(world, rule, 0.5)
    left = parcels.state != FARMED
    ratio = left[away].mean() / left[~away].mean()
    assert ratio == pytest.approx(2.0, abs=0.35)


def test_who_works_elsewhere_is_seen_within_a_quarter_and_keeps_the_right():
    world, rule = county(400, away_share=0.0)
    world.people.unit[7], world.people.kind[7] = 1, 0
    world.people.unit[8] = 1  # back from elsewhere, in another village than before
    run(world, rule, 0.5)
    parcel = world.people.parcel[7]
    assert parcel >= 0
    assert np.flatnonzero(world.tables["parcels"].away).tolist() == [parcel]


def test_a_farm_lives_on_100_mu_and_gives_up_when_half_of_them_are_gone():
    world, rule = county(200)
    units, farms = world.units, rule._farms
    mu = M2_PER_MU
    for let, expected in (
        (350, 3),
        (399, 3),
        (401, 4),
        (360, 4),
        (349, 3),
        (0, 0),
        (99, 0),
        (100, 1),
    ):
        units.let_m2[0] = int(np.ceil(let * mu))
        farms.follow(world)
        assert units.farms[0] == expected, let
        assert np.count_nonzero(world.firms.open) == expected
    assert np.all(world.firms.kind == FIRM_KINDS.index(FARM))
    assert len(set(world.firms.id.tolist())) == len(world.firms)


def test_farm_jobs_are_counted_against_the_start():
    world, rule = county(200)
    start = int(world.units.farms[0])
    assert world.tables["cells"].farm_jobs.sum() == 0.0
    world.units.let_m2[0] = int((start + 2) * 100 * M2_PER_MU) + 1
    rule._farms.follow(world)
    assert world.tables["cells"].farm_jobs.tolist() == [0.0, 0.0, 2.0]


def test_farm_jobs_stand_in_the_cell_of_the_village_as_often_as_it_stands_for_others():
    world, rule = county(400)
    world.place.divisions = ("one", "two")
    world.tables["cells"] = Table(6, farm_jobs=np.zeros(6))
    world.units.division[1], world.units.weight[1] = 1, 3.0
    world.units.let_m2[1] = int((int(world.units.farms[1]) + 2) * 100 * M2_PER_MU) + 1
    rule._farms.follow(world)
    assert world.tables["cells"].farm_jobs.tolist() == [0.0] * 5 + [6.0]


def test_rent_is_what_came_in_since_the_start_and_its_loss_takes_half_an_income_at_most():
    world, rule = county(200)
    parcels, people = world.tables["parcels"], world.people
    assert not rule.rents(world).any()
    parcels.let_before[:2], parcels.state[:2] = (False, True), (LET, IDLE)
    mu = 1_250 / 200
    rents = rule.rents(world)
    rows = [int(np.flatnonzero(people.parcel == k)[0]) for k in (0, 1)]
    assert rents[rows] == pytest.approx([mu * 400 / 12, -mu * 400 / 12], rel=1e-3)
    people.income[:], people.land_rent[:] = 100.0, -1e4
    assert np.all(np.isfinite(deprivation(world)))


def test_a_right_stays_with_those_who_move_and_newcomers_have_none():
    world, rule = county(200)
    rows = world.join(3, unit=0, id=np.arange(9_000, 9_003, dtype=np.uint64))
    assert np.all(world.people.parcel[rows] == -1)
    run(world, rule, 0.3)
    assert len(world.people.land_rent) == 203


def test_off_it_leaves_disputes_and_firms_as_they_are():
    world, _ = county(400)
    firms = len(world.firms)
    world.tables.pop("exposed")
    world.tables["on"] = frozenset()
    Land().prepare(world)
    assert exposed_of(world).carried.sum() == 0.0
    assert len(world.firms) == firms


def test_a_farm_that_starts_in_a_run_is_a_firm_among_the_agents():
    from sim import GovernanceModel
    from sim.world.agents import Firm

    model = GovernanceModel("two-villages", seed=1)
    units = model.world.units
    before = len(model.world.firms)
    village = int(np.argmax(units.let_m2))
    units.let_m2[village] += int(300 * M2_PER_MU)
    model.step()
    assert len(model.world.firms) >= before + 2
    assert len(model.agents_by_type[Firm]) == len(model.world.firms)
    newest = max(model.agents_by_type[Firm], key=lambda firm: firm.row)
    assert FIRM_KINDS[newest.kind] == FARM
    assert newest.village == village

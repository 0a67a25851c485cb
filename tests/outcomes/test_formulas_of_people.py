"""Outcomes of people, civic life and place follow from their counts, worked out by hand."""

import numpy as np
import pytest

from sim.outcomes.window import Window, groups_of, moment
from sim.verify.bench import many_divisions
from sim.world.flows import REGISTRATIONS
from sim.world.ties import Ties
from sim.world.world import World
from tests.outcomes.made_up import YEAR, table, town, value, window

AWAY = REGISTRATIONS.index("non_local")
RURAL = 2


def ten() -> World:
    """Ten adults of whom the last four are registered elsewhere; the weight of the first is 2."""
    world = town(10)
    world.people.registration[6:] = AWAY
    world.people.weight[0] = 2.0
    return world


# --- society --------------------------------------------------------------------------------------


def test_gaps_of_participation_are_locals_less_others_and_town_less_village() -> None:
    """Locals count 7, of whom 4 acted; others 4, and one acted. In villages 1 of 2, else 4 of 9."""
    world = ten()
    world.people.acted[[0, 1, 2, 9]] = True
    world.people.kind[[8, 9]] = RURAL
    seen = window(world)
    assert value("participation_gap_registration", seen) == pytest.approx(4 / 7 - 1 / 4)
    assert value("participation_gap_place", seen) == pytest.approx(4 / 9 - 1 / 2)
    assert value("participation_rate", seen) == pytest.approx(5 / 11)
    assert value("participants_per_10k", seen) == pytest.approx(5 / 11 * 11 / 10 * 1e4)


def test_acts_count_for_a_year_and_those_of_meetings_for_two() -> None:
    world = town(10)
    day = 3.0 * YEAR
    ago = np.array([1.0, 364.5, 365.5, 729.5, 730.5, 1e9, 1e9, 1e9, 1e9, 1e9])
    for name in ("deliberated", "volunteered", "activity", "online"):
        world.people[f"last_{name}"] = day - ago
    seen = window(world, years=3.0)
    rates = ("deliberation_rate", "volunteering_rate", "activity_rate", "online_voice_rate")
    assert [value(name, seen) for name in rates] == pytest.approx([0.2] * 4)
    assert value("meeting_rate", seen) == pytest.approx(0.4)
    world.people.residents[:] = 2.0  # one of two residents is an adult
    assert value("volunteer_active_share", window(world, years=3.0)) == pytest.approx(0.1)


def test_grievance_and_distress_in_dispute_are_of_those_who_have_one() -> None:
    world = town(4)
    world.people.grievance[:] = world.people.distress[:] = [0.1, 0.3, 0.5, 0.9]
    world.people.open_disputes[:] = [0, 2, 1, 0]
    world.people.live_disputes[:] = [0, 0, 1, 0]  # what is tolerated distresses nobody anew
    seen = window(world)
    assert value("grievance_in_dispute", seen) == pytest.approx(0.4)
    assert value("distress_in_dispute", seen) == pytest.approx(0.5)
    assert value("distress_mean", seen) == pytest.approx(0.45)


def test_unemployment_is_of_the_labour_force_and_incomes_of_town_over_villages() -> None:
    world = town(10)
    world.people.employed[:] = np.arange(10) < 6
    world.people.unemployed[6:8] = True  # two more do not look for work
    world.people.kind[:5] = RURAL
    world.people.income[:] = np.repeat([2_000.0, 5_000.0], 5)
    seen = window(world)
    assert value("unemployment_rate", seen) == pytest.approx(0.25)
    assert value("income_ratio_urban_rural", seen) == pytest.approx(2.5)


# --- people ---------------------------------------------------------------------------------------


def test_who_feels_local_and_who_is_settled_without_belonging_is_registered_elsewhere() -> None:
    """Of four: one feels local; of three in town one of five years' stay does not belong."""
    world = ten()
    people = world.people
    people.belonging[:] = [0.1] * 6 + [0.5, 0.4, 0.4, 0.4]
    people.kind[9] = RURAL
    people.moved_at = np.full(10, 0.0)
    people.moved_at[8] = 2.0 * YEAR
    seen = window(world, years=6.0)
    assert value("feeling_local_share", seen) == pytest.approx(1 / 4)
    assert value("belonging_non_local", seen) == pytest.approx(1.7 / 4)
    assert value("semi_urbanised_share", seen) == pytest.approx(1 / 3)


def test_who_stays_in_town_and_feels_local_is_not_half_settled() -> None:
    """Of four who came to town five years ago three belong."""
    world = ten()
    world.people.belonging[6:] = [0.9, 0.9, 0.9, 0.1]
    world.people.moved_at = np.zeros(10)
    assert value("semi_urbanised_share", window(world, years=5.0)) == pytest.approx(1 / 4)


def test_floating_residents_hold_children_and_urban_ones_live_in_city_or_town() -> None:
    world = ten()
    world.place.values["world.floating_adult_share"] = 0.8
    world.people.cell[:] = 3 * np.array([0, 0, 0, 1, 1, 2, 2, 2, 2, 2])  # kind x classes
    seen = window(world)
    assert value("floating_residents", seen) == pytest.approx(5.0)
    assert value("urbanisation", seen) == pytest.approx(0.5)


def test_ties_cross_where_one_end_alone_is_registered_elsewhere() -> None:
    world = ten()
    ends = np.array([0, 0, 6, 1]), np.array([1, 6, 7, 9])
    world.ties = Ties.from_edges(10, *ends, 1.0, "friends")
    assert value("graph_cross_class_share", window(world)) == pytest.approx(0.5)
    world.ties = Ties.from_edges(10, ends[0][:0], ends[1][:0], 1.0, "friends")
    assert value("graph_cross_class_share", window(world)) == 0.0


def test_work_lost_is_over_those_who_work_and_the_years() -> None:
    world = town(10)
    world.people.employed[:] = np.arange(10) < 8
    seen = window(world, {"separations": 4.0, "granted": 6.0}, years=2.0)
    assert value("work_lost_rate", seen) == pytest.approx(0.25)
    assert value("registrations_granted", seen) == pytest.approx(3.0)


def test_posts_are_of_places_and_of_no_class_of_registration() -> None:
    world = town(10)
    world.tables["cells"].jobs = np.array([50.0, 20.0, 7.0])
    seen = window(world)
    names = seen.groups.names
    assert value("jobs", seen) == pytest.approx(77.0)
    assert value("jobs", seen, names.index("town")) == pytest.approx(20.0)
    assert np.isnan(value("jobs", seen, names.index("non_local")))


# --- civic life -----------------------------------------------------------------------------------


def test_hours_are_those_of_volunteers_and_of_other_public_acts_by_adult_and_year() -> None:
    """10 adults in 2 years: 60 hours are 3 each; 3 more of meetings, .5 of activities, 4 taught."""
    world = town(10)
    world.tables["settings"] = {
        "participation.hours_per_act.deliberate": 2.0,
        "participation.hours_per_act.activity": 5.0,
        "education.hours_per_seat": 8.0,
    }
    world.people.deliberates = np.full(10, 1.5, np.float32)
    world.people.joins_activities = np.arange(10) < 1
    seen = window(world, {"volunteer_hours": 60.0, "education_seats": 10.0}, years=2.0)
    assert value("volunteer_hours_per_person", seen) == pytest.approx(3.0)
    assert value("public_hours_per_person", seen) == pytest.approx(3.0 + 3.0 + 0.5 + 4.0)


def test_hours_of_all_givers_make_posts_and_those_for_mediation_sessions() -> None:
    """1,000 residents: 10 hours are 100 per 10,000; sessions of 2 hours are worth .5 or .8."""
    world = town()
    world.tables["settings"] = {
        "volunteering.hours_per_fte": 200.0,
        "volunteering.mediation_productivity": 0.5,
        "volunteering.hours_per_session": 2.0,
        "partybuilding.mediation_productivity": 0.8,
        "partybuilding.hours_per_session": 4.0,
    }
    matched = {f"matched_{n}": 1.0 for n in ("care", "skills", "venues", "repairs")}
    divisions = matched | {"matched_mediation": 10.0, "reporter_hours": 6.0}
    divisions |= {"hours_for_mediation": 12.0, "hours_for_service": 5.0, "organisations_hours": 2.0}
    seen = window(world, {"volunteer_hours": 20.0}, divisions)
    assert value("civic_posts_per_10k", seen) == pytest.approx((20 + 6 + 14) * 10 / 200)
    assert value("civic_sessions_per_10k", seen) == pytest.approx((12 * 0.5 / 2 + 10 * 0.2) * 10)
    assert value("reporter_hours_per_10k", seen) == pytest.approx(60.0)
    assert value("service_hours_per_10k", seen) == pytest.approx((5 + 3 + 2) * 10)
    assert value("matched_hours_per_10k", seen) == pytest.approx(140.0)


def test_organisations_are_counted_alive_and_active_and_members_set_against_others() -> None:
    world = town(10)
    world.organisations = table(
        alive=[True, True, True, False],
        active=[True, True, False, False],
        division=[0, 0, 0, 0],
        autonomy=[0.2, 0.6, 0.9, 1.0],
    )
    world.people.organisation[:4] = 0
    world.people.joins_activities[[0, 1, 2, 9]] = True
    world.people.credit_hours = np.arange(10.0)
    world.people.residents[:] = 2.0
    money = {"organisations_public_income": 30.0, "organisations_income": 120.0}
    seen = window(world, {}, money)
    assert value("organisations", seen) == 3.0
    assert value("organisations_active", seen) == 2.0
    assert value("organisations_autonomy", seen) == pytest.approx(0.4)
    assert value("organisations_public_income_share", seen) == pytest.approx(0.25)
    assert value("activity_gap_members", seen) == pytest.approx(3 / 4 - 1 / 6)
    assert value("membership_rate", seen) == pytest.approx(0.4)
    assert value("time_bank_held_per_10k", seen) == pytest.approx(4.5 * 0.5 * 1e4)


# --- land, works and water ------------------------------------------------------------------------


def test_works_are_under_way_waiting_accepted_or_given_up() -> None:
    """On day 365: begun and not built; cancelled; accepted; accepted; built and not accepted."""
    world = town()
    never = np.inf
    world.tables["projects"] = table(
        division=[0, 0, 0, 0, 0],
        begun=[300.0, 0.0, 0.0, 0.0, 0.0],
        built=[400.0, 500.0, 100.0, 200.0, 300.0],
        cancelled=[never, 200.0, never, never, never],
        accepted=[never, never, 150.0, 250.0, 390.0],
        cost=[9.0, 9.0, 3.0, 1.0, 4.0],
        condition=[1.0, 1.0, 0.9, 0.5, 0.1],
    )
    counts = {"projects_cancelled": 4.0, "days_of_asking": 30.0, "days_in_vain": 20.0}
    counts |= {"projects_begun": 10.0, "days_to_acceptance": 60.0, "projects_accepted": 4.0}
    seen = window(world, {}, counts)
    assert value("projects_under_way", seen) == 1.0
    assert value("works_waiting", seen) == 1.0
    assert value("accepted_share", seen) == pytest.approx(2 / 3)
    assert value("accepted_share_by_money", seen) == pytest.approx(4 / 8)
    assert value("works_condition", seen) == pytest.approx((3 * 0.9 + 0.5) / 4)
    assert value("projects_cancelled", seen) == pytest.approx(4.0)
    assert value("project_days_lost", seen) == pytest.approx(5.0)
    assert value("days_to_acceptance", seen) == pytest.approx(15.0)


def test_land_is_farmed_let_idle_or_acquired_as_often_as_its_unit_stands_for() -> None:
    """Weights 2 and 1: farmed 2 x 3, let 2 x 1, idle 4, acquired 2 x 1 + 2, of 16."""
    world = town()
    world.units = table(weight=[2.0, 1.0], division=[0, 0], farms=[3.0, 5.0])
    world.tables["parcels"] = table(
        unit=[0, 0, 1],
        area=[3.0, 1.0, 4.0],
        acquired=[1.0, 0.0, 2.0],
        state=[0, 1, 2],
    )
    paid = {"land_paid": 70.0, "land_standard": 100.0, "land_taken_mu": 2.0}
    seen = window(world, {}, paid)
    shares = [value(f"land_{name}_share", seen) for name in ("farmed", "let", "idle", "acquired")]
    assert shares == pytest.approx([6 / 16, 2 / 16, 4 / 16, 4 / 16])
    assert value("land_shortfall", seen) == pytest.approx(0.3)
    assert value("land_compensation", seen) == pytest.approx(35.0)
    assert value("land_taken", seen) == pytest.approx(2.0)
    assert value("family_farms", seen) == pytest.approx(11.0)


def test_water_is_drawn_over_recharge_and_its_depth_weighed_by_irrigated_land() -> None:
    world = town()
    world.tables["aquifers"] = table(land=[8.0], depth=[20.0], drip_share=[0.3])
    seen = window(world, {}, {"water_drawn": 12.0, "water_recharged": 10.0})
    assert value("water_draw_ratio", seen) == pytest.approx(1.2)
    assert value("water_depth", seen) == pytest.approx(20.0)
    assert value("drip_share", seen) == pytest.approx(0.3)


def test_without_irrigated_land_every_water_counts_the_same() -> None:
    world = many_divisions(2, 1)
    world.tables["aquifers"] = table(land=[0.0, 0.0], depth=[20.0, 40.0], drip_share=[0.0, 0.2])
    now = moment(world, YEAR)
    seen = Window(world, groups_of(world.place.divisions), now, now)
    assert value("water_depth", seen) == pytest.approx(30.0)
    assert value("drip_share", seen) == pytest.approx(0.1)
    world.tables["aquifers"] = table(land=[0.3, 0.1], depth=[20.0, 40.0], drip_share=[0.0, 0.2])
    assert value("water_depth", seen) == pytest.approx(25.0)

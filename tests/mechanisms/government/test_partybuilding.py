"""Joint councils give what both lists hold, unless their agreements are for form's sake."""

import itertools

import numpy as np
import pytest

from sim.kernel import Clock
from sim.mechanisms.government.partybuilding import HOURS, Partybuilding, matching
from sim.verify import check
from sim.verify.bench import START, bare_towns, ready, weeks
from sim.world.world import World

TOWNS = 100
COVERAGE, FORMALITY = "partybuilding.coverage", "partybuilding.formality"


def county(**settings: float) -> tuple[World, Partybuilding]:
    world = bare_towns(TOWNS, seed=6)
    world.units.residents[:] = 1_000.0
    rule = Partybuilding(settings)
    ready(world, rule)
    return world, rule


def quarter(world: World, rule: Partybuilding, years: float = 0.02) -> None:
    for clock in weeks(years):
        rule.step(world, clock)


def hours(world: World) -> float:
    return sum(float(world.units[f"matched_{name}"].sum()) for name in HOURS)


def holds(limit, kind=Partybuilding) -> bool:  # type: ignore[no-untyped-def]
    return all(verdict.holds for verdict in check(limit, kind))


@pytest.mark.parametrize(
    ("needs", "resources", "coverage", "formality"),
    [
        ((900.0, 500.0, 300.0, 600.0, 200.0), (400.0, 600.0, 500.0, 250.0, 300.0), 0.4, 0.6),
        ((1.0, 2.0), (3.0, 1.0), 0.123, 0.0),
        ((1e5,), (0.0,), 1.0, 0.5),
        ((10.0, 20.0, 30.0), (30.0, 20.0, 10.0), 0.999, 1.0),
        ((5e4,) * 5, (7e3,) * 5, 0.0005, 0.25),
    ],
)
def test_matched_is_what_both_lists_hold(needs, resources, coverage, formality):
    assert holds(matching(needs, resources, coverage, formality))


def test_full_coverage_without_formality_gives_1650_hours():
    limit = matching(coverage=1.0, formality=0.0)
    assert limit.quantities[0].expected == 1650.0
    assert holds(limit)


def test_the_limit_fails_where_needs_are_met_beyond_what_there_is():
    class Generous(Partybuilding):
        def match(self, world):
            super().match(world)
            world.units.matched_care *= 1.2

    assert not holds(matching(), Generous)


def test_the_limit_fails_where_paper_delivers():
    class Paper(Partybuilding):
        def match(self, world):
            world.levers[FORMALITY][:] /= 2.0
            super().match(world)
            world.levers[FORMALITY][:] *= 2.0

    assert not holds(matching(), Paper)


@pytest.mark.parametrize("lists", [((1.0, 2.0), (1.0,)), ((1.0,) * 6, (1.0,) * 6)])
def test_lists_go_together(lists):
    with pytest.raises(ValueError, match="choose 1 to 5"):
        matching(*lists)


def test_nothing_is_given_where_nobody_has_anything():
    world, rule = county(**{f"resource.{name}": 0.0 for name in HOURS})
    world.levers[COVERAGE][:] = 1.0
    quarter(world, rule)
    assert hours(world) == 0.0


def test_at_base_levers_nothing_is_posted_to_anybody():
    world, rule = county()
    quarter(world, rule, 1.0)
    assert hours(world) > 0.0
    for name in ("act_logit_deliberate", "act_logit_activity", "anchor_push_trust_community"):
        assert not world.people[name].any()
    assert not world.offices.extra_sessions.any()
    assert not world.units.service_hours.any()
    assert not world.units.extra_seats.any()
    assert not world.offices.report_weight.any()


def test_councils_of_a_smaller_coverage_are_among_those_of_a_larger():
    world, rule = county()
    sets = []
    for coverage in (0.0, 0.1, 0.33, 0.4, 0.8, 1.0):
        world.levers[COVERAGE][:] = coverage
        rule.match(world)
        sets.append(set(np.flatnonzero(world.units.council).tolist()))
    assert [len(some) for some in sets] == [0, 10, 33, 40, 80, 100]
    assert all(few <= many for few, many in itertools.pairwise(sets))


def test_under_full_formality_more_coverage_delivers_nothing_and_costs_paper():
    world, rule = county()
    world.levers[FORMALITY][:] = 1.0
    world.levers[COVERAGE][:] = 1.0
    quarter(world, rule)
    assert hours(world) == 0.0
    # .05 for each empty council, less .05 x .6 where there was one before
    expected = 0.05 * (1.0 - 0.6 * 0.4)
    world.offices.report_weight[:] = 0.0
    rule.write_up(world)
    assert world.offices.report_weight.mean() == pytest.approx(expected)


def test_papers_of_a_community_weigh_by_the_residents_of_its_units():
    world, rule = county()
    world.units.committee[:] = 0
    world.units.residents[:] = 1.0
    world.units.residents[1] = 99.0
    world.units.council[:] = False
    world.units.council[1] = True
    rule._paper = np.zeros(len(world.units))
    world.levers[FORMALITY][:] = 0.5
    rule.write_up(world)
    assert world.offices.report_weight[0] == pytest.approx(0.05 * 0.5 * 99.0 / 198.0)
    assert not world.offices.report_weight[1:].any()


def test_skills_become_seats_in_courses_at_twelve_hours_each():
    world, rule = county()
    world.levers[COVERAGE][:] = 1.0
    quarter(world, rule)
    world.units.extra_seats[:] = 0.0
    clock = Clock(START, begins=7.0)
    rule.step(world, clock)
    beyond = world.units.matched_skills - rule._start["matched_skills"]
    assert beyond.sum() > 0.0
    assert world.units.extra_seats == pytest.approx(beyond / 12.0)


def test_a_new_living_council_leans_its_people_and_holds_sessions():
    world, rule = county()
    world.levers[COVERAGE][:] = 1.0
    quarter(world, rule)
    fresh = world.units.council_living > 0
    fresh &= rule._start["council_living"] == 0
    assert fresh.sum() == 60
    lean = world.people.act_logit_activity
    assert lean[fresh] == pytest.approx(0.14 * 0.4)
    assert not lean[~fresh].any()
    # .4 x 200 hours for 10,000 residents, 1,000 of them here, 4.4 hours a session at half
    assert world.offices.extra_sessions[fresh] == pytest.approx(0.4 * 20.0 * 0.5 / 4.4)


def test_trust_that_councils_brought_goes_when_they_go():
    world, rule = county()
    anchors = np.zeros(TOWNS)
    for coverage in (0.4, 1.0, 0.7, 0.4):
        world.levers[COVERAGE][:] = coverage
        rule.match(world)
        rule.hold_up_trust(world)
        anchors += world.people.anchor_push_trust_community
        world.people.anchor_push_trust_community[:] = 0.0
        if coverage == 1.0:
            assert anchors.max() > 0.0
    assert anchors == pytest.approx(np.zeros(TOWNS), abs=1e-9)


def test_lists_are_matched_at_the_quarter_only():
    world, rule = county()
    steps = iter(weeks(0.5))
    rule.step(world, next(steps))
    world.levers[COVERAGE][:] = 1.0
    counts = []
    for clock in steps:
        rule.step(world, clock)
        counts.append(int(world.units.council.sum()))
    assert counts[:12] == [40] * 12
    assert counts[12:] == [100] * 13


def test_half_steps_give_the_same_hours():
    world, rule = county()
    halves, again = county()
    for clock in weeks(1.0, 7.0):
        rule.step(world, clock)
    for clock in weeks(1.0, 3.5):
        again.step(halves, clock)
    flow = "matched_care"
    given = [w.flows.by_division[flow].sum() for w in (world, halves)]
    assert given[0] == pytest.approx(given[1], rel=1e-2)  # 52 weeks, and 104 half weeks

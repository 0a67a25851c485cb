"""The shares of the ways equal the softmax of what speaks for each, luck apart from luck."""

import numpy as np
import pytest

from sim.engine.build import warm
from sim.engine.load import load
from sim.engine.run import follow
from sim.kernel import Clock, Table
from sim.mechanisms.conflict.channels import ABSENT, Channels, softmax
from sim.mechanisms.conflict.routes import (
    ACTIONS,
    AFTER_FAILURE,
    FIRST_ACTIONS,
    first_choices,
)
from sim.verify import check
from sim.verify.bench import START
from sim.world.disputes import (
    DECIDING,
    DOMAINS,
    FAILED_IN,
    FIRST,
    FOUND,
    LATENT,
    LITIGATING,
    NEGOTIATING,
    PETITIONING,
    QUEUED_TOWNSHIP,
    QUEUED_VILLAGE,
)
from sim.world.world import World
from tests.mechanisms.conflict.made_up import bring, four_errors, holds, total, town

TALKED, VILLAGE = FAILED_IN.index("talk"), FAILED_IN.index("village")


def deciding(count: int, failed_in: int = 0, domain: str = "family", **levers: float):  # type: ignore[no-untyped-def]
    """So many disputes that decide on day 1, all alike."""
    rule = Channels({})
    world = town(rule, people=max(count, 1), **levers)
    bring(world, count, DECIDING, failed_in=failed_in, domain=DOMAINS.index(domain), due=1.0)
    return world, rule


def forced(rule: Channels, action: str) -> None:
    """Nobody can choose anything else."""
    for table in (rule._first, rule._after):
        table[:] = ABSENT
        table[:, ACTIONS.index(action)] = 0.0


@pytest.mark.parametrize(
    "utilities",
    [(0.0, 0.0), (0.3, -1.2, 2.0, 0.0, 0.7), (-3.0, 1.0), (9.0, 8.0, 4.0), (0.0, -25.0)],
)
def test_shares_equal_the_softmax(utilities):
    assert holds(check(softmax(utilities), Channels))


@pytest.mark.parametrize("utilities", [(1.0,), (0.0,) * 9])
def test_a_choice_needs_two_ways_and_there_are_eight(utilities):
    with pytest.raises(ValueError, match="choose 2 to 8"):
        softmax(utilities)


def test_the_limit_fails_for_people_who_always_take_the_best():
    class Sure(Channels):
        def choose(self, world, rows):
            return np.argmax(self.utilities(world, rows), axis=1)

    assert not holds(check(softmax(), Sure))


def test_the_limit_fails_for_people_twice_as_choosy():
    class Choosy(Channels):
        def utilities(self, world, rows):
            return 2.0 * super().utilities(world, rows)

    assert not holds(check(softmax(), Choosy))


def test_the_limit_fails_where_all_ways_share_their_luck():
    class Alike(Channels):
        def choose(self, world, rows):
            luck = world.draws.gumbel("channels.choice", world.disputes.id[rows])[:, None]
            return np.argmax(self.utilities(world, rows) + luck, axis=1)

    assert not holds(check(softmax(), Alike))


def test_a_removed_way_leaves_the_choices_of_those_who_did_not_take_it():
    world, rule = deciding(3_000, TALKED)
    rows = np.arange(3_000)
    before = rule.choose(world, rows)
    village = ACTIONS.index("village")
    rule._after[TALKED, village] = ABSENT
    after = rule.choose(world, rows)
    assert np.array_equal(before[before != village], after[before != village])
    assert not np.any(after == village)


def test_removing_a_way_leaves_the_ratios_of_the_others():
    world, rule = deciding(20_000)
    rows = np.arange(20_000)
    talk, tolerate, court = (ACTIONS.index(a) for a in ("talk", "tolerate", "court"))
    before = np.bincount(rule.choose(world, rows), minlength=8)
    rule._first[:, talk] = ABSENT
    after = np.bincount(rule.choose(world, rows), minlength=8)
    ratios = [counts[court] / counts[tolerate] for counts in (before, after)]
    error = ratios[0] * np.sqrt(sum(1 / c[k] for c in (before, after) for k in (court, tolerate)))
    assert ratios[1] == pytest.approx(ratios[0], abs=4 * error)


def social(world: World, share: float, ratio: float) -> None:
    """Social organisations take this share of rooms, so many active ones against the usual."""
    table = Table(world.divisions)
    table.share, table.ratio = np.full(world.divisions, share), np.full(world.divisions, ratio)
    world.tables["social_mediation"] = table


def in_rooms(share: float, ratio: float) -> tuple[np.ndarray, int]:
    """What 20,000 disputes after talks choose, rooms being liked, and how many go social."""
    world, rule = deciding(20_000, TALKED)
    rule._after[TALKED, ACTIONS.index("rooms")] = 0.0
    social(world, share, ratio)
    rows = np.arange(20_000)
    chosen = rule.choose(world, rows)
    rule.hand_over(world, rows[chosen == ACTIONS.index("rooms")], "rooms")
    return chosen, round(total(world, "brought_social"))


def test_at_the_usual_number_of_bodies_a_split_of_rooms_changes_no_choice():
    chosen, went = in_rooms(0.1, 1.0)
    assert np.array_equal(chosen, in_rooms(0.0, 1.0)[0])
    rooms = np.count_nonzero(chosen == ACTIONS.index("rooms"))
    assert went == pytest.approx(0.1 * rooms, abs=four_errors(0.1, rooms) * rooms)


def test_an_option_split_in_two_takes_its_share_of_the_softmax():
    """Weights .9 + .1 x 3 in rooms of both kinds, of which a quarter is social."""
    base, _ = in_rooms(0.0, 1.0)
    chosen, went = in_rooms(0.1, 3.0)
    before, after = (np.mean(c == ACTIONS.index("rooms")) for c in (base, chosen))
    expected = 1.2 * before / (1.0 + 0.2 * before)
    assert after == pytest.approx(expected, abs=four_errors(expected, 20_000))
    rooms = round(after * 20_000)
    assert went == pytest.approx(rooms / 4, abs=four_errors(0.25, rooms) * rooms)
    assert np.all(chosen[base == ACTIONS.index("rooms")] == ACTIONS.index("rooms"))


def test_without_a_body_that_mediates_nobody_goes_to_one_and_others_keep_their_ratios():
    base, _ = in_rooms(0.0, 1.0)
    chosen, went = in_rooms(0.1, 0.0)
    assert went == 0
    others = base != ACTIONS.index("rooms")
    assert np.array_equal(chosen[others], base[others])


def test_one_dispute_less_leaves_what_the_others_choose():
    world, rule = deciding(500)
    chosen = rule.choose(world, np.arange(500))
    others = np.delete(np.arange(500), 17)
    assert np.array_equal(rule.choose(world, others), chosen[others])
    world.disputes.settle(np.array([17]), "talk", 1.0)
    world.disputes.sweep()
    assert np.array_equal(rule.choose(world, np.arange(499)), chosen[others])


def test_each_decision_of_a_dispute_has_luck_of_its_own():
    world, rule = deciding(500, TALKED)
    first = rule.choose(world, np.arange(500))
    world.disputes.visit[:] += 1
    assert not np.array_equal(rule.choose(world, np.arange(500)), first)


def test_ways_that_do_not_exist_are_never_taken():
    for domain, shares in FIRST_ACTIONS.items():
        world, rule = deciding(2_000, 0, domain)
        chosen = rule.choose(world, np.arange(2_000))
        assert {ACTIONS[k] for k in chosen} <= {
            action for action, share in zip(ACTIONS, shares, strict=True) if share > 0
        }
    for failed, shares in AFTER_FAILURE.items():
        world, rule = deciding(2_000, FAILED_IN.index(failed))
        chosen = rule.choose(world, np.arange(2_000))
        assert np.all(np.array(shares)[chosen] > 0.0)


def test_the_routing_tables_sum_to_one():
    for table in (FIRST_ACTIONS, AFTER_FAILURE):
        assert [sum(row) for row in table.values()] == pytest.approx([1.0] * len(table))
    assert first_choices().sum(axis=1) == pytest.approx(np.ones(15))
    # neighbours: .673 of .165 is chosen, the rest of it is tolerated until found
    tolerate, village = first_choices()[0, [0, 2]]
    assert village == pytest.approx(0.673 * 0.165)
    assert tolerate == pytest.approx(0.36 + 0.327 * 0.165)


def lean(world: World, rule: Channels, action: str) -> float:
    return float(rule.leanings(world, np.arange(1))[0, ACTIONS.index(action)])


def test_thirty_days_more_of_waiting_cost_a_logit_of_fifteen_hundredths():
    world, rule = deciding(1)
    world.tables["waits"].usual_days[:] = 40.0
    before = {action: lean(world, rule, action) for action in ACTIONS}
    assert before["village"] == before["township"] == 0.0  # nothing is longer than usual yet
    world.tables["waits"].record(np.zeros(1, int), np.array([100.0]))  # with a usual case of 40
    after = {action: lean(world, rule, action) for action in ACTIONS}
    moved = {action: after[action] - before[action] for action in ACTIONS}
    # in the bare world the village committee is the township as well
    expected = dict.fromkeys(ACTIONS, 0.0) | {"village": -0.15, "township": -0.15}
    assert moved == pytest.approx(expected)


def test_states_lean_by_standard_deviations_from_the_baseline():
    world, rule = deciding(1)
    world.tables["baseline"].moments = dict.fromkeys(world.tables["baseline"].moments, (0.5, 0.1))
    world.people.grievance[:] = 0.5
    usual = {action: lean(world, rule, action) for action in ACTIONS}
    slopes = {
        "trust_community": {"village": 0.3},
        "trust_township": {"township": 0.3, "petition": -0.25},
        "trust_city": {"rooms": 0.3, "department": 0.3},
        "trust_court": {"court": 0.3},
        "legal_awareness": {"court": 0.35, "petition": -0.1},
        "norm": {"tolerate": 0.2, "talk": 0.2, "court": -0.1, "petition": -0.1},
        "grievance": {"petition": 0.3},
    }
    for state, expected in slopes.items():
        world.people[state][:] = 0.6
        moved = {a: lean(world, rule, a) - usual[a] for a in ACTIONS}
        assert moved == pytest.approx(dict.fromkeys(ACTIONS, 0.0) | expected, abs=1e-6)
        world.people[state][:] = 0.5


def test_intense_disputes_lean_to_court_and_petition():
    world, rule = deciding(1)
    usual = {action: lean(world, rule, action) for action in ACTIONS}
    world.disputes.intensity[:] += 0.5
    moved = {a: lean(world, rule, a) - usual[a] for a in ACTIONS}
    assert moved == pytest.approx(
        dict.fromkeys(ACTIONS, 0.0) | {"court": 0.4, "petition": 0.4}, abs=1e-6
    )


def test_without_rooms_nobody_goes_there_and_twice_as_many_add_ln_two():
    world, rule = deciding(2_000, 0, "traffic")
    before = lean(world, rule, "rooms")
    world.levers["mediation.specialised_rooms"][:] = 24.0
    assert lean(world, rule, "rooms") - before == pytest.approx(np.log(2.0))
    world.levers["mediation.specialised_rooms"][:] = 0.0
    assert not np.any(rule.choose(world, np.arange(2_000)) == ACTIONS.index("rooms"))


def test_a_found_dispute_goes_to_the_village_whatever_its_luck():
    world, rule = deciding(50, FOUND)
    rule.step(world, Clock(START, begins=0.0))
    assert np.all(world.disputes.state == QUEUED_VILLAGE)
    assert np.all(world.disputes.since == 1.0)


def test_decisions_of_later_days_wait():
    world, rule = deciding(4)
    world.disputes.due[:2] = 7.0
    forced(rule, "talk")
    rule.step(world, Clock(START, begins=0.0))
    assert world.disputes.state.tolist() == [DECIDING, DECIDING, NEGOTIATING, NEGOTIATING]


def test_to_tolerate_first_is_a_term_and_after_a_failure_the_end():
    world, rule = deciding(2_000)
    forced(rule, "tolerate")
    world.disputes.failed_in[1_000:] = TALKED
    rule.step(world, Clock(START, begins=0.0))
    world.disputes.sweep()
    assert total(world, "withdrawn_dropped") == 1_000
    assert np.all(world.disputes.state == LATENT)
    terms = world.disputes.due - 1.0
    assert terms.mean() == pytest.approx(38.0, abs=4 * 38.0 / np.sqrt(1_000))
    threshold = world.disputes.hazard_left
    assert threshold.mean() == pytest.approx(1.0, abs=4 / np.sqrt(1_000))
    world.disputes.check()


def test_talks_take_thirty_days_in_the_mean():
    world, rule = deciding(2_000)
    forced(rule, "talk")
    rule.step(world, Clock(START, begins=0.0))
    days = world.disputes.due - 1.0
    assert days.mean() == pytest.approx(30.0, abs=4 * 30.0 / np.sqrt(2_000))


@pytest.mark.parametrize(
    ("action", "state"),
    [("township", QUEUED_TOWNSHIP), ("court", LITIGATING), ("petition", PETITIONING)],
)
def test_a_dispute_is_handed_over_on_the_day_of_the_decision(action, state):
    world, rule = deciding(3)
    forced(rule, action)
    rule.step(world, Clock(START, begins=0.0))
    assert np.all(world.disputes.state == state)
    assert np.all(world.disputes.since == 1.0)
    assert np.all(np.isinf(world.disputes.due))
    assert len(world.disputes.newly_in(state)) == 3


def again(world: World, rule: Channels, action: str, begins: float) -> None:
    """Every dispute fails and takes this way next."""
    forced(rule, action)
    world.disputes.fail(np.arange(len(world.disputes)), VILLAGE, begins + 1.0)
    rule.step(world, Clock(START, begins=begins))


def test_third_parties_and_escalations_are_counted_once_a_dispute():
    world, rule = deciding(10)
    for week, action in enumerate(("village", "township", "department", "court", "petition")):
        again(world, rule, action, 7.0 * week)
    assert total(world, "entered_third_party") == 10
    assert total(world, "escalated") == 10
    assert total(world, "brought_court") == total(world, "brought_petition") == 10


def test_labour_disputes_that_third_parties_enter_are_counted_apart():
    for domain, count in (("labour", 10), ("family", 0)):
        world, rule = deciding(10, domain=domain)
        again(world, rule, "village", 0.0)
        again(world, rule, "court", 7.0)
        assert total(world, "brought_labour") == count


def test_who_goes_to_court_at_once_has_not_escalated():
    world, rule = deciding(10)
    again(world, rule, "court", 0.0)
    again(world, rule, "village", 7.0)
    assert total(world, "escalated") == 0
    again(world, rule, "petition", 14.0)
    assert total(world, "escalated") == 10


@pytest.mark.parametrize("step_days", [1.0, 3.5])
def test_shorter_steps_lead_to_the_same_choices_and_days(step_days):
    results = []
    for days in (7.0, step_days):
        world, rule = deciding(400)
        world.disputes.due[:] = np.linspace(0.0, 6.99, 400)
        for number in range(round(7.0 / days)):
            rule.step(world, Clock(START, days, number * days))
        order = np.argsort(world.disputes.id)
        results.append({name: world.disputes[name][order] for name in ("state", "since", "due")})
    assert all(np.array_equal(results[0][name], results[1][name]) for name in results[0])


def test_a_choice_moves_no_column_of_a_person():
    world, rule = deciding(300)
    before = {name: world.people[name].copy() for name in world.people}
    rule.step(world, Clock(START, begins=0.0))
    assert all(np.array_equal(before[name], world.people[name]) for name in before)


def test_in_a_city_first_choices_come_out_as_the_table_says_in_every_domain():
    """Mean chances of all who decide in a year, in a city and with a seed that solved nothing."""
    scenario = load("jincheng-2020", {"scale": 0.02, "time.years": 1.0})
    running = warm(scenario, 7)
    rule = next(each for each in running.mechanisms if each.name == "channels")
    choose, noted = rule.choose, []

    def noting(world, rows):
        first = rows[world.disputes.failed_in[rows] == FIRST]
        odds = np.exp(rule.utilities(world, first))
        domains, weights = (world.disputes[name][first].copy() for name in ("domain", "weight"))
        noted.append((domains, weights, odds / odds.sum(axis=1, keepdims=True)))
        return choose(world, rows)

    rule.choose = noting
    follow(running, scenario)
    domains, weights, chances = (np.concatenate(part) for part in zip(*noted, strict=True))
    for domain, shares in enumerate(first_choices()):
        here = domains == domain
        mean = np.average(chances[here], axis=0, weights=weights[here])
        luck = 4.0 * chances[here].std(axis=0) / np.sqrt(here.sum())
        assert np.all(np.abs(mean - shares) < luck + 0.002), DOMAINS[domain]


def test_shares_of_a_choice_are_within_luck_of_their_softmax_for_one_domain():
    world, rule = deciding(20_000, 0, "debt")
    utility = rule.utilities(world, np.arange(1))[0]
    expected = np.exp(utility - utility.max())
    expected /= expected.sum()
    shares = np.bincount(rule.choose(world, np.arange(20_000)), minlength=8) / 20_000
    for share, probability in zip(shares, expected, strict=True):
        assert share == pytest.approx(probability, abs=four_errors(probability, 20_000) + 1e-12)

"""A window counts what fell between two moments, for everybody and for groups that add up."""

import numpy as np
import pytest

from sim.outcomes.window import Window, groups_of, moment, ratio
from sim.verify.bench import bare_world
from sim.world.disputes import DECIDING, LATENT


def counted(world, first_count: int, second_count: int) -> Window:  # type: ignore[no-untyped-def]
    """A window of a year over a world in which events were counted before and inside it."""
    cells, weights = world.people.cell, world.people.weight
    world.flows.add("event", cells[:first_count], weights[:first_count])
    first = moment(world, 0.0)
    world.flows.add("event", cells[:second_count], weights[:second_count])
    return Window(world, groups_of(("one",)), first, moment(world, 365.25))


def test_only_what_happened_inside_the_window_counts() -> None:
    window = counted(bare_world(1000, 1), 30, 7)
    assert window.flow("event")[0] == 7


def test_a_rate_is_per_ten_thousand_residents_and_year() -> None:
    """7 events among 1,000 residents in a year are 70 per 10,000."""
    window = counted(bare_world(1000, 1), 0, 7)
    assert window.per_10k(window.flow("event"))[0] == pytest.approx(70.0)


def test_kinds_and_classes_add_up_to_everybody() -> None:
    world = bare_world(900, 1)
    world.people.registration = (np.arange(900) % 3).astype(np.int8)
    world.people.cell = (3 + world.people.registration).astype(np.int16)
    window = counted(world, 0, 100)
    groups = groups_of(("one",))
    by = np.array([by or "all" for by in groups.by])
    flow = window.flow("event")
    for part in ("division", "kind", "registration"):
        assert flow[by == part].sum() == pytest.approx(flow[0])


def test_a_name_that_was_never_counted_is_nothing() -> None:
    assert counted(bare_world(10, 1), 0, 1).flow("unknown").sum() == 0.0


def test_a_share_of_nothing_is_undefined_and_never_zero() -> None:
    assert np.isnan(ratio(np.array([0.0]), np.array([0.0])))[0]


def test_quantiles_weigh_people() -> None:
    """Values 1 (weight 3) and 9 (weight 1): the median is 1, the 90th percentile 9."""
    world = bare_world(4, 1)
    first = moment(world, 0.0)
    cells = world.people.cell[:2]
    world.flows.sample("days", cells, np.array([9.0, 1.0]), np.array([1.0, 3.0]))
    window = Window(world, groups_of(("one",)), first, moment(world, 365.25))
    assert window.quantile("days", 0.5)[0] == 1.0
    assert window.quantile("days", 0.9)[0] == 9.0


def test_quantiles_of_a_group_are_of_its_own_values_between_the_two_moments() -> None:
    """Cell 3 is of the town and its locals, cell 2 of the city and of those from elsewhere."""
    world = bare_world(4, 1)
    cells, once = np.array([3, 3, 2]), np.ones(3)
    world.flows.sample("days", cells, np.array([1.0, 1.0, 1.0]), once)
    first = moment(world, 0.0)
    world.flows.sample("days", cells, np.array([20.0, 30.0, 70.0]), once)
    last = moment(world, 365.25)
    world.flows.sample("days", cells, np.array([900.0, 900.0, 900.0]), once)
    window = Window(world, groups_of(("one",)), first, last)
    found = dict(zip(window.groups.names, window.quantile("days", 0.9), strict=True))
    assert (found["town"], found["urban"], found["non_local"]) == (30.0, 70.0, 70.0)
    assert found[None] == 70.0
    assert np.isnan(found["rural"])


def test_the_stock_grows_by_what_is_open_at_the_end_less_what_was_at_first() -> None:
    """Two disputes at first, of weight 3, one of them never voiced; a third comes, and one ends."""
    world = bare_world(4, 1)
    weight = np.full(2, 3.0)
    world.disputes.open(id=np.arange(2), cell=[3, 3], state=[LATENT, DECIDING], weight=weight)
    first = moment(world, 0.0)
    world.disputes.open(id=np.array([7]), cell=[2], state=[DECIDING], weight=np.array([5.0]))
    world.disputes.settle(np.array([0]), "talk", 9.0)
    world.disputes.sweep()
    window = Window(world, groups_of(("one",)), first, moment(world, 365.25))
    assert window.growth()[0] == 2.0
    assert window.growth(latent_only=True)[0] == -3.0
    assert window.open_now()[0] == 8.0


def test_rates_are_over_the_mean_of_residents_at_both_ends() -> None:
    """1,000 residents at first and 500 at the end: 15 in two years are 100 per 10,000 and year."""
    world = bare_world(1000, 1)
    first = moment(world, 0.0)
    world.flows.add("event", world.people.cell[:15], np.ones(15))
    world.people.residents[:] = 0.5
    window = Window(world, groups_of(("one",)), first, moment(world, 2 * 365.25))
    assert window.usual_residents[0] == pytest.approx(750.0)
    assert window.per_10k(window.flow("event"))[0] == pytest.approx(100.0)
    assert window.residents[0] == pytest.approx(500.0)

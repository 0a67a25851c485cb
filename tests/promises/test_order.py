"""What acts first within a week matters little: an effect comes a week earlier or later."""

import sys
from collections.abc import Sequence
from types import SimpleNamespace

import numpy as np
import pytest

from promises.small import city, differing, state_of, villages
from sim.analysis.apart import apart
from sim.engine.build import Running, build
from sim.engine.order import WEEK
from sim.kernel import Mechanism
from sim.world.messages import TRANSITIONS
from tests.thinned import one_in

SEEDS = range(1, 5)
FLOWS = (
    "disputes_opened",
    "requests",
    "civil_filings_residents",
    "petitions_made",
    "withdrawn_tolerated",
    "acts_activity",
)


def touches(one: type[Mechanism], other: type[Mechanism]) -> bool:
    """Whether what one leaves behind in a week is looked at by the other."""
    given = {*one.writes, *one.adds} & {*other.reads, *other.writes}
    return bool(given) or (TRANSITIONS in one.adds and TRANSITIONS in other.adds)


def meet(one: type[Mechanism], other: type[Mechanism]) -> bool:
    return touches(one, other) or touches(other, one)


def must_come_before() -> list[set[int]]:
    """Of each mechanism of the week, by position: those it meets, those that these meet, and so on.

    Whoever is in no such chain before another may act after it.
    """
    before: list[set[int]] = []
    for later, mechanism in enumerate(WEEK):
        met = [k for k in range(later) if meet(WEEK[k], mechanism)]
        before.append(set(met).union(*(before[k] for k in met)))
    return before


BEFORE = must_come_before()
FREE = {(i, j) for j in range(len(WEEK)) for i in range(j) if i not in BEFORE[j]}


def order_with(early: int) -> tuple[int, ...]:
    """An order where one acts as early as may be, and the late ones of the week early after it.

    Positions in WEEK; everybody comes after those whom a chain puts before.
    """
    order: list[int] = []
    left = set(range(len(WEEK)))
    wanted = BEFORE[early] | {early}
    while left:
        ready = [k for k in left if not BEFORE[k] & left]
        order.append(max([k for k in ready if k in wanted] or ready))
        left.remove(order[-1])
    return tuple(order)


def reversed_pairs(order: Sequence[int]) -> set[tuple[int, int]]:
    place = {k: position for position, k in enumerate(order)}
    return {(i, j) for i, j in FREE if place[j] < place[i]}


def orders_that_reverse_all() -> list[tuple[int, ...]]:
    """A few orders of the week: each pair that may change places does so in one of them."""
    orders: list[tuple[int, ...]] = []
    left = set(FREE)
    while left:
        _, early = min(left)
        orders.append(order_with(early))
        left -= reversed_pairs(orders[-1])
    return orders


ORDERS = orders_that_reverse_all()


def exchanged(running: Running, positions: Sequence[int]) -> Running:
    """The same world, where the mechanisms at these positions act after those that follow them."""
    order = list(running.mechanisms)
    for position in positions:
        order[position : position + 2] = reversed(order[position : position + 2])
    running.mechanisms = tuple(order)
    return running


def in_order(running: Running, order: Sequence[int]) -> Running:
    assert [m.name for m in running.mechanisms] == [kind.name for kind in WEEK]
    running.mechanisms = tuple(running.mechanisms[k] for k in order)
    return running


def lived(running: Running, weeks: int) -> Running:
    for _ in range(weeks):
        running.step()
    return running


def apart_beyond_rounding(first: dict[str, np.ndarray], second: dict[str, np.ndarray]) -> list[str]:
    """What differs by more than sums do that are taken in another order."""
    return sorted(
        name
        for name in differing(first, second)
        if first[name].shape != second[name].shape
        or not np.allclose(first[name], second[name], rtol=1e-5, atol=1e-5)
    )


def made_up(reads: str = "", writes: str = "", adds: Sequence[str] = ()) -> type[Mechanism]:
    """A mechanism with these columns, a letter each."""
    named = {"name": "made_up", "reads": (*reads,), "writes": (*writes,), "adds": (*adds,)}
    return type("MadeUp", (Mechanism,), {**named, "step": lambda self, world, clock: None})


def test_two_meet_where_one_looks_at_what_the_other_leaves_or_both_pass_disputes_on() -> None:
    for one, other in (
        (made_up(writes="a"), made_up(reads="a")),
        (made_up(adds="a"), made_up(reads="a")),
        (made_up(writes="a"), made_up(writes="a")),
        (made_up(adds=[TRANSITIONS]), made_up(adds=[TRANSITIONS])),
    ):
        assert meet(one, other)
        assert meet(other, one)
    for one, other in (
        (made_up(reads="a"), made_up(reads="a")),
        (made_up(adds="a"), made_up(adds="a")),  # a sum has no order
        (made_up(reads="a", writes="b"), made_up(reads="c", writes="d")),
    ):
        assert not meet(one, other)
        assert not meet(other, one)


def test_a_chain_binds_its_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    """The third hangs on the second and that on the first; the fourth is free of all."""
    week = made_up(writes="a"), made_up(reads="a", writes="b"), made_up(reads="b"), made_up("c")
    monkeypatch.setattr(sys.modules[__name__], "WEEK", week)
    assert must_come_before() == [set(), {0}, {0, 1}, set()]


def test_a_world_takes_the_order_that_it_is_given() -> None:
    there = [SimpleNamespace(name=kind.name) for kind in WEEK]
    backwards = tuple(reversed(range(len(WEEK))))
    running = in_order(SimpleNamespace(mechanisms=tuple(there)), backwards)
    assert list(running.mechanisms) == there[::-1]
    assert reversed_pairs(backwards) == FREE
    assert reversed_pairs(range(len(WEEK))) == set()


def test_what_differs_in_length_or_beyond_rounding_is_apart() -> None:
    first = {"a": np.ones(2), "b": np.ones(2), "c": np.ones(2)}
    other = {"a": np.ones(2) + 1e-6, "b": np.ones(2) + 1e-3, "c": np.ones(3)}
    assert apart_beyond_rounding(first, other) == ["b", "c"]


def test_many_pairs_of_mechanisms_may_change_places() -> None:
    assert len(FREE) >= 50
    assert set.union(*(reversed_pairs(order) for order in ORDERS)) == FREE


def test_an_order_keeps_everybody_behind_those_they_hang_on() -> None:
    for order in ORDERS:
        place = {k: position for position, k in enumerate(order)}
        for later, before in enumerate(BEFORE):
            assert all(place[k] < place[later] for k in before)


@pytest.fixture(scope="module")
def as_usual() -> dict[str, np.ndarray]:
    return state_of(lived(build(villages(), 1), 20))


@pytest.mark.parametrize("order", one_in(3, ORDERS), ids=lambda order: WEEK[order[0]].name)
def test_pairs_that_nothing_binds_may_change_places(
    order: tuple[int, ...], as_usual: dict[str, np.ndarray]
) -> None:
    other = state_of(lived(in_order(build(villages(), 1), order), 20))
    assert apart_beyond_rounding(as_usual, other) == []


def test_a_pair_that_something_binds_may_not(as_usual: dict[str, np.ndarray]) -> None:
    """Otherwise the test above could not fail: new disputes wait a week for their first choice."""
    disputes = [kind.name for kind in WEEK].index("disputes")
    assert WEEK[disputes + 1].name == "channels"
    other = state_of(lived(exchanged(build(villages(), 1), [disputes]), 20))
    assert apart_beyond_rounding(as_usual, other) != []


@pytest.fixture(scope="module")
def usual() -> np.ndarray:
    return np.array([year(seed, ()) for seed in SEEDS]).T


def year(seed: int, positions: Sequence[int], twice: str = "") -> list[float]:
    """Flows of a year after half a year in which the order had its effect."""
    running = exchanged(build(city(), seed), positions)
    running.mechanisms += tuple(m for m in running.mechanisms if m.name == twice)
    lived(running, 26)
    flows, people = running.world.flows, running.world.people
    before = {name: float(flows.by_cell[name].sum()) for name in FLOWS}
    lived(running, 52)
    later = [float(flows.by_cell[name].sum()) - before[name] for name in FLOWS]
    here = people.alive
    return [*later, float(people.grievance[here].mean()), float(people.distress[here].mean())]


@pytest.mark.slow
@pytest.mark.parametrize("first", [0, 1])
def test_every_second_pair_changed_over_moves_no_flow_by_a_tenth(
    usual: np.ndarray, first: int
) -> None:
    """Both together reverse every pair of neighbours once."""
    pairs = range(first, len(WEEK) - 1, 2)
    other = np.array([year(seed, pairs) for seed in SEEDS]).T
    names = (*FLOWS, "grievance", "distress")
    found = dict(zip(names, apart(other, usual, paired=True), strict=True))
    assert {name: far for name, far in found.items() if far >= 0.10} == {}


@pytest.mark.slow
def test_a_mechanism_that_acts_twice_a_week_would_be_noticed(usual: np.ndarray) -> None:
    """Otherwise the test above could not fail."""
    other = np.array([year(seed, (), "participation") for seed in SEEDS]).T
    far = dict(zip(FLOWS, apart(other, usual, paired=True), strict=False))
    assert far["acts_activity"] > 0.10

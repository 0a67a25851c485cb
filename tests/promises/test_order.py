"""What acts first within a week matters little: an effect comes a week earlier or later."""

from collections.abc import Sequence
from itertools import pairwise

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


STRANGERS = [
    position
    for position, (one, other) in enumerate(pairwise(WEEK))
    if not touches(one, other) and not touches(other, one)
]


def exchanged(running: Running, positions: Sequence[int]) -> Running:
    """The same world, where the mechanisms at these positions act after those that follow them."""
    order = list(running.mechanisms)
    for position in positions:
        order[position : position + 2] = reversed(order[position : position + 2])
    running.mechanisms = tuple(order)
    return running


def lived(running: Running, weeks: int) -> Running:
    for _ in range(weeks):
        running.step()
    return running


def test_some_neighbours_in_the_week_have_nothing_to_do_with_each_other() -> None:
    assert len(STRANGERS) >= 5


@pytest.mark.parametrize(
    "position", one_in(5, STRANGERS), ids=lambda k: f"{WEEK[k].name} {WEEK[k + 1].name}"
)
def test_neighbours_that_share_no_column_may_change_places(position: int) -> None:
    here, there = (lived(running, 20) for running in (
        build(villages(), 1), exchanged(build(villages(), 1), [position])
    ))  # fmt: skip
    first, second = state_of(here), state_of(there)
    for name in differing(first, second):  # what both post to is summed in another order
        assert np.allclose(first[name], second[name], rtol=1e-5, atol=1e-5), name


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

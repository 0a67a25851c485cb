"""Every flow that an outcome asks for is written by some mechanism."""

import numpy as np
import pytest

from sim.engine.build import warm
from sim.engine.load import load
from sim.outcomes import CATALOGUE, Window, groups_of, moment
from sim.world.disputes import REASONS
from sim.world.flows import Flows

YEAR = {"scale": 0.005, "time.years": 1}


class Listening(Window):
    """A window that notes what it was asked for."""

    def __init__(self, *parts: object) -> None:
        super().__init__(*parts)  # type: ignore[arg-type]
        self.cells: set[str] = set()
        self.divisions: set[str] = set()
        self.samples: set[str] = set()

    def flow(self, name: str) -> np.ndarray:
        self.cells.add(name)
        return super().flow(name)

    def division_flow(self, name: str) -> np.ndarray:
        self.divisions.add(name)
        return super().division_flow(name)

    def quantile(self, name: str, share: float) -> np.ndarray:
        self.samples.add(name)
        return super().quantile(name, share)


@pytest.fixture(scope="module")
def listened() -> Listening:
    """A year of the smallest Jincheng, with every outcome read off it."""
    scenario = load("jincheng-2020", YEAR)
    running = warm(scenario, 4)
    first = moment(running.world, running.clock.begins)
    for _ in range(52):
        running.step()
    last = moment(running.world, running.clock.begins)
    window = Listening(running.world, groups_of(tuple(scenario.place.divisions)), first, last)
    for outcome in CATALOGUE.values():
        outcome.formula(window)
    return window


def test_every_flow_that_outcomes_ask_for_was_written(listened: Listening) -> None:
    flows: Flows = listened.world.flows
    assert len(listened.cells) > 20
    assert listened.cells - flows.by_cell.keys() == set()
    assert listened.divisions - flows.by_division.keys() == set()
    assert listened.samples - flows.samples.keys() == set()


def test_what_outcomes_ask_for_happened_within_two_years(listened: Listening) -> None:
    flows = listened.world.flows
    never = {name for name in listened.cells if flows.by_cell[name].sum() <= 0.0}
    # of a hundred cases of communities less than one runs out of time, and so small a city has less
    # than one issue a year
    rare = {name for name in never if name.startswith(("collective_", "answered_", "issues_"))}
    assert never - rare - {"timed_out_community"} == set()


def test_flows_say_nothing_negative(listened: Listening) -> None:
    flows = listened.world.flows
    for totals in (flows.by_cell, flows.by_division):
        assert {name for name, total in totals.items() if np.any(total < 0.0)} == set()


def test_third_parties_bring_escalations_and_ends_close_the_books(listened: Listening) -> None:
    total = {name: cells.sum() for name, cells in listened.world.flows.by_cell.items()}
    disputes = listened.world.disputes
    still_open = disputes.weight.astype(float).sum()
    withdrawn = sum(total.get(f"withdrawn_{reason}", 0.0) for reason in REASONS)
    assert total["disputes_opened"] == pytest.approx(
        total["disputes_settled"] + withdrawn + still_open
    )
    assert total["escalated"] < total["entered_third_party"]
    where = ("talk", "village", "township", "rooms", "department", "prelitigation", "court")
    settled = sum(total[f"settled_{place}"] for place in (*where, "petition"))
    settled += total.get("settled_collective", 0.0)
    assert settled == pytest.approx(total["disputes_settled"])
    assert total["petitions_recorded"] + total["petitions_prevented"] == pytest.approx(
        total["petitions_made"]
    )
    disputes.check()

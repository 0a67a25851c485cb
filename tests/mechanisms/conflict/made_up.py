"""Small worlds with disputes in them, for the tests of the conflict side."""

import numpy as np

from sim.kernel import Clock, Mechanism
from sim.mechanisms.conflict.disputes import Disputes as DisputesRule
from sim.verify.bench import START, bare_world, ready
from sim.world.world import World


def town(rule: Mechanism, people: int = 100, seed: int = 1, **levers: float) -> World:
    """A bare world that the rule is ready for, with levers in force (dots written as __)."""
    world = bare_world(people, seed)
    world.tables["settings"] = {
        f"disputes.{name}": parameter.default for name, parameter in DisputesRule.ledger().items()
    }
    world.offices["sessions"] = np.array([60.0, 0.0])
    world.offices["skill"] = np.zeros(2)
    for name, value in levers.items():
        world.levers[name.replace("__", ".")][:] = value
    ready(world, rule)
    return world


def bring(world: World, count: int, state: int, first: int = 1, **columns) -> np.ndarray:  # type: ignore[no-untyped-def]
    """Open disputes in a state, numbered from `first` on; each its own person. Returns the rows.

    Every dispute starts on day 0 unless `since` says otherwise, with the mean intensity.
    """
    number = np.arange(count)
    before = len(world.disputes)
    given = {
        "person": number % len(world.people),
        "intensity": np.full(count, 0.4),
        "since": np.zeros(count),
        "weight": np.ones(count),
        "domain": np.zeros(count),
    } | {name: np.broadcast_to(values, count) for name, values in columns.items()}
    world.disputes.open(id=first + number, state=np.full(count, state), **given)
    return before + number


def step(rule: Mechanism, world: World, until: float, step_days: float = 7.0) -> None:
    """Run a rule alone from day 0 until a day; ended disputes leave the table after each step."""
    for number in range(round(until / step_days)):
        rule.step(world, Clock(START, step_days, number * step_days))
        world.disputes.sweep()


def leanings_seen(monkeypatch, module: str) -> list[float]:  # type: ignore[no-untyped-def]
    """Takes the logit of the first chance that this module settles by; it settles nothing then."""
    found: list[float] = []

    def noting(world, rows, level, chances):  # type: ignore[no-untyped-def]
        found.append(float(np.log(chances[0] / (1.0 - chances[0]))))
        return np.zeros(len(chances), bool)

    monkeypatch.setattr(f"sim.mechanisms.{module}.settles", noting)
    return found


def total(world: World, flow: str) -> float:
    """What a flow counted, by cells and divisions."""
    return float(
        world.flows.by_cell.get(flow, np.zeros(1)).sum()
        + world.flows.by_division.get(flow, np.zeros(1)).sum()
    )


def holds(verdicts) -> bool:  # type: ignore[no-untyped-def]
    """Whether every quantity of a limit holds."""
    return all(verdict.holds for verdict in verdicts)


def four_errors(share: float, count: float) -> float:
    """Four standard errors of a share among so many."""
    return float(4.0 * np.sqrt(share * (1.0 - share) / count))

"""Many equal offices side by side, fed with Poisson arrivals: what queue theory speaks about."""

from typing import Any

import numpy as np

from sim.kernel import Mechanism
from sim.verify.bench import bare_world, ready, weeks
from sim.world import queues
from sim.world.disputes import QUEUED_VILLAGE
from sim.world.world import World

OFFICES = 200
CASES = 12_000  # after the burn-in, in all offices together
NEVER = 1e9


def offices_world(seed: int, sessions: float) -> World:
    """A bare world with many village committees, each with a unit of its own."""
    world = bare_world(OFFICES, seed)
    offices, units = world.offices, world.units
    for table in (offices, units):
        for name in list(table):
            values = np.repeat(table[name][:1], OFFICES)
            table._columns[name] = values
        object.__setattr__(table, "_rows", OFFICES)
    units.committee = np.arange(OFFICES, dtype=np.int32)
    offices.sessions = np.full(OFFICES, sessions)
    world.office_of = {"rooms": np.zeros(1, int), "department": np.zeros(1, int)}
    world.tables["waits"].__init__(np.zeros(OFFICES))
    return world


def simulate_offices(
    mechanism: type[Mechanism],
    seed: int,
    servers: int,
    arrivals_per_year: float,
    service_per_year: float,
    step_days: float,
    discipline: str,
) -> dict[str, float]:
    """Mean wait before the first hearing and mean number of cases not yet begun."""
    rule: Any = mechanism({"hearings_mean": 2.0})
    rule.limit_days = NEVER
    world = offices_world(seed, 2.0 * service_per_year * servers)
    ready(world, rule)
    if discipline == "own":
        free = np.full((OFFICES, servers), -1e9)
        rates = np.full((OFFICES, servers), service_per_year / 365.25)
        rule.servers = lambda world: (queues.serve_own, free, rates)
    slack = servers * service_per_year - arrivals_per_year
    burn_years = 12.0 * servers * service_per_year / slack**2 + 3.0 / service_per_year
    years = burn_years + CASES / OFFICES / arrivals_per_year
    seen = Seen(burn_years * 365.25)
    rule.leave = lambda world, rows, at, heard: seen.leave(world, rows)
    drawn = np.random.Generator(np.random.Philox(key=world.draws.key("limit.arrivals")))
    for clock in weeks(years, step_days):
        arrive(world, drawn, clock.begins, clock.ends, arrivals_per_year)
        rule.step(world, clock)
        seen.look(world, clock.ends)
    return {"mean_wait_days": seen.mean_wait(), "mean_queue": seen.waiting / seen.looks / OFFICES}


def arrive(
    world: World, drawn: np.random.Generator, begins: float, ends: float, rate: float
) -> None:
    """Cases come to all offices as Poisson streams."""
    count = drawn.poisson(rate * OFFICES * (ends - begins) / 365.25)
    at = np.sort(drawn.uniform(begins, ends, count))
    office = drawn.integers(0, OFFICES, count)
    first = int(world.disputes.accounts["opened"].sum())
    world.disputes.open(
        id=first + np.arange(count),
        person=office,
        unit=office,
        state=np.full(count, QUEUED_VILLAGE),
        since=at,
        due=at,
        weight=np.ones(count),
    )


class Seen:
    """What an observer of the offices notes after the burn-in."""

    def __init__(self, burn_days: float) -> None:
        self.burn_days = burn_days
        self.waits: list[np.ndarray] = []
        self.waiting = 0.0
        self.looks = 0

    def leave(self, world: World, rows: np.ndarray) -> None:
        """Cases leave: note how long they waited before the first hearing."""
        disputes = world.disputes
        counted = rows[disputes.since[rows] >= self.burn_days]
        self.waits.append(disputes.begun[counted] - disputes.since[counted])
        disputes.withdraw(rows, "dropped")

    def look(self, world: World, day: float) -> None:
        """Count the cases whose first hearing lies in the future."""
        if day >= self.burn_days:
            self.waiting += float((world.disputes.begun > day).sum())
            self.looks += 1

    def mean_wait(self) -> float:
        """The mean wait in days of the cases that came after the burn-in."""
        return float(np.concatenate(self.waits).mean())

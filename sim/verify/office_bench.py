"""Many equal offices side by side, fed with Poisson arrivals: what queue theory speaks about."""

import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from sim.kernel import Clock, Mechanism, Table
from sim.verify.bench import START, bare_world, ready
from sim.world import queues
from sim.world.disputes import QUEUED_VILLAGE
from sim.world.waits import Waits
from sim.world.world import World

OFFICES = 400
CASES = 12_000  # observed in all offices together
NEVER = 1e9
LONGEST_YEARS = 20.0
VILLAGE_KIND, COMMUNITY_KIND = 0, 1


def offices_world(seed: int, sessions: float, exact: bool = True) -> World:
    """A bare world with many committees that hold so many sessions a year, one person under each.

    With `exact` they are villages, simulated case by case, else communities in the fluid mode.
    """
    world = bare_world(OFFICES, seed)
    rows = np.zeros(OFFICES, int)
    for table in ("offices", "units"):
        old = getattr(world, table)
        setattr(world, table, Table(OFFICES, **{name: old[name][rows] for name in old}))
    kind = VILLAGE_KIND if exact else COMMUNITY_KIND
    world.offices.kind = np.full(OFFICES, kind, np.int8)
    world.offices.exact = np.full(OFFICES, exact)
    world.offices.residents = np.ones(OFFICES)
    world.offices.sessions = np.full(OFFICES, sessions)
    world.units.kind = np.full(OFFICES, 1 if exact else 0, np.int8)
    world.people.kind = world.units.kind.copy()
    world.people.unit = np.arange(OFFICES, dtype=np.int32)
    world.units.committee = np.arange(OFFICES, dtype=np.int32)
    world.office_of = {name: np.zeros(1, int) for name in world.office_of}
    world.tables["waits"] = Waits(np.zeros(OFFICES))
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
    """Mean wait before the first hearing and mean number of cases not yet begun.

    Offices start with as many cases as theory expects of a random moment, and are observed after
    the time in which a queue forgets its start: what a faulty rule does has come to show by then.
    """
    rule: Any = mechanism({"hearings_mean": 2.0})
    rule.limit_days = NEVER
    world = offices_world(seed, 2.0 * service_per_year * servers)
    ready(world, rule)
    if discipline == "own":
        free = np.full((OFFICES, servers), -1e9)
        rates = np.full((OFFICES, servers), service_per_year / 365.25)
        rule.servers = lambda world: (queues.serve_own, free, rates)
    whole = servers if discipline == "own" else 1
    capacity = servers * service_per_year
    forgets = 1.0 / (math.sqrt(capacity) - math.sqrt(arrivals_per_year)) ** 2
    stream = Stream(world, arrivals_per_year)
    stream.start(whole, capacity)
    forgets = min(forgets, LONGEST_YEARS)
    seen = observe(world, rule, stream, forgets, forgets, step_days)
    queue = seen.waiting / seen.looks / OFFICES
    return {"mean_wait_days": seen.mean("wait"), "mean_queue": queue}


def simulate_deadline(
    mechanism: type[Mechanism],
    seed: int,
    sessions_per_year: float,
    arrivals_per_year: float,
    limit_days: float,
    step_days: float,
    exact: bool,
) -> dict[str, float]:
    """The share of cases that run out of time, and the mean days that a case stays."""
    rule: Any = mechanism({"hearings_mean": 2.0, "limit_days": limit_days})
    world = offices_world(seed, sessions_per_year, exact)
    ready(world, rule)
    world.offices.load = np.full(OFFICES, float(arrivals_per_year))
    stream = Stream(world, arrivals_per_year)
    forgets = forgotten(sessions_per_year / 2.0, arrivals_per_year, limit_days / 365.25)
    seen = observe(world, rule, stream, forgets, 2.0 * limit_days / 365.25, step_days)
    return {"timed_out_share": 1.0 - seen.mean("heard"), "mean_days": seen.mean("days")}


def forgotten(rate: float, arrivals: float, limit: float) -> float:
    """Years after which offices that were empty at first are as at any moment.

    The work ahead relaxes as in M/M/1, or as a diffusion between 0 and the limit if that is faster.
    """
    apart = max(abs(math.sqrt(rate) - math.sqrt(arrivals)), 1e-6)
    relaxes = min(1.0 / apart**2, (limit * rate) ** 2 / (2.0 * arrivals))
    return 5.0 * limit + 3.0 * min(relaxes, LONGEST_YEARS)


class Stream:
    """Cases that come to all offices as Poisson streams."""

    def __init__(self, world: World, rate: float) -> None:
        self.world, self.rate = world, rate
        self._drawn = np.random.Generator(np.random.Philox(key=world.draws.key("limit.arrivals")))

    def start(self, servers: int, capacity: float) -> None:
        """Cases that are there at the start: as many as in M/M/c at a random moment."""
        load = self.rate / capacity
        most = servers + math.ceil(math.log(1e-9) / math.log(load))
        growth = [self.rate / (capacity / servers * min(n, servers)) for n in range(1, most + 1)]
        chances = np.cumprod([1.0, *growth])
        counts = np.searchsorted(
            np.cumsum(chances) / chances.sum(), self._drawn.uniform(size=OFFICES)
        )
        office = np.repeat(np.arange(OFFICES), counts)
        self._bring(office, np.linspace(-1e-3, -1e-6, len(office)))

    def flow(self, begins: float, ends: float) -> None:
        """The cases of one step."""
        count = self._drawn.poisson(self.rate * OFFICES * (ends - begins) / 365.25)
        at = np.sort(self._drawn.uniform(begins, ends, count))
        self._bring(self._drawn.integers(0, OFFICES, count), at)

    def _bring(self, office: np.ndarray, at: np.ndarray) -> None:
        disputes, count = self.world.disputes, len(office)
        first = int(disputes.accounts["opened"].sum())
        disputes.open(
            id=first + np.arange(count),
            person=office,
            unit=office,
            state=np.full(count, QUEUED_VILLAGE),
            since=at,
            weight=np.ones(count),
        )


class Seen:
    """What an observer notes of the cases that came between two days."""

    def __init__(self, first_day: float, last_day: float) -> None:
        self.first_day, self.last_day = first_day, last_day
        self.cases: dict[str, list[np.ndarray]] = {"wait": [], "days": [], "heard": []}
        self.waiting, self.looks = 0.0, 0

    def leave(self, world: World, rows: np.ndarray, at: np.ndarray, heard: np.ndarray) -> None:
        """Cases leave: how long they waited before the first hearing, and stayed in all."""
        disputes = world.disputes
        since = disputes.since[rows]
        counted = (since >= self.first_day) & (since < self.last_day)
        self.cases["wait"].append((disputes.begun[rows] - since)[counted])
        self.cases["days"].append((at - since)[counted])
        self.cases["heard"].append(heard[counted])
        disputes.withdraw(rows, "dropped")

    def look(self, world: World, day: float) -> None:
        """Count the cases whose first hearing lies in the future."""
        self.waiting += float((world.disputes.begun > day).sum())
        self.looks += 1

    def mean(self, what: str) -> float:
        """The mean over the cases that were counted."""
        return float(np.concatenate(self.cases[what]).mean())


def observe(
    world: World,
    rule: Any,
    stream: Stream,
    burn_years: float,
    least_years: float,
    step_days: float,
) -> Seen:
    """Feed the offices, count the cases that come after the burn-in, and wait until all have left.

    Without that wait the longest cases would be missing from the means.
    """
    burn = math.ceil(burn_years * 365.25 / step_days)
    years = max(least_years, min(CASES / OFFICES / stream.rate, LONGEST_YEARS))
    window = max(2, math.ceil(years * 365.25 / step_days))
    seen = Seen(burn * step_days, (burn + window) * step_days)
    rule.leave = seen.leave
    for number, clock in enumerate(_steps(step_days)):
        if number < burn + window:
            stream.flow(clock.begins, clock.ends)
        rule.step(world, clock)
        world.disputes.sweep()
        if burn <= number < burn + window:
            seen.look(world, clock.ends)
        if number >= burn + window and not len(world.disputes):
            break
    return seen


def _steps(step_days: float) -> Iterator[Clock]:
    """Steps from the start on, for a hundred years at most."""
    for number in range(round(100.0 * 365.25 / step_days)):
        yield Clock(START, step_days, number * step_days)

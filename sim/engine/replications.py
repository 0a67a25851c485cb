"""Replications of several scenarios on common random numbers, in parallel, kept as they finish.

A replication is one seed: the city is built and warmed up once and every scenario runs on a copy,
so that they meet the same people and the same luck. What a store holds already is read, not run.
A run that fails becomes a `Failure`; the others go on.
"""

import contextlib
import operator
import traceback
from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import dataclass, field, replace
from types import TracebackType
from typing import TYPE_CHECKING, Any

from sim.engine.workers import Died, Workers, cores
from sim.kernel.fault import ScenarioError, ShiyuError, in_a_line

if TYPE_CHECKING:
    import pandas as pd

    from sim.engine.run import RunResult
    from sim.scenario import Scenario
    from sim.store import Store

Progress = Callable[[int, int], None]
MOST_SEED = 2**63 - 1


@dataclass(frozen=True)
class Replication:
    """One seed and the scenarios that are still to run on it."""

    number: int
    seed: int
    scenarios: "tuple[Scenario, ...]"


@dataclass(frozen=True)
class Failure:
    """A run that came to nothing, and why."""

    scenario: str
    seed: int
    reason: str
    traceback: str = ""
    draw: int | None = None  # of the parameters, where these were drawn


@dataclass
class Replicated:
    """What so many replications came to; runs in the order of their seeds, then of scenarios."""

    runs: "dict[tuple[int, int], RunResult]" = field(default_factory=dict)
    failures: dict[tuple[int, int], Failure] = field(default_factory=dict)
    reused: int = 0

    def in_order(self, numbers: Container[int] | None = None) -> "list[RunResult]":
        """The finished runs (of these replications), whatever order they were finished in."""
        return [self.runs[key] for key in sorted(self.runs) if numbers is None or key[0] in numbers]

    def failed(self) -> list[Failure]:
        """The failures, in the same order."""
        return [self.failures[key] for key in sorted(self.failures)]

    def outcomes(self, numbers: Container[int] | None = None) -> "pd.DataFrame":
        """One row a run, outcome and group: scenario, seed, outcome, by, group, value, unit."""
        return outcomes_of(self.in_order(numbers))

    def trajectories(self) -> "pd.DataFrame":
        """One row a run, step and outcome with a curve: scenario, seed, date, outcome, value."""
        parts = [(run, run.trajectory.drop(columns="day")) for run in self.in_order()]
        return _stacked([(run, frame.melt("date", var_name="outcome")) for run, frame in parts])


def replication_seeds(seed: int, numbers: Iterable[int]) -> list[int]:
    """The seeds of replications 0, 1, 2, ... under a master seed: by name, so never by order.

    Raises ShiyuError when the master seed is not a whole number from 0 to 2**63 - 1.
    """
    from sim.kernel.draws import entity_ids

    master = check_seed(seed)
    return [int(entity_ids("replication", master, number)) >> 1 for number in numbers]


def check_seed(seed: object) -> int:
    """The seed as a whole number; refuses what is none, and what would not fit the hash."""
    try:
        number = operator.index(seed)  # type: ignore[arg-type]
    except TypeError:
        number = -1
    if isinstance(seed, bool) or not 0 <= number <= MOST_SEED:
        raise ShiyuError(f"seed {seed!r}: must be a whole number from 0 to {MOST_SEED}")
    return number


class Replicating:
    """Runs replications of these scenarios; a context manager that holds the processes."""

    def __init__(
        self,
        scenarios: "Sequence[Scenario]",
        seed: int,
        *,
        workers: int | None = None,
        store: "Store | None" = None,
        settings: dict[str, Any] | None = None,
    ) -> None:
        # All outcomes are kept, whichever are asked for: the run's id does not depend on them.
        self.scenarios = tuple(replace(scenario, outcomes=None) for scenario in scenarios)
        self.seed = seed
        self.store = store
        self.settings = settings or {}
        self.found = Replicated()
        count = 1 if runs_only_here(self.scenarios) else workers or cores()
        self._workers = Workers(run_replication, count)

    def __enter__(self) -> "Replicating":
        """Itself."""
        self._workers.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """End the processes and write the store's catalogue, also after Ctrl-C."""
        self._workers.__exit__(kind, error, traceback)
        if self.store is not None:
            self.store.__exit__(kind, error, traceback)

    def run(self, numbers: Sequence[int], progress: Progress | None = None) -> Replicated:
        """Run these replications; what has been found so far, with theirs.

        Raises ScenarioError when a scenario turns out to be unusable as the city is built.
        """
        waiting = []
        for number, seed in zip(numbers, replication_seeds(self.seed, numbers), strict=True):
            missing = tuple(s for s in self.scenarios if not self._reuse(number, s, seed))
            if missing:
                waiting.append(Replication(number, seed, missing))
        done = len(numbers) - len(waiting)
        self._tell(progress, done, len(numbers))
        with contextlib.closing(self._workers.completed(waiting)) as completed:
            for replication, results in completed:
                self._keep(replication, results)
                done += 1
                self._tell(progress, done, len(numbers))
        return self.found

    def _reuse(self, number: int, scenario: "Scenario", seed: int) -> bool:
        """Whether the store has this run; if so, it is taken."""
        if self.store is None:
            return False
        from sim.engine.kept import stored_whole

        result = stored_whole(self.store, scenario, seed, self.store.path)
        if result is None:
            return False
        key = number, self.scenarios.index(scenario)
        self.found.runs[key] = result
        self.found.reused += 1
        return True

    def _keep(self, replication: Replication, results: "list[RunResult | Failure] | Died") -> None:
        """Note what a replication came to; finished runs are on the disk when this returns."""
        from sim.engine.kept import timed

        if isinstance(results, Died):
            reason = results.reason
            results = [Failure(s.name, replication.seed, reason) for s in replication.scenarios]
        for scenario, result in zip(replication.scenarios, results, strict=True):
            key = replication.number, self.scenarios.index(scenario)
            if isinstance(result, Failure):
                self.found.failures[key] = result
                continue
            self.found.runs[key] = result
            if self.store is not None:
                document = timed(result) | {"settings": self.settings}
                self.store.save(document, result.outcomes, result.trajectory)

    @staticmethod
    def _tell(progress: Progress | None, done: int, total: int) -> None:
        if progress is not None:
            progress(done, total)


def run_replication(replication: Replication) -> "list[RunResult | Failure]":
    """Every scenario of a replication on the same warm city; in a worker process.

    When one of them breaks, each is tried alone, so that a failure costs its own run only.
    """
    from sim.engine.run import replicate

    if len(replication.scenarios) > 1:
        with contextlib.suppress(Exception):  # the tries below tell what it was
            return list(replicate(list(replication.scenarios), replication.seed))
    return [_alone(scenario, replication.seed) for scenario in replication.scenarios]


def _alone(scenario: "Scenario", seed: int) -> "RunResult | Failure":
    from sim.engine.run import replicate

    try:
        return replicate([scenario], seed)[0]
    except ScenarioError:
        raise  # a fault of the input, alike for every seed
    except Exception as error:
        reason = in_a_line(error)
        return Failure(scenario.name, seed, reason, traceback.format_exc())


def runs_only_here(scenarios: "Iterable[Scenario]") -> bool:
    """Whether a mechanism was made in the user's own script, which no other process can see."""
    return any(
        str(mechanism).startswith("__main__:")
        for scenario in scenarios
        for mechanism in scenario.user_mechanisms
    )


def outcomes_of(runs: "Iterable[RunResult]") -> "pd.DataFrame":
    """One row a run, outcome and group: scenario, seed, outcome, by, group, value, unit."""
    return _stacked([(run, run.outcomes) for run in runs])


def _stacked(frames: "list[tuple[RunResult, pd.DataFrame]]") -> "pd.DataFrame":
    """Frames under each other, each row with its run's scenario and seed in front."""
    import pandas as pd

    parts = []
    for run, frame in frames:
        part = frame.copy()
        part.insert(0, "scenario", run.scenario)
        part.insert(1, "seed", run.seed)
        parts.append(part)
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()

"""Runs every scenario of a comparison under draws of the parameters, on common random numbers.

Each draw has the seeds of the comparison's first replications. A run that the store has is read,
one that fails is told of with its draw; the others go on. Only paired differences are held, so
that memory does not grow with the runs.
"""

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from sim.engine.load import load
from sim.engine.replications import (
    Failure,
    Replication,
    outcomes_of,
    replication_seeds,
    run_replication,
    runs_only_here,
)
from sim.engine.uncertain import Uncertain, drawn, uncertain_parameters
from sim.engine.workers import Died, Workers, cores
from sim.kernel.fault import ScenarioError
from sim.scenario.written import nested

if TYPE_CHECKING:
    import pandas as pd

    from sim.analysis.pairs import Pairs
    from sim.engine.plan import Plan
    from sim.engine.run import RunResult
    from sim.scenario import Scenario
    from sim.store import Store

Progress = Callable[[int, int], None]
_DRAWS_AT_ONCE = 8  # scenarios of so many are held


@dataclass
class Drawn:
    """What the draws of parameters gave.

    Attributes:
        uncertain: the parameters that were drawn.
        stated: those that a scenario states, which were not.
        values: each draw's values by name; draws count from 1, in this order.
        replications: seeds a draw.
        pairs: what `sim.analysis.pairs.pair_up` makes of each draw's finished runs, by draw.
        failures: runs that came to nothing, with their draw.
        reused: runs that were read.
    """

    uncertain: dict[str, Uncertain]
    stated: tuple[str, ...]
    values: list[dict[str, float]]
    replications: int
    pairs: "dict[int, list[Pairs]]" = field(default_factory=dict)
    failures: list[Failure] = field(default_factory=list)
    reused: int = 0

    @property
    def draws_failed(self) -> list[int]:
        """The draws of which a run failed."""
        return sorted({failure.draw for failure in self.failures if failure.draw is not None})


def under_draws(
    table: "pd.DataFrame",
    scenarios: "Sequence[Scenario]",
    plan: "Plan",
    store: "Store | None",
    settings: Mapping[str, Any] | None = None,
    progress: Progress | None = None,
) -> "tuple[pd.DataFrame, Drawn, pd.DataFrame | None]":
    """A comparison's table with the signs that hold, the draws, and all that the draws say."""
    from sim.analysis.robustness import robustness

    counts = plan.uncertainty or 0, plan.draw_replications, plan.seed
    how: dict[str, Any] = {"workers": plan.workers, "store": store, "progress": progress}
    drawn = run_draws(scenarios, *counts, settings=dict(settings or {}), **how)
    if not len(table):
        return table, drawn, None
    found = robustness(drawn.pairs, table, drawn.replications)
    return table.assign(sign_share=found["sign_share"].to_numpy()), drawn, found


def run_draws(
    scenarios: "Sequence[Scenario]",
    count: int,
    replications: int,
    seed: int,
    *,
    workers: int | None = None,
    store: "Store | None" = None,
    settings: dict[str, Any] | None = None,
    progress: Progress | None = None,
) -> Drawn:
    """Run so many draws of the parameters; the first scenario is the baseline.

    Args:
        scenarios: with the parameters as assumed.
        count: how many draws.
        replications: seeds a draw, the first of the master seed's.
        seed: the master seed, of the draws too.
        workers: how many processes; all cores by default. The values do not depend on it.
        store: where runs are kept and found.
        settings: what the runs' documents say was set.
        progress: called with replications done and planned.
    """
    whole = [replace(scenario, outcomes=None) for scenario in scenarios]
    uncertain, stated = uncertain_parameters(whole)
    values = drawn(list(uncertain.values()), count, seed)
    found = Drawn(uncertain, stated, values, replications)
    running = _Running(whole, found, replication_seeds(seed, range(replications)), store)
    running.settings = settings or {}
    total = count * replications
    processes = 1 if runs_only_here(whole) else workers or cores()
    with contextlib.ExitStack() as stack:
        if store is not None:
            stack.enter_context(store)
        pool = stack.enter_context(Workers(run_drawn, processes))
        for batch in running.batches(max(_DRAWS_AT_ONCE, 2 * processes)):
            with contextlib.closing(pool.completed(batch)) as completed:
                for replication, results in completed:
                    running.keep(replication, results)
                    if progress is not None:
                        progress(running.done, total)
    if progress is not None:
        progress(total, total)
    found.failures.sort(key=lambda failure: (failure.draw or 0, failure.seed, failure.scenario))
    return found


def run_drawn(replication: Replication) -> "list[RunResult | Failure]":
    """A replication under one draw, in a worker process.

    A city that cannot be built of the draw's numbers costs that draw only.
    """
    try:
        return run_replication(replication)
    except ScenarioError as error:
        reason = str(error).splitlines()[0]
        return [Failure(one.name, replication.seed, reason) for one in replication.scenarios]


class _Running:
    """Draws on their way: which runs are there, and pairs of those that are complete."""

    def __init__(
        self,
        scenarios: "Sequence[Scenario]",
        found: Drawn,
        seeds: Sequence[int],
        store: "Store | None",
    ) -> None:
        self.scenarios, self.found, self.seeds, self.store = scenarios, found, seeds, store
        self.settings: dict[str, Any] = {}
        self.done = 0
        self._runs: dict[int, list[RunResult]] = {}
        self._missing: dict[int, int] = {}

    def batches(self, draws_at_once: int) -> Iterator[list[Replication]]:
        """What is to be run, a few draws at a time; what the store has is taken on the way."""
        numbers = range(1, len(self.found.values) + 1)
        for first in numbers[::draws_at_once]:
            draws = range(first, min(first + draws_at_once, len(numbers) + 1))
            yield [one for draw in draws for one in self._waiting(draw)]

    def _waiting(self, draw: int) -> Iterator[Replication]:
        """The replications of one draw that are to be run."""
        self._runs[draw], self._missing[draw] = [], len(self.seeds)
        values = self.found.values[draw - 1]
        try:
            under = [_under(values, one) for one in self.scenarios]
        except ScenarioError as error:
            self._refused(draw, error)
            return
        for place, seed in enumerate(self.seeds):
            missing = tuple(one for one in under if not self._reuse(draw, one, seed))
            if missing:
                yield Replication(draw * len(self.seeds) + place, seed, missing)
            else:
                self._finished(draw)

    def keep(self, replication: Replication, results: "list[RunResult | Failure] | Died") -> None:
        """Note what came of a replication; finished runs are on the disk when this returns."""
        from sim.engine.kept import timed

        draw = replication.number // len(self.seeds)
        if isinstance(results, Died):
            seed, reason = replication.seed, results.reason
            results = [Failure(one.name, seed, reason) for one in replication.scenarios]
        for result in results:
            if isinstance(result, Failure):
                self.found.failures.append(replace(result, draw=draw))
                continue
            self._runs[draw].append(result)
            if self.store is not None:
                which = {"uncertainty.draw": draw, "uncertainty.draws": len(self.found.values)}
                document = timed(result) | {"settings": self.settings | which}
                self.store.save(document, result.outcomes, result.trajectory)
        self._finished(draw)

    def _reuse(self, draw: int, scenario: "Scenario", seed: int) -> bool:
        if self.store is None:
            return False
        from sim.engine.kept import stored_whole

        result = stored_whole(self.store, scenario, seed, self.store.path)
        if result is None:
            return False
        self._runs[draw].append(result)
        self.found.reused += 1
        return True

    def _refused(self, draw: int, error: ScenarioError) -> None:
        """A draw whose numbers cannot go together: all its runs failed, and say why."""
        reason = str(error).splitlines()[0]
        for seed in self.seeds:
            for scenario in self.scenarios:
                self.found.failures.append(Failure(scenario.name, seed, reason, draw=draw))
            self._finished(draw)

    def _finished(self, draw: int) -> None:
        """One seed of a draw is through; with the last, its runs become pairs."""
        from sim.analysis.pairs import pair_up

        self.done += 1
        self._missing[draw] -= 1
        if self._missing[draw]:
            return
        runs, baseline = self._runs.pop(draw), self.scenarios[0].name
        there = any(run.scenario == baseline for run in runs)
        self.found.pairs[draw] = list(pair_up(outcomes_of(runs), baseline)) if there else []


def _under(values: Mapping[str, float], scenario: "Scenario") -> "Scenario":
    """A scenario with these values of parameters; ScenarioError if they cannot go together."""
    changed = load(scenario, {"parameters": nested(values)})
    return replace(changed, name=scenario.name, outcomes=None)

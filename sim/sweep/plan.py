"""Which runs an experiment asks for: a run id for each point and replication.

Replication r of every point has the same seed, so that points meet the same people and luck.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sim.engine.replications import replication_seeds
from sim.engine.run import warm_world_of
from sim.experiment import Experiment, Point
from sim.kernel.fault import ScenarioError
from sim.scenario.faults import Faults
from sim.store import model_version, numeric_fingerprint, run_ids
from sim.store.run_id import content_hash


@dataclass(frozen=True)
class PlannedRun:
    """A run that an experiment asks for."""

    point: int
    replication: int
    seed: int
    run_id: str


@dataclass(frozen=True)
class Plan:
    """The points of an experiment, with what decides each of them.

    `decided` holds the canonical scenario of each point as JSON-ready data, `worlds` a short name
    of the warm world that each starts from, `sizes` scale times steps (the work that each takes).
    """

    experiment: Experiment
    points: tuple[Point, ...]
    decided: tuple[dict[str, Any], ...]
    worlds: tuple[str, ...]
    sizes: tuple[float, ...]
    warnings: tuple[str, ...]

    def runs(self, replications: Sequence[int]) -> list[PlannedRun]:
        """The runs of these replications, those of one replication after another."""
        seeds = replication_seeds(self.experiment.seed, replications)
        version, fingerprint = model_version(), numeric_fingerprint()
        by_point = [run_ids(each, seeds, version, fingerprint) for each in self.decided]
        return [
            PlannedRun(point.number, number, seed, by_point[place][column])
            for column, (number, seed) in enumerate(zip(replications, seeds, strict=True))
            for place, point in enumerate(self.points)
        ]

    def batches(
        self, runs: Iterable[PlannedRun], most: Callable[[int], int]
    ) -> Iterator[tuple[PlannedRun, ...]]:
        """Runs that share a seed and a warm world, as they are asked for.

        `most` says how many at most go with a run of a point.
        """
        groups: dict[tuple[int, str], list[PlannedRun]] = {}
        for run in runs:
            groups.setdefault((run.replication, self.worlds[run.point]), []).append(run)
        for group in groups.values():
            rest = deque(group)
            while rest:
                together = min(most(rest[0].point), len(rest))
                yield tuple(rest.popleft() for _ in range(together))


def plan_of(experiment: Experiment) -> Plan:
    """The plan of an experiment.

    Raises ScenarioError with the faults of all its points, each at its line of the file.
    """
    faults = Faults()
    decided, worlds, sizes = [], [], []
    warnings: dict[str, None] = {}
    points = experiment.points()
    for point in points:
        if faults.full:
            break
        try:
            scenario = experiment.scenario_of(point.nodes)
        except ScenarioError as error:
            faults.include(error.faults)
            continue
        canonical = scenario.canonical()
        decided.append(canonical)
        worlds.append(content_hash(warm_world_of(canonical))[:16])
        sizes.append(scenario.scale * scenario.steps)
        warnings |= dict.fromkeys(scenario.warnings)
    faults.refuse()
    return Plan(experiment, points, tuple(decided), tuple(worlds), tuple(sizes), tuple(warnings))

"""Compares policies with a baseline: paired replications, a table of differences, a report.

    comparison = compare("jincheng-2020", ["mediators-doubled"], replications=30, seed=1)
    comparison.table        one row per scenario, outcome and group

Both worlds of a pair have the same people and the same luck, so the difference is the policy's.
"""

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.engine.replications import (
    Failure,
    Progress,
    Replicated,
    Replicating,
    check_seed,
)
from sim.kernel.fault import Fault, ScenarioError, ShiyuError, nearest

if TYPE_CHECKING:
    import pandas as pd

    from sim.scenario import Scenario

REPLICATIONS = 30


@dataclass(frozen=True)
class Comparison:
    """What a comparison found, and from which runs."""

    baseline: "Scenario"
    others: "tuple[Scenario, ...]"
    seed: int
    replications: int
    table: "pd.DataFrame"
    outcomes: "pd.DataFrame"
    trajectories: "pd.DataFrame"
    failures: tuple[Failure, ...] = ()
    reused: int = 0
    precise: bool | None = None  # whether the precision asked for was reached
    settings: Mapping[str, Any] = field(default_factory=dict)
    files: dict[str, Path] = field(default_factory=dict)

    @property
    def scenarios(self) -> "tuple[Scenario, ...]":
        """The baseline, then the others."""
        return self.baseline, *self.others


def compare(
    base: Any,
    others: Sequence[Any],
    replications: int = REPLICATIONS,
    seed: int = 1,
    settings: Mapping[str, Any] | None = None,
    workers: int | None = None,
    out: str | Path | None = None,
    precision: float | None = None,
    outcome: str | None = None,
    progress: Progress | None = None,
) -> Comparison:
    """Run a baseline and other scenarios on the same seeds, and compare them pair by pair.

    Args:
        base: the baseline: a name, a path, a mapping or a Scenario.
        others: what to compare with it.
        replications: how many pairs, unless a precision is asked for.
        seed: the master seed; replication k's own is derived from it by name.
        settings: dotted keys that are set in every scenario alike.
        workers: how many processes; all cores by default. The values do not depend on it.
        out: folder of a store. Runs that it holds are not repeated; new ones are kept there.
        precision: run until the difference of `outcome` is known to within this, in its unit.
        outcome: the outcome that `precision` is about.
        progress: called with replications done and replications planned.

    Raises:
        ScenarioError: a scenario or setting cannot be used; nothing has run then.
        ShiyuError: the other arguments cannot be used, or the store cannot be written.
    """
    _check(replications, seed, workers, precision, outcome)
    scenarios = load_all([base, *others], settings)
    store = None
    if out is not None:
        from sim.store import Store

        store = Store(_usable_folder(out))
    runs = Replicating(scenarios, seed, workers=workers, store=store, settings=dict(settings or {}))
    with runs:
        if precision is None:
            precise, done = None, replications
            runs.run(range(replications), progress)
        else:
            precise, done = _until_precise(runs, precision, str(outcome), progress)
    found = _comparison(scenarios, runs.found, seed, done, precise, settings or {})
    if out is not None:
        _write_failures(Path(out), found)
    return found


def load_all(
    sources: Sequence[Any], settings: Mapping[str, Any] | None = None
) -> "tuple[Scenario, ...]":
    """The scenarios with the same settings laid over each.

    Raises ScenarioError with the faults of all of them, each fault once.
    """
    from sim.engine.load import load

    found: list[Scenario] = []
    faults: dict[Fault, None] = {}
    for source in sources:
        try:
            found.append(load(source, settings))
        except ScenarioError as error:
            faults |= dict.fromkeys(error.faults)
    if faults:
        raise ScenarioError(faults)
    return _distinct(found)


def compare_table(
    base: Any,
    others: Sequence[Any],
    replications: int = REPLICATIONS,
    seed: int = 1,
    settings: Mapping[str, Any] | None = None,
    workers: int | None = None,
    out: str | Path | None = None,
    precision: float | None = None,
    outcome: str | None = None,
    progress: Progress | None = None,
) -> "pd.DataFrame":
    """The table of `sim.engine.compare.compare`: one row per scenario, outcome and group.

    The arguments and errors are those of `compare`. Raises ShiyuError besides when a run failed,
    since a table that lacks pairs should not pass unnoticed in a script.
    """
    found = compare(
        base, others, replications, seed, settings, workers, out, precision, outcome, progress
    )
    if found.failures:
        first = found.failures[0]
        raise ShiyuError(
            f"{len(found.failures)} runs failed; the first: {first.scenario}, seed {first.seed}: "
            f"{first.reason}"
        )
    return found.table


def _check(
    replications: int,
    seed: int,
    workers: int | None,
    precision: float | None,
    outcome: str | None,
) -> None:
    """Refuse arguments that cannot be kept, before anything runs."""
    check_seed(seed)
    if replications < 1:
        raise ShiyuError(f"replications {replications}: must be 1 or more")
    if workers is not None and workers < 1:
        raise ShiyuError(f"workers {workers}: must be 1 or more")
    if (precision is None) != (outcome is None):
        raise ShiyuError("precision and outcome go together: a half-width, and of which outcome")
    if outcome is not None:
        from sim.outcomes import CATALOGUE

        if outcome not in CATALOGUE:
            near = nearest(outcome, CATALOGUE)
            raise ShiyuError(
                f"outcome {outcome!r}: no such outcome; `shiyu outcomes` lists them"
                + (f"; did you mean {near}?" if near else "")
            )


def _usable_folder(out: str | Path) -> Path:
    """The folder of the store, made now, so that hours of runs do not end at a closed door."""
    from sim.store.atomic import StoreError, failure

    folder = Path(out)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise failure(folder, "made", error) from error
    if not os.access(folder, os.W_OK):
        raise StoreError(folder, "cannot be written to", "choose another folder")
    return folder


def _distinct(scenarios: "list[Scenario]") -> "tuple[Scenario, ...]":
    """The scenarios, whose names tell them apart in every table."""
    if len(scenarios) < 2:
        raise ShiyuError("nothing to compare: name a baseline and at least one other scenario")
    names = [scenario.name for scenario in scenarios]
    for name in names:
        if names.count(name) > 1:
            raise ShiyuError(f"two scenarios are called {name}: give one another `name:`")
    return tuple(scenarios)


def _until_precise(
    runs: Replicating, precision: float, outcome: str, progress: Progress | None
) -> tuple[bool, int]:
    """Whether the precision was reached, and after how many replications."""
    from sim.analysis import Precision, until_precise

    def batch(numbers: Sequence[int]) -> "pd.DataFrame":
        before = runs.found.outcomes()
        after = runs.run(numbers, _shifted(progress, numbers[0])).outcomes()
        return after[~after["seed"].isin(set(before["seed"]))] if len(before) else after

    stopped = until_precise(batch, runs.scenarios[0].name, Precision(outcome, precision))
    return stopped.reached, stopped.replications


def _shifted(progress: Progress | None, before: int) -> Progress | None:
    """Progress that counts the replications of earlier batches too."""
    if progress is None:
        return None
    return lambda done, total: progress(before + done, before + total)


def _comparison(
    scenarios: "tuple[Scenario, ...]",
    found: Replicated,
    seed: int,
    replications: int,
    precise: bool | None,
    settings: Mapping[str, Any],
) -> Comparison:
    """The table and all that it rests on."""
    from sim.analysis import compare as differences

    outcomes = found.outcomes()
    asked = scenarios[0].outcomes
    if asked is not None and len(outcomes):
        outcomes = outcomes[outcomes["outcome"].isin(asked)].reset_index(drop=True)
    have = set(outcomes["scenario"]) if len(outcomes) else set()
    table = outcomes.iloc[:0]
    if scenarios[0].name in have and len(have) > 1:
        table = differences(outcomes, scenarios[0].name)
    return Comparison(
        baseline=scenarios[0],
        others=scenarios[1:],
        seed=seed,
        replications=replications,
        table=table,
        outcomes=outcomes,
        trajectories=found.trajectories(),
        failures=tuple(found.failed()),
        reused=found.reused,
        precise=precise,
        settings=dict(settings),
    )


def _write_failures(out: Path, found: Comparison) -> None:
    """Failed runs with their reasons, beside the runs that went well; no file when none failed."""
    from sim.store.atomic import write_text

    path = out / "failures.json"
    if not found.failures:
        path.unlink(missing_ok=True)
        return
    rows = [vars(failure) for failure in found.failures]
    write_text(path, json.dumps({"schema": 1, "failed": rows}, ensure_ascii=False, indent=1))
    found.files["failures"] = path

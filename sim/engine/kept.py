"""One run in a store: computed once, read the next time."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from sim.engine import run as runs
from sim.engine.run import Progress, RunResult
from sim.scenario import Scenario
from sim.store import Store, StoreError, model_version, numeric_fingerprint, run_id
from sim.store.folders import folder_to_fill


def run_kept(
    scenario: Scenario, seed: int, folder: Path, progress: Progress | None = None
) -> RunResult:
    """The run from the store in `folder`, computed and kept there when it is not yet.

    All outcomes are kept, whichever are asked for, since the run's id does not depend on them.
    """
    with folder_to_fill(folder) as path, Store(path) as store:
        known = stored_whole(store, scenario, seed, folder)
        if known is not None:
            return only_asked(known, scenario.outcomes)
        result = runs.replicate([replace(scenario, outcomes=None)], seed, progress)[0]
        store.save(timed(result), result.outcomes, result.trajectory)
        result.files = files_of(store, result.run_id)
        return only_asked(result, scenario.outcomes)


def only_asked(result: RunResult, outcomes: Sequence[str] | None) -> RunResult:
    """The run with these outcomes alone; None means all."""
    if outcomes is None:
        return result
    rows = result.outcomes["outcome"].isin(outcomes)
    columns = [c for c in result.trajectory if c in ("day", "date", *outcomes)]
    return replace(
        result,
        outcomes=result.outcomes[rows].reset_index(drop=True),
        trajectory=result.trajectory[columns],
    )


def timed(result: RunResult) -> dict[str, object]:
    """The document of a run with its times, which decide nothing."""
    return result.document | {
        "build_seconds": result.build_seconds,
        "seconds": result.seconds,
    }


def stored_whole(store: Store, scenario: Scenario, seed: int, folder: Path) -> RunResult | None:
    """The run of a scenario and a seed, if the store has it, under this scenario's name.

    The same run may have been kept under another. A torn file counts as none: the run is computed
    anew.
    """
    identity = run_id(scenario.canonical(), seed, model_version(), numeric_fingerprint())
    if not store.has(identity):
        return None
    try:
        return replace(stored(store, identity, folder), scenario=scenario.name)
    except StoreError:
        return None


def stored(store: Store, identity: str, folder: Path) -> RunResult:
    """A finished run as it was kept."""
    document, outcomes, trajectory = store.load(identity)
    return RunResult(
        run_id=document["run_id"],
        scenario=document["scenario"],
        seed=document["seed"],
        version=document["provenance"]["version"],
        people=document["people"],
        steps=document["steps"],
        build_seconds=document.get("build_seconds", 0.0),
        seconds=document.get("seconds", 0.0),
        outcomes=outcomes,
        trajectory=trajectory,
        document=document,
        files=files_of(store, identity),
    )


def files_of(store: Store, identity: str) -> dict[str, str]:
    """Where a run's file and the store's index are."""
    return {"run": str(store.file_of(identity)), "store": str(store.path)}

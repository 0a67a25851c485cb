"""One run in a store: computed once, read the next time."""

from pathlib import Path

from sim.engine.run import Progress, RunResult, replicate
from sim.scenario import Scenario
from sim.store import Store, model_version, numeric_fingerprint, run_id


def run_kept(
    scenario: Scenario, seed: int, folder: Path, progress: Progress | None = None
) -> RunResult:
    """The run from the store in `folder`, computed and kept there when it is not yet."""
    identity = run_id(scenario.canonical(), seed, model_version(), numeric_fingerprint())
    with Store(folder) as store:
        if store.has(identity):
            return stored(store, identity, folder)
        result = replicate([scenario], seed, progress)[0]
        store.save(timed(result), result.outcomes, result.trajectory)
        result.files = files_of(store, result.run_id)
        return result


def timed(result: RunResult) -> dict[str, object]:
    """The document of a run with its times, which decide nothing."""
    return result.document | {
        "build_seconds": result.build_seconds,
        "seconds": result.seconds,
    }


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
    return {"run": str(store.trajectories / f"{identity[:16]}.parquet"), "store": str(store.path)}

"""A sweep's runs as one table for every analysis: finished, failed and missing ones."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sim.engine.plan import check_outcome
from sim.experiment import Experiment
from sim.store import Store
from sim.sweep.plan import plan_of
from sim.sweep.stopping import replications_of

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("point", "replication", "seed", "run_id", "status", "reason")


def table(
    experiment: Experiment, store: Store, outcomes: Sequence[str] | None = None
) -> "pd.DataFrame":
    """One row a run that the experiment asks for, in the order of points, then replications.

    Args:
        experiment: the design.
        store: its store.
        outcomes: which outcomes; those that the experiment names unless told, else all.

    Returns:
        Columns point, replication, seed, run_id, status ("done", "failed" or "missing") and reason
        (why it failed, or why a run that is there cannot be read), then a column a factor under its
        dotted key, and a column an outcome (over everybody; NaN where a run has no value).

    Raises ShiyuError for an outcome that there is not.
    """
    import pandas as pd

    from sim.outcomes import CATALOGUE

    names = list(outcomes or experiment.outcomes or CATALOGUE)
    for name in names:
        check_outcome(name)
    plan = plan_of(experiment)
    runs = plan.runs(range(replications_of(plan, store)))
    runs.sort(key=lambda run: (run.point, run.replication))
    ids = [run.run_id for run in runs]
    broken: dict[str, str] = {}
    values = store.overall(names, list(dict.fromkeys(ids)), broken)  # points may coincide
    failed = {entry["run_id"]: entry["reason"] for entry in store.failures()}
    reasons = broken | failed
    done = set(values.index)
    frame = pd.DataFrame(
        {
            "point": [run.point for run in runs],
            "replication": [run.replication for run in runs],
            "seed": [run.seed for run in runs],
            "run_id": ids,
            "status": [
                "done" if known in done else "failed" if known in failed else "missing"
                for known in ids
            ],
            "reason": [None if known in done else reasons.get(known) for known in ids],
        }
    )
    settings = [point.settings for point in plan.points]
    for key in experiment.factors:
        frame[key] = pd.Series([settings[run.point][key] for run in runs], index=frame.index)
    measured = values.reindex(ids).reset_index(drop=True)
    return pd.concat([frame, measured], axis=1)

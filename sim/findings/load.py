"""Reads an experiment file and the runs that its store holds as a study."""

import importlib
import shlex
from pathlib import Path
from typing import Any

from sim.findings.study import Study


def study_of(path: Path, out: Path | None = None) -> Study:
    """The design of an experiment file with every run that there is of it.

    Args:
        path: the experiment file.
        out: the folder of its store; results/ and the experiment's name unless told.

    Raises ScenarioError for a file that cannot be used, with all its faults.
    """
    from sim.store import Store, store_folder

    experiment = importlib.import_module("sim.experiment").load_experiment(path)
    folder = out or store_folder("results", experiment.name)
    frame = importlib.import_module("sim.sweep.results").table(experiment, Store(folder))
    factors = {str(key): value for key, value in dict(experiment.factors).items()}
    known = {"point", "replication", "seed", "run_id", "status", "reason", *factors}
    return Study(
        name=str(experiment.name),
        kind=str(experiment.design.kind),
        factors=tuple(factors),
        outcomes=tuple(str(name) for name in frame.columns if name not in known),
        frame=frame,
        folder=folder,
        orders={key: values for key, value in factors.items() if (values := _listed(value))},
        levels=int(getattr(experiment.design, "levels", None) or 4),
        command=shlex.join(["shiyu", "sweep", str(path)]),
    )


def _listed(factor: Any) -> tuple[Any, ...]:
    """The values of a factor that is a list; none for a range."""
    values = factor if isinstance(factor, list | tuple) else getattr(factor, "values", None)
    return tuple(values) if isinstance(values, list | tuple) else ()

"""Reads an experiment file and the runs that its store holds as a study."""

import shlex
from pathlib import Path

from sim.engine.load import load_experiment
from sim.findings.study import Study
from sim.outcomes import CATALOGUE
from sim.store import Store, store_folder
from sim.sweep import table


def study_of(path: Path, out: Path | None = None) -> Study:
    """The design of an experiment file with every run that there is of it.

    Runs keep all outcomes, so all can be asked for, whichever the experiment names.

    Args:
        path: the experiment file.
        out: the folder of its store; results/ and the experiment's name unless told.

    Raises ScenarioError for a file that cannot be used, with all its faults.
    """
    experiment = load_experiment(path)
    folder = out or store_folder("results", experiment.name)
    store = Store(folder)
    outcomes = tuple(experiment.outcomes or CATALOGUE)
    kept = tuple(name for name in CATALOGUE if name not in outcomes)
    frame = table(experiment, store, [*outcomes, *kept])
    factors = experiment.factors
    return Study(
        name=experiment.name,
        kind=experiment.design.kind,
        factors=tuple(factors),
        outcomes=outcomes,
        frame=frame,
        folder=folder,
        orders={key: factor.values for key, factor in factors.items() if not factor.is_range},
        levels=experiment.design.levels,
        command=shlex.join(["shiyu", "sweep", str(path)]),
        named=experiment.outcomes is not None,
        kept=kept,
        store=store,
    )

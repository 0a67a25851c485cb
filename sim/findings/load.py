"""Reads an experiment file and the runs that its store holds as a study."""

import shlex
from pathlib import Path

from sim.engine.load import load_experiment
from sim.findings.study import Study
from sim.store import Store, store_folder
from sim.sweep import table
from sim.sweep.results import COLUMNS


def study_of(path: Path, out: Path | None = None) -> Study:
    """The design of an experiment file with every run that there is of it.

    Args:
        path: the experiment file.
        out: the folder of its store; results/ and the experiment's name unless told.

    Raises ScenarioError for a file that cannot be used, with all its faults.
    """
    experiment = load_experiment(path)
    folder = out or store_folder("results", experiment.name)
    store = Store(folder)
    frame = table(experiment, store)
    factors = experiment.factors
    known = {*COLUMNS, *factors}
    return Study(
        name=experiment.name,
        kind=experiment.design.kind,
        factors=tuple(factors),
        outcomes=tuple(str(name) for name in frame.columns if name not in known),
        frame=frame,
        folder=folder,
        orders={key: factor.values for key, factor in factors.items() if not factor.is_range},
        levels=experiment.design.levels,
        command=shlex.join(["shiyu", "sweep", str(path)]),
        named=experiment.outcomes is not None,
        store=store,
    )

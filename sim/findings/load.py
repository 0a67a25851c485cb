"""Reads an experiment file and the runs that its store holds as a study."""

import shlex
from pathlib import Path

from sim.engine.load import load_experiment
from sim.experiment import Experiment
from sim.findings.study import Study
from sim.outcomes import CATALOGUE, silent_in
from sim.report.names import Entries
from sim.scenario.settings import SCENARIO
from sim.store import Store, StoreError, store_folder
from sim.sweep import table

_SWITCHING = {SCENARIO, "mechanisms", "user_mechanisms"}  # factors that switch mechanisms


def study_of(path: Path, out: Path | None = None) -> Study:
    """The design of an experiment file with every run that there is of it.

    Runs keep all outcomes, so all can be asked for, whichever the experiment names.

    Args:
        path: the experiment file.
        out: the folder of its store; results/ and the experiment's name unless told.

    Raises ScenarioError for a file that cannot be used, with all its faults, and StoreError where
    `out` is a file.
    """
    experiment = load_experiment(path)
    folder = out or store_folder("results", experiment.name)
    if folder.is_file():
        raise StoreError(folder, "no such folder of results")
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
        command=shlex.join(["shiyu", "sweep", str(path), *(["--out", str(out)] if out else [])]),
        title=experiment.title,
        why=experiment.why,
        named=experiment.outcomes is not None,
        kept=kept,
        store=store,
        divisions=_divisions(experiment),
        silent=_silent(experiment),
    )


def _divisions(experiment: Experiment) -> Entries:
    """Titles of the divisions of the place of its first point."""
    place = experiment.scenario_of(experiment.points()[0].nodes).place
    titles = getattr(place, "division_titles", [{}] * len(place.divisions))
    return {s: {"title": title} for s, title in zip(place.divisions, titles, strict=True)}


def _silent(experiment: Experiment) -> frozenset[str]:
    """The outcomes that nothing makes at any point; points differ in that by few factors only."""
    points = experiment.points()
    if not _SWITCHING.intersection(experiment.factors):
        points = points[:1]
    return silent_in(*(experiment.scenario_of(point.nodes) for point in points))

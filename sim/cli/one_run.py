"""Finds the single run that is meant by its id, its file, or the folder that holds no other."""

import re
from pathlib import Path
from typing import TYPE_CHECKING

from sim.cli.designs import COMPARISON, experiment_named
from sim.cli.stored import DEFAULT_FOLDER, SHORT, find_run, refuse
from sim.text import say

if TYPE_CHECKING:
    from sim.store.trajectories import StoredRun

NAMED = 3  # runs, where one of several must be chosen
_ID_START = re.compile(r"[0-9a-f]{4,64}", re.IGNORECASE)


def run_at(source: Path, lang: str) -> "tuple[Path, StoredRun] | None":
    """The run that is meant, and the folder of its store; None where something else may be meant.

    A run is named by its file, by the first digits of its id (in results/, or after the folder of
    its store, as in results/town/1f3a9c2e), or by a folder that holds it alone. Refuses an id that
    no run has, and a folder of several runs.

    Raises StoreError for a run that cannot be read.
    """
    if source.suffix == ".parquet":
        path, found = find_run(str(source), DEFAULT_FOLDER, lang)
        return _store_of(path), found
    if source.is_dir():
        return _only_run(source, lang)
    name, folder = source.name, source.parent
    if source.exists() or not _ID_START.fullmatch(name) or not folder.is_dir():
        return None
    if folder == Path():
        if experiment_named(name) is not None:
            return None
        folder = DEFAULT_FOLDER
    path, found = find_run(name, folder, lang)
    return _store_of(path), found


def _store_of(path: Path) -> Path:
    """The folder of the store that a run's file stands in; its own where it was moved out."""
    return path.parent.parent if path.parent.name == "trajectories" else path.parent


def _only_run(folder: Path, lang: str) -> "tuple[Path, StoredRun] | None":
    """The run of a folder that has one, and no comparison or sweep."""
    from sim.store import Store
    from sim.sweep.record import read_record

    if (folder / COMPARISON).exists() or "experiment" in read_record(folder):
        return None
    store = Store(folder)
    entries, count = store.latest(NAMED)
    if not count:
        return None
    if count > 1:
        ids = ", ".join(str(folder / entry["run_id"][:SHORT]) for entry in reversed(entries))
        refuse(say("cli.plot.many_runs", lang, folder=folder, count=count, ids=ids))
    return folder, store.load(entries[0]["run_id"])

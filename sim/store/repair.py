"""The runs' own files tell what the catalogue should list; here it is held to them.

A catalogue may be missing, torn, or behind the files because its writer was killed. Readers then
see what it should be (`current_entries`) without writing; `rebuild` writes it.
"""

import contextlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sim.store.atomic import StoreError
from sim.store.catalogue import Catalogue
from sim.store.document import catalogue_entry
from sim.store.run_id import SHORT_LENGTH, short_id
from sim.store.trajectories import read_run, read_summary


def run_files(trajectories: Path) -> dict[str, Path]:
    """The runs' files in a folder by the short id that names them, in order."""
    return {path.stem: path for path in sorted(trajectories.glob("[!.]*.parquet"))}


def current_entries(catalogue: Catalogue, trajectories: Path) -> dict[str, dict[str, Any]]:
    """Catalogue entries by id, less runs whose file is gone, plus runs that it does not list.

    A missing or torn catalogue lists nothing, so then every run is read. Broken files have no
    entry; `verify_files` tells of them.
    """
    try:
        listed = catalogue.entries()
    except StoreError:
        listed = {}
    files = run_files(trajectories)
    kept = {known: entry for known, entry in listed.items() if known[:SHORT_LENGTH] in files}
    listed_names = {known[:SHORT_LENGTH] for known in kept}
    for name, path in files.items():
        if name not in listed_names:
            with contextlib.suppress(StoreError):
                entry = _entry(path, name)
                kept[str(entry["run_id"])] = entry
    return kept


def rebuild(catalogue: Catalogue, trajectories: Path) -> tuple[int, list[str]]:
    """Write the catalogue from the runs' files; the caller holds the lock.

    Returns:
        How many runs it lists, and one message for each broken file.
    """
    entries, broken = [], []
    for name, path in run_files(trajectories).items():
        try:
            entries.append(_entry(path, name))
        except StoreError as error:
            broken.append(str(error))
    entries.sort(key=lambda entry: (str(entry["created"]), entry["run_id"]))
    catalogue.replace(entries)
    return len(entries), broken


def verify_files(trajectories: Path) -> dict[str, Any]:
    """Read every run to the last bit: `runs` (how many files), `broken` (messages)."""
    broken = []
    files = run_files(trajectories)
    for name, path in files.items():
        try:
            check_name(path, read_run(path).document, name)
        except StoreError as error:
            broken.append(str(error))
    return {"runs": len(files), "broken": broken}


def check_name(path: Path, document: Mapping[str, Any], name: str) -> None:
    """A file must bear the name of the run inside it."""
    inside = str(document["run_id"])
    if short_id(inside) != name:
        raise StoreError(path, f"holds the run {inside}", "rename it after that id")


def _entry(path: Path, name: str) -> dict[str, Any]:
    """The catalogue entry of a run, read from its file."""
    document, outcomes = read_summary(path)
    check_name(path, document, name)
    return catalogue_entry(document, outcomes)

"""What a store says of the sweep that filled it: one small file, `sweep.json`, for readers.

Nothing is decided by it.
"""

import datetime
import json
from pathlib import Path
from typing import Any

from sim.experiment import Experiment
from sim.store import model_version, numeric_fingerprint
from sim.store.atomic import write_text

NAME = "sweep.json"


def write_record(folder: Path, experiment: Experiment, facts: dict[str, Any]) -> None:
    """Write the record anew, whole.

    Raises StoreError when the system refuses.
    """
    content = {
        "schema": 1,
        "experiment": experiment.name,
        "file": experiment.path.name,
        "path": str(experiment.path.resolve()),
        "content": experiment.content,
        "seed": experiment.seed,  # the master seed, also where the file names none
        "version": model_version(),
        "fingerprint": numeric_fingerprint(),
        "written": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        **facts,
    }
    text = json.dumps(content, ensure_ascii=False, indent=1, default=str)
    write_text(folder / NAME, text + "\n")


def read_record(folder: Path) -> dict[str, Any]:
    """The record of a store; nothing where there is none that can be read."""
    try:
        found = json.loads((folder / NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def other_version(folder: Path) -> str | None:
    """Which model and machine the runs of a store's last sweep are of, if not these here.

    As a version and a numeric fingerprint. Runs of another one do not count as those of a plan.
    """
    record = read_record(folder)
    theirs = record.get("version"), record.get("fingerprint")
    if None in theirs or theirs == (model_version(), numeric_fingerprint()):
        return None
    return f"{theirs[0]} ({theirs[1]})"

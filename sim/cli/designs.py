"""Finds the experiment that is meant by a file, a name, or the folder of a sweep's results."""

import re
from pathlib import Path
from typing import TYPE_CHECKING

from sim.cli.options import is_experiment
from sim.kernel.fault import ShiyuError, printable

if TYPE_CHECKING:
    from sim.findings import Study

FOLDERS = Path(), Path("experiments")  # where an experiment is looked for by its name
COMPARISON = "comparison.json"
_NAME = re.compile(r"^name[ \t]*:[ \t]*(['\"]?)(?P<name>[^'\"#\s]+)\1", re.MULTILINE)


def study_at(source: Path) -> "Study | None":
    """The runs of the experiment that is meant; None where a comparison may be meant.

    Raises:
        ShiyuError: there is no experiment of this name.
        ScenarioError: its file cannot be used, with all its faults.
    """
    from sim.findings.load import study_of

    if is_experiment(str(source)):
        return study_of(source)
    if source.is_dir():
        from sim.sweep.record import read_record

        name = read_record(source).get("experiment")
        if (source / COMPARISON).exists() or not isinstance(name, str):
            return None
        return study_of(_named(name, source), source)
    if source.exists() or source.name != str(source):
        return None
    return study_of(_named(source.name, source))


def experiment_named(name: str) -> Path | None:
    """The file of the experiment of this name, here or in experiments/, if there is one."""
    for folder in FOLDERS:
        for path in sorted([*folder.glob("*.yaml"), *folder.glob("*.yml")]):
            if is_experiment(str(path)):
                found = _NAME.search(path.read_text(encoding="utf-8"))
                if found is not None and found["name"] == name:
                    return path
    return None


def _named(name: str, source: Path) -> Path:
    """The file of the experiment of this name."""
    if (path := experiment_named(name)) is not None:
        return path
    raise ShiyuError(
        f"{printable(str(source))}: no such folder of results, and no experiment file of the name "
        f"{name} here or in experiments/; name the file itself"
    )

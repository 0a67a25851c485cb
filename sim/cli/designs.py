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

        record = read_record(source)
        name = record.get("experiment")
        if (source / COMPARISON).exists() or not isinstance(name, str):
            return None
        return study_of(_file_of(name, str(record.get("path", "")), source), source)
    if source.exists() or source.name != str(source):
        return None
    if (path := experiment_named(source.name)) is None:
        raise ShiyuError(
            f"{printable(source.name)}: no such folder of results, and no experiment file of the "
            "name here or in experiments/; name the file itself"
        )
    return study_of(path)


def experiment_named(name: str) -> Path | None:
    """The file of the experiment of this name, here or in experiments/, if there is one."""
    for folder in FOLDERS:
        for path in sorted([*folder.glob("*.yaml"), *folder.glob("*.yml")]):
            if _is_of(name, path):
                return path
    return None


def _is_of(name: str, path: Path) -> bool:
    """Whether this is the file of an experiment of that name."""
    found = _NAME.search(path.read_text(encoding="utf-8")) if is_experiment(str(path)) else None
    return found is not None and found["name"] == name


def _file_of(name: str, recorded: str, folder: Path) -> Path:
    """The file of the experiment whose results a folder holds: where it was when it was run."""
    if recorded and _is_of(name, Path(recorded)):
        return Path(recorded)
    if (path := experiment_named(name)) is not None:
        return path
    raise ShiyuError(
        f"{printable(str(folder))}: holds results of the experiment {printable(name)}, whose file "
        f"is no longer at {printable(recorded) or '?'}, nor here or in experiments/; put it there"
    )


def remark_other_version(folder: Path, lang: str) -> None:
    """Say on stderr when the runs of a sweep are of another model or machine, so that none counts.

    Else all of them are missing after a change of the code, and nobody is told why.
    """
    from sim.cli.console import say_on_stderr
    from sim.store import model_version, numeric_fingerprint
    from sim.sweep.record import other_version
    from sim.text import say

    if (theirs := other_version(folder)) is not None:
        ours = f"{model_version()} ({numeric_fingerprint()})"
        facts = {"folder": folder, "theirs": theirs, "ours": ours}
        say_on_stderr(say("cli.sweep.other_version", lang, **facts))

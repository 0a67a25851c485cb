"""Options that several commands share."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from sim.cli.words import word
from sim.kernel.fault import ShiyuError, printable

AsJson = Annotated[bool, typer.Option("--json", help=word("json"))]
Lang = Annotated[str | None, typer.Option("--lang", metavar="en|zh", help=word("lang"))]
Settings = Annotated[list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help=word("set"))]
Words = Annotated[
    list[str] | None, typer.Argument(metavar="[WORD]...", help=word("parameters.words"))
]
OUT = "--out"


def folder(written: str | Path) -> Path:
    """A folder as it was typed. An empty one, of a variable that is not set, is not this folder.

    Raises ShiyuError for it.
    """
    if not str(written).strip():
        raise ShiyuError(f"{OUT}: is empty; name a folder, or . for this one")
    return Path(written)


Out = Annotated[Path | None, typer.Option(OUT, metavar="DIR", help=word("out"), parser=folder)]
Workers = Annotated[int | None, typer.Option("--workers", min=1, metavar="N", help=word("workers"))]


def outcome_key(written: str) -> str:
    """The key of an outcome whose key, name or meaning was typed as it is shown in any language.

    What names no outcome, or several, is left as it is: the command says what there is.
    """
    from sim.outcomes import CATALOGUE
    from sim.text.search import called

    meanings = {name: outcome.called for name, outcome in CATALOGUE.items()}
    return called(written, meanings) or written


ExperimentFile = Annotated[Path, typer.Argument(metavar="EXPERIMENT", help=word("experiment"))]


def complete_scenario(begun: str) -> list[str]:
    """The names of shipped scenarios that begin so, for the shell's completion."""
    from sim.scenario.find import shipped_scenarios

    return [name for name in shipped_scenarios() if name.startswith(begun)]


Scenario = Annotated[
    str,
    typer.Argument(metavar="SCENARIO", help=word("scenario"), autocompletion=complete_scenario),
]


_DESIGN = re.compile(r"^design[ \t]*:", re.MULTILINE)


def is_experiment(written: str) -> bool:
    """Whether this is the path of an experiment file: one with a design."""
    path = Path(written)
    try:
        return path.is_file() and bool(_DESIGN.search(path.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return False


def read_settings(
    written: Sequence[str] | None, flag: str = "--set", what: str = "setting", below: str = ""
) -> dict[str, str]:
    """`KEY=VALUE` settings by key; the values stay text, which the scenario layer reads.

    A key may leave out the part of it that all share, `below`. Raises ShiyuError for a setting that
    has no `=`, or a key that is set twice.
    """
    found: dict[str, str] = {}
    faults = []
    for setting in written or ():
        shown = printable(setting)
        key, equals, value = setting.partition("=")
        key = f"{below}{key.strip().removeprefix(below)}"
        if not equals or key == below:
            faults.append(f"{flag} {shown}: not a {what}; write KEY=VALUE")
        elif key in found:
            faults.append(f"{flag} {shown}: {printable(key)} is set twice")
        found[key] = value.strip()
    if faults:
        raise ShiyuError("\n".join(faults))
    return found

"""What the commands of `shiyu results` share: their options, and finding the run that is meant."""

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from sim.cli.words import help_language, say_faults, with_examples
from sim.text import say

if TYPE_CHECKING:
    from sim.store import Store
    from sim.store.trajectories import StoredRun

DEFAULT_FOLDER = Path("results")
SHORT = 16
_AFTER_FOLDER = re.compile(r".*[/\\][0-9a-fA-F]{4,64}")  # results/town/1f3a9c2e


def help_of(key: str, *examples: str) -> str:
    """A help text in the user's language; a wrong SHIYU_LANG is told of when a command runs."""
    text = say(f"results.{key}", lang=help_language())
    return with_examples(text, *(f"results {each}" for each in examples)) if examples else text


Folder = Annotated[Path, typer.Argument(help=help_of("help.folder"))]
OneStore = Annotated[Path, typer.Argument(metavar="STORE", help=help_of("help.store"))]
Run = Annotated[str, typer.Argument(metavar="RUN", help=help_of("help.run"))]
AsJson = Annotated[bool, typer.Option("--json", help=help_of("help.json"))]
Lang = Annotated[str | None, typer.Option("--lang", help=help_of("help.lang"))]


def refuse(message: str) -> NoReturn:
    """One message on stderr, and the exit status of bad input."""
    say_faults(message)
    raise typer.Exit(2)


def stores_in(folder: Path, lang: str | None) -> "list[Store]":
    """The stores in a folder that somebody named; refuses a folder that is not there."""
    from sim.store import Store, find_stores

    if not folder.is_dir() and folder != DEFAULT_FOLDER:
        refuse(say("results.no_folder", lang, folder=folder))
    return [Store(path) for path in find_stores(folder)]


def one_store(folder: Path, lang: str | None) -> "Store":
    """The store in this very folder; refuses a folder that holds several, or none."""
    from sim.store import Store, find_stores

    found = find_stores(folder)
    if found == [folder]:
        return Store(folder)
    if not found:
        refuse(say("results.no_store", lang, folder=folder))
    names = ", ".join(str(path) for path in found[:5])
    refuse(say("results.many_stores", lang, folder=folder, count=len(found), names=names))


def find_run(run: str, folder: Path, lang: str | None) -> "tuple[Path, StoredRun]":
    """The run that begins so, or that is in the file named, with the file that holds it."""
    from sim.store import Store, find_stores
    from sim.store.trajectories import read_run

    if run.endswith(".parquet"):
        return Path(run), read_run(run)
    if _AFTER_FOLDER.fullmatch(run) and Path(run).parent.is_dir():
        run, folder = Path(run).name, Path(run).parent
    found = {
        known: store
        for store in map(Store, find_stores(folder))
        for known in store.find(run.lower())
    }
    if not found:
        refuse(_why_not(run, folder, lang))
    if len(found) > 1:
        shown = ", ".join(known[:SHORT] for known in list(found)[:5])
        refuse(say("results.many_runs", lang, start=run, count=len(found), ids=shown))
    known, store = next(iter(found.items()))
    return store.file_of(known), store.load(known)


def _why_not(run: str, folder: Path, lang: str | None) -> str:
    """Why there is no such run: it failed, or it never was."""
    from sim.store import Store, find_stores

    for store in map(Store, find_stores(folder)):
        for failed in store.failures():
            if failed["run_id"].startswith(run.lower()):
                told = {key: failed[key] for key in ("reason", "traceback")}
                return say("results.failed_run", lang, run=failed["run_id"][:SHORT], **told).strip()
    return say("results.no_run", lang, start=run, folder=folder)


def bad_input(error: Exception) -> NoReturn:
    """Say what a store or a scenario cannot be used for."""
    refuse("\n".join([str(error), *getattr(error, "__notes__", ())]))

"""`shiyu results`: the stored runs, listed or shown one by one, as text or as JSON."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from sim.cli import console
from sim.text import LANGUAGES, say

if TYPE_CHECKING:
    import pandas as pd

    from sim.store.trajectories import StoredRun

DEFAULT_FOLDER = Path("results")
_SHORT = 16
_RUN_FACTS = ("people", "steps", "build_seconds", "seconds")


def _help(key: str) -> str:
    """A help text in the user's language; a wrong SHIYU_LANG is told of when a command runs."""
    spoken = os.environ.get("SHIYU_LANG")
    return say(f"results.{key}", lang=spoken if spoken in LANGUAGES else "en")


_EXAMPLES = "\n\n\b\n$ shiyu results list\n$ shiyu results show 3f9a2c07"
app = typer.Typer(help=_help("help") + _EXAMPLES, no_args_is_help=True, rich_markup_mode=None)

Folder = Annotated[Path, typer.Argument(help=_help("help.folder"))]
AsJson = Annotated[bool, typer.Option("--json", help=_help("help.json"))]
Lang = Annotated[str | None, typer.Option("--lang", help=_help("help.lang"))]


@app.command("list", help=_help("list.help"))
def list_runs(
    folder: Folder = DEFAULT_FOLDER,
    last: Annotated[int, typer.Option("--last", min=0, help=_help("help.last"))] = 20,
    *,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """List the stored runs."""
    from sim.kernel.fault import ShiyuError
    from sim.store import Store, find_stores

    try:
        if not folder.is_dir() and folder != DEFAULT_FOLDER:
            _refuse(say("results.no_folder", lang, folder=folder))
        found = {path: Store(path).entries() for path in find_stores(folder)}
        if as_json:
            console.show_json(
                {"runs": [_listed(path, run) for path in found for run in found[path]]}
            )
        elif not any(found.values()):
            console.show(say("results.none", lang, folder=folder))
        else:
            for path, entries in found.items():
                _print_store(path, entries, last, lang)
    except ShiyuError as error:
        _refuse(str(error))


@app.command("show", help=_help("show.help"))
def show_run(
    run: Annotated[str, typer.Argument(help=_help("help.run"))],
    folder: Folder = DEFAULT_FOLDER,
    *,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Show one stored run."""
    from sim.kernel.fault import ShiyuError
    from sim.store.trajectories import read_run

    try:
        path = _path_of(run, folder, lang)
        stored = read_run(path)
        if as_json:
            console.show_json(_shown(path, stored))
        else:
            _print_run(path, stored, lang)
    except ShiyuError as error:
        _refuse(str(error))


def _refuse(message: str) -> NoReturn:
    """One message on stderr, and the exit status of bad input."""
    console.say_on_stderr(message)
    raise typer.Exit(2)


def _path_of(run: str, folder: Path, lang: str | None) -> Path:
    """The file of the run that begins so, or that is named."""
    from sim.store import Store, find_stores

    if run.endswith(".parquet"):
        return Path(run)
    start = run.lower()
    found = {
        known: store.run_path(known)
        for store in map(Store, find_stores(folder))
        for known in store.find(start)
    }
    if not found:
        _refuse(say("results.no_run", lang, start=run, folder=folder))
    if len(found) > 1:
        shown = ", ".join(known[:_SHORT] for known in list(found)[:5])
        _refuse(say("results.many_runs", lang, start=run, count=len(found), ids=shown))
    return next(iter(found.values()))


def _listed(store: Path, entry: dict[str, Any]) -> dict[str, Any]:
    """A run as `results list --json` gives it."""
    return {"store": str(store), **entry, "version": entry.get("provenance", {}).get("version")}


def _shown(path: Path, stored: "StoredRun") -> dict[str, Any]:
    """A run as `results show --json` gives it: the shape of `shiyu run`, and what it came from."""
    document, outcomes, _ = stored
    overall, grouped = _split(outcomes)
    rows = overall[["outcome", "value", "unit"]].itertuples(index=False)
    return {
        "run_id": document["run_id"],
        "scenario": document["scenario"],
        "seed": document["seed"],
        "version": document.get("provenance", {}).get("version"),
        **{key: document[key] for key in _RUN_FACTS if key in document},
        "outcomes": {name: {"value": value, "unit": unit} for name, value, unit in rows},
        "groups": grouped.to_dict("records"),
        "files": {"run": str(path)},
        "created": document.get("created"),
        "settings": document.get("settings", {}),
        "provenance": document.get("provenance", {}),
    }


def _split(outcomes: "pd.DataFrame") -> "tuple[pd.DataFrame, pd.DataFrame]":
    """Outcomes over everybody, and those by group."""
    everybody = outcomes["by"].isna()
    return outcomes[everybody], outcomes[~everybody]


def _print_store(
    path: Path, entries: Sequence[dict[str, Any]], last: int, lang: str | None
) -> None:
    """The latest runs of a store."""
    console.show(say("results.store", lang, folder=path, count=len(entries)))
    shown = entries[-last:] if last else entries
    names = ("run", "scenario", "seed", "created")
    heads = [say(f"results.column.{name}", lang) for name in names]
    rows = [
        (run["run_id"][:_SHORT], run["scenario"], str(run["seed"]), run.get("created") or "")
        for run in shown
    ]
    _show_table(heads, rows)
    if len(shown) < len(entries):
        console.show(say("results.earlier", lang, count=len(entries) - len(shown)))


def _print_run(path: Path, stored: "StoredRun", lang: str | None) -> None:
    """A run for a reader: what it was, its outcomes, its file."""
    document, outcomes, _ = stored
    unknown = say("results.unknown", lang)
    came = {key: value or unknown for key, value in document.get("provenance", {}).items()}
    code = {key: came.get(key, unknown) for key in ("version", "commit", "fingerprint")}
    facts = {key: document.get(key) or unknown for key in ("scenario", "created")}
    console.show(say("results.fact.run", lang, run_id=document["run_id"]))
    console.show(say("results.fact.scenario", lang, seed=document["seed"], **facts))
    console.show(say("results.fact.code", lang, **code))
    for key, value in document.get("settings", {}).items():
        console.show(say("results.fact.setting", lang, setting=key, value=value))
    overall, grouped = _split(outcomes)
    heads = [say(f"results.column.{name}", lang) for name in ("outcome", "value", "unit")]
    rows = overall[["outcome", "value", "unit"]].itertuples(index=False)
    _show_table(heads, [(str(name), f"{value:.6g}", str(unit)) for name, value, unit in rows])
    if len(grouped):
        console.show(say("results.fact.groups", lang, count=len(grouped)))
    console.show(say("results.fact.file", lang, path=path))


def _show_table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A table set in by two blanks."""
    lines = [(f"  {first}", *others) for first, *others in (heads, *rows)]
    console.show_table(lines[0], lines[1:])

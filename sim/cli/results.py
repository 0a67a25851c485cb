"""`shiyu results`: the stored runs, listed or shown one by one, as text or as JSON."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli import console, results_care, results_out
from sim.cli.options import read_settings
from sim.cli.results_list import print_store, show_table
from sim.cli.stored import (
    DEFAULT_FOLDER,
    SHORT,
    AsJson,
    Folder,
    Lang,
    Run,
    bad_input,
    find_run,
    help_of,
    stores_in,
)
from sim.cli.words import outcome_name, unit_in
from sim.text import language, say

if TYPE_CHECKING:
    import pandas as pd

    from sim.store import Store
    from sim.store.trajectories import StoredRun

_LATEST = 20
_RUN_FACTS = ("people", "steps", "build_seconds", "seconds")

app = typer.Typer(
    help=help_of("help", "list", "show 3f9a2c07", "export results/my-study --to runs.csv"),
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.command("list", help=help_of("list.help", "list results/my-study --set scale=0.01 --limit 5"))
def list_runs(
    folder: Folder = DEFAULT_FOLDER,
    limit: Annotated[
        int | None,
        typer.Option("--limit", "--last", min=0, metavar="N", help=help_of("help.limit")),
    ] = None,
    scenario: Annotated[
        str | None, typer.Option("--scenario", metavar="NAME", help=help_of("help.scenario"))
    ] = None,
    seed: Annotated[
        int | None, typer.Option("--seed", metavar="N", help=help_of("help.seed"))
    ] = None,
    settings: Annotated[
        list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help=help_of("help.set"))
    ] = None,
    *,
    failed: Annotated[bool, typer.Option("--failed", help=help_of("help.failed"))] = False,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """List the stored runs."""
    from sim.kernel.fault import ShiyuError

    wanted = _filter(scenario, seed, read_settings(settings))
    most = (None if as_json else _LATEST) if limit is None else limit or None
    try:
        stores = stores_in(folder, lang)
        if failed:
            _show_failed(stores, wanted, most, lang, as_json=as_json)
            return
        found = {store: store.latest(most, wanted) for store in stores}
        if as_json:
            rows = [_listed(store.path, run) for store, (runs, _) in found.items() for run in runs]
            console.show_json({"runs": rows})
        elif not any(count or store.failures() for store, (_, count) in found.items()):
            everything = sum(store.latest(1)[1] for store in stores)
            key = "none_of_these" if everything else "none"
            console.show(say(f"results.{key}", lang, folder=folder, count=everything))
        else:
            for store, (runs, count) in found.items():
                print_store(store, runs, count, lang)
    except ShiyuError as error:
        bad_input(error)


@app.command("show", help=help_of("show.help", "show 1f3a9c2e"))
def show_run(
    run: Run, folder: Folder = DEFAULT_FOLDER, *, as_json: AsJson = False, lang: Lang = None
) -> None:
    """Show one stored run."""
    from sim.kernel.fault import ShiyuError

    try:
        path, stored = find_run(run, folder, lang)
        if as_json:
            console.show_json(_shown(path, stored))
        else:
            _print_run(path, stored, lang)
    except ShiyuError as error:
        bad_input(error)


app.command("diff", help=help_of("diff.help", "diff 1f3a9c2e 8b07d4aa"))(results_out.diff)
app.command(
    "export",
    help=help_of(
        "export.help",
        "export results/my-study --to runs.csv",
        "export results/my-study --table curves --outcome late_share --to c.parquet",
    ),
)(results_out.export)
app.command("verify", help=help_of("verify.help", "verify results/my-study"))(results_care.verify)
app.command("repair", help=help_of("repair.help", "repair results/my-study"))(results_care.repair)
app.command("compact", help=help_of("compact.help", "compact results/my-study"))(
    results_care.compact
)
app.command(
    "cite", help=help_of("cite.help", "cite results/my-study", "cite results/my-study --bibtex")
)(results_out.cite)


def _filter(
    scenario: str | None, seed: int | None, settings: dict[str, str]
) -> Callable[[dict[str, Any]], bool]:
    """Whether a run, or a failed one, is among those asked for."""

    def wanted(run: dict[str, Any]) -> bool:
        given = run.get("resolved", {}) | run.get("settings", {})
        return (
            (scenario is None or run.get("scenario") == scenario)
            and (seed is None or run.get("seed") == seed)
            and all(key in given and _same(given[key], told) for key, told in settings.items())
        )

    return wanted


def _same(value: Any, told: str) -> bool:
    """Whether a setting has the value that was typed: 60 is 60.0, and true is true."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value).lower() == told.lower()
    try:
        return float(told) == value
    except ValueError:
        return False


def _listed(store: Path, entry: dict[str, Any]) -> dict[str, Any]:
    """A run as `results list --json` gives it."""
    return {"store": str(store), **entry, "version": entry.get("provenance", {}).get("version")}


def _show_failed(
    stores: "list[Store]",
    wanted: Callable[[dict[str, Any]], bool],
    most: int | None,
    lang: str | None,
    *,
    as_json: bool,
) -> None:
    """The failed runs, each with its reason."""
    found = [(store.path, run) for store in stores for run in store.failures() if wanted(run)]
    shown = found if most is None else found[:most]
    if as_json:
        console.show_json({"failed": [{"store": str(path), **run} for path, run in shown]})
        return
    console.show(say("results.failed_runs", lang, count=len(found)))
    names = ("run", "seed", "failed", "reason")
    heads = [say(f"results.column.{name}", lang) for name in names]
    show_table(
        heads,
        [
            (run["run_id"][:SHORT], str(run["seed"]), run.get("failed") or "", run["reason"])
            for _, run in shown
        ],
    )


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


def _print_run(path: Path, stored: "StoredRun", lang: str | None) -> None:
    """A run for a reader: what it was, its outcomes, its file."""
    from sim.store.document import changing_levers, own_mechanisms, resolved_settings

    document, outcomes, _ = stored
    unknown = say("results.unknown", lang)
    came = {key: value or unknown for key, value in document.get("provenance", {}).items()}
    code = {key: came.get(key, unknown) for key in ("version", "commit", "fingerprint")}
    facts = {key: document.get(key) or unknown for key in ("scenario", "created")}
    console.show(say("results.fact.run", lang, run_id=document["run_id"]))
    console.show(say("results.fact.scenario", lang, seed=document["seed"], **facts))
    console.show(say("results.fact.code", lang, **code))
    for name, sha in own_mechanisms(document):
        console.show(say("results.fact.own", lang, name=name, sha=sha))
    for key, value in (resolved_settings(document) | document.get("settings", {})).items():
        console.show(say("results.fact.setting", lang, setting=key, value=value))
    for lever, day, levels in changing_levers(document):
        key = "divided" if len(levels) > 1 else "dated"
        value = ", ".join(map(str, levels))
        console.show(say(f"results.fact.{key}", lang, setting=lever, value=value, day=day))
    overall, grouped = _split(outcomes)
    columns = ("outcome", "value", "unit", "meaning")
    heads = [say(f"results.column.{name}", lang) for name in columns]
    rows = overall[["outcome", "value", "unit"]].itertuples(index=False)
    spoken = language(lang)
    shown = [
        (
            str(name),
            console.number(value, 6),
            unit_in(str(unit), spoken),
            outcome_name(str(name), spoken),
        )
        for name, value, unit in rows
    ]
    show_table(heads, shown)
    if len(grouped):
        console.show(say("results.fact.groups", lang, count=len(grouped)))
    console.show(say("results.fact.file", lang, path=path))

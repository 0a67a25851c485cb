"""`shiyu results diff`, `export` and `cite`: what is taken out of the stores."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli import console
from sim.cli.options import outcome_key
from sim.cli.stored import (
    DEFAULT_FOLDER,
    SHORT,
    AsJson,
    Folder,
    Lang,
    OneStore,
    Run,
    bad_input,
    find_run,
    help_of,
    one_store,
    refuse,
)
from sim.cli.words import outcome_name, say_faults, unit_in
from sim.text import language, say

if TYPE_CHECKING:
    from sim.store.citation import Cited

SOME_BROKEN = 1
MOST_SEEDS = 8  # that a citation names one by one
WORDS = ("outcome", "difference", "unit", "meaning")
ROUNDING = 1e-12  # of sums in another order; --json shows every bit


class Format(StrEnum):
    """What kind of file."""

    csv = "csv"
    parquet = "parquet"


class Table(StrEnum):
    """Which table."""

    runs = "runs"
    outcomes = "outcomes"
    curves = "curves"


def diff(
    run: Run,
    other: Annotated[str, typer.Argument(metavar="OTHER", help=help_of("help.other"))],
    folder: Folder = DEFAULT_FOLDER,
    *,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Two runs side by side."""
    from sim.kernel.fault import ShiyuError
    from sim.store.differences import run_differences

    try:
        runs = [find_run(start, folder, lang)[1] for start in (run, other)]
    except ShiyuError as error:
        bad_input(error)
    found = run_differences(*runs)
    ids = [stored.document["run_id"] for stored in runs]
    if as_json:
        console.show_json({"one": ids[0], "other": ids[1], **found})
        return
    heads = [known[:SHORT] for known in ids]
    starts = [stored.document.get("resolved", {}).get("start") for stored in runs]
    _print_inputs(found["scenario"] + found["provenance"], heads, starts, lang)
    seeds_differ = any(row["key"] == "seed" for row in found["scenario"])
    _print_outcomes(found["outcomes"], heads, lang, seeds_differ=seeds_differ)


def export(
    store: OneStore,
    to: Annotated[Path, typer.Option("--to", metavar="FILE", help=help_of("help.to"))],
    format_: Annotated[Format | None, typer.Option("--format", help=help_of("help.format"))] = None,
    table: Annotated[Table, typer.Option("--table", help=help_of("help.table"))] = Table.runs,
    outcomes: Annotated[
        list[str] | None,
        typer.Option("--outcome", metavar="NAME", help=help_of("help.outcome"), parser=outcome_key),
    ] = None,
    *,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Write the runs of a store as one table."""
    spoken = language(lang)
    from sim.kernel.fault import ShiyuError
    from sim.store.export import export as written

    kind = format_.value if format_ else to.suffix.lower().lstrip(".")
    if kind not in list(Format):
        refuse(say("results.which_format", spoken, file=to))
    try:
        found = one_store(store, spoken)
        with console.progress(say("results.export.progress", spoken, folder=store)) as tell:
            done = written(
                found, to, table=table.value, format=kind, outcomes=outcomes or (), progress=tell
            )
    except ShiyuError as error:
        bad_input(error)
    for message in done.broken:
        say_faults(message)
    if as_json:
        facts = {"table": table.value, "format": kind, "rows": done.rows, "broken": done.broken}
        console.show_json({**facts, "file": to})
    else:
        console.show(say("results.exported", spoken, rows=done.rows, file=to))
    if done.broken:
        raise typer.Exit(SOME_BROKEN)


def cite(
    folder: OneStore,
    run: Annotated[
        str | None, typer.Option("--run", metavar="RUN", help=help_of("help.run"))
    ] = None,
    *,
    bibtex: Annotated[bool, typer.Option("--bibtex", help=help_of("help.bibtex"))] = False,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """What to write where the runs are used."""
    spoken = language(lang)
    from sim.kernel.fault import ShiyuError
    from sim.store.citation import cited

    try:
        store = one_store(folder, spoken)
        wanted = None
        if run is not None:
            wanted = find_run(run, folder, spoken)[1].document["run_id"]
        entries, _ = store.latest(None, lambda entry: wanted in (None, entry["run_id"]))
    except ShiyuError as error:
        bad_input(error)
    groups = cited(entries)
    if not groups:
        refuse(say("results.none", spoken, folder=folder))
    keys = _keys(groups, folder.resolve().name)
    texts = [
        _citation(group, spoken, key if bibtex else "")
        for group, key in zip(groups, keys, strict=True)
    ]
    if as_json:
        rows = [
            {"citation": text, **group.row()} for text, group in zip(texts, groups, strict=True)
        ]
        console.show_json({"citations": rows})
    else:
        console.show("\n\n".join(texts))


def _keys(groups: "list[Cited]", store: str) -> list[str]:
    """The keys of entries for BibTeX: by store and scenario, numbered where code differs only."""
    keys: list[str] = []
    for group in groups:
        key = f"shiyu-{store}" if group.scenario == store else f"shiyu-{store}-{group.scenario}"
        again = [f"{key}-{number}" for number in range(2, len(groups) + 1)]
        keys.append(next(each for each in (key, *again) if each not in keys))
    return keys


def _citation(group: "Cited", lang: str, key: str) -> str:
    """One citation, for BibTeX under this key, or as a sentence where there is none."""
    unknown = say("results.unknown", lang)
    facts: dict[str, Any] = {
        key: value if value is not None else unknown for key, value in group.row().items()
    }
    facts |= {"seeds": _seeds(group, lang)}
    one = len(group.hashes) == 1
    what = say(f"results.cite.{'scenario' if one else 'scenarios'}", lang, **facts)
    for name, sha in sorted(group.own):
        what += say("results.cite.own", lang, name=name, sha=sha)
    if not key:
        return say("results.cite.text", lang, what=what, **facts)
    fields = {
        "author": "{" + say("results.cite.author", lang) + "}",  # one name, not two people
        "title": say("results.cite.title", lang),
        "year": facts["year"],
        "version": facts["version"],
        "note": say("results.cite.note", lang, what=what, **facts),
    }
    lines = [f"  {name} = {{{value}}}" for name, value in fields.items()]
    return ",\n".join([f"@software{{{key}", *lines]) + "\n}"


def _seeds(group: "Cited", lang: str) -> str:
    """The seeds, each where they are few and no row of numbers."""
    first, last = group.seeds
    count = len(group.every_seed)
    if 1 < count == last - first + 1:
        return say("results.cite.seeds", lang, first=first, last=last)
    if count <= MOST_SEEDS:
        return ", ".join(map(str, sorted(group.every_seed)))
    return say("results.cite.many_seeds", lang, count=count, first=first, last=last)


def _print_inputs(
    rows: list[dict[str, Any]], heads: list[str], starts: list[str | None], lang: str | None
) -> None:
    """What differs in what was put in, and in the code."""
    rows = [row for row in rows if row["one"] or row["other"] or {} not in row.values()]
    if not rows:
        console.show(say("results.same_inputs", lang))
        return
    cells = [
        (f"  {row['key']}", _cell(row["one"], starts[0]), _cell(row["other"], starts[1]))
        for row in rows
    ]
    console.show_table([f"  {say('results.column.key', lang)}", *heads], cells)


def _print_outcomes(
    rows: list[dict[str, Any]], heads: list[str], lang: str | None, *, seeds_differ: bool
) -> None:
    """The outcomes that differ by more than rounding; how many do not; whether luck differs too."""
    from math import isclose, isnan

    other = [
        row
        for row in rows
        if not isclose(row["one"], row["other"], rel_tol=ROUNDING, abs_tol=ROUNDING)
        and not (isnan(row["one"]) and isnan(row["other"]))
    ]
    console.show(say("results.differing", lang, count=len(other), same=len(rows) - len(other)))
    if other and seeds_differ:
        console.show(say("results.other_luck", lang))
    if other:
        named = [say(f"results.column.{name}", lang) for name in WORDS]
        cells = [
            (
                f"  {row['outcome']}",
                *(console.number(row[key], 6) for key in ("one", "other", "difference")),
                unit_in(str(row["unit"]), language(lang)),
                outcome_name(str(row["outcome"]), language(lang)),
            )
            for row in other
        ]
        console.show_table([f"  {named[0]}", *heads, *named[1:]], cells)


def _cell(value: Any, start: str | None) -> str:
    """A setting in a cell of a table, cut where it is long; a steady level is a number.

    A level that came after the start of the run, as in a branch, has its day beside it.
    """
    if isinstance(value, list) and len(value) == 1 and isinstance(value[0], list):
        day, levels = value[0][0], value[0][-1]
        if isinstance(levels, list) and len(set(map(str, levels))) == 1:
            value = levels[0] if day == start or start is None else f"{levels[0]} ({day})"
    return console.cut("-" if value is None else str(value), 40)

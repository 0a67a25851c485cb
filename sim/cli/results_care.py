"""`shiyu results verify`, `repair` and `compact`: the stores looked after."""

from pathlib import Path

import typer

from sim.cli import console
from sim.cli.stored import (
    DEFAULT_FOLDER,
    AsJson,
    Folder,
    Lang,
    OneStore,
    bad_input,
    one_store,
    stores_in,
)
from sim.cli.words import say_faults
from sim.text import say

NOT_WHOLE = 3


def verify(folder: Folder = DEFAULT_FOLDER, *, as_json: AsJson = False, lang: Lang = None) -> None:
    """Read every run to the last bit."""
    from sim.kernel.fault import ShiyuError

    runs, broken = 0, []
    try:
        for store in stores_in(folder, lang):
            with console.progress(say("results.verify.progress", lang, folder=store.path)) as tell:
                found = store.verify(tell)
            runs += found["runs"]
            broken += found["broken"]
    except ShiyuError as error:
        bad_input(error)
    if as_json:
        console.show_json({"runs": runs, "broken": broken})
    else:
        console.show(say("results.verified", lang, runs=runs, broken=len(broken)))
        for message in broken:
            console.show(f"  {message}")
    if broken:
        raise typer.Exit(NOT_WHOLE)


def repair(folder: OneStore, *, as_json: AsJson = False, lang: Lang = None) -> None:
    """Put aside what is broken and build the catalogue anew."""
    from sim.kernel.fault import ShiyuError
    from sim.store.folders import BROKEN

    try:
        store = one_store(folder, lang)
        with console.progress(say("results.repair.progress", lang, folder=folder)) as tell:
            done = store.repair(progress=tell)
    except ShiyuError as error:
        bad_input(error)
    if as_json:
        console.show_json(done)
        return
    counts = {"runs": done["runs"], "leftovers": done["leftovers"], "broken": len(done["broken"])}
    console.show(say("results.repaired", lang, **counts))
    for message in done["broken"]:
        console.show(f"  {message}")
    aside = Path(folder) / BROKEN
    if done["broken"] and aside.is_dir():  # a part of which every run was saved leaves nothing
        console.show(say("results.put_aside", lang, folder=aside))


def compact(folder: OneStore, *, as_json: AsJson = False, lang: Lang = None) -> None:
    """Move finished runs into parts."""
    from sim.kernel.fault import ShiyuError

    try:
        store = one_store(folder, lang)
        with console.progress(say("results.compact.progress", lang, folder=folder)) as tell:
            done = store.compact(tell)
    except ShiyuError as error:
        bad_input(error)
    if as_json:
        console.show_json({"runs": done.runs, "parts": done.parts, "broken": done.broken})
        return
    console.show(say("results.compacted", lang, runs=done.runs, parts=done.parts))
    for message in done.broken:
        say_faults(message)

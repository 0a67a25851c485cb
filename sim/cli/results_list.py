"""The list of `shiyu results list`: the latest runs of a store, and in what they differ."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sim.cli import console
from sim.cli.stored import SHORT
from sim.text import say

if TYPE_CHECKING:
    from sim.store import Store

LONGEST_SETTINGS = 90  # letters in a list of runs
_TOLD_BY_ALL = ("scale", "time.years", "time.start", "time.step_days")


def print_store(
    store: "Store", runs: Sequence[dict[str, Any]], count: int, lang: str | None
) -> None:
    """The latest runs of a store; what was set alike in all of them is told once, above."""
    console.show(say("results.store", lang, folder=store.path, count=count))
    settings = list(map(_settings, runs))
    alike = _alike(settings)
    if alike:
        console.show("  " + say("results.set_alike", lang, settings=_words(alike)))
    names = ("run", "scenario", "seed", "created", "settings")
    heads = [say(f"results.column.{name}", lang) for name in names]
    rows = []
    for run, given in zip(runs, settings, strict=True):
        own = {key: value for key, value in given.items() if key not in alike}
        facts = (run["run_id"][:SHORT], run["scenario"], str(run["seed"]), run.get("created") or "")
        rows.append((*facts, console.cut(_words(own), LONGEST_SETTINGS)))
    show_table(heads, rows)
    if len(runs) < count:
        console.show(say("results.earlier", lang, count=count - len(runs)))
    failed = len(store.failures())
    if failed:
        console.show(say("results.failed_too", lang, count=failed))


def _settings(run: dict[str, Any]) -> dict[str, Any]:
    """What was set in a run.

    Of a run that no experiment made it is what differs from the base, and the scale and time last.
    """
    given: dict[str, Any] | None = run.get("settings")
    if given:
        return given
    resolved = run.get("resolved", {})
    return {key: resolved[key] for key in sorted(resolved, key=_TOLD_BY_ALL.__contains__)}


def _alike(settings: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """What has the same value in all runs; nothing where they differ in nothing that was set."""
    first, *others = settings or [{}]
    found = {
        key: value
        for key, value in first.items()
        if all(key in each and each[key] == value for each in others)
    }
    return found if any(each != found for each in settings) else {}


def _words(settings: dict[str, Any]) -> str:
    """Settings by the last word of each key that names something."""
    return ", ".join(f"{_short(key)}={value}" for key, value in settings.items())


def _short(key: str) -> str:
    """`subsidy` of `policies.grid.subsidy.default`, `subsidy.chengqu` of one division's."""
    *before, last = key.split(".")
    if before and last == "default":
        return before[-1]
    if len(before) > 1 and before[-1] == "divisions":
        return f"{before[-2]}.{last}"
    return last


def show_table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A table set in by two blanks."""
    lines = [(f"  {first}", *others) for first, *others in (heads, *rows)]
    console.show_table(lines[0], lines[1:])

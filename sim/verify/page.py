"""The page of known results: by mechanism, its equation, and what theory and simulation give."""

import inspect
from collections.abc import Mapping, Sequence
from typing import Any

from sim.mechanisms.equations import EQUATIONS
from sim.text import say
from sim.verify.runner import limits, mechanism_of

HEADS = ("quantity", "settings", "expected", "simulated", "error", "interval", "verdict")
DIGITS = 5


def page(rows: Sequence[Mapping[str, Any]], command: str, version: str, lang: str = "en") -> str:
    """Markdown of verdict rows (see `verdict_rows`), with the command that makes it again."""
    held = sum(row["holds"] for row in rows)
    parts = [
        f"# {say('verify.title', lang)}",
        say("verify.intro", lang),
        say("verify.made_by", lang, command=command, version=version),
        say("verify.count", lang, held=held, count=len(rows)),
    ]
    for mechanism, names in by_mechanism(rows).items():
        parts += [f"## {mechanism}", f"$$ {EQUATIONS[mechanism]} $$"]
        for name in names:
            parts += section(name, [row for row in rows if row["name"] == name], lang)
    return "\n\n".join(part.strip() for part in parts) + "\n"


def by_mechanism(rows: Sequence[Mapping[str, Any]]) -> dict[str, list[str]]:
    """The names of limits under the mechanism that each is about, both in alphabetical order."""
    found: dict[str, list[str]] = {}
    for name in sorted({row["name"] for row in rows}):
        found.setdefault(mechanism_of(limits()[name]).name, []).append(name)
    return dict(sorted(found.items()))


def section(name: str, rows: Sequence[Mapping[str, Any]], lang: str) -> list[str]:
    """One limit: what theory says, a table, its source and what is to be known about it."""
    factory = limits()[name]
    limit = factory()
    notes = say("verify.notes", lang, notes=limit.notes) if limit.notes else ""
    heads = [say(f"verify.head.{head}", lang) for head in HEADS]
    table = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    table += ["| " + " | ".join(cells(row, lang)) + " |" for row in rows]
    about = inspect.getdoc(factory) or ""
    source = say("verify.source", lang, source=limit.source)
    return [f"### {name}", about, "\n".join(table), " ".join([source, notes])]


def cells(row: Mapping[str, Any], lang: str) -> list[str]:
    """A row of the table."""
    settings = ", ".join(f"{key} {shown(value)}" for key, value in row["parameters"].items())
    return [
        f"{row['quantity']} ({row['unit']})",
        settings,
        shown(row["expected"]),
        shown(row["simulated"]),
        shown(row["standard_error"]),
        f"{shown(row['low'])} … {shown(row['high'])}",
        say(f"cli.verify.{'holds' if row['holds'] else 'fails'}", lang),
    ]


def shown(value: Any) -> str:
    """A number, a word or a list of them."""
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(shown, value)) + "]"
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f"{value:.{DIGITS}g}"
    return str(value)

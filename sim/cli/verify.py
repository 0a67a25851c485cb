"""`shiyu verify`: results that theory gives, run through the mechanisms themselves."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli import console
from sim.cli.options import AsJson, Lang, Settings, read_settings
from sim.cli.words import help_of, word
from sim.text import language, say

if TYPE_CHECKING:
    from collections.abc import Sequence

app = typer.Typer(rich_markup_mode=None)
NOT_MET = 3


def complete_limit(begun: str) -> list[str]:
    """The limits that begin so, for the shell's completion."""
    from sim.verify import limits

    return [name for name in limits() if name.startswith(begun)]


Limits = Annotated[
    list[str] | None,
    typer.Argument(metavar="[LIMIT]...", help=word("verify.limits"), autocompletion=complete_limit),
]


@app.command(help=help_of("verify", "verify", "verify grievance --set inflow=0.3 --set decay=0.9"))
def verify(
    limits: Limits = None,
    settings: Settings = None,
    *,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Run known results and judge them."""
    spoken = language(lang)
    chosen = read_settings(settings)
    from sim.verify import verdict_rows
    from sim.verify import verify as verify_limits

    rows = verdict_rows(verify_limits(limits or (), chosen))
    if as_json:
        console.show_json({"limits": rows})
    else:
        _show(rows, spoken)
    if not all(row["holds"] for row in rows):
        raise typer.Exit(NOT_MET)


def _show(rows: "Sequence[dict[str, Any]]", lang: str) -> None:
    """One line a quantity: what theory expects, what came out, whether they agree."""
    lines = [
        (
            row["name"],
            row["quantity"],
            _text(row["expected"]),
            _text(row["simulated"]),
            f"{_text(row['low'])} … {_text(row['high'])}",
            row["unit"],
            say(f"cli.verify.{'holds' if row['holds'] else 'fails'}", lang),
        )
        for row in rows
    ]
    heads = ("limit", "quantity", "expected", "simulated", "interval", "unit", "verdict")
    console.show_table([say(f"cli.head.{head}", lang) for head in heads], lines)
    held = sum(row["holds"] for row in rows)
    console.show()
    console.show(say("cli.verify.count", lang, held=held, count=len(rows)))


def _text(value: Any) -> str:
    """A number or a list of numbers for a reader."""
    if isinstance(value, list | tuple):
        return ", ".join(map(_text, value))
    return "-" if value is None else console.number(float(value), 6)

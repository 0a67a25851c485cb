"""`shiyu parameters`: every number of the model, whence it comes and how sure it is."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli import console
from sim.cli.options import AsJson, Lang
from sim.cli.words import help_of, word
from sim.kernel.fault import ShiyuError, did_you_mean
from sim.text import language, phrase_in, say

if TYPE_CHECKING:
    from sim.kernel import Parameter

app = typer.Typer(rich_markup_mode=None)


@app.command(
    help=help_of("parameters", "parameters --status assumed", "parameters --group mediation --json")
)
def parameters(
    status: Annotated[
        str | None, typer.Option("--status", metavar="STATUS", help=word("parameters.status"))
    ] = None,
    group: Annotated[
        str | None, typer.Option("--group", metavar="NAME", help=word("parameters.group"))
    ] = None,
    *,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """The ledger of the model and of the city of Jincheng."""
    spoken = language(lang)
    from sim.engine.ledger import full_ledger
    from sim.kernel.parameter import STATUSES

    ledger = full_ledger()
    if status is not None and status not in STATUSES:
        raise _unknown("--status", status, STATUSES)
    groups = tuple(dict.fromkeys(name.partition(".")[0] for name in ledger))
    if group is not None and group not in groups:
        raise _unknown("--group", group, groups)
    chosen = {
        name: parameter
        for name, parameter in ledger.items()
        if status in (None, parameter.status) and group in (None, name.partition(".")[0])
    }
    if as_json:
        console.show_json({"parameters": [_content(*item) for item in chosen.items()]})
    else:
        _show(chosen, spoken)


def _unknown(option: str, written: str, allowed: tuple[str, ...]) -> ShiyuError:
    meant = did_you_mean(written, allowed)
    return ShiyuError(f"{option} {written}: one of {', '.join(allowed)}{meant}")


def _content(name: str, parameter: "Parameter") -> dict[str, Any]:
    return {"name": name, **vars(parameter)}


def _show(chosen: "Mapping[str, Parameter]", lang: str) -> None:
    """One line a parameter, its source under it where there is room for neither beside it."""
    rows = [
        (
            name,
            console.number(parameter.default, 6),
            f"{console.number(parameter.low, 6)} … {console.number(parameter.high, 6)}",
            phrase_in(parameter.unit, lang),
            say(f"odd.status.{parameter.status}", lang),
            phrase_in(parameter.source, lang),
        )
        for name, parameter in chosen.items()
    ]
    heads = ("parameter", "default", "range", "unit", "status", "source")
    console.show_table([say(f"cli.head.{head}", lang) for head in heads], rows)
    console.show()
    console.show(say("cli.parameters.count", lang, count=len(rows)))

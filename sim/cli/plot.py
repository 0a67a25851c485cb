"""`shiyu plot`: figures of a comparison."""

from pathlib import Path
from typing import Annotated

import typer

from sim.cli import console
from sim.cli.options import OUT, AsJson, Lang, folder
from sim.cli.words import help_of, word
from sim.text import language, say

app = typer.Typer(rich_markup_mode=None)


@app.command(
    help=help_of(
        "plot", "plot results/demo --outcome escalation_share --outcome participation_rate"
    )
)
def plot(
    results: Annotated[Path, typer.Argument(metavar="RESULTS", help=word("plot.source"))],
    outcomes: Annotated[
        list[str] | None, typer.Option("--outcome", metavar="NAME", help=word("plot.outcome"))
    ] = None,
    out: Annotated[
        Path | None, typer.Option(OUT, metavar="DIR", help=word("plot.out"), parser=folder)
    ] = None,
    *,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Draw a comparison that is there."""
    spoken = language(lang)
    from sim.engine.comparison_files import draw, read_content

    content = read_content(results)
    paths = draw(content, out or results / "figures", outcomes or (), spoken)
    if as_json:
        console.show_json({"files": paths})
        return
    for path in paths:
        console.show(f"{say('cli.file.figure', spoken)}: {path}")

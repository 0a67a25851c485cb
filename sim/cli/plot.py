"""`shiyu plot`: figures of a comparison, of a finished experiment, or of a single run."""

from pathlib import Path
from typing import Annotated

import typer

from sim.cli import console
from sim.cli.design import tell_lacking
from sim.cli.options import OUT, AsJson, Lang, folder, outcome_key
from sim.cli.stored import SHORT
from sim.cli.words import file_line, help_of, word
from sim.text import language

app = typer.Typer(rich_markup_mode=None)


@app.command(
    help=help_of(
        "plot",
        "plot results/demo --outcome escalation_share --outcome participation_rate",
        "plot experiments/levers-factorial.yaml --outcome escalation_share",
        "plot 1f3a9c2e",
    )
)
def plot(
    results: Annotated[Path, typer.Argument(metavar="RESULTS", help=word("plot.source_or_run"))],
    outcomes: Annotated[
        list[str] | None,
        typer.Option("--outcome", metavar="NAME", help=word("plot.outcome"), parser=outcome_key),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(OUT, metavar="DIR", help=word("plot.out"), parser=folder)
    ] = None,
    *,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Draw a comparison, an experiment or a run that is there."""
    spoken = language(lang)
    from sim.cli.designs import study_at
    from sim.cli.one_run import run_at

    found = None
    if (one := run_at(results, spoken)) is not None:
        from sim.findings.one_run import draw_run

        store, run = one
        place = out or store / "figures" / run.document["run_id"][:SHORT]
        paths = draw_run(run, place, outcomes, spoken)
    elif (study := study_at(results)) is not None:
        from sim.findings.effects import effects_in
        from sim.findings.report import draw_effects

        found = effects_in(study, outcomes, lang=spoken)
        paths = draw_effects(found, out or study.folder / "figures")
    else:
        from sim.engine.comparison_files import draw, read_content

        content = read_content(results)
        paths = draw(content, out or results / "figures", outcomes or (), spoken)
    if as_json:
        console.show_json({"files": paths})
    else:
        for path in paths:
            console.show(file_line("figure", path, spoken))
    if found is not None:
        tell_lacking(found, spoken)

"""`shiyu report`: one HTML file about a comparison, or about a finished experiment."""

from pathlib import Path
from typing import Annotated

import typer

from sim.cli import console
from sim.cli.design import tell_lacking
from sim.cli.options import AsJson, Lang
from sim.cli.words import file_line, help_of, word
from sim.text import language

app = typer.Typer(rich_markup_mode=None)


@app.command(
    help=help_of(
        "report",
        "report results/demo --lang zh --to results/demo/report-zh.html",
        "report experiments/levers-factorial.yaml",
    )
)
def report(
    results: Annotated[Path, typer.Argument(metavar="RESULTS", help=word("plot.source"))],
    to: Annotated[Path | None, typer.Option("--to", metavar="FILE", help=word("report.to"))] = None,
    *,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Report a comparison or an experiment that is there."""
    spoken = language(lang)
    from sim.cli.designs import study_at
    from sim.store.folders import spare

    study = study_at(results)
    if to is not None:
        spare(to, results, study.folder if study else results)
    found = None
    if study is not None:
        from sim.findings.effects import effects_in
        from sim.findings.report import report_effects

        found = effects_in(study, lang=spoken)
        path = report_effects(study, found, to or study.folder / "report.html", spoken)
    else:
        from sim.engine.comparison_files import read_content, write_report

        path = write_report(read_content(results), to or results / "report.html", spoken)
    if as_json:
        console.show_json({"files": {"report": path}})
    else:
        console.show(file_line("report", path, spoken))
    if found is not None:
        tell_lacking(found, spoken)

"""`shiyu describe`: the ODD description of a scenario, generated from code and scenario."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli import console
from sim.cli.options import (
    AsJson,
    Lang,
    Scenario,
    Settings,
    complete_scenario,
    read_settings,
)
from sim.cli.words import file_line, help_of, say_faults, word
from sim.kernel.fault import ShiyuError, did_you_mean, printable
from sim.text import language, say

if TYPE_CHECKING:
    from sim.report.odd import Subject
    from sim.report.odd.blocks import Document

app = typer.Typer(rich_markup_mode=None)

PARTS = ("full", "summary", "delta")
FORMATS = ("md", "html", "json")
SUFFIXES = {".md": "md", ".html": "html", ".htm": "html", ".json": "json"}

Against = Annotated[
    str | None,
    typer.Option(
        "--against",
        metavar="BASE",
        help=word("describe.against"),
        autocompletion=complete_scenario,
    ),
]
PartOf = Annotated[str, typer.Option("--part", metavar="|".join(PARTS), help=word("describe.part"))]
Format = Annotated[
    str | None, typer.Option("--format", metavar="|".join(FORMATS), help=word("describe.format"))
]
OutFile = Annotated[Path | None, typer.Option("--out", metavar="FILE", help=word("describe.out"))]
EXAMPLES = (
    "describe jincheng-2020 --part summary",
    "describe mediators-doubled --out odd.html",
    "describe mediators-doubled --part delta --against two-villages --lang zh",
)


@app.command(help=help_of("describe", *EXAMPLES))
def describe(
    scenario: Scenario,
    against: Against = None,
    part: PartOf = "full",
    form: Format = None,
    settings: Settings = None,
    out: OutFile = None,
    *,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Describe a scenario; nothing is run for it."""
    spoken = language(lang)
    chosen = read_settings(settings)
    _check("--part", part, PARTS)
    written_as = _format(form, out, as_json=as_json)
    if out is not None:
        from sim.store.folders import spare

        spare(out, scenario, *([against] if against else []))
    from sim.cli.described import subject_of
    from sim.report.odd import PARTS as MAKERS

    words = {"part": part, "format": written_as, "lang": spoken}
    subject = subject_of(scenario, chosen, against, words)
    for warning in subject.scenario.warnings:
        say_faults(warning)
    if part == "delta" and subject.base is None:
        name = subject.scenario.name
        raise ShiyuError(say("cli.describe.no_base", spoken, name=name))
    document = MAKERS[part](subject, spoken)
    if out is None and written_as == "json":
        console.show_json(_content(subject, document, part))
        return
    text = _text(subject, document, part, written_as)
    if out is None:
        console.show(text.rstrip("\n"))
        return
    from sim.store.atomic import write_text

    write_text(out, text)
    if as_json:
        console.show_json({"scenario": subject.scenario.name, "files": {"description": out}})
    else:
        console.show(file_line("description", printable(str(out)), spoken))


def _format(form: str | None, out: Path | None, *, as_json: bool) -> str:
    """What to write: as asked for, else by the end of the file's name, else Markdown."""
    if form is not None:
        _check("--format", form, FORMATS)
        if as_json and out is None and form != "json":
            raise ShiyuError(f"--json: does not go with --format {form} unless --out names a file")
        return form
    if out is not None:
        return _by_suffix(out)
    return "json" if as_json else "md"


def _by_suffix(out: Path) -> str:
    found = SUFFIXES.get(out.suffix.lower())
    if found is None:
        name, ends = printable(str(out)), ", ".join(SUFFIXES)
        raise ShiyuError(f"--out {name}: cannot be told by its end; use one of {ends}, or --format")
    return found


def _check(option: str, given: str, allowed: tuple[str, ...]) -> None:
    if given not in allowed:
        meant = did_you_mean(given, allowed)
        raise ShiyuError(f"{option} {printable(given)}: one of {', '.join(allowed)}{meant}")


def _content(subject: "Subject", document: "Document", part: str) -> dict[str, object]:
    from sim.report.odd import content

    return content(subject, document, part)


def _text(subject: "Subject", document: "Document", part: str, form: str) -> str:
    """The description as the text of a file."""
    if form == "html":
        from sim.report.odd.page import page

        return page(document)
    if form == "json":
        return console.json_text(_content(subject, document, part)) + "\n"
    from sim.report.odd import markdown

    return markdown(document)

"""`shiyu run`: one scenario, one seed."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli import console
from sim.cli.options import AsJson, Lang, Out, Scenario, Settings, read_settings
from sim.cli.words import help_of, word
from sim.text import language, say

if TYPE_CHECKING:
    from sim.engine.run import RunResult

app = typer.Typer(rich_markup_mode=None)


@app.command(
    help=help_of(
        "run",
        "run jincheng-2020 --seed 7",
        "run jincheng-2020 --set policies.mediation.staff_per_10k=60 --set time.years=2",
    )
)
def run(
    scenario: Scenario,
    seed: Annotated[int | None, typer.Option("--seed", metavar="N", help=word("run.seed"))] = None,
    settings: Settings = None,
    out: Out = None,
    *,
    everything: Annotated[bool, typer.Option("--all", help=word("all"))] = False,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """One run of a scenario, kept in a store."""
    spoken = language(lang)
    chosen = read_settings(settings)
    from sim.engine.load import load
    from sim.engine.run import run as run_once
    from sim.store import store_folder

    checked = load(scenario, chosen)
    for warning in checked.warnings:
        console.say_on_stderr(warning)
    folder = out or store_folder("results", checked.name)
    with console.progress(say("cli.run.progress", spoken, scenario=checked.name)) as tell:
        result = run_once(checked, seed, out=folder, progress=lambda share: tell(share, 1.0))
    if as_json:
        console.show_json(_content(result))
    else:
        _show(result, checked.outcomes if not everything else result.headline(), spoken)
        console.show(say("cli.run.kept", spoken, run=result.run_id[:16], folder=folder))


def _content(result: "RunResult") -> dict[str, object]:
    """The run in the shape that scripts rely on."""
    names = ("run_id", "scenario", "seed", "version", "people", "steps", "build_seconds", "seconds")
    facts = {name: getattr(result, name) for name in names}
    return facts | {"outcomes": result.headline(), "files": result.files}


def _show(result: "RunResult", asked: Iterable[str] | None, lang: str) -> None:
    """The run for a reader: the outcomes asked for, else the headline ones, over everybody."""
    from sim.outcomes import CATALOGUE, HEADLINES

    facts = {"scenario": result.scenario, "seed": result.seed, "people": f"{result.people:,}"}
    console.show(say("cli.run.title", lang, **facts, steps=result.steps))
    console.show()
    everybody = result.headline()
    names = [name for name in asked or HEADLINES if name in everybody]
    rows = []
    for name in names:
        outcome, cell = CATALOGUE[name], everybody[name]
        short = outcome.short_zh if lang == "zh" else outcome.short_en
        rows.append((name, console.number(cell["value"]), cell["unit"], short))
    heads = ("outcome", "value", "unit", "meaning")
    console.show_table([say(f"cli.head.{head}", lang) for head in heads], rows)
    console.show()
    if len(names) < len(everybody):
        console.show(say("cli.more", lang, count=len(everybody) - len(names)))

"""`shiyu outcomes`: what a run tells, with unit and meaning."""

import typer

from sim.cli import console
from sim.cli.options import AsJson, Lang
from sim.cli.words import help_of, unit_in
from sim.text import language, say

app = typer.Typer(rich_markup_mode=None)


@app.command(help=help_of("outcomes", "outcomes", "outcomes --lang zh"))
def outcomes(*, as_json: AsJson = False, lang: Lang = None) -> None:
    """Every outcome."""
    spoken = language(lang)
    from sim.outcomes import CATALOGUE

    if as_json:
        rows = [
            {
                "name": outcome.name,
                "unit": outcome.unit,
                "meaning": {"en": outcome.en, "zh": outcome.zh},
                "short": {"en": outcome.short_en, "zh": outcome.short_zh},
                "good": outcome.good,
            }
            for outcome in CATALOGUE.values()
        ]
        console.show_json({"outcomes": rows})
        return
    heads = [say(f"cli.head.{head}", spoken) for head in ("outcome", "unit", "meaning")]
    meanings = [
        (outcome.name, unit_in(outcome.unit, spoken), outcome.zh if spoken == "zh" else outcome.en)
        for outcome in CATALOGUE.values()
    ]
    console.show_table(heads, meanings)

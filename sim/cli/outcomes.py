"""`shiyu outcomes`: what a run tells, with unit and meaning."""

import typer

from sim.cli import console
from sim.cli.options import AsJson, Lang, Words
from sim.cli.words import help_of, unit_in
from sim.text import language, say
from sim.text.search import holds

app = typer.Typer(rich_markup_mode=None)


@app.command(help=help_of("outcomes", "outcomes", "outcomes trust --lang zh"))
def outcomes(words: Words = None, *, as_json: AsJson = False, lang: Lang = None) -> None:
    """Every outcome, or those that hold some words."""
    spoken = language(lang)
    from sim.outcomes import CATALOGUE

    found = [each for each in CATALOGUE.values() if holds(words or (), (each.name, *each.called))]
    if as_json:
        rows = [
            {
                "name": outcome.name,
                "unit": outcome.unit,
                "meaning": {"en": outcome.en, "zh": outcome.zh},
                "short": {"en": outcome.short_en, "zh": outcome.short_zh},
                "good": outcome.good,
            }
            for outcome in found
        ]
        console.show_json({"outcomes": rows})
        return
    if not found:
        console.show(say("cli.outcomes.none", spoken, words=" ".join(words or ())))
        return
    heads = [say(f"cli.head.{head}", spoken) for head in ("outcome", "unit", "meaning")]
    meanings = [
        (outcome.name, unit_in(outcome.unit, spoken), outcome.zh if spoken == "zh" else outcome.en)
        for outcome in found
    ]
    console.show_table(heads, meanings)

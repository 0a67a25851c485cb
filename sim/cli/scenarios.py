"""`shiyu scenarios`: what scenarios there are, what they say, and whether they are sound."""

from pathlib import Path
from typing import Annotated, Any

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
from sim.cli.scenario_new import new
from sim.cli.words import help_language, say_faults, with_examples
from sim.kernel.fault import Fault, ScenarioError, printable
from sim.text import language, phrase_in, say

BAD_INPUT = 2
NEW_EXAMPLES = (
    "new more-mediators --policy mediation.staff_per_10k=60 --years 3",
    "new trial --extends mediators-doubled --scale 0.02 --question 'Who gains?' --to trial.yaml",
)


def _word(key: str) -> str:
    return say(f"scenarios.{key}", help_language())


def _help(command: str, *examples: str) -> str:
    """What a command does, then examples as one would type them."""
    return with_examples(_word(f"{command}.help"), *(f"scenarios {each}" for each in examples))


app = typer.Typer(
    help=_help("all", "list", "show mediators-doubled", "validate my-scenario.yaml"),
    no_args_is_help=True,
    rich_markup_mode=None,
)
Other = Annotated[
    str,
    typer.Argument(metavar="OTHER", help=_word("diff.other"), autocompletion=complete_scenario),
]
Sources = Annotated[
    list[str],
    typer.Argument(metavar="FILE...", help=_word("files"), autocompletion=complete_scenario),
]
Resolved = Annotated[bool, typer.Option("--resolved", help=_word("resolved"))]


@app.command("list", help=_help("list", "list", "list --json"))
def list_scenarios(*, as_json: AsJson = False, lang: Lang = None) -> None:
    """The shipped scenarios by name and title."""
    spoken = language(lang)
    from sim.scenario.listing import listed

    found = listed()
    if as_json:
        console.show_json({"scenarios": [vars(one) for one in found]})
        return
    heads = [say(f"scenarios.head.{head}", spoken) for head in ("name", "folder", "title")]
    rows = [(one.name, one.folder, one.title[spoken]) for one in found]
    console.show_table(heads, rows)


@app.command("show", help=_help("show", "show mediators-doubled", "show my.yaml --resolved"))
def show(
    scenario: Scenario,
    settings: Settings = None,
    *,
    resolved: Resolved = False,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """One scenario: what it is about and what it sets, or the whole of it as YAML."""
    spoken = language(lang)
    chosen = read_settings(settings)
    from sim.cli import scenario_text
    from sim.engine.ledger import known
    from sim.scenario import load

    facts = known()
    checked = load(scenario, facts, chosen)
    for warning in checked.warnings:
        say_faults(warning)
    if as_json:
        content = {"scenario": checked.resolved(), "origins": dict(checked.origins)}
        console.show_json(content | {"warnings": list(checked.warnings)})
        return
    lines = scenario_text.resolved if resolved else scenario_text.summary
    for line in lines(checked, facts.ledger, spoken):
        console.show(line)
    if not resolved:
        for heads, rows in scenario_text.tables(checked, facts.ledger, spoken):
            console.show()
            console.show_table(heads, rows)


@app.command("validate", help=_help("validate", "validate my.yaml", "validate a.yaml b.yaml"))
def validate(
    sources: Sources,
    *,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Whether scenarios are sound; all faults of all of them, and status 2, if one is not."""
    spoken = language(lang)
    from sim.engine.graph_check import check_graph
    from sim.engine.ledger import known
    from sim.scenario import load

    facts = known()
    results: list[dict[str, Any]] = []
    for source in sources:
        faults: tuple[Fault, ...] = ()
        warnings: list[str] = []
        try:
            found = load(source, facts)
            warnings = [*found.warnings, *check_graph(found)]
        except ScenarioError as error:
            faults = error.faults
        results.append({"file": source, "ok": not faults, "warnings": warnings})
        results[-1]["faults"] = [{**vars(fault), "message": str(fault)} for fault in faults]
    if as_json:
        console.show_json({"files": results})
    else:
        _show_verdicts(results, spoken)
    if not all(result["ok"] for result in results):
        raise typer.Exit(BAD_INPUT)


@app.command("diff", help=_help("diff", "diff jincheng-2020 mediators-doubled"))
def diff(
    scenario: Scenario,
    other: Other,
    settings: Settings = None,
    *,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """The keys in which two scenarios differ; settings are laid over both."""
    spoken = language(lang)
    chosen = read_settings(settings)
    from sim.engine.ledger import known
    from sim.scenario import load
    from sim.scenario.difference import differences, places_differ
    from sim.scenario.written import flow

    facts = known()
    first, second = load(scenario, facts, chosen), load(other, facts, chosen)
    found = differences(first, second, facts.ledger)
    names = {"first": first.name, "second": second.name}
    if as_json:
        console.show_json({**names, "differences": [vars(one) for one in found]})
    elif not found:
        console.show(say("scenarios.no_difference", spoken, **names))
    else:
        if places_differ(first, second):
            places = {"place": first.place.name, "other": second.place.name}
            console.show(say("scenarios.other_places", spoken, **names, **places))
        rows = [
            (
                one.key,
                flow(_short(one.first)),
                flow(_short(one.second)),
                phrase_in(one.unit, spoken),
            )
            for one in found
        ]
        key, unit = (say(f"scenarios.head.{head}", spoken) for head in ("key", "unit"))
        console.show_table((key, first.name, second.name, unit), rows)


def _short(value: Any) -> Any:
    """A setting for a reader: six digits of a number tell as much as all of them."""
    if isinstance(value, dict):
        return {key: _short(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_short(item) for item in value]
    return float(f"{value:.6g}") if isinstance(value, float) else value


@app.command("schema", help=_help("schema", "schema > scenario.schema.json"))
def schema(
    *,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help=_word("schema.out"))
    ] = None,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """The JSON Schema of scenario files, which describes itself in both languages."""
    spoken = language(lang)
    from sim.scenario.json_schema import schema_text

    if out is None:
        console.show(schema_text().rstrip("\n"))
    else:
        from sim.store.atomic import write_text

        write_text(out, schema_text())
        if as_json:
            console.show_json({"files": {"schema": out}})
        else:
            console.say_on_stderr(say("scenarios.written", spoken, file=out))


app.command("new", help=_help("new", *NEW_EXAMPLES))(new)


def _show_verdicts(results: list[dict[str, Any]], lang: str) -> None:
    """Sound files on stdout, faults and warnings on stderr."""
    for result in results:
        if result["ok"]:
            console.show(say("scenarios.sound", lang, file=printable(result["file"])))
        for line in (*result["warnings"], *(fault["message"] for fault in result["faults"])):
            say_faults(line)

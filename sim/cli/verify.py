"""`shiyu verify`: results that theory gives, run through the mechanisms themselves."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli import console
from sim.cli.options import AsJson, Lang, Settings, Workers, read_settings
from sim.cli.simulating import simulating
from sim.cli.words import help_of, word
from sim.kernel.fault import ShiyuError
from sim.text import language, phrase_in, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

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
Levels = Annotated[bool, typer.Option("--levels", help=word("verify.levels"))]
Responses = Annotated[bool, typer.Option("--responses", help=word("verify.responses"))]
Replications = Annotated[
    int | None, typer.Option("--reps", min=2, metavar="N", help=word("verify.reps"))
]
Everything = Annotated[bool, typer.Option("--all", help=word("verify.all"))]
AtRandom = Annotated[
    int, typer.Option("--at-random", min=0, max=1000, metavar="N", help=word("verify.at_random"))
]
Seed = Annotated[int, typer.Option("--seed", min=0, metavar="N", help=word("verify.seed"))]
Page = Annotated[Path | None, typer.Option("--page", metavar="FILE", help=word("verify.page"))]

EXAMPLES = (
    "verify",
    "verify grievance --set inflow=0.3 --set decay=0.9",
    "verify --all --at-random 10 --seed 7",
    "verify --levels --set scale=0.01 --reps 10",
    "verify --responses mediation --set scale=0.01 --reps 20",
)


@app.command(help=help_of("verify", *EXAMPLES))
def verify(
    limits: Limits = None,
    settings: Settings = None,
    *,
    everything: Everything = False,
    at_random: AtRandom = 0,
    seed: Seed = 1,
    levels: Levels = False,
    responses: Responses = False,
    replications: Replications = None,
    workers: Workers = None,
    page: Page = None,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Run known results and judge them."""
    spoken = language(lang)
    chosen = read_settings(settings)
    if everything and limits:
        raise ShiyuError(f"--all: runs every limit, not only {', '.join(limits)}")
    if (levels or responses) and (everything or at_random):
        raise ShiyuError(f"--{'levels' if levels else 'responses'}: runs whole cities, no limits")
    if levels:
        if limits or responses:
            raise ShiyuError("--levels: judges the whole city; name nothing beside it")
        _verify_levels(chosen, replications, workers, page, as_json, spoken)
        return
    if responses:
        _verify_responses(limits or (), chosen, replications, workers, page, as_json, spoken)
        return
    from sim.verify import verdict_rows
    from sim.verify import verify as verify_limits

    with simulating(say("cli.verify.progress", spoken), spoken) as told:
        rows = verdict_rows(verify_limits(limits or (), chosen, at_random, seed, told))
    held = sum(row["holds"] for row in rows)
    count = say("cli.verify.count", spoken, held=held, count=len(rows))
    _tell({"limits": rows}, [_limits_table(rows, spoken)], count, as_json)
    if page:
        from sim.store import model_version
        from sim.store.atomic import write_text
        from sim.verify.page import page as page_of

        command = _command(limits, chosen, at_random, seed, page)
        write_text(page, page_of(rows, command, model_version(), spoken))
    if held < len(rows):
        raise typer.Exit(NOT_MET)


def _command(
    limits: "Sequence[str] | None",
    settings: dict[str, str],
    at_random: int,
    seed: int,
    page: Path,
) -> str:
    """What to type to get the same page again."""
    words = ["shiyu verify", *(limits or ("--all",))]
    words += [f"--set {key}={value}" for key, value in settings.items()]
    words += [f"--at-random {at_random} --seed {seed}"] if at_random else []
    return " ".join([*words, f"--page {page.as_posix()}"])


def _verify_levels(
    settings: dict[str, str],
    replications: int | None,
    workers: int | None,
    page: Path | None,
    as_json: bool,
    lang: str,
) -> None:
    """Levels of a baseline year and responses to changes, of whole cities."""
    from dataclasses import asdict

    from sim.evidence import REPLICATIONS, check_city, counted, made_by, tables
    from sim.evidence import page as page_of
    from sim.store import model_version
    from sim.store.atomic import write_text

    with simulating(say("evidence.progress", lang), lang) as told:
        verdicts = check_city(settings, replications or REPLICATIONS, workers, told)
    count = counted(verdicts.rows, lang)
    _tell(asdict(verdicts), tables(verdicts, lang), count, as_json)
    if page:
        command = made_by(settings, verdicts.replications)
        write_text(page, page_of(verdicts, command, model_version(), lang))
    if not verdicts.none_fails:
        raise typer.Exit(NOT_MET)


def _verify_responses(
    mechanisms: "Sequence[str]",
    settings: dict[str, str],
    replications: int | None,
    workers: int | None,
    page: Path | None,
    as_json: bool,
    lang: str,
) -> None:
    """Responses to changes of levers and rules of the whole model, of whole cities."""
    from dataclasses import asdict

    from sim.evidence import counted
    from sim.evidence.responses_page import responses_command, responses_page, responses_table
    from sim.evidence.responses_runs import REPLICATIONS, check_responses
    from sim.store import model_version
    from sim.store.atomic import write_text

    with simulating(say("evidence.progress", lang), lang) as told:
        found = check_responses(mechanisms, settings, replications or REPLICATIONS, workers, told)
    _tell(asdict(found), [responses_table(found, lang)], counted(found.responses, lang), as_json)
    if page:
        command = responses_command(found, settings, page.as_posix())
        write_text(page, responses_page(found, command, model_version(), lang))
    if not found.none_fails:
        raise typer.Exit(NOT_MET)


def _tell(
    content: dict[str, Any],
    tables: "Iterable[tuple[Sequence[str], Sequence[Sequence[str]]]]",
    count: str,
    as_json: bool,
) -> None:
    """What came out: all of it as JSON, or its tables and how many rows hold."""
    if as_json:
        console.show_json(content)
        return
    for heads, rows in tables:
        console.show_table(heads, rows)
        console.show()
    console.show(count)


def _limits_table(
    rows: "Sequence[dict[str, Any]]", lang: str
) -> "tuple[Sequence[str], Sequence[Sequence[str]]]":
    """One line a quantity: what theory expects, what came out, whether they agree."""
    lines = [
        (
            row["name"],
            row["quantity"],
            _text(row["expected"]),
            _text(row["simulated"]),
            f"{_text(row['low'])} … {_text(row['high'])}",
            phrase_in(row["unit"], lang),
            say(f"cli.verify.{'holds' if row['holds'] else 'fails'}", lang),
        )
        for row in rows
    ]
    heads = ("limit", "quantity", "expected", "simulated", "interval", "unit", "verdict")
    return [say(f"cli.head.{head}", lang) for head in heads], lines


def _text(value: Any) -> str:
    """A number or a list of numbers for a reader."""
    if isinstance(value, list | tuple):
        return ", ".join(map(_text, value))
    return "-" if value is None else console.number(float(value), 6)

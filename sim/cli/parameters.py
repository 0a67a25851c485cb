"""`shiyu parameters`: every number of the model, whence it comes and how sure it is."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli import console
from sim.cli.options import AsJson, Lang, Words
from sim.cli.words import help_of, word
from sim.kernel.fault import ShiyuError, did_you_mean
from sim.text import language, phrase_in, say
from sim.text.search import holds

if TYPE_CHECKING:
    from sim.engine.lever_facts import LeverFacts
    from sim.kernel import Parameter

app = typer.Typer(rich_markup_mode=None)


@app.command(
    help=help_of("parameters", "parameters --status assumed", "parameters --levers meetings")
)
def parameters(
    words: Words = None,
    status: Annotated[
        str | None, typer.Option("--status", metavar="STATUS", help=word("parameters.status"))
    ] = None,
    group: Annotated[
        str | None, typer.Option("--group", metavar="NAME", help=word("parameters.group"))
    ] = None,
    *,
    levers: Annotated[bool, typer.Option("--levers", help=word("parameters.levers"))] = False,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """The ledger of the model and of the city of Jincheng, or its levers."""
    spoken = language(lang)
    if levers:
        if status is not None:
            raise ShiyuError("--status: levers have none; leave out --status or --levers")
        _show_levers(words or (), group, as_json=as_json, lang=spoken)
        return
    from sim.engine.ledger import full_ledger
    from sim.kernel.parameter import STATUSES
    from sim.scenario import LEVERS

    ledger = full_ledger()
    if status is not None and status not in STATUSES:
        raise _unknown("--status", status, STATUSES)
    groups = tuple(dict.fromkeys(name.partition(".")[0] for name in ledger))
    if group is not None and group not in groups:
        if any(name.startswith(f"{group}.") for name in LEVERS):
            raise ShiyuError(f"--group {group}: has levers, no parameters; add --levers")
        raise _unknown("--group", group, tuple(sorted(groups)))
    chosen = {
        name: parameter
        for name, parameter in ledger.items()
        if status in (None, parameter.status)
        and group in (None, name.partition(".")[0])
        and holds(words or (), _texts(name, parameter))
    }
    if as_json:
        console.show_json({"parameters": [_content(*item) for item in chosen.items()]})
    else:
        _show(chosen, spoken)
        if words:
            _tell_of_levers(words, spoken)


def _texts(name: str, parameter: "Parameter") -> tuple[str, ...]:
    """By what a reader may look for a parameter."""
    said = (parameter.unit, parameter.source)
    return (name, *said, *(phrase_in(text, "zh") for text in said))


def _levers(words: Sequence[str], group: str | None) -> "list[LeverFacts]":
    """The levers that hold the words, of one group of names or of one mechanism."""
    from sim.engine.lever_facts import lever_facts

    every = lever_facts()
    groups = dict.fromkeys(
        name for facts in every for name in (facts.lever.name.partition(".")[0], *facts.mechanisms)
    )
    if group is not None and group not in groups:
        raise _unknown("--group", group, tuple(sorted(groups)))
    return [
        facts
        for facts in every
        if group in (None, facts.lever.name.partition(".")[0], *facts.mechanisms)
        and holds(words, facts.words)
    ]


def _show_levers(words: Sequence[str], group: str | None, *, as_json: bool, lang: str) -> None:
    from sim.cli.levers import lever_content, lever_heads, lever_rows

    found = _levers(words, group)
    if as_json:
        console.show_json({"levers": [lever_content(facts) for facts in found]})
        return
    console.show_table(lever_heads(lang), lever_rows(found, lang))
    console.show()
    console.show(say("cli.levers.count", lang, count=len(found)))


def _tell_of_levers(words: Sequence[str], lang: str) -> None:
    """A remark: what was looked for may be a lever, which is no parameter."""
    found = _levers(words, None)
    if found:
        line = say("cli.parameters.as_levers", lang, count=len(found), words=" ".join(words))
        console.say_on_stderr(line)


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

"""`shiyu scenarios new`: begins a scenario file that is valid as written and explains itself."""

import os
import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli import console
from sim.cli.options import AsJson, Lang, complete_scenario, read_settings
from sim.cli.scenario_flags import (
    checked_scenario,
    dated_shocks,
    plain_policies,
    warning_at_its_flag,
)
from sim.cli.words import help_language, say_faults
from sim.kernel.fault import ShiyuError, printable
from sim.text import language, say

if TYPE_CHECKING:
    from sim.scenario.draft import Draft

BASE = "jincheng-2020"  # what a scenario varies unless told
YEARS = 5


def _word(key: str) -> str:
    return say(f"scenarios.new.{key}", help_language())


Name = Annotated[str, typer.Argument(metavar="NAME", help=_word("help.name"))]
Place = Annotated[str | None, typer.Option("--place", metavar="P", help=_word("help.place"))]
Extends = Annotated[
    str | None,
    typer.Option(
        "--extends", metavar="BASE", help=_word("help.extends"), autocompletion=complete_scenario
    ),
]
Policies = Annotated[
    list[str] | None, typer.Option("--policy", metavar="KEY=VALUE", help=_word("help.policy"))
]
Shocks = Annotated[
    list[str] | None,
    typer.Option("--shock", metavar="KIND:DATE:DIVISION:HOUSEHOLDS", help=_word("help.shock")),
]
Years = Annotated[str | None, typer.Option("--years", metavar="N", help=_word("help.years"))]
Scale = Annotated[str | None, typer.Option("--scale", metavar="S", help=_word("help.scale"))]
Question = Annotated[
    str | None, typer.Option("--question", metavar="TEXT", help=_word("help.question"))
]
Title = Annotated[str | None, typer.Option("--title", metavar="TEXT", help=_word("help.title"))]
To = Annotated[Path | None, typer.Option("--to", metavar="FILE", help=_word("help.to"))]
Force = Annotated[bool, typer.Option("--force", help=_word("help.force"))]


def new(
    name: Name,
    place: Place = None,
    extends: Extends = None,
    policies: Policies = None,
    shocks: Shocks = None,
    years: Years = None,
    scale: Scale = None,
    title: Title = None,
    question: Question = None,
    to: To = None,
    *,
    force: Force = False,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Write a commented scenario file; nothing is written when a flag cannot be used."""
    spoken = language(lang)
    from sim.engine.ledger import known
    from sim.scenario.draft import Draft, draft_text
    from sim.scenario.find import shipped_scenarios
    from sim.scenario.load import load_text
    from sim.store.atomic import write_text

    facts = known()
    settings: dict[str, Any] = dict(read_settings(policies, "--policy", "policy", "policies."))
    dated = dated_shocks(shocks or ())
    settings |= {"shocks": dated} if dated else {}
    settings |= {"time.years": years} if years is not None else {}
    settings |= {"scale": scale} if scale is not None else {}
    if extends is None and place is None:
        extends = BASE
    content: dict[str, Any] = {"name": name}
    content |= {"extends": extends} if extends is not None else {}
    content |= {"title": title} if title is not None else {}
    content |= {"why": question} if question is not None else {}
    content |= _standing_alone(place, alone=extends is None) if place is not None else {}
    checked = checked_scenario(content, settings, facts)
    if checked.name in shipped_scenarios():
        raise ShiyuError(
            f"{checked.name} is the name of a scenario that comes with Shiyu; choose another"
        )
    target = to or Path(f"{checked.name}.yaml")
    if not force and os.path.lexists(target):
        shown = printable(str(target))
        raise ShiyuError(say("scenarios.new.there_already", spoken, file=shown))
    draft = Draft(
        name=checked.name,
        file=printable(str(target)),
        command=_command(name, place, extends, policies, shocks, years, scale, title, question),
        extends=_from(target, extends),
        place=_from(target, place),
        title=title or "",
        question=question or "",
        scale=scale,
        years=years,
        policies=plain_policies(settings),
        shocks=dated,
    )
    text = draft_text(draft, checked, facts.levers, spoken)
    load_text(text, target, facts)
    warnings = list(map(warning_at_its_flag, checked.warnings))
    for warning in warnings:
        say_faults(warning)
    write_text(target, text)
    _tell(draft, target, warnings, spoken, as_json=as_json)


def _tell(
    draft: "Draft", target: Path, warnings: Sequence[str], lang: str, *, as_json: bool
) -> None:
    """Where it is, and what one may do with it next."""
    if as_json:
        told = {"scenario": draft.name, "files": {"scenario": target}}
        console.show_json({**told, "warnings": warnings})
        return
    console.show(say("scenarios.written", lang, file=draft.file))
    after = shlex.join(["shiyu", "scenarios", "show", str(target)])
    console.show(say("scenarios.new.next", lang, command=printable(after)))


def _standing_alone(place: str, *, alone: bool) -> dict[str, Any]:
    """The place, and what a scenario that extends nothing must say: as the place's base does."""
    if not alone:
        return {"place": place}
    from sim.scenario import load
    from sim.scenario.base import base_of

    base = base_of(place)
    if base is None:
        return {"place": place, "time": {"start": "2020-01-01", "years": YEARS, "step_days": 7}}
    from sim.engine.ledger import known

    said = load(base, known()).resolved()
    return {"place": place} | {key: said[key] for key in ("scale", "time")}


def _from(target: Path, written: str | None) -> str:
    """A name as it is; a path as it leads from the folder of the new file, if that is there."""
    from sim.scenario.find import shipped_places, shipped_scenarios

    if written is None:
        return ""
    if written in shipped_scenarios() or written in shipped_places() or Path(written).is_absolute():
        return written
    path = Path(written).resolve()
    if not target.parent.is_dir():  # no way leads back out of a folder that is yet to be made
        return path.as_posix()
    try:
        return Path(os.path.relpath(path, target.parent.resolve())).as_posix()
    except ValueError:  # another drive
        return path.as_posix()


def _command(
    name: str,
    place: str | None,
    extends: str | None,
    policies: Sequence[str] | None,
    shocks: Sequence[str] | None,
    years: str | None,
    scale: str | None,
    title: str | None,
    question: str | None,
) -> str:
    """What was asked for."""
    words = ["shiyu", "scenarios", "new", name]
    single = {"place": place, "extends": extends, "years": years, "scale": scale}
    for option, value in (single | {"title": title, "question": question}).items():
        words += [f"--{option}", value] if value is not None else []
    for option, values in (("policy", policies), ("shock", shocks)):
        for value in values or ():
            words += [f"--{option}", value]
    return printable(shlex.join(words))

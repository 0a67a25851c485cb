"""A scenario as text for a reader: a summary, tables of what it sets, or the whole as YAML."""

from collections.abc import Iterator, Mapping, Sequence

from sim.cli import console
from sim.kernel.parameter import Parameter
from sim.scenario import LEVERS, SHOCK_KINDS, Scenario, Shock
from sim.scenario.difference import by_division
from sim.scenario.levers import worded
from sim.scenario.written import flow, yaml_lines
from sim.text import phrase_in, say

Ledger = Mapping[str, Parameter]
Table = tuple[Sequence[str], Sequence[Sequence[str]]]


def summary(scenario: Scenario, ledger: Ledger, lang: str) -> Iterator[str]:
    """Title, reason and the facts of a run, a line each."""
    yield f"{scenario.name}: {scenario.title[lang]}"
    if scenario.why[lang]:
        yield scenario.why[lang]
    yield ""
    said = scenario.resolved()
    facts = {
        "file": scenario.origins["name"].rpartition(":")[0].rpartition(":")[0],
        "place": said["place"],
        "scale": console.number(scenario.scale),
        "time": say(
            "scenarios.time",
            lang,
            start=scenario.start.isoformat(),
            years=console.number(scenario.years),
            days=console.number(scenario.step_days),
        ),
        "mechanisms": _names(said["mechanisms"]),
        "outcomes": _names(said["outcomes"]),
        "graph": said.get("graph", ""),
    }
    for key, value in facts.items():
        if value:
            yield say(f"scenarios.fact.{key}", lang, value=value)
    if not (scenario.policies or scenario.parameters or scenario.shocks):
        yield say("scenarios.sets_nothing", lang)


def tables(scenario: Scenario, ledger: Ledger, lang: str) -> Iterator[Table]:
    """The levers and the parameters that a scenario sets, beside their bases and defaults."""
    if scenario.policies:
        rows = [_lever(scenario, name, lang) for name in scenario.policies]
        yield _heads(("lever", "value", "base", "unit", "meaning"), lang), rows
    if scenario.parameters:
        rows = [_parameter(scenario, name, ledger, lang) for name in scenario.parameters]
        yield _heads(("parameter", "value", "default", "unit"), lang), rows

    if scenario.shocks:
        heads = ("shock", "day", "division", "hits", "until", "answer")
        yield _heads(heads, lang), [_shock(shock) for shock in scenario.shocks]


def resolved(scenario: Scenario, ledger: Ledger, lang: str) -> Iterator[str]:
    """The merged scenario as YAML, with the origin of each value at the end of its line."""
    default = say("scenarios.default", lang)
    yield from yaml_lines(scenario.resolved(), scenario.origins, default=default)


def _lever(scenario: Scenario, name: str, lang: str) -> tuple[str, ...]:
    place = scenario.place
    base = by_division(place.bases[name], place.divisions)
    lever = LEVERS.get(name)
    unit, meaning = (phrase_in(lever.unit, lang), lever.meaning[lang]) if lever else ("", "")
    held, usual = (flow(worded(name, one)) for one in (scenario.policies[name].plain(), base))
    return name, held, usual, unit, meaning


def _parameter(scenario: Scenario, name: str, ledger: Ledger, lang: str) -> tuple[str, ...]:
    declared = ledger.get(name) or scenario.place.ledger.get(name)
    stated = flow(scenario.parameters[name])
    if declared is None:
        return name, stated, "", ""
    return name, stated, flow(declared.default), phrase_in(declared.unit, lang)


def _shock(shock: Shock) -> tuple[str, ...]:
    hits = SHOCK_KINDS[shock.kind]
    until = "" if shock.until is None else shock.until.isoformat()
    return (
        shock.kind,
        shock.on.isoformat(),
        shock.division or "",
        f"{shock.count} {hits}" if hits else "",
        until,
        shock.response or "",
    )


def _heads(names: Sequence[str], lang: str) -> list[str]:
    return [say(f"scenarios.head.{name}", lang) for name in names]


def _names(said: object) -> str:
    return ", ".join(said) if isinstance(said, list) else str(said)

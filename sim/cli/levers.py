"""The levers as `shiyu parameters --levers` and the page of the reference show them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sim.cli import console
from sim.scenario.written import flow
from sim.text import phrase_in, say

if TYPE_CHECKING:
    from sim.engine.lever_facts import LeverFacts

HEADS = ("lever", "base", "range", "unit", "meaning", "read_by", "cost", "made")


def lever_rows(found: Sequence["LeverFacts"], lang: str) -> list[tuple[str, ...]]:
    """A row a lever, under `HEADS`."""
    return [
        (
            facts.lever.name,
            flow(_short(facts.base)),
            _range(facts),
            phrase_in(facts.lever.unit, lang),
            facts.lever.meaning[lang],
            ", ".join(facts.mechanisms),
            _cost(facts, lang),
            ", ".join(facts.outcomes),
        )
        for facts in found
    ]


def lever_heads(lang: str) -> list[str]:
    """What stands over the columns."""
    return [say(f"cli.head.{head}", lang) for head in HEADS]


def lever_content(facts: "LeverFacts") -> dict[str, Any]:
    """A lever for a script."""
    lever = facts.lever
    return {
        "name": lever.name,
        "unit": lever.unit,
        "low": lever.low,
        "high": lever.high,
        "choices": lever.choices,
        "base": facts.base,
        "mechanisms": facts.mechanisms,
        "step": facts.step,
        "yuan_per_year_of_step": dict(facts.costs),
        "paid_as_it_goes": facts.paid_as_it_goes,
        "outcomes": facts.outcomes,
        "meaning": dict(lever.meaning),
    }


def _short(value: Any) -> Any:
    """A level for a reader: four digits of a number are enough."""
    if isinstance(value, dict):
        return {key: _short(one) for key, one in value.items()}
    return float(f"{value:.4g}") if isinstance(value, float) else value


def _range(facts: "LeverFacts") -> str:
    lever = facts.lever
    if lever.choices:
        return ", ".join(lever.choices)
    return f"{console.number(lever.low, 6)} … {console.number(lever.high, 6)}"


def _cost(facts: "LeverFacts", lang: str) -> str:
    """What a step more costs, or that nobody knows it beforehand, or nothing."""
    if facts.costs:
        step = console.number(facts.step)
        yuan = console.number(sum(facts.costs.values()), 6)
        return say("cli.levers.cost", lang, step=step, yuan=yuan)
    return say(f"cli.levers.{'as_it_goes' if facts.paid_as_it_goes else 'free'}", lang)

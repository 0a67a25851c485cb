"""What two scenarios say differently: only the keys whose values differ."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.kernel.parameter import Parameter
from sim.scenario.levers import LEVERS, worded
from sim.scenario.scenario import Scenario

_LABELS = ("name", "title", "why")  # what a scenario is called is no difference in what it says
_SECTIONS = ("policies", "parameters")


@dataclass(frozen=True)
class Difference:
    """One dotted key, what either scenario says, and the unit of it (empty if it has none)."""

    key: str
    first: Any
    second: Any
    unit: str = ""


def differences(
    first: Scenario, second: Scenario, ledger: Mapping[str, Parameter]
) -> list[Difference]:
    """The keys in which two scenarios differ; what one leaves unsaid stands at base or default.

    Where the places differ, so do the levers and numbers that neither says and either place has.
    `ledger` holds the parameters of the mechanisms; those of the places are added to it.
    """
    plain = [dict(_flat(_without(scenario, _SECTIONS))) for scenario in (first, second)]
    found = [
        Difference(key, plain[0].get(key), plain[1].get(key))
        for key in dict.fromkeys([*plain[0], *plain[1]])
        if plain[0].get(key) != plain[1].get(key)
    ]
    found += _of_levers(first, second)
    found += _of_parameters(first, second, ledger)
    return found


def places_differ(first: Scenario, second: Scenario) -> bool:
    """Whether two scenarios name different places."""
    return bool(first.resolved()["place"] != second.resolved()["place"])


def by_division(values: np.ndarray, divisions: Sequence[str]) -> Any:
    """Values of a lever as a scenario would say them: the commonest, and the divisions apart."""
    numbers = [float(value) for value in values]
    common = max(dict.fromkeys(numbers), key=numbers.count)
    apart = {slug: n for slug, n in zip(divisions, numbers, strict=True) if n != common}
    return {"default": common, "divisions": apart} if apart else common


def _of_levers(first: Scenario, second: Scenario) -> Iterator[Difference]:
    in_force = first.policies_in_force(), second.policies_in_force()
    elsewhere = places_differ(first, second)
    names = [*first.policies, *second.policies]
    if elsewhere:
        names += [*first.place.bases, *second.place.bases]
    for name in dict.fromkeys(names):
        if in_force[0].get(name) == in_force[1].get(name) and not elsewhere:
            continue
        before, after = (worded(name, _setting(scenario, name)) for scenario in (first, second))
        if before != after:
            unit = LEVERS[name].unit if name in LEVERS else ""
            yield Difference(f"policies.{name}", before, after, unit)


def _setting(scenario: Scenario, name: str) -> Any:
    """The schedule of a lever, or what holds from start to end if nothing changes on the way."""
    schedule = scenario.policies.get(name)
    if schedule is not None and schedule.days():
        return schedule.plain()
    values = scenario.lever_values(scenario.start).get(name)
    if values is None:
        return None
    return by_division(values, scenario.place.divisions)


def _of_parameters(
    first: Scenario, second: Scenario, ledger: Mapping[str, Parameter]
) -> Iterator[Difference]:
    names = [*first.parameters, *second.parameters]
    if places_differ(first, second):
        names += [*first.place.values, *second.place.values]
    for name in dict.fromkeys(names):
        declared = ledger.get(name) or first.place.ledger.get(name) or second.place.ledger.get(name)
        before, after = (_number(scenario, name, declared) for scenario in (first, second))
        if before != after:
            yield Difference(f"parameters.{name}", before, after, declared.unit if declared else "")


def _number(scenario: Scenario, name: str, declared: Parameter | None) -> float | None:
    """A parameter as set, as the place has it, or as it is declared."""
    fallback = None if declared is None else declared.default
    return scenario.parameters.get(name, scenario.place.values.get(name, fallback))


def _without(scenario: Scenario, sections: Sequence[str]) -> dict[str, Any]:
    said = scenario.resolved()
    return {key: said[key] for key in said if key not in (*sections, *_LABELS)}


def _flat(mapping: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in mapping.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value

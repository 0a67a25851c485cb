"""Loads scenarios that can stand in pairs: of different names, with the same people."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sim.kernel.fault import Fault, ScenarioError, ShiyuError

if TYPE_CHECKING:
    from sim.scenario import Scenario


def load_all(
    sources: Sequence[Any], settings: Mapping[str, Any] | None = None
) -> "tuple[Scenario, ...]":
    """The scenarios with the same settings laid over each; the first is the baseline.

    Raises:
        ScenarioError: with the faults of all of them, each fault once.
        ShiyuError: there are fewer than two, two of one name, or one with other people.
    """
    from sim.engine.load import load

    found: list[Scenario] = []
    faults: dict[Fault, None] = {}
    for source in sources:
        try:
            found.append(load(source, settings))
        except ScenarioError as error:
            faults |= dict.fromkeys(error.faults)
    if faults:
        raise ScenarioError(faults)
    return _distinct(found)


def _distinct(scenarios: "list[Scenario]") -> "tuple[Scenario, ...]":
    """The scenarios, whose names tell them apart in every table."""
    if len(scenarios) < 2:
        raise ShiyuError("nothing to compare: name a baseline and at least one other scenario")
    names = [scenario.name for scenario in scenarios]
    for name in names:
        if names.count(name) > 1:
            raise ShiyuError(f"two scenarios are called {name}: give one of them another `name:`")
    base = scenarios[0]
    for other in scenarios[1:]:
        _check_people(base, other)
    return tuple(scenarios)


def _check_people(base: "Scenario", other: "Scenario") -> None:
    """Raise ShiyuError where other people live in the other world: no run has its pair there."""
    if _place(base) != _place(other):
        raise ShiyuError(
            f"{other.name}: has other people than {base.name}, for it is of another place; "
            f"write the policy as a scenario that extends {base.name}"
        )
    if base.scale != other.scale:
        smaller = min(base.scale, other.scale)
        raise ShiyuError(
            f"{other.name}: has other people than {base.name}, for its scale is another; "
            f"give both one, as with --set scale={smaller:g}"
        )
    if base.graph != other.graph:
        raise ShiyuError(
            f"{other.name}: has other people than {base.name}, for its graph is another; "
            "give both one graph"
        )


def _place(scenario: "Scenario") -> Any:
    return getattr(scenario.place, "name", scenario.place)

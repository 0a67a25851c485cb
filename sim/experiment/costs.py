"""What a point's levers cost, for constraints: yuan a year of the whole city, on the first day."""

from collections.abc import Mapping

from sim.mechanisms.government.budget import yearly_cost
from sim.scenario import Scenario
from sim.world.money import FEN_PER_YUAN, LINES

__all__ = ["LINES", "cost_of", "cost_values"]


def cost_of(scenario: Scenario) -> dict[str, float]:
    """Yuan a year by line of the budget, at the default unit costs."""
    levers = scenario.lever_values(scenario.start)
    by_division = yearly_cost(scenario.place, levers).values()
    return {line: sum(lines[line] for lines in by_division) / FEN_PER_YUAN for line in LINES}


def cost_values(name: str, lines: Mapping[str, float]) -> dict[str, float]:
    """The total under a name, and each line under `name.line`."""
    return {name: sum(lines.values())} | {f"{name}.{line}": v for line, v in lines.items()}

"""Reads the graph file of a scenario as a run would, before there is a city.

How many people a sample of a place has hangs on the seed; nobody beyond the adults of the whole
place can be meant.
"""

from typing import cast

from sim.kernel import Draws, Fault
from sim.scenario import Scenario
from sim.world.graph_reading import read_graph
from sim.world.place import Place
from sim.world.settlements import kept_units, list_settlements

_SEEDS = range(20)


def check_graph(scenario: Scenario) -> tuple[str, ...]:
    """Warnings about the graph that a scenario brings; none where it brings none.

    Raises ScenarioError, with every fault and its line, for a file that no run could read.
    """
    if scenario.graph is None:
        return ()
    place = cast(Place, scenario.place)
    adults = int(list_settlements(place, Draws(0)).adults.sum())
    ties = read_graph(scenario.graph, adults)
    highest = int(ties.indices.max(initial=0))
    counts = [_people(place, scenario.scale, seed) for seed in _SEEDS]
    if highest < min(counts):
        return ()
    words = (
        f"ties person {highest}; at scale {scenario.scale:g} a city has some {min(counts)} to "
        f"{max(counts)} people, by its seed, and a run of fewer is refused"
    )
    return (str(Fault(scenario.graph.name, 0, 0, "graph", words)),)


def _people(place: Place, scale: float, seed: int) -> int:
    """How many people the city of a seed has."""
    draws = Draws(seed)
    return int(kept_units(list_settlements(place, draws), place, scale, draws).adults.sum())

"""An experiment: a checked plan of which scenarios are run how often; its points are scenarios."""

import functools
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sim.experiment import wording
from sim.experiment.constraints import Constraint, NotComputedError
from sim.experiment.costs import cost_of, cost_values
from sim.experiment.designs import Design, rows_of
from sim.experiment.factors import Factor
from sim.experiment.stopping import Stopping
from sim.experiment.tables import Table
from sim.scenario import Known, Scenario
from sim.scenario.faults import Faults
from sim.scenario.judge import judged
from sim.scenario.merge import merged
from sim.scenario.node import Node
from sim.scenario.settings import SCENARIO, layer


@dataclass(frozen=True)
class Point:
    """One combination of values; its number counts from 0 in the order of the design."""

    number: int
    nodes: Mapping[str, Node]

    @property
    def settings(self) -> dict[str, Any]:
        """The value of each factor by dotted key, plain."""
        return {key: node.plain() for key, node in self.nodes.items()}


@dataclass(frozen=True, eq=False)
class Experiment:
    """What a sweep runs, checked.

    `factors` and `settings` go by dotted key; `trees` holds each scenario that it names, whole, by
    name. `outcomes` None means all. `content` is the file as plain data, for those who read the
    results.
    """

    name: str
    title: Mapping[str, str]
    why: Mapping[str, str]
    path: Path
    scenario: str
    settings: Mapping[str, Node]
    design: Design
    factors: Mapping[str, Factor]
    constraints: tuple[Constraint, ...]
    replications: int
    stopping: Stopping | None
    seed: int
    outcomes: tuple[str, ...] | None
    table: Table | None
    content: Mapping[str, Any]
    trees: Mapping[str, Node] = field(repr=False)
    known: Known = field(repr=False)

    def points(self) -> "tuple[Point, ...]":
        """Every point of the design that meets the constraints.

        Raises ScenarioError when there is none, or when a constraint cannot be computed.
        """
        return self._points

    @property
    def left_out(self) -> int:
        """How many points of the design do not meet the constraints."""
        return len(self._rows) - len(self._points)

    @property
    def costs(self) -> tuple[float, ...]:
        """What each point costs, in yuan a year; none where no constraint asks for costs."""
        return tuple(cost for _, cost in self._kept if cost is not None)

    @functools.cached_property
    def base_cost(self) -> float:
        """Yuan a year of the scenario without its factors."""
        return sum(cost_of(self.scenario_of({})).values())

    def scenario_of(self, nodes: Mapping[str, Node]) -> Scenario:
        """The scenario at these values.

        Raises ScenarioError with every fault, each at the line of the value that makes it.
        """
        base = str(nodes[SCENARIO].value) if SCENARIO in nodes else self.scenario
        return scenario_with(self.trees[base], {**self.settings, **nodes}, self.known)

    def settings_at(self, nodes: Mapping[str, Node]) -> dict[str, Any]:
        """What is set there by dotted key, plain: alike at every point, then these values."""
        return {key: node.plain() for key, node in {**self.settings, **nodes}.items()}

    @functools.cached_property
    def _rows(self) -> "tuple[tuple[Node, ...], ...]":
        if self.table is not None:
            return self.table.rows
        return tuple(rows_of(self.design, tuple(self.factors.values()), self.seed))

    @functools.cached_property
    def _points(self) -> "tuple[Point, ...]":
        return tuple(
            Point(number, dict(zip(self.factors, row, strict=True)))
            for number, (row, _) in enumerate(self._kept)
        )

    @functools.cached_property
    def _kept(self) -> "tuple[tuple[tuple[Node, ...], float | None], ...]":
        """The rows that meet every constraint, with what they cost where one asks for that.

        Raises ScenarioError when there is none; where a constraint asks for costs, the message says
        what they are, since a budget is easily set where no point lies.
        """
        if not self.constraints:
            return tuple((row, None) for row in self._rows)
        asks_cost = any(constraint.needs_cost for constraint in self.constraints)
        base = cost_of(self.scenario_of({})) if asks_cost else {}
        faults = Faults()
        costs: list[float] = []
        kept: list[tuple[tuple[Node, ...], float | None]] = []
        for row in self._rows:
            nodes = dict(zip(self.factors, row, strict=True))
            values = self.settings_at(nodes)
            if asks_cost:
                values |= cost_values("cost", cost_of(self.scenario_of(nodes)))
                values |= cost_values("base_cost", base)
                costs.append(values["cost"])
            if self._meets(values, nodes, faults):
                kept.append((row, costs[-1] if costs else None))
        if not kept and not faults:
            trouble = wording.NO_POINTS
            if costs:
                facts = {"base": sum(base.values()), "low": min(costs), "high": max(costs)}
                trouble += wording.COSTS_SEEN.format(**facts)
            faults.add(self.constraints[0].spot, "constraints", trouble)
        faults.refuse()
        return tuple(kept)

    def _meets(self, values: Mapping[str, Any], nodes: Mapping[str, Node], faults: Faults) -> bool:
        for constraint in self.constraints:
            try:
                if not constraint.holds(values):
                    return False
            except NotComputedError as error:
                point = ", ".join(f"{key} = {node.plain()}" for key, node in nodes.items())
                trouble = wording.NOT_COMPUTED.format(point=point, why=error)
                faults.add(constraint.spot, "constraints", trouble)
                return False
        return True


def scenario_with(tree: Node, nodes: Mapping[str, Node], known: Known) -> Scenario:
    """The scenario of a tree with values laid over it by dotted key.

    Raises ScenarioError with every fault, each at the line of the value that makes it.
    """
    faults = Faults()
    for key, node in nodes.items():
        if key != SCENARIO:
            tree = merged(tree, layer(key, node, faults))
    found = judged(tree, known, faults, whole=True)
    faults.refuse()
    if found is None:
        raise AssertionError("a scenario without faults has every part")
    return found


def keys_overlap(first: str, second: str) -> bool:
    """Whether one dotted key sets what the other sets."""
    return f"{first}.".startswith(f"{second}.") or f"{second}.".startswith(f"{first}.")

"""Builds the social graph: who lives, is kin, works, is friends and talks online with whom.

`tie_picks` holds the rules. One knob, `closure`, is the share of picks that stay in a circle; it
is solved on a sample of units so that the mean local clustering comes out as the scenario says.
"""

import math
from collections.abc import Mapping

import numpy as np

from sim.kernel import Draws, Fault, ScenarioError, Table
from sim.world.pair_table import empty_table, household_pairs, tie_households, unpacked
from sim.world.tie_inputs import (
    CHAIN_SHARE,
    CLUSTERING_TOLERANCE,
    WITHIN_DIVISION,
    LayerInput,
    TieInputs,
    strengths_by_mask,
    tie_inputs,
)
from sim.world.tie_measures import clustering
from sim.world.tie_picks import Plan, fill_layer
from sim.world.tie_pools import Pool, make_frame, make_pool, ring_of_units
from sim.world.ties import LAYER_BITS, Ties

SAMPLE_ADULTS = (6_000, 30_000)  # a quarter of the adults, but at least and at most so many
SAMPLE_UNITS = 2  # at least so many of each division: a unit needs another across the ring
_SOLVED = 0.002  # how close to the aim the sample must come
_SLOPE = 0.4  # of clustering over the square of closure at the default inputs: where to begin
_ROUNDS = 20


def build_ties(people: Table, units: Table, values: Mapping[str, float], draws: Draws) -> Ties:
    """The ties of a population.

    Args:
        people: rows ordered by unit, then household; columns id, unit, household, registration,
            employed, kind.
        units: columns id, division; `people.unit` are its rows.
        values: `ties.*` values of the place by flat name.
        draws: the luck; streams are named `ties.<layer>` and keyed by person and unit ids.

    Raises:
        ScenarioError: a value cannot be used, or the clustering cannot be reached.
    """
    inputs = tie_inputs(values)
    closure = solved_closure(TieBuilder(*sampled(people, units, draws), inputs, draws))
    return TieBuilder(people, units, inputs, draws).ties(closure)


class TieBuilder:
    """People, units and inputs made ready, so that ties can be built at several closures."""

    def __init__(self, people: Table, units: Table, inputs: TieInputs, draws: Draws) -> None:
        ring = ring_of_units(units, draws)
        self.inputs = inputs
        self.draws = draws
        self.people = len(people)
        self.frame = make_frame(people, units, ring)
        self.everyone = make_pool(people, ring, np.ones(len(people), bool))
        self.employed = make_pool(people, ring, np.asarray(people.employed, bool))

    def ties(self, closure: float) -> Ties:
        """The ties that come of one closure, the share of picks that stay in a circle."""
        chosen = self.inputs.layers[1:]
        picks = math.ceil(sum(layer.degree for layer in chosen) / 2 * self.people)
        rounding = 2 * len(chosen) * (self.frame.unit_ids.size + 1)
        table = empty_table(int(household_pairs(self.frame.household)) + picks + rounding)
        tie_households(table, self.frame.household, np.uint8(LAYER_BITS["household"]))
        for layer in chosen:
            pool = self.employed if layer.name == "coworkers" else self.everyone
            if pool.rows.shape[1]:
                plan = self._plan(layer, pool, closure)
                fill_layer(table, self.frame, pool, self.everyone, plan)
        first, second, masks = unpacked(table)
        del table  # the largest array of all goes before the rows are made
        strength = strengths_by_mask(self.inputs)[masks]
        return Ties.from_edges(self.people, first, second, strength, masks)

    def _plan(self, layer: LayerInput, pool: Pool, closure: float) -> Plan:
        picks = layer.degree / 2 * self.people / pool.rows.shape[1]
        return Plan(
            key=self.draws.key(f"ties.{layer.name}"),
            bit=np.uint8(LAYER_BITS[layer.name]),
            inside=picks * layer.local_share,
            outside=picks * (1.0 - layer.local_share),
            closure=closure,
            homophily=self.inputs.homophily,
            within_division=WITHIN_DIVISION[layer.name],
            chain=CHAIN_SHARE if layer.name == "kin" else 0.0,
            along_street=layer.name == "neighbours",
        )


def sampled(people: Table, units: Table, draws: Draws) -> tuple[Table, Table]:
    """The people and units of a sample with the first units of each division's ring."""
    ring = ring_of_units(units, draws)
    divisions = units.division[ring]
    adults = min(SAMPLE_ADULTS[1], max(SAMPLE_ADULTS[0], len(people) // 4))
    share = min(1.0, adults / max(1, len(people)))
    place = np.arange(ring.size) - np.searchsorted(divisions, divisions, "left")
    size = np.searchsorted(divisions, divisions, "right") - np.arange(ring.size) + place
    kept = np.sort(ring[place < np.maximum(SAMPLE_UNITS, np.ceil(share * size))])
    number = np.full(len(units), -1, np.int32)
    number[kept] = np.arange(kept.size, dtype=np.int32)
    mine = number[people.unit] >= 0
    columns = {
        name: people[name][mine] for name in ("id", "household", "registration", "employed", "kind")
    }
    unit_columns = {name: units[name][kept] for name in ("id", "division")}
    few = Table(int(np.count_nonzero(mine)), unit=number[people.unit[mine]], **columns)
    return few, Table(kept.size, **unit_columns)


def solved_closure(builder: TieBuilder) -> float:
    """The closure at which the mean local clustering is the one that the inputs ask for.

    Secant steps in the square of the closure, in which clustering is nearly straight.

    Raises:
        ScenarioError: no closure gives that clustering; the message states the reach.
    """
    aim = builder.inputs.clustering

    def excess(square: float) -> float:
        return clustering(builder.ties(math.sqrt(square))) - aim

    square, slope = 0.5, _SLOPE
    found = excess(square)
    for _ in range(_ROUNDS):
        following = min(1.0, max(0.0, square - found / slope))
        if abs(found) <= _SOLVED or following == square:
            break
        change = excess(following) - found
        slope = max(_SLOPE / 10, change / (following - square))
        square, found = following, found + change
    if abs(found) > CLUSTERING_TOLERANCE:
        reach = f"{excess(0.0) + aim:.2f} to {excess(1.0) + aim:.2f} can be reached"
        trouble = f"{aim:g} cannot be had with these degrees, local shares and units"
        raise ScenarioError([Fault("ties", 0, 0, "ties.clustering", trouble, reach)])
    return math.sqrt(square)

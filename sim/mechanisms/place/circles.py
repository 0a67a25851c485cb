"""Ties of a whole world on a calendar: what changes, gathered, and then made at once."""

from typing import Any

import numpy as np

from sim.mechanisms.place.acquaintance import (
    born_into,
    by_run,
    faded,
    formed,
    left_behind,
    mark_known,
)
from sim.world.states import NON_LOCAL
from sim.world.tie_changes import changed_ties
from sim.world.tie_inputs import WITHIN_DIVISION, TieInputs, strengths_by_mask, tie_inputs
from sim.world.ties import LAYER_BITS
from sim.world.world import World

NEW_TIES = ("neighbours", "coworkers", "friends", "online")  # friends last but one


class Circles:
    """Keeps who moved since ties were last changed; changes them."""

    def __init__(self, world: World) -> None:
        values = world.place.values
        self.inputs: TieInputs | None = None
        self.fading = values.get("ties.turnover_per_year", 0.0)
        self.moved: list[np.ndarray] = []
        if "ties.homophily" in values:
            self.inputs = tie_inputs(values)
            layers = {layer.name: layer for layer in self.inputs.layers}
            self.degree = sum(layer.degree for layer in self.inputs.layers)
            chosen = [layers[name] for name in NEW_TIES]
            degrees = np.array([layer.degree for layer in chosen])
            self.table = (
                np.array([LAYER_BITS[name] for name in NEW_TIES], np.uint8),
                np.cumsum(degrees) / max(degrees.sum(), 1e-300),
                np.array([layer.local_share for layer in chosen]),
                np.array([WITHIN_DIVISION[name] for name in NEW_TIES]),
            )

    def lack_at_start(self, rule: Any, world: World) -> None:
        """Who moved or came of age not long ago still misses ties: the mean degree then stays."""
        people = world.people
        if self.inputs is None or "moved_at" not in people:
            return
        growth = rule.tie_growth_per_year
        since = np.minimum(-people.moved_at / 365.25, 1e3)
        lost = (1.0 - rule.ties_kept) * self.degree * np.exp(-growth * since)
        grown_up = people.age.astype(float) - 17.5
        lacking = np.maximum(lost, self.degree * np.exp(-growth * grown_up))
        luck = world.draws.uniform("integration.degree", people.id)
        people.missing_ties[:] = np.floor(lacking + luck)

    def welcome(self, world: World, rows: np.ndarray) -> None:
        """Newcomers lack all the ties that an adult has beyond the household."""
        if self.inputs is not None:
            luck = world.draws.uniform("integration.degree", world.people.id[rows])
            world.people.missing_ties[rows] = np.floor(self.degree + luck)

    def change(self, rule: Any, world: World, week: int, years: float) -> np.ndarray:
        """Ties weaken, end and form; returns the rows of people whose circle changed."""
        if self.inputs is None:
            return np.zeros(0, np.int64)
        people, ties = world.people, world.ties
        strengths = strengths_by_mask(self.inputs)
        touched = np.zeros(len(people), bool)
        mark_known(touched, _rows(self.moved), ties.indptr, ties.indices)
        gone = np.flatnonzero(~people.alive & (ties.degree > 0))
        mark_known(touched, gone, ties.indptr, ties.indices)
        self.moved = []
        changes = [
            self.drop(rule, world, week, strengths),
            self.be_born(world, strengths),
            self.fade(world, week, years),
        ]
        changes.append(self.form(rule, world, week, years, strengths))
        a, b, strength, layers = (np.concatenate(part) for part in zip(*changes, strict=True))
        a, b, strength, layers = each_once(a, b, strength, layers, len(people))
        touched[a] = touched[b] = True
        world.ties = changed_ties(ties, people.alive, a, b, strength, layers)
        return np.flatnonzero(touched & people.alive)

    def drop(self, rule: Any, world: World, week: int, strengths: np.ndarray) -> Any:
        """Movers leave ties behind; what they lost is to grow back."""
        people, ties, draws = world.people, world.ties, world.draws
        posted: list[np.ndarray] = world.tables.setdefault("tie_drops", [])
        movers = _rows(posted)
        posted.clear()
        movers = movers[people.alive[movers]]
        *changes, lost = left_behind(
            movers,
            ties.by_layer,
            ties.kind_strength,
            (people.id, people.household, people.alive),
            rule.ties_kept,
            strengths,
            (draws.key("integration.kept"), draws.key("integration.kept_share")),
            np.uint64(week),
        )
        people.missing_ties[movers] += lost.astype(np.int16)
        return changes

    def be_born(self, world: World, strengths: np.ndarray) -> Any:
        """The young know their household and their parent's kin."""
        posted: list[tuple[np.ndarray, np.ndarray]] = world.tables.setdefault("parents", [])
        children, parents = (
            np.concatenate([np.zeros(0, np.int64), *(pair[k] for pair in posted)]) for k in (0, 1)
        )
        posted.clear()
        people, ties = world.people, world.ties
        here = people.alive[children] & people.alive[parents]
        a, b, masks = born_into(children[here], parents[here], ties.by_layer, people.household)
        kin = (masks == LAYER_BITS["kin"]).astype(np.int64)
        known = np.bincount(a, kin, minlength=len(people))[children].astype(np.int16)
        people.missing_ties[children] = np.maximum(people.missing_ties[children] - known, 0)
        return a, b, strengths[masks], masks

    def fade(self, world: World, week: int, years: float) -> Any:
        """Non-kin ties fade; whoever let go is to find somebody new."""
        people, ties, draws = world.people, world.ties, world.draws
        a, b = faded(
            ties.by_layer,
            (people.id, people.household, people.alive),
            -np.expm1(-self.fading * years),
            (draws.key("integration.fading"), draws.key("integration.faded")),
            np.uint64(week),
        )
        self.letting_go = a
        return a, b, np.zeros(len(a), np.float32), np.zeros(len(a), np.uint8)

    def form(self, rule: Any, world: World, week: int, years: float, strengths: np.ndarray) -> Any:
        """Those who miss ties, or let go of one, find somebody."""
        people, ties, units = world.people, world.ties, world.units
        assert self.inputs is not None
        lacking = np.flatnonzero(people.alive & (people.missing_ties > 0))
        luck = world.draws.uniform("integration.growth", people.id[lacking], week)
        chance = -np.expm1(-rule.tie_growth_per_year * years)
        grown = np.floor(people.missing_ties[lacking] * chance + luck).astype(np.int64)
        rows = np.concatenate([lacking, self.letting_go])
        counts = np.concatenate([grown, np.ones(len(self.letting_go), np.int64)])
        rows, place = np.unique(rows, return_inverse=True)
        counts = np.bincount(place, counts, minlength=len(rows)).astype(np.int64)
        ring = np.argsort(units.division, kind="stable")
        on_ring = np.empty(len(units), np.int64)
        on_ring[ring] = np.arange(len(units))
        run = on_ring[people.unit]
        members, begins = by_run(run, people.alive, len(units))
        divisions = units.division[ring]
        pool = (
            members,
            begins,
            np.searchsorted(divisions, divisions, "left"),
            np.searchsorted(divisions, divisions, "right"),
        )
        a, b, masks = formed(
            rows,
            counts,
            (ties.indptr, ties.indices),
            (
                people.id,
                people.household,
                people.alive,
                people.registration == NON_LOCAL,
                people.employed,
                run,
            ),
            pool,
            self.table,
            (self.inputs.homophily, rule.tie_closure),
            world.draws.key("integration.formed"),
            np.uint64(week),
        )
        found = np.bincount(a, minlength=len(people))[lacking]
        left = people.missing_ties[lacking] - np.minimum(found, grown)
        people.missing_ties[lacking] = left.astype(np.int16)
        return a, b, strengths[masks], masks


def _rows(entries: list[np.ndarray]) -> np.ndarray:
    """All rows in a list of row arrays, each once, ascending."""
    if not entries:
        return np.zeros(0, np.int64)
    return np.unique(np.concatenate(entries)).astype(np.int64)


def each_once(
    a: np.ndarray, b: np.ndarray, strength: np.ndarray, layers: np.ndarray, people: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Each pair once: of what stands first; of two moves, the one that leaves less."""
    first, second = np.minimum(a, b), np.maximum(a, b)
    pairs = first.astype(np.int64) * people + second
    order = np.argsort(pairs)
    again = np.concatenate([[False], pairs[order][1:] == pairs[order][:-1]])[: len(order)]
    repeated = again.copy()
    repeated[:-1] |= again[1:]
    few = order[repeated]  # only these need a slower sort
    order[repeated] = few[np.lexsort((few, strength[few], pairs[few]))]
    kept = order[~again]
    return first[kept], second[kept], strength[kept], layers[kept]

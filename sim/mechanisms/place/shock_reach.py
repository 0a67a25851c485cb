"""Whom a shock hits: households by luck or near one spot, or those who lose their jobs."""

from dataclasses import dataclass

import numpy as np

from sim.kernel import entity_ids
from sim.scenario import SHOCK_KINDS, Shock
from sim.world.bodies import FIRM_KINDS
from sim.world.flows import KINDS
from sim.world.households import households_by_luck
from sim.world.world import World

SECONDARY = 2  # position in the sectors of people
_AT_ONE_SPOT = ("siting", "flood")


@dataclass
class Begun:
    """A shock that has come: whom it hit (rows), its identity, and how far it has gone."""

    shock: Shock
    index: int
    id: int
    begins: float
    ends: float
    members: np.ndarray
    people: int
    years: int = 0
    standing: float = 0.0
    over: bool = False

    def lasts(self, day: float) -> bool:
        """Whether it is going on on a day."""
        return self.begins <= day < self.ends


def identity_of(index: int) -> int:
    """The identity of the scenario's shock of that position."""
    return int(entity_ids("shock", np.array([index]))[0])


def where_of(world: World, shock: Shock) -> np.ndarray:
    """The divisions that a shock is about."""
    if shock.division is None:
        return np.arange(world.divisions)
    return np.array([world.place.divisions.index(shock.division)])


def hit(world: World, shock: Shock, count: int, identity: int) -> tuple[np.ndarray, int]:
    """The adults hit (rows, ascending), and the unit at the middle of it, -1 if there is none.

    Always the first of the same order: a larger shock hits the same people and others.
    """
    people, what = world.people, SHOCK_KINDS[shock.kind]
    if not what:
        return np.zeros(0, np.int64), -1
    division = world.place.divisions.index(shock.division)
    there = people.alive & (people.division == division)
    if what == "jobs":
        return dismissed(world, np.flatnonzero(there & people.employed), count, identity), -1
    if shock.kind == "drought" and (there & (people.kind != KINDS.index("urban"))).any():
        there &= people.kind != KINDS.index("urban")
    rows = np.flatnonzero(there)
    order, _, whose = households_by_luck(people, world.draws, rows, "shocks.household", identity)
    spot = -1
    if shock.kind in _AT_ONE_SPOT and len(rows):
        spot, rank = nearness(world, division, identity)
        unit_of = np.zeros(len(order), np.int64)
        unit_of[whose] = people.unit[rows]
        order = order[np.argsort(rank[unit_of[order]], kind="stable")]
    chosen = np.zeros(len(order), bool)
    chosen[order[:count]] = True
    return rows[chosen[whose]], spot


def dismissed(world: World, rows: np.ndarray, count: int, identity: int) -> np.ndarray:
    """Those who lose their jobs: of industry first, by luck. Labour takes them in."""
    people = world.people
    luck = world.draws.uniform("shocks.job", people.id[rows], np.uint64(identity))
    order = np.lexsort((luck, people.sector[rows] != SECONDARY))
    gone = np.sort(rows[order[:count]])
    world.tables.setdefault("dismissed", []).append(gone)
    return gone


def nearness(world: World, division: int, identity: int) -> tuple[int, np.ndarray]:
    """A unit of the division by luck, and the rank of every unit by its distance from it."""
    units = world.units
    here = np.flatnonzero(units.division == division)
    luck = world.draws.uniform("shocks.spot", units.id[here], np.uint64(identity))
    spot = int(here[np.argmin(luck)])
    distance = np.hypot(units.x - units.x[spot], units.y - units.y[spot])
    distance[spot] = -1.0
    rank = np.empty(len(units), np.int64)
    rank[np.argsort(distance, kind="stable")] = np.arange(len(units))
    return spot, rank


def largest(world: World, kind: str | None, division: int) -> int:
    """The row of the division's largest firm of a kind; -1 if there is none."""
    firms = world.firms
    if kind is None or not len(firms):
        return -1
    rows = np.flatnonzero((firms.kind == FIRM_KINDS.index(kind)) & (firms.division == division))
    return int(rows[np.argmax(firms.employees[rows])]) if len(rows) else -1

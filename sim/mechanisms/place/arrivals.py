"""People who were not here before: from outside the region, and the young who come of age."""

from typing import Any

import numpy as np

from sim.kernel import Clock, Table, entity_ids
from sim.mechanisms.place.homes import OUTSIDE, registered_as
from sim.mechanisms.place.lives import YEAR, day_of_death, post
from sim.mechanisms.place.migration_choice import parents_in, poisson_counts
from sim.mechanisms.place.people_columns import IN_SIGHT
from sim.mechanisms.place.rooms import free_units
from sim.world.figures import AGE_BANDS
from sim.world.flat import column_of
from sim.world.flows import KINDS, sums_by_cell
from sim.world.moves import newcomers, place_of
from sim.world.states import NON_LOCAL
from sim.world.world import World

NEW, COMING_HOME, OF_AGE = range(3)
FLOWS = ("arrivals_new", "arrivals_home", "came_of_age")
UNKNOWN, NOBODY = -1, -1
WEEK_YEARS = 7.0 / YEAR
HIGHEST = 2.0  # candidates over usual arrivals
ADULT = 18
OLDEST_NEW = 70  # years of age


class Arrivals:
    """Candidates from outside by type and cell: how many come in a week at the highest rate."""

    def __init__(self, world: World, rates: np.ndarray) -> None:
        """Spread yearly adults (types, kinds) over cells, by who of that type lives there."""
        people, kinds = world.people, len(KINDS)
        cells = world.divisions * kinds
        weights = people.weight.astype(float)
        away = people.registration == NON_LOCAL
        living = np.stack(
            [np.bincount(place_of(people), weights * who, minlength=cells) for who in (away, ~away)]
        )
        kind = np.arange(cells) % kinds
        by_kind = np.stack([living[:, kind == k].sum(axis=1) for k in range(kinds)], axis=1)
        here = by_kind > 0.0
        rates = rates.sum(axis=1, keepdims=True) * _shares(rates * here)
        adults = rates[:, kind] * living / np.maximum(by_kind[:, kind], 1e-300)
        units = world.units
        place = units.division.astype(np.int64) * kinds + units.kind
        total = np.bincount(place, units.weight.astype(float), minlength=cells)
        stand_for = total / np.maximum(np.bincount(place, minlength=cells), 1)
        usual = adults / np.where(stand_for > 0.0, stand_for, np.inf)
        self.weekly = HIGHEST * WEEK_YEARS * usual  # (types, cells), simulated adults

    def candidates(self, world: World, week: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Type, cell and identity of whoever may come in this week."""
        types, cells = np.indices(self.weekly.shape)
        words = entity_ids("arrival.place", types.ravel(), cells.ravel())
        luck = world.draws.uniform("migration.arrivals", words, week)
        counts = poisson_counts(self.weekly.ravel(), luck)
        which = np.repeat(np.arange(len(words)), counts)
        number = np.arange(len(which)) - np.repeat(counts.cumsum() - counts, counts)
        return (
            types.ravel()[which],
            cells.ravel()[which],
            entity_ids("arrival", words[which], week, number),
        )

    def drafted(self, rule: Any, world: World, clock: Clock) -> Table:
        """Those candidates whose day lies in this step, and who find it worth while to come."""
        draws = world.draws
        types, place, ids = self.candidates(world, clock.week)
        at = clock.week_begins + 7.0 * draws.uniform("migration.arrival.day", ids)
        weights = rule.income_elasticity, rule.unemployment_weight, rule.service_weight
        registered, others = rule.attraction.changes(world, *weights)
        better = np.where(types == NEW, others[place], registered[place])
        chance = np.minimum(np.exp(better), HIGHEST) / HIGHEST
        chance *= column_of(world, "divisions", "move_factor", 1.0)[place // len(KINDS)]
        come = draws.uniform("migration.arrival", ids) < chance
        come &= (at >= clock.begins) & (at < clock.ends)
        types, place, ids, at = types[come], place[come], ids[come], at[come]
        unit = free_units(world, place, draws.uniform("migration.unit", ids), rule.spare_places)
        own = draws.uniform("migration.origin", ids, slots=3)
        local = registered_as(rule.marginals, world.units.kind[unit].astype(np.int64), own)
        draft = Table(len(ids), id=ids, unit=unit, at=at, origin=types)
        draft.registration = np.where(types == NEW, NON_LOCAL, local).astype(np.int8)
        young = ADULT + rule.arrival_age * draws.exponential("migration.arrival.age", ids)
        young = np.minimum(young, OLDEST_NEW).astype(np.int64)
        draft.age = np.where(types == NEW, young, UNKNOWN)
        draft.parent = np.full(len(ids), NOBODY)
        return draft


def arrival_rates(rule: Any, world: World) -> np.ndarray:
    """Adults a year who arrive by type (new, coming home) and kind of place, shape (2, 3)."""
    total = rule.arrivals_per_1000 / 1000.0 * world.people.residents.sum(dtype=float)
    kinds = [list(group.values()) for group in (rule.arrival_kind_new, rule.arrival_kind_home)]
    share = np.array([rule.arrivals_new_share, 1.0 - rule.arrivals_new_share])
    rates: np.ndarray = total * share[:, None] * np.array(kinds)
    return rates


def coming_of_age(rule: Any, world: World, clock: Clock) -> Table:
    """Children of people registered here who turn 18 in this step, in the household of a parent.

    As many as the residents of a cell say, spread over those who are of a parent's age.
    """
    people, draws, week = world.people, world.draws, clock.week
    places = place_of(people)
    if rule.parents is None or (week % 4 == 0 and clock.begins < clock.week_begins + 1e-9):
        rule.parents, rule.chances = _parents(rule, world, places)
    key = draws.key("migration.of_age")
    parents = parents_in(rule.parents, people.id, places, rule.chances, key, np.uint64(week))
    parents = parents[people.alive[parents] & (people.registration[parents] != NON_LOCAL)]
    ids = entity_ids("of_age", people.id[parents], week)
    at = clock.week_begins + 7.0 * draws.uniform("migration.of_age.day", ids)
    here = (at >= clock.begins) & (at < clock.ends)
    parents, ids, at = parents[here], ids[here], at[here]
    draft = Table(len(ids), id=ids, unit=people.unit[parents], at=at, parent=parents)
    draft.origin = np.full(len(ids), OF_AGE)
    draft.registration = people.registration[parents]
    draft.age = np.full(len(ids), ADULT)
    return draft


def admit(rule: Any, world: World, clock: Clock) -> np.ndarray:
    """All who join in this step, drawn as anybody of their identity is; their rows."""
    drafts = rule.arrivals.drafted(rule, world, clock), coming_of_age(rule, world, clock)
    names = ("id", "unit", "registration", "at", "origin", "age", "parent")
    ids, unit, registration, at, origin, age, parent = (
        np.concatenate([draft[name] for draft in drafts]) for name in names
    )
    people = world.people
    if not len(ids):
        return np.zeros(0, np.int64)
    found = newcomers(world, rule.marginals, ids, unit, registration, age)
    young = origin == OF_AGE
    new = origin == NEW
    found.household = (rule.households + np.arange(len(ids))).astype(np.int32)
    rule.households += len(ids)
    found.home_division = np.where(new, OUTSIDE, found.division).astype(np.int8)
    found.home_kind = np.where(new, OUTSIDE, found.kind).astype(np.int8)
    for name in ("weight", "residents", "household", "service_gap"):
        found[name][young] = people[name][parent[young]]
    if "parcel" in people:  # the right of the household in its land
        found.parcel = np.where(young, people.parcel[parent], -1).astype(np.int32)
    found.home_registration = found.registration
    found.moved_at = at.astype(np.float32)
    found.left_home_at = np.where(new, at, IN_SIGHT).astype(np.float32)
    own_day = np.where(young, at % YEAR, YEAR * world.draws.uniform("migration.day", ids))
    found.own_day = own_day.astype(np.float32)
    rates = [rule.death_rate[band] for band in AGE_BANDS]
    found.dies_at = day_of_death(world.draws, ids, found.age, found.own_day, at, rates)
    rows = world.join(len(ids), **{name: found[name] for name in found if name in people})
    np.add.at(world.units.present, people.unit[rows], 1)
    for code, flow in enumerate(FLOWS):
        these = rows[origin == code]
        world.flows.add(flow, people.cell[these], people.weight[these])
        post(world, "integration", "resettled", (these, flow))
    post(world, "integration", "parents", (rows[young], parent[young]))
    post(world, "labour", "moved", (rows, people.employed[rows] & ~young))
    return rows


def _parents(rule: Any, world: World, places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Who is of a parent's age (rows), and the weekly chance by cell that a child comes of age."""
    people = world.people
    cells = len(rule.attraction.size)
    parent = people.alive & (people.registration != NON_LOCAL)
    parent &= (people.age >= rule.parent_from) & (people.age < rule.parent_until)
    rows = np.flatnonzero(parent)
    once = np.ones(len(places), np.int8)
    residents = sums_by_cell(places, people.residents, once, cells)
    parents = np.bincount(places[rows], people.weight[rows], minlength=cells)
    yearly = rule.coming_of_age_per_1000 / 1000.0 * residents / np.maximum(parents, 1e-9)
    return rows, np.minimum(yearly * WEEK_YEARS, 1.0) * (parents > 0.0)


def _shares(amounts: np.ndarray) -> np.ndarray:
    whole = amounts.sum(axis=1, keepdims=True)
    return np.divide(amounts, whole, out=np.zeros_like(amounts), where=whole > 0.0)

"""The contract land of villages in parcels of whole m2, one a household; who has a right in it."""

from typing import Any

import numpy as np
from numba import njit

from sim.kernel import Table, entity_ids
from sim.kernel.clock import DAYS_PER_YEAR
from sim.kernel.draws import hashed, unit_interval
from sim.world.moves import place_of
from sim.world.people import LOCAL_RURAL
from sim.world.settlements import URBAN
from sim.world.world import World

FARMED, LET, IDLE, ACQUIRED = range(4)
STATES = ("farmed", "let", "idle", "acquired")
M2_PER_MU = 2_000.0 / 3.0


class Parcels:
    """Makes the table `parcels` and answers for it. Parcels of a unit stand side by side.

    Columns beside those that land declares: id, unit, spell, left (hazard to the next change),
    adults (with a right in it at the start), let_before (let at the start), away_until (day).
    """

    def __init__(self, rule: Any, world: World, now: float) -> None:
        people, units = world.people, world.units
        entitled = (people.registration == LOCAL_RURAL) & (people.kind != URBAN)
        members = np.flatnonzero(entitled)
        members = members[np.lexsort((people.id[members], people.household[members]))]
        _, first, back = np.unique(
            people.household[members], return_index=True, return_inverse=True
        )
        heads = members[first]  # of each household, the first by identity
        order = np.argsort(people.unit[heads], kind="stable")
        place_of = np.empty(len(order), np.int32)
        place_of[order] = np.arange(len(order))
        people.parcel[:] = -1
        people.parcel[members] = place_of[back]
        heads = heads[order]
        unit = people.unit[heads].astype(np.int32)
        self.count = np.bincount(unit, minlength=len(units))
        self.first = np.cumsum(self.count) - self.count
        ids = entity_ids("parcel", people.id[heads])
        number = np.arange(len(unit)) - self.first[unit]
        whole = np.rint(self.village_mu(world) * M2_PER_MU).astype(np.int64)[unit]
        count = self.count[unit]
        parcels = Table(len(unit), id=ids, unit=unit)
        parcels.area = (whole // count + (number < whole % count)).astype(np.int32)
        parcels.acquired = np.zeros(len(unit), np.int32)
        parcels.compensation = np.zeros(len(unit), np.int64)
        parcels.taken_at = np.full(len(unit), -1e9)
        self.give_leavers(rule, world, parcels, now)
        parcels.state = self.start_states(rule, world, parcels)
        parcels.let_before = parcels.state == LET
        parcels.spell = np.zeros(len(unit), np.int32)
        parcels.left = world.draws.exponential("land.parcel", ids, 0)
        parcels.adults = np.bincount(people.parcel[members], minlength=len(unit)).astype(np.int16)
        world.tables["parcels"] = parcels

    def give_leavers(self, rule: Any, world: World, parcels: Table, now: float) -> None:
        """Who has a working member away, and how fast parcels then change hands.

        `rates` has a row for parcels with nobody and with somebody away: lease, idle; the last row
        is the end of a lease and reclaiming.
        """
        away = world.draws.uniform("land.away", parcels.id) < rule.away_share
        years = world.draws.exponential("land.home", parcels.id)
        stays = rule.home_per_year if world.is_on("migration") else 0.0
        with np.errstate(divide="ignore"):
            until = now + DAYS_PER_YEAR * years / stays
        parcels.away_until = np.where(away, until, -np.inf)
        parcels.away = away
        rate = rule.rate
        odds = rate["lease"] / rate["lease_end"] + rate["idle"] / rate["reclaim"]
        pace = balanced(rule.leaver_factor, rule.away_share, odds)
        usual = np.array([rate["lease"], rate["idle"]])
        ends = np.array([rate["lease_end"], rate["reclaim"]])
        self.rates = np.array([usual * pace, usual * pace * rule.leaver_factor, ends])

    def start_states(self, rule: Any, world: World, parcels: Table) -> np.ndarray:
        """The state of each parcel in balance: somebody away makes it less likely to be farmed."""
        let, idle = rule.start_share["let"], rule.start_share["idle"]
        odds = (let + idle) / max(1.0 - let - idle, 1e-9)
        pace = balanced(rule.leaver_factor, rule.away_share, odds)
        own = odds * pace * np.where(parcels.away, rule.leaver_factor, 1.0)
        not_farmed = own / (1.0 + own)
        luck = world.draws.uniform("land.start", parcels.id)
        is_let = luck < not_farmed * let / max(let + idle, 1e-9)
        states = np.where(is_let, LET, np.where(luck < not_farmed, IDLE, FARMED))
        return states.astype(np.int8)

    def village_mu(self, world: World) -> np.ndarray:
        """The contract land of each unit: by residents, the mean of villages as the place says."""
        place, units = world.place, world.units
        villages = place.by_division("villages")
        in_communities = place.by_division("communities") * place.by_division("community_residents")
        residents = np.maximum(place.by_division("population") - in_communities, 1.0)
        each = place.value("land.mu_per_village") * villages.sum() / residents.sum()
        mu: np.ndarray = np.where(units.kind != URBAN, each * units.residents, 0.0)
        return mu

    def adults(self, world: World) -> np.ndarray:
        """Adults with a right in land, by unit."""
        parcels = world.tables["parcels"]
        return np.bincount(parcels.unit, parcels.adults, minlength=len(world.units))

    def let(self, parcels: Table) -> np.ndarray:
        """m2 that are let, by unit."""
        area = np.where(parcels.state == LET, parcels.area, 0)
        return np.bincount(parcels.unit, area, minlength=len(self.count)).astype(np.int64)

    def look(self, world: World, now: float) -> None:
        """Find out anew which households have a working member who lives elsewhere."""
        parcels, people = world.tables["parcels"], world.people
        parcels.away[:] = parcels.away_until > now
        home = place_of(world.units)[parcels.unit]  # whoever is back lives near the land again
        columns = people.parcel, place_of(people), people.alive, people.employed
        _mark_away(*columns, home, parcels.away)

    def chosen(
        self, world: World, unit: int, number: int, share: float
    ) -> tuple[np.ndarray, np.ndarray]:
        """The parcels (rows) of a unit's taking and the m2 of each; the last one is split."""
        parcels = world.tables["parcels"]
        rows = self.in_order(world, unit, number)
        rows = rows[parcels.area[rows] > 0]
        area = parcels.area[rows].astype(np.int64)
        before = np.cumsum(area) - area
        quota = int(share * area.sum())
        m2 = np.clip(quota - before, 0, area)
        return rows[m2 > 0], m2[m2 > 0]

    def group(self, world: World, unit: int, number: int, share: float) -> np.ndarray:
        """The parcels of those whom a taking concerns: the first as it comes, taken from or not."""
        rows = self.in_order(world, unit, number)
        return rows[: int(np.ceil(share * len(rows) - 1e-9))]

    def in_order(self, world: World, unit: int, number: int) -> np.ndarray:
        """The parcels of a unit as one taking comes to them."""
        rows = np.arange(self.first[unit], self.first[unit] + self.count[unit])
        luck = world.draws.uniform("land.taken", world.tables["parcels"].id[rows], number)
        in_order: np.ndarray = rows[np.argsort(luck, kind="stable")]
        return in_order

    def people_of(self, world: World, rows: np.ndarray) -> np.ndarray:
        """Who is here with a right in one of these parcels (rows of people, ascending)."""
        wanted = np.zeros(len(world.tables["parcels"]) + 1, bool)  # the last: no parcel
        wanted[rows] = True
        return np.flatnonzero(wanted[world.people.parcel] & world.people.alive)


def balanced(factor: float, share: float, odds: float) -> float:
    """The pace that keeps the balance of land where a share of households is faster by a factor.

    With odds r f of land not farmed for each household, f either 1 or the factor times the pace r,
    as much is farmed in the mean as if all had these odds: between 1/factor and 1.
    """
    low, high = sorted((1.0 / factor, 1.0))
    for _ in range(60):
        pace = (low + high) / 2.0
        farmed = (1.0 - share) / (1.0 + pace * odds) + share / (1.0 + pace * factor * odds)
        low, high = (pace, high) if farmed > 1.0 / (1.0 + odds) else (low, pace)
    return (low + high) / 2.0


@njit(cache=True)
def _mark_away(parcel, place, alive, employed, home, away):  # type: ignore[no-untyped-def]
    for i in range(parcel.size):
        p = parcel[i]
        if p >= 0 and alive[i] and employed[i] and place[i] != home[p]:
            away[p] = True


@njit(cache=True)
def pass_time(clocks, land, rates, years, key, way_key):  # type: ignore[no-untyped-def]
    """Parcels change hands over so many years; a chain of changes is followed to its end.

    `clocks` are state, spell, hazard left and identity of each parcel, `land` whether a member is
    away, area and unit of each, and the m2 let by unit.
    """
    state, spell, left, ids = clocks
    away, area, unit, let = land
    zero = np.uint64(0)
    for i in range(state.size):
        if state[i] == ACQUIRED:
            continue
        rest = years
        while True:
            now = state[i]
            leaving = rates[1] if away[i] else rates[0]
            if now == FARMED:
                hazard = leaving[0] + leaving[1]
            elif now == LET:
                hazard = rates[2, 0]
            else:
                hazard = rates[2, 1]
            if left[i] > hazard * rest:
                left[i] -= hazard * rest
                break
            rest -= left[i] / hazard
            if now == FARMED:
                luck = unit_interval(hashed(way_key, ids[i], np.uint64(spell[i]), zero))
                state[i] = LET if luck * hazard < leaving[0] else IDLE
                if state[i] == LET:
                    let[unit[i]] += area[i]
            else:
                if now == LET:
                    let[unit[i]] -= area[i]
                state[i] = FARMED
            spell[i] += 1
            left[i] = -np.log(unit_interval(hashed(key, ids[i], np.uint64(spell[i]), zero)))

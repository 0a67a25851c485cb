"""Who is troubled by takings of land: disputes, issues and grievance, the more the less is paid."""

from typing import Any

import numpy as np

from sim.kernel import Clock, entity_ids
from sim.kernel.clock import DAYS_PER_YEAR
from sim.mechanisms.place.parcels import Parcels
from sim.world.exposed import expose
from sim.world.issues import IssuePost, open_issue
from sim.world.world import World


class Opposition:
    """What takings bring, under the rule's parameters and the base ratio of the place.

    `rate` is how many disputes a year somebody taken has at the base ratio.
    """

    def __init__(self, rule: Any, world: World, parcels: Parcels, base: np.ndarray) -> None:
        self.rule, self.parcels, self._base = rule, parcels, base
        self._extra = _extra(np.zeros(0, np.int64), 0.0, 0.0)
        self.rate = self.exposure_rate(world)

    def exposure_rate(self, world: World) -> float:
        """Disputes a year of somebody taken, at the base: together the stated share of all."""
        units, adults = world.units, self.parcels.adults(world)
        touched = np.ceil(self.rule.concerned_share * self.parcels.count - 1e-9)
        touched = touched / np.maximum(self.parcels.count, 1)
        yearly = self.rule.takings_a_year
        exposed = yearly * self.rule.taken_window_years * np.sum(units.weight * touched * adults)
        rate = world.tables.get("settings", {}).get("disputes.rate.land_acquisition", 10.0)
        residents = world.people.residents.sum(dtype=np.float64)
        disputes = self.rule.taken_share_of_disputes * rate / 1e4 * residents
        return float(disputes / exposed) if exposed > 0.0 else 0.0

    def from_before(self, world: World, now: float) -> None:
        """Takings of the years before the start, at the base ratio, still bring disputes."""
        yearly = self.rule.takings_a_year
        for unit in np.flatnonzero(self.parcels.count).tolist():
            back, number, division = 0.0, -1, int(world.units.division[unit])
            while True:
                luck = world.draws.exponential("land.taking", world.units.id[unit], number)
                back += float(luck) / yearly if yearly > 0.0 else np.inf
                if back >= self.rule.taken_window_years:
                    break
                at = now - DAYS_PER_YEAR * back
                self.trouble(world, unit, number, at, float(self._base[division]))
                number -= 1

    def shortfall(self, ratio: float) -> float:
        """The part of the standard that is not paid; paying more than it calms no further."""
        return max(0.0, 1.0 - ratio)

    def trouble(
        self,
        world: World,
        unit: int,
        number: int,
        at: float,
        ratio: float,
    ) -> np.ndarray:
        """Those with a right in these parcels (returned) are exposed; little pay embitters them."""
        division = int(world.units.division[unit])
        more = self.shortfall(ratio) - self.shortfall(float(self._base[division]))
        group = self.parcels.group(world, unit, number, self.rule.concerned_share)
        persons = self.parcels.people_of(world, group)
        identity = entity_ids("taking", world.units.id[unit], number)
        rate = self.rate * self.rule.taking_dispute_or ** (more / 0.4)
        until = at + DAYS_PER_YEAR * self.rule.taken_window_years
        expose(world, persons, "land_acquisition", rate, at, until, identity)
        if more != 0.0:
            fresh = _extra(persons, until, self.rule.compensation_gap_effect * more)
            self._extra = [np.concatenate(pair) for pair in zip(self._extra, fresh, strict=True)]
        return persons

    def maybe_issue(
        self, world: World, unit: int, number: int, persons: np.ndarray, at: float, ratio: float
    ) -> None:
        """A taking opens an issue of those concerned, the likelier the less is paid."""
        division = int(world.units.division[unit])
        more = self.shortfall(ratio) - self.shortfall(float(self._base[division]))
        identity = int(entity_ids("taking", world.units.id[unit], number))
        luck = world.draws.uniform("land.issue", identity)
        if luck >= min(1.0, self.rule.issue_chance * float(np.exp(self.rule.issue_slope * more))):
            return
        amount = np.zeros(world.divisions)
        amount[division] = world.units.weight[unit]
        world.flows.add_divisions("land_issues", amount)
        office = int(world.office_of["department"][division])
        if world.is_on("mobilisation") and len(persons):
            post = IssuePost(identity, "land", at, division, int(unit), persons, office)
            open_issue(world, post)

    def embitter(self, world: World, clock: Clock) -> None:
        """While the exposure lasts, grievance gathers by what is short against the base."""
        persons, until, rate = self._extra
        if not len(persons):
            return
        stays = until > clock.begins
        self._extra = [column[stays] for column in self._extra]
        np.add.at(world.people.grievance_inflow, persons[stays], rate[stays].astype(np.float32))


def _extra(persons: np.ndarray, until: float, rate: float) -> list[np.ndarray]:
    """People, until when, and the further inflow of grievance a year."""
    return [persons, np.full(len(persons), until), np.full(len(persons), rate)]

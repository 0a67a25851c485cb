"""Work at the start: who works where and for what, which later posts and pay are measured by."""

import numpy as np

from sim.mechanisms.place.job_changes import SECTORS
from sim.world.figures import WORKING_SECTORS
from sim.world.flows import KINDS, REGISTRATIONS
from sim.world.world import World

_AGES = (18, 35, 60, 1000)


class LabourStart:
    """The world of work when it was built.

    force: labour force by cell; by kind of place: `filled` posts (kinds, sectors), `unemployed`
    adults, `unemployment` of the labour force, `sectors` shares and `wages` (kinds, sectors) in
    yuan a month, `other_income` of adults without a wage; `chances` to belong to the labour force
    by age band; `insured` share of workers by registration; `wage_sd` of log pay.
    """

    def __init__(self, world: World) -> None:
        people, place, kinds = world.people, world.place, len(KINDS)
        weight = people.weight.astype(float)
        in_force = people.employed | people.unemployed
        cell = kinds * people.division.astype(np.int64) + people.kind
        self.force = np.bincount(cell, weight * in_force, minlength=kinds * world.divisions)
        job = people.kind.astype(np.int64) * SECTORS + np.maximum(people.sector, 1) - 1
        filled = np.bincount(job, weight * people.employed, minlength=kinds * SECTORS)
        self.filled = filled.reshape(kinds, SECTORS)
        self.unemployed = np.bincount(people.kind, weight * people.unemployed, minlength=kinds)
        at_work = self.filled.sum(axis=1)
        whole = np.maximum(at_work + self.unemployed, 1e-12)
        self.unemployment = self.unemployed / whole
        stated = [place.keyed(f"labour.sector_share.{name}", KINDS) for name in WORKING_SECTORS]
        shares = np.where(at_work[:, None] > 0.0, self.filled, np.transpose(stated))
        self.sectors = shares / shares.sum(axis=1, keepdims=True)
        wages = [place.keyed(f"labour.wage.{name}", KINDS) for name in WORKING_SECTORS]
        self.wages = np.transpose(wages)
        self.wage_sd = place.value("labour.log_wage_sd")
        self.other_income = place.keyed("world.other_income", KINDS)
        self.insured = place.keyed("world.insured_share", REGISTRATIONS)
        self.chances = _chances(world, in_force)

    def tightness(self, vacancy_share: float) -> np.ndarray:
        """Open posts per job seeker at the start, by kind of place."""
        usual = np.maximum(self.unemployment, 1e-3)
        return np.maximum(vacancy_share * (1.0 - usual) / usual, 1e-9)


def _chances(world: World, in_force: np.ndarray) -> np.ndarray:
    """The chance by age band to belong to the labour force, as people were drawn by it.

    Whoever has less luck than the chance belongs to it: so the chance lies between the two.
    """
    people = world.people
    luck = world.draws.uniform("world.labour_force", people.id)
    chances = np.zeros(len(_AGES) - 1)
    for band in range(len(chances)):
        here = (people.age >= _AGES[band]) & (people.age < _AGES[band + 1])
        inside, outside = luck[here & in_force], luck[here & ~in_force]
        low = inside.max() if len(inside) else 0.0
        high = outside.min() if len(outside) else 1.0
        share = (here & in_force).sum() / max(here.sum(), 1)
        chances[band] = (low + high) / 2.0 if low < high else share
    return chances

"""Matters that firms bring to court: loans, cards, fees, sales; a third of what comes to the door.

They are counted at the real size of the division, on the weekly grid: each court has numbered
candidates, of which one in HIGHEST comes, so that the same firms sue under every policy.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from sim.kernel import Clock, entity_ids
from sim.world.world import World

HIGHEST = 5.0  # candidates per usual matter: counts have 1 - 1/5 of a Poisson count's variance


@dataclass(frozen=True)
class FirmMatters:
    """Firms' matters of one step by division, each with its luck at the door."""

    total: np.ndarray
    division: np.ndarray
    luck: np.ndarray

    def divided(self, share: np.ndarray) -> np.ndarray:
        """How many of them are mediated first when a share (by division) is."""
        first = self.luck < share[self.division]
        return np.bincount(self.division[first], minlength=len(share)).astype(float)


def firm_matters(world: World, clock: Clock, per_10k: float) -> FirmMatters:
    """The matters that firms bring in this step."""
    court = world.office_of["court"]
    usual = per_10k / 1e4 * world.offices.residents[court] * 7.0 / 365.25
    counts = np.ceil(HIGHEST * usual).astype(np.int64)
    division, number = _candidates(tuple(counts.tolist()))
    ids = entity_ids("firm_matter", division, clock.week, number)
    at = clock.week_begins + 7.0 * world.draws.uniform("courts.firm_offset", ids)
    chance = usual / np.maximum(counts, 1)
    kept = world.draws.uniform("courts.firm_accept", ids) < chance[division]
    kept &= (at >= clock.begins) & (at < clock.ends)
    division, ids = division[kept], ids[kept]
    total = np.bincount(division, minlength=world.divisions).astype(float)
    return FirmMatters(total, division, world.draws.uniform("courts.firm_door", ids))


@lru_cache(maxsize=64)
def _candidates(counts: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray]:
    """Division and number of so many candidates in each division."""
    number = np.concatenate([np.arange(count) for count in counts])
    return np.repeat(np.arange(len(counts)), counts), number

"""Whether an attempt to settle succeeds: logit in trust, norm and intensity.

    logit P(settled) = logit(share) + k + a z(trust in the office) + b z(norm) + c (I - 0.4) + extra

z is in standard deviations from the baseline. k is solved on a reference world so that the mean
comes out at the stated share of the level although the disputes that get there differ from the
average one; a scenario that changes the share moves the logit by the difference.
Source: signs of trust and norm from Read and Michelson (2008); sizes assumed.
"""

from dataclasses import dataclass

import numpy as np

from sim.mechanisms.conflict.constants import SUCCESS_SHIFT
from sim.world.world import World

INTENSITY_CENTRE = 0.4  # the mean intensity at opening


@dataclass(frozen=True)
class Slopes:
    """Logit per standard deviation of trust and norm, and per unit of intensity."""

    trust: float
    norm: float
    intensity: float


def leaning(world: World, rows: np.ndarray, trust_in: str | None, slopes: Slopes) -> np.ndarray:
    """The part of the logit that differs between disputes (about 0 for a typical one)."""
    disputes, baseline = world.disputes, world.tables["baseline"]
    persons = disputes.person[rows]
    lean = slopes.norm * baseline.standardised(world, "norm", persons)
    lean = lean + slopes.intensity * (disputes.intensity[rows] - INTENSITY_CENTRE)
    if trust_in:
        lean = lean + slopes.trust * baseline.standardised(world, trust_in, persons)
    return lean


def chance(
    world: World,
    rows: np.ndarray,
    level: str,
    share: float,
    trust_in: str | None,
    slopes: Slopes,
    extra: np.ndarray | float = 0.0,
) -> np.ndarray:
    """The chance that each of these disputes is settled at this level."""
    if share in (0.0, 1.0):
        return np.full(len(rows), share)
    shift = np.log(share / (1.0 - share)) + SUCCESS_SHIFT.get(level, 0.0)
    return 1.0 / (1.0 + np.exp(-(shift + extra + leaning(world, rows, trust_in, slopes))))


def settles(world: World, rows: np.ndarray, level: str, chances: np.ndarray) -> np.ndarray:
    """Which of them settle: the luck belongs to (dispute, level, visit), not to the office."""
    disputes = world.disputes
    luck = world.draws.uniform(f"success.{level}", disputes.id[rows], disputes.visit[rows])
    return luck < chances


def moved(shares: np.ndarray, by: np.ndarray) -> np.ndarray:
    """Shares after a step on the logit; where the step is 0 they stay to the last bit."""
    odds = shares * np.exp(by)
    return np.where(by == 0.0, shares, odds / (1.0 - shares + odds))

"""When a life ends, and the accounts of who is here."""

from typing import Any

import numpy as np

from sim.kernel import AccountError, Draws
from sim.world.people import MIDDLE_AGE, OLD_AGE
from sim.world.world import World

YEAR = 365.25
_FOREVER = 1e5  # years


def day_of_death(
    draws: Draws,
    ids: np.ndarray,
    ages: np.ndarray,
    own_days: np.ndarray,
    today: np.ndarray | float,
    rates: list[float],
) -> np.ndarray:
    """The day on which each life ends, as rates (per year, by age band) pass over it, float32.

    The hazard summed from today on reaches a threshold of one's own (Sellke): exact at any step.
    """
    left = draws.exponential("migration.death", ids)
    age = ages + ((today - own_days.astype(float)) / YEAR) % 1.0
    years = np.zeros(len(ids))
    alive = np.ones(len(ids), bool)
    for rate, until in zip(rates, (MIDDLE_AGE, OLD_AGE, np.inf), strict=True):
        span = np.maximum(until - age, 0.0)
        passes = rate * np.minimum(span, _FOREVER)
        lived = np.minimum(left / max(rate, 1e-12), np.minimum(span, _FOREVER))
        years += np.where(alive, lived, 0.0)
        alive &= left > passes
        left, age = left - passes, age + span
    return (today + YEAR * years).astype(np.float32)


def tallied(world: World) -> np.ndarray:
    """How many simulated adults are here, by class of registration."""
    people = world.people
    return np.array([np.count_nonzero(people.alive & (people.registration == k)) for k in range(3)])


def check_accounts(expected: np.ndarray, found: np.ndarray) -> None:
    """Raise AccountError unless as many are here as came and went says, in every class."""
    if not np.array_equal(expected, found):
        raise AccountError(
            f"here by class: {found.tolist()}; by those who came, went and changed class: "
            f"{expected.tolist()}"
        )


def post(world: World, reader: str, table: str, entry: Any) -> None:
    """Leave a message in a list of the world for a mechanism, if it acts and will read it."""
    if world.is_on(reader):
        world.tables.setdefault(table, []).append(entry)

"""What the real divisions count, whatever the scale; made-up worlds count what they simulate."""

import numpy as np

from sim.world.figures import ORGANISATION_KINDS
from sim.world.world import World


def residents(world: World) -> np.ndarray:
    """Residents of all ages, by division."""
    if hasattr(world.place, "by_division"):
        return np.array(world.place.by_division("population"), float)
    people = world.people
    return np.bincount(people.division, people.residents, minlength=world.divisions)


def townships(world: World) -> np.ndarray:
    """Townships and streets, by division; none where the place states none."""
    if hasattr(world.place, "by_division"):
        return np.array(world.place.by_division("townships"), float)
    return np.zeros(world.divisions)


def committees(world: World) -> np.ndarray:
    """Villages and communities, by division."""
    if hasattr(world.place, "by_division"):
        place = world.place
        return np.array(place.by_division("villages") + place.by_division("communities"), float)
    return np.bincount(world.units.division, minlength=world.divisions).astype(float)


def organisation_kinds(world: World) -> np.ndarray:
    """The shares of kinds of organisations; all of the last kind where the place states none."""
    values = world.place.values
    stated = [values.get(f"world.organisation_kind.{kind}", 0.0) for kind in ORGANISATION_KINDS]
    if not any(stated):
        stated[-1] = 1.0
    return np.array(stated)

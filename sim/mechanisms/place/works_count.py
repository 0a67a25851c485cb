"""What happened to works, counted by division, and the condition that others read."""

import numpy as np

from sim.kernel import Clock, Table
from sim.mechanisms.place.register import NEVER
from sim.world.world import World


def count_works(world: World, projects: Table, clock: Clock) -> None:
    """Works begun, given up and accepted in this step, and the days that went by meanwhile.

    Days are counted when they are over: of asking when building begins, of building in vain when a
    work is given up, of waiting when it is accepted.
    """
    begun, given_up, accepted = projects.begun, projects.cancelled, projects.accepted
    for name, on, days_name, since in (
        ("begun", begun, "days_of_asking", begun - projects.consulted * projects.consultation_days),
        ("cancelled", given_up, "days_in_vain", begun),
        ("accepted", accepted, "days_to_acceptance", projects.built),
    ):
        here = (on >= clock.begins) & (on < clock.ends) & (on <= given_up)
        count_of(world, f"projects_{name}", projects.division[here])
        days = np.bincount(projects.division[here], (on - since)[here], minlength=world.divisions)
        world.flows.add_divisions(days_name, days)


def count_of(world: World, name: str, divisions: np.ndarray) -> None:
    """Count works of these divisions under a name."""
    counts = np.bincount(divisions, minlength=world.divisions).astype(float)
    world.flows.add_divisions(name, counts)


def tell_condition(world: World, usual: np.ndarray) -> None:
    """The mean condition of accepted works by money, in all cells of a division.

    `usual` is what stands where nothing was accepted yet.
    """
    projects: Table = world.tables["projects"]
    value = projects.cost * (projects.accepted < NEVER)
    size = world.divisions
    total = np.bincount(projects.division, value, minlength=size)
    mean = np.bincount(projects.division, value * projects.condition, minlength=size)
    condition = np.where(total > 0.0, mean / np.where(total > 0.0, total, 1.0), usual)
    world.tables["cells"].works_condition[:] = np.repeat(condition, 3)

"""A warm small city whose people may move, and a place of two cells to move between."""

from typing import Any

import numpy as np

from sim.engine.build import Running, build
from sim.engine.load import load
from sim.mechanisms.place.migration import Migration
from sim.mechanisms.place.migration_limits import two_places
from sim.verify.bench import ready
from sim.world.world import World

STILL = {
    "death_rate.age_18_34": 0.0,
    "death_rate.age_35_59": 0.0,
    "death_rate.age_60_plus": 0.0,
    "review_share.age_18_34": 1.0,
    "review_share.age_35_59": 1.0,
    "review_share.age_60_plus": 1.0,
    "constant.leave_region": -1e3,
    "constant.outsiders_leave": -1e3,
    "household_moves": 0.0,
}


def started(seed: int = 3, only: tuple[str, ...] = ("migration", "integration")) -> Running:
    """The smallest Jincheng on its first day; of the mechanisms only these act."""
    scenario = load("jincheng-2020", {"scale": 0.005, "mechanisms": list(only)})
    running = build(scenario, seed)
    running.clock.begins = 0.0
    return running


def pair_of_places(people: int = 400, **settings: Any) -> tuple[World, Migration]:
    """An urban grid and a village, half of the people in each, everybody at home and alike."""
    world = two_places(people, people // 2, 1)
    changed = {name.replace("__", "."): value for name, value in settings.items()}
    rule = Migration(STILL | changed)
    ready(world, rule)
    return world, rule


def stock(running: Running) -> np.ndarray:
    """Who is here, by class of registration."""
    people = running.world.people
    return np.bincount(people.registration[people.alive], minlength=3)

"""Refuses an assessment that asks for nothing: one weight is above 0, always and everywhere."""

from collections.abc import Mapping
from datetime import date

import numpy as np

from sim.scenario import wording
from sim.scenario.checks import Checks
from sim.scenario.known import PlaceFacts
from sim.scenario.levers import LEVERS
from sim.scenario.node import Node
from sim.scenario.schedules import Schedule

GROUP = "assessment.weights"
NAMES = tuple(name for name in LEVERS if name.startswith(f"{GROUP}."))


def check_weights(
    node: Node, found: Mapping[str, Schedule], place: PlaceFacts, checks: Checks
) -> None:
    """Note a fault if all weights are 0 somewhere at some time."""
    set_here = [found[name] for name in NAMES if name in found]
    if not set_here or any(name not in place.bases for name in NAMES):
        return
    days = sorted({day for schedule in set_here for day in schedule.days()})
    for day in [date.min, *days]:
        total = np.zeros(len(place.divisions))
        for name in NAMES:
            schedule = found.get(name, Schedule(()))
            total += schedule.values(day, place.bases[name], place.divisions)
        for row in np.flatnonzero(total <= 0.0):
            words = wording.NO_WEIGHT.format(division=place.divisions[int(row)])
            checks.faults.add(node.key_spot, f"policies.{GROUP}", words)
            return

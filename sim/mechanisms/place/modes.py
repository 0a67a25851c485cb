"""Modes of development of a division: mixed, led by collectives, led by private firms."""

from typing import Any

import numpy as np

from sim.kernel import Group, Parameter
from sim.world.world import World

MODES = ("mixed", "collective", "private")
_DIFFERENCES = ("growth", "autonomy")  # what a mode adds; the others are factors


def mode_group(
    collective: float, private: float, neutral: float, unit: str, *low_high: float
) -> Group:
    """What each mode does, as one parameter a mode."""
    low_c, high_c, low_p, high_p = low_high
    source = "article 6: secure collective jobs, churn of private firms; no estimate"
    return Group(
        mixed=Parameter(neutral, unit, neutral, neutral, "assumed", "by definition"),
        collective=Parameter(collective, unit, low_c, high_c, "assumed", source),
        private=Parameter(private, unit, low_p, high_p, "assumed", source),
    )


def modes(world: World) -> np.ndarray:
    """The position among MODES of each division's mode of development."""
    mode = np.rint(world.lever("labour.mode"))
    return np.minimum(np.maximum(mode, 0.0), len(MODES) - 1.0).astype(np.int64)


def of_mode(rule: Any, world: World, what: str) -> np.ndarray:
    """What the mode of each division does, against the base mode: a ratio or a difference."""
    values = np.array([getattr(rule, f"mode_{what}")[mode] for mode in MODES])
    now, usual = values[modes(world)], values[rule.base_mode]
    return now - usual if what in _DIFFERENCES else now / usual

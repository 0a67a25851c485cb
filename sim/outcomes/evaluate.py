"""Evaluates outcomes over a window: a row for everybody and for every group."""

import math
from collections.abc import Iterable
from typing import Any

import numpy as np

from sim.outcomes.outcome import Outcome
from sim.outcomes.window import Window


def evaluate(
    window: Window, outcomes: Iterable[Outcome], everybody_alone: bool = False
) -> list[dict[str, Any]]:
    """One row an outcome and group: outcome, by, group, value, unit.

    Undefined values of parts are left out; `everybody_alone` leaves all parts out.
    """
    rows: list[dict[str, Any]] = []
    groups = window.groups
    told = list(zip(groups.by, groups.names, strict=True))[: 1 if everybody_alone else None]
    for outcome in outcomes:
        values = np.broadcast_to(outcome.formula(window), len(groups.by))
        for (by, group), value in zip(told, values.tolist(), strict=False):
            if by is None or math.isfinite(value):
                rows.append(
                    {
                        "outcome": outcome.name,
                        "by": by,
                        "group": group,
                        "value": float(value),
                        "unit": outcome.unit,
                    }
                )
    return rows

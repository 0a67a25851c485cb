"""Evaluates outcomes over a window: a row for everybody and for every group."""

from collections.abc import Iterable
from typing import Any

import numpy as np

from sim.outcomes.outcome import Outcome
from sim.outcomes.window import Window


def evaluate(window: Window, outcomes: Iterable[Outcome]) -> list[dict[str, Any]]:
    """One row an outcome and group: outcome, by, group, value, unit; undefined values left out."""
    rows: list[dict[str, Any]] = []
    groups = window.groups
    for outcome in outcomes:
        values = np.broadcast_to(outcome.formula(window), len(groups.by))
        for by, group, value in zip(groups.by, groups.names, values, strict=True):
            if by is None or np.isfinite(value):
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

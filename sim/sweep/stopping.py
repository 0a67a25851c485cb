"""Whether a sweep by precision needs more replications, and how many."""

import numpy as np
from numpy.typing import ArrayLike

from sim.analysis import Precision
from sim.experiment import Stopping

BATCH = 10


def more(rule: Stopping, values: ArrayLike) -> int:
    """How many replications to add; 0 when the rule is met or its limit is.

    Args:
        rule: the rule.
        values: the outcome, shape (points, replications), NaN where a run has none. A replication
            that lacks a point counts for none.
    """
    table = np.asarray(values, dtype=np.float64)
    left = rule.at_most - table.shape[1]
    if left <= 0 or reached(rule, table):
        return 0
    return min(BATCH, left)


def reached(rule: Stopping, values: ArrayLike) -> bool:
    """Whether the widest interval is narrow enough."""
    table = np.asarray(values, dtype=np.float64)
    whole = table[:, np.isfinite(table).all(axis=0)]
    rows = whole[1:] - whole[0] if rule.of == "difference" and len(whole) > 1 else whole
    return Precision(rule.outcome, rule.half_width).widest(rows) <= rule.half_width

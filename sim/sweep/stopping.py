"""Whether a sweep by precision needs more replications, and how many."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.analysis import Precision
from sim.experiment import Stopping
from sim.store import Store
from sim.sweep.plan import Plan

BATCH = 10


def replications_of(plan: Plan, store: Store) -> int:
    """How many replications of each point there are to be, as far as its runs tell.

    A sweep by precision goes batch by batch: these are all up to the first batch of which a run is
    neither done nor failed, or to the one that met the rule. So one that was stopped between two
    batches lacks runs, for whoever asks.
    """
    rule, wanted = plan.experiment.stopping, plan.experiment.replications
    if rule is None:
        return wanted
    failed = {str(entry["run_id"]) for entry in store.failures()}
    table = np.empty((len(plan.points), 0))
    while True:
        numbers = range(table.shape[1], wanted)
        values, lacking = values_of(plan, store, rule, numbers)
        if lacking - failed:
            return wanted
        table = np.hstack([table, values])
        further = more(rule, table)
        if not further:
            return wanted
        wanted += further


def values_of(
    plan: Plan, store: Store, rule: Stopping, numbers: Sequence[int]
) -> tuple[NDArray[np.float64], set[str]]:
    """The rule's outcome in these replications, shape (points, replications), and the runs lacking.

    NaN where a run is lacking or has no value.
    """
    ids = [run.run_id for run in plan.runs(numbers)]
    known = store.overall([rule.outcome], list(dict.fromkeys(ids)))  # points may coincide
    values = known.reindex(ids)[rule.outcome].to_numpy(float)
    return values.reshape(len(numbers), len(plan.points)).T, set(ids) - set(known.index)


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

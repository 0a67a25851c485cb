"""Tables of sweeps over made-up outcomes, as `sim.sweep.results.table` gives them."""

import numpy as np
import pandas as pd


def swept(points, outcomes, replications=1, luck=0.0, seed=5):
    """A table with one row a run.

    Args:
        points: a frame of factors, one row a point.
        outcomes: {name: one value a point}.
        replications: how many; replication r has the seed 1000 + r at every point.
        luck: standard deviation of a run's own luck, added to every outcome; a seed's common luck,
            of the size 3 luck, comes on top.
        seed: of that luck.
    """
    draws = np.random.default_rng(seed)
    parts = []
    for r in range(replications):
        part = points.reset_index(drop=True).copy()
        part.insert(0, "point", np.arange(len(points)))
        part["replication"], part["seed"] = r, 1000 + r
        part["run_id"] = [f"{point:08x}{r:08x}" for point in part["point"]]
        part["status"], part["reason"] = "done", ""
        common = 3 * luck * draws.normal()
        for name, values in outcomes.items():
            part[name] = np.asarray(values) + common + draws.normal(0, luck, len(points))
        parts.append(part)
    return pd.concat(parts, ignore_index=True)


def factorial(**levels):
    """Every combination of some levels, the last factor fastest."""
    index = pd.MultiIndex.from_product(levels.values(), names=list(levels))
    return index.to_frame(index=False)


def fail(table, point, replication, reason="ValueError: no people left", status="failed"):
    """The table with one run that has no values."""
    table = table.copy()
    row = (table["point"] == point) & (table["replication"] == replication)
    known = {"point", "replication", "seed", "run_id", "status", "reason"}
    table.loc[row, ["status", "reason"]] = status, reason
    numbers = table.select_dtypes("number").columns.difference(list(known))
    outcome = [name for name in numbers if name.startswith("y")]
    table.loc[row, outcome] = np.nan
    return table

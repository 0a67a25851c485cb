"""Frames of outcomes as `compare` takes them."""

import pandas as pd


def outcomes(scenario, values, outcome="wait", unit="days", by=None, group=None, seeds=None):
    """One scenario's values of one outcome, one a seed."""
    return pd.DataFrame(
        {
            "scenario": scenario,
            "seed": list(range(len(values))) if seeds is None else seeds,
            "outcome": outcome,
            "by": pd.Series([by] * len(values), dtype=object),
            "group": pd.Series([group] * len(values), dtype=object),
            "value": [float(value) for value in values],
            "unit": unit,
        }
    )


def together(*frames):
    """Frames below one another."""
    return pd.concat(frames, ignore_index=True)

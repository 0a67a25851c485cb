"""Judges what a run showed against what theory gives: it holds, it fails, or nobody can tell.

An interval of the mean is luck alone, and as wide on either side. A value holds where its mean
lies within the tolerance and its interval is no wider than that; it fails where the interval misses
the tolerance. A difference must have theory's sign as well, beyond doubt; one that is near null
must lie within the tolerance around 0 with all its interval.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from sim.analysis.intervals import Interval, t_interval
from sim.evidence.paired import settings_before
from sim.evidence.responses import Change, Response

HOLDS, FAILS, OPEN = "holds", "fails", "open"
NOTHING_SEEN = 3.69  # events that may be expected where none was seen: 95 %, Poisson, both sides


def judged(low: float, high: float, expected: float, tolerance: float) -> str:
    """The verdict on a value, from the interval of its mean."""
    if low > expected + tolerance or high < expected - tolerance:
        return FAILS
    off, half = abs((low + high) / 2.0 - expected), (high - low) / 2.0
    return HOLDS if off <= tolerance and half <= tolerance else OPEN


def judged_difference(low: float, high: float, expected: float, tolerance: float) -> str:
    """The verdict on a difference, whose sign must be that of the expected one."""
    size = judged(low, high, expected, tolerance)
    towards = np.sign(expected)
    if size == FAILS or max(towards * low, towards * high) < 0.0:
        return FAILS
    return size if min(towards * low, towards * high) > 0.0 else OPEN


def judged_null(low: float, high: float, tolerance: float) -> str:
    """The verdict on a difference that is near null."""
    if low > tolerance or high < -tolerance:
        return FAILS
    return HOLDS if -tolerance <= low and high <= tolerance else OPEN


def verdict(response: Response, low: float, high: float) -> str:
    """The verdict on a response, from the interval of what the runs showed."""
    if response.near_null:
        return judged_null(low, high, response.tolerance)
    judge = judged if response.level else judged_difference
    return judge(low, high, response.expected, response.tolerance)


def verdict_row(interval: Interval, k: int, verdict: str) -> dict[str, Any]:
    """What every row tells of its simulated value and of the verdict on it."""
    return {
        "simulated": float(interval.mean[k]),
        "low": float(interval.low[k]),
        "high": float(interval.high[k]),
        "verdict": verdict,
        "holds": verdict == HOLDS,
    }


def response_rows(
    responses: Sequence[Response],
    changes: Mapping[str, Change],
    values: np.ndarray,
    one_event: Mapping[str, float] | None = None,
    scale: float = 1.0,
) -> list[dict[str, Any]]:
    """A row a response, from base and changed values of shape (replications, responses, 2).

    `one_event` says how much one event in one run adds to an outcome that counts events. Where no
    run differs by a single one, luck is not nil: so many may be expected as seldom leave no trace.
    Where `scale` is less than a response needs, nobody can tell.
    """
    before = {slug: settings_before(change) for slug, change in changes.items()}
    base = values[:, :, 0]
    told = np.where([r.level for r in responses], values[:, :, 1], values[:, :, 1] - base)
    interval = t_interval(told.T)
    rows = []
    for k, response in enumerate(responses):
        change = changes[response.change]
        if interval.low[k] == interval.high[k]:
            unseen = NOTHING_SEEN * (one_event or {}).get(response.slug, 0.0) / len(values)
            interval.low[k] -= unseen
            interval.high[k] += unseen
        low, high = float(interval.low[k]), float(interval.high[k])
        paired = base[np.isfinite(told[:, k]), k]  # a run without events has no size of events
        small = scale < response.least_scale
        found = OPEN if small else verdict(response, low, high)
        rows.append(
            {
                "mechanism": change.mechanism,
                "change": response.change,
                "settings": dict(change.settings),
                "before": before[response.change],
                "name": response.slug,
                "division": response.division,
                "told": "level" if response.level else "difference",
                "near_null": response.near_null,
                "baseline": float(paired.mean()) if len(paired) else float("nan"),
                "expected": response.expected,
                "tolerance": response.tolerance,
                "least_scale": response.least_scale,
                "too_small": small,
            }
            | verdict_row(interval, k, found)
        )
    return rows

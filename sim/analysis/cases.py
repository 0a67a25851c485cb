"""Which points of a design are cases of interest: the mean of an outcome passes a bound."""

from dataclasses import dataclass

import numpy as np

from sim.analysis.boxes import Marks, Space, space_of
from sim.analysis.design_runs import DesignRuns, Floats
from sim.analysis.intervals import t_interval
from sim.kernel.fault import ShiyuError

FEWEST_POINTS = 20


@dataclass(frozen=True)
class Cases:
    """The points that have all their runs, and which of them are cases.

    `undecided` counts points whose 95 % interval over replications holds the bound: other luck
    might put them on the other side. None with one replication, which cannot tell. `left_out` holds
    the points that lack a run.
    """

    space: Space
    points: tuple[int, ...]
    means: Floats
    marks: Marks
    undecided: int | None
    left_out: tuple[int, ...]


def cases_of(
    runs: DesignRuns, outcome: str, *, above: float | None = None, below: float | None = None
) -> Cases:
    """The cases: points whose mean is more than `above`, or less than `below`.

    Points with a run that failed, is missing or has no finite value are left out, and listed.

    Raises:
        ShiyuError: not just one bound is given, too few points are left, or no point is a case,
            or every point is.
    """
    if (above is None) == (below is None):
        raise ShiyuError("give one bound: above or below")
    bound = above if above is not None else below
    assert bound is not None
    if not np.isfinite(bound):
        raise ShiyuError(f"the bound {bound} is no finite number")
    values = runs.values[outcome]
    whole = np.isfinite(values).all(axis=1)
    if whole.sum() < FEWEST_POINTS:
        raise ShiyuError(
            f"{int(whole.sum())} of {len(values)} points have all their runs; boxes need at least "
            f"{FEWEST_POINTS}"
        )
    interval = t_interval(values[whole])
    undecided = None
    if runs.replications > 1:
        undecided = int(((interval.low <= bound) & (bound <= interval.high)).sum())
    numbers = np.array(runs.points)
    marks = interval.mean > bound if above is not None else interval.mean < bound
    if not 0 < marks.sum() < len(marks):
        low, high = interval.mean.min(), interval.mean.max()
        raise ShiyuError(
            f"{int(marks.sum())} of the {len(marks)} points are cases, for their means lie between "
            f"{low:.4g} and {high:.4g}: choose another bound"
        )
    return Cases(
        space=space_of(runs.factors[whole].reset_index(drop=True)),
        points=tuple(map(int, numbers[whole])),
        means=interval.mean,
        marks=marks,
        undecided=undecided,
        left_out=tuple(map(int, numbers[~whole])),
    )

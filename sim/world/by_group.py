"""What holds for a unit or a division as a whole, told to each person there."""

import numpy as np
from numba import njit


@njit(cache=True)
def add_by_group(target, group, amounts):  # type: ignore[no-untyped-def]
    """Add to everybody's value (float32) the amount of the group that the person belongs to."""
    for i in range(target.size):
        target[i] += amounts[group[i]]


@njit(cache=True)
def push_by_group(pushes, posted, group, levels):  # type: ignore[no-untyped-def]
    """Post to everybody the change of their group's level since the last time (float32).

    `posted` remembers what each person has been told so far: a level that goes back to 0, or a
    person who moves to where it is 0, leaves no trace.
    """
    for i in range(pushes.size):
        change = levels[group[i]] - posted[i]
        if change != np.float32(0.0):
            pushes[i] += change
            posted[i] = levels[group[i]]


def first_of_quarter(clock) -> bool:  # type: ignore[no-untyped-def]
    """Whether this step begins a quarter of 13 weeks (weeks 1, 14, 27 and 40 of a year of 52)."""
    return bool(clock.week % 13 == 0 and clock.begins - clock.week_begins < 1e-9)

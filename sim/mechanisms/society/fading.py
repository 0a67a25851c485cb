"""What is left of a gap after a while, for many people at once in float32."""

import numpy as np
from numba import njit


@njit(inline="always")
def _series(x):  # type: ignore[no-untyped-def]
    """exp(-x) by six terms of its series: all that float32 can tell up to 1/8."""
    one = np.float32(1.0)
    tail = one - x * np.float32(1 / 4) * (one - x * np.float32(1 / 5))
    return one - x * (one - x * np.float32(1 / 2) * (one - x * np.float32(1 / 3) * tail))


@njit(inline="always")
def kept(x):  # type: ignore[no-untyped-def]
    """exp(-x) in float32 without a call or a jump, so that several people are moved at once.

    Beyond 1/8 it is the sixteenth power of exp(-x/16), beyond 16 nearly nothing.
    """
    bounded = x if x < np.float32(16.0) else np.float32(16.0)
    root = _series(bounded * np.float32(1 / 16))
    root = root * root
    root = root * root
    root = root * root
    root = root * root
    near = _series(x)
    return near if x <= np.float32(0.125) else root

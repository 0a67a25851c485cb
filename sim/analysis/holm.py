"""Holm's step-down correction: of many looks at chance, one should not pass for a finding.

The smallest of m p-values is held to alpha / m, the next to alpha / (m - 1), and so on until one
fails; then it and all larger ones fail. The share of tables with any false finding is at most
alpha, whatever the dependence between the tests (Holm 1979, Scand. J. Statist. 6, 65-70).
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def adjusted(p_values: ArrayLike) -> Floats:
    """Holm's adjusted p-values: below alpha where the test passes at that level.

    Args:
        p_values: one family of tests; NaN (nothing to test) stays NaN and is not counted.
    """
    given = np.asarray(p_values, dtype=np.float64)
    result = np.full(given.shape, np.nan)
    tested = np.flatnonzero(~np.isnan(given))
    order = tested[np.argsort(given[tested], kind="stable")]
    factors = np.arange(len(order), 0, -1)
    result[order] = np.minimum(1.0, np.maximum.accumulate(factors * given[order]))
    return result


def levels(p_values: ArrayLike, alpha: float) -> Floats:
    """The level to which Holm's correction holds each test: alpha / (m - rank), NaN for no test."""
    given = np.asarray(p_values, dtype=np.float64)
    result = np.full(given.shape, np.nan)
    tested = np.flatnonzero(~np.isnan(given))
    order = tested[np.argsort(given[tested], kind="stable")]
    result[order] = alpha / np.arange(len(order), 0, -1)
    return result

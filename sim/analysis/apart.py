"""How far two means may lie apart, so that "the same" is a claim that can fail.

    (|difference of the means| + 2 standard errors of it) / |mean of the reference|

A bound on this fails for means that differ, and for too few replications to tell.
"""

import numpy as np
from numpy.typing import ArrayLike


def apart(values: ArrayLike, reference: ArrayLike, *, paired: bool = False) -> np.ndarray:
    """The distance of two means, relative to the second.

    Args:
        values: replications along the last axis.
        reference: the same; of the same shape when `paired`, which means on common luck.
        paired: whether the error is that of the differences, else that of two samples.

    Returns:
        One number a row. One pair alone has no standard error: only the difference counts.
    """
    some, others = np.asarray(values, float), np.asarray(reference, float)
    middle = others.mean(axis=-1)
    if paired:
        errors = _squared_error(some - others)
    else:
        errors = _squared_error(some) + _squared_error(others)
    reach: np.ndarray = np.abs(some.mean(axis=-1) - middle) + 2.0 * np.sqrt(errors)
    return reach / np.abs(middle)


def _squared_error(values: np.ndarray) -> np.ndarray:
    count = values.shape[-1]
    if count < 2:
        return np.zeros(values.shape[:-1])
    squared: np.ndarray = values.var(axis=-1, ddof=1) / count
    return squared

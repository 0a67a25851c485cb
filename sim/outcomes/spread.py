"""How unequal and how polarised a quantity is over people."""

import numpy as np

CLASSES = 10
ALPHA = 1.3


def gini(values: np.ndarray, weights: np.ndarray) -> float:
    """The weighted Gini coefficient of non-negative values; 0 when all are 0.

    Source: Lerman and Yitzhaki (1989), weighted form by the area under the Lorenz curve.
    """
    order = np.argsort(values, kind="stable")
    x, w = values[order].astype(float), weights[order].astype(float)
    total = (x * w).sum()
    if total <= 0.0:
        return 0.0
    lorenz = np.concatenate([[0.0], np.cumsum(x * w) / total])
    share = w / w.sum()
    return float(1.0 - np.sum(share * (lorenz[1:] + lorenz[:-1])))


def esteban_ray(values: np.ndarray, weights: np.ndarray) -> float:
    """Polarisation sum_ij p_i^(1+alpha) p_j |y_i - y_j| over ten equal classes of [0, 1].

    Values are in [0, 1]; y is the middle of a class. 0 when all stand in one class. Source:
    Esteban and Ray (1994), Econometrica 62(4), without their scaling constant.
    """
    classes = np.minimum((values.astype(float) * CLASSES).astype(int), CLASSES - 1)
    shares = np.bincount(classes, weights.astype(float), minlength=CLASSES)
    shares = shares / shares.sum()
    middles = (np.arange(CLASSES) + 0.5) / CLASSES
    gaps = np.abs(middles[:, None] - middles[None, :])
    return float((shares ** (1.0 + ALPHA)) @ gaps @ shares)

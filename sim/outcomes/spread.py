"""How unequal and how polarised a quantity is over people, for every group at once."""

import numpy as np
from numba import njit

CLASSES = 10
ALPHA = 1.3


def gini(
    values: np.ndarray, weights: np.ndarray, cells: np.ndarray, members: np.ndarray
) -> np.ndarray:
    """The weighted Gini coefficient of non-negative values, by group; 0 where all are 0.

    `cells` says in which cell each person is, `members` (groups, cells) which cells a group has.
    Undefined (nan) for a group without people. Source: Lerman and Yitzhaki (1989), weighted form by
    the area under the Lorenz curve.
    """
    order = np.argsort(values, kind="stable")
    area, total, weight = _lorenz(order, values, weights, cells, members)
    with np.errstate(divide="ignore", invalid="ignore"):
        found = 1.0 - area / (total * weight)
    return np.where(weight > 0.0, np.where(total > 0.0, found, 0.0), np.nan)


@njit(cache=True)
def _lorenz(order, values, weights, cells, members):  # type: ignore[no-untyped-def]
    """Twice the area under the Lorenz curve (not yet over both totals), and the totals."""
    groups = members.shape[0]
    area, reached, weight = np.zeros(groups), np.zeros(groups), np.zeros(groups)
    for i in order:
        share = float(weights[i])
        amount = share * float(values[i])
        for group in range(groups):
            if members[group, cells[i]] > 0.0:
                area[group] += share * (2.0 * reached[group] + amount)
                reached[group] += amount
                weight[group] += share
    return area, reached, weight


def esteban_ray(
    values: np.ndarray, weights: np.ndarray, cells: np.ndarray, members: np.ndarray
) -> np.ndarray:
    """Polarisation sum_ij p_i^(1+alpha) p_j |y_i - y_j| over ten equal classes of [0, 1], by group.

    Values are in [0, 1]; y is the middle of a class. 0 when all stand in one class, nan for a group
    without people. Source: Esteban and Ray (1994), Econometrica 62(4), without their constant.
    """
    classes = np.minimum((values * np.float32(CLASSES)).astype(np.int64), CLASSES - 1)
    size = members.shape[1] * CLASSES
    by_cell = np.bincount(cells.astype(np.int64) * CLASSES + classes, weights, minlength=size)
    counts = members @ by_cell.reshape(-1, CLASSES)
    with np.errstate(divide="ignore", invalid="ignore"):
        shares = counts / counts.sum(axis=1, keepdims=True)
    middles = (np.arange(CLASSES) + 0.5) / CLASSES
    gaps = np.abs(middles[:, None] - middles[None, :])
    found: np.ndarray = np.einsum("gi,ij,gj->g", shares ** (1.0 + ALPHA), gaps, shares)
    return found

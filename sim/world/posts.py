"""How many posts each office and grid has: fractions become whole posts, and sets are nested.

`floor(quota + offset)` with offsets that are spread evenly over the members of a stratum, in an
order drawn by luck: members with equal quotas share the posts of their stratum as the method of
the largest remainder would, ties by hash. Whatever the quotas, the mean is right and a higher
quota takes no post from anybody, so that the posts under a smaller lever are among those under a
larger one.
"""

import numpy as np


def offsets(strata: np.ndarray, luck: np.ndarray, first: np.ndarray) -> np.ndarray:
    """For each member a number in [0, 1), evenly spread within its stratum, by order of luck.

    `luck` (uniform, one a member) gives the order; `first` (uniform, the same for all members of
    a stratum) says where in its first interval the spread begins.
    """
    order = np.lexsort((luck, strata))
    ordered = strata[order]
    begins = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
    sizes = np.diff(np.r_[begins, len(ordered)])
    rank = np.arange(len(ordered)) - np.repeat(begins, sizes)
    spread = np.empty(len(ordered))
    spread[order] = (rank + first[order]) / np.repeat(sizes, sizes)
    return spread


def whole_posts(quotas: np.ndarray, spread: np.ndarray) -> np.ndarray:
    """Whole posts for these quotas; a quota that is whole but for rounding error stays so."""
    return np.floor(quotas + np.minimum(spread, 1.0 - 1e-6) + 1e-9).astype(np.int64)

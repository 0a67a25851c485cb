"""Resamples of what was drawn at random: the blocks of a design, and the replications' luck.

Blocks (trajectories of Morris, rows of Saltelli) are drawn with replacement. Replications get
random weights: of R replications, Dirichlet with every parameter (R - 2)/R, under which a weighted
mean varies just as the mean of R fresh replications does; with two replications 1/4 stands in,
which reaches two thirds of the variance. Weights, unlike draws with replacement, always leave pairs
of distinct replications to tell luck by.

What luck adds to a product of two means over replications, x and y, with weights w that sum to 1:

    luck(x, y) = (sum w^2 x y - mean(x) mean(y) sum w^2) / (1 - sum w^2)

so that mean(x) mean(y) - luck is the weighted mean of the products of distinct replications, whose
expectation is the product of the expectations. With one replication nothing is known of luck.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.analysis.intervals import LEVEL

if TYPE_CHECKING:
    from sim.analysis.design_runs import Floats

RESAMPLES = 1000
_SMALLEST_PARAMETER = 0.25
_ONE_ALONE = 1e-9  # one replication has all the weight: nothing tells luck
_CELLS = 2_000_000  # numbers that one chunk of resamples holds


@dataclass(frozen=True)
class Resample:
    """Some resamples: which blocks, and how much each replication weighs.

    `blocks` has shape (blocks, resamples), `weights` (replications, resamples) with columns that
    sum to 1.
    """

    blocks: NDArray[np.int64]
    weights: "Floats"

    def mean(self, values: "Floats") -> "Floats":
        """Means over replications of (blocks, replications), by block drawn and resample."""
        return np.take_along_axis(values @ self.weights, self.blocks, axis=0)

    def luck(self, x: "Floats", y: "Floats") -> "Floats":
        """What luck adds to the product of the means of x and y, shaped as `mean`."""
        squares = (self.weights**2).sum(axis=0)
        apart = 1.0 - squares
        tellable = apart > _ONE_ALONE
        if not tellable.any():
            return np.zeros((len(self.blocks), self.weights.shape[1]))
        both = (x * y) @ self.weights**2
        means = (x @ self.weights) * (y @ self.weights)
        added = (both - means * squares) / np.where(tellable, apart, np.inf)
        return np.take_along_axis(added, self.blocks, axis=0)


def as_drawn(blocks: int, replications: int) -> Resample:
    """Every block once and every replication alike: the estimate itself."""
    weights = np.full((replications, 1), 1.0 / replications)
    return Resample(np.arange(blocks, dtype=np.int64)[:, None], weights)


def resamples(
    blocks: int, replications: int, count: int = RESAMPLES, seed: int = 1
) -> Iterator[Resample]:
    """Resamples of blocks and replications together, in chunks that fit the memory."""
    generator = np.random.default_rng(seed)
    parameter = max((replications - 2) / replications, _SMALLEST_PARAMETER)
    chunk = max(1, min(count, _CELLS // max(blocks, 1)))
    for start in range(0, count, chunk):
        size = min(chunk, count - start)
        weights = generator.dirichlet(np.full(replications, parameter), size).T
        yield Resample(generator.integers(blocks, size=(blocks, size)), weights)


def interval(estimate: "Floats", drawn: "Floats", level: float = LEVEL) -> "tuple[Floats, Floats]":
    """Percentile interval of the resamples (last axis), moved so that their mean is the estimate.

    The move takes away the bias that resampling itself brings.
    """
    share = (1.0 - level) / 2.0
    low, high = np.nanquantile(drawn, [share, 1.0 - share], axis=-1)
    shift = estimate - np.nanmean(drawn, axis=-1)
    return low + shift, high + shift

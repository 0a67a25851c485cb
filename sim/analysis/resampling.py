"""Resamples of what was drawn at random: the blocks of a design, and the replications' luck.

Blocks (trajectories of Morris, rows of Saltelli) are drawn with replacement. Replications get
random weights: of R replications, Dirichlet with every parameter (R - 2)/R, under which a weighted
mean varies just as the mean of R fresh replications does; with two replications 1/4 stands in,
which reaches two thirds of the variance. Weights, unlike draws with replacement, always leave pairs
of distinct replications to tell luck by.

Few blocks or few replications hold little of what others would bring. Intervals are widened for
that as Student's t is beside the normal, with the degrees of freedom of Welch and Satterthwaite
(Satterthwaite 1946, Biometrics Bulletin 2, 110-114) from how wide each of the two makes them alone.

What luck adds to a product of two means over replications, x and y, with weights w that sum to 1:

    luck(x, y) = (sum w^2 x y - mean(x) mean(y) sum w^2) / (1 - sum w^2)

so that mean(x) mean(y) - luck is the weighted mean of the products of distinct replications, whose
expectation is the product of the expectations. With one replication nothing is known of luck.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri, stdtrit

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
    blocks: int,
    replications: int,
    count: int = RESAMPLES,
    seed: int = 1,
    *,
    of_blocks: bool = True,
    of_luck: bool = True,
) -> Iterator[Resample]:
    """Resamples of blocks and replications together or of one alone, in chunks that fit memory."""
    generator = np.random.default_rng(seed)
    parameter = max((replications - 2) / replications, _SMALLEST_PARAMETER)
    chunk = max(1, min(count, _CELLS // max(blocks, 1)))
    for start in range(0, count, chunk):
        size = min(chunk, count - start)
        drawn = as_drawn(blocks, replications)
        numbers, weights = np.repeat(drawn.blocks, size, 1), np.repeat(drawn.weights, size, 1)
        if of_luck:
            weights = generator.dirichlet(np.full(replications, parameter), size).T
        if of_blocks:
            numbers = generator.integers(blocks, size=(blocks, size))
        yield Resample(numbers, weights)


def interval(
    estimate: "Floats",
    measured: "Callable[[Resample], Floats]",
    blocks: int,
    replications: int,
    level: float = LEVEL,
    count: int = RESAMPLES,
) -> "tuple[Floats, Floats]":
    """The interval of an estimate from what is measured in resamples (their axis is the last).

    Percentiles, moved so that the mean of the resamples is the estimate, which takes away the bias
    that resampling itself brings; and widened for few blocks and few replications.
    """

    def drawn(count: int, **of: bool) -> "Floats":
        chunks = resamples(blocks, replications, count, **of)
        return np.concatenate([measured(resample) for resample in chunks], axis=-1)

    both = drawn(count)
    low, high = _percentiles(both, level)
    shift = estimate - np.nanmean(both, axis=-1)
    few = max(count // 3, 1)
    by_blocks = np.subtract(*_percentiles(drawn(few, of_luck=False), level))
    by_luck = np.subtract(*_percentiles(drawn(few, of_blocks=False), level))
    wider = _widening(by_blocks**2, by_luck**2, blocks, replications, level)
    more = (wider - 1.0) * (high - low) / 2.0
    return low + shift - more, high + shift + more


def _percentiles(drawn: "Floats", level: float) -> "tuple[Floats, Floats]":
    share = (1.0 - level) / 2.0
    low, high = np.nanquantile(drawn, [share, 1.0 - share], axis=-1)
    return low, high


def _widening(
    by_blocks: "Floats", by_luck: "Floats", blocks: int, replications: int, level: float
) -> "Floats":
    """How much wider an interval is for what blocks and replications do not know of their spread.

    The first two are variances in any unit: what each of the two brings alone.
    """
    drawn = by_blocks + by_luck
    by_blocks = by_blocks * blocks / (blocks - 1)  # draws with replacement spread so much less
    whole = by_blocks + by_luck
    unsure = by_blocks**2 / (blocks - 1) + by_luck**2 / max(replications - 1, 1)
    tail = (1.0 + level) / 2.0
    with np.errstate(divide="ignore", invalid="ignore"):
        wider = stdtrit(whole**2 / unsure, tail) / ndtri(tail) * np.sqrt(whole / drawn)
    return np.where(np.isfinite(wider), wider, 1.0)  # nothing varies

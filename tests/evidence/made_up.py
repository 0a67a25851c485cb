"""What replications give if everything comes out as expected, for tests of what follows."""

from collections.abc import Sequence

import numpy as np

from sim.evidence.responses import Response


def hardly_more(seed: int) -> float:
    """By what a seed multiplies everything, so that intervals have some width."""
    return 1.0 + 1e-6 * seed


def as_expected(rows: Sequence[Response], seed: int) -> np.ndarray:
    """Base and changed values of these responses, shape (rows, 2)."""
    ends = [(1.0, row.expected if row.level else 1.0 + row.expected) for row in rows]
    return np.array(ends) * hardly_more(seed)

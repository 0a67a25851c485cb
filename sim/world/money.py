"""Public money in whole fen: the lines it is spent on, and how a shortfall is shared.

The table `budget` has one row for each division and line (division first); the table `treasury`
one row for each division. Mechanisms that spend post to `budget.spend`, at `budget_row`.
"""

from typing import Any

import numpy as np

LINES = (
    "grid_pay",
    "mediators",
    "cases",
    "meetings",
    "rooms",
    "platform",
    "training",
    "judges",
    "channels",
    "society",
)
FEN_PER_YUAN = 100


def budget_row(divisions: np.ndarray | int, line: str) -> Any:
    """The row of the table `budget` for these divisions and this line."""
    return np.asarray(divisions) * len(LINES) + LINES.index(line)


def paid_share(world: Any, line: str) -> np.ndarray:
    """The share of what was due on a line that was paid over the last year, by division.

    1 everywhere when no budget is kept, and at the start.
    """
    budget = world.tables.get("budget")
    if budget is None or not len(budget):
        return np.ones(world.divisions)
    return budget.paid_share[budget_row(np.arange(world.divisions), line)]


def whole_fen(amounts: np.ndarray, carried: np.ndarray) -> np.ndarray:
    """Whole fen of these amounts plus what was carried; the fractions stay in `carried`."""
    carried += amounts
    whole = np.floor(carried).astype(np.int64)
    carried -= whole
    return whole


def shared_out(due: np.ndarray, available: np.ndarray) -> np.ndarray:
    """What is paid of `due` (divisions, lines) out of `available` (divisions); all whole fen.

    All of it where it fits; else every line gets the same share, rounded down, and the odd fen go
    to the first lines that are still short.
    """
    total = due.sum(axis=1)
    paid = due.copy()
    for division in np.flatnonzero(total > available):
        money, asked = int(available[division]), int(total[division])
        shares = [int(amount) * money // asked for amount in due[division]]
        short = [line for line, share in enumerate(shares) if share < due[division, line]]
        for line in short[: money - sum(shares)]:
            shares[line] += 1
        paid[division] = shares
    return paid

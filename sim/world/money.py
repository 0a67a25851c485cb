"""Public money in whole fen: the lines it is spent on, and how a shortfall is shared.

The table `budget` has one row for each division and line (division first); the table `treasury`
one row for each division. Mechanisms that spend post to `budget.spend`, at `budget_row`.
"""

from collections.abc import Sequence
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
    "services",
)
# Lines that bring money of their own (`charge_in_full`): it pays them before any other.
FUNDED = ("services",)
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


def shared_out(due: np.ndarray, available: np.ndarray, funded: Sequence[int] = ()) -> np.ndarray:
    """What is paid of `due` (divisions, lines) out of `available` (divisions); all whole fen.

    All of it where it fits; else every line gets the same share, rounded down, and the odd fen go
    to the first lines that are still short. Lines at the positions `funded` bring their own money:
    they are paid in full as long as there is so much, and do not help others out.
    """
    own = np.zeros_like(due)
    own[:, list(funded)] = due[:, list(funded)]
    own[own.sum(axis=1) > available] = 0
    if own.any():
        return own + shared_out(due - own, available - own.sum(axis=1))
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


def charge_in_full(world: Any, line: str, fen: np.ndarray) -> None:
    """Costs (fen, by division) that bring their own money: what is due is planned so that it comes.

    Works, land and services are paid out of funds beside the governance budget: their costs stand
    in the books, but take nothing from mediators and grid workers. Only what is above 0 is charged.
    Where nobody keeps a budget nothing is written down.
    """
    budget = world.tables.get("budget")
    if budget is None or not len(budget) or not np.any(fen > 0.0):
        return
    due = np.maximum(fen, 0.0)
    budget.spend[budget_row(np.arange(world.divisions), line)] += due
    execution = world.place.by_division("execution_share")
    planned = np.where(execution > 0.0, due / np.where(execution > 0.0, execution, 1.0), 0.0)
    world.tables["treasury"].extra_plan += planned

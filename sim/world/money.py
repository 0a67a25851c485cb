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


def society_spend(
    world: Any,
    policy: str,
    yuan_a_year_by_division: np.ndarray,
    base_yuan_a_year_by_division: np.ndarray,
    clock: Any,
) -> np.ndarray:
    """What a policy of society costs in this step falls due, and the plan makes room for it.

    The share of it that was paid over the last year is returned, by division: 1 everywhere at base
    levers. A plan is not money: its execution share is. So the usual cost is planned at cost over
    execution, which pays it in full; what a policy costs beyond the usual is planned at cost, and
    the part that does not come as money is paid from what else the division has, or is cut as the
    budget cuts, every line of the division alike. The amounts are those of the whole division,
    whatever the scale. Yuan paid are counted under `spent_on_<policy>`. Where no budget is kept
    everything is paid.
    """
    cost = np.broadcast_to(np.asarray(yuan_a_year_by_division, float), (world.divisions,))
    usual = np.minimum(cost, base_yuan_a_year_by_division)
    paid = paid_share(world, "society")
    world.flows.add_divisions(f"spent_on_{policy}", cost * paid * clock.dt_years)
    budget, treasury = world.tables.get("budget"), world.tables.get("treasury")
    if budget is None or treasury is None or not len(budget):
        return paid
    execution = world.place.by_division("execution_share")
    planned = np.where(execution > 0.0, usual / np.maximum(execution, 1e-9), usual) + cost - usual
    fen = FEN_PER_YUAN * clock.dt_years
    budget.spend[budget_row(np.arange(world.divisions), "society")] += cost * fen
    treasury.extra_plan += planned * fen
    return paid


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

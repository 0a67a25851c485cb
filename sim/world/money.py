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
    "water",
    "metropolitan",
    "works",
    "land",
    "responses",
    "services",
)
# Lines that bring money of their own (`charge_in_full`): it pays them before any other.
FUNDED = ("works", "land", "services")
# Lines of programmes whose base is paid elsewhere: what they cost less than it is saved.
SAVING = (*FUNDED, "water", "metropolitan")
# Lines that hold only what is beyond the base levers: the rest is paid elsewhere.
BEYOND_BASE = ("judges",)
FEN_PER_YUAN = 100
# What a platform costs is known for a city of this size; a smaller place pays by its residents.
CITY_RESIDENTS = 2_194_545  # Jincheng, census of 2020


def budget_row(divisions: np.ndarray | int, line: str) -> Any:
    """The row of the table `budget` for these divisions and this line."""
    return np.asarray(divisions) * len(LINES) + LINES.index(line)


_ROWS_OF = {line: slice(k, None, len(LINES)) for k, line in enumerate(LINES)}


def rows_of_line(line: str) -> slice:
    """The rows of the table `budget` for this line, one for each division."""
    return _ROWS_OF[line]


def paid_share(world: Any, line: str) -> np.ndarray:
    """The share of what was due on a line that was paid over the last year, by division.

    1 everywhere when no budget is kept, and at the start.
    """
    budget = world.tables.get("budget")
    if budget is None or not len(budget):
        return np.ones(world.divisions)
    return budget.paid_share[rows_of_line(line)].copy()


def paid_for(world: Any, lever: str, line: str) -> np.ndarray:
    """How much of a lever there is money for, by division: its value times the paid share.

    A council that nobody pays for does not meet. Where the line holds only what lies beyond the
    base (judges), the base is there in any case.
    """
    value: np.ndarray = world.lever(lever)
    paid = paid_share(world, line)
    if line not in BEYOND_BASE or (paid == 1.0).all():
        return value * paid
    base = np.minimum(world.place.bases[lever], value)
    return base + (value - base) * paid


def charge(
    world: Any,
    line: str,
    yuan: np.ndarray,
    programme_share: float,
    received: np.ndarray | float = 0.0,
) -> None:
    """Enter what a programme costs beyond its base in this step, in yuan by division.

    What it costs more falls due on its line. `received` is money that others pay for it, and the
    programme brings `programme_share` of the rest; what is then missing, the division's governance
    budget pays. Of what a programme saves, the division keeps the part that it would have paid; all
    of it is counted under `saved_on_<line>`. Nothing happens where no budget is kept.
    """
    budget, treasury = world.tables.get("budget"), world.tables.get("treasury")
    if budget is None or not len(budget):
        return
    more, less = np.maximum(yuan, 0.0), np.maximum(-yuan, 0.0)
    money = received + programme_share * np.maximum(more - received, 0.0)
    money = money + (1.0 - programme_share) * less
    execution = world.place.by_division("execution_share")
    budget.spend[rows_of_line(line)] += more * FEN_PER_YUAN
    note_saved(world, line, less)
    planned = np.divide(money, execution, out=np.zeros(len(more)), where=execution > 0.0)
    treasury.extra_plan += planned * FEN_PER_YUAN


def note_saved(world: Any, line: str, yuan: np.ndarray) -> None:
    """Count what a line costs less than at the base levers, in yuan by division: no money moves."""
    world.flows.add_divisions(f"saved_on_{line}", yuan)


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
    cost = yuan_a_year_by_division
    usual = np.minimum(cost, base_yuan_a_year_by_division)
    paid = paid_share(world, "society")
    world.flows.add_divisions(f"spent_on_{policy}", cost * paid * clock.dt_years)
    budget, treasury = world.tables.get("budget"), world.tables.get("treasury")
    if budget is None or treasury is None or not len(budget):
        return paid
    execution = world.place.by_division("execution_share")
    planned = np.where(execution > 0.0, usual / np.maximum(execution, 1e-9), usual) + cost - usual
    fen = FEN_PER_YUAN * clock.dt_years
    budget.spend[rows_of_line("society")] += cost * fen
    treasury.extra_plan += planned * fen
    return paid


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
    total = due.sum(axis=1)
    if funded and due[:, list(funded)].any():
        own = np.zeros_like(due)
        own[:, list(funded)] = due[:, list(funded)]
        own[own.sum(axis=1) > available] = 0
        return own + shared_out(due - own, available - own.sum(axis=1))
    paid = due.copy()
    for division in (total > available).nonzero()[0]:
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
    in the books, but take nothing from mediators and grid workers. Only what is above 0 is charged;
    what is below is saved. Where nobody keeps a budget nothing is written down.
    """
    budget = world.tables.get("budget")
    if budget is None or not len(budget):
        return
    note_saved(world, line, np.maximum(-fen, 0.0) / FEN_PER_YUAN)
    due = np.maximum(fen, 0.0)
    if not due.any():
        return
    budget.spend[rows_of_line(line)] += due
    execution = world.place.by_division("execution_share")
    planned = np.where(execution > 0.0, due / np.where(execution > 0.0, execution, 1.0), 0.0)
    world.tables["treasury"].extra_plan += planned

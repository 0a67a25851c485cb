"""The accounts of a time bank: hours credited are spent, expire, leave, or are still held.

    dC/dt = m - (sigma + 1/L) C      what goes out is split sigma : 1/L into spent and expired

C is the credit of a person, m what their hours of service bring at the moment of the act, sigma how
fast credit is spent, L its mean life in years. Both are exact between acts, whatever the step. In a
unit no more is spent in a step than hours of service are given there: the oldest numbers come
first, what they cannot spend they go on holding. Who leaves the region takes their credit out.
"""

import numpy as np
from numba import njit

from sim.kernel import AccountError, Table
from sim.kernel.clock import DAYS_PER_YEAR

ACCOUNTS = ("minted", "spent", "expired", "left")
_ROUNDING = 1e-9


def leave(credit: np.ndarray, alive: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """People who are gone and still held credit, and how much: it leaves with them."""
    gone = np.flatnonzero((credit > 0.0) & ~alive)
    hours = credit[gone].copy()
    credit[gone] = 0.0
    return gone, hours


def go_out(
    held: np.ndarray,
    minted: np.ndarray,
    days: np.ndarray,
    step_days: float,
    spend: float,
    life: float,
) -> tuple[np.ndarray, np.ndarray]:
    """What holders want to spend in a step, and what expires (hours each).

    `held` is their credit when the step begins, `minted` what an act added `days` before its end.
    """
    rate = spend + 1.0 / life
    out = -held * np.expm1(-rate * step_days / DAYS_PER_YEAR)
    out -= minted * np.expm1(-rate * days / DAYS_PER_YEAR)
    return out * (spend / rate), out / (life * rate)


def within_supply(
    wanted: np.ndarray, unit: np.ndarray, ids: np.ndarray, supply: np.ndarray
) -> np.ndarray:
    """What holders can spend where units give no more than `supply` hours in the step."""
    asked = np.bincount(unit, wanted, len(supply))
    short = asked > supply
    if not short.any():
        return wanted
    order = np.lexsort((ids, unit))
    order = order[short[unit[order]]]
    spent = wanted.copy()
    _serve(order, unit, np.maximum(supply, 0.0), spent)
    return spent


@njit(cache=True)
def _serve(order, unit, supply, spent):  # type: ignore[no-untyped-def]
    left = supply.copy()
    for i in order:
        spent[i] = min(spent[i], left[unit[i]])
        left[unit[i]] -= spent[i]


def check(accounts: Table, credit: np.ndarray) -> None:
    """Raise AccountError unless minted = spent + held + expired + left."""
    minted = accounts.minted.sum()
    known = credit.sum() + sum(accounts[name].sum() for name in ACCOUNTS[1:])
    if abs(minted - known) > _ROUNDING * max(minted, 1.0):
        raise AccountError(f"{minted} hours were credited, {known} are accounted for")

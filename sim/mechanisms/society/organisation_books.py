"""What social organisations earn, spend and put by, in whole fen; and what is usual among them.

Of each body, at every step and to the fen: income = spend + reserve, all counted since its birth.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln

from sim.kernel import Clock, Table
from sim.kernel.clock import DAYS_PER_YEAR
from sim.world.money import FEN_PER_YUAN, whole_fen

LEAST = 0.5  # a division in which nothing is active counts as half a body


@dataclass(frozen=True)
class Rates:
    """Yuan a year: own income and support of an active body, what active and dormant ones cost."""

    own: float
    support: float
    active_cost: float
    dormant_cost: float


@dataclass(frozen=True)
class Usual:
    """What is expected at the start under the base levers, by division (and kind).

    `active` counts bodies awake, `by_kind` the same of each kind, `doublings` is the mean of the
    binary logarithm of bodies awake, `autonomy` the share of their income that is not public.
    """

    active: np.ndarray
    by_kind: np.ndarray
    doublings: np.ndarray
    autonomy: np.ndarray


def resting_share(awake: float, switch: float, death_active: float, death_dormant: float) -> float:
    """The share of bodies awake in the long run.

    Bodies wake at rate switch x awake, fall asleep at switch x (1 - awake), end at their rates and
    are born awake with chance `awake`.
    """
    turnover = switch + death_active + awake * (death_dormant - death_active)
    return awake * (switch + death_dormant) / turnover if turnover > 0.0 else awake


def doublings(active: np.ndarray) -> np.ndarray:
    """The binary logarithm of how many are active; half a body where nothing is."""
    return np.log2(np.maximum(active, LEAST))


def mean_doublings(bodies: int, share: float) -> float:
    """The mean of `doublings` when each of so many bodies is active with this chance."""
    if not 0.0 < share < 1.0 or not bodies:
        return float(doublings(np.array(bodies * share)))
    k = np.arange(bodies + 1)
    ways = gammaln(bodies + 1) - gammaln(k + 1) - gammaln(bodies - k + 1)
    chance = np.exp(ways + k * np.log(share) + (bodies - k) * np.log1p(-share))
    return float(chance @ doublings(k))


def autonomy(rates: Rates, purchase_each: np.ndarray) -> np.ndarray:
    """The share of an active body's income that is not public money."""
    income = rates.own + rates.support + purchase_each
    return np.where(income > 0.0, rates.own / np.where(income > 0.0, income, 1.0), 1.0)


def fen_of_step(yuan_a_year: float, clock: Clock) -> int:
    """Whole fen that fall into a step at a yearly rate; those of half steps add up."""
    a_day = yuan_a_year * FEN_PER_YUAN / DAYS_PER_YEAR
    return int(np.floor(a_day * clock.ends) - np.floor(a_day * clock.begins))


def earn(
    bodies: Table, rates: Rates, purchases: np.ndarray, carried: np.ndarray, clock: Clock
) -> tuple[np.ndarray, np.ndarray]:
    """Everybody earns and spends a step's money; returns income and public money by division (fen).

    `purchases` are fen by division; those active share them equally, the odd fen go to the first.
    What nobody is there to take is not bought. `carried` keeps fractions of a fen.
    """
    divisions = len(purchases)
    active = bodies.active.nonzero()[0]
    where = bodies.division[active]
    count = np.bincount(where, minlength=divisions)
    amount = whole_fen(np.where(count > 0, purchases, 0.0), carried)
    each, odd = np.divmod(amount, np.maximum(count, 1))
    rank = np.zeros(len(active), np.int64)
    order = where.argsort(kind="stable")
    rank[order] = np.arange(len(active)) - np.repeat(count.cumsum() - count, count)
    bought = np.where(count[where] > 0, each[where] + (rank < odd[where]), 0)
    support = fen_of_step(rates.support, clock)
    dues = fen_of_step(rates.dormant_cost, clock)
    income = np.where(bodies.alive, dues, 0).astype(np.int64)
    spend = income.copy()
    income[active] = fen_of_step(rates.own, clock) + support + bought
    cost = fen_of_step(rates.active_cost, clock)
    spend[active] = np.minimum(cost, income[active] + bodies.reserve[active])
    bodies.income += income
    bodies.spend += spend
    bodies.reserve += income - spend
    public = np.bincount(where, (support + bought).astype(float), divisions)
    return np.bincount(bodies.division, income.astype(float), divisions), public

"""What one averted escalation, or one more participant, costs under a policy: a ratio of changes.

    price = mean change of cost / mean change of effect,   over the same pairs of runs

Both changes carry chance, and they share it. The interval is Fieller's: all prices p for which the
paired mean of cost - p x effect cannot be told from 0. Where the change of effect itself cannot be
told from 0 no price is known, however small or large; the interval would have no end.
Source: Fieller (1954); for cost-effectiveness Willan and Briggs (2006).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.analysis.compare import smallest_effect
from sim.analysis.intervals import LEVEL, t_interval, t_quantile
from sim.analysis.pairs import pair_up

if TYPE_CHECKING:
    import pandas as pd

COST = "spent_per_resident"  # yuan a resident a year
# What is bought, each per 10,000 residents a year, and in which direction it is wanted.
BOUGHT = {"escalations_per_10k": -1.0, "participants_per_10k": 1.0}
PER_10K = 1e4

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Price:
    """Yuan for one unit of an effect under a scenario, against the baseline.

    `cost` is the change of yuan a year per 10,000 residents, `effect` that of the wanted effect
    (escalations averted, participants gained). `yuan`, `low` and `high` are NaN where the effect
    cannot be told from none. `verdict`: buys (dearer, more of it), saves (cheaper, less of it),
    both (cheaper and more of it), neither (dearer and less of it), hardly (one of these two, but
    the effect is too small to matter), unmoved (no pair differs in the effect), unpaid (none in the
    cost), or open.
    """

    scenario: str
    outcome: str
    cost: float
    effect: float
    yuan: float
    low: float
    high: float
    verdict: str
    replications: int


def prices(frame: "pd.DataFrame", baseline: str, *, level: float = LEVEL) -> Iterator[Price]:
    """The prices of what each other scenario brings over everybody, where its outcomes are there.

    Args:
        frame: one row per scenario, seed, outcome, by and group, as for `pair_up`.
        baseline: name of the scenario to compare with.
        level: confidence level of the interval.
    """
    asked = frame[frame["outcome"].isin([COST, *BOUGHT]) & frame["by"].isna()]
    if not (asked["scenario"] == baseline).any():
        return
    for pairs in pair_up(asked, baseline):
        rows = dict(zip(pairs.keys["outcome"], pairs.differences, strict=True))
        small = smallest_effect(pairs.keys["unit"], pairs.baseline.mean(axis=1))
        least = dict(zip(pairs.keys["outcome"], small, strict=True))
        for outcome, wanted in BOUGHT.items():
            if COST in rows and outcome in rows:
                cost, effect = PER_10K * rows[COST], wanted * rows[outcome]
                yield _priced(pairs.scenario, outcome, cost, effect, least[outcome], level)


def fieller(cost: ArrayLike, effect: ArrayLike, level: float = LEVEL) -> tuple[float, float, float]:
    """The ratio of the means of two paired samples, and its interval; NaN where it has no end.

    Args:
        cost: shape (n,).
        effect: shape (n,), pair by pair.
        level: confidence level.
    """
    c, e = np.asarray(cost, np.float64), np.asarray(effect, np.float64)
    none = (np.nan, np.nan, np.nan)
    if len(c) < 2:
        return none
    a, b = c.mean(), e.mean()
    covariance = np.cov(c, e, ddof=1) / len(c)
    t = float(t_quantile((1.0 + level) / 2.0, len(c) - 1))
    of_cost, shared, of_effect = t * t * covariance[[0, 0, 1], [0, 1, 1]]
    square = b * b - of_effect
    if square <= 0.0:
        return none
    middle = a * b - shared
    half = float(np.sqrt(max(middle * middle - (a * a - of_cost) * square, 0.0)))
    return float(a / b), float((middle - half) / square), float((middle + half) / square)


def _priced(
    scenario: str, outcome: str, cost: Floats, effect: Floats, least: float, level: float
) -> Price:
    both = np.isfinite(cost) & np.isfinite(effect)
    cost, effect = cost[both], effect[both]
    yuan, low, high = fieller(cost, effect, level)
    spent, gained = t_interval(cost, level), t_interval(effect, level)
    verdict = "open"
    if len(cost) > 1 and not (cost.any() and effect.any()):
        verdict = "unpaid" if effect.any() else "unmoved"
    elif np.isfinite(yuan) and (spent.low > 0.0 or spent.high < 0.0):
        dearer, more = spent.mean > 0.0, gained.mean > 0.0
        verdict = ("neither" if dearer else "saves", "buys" if dearer else "both")[int(more)]
        small = max(abs(gained.low), abs(gained.high)) <= least
        if small and verdict in ("neither", "both"):
            verdict = "hardly"
    means = float(spent.mean), float(gained.mean)
    return Price(scenario, outcome, *means, yuan, low, high, verdict, len(cost))

"""Trade-offs between outcomes over a design: who is best, what a choice gives up, who is dominated.

A policy is a setting of the levers; a state is a setting of everything else (shocks, parameters,
place), which nobody chooses. The regret of a policy in a state is how much worse it is than the
best policy in that state, outcome by outcome (Savage 1951, J. Am. Stat. Assoc. 46, 55-67); what is
shown is its regret in the worst state. To set outcomes of different units side by side, regret is
also given as a share of the distance between the best and the worst policy, or of the smallest
effect of interest where that is more, so that an outcome that no policy moves decides nothing; the
largest of these shares is what a cautious choice keeps small.

A policy is efficient when no other is at least as good in every outcome and better in one.
`efficient_share` says in which share of resamples of the replications it is: luck alone can put a
policy on or off the border.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.analysis.compare import smallest_effect
from sim.analysis.design_runs import DesignRuns, Floats, plain_label
from sim.analysis.intervals import LEVEL, t_interval
from sim.kernel.fault import ShiyuError

if TYPE_CHECKING:
    import pandas as pd

RESAMPLES = 200


@dataclass(frozen=True)
class TradeOffs:
    """A table with one row a policy, and how it came about.

    Columns: policy (number from 0), a column a lever, `worst_share`, `efficient`,
    `efficient_share`, `least_regret` (whether its largest share is the smallest of all), and for
    each outcome NAME: `NAME` (mean over states), `NAME.regret`, `NAME.low`, `NAME.high` (paired t
    interval of the regret in the worst state), `NAME.share`.

    `states` is how many states each policy stands in; 1 with `crossed` False when policies and
    states are not crossed, and every point counts as a policy of its own.
    """

    table: "pd.DataFrame"
    levers: tuple[str, ...]
    outcomes: tuple[str, ...]
    states: int
    crossed: bool
    left_out: int  # policies that lack a run
    smallest: Mapping[str, float]  # by outcome, the smallest effect of interest; 0 without a unit


def trade_offs(
    runs: DesignRuns,
    good: Mapping[str, str],
    levers: Sequence[str],
    *,
    units: Mapping[str, str] | None = None,
    level: float = LEVEL,
    seed: int = 1,
) -> TradeOffs:
    """Regret and efficiency of the policies of a design.

    Args:
        runs: the runs of the design.
        good: by outcome whether "lower" or "higher" is better, in the order to show.
        levers: which factors somebody chooses; the others make the states.
        units: of the outcomes, by which the smallest effect of interest is known; none unless told.
        level: of the intervals.
        seed: of the resamples.

    A policy with a run that has no value is left out, and counted. Raises ShiyuError when fewer
    than two are left.
    """
    import pandas as pd

    chosen = [name for name in runs.factors.columns if name in levers]
    values = np.stack([_signed(runs.values[name], good[name]) for name in good])
    policies, states, crossed = _grid(runs.factors, chosen)
    if not crossed:
        chosen = list(map(str, runs.factors.columns))
        policies, states = np.arange(len(runs.points)), np.zeros(len(runs.points), dtype=int)
    shape = (len(good), policies.max() + 1, states.max() + 1, values.shape[2])
    worse = np.full(shape, np.nan)  # as signed: lower is better
    worse[:, policies, states] = values
    whole = np.isfinite(worse).all(axis=(0, 2, 3))
    if whole.sum() < 2:
        raise ShiyuError("fewer than two policies have all their runs: nothing to trade off")
    kept = np.flatnonzero(whole)
    worse = worse[:, kept]
    first = np.array([int(np.argmax(policies == k)) for k in kept])
    columns: dict[str, Any] = {"policy": kept}
    columns |= {name: runs.factors[name].iloc[first].map(plain_label).to_list() for name in chosen}
    shares, smallest = [], {}
    for name, table in zip(good, worse, strict=True):
        least = 0.0
        if units is not None:
            least = float(smallest_effect([units.get(name, "")], [float(table.mean())])[0])
        smallest[name] = least
        found = _regret(table, level, least)
        sign = -1.0 if good[name] == "higher" else 1.0
        columns[name] = sign * table.mean(axis=(1, 2))
        for key, column in found.items():
            columns[f"{name}.{key}"] = column
        shares.append(found["share"])
    largest = np.max(shares, axis=0)
    means = worse.mean(axis=2)  # outcomes, policies, replications
    columns["worst_share"] = largest
    columns["efficient"] = efficient(means.mean(axis=2))
    columns["efficient_share"] = _efficient_share(means, seed)
    columns["least_regret"] = largest == largest.min()
    return TradeOffs(
        pd.DataFrame(columns),
        tuple(chosen),
        tuple(good),
        int(shape[2]),
        crossed,
        int((~whole).sum()),
        smallest,
    )


def best_in(traded: TradeOffs, outcome: str) -> "tuple[pd.Series, int]":
    """The policy with the best mean of an outcome, and how many others may be as good.

    An other may be as good when the interval of its paired regret holds 0. Where there are several
    states the best is the one with the least regret in its worst state.
    """
    table = traded.table
    first = int(table[f"{outcome}.regret"].to_numpy(float).argmin())
    low = table[f"{outcome}.low"].to_numpy(float)
    as_good = (low <= 0) | ~np.isfinite(low)
    as_good[first] = False
    return table.iloc[first], int(as_good.sum())


def efficient(costs: Floats) -> np.ndarray:
    """Which columns of (outcomes, policies) no other column dominates; lower is better."""
    no_worse = (costs[:, :, None] <= costs[:, None, :]).all(axis=0)
    better = (costs[:, :, None] < costs[:, None, :]).any(axis=0)
    return ~np.asarray((no_worse & better).any(axis=0))


def _regret(table: Floats, level: float, least: float) -> dict[str, Floats]:
    """Regret in the worst state of one outcome, (policies, states, replications); lower is better.

    The best policy of a state is the best by its mean over replications. The share is of the
    distance between best and worst in the state where they lie furthest apart, at least `least`.
    """
    means = table.mean(axis=2)
    best = means.argmin(axis=0)
    behind = table - table[best, np.arange(table.shape[1])][None]
    worst = (means - means.min(axis=0)).argmax(axis=1)
    rows = behind[np.arange(len(table)), worst]
    found = t_interval(rows, level)
    span = max(float((means.max(axis=0) - means.min(axis=0)).max()), least)
    share = found.mean / span if span > 0 else np.zeros(len(table))
    return {"regret": found.mean, "low": found.low, "high": found.high, "share": share}


def _efficient_share(means: Floats, seed: int) -> Floats:
    """In which share of resamples of the replications each policy is efficient."""
    generator = np.random.default_rng(seed)
    count = means.shape[2]
    total = np.zeros(means.shape[1])
    for _ in range(RESAMPLES):
        total += efficient(means[:, :, generator.integers(count, size=count)].mean(axis=2))
    return total / RESAMPLES


def _grid(factors: "pd.DataFrame", levers: Sequence[str]) -> tuple[np.ndarray, np.ndarray, bool]:
    """The policy and the state of each point, and whether each policy stands once in each state."""
    labels = factors.map(plain_label)
    others = [name for name in labels.columns if name not in levers]
    policies = _numbered(labels[list(levers)])
    states = _numbered(labels[others])
    places = set(zip(policies.tolist(), states.tolist(), strict=True))
    count = (policies.max() + 1) * (states.max() + 1)
    crossed = bool(levers) and len(places) == len(labels) == count
    return policies, states, crossed


def _numbered(labels: "pd.DataFrame") -> np.ndarray:
    """A number for each distinct row, in the order of first appearance."""
    known: dict[tuple[Any, ...], int] = {}
    rows = labels.itertuples(index=False, name=None) if labels.shape[1] else [()] * len(labels)
    return np.array([known.setdefault(tuple(row), len(known)) for row in rows])


def _signed(values: Floats, good: str) -> Floats:
    """The values so that lower is better."""
    if good not in ("lower", "higher"):
        raise ShiyuError(f"an outcome for trade-offs must be better lower or higher, not {good!r}")
    return -values if good == "higher" else values

"""How much of a difference is chance, and how much is not knowing the parameters.

Each draw of the parameters is run with the same r seeds, under every scenario. The difference of a
pair, D[i, j] (draw i, seed j), is taken as

    D[i, j] = mean + P[i] + S[j] + E[i, j]

P is what the draw of parameters does, S the luck of a seed, E the luck that is its own in each
cell. With MP, MS, ME the mean squares of the two-way layout with one value a cell (Searle, Casella
and McCulloch 1992, ch. 4), over n draws and r seeds,

    not knowing:   var P       = (MP - ME) / r            (0 where that is below 0)
    chance:        var S + E   = MS / n + (n - 1) ME / n

without bias. Their 95 % intervals are those of Graybill and Wang (1980) for the sum and of Ting et
al. (1990) for the difference; they suppose normal effects.

The interval of not knowing holds the middle 95 % of the draws' mean differences, after these were
drawn towards their mean until their variance is var P: else the chance that is left in the mean of
r pairs would pass for not knowing. `sign_share` counts draws as they are: the share whose mean
difference has the sign of the difference at the assumed values.
"""

import functools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.analysis.pairs import KEYS, ROUNDING, Pairs
from sim.kernel.fault import ShiyuError

if TYPE_CHECKING:
    import pandas as pd

LEVEL = 0.95
NOUGHT = 1e-9  # of the largest difference: rounding
LEAST = 2  # draws and seeds, to tell one from the other
# Of fewer draws less than one lies beyond either end of the middle 95 %, so that the band ends
# between the two outermost draws: it is narrower than what the ranges allow.
TELLING_DRAWS = 40

COLUMNS = (
    "scenario",
    "outcome",
    "by",
    "group",
    "unit",
    "difference",
    "low",
    "high",
    "draws_mean",
    "parameters_low",
    "parameters_high",
    "variance_chance",
    "variance_chance_low",
    "variance_chance_high",
    "variance_parameters",
    "variance_parameters_low",
    "variance_parameters_high",
    "parameters_share",
    "sign_share",
    "draws",
    "draws_left_out",
)

Floats = NDArray[np.float64]
Key = tuple[str, str, str | None, str | None]


@dataclass(frozen=True)
class Components:
    """The two variances with their intervals, and the means of the draws."""

    chance: tuple[float, float, float]  # estimate, low, high
    parameters: tuple[float, float, float]
    means: Floats  # by draw
    shrunk: Floats  # the same, less the chance in them


def components(differences: Floats, level: float = LEVEL) -> Components:
    """Chance and not knowing in a table of differences, one row a draw, one column a seed.

    Raises ShiyuError with fewer than two draws or seeds, which tell nothing apart.
    """
    n, r = differences.shape
    if n < LEAST or r < LEAST:
        raise ShiyuError(f"{n} draws of {r} seeds: at least {LEAST} of each tell them apart")
    means, luck, middle = differences.mean(axis=1), differences.mean(axis=0), differences.mean()
    rest = differences - means[:, None] - luck + middle
    freedom = n - 1, r - 1, (n - 1) * (r - 1)
    of_draws = r * ((means - middle) ** 2).sum() / freedom[0]
    of_seeds = n * ((luck - middle) ** 2).sum() / freedom[1]
    of_rest = (rest**2).sum() / freedom[2]
    chance = _sum((1 / n, (n - 1) / n), (of_seeds, of_rest), freedom[1:], level)
    if abs(of_draws - of_rest) <= NOUGHT * of_rest:  # alike, as when one cell alone is not nought
        of_draws = of_rest
    parameters = _difference(1 / r, (of_draws, of_rest), (freedom[0], freedom[2]), level)
    keeps = np.sqrt(max(0.0, 1.0 - of_rest / of_draws)) if of_draws > 0 else 0.0
    return Components(chance, parameters, means, middle + keeps * (means - middle))


def robustness(
    draws: Mapping[int, Iterable[Pairs]], table: "pd.DataFrame", replications: int
) -> "pd.DataFrame":
    """Chance, not knowing and the share of draws in which the sign holds, row by row.

    Args:
        draws: the pairs of each draw, as `pair_up` gives them; a draw of which nothing is there
            has none.
        table: the comparison at the assumed values, as `sim.analysis.compare` gives it.
        replications: seeds that a draw has when none of its runs is missing.

    Returns:
        One row for each of `table`, in its order, with `COLUMNS`: difference, low and high are
        those of `table` (chance alone). A draw counts in a row when every seed gave a finite
        difference there; `draws_left_out` counts the others. With fewer than two draws only they
        are told. `parameters_share` is var P over the sum of both, nan where both are 0. What is
        below `ROUNDING` of the outcome's size counts as 0 in what draws say.
    """
    import pandas as pd

    found = _by_row(draws)
    rows = []
    for record in table.astype(object).to_dict("records"):
        key = _key(record["scenario"], record)
        values = [v for v in found.get(key, []) if v.size == replications and np.isfinite(v).all()]
        row = {name: record[name] for name in COLUMNS[:8]}
        row |= {"draws": len(values), "draws_left_out": len(draws) - len(values)}
        if len(values) >= LEAST and replications >= LEAST:
            size = max(abs(record["baseline_mean"]), abs(record["mean"]))
            noise = abs(record["difference"]) <= ROUNDING * size
            row |= _told(np.array(values), 0.0 if noise else float(record["difference"]))
        rows.append(row)
    return pd.DataFrame(rows, columns=list(COLUMNS))


def draw_means(draws: Mapping[int, Iterable[Pairs]], outcomes: Sequence[str]) -> "pd.DataFrame":
    """Each draw's mean difference over everybody: draw, scenario, outcome, difference."""
    import pandas as pd

    rows = []
    for number, parts in draws.items():
        for pairs in parts:
            differences = pairs.differences
            for at, key in enumerate(pairs.keys.to_dict("records")):
                if key["by"] is None and key["outcome"] in outcomes:
                    mean = float(differences[at].mean())
                    rows.append((number, pairs.scenario, key["outcome"], mean))
    return pd.DataFrame(rows, columns=["draw", "scenario", "outcome", "difference"])


def _told(values: Floats, difference: float) -> dict[str, float]:
    """What so many draws say in one row."""
    found = components(values)
    low, high = np.quantile(found.shrunk, [(1.0 - LEVEL) / 2.0, (1.0 + LEVEL) / 2.0])
    told = {"draws_mean": values.mean(), "parameters_low": low, "parameters_high": high}
    for name, part in (("chance", found.chance), ("parameters", found.parameters)):
        for end, value in zip(("", "_low", "_high"), part, strict=True):
            told[f"variance_{name}{end}"] = value
    both = found.chance[0] + found.parameters[0]
    rounding = NOUGHT * np.abs(values).max()
    told["parameters_share"] = found.parameters[0] / both if both > rounding**2 else np.nan
    told["sign_share"] = _sign_share(found.means, difference)
    return {name: float(value) for name, value in told.items()}


def _sign_share(means: Floats, difference: float) -> float:
    """The share of draws whose mean has the sign of the difference; nan where that has none.

    What is left of a sum that should be nought has no sign either.
    """
    if not np.isfinite(difference) or difference == 0.0:
        return float("nan")
    nought = NOUGHT * max(abs(difference), np.abs(means).max())
    signs = np.where(np.abs(means) > nought, np.sign(means), 0.0)
    return float((signs == np.sign(difference)).mean())


def _by_row(draws: Mapping[int, Iterable[Pairs]]) -> dict[Key, list[Floats]]:
    """The differences of every row, one array a draw, in the order of draws."""
    found: dict[Key, list[Floats]] = {}
    for number in sorted(draws):
        for pairs in draws[number]:
            differences = pairs.differences
            for at, record in enumerate(pairs.keys[list(KEYS)].to_dict("records")):
                found.setdefault(_key(pairs.scenario, record), []).append(differences[at])
    return found


def _key(scenario: str, record: Mapping[str, object]) -> Key:
    """What a row is about, alike from a table and from pairs: nothing is None."""
    words = [record[name] for name in KEYS]
    outcome, by, group = (None if word is None or word != word else str(word) for word in words)
    return str(scenario), str(outcome), by, group


@functools.cache
def _tails(freedom: float, level: float) -> tuple[float, float]:
    """G and H of the closed forms: how far an estimate may lie above and below, relatively."""
    from scipy.stats import chi2

    upper, lower = chi2.ppf([(1.0 + level) / 2.0, (1.0 - level) / 2.0], freedom)
    return float(1.0 - freedom / upper), float(freedom / lower - 1.0)


@functools.cache
def _ratios(freedom: tuple[int, int], level: float) -> tuple[float, float]:
    """Upper and lower quantile of the ratio of two mean squares that are alike."""
    from scipy.stats import f

    upper, lower = f.ppf([(1.0 + level) / 2.0, (1.0 - level) / 2.0], *freedom)
    return float(upper), float(lower)


def _sum(
    weights: tuple[float, float],
    squares: tuple[float, float],
    freedom: Sequence[int],
    level: float,
) -> tuple[float, float, float]:
    """A weighted sum of mean squares and its interval."""
    parts = [weight * square for weight, square in zip(weights, squares, strict=True)]
    tails = [_tails(each, level) for each in freedom]
    down = np.sqrt(sum((g * part) ** 2 for (g, _), part in zip(tails, parts, strict=True)))
    up = np.sqrt(sum((h * part) ** 2 for (_, h), part in zip(tails, parts, strict=True)))
    estimate = sum(parts)
    return float(estimate), float(max(0.0, estimate - down)), float(estimate + up)


def _difference(
    weight: float, squares: tuple[float, float], freedom: tuple[int, int], level: float
) -> tuple[float, float, float]:
    """Weight x (first - second) and its interval, none of them below 0."""
    first, second = (weight * square for square in squares)
    (g1, h1), (g2, h2) = (_tails(each, level) for each in freedom)
    high, low = _ratios(freedom, level)
    g12 = ((high - 1.0) ** 2 - (g1 * high) ** 2 - h2**2) / high
    h12 = ((1.0 - low) ** 2 - (h1 * low) ** 2 - g2**2) / low
    below = (g1 * first) ** 2 + (h2 * second) ** 2 + g12 * first * second
    above = (h1 * first) ** 2 + (g2 * second) ** 2 + h12 * first * second
    estimate = first - second
    ends = estimate - np.sqrt(max(below, 0.0)), estimate + np.sqrt(max(above, 0.0))
    found = [float(max(0.0, value)) for value in (estimate, *ends)]
    return found[0], found[1], found[2]

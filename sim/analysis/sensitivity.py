"""Which factors an outcome depends on: Sobol indices or effects of Morris, from a sweep's runs.

The design says which: Saltelli's scheme ("sobol") or trajectories ("morris"). Both need every run:
with a hole a block or a trajectory is lost, and runs that fail seldom fail at random.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.analysis.design_runs import IncompleteError, design_runs
from sim.analysis.intervals import LEVEL
from sim.analysis.morris_effects import morris_effects, steps_of
from sim.analysis.resampling import RESAMPLES
from sim.analysis.sobol_indices import second_order_of, sobol_indices
from sim.kernel.fault import ShiyuError

if TYPE_CHECKING:
    import pandas as pd

KINDS = ("sobol", "morris")
COLUMNS = (
    "outcome",
    "measure",
    "factor",
    "other",
    "estimate",
    "low",
    "high",
    "floor",
    "floor_high",
)


@dataclass(frozen=True)
class Sensitivity:
    """What a design says of its factors.

    `table` has one row an outcome, measure and factor: the columns `COLUMNS`. `facts` holds, by
    outcome, what stands behind them. `without` holds the outcomes that could not be analysed, each
    with its reason.
    """

    kind: str
    table: "pd.DataFrame"
    facts: dict[str, dict[str, Any]]
    without: dict[str, str]
    points: int
    replications: int


def sensitivity(
    frame: "pd.DataFrame",
    kind: str,
    factors: Sequence[str],
    outcomes: Sequence[str],
    *,
    levels: int = 4,
    orders: Mapping[str, Sequence[Any]] | None = None,
    level: float = LEVEL,
    count: int = RESAMPLES,
) -> Sensitivity:
    """Analyse a sweep over a design of Saltelli or of Morris.

    Args:
        frame: one row a run, see `sim.analysis.design_runs`.
        kind: "sobol" or "morris".
        factors: the columns of the factors, in the order of the design.
        outcomes: the columns of the outcomes.
        levels: of a design of Morris.
        orders: values of the factors that are lists, in the order of the design.
        level: of the intervals.
        count: how many resamples.

    Raises:
        IncompleteError: runs failed or are missing, or no outcome has a value in every run.
        ShiyuError: the design is of another kind, or its points are not in order.
    """
    import pandas as pd

    if kind not in KINDS:
        raise ShiyuError(
            f"a design of kind {kind}: sensitivity needs {' or '.join(KINDS)}; "
            "`shiyu compare` shows the effects of any design"
        )
    runs = design_runs(frame, factors, outcomes)
    if runs.lacking:
        runs.whole(outcomes[0])
    second = second_order_of(runs.factors) if kind == "sobol" else False
    signs = steps_of(runs.factors, orders) if kind == "morris" else None
    rows: list[dict[str, Any]] = []
    facts, without = {}, {}
    for outcome in outcomes:
        try:
            values = runs.whole(outcome)
        except IncompleteError as error:
            without[outcome] = str(error)
            continue
        if signs is None:
            found, about = sobol_indices(values, factors, second=second, level=level, count=count)
        else:
            found, about = morris_effects(
                values, factors, signs, levels=levels, level=level, count=count
            )
        rows += [{"outcome": outcome, "floor": None, **row} for row in found]
        facts[outcome] = about | {"mean": float(values.mean())}
    if not rows:
        raise IncompleteError("\n".join(without.values()))
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    return Sensitivity(kind, table, facts, without, len(runs.points), runs.replications)

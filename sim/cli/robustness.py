"""The table of `shiyu compare --uncertainty`: chance and not knowing, side by side."""

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from sim.cli import console
from sim.cli.words import outcome_name, unit_in
from sim.text import say

if TYPE_CHECKING:
    from sim.engine.compare import Comparison

HEADS = (
    "outcome",
    "difference",
    "by_chance",
    "by_parameters",
    "unknown_share",
    "sign",
    "unit",
    "meaning",
)


def show_robustness(found: "Comparison", outcomes: Collection[str], lang: str) -> None:
    """A table for each scenario, and what was drawn; a draw that failed is told of."""
    from sim.analysis import records
    from sim.analysis.robustness import TELLING_DRAWS

    drawn = found.drawn
    if drawn is None or found.robustness is None:
        return
    rows = [row for row in records(found.robustness) if row["by"] is None]
    count = len(drawn.values)
    for other in found.others:
        mine = [r for r in rows if r["scenario"] == other.name and r["outcome"] in outcomes]
        names = {"baseline": found.baseline.name, "other": other.name}
        facts = {"draws": count, "pairs": drawn.replications, "parameters": len(drawn.uncertain)}
        console.show(say("cli.robust.title", lang, **names, **facts))
        heads = [say(f"cli.head.{head}", lang) for head in HEADS]
        console.show_table(heads, [_row(row, lang) for row in mine])
        console.show()
    console.show(say("cli.robust.how", lang))
    if count < TELLING_DRAWS:
        console.show(say("cli.robust.few", lang, draws=count, enough=TELLING_DRAWS))
    if drawn.stated:
        console.show(say("cli.robust.stated", lang, names=", ".join(drawn.stated)))
    if drawn.draws_failed:
        failed = ", ".join(map(str, drawn.draws_failed))
        console.show(say("cli.robust.failed", lang, count=len(drawn.draws_failed), draws=failed))


def _row(row: dict[str, Any], lang: str) -> tuple[str, ...]:
    """One outcome's line, with digits by the width of what is beside them."""
    from sim.report.numbers import decimals, plain
    from sim.report.robustness import contradicts

    low, high = row["parameters_low"], row["parameters_high"]
    half = _half(row["low"], row["high"])
    apart = decimals(half, row["difference"], row["unit"], 1.0)
    if contradicts(row):
        by_parameters = plain(low, decimals(half, low, row["unit"], 1.0))
    elif low is not None and low == high:
        by_parameters = say("cli.robust.no_more", lang)
    else:
        largest = max(abs(low or 0.0), abs(high or 0.0))
        by_parameters = _range(low, high, decimals(_half(low, high), largest, row["unit"], 1.0))
    share, holds = row["parameters_share"], row["sign_share"]
    return (
        row["outcome"],
        plain(row["difference"], apart, sign=True),
        _range(row["low"], row["high"], apart),
        by_parameters,
        "-" if share is None else f"{share:.0%}",
        "-" if holds is None else _sign(round(holds * row["draws"]), row["draws"]),
        unit_in(row["unit"], lang),
        outcome_name(row["outcome"], lang),
    )


def _sign(count: int, draws: int) -> str:
    """In how many draws the sign holds, with the interval of its share: `47/50 (84 … 98 %)`.

    The draws are a Latin hypercube, which scatters less than the independent tries that the
    interval supposes: it is rather too wide than too narrow.
    """
    from sim.analysis.intervals import wilson

    low, high = wilson(count, draws)
    return f"{count}/{draws} ({100 * low:.0f} … {100 * high:.0f} %)"


def _half(low: float | None, high: float | None) -> float:
    """Half the width of an interval; nan where there is none."""
    return float("nan") if low is None or high is None else (high - low) / 2


def _range(low: float | None, high: float | None, decimals: int) -> str:
    from sim.report.numbers import plain

    if low is None or high is None:
        return "-"
    return f"{plain(low, decimals)} … {plain(high, decimals)}"

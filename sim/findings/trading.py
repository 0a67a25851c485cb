"""What is traded off for what over a design, which choice is best, or why nothing can be told."""

from collections.abc import Mapping, Sequence
from typing import Any

from sim.analysis.compare import records
from sim.analysis.design_runs import DesignRuns
from sim.analysis.trade_offs import TradeOffs, best_in, trade_offs
from sim.findings.study import Study
from sim.findings.words import POLICIES, outcome_names, units
from sim.kernel.fault import ShiyuError
from sim.report.factors import FactorNames
from sim.scenario.settings import SCENARIO
from sim.text import say

TRADED = {
    "escalation_share": "lower",
    "participation_rate": "higher",
    "spent_per_resident": "lower",  # neither good nor bad by itself, but the cost of the others
}


def directions_of(study: Study, shown: Sequence[str], *, asked: bool) -> dict[str, str]:
    """The outcomes to trade off, with the direction that is better.

    Those of TRADED, whichever the experiment names, unless several are asked for.
    """
    several = asked and len(shown) > 1
    wanted = shown if several else [name for name in TRADED if name in study.made]
    return good_of(wanted) | {name: way for name, way in TRADED.items() if name in wanted}


def good_of(outcomes: Sequence[str]) -> dict[str, str]:
    """The direction that is better, of the outcomes that have one."""
    from sim.outcomes import CATALOGUE

    good = {name: CATALOGUE[name].good for name in outcomes if name in CATALOGUE}
    return {name: way for name, way in good.items() if way in ("lower", "higher")}


def traded_of(runs: DesignRuns, directions: Mapping[str, str]) -> TradeOffs | None:
    """The trade-offs between two outcomes or more, if two policies have all their runs.

    Somebody chooses a lever, and so a whole scenario; the other factors make the states.
    """
    if why_none(runs, directions):
        return None
    levers = [name for name in runs.factors if _is_lever(str(name))]
    try:
        return trade_offs(runs, directions, levers, units=units(directions))
    except ShiyuError:
        return None


def why_none(runs: DesignRuns, directions: Mapping[str, str]) -> str:
    """What a design lacks for trade-offs, whatever its runs: "outcomes", "points" or nothing."""
    if len(directions) < 2:
        return "outcomes"
    return "points" if len(runs.points) < 2 else ""


def untraded_words(runs: DesignRuns, directions: Mapping[str, str], lang: str | None) -> str:
    """Why there are no trade-offs, in a line."""
    names = outcome_names(lang)
    told = [say("findings.quoted", lang, name=names.outcome(name)) for name in directions]
    words = {"outcomes": say("findings.list", lang).join(told)}
    return say(f"findings.trade.none.{why_none(runs, directions) or 'runs'}", lang, **words)


def trade_content(traded: TradeOffs) -> dict[str, Any]:
    """The trade-offs as scripts read them."""
    return {
        "outcomes": list(traded.outcomes),
        "levers": list(traded.levers),
        "states": traded.states,
        "crossed": traded.crossed,
        "left_out": traded.left_out,
        "policies": records(traded.table),
    }


def unchosen_words(traded: TradeOffs, factors: FactorNames) -> str:
    """What of each combination nobody can choose, where the design does not cross it; or nothing.

    A sampled design has one combination of both at a point, and cannot part what each does.
    """
    if not (given := [name for name in traded.levers if not _is_lever(name)]):
        return ""
    lang = factors.spoken
    told = [say("findings.quoted", lang, name=factors.name(name)) for name in given]
    return say("findings.trade.unchosen", lang, factors=say("findings.list", lang).join(told))


def best_of(every: TradeOffs, outcome: str) -> dict[str, Any]:
    """The policy that does best in an outcome, and how many of the others may do as well.

    `hardly_moves`: the means of all policies lie within the smallest effect of interest.
    """
    row, as_good = best_in(every, outcome)
    spread = float(every.table[outcome].max() - every.table[outcome].min())
    return {
        "outcome": outcome,
        "policy": {name: row[name] for name in every.levers},
        "mean": row[outcome],
        "spread": spread,
        "as_good": as_good,
        "others": len(every.table) - 1,
        "hardly_moves": spread < every.smallest[outcome] * (1 - 1e-9),
    }


def _is_lever(factor: str) -> bool:
    return factor == SCENARIO or factor.startswith(POLICIES)

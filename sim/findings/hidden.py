"""What a factor of a design costs that the outcomes asked for do not show.

What is kept out of the register is not solved; and what one line takes of a budget that is full,
every other line lacks. `sim.report.hidden` says it of comparisons.
"""

from collections.abc import Mapping
from typing import Any

from sim.analysis.compare import records
from sim.analysis.design_effects import Effects
from sim.report.factors import FactorNames
from sim.report.hidden import PAID, PREVENTED
from sim.report.numbers import change, interval
from sim.text import say

WORSE = {PAID: -1.0, PREVENTED: 1.0}  # the sign of a change that costs


def hidden_costs(effects: Effects) -> list[dict[str, Any]]:
    """The effects on outcomes of WORSE that matter, each told in the direction that costs.

    A row of `effects.main` an effect, its start and end exchanged where the other way is the worse.
    """
    found = records(effects.main)
    told = [row for row in found if row["distinguishable"] and not row["negligible"]]
    return [_turned(row) if row["effect"] * WORSE[row["outcome"]] < 0.0 else row for row in told]


def _turned(row: Mapping[str, Any]) -> dict[str, Any]:
    """The same effect, told from its end to its start."""
    turned = {"start": row["end"], "end": row["start"], "effect": -row["effect"]}
    return {**row, **turned, "low": -row["high"], "high": -row["low"]}


def hidden_words(row: Mapping[str, Any], factors: FactorNames) -> str:
    """One of `hidden_costs` as a sentence."""
    lang = factors.spoken
    ends = {key: factors.value(row["factor"], row[key]) for key in ("start", "end")}
    half = (row["high"] - row["low"]) / 2
    words = {
        "change": say("findings.row.text", lang, factor=factors.name(row["factor"]), **ends),
        "effect": change(row["effect"], row["unit"], half, lang),
        "interval": interval(row["low"], row["high"], row["unit"], lang),
    }
    return say(f"findings.hidden.{row['outcome']}", lang, **words)

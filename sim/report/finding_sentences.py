"""Sentences about a sweep that a person understands: what leads where, what depends on what."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sim.report.factors import FactorNames, index_words
from sim.report.names import Names
from sim.report.numbers import (
    change,
    factor_of,
    interval,
    joined,
    known,
    per_cent,
    shown,
    unit_words,
)
from sim.text import say

SAFE_OVERLAP = 0.5  # below it two methods point to different places
SAFE_REPRODUCED = 0.5
NEARLY_ALL = 0.05  # of the variance: less than this left for interactions is not told


def dependence(
    rows: Sequence[Mapping[str, Any]],
    kind: str,
    outcome: str,
    factors: FactorNames,
    names: Names,
    *,
    few_blocks: bool = False,
) -> str:
    """What an outcome depends on most, from the rows of `sim.analysis.sensitivity` about it.

    Intervals of a design of `few_blocks` know too little of chance to say what is a factor's own.
    """
    lang, title = names.spoken, names.outcome(outcome)
    by = {(row["measure"], row["factor"]): row for row in rows if row["outcome"] == outcome}
    main = "total" if kind == "sobol" else "mu_star"
    found = [row for (measure, _), row in by.items() if measure == main and known(row["estimate"])]
    if not found:
        return say("findings.sobol.none", lang, outcome=title)
    most = max(found, key=lambda row: row["estimate"])
    if not beyond_luck(by.values(), most["factor"]):
        return say("findings.sobol.none", lang, outcome=title)
    words = {"outcome": title, "factor": factors.name(most["factor"])}
    if kind == "sobol":
        ends = {key: index_words(min(max(most[key], 0), 1)) for key in ("low", "high")}
        total = min(max(most["estimate"], 0.0), 1.0)
        own = by["first", most["factor"]]
        first = min(max(own["estimate"], 0.0), total)
        words |= {"total": index_words(total), "first": index_words(first), **ends}
        key, sure = "sentence", own["high"] < total
        if total - first < NEARLY_ALL:
            key, sure = "alone", own["low"] > total / 2
        told = say(f"findings.sobol.{key if sure and not few_blocks else 'unsure'}", lang, **words)
        return told + _as_much(found, most, factors)
    unit, spread = names.unit(outcome), (most["high"] - most["low"]) / 2
    effect = change(most["estimate"], unit, spread, lang, sign=False)
    told = interval(most["low"], most["high"], unit, lang, sign=False)
    told = say("findings.morris.sentence", lang, effect=effect, interval=told, **words)
    return told + _as_much(found, most, factors)


def _as_much(
    found: Sequence[Mapping[str, Any]], most: Mapping[str, Any], factors: FactorNames
) -> str:
    """The next factor, where it may matter as much."""
    other = rival(found, most)
    return say("findings.as_much", factors.spoken, other=factors.name(other)) if other else ""


def rival(rows: Sequence[Mapping[str, Any]], most: Mapping[str, Any]) -> str | None:
    """The next factor after the one of most effect, if the interval of one holds the other.

    `rows` are those of the main measure, one a factor.
    """
    others = [row for row in rows if row["factor"] != most["factor"]]
    if not others:
        return None
    other = max(others, key=lambda row: row["estimate"])
    if other["high"] < most["estimate"] and other["estimate"] < most["low"]:
        return None
    return str(other["factor"])


def beyond_luck(rows: Iterable[Mapping[str, Any]], factor: str) -> bool:
    """Whether a factor moves an outcome more than luck alone may, from the rows about the outcome.

    For that the interval of its total index, or of its mean effect (mu of Morris), leaves out 0, or
    that of the mean size (mu*) lies above what luck shows at most of a factor without any effect:
    of one replication nobody knows what that is.
    """
    for row in rows:
        if row["factor"] != factor or row["measure"] not in ("total", "mu", "mu_star"):
            continue
        low, high = (row[end] if known(row[end]) else row["estimate"] for end in ("low", "high"))
        floor = row.get("floor_high")
        if row["measure"] == "mu_star" and not known(floor):
            continue
        if low > (floor if known(floor) else 0.0) or (row["measure"] == "mu" and high < 0.0):
            return True
    return False


def telling_pairs(
    rows: Sequence[Mapping[str, Any]], *, few_blocks: bool = False
) -> list[Mapping[str, Any]]:
    """Pairs of factors seen to do something together, from the rows of Sobol about one outcome.

    The interval of a pair lies above 0 and holds the estimate: one that leaves it out comes of a
    variance near 0 to divide by, in resamples. What two do together is part of the total of both,
    so that each must move the outcome beyond luck. Few blocks know too little of any pair.
    """
    if few_blocks:
        return []
    return [
        row
        for row in rows
        if row["measure"] == "second"
        and known(row["low"])
        and 0 < row["low"] <= row["estimate"] <= row["high"]
        and all(beyond_luck(rows, row[end]) for end in ("factor", "other"))
    ]


def condition_of(limits: Sequence[Mapping[str, Any]], factors: FactorNames) -> str:
    """The limits of a box as one condition."""
    told = [
        factors.condition(limit["factor"], limit["low"], limit["high"], limit["words"])
        for limit in limits
    ]
    return say("findings.and", factors.spoken).join(told)


def what_is_sought(outcome: str, bound: float, *, above: bool, names: Names) -> str:
    """`“Escalated” is above 20 %`."""
    key = "above" if above else "below"
    told = bound_in_words(bound, names.unit(outcome), names.spoken)
    return say(f"findings.box.{key}", names.spoken, outcome=names.outcome(outcome), bound=told)


def bound_in_words(bound: float, unit: str, lang: str) -> str:
    """A bound with its unit, with the digits that it was given."""
    told = shown(round(bound * factor_of(unit), 10))
    return f"{told}\u00a0%" if unit == "share" else joined(told, unit_words(unit, lang))


def boxes_in_words(
    boxes: Sequence[Mapping[str, Any]],
    counts: Mapping[str, int],
    what: str,
    factors: FactorNames,
) -> list[str]:
    """A sentence a box, and a warning for each limit that is not to be relied on.

    Args:
        boxes: each with limits, points, cases, coverage, density and reproduced (by factor).
        counts: `points` and `cases` of the whole design.
        what: what is sought, as `what_is_sought` says it.
        factors: names of the factors.
    """
    lang = factors.spoken
    words: dict[str, Any] = {"points": counts["points"], "cases": counts["cases"], "what": what}
    words["base"] = per_cent(counts["cases"] / counts["points"], sign=False)
    limited = [box for box in boxes if box["limits"]]
    if not limited:
        return [say("findings.box.nowhere", lang, **words)]
    told = []
    for at, box in enumerate(limited):
        own = {
            "conditions": condition_of(box["limits"], factors),
            "hits": box["cases"],
            "inside": box["points"],
            "density": per_cent(box["density"], sign=False),
            "coverage": per_cent(box["coverage"], sign=False),
        }
        if at == 0:
            told.append(say("findings.box.sentence", lang, **own, **words))
        else:
            told.append(say("findings.box.further", lang, **own))
        told += [
            say("findings.box.doubt", lang, name=factors.name(name))
            for name, share in box["reproduced"].items()
            if share < SAFE_REPRODUCED
        ]
    return told


def tree_in_words(overlap: float, lang: str) -> str:
    """Whether the tree and the boxes pick out the same place."""
    key = "agrees" if overlap >= SAFE_OVERLAP else "differs"
    return say(f"findings.tree.{key}", lang, overlap=per_cent(overlap, sign=False))


def trade_finding(worst_shares: Sequence[float], efficient: int, lang: str | None = None) -> str:
    """Whether one choice, or several that are as good, is best in everything shown.

    `worst_shares` has each choice's worst regret, as a share of the way from best to worst.
    """
    best = sum(share == 0.0 for share in worst_shares)
    key = "finding" if not best else "one" if best == 1 else "ties"
    counts = {"efficient": efficient, "policies": len(worst_shares), "best": best}
    return say(f"findings.trade.{key}", lang, **counts)

"""Sentences that say what the numbers show: written patterns, chosen by what may be claimed."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from sim.analysis.compare import smallest_effect
from sim.report.comparison import Row
from sim.report.names import Names
from sim.report.numbers import change, interval, known, level, per_cent
from sim.text import say

LAST = 365  # days at the end of a run that findings about curves speak of


def answer(row: Row, names: Names, looks: int = 1) -> str:
    """What a policy does to an outcome, in one or two sentences.

    `looks` is the number of comparisons among which the row must stand out.
    """
    lang, unit = names.spoken, row.unit
    words: dict[str, object] = {
        "scenario": names.scenario(row.scenario),
        "outcome": names.outcome(row.outcome),
        "before": level(row.baseline_mean, unit, row.half, lang),
        "after": level(row.mean, unit, row.half, lang),
        "difference": change(row.difference, unit, row.half, lang),
        "interval": interval(row.low, row.high, unit, lang),
        "smallest": change(row.smallest, unit, row.smallest, lang, sign=False),
        "runs": row.replications,
    }
    verdict = row.verdict
    if verdict == "clear":
        key = f"report.answer.clear_{row.direction}"
        return say(key, lang, relative=_relative(row, lang), **words)
    if verdict == "open" and row.low * row.high > 0:
        return say("report.answer.open_holm", lang, looks=looks, **words) + _more(row, lang)
    if verdict == "open":
        return say("report.answer.open", lang, **words) + _more(row, lang)
    return say(f"report.answer.{verdict}", lang, **words)


def _relative(row: Row, lang: str) -> str:
    if not known(row.relative):
        return ""
    return say("report.relative", lang, relative=per_cent(row.relative))


def _more(row: Row, lang: str) -> str:
    if row.needed is None:
        return ""
    return say("report.answer.needed", lang, needed=f"{row.needed:,}")


def tally(rows: list[Row], names: Names) -> str:
    """How many of the outcomes shown a policy moves, and how many it does not."""
    verdicts = [row.verdict for row in rows]
    return say(
        "report.tally",
        names.spoken,
        shown=len(rows),
        clear=verdicts.count("clear"),
        small=sum(verdicts.count(kind) for kind in ("clear_small", "small", "same")),
        open=verdicts.count("open") + verdicts.count("single"),
    )


def paired_finding(rows: list[Row], names: Names) -> str:
    """Which policy clearly changes how many of the outcomes shown."""
    lang = names.spoken
    shown = len({row.outcome for row in rows})
    policies = dict.fromkeys(row.scenario for row in rows)
    clear = {p: sum(r.scenario == p and r.verdict == "clear" for r in rows) for p in policies}
    most = max(clear, key=lambda policy: clear[policy], default="")
    if not clear or not clear[most]:
        return say("report.finding.paired_none", lang, shown=shown)
    key = "report.finding.paired_one" if len(clear) == 1 else "report.finding.paired_most"
    return say(key, lang, scenario=names.scenario(most), clear=clear[most], shown=shown)


def verdict_words(row: Row, lang: str | None = None) -> str:
    """A row's verdict in a few words, for a table."""
    verdict = row.verdict
    key = f"clear_{row.direction}" if verdict == "clear" else verdict
    return say(f"report.verdict.{key}", lang)


def curve_finding(runs: Mapping[str, pd.DataFrame], base: str, outcome: str, names: Names) -> str:
    """Which scenario ends furthest from the baseline, by the mean over the last year."""
    lang, unit = names.spoken, names.unit(outcome)
    ends = {name: last_year(table) for name, table in runs.items()}
    gaps = {name: ends[name] - ends[base] for name in ends if name != base}
    means = {name: float(gap.mean()) for name, gap in gaps.items() if gap.notna().any()}
    words = {"outcome": names.outcome(outcome), "baseline": names.scenario(base)}
    if not means:
        return say("report.finding.alone", lang, **words)
    furthest = max(means, key=lambda name: abs(means[name]))
    reach = means[furthest]
    smallest = float(smallest_effect([unit], [ends[base].mean()])[0])
    if abs(reach) <= smallest:
        size = change(smallest, unit, smallest, lang, sign=False)
        return say("report.finding.together", lang, size=size, **words)
    spread = 2 * float(gaps[furthest].std(ddof=1)) / max(len(gaps[furthest]), 1) ** 0.5
    size = change(abs(reach), unit, spread, lang, sign=False)
    several = "" if len(means) == 1 else "_of_several"
    key = f"report.finding.{'lower' if reach < 0 else 'higher'}{several}"
    return say(key, lang, size=size, scenario=names.scenario(furthest), **words)


def runs_finding(pairs: pd.DataFrame, unit: str, lang: str | None = None) -> str:
    """In how many pairs of runs the policy is below or above the baseline in the last year."""
    ends = last_year(pairs).dropna()
    below, above = int((ends < 0).sum()), int((ends > 0).sum())
    if not below and not above:
        return say("report.finding.runs_same", lang, runs=len(ends))
    key, count = ("lower", below) if below >= above else ("higher", above)
    spread = 2 * float(np.std(ends, ddof=1)) / len(ends) ** 0.5 if len(ends) > 1 else 0.0
    mean = change(float(ends.mean()), unit, spread, lang)
    return say(f"report.finding.runs_{key}", lang, count=count, runs=len(ends), mean=mean)


def last_year(table: pd.DataFrame) -> pd.Series:
    """Each run's mean over its last 365 days."""
    return table[table.index > table.index.max() - pd.Timedelta(days=LAST)].mean()

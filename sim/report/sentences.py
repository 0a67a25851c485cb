"""Sentences that say what the numbers show: written patterns, chosen by what may be claimed."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from sim.analysis.compare import smallest_effect
from sim.analysis.intervals import t_interval
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
    lang = names.spoken
    verdicts = [row.verdict for row in rows]
    told = say(
        "report.tally",
        lang,
        shown=len(rows),
        clear=verdicts.count("clear"),
        small=sum(verdicts.count(kind) for kind in ("clear_small", "small", "same")),
        open=verdicts.count("open") + verdicts.count("single"),
    )
    without = verdicts.count("none")
    return told + say("report.tally.none", lang, count=without) if without else told


def paired_finding(rows: list[Row], names: Names) -> str:
    """Which policy clearly changes how many of the outcomes shown."""
    lang = names.spoken
    shown = len({row.outcome for row in rows})
    policies = dict.fromkeys(row.scenario for row in rows)
    clear = {p: sum(r.scenario == p and r.verdict == "clear" for r in rows) for p in policies}
    count = max(clear.values(), default=0)
    if rows and all(row.verdict in ("single", "none") for row in rows):
        return say("report.finding.paired_single", lang)
    if not count:
        return say("report.finding.paired_none", lang, shown=shown)
    most = [policy for policy in clear if clear[policy] == count]
    changed = {row.outcome for row in rows if row.verdict == "clear"}
    if len(most) > 1 and len(changed) == 1:
        outcome = names.outcome(changed.pop())
        return say("report.finding.paired_only", lang, outcome=outcome, shown=shown)
    if len(most) > 1:
        words = {"policies": len(most), "count": len(clear), "clear": count, "shown": shown}
        return say("report.finding.paired_several", lang, **words)
    key = "report.finding.paired_one" if len(clear) == 1 else "report.finding.paired_most"
    return say(key, lang, scenario=names.scenario(most[0]), clear=count, shown=shown)


def verdict_words(row: Row, lang: str | None = None) -> str:
    """A row's verdict in a few words, for a table."""
    verdict = row.verdict
    key = f"clear_{row.direction}" if verdict == "clear" else verdict
    return say(f"report.verdict.{key}", lang)


def whole_run_finding(rows: list[Row], base: str, names: Names) -> str:
    """Which policy moves an outcome most over the whole run, by its rows for everybody."""
    lang, first = names.spoken, rows[0]
    words = {"outcome": names.outcome(first.outcome), "baseline": names.scenario(base)}
    clear = [row for row in rows if row.verdict == "clear"]
    if not clear:
        verdicts = {row.verdict for row in rows}
        if verdicts == {"same"}:
            return say("report.finding.whole_same", lang, **words)
        near = verdicts <= {"same", "small", "clear_small"}
        size = change(first.smallest, first.unit, first.smallest, lang, sign=False)
        key = "report.finding.whole_near" if near else "report.finding.whole_untold"
        return say(key, lang, size=size, **words)
    most = max(clear, key=lambda row: abs(row.difference))
    size = change(abs(most.difference), most.unit, most.half, lang, sign=False)
    several = "" if len(rows) == 1 else "_of_several"
    key = f"report.finding.whole_{most.direction}{several}"
    return say(key, lang, size=size, scenario=names.scenario(most.scenario), **words)


def curve_finding(runs: Mapping[str, pd.DataFrame], base: str, outcome: str, names: Names) -> str:
    """Which policy moves an outcome most over the last year, if these runs can tell of any."""
    lang, unit = names.spoken, names.unit(outcome)
    ends = {name: last_year(table) for name, table in runs.items()}
    gaps = [name for name in ends if name != base and (ends[name] - ends[base]).notna().any()]
    words = {"outcome": names.outcome(outcome), "baseline": names.scenario(base)}
    if not gaps:
        return say("report.finding.alone", lang, **words)
    smallest = float(smallest_effect([unit], [ends[base].mean()])[0])
    found = t_interval(np.array([(ends[name] - ends[base]).to_numpy() for name in gaps]))
    beyond_luck = (found.low * found.high > 0.0) & (np.abs(found.mean) > smallest)
    if not beyond_luck.any():
        near = (np.abs(found.low) <= smallest) & (np.abs(found.high) <= smallest)
        size = change(smallest, unit, smallest, lang, sign=False)
        key = "together" if near.all() else "untold"
        return say(f"report.finding.{key}", lang, size=size, **words)
    furthest = int(np.argmax(np.where(beyond_luck, np.abs(found.mean), -np.inf)))
    reach, half = float(found.mean[furthest]), float(found.high[furthest] - found.mean[furthest])
    size = change(abs(reach), unit, half, lang, sign=False)
    several = "" if len(gaps) == 1 else "_of_several"
    key = f"report.finding.{'lower' if reach < 0 else 'higher'}{several}"
    return say(key, lang, size=size, scenario=names.scenario(gaps[furthest]), **words)


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

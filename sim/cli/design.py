"""What `shiyu compare EXPERIMENT` shows: effects, interactions and trade-offs over a design."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from sim.cli import console
from sim.cli.designs import remark_other_version
from sim.cli.sensitivity import show_files
from sim.cli.words import say_faults
from sim.cli.wrapped import show_wrapped
from sim.text import say

if TYPE_CHECKING:
    from sim.analysis.trade_offs import TradeOffs
    from sim.findings import EffectFindings
    from sim.report.factors import FactorNames

SHOWN_POLICIES = 12
MOSTLY_ADDITIVE = 0.9  # of the variance between points; less is told of


def compare_design(
    experiment: Path,
    outcomes: Sequence[str] | None,
    factors: Sequence[str] | None,
    out: Path | None,
    lang: str,
    *,
    as_json: bool,
) -> None:
    """Analyse the runs of a sweep and show what was found."""
    from sim.findings import effects_of
    from sim.findings.load import study_of

    study = study_of(experiment, out)
    remark_other_version(study.folder, lang)
    found = effects_of(study, outcomes, factors, lang)
    if as_json:
        console.show_json(found.content | {"files": found.files})
    else:
        _show(found, study.names(lang), lang)
    tell_lacking(found, lang)


def tell_lacking(found: "EffectFindings", lang: str) -> None:
    """Say which runs are missing or failed, the first few by name; exit status 1 if some failed."""
    for at, line in enumerate(found.lacking_said(lang)):
        if at:
            say_faults(f"  {line}")
        else:
            console.say_on_stderr(line)
    if found.failed:
        raise typer.Exit(1)


def _show(found: "EffectFindings", names: "FactorNames", lang: str) -> None:
    """A table of effects an outcome, the interactions that can be told, and the trade-offs."""
    from sim.findings.words import outcome_names
    from sim.report.design_page import effect_cells
    from sim.report.factor_effects import about_effects, leaning
    from sim.report.factors import index_words
    from sim.report.left_out import left_out_words

    rows = found.content["effects"]
    for outcome in found.outcomes:
        mine = [row for row in rows if row["outcome"] == outcome]
        title = outcome_names(lang).outcome(outcome)
        crossed = found.effects.crossed
        console.show(about_effects(title, found.points, found.replications, lang, crossed=crossed))
        heads = ("change", "effect", "interval", "verdict")
        show_wrapped(
            [say(f"findings.head.{head}", lang) for head in heads],
            [effect_cells(row, names, lang, again=_again(mine, at)) for at, row in enumerate(mine)],
        )
        for row in _interactions(found, outcome):
            console.show(_together(row, names, lang))
        share = found.effects.fit[outcome]
        if share < MOSTLY_ADDITIVE:  # NaN where that cannot be told
            told = index_words(share)
            console.show(say("findings.effects.share", lang, outcome=title, share=told))
        console.show()
    effects = found.effects
    among = None if effects.crossed else (effects.combinations, effects.possible)
    if lean := leaning(among, list(effects.entangled), names).strip():
        console.show(lean)
        console.show()
    if off := left_out_words(found.left_out, outcome_names(lang)):
        console.show(off)
        console.show()
    _show_hidden_costs(found, names, lang)
    _show_best(found, names, lang)
    if found.traded is not None:
        _show_trade_offs(found, names, lang)
    else:
        console.show(found.untraded)
        console.show()
    if found.outcomes:
        console.show(found.caution_said(lang))
    show_files(found.files, lang)


def _show_hidden_costs(found: "EffectFindings", names: "FactorNames", lang: str) -> None:
    """What factors cost that the outcomes shown do not tell, a sentence each."""
    from sim.findings.hidden import hidden_words

    costs = found.content["hidden_costs"]
    for row in costs:
        console.show(say("cli.compare.hidden", lang, note=hidden_words(row, names)))
    if costs:
        console.show()


def _again(rows: Sequence[dict[str, Any]], at: int) -> bool:
    """Whether a line is about the factor of the line before, whose name need not be said twice."""
    return at > 0 and rows[at]["factor"] == rows[at - 1]["factor"]


def _interactions(found: "EffectFindings", outcome: str) -> list[dict[str, Any]]:
    """The interactions of an outcome that can be told from chance."""
    return [
        row
        for row in found.content["interactions"]
        if row["outcome"] == outcome and row["distinguishable"] and not row["negligible"]
    ]


def _together(row: dict[str, Any], names: Any, lang: str) -> str:
    from sim.findings.words import outcome_names
    from sim.report.interaction import heading_of

    pair = row["factor"], row["other"]
    return heading_of(row, row["outcome"], pair, names, outcome_names(lang))


def _show_best(found: "EffectFindings", names: Any, lang: str) -> None:
    """The best choice for each outcome, and how many others may be as good."""
    from sim.findings.words import outcome_names, units
    from sim.report.numbers import level

    best = found.content["best"]
    if not best:
        return
    outcomes, known = outcome_names(lang), units(row["outcome"] for row in best)
    levers = list(best[0]["policy"])
    heads = [say("findings.trade.best_for", lang), *map(names.with_unit, levers)]
    heads += [say("findings.trade.mean", lang), say("findings.trade.as_good", lang)]
    lines = []
    for row in best:
        cells = [outcomes.outcome(row["outcome"])]
        cells += [names.value(key, row["policy"][key]) for key in levers]
        cells.append(level(row["mean"], known[row["outcome"]], row["spread"] / 10, lang))
        still = say("findings.trade.hardly", lang)
        key = "all" if row["as_good"] == row["others"] else "some"
        counts = {"count": row["as_good"], "others": row["others"]}
        as_good = say(f"findings.trade.{key}", lang, **counts)
        if row["hardly_moves"]:
            as_good = say("findings.unit", lang, name=as_good, unit=still)
        lines.append((*cells, as_good))
    show_wrapped(heads, lines)
    console.show()


def _show_trade_offs(found: "EffectFindings", names: Any, lang: str) -> None:
    """The efficient policies, the one with the least regret first."""
    from sim.findings.trading import unchosen_words
    from sim.report.finding_sentences import trade_finding

    traded, content = found.traded, found.content["trade_offs"]
    assert traded is not None
    policies = sorted(content["policies"], key=lambda row: row["worst_share"])
    efficient = [row for row in policies if row["efficient"]]
    console.show(trade_finding([row["worst_share"] for row in policies], len(efficient), lang))
    _show_choices(efficient[:SHOWN_POLICIES], traded, names, lang)
    _show_regrets(efficient[:SHOWN_POLICIES], traded, lang)
    if len(efficient) > SHOWN_POLICIES:
        console.show(say("cli.compare.more_policies", lang, count=len(efficient) - SHOWN_POLICIES))
    key = "states" if traded.states > 1 else "one_state"
    console.show(say(f"findings.trade.{key}", lang, states=traded.states))
    if unchosen := unchosen_words(traded, names):
        console.show(unchosen.strip())
    if traded.left_out:
        console.show(say("findings.trade.left_out", lang, count=traded.left_out))
    console.show()


def _show_choices(
    policies: Sequence[dict[str, Any]], traded: "TradeOffs", names: "FactorNames", lang: str
) -> None:
    """What each choice sets, under a number; the next table tells what it leads to."""
    from sim.report.factors import index_words

    heads = [say("findings.head.policy", lang), *map(names.with_unit, traded.levers)]
    heads += [say(f"findings.trade.{key}", lang) for key in ("worst_share", "efficient_share")]
    lines = []
    for number, row in enumerate(policies, start=1):
        cells = [names.value(name, row[name]) for name in traded.levers]
        shares = [index_words(row[key]) for key in ("worst_share", "efficient_share")]
        lines.append((str(number), *cells, *shares))
    show_wrapped(heads, lines)
    console.show()


def _show_regrets(policies: Sequence[dict[str, Any]], traded: "TradeOffs", lang: str) -> None:
    """What each choice leads to, and what it gives up against the best one."""
    from sim.findings.words import outcome_names, units
    from sim.report.numbers import change_scale, level

    known, outcomes = units(traded.outcomes), outcome_names(lang)
    heads = [say("findings.head.policy", lang)]
    for name in traded.outcomes:
        unit = change_scale(known[name], lang)
        regret = say(f"findings.trade.{'regret_in' if unit else 'regret'}", lang, unit=unit)
        heads += [outcomes.outcome(name), regret]
    lines = []
    for number, row in enumerate(policies, start=1):
        cells = [str(number)]
        for name in traded.outcomes:
            low, high = (row[f"{name}.{end}"] for end in ("low", "high"))
            spread = 0.0 if low is None or high is None else abs(high - low) / 2
            cells.append(level(row[name], known[name], spread, lang))
            cells.append(_regret(row[f"{name}.regret"], (low, high), known[name], lang))
        lines.append(tuple(cells))
    show_wrapped(heads, lines)


def _regret(regret: float, ends: tuple[float | None, float | None], unit: str, lang: str) -> str:
    """A regret with its interval; that of the best choice is 0 by what it is, not by measuring."""
    from sim.report.numbers import estimate

    if regret == 0.0 and set(ends) <= {0.0, None}:
        return "0"
    low, high = (float("nan") if end is None else end for end in ends)
    return estimate(regret, low, high, unit, lang).removeprefix("+")

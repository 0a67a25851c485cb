"""The figures of a finished experiment: effects, interactions, courses and trade-offs."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sim.analysis.design_effects import Effects, cells
from sim.analysis.design_runs import DesignRuns
from sim.analysis.design_terms import binned, factors_of
from sim.analysis.trade_offs import TradeOffs
from sim.findings.courses import Courses, level_titles
from sim.findings.study import Study
from sim.findings.trading import directions_of, unchosen_words
from sim.findings.words import outcome_meanings, outcome_names
from sim.kernel.fault import ShiyuError, did_you_mean, printable
from sim.text import say

if TYPE_CHECKING:
    from matplotlib.figure import Figure

LEVERS_DRAWN = 4  # axes of levers beside those of outcomes


def pairs_of(
    study: Study, effects: Effects, outcomes: Sequence[str], asked: Sequence[str] | None
) -> dict[str, tuple[str, str]]:
    """The two factors of the interaction plot of each outcome that has one.

    They are those asked for, else the pair with the largest interaction on that outcome.

    Raises ShiyuError when they are no two factors of the study.
    """
    if asked:
        for name in asked:
            if name not in study.factors:
                meant = did_you_mean(name, study.factors)
                shown = printable(name)
                raise ShiyuError(f"--factor {shown}: {study.name} has no such factor{meant}")
        if len(set(asked)) != 2:
            raise ShiyuError("--factor: name two factors for the interaction plot")
        return dict.fromkeys(outcomes, (str(asked[0]), str(asked[1])))
    if effects.together.empty:
        return {}
    table = effects.together[effects.together["effect"].notna()]
    reach = table["effect"].abs().groupby(table["outcome"])
    largest = table.loc[reach.idxmax()].set_index("outcome")
    return {
        name: (str(largest.loc[name, "factor"]), str(largest.loc[name, "other"]))
        for name in outcomes
        if name in largest.index
    }


def figures_of(
    study: Study,
    runs: DesignRuns,
    effects: Effects,
    traded: TradeOffs | None,
    shown: Sequence[str],
    pairs: Mapping[str, tuple[str, str]],
    lang: str | None,
    *,
    asked: bool = False,
) -> dict[str, Any]:
    """Effects on each outcome, an interaction on it, and its course; the trade-offs.

    With `asked` the pairs of the interactions were asked for, and are not the largest.
    """
    from sim.report.factor_effects import factor_effects
    from sim.report.parallel_axes import parallel_axes

    names: dict[str, Any] = {
        "factors": study.names(lang),
        "meanings": outcome_meanings(),
    }
    figures = {
        f"effects-{name}": factor_effects(
            effects.main,
            name,
            lang,
            points=len(runs.points),
            additive_share=effects.fit[name],
            combinations=None if effects.crossed else (effects.combinations, effects.possible),
            entangled=list(effects.entangled),
            **names,
        )
        for name in shown
        if not effects.main.empty
    }
    for name, pair in pairs.items():
        figures[f"interaction-{name}"] = _interaction(
            study, runs, effects, (name, pair), lang, asked=asked
        )
    courses = Courses(study, runs)
    for name in shown:
        if (course := _course(courses, effects, name, lang)) is not None:
            figures[f"course-{name}"] = course
    if traded is not None:
        directions = directions_of(study, traded.outcomes, asked=True)
        figures["trade-offs"] = parallel_axes(
            traded.table,
            list(traded.levers[:LEVERS_DRAWN]),
            directions,
            lang,
            smallest=traded.smallest,
            remark=unchosen_words(traded, names["factors"]),
            **names,
        )
    return figures


def _interaction(
    study: Study,
    runs: DesignRuns,
    effects: Effects,
    drawn: tuple[str, tuple[str, str]],
    lang: str | None,
    *,
    asked: bool,
) -> "Figure":
    """How two factors work together on an outcome; `drawn` is the outcome with the pair."""
    from sim.report.interaction import interaction_plot

    outcome, pair = drawn
    mine = effects.together[effects.together["outcome"] == outcome].to_dict("records")
    contrast = next(row for row in mine if {row["factor"], row["other"]} == set(pair))
    chosen = not asked and contrast["effect"] != 0  # where nothing interacts, none is the largest
    return interaction_plot(
        cells(runs, outcome, *pair, study.orders),
        outcome,
        pair,
        lang,
        contrast=contrast,
        crossed=effects.crossed,
        largest_of=len(mine) if chosen else 1,
        factors=study.names(lang),
        meanings=outcome_meanings(),
    )


def _course(courses: Courses, effects: Effects, outcome: str, lang: str | None) -> "Figure | None":
    """The course of an outcome at each setting of the factor that moves it most."""
    from sim.report import outcome_curves

    study, runs = courses.study, courses.runs
    mine = effects.main[effects.main["outcome"] == outcome] if len(effects.main) else effects.main
    if mine.empty or mine["effect"].isna().all():
        return None
    name = str(mine.loc[mine["effect"].abs().idxmax(), "factor"])
    every = {factor.name: factor for factor in factors_of(runs.factors, study.orders)}
    factor = binned(every[name], runs.factors[name].tolist())
    course = courses.by_setting(outcome, factor)
    if course is None:
        return None
    names, spoken = study.names(lang), outcome_names(lang)
    unit = names.with_unit(name).removeprefix(names.name(name))  # in brackets, or nothing
    words = {"factor": names.name(name), "unit": unit, "outcome": spoken.outcome(outcome)}
    return outcome_curves(
        course,
        [outcome],
        lang,
        baseline="0",
        scenarios=level_titles(factor, names),
        meanings=outcome_meanings(),
        titles={outcome: say("findings.course.finding", spoken.spoken, **words)},
        about=say("findings.course.about", spoken.spoken),
    )

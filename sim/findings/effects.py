"""`shiyu compare EXPERIMENT`: effects, interactions and trade-offs over a design."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from sim.analysis.compare import records
from sim.analysis.design_effects import Effects, cells, design_effects
from sim.analysis.design_runs import DesignRuns, Lack
from sim.analysis.design_terms import binned, factors_of
from sim.analysis.trade_offs import TradeOffs
from sim.findings.courses import Courses, level_titles
from sim.findings.files import finite, write_findings
from sim.findings.study import Study
from sim.findings.trading import (
    best_of,
    directions_of,
    good_of,
    trade_content,
    traded_of,
    untraded_words,
)
from sim.findings.words import outcome_meanings, outcome_names, units
from sim.kernel.fault import ShiyuError, did_you_mean
from sim.text import say

if TYPE_CHECKING:
    from matplotlib.figure import Figure

NAMED = 3  # runs that are lacking
LEVERS_DRAWN = 4  # axes of levers beside those of outcomes


@dataclass(frozen=True)
class EffectFindings:
    """What was found, as tables and as scripts read it (`content`).

    `untraded` says in a line why there are no trade-offs; it is empty where there are. `figures` go
    by the names of their files, `files` holds what has been written.
    """

    effects: Effects
    traded: TradeOffs | None
    untraded: str
    outcomes: list[str]
    points: int
    replications: int
    lacking: tuple[Lack, ...]
    content: dict[str, Any]
    figures: "dict[str, Figure]"
    files: dict[str, Any] = field(default_factory=dict)

    @property
    def failed(self) -> int:
        """How many of the lacking runs failed."""
        return sum(lack.status == "failed" for lack in self.lacking)

    def lacking_said(self, lang: str) -> list[str]:
        """How many runs are missing or failed, then the first few of them, a line each."""
        if not self.lacking:
            return []
        words = {"lacking": len(self.lacking), "failed": self.failed}
        return [say("cli.compare.lacking", lang, **words), *map(str, self.lacking[:NAMED])]


def effects_of(
    study: Study,
    outcomes: Sequence[str] | None = None,
    pair: Sequence[str] | None = None,
    lang: str | None = None,
) -> EffectFindings:
    """Analyse a sweep over any design as `effects_in` does; write tables and figures."""
    found = effects_in(study, outcomes, pair, lang)
    return replace(
        found, files=write_findings(study.folder, "effects", found.content, found.figures)
    )


def effects_in(
    study: Study,
    outcomes: Sequence[str] | None = None,
    pair: Sequence[str] | None = None,
    lang: str | None = None,
) -> EffectFindings:
    """Analyse a sweep over any design, and draw what is found; nothing is written.

    Args:
        study: the sweep. Runs that failed or are missing are left out and listed.
        outcomes: the outcomes to look at, the first one most closely.
        pair: the two factors of the interaction plot; the pair with the strongest interaction
            unless told.
        lang: language of the figures.

    Raises ShiyuError when there is no such outcome or factor, or no run at all.
    """
    shown = study.chosen(outcomes)
    directions = directions_of(study, shown, asked=bool(outcomes))
    runs = study.runs(list(dict.fromkeys([*shown, *directions])))
    if len(runs.lacking) == len(runs.points) * len(runs.seeds):
        command = study.command or "shiyu sweep"
        raise ShiyuError(
            f"{study.folder}: no finished run of {study.name} is there; `{command}` makes them"
        )
    effects = design_effects(_only(runs, shown), units(shown), orders=study.orders)
    traded = traded_of(runs, directions)
    untraded = "" if traded is not None else untraded_words(runs, directions, lang)
    # What is only traded off may have no value in a small run: it takes no table from the others.
    every = traded_of(runs, good_of(shown) | directions) or traded_of(runs, good_of(shown))
    plotted = _pair(study, effects, shown[0], pair)
    content = finite(
        {
            "experiment": study.name,
            "design": study.kind,
            "points": len(runs.points),
            "replications": runs.replications,
            "lacking": [vars(lack) for lack in runs.lacking],
            "effects": records(effects.main),
            "interactions": records(effects.together),
            "additive_share": effects.fit,
            "combinations": effects.combinations,
            "combinations_possible": effects.possible,
            "entangled": effects.entangled,
            "trade_offs": None if traded is None else trade_content(traded),
            "best": [] if every is None else [best_of(every, name) for name in every.outcomes],
        }
    )
    figures = _figures(study, runs, effects, traded, shown, plotted, lang)
    return EffectFindings(
        effects,
        traded,
        untraded,
        shown,
        len(runs.points),
        runs.replications,
        runs.lacking,
        content,
        figures,
    )


def _only(runs: DesignRuns, outcomes: Sequence[str]) -> DesignRuns:
    return replace(runs, values={name: runs.values[name] for name in outcomes})


def _pair(
    study: Study, effects: Effects, outcome: str, asked: Sequence[str] | None
) -> tuple[str, str] | None:
    """The two factors of the interaction plot."""
    if asked:
        for name in asked:
            if name not in study.factors:
                meant = did_you_mean(name, study.factors)
                raise ShiyuError(f"--factor {name}: {study.name} has no such factor{meant}")
        if len(set(asked)) != 2:
            raise ShiyuError("--factor: name two factors for the interaction plot")
        return str(asked[0]), str(asked[1])
    if effects.together.empty:
        return None
    mine = effects.together[effects.together["outcome"] == outcome]
    reach = mine["effect"].abs()
    if reach.isna().all():
        return None
    row = mine.loc[reach.idxmax()]
    return str(row["factor"]), str(row["other"])


def _figures(
    study: Study,
    runs: DesignRuns,
    effects: Effects,
    traded: TradeOffs | None,
    shown: Sequence[str],
    pair: tuple[str, str] | None,
    lang: str | None,
) -> dict[str, Any]:
    """Effects on each outcome and its course; an interaction of the first; the trade-offs."""
    from sim.report.factor_effects import factor_effects
    from sim.report.interaction import interaction_plot
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
    if pair is not None:
        table = cells(runs, shown[0], *pair, study.orders)
        rows = effects.together.to_dict("records")
        contrast = next(
            row
            for row in rows
            if row["outcome"] == shown[0] and {row["factor"], row["other"]} == set(pair)
        )
        figures[f"interaction-{shown[0]}"] = interaction_plot(
            table, shown[0], pair, lang, contrast=contrast, crossed=effects.crossed, **names
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
            **names,
        )
    return figures


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

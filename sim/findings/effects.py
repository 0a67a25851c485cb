"""`shiyu compare EXPERIMENT`: effects, interactions and trade-offs over a design."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from sim.analysis.compare import records
from sim.analysis.design_effects import Effects, design_effects
from sim.analysis.design_runs import DesignRuns, Lack
from sim.analysis.trade_offs import TradeOffs
from sim.findings.figures import figures_of, pairs_of
from sim.findings.files import finite, write_findings
from sim.findings.hidden import WORSE, hidden_costs
from sim.findings.study import Study
from sim.findings.trading import (
    best_of,
    directions_of,
    good_of,
    trade_content,
    traded_of,
    untraded_words,
)
from sim.findings.words import units
from sim.kernel.fault import ShiyuError
from sim.text import say

if TYPE_CHECKING:
    from matplotlib.figure import Figure

NAMED = 3  # runs that are lacking


@dataclass(frozen=True)
class EffectFindings:
    """What was found, as tables and as scripts read it (`content`).

    `untraded` says in a line why there are no trade-offs; it is empty where there are. `figures` go
    by the names of their files, `files` holds what has been written. `left_out` are outcomes that
    were to be looked at, but that nothing makes, as a mechanism is off.
    """

    effects: Effects
    traded: TradeOffs | None
    untraded: str
    outcomes: list[str]
    left_out: list[str]
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

    def caution_said(self, lang: str) -> str:
        """How far effects can be trusted, and how many looks at chance verdicts allow for."""
        looks, pairs = (
            sum(row["p_holm"] is not None for row in self.content[key])
            for key in ("effects", "interactions")
        )
        if looks == 0 and self.replications < 2:
            return say("cli.compare.caution_design_once", lang)
        return say("cli.compare.caution_design", lang, looks=looks, pairs=pairs)


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
        outcomes: the outcomes to look at.
        pair: the two factors of the interaction plots; for each outcome the pair with its
            strongest interaction unless told.
        lang: language of the figures.

    Raises ShiyuError when there is no such outcome or factor, or no run at all.
    """
    wanted = study.chosen(outcomes)
    shown = [name for name in wanted if name not in study.silent]
    left_out = [name for name in wanted if name in study.silent]
    directions = directions_of(study, shown, asked=bool(outcomes))
    hiding = [name for name in WORSE if name in study.made]
    runs = study.runs(list(dict.fromkeys([*shown, *directions, *hiding])))
    if len(runs.lacking) == len(runs.points) * len(runs.seeds):
        command = study.command or "shiyu sweep"
        raise ShiyuError(
            f"{study.folder}: no finished run of {study.name} by this version of the model is "
            f"there; `{command}` makes them"
        )
    effects = design_effects(_only(runs, shown), units(shown), orders=study.orders)
    traded = traded_of(runs, directions)
    untraded = "" if traded is not None else untraded_words(runs, directions, lang)
    # What is only traded off may have no value in a small run: it takes no table from the others.
    every = traded_of(runs, good_of(shown) | directions) or traded_of(runs, good_of(shown))
    pairs = pairs_of(study, effects, shown, pair)
    content = finite(
        {
            "experiment": study.name,
            "design": study.kind,
            "points": len(runs.points),
            "replications": runs.replications,
            "lacking": [vars(lack) for lack in runs.lacking],
            "silent": left_out,
            "effects": records(effects.main),
            "interactions": records(effects.together),
            "additive_share": effects.fit,
            "combinations": effects.combinations,
            "combinations_possible": effects.possible,
            "entangled": effects.entangled,
            "hidden_costs": hidden_costs(
                design_effects(_only(runs, hiding), units(hiding), orders=study.orders)
            ),
            "trade_offs": None if traded is None else trade_content(traded),
            "best": [] if every is None else [best_of(every, name) for name in every.outcomes],
        }
    )
    figures = figures_of(study, runs, effects, traded, shown, pairs, lang, asked=bool(pair))
    return EffectFindings(
        effects,
        traded,
        untraded,
        shown,
        left_out,
        len(runs.points),
        runs.replications,
        runs.lacking,
        content,
        figures,
    )


def _only(runs: DesignRuns, outcomes: Sequence[str]) -> DesignRuns:
    return replace(runs, values={name: runs.values[name] for name in outcomes})

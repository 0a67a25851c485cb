"""`shiyu compare`: policies beside a baseline, pair by pair on common random numbers."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli import console
from sim.cli.compare_remarks import remark_other_times, remark_replaced, remark_settings_over
from sim.cli.compare_table import show_comparison
from sim.cli.off import remark_off
from sim.cli.options import (
    AsJson,
    Lang,
    Out,
    Scenario,
    Settings,
    Workers,
    complete_scenario,
    is_experiment,
    outcome_key,
    read_settings,
)
from sim.cli.simulating import simulating
from sim.cli.words import help_of, say_faults, word
from sim.text import language, say

if TYPE_CHECKING:
    from sim.engine.compare import Comparison
    from sim.engine.replications import Failure

app = typer.Typer(rich_markup_mode=None)

Others = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="OTHER...", help=word("compare.others"), autocompletion=complete_scenario
    ),
]
Reps = Annotated[int | None, typer.Option("--reps", min=1, metavar="N", help=word("compare.reps"))]
Seed = Annotated[int | None, typer.Option("--seed", metavar="N", help=word("compare.seed"))]
Precision = Annotated[
    float | None, typer.Option("--precision", metavar="X", help=word("compare.precision"))
]
OutcomeNames = Annotated[
    list[str] | None,
    typer.Option("--outcome", metavar="NAME", help=word("compare.outcome"), parser=outcome_key),
]
Factors = Annotated[
    list[str] | None, typer.Option("--factor", metavar="KEY", help=word("compare.factor"))
]
Uncertainty = Annotated[
    int | None, typer.Option("--uncertainty", min=2, metavar="N", help=word("compare.uncertainty"))
]
DrawReps = Annotated[
    int | None, typer.Option("--draw-reps", min=2, metavar="N", help=word("compare.draw_reps"))
]


@app.command(
    help=help_of(
        "compare",
        "compare jincheng-2020 mediators-doubled --reps 30 --set scale=0.01",
        "compare jincheng-2020 mediators-doubled --precision 0.01 --outcome escalation_share",
        "compare jincheng-2020 mediators-doubled --uncertainty 50",
        "compare experiments/levers-factorial.yaml",
    )
)
def compare(
    base: Scenario,
    others: Others = None,
    reps: Reps = None,
    seed: Seed = None,
    settings: Settings = None,
    precision: Precision = None,
    outcomes: OutcomeNames = None,
    factors: Factors = None,
    uncertainty: Uncertainty = None,
    draw_reps: DrawReps = None,
    workers: Workers = None,
    out: Out = None,
    *,
    everything: Annotated[bool, typer.Option("--all", help=word("all"))] = False,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """A paired comparison, kept in a store with figures and a report; or that of a design."""
    spoken = language(lang)
    chosen = read_settings(settings)
    if not others and is_experiment(base):
        own = (reps, seed, precision, uncertainty, draw_reps)
        if chosen or everything or any(each is not None for each in own):
            raise typer.BadParameter(word("compare.design_alone"))
        from sim.cli.design import compare_design

        compare_design(Path(base), outcomes, factors, out, spoken, as_json=as_json)
        return
    if any(map(is_experiment, [base, *(others or ())])):
        raise typer.BadParameter(word("compare.one_design"))
    if factors or len(outcomes or ()) > 1:
        raise typer.BadParameter(word("compare.only_designs"))
    outcome = outcomes[0] if outcomes else None
    if reps is not None and precision is not None:
        raise typer.BadParameter(word("compare.reps_or_precision"))
    if (precision is None) != (outcome is None):
        raise typer.BadParameter(word("compare.precision_with_outcome"))
    if draw_reps is not None and uncertainty is None:
        raise typer.BadParameter(word("compare.draw_reps_alone"))
    from sim.engine.compare import compared
    from sim.engine.comparison_files import write_all
    from sim.engine.pairs import load_all
    from sim.engine.plan import DRAW_REPLICATIONS, REPLICATIONS, Plan, command_for
    from sim.store import store_folder

    drawing = uncertainty, draw_reps or DRAW_REPLICATIONS
    master = 1 if seed is None else seed
    plan = Plan(reps or REPLICATIONS, master, workers, precision, outcome, *drawing)
    sources = [base, *(others or ())]
    scenarios = load_all(sources, chosen)
    for warning in dict.fromkeys(w for scenario in scenarios for w in scenario.warnings):
        say_faults(warning)
    remark_settings_over(sources, chosen, spoken)
    remark_other_times(scenarios, spoken)
    folder = out or store_folder("results", scenarios[0].name)
    command = command_for(sources, plan, chosen)
    try:
        with simulating(say("cli.compare.progress", spoken), spoken) as tell:
            found = compared(
                scenarios, plan, settings=chosen, out=folder, progress=tell, command=command
            )
        remark_replaced(found, folder, spoken)
        remark_off(scenarios, spoken)
        write_all(found, folder, spoken)
    except KeyboardInterrupt:
        console.say_on_stderr(say("cli.compare.stopped", spoken, folder=folder))
        raise typer.Exit(130) from None
    if as_json:
        console.show_json(_content(found))
    else:
        show_comparison(found, spoken, everything=everything)
    if found.replications == 1:
        console.say_on_stderr(say("cli.compare.one_pair", spoken))
    _tell_failures(found, spoken)
    if found.failures:
        raise typer.Exit(1)


def _content(found: "Comparison") -> dict[str, Any]:
    """The comparison in the shape that scripts rely on."""
    from sim.analysis import records
    from sim.engine.robustness_files import robustness_content

    robust = None if found.drawn is None else robustness_content(found)
    return {
        "baseline": found.baseline.name,
        "scenarios": [other.name for other in found.others],
        "replications": found.replications,
        "seed": found.plan.seed,
        "differences": records(found.table),
        "prices": found.prices,
        "failed": [_failed(failure) for failure in found.failures],
        "runs_reused": found.runs_reused,
        "robustness": robust,
        "precise": found.precise,
        "files": found.files,
    }


def _failed(failure: "Failure") -> dict[str, Any]:
    """A failed run; its draw where parameters were drawn."""
    which = {} if failure.draw is None else {"draw": failure.draw}
    facts = {"scenario": failure.scenario, "seed": failure.seed, "reason": failure.reason}
    return facts | which


def _tell_failures(found: "Comparison", lang: str) -> None:
    """Which runs failed, the first few with their reasons."""
    if not found.failures:
        return
    count = len(found.failures)
    console.say_on_stderr(say("cli.compare.failed", lang, count=count))
    for failure in found.failures[:3]:
        facts = {"scenario": failure.scenario, "seed": failure.seed, "reason": failure.reason}
        key = "failure" if failure.draw is None else "failure_drawn"
        console.say_on_stderr("  " + say(f"cli.compare.{key}", lang, draw=failure.draw, **facts))

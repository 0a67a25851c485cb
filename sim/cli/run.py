"""`shiyu run`: one scenario, one seed."""

import shlex
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli import console
from sim.cli.off import remark_off, show_silent
from sim.cli.options import AsJson, Lang, Out, Scenario, Settings, read_settings
from sim.cli.simulating import simulating
from sim.cli.words import help_of, outcome_name, say_faults, unit_in, word
from sim.text import language, say

if TYPE_CHECKING:
    from sim.engine.branch import Branch
    from sim.engine.run import RunResult
    from sim.engine.state import State
    from sim.scenario import Scenario as CheckedScenario

app = typer.Typer(rich_markup_mode=None)


@app.command(
    help=help_of(
        "run",
        "run jincheng-2020 --seed 7",
        "run jincheng-2020 --set policies.mediation.staff_per_10k=60 --set time.years=2",
        "run jincheng-2020 --seed 7 --until 2022-01-01",
        "run mediators-doubled --from results/jincheng-2020/states/2022-01-01-3f9a2c07.state.npz",
    )
)
def run(
    scenario: Scenario,
    seed: Annotated[int | None, typer.Option("--seed", metavar="N", help=word("run.seed"))] = None,
    settings: Settings = None,
    out: Out = None,
    until: Annotated[
        str | None, typer.Option("--until", metavar="DATE", help=word("run.until"))
    ] = None,
    origin: Annotated[
        Path | None, typer.Option("--from", metavar="STATE", help=word("run.from"))
    ] = None,
    *,
    everything: Annotated[bool, typer.Option("--all", help=word("all"))] = False,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """One run of a scenario, kept in a store; or its state on a day, or a branch of a state."""
    spoken = language(lang)
    chosen = read_settings(settings)
    from sim.engine import branch, run
    from sim.engine.load import load
    from sim.store import store_folder

    checked = load(scenario, chosen)
    for warning in checked.warnings:
        say_faults(warning)
    plan = None if origin is None else _plan(origin, checked, seed, spoken)
    folder = out or store_folder("results", checked.name)
    with simulating(say("cli.run.progress", spoken, scenario=checked.name), spoken) as tell:

        def share_done(share: float) -> None:
            tell(share, 1.0)

        if until is not None:
            own_seed = run.seed_of(seed)
            state = branch.run_to(checked, own_seed, until, folder, share_done, plan)
        elif plan is not None:
            result = branch.run_branch(plan, folder, share_done)
        else:
            result = run.run(checked, seed, out=folder, progress=share_done)
    remark_off([checked], spoken)
    if until is not None:
        _show_state(state, chosen, spoken, as_json=as_json)
    elif as_json:
        console.show_json(_content(result, plan))
    else:
        from sim.outcomes import silent_in

        asked = checked.outcomes if not everything else result.headline()
        _show(result, asked, silent_in(checked), spoken)
        console.show(say("cli.run.kept", spoken, run=result.run_id[:16], folder=folder))


def _plan(origin: Path, scenario: "CheckedScenario", seed: int | None, lang: str) -> "Branch":
    """The branch of a saved state into a scenario; tells where its past is another."""
    from sim.engine.branch import planned
    from sim.engine.state import State
    from sim.kernel.fault import ShiyuError

    state = State.read(origin)
    if seed is not None and seed != state.seed:
        raise ShiyuError(f"seed {seed}: the state {origin} is of seed {state.seed}")
    plan = planned(state, scenario)
    if plan.replaced:
        facts = {"day": state.past.on, "levers": ", ".join(plan.replaced)}
        console.say_on_stderr(say("cli.run.past_is_kept", lang, **facts))
    return plan


def _show_state(state: "State", settings: Mapping[str, str], lang: str, *, as_json: bool) -> None:
    """What was saved, and how to go on from it."""
    from sim.scenario.branching import may_differ

    names = ("state", "scenario", "seed", "until", "version", "people", "steps")
    facts = {name: state.head[name] for name in names if name in state.head}
    if as_json:
        times = {name: state.head[name] for name in ("build_seconds", "seconds")}
        console.show_json({**facts, **times, "files": {"state": state.path}})
        return
    people = f"{state.head['people']:,}"
    console.show(say("cli.run.title", lang, **{**facts, "people": people}))
    kept = [f"{key}={value}" for key, value in settings.items() if not may_differ(key)]
    further = "".join(f" --set {shlex.quote(setting)}" for setting in kept)
    facts = {"day": state.head["until"], "path": state.path, "settings": further}
    console.show(say("cli.run.state", lang, **facts))


def _content(result: "RunResult", plan: "Branch | None") -> dict[str, object]:
    """The run in the shape that scripts rely on."""
    names = ("run_id", "scenario", "seed", "version", "people", "steps", "build_seconds", "seconds")
    facts = {name: getattr(result, name) for name in names}
    if plan is not None:
        origin = {"state": plan.state.identity, "on": plan.state.head["until"]}
        facts["branched"] = origin | {"past_kept": list(plan.replaced)}
    return facts | {"outcomes": result.headline(), "files": result.files}


def _show(
    result: "RunResult", asked: Iterable[str] | None, silent: Collection[str], lang: str
) -> None:
    """The run for a reader: the outcomes asked for, else the headline ones, over everybody."""
    from sim.outcomes import HEADLINES

    facts = {"scenario": result.scenario, "seed": result.seed, "people": f"{result.people:,}"}
    console.show(say("cli.run.title", lang, **facts, steps=result.steps))
    console.show()
    everybody = result.headline()
    names = [name for name in asked or HEADLINES if name in everybody]
    rows = []
    for name in names:
        if name not in silent:
            value, unit = everybody[name]["value"], everybody[name]["unit"]
            cells = console.number(value), unit_in(unit, lang), outcome_name(name, lang)
            rows.append((name, *cells))
    heads = ("outcome", "value", "unit", "meaning")
    console.show_table([say(f"cli.head.{head}", lang) for head in heads], rows)
    console.show()
    show_silent([name for name in names if name in silent], lang)
    if more := everybody.keys() - set(names) - set(silent):
        console.show(say("cli.more", lang, count=len(more)))
    console.show(say("cli.run.one", lang))

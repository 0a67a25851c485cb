"""`shiyu sweep`: the runs of an experiment, each once, whatever happens in between."""

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli import console
from sim.cli.designs import remark_other_version
from sim.cli.options import AsJson, ExperimentFile, Lang, Out, Workers
from sim.cli.simulating import simulating
from sim.cli.words import help_of, say_faults, word
from sim.text import language, say

if TYPE_CHECKING:
    from sim.experiment import Experiment
    from sim.sweep import Swept
    from sim.sweep.forecast import Forecast

SHOWN_FAILURES = 3
SHOWN_BROKEN = 3
_NAME = re.compile(r"^name:[ \t]*([\w-]+)", re.MULTILINE)
_UNITS = ((86_400.0, "d"), (3_600.0, "h"), (60.0, "min"), (1.0, "s"))

app = typer.Typer(rich_markup_mode=None)

Scheduler = Annotated[
    str | None, typer.Option("--scheduler", metavar="ADDRESS", help=word("sweep.scheduler"))
]


@app.command(
    help=help_of(
        "sweep",
        "sweep experiments/levers-factorial.yaml --dry-run",
        "sweep experiments/levers-factorial.yaml --workers 4",
    )
)
def sweep(
    experiment: ExperimentFile,
    workers: Workers = None,
    scheduler: Scheduler = None,
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=word("sweep.dry_run"))] = False,
    fresh: Annotated[bool, typer.Option("--fresh", help=word("sweep.fresh"))] = False,
    out: Out = None,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Run an experiment, or tell what it would take."""
    spoken = language(lang)
    if workers is not None and scheduler is not None:
        raise typer.BadParameter(word("sweep.workers_or_scheduler"))
    if dry_run:
        _forecast(experiment, workers, out, spoken, as_json=as_json)
        return
    from sim.engine.workers import cores
    from sim.processes.server import server_ahead

    many = scheduler is None and (workers or cores()) > 1
    with server_ahead(many and _is_new(experiment, out)):
        swept = _run(experiment, workers, scheduler, out, spoken, fresh=fresh)
    if as_json:
        console.show_json(_content(swept))
    else:
        _show(swept, spoken)
    _tell_broken(swept, spoken)
    _tell_failures(swept, spoken)
    if swept.runs_failed:
        raise typer.Exit(1)


def _is_new(experiment: Path, out: Path | None) -> bool:
    """Whether there is no store yet, so that all is to be run; its name is in the file."""
    try:
        named = None if out else _NAME.search(experiment.read_text(encoding="utf-8"))
        folder = out or (Path("results", named[1]) if named else None)
        return folder is not None and not (folder.exists() and any(folder.iterdir()))
    except (OSError, ValueError):  # whoever reads it next tells what is wrong with it
        return False


def _run(
    experiment: Path,
    workers: int | None,
    scheduler: str | None,
    out: Path | None,
    lang: str,
    *,
    fresh: bool,
) -> "Swept":
    """The sweep, telling how far it is; stopped, it tells where its runs are."""
    from sim.engine.load import load_experiment
    from sim.store import store_folder
    from sim.sweep import sweep as run_sweep

    loaded = load_experiment(experiment)
    folder = out or store_folder("results", loaded.name)
    try:
        with simulating(say("cli.sweep.progress", lang), lang) as tell:

            def told(done: int, total: int, failed: int) -> None:
                note = say("cli.sweep.failed_so_far", lang, count=failed) if failed else ""
                tell(done, total, note)

            return run_sweep(
                loaded,
                folder,
                workers=workers,
                scheduler=scheduler,
                fresh=fresh,
                progress=told,
                remark=console.say_on_stderr,
            )
    except KeyboardInterrupt:
        console.say_on_stderr(say("cli.sweep.stopped", lang, folder=folder))
        raise typer.Exit(130) from None


def _forecast(
    experiment: Path, workers: int | None, out: Path | None, lang: str, *, as_json: bool
) -> None:
    """What it would take."""
    from sim.engine.load import load_experiment
    from sim.store import Store, store_folder
    from sim.sweep import plan_of
    from sim.sweep.forecast import forecast

    loaded = load_experiment(experiment)
    folder = out or store_folder("results", loaded.name)
    found = forecast(plan_of(loaded), Store(folder), workers)
    remark_other_version(folder, lang)
    if as_json:
        console.show_json({"experiment": loaded.name, "store": folder, **_planned(found)})
    else:
        _show_forecast(loaded, found, lang)


def _content(swept: "Swept") -> dict[str, Any]:
    """The sweep in the shape that scripts rely on."""
    return {
        "experiment": swept.experiment,
        "points": swept.points,
        "points_left_out": swept.left_out,
        "replications": swept.replications,
        "runs_total": swept.runs_total,
        "runs_done": swept.runs_done,
        "runs_reused": swept.runs_reused,
        "runs_failed": swept.runs_failed,
        "precise": swept.precise,
        "failed": swept.failures,
        "store": swept.store,
    }


def _planned(found: "Forecast") -> dict[str, Any]:
    return {
        "points": found.points,
        "points_left_out": found.left_out,
        "replications": found.replications,
        "runs_total": found.runs_total,
        "runs_done": found.runs_done,
        "seconds": found.seconds,
        "bytes": found.bytes,
        "workers": found.workers,
        "measured_runs": found.measured,
        "replications_at_most": found.at_most,
    }


def _show_design(experiment: str, found: "Swept | Forecast", lang: str) -> None:
    facts = {"points": found.points, "replications": found.replications}
    console.show(say("cli.sweep.design", lang, experiment=experiment, **facts))
    if found.left_out:
        console.show(say("cli.sweep.left_out", lang, count=found.left_out))


def _show_forecast(experiment: "Experiment", found: "Forecast", lang: str) -> None:
    _show_design(experiment.name, found, lang)
    if costs := experiment.costs:
        # A budget may keep points that nobody meant, where a lever fell in some division.
        ends = {"base": experiment.base_cost, "low": min(costs), "high": max(costs)}
        told = {key: f"{value:,.0f}" for key, value in ends.items()}
        console.show(say("cli.sweep.costs", lang, **told))
    left = found.runs_total - found.runs_done
    counts = {"done": found.runs_done, "total": found.runs_total, "left": left}
    console.show(say("cli.sweep.plan", lang, **counts))
    if left:
        key = "takes" if found.measured else "takes_trial"
        facts = {
            "time": _duration(found.seconds),
            "size": _size(found.bytes),
            "workers": found.workers,
            "measured": found.measured,
        }
        console.show(say(f"cli.sweep.{key}", lang, **facts))
        if found.at_most is not None:
            console.show(say("cli.sweep.by_precision", lang, most=found.at_most))


def _show(swept: "Swept", lang: str) -> None:
    for warning in swept.warnings:
        say_faults(warning)
    _show_design(swept.experiment, swept, lang)
    counts = {"done": swept.runs_done, "total": swept.runs_total, "reused": swept.runs_reused}
    console.show(say("cli.sweep.counts", lang, **counts))
    if swept.precise is not None:
        key = "precise" if swept.precise else "not_precise"
        console.show(say(f"cli.sweep.{key}", lang, replications=swept.replications))
    console.show(say("cli.sweep.kept", lang, folder=swept.store))


def _tell_failures(swept: "Swept", lang: str) -> None:
    """Which runs failed, the first few with their reasons."""
    if not swept.runs_failed:
        return
    console.say_on_stderr(say("cli.sweep.failed", lang, count=swept.runs_failed))
    for failure in swept.failures[:SHOWN_FAILURES]:
        console.say_on_stderr("  " + say("cli.sweep.failure", lang, **failure))


def _tell_broken(swept: "Swept", lang: str) -> None:
    """Which files of the store were not whole when the sweep began, the first few by name."""
    if not swept.broken:
        return
    console.say_on_stderr(say("cli.sweep.broken", lang, count=len(swept.broken)))
    for message in swept.broken[:SHOWN_BROKEN]:
        say_faults(f"  {message}")


def _duration(seconds: float) -> str:
    """A length of time in the largest unit that fits."""
    size, unit = next((each for each in _UNITS if seconds >= each[0]), _UNITS[-1])
    return f"{console.number(seconds / size, 2)} {unit}"


def _size(count: float) -> str:
    """A number of bytes in a unit that fits."""
    for size, unit in ((1e9, "GB"), (1e6, "MB")):
        if count >= size:
            return f"{console.number(count / size, 2)} {unit}"
    return f"{console.number(count / 1e3, 2)} kB"

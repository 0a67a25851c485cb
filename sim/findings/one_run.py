"""The courses of a single run: what happened in it, week by week, and no word about effects."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sim.findings.words import outcome_meanings, outcome_names, outcomes_here
from sim.kernel.fault import ShiyuError, printable
from sim.text import say

if TYPE_CHECKING:
    from sim.store import StoredRun

_NO_OUTCOMES = ("date", "day")


def draw_run(
    run: "StoredRun", folder: Path, asked: Sequence[str] | None = None, lang: str | None = None
) -> list[Path]:
    """Draw outcomes of a run over time as PNG and SVG, a figure each; their paths.

    Args:
        run: the run as it is stored.
        folder: where the figures are written, as `course-<outcome>`.
        asked: outcomes; unless told those that its scenario looks at, as far as they have a course.
        lang: language; SHIYU_LANG or English unless told.

    Raises ShiyuError for an outcome asked for that the run does not note every step.
    """
    from sim.report import outcome_curves, save
    from sim.store.atomic import write_bytes

    document, trajectory = run.document, run.trajectory
    scenario, seed = str(document["scenario"]), int(document["seed"])
    courses = trajectory[["date"]].assign(scenario=scenario, seed=seed)
    words = {"scenario": scenario, "seed": seed, "run": str(document["run_id"])[:16]}
    spoken = outcome_names(lang).spoken
    written: list[Path] = []
    for name in _shown(run, asked):
        figure = outcome_curves(
            courses.assign(outcome=name, value=trajectory[name].astype(float)),
            [name],
            lang,
            meanings=outcome_meanings(),
            under=say("report.one_run.under", spoken, **words),
            about=say("report.one_run.about", spoken, **words),
        )
        written += save(figure, folder / f"course-{name}", write_bytes).values()
    return written


def _shown(run: "StoredRun", asked: Sequence[str] | None) -> list[str]:
    """The outcomes to draw; one that was asked for must have a course."""
    from sim.outcomes import HEADLINES

    there = [name for name in run.trajectory.columns if name not in _NO_OUTCOMES]
    for name in asked or ():
        if name not in there:
            told = outcomes_here(name, there)
            shown = printable(name)
            raise ShiyuError(f"--outcome {shown}: this run has no course of it; {told}")
    if asked:
        return list(dict.fromkeys(asked))
    headline = run.document.get("headline") or HEADLINES
    return [name for name in headline if name in there] or there

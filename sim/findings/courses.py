"""The course of an outcome over time at each setting of a factor, averaged over all others."""

from typing import TYPE_CHECKING

from sim.analysis.design_runs import DesignRuns
from sim.analysis.design_terms import Factor
from sim.findings.study import Study
from sim.report.factors import FactorNames
from sim.report.names import Entries

if TYPE_CHECKING:
    import pandas as pd

RUNS_READ = 400  # at most: the courses of thousands would take minutes and show no more


def course_by_setting(
    study: Study, runs: DesignRuns, outcome: str, factor: Factor
) -> "pd.DataFrame | None":
    """Courses with one run a setting and seed: the mean over all points with that setting.

    Only seeds under which every point is done count, so that two settings never differ by which
    runs are there.

    Args:
        study: the sweep with its store.
        runs: its runs as arrays, whose order of points `factor` has.
        outcome: the name of an outcome.
        factor: a factor with levels.

    Returns:
        Columns scenario (the place of a level among all, as text), seed, date, outcome and value;
        None when runs do not note this outcome every step, when there is nothing to read, or for
        more than RUNS_READ points.
    """
    import pandas as pd

    if study.store is None or len(runs.points) > RUNS_READ:
        return None
    lacking = {lack.seed for lack in runs.lacking}
    seeds = [seed for seed in runs.seeds if seed not in lacking][: RUNS_READ // len(runs.points)]
    code_of = dict(zip(runs.points, factor.codes.tolist(), strict=True))
    chosen = study.frame[study.frame["seed"].isin(seeds)]
    courses: dict[tuple[int, int], list[pd.Series]] = {}
    for point, seed, run_id in chosen[["point", "seed", "run_id"]].itertuples(index=False):
        trajectory = study.store.load(run_id).trajectory
        if outcome not in trajectory:
            return None
        key = int(code_of[point]), int(seed)
        courses.setdefault(key, []).append(trajectory.set_index("date")[outcome].astype(float))
    if not courses:
        return None
    parts = [
        pd.concat(several, axis=1, join="inner")
        .mean(axis=1)
        .to_frame("value")
        .reset_index()
        .assign(scenario=str(code), seed=seed)
        for (code, seed), several in sorted(courses.items())
    ]
    return pd.concat(parts, ignore_index=True).assign(outcome=outcome)


def level_titles(factor: Factor, names: FactorNames) -> Entries:
    """What the levels are called, by the names that they have in `course_by_setting`."""
    told = [names.value(factor.name, level) for level in factor.levels or ()]
    return {str(code): {"title": {names.spoken: title}} for code, title in enumerate(told)}

"""The course of an outcome over time at each setting of a factor, averaged over all others."""

from functools import cached_property
from typing import TYPE_CHECKING

from sim.analysis.design_runs import DesignRuns
from sim.analysis.design_terms import Factor
from sim.findings.study import Study
from sim.report.factors import FactorNames
from sim.report.names import Entries

if TYPE_CHECKING:
    import pandas as pd

RUNS_READ = 400  # at most: the courses of thousands would take minutes and show no more


class Courses:
    """The courses of the runs of a study, each read once, however many outcomes are drawn.

    Only seeds under which every point is done count, so that two settings never differ by which
    runs are there.
    """

    def __init__(self, study: Study, runs: DesignRuns) -> None:
        """Nothing is read yet.

        Args:
            study: the sweep with its store.
            runs: its runs as arrays.
        """
        self.study, self.runs = study, runs

    @cached_property
    def _read(self) -> "list[tuple[int, int, pd.DataFrame]]":
        """Point, seed and trajectory of each run that is read; none for more than RUNS_READ points.

        Raises StoreError for a run that cannot be read.
        """
        store, points = self.study.store, len(self.runs.points)
        if store is None or points > RUNS_READ:
            return []
        lacking = {lack.seed for lack in self.runs.lacking}
        seeds = [seed for seed in self.runs.seeds if seed not in lacking][: RUNS_READ // points]
        chosen = self.study.frame[self.study.frame["seed"].isin(seeds)]
        columns = chosen[["point", "seed", "run_id"]].itertuples(index=False)
        return [
            (int(point), int(seed), store.load(run_id).trajectory.set_index("date"))
            for point, seed, run_id in columns
        ]

    def by_setting(self, outcome: str, factor: Factor) -> "pd.DataFrame | None":
        """Courses with one run a setting and seed: the mean over all points with that setting.

        Args:
            outcome: the name of an outcome.
            factor: a factor with levels, over the points in the order of the runs.

        Returns:
            Columns scenario (the place of a level among all, as text), seed, date, outcome and
            value; None when runs do not note this outcome every step, or there is nothing to read.
        """
        import pandas as pd

        code_of = dict(zip(self.runs.points, factor.codes.tolist(), strict=True))
        courses: dict[tuple[int, int], list[pd.Series]] = {}
        for point, seed, trajectory in self._read:
            if outcome not in trajectory:
                return None
            key = int(code_of[point]), seed
            courses.setdefault(key, []).append(trajectory[outcome].astype(float))
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
    """What the levels are called, by the names that they have in `Courses.by_setting`."""
    told = [names.value(factor.name, level) for level in factor.levels or ()]
    return {str(code): {"title": {names.spoken: title}} for code, title in enumerate(told)}

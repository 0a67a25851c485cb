"""Compares policies with a baseline: paired replications, a table of differences, a report.

    comparison = compare("jincheng-2020", ["mediators-doubled"], replications=30, seed=1)
    comparison.table        one row per scenario, outcome and group

Both worlds of a pair have the same people and the same luck, so the difference is the policy's.
"""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.engine.pairs import load_all
from sim.engine.plan import DRAW_REPLICATIONS, REPLICATIONS, Plan, command_for
from sim.engine.replications import Failure, Progress, Replicated, Replicating
from sim.kernel.fault import ShiyuError

if TYPE_CHECKING:
    import pandas as pd

    from sim.analysis import Precision
    from sim.engine.parameter_draws import Drawn
    from sim.scenario import Scenario


@dataclass(frozen=True)
class Comparison:
    """What a comparison found, and from which runs."""

    baseline: "Scenario"
    others: "tuple[Scenario, ...]"
    plan: Plan
    replications: int
    table: "pd.DataFrame"
    runs: Replicated
    precise: bool | None = None  # whether the precision asked for was reached
    settings: Mapping[str, Any] = field(default_factory=dict)
    command: str = ""
    files: dict[str, Path] = field(default_factory=dict)
    drawn: "Drawn | None" = None  # runs under other parameters, when asked for
    robustness: "pd.DataFrame | None" = None  # and what they say, a row for each of `table`

    @cached_property
    def prices(self) -> list[dict[str, Any]]:
        """What averted escalations and further participants cost: `Price`, a record each.

        Empty where the baseline asks for certain outcomes, or no pair of runs has finished.
        """
        import pandas as pd

        from sim.analysis import records
        from sim.analysis.price import prices

        if self.baseline.outcomes is not None or not len(self.table):
            return []
        found = prices(self.runs.outcomes(), self.baseline.name)
        return records(pd.DataFrame([vars(price) for price in found]))

    @cached_property
    def silent(self) -> dict[str, frozenset[str]]:
        """By policy, the outcomes that neither it nor the baseline makes: they tell nothing."""
        from sim.outcomes import silent_in

        return {other.name: silent_in(self.baseline, other) for other in self.others}

    @property
    def failures(self) -> list[Failure]:
        """The runs that failed, those under draws of the parameters last."""
        return self.runs.failed() + (self.drawn.failures if self.drawn else [])

    @property
    def runs_reused(self) -> int:
        """The runs that were read from the store."""
        return self.runs.reused + (self.drawn.reused if self.drawn else 0)


def compare(
    base: Any,
    others: Sequence[Any],
    replications: int = REPLICATIONS,
    seed: int = 1,
    settings: Mapping[str, Any] | None = None,
    workers: int | None = None,
    out: str | Path | None = None,
    precision: float | None = None,
    outcome: str | None = None,
    progress: Progress | None = None,
    uncertainty: int | None = None,
    draw_replications: int = DRAW_REPLICATIONS,
) -> Comparison:
    """Run a baseline and other scenarios on the same seeds, and compare them pair by pair.

    Args:
        base: the baseline: a name, a path, a mapping or a Scenario.
        others: what to compare with it: one, or several.
        replications: how many pairs, unless a precision is asked for.
        seed: the master seed.
        settings: dotted keys that are set in every scenario alike.
        workers: how many processes; all cores by default.
        out: folder of a store. Runs that it holds are not repeated; new ones are kept there, and
            figures and a report are written beside them.
        precision: run until the difference of `outcome` is known to within this, in its unit.
        outcome: the outcome that `precision` is about.
        progress: called with replications done and replications planned.
        uncertainty: draws of the parameters to run besides, for `sign_share` and `robustness`.
        draw_replications: seeds under each draw.

    Raises:
        ScenarioError: a scenario or setting cannot be used; nothing has run then.
        ShiyuError: the other arguments cannot be used, or the store cannot be written.
    """
    plan = Plan(replications, seed, workers, precision, outcome, uncertainty, draw_replications)
    one = isinstance(others, str | Path | Mapping) or not isinstance(others, Iterable)
    given = [base, others] if one else [base, *others]
    scenarios = load_all(given, settings)
    sources = [
        str(source) if isinstance(source, str | Path) else scenario.name
        for source, scenario in zip(given, scenarios, strict=True)
    ]
    command = command_for(sources, plan, settings or {})
    found = compared(
        scenarios, plan, settings=settings, out=out, progress=progress, command=command
    )
    if out is not None:
        from sim.engine.comparison_files import write_all

        write_all(found, Path(out))
    return found


def compare_table(
    base: Any,
    others: Sequence[Any],
    replications: int = REPLICATIONS,
    seed: int = 1,
    settings: Mapping[str, Any] | None = None,
    workers: int | None = None,
    out: str | Path | None = None,
    precision: float | None = None,
    outcome: str | None = None,
    progress: Progress | None = None,
    uncertainty: int | None = None,
    draw_replications: int = DRAW_REPLICATIONS,
) -> "pd.DataFrame":
    """The table of `sim.engine.compare.compare`: one row per scenario, outcome and group.

    Its columns: scenario, outcome, by and group (nan for everybody), unit; baseline_mean, mean,
    difference with low and high (95 %, of paired runs), p and p_holm (adjusted for the number
    tested), distinguishable, replications (the pairs), and how many would be needed.

    The arguments and errors are those of `compare`. Raises ShiyuError besides when a run failed,
    since a table that lacks pairs should not pass unnoticed in a script.
    """
    how = workers, out, precision, outcome, progress, uncertainty, draw_replications
    found = compare(base, others, replications, seed, settings, *how)
    if found.failures:
        count, first = len(found.failures), found.failures[0]
        raise ShiyuError(
            f"{count} runs failed; the first: {first.scenario}, seed {first.seed}: {first.reason}"
        )
    return found.table


def compared(
    scenarios: "tuple[Scenario, ...]",
    plan: Plan,
    *,
    settings: Mapping[str, Any] | None = None,
    out: str | Path | None = None,
    progress: Progress | None = None,
    command: str = "",
) -> Comparison:
    """Run and compare scenarios that are loaded already; the first is the baseline.

    Draws nothing. `settings` and `command` are kept for readers; the scenarios bear them already.
    """
    store, folder = None, ExitStack()
    if out is not None:
        from sim.store import Store
        from sim.store.folders import folder_to_fill

        store = Store(folder.enter_context(folder_to_fill(out)))
    runs = Replicating(
        scenarios, plan.seed, workers=plan.workers, store=store, settings=dict(settings or {})
    )
    with folder, runs:
        rule = plan.rule()
        if rule is None:
            precise, done = None, plan.replications
            runs.run(range(plan.replications), progress)
        else:
            precise, done = _until_precise(runs, rule, progress)
    table = _differences(scenarios[0], runs.found)
    drawn, robust = None, None
    if plan.uncertainty is not None:
        from sim.engine.parameter_draws import under_draws

        tell = None if progress is None else _shifted(progress, done)
        table, drawn, robust = under_draws(table, scenarios, plan, store, settings, tell)
    return Comparison(
        baseline=scenarios[0],
        others=scenarios[1:],
        plan=plan,
        replications=done,
        table=table,
        runs=runs.found,
        precise=precise,
        settings=dict(settings or {}),
        command=command,
        drawn=drawn,
        robustness=robust,
    )


def _until_precise(
    runs: Replicating, rule: "Precision", progress: Progress | None
) -> tuple[bool, int]:
    """Whether the precision was reached, and after how many replications.

    Ends with the first batch when nothing of it can be paired: what failed will fail again.
    """
    from sim.analysis import until_precise

    baseline = runs.scenarios[0].name

    runs.run(range(rule.minimum), progress)
    if not _paired(runs.found.outcomes(), baseline):
        return False, rule.minimum

    def batch(numbers: Sequence[int]) -> "pd.DataFrame":
        if numbers[0]:  # the first batch has run
            runs.run(numbers, None if progress is None else _shifted(progress, numbers[0]))
        return runs.found.outcomes(numbers)

    stopped = until_precise(batch, baseline, rule)
    return stopped.reached, stopped.replications


def _paired(outcomes: "pd.DataFrame", baseline: str) -> bool:
    """Whether there are runs of the baseline and of another scenario."""
    present = set(outcomes["scenario"]) if len(outcomes) else set()
    return baseline in present and len(present) > 1


def _shifted(progress: Progress, before: int) -> Progress:
    """Progress that counts the replications of earlier batches too."""
    return lambda done, total: progress(before + done, before + total)


def _differences(baseline: "Scenario", found: Replicated) -> "pd.DataFrame":
    """The table of the outcomes that the baseline asks for; empty when there is no pair."""
    from sim.analysis import compare as differences

    outcomes = found.outcomes()
    if len(outcomes) and baseline.outcomes is not None:
        outcomes = outcomes[outcomes["outcome"].isin(baseline.outcomes)].reset_index(drop=True)
    if not _paired(outcomes, baseline.name):
        return outcomes.iloc[:0]
    return differences(outcomes, baseline.name)

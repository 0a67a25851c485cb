"""What `shiyu compare` remarks on stderr: settings over a policy, other times, what is replaced."""

import contextlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.cli.console import number, say_on_stderr
from sim.text import say

if TYPE_CHECKING:
    from sim.engine.compare import Comparison
    from sim.scenario import Scenario

_SHARED = ("scale", "time")  # what a comparison wants alike; a setting over it undoes no policy


def remark_settings_over(sources: Sequence[str], settings: Mapping[str, Any], lang: str) -> None:
    """Tell of each setting that takes the place of what a scenario sets against the baseline.

    Such a setting makes the worlds alike where the policy under test should tell them apart.
    """
    if not settings:
        return
    from sim.engine.ledger import known
    from sim.engine.load import load
    from sim.experiment.experiment import keys_overlap
    from sim.kernel.fault import ScenarioError
    from sim.scenario.difference import differences

    with contextlib.suppress(ScenarioError):  # one that is whole only with the settings
        base, *others = (load(source) for source in sources)
        ledger = known().ledger
        for other in others:
            own = [found.key for found in differences(base, other, ledger)]
            for key in (k for k in settings if k.partition(".")[0] not in _SHARED):
                if any(keys_overlap(key, each) for each in own):
                    facts = {"scenario": other.name, "baseline": base.name, "setting": key}
                    say_on_stderr(say("cli.compare.set_over", lang, **facts))


def remark_other_times(scenarios: Sequence["Scenario"], lang: str) -> None:
    """Tell of each scenario that covers other days or steps than the baseline."""
    base, *others = scenarios
    times = [(s.start, s.years, s.step_days) for s in scenarios]
    for other, time in zip(others, times[1:], strict=True):
        if time != times[0]:
            facts = {"scenario": other.name, "baseline": base.name}
            spans = {"own": _span(other, lang), "base": _span(base, lang)}
            say_on_stderr(say("cli.compare.other_times", lang, **facts, **spans))


def _span(scenario: "Scenario", lang: str) -> str:
    """The days that a scenario covers."""
    years, days = number(scenario.years), number(scenario.step_days)
    start = scenario.start.isoformat()
    return say("scenarios.time", lang, start=start, years=years, days=days)


def remark_replaced(found: "Comparison", folder: Path, lang: str) -> None:
    """Before a comparison is written: tell which other one in the folder it takes the place of."""
    from sim.engine.comparison_room import replaced_by

    if (earlier := replaced_by(found, folder)) is not None:
        others = [name for name in earlier["scenarios"] if name != earlier["baseline"]]
        facts = {"baseline": earlier["baseline"], "others": ", ".join(others)}
        say_on_stderr(say("cli.compare.replaced", lang, folder=folder, **facts))

"""What `shiyu compare` remarks on stderr: settings over a policy, other times, what is replaced."""

import contextlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.cli.console import number, say_on_stderr
from sim.text import say

if TYPE_CHECKING:
    from sim.engine.compare import Comparison
    from sim.scenario import Scenario

_SHARED = ("scale", "time")  # what a comparison wants alike; a setting over it undoes no policy
_ABOUT = ("baseline", "scenarios", "settings", "seeds")  # what makes it another comparison


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


def make_room(found: "Comparison", folder: Path, lang: str) -> None:
    """Before a comparison is written: tell which other one it replaces, and take its figures away.

    More pairs of the same comparison replace nothing, but figures of fewer are out of date too.
    """
    from sim.engine.comparison_files import MANIFEST, remove_figures

    earlier = _earlier(folder / MANIFEST)
    runs = [[run.scenario, run.seed, run.run_id] for run in found.runs.in_order()]
    if earlier is None or not len(found.table) or earlier["runs"] == runs:
        return
    about = found.baseline.name, [s.name for s in (found.baseline, *found.others)]
    settings = json.loads(json.dumps(dict(found.settings), default=str))
    now = dict(zip(_ABOUT, (*about, settings, found.plan.seed), strict=True))
    if any(earlier[key] != now[key] for key in _ABOUT):
        others = [name for name in earlier["scenarios"] if name != earlier["baseline"]]
        facts = {"baseline": earlier["baseline"], "others": ", ".join(others)}
        say_on_stderr(say("cli.compare.replaced", lang, folder=folder, **facts))
    remove_figures(folder / "figures")


def _earlier(path: Path) -> dict[str, Any] | None:
    """What a comparison that stands there was about; None where none can be read."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        about = {key: content[key] for key in (*_ABOUT, "runs")}
        return about | {"scenarios": list(content["scenarios"])}
    except (OSError, ValueError, KeyError, TypeError):
        return None

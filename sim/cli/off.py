"""Words about outcomes that tell nothing of a scenario, as a mechanism that makes them is off."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from sim.cli import console
from sim.text import say

if TYPE_CHECKING:
    from sim.scenario import Scenario


def show_silent(outcomes: Sequence[str], lang: str) -> None:
    """One line that names the outcomes which a table leaves out."""
    if outcomes:
        names = say("findings.list", lang).join(outcomes)
        console.show(say("report.left_out_as_off", lang, names=names))


def remark_off(scenarios: "Iterable[Scenario]", lang: str) -> None:
    """Tell of each scenario in which mechanisms of ours are off: their outcomes tell nothing."""
    from sim.engine.order import WEEK

    for scenario in scenarios:
        off = [kind.name for kind in WEEK if kind.name not in scenario.mechanisms]
        if off:
            names = say("findings.list", lang).join(off)
            words = {"scenario": scenario.name, "mechanisms": names}
            console.say_on_stderr(say("cli.mechanisms_off", lang, **words))

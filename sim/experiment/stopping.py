"""When an experiment that goes by precision has enough replications."""

from collections.abc import Sequence
from dataclasses import dataclass

from sim.experiment.factors import count
from sim.scenario import wording as words
from sim.scenario.checks import Checks
from sim.scenario.node import Node

MOST_REPLICATIONS = 100_000
KEYS = ("outcome", "half_width", "of", "at_most")
ABOUT = ("difference", "mean")


@dataclass(frozen=True)
class Stopping:
    """Run until an outcome is known to within `half_width` at every point (95 % t interval).

    `of` "difference" is about the paired difference from the first point, "mean" about the mean.
    At most so many replications are made.
    """

    outcome: str
    half_width: float
    of: str
    at_most: int


def stopping(node: Node, first: int, outcomes: Sequence[str], checks: Checks) -> Stopping | None:
    """The rule that `precision` states, or None with faults noted.

    Args:
        node: the entry.
        first: replications that are made before the rule is asked.
        outcomes: the outcomes that there are.
        checks: takes the faults.
    """
    entries = checks.entries(node, "precision", KEYS)
    for key in KEYS:
        if key not in entries and key != "of" and isinstance(node.value, dict):
            checks.refuse(node, f"precision.{key}", words.MISSING)
    outcome = half = at_most = None
    if "outcome" in entries:
        outcome = _outcome(entries["outcome"], outcomes, checks)
    if "half_width" in entries:
        half = checks.within(
            entries["half_width"], "precision.half_width", 1e-12, 1e12, "the outcome's unit"
        )
    if "at_most" in entries:
        at_most = count(entries["at_most"], "precision.at_most", first, MOST_REPLICATIONS, checks)
    of = _about(entries["of"], checks) if "of" in entries else ABOUT[0]
    if outcome is None or half is None or at_most is None or of is None:
        return None
    return Stopping(outcome, half, of, at_most)


def _outcome(node: Node, outcomes: Sequence[str], checks: Checks) -> str | None:
    name = checks.text(node, "precision.outcome")
    if name is None or name in outcomes:
        return name
    trouble = words.NO_OUTCOME.format(written=words.short(name))
    checks.faults.unknown(node.spot, "precision.outcome", trouble, name, outcomes)
    return None


def _about(node: Node, checks: Checks) -> str | None:
    of = checks.text(node, "precision.of")
    if of is None or of in ABOUT:
        return of
    trouble = words.NO_CHOICE.format(written=words.short(of))
    checks.refuse(node, "precision.of", trouble, words.ALLOWED.format(names=", ".join(ABOUT)))
    return None

"""Checks the values that a scenario gives to parameters of mechanisms and of the place."""

from collections.abc import Mapping

from sim.kernel.fault import Fault
from sim.kernel.parameter import Parameter
from sim.scenario import wording
from sim.scenario.checks import Checks
from sim.scenario.names import Section, spelt
from sim.scenario.node import Node
from sim.text import phrase_in


def parameters(
    node: Node, ledger: Mapping[str, Parameter], checks: Checks, *, unchecked: bool = False
) -> tuple[dict[str, float], list[str]]:
    """The values by flat dotted name, and warnings for those outside their plausible range.

    When `unchecked`, groups that the ledger does not know at all pass with a warning: they may
    belong to a mechanism of the user's own, or to a place that could not be read.
    """
    values: dict[str, float] = {}
    warnings: list[str] = []
    if unchecked:
        node, values, warnings = _foreign(node, ledger, checks)

    def meaning(name: str) -> tuple[str, ...]:
        return ledger[name].source, phrase_in(ledger[name].source, "zh")

    section = Section("parameters", ledger, meaning, wording.NO_PARAMETER, wording.ALL_PARAMETERS)
    for name, child in spelt(node, section, checks):
        key = f"parameters.{name}"
        value = checks.number(child, key)
        if value is None or not _of_kind(value, ledger[name], child, key, checks):
            continue
        values[name] = value
        warning = _implausible(value, ledger[name])
        if warning:
            warnings.append(_located(child, key, warning))
    return values, warnings


def _foreign(
    node: Node, ledger: Mapping[str, Parameter], checks: Checks
) -> tuple[Node, dict[str, float], list[str]]:
    """The groups of the ledger as a node, and the values and warnings of the other groups."""
    groups = {name.split(".")[0] for name in ledger}
    if not isinstance(node.value, dict):
        return node, {}, []
    ours = {key: child for key, child in node.value.items() if key in groups}
    theirs = {key: child for key, child in node.value.items() if key not in groups}
    values: dict[str, float] = {}
    warnings: list[str] = []
    for name, leaf in Node(theirs, node.spot, node.key_spot).leaves():
        value = checks.number(leaf, f"parameters.{name}")
        if value is not None:
            values[name] = value
            warnings.append(_located(leaf, f"parameters.{name}", wording.UNCHECKED))
    return Node(ours, node.spot, node.key_spot), values, warnings


def _located(node: Node, key: str, words: str) -> str:
    spot = node.spot
    return str(Fault(spot.source.label, spot.line, spot.column, key, words))


def _of_kind(value: float, declared: Parameter, node: Node, key: str, checks: Checks) -> bool:
    """Whether a value can be what the unit says at all, however implausible it is.

    A plausible one can: a growth rate may be below 0 where its range is.
    """
    if declared.low <= value <= declared.high:
        return True
    written = wording.shown(value)
    if declared.unit.startswith("share") and not 0 <= value <= 1:
        allowed = wording.RANGE.format(low=0, high=1, unit=declared.unit)
        checks.refuse(node, key, wording.NOT_A_SHARE.format(written=written), allowed)
        return False
    if declared.unit.startswith("1/") and value < 0:
        checks.refuse(node, key, wording.NOT_A_RATE.format(written=written))
        return False
    return True


def _implausible(value: float, declared: Parameter) -> str:
    if declared.low <= value <= declared.high:
        return ""
    return wording.IMPLAUSIBLE.format(
        written=wording.shown(value),
        low=wording.shown(declared.low),
        high=wording.shown(declared.high),
        unit=declared.unit,
    )

"""Reads where the levers of a place stand before any policy."""

from dataclasses import replace

from sim.scenario import wording
from sim.scenario.levers import LEVERS
from sim.scenario.node import Node
from sim.world.figures import DIVISION_FIGURES
from sim.world.place import RESIDENTS_PER_100K, LeverBase
from sim.world.place_leaves import LEAF_KEYS, Leaves

_BY_DIVISION = ("default", "divisions", "per_100k_residents")


def levers_of(node: Node, divisions: tuple[str, ...], leaves: Leaves) -> dict[str, LeverBase]:
    """The base of every lever by dotted name.

    A value is a number, `{default: x, divisions: {slug: y}}`, or `{per_100k_residents: figure}`
    where the figure is one of the divisions'.
    """
    found: dict[str, LeverBase] = {}
    for name, child in leaves.under(node, "levers"):
        base = _lever(child, f"levers.{name}", divisions, leaves)
        if base is not None:
            _check_range(name, base, child, f"levers.{name}", divisions, leaves)
            found[name] = base
    return found


def _check_range(
    name: str,
    base: LeverBase,
    node: Node,
    key: str,
    divisions: tuple[str, ...],
    leaves: Leaves,
) -> None:
    """A base outside what the lever can be set to, which no mechanism is made for, is refused."""
    lever = LEVERS.get(name)
    if lever is None:  # one that a user's mechanism obeys
        return
    values = dict.fromkeys([base.default, *base.by_division.values()], key)
    if base.per_100k:
        pairs = [(f"divisions.{d}.{base.per_100k}", f"divisions.{d}.population") for d in divisions]
        number = {figure: parameter.default for figure, parameter in leaves.ledger.items()}
        values = {
            number[figure] / number[people] * RESIDENTS_PER_100K: f"{key} ({figure})"
            for figure, people in pairs
            if figure in number and number.get(people, 0.0) > 0.0
        }
    for value, where in values.items():
        written, low, high = map(wording.shown, (value, lever.low, lever.high))
        allowed = wording.RANGE.format(low=low, high=high, unit=lever.unit)
        if value < lever.low:
            leaves.checks.refuse(
                node, where, wording.BELOW.format(written=written, bound=low), allowed
            )
        elif value > lever.high:
            leaves.checks.refuse(
                node, where, wording.ABOVE.format(written=written, bound=high), allowed
            )


def _lever(node: Node, key: str, divisions: tuple[str, ...], leaves: Leaves) -> LeverBase | None:
    entries = leaves.checks.entries(node, key, LEAF_KEYS)
    value = entries.get("value")
    if value is None:
        leaves.faults.add(node.key_spot, f"{key}.value", wording.MISSING)
        return None
    if not isinstance(value.value, dict):
        return _plain(entries, value, node, key, leaves)
    parts = leaves.checks.entries(value, f"{key}.value", _BY_DIVISION)
    if "per_100k_residents" in parts:
        return _rate(parts["per_100k_residents"], entries, node, key, leaves)
    if "default" not in parts:
        leaves.faults.add(value.spot, f"{key}.value.default", wording.MISSING)
        return None
    base = _plain(entries, parts["default"], node, key, leaves)
    if base is None or "divisions" not in parts:
        return base
    where = f"{key}.value.divisions"
    exceptions: dict[str, float] = {}
    for slug, child in leaves.checks.entries(parts["divisions"], where, divisions).items():
        low, high = base.parameter.low, base.parameter.high
        unit = base.parameter.unit
        number = leaves.checks.within(child, f"{where}.{slug}", low, high, unit)
        if number is not None:
            exceptions[slug] = number
    return replace(base, by_division=exceptions)


def _plain(
    entries: dict[str, Node], value: Node, node: Node, key: str, leaves: Leaves
) -> LeverBase | None:
    parameter = leaves.parameter(entries, value, node, key)
    return None if parameter is None else LeverBase(parameter, parameter.default)


def _rate(
    figure: Node, entries: dict[str, Node], node: Node, key: str, leaves: Leaves
) -> LeverBase | None:
    """A lever that follows from a figure of each division (its ledger line shows the low end)."""
    word = leaves.checks.text(figure, f"{key}.value.per_100k_residents")
    if word is None:
        return None
    if word not in DIVISION_FIGURES:
        names = tuple(DIVISION_FIGURES)
        leaves.faults.unknown(figure.spot, key, "no such figure of a division", word, names)
        return None
    base = _plain(entries, entries.get("low", figure), node, key, leaves)
    return None if base is None else replace(base, per_100k=word)

"""Turns dotted settings (`policies.mediation.staff_per_10k=60`) into a tree to lay on top."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sim.scenario import wording
from sim.scenario.chain import NOT_INHERITED
from sim.scenario.faults import Faults
from sim.scenario.from_python import from_python
from sim.scenario.merge import merged, unfolded
from sim.scenario.node import Node, Source, Spot
from sim.scenario.read import read_text

SCENARIO = "scenario"  # a setting that names another scenario altogether
_MOST_PARTS = 12


def with_settings(tree: Node, settings: Mapping[str, Any], faults: Faults) -> Node:
    """The tree with every setting laid over it, in the order given.

    A value that is text is read as YAML, as a command line would write it: `60`, `[a, b]`,
    `{default: .3, divisions: {yangcheng: .5}}`, `2021-01-01`.
    """
    for key, value in settings.items():
        if key == SCENARIO:
            continue
        layer = _layer(str(key), value, faults)
        if layer is not None:
            tree = merged(tree, layer)
    return tree


def _layer(key: str, value: Any, faults: Faults) -> Node | None:
    source = Source(f"--set {wording.short(key)}", Path.cwd())
    if not is_settable(key, Spot(source), faults):
        return None
    node = _value(value, key, source, faults)
    return None if node is None else layer(key, node, faults)


def is_settable(key: str, spot: Spot, faults: Faults) -> bool:
    """Whether a dotted key may be set from outside a file; if not, a fault is noted."""
    parts = key.split(".")
    trouble = ""
    if not all(part.strip() for part in parts):
        trouble = wording.KEY_NOT_WORD
    elif parts[0] in NOT_INHERITED:
        trouble = wording.NOT_SETTABLE
    elif len(parts) > _MOST_PARTS:
        trouble = wording.TOO_DEEP.format(limit=_MOST_PARTS)
    if trouble:
        faults.add(spot, key, trouble)
    return not trouble


def layer(key: str, node: Node, faults: Faults) -> Node:
    """A value under its dotted key, ready to be merged over a scenario."""
    for part in reversed(key.split(".")):
        node = Node({part: node}, node.spot, node.key_spot)
    return unfolded(node, faults)


def _value(value: Any, key: str, source: Source, faults: Faults) -> Node | None:
    if not isinstance(value, str):
        return from_python(value, Spot(source), faults, key)
    if not value.strip():
        faults.add(Spot(source), key, wording.EMPTY)
        return None
    own = Faults()
    node = read_text(value, source, own)
    for fault in own.sorted():  # a command has no lines to point at
        faults.add(Spot(source), key, fault.trouble, fault.allowed)
    return None if node is None or own else node.at(Spot(source))

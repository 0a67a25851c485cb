"""Lays a scenario over the one it extends.

Mappings merge key by key; lists, schedules and single values replace what was there. One value is
short for a default: `{divisions: ...}` over a number or a word keeps it for the other divisions.
"""

from sim.scenario import wording
from sim.scenario.faults import Faults
from sim.scenario.node import Node

DOTTED = ("parameters", "policies")  # sections whose keys may be written `grid.paperwork_share`
_MOST_DOTS = 8


def merged(below: Node, above: Node) -> Node:
    """`above` laid over `below`."""
    over, under = above.value, below.value
    if not isinstance(over, dict):
        return above
    if isinstance(under, int | float | str) and "divisions" in over:
        return Node({"default": below, **over}, above.spot, above.key_spot)
    if not isinstance(under, dict):
        return above
    entries = dict(under)
    for key, child in over.items():
        entries[key] = merged(under[key], child) if key in under else child
    return Node(entries, above.spot, above.key_spot)


def unfolded(tree: Node, faults: Faults) -> Node:
    """The tree with dotted keys of parameters and policies spelt as mappings in mappings."""
    entries = dict(tree.children)
    for key in DOTTED:
        if key in entries and entries[key].children:
            entries[key] = _unfolded(entries[key], key, faults)
    return Node(entries, tree.spot, tree.key_spot)


def _unfolded(node: Node, path: str, faults: Faults) -> Node:
    if not isinstance(node.value, dict):
        return node
    entries: dict[str, Node] = {}
    for written, child in node.value.items():
        full = f"{path}.{written}"
        first, *rest = _parts(written)
        value = _unfolded(child, full, faults)
        for key in reversed(rest):
            value = Node({key: value}, child.spot, child.key_spot)
        entries[first] = _joined(entries.get(first), value, full, faults)
    return Node(entries, node.spot, node.key_spot)


def _parts(written: str) -> list[str]:
    """The keys that a dotted one is short for; what is no such key stays as it was written."""
    parts = written.split(".")
    return parts if len(parts) <= _MOST_DOTS + 1 and all(parts) else [written]


def _joined(first: Node | None, second: Node, path: str, faults: Faults) -> Node:
    """Two spellings of one mapping as one; a value that both give is a fault."""
    if first is None:
        return second
    if not isinstance(first.value, dict) or not isinstance(second.value, dict):
        where = f"line {first.key_spot.line}" if first.key_spot.line else str(first.key_spot)
        faults.add(second.key_spot, path, wording.TWICE.format(where=where))
        return first
    entries = dict(first.value)
    for key, child in second.value.items():
        entries[key] = _joined(entries.get(key), child, path, faults)
    return Node(entries, first.spot, first.key_spot)

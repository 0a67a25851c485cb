"""A factor: a dotted key of the scenario and the values that it takes, a list or a range.

Every value is a node that knows where it was written, so that whatever the scenario has against it
is told at its line of the experiment file.
"""

import math
from dataclasses import dataclass
from typing import Any

from sim.experiment import wording
from sim.scenario import wording as words
from sim.scenario.checks import Checks
from sim.scenario.node import Node

KEYS = ("low", "high", "levels", "log", "whole")
MOST_LEVELS = 1000
_DIGITS = 10  # of a value from a range: no more than a reader would write


@dataclass(frozen=True)
class Factor:
    """One dotted key that a design varies.

    A list has `nodes`, one a value, equally likely; a range has `low` and `high`, and in a
    factorial design `levels` values with equal steps (equal ratios where it is `log`). A `whole`
    range takes whole numbers only.
    """

    key: str
    node: Node
    nodes: tuple[Node, ...] = ()
    low: float = 0.0
    high: float = 0.0
    levels: int | None = None
    log: bool = False
    whole: bool = False

    @property
    def is_range(self) -> bool:
        """Whether it is a range rather than a list."""
        return not self.nodes

    @property
    def values(self) -> tuple[Any, ...]:
        """The values of a list, plain; those of a range with levels."""
        return tuple(node.plain() for node in self.levelled())

    def levelled(self) -> tuple[Node, ...]:
        """The values that a factorial design takes."""
        if not self.is_range:
            return self.nodes
        count = self.levels or 0
        return tuple(self.at(step / (count - 1)) for step in range(count))

    def ends(self) -> tuple[Node, ...]:
        """The values to check by themselves: all of a list, both ends of a range."""
        return self.nodes or (self.at(0.0), self.at(1.0))

    def at(self, share: float) -> Node:
        """The value at a share from 0 to 1 of the way through its values."""
        if not self.is_range:
            return self.nodes[min(int(share * len(self.nodes) + 1e-9), len(self.nodes) - 1)]
        if self.whole:
            low, high = int(self.low), int(self.high)
            steps = (high - low) * share if self.levels else (high - low + 1) * share - 0.5
            value: float = min(max(low + math.floor(steps + 0.5), low), high)
        elif self.log:
            value = _tidy(self.low * (self.high / self.low) ** share)
        else:
            value = _tidy(self.low + (self.high - self.low) * share)
        return Node(value, self.node.spot, self.node.key_spot)


def factor(key: str, node: Node, kind: str | None, checks: Checks) -> Factor | None:
    """The factor that an entry of `factors` states, for a kind of design; None with faults noted.

    Where the kind is not known (None), what any kind would take is taken. The values themselves
    are judged by the scenario, later.
    """
    path = f"factors.{key}"
    if node.broken:
        return None
    if isinstance(node.value, tuple):
        return _listed(key, node, path, kind, checks)
    if not isinstance(node.value, dict) or not set(node.value) & set(KEYS):
        what = words.EMPTY if node.value is None else wording.BAD_FACTOR.format(what=node.kind)
        checks.refuse(node, path, what)
        return None
    return _range(key, node, path, kind, checks)


def _listed(key: str, node: Node, path: str, kind: str | None, checks: Checks) -> Factor | None:
    if not node.items:
        checks.refuse(node, path, wording.NO_VALUES)
        return None
    if kind not in (None, "factorial") and len(node.items) < 2:
        checks.refuse(node, path, wording.NEEDS_TWO.format(kind=kind))
        return None
    seen: list[Any] = []
    for item in node.items:
        plain = item.plain()
        if plain in seen and not item.broken:
            written = words.short(str(plain))
            checks.refuse(item, path, wording.SAME_VALUE.format(written=written))
        seen.append(plain)
    return None if any(item.broken for item in node.items) else Factor(key, node, node.items)


def _range(key: str, node: Node, path: str, kind: str | None, checks: Checks) -> Factor | None:
    entries = checks.entries(node, path, KEYS)
    ends = [_end(entries, name, node, path, checks) for name in ("low", "high")]
    flags = {name: _flag(entries, name, path, checks) for name in ("log", "whole")}
    levels = _levels(entries, node, path, kind, checks)
    low, high = ends
    if low is None or high is None or levels is None or None in flags.values():
        return None
    log, whole = bool(flags["log"]), bool(flags["whole"])
    trouble = ""
    if not low < high:
        trouble = wording.NOT_UP.format(low=words.shown(low), high=words.shown(high))
    elif log and low <= 0:
        trouble = wording.NO_LOG
    elif whole and (low != int(low) or high != int(high)):
        trouble = wording.WHOLE_ENDS
    elif whole and levels > high - low + 1:
        facts = {"levels": levels, "low": words.shown(low), "high": words.shown(high)}
        trouble = wording.FEW_WHOLE.format(**facts)
    if trouble:
        checks.refuse(entries["low"], f"{path}.low", trouble)
        return None
    return Factor(key, node, (), low, high, levels or None, log, whole)


def _end(
    entries: dict[str, Node], name: str, node: Node, path: str, checks: Checks
) -> float | None:
    if name not in entries:
        checks.refuse(node, f"{path}.{name}", words.MISSING)
        return None
    return checks.number(entries[name], f"{path}.{name}")


def _flag(entries: dict[str, Node], name: str, path: str, checks: Checks) -> bool | None:
    return truth(entries[name], f"{path}.{name}", checks) if name in entries else False


def _levels(
    entries: dict[str, Node], node: Node, path: str, kind: str | None, checks: Checks
) -> int | None:
    """How many values of a range are taken; 0 where the design takes any of them."""
    if "levels" not in entries:
        if kind == "factorial":
            checks.refuse(node, path, wording.NEEDS_LEVELS)
            return None
        return 0
    where = f"{path}.levels"
    if kind == "morris":
        checks.refuse(entries["levels"], where, wording.LIST_LEVELS.format(kind=kind))
        return None
    if kind not in (None, "factorial"):
        trouble = wording.ONLY_WITH.format(kinds="factorial", kind=kind)
        checks.refuse(entries["levels"], where, trouble)
        return None
    return count(entries["levels"], where, 2, MOST_LEVELS, checks)


def count(node: Node, key: str, low: int, high: int, checks: Checks) -> int | None:
    """A whole number within a range."""
    value = checks.within(node, key, low, high, "a whole number", whole=True)
    return None if value is None else int(value)


def truth(node: Node, key: str, checks: Checks) -> bool | None:
    """True or false."""
    if isinstance(node.value, bool):
        return node.value
    trouble = words.NO_CHOICE.format(written=node.kind)
    checks.refuse(node, key, trouble, words.ALLOWED.format(names="true, false"))
    return None


def from_column(key: str, cells: "tuple[Node, ...]", head: Node) -> Factor:
    """The factor that a column of a table of settings is: its different values, as they come."""
    seen: dict[str, Node] = {}
    for cell in cells:
        seen.setdefault(repr(cell.plain()), cell)
    return Factor(key, head, tuple(seen.values()))


def _tidy(value: float) -> float:
    return float(f"{value:.{_DIGITS}g}")

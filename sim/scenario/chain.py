"""Reads a scenario together with the scenarios that it extends, and merges them."""

from pathlib import Path

from sim.scenario import wording
from sim.scenario.faults import Faults
from sim.scenario.find import shipped_scenarios
from sim.scenario.locate import located
from sim.scenario.merge import merged, unfolded
from sim.scenario.node import Node
from sim.scenario.read import read_file

NOT_INHERITED = ("extends", "name", "title", "why")
_MOST_PARENTS = 20


class Chain:
    """A scenario's file and its parents; `whole` tells whether all of them could be read."""

    def __init__(self, faults: Faults) -> None:
        self._faults = faults
        self._labels: list[str] = []
        self._files: list[Path] = []
        self.whole = True

    def read(self, path: Path, label: str) -> Node | None:
        """A file laid over its parents, or None when there is nothing to read."""
        self._labels.append(label)
        self._files.append(_same(path))
        tree = read_file(path, label, self._faults)
        if tree is None:
            self.whole = False
            return None
        return self.complete(tree)

    def complete(
        self, tree: Node, *, may_be_nameless: bool = False, path: Path | None = None
    ) -> Node | None:
        """A tree laid over its parents, or None when it is no mapping.

        A tree that may be nameless and is takes over its parent's name, title and reason. `path`
        is where a tree that is not read from there is to stand: no parent of it may be that file.
        """
        if path is not None:
            self._labels.append(tree.spot.source.label)
            self._files.append(_same(path))
        if not isinstance(tree.value, dict):
            self.whole = False
            if not tree.broken:
                self._faults.add(tree.spot, "", wording.NOT_MAPPING.format(what=tree.kind))
            return None
        tree = unfolded(tree, self._faults)
        parent = self._parent(tree.children.get("extends"))
        if parent is None:
            return tree
        nameless = may_be_nameless and "name" not in tree.children
        own = ("extends",) if nameless else NOT_INHERITED
        kept = {k: v for k, v in parent.children.items() if k not in own}
        return merged(Node(kept, parent.spot, parent.key_spot), tree)

    def _parent(self, extends: Node | None) -> Node | None:
        if extends is None or extends.broken:
            self.whole &= extends is None
            return None
        path = self._path(extends)
        if path is None:
            self.whole = False
            return None
        found, label = path
        if _same(found) in self._files:
            start = self._files.index(_same(found))
            chain = " -> ".join([*self._labels[start:], label])
            self._refuse(extends, wording.CYCLE.format(chain=chain))
            return None
        if len(self._files) > _MOST_PARENTS:
            self._refuse(extends, wording.LONG_CHAIN.format(limit=_MOST_PARENTS))
            return None
        return self.read(found, label)

    def _path(self, extends: Node) -> tuple[Path, str] | None:
        """The file that `extends` means and how to call it, or None with a fault noted."""
        written = extends.value
        if not isinstance(written, str) or not written:
            self._refuse(extends, wording.NOT_WORD.format(what=extends.kind))
            return None
        return located(written, extends.spot, "extends", shipped_scenarios(), self._faults)

    def _refuse(self, node: Node, trouble: str) -> None:
        self.whole = False
        self._faults.add(node.spot, "extends", trouble)


def _same(path: Path) -> Path:
    """The path by which a file is recognised whatever way led to it."""
    try:
        return path.resolve()
    except (OSError, RuntimeError, ValueError):
        return path

"""The social graph as NetworkX sees it: a frozen `networkx.Graph` over the compressed rows.

Adjacency, edge data and node attributes are mappings that read the arrays when asked, so that any
NetworkX function runs on the ties of a whole city without a copy. Nothing can be written through
them: adding, removing or setting raises NetworkXError. `networkx.Graph(graph)` and `graph.copy()`
give an ordinary graph that can be changed.
"""

from collections.abc import Iterator, Mapping
from typing import Any, NoReturn

import networkx as nx
import numpy as np

from sim.kernel import Table
from sim.world.graph_reading import read_graph
from sim.world.ties import LAYERS, Ties

__all__ = ["Neighbours", "ReadOnlyData", "SocialGraph", "read_graph"]

_LAYER_NAMES = tuple(
    " ".join(name for bit, name in enumerate(LAYERS) if mask >> bit & 1)
    for mask in range(1 << len(LAYERS))
)


def _frozen(*_: object, **__: object) -> NoReturn:
    raise nx.NetworkXError("frozen; take nx.Graph(g)")


class ReadOnlyData(dict[str, Any]):
    """The data of a node or an edge; copies of it are plain dicts, which can be written to."""

    __setitem__ = __delitem__ = __ior__ = _frozen
    update = pop = popitem = clear = setdefault = _frozen

    def __reduce__(self) -> tuple[type, tuple[dict[str, Any]]]:
        return dict, (dict(self),)


class _Rows(Mapping[int, Any]):
    """A mapping over the rows 0 to n - 1."""

    __slots__ = ("_n",)
    __setitem__ = __delitem__ = clear = _frozen

    def __init__(self, n: int) -> None:
        self._n = n

    def _row(self, node: object) -> int:
        """The row that a node names: like a dict, 3.0 and numpy's 3 are the node 3."""
        if isinstance(node, int | float | np.number) and node in range(self._n):
            return int(node)
        raise KeyError(node)

    def __contains__(self, node: object) -> bool:
        return isinstance(node, int | float | np.number) and node in range(self._n)

    def __iter__(self) -> Iterator[int]:
        return iter(range(self._n))

    def __len__(self) -> int:
        return self._n

    def copy(self) -> dict[int, Any]:
        """An ordinary dict of the same, which can be written to."""
        return {row: value.copy() for row, value in self.items()}


class Neighbours(Mapping[int, ReadOnlyData]):
    """One row of the adjacency: each person known, with the strength and layers of the tie."""

    __slots__ = ("_begin", "_end", "_ties")
    __setitem__ = __delitem__ = clear = _frozen

    def __init__(self, ties: Ties, row: int) -> None:
        self._ties = ties
        self._begin = int(ties.indptr[row])
        self._end = int(ties.indptr[row + 1])

    def _data(self, entry: int) -> ReadOnlyData:
        ties = self._ties
        kind = ties.kind[entry]
        layers = _LAYER_NAMES[ties.kind_layers[kind]]
        return ReadOnlyData(weight=float(ties.kind_strength[kind]), layers=layers)

    def __getitem__(self, node: int) -> ReadOnlyData:
        if isinstance(node, int | float | np.number):
            known = self._ties.indices[self._begin : self._end]
            entry = int(np.searchsorted(known, node))
            if entry < known.size and known[entry] == node:
                return self._data(self._begin + entry)
        raise KeyError(node)

    def __iter__(self) -> Iterator[int]:
        return iter(self._ties.indices[self._begin : self._end].tolist())

    def __len__(self) -> int:
        return self._end - self._begin

    def copy(self) -> dict[int, dict[str, Any]]:
        """An ordinary dict of the same, which can be written to."""
        return {node: data.copy() for node, data in self.items()}


class _Adjacency(_Rows):
    __slots__ = ("_ties",)

    def __init__(self, ties: Ties) -> None:
        super().__init__(ties.n)
        self._ties = ties

    def __getitem__(self, node: int) -> Neighbours:
        return Neighbours(self._ties, self._row(node))


class _Nodes(_Rows):
    __slots__ = ("_people",)

    def __init__(self, n: int, people: Table | None) -> None:
        super().__init__(n)
        self._people = people

    def __getitem__(self, node: int) -> ReadOnlyData:
        row = self._row(node)
        people = self._people
        if people is None:
            return ReadOnlyData()
        return ReadOnlyData((name, people.peek(name, row)) for name in people)


class SocialGraph(nx.Graph):
    """Ties between people as a frozen `networkx.Graph`.

    Nodes are person rows (int). A node's attributes are the columns of `people`, an edge's are
    `weight` (the strength) and `layers` (names joined by blanks, such as "kin coworkers", so that
    the graph can be written as GraphML). Called without ties, as NetworkX calls the class of a
    graph for copies and subgraphs, it makes an ordinary `networkx.Graph`.
    """

    frozen = True  # what networkx.is_frozen asks

    def __new__(cls, ties: object = None, *args: Any, **attributes: Any) -> Any:
        """The frozen graph of `ties`, or an ordinary graph of anything else."""
        if isinstance(ties, Ties):
            return super().__new__(cls)
        return nx.Graph(ties, *args, **attributes)

    def __init__(self, ties: Ties, people: Table | None = None, **attributes: Any) -> None:
        super().__init__(**attributes)
        if people is not None and len(people) != ties.n:
            raise ValueError(f"{ties.n} people have ties, the table has {len(people)}")
        self.ties = ties
        self.people = people
        self._adj = _Adjacency(ties)
        self._node = _Nodes(ties.n, people)

    add_node = add_nodes_from = remove_node = remove_nodes_from = _frozen
    add_edge = add_edges_from = add_weighted_edges_from = _frozen
    remove_edge = remove_edges_from = update = clear = clear_edges = _frozen

    def __reduce__(self) -> tuple[Any, ...]:
        return _restored, (type(self), self.ties, self.people, dict(self.graph))

    def number_of_edges(self, u: int | None = None, v: int | None = None) -> int:
        """Ties in all, or between two people; no row is read for the total."""
        if u is None:
            return self.ties.indices.size // 2
        return int(super().number_of_edges(u, v))


def _restored(
    kind: type[SocialGraph], ties: Ties, people: Table | None, attributes: dict[str, Any]
) -> SocialGraph:
    graph: SocialGraph = kind(ties, people)
    graph.graph.update(attributes)
    return graph

"""NetworkX works on the social graph as on a graph of its own, but cannot change it."""

import copy
import io
import pickle

import networkx as nx
import numpy as np
import pytest

from sim.kernel import Column, Table
from sim.world.graph import SocialGraph
from sim.world.ties import LAYER_BITS, Ties

PEOPLE = 30


def some_ties() -> Ties:
    """A random graph with a separate pair and somebody alone (the last three people)."""
    luck = np.random.default_rng(5)
    a, b = luck.integers(0, PEOPLE - 3, 60), luck.integers(0, PEOPLE - 3, 60)
    apart = a != b
    a, b = np.append(a[apart], PEOPLE - 3), np.append(b[apart], PEOPLE - 2)
    strength = luck.random(a.size).astype(np.float32) + np.float32(0.1)
    return Ties.from_edges(PEOPLE, a, b, strength, luck.integers(1, 64, a.size))


def some_people() -> Table:
    luck = np.random.default_rng(6)
    return Table(
        PEOPLE,
        id=np.arange(PEOPLE, dtype=np.uint64) + np.uint64(2**63),
        age=luck.integers(18, 90, PEOPLE).astype(np.int16),
        employed=luck.random(PEOPLE) < 0.5,
        income=luck.random(PEOPLE).astype(np.float32),
    )


@pytest.fixture
def graph() -> SocialGraph:
    return SocialGraph(some_ties(), some_people())


@pytest.fixture
def plain(graph) -> nx.Graph:
    """The same graph, built edge by edge from the arrays."""
    ties, people, same = graph.ties, graph.people, nx.Graph()
    for row in range(PEOPLE):
        same.add_node(row, **{name: people[name][row].item() for name in people})
    for a, b, strength, mask in zip(*(part.tolist() for part in ties.pairs()), strict=True):
        names = [name for name, bit in LAYER_BITS.items() if mask & bit]
        same.add_edge(a, b, weight=strength, layers=" ".join(names))
    return same


def same_graph(first: nx.Graph, second: nx.Graph) -> bool:
    nodes = dict(first.nodes(data=True)) == dict(second.nodes(data=True))
    return nodes and first.adj == second.adj


def test_it_is_a_networkx_graph_of_the_same_nodes_ties_and_data(graph, plain):
    assert isinstance(graph, nx.Graph)
    assert nx.is_frozen(graph)
    assert same_graph(graph, plain)
    assert graph.number_of_nodes() == PEOPLE
    assert graph.number_of_edges() == graph.size() == plain.number_of_edges()
    assert graph.size(weight="weight") == pytest.approx(plain.size(weight="weight"))
    assert dict(graph.degree) == dict(plain.degree)
    assert set(map(frozenset, graph.edges)) == set(map(frozenset, plain.edges))


@pytest.mark.parametrize(
    "copied",
    [
        nx.Graph,
        lambda g: g.copy(),
        lambda g: g.copy(as_view=True),
        lambda g: g.__class__(g),
        lambda g: g.to_undirected(),
        lambda g: g.subgraph(list(g)).copy(),
        lambda g: pickle.loads(pickle.dumps(g)),
        copy.copy,
        copy.deepcopy,
        lambda g: nx.compose(g, g),
    ],
)
def test_copies_are_the_same_graph(graph, plain, copied):
    assert same_graph(copied(graph), plain)


@pytest.mark.parametrize("copied", [nx.Graph, lambda g: g.copy(), lambda g: g.to_undirected()])
def test_a_copy_can_be_changed_and_leaves_the_graph_alone(graph, plain, copied):
    changed = copied(graph)
    assert not nx.is_frozen(changed)
    changed.add_edge(0, PEOPLE - 1, weight=9.0)
    changed.nodes[0]["age"] = 3
    edge = next(iter(changed.edges))
    changed.edges[edge]["weight"] = 5.0
    assert same_graph(graph, plain)


def test_called_without_ties_it_makes_an_ordinary_graph():
    empty = SocialGraph()
    empty.add_edge("a", "b")
    assert type(empty) is nx.Graph
    assert SocialGraph([(1, 2)]).has_edge(2, 1)


def test_pickles_stay_frozen_graphs_with_their_graph_attributes(graph):
    graph.graph["name"] = "晋城"
    again = pickle.loads(pickle.dumps(graph))
    assert isinstance(again, SocialGraph)
    assert again.graph["name"] == "晋城"


def test_directed_copies_have_both_directions(graph, plain):
    assert nx.utils.graphs_equal(graph.to_directed(), plain.to_directed())
    assert set(graph.to_directed(as_view=True).edges) == set(plain.to_directed().edges)


def test_subgraphs_agree(graph, plain):
    assert same_graph(graph.subgraph(range(12)), plain.subgraph(range(12)))
    some = list(plain.edges)[:5]
    assert same_graph(graph.edge_subgraph(some), plain.edge_subgraph(some))
    heavy = nx.subgraph_view(graph, filter_edge=lambda a, b: graph[a][b]["weight"] > 0.5)
    assert all(data["weight"] > 0.5 for _, _, data in heavy.edges(data=True))


def test_graphml_brings_the_same_graph_back(graph, plain):
    file = io.BytesIO()
    nx.write_graphml(graph, file)
    file.seek(0)
    assert same_graph(nx.read_graphml(file, node_type=int), plain)


@pytest.mark.parametrize(
    "measure",
    [
        nx.core_number,
        nx.clustering,
        nx.average_clustering,
        nx.transitivity,
        nx.degree_assortativity_coefficient,
        nx.to_dict_of_dicts,
        lambda g: sorted(map(sorted, nx.connected_components(g))),
        lambda g: dict(nx.all_pairs_shortest_path_length(g)),
        lambda g: dict(nx.all_pairs_dijkstra_path_length(g, weight="weight")),
        lambda g: nx.betweenness_centrality(g, weight="weight"),
        lambda g: nx.pagerank(g, weight="weight"),
        lambda g: nx.attribute_mixing_dict(g, "employed"),
        lambda g: nx.to_numpy_array(g, weight="weight").tolist(),
        lambda g: sorted(nx.ego_graph(g, 0)),
        lambda g: nx.minimum_spanning_tree(g).size(weight="weight"),
        lambda g: nx.adjacency_data(g)["adjacency"],
    ],
)
def test_networkx_measures_agree_with_a_plain_graph(graph, plain, measure):
    assert measure(graph) == measure(plain)


@pytest.mark.parametrize(
    "write",
    [
        lambda g: g.add_node(99),
        lambda g: g.add_nodes_from([99]),
        lambda g: g.remove_node(0),
        lambda g: g.remove_nodes_from([0]),
        lambda g: g.add_edge(0, 1),
        lambda g: g.add_edges_from([(0, 1)]),
        lambda g: g.add_weighted_edges_from([(0, 1, 1.0)]),
        lambda g: g.remove_edge(*next(iter(g.edges))),
        lambda g: g.remove_edges_from(g.edges),
        lambda g: g.update([(0, 1)]),
        lambda g: g.clear(),
        lambda g: g.clear_edges(),
        lambda g: g.nodes[0].update(age=3),
        lambda g: g.nodes[0].__setitem__("age", 3),
        lambda g: g.nodes[0].pop("age"),
        lambda g: g.edges[next(iter(g.edges))].__setitem__("weight", 3),
        lambda g: g.edges[next(iter(g.edges))].setdefault("colour", 3),
        lambda g: nx.set_node_attributes(g, 1, "colour"),
        lambda g: nx.set_edge_attributes(g, 1, "colour"),
        lambda g: nx.relabel_nodes(g, {0: 99}, copy=False),
        lambda g: nx.contracted_nodes(g, 0, 1, copy=False),
    ],
)
def test_whatever_writes_is_refused_with_the_way_out(graph, plain, write):
    with pytest.raises(nx.NetworkXError, match=r"frozen; take nx\.Graph\(g\)"):
        write(graph)
    assert same_graph(graph, plain)


@pytest.mark.parametrize("stranger", [PEOPLE, -1, "0", 0.5, None, (0, 1)])
def test_strangers_are_no_nodes(graph, stranger):
    assert stranger not in graph
    assert not graph.has_edge(0, stranger)
    with pytest.raises(KeyError):
        graph.nodes[stranger]
    with pytest.raises(KeyError):
        graph[stranger]


def test_numbers_of_numpy_name_nodes_as_python_numbers_do(graph):
    assert np.int64(3) in graph
    assert list(graph[np.int32(3)]) == list(graph[3])


def test_without_a_table_nodes_have_no_attributes():
    graph = SocialGraph(some_ties())
    assert graph.nodes[0] == {}


def test_a_table_of_other_people_is_refused():
    with pytest.raises(ValueError, match="30 people"):
        SocialGraph(some_ties(), Table(3))


def test_attributes_are_read_when_asked_for(graph):
    graph.people.age[0] = 55
    assert graph.nodes[0]["age"] == 55


def test_the_attributes_of_a_node_leave_columns_that_nobody_uses_out_of_memory():
    people = some_people()
    people.ensure("norm", Column("share", 0, 1, "civility", start=0.5))
    bytes_before = people.nbytes
    assert SocialGraph(some_ties(), people).nodes[3]["norm"] == 0.5
    assert people.nbytes == bytes_before

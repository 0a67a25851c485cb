"""A scenario's own graph is read whole, or refused with every fault and its line."""

import networkx as nx
import numpy as np
import pytest

from sim.kernel import ScenarioError
from sim.world.graph import SocialGraph, read_graph
from sim.world.ties import LAYER_BITS, Ties

FOUR = range(4)


def written(folder, name: str, text: str):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def pairs(ties: Ties) -> list[tuple[int, int, float]]:
    a, b, strength, _ = ties.pairs()
    return list(zip(a.tolist(), b.tolist(), strength.tolist(), strict=True))


def faults(source) -> list[str]:
    with pytest.raises(ScenarioError) as caught:
        read_graph(source, FOUR)
    return [str(fault) for fault in caught.value.faults]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("g.edgelist", "# ours\n0 1 0.5\n\n2 3\n"),
        ("g.edges", "0 1 0.5\n2 3\n"),
        ("g.txt", "0\t1  0.5  # strong\n2 3"),
        ("g.csv", "0,1,0.5\n2,3\n"),
        ("g.csv", "source,target,weight\n0, 1, 0.5\n2, 3,\n"),
        ("g.tsv", "a\tb\tweight\n0\t1\t0.5\n2\t3\t1\n"),
        ("图.txt", "\ufeff0 1 0.5\r\n2 3\r\n"),
        ("G.CSV", '"0","1","0.5"\n"2","3"\n'),
    ],
)
def test_edge_lists_are_read(tmp_path, name, text):
    ties = read_graph(written(tmp_path, name, text), FOUR)
    assert pairs(ties) == [(0, 1, 0.5), (2, 3, 1.0)]
    assert ties.in_layer("friends").all()


def test_people_may_be_given_as_a_number(tmp_path):
    assert read_graph(written(tmp_path, "g.txt", "0 1"), 4).n == 4


def test_a_pair_listed_both_ways_is_one_tie_of_the_larger_weight(tmp_path):
    ties = read_graph(written(tmp_path, "g.txt", "0 1 0.5\n1 0 0.75\n"), FOUR)
    assert pairs(ties) == [(0, 1, 0.75)]


@pytest.mark.parametrize("node_type", [int, str])
def test_graphs_of_networkx_are_read_with_either_kind_of_name(node_type):
    graph = nx.Graph([(node_type(0), node_type(1), {"weight": 0.5}), (node_type(2), node_type(3))])
    assert pairs(read_graph(graph, FOUR)) == [(0, 1, 0.5), (2, 3, 1.0)]


def test_direction_and_repetition_are_ignored():
    directed = nx.MultiDiGraph([(0, 1), (1, 0), (0, 1), (3, 2)])
    assert pairs(read_graph(directed, FOUR)) == [(0, 1, 1.0), (2, 3, 1.0)]


def test_layers_are_kept_where_they_are_given():
    graph = nx.Graph()
    graph.add_edge(0, 1, layers="kin coworkers")
    graph.add_edge(0, 2, layers=["online"])
    graph.add_edge(0, 3)
    ties = read_graph(graph, FOUR)
    kin_at_work = LAYER_BITS["kin"] | LAYER_BITS["coworkers"]
    expected = [kin_at_work, LAYER_BITS["online"], LAYER_BITS["friends"]]
    assert ties.layers[:3].tolist() == expected


@pytest.mark.parametrize("write", [nx.write_graphml, nx.write_edgelist])
def test_our_own_graph_written_by_networkx_comes_back(tmp_path, write):
    ties = Ties.from_edges(
        4, np.array([0, 1, 0]), np.array([1, 2, 3]), np.array([0.5, 0.1, 1.0]), np.array([5, 8, 32])
    )
    path = tmp_path / f"ours.{'graphml' if write is nx.write_graphml else 'edgelist'}"
    write(SocialGraph(ties), path)
    again = read_graph(path, FOUR)
    for name in ("indptr", "indices", "strength", "layers"):
        assert np.array_equal(getattr(again, name), getattr(ties, name))


def test_people_without_ties_may_be_missing_or_alone():
    graph = nx.empty_graph(4)
    graph.add_edge(0, 1)
    assert read_graph(graph, FOUR).isolated.tolist() == [False, False, True, True]
    assert read_graph(nx.empty_graph(4), FOUR).isolated.all()


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("g.txt", "0 1\n0 4\n", ["g.txt:2:3: graph: '4' is none of the people"]),
        ("g.txt", "0 -1\n", ["g.txt:1:3: graph: '-1' is none of the people"]),
        ("g.txt", "0 1\n2 2\n", ["g.txt:2:1: graph: person 2 is tied to themselves"]),
        ("g.txt", "0 1 -2\n", ["g.txt:1:5: graph: '-2' is not a weight"]),
        ("g.txt", "0 1 nan\n", ["g.txt:1:5: graph: 'nan' is not a weight"]),
        ("g.txt", "0 1 inf\n", ["g.txt:1:5: graph: 'inf' is not a weight"]),
        ("g.txt", "0 1 much\n", ["g.txt:1:5: graph: 'much' is not a weight"]),
        ("g.txt", "0 1 1 1\n", ["g.txt:1:5: graph: '1 1' is not a weight"]),
        ("g.txt", "0\n", ["g.txt:1:1: graph: is not a tie"]),
        ("g.csv", "0,1,1,1\n", ["g.csv:1:1: graph: is not a tie"]),
        ("g.csv", "0,1\nx,2\n", ["g.csv:2:1: graph: 'x' is none of the people"]),
        ("g.txt", " \n", ["g.txt: graph: holds nothing"]),
        ("g.txt", "# none\n", ["g.txt: graph: holds no ties"]),
        ("g.graphml", "", ["g.graphml: graph: holds nothing"]),
        ("g.graphml", "<graphml>\n<a></b>", ["g.graphml:2:6: graph: is not XML: mismatched tag"]),
        ("g.graphml", "<html></html>", ["g.graphml: graph: is not GraphML that can be read"]),
        ("g.gexf", "0 1", ["g.gexf: graph: a graph cannot be read from .gexf file"]),
        (
            "g.txt",
            "0 9\n1 1\n0 1 x\n",
            [
                "g.txt:1:3: graph: '9' is none of the people",
                "g.txt:2:1: graph: person 1 is tied to themselves",
                "g.txt:3:5: graph: 'x' is not a weight",
            ],
        ),
    ],
)
def test_what_is_wrong_in_a_file_is_said_with_its_line(tmp_path, name, text, expected):
    found = faults(written(tmp_path, name, text))
    assert len(found) == len(expected)
    assert all(line.startswith(start) for line, start in zip(found, expected, strict=True))


def test_faults_of_graphml_carry_the_line_of_the_node_or_edge(tmp_path):
    text = """<graphml xmlns="http://graphml.graphdrawing.org/xmlns">
  <key id="w" for="edge" attr.name="weight" attr.type="double"/>
  <graph edgedefault="undirected">
    <node id="0"/>
    <node id="n1"/>
    <edge source="0" target="1"/>
    <edge target="2" source="3"><data key="w">-1</data></edge>
  </graph>
</graphml>
"""
    assert [
        fault.split(": graph: ")[0] for fault in faults(written(tmp_path, "g.graphml", text))
    ] == [
        "g.graphml:5:5",
        "g.graphml:7:5",
    ]


def test_a_default_weight_of_graphml_is_used(tmp_path):
    text = """<graphml xmlns="http://graphml.graphdrawing.org/xmlns">
  <key id="w" for="edge" attr.name="weight" attr.type="double"><default>0.25</default></key>
  <graph edgedefault="directed"><edge source="0" target="1"/></graph>
</graphml>
"""
    assert pairs(read_graph(written(tmp_path, "g.graphml", text), FOUR)) == [(0, 1, 0.25)]


def test_a_file_that_is_missing_or_not_utf8_is_refused(tmp_path):
    assert "cannot be read" in faults(tmp_path / "none.txt")[0]
    (tmp_path / "g.txt").write_bytes("0 1 # 晋城".encode("gbk"))
    assert "not UTF-8" in faults(tmp_path / "g.txt")[0]


def test_what_is_no_graph_at_all_is_refused():
    assert "dict is no graph" in faults({0: [1]})[0]


def test_a_wrong_layer_is_refused_with_the_one_meant():
    graph = nx.Graph()
    graph.add_edge(0, 1, layers="neighbors")
    assert "did you mean neighbours?" in faults(graph)[0]


@pytest.mark.parametrize("name", [True, 1.0, "one", 4])
def test_names_that_are_not_the_numbers_of_people_are_refused(name):
    assert "is none of the people" in faults(nx.Graph([(0, name)]))[0]


def test_a_file_full_of_faults_shows_twenty_and_counts_the_rest(tmp_path):
    found = faults(written(tmp_path, "g.txt", "0 7\n" * 50))
    assert len(found) == 21
    assert "30 more faults" in found[-1]

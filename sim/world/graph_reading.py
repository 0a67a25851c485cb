"""Reads the social graph that a scenario brings: GraphML, an edge list, or a networkx.Graph.

People are named by their number, 0 to n - 1, in the order of the people table. A tie without a
weight has strength 1; one without layers counts as friendship. Direction is ignored, and a pair
that is listed more than once is one tie of the largest weight.
"""

import ast
import csv
from collections.abc import Iterable, Iterator, Sized
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

from sim.kernel import Fault, ScenarioError
from sim.world.ties import Ties
from sim.world.written_ties import TieChecks, WrittenTie

GRAPH_SUFFIXES = (".graphml", ".edgelist", ".edges", ".txt", ".tsv", ".csv")
_SEPARATORS = {".csv": ",", ".tsv": "\t"}
_HEADINGS = {"a", "b", "source", "target", "from", "to", "person", "weight", "strength"}


def read_graph(source: object, person_ids: Sized | int) -> Ties:
    """The ties of a graph file or a `networkx.Graph` (of any kind, directed ones too).

    Args:
        source: a path ending in one of `GRAPH_SUFFIXES`, or a graph. An edge list has a tie a
            line, `a b` or `a b weight`, parted by blanks, in .csv by commas, in .tsv by tabs;
            `#` begins a comment, and .csv and .tsv may have a line of headings.
        person_ids: the people, or how many there are.

    Raises:
        ScenarioError: the file cannot be read, or ties in it are not ties between these people;
            the faults carry the line where there is one.
    """
    n = person_ids if isinstance(person_ids, int) else len(person_ids)
    if not isinstance(source, str | Path):
        nodes, written = _of_graph(source)
        return TieChecks("graph", n).ties(nodes, written)
    path = Path(source)
    suffix = path.suffix.lower()
    if suffix not in GRAPH_SUFFIXES:
        raise _refused(path.name, f"a graph cannot be read from {suffix or 'such a'} file",
                       f"one of {', '.join(GRAPH_SUFFIXES)}")  # fmt: skip
    text = _text(path)
    if not text.strip():
        raise _refused(path.name, "holds nothing", "one tie or more")
    reader = TieChecks(path.name, n, text)
    if suffix == ".graphml":
        nodes, written = _of_graph(_graphml(path))
    else:
        nodes, written = (), _of_lines(text, _SEPARATORS.get(suffix))
    return reader.ties(nodes, written)


def _refused(where: str, trouble: str, allowed: str, at: tuple[int, int] = (0, 0)) -> ScenarioError:
    return ScenarioError([Fault(where, *at, "graph", trouble, allowed)])


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise _refused(path.name, "is not UTF-8 text", "save the file as UTF-8") from None
    except OSError as error:
        raise _refused(path.name, f"cannot be read ({error.strerror})", "") from None


def _graphml(path: Path) -> Any:
    import networkx as nx  # only here: it takes a quarter of a second

    try:
        return nx.read_graphml(path, node_type=str)
    except ParseError as error:
        line, column = error.position
        trouble = f"is not XML: {str(error).split(':')[0]}"
        raise _refused(path.name, trouble, "GraphML", (line, column + 1)) from None
    except (nx.NetworkXError, KeyError, ValueError, TypeError, AttributeError) as error:
        trouble = f"is not GraphML that can be read: {str(error)[:80]}"
        raise _refused(path.name, trouble, "") from None


def _of_graph(graph: Any) -> tuple[Iterable[object], Iterator[WrittenTie]]:
    if not hasattr(graph, "edges"):
        raise _refused("graph", f"{type(graph).__name__} is no graph", "a path or a networkx.Graph")
    usual = graph.graph.get("edge_default", {}).get("weight", 1.0)
    return graph.nodes, (
        WrittenTie(first, second, data.get("weight", usual), data.get("layers"))
        for first, second, data in graph.edges(data=True)
    )


def _of_lines(text: str, separator: str | None) -> Iterator[WrittenTie]:
    first = True
    for number, line in enumerate(text.splitlines(), 1):
        bare = line.split("#", 1)[0].strip()
        if not bare:
            continue
        parts = _parts(bare, separator)
        heading = first and separator is not None and parts[0].lower() in _HEADINGS
        first = False
        if heading:
            continue
        weight, layers = _weight_and_layers(parts[2]) if len(parts) == 3 else (1.0, None)
        if 2 <= len(parts) <= 3:
            yield WrittenTie(parts[0], parts[1], weight, layers, number, line)
        else:
            yield WrittenTie(None, None, line=number, text=line)


def _parts(line: str, separator: str | None) -> list[str]:
    if separator is None:
        return line.split(maxsplit=2)
    cells = [cell.strip() for cell in next(csv.reader([line], delimiter=separator))]
    return cells[:-1] if len(cells) == 3 and not cells[2] else cells


def _weight_and_layers(written: str) -> tuple[object, object]:
    """The third part of a line: a number, or the data that `networkx.write_edgelist` writes."""
    if not written.startswith("{"):
        return written, None
    try:
        data = ast.literal_eval(written)
        return data.get("weight", 1.0), data.get("layers")
    except (ValueError, SyntaxError, AttributeError, RecursionError, MemoryError):
        return written, None

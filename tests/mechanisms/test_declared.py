"""A mechanism says which columns it uses: the drawing of who feeds whom depends on it."""

import ast
import inspect

import pytest

from sim.engine.order import WEEK
from sim.kernel import Mechanism

OWNERS = {name: kind for kind in WEEK for name in kind.writes}
TABLES = {name.partition(".")[0] for name in OWNERS}


def used(kind: type[Mechanism]) -> set[str]:
    """The columns, as `table.name`, that the file of a mechanism speaks of by attribute."""
    found = set()
    for node in ast.walk(ast.parse(inspect.getsource(inspect.getmodule(kind)))):
        if isinstance(node, ast.Attribute):
            table = home(node.value)
            if table in TABLES:
                found.add(f"{table}.{node.attr}")
    return found & set(OWNERS)


def home(node: ast.expr) -> str | None:
    """The table that an expression stands for: people, world.people, tables["people"]."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return node.attr
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
        return str(node.slice.value)
    return None


@pytest.mark.parametrize("kind", WEEK, ids=lambda kind: kind.name)
def test_no_mechanism_uses_a_column_of_another_without_saying_so(kind):
    declared = {*kind.reads, *kind.writes, *kind.adds}
    assert used(kind) - declared == set()


def test_a_column_has_one_owner():
    owned = [name for kind in WEEK for name in kind.writes]
    assert len(owned) == len(set(owned))


@pytest.mark.parametrize("kind", WEEK, ids=lambda kind: kind.name)
def test_flows_are_posted_to_and_other_columns_are_not(kind):
    others = [name for name in kind.adds if name in OWNERS and OWNERS[name] is not kind]
    assert [name for name in others if not OWNERS[name].writes[name].flow] == []


def test_the_check_sees_columns():
    (grievance,) = [kind for kind in WEEK if kind.name == "grievance"]
    assert {"people.grievance", "people.open_disputes"} <= used(grievance)

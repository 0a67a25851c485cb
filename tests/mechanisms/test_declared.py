"""A mechanism says which columns it uses: the drawing of who feeds whom depends on it."""

import ast
import importlib
import importlib.util
import inspect
from collections.abc import Iterator
from types import ModuleType

import pytest

from sim.engine.order import WEEK
from sim.kernel import Mechanism

OWNERS = {name: kind for kind in WEEK for name in kind.writes}
# Who somebody is and where: every mechanism may look at that, and the drawing leaves it out.
WHO_AND_WHERE = {
    f"people.{name}"
    for name in (
        "alive", "weight", "residents", "unit", "division", "kind", "cell", "registration",
        "household", "age", "age_band",
    )
}  # fmt: skip
TABLES = {name.partition(".")[0] for name in OWNERS}


def used(kind: type[Mechanism]) -> set[str]:
    """The columns, as `table.name`, that a mechanism speaks of by attribute or in a call.

    Looked at are its own file and those beside it that it imports, but for its known results.
    """
    found = set()
    for tree in trees(inspect.getmodule(kind)):
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute):
                table = home(node.value)
                if table in TABLES:
                    found.add(f"{table}.{node.attr}")
            elif isinstance(node, ast.Call):  # column_of(world, "table", "name", default)
                words = [each.value for each in node.args if isinstance(each, ast.Constant)]
                found.add(".".join(word for word in words if isinstance(word, str)))
    return found & set(OWNERS)


def trees(module: ModuleType) -> Iterator[ast.Module]:
    """The code of a mechanism's module and of those that it is made of."""
    seen, waiting = set(), [module]
    while waiting:
        module = waiting.pop()
        if module.__name__ in seen:
            continue
        seen.add(module.__name__)
        tree = ast.parse(inspect.getsource(module))
        yield tree
        froms = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
        named = [node.module for node in froms]
        named += [f"{node.module}.{each.name}" for node in froms for each in node.names]
        waiting += [
            importlib.import_module(name)
            for name in named
            if name and name.startswith("sim.mechanisms.") and not name.endswith("_limits")
            if find_spec_of(name)
        ]


def find_spec_of(name: str) -> bool:
    """Whether this is a module, and not something in one."""
    try:
        return importlib.util.find_spec(name) is not None
    except ModuleNotFoundError:
        return False


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
    assert used(kind) - declared - WHO_AND_WHERE == set()


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
    by_name = {kind.name: used(kind) for kind in WEEK}
    assert "divisions.move_factor" in by_name["migration"]  # as two words of a call
    assert "divisions.separation_ratio" in by_name["mobilisation"]

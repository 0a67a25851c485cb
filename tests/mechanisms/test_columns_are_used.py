"""No column is kept for nobody: some rule, outcome or view looks at each, and flows are fed."""

import ast
import inspect
import pkgutil
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from mechanisms.test_declared import trees
from sim.engine.order import WEEK
from sim.kernel import Mechanism

OWNERS = {name: kind for kind in WEEK for name in kind.writes}
FLOWS = [name for name, kind in OWNERS.items() if kind.writes[name].flow]
# Columns that no code looks at, and why they are kept.
UNREAD: dict[str, str] = {
    "jurisdictions.stage": "tells a reader how far talks have got; `ready` holds the days",
    "parcels.taken_at": "tells a reader when; exposures begin from the same moment",
    "people.trained_by": "tells a reader, as an attribute of Resident, how somebody was trained",
}
# Flows that no mechanism posts to, and why they are kept.
UNFED: dict[str, str] = {
    "people.act_logit_online": "one of a family of four; nothing draws people online as yet",
}
# Beside mechanisms, these look at columns: outcomes, Mesa's views, what mechanisms share.
READERS = ("sim.outcomes", "sim.world", "sim.engine")


def looked_at(tree: ast.AST) -> Iterator[str]:
    """Names of columns that code looks at; of a family, `act_logit_*`, what its names begin with.

    `table.x = ...`, `table.x[...] = ...` and `+=` only set a column. All else that speaks of it
    looks at it, also names that are written out for a loop.
    """
    only_set = set(map(id, _set_only(tree)))
    for node in ast.walk(tree):
        if id(node) in only_set:
            continue
        if isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.Subscript):
            key = node.slice
            if isinstance(key, ast.JoinedStr) and isinstance(key.values[0], ast.Constant):
                yield f"{key.values[0].value}*"
            elif isinstance(key, ast.Constant):
                yield str(key.value)
        elif isinstance(node, ast.Tuple | ast.List):
            for each in node.elts:
                if isinstance(each, ast.Constant):
                    yield str(each.value)
        elif isinstance(node, ast.Dict):
            for each in node.values:
                if isinstance(each, ast.Constant):
                    yield str(each.value)
        elif isinstance(node, ast.Call):
            for each in node.args:
                if isinstance(each, ast.Constant):
                    yield str(each.value)


def _set_only(tree: ast.AST) -> Iterator[ast.expr]:
    for node in ast.walk(tree):
        targets: list[ast.expr] = []
        if isinstance(node, ast.Assign):
            targets = node.targets
        elif isinstance(node, ast.AugAssign | ast.AnnAssign):
            targets = [node.target]
        for target in targets:
            for part in target.elts if isinstance(target, ast.Tuple) else [target]:
                yield part
                if isinstance(part, ast.Subscript):
                    yield part.value


def rules(kind: type[Mechanism]) -> Iterator[ast.AST]:
    """The code of a mechanism but for its class's declarations: to declare is not to use."""
    for tree in trees(inspect.getmodule(kind)):
        for node in tree.body:
            if isinstance(node, ast.ClassDef):
                yield from (part for part in node.body if isinstance(part, ast.FunctionDef))
            else:
                yield node


def other_code() -> Iterator[ast.Module]:
    for package in READERS:
        for found in pkgutil.iter_modules(import_module(package).__path__, f"{package}."):
            path = str(import_module(found.name).__file__)
            yield ast.parse(Path(path).read_text(encoding="utf-8"))


def is_among(column: str, found: set[str]) -> bool:
    """Whether the column is looked at, by its own name or as one of a family."""
    name = column.partition(".")[2]
    parts = name.split("_")
    families = {"_".join([*parts[:count], ""]) + "*" for count in range(1, len(parts))}
    return name in found or bool(families & found)


@pytest.fixture(scope="module")
def found() -> set[str]:
    seen = {name for kind in WEEK for node in rules(kind) for name in looked_at(node)}
    return seen | {name for tree in other_code() for name in looked_at(tree)}


def test_somebody_looks_at_every_column(found: set[str]) -> None:
    unread = {column for column in OWNERS if not is_among(column, found)}
    assert unread == set(UNREAD)


def test_every_flow_is_fed() -> None:
    fed = {name for kind in WEEK for name in kind.adds}
    assert {name for name in FLOWS if name not in fed} == set(UNFED)


def test_a_column_that_is_only_set_is_found_out() -> None:
    code = """
def step(self, world):
    world.units.paper[:] = 1.0
    world.units.paper += 2.0
    world.units[f"given_{name}"][:] = 3.0
    seen = world.units.seen * world.units[f"kept_{name}"]
    for name in ("first", "second"):
        use(name)
"""
    seen = set(looked_at(ast.parse(code)))
    for column in ("units.seen", "units.kept_care", "units.first", "units.second"):
        assert is_among(column, seen)
    for column in ("units.paper", "units.given_care", "units.third"):
        assert not is_among(column, seen)

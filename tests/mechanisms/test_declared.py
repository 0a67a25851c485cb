"""A mechanism says which columns it uses: the drawing of who feeds whom depends on it."""

import ast
import importlib
import importlib.util
import inspect
from collections.abc import Iterator
from types import ModuleType

import pytest

from sim.engine.ledger import full_ledger
from sim.engine.order import WEEK
from sim.kernel import Mechanism
from sim.world.messages import MESSAGES, TRANSITIONS

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


# What a mechanism calls, or which list of the world it names, when it leaves or takes a message.
LEAVES = {
    "open_issue": "issues.opened",
    "end_issue": "issues.ended",
    "expose": "exposed.rows",
    "end_exposures": "exposed.rows",
    "carry": "exposed.rows",
    "waits.record": "waits.days",
}
TAKES = {
    "posted_issues": "issues.opened",
    "how_ended": "issues.ended",
    "arising": "exposed.rows",
    "waits.expected": "waits.days",
}
LISTS = ("dismissed", "moved", "tie_drops", "parents", "resettled", "granted")


def messages(kind: type[Mechanism]) -> tuple[set[str], set[str]]:
    """The messages that the code of a mechanism leaves, and those that it takes."""
    leaves, takes = set(), set()
    for tree in trees(inspect.getmodule(kind)):
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call):
                continue
            name = home(node.func) or ""
            if name in ("record", "expected"):  # of the waits; others expect and record too
                name = f"{home(getattr(node.func, 'value', node))}.{name}"
            words = [each.value for each in node.args if isinstance(each, ast.Constant)]
            leaves |= {LEAVES[name]} if name in LEAVES else set()
            takes |= {TAKES[name]} if name in TAKES else set()
            if name == "post":  # post(world, reader, list, entry)
                leaves |= {f"lists.{word}" for word in words if word in LISTS}
            elif name in ("get", "setdefault") and words[:1] and words[0] in LISTS:
                (leaves if appended(tree, node) else takes).add(f"lists.{words[0]}")
    return leaves, takes


def appended(tree: ast.AST, call: ast.Call) -> bool:
    """Whether something is appended at once to the list that a call gives."""
    found = (node for node in ast.walk(tree) if isinstance(node, ast.Attribute))
    return any(node.value is call and node.attr == "append" for node in found)


@pytest.mark.parametrize("kind", WEEK, ids=lambda kind: kind.name)
def test_what_mechanisms_leave_for_each_other_is_declared_where_it_is_done(kind):
    leaves, takes = messages(kind)
    apart = set(MESSAGES) - {TRANSITIONS}
    assert leaves == apart & set(kind.adds)
    assert takes == apart & set(kind.reads)


def test_every_message_is_left_by_one_and_taken_by_another():
    for message in set(MESSAGES) - {TRANSITIONS}:
        left = {kind.name for kind in WEEK if message in kind.adds}
        taken = {kind.name for kind in WEEK if message in kind.reads}
        assert left, message
        assert taken, message
        assert not left & taken, message


def test_no_message_has_the_name_of_a_column():
    assert not set(MESSAGES) & set(OWNERS)


def test_the_check_sees_columns():
    (grievance,) = [kind for kind in WEEK if kind.name == "grievance"]
    assert {"people.grievance", "people.open_disputes"} <= used(grievance)
    by_name = {kind.name: used(kind) for kind in WEEK}
    assert "divisions.move_factor" in by_name["migration"]  # as two words of a call
    assert "divisions.separation_ratio" in by_name["mobilisation"]


def test_a_source_can_be_read_by_itself():
    """In a ledger that is sorted or searched nothing stands above `same`."""
    sources = {name: parameter.source for name, parameter in full_ledger().items()}
    assert [name for name, told in sources.items() if told in ("same", "as above", "ditto")] == []

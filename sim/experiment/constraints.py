"""Constraints between factors: conditions in the language of a small part of Python.

    policies.mediation.staff_per_10k <= 60
    cost <= 1.02 * base_cost
    cost.mediators + cost.grid_pay < 40e6 and scale == 0.01

Names are the experiment's factors and settings under their dotted keys; `cost` is what the levers
of a point cost the city's budgets in yuan a year on the first day, `base_cost` the same of the
scenario without its factors, and `cost.LINE` one line of it. Arithmetic, comparisons, and, or,
not, min, max and abs are all there is: no expression can do anything but compute.
"""

import ast
import math
import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sim.experiment import wording
from sim.kernel.fault import ShiyuError, nearest
from sim.scenario import wording as words
from sim.scenario.checks import Checks
from sim.scenario.node import Node, Spot

LONGEST = 1000
COSTS = ("cost", "base_cost")
_FUNCTIONS: dict[str, Callable[..., Any]] = {"min": min, "max": max, "abs": abs}
_TWO_SIDED: dict[type[ast.AST], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}
_ORDERED = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)


class NotComputedError(ShiyuError):
    """A constraint has no value at a point, such as a division by zero."""


@dataclass(frozen=True)
class Constraint:
    """A condition that every point of a design must meet."""

    text: str
    spot: Spot
    names: frozenset[str]
    tree: ast.expr

    @property
    def needs_cost(self) -> bool:
        """Whether it asks what a point costs."""
        return any(name.partition(".")[0] in COSTS for name in self.names)

    def holds(self, values: Mapping[str, Any]) -> bool:
        """Whether it holds for values by name.

        Raises NotComputedError where it cannot be computed.
        """
        try:
            return bool(_value(self.tree, values))
        except (ArithmeticError, TypeError) as error:
            raise NotComputedError(str(error)) from error


def constraint(
    node: Node, key: str, names: Sequence[str], lines: Sequence[str], checks: Checks
) -> Constraint | None:
    """The constraint that a text states, or None with faults noted.

    Args:
        node: the text.
        key: where it stands.
        names: the dotted keys that it may name.
        lines: the lines of the budget that `cost` has.
        checks: takes the faults.
    """
    text = checks.text(node, key)
    if text is None:
        return None
    if len(text) > LONGEST:
        checks.refuse(node, key, wording.TOO_LONG.format(limit=LONGEST))
        return None
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        why = error.msg if isinstance(error, SyntaxError) else str(error)
        checks.refuse(node, key, wording.NOT_EXPRESSION.format(why=words.short(why)))
        return None
    reading = _Reading(node, key, names, lines, checks)
    reading.look(tree)
    if not _is_condition(tree):
        reading.refuse(wording.NOT_CONDITION)
    if reading.refused:
        return None
    return Constraint(text.strip(), node.spot, frozenset(reading.found), tree)


class _Reading:
    """One look through an expression for what it may not hold."""

    def __init__(
        self, node: Node, key: str, names: Sequence[str], lines: Sequence[str], checks: Checks
    ) -> None:
        self.node, self.key, self.checks = node, key, checks
        self.names, self.lines = names, lines
        self.found: set[str] = set()
        self.refused = False

    def refuse(self, trouble: str, allowed: str = "", suggestion: str = "") -> None:
        """Note a fault at the constraint."""
        self.refused = True
        self.checks.faults.add(self.node.spot, self.key, trouble, allowed, suggestion)

    def look(self, tree: ast.expr) -> None:
        """Note what is not allowed, and gather the names."""
        name = _dotted(tree)
        if name is not None:
            self._name(name)
        elif isinstance(tree, ast.Call):
            self._call(tree)
        elif isinstance(tree, ast.BinOp | ast.BoolOp | ast.UnaryOp | ast.Compare):
            self._operation(tree)
        elif not (
            isinstance(tree, ast.Constant)
            and isinstance(tree.value, int | float | str)
            and _is_finite(tree.value)
        ):
            what = words.short(ast.unparse(tree))
            self.refuse(wording.NOT_ALLOWED.format(what=what))

    def _operation(self, tree: "ast.BinOp | ast.BoolOp | ast.UnaryOp | ast.Compare") -> None:
        operators: list[ast.AST] = list(tree.ops) if isinstance(tree, ast.Compare) else [tree.op]
        for one in operators:
            if type(one) not in _TWO_SIDED and not isinstance(
                one, ast.And | ast.Or | ast.Not | ast.USub | ast.UAdd
            ):
                self.refuse(wording.NOT_ALLOWED.format(what=type(one).__name__))
        for part in ast.iter_child_nodes(tree):
            if isinstance(part, ast.expr):
                self.look(part)

    def _call(self, tree: ast.Call) -> None:
        name = ast.unparse(tree.func)
        if name not in _FUNCTIONS:
            allowed = words.ALLOWED.format(names=", ".join(_FUNCTIONS))
            self.refuse(wording.NO_FUNCTION.format(written=words.short(name)), allowed)
        elif tree.keywords or (len(tree.args) != 1 if name == "abs" else len(tree.args) < 2):
            self.refuse(wording.NOT_ALLOWED.format(what=words.short(ast.unparse(tree))))
        for part in tree.args:
            self.look(part)

    def _name(self, name: str) -> None:
        first, _, line = name.partition(".")
        if first in COSTS:
            if line and line not in self.lines:
                near = nearest(line, self.lines)
                self.refuse(
                    wording.NO_LINE.format(written=words.short(line)),
                    words.ALLOWED.format(names=", ".join(self.lines)),
                    f"{first}.{near}" if near else "",
                )
        elif name not in self.names:
            near = nearest(name, self.names)
            allowed = words.ALLOWED.format(names=", ".join((*self.names, *COSTS)))
            self.refuse(wording.NO_NAME.format(written=words.short(name)), allowed, near)
        self.found.add(name)


def _dotted(tree: ast.expr) -> str | None:
    """The dotted name that an expression is, or None."""
    if isinstance(tree, ast.Name):
        return tree.id
    if isinstance(tree, ast.Attribute):
        before = _dotted(tree.value)
        return None if before is None else f"{before}.{tree.attr}"
    return None


def _is_condition(tree: ast.expr) -> bool:
    """Whether an expression is true or false rather than a number."""
    if isinstance(tree, ast.BoolOp):
        return all(map(_is_condition, tree.values))
    if isinstance(tree, ast.UnaryOp) and isinstance(tree.op, ast.Not):
        return _is_condition(tree.operand)
    return isinstance(tree, ast.Compare)


def _value(tree: ast.expr, values: Mapping[str, Any]) -> Any:
    """What an expression comes to."""
    name = _dotted(tree)
    if name is not None:
        return values[name]
    if isinstance(tree, ast.Constant):
        return tree.value
    if isinstance(tree, ast.BoolOp):
        results = (_value(part, values) for part in tree.values)
        return all(results) if isinstance(tree.op, ast.And) else any(results)
    if isinstance(tree, ast.UnaryOp):
        inner = _value(tree.operand, values)
        if isinstance(tree.op, ast.Not):
            return not inner
        return -_number(inner) if isinstance(tree.op, ast.USub) else _number(inner)
    if isinstance(tree, ast.BinOp):
        left, right = _number(_value(tree.left, values)), _number(_value(tree.right, values))
        return _TWO_SIDED[type(tree.op)](left, right)
    if isinstance(tree, ast.Call):
        parts = [_number(_value(part, values)) for part in tree.args]
        return _FUNCTIONS[ast.unparse(tree.func)](*parts)
    if isinstance(tree, ast.Compare):
        return _compared(tree, values)
    raise AssertionError("an expression was let through that has no meaning")


def _compared(tree: ast.Compare, values: Mapping[str, Any]) -> bool:
    left = _value(tree.left, values)
    for sign, part in zip(tree.ops, tree.comparators, strict=True):
        right = _value(part, values)
        sides = (_number(left), _number(right)) if isinstance(sign, _ORDERED) else (left, right)
        if not _TWO_SIDED[type(sign)](*sides):
            return False
        left = right
    return True


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(wording.NOT_NUMBER_HERE.format(written=words.short(str(value))))
    return value


def _is_finite(value: Any) -> bool:
    try:
        return isinstance(value, str) or math.isfinite(value)
    except OverflowError:  # a whole number beyond any float
        return False

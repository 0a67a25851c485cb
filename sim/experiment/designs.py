"""The designs: which combinations of values of its factors an experiment runs.

    factorial   every combination of the factors' values, the last factor changing fastest
    lhs         a Latin hypercube: each factor's range is cut into as many slices as there are
                samples, and each slice is met once (McKay, Beckman and Conover 1979)
    sobol       Saltelli's scheme on a scrambled Sobol sequence, for first and total indices
                (Saltelli 2002; Saltelli et al. 2010)
    morris      trajectories that change one factor at a time (Morris 1991; Campolongo et al. 2007)
    list        the rows of a table

Samples are drawn in the unit cube and carried over to the factors, with the experiment's seed.
"""

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.experiment import wording
from sim.experiment.factors import Factor, count, truth
from sim.scenario import wording as words
from sim.scenario.checks import Checks
from sim.scenario.node import Node

KINDS = ("factorial", "lhs", "sobol", "morris", "list")
MOST_POINTS = 200_000
# What each kind takes beside its name, and what it must have.
OPTIONS = {
    "factorial": (),
    "lhs": ("samples",),
    "sobol": ("samples", "second_order"),
    "morris": ("trajectories", "levels"),
    "list": ("file",),
}
NEEDED = {"lhs": "samples", "sobol": "samples", "morris": "trajectories", "list": "file"}
BREAKABLE = ("factorial", "lhs", "list")  # designs that stay what they are when points are left out


@dataclass(frozen=True)
class Design:
    """A kind of design with its options; those of other kinds stand at their defaults."""

    kind: str
    samples: int = 0
    second_order: bool = False
    trajectories: int = 0
    levels: int = 4
    file: Node | None = None

    def size(self, factors: Sequence[Factor]) -> int:
        """How many points it makes of these factors (of a list: none, its table says)."""
        width = len(factors)
        if self.kind == "factorial":
            return math.prod(len(f.nodes) or f.levels or 0 for f in factors)
        if self.kind == "lhs":
            return self.samples
        if self.kind == "sobol":
            return self.samples * ((2 * width + 2) if self.second_order else (width + 2))
        return self.trajectories * (width + 1)


def design(node: Node, checks: Checks) -> Design | None:
    """The design that an experiment file states, or None with faults noted.

    Where its options are at fault its kind alone is told, by which the factors can be judged.
    """
    every = ("kind", *dict.fromkeys(name for names in OPTIONS.values() for name in names))
    entries = checks.entries(node, "design", every)
    if "kind" not in entries:
        if isinstance(node.value, dict):
            checks.refuse(node, "design.kind", words.MISSING, words.ALLOWED.format(names=_names()))
        return None
    kind = checks.text(entries["kind"], "design.kind")
    if kind is None:
        return None
    if kind not in KINDS:
        trouble = wording.NO_KIND.format(written=words.short(kind))
        checks.faults.unknown(entries["kind"].spot, "design.kind", trouble, kind, KINDS)
        return None
    for name, child in entries.items():
        if name != "kind" and name not in OPTIONS[kind]:
            kinds = " or ".join(k for k in KINDS if name in OPTIONS[k])
            trouble = wording.ONLY_WITH.format(kinds=kinds, kind=kind)
            checks.refuse(child, f"design.{name}", trouble)
    needed = NEEDED.get(kind)
    if needed is not None and needed not in entries:
        checks.refuse(node, f"design.{needed}", words.MISSING)
    return _with_options(kind, entries, checks)


def _with_options(kind: str, entries: dict[str, Node], checks: Checks) -> Design:
    found: dict[str, Any] = {}
    for name in OPTIONS[kind]:
        child = entries.get(name)
        if child is None:
            continue
        where = f"design.{name}"
        if name == "file":
            found[name] = child if checks.text(child, where) is not None else None
        elif name == "second_order":
            found[name] = truth(child, where, checks)
        else:
            low = 2 if name == "samples" or name == "levels" else 1
            found[name] = count(child, where, low, MOST_POINTS, checks)
    plan = Design(kind, **{name: value for name, value in found.items() if value is not None})
    if kind == "sobol" and plan.samples.bit_count() > 1:
        trouble = wording.NOT_POWER.format(written=plan.samples)
        checks.refuse(entries["samples"], "design.samples", trouble)
    if kind == "morris" and plan.levels % 2:
        trouble = wording.ODD_LEVELS.format(written=plan.levels)
        checks.refuse(entries["levels"], "design.levels", trouble)
    return plan


def rows_of(plan: Design, factors: Sequence[Factor], seed: int) -> Iterator[tuple[Node, ...]]:
    """The values of every point, one for each factor, in the order of the design."""
    if plan.kind == "factorial":
        yield from itertools.product(*(factor.levelled() for factor in factors))
        return
    for row in unit_points(plan, len(factors), seed):
        yield tuple(factor.at(share) for factor, share in zip(factors, row, strict=True))


def unit_points(plan: Design, width: int, seed: int) -> np.ndarray:
    """The points of a sampled design in the unit cube, shape (points, factors)."""
    names = [f"x{number}" for number in range(width)]
    problem = {"num_vars": width, "names": names, "bounds": [[0.0, 1.0]] * width}
    seed = seed % 2**32
    if plan.kind == "lhs":
        from SALib.sample import latin

        return np.asarray(latin.sample(problem, plan.samples, seed=seed))
    if plan.kind == "sobol":
        from SALib.sample import sobol

        return np.asarray(
            sobol.sample(problem, plan.samples, calc_second_order=plan.second_order, seed=seed)
        )
    from SALib.sample import morris

    return np.asarray(morris.sample(problem, plan.trajectories, num_levels=plan.levels, seed=seed))


def _names() -> str:
    return ", ".join(KINDS)

"""Where do the factors lead to an outcome of interest: scenario discovery on a sweep's runs.

A point of the design is a case when the mean of the outcome over its replications passes a bound.
PRIM finds boxes of factor ranges that hold many cases and little else:

    coverage  share of all cases that lie in the box
    density   share of the points in the box that are cases
    mass      share of all points that lie in the box

The quasi-p-value of a limited factor is the chance that a box would hold so many cases, were each
of its points a case with the density that the box has without that limit (Bryant and Lempert 2010,
Technol. Forecast. Soc. Change 77, 34-49). "Quasi", since the same points chose the box; so every
factor is also tried on halves of the points drawn at random: `reproduced` is the share of these in
which the box limits it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from sim.analysis.boxes import Box, Marks, Space
from sim.analysis.cart import Tree, grow
from sim.analysis.prim import FEWEST, PEEL, Patience, balance, paste, peel
from sim.analysis.quasi_p import looser_boxes, quasi_p
from sim.kernel.fault import ShiyuError

BOXES = 3
WAYS: tuple[Patience, ...] = ("none", "some", "much")
HALVES = 20
DOUBT = 0.05  # a limit with a larger quasi-p-value is dropped


@dataclass(frozen=True)
class Step:
    """A box on the way from the whole space to the answer, and how good it is."""

    number: int
    kind: str  # peel, drop or paste
    box: Box
    coverage: float
    density: float
    mass: float
    points: int
    cases: int
    quasi_p: dict[str, float]


@dataclass(frozen=True)
class Found:
    """A box with the way to it; `chosen` is the number of its step."""

    steps: tuple[Step, ...]
    chosen: int
    reproduced: dict[str, float]
    inside: Marks

    @property
    def step(self) -> Step:
        """The step that was chosen."""
        return self.steps[self.chosen]


@dataclass(frozen=True)
class Discovery:
    """Boxes in the order in which they were found, and the tree beside them.

    `overlap` is the share of the points in the boxes or in clear leaves that lie in both.
    """

    points: int
    cases: int
    boxes: tuple[Found, ...]
    tree: Tree
    overlap: float

    @property
    def coverage(self) -> float:
        """The share of cases in all boxes together."""
        return sum(found.step.cases for found in self.boxes) / self.cases


def discover(
    space: Space,
    cases: Marks,
    *,
    boxes: int = BOXES,
    fewest: float = FEWEST,
    share: float = PEEL,
    chosen: int | None = None,
    seed: int = 1,
) -> Discovery:
    """Boxes that hold the cases, and a classification tree to check them.

    Args:
        space: the points.
        cases: which of them are of interest.
        boxes: how many boxes at most; each is sought among the points outside the ones before.
        fewest: share of the points that a box holds at least.
        share: of the box that a slice takes.
        chosen: the step of the first box to take; the one with the best balance of coverage and
            density unless told, less the limits with a large quasi-p-value, pasted.
        seed: of the halves drawn.

    Raises:
        ShiyuError: no point is a case, or every point is, or there is no such step.
    """
    count = int(cases.sum())
    if not 0 < count < len(cases):
        raise ShiyuError(f"{count} of the {len(cases)} points are cases: choose another bound")
    among = np.ones(len(cases), dtype=bool)
    found: list[Found] = []
    while len(found) < boxes:
        number = chosen if not found else None
        box = _one_box(space, cases, among, (share, fewest), number)
        if found and not _worth_it(box, cases):
            break
        reproduced = _reproduced(space, cases, among, (share, fewest), box.step.box, seed)
        steps = tuple(replace(step, box=space.on_levels(step.box)) for step in box.steps)
        found.append(replace(box, steps=steps, reproduced=reproduced))
        among = among & ~box.inside
        if not cases[among].any() or not box.step.box.limits:
            break
    tree = grow(space, cases, fewest=fewest)
    leaves = tuple(replace(leaf, box=space.on_levels(leaf.box)) for leaf in tree.leaves)
    tree = replace(tree, leaves=leaves)
    inside = np.logical_or.reduce([box.inside for box in found if box.step.box.limits] or [~among])
    either = inside | tree.clear
    overlap = float((inside & tree.clear).sum() / either.sum()) if either.any() else 0.0
    return Discovery(len(cases), count, tuple(found), tree, overlap)


def _one_box(
    space: Space,
    cases: Marks,
    among: Marks,
    sizes: tuple[float, float],
    chosen: int | None,
) -> Found:
    """The way to one box among some of the points."""
    share, fewest = sizes
    ways = [
        peel(space, cases, among, share=share, fewest=fewest, patience=patience)
        for patience in WAYS
    ]
    path = max(ways, key=lambda way: max(balance(cases, place.inside) for place in way))
    total = int(cases.sum())
    steps = [
        _step(n, "peel", place.box, (space, cases, among), total) for n, place in enumerate(path)
    ]
    best = max(range(len(path)), key=lambda n: balance(cases, path[n].inside))
    box = path[best].box
    while True:
        wider = looser_boxes(space, cases, among, box)
        looser = max(wider, key=lambda pair: pair[1], default=None)
        if looser is None or looser[1] <= DOUBT:
            break
        box = looser[0]
        steps.append(_step(len(steps), "drop", box, (space, cases, among), total))
    for place in paste(space, cases, among, box)[1:]:
        box = place.box
        steps.append(_step(len(steps), "paste", box, (space, cases, among), total))
    at = _last(steps, box).number
    if chosen is not None:
        if not 0 <= chosen < len(steps):
            raise ShiyuError(f"box {chosen}: the trajectory has the boxes 0 to {len(steps) - 1}")
        at = chosen
    return Found(tuple(steps), at, {}, steps[at].box.holds(space) & among)


def _last(steps: Sequence[Step], box: Box) -> Step:
    """The latest step with this box."""
    return next(step for step in reversed(steps) if step.box == box)


def _step(number: int, kind: str, box: Box, seen: tuple[Space, Marks, Marks], total: int) -> Step:
    """A box with its measures; coverage counts all cases, density those in `among`."""
    space, cases, among = seen
    inside = box.holds(space) & among
    points, hits = int(inside.sum()), int(cases[inside].sum())
    return Step(
        number,
        kind,
        box,
        hits / total,
        hits / points if points else 0.0,
        points / len(cases),
        points,
        hits,
        quasi_p(space, cases, among, box),
    )


def _worth_it(box: Found, cases: Marks) -> bool:
    """Whether a further box says something: it limits, and is denser than all points by chance."""
    from scipy.special import bdtrc

    step = box.step
    if not step.box.limits or not step.cases:
        return False
    return bool(bdtrc(step.cases - 1, step.points, float(cases.mean())) < DOUBT)


def _reproduced(
    space: Space,
    cases: Marks,
    among: Marks,
    sizes: tuple[float, float],
    box: Box,
    seed: int,
) -> dict[str, float]:
    """By factor of the box: in which share of random halves of the points it is limited too."""
    generator = np.random.default_rng(seed)
    rows = np.flatnonzero(among)
    counts = dict.fromkeys(box.limits, 0)
    for _ in range(HALVES):
        half = np.zeros(space.size, dtype=bool)
        half[generator.choice(rows, size=max(2, len(rows) // 2), replace=False)] = True
        if not cases[half].any():
            continue
        limited = _one_box(space.part(half), cases[half], among[half], sizes, None).step.box.limits
        for name in counts:
            counts[name] += name in limited
    return {name: count / HALVES for name, count in counts.items()}


def steps_table(found: Found) -> list[dict[str, Any]]:
    """The way to a box as rows: number, kind, coverage, density, mass, limits, quasi_p."""
    return [
        {
            "step": step.number,
            "kind": step.kind,
            "chosen": step.number == found.chosen,
            "coverage": step.coverage,
            "density": step.density,
            "mass": step.mass,
            "points": step.points,
            "cases": step.cases,
            "limits": limits_of(step),
        }
        for step in found.steps
    ]


def limits_of(step: Step) -> list[dict[str, Any]]:
    """The limits of a box, the surest first."""
    order = sorted(step.box.limits, key=lambda name: step.quasi_p[name])
    return [
        {
            "factor": name,
            "low": step.box.limits[name].low,
            "high": step.box.limits[name].high,
            "words": step.box.limits[name].words,
            "quasi_p": step.quasi_p[name],
        }
        for name in order
    ]

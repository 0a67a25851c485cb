"""Ties as somebody wrote them, and the checks that make them ties between known people."""

import math
import re
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from sim.kernel import Fault, ScenarioError, nearest
from sim.world.ties import LAYER_BITS, Ties

_SHOWN_FAULTS = 20
_SHOWN_LETTERS = 40


class WrittenTie(NamedTuple):
    """A tie as it is written, before anything about it is believed."""

    first: object  # None where a line does not name two people
    second: object
    weight: object = 1.0
    layers: object = None
    line: int = 0
    text: str = ""  # the line, in which a fault looks for its column


class TieChecks:
    """Believes what holds about the ties of one source and gathers every fault in the rest."""

    def __init__(self, where: str, n: int, text: str = "") -> None:
        self.where = where
        self.n = n
        self.text = text
        self.faults: list[Fault] = []
        self.more = 0

    def ties(self, nodes: Iterable[object], written: Iterable[WrittenTie]) -> Ties:
        """The ties that are written; raises ScenarioError with all faults."""
        people = [self._person(node, WrittenTie(node, None)) for node in nodes]
        first: list[int] = []
        second: list[int] = []
        weights: list[float] = []
        masks: list[int] = []
        for tie in written:
            ends = self._ends(tie)
            weight, mask = self._weight(tie), self._mask(tie)
            if ends is not None and weight is not None and mask is not None:
                first.append(ends[0])
                second.append(ends[1])
                weights.append(weight)
                masks.append(mask)
        if not (people or first or self.faults):
            self._refuse(None, "holds no ties", "one tie or more")
        if self.more:
            trouble = f"{self.more} more faults are not shown"
            self.faults.append(Fault(self.where, 0, 0, "graph", trouble))
        if self.faults:
            raise ScenarioError(self.faults)
        strength = np.array(weights, np.float32)
        return Ties.from_edges(
            self.n, np.array(first, np.int32), np.array(second, np.int32), strength,
            np.array(masks, np.uint8),
        )  # fmt: skip

    def _refuse(
        self,
        tie: WrittenTie | None,
        trouble: str,
        allowed: str,
        part: object = None,
        meant: str = "",
    ) -> None:
        if len(self.faults) >= _SHOWN_FAULTS:
            self.more += 1
            return
        at = (0, 0)
        if tie and tie.line:
            at = (tie.line, _column(tie, part))
        elif tie and self.text:
            at = self._place_in_text(tie)
        fault = Fault(self.where, *at, "graph", trouble, allowed, meant)
        if fault not in self.faults:
            self.faults.append(fault)

    def _place_in_text(self, tie: WrittenTie) -> tuple[int, int]:
        """Line and column of a node or edge of a GraphML file; (0, 0) if it cannot be told."""
        first, second = re.escape(str(tie.first)), re.escape(str(tie.second))
        pattern = rf"<node\b[^>]*\bid\s*=\s*[\"']{first}[\"']"
        if tie.second is not None:
            ways = (
                rf"(?=[^>]*\bsource\s*=\s*[\"']{a}[\"'])(?=[^>]*\btarget\s*=\s*[\"']{b}[\"'])"
                for a, b in ((first, second), (second, first))
            )
            pattern = rf"<edge\b(?:{'|'.join(ways)})"
        found = re.search(pattern, self.text)
        if not found:
            return 0, 0
        begin = found.start()
        return self.text.count("\n", 0, begin) + 1, begin - self.text.rfind("\n", 0, begin)

    def _person(self, name: object, tie: WrittenTie) -> int | None:
        digits = name.strip() if isinstance(name, str) else ""
        if isinstance(name, int | np.integer) and not isinstance(name, bool):
            digits = str(name)
        if re.fullmatch(r"[0-9]{1,18}", digits) and int(digits) < self.n:
            return int(digits)
        trouble = f"{_short(name)} is none of the people"
        self._refuse(tie, trouble, f"people are numbered 0 to {self.n - 1}", name)
        return None

    def _ends(self, tie: WrittenTie) -> tuple[int, int] | None:
        if tie.first is None or tie.second is None:
            self._refuse(tie, "is not a tie", "two people and perhaps a weight")
            return None
        first, second = self._person(tie.first, tie), self._person(tie.second, tie)
        if first is not None and first == second:
            self._refuse(tie, f"person {first} is tied to themselves", "two people", tie.first)
            return None
        return None if first is None or second is None else (first, second)

    def _weight(self, tie: WrittenTie) -> float | None:
        try:
            weight = float(tie.weight)  # type: ignore[arg-type]
        except (TypeError, ValueError):
            weight = math.nan
        narrow = np.float32(weight) if abs(weight) < np.finfo(np.float32).max else math.nan
        if narrow > 0.0:
            return weight
        trouble = f"{_short(tie.weight)} is not a weight"
        self._refuse(tie, trouble, "a number above 0", tie.weight)
        return None

    def _mask(self, tie: WrittenTie) -> int | None:
        if tie.layers is None:
            return LAYER_BITS["friends"]
        names = tie.layers.split() if isinstance(tie.layers, str) else tie.layers
        mask = 0
        for name in names if isinstance(names, Iterable) else (names,):
            if not isinstance(name, str) or name not in LAYER_BITS:
                allowed = f"one of {', '.join(LAYER_BITS)}"
                meant = nearest(str(name), LAYER_BITS)
                self._refuse(tie, f"{_short(name)} is no layer", allowed, name, meant)
                return None
            mask |= LAYER_BITS[name]
        return mask or LAYER_BITS["friends"]


def _short(value: object) -> str:
    written = repr(value) if isinstance(value, str) else str(value)
    return written if len(written) <= _SHOWN_LETTERS else written[:_SHOWN_LETTERS] + "..."


def _column(tie: WrittenTie, part: object) -> int:
    """Where in its line one part of a tie begins, counted from 1."""
    begin = 0
    for written in (tie.first, tie.second, tie.weight):
        begin = max(begin, tie.text.find(str(written), begin))
        if written is part:
            return begin + 1
        begin += len(str(written))
    return 1

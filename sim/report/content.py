"""What a report is made from: a comparison with its runs, names, parameters and provenance."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from sim.report.comparison import Row, rows_of
from sim.report.differences import ordered
from sim.report.left_out import left_out, told
from sim.report.names import Names

MOST_OUTCOMES = 10  # in the main figure, when the comparison does not say which


@dataclass(frozen=True)
class Content:
    """A comparison as `write_report` takes it, in a language; see there for the keys."""

    given: Mapping[str, Any]
    lang: str

    @cached_property
    def names(self) -> Names:
        """What things are called."""
        keys = ("scenarios", "outcomes", "groups")
        return Names(self.lang, *(self.given.get(key) or {} for key in keys))

    @cached_property
    def table(self) -> pd.DataFrame:
        """The comparison table, without what nothing makes."""
        return told(self.given)

    @cached_property
    def rows(self) -> list[Row]:
        """All rows, for everybody and by group."""
        return rows_of(self.table)

    @cached_property
    def everybody(self) -> list[Row]:
        """The rows about everybody."""
        return [row for row in self.rows if row.by is None]

    @property
    def baseline(self) -> str:
        """The name of the scenario that all are compared with."""
        return str(self.given["baseline"])

    @cached_property
    def policies(self) -> list[str]:
        """The other scenarios, in the order of their titles."""
        present = [row.scenario for row in self.everybody]
        return ordered(present, self.given.get("scenarios"), self.baseline)

    @cached_property
    def shown(self) -> list[str]:
        """The outcomes of the main figure."""
        present = list(dict.fromkeys(row.outcome for row in self.everybody))
        asked: Sequence[str] = self.given.get("headline") or present[:MOST_OUTCOMES]
        return [name for name in asked if name in present] or present[:MOST_OUTCOMES]

    @cached_property
    def primary(self) -> str:
        """The outcome that the answer is about: fixed beforehand, not the one that came out."""
        asked = str(self.given.get("primary") or "")
        if asked and not left_out(self.given, [asked]):
            return asked
        return self.shown[0] if self.shown else ""

    @cached_property
    def courses(self) -> pd.DataFrame | None:
        """The runs over time, or nothing."""
        frame = self.given.get("trajectory")
        if frame is None or not len(frame):
            return None
        return frame if isinstance(frame, pd.DataFrame) else pd.DataFrame(list(frame))

    @cached_property
    def with_course(self) -> list[str]:
        """The outcomes shown that have a course over time, the primary one first."""
        if self.courses is None:
            return []
        there = set(self.courses["outcome"])
        wanted = dict.fromkeys([self.primary, *self.shown])
        return [name for name in wanted if name in there]

    @property
    def replications(self) -> int:
        """Pairs of runs behind the comparison."""
        given = self.given.get("replications")
        return int(given or max((row.replications for row in self.everybody), default=0))

    def silent(self, policy: str) -> Container[str]:
        """The outcomes that neither a policy nor the baseline makes."""
        return (self.given.get("silent") or {}).get(policy, ())

    def of(self, policy: str) -> list[Row]:
        """A policy's rows about everybody."""
        return [row for row in self.everybody if row.scenario == policy]

    def find(self, policy: str, outcome: str) -> Row | None:
        """A policy's row about everybody in an outcome."""
        return next((row for row in self.of(policy) if row.outcome == outcome), None)

"""A lever's setting over time and divisions: what holds on a day, laid over the place's base."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Level:
    """A value for every division, for some, or both; what it leaves open stays at the base."""

    default: float | None = None
    divisions: tuple[tuple[str, float], ...] = ()

    def over(self, base: np.ndarray, divisions: Sequence[str]) -> np.ndarray:
        """The values by division, shape (divisions,)."""
        values = np.array(base, dtype=np.float64)
        if self.default is not None:
            values[:] = self.default
        for name, value in self.divisions:
            values[list(divisions).index(name)] = value
        return values

    def plain(self) -> Any:
        """As a scenario file would say it."""
        if not self.divisions:
            return self.default
        default = {} if self.default is None else {"default": self.default}
        return {**default, "divisions": dict(self.divisions)}


@dataclass(frozen=True)
class Dated:
    """A level that holds from a day on; None means from the start of the run."""

    since: date | None
    level: Level


@dataclass(frozen=True)
class Schedule:
    """Levels in the order of their days; before the first day the place's base holds."""

    steps: tuple[Dated, ...]

    def level_on(self, day: date) -> Level:
        """The level in force on a day."""
        found = Level()
        for step in self.steps:
            if step.since is None or step.since <= day:
                found = step.level
        return found

    def values(self, day: date, base: np.ndarray, divisions: Sequence[str]) -> np.ndarray:
        """The values in force on a day by division, shape (divisions,)."""
        return self.level_on(day).over(base, divisions)

    def in_force(self, start: date, last: date) -> list[tuple[date, Level]]:
        """What holds at the start, and what changes after it, up to the last day."""
        found = [(start, Level())]
        for step in self.steps:
            if step.since is None or step.since <= start:
                found[0] = (start, step.level)
            elif step.since <= last:
                found.append((step.since, step.level))
        return found

    def days(self) -> tuple[date, ...]:
        """The days on which the setting changes."""
        return tuple(step.since for step in self.steps if step.since is not None)

    def plain(self) -> Any:
        """As a scenario file would say it."""
        if len(self.steps) == 1 and self.steps[0].since is None:
            return self.steps[0].level.plain()
        return [
            {"from": step.since.isoformat(), "value": step.level.plain()}
            for step in self.steps
            if step.since is not None
        ]


def constant(value: float, **divisions: float) -> Schedule:
    """One value from the start on, with others for some divisions."""
    return Schedule((Dated(None, Level(value, tuple(sorted(divisions.items())))),))

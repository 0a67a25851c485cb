"""A scenario: one checked, frozen statement of what is to be run."""

import copy
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from math import ceil
from pathlib import Path
from typing import Any

import numpy as np

from sim.scenario.fields import DAYS_PER_YEAR
from sim.scenario.known import PlaceFacts
from sim.scenario.schedules import Schedule
from sim.scenario.shocks import Shock


@dataclass(frozen=True, eq=False)
class Scenario:
    """What a run simulates, checked: an instance is never half valid.

    `parameters` holds only what the scenario sets, by flat dotted name. `outcomes` None means
    all. `origins` tells for each dotted key which `file:line:column` it came from. `warnings` are
    values that are allowed, for stress tests, but outside their plausible range. `contents` holds
    hashes of the files that it brings (graph, mechanisms) and `moved` the parameters that differ
    from their defaults; both decide the run. The numbers of `place` are those that the scenario
    sets, where it sets them. `retuned` holds parameters of mechanisms that change on a day, which
    only a branch has (see `branching`).
    """

    name: str
    title: Mapping[str, str]
    why: Mapping[str, str]
    place: PlaceFacts
    scale: float
    start: date
    years: float
    step_days: float
    mechanisms: tuple[str, ...]
    parameters: Mapping[str, float] = field(default_factory=dict)
    policies: Mapping[str, Schedule] = field(default_factory=dict)
    shocks: tuple[Shock, ...] = ()
    outcomes: tuple[str, ...] | None = None
    graph: Path | None = None
    user_mechanisms: tuple[str, ...] = ()
    origins: Mapping[str, str] = field(default_factory=dict, repr=False)
    warnings: tuple[str, ...] = field(default=(), repr=False)
    contents: Mapping[str, str] = field(default_factory=dict, repr=False)
    moved: Mapping[str, float] = field(default_factory=dict, repr=False)
    written: Mapping[str, Any] = field(default_factory=dict, repr=False)
    retuned: tuple[tuple[date, Mapping[str, float]], ...] = ()

    @property
    def steps(self) -> int:
        """How many steps the reported time has."""
        return round(self.years * DAYS_PER_YEAR / self.step_days)

    def lever_values(self, day: date) -> dict[str, np.ndarray]:
        """Every lever on a day by division, shape (divisions,): the place's base, then policies.

        Before the start no policy holds: the year before it is the same under all of them.
        """
        period = bisect_right(self._turns, day)
        table = self._in_period.get(period)
        if table is None:
            table = self._in_period[period] = np.array(list(self._worked_out(day).values()))
        return dict(zip(self.place.bases, table.copy(), strict=True))

    def _worked_out(self, day: date) -> dict[str, np.ndarray]:
        values = {name: np.array(base, dtype=np.float64) for name, base in self.place.bases.items()}
        if day >= self.start:
            for name, schedule in self.policies.items():
                values[name] = schedule.values(day, values[name], self.place.divisions)
        return values

    @cached_property
    def _turns(self) -> list[date]:
        """The days on which levers may change, in a run or beyond its end."""
        return sorted({self.start}.union(*(s.days() for s in self.policies.values())))

    @cached_property
    def _in_period(self) -> dict[int, np.ndarray]:
        """Levers by division between two such days, as far as anybody has asked."""
        return {}

    def lever_days(self) -> tuple[date, ...]:
        """The days on which a lever may change: the start and those of schedules after it."""
        days = {self.start}
        for schedule in self.policies.values():
            days |= {day for day in schedule.days() if self.start < day <= self._last_day()}
        return tuple(sorted(days))

    def canonical(self) -> dict[str, Any]:
        """What decides a run, ready for JSON: the same for files that say the same.

        Levers stand as the values in force by division, so a policy that states the place's own
        values decides nothing and is left out. Name, title, reason and outcomes decide nothing.
        """
        later = [[day.isoformat(), dict(sorted(new.items()))] for day, new in self.retuned]
        return ({"retuned": later} if later else {}) | {
            "schema": 1,
            "place": self.place.content_hash,
            "scale": self.scale,
            "start": self.start.isoformat(),
            "years": self.years,
            "step_days": self.step_days,
            "mechanisms": list(self.mechanisms),
            "user_mechanisms": [
                [portable(name), self.contents.get(name, "")] for name in self.user_mechanisms
            ],
            "parameters": dict(sorted(self.moved.items())),
            "policies": self.policies_in_force(),
            "shocks": [shock.plain() for shock in self.shocks],
            "graph": self.contents.get("graph"),
        }

    def resolved(self) -> dict[str, Any]:
        """The merged scenario as a plain mapping, ready for JSON, which loads as this one."""
        return copy.deepcopy(dict(self.written))

    def policies_in_force(self) -> dict[str, list[list[Any]]]:
        """Rows of [day, values by division] for every lever that leaves its base."""
        found: dict[str, list[list[Any]]] = {}
        for name, schedule in sorted(self.policies.items()):
            base = np.array(self.place.bases[name], dtype=np.float64)
            last = base.tolist()
            rows: list[list[Any]] = []
            for day, level in schedule.in_force(self.start, self._last_day()):
                values = level.over(base, self.place.divisions).tolist()
                if values != last:
                    rows.append([day.isoformat(), values])
                    last = values
            if rows:
                found[name] = rows
        return found

    def _last_day(self) -> date:
        """The last day that a step of the run may still reach."""
        length = self.years * DAYS_PER_YEAR + self.step_days
        return self.start + timedelta(days=ceil(length))


def portable(name: str) -> str:
    """A user's mechanism without the folders of one machine; its file's hash stands beside it."""
    home, _, class_name = name.rpartition(":")
    return f"{Path(home).name}:{class_name}" if home.lower().endswith(".py") else name

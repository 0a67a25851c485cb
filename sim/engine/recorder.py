"""Notes moments of a run as it goes, and turns them into outcomes and curves."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np

from sim.engine.build import Running
from sim.kernel.clock import DAYS_PER_YEAR
from sim.outcomes import (
    CATALOGUE,
    Course,
    Moment,
    Outcome,
    Reading,
    Window,
    evaluate,
    groups_of,
    moment,
    reading,
)


class Recorder:
    """Notes moments of a run and turns them into outcomes and curves."""

    def __init__(self, running: Running, names: Sequence[str] | None) -> None:
        self._look_at(running, names)
        self.readings: list[Reading] = list(running.before)
        self.dates: list[date] = []
        self.yearly: list[dict[str, Any]] = []
        self.final: list[dict[str, Any]] = []
        self._years = 0
        self.start = self._year_began = moment(running.world, running.clock.begins)
        self._read()

    def _look_at(self, running: Running, names: Sequence[str] | None) -> None:
        self.running = running
        self.groups = groups_of(tuple(running.world.place.divisions))
        self.chosen: list[Outcome] = [CATALOGUE[name] for name in names or CATALOGUE]

    def noted(self) -> dict[str, Any]:
        """All that has been noted so far: what a recorder is beside what it looks at."""
        looks = ("running", "groups", "chosen")
        return {name: held for name, held in vars(self).items() if name not in looks}

    @classmethod
    def resumed(
        cls, running: Running, names: Sequence[str] | None, noted: Mapping[str, Any]
    ) -> "Recorder":
        """A recorder that goes on where another had come to."""
        recorder = cls.__new__(cls)
        recorder._look_at(running, names)
        vars(recorder).update(noted)
        return recorder

    @property
    def steps(self) -> int:
        """How many steps have been noted."""
        return len(self.dates)

    def after_step(self) -> None:
        """Note what curves need; at the end of a year, that year's outcomes."""
        self._read()
        running = self.running
        self.dates.append(running.clock.date)
        # the step nearest to the day a year ends, as the number of steps of a run is rounded
        if running.clock.begins >= (self._years + 1) * DAYS_PER_YEAR - running.clock.step_days / 2:
            self._end_year(moment(running.world, running.clock.begins))

    def curves(self, steps: int | None = None) -> dict[str, np.ndarray]:
        """The curves over the last so many steps (all of them): day, then one an outcome."""
        count = self.steps if steps is None else steps
        course = Course(self.running.world, self.readings, count)
        days = np.array([r.day for r in self.readings[len(self.readings) - count :]])
        return {"day": days} | {o.name: course.values(o) for o in self.chosen if o.weekly}

    def _read(self) -> None:
        running = self.running
        self.readings.append(reading(running.world, running.clock.begins, self.chosen))

    def _end_year(self, now: Moment) -> None:
        """The outcomes of the year that ends, for everybody."""
        self._years += 1
        year = {"by": "year", "group": str(self._years)}
        window = self.window(self._year_began, now)
        self.yearly += [row | year for row in evaluate(window, self.chosen, everybody_alone=True)]
        self._year_began = now

    def window(self, first: Moment, last: Moment) -> Window:
        """The time between two moments."""
        return Window(self.running.world, self.groups, first, last)

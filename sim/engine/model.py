"""The model as Mesa users know it: a `mesa.Model` that steps the week.

State stays in columns; offices, organisations and firms exist as agents from the start, people are
made when they are first asked for, so that a run that never asks pays nothing.
"""

import secrets
from typing import Any

import mesa
import numpy as np
from mesa.agent import AgentSet

from sim.engine.build import warm
from sim.engine.load import as_settings, load
from sim.engine.plan import check_outcome
from sim.engine.recorder import Recorder
from sim.engine.replications import check_seed
from sim.engine.run import apply_levers
from sim.kernel.fault import ShiyuError
from sim.world.agents import (
    Firm,
    GovernmentOffice,
    Jurisdiction,
    Migrant,
    Person,
    Resident,
    SocialOrganisation,
)

NON_LOCAL = 2


class GovernanceModel(mesa.Model):
    """A city and its countryside under a scenario, after the year of warm-up.

    Args:
        scenario: a shipped name, a path, a mapping or a checked Scenario.
        seed: the seed of all luck; None draws a fresh one, kept in `model.seed`.
        kwargs: dotted keys such as `policies.mediation.staff_per_10k`; or all of them as one
            mapping, `settings`. Mesa's pages know free keywords by this name alone.

    `running` turns False at the end date. `datacollector` gets one row of outcomes a step.
    `checked_scenario` is the scenario that is run.
    Raises ScenarioError for a bad scenario or setting.
    """

    def __init__(self, scenario: Any = "jincheng-2020", seed: int | None = None, **kwargs: Any):
        self.seed = secrets.randbits(32) if seed is None else check_seed(seed)
        super().__init__(rng=self.seed)
        chosen = as_settings(kwargs.pop("settings", None))
        self.checked_scenario = load(scenario, chosen | kwargs)
        self._count = 0
        self._persons: list[Person] | None = None
        self._away = self._here = np.zeros(0, bool)  # of the views: as they were when last seen
        self._seen = 0.0
        self._moving = warm(self.checked_scenario, self.seed)
        self._recorder = Recorder(self._moving, self.checked_scenario.outcomes)
        self._read = 0  # the step of which the curves below tell
        self._curves: dict[str, Any] = {}
        self._met = dict.fromkeys((GovernmentOffice, SocialOrganisation, Firm, Jurisdiction), 0)
        self._bodies: dict[int, SocialOrganisation] = {}
        self._meet_bodies()
        reporters = {
            outcome.name: [_latest, [self, outcome.name]]
            for outcome in self._recorder.chosen
            if outcome.weekly
        }
        self.datacollector = mesa.DataCollector(model_reporters=reporters)

    @property
    def scenario(self) -> None:
        """Nothing: newer Mesa keeps a kind of its own here. Ours is `checked_scenario`."""

    @scenario.setter
    def scenario(self, given: Any) -> None:
        """Mesa's own is not kept: its pages would start our model anew from it."""

    @property
    def world(self) -> Any:
        """The tables that everything stands on."""
        return self._moving.world

    @property
    def clock(self) -> Any:
        """The clock of the run."""
        return self._moving.clock

    @property
    def graph(self) -> Any:
        """The social graph over people: a frozen networkx.Graph; nodes are rows of people."""
        from sim.world.graph import SocialGraph

        return SocialGraph(self.world.ties, self.world.people)

    def step(self) -> None:
        """One step of the week under the levers in force."""
        apply_levers(self._moving, self.checked_scenario)
        self._moving.step()
        self._meet_bodies()
        self._recorder.after_step()
        self.datacollector.collect(self)
        if self.checked_scenario.steps <= self._recorder.steps:
            self.running = False

    def outcomes(self) -> Any:
        """Every outcome so far, for everybody and by group: a pandas DataFrame.

        Columns: outcome (its name), by and group (nan for everybody), value (nan where there is
        nothing to tell of, as of flows before the first step), unit.
        """
        import pandas as pd

        from sim.outcomes import evaluate, moment

        last = moment(self.world, self.clock.begins)
        window = self._recorder.window(self._recorder.start, last)
        with np.errstate(invalid="ignore", divide="ignore"):  # no time has passed
            return pd.DataFrame(evaluate(window, self._recorder.chosen))

    def latest(self, name: str) -> float:
        """The last value of an outcome that has a curve (nan before the first step).

        Raises ShiyuError for a name that is no outcome, or has no curve.
        """
        check_outcome(name)
        if not self._recorder.steps:
            return float("nan")
        if self._read != self._recorder.steps:
            self._read, self._curves = self._recorder.steps, self._recorder.curves(1)
        if name not in self._curves:
            raise ShiyuError(f"outcome {name}: has no curve, only a value of the whole run")
        return float(self._curves[name][-1])

    @property
    def agents(self) -> AgentSet:
        """Everybody: offices, organisations, firms, jurisdictions and people."""
        self._make_people()
        return self._all_agents

    @property
    def agent_types(self) -> list[type]:
        """The classes of agents."""
        self._make_people()
        return list(self._agents_by_type)

    @property
    def agents_by_type(self) -> dict[type, AgentSet]:
        """Agents by class."""
        self._make_people()
        return self._agents_by_type

    def person(self, row: int) -> Person:
        """The agent of one row of people, 0 and up. Raises IndexError where there is none."""
        self._make_people()
        assert self._persons is not None
        if not 0 <= row < len(self._persons):
            raise IndexError(f"person {row}: rows go from 0 to {len(self._persons) - 1}")
        return self._persons[row]

    def next_agent_number(self) -> int:
        """Numbers for agents, from 1 on within this model."""
        self._count += 1
        return self._count

    def _meet_bodies(self) -> None:
        """New bodies become agents; social organisations that ended are agents no more."""
        for kind, met in self._met.items():
            self._met[kind] = len(kind.rows_in(self.world))
            made = {row: kind(self, row) for row in range(met, self._met[kind])}
            if kind is SocialOrganisation:
                self._bodies |= made
        alive = self.world.organisations.alive
        for row in [row for row in self._bodies if not alive[row]]:
            self._bodies.pop(row).remove()

    def _make_people(self) -> None:
        """Views of everybody who is here, of the class that each belongs to now.

        Somebody who changed class keeps their view, and what was written on it; views of those
        who left are no longer among the agents.
        """
        people = self.world.people
        if self._persons is None:
            self._persons = []
        elif self._seen == self._moving.clock.begins and len(self._persons) == len(people):
            return
        self._seen = self._moving.clock.begins
        away = people.registration == NON_LOCAL
        for row in np.flatnonzero((self._away != away[: len(self._away)]) & self._here):
            _change_class(self, self._persons[row], Migrant if away[row] else Resident)
        for row in np.flatnonzero(self._here & ~people.alive[: len(self._here)]):
            self.deregister_agent(self._persons[row])
        for new in range(len(self._persons), len(people)):
            self._persons.append((Migrant if away[new] else Resident)(self, new))
            if not people.alive[new]:
                self.deregister_agent(self._persons[new])
        self._away, self._here = away, people.alive.copy()


def _change_class(model: GovernanceModel, person: Person, kind: type[Person]) -> None:
    """Let a view be of another class, with its number and what was written on it."""
    model.deregister_agent(person)
    object.__setattr__(person, "__class__", kind)
    model.register_agent(person)


def _latest(model: GovernanceModel, name: str) -> float:
    return model.latest(name)

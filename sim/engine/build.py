"""Builds the world of a replication: people, ties, offices, and the mechanisms that move them.

Every declared column exists from the start, also those of mechanisms that are switched off, so
that the others read its start. The 52 weeks of warm-up run at the base levers of the place, are
the same for every policy, and are not reported.
"""

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

import numpy as np

from sim.engine.memory import keep_freed_memory
from sim.engine.order import PREPARED, WEEK
from sim.engine.user_mechanisms import check_reads, user_mechanisms
from sim.kernel import WARM_UP_WEEKS, Clock, Draws, Mechanism, Table
from sim.outcomes import CATALOGUE, CURVE_DAYS, Reading, reading
from sim.scenario import Scenario
from sim.world.baseline import Baseline
from sim.world.disputes import Disputes
from sim.world.flows import KINDS, Flows
from sim.world.offices import OFFICE_KINDS
from sim.world.place import Place
from sim.world.population import populate
from sim.world.tie_building import build_ties
from sim.world.tie_measures import measured
from sim.world.waits import Waits
from sim.world.world import World

# Days that a case usually takes, by kind of office: the baseline that waits are compared with.
USUAL_DAYS = {
    "village": 12.7,
    "community": 5.7,
    "township": 5.4,
    "rooms": 20.0,
    "department": 13.8,
    "court": 56.0,
    "petition_office": 40.0,
}


@dataclass
class Running:
    """A world in motion: the world, its mechanisms in the week's order, and the clock."""

    world: World
    mechanisms: tuple[Mechanism, ...]
    clock: Clock
    before: tuple[Reading, ...] = ()  # the last quarter of the warm-up, where curves begin to look

    def twin(self) -> "Running":
        """An independent copy that shares only what never changes."""
        memo: dict[int, object] = {}
        world = self.world
        for shared in (world.place, world.ties, world.draws, self.before):
            memo[id(shared)] = shared
        return copy.deepcopy(self, memo)

    def retune(self, values: Mapping[str, float]) -> None:
        """From now on these parameters, by `mechanism.parameter`, have these values."""
        settings = self.world.tables["settings"]
        settings |= values
        for mechanism in self.mechanisms:
            if any(name.startswith(f"{mechanism.name}.") for name in values):
                mechanism.tune(own_settings(settings, type(mechanism)))

    def welcome(self, rows: np.ndarray) -> None:
        """People have joined: every mechanism gives them their start."""
        for mechanism in self.mechanisms:
            mechanism.welcome(self.world, self.clock, rows)

    def step(self) -> None:
        """One step: every mechanism in order, then the accounts are checked."""
        for mechanism in self.mechanisms:
            before = len(self.world.people)
            mechanism.step(self.world, self.clock)
            if len(self.world.people) > before:
                self.welcome(np.arange(before, len(self.world.people)))
        self.world.disputes.sweep()
        self.world.disputes.check()
        self.clock.advance()


def build(scenario: Scenario, seed: int) -> Running:
    """People, ties and offices of the scenario's place, with mechanisms prepared; not warmed up."""
    world = bare_city(scenario, seed)
    chosen = [kind for kind in WEEK if kind.name in scenario.mechanisms]
    users = user_mechanisms(scenario)
    check_reads(scenario, users, world)
    chosen += users
    settings = settings_of(scenario, [*WEEK, *chosen])
    world.tables["settings"] = settings
    world.tables["on"] = frozenset(kind.name for kind in chosen)
    for kind in {*WEEK, *chosen}:
        world.declare(kind.writes)
    made = {kind: kind(own_settings(settings, kind)) for kind in {*PREPARED, *chosen}}
    for kind in [*PREPARED, *(k for k in chosen if k not in PREPARED)]:
        if kind.name == "disputes" or "baseline" not in world.tables:
            world.tables["baseline"] = Baseline(world)
        made[kind].prepare(world)
    world.tables["baseline"] = Baseline(world)
    clock = Clock(scenario.start, scenario.step_days)
    return Running(world, tuple(made[kind] for kind in chosen), clock)


def warm(scenario: Scenario, seed: int) -> Running:
    """A built world after its 52 weeks of warm-up, ready for any policy."""
    running = build(scenario, seed)
    before = []
    for _ in range(round(WARM_UP_WEEKS * 7 / scenario.step_days)):
        if running.clock.begins > -CURVE_DAYS - 1e-9:
            before.append(reading(running.world, running.clock.begins, CATALOGUE.values()))
        running.step()
    running.world.flows.forget_samples()
    running.before = tuple(before)
    return running


def bare_city(scenario: Scenario, seed: int) -> World:
    """The tables of a place at a scale, before any mechanism has looked at them."""
    keep_freed_memory()
    place, draws = cast(Place, scenario.place), Draws(seed)
    people, units, offices, firms, organisations, office_of = populate(place, scenario.scale, draws)
    if scenario.graph is None:
        ties = build_ties(people, units, place.values, draws)
    else:
        from sim.world.graph_reading import read_graph

        ties = read_graph(scenario.graph, people.id)
    flows = Flows(len(place.divisions))
    world = World(
        place=place,
        seed=seed,
        scale=scenario.scale,
        draws=draws,
        people=people,
        units=units,
        offices=offices,
        firms=firms,
        organisations=organisations,
        office_of=office_of,
        ties=ties,
        flows=flows,
        disputes=Disputes(len(place.divisions), flows),
        levers={name: np.array(values, float) for name, values in place.bases.items()},
    )
    world.tables["divisions"] = Table(world.divisions)
    world.tables["cells"] = Table(world.divisions * len(KINDS))  # row = division x 3 + kind
    usual = np.array([USUAL_DAYS.get(kind, 0.0) for kind in OFFICE_KINDS])
    world.tables["waits"] = Waits(usual[offices.kind])
    world.tables["graph"] = measured(ties, people)
    return world


def settings_of(scenario: Scenario, kinds: list[type[Mechanism]]) -> dict[str, float]:
    """Every mechanism parameter in force, by `mechanism.parameter`."""
    settings = {
        f"{kind.name}.{name}": parameter.default
        for kind in kinds
        for name, parameter in kind.ledger().items()
    }
    changed = {name: v for name, v in scenario.parameters.items() if name in settings}
    return settings | changed


def own_settings(settings: dict[str, float], kind: type[Mechanism]) -> dict[str, float]:
    """The settings of one mechanism, by its own parameter names."""
    return {name: settings[f"{kind.name}.{name}"] for name in kind.ledger()}

"""A window of which every count is put in by hand, for tests of the formulas of outcomes."""

from types import SimpleNamespace

import numpy as np

from sim.outcomes import CATALOGUE
from sim.outcomes.window import Window, groups_of, moment
from sim.verify.bench import bare_world
from sim.world.world import World

YEAR = 365.25


def town(people: int = 1_000) -> World:
    """A bare world in which each adult stands for one resident."""
    return bare_world(people, 1)


def window(
    world: World,
    flows: dict[str, float] | None = None,
    division_flows: dict[str, float] | None = None,
    years: float = 1.0,
) -> Window:
    """A window over the world in which so many events of each name fell; it begins on day 0."""
    first = moment(world, 0.0)
    for name, count in (flows or {}).items():
        world.flows.add(name, world.people.cell[:1], np.array([count]))
    for name, count in (division_flows or {}).items():
        world.flows.add_divisions(name, np.array([count]))
    return Window(world, groups_of(("one",)), first, moment(world, years * YEAR))


def value(name: str, seen: Window, group: int = 0) -> float:
    """The value of an outcome, for everybody or for another group (1 is the division)."""
    return float(CATALOGUE[name].formula(seen)[group])


def table(**columns: object) -> SimpleNamespace:
    """A table of which only these columns are known."""
    arrays = {name: np.asarray(values) for name, values in columns.items()}

    class Rows(SimpleNamespace):
        def __len__(self) -> int:
            return len(next(iter(arrays.values())))

        def __getitem__(self, name: str) -> np.ndarray:
            return arrays[name]

    return Rows(**arrays)

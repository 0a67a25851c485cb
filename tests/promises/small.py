"""Small worlds for the promises: every mechanism in them, and built in a second or two."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pandas as pd

from sim.engine.build import Running
from sim.engine.load import load
from sim.kernel import Table
from sim.scenario import Scenario
from sim.world.disputes import Disputes
from sim.world.world import World

CITY = {"scale": 0.005, "time.years": 0.5}
TABLES = ("people", "offices", "units", "posts", "firms", "organisations")
SHARED = ("cells", "divisions")  # columns of several mechanisms, each of one owner
POSTED = ("exposed",)  # rows that whoever causes them adds, and disputes take out again


def city(**settings: Any) -> Scenario:
    """Half a year of Jincheng at the smallest scale; `__` in a setting's name stands for a dot."""
    return load("jincheng-2020", CITY | _dotted(settings))


def villages(**settings: Any) -> Scenario:
    """A quarter of a year of the two made-up villages."""
    return load("two-villages", {"time.years": 0.25} | _dotted(settings))


def _dotted(settings: dict[str, Any]) -> dict[str, Any]:
    return {name.replace("__", "."): value for name, value in settings.items()}


def tables_of(world: World) -> dict[str, Table]:
    """Every table of a world but that of disputes, by name."""
    found = {name: getattr(world, name) for name in TABLES}
    return found | {name: table for name, table in world.tables.items() if isinstance(table, Table)}


def columns_of(world: World) -> dict[str, np.ndarray]:
    """Copies of all columns of all tables, by `table.column`."""
    tables = tables_of(world) | {"disputes": world.disputes}
    return {f"{t}.{name}": table[name].copy() for t, table in tables.items() for name in table}


def differing(first: dict[str, np.ndarray], second: dict[str, np.ndarray]) -> set[str]:
    """The columns that are not the same to the last bit."""
    names = first.keys() | second.keys()
    return {name for name in names if not _same(first.get(name), second.get(name))}


def _same(first: np.ndarray | None, second: np.ndarray | None) -> bool:
    if first is None or second is None or first.dtype != second.dtype:
        return False
    return first.shape == second.shape and first.tobytes() == second.tobytes()


def state_of(running: Running) -> dict[str, np.ndarray]:
    """All that may change in a run: columns, running totals, accounts."""
    flows, disputes = running.world.flows, running.world.disputes
    found = columns_of(running.world)
    found |= {f"by cell: {name}": total.copy() for name, total in flows.by_cell.items()}
    found |= {f"by division: {name}": total.copy() for name, total in flows.by_division.items()}
    found |= {f"account: {name}": total.copy() for name, total in disputes.accounts.items()}
    return found


def assert_same_values(first: pd.DataFrame, second: pd.DataFrame) -> None:
    """Equal frames, to the last bit."""
    pd.testing.assert_frame_equal(first, second, check_exact=True)


@contextmanager
def openings(monkeypatch: Any) -> Iterator[list[pd.DataFrame]]:
    """Gathers the disputes that are opened meanwhile: whose, what, when, against whom."""
    kept: list[pd.DataFrame] = []
    names = ("id", "person", "domain", "opened", "intensity", "counterpart", "against")
    opening = Disputes.open

    def noted(self: Disputes, **columns: np.ndarray) -> None:
        kept.append(pd.DataFrame({name: np.array(columns[name]) for name in names}))
        opening(self, **columns)

    with monkeypatch.context() as patch:
        patch.setattr(Disputes, "open", noted)
        yield kept

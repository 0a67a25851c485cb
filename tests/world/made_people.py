"""Made-up people and units for tests of ties: households in rows, units in divisions."""

import numpy as np

from sim.kernel import Table
from sim.world.ties import LAYERS

_DEGREE = (1.4, 5.0, 4.0, 3.0, 3.0, 2.0)
_LOCAL_SHARE = (1.0, 1.0, 0.6, 0.4, 0.6, 0.1)
_STRENGTH = (1.0, 0.3, 0.6, 0.3, 0.5, 0.1)


def tie_values(**changed: float) -> dict[str, float]:
    """The values of a place, some of them changed: `tie_values(degree__kin=5)`."""
    values = {"ties.clustering": 0.25, "ties.homophily": 0.3}
    for layer, degree, local_share, strength in zip(
        LAYERS, _DEGREE, _LOCAL_SHARE, _STRENGTH, strict=True
    ):
        values[f"ties.degree.{layer}"] = degree
        values[f"ties.local_share.{layer}"] = local_share
        values[f"ties.strength.{layer}"] = strength
    return values | {f"ties.{name.replace('__', '.')}": v for name, v in changed.items()}


def made_people(
    sizes: list[int],
    divisions: list[int],
    *,
    kinds: list[int] | None = None,
    non_local_share: float = 0.25,
    employed_share: float = 0.6,
    largest_household: int = 4,
    seed: int = 1,
) -> tuple[Table, Table]:
    """People in units of these sizes; households of 1 to `largest_household`, each of one class."""
    luck = np.random.default_rng(seed)
    unit = np.repeat(np.arange(len(sizes)), sizes)
    household = np.empty(unit.size, np.int32)
    registration = np.empty(unit.size, np.int8)
    row = number = 0
    while row < unit.size:
        end = min(row + int(luck.integers(1, largest_household + 1)), unit.size)
        end = row + int(np.count_nonzero(unit[row:end] == unit[row]))
        household[row:end] = number
        registration[row:end] = 2 if luck.random() < non_local_share else number % 2
        row, number = end, number + 1
    division = np.array(divisions, np.int8)
    kind = np.array(kinds or [u % 3 for u in range(len(sizes))], np.int8)
    people = Table(
        unit.size,
        id=np.arange(unit.size, dtype=np.uint64) + np.uint64(1000),
        unit=unit.astype(np.int32),
        household=household,
        registration=registration,
        employed=luck.random(unit.size) < employed_share,
        division=division[unit],
        kind=kind[unit],
    )
    units = Table(
        len(sizes),
        id=np.arange(len(sizes), dtype=np.uint64) + np.uint64(50),
        division=division,
        kind=kind,
    )
    return people, units

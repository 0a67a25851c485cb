"""Family farms: firms of a village that live on the land let there."""

import numpy as np

from sim.kernel import entity_ids
from sim.mechanisms.place.parcels import M2_PER_MU
from sim.world.bodies import FARM, FIRM_KINDS
from sim.world.world import World


class Farms:
    """One farm for each so many mu let in a village.

    A farm starts when there is land for it and gives up when half of that is gone, so that a
    single lease does not make and unmake it. A farm that starts anew is the same firm.
    """

    def __init__(self, mu: float, jobs_per_mu: float) -> None:
        self._m2, self._jobs = mu * M2_PER_MU, mu * jobs_per_mu
        self._row: dict[tuple[int, int], int] = {}  # of each farm: (unit, number) -> row of firms
        self._start: np.ndarray | None = None

    def settle(self, world: World) -> None:
        """The farms on land that is let at the start."""
        self.follow(world)
        self._start = world.units.farms.copy()

    def follow(self, world: World) -> None:
        """Farms start and give up as land is let and taken back."""
        units = world.units
        room = units.let_m2 / self._m2
        wanted = np.clip(units.farms, np.floor(room), np.ceil(room - 0.5).clip(0.0)).astype(
            np.int32
        )
        changed = (wanted != units.farms).nonzero()[0]
        fresh = [
            (int(unit), number)
            for unit in changed
            for number in range(wanted[unit])
            if (int(unit), number) not in self._row
        ]
        if fresh:
            self.start(world, fresh)
        for unit in changed:
            for number in range(
                min(units.farms[unit], wanted[unit]), max(units.farms[unit], wanted[unit])
            ):
                world.firms.open[self._row[int(unit), number]] = number < wanted[unit]
        units.farms[:] = wanted
        if self._start is not None and len(changed):
            jobs = units.weight * (wanted - self._start) * self._jobs
            cell = units.division.astype(int) * 3 + units.kind
            total = np.bincount(cell, jobs, minlength=world.divisions * 3)
            world.tables["cells"].farm_jobs[:] = total

    def start(self, world: World, fresh: list[tuple[int, int]]) -> None:
        """New firms at the end of the table of firms."""
        unit, number = np.array(fresh).T
        units = world.units
        columns = {
            "id": entity_ids("farm", units.id[unit], number),
            "kind": np.int8(FIRM_KINDS.index(FARM)),
            "division": units.division[unit].astype(np.int8),
            "employees": 0.0,
            "weight": units.weight[unit],
            "village": unit,
        }
        rows = world.firms.grow(len(fresh), columns)
        self._row.update(zip(fresh, rows.tolist(), strict=True))

"""Columns of cells and divisions that another mechanism owns, read as they are or as neutral."""

import numpy as np

from sim.world.world import World


def column_of(world: World, table: str, name: str, neutral: float) -> np.ndarray:
    """A column of a table as float64; the neutral value everywhere if nobody declared it."""
    rows = world.tables[table]
    if name not in rows:
        return np.full(len(rows), neutral)
    values: np.ndarray = rows[name].astype(np.float64)
    return values

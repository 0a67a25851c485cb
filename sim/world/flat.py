"""Columns of cells and divisions that another mechanism owns, read as they are or as neutral."""

import numpy as np

from sim.world.flows import KINDS
from sim.world.world import World


def column_of(world: World, table: str, name: str, neutral: float) -> np.ndarray:
    """A column by cell or by division as float64; neutral everywhere if nobody declared it."""
    rows = world.tables.get(table)
    if rows is None or name not in rows:
        return np.full(world.divisions * (len(KINDS) if table == "cells" else 1), neutral)
    values: np.ndarray = rows[name].astype(np.float64)
    return values

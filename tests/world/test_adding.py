"""Rows that are named more than once are added to as often."""

import numpy as np
import pytest

from sim.world.adding import add_all, add_each, tally


def test_a_row_that_is_named_twice_is_added_to_twice():
    column = np.zeros(4, np.float32)
    add_each(column, np.array([1, 3, 3]), 0.5)
    add_all(column, np.array([3, 0]), np.array([1.0, 2.0]))
    assert column.tolist() == [2.0, 0.5, 0.0, 2.0]
    add_each(column, np.zeros(0, np.int64), 0.5)
    assert column.sum() == 4.5


@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_sums_are_those_of_numpy_to_the_last_bit(kind):
    start = (np.arange(50) / 7.0).astype(np.float32)
    rows, amounts = np.arange(200) * 7 % 50, (np.arange(200) / 11.0).astype(kind)
    ours, numpys = start.copy(), start.copy()
    add_each(ours, rows, 0.02)
    add_all(ours, rows, amounts)
    np.add.at(numpys, rows, 0.02)
    np.add.at(numpys, rows, amounts)
    assert ours.tobytes() == numpys.tobytes()


def test_places_of_a_table_are_counted():
    table = np.zeros((2, 3), np.int64)
    tally(table, np.array([1, 1, 0], np.int8), np.array([2, 2, 0], np.int8))
    assert table.tolist() == [[1, 0, 0], [0, 0, 2]]

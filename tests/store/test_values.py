"""Equal results are equal to the last bit, in whatever order and file they stand."""

import numpy as np
import pandas as pd

from sim.store.values import same_values

from .runs import a_trajectory, some_outcomes


def test_the_order_of_rows_and_columns_does_not_count():
    shuffled = some_outcomes().iloc[[2, 0, 1], [4, 3, 0, 2, 1]]
    assert same_values(some_outcomes(), shuffled)


def test_one_last_bit_counts():
    other = a_trajectory()
    other.loc[2, "escalation_share"] = np.nextafter(other.loc[2, "escalation_share"], 1)
    assert not same_values(a_trajectory(), other)


def test_missing_values_agree_and_zero_has_a_sign():
    assert same_values(pd.DataFrame({"x": [np.nan, 0.0]}), pd.DataFrame({"x": [np.nan, 0.0]}))
    assert not same_values(pd.DataFrame({"x": [0.0]}), pd.DataFrame({"x": [-0.0]}))


def test_a_missing_word_is_not_the_word_none():
    assert not same_values(pd.DataFrame({"by": [None]}), pd.DataFrame({"by": ["None"]}))


def test_another_column_or_another_row_counts():
    frame = a_trajectory()
    assert not same_values(frame, frame.rename(columns={"day": "week"}))
    assert not same_values(frame, frame.iloc[:-1])


def test_values_swapped_between_rows_count():
    frame = pd.DataFrame({"outcome": ["a", "b"], "value": [1.0, 2.0]})
    assert not same_values(frame, frame.assign(value=[2.0, 1.0]))


def test_a_value_of_single_precision_equals_the_same_value_of_double_precision():
    values = np.array([0.1, 1 / 3], dtype=np.float32)
    one, other = pd.DataFrame({"x": values}), pd.DataFrame({"x": values.astype(np.float64)})
    assert same_values(one, other)


def test_whole_results_are_compared_part_by_part():
    one = (some_outcomes(), a_trajectory())
    assert same_values(one, (some_outcomes(), a_trajectory()))
    assert not same_values(one, (some_outcomes(0.26), a_trajectory()))
    assert not same_values(one, (some_outcomes(),))
    assert not same_values(one, some_outcomes())

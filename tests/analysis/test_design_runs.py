"""A table of runs becomes arrays only where each run stands once, at its own point and seed."""

import numpy as np
import pandas as pd
import pytest

from sim.analysis.design_runs import IncompleteError, design_runs, plain_label
from sim.kernel.fault import ShiyuError
from tests.analysis.designs import fail, swept

POINTS = pd.DataFrame({"a": [3.0, 1.0, 2.0]})


def table(replications=2):
    """The outcome of point p in replication r is 10 p + r."""
    made = swept(POINTS, {"y": np.zeros(3)}, replications)
    return made.assign(y=10.0 * made["point"] + made["replication"])


def test_rows_are_points_and_columns_replications_whatever_the_order_of_the_table():
    mixed = table().sample(frac=1.0, random_state=4)
    found = design_runs(mixed, ["a"], ["y"])
    assert found.values["y"].tolist() == [[0, 1], [10, 11], [20, 21]]
    assert found.factors["a"].tolist() == [3, 1, 2]
    assert (found.points, found.seeds) == ((0, 1, 2), (1000, 1001))


def test_a_run_that_stands_twice_is_refused():
    twice = pd.concat([table(), table().iloc[[4]]], ignore_index=True)
    with pytest.raises(ShiyuError, match="point 1, replication 1 stands twice"):
        design_runs(twice, ["a"], ["y"])


def test_a_point_with_two_settings_is_refused():
    changed = table()
    changed.loc[4, "a"] = 7.0
    with pytest.raises(ShiyuError, match="a point of the design has two different settings"):
        design_runs(changed, ["a"], ["y"])


def test_a_column_that_is_not_there_and_a_table_without_runs_are_refused():
    with pytest.raises(ShiyuError, match="no factor 'b'"):
        design_runs(table(), ["b"], ["y"])
    with pytest.raises(ShiyuError, match="no column 'status'"):
        design_runs(table().drop(columns="status"), ["a"], ["y"])
    with pytest.raises(ShiyuError, match="the design has no runs"):
        design_runs(table().iloc[:0], ["a"], ["y"])


def test_a_run_without_a_row_is_missing_and_one_that_failed_has_no_value():
    lacking = fail(table(), 2, 0, "ValueError: no people\n  in a line of its own").drop(index=4)
    found = design_runs(lacking, ["a"], ["y"])
    assert list(map(str, found.lacking)) == [
        "point 1, replication 1, seed 1001: missing",
        "point 2, replication 0, seed 1000: failed: ValueError: no people",
    ]
    np.testing.assert_equal(found.values["y"], [[0, 1], [10, np.nan], [np.nan, 21]])
    with pytest.raises(IncompleteError, match="1 failed and 1 are missing, of 6:"):
        found.whole("y")


def test_a_value_of_a_run_that_is_not_done_counts_for_nothing():
    torn = table()
    torn.loc[5, "status"] = "missing"
    assert np.isnan(design_runs(torn, ["a"], ["y"]).values["y"][2, 1])


def test_a_run_without_a_finite_value_is_named():
    endless = table()
    endless.loc[3, "y"] = np.inf
    found = design_runs(endless, ["a"], ["y"])
    assert found.lacking == ()
    with pytest.raises(IncompleteError, match="in 1 of 6 runs: point 0, replication 1, seed 1001"):
        found.whole("y")


def test_yes_and_no_are_words_and_lists_are_told_apart_by_what_they_hold():
    assert [plain_label(True), plain_label(np.False_)] == ["true", "false"]
    assert plain_label([{"b": 1, "a": 2}]) == plain_label([{"a": 2, "b": 1}])

"""Regret is what a choice gives up against the best choice; worked out by hand here."""

import numpy as np
import pytest

from sim.analysis.design_runs import design_runs
from sim.analysis.trade_offs import best_in, efficient, trade_offs
from sim.kernel.fault import ShiyuError
from tests.analysis.designs import factorial, fail, swept

GOOD = {"y_conflict": "lower", "y_taking_part": "higher"}


def table_of(points, conflict, taking_part, **more):
    return swept(points, {"y_conflict": conflict, "y_taking_part": taking_part}, **more)


def found(table, factors, levers):
    return trade_offs(design_runs(table, factors, list(GOOD)), GOOD, levers)


def test_regret_in_one_state_by_hand():
    """Conflict 10, 6, 4 (lower is better): regret 6, 2, 0. Taking part 5, 7, 3: regret 2, 0, 4."""
    points = factorial(staff=[10, 20, 30])
    table = found(table_of(points, [10, 6, 4], [5, 7, 3]), ["staff"], ["staff"]).table
    assert table["y_conflict.regret"].tolist() == [6, 2, 0]
    assert table["y_taking_part.regret"].tolist() == [2, 0, 4]
    assert table["y_conflict.share"].tolist() == pytest.approx([1, 1 / 3, 0])
    assert table["y_taking_part.share"].tolist() == pytest.approx([0.5, 0, 1])
    assert table["worst_share"].tolist() == pytest.approx([1, 1 / 3, 1])
    assert table["least_regret"].tolist() == [False, True, False]
    assert table["efficient"].tolist() == [False, True, True]
    assert table["y_taking_part"].tolist() == [5, 7, 3]


def test_regret_counts_in_the_worst_state():
    """Shock 0: conflict 4, 5; shock 1: 20, 12. The first loses 8 in the shock, the second 1."""
    points = factorial(staff=[10, 20], shock=[0, 1])
    got = found(table_of(points, [4, 20, 5, 12], [1, 1, 1, 1]), ["staff", "shock"], ["staff"])
    assert got.states == 2
    assert got.crossed
    assert got.table["y_conflict.regret"].tolist() == [8, 1]
    assert got.table["y_conflict"].tolist() == [12, 8.5]
    assert "shock" not in got.table


def test_points_that_are_not_crossed_are_policies_of_their_own():
    points = factorial(staff=[10, 20], shock=[0, 1]).iloc[:3]
    got = found(table_of(points, [1, 2, 3], [1, 1, 1]), ["staff", "shock"], ["staff"])
    assert not got.crossed
    assert len(got.table) == 3
    assert got.levers == ("staff", "shock")


def test_the_interval_is_paired_with_the_best():
    points = factorial(staff=[10, 20])
    table = table_of(points, [3, 1], [1, 1], replications=5)
    table["y_conflict"] += 50 * table["replication"]
    row = found(table, ["staff"], ["staff"]).table.iloc[0]
    assert (row["y_conflict.low"], row["y_conflict.high"]) == (pytest.approx(2), pytest.approx(2))


def test_a_regret_has_the_t_interval_of_its_pairs():
    """Regrets 1 2 3 4 5: mean 3, half-width 2.776445 sqrt(.5) = 1.963243, or at 80 % 1.084135."""
    table = table_of(factorial(staff=[10, 20]), [1.0, 0.0], [1, 1], replications=5)
    luck = table["replication"] ** 2
    table["y_conflict"] = luck + table["y_conflict"] * (1.0 + table["replication"])
    runs = design_runs(table, ["staff"], list(GOOD))
    for level, half in ((0.95, 1.963243), (0.8, 1.084135)):
        row = trade_offs(runs, GOOD, ["staff"], level=level).table.iloc[0]
        found = row[["y_conflict.regret", "y_conflict.low", "y_conflict.high"]].tolist()
        assert found == pytest.approx([3.0, 3.0 - half, 3.0 + half], abs=1e-5)


def test_luck_shows_in_how_often_a_policy_is_efficient():
    points = factorial(staff=[10, 20, 30])
    table = table_of(points, [1.0, 1.02, 5.0], [1.0, 1.0, 0.0], replications=6, luck=0.2)
    got = found(table, ["staff"], ["staff"]).table
    assert got["efficient_share"].iloc[2] == 0
    assert 0 < got["efficient_share"].iloc[:2].min() < 1


def test_a_policy_is_efficient_in_as_many_resamples_as_chance_says():
    """Of two runs 0 and 4, drawn twice, the mean is below 1 when both are the first: one in 4."""
    points = factorial(staff=[10, 20])
    table = table_of(points, [0.0, 1.0], [1, 1], replications=2)
    table.loc[(table["point"] == 0) & (table["replication"] == 1), "y_conflict"] = 4.0
    shares = found(table, ["staff"], ["staff"]).table["efficient_share"]
    assert shares.tolist() == pytest.approx([0.25, 0.75], abs=0.12)  # 4 errors of 200 resamples


def test_of_one_run_each_all_choices_may_be_as_good():
    got = found(table_of(factorial(staff=[10, 20, 30]), [1, 2, 3], [1, 2, 3]), ["staff"], ["staff"])
    row, as_good = best_in(got, "y_conflict")
    assert (row["staff"], as_good) == (10, 2)


def test_a_policy_with_a_failed_run_is_left_out_and_counted():
    points = factorial(staff=[10, 20, 30])
    table = fail(table_of(points, [10, 6, 4], [5, 7, 3], replications=2), 2, 0)
    got = found(table, ["staff"], ["staff"])
    assert got.left_out == 1
    assert got.table["policy"].tolist() == [0, 1]
    assert got.table["y_conflict.regret"].tolist() == [4, 0]
    with pytest.raises(ShiyuError, match="fewer than two"):
        found(fail(table, 1, 0), ["staff"], ["staff"])


def test_equal_policies_do_not_dominate_one_another():
    costs = np.array([[1.0, 1.0, 2.0], [3.0, 3.0, 3.0]])
    assert efficient(costs).tolist() == [True, True, False]


def test_a_direction_must_be_known():
    points = factorial(staff=[10, 20])
    runs = design_runs(table_of(points, [1, 2], [1, 2]), ["staff"], list(GOOD))
    with pytest.raises(ShiyuError, match="better lower or higher"):
        trade_offs(runs, {"y_conflict": "none"}, ["staff"])


def test_an_outcome_that_no_policy_moves_decides_nothing():
    """Taking part differs by .0001, far less than the .005 of a share that anybody cares about."""
    points = factorial(staff=[10, 20])
    runs = design_runs(table_of(points, [10, 6], [0.3001, 0.3]), ["staff"], list(GOOD))
    units = {"y_conflict": "days", "y_taking_part": "share"}
    got = trade_offs(runs, GOOD, ["staff"], units=units)
    assert got.table["y_taking_part.share"].tolist() == pytest.approx([0, 0.02])
    assert got.table["least_regret"].tolist() == [False, True]
    assert got.smallest["y_taking_part"] == pytest.approx(0.005)
    assert got.smallest["y_conflict"] == pytest.approx(0.08)  # a hundredth of the mean of 10 and 6


def test_the_best_choice_for_an_outcome_comes_with_those_that_may_be_as_good():
    points = factorial(staff=[10, 20, 30])
    table = table_of(points, [1.0, 1.02, 5.0], [1, 2, 3], replications=6, luck=0.2)
    got = found(table, ["staff"], ["staff"])
    row, as_good = best_in(got, "y_conflict")
    assert row["y_conflict.regret"] == 0
    assert as_good == 1
    row, as_good = best_in(
        found(table_of(points, [1, 2, 3], [1, 2, 3]), ["staff"], ["staff"]), "y_taking_part"
    )
    assert row["staff"] == 30

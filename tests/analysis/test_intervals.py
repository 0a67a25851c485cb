"""A t interval covers the mean as often as it says; bands hold the middle of the runs."""

import numpy as np
import pandas as pd
import pytest

from sim.analysis.intervals import bands, difference_bands, t_interval, t_quantile, wilson
from sim.kernel.fault import ShiyuError


@pytest.mark.parametrize(
    ("degrees", "share", "table"),
    [(1, 0.975, 12.706), (4, 0.975, 2.776), (9, 0.975, 2.262), (29, 0.95, 1.699)],
)
def test_quantiles_are_those_of_the_printed_tables(degrees, share, table):
    assert t_quantile(share, degrees) == pytest.approx(table, abs=5e-4)


def test_a_hand_worked_interval():
    # 1 3 5 7 9: mean 5, sum of squares 40, s = sqrt(10), half-width 2.776 sqrt(10) / sqrt(5)
    interval = t_interval([1, 3, 5, 7, 9])
    assert interval.mean == 5
    assert interval.sd == pytest.approx(10**0.5)
    assert interval.high - 5 == pytest.approx(2.776445 * 2**0.5, rel=1e-6)
    assert 5 - interval.low == pytest.approx(2.776445 * 2**0.5, rel=1e-6)


@pytest.mark.parametrize("tries", [1, 20, 400])
def test_a_share_that_was_found_in_every_try_is_not_known_to_be_all(tries):
    """With p = 1 the closed form is n / (n + z^2) to 1; of none it is the mirror image."""
    low, high = wilson(tries, tries)
    assert low == pytest.approx(tries / (tries + 1.959964**2), rel=1e-6)
    assert high == pytest.approx(1.0)
    assert wilson(0, tries) == pytest.approx((1.0 - high, 1.0 - low))


def test_the_ends_of_a_share_lie_z_standard_errors_from_what_was_counted():
    for end in wilson(47, 50):
        assert abs(0.94 - end) == pytest.approx(1.959964 * (end * (1 - end) / 50) ** 0.5, rel=1e-6)


def test_a_share_of_no_try_is_not_known():
    assert np.isnan(wilson(0, 0)).all()


def test_rows_are_worked_one_by_one():
    rows = t_interval([[1.0, 3.0, 5.0], [2.0, 2.0, 2.0]])
    assert rows.mean.tolist() == [3, 2]
    assert rows.low[0] == t_interval([1.0, 3.0, 5.0]).low


def test_equal_values_have_an_interval_of_no_width():
    # A plain sum of seven times 0.1 is not 0.7, and would show a variance that is not there.
    interval = t_interval([0.1] * 7)
    assert (interval.mean, interval.low, interval.high, interval.sd) == (0.1, 0.1, 0.1, 0.0)


def test_values_that_are_not_finite_are_left_out_and_counted_out():
    interval = t_interval([1.0, np.nan, 3.0, np.inf, 5.0])
    assert (interval.mean, interval.count) == (3, 3)
    assert interval.low == t_interval([1.0, 3.0, 5.0]).low


@pytest.mark.parametrize(("values", "mean"), [([4.0], 4.0), ([np.nan], np.nan), ([], np.nan)])
def test_fewer_than_two_values_have_no_interval(values, mean):
    interval = t_interval(values)
    assert np.array_equal(interval.mean, mean, equal_nan=True)
    assert np.isnan(interval.low)
    assert np.isnan(interval.high)


@pytest.mark.parametrize(("n", "level"), [(2, 0.95), (5, 0.95), (30, 0.95), (10, 0.8)])
def test_intervals_of_normal_values_cover_the_mean_as_often_as_they_say(n, level):
    samples = 20_000
    values = np.random.default_rng(n).normal(3.0, 2.0, (samples, n))
    interval = t_interval(values, level)
    covered = np.mean((interval.low <= 3.0) & (interval.high >= 3.0))
    assert covered == pytest.approx(level, abs=4 * (level * (1 - level) / samples) ** 0.5)


def trajectories(**columns) -> pd.DataFrame:
    """Two days of as many replications as there are values; day 7 doubles day 0."""
    count = len(next(iter(columns.values())))
    first = pd.DataFrame({"seed": range(count), "day": 0.0, **columns})
    second = first.assign(day=7.0, **{name: 2 * first[name] for name in columns})
    return pd.concat([first, second], ignore_index=True)


def test_bands_of_twenty_one_runs_are_their_order_statistics():
    # Of 0, 1, ..., 20 the share q lies at 20 q.
    shuffled = np.random.default_rng(0).permutation(21).astype(float)
    table = bands(trajectories(backlog=shuffled))
    assert table["outcome"].tolist() == ["backlog"] * 2
    assert table["day"].tolist() == [0, 7]
    assert table["replications"].tolist() == [21, 21]
    first = table.iloc[0][["q05", "q25", "median", "q75", "q95"]].tolist()
    assert first == pytest.approx([1, 5, 10, 15, 19])
    assert table.iloc[1]["q95"] == pytest.approx(38)


def test_nine_of_ten_runs_stay_inside_the_outer_band():
    values = np.random.default_rng(1).normal(size=2000)
    row = bands(trajectories(x=values)).iloc[0]
    assert np.mean((values >= row["q05"]) & (values <= row["q95"])) == pytest.approx(0.9, abs=0.001)


def test_a_day_without_a_value_in_some_run_counts_the_others():
    frame = trajectories(x=[1.0, np.nan, 3.0], y=[np.nan] * 3)
    table = bands(frame).set_index(["outcome", "day"])
    assert table.loc[("x", 0.0), "replications"] == 2
    assert table.loc[("x", 0.0), "median"] == 2
    assert table.loc[("y", 0.0), "replications"] == 0
    assert np.isnan(table.loc[("y", 0.0), "median"])


def test_difference_bands_take_each_run_from_the_one_of_the_same_seed():
    base = trajectories(x=[0.0, 100.0, 200.0]).assign(scenario="base")
    more = trajectories(x=[1.0, 101.0, 201.0]).assign(scenario="more")
    both = pd.concat([base, more.iloc[::-1]], ignore_index=True)
    table = difference_bands(both, "base", "more")
    assert table["median"].tolist() == [1, 2]
    assert table["q05"].tolist() == [1, 2]
    assert table["q95"].tolist() == [1, 2]


def test_a_run_without_its_partner_is_in_no_difference_band():
    base = trajectories(x=[0.0, 1.0]).assign(scenario="base")
    more = trajectories(x=[5.0]).assign(scenario="more")
    table = difference_bands(pd.concat([base, more], ignore_index=True), "base", "more")
    assert table["replications"].tolist() == [1, 1]
    assert table["median"].tolist() == [5, 10]


def test_an_unknown_outcome_or_scenario_is_told_of_with_what_was_perhaps_meant():
    frame = trajectories(backlog=[1.0]).assign(scenario="base")
    with pytest.raises(ShiyuError, match=r"no outcome 'backlogs' .* did you mean backlog"):
        bands(frame, ["backlogs"])
    with pytest.raises(ShiyuError, match=r"no scenario 'bass' .* did you mean base"):
        difference_bands(frame, "bass", "base")


def test_two_scenarios_in_one_band_are_refused():
    frame = trajectories(x=[1.0])
    with pytest.raises(ShiyuError, match="one scenario at a time"):
        bands(pd.concat([frame, frame]))

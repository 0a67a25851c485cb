"""Effects of factors are paired differences; interactions are differences of differences."""

import numpy as np
import pandas as pd
import pytest

from sim.analysis.design_effects import additive_share, cells, design_effects
from sim.analysis.design_runs import design_runs, plain_label
from tests.analysis.designs import factorial, fail, swept

UNITS = {"y": "days"}


def effects(table, factors, **more):
    """Rows by factor and end."""
    found = design_effects(design_runs(table, factors, ["y"]), UNITS, **more)
    return {(row.factor, row.end): row for row in found.main.itertuples()}, found


def test_in_a_full_factorial_an_effect_is_a_difference_of_means():
    points = factorial(a=[0, 1, 2], b=["x", "z"])
    values = [1, 2, 5, 6, 3, 10]  # a: 1.5, 5.5, 6.5; b: 3, 6
    found, _ = effects(swept(points, {"y": values}, 2), ["a", "b"])
    assert found["a", 1].effect == pytest.approx(4.0)
    assert found["a", 2].effect == pytest.approx(5.0)
    assert found["b", "z"].effect == pytest.approx(3.0)
    assert found["b", "z"].start == "x"


FLOOD = [{"kind": "flood", "on": "2020-01-10", "division": "liangcun", "households": 20}]
DATED = [{"from": "2020-01-01", "value": 0}, {"from": "2020-01-15", "value": 6000}]


@pytest.mark.parametrize(("key", "settings"), [("shocks", [[], FLOOD]), ("subsidy", [0, DATED])])
def test_shocks_and_dated_levers_have_effects_as_other_settings_do(key, settings):
    where, staff = [0, 0, 1, 1], [20, 30, 20, 30]
    points = pd.DataFrame({key: [settings[at] for at in where], "staff": staff})
    table = swept(points, {"y": [3, 4, 8, 9]}, 2)  # 5 for the other setting, 1 for staff
    found, fitted = effects(table, [key, "staff"], orders={key: settings})
    rows = [row for row in found.values() if row.factor == key]
    assert [row.effect for row in rows] == pytest.approx([5])
    assert rows[0].start == plain_label(settings[0])
    assert rows[0].end == plain_label(settings[1])
    assert fitted.crossed
    table = cells(design_runs(table, [key, "staff"], ["y"]), "y", key, "staff")
    assert table["mean"].tolist() == pytest.approx([3, 4, 8, 9])


def test_a_sample_with_shocks_has_their_effect_too():
    draws = np.random.default_rng(4).random(20)
    flooded = np.arange(20) % 2
    points = pd.DataFrame({"shocks": [FLOOD if at else [] for at in flooded], "staff": draws})
    found, _ = effects(swept(points, {"y": 2 * flooded + draws}, 2), ["shocks", "staff"])
    assert found["shocks", plain_label(FLOOD)].effect == pytest.approx(2)


@pytest.mark.parametrize(
    ("orders", "start", "effects"),
    [
        ({}, 1, {2: 10.0, 4: 30.0}),  # numbers stand in their own order
        ({"a": [4, 1, 2]}, 4, {1: -30.0, 2: -20.0}),  # or in that of the experiment
    ],
)
def test_effects_are_those_of_each_level_beside_the_first(orders, start, effects):
    """The outcome is 10 a; the design happens to begin with its middle level."""
    points = pd.DataFrame({"a": [2, 4, 1] * 2})
    runs = design_runs(swept(points, {"y": 10 * points.a}, 2), ["a"], ["y"])
    main = design_effects(runs, {}, orders=orders).main
    assert main["start"].tolist() == [start] * 2
    found = dict(zip(main["end"], main["effect"], strict=True))
    assert found == pytest.approx(effects)


@pytest.mark.parametrize(("values", "effects"), [(8, 7), (9, 1)])
def test_a_number_has_levels_while_they_are_eight_at_most(values, effects):
    points = pd.DataFrame({"a": list(range(values)) * 2})
    runs = design_runs(swept(points, {"y": points.a}, 2), ["a"], ["y"])
    assert len(design_effects(runs, {}).main) == effects


def test_luck_that_a_seed_brings_everywhere_cancels():
    points = factorial(a=[0, 1], b=[0, 1])
    table = swept(points, {"y": 2.0 * points.a}, 6)
    table["y"] += 100 * table["seed"]
    found, _ = effects(table, ["a", "b"])
    assert (found["a", 1].low, found["a", 1].high) == (pytest.approx(2), pytest.approx(2))
    assert found["b", 1].effect == pytest.approx(0, abs=1e-9)


def test_the_interval_is_that_of_the_paired_differences():
    """Differences of the two points by seed: 1, 2, 3; mean 2, sd 1, t(2, .975) = 4.3027."""
    points = factorial(a=[0, 1])
    table = swept(points, {"y": [0, 0]}, 3)
    table.loc[table.a == 1, "y"] = [1.0, 2.0, 3.0]
    found, _ = effects(table, ["a"])
    assert found["a", 1].effect == pytest.approx(2)
    assert found["a", 1].high - 2 == pytest.approx(4.3027 / np.sqrt(3), abs=1e-3)


def test_a_narrower_interval_is_had_at_a_lower_level():
    """Differences 1, 2, 3 again; t(2, .9) = 1.8856."""
    table = swept(factorial(a=[0, 1]), {"y": [0, 0]}, 3)
    table.loc[table.a == 1, "y"] = [1.0, 2.0, 3.0]
    found, _ = effects(table, ["a"], level=0.8)
    assert found["a", 1].high - 2 == pytest.approx(1.8856 / np.sqrt(3), abs=1e-3)


@pytest.mark.parametrize(
    ("differences", "negligible"),
    [([0.001, 0.002, 0.003], True), ([-0.1, 0.0, 0.1], False), ([-0.004, -0.0041, -0.0042], True)],
)
def test_an_effect_is_negligible_where_its_whole_interval_is(differences, negligible):
    """Less than .005 of a share; a mean of nought may be the middle of a wide interval."""
    table = swept(factorial(a=[0, 1]), {"y": [0, 0]}, 3)
    table.loc[table.a == 1, "y"] = differences
    main = design_effects(design_runs(table, ["a"], ["y"]), {"y": "share"}).main
    assert main["negligible"].tolist() == [negligible]


@pytest.mark.parametrize(("outcomes", "told"), [(["y"], True), (["y", "y2"], False)])
def test_an_effect_is_told_from_none_after_correction_for_all_that_were_looked_at(outcomes, told):
    """Differences 1, 2, 3, 4: t = 3.873 with 3 degrees of freedom, p = .0305, twice that .061."""
    table = swept(factorial(a=[0, 1]), {name: [0, 0] for name in outcomes}, 4)
    for name in outcomes:
        table.loc[table.a == 1, name] = [1.0, 2.0, 3.0, 4.0]
    main = design_effects(design_runs(table, ["a"], outcomes), {}).main
    assert main["p"].tolist() == pytest.approx([0.0305] * len(outcomes), abs=1e-4)
    assert set(main["distinguishable"]) == {told}


def test_what_effects_leave_open_is_counted_by_degrees_of_freedom_and_less_luck():
    """Means 0, 1, 1, 3: effects 1.5 and 1.5 leave 1/4 each with one degree of freedom.

    Both runs of a point lie .4 to either side of its mean, which adds .16 to its variance.
    """
    columns = [np.array([0.0, 0, 1, 1]), np.array([0.0, 1, 0, 1])]
    means, luck = np.array([0.0, 1, 1, 3]), 0.4 * np.array([1.0, -1, -1, 1])
    still = np.stack([means, means], axis=1)
    variance = np.var(means, ddof=1)
    assert additive_share(still, columns) == pytest.approx(1 - 0.25 / variance)
    moved = np.stack([means + luck, means - luck], axis=1)
    found = additive_share(moved, columns)
    assert found == pytest.approx(1 - (0.25 - 0.16) / (variance - 0.16))


def test_a_number_drawn_from_a_range_has_one_effect_from_low_to_high():
    draws = np.random.default_rng(2)
    points = pd.DataFrame({"a": draws.random(40), "b": draws.random(40)})
    found, fitted = effects(swept(points, {"y": 3 * points.a - points.b}, 2), ["a", "b"])
    width = points.a.max() - points.a.min()
    assert len(found) == 2
    assert found["a", points.a.max()].effect == pytest.approx(3 * width)
    assert fitted.fit["y"] == pytest.approx(1.0)


def test_an_interaction_is_a_difference_of_differences():
    points = factorial(a=[0, 5, 10], b=[0, 2])
    table = swept(points, {"y": 2 * points.a + points.b + 0.3 * points.a * points.b}, 3)
    _, found = effects(table, ["a", "b"])
    (row,) = found.together.itertuples()
    assert (row.start, row.end, row.other_start, row.other_end) == (0, 10, 0, 2)
    assert row.effect == pytest.approx(0.3 * 10 * 2)
    assert (row.at_start, row.at_end) == (pytest.approx(20), pytest.approx(26))
    assert (row.other_at_start, row.other_at_end) == (pytest.approx(2), pytest.approx(8))
    assert found.fit["y"] < 1


def test_the_interaction_of_two_ranges_is_that_of_their_ends():
    draws = np.random.default_rng(3)
    points = pd.DataFrame({"a": 10 * draws.random(60), "b": draws.random(60)})
    _, found = effects(swept(points, {"y": points.a * points.b}, 2), ["a", "b"])
    (row,) = found.together.itertuples()
    assert row.effect == pytest.approx(np.ptp(points.a) * np.ptp(points.b))


def test_factors_that_only_change_together_have_no_effect_of_their_own():
    points = pd.DataFrame({"a": [0, 0, 1, 1], "b": [0, 0, 1, 1], "c": [0, 1, 0, 1]})
    found, _ = effects(swept(points, {"y": points.a + 5.0 * points.c}, 2), ["a", "b", "c"])
    assert np.isnan(found["a", 1].effect)
    assert np.isnan(found["b", 1].effect)
    assert found["c", 1].effect == pytest.approx(5)


def test_a_failed_run_leaves_the_rest_of_its_replication():
    points = factorial(a=[0, 1], b=[0, 1, 2])
    table = fail(swept(points, {"y": 2.0 * points.a + points.b}, 3), 4, 1)
    found, _ = effects(table, ["a", "b"])
    assert found["a", 1].effect == pytest.approx(2)
    assert found["a", 1].replications == 3


def test_a_factor_that_never_varies_is_no_factor():
    points = factorial(a=[0, 1], b=[7, 7.0]).drop_duplicates()
    found, _ = effects(swept(points, {"y": points.a * 1.0}, 2), ["a", "b"])
    assert set(found) == {("a", 1)}


def test_holm_runs_over_the_effects_of_all_outcomes():
    points = factorial(a=[0, 1], b=[0, 1])
    table = swept(points, {"y": 1.0 * points.a, "y2": 0.0 * points.a}, 8, luck=0.3)
    found = design_effects(design_runs(table, ["a", "b"], ["y", "y2"]), UNITS)
    main = found.main
    assert (main.p_holm >= main.p - 1e-15).all()
    assert main.loc[main.p.idxmin(), "p_holm"] == pytest.approx(min(1, 4 * main.p.min()))


def test_cells_are_paired_differences_from_the_first():
    points = factorial(a=[0, 1], b=[0, 1])
    table = swept(points, {"y": [1, 2, 4, 9]}, 4)
    table["y"] += 10 * table["replication"]
    found = cells(design_runs(table, ["a", "b"], ["y"]), "y", "a", "b")
    by = {(row.level, row.other_level): row for row in found.itertuples()}
    assert by[0, 0].difference == by[0, 0].low == 0
    assert by[1, 1].difference == pytest.approx(8)
    assert by[1, 1].high == pytest.approx(8)
    assert by[1, 0].mean == pytest.approx(4 + 15)


def test_a_range_is_cut_into_parts_of_as_many_points_for_cells():
    draws = np.random.default_rng(4)
    points = pd.DataFrame({"a": draws.random(80), "b": draws.choice([0, 1], 80)})
    found = cells(design_runs(swept(points, {"y": points.a}), ["a", "b"], ["y"]), "y", "a", "b")
    assert found.groupby("level").points.sum().tolist() == [20, 20, 20, 20]
    assert found.label.iloc[0][1] < found.label.iloc[-1][0]


def test_luck_is_set_aside_from_what_effects_leave_open():
    points = factorial(a=[0, 1], b=[0, 1, 2], c=[0, 1])
    values = points.a + 2.0 * points.b
    runs = design_runs(swept(points, {"y": values}, 40, luck=1.0), list(points), ["y"])
    columns = [points.a.to_numpy(float), points.b.to_numpy(float)]
    assert additive_share(runs.values["y"], columns) > 0.95


def test_a_design_knows_whether_every_combination_was_run():
    points = factorial(a=[0, 1, 2], b=[0, 1], c=[0, 1])
    _, whole = effects(swept(points, {"y": points.a}, 2), list(points))
    assert whole.crossed
    torn = points.iloc[:11]
    _, holes = effects(swept(torn, {"y": torn.a}, 2), list(points))
    assert not holes.crossed
    assert (holes.combinations, holes.possible) == (11, 12)
    draws = np.random.default_rng(3)
    ranges = pd.DataFrame({"a": draws.random(30), "b": draws.random(30)})
    _, drawn = effects(swept(ranges, {"y": ranges.a}, 2), ["a", "b"])
    assert not drawn.crossed
    assert drawn.possible is None


def test_levers_that_share_a_budget_are_named_as_changing_together():
    draws = np.random.default_rng(3)
    first, free = draws.random(60), draws.random(60)
    second = 1 - first + 0.1 * draws.random(60)  # nearly one budget between the two
    points = pd.DataFrame({"first": first, "second": second, "free": free})
    _, found = effects(swept(points, {"y": first}, 2), list(points))
    assert set(found.entangled) == {"first", "second"}
    assert min(found.entangled.values()) > 0.9


def test_what_arithmetic_leaves_of_no_effect_is_none_at_all():
    points = factorial(a=[0, 1, 2], b=[0, 1], c=[0, 1]).iloc[:11]
    values = 0.1 + 0.3 * points.a
    table = swept(points, {"y": values}, 5)
    table["y"] += 0.7 * table["replication"]
    found, _ = effects(table, list(points))
    assert found["b", 1].effect == found["b", 1].low == found["b", 1].high == 0


def test_a_replication_without_any_run_tells_nothing_and_hides_nothing():
    points = factorial(a=[0, 1], b=[0, 1])
    table = swept(points, {"y": 3 * points.a}, 3)
    table.loc[table["replication"] == 1, "status"] = "failed"
    main = design_effects(design_runs(table, ["a", "b"], ["y"]), {}).main.set_index("factor")
    assert main.loc["a", "effect"] == pytest.approx(3.0)
    assert main["replications"].tolist() == [2, 2]


def test_a_point_without_any_run_leaves_open_what_effects_reproduce():
    points = factorial(a=[0, 1], b=[0, 1])
    table = swept(points, {"y": points.a}, 2)
    table.loc[table["point"] == 3, "status"] = "failed"
    found = design_effects(design_runs(table, ["a", "b"], ["y"]), {})
    assert np.isnan(found.fit["y"])


def test_a_combination_that_was_not_run_has_no_cell():
    points = factorial(a=[0, 1], b=[0, 1]).iloc[[0, 1, 2, 0, 1, 2]]
    runs = design_runs(swept(points, {"y": points.a + points.b}, 2), ["a", "b"], ["y"])
    table = cells(runs, "y", "a", "b")
    assert table[["level", "other_level"]].to_numpy().tolist() == [[0, 0], [0, 1], [1, 0]]
    assert table["points"].tolist() == [2, 2, 2]
    assert table["difference"].tolist() == pytest.approx([0, 1, 1])


def test_a_range_with_no_more_values_than_parts_has_a_cell_at_each():
    """Three values of nine points each would be levels; of one point each they are a range."""
    points = pd.DataFrame({"a": [5.0, 1.0, 3.0], "b": [0.5, 0.25, 0.75]})
    runs = design_runs(swept(points, {"y": points.a}, 2), ["a", "b"], ["y"])
    table = cells(runs, "y", "a", "b")
    assert table["label"].tolist() == [1.0, 3.0, 5.0]
    assert table["other_label"].tolist() == [0.25, 0.75, 0.5]
    assert table["mean"].tolist() == pytest.approx([1.0, 3.0, 5.0])

"""Indices come out as theory has them, luck is no factor, and a hole in the design is named."""

import numpy as np
import pandas as pd
import pytest
from SALib.analyze import sobol as salib_sobol
from SALib.sample import morris as morris_sample
from SALib.sample import sobol as sobol_sample
from SALib.test_functions import Ishigami, Sobol_G

from sim.analysis.design_runs import IncompleteError
from sim.analysis.morris_effects import morris_effects, steps_of
from sim.analysis.sensitivity import sensitivity
from sim.kernel.fault import ShiyuError
from tests.analysis.designs import fail, swept

# Ishigami with a = 7, b = .1: Var = a^2/8 + b pi^4/5 + b^2 pi^8/18 + 1/2 (Homma and Saltelli 1996).
VARIANCE = 49 / 8 + 0.1 * np.pi**4 / 5 + 0.01 * np.pi**8 / 18 + 0.5
V1 = 0.5 * (1 + 0.1 * np.pi**4 / 5) ** 2
V13 = 0.01 * np.pi**8 * (1 / 18 - 1 / 50)
FIRST = {"x1": V1 / VARIANCE, "x2": 49 / 8 / VARIANCE, "x3": 0.0}
TOTAL = {"x1": (V1 + V13) / VARIANCE, "x2": 49 / 8 / VARIANCE, "x3": V13 / VARIANCE}


def saltelli(names, low, high, blocks, second=True):
    """Points of Saltelli's scheme as a frame."""
    problem = {"num_vars": len(names), "names": names, "bounds": [[low, high]] * len(names)}
    drawn = sobol_sample.sample(problem, blocks, calc_second_order=second, seed=1)
    return pd.DataFrame(drawn, columns=names)


def trajectories(names, count, levels=4):
    """Points of Morris's design as a frame."""
    problem = {"num_vars": len(names), "names": names, "bounds": [[0, 1]] * len(names)}
    drawn = morris_sample.sample(problem, count, num_levels=levels, seed=2)
    return pd.DataFrame(drawn, columns=names)


def rows(found, measure, outcome="y"):
    """The rows of one measure by factor (and the other one, for pairs)."""
    table = found.table[(found.table.outcome == outcome) & (found.table.measure == measure)]
    keys = zip(table.factor, table.other, strict=True) if measure == "second" else table.factor
    return dict(zip(keys, table.itertuples(), strict=True))


@pytest.fixture(scope="module")
def ishigami():
    points = saltelli(["x1", "x2", "x3"], -np.pi, np.pi, 1024)
    return points, Ishigami.evaluate(points.to_numpy())


def test_ishigami_has_the_indices_of_theory(ishigami):
    points, values = ishigami
    found = sensitivity(swept(points, {"y": values}), "sobol", list(points), ["y"])
    for measure, known in (("first", FIRST), ("total", TOTAL)):
        for name, row in rows(found, measure).items():
            assert row.estimate == pytest.approx(known[name], abs=0.01)
            assert row.low <= known[name] <= row.high
    pairs = rows(found, "second")
    assert pairs["x1", "x3"].estimate == pytest.approx(V13 / VARIANCE, abs=0.02)
    assert abs(pairs["x1", "x2"].estimate) < 0.02
    assert abs(pairs["x2", "x3"].estimate) < 0.02


def test_one_replication_gives_the_very_numbers_of_salib(ishigami):
    points, values = ishigami
    problem = {"num_vars": 3, "names": list(points), "bounds": [[-np.pi, np.pi]] * 3}
    theirs = salib_sobol.analyze(problem, values, num_resamples=2, seed=1)
    found = sensitivity(swept(points, {"y": values}), "sobol", list(points), ["y"], count=5)
    ours = {measure: rows(found, measure) for measure in ("first", "total")}
    for at, name in enumerate(points):
        assert ours["first"][name].estimate == pytest.approx(theirs["S1"][at], rel=1e-9, abs=1e-12)
        assert ours["total"][name].estimate == pytest.approx(theirs["ST"][at], rel=1e-9)


def test_luck_as_large_as_the_signal_does_not_make_factors_matter(ishigami):
    """Without the correction luck would add 1/6 to each total index at five replications."""
    points, values = ishigami
    table = swept(points, {"y": values}, replications=5, luck=float(np.std(values)))
    found = sensitivity(table, "sobol", list(points), ["y"], count=300)
    assert found.facts["y"]["luck_share"] == pytest.approx(1 / 6, abs=0.02)
    assert found.facts["y"]["variance"] == pytest.approx(VARIANCE, rel=0.1)
    for measure, known in (("first", FIRST), ("total", TOTAL)):
        for name, row in rows(found, measure).items():
            assert row.low <= known[name] <= row.high, (measure, name)
            assert row.high - row.low < 0.3


def test_a_factor_without_effect_has_a_total_index_of_zero_whatever_the_luck():
    points = saltelli(["x1", "x2"], 0, 1, 512, second=False)
    table = swept(points, {"y": 3 * points.x1}, replications=4, luck=1.0)
    idle = rows(sensitivity(table, "sobol", ["x1", "x2"], ["y"]), "total")["x2"]
    assert idle.low < 0 < idle.high
    assert abs(idle.estimate) < 0.03


def test_an_outcome_of_luck_alone_has_no_index():
    points = saltelli(["x1", "x2"], 0, 1, 64, second=False)
    still = swept(points, {"y": np.full(len(points), 7.0)}, replications=3)
    found = sensitivity(still, "sobol", ["x1", "x2"], ["y"])
    assert found.table.estimate.isna().all()
    assert found.table.low.isna().all()


def test_sobol_g_has_the_indices_of_theory():
    a = np.array([0.0, 1.0, 4.5, 9.0])
    points = saltelli(["x1", "x2", "x3", "x4"], 0, 1, 2048, second=False)
    values = Sobol_G.evaluate(points.to_numpy(), a=a)
    own = 1 / (3 * (1 + a) ** 2)
    whole = np.prod(1 + own) - 1
    found = sensitivity(swept(points, {"y": values}), "sobol", list(points), ["y"], count=300)
    for at, name in enumerate(points):
        first = own[at] / whole
        total = own[at] * np.prod(1 + np.delete(own, at)) / whole
        assert rows(found, "first")[name].estimate == pytest.approx(first, abs=0.03)
        assert rows(found, "total")[name].estimate == pytest.approx(total, abs=0.03)


def test_effects_of_a_linear_outcome_are_its_slopes():
    points = trajectories(["a", "b", "c"], 10)
    slopes = np.array([3.0, -2.0, 0.0])
    table = swept(points, {"y": points.to_numpy() @ slopes})
    found = sensitivity(table, "morris", ["a", "b", "c"], ["y"])
    for name, slope in zip(points, slopes, strict=True):
        assert rows(found, "mu")[name].estimate == pytest.approx(slope, abs=1e-9)
        assert rows(found, "mu_star")[name].estimate == pytest.approx(abs(slope), abs=1e-9)
        assert rows(found, "sigma")[name].estimate == pytest.approx(0, abs=1e-9)


def test_a_product_of_factors_shows_in_sigma():
    """Y = a b: the effect of a is b, one of 0, 1/3, 2/3, 1 in a design with four levels."""
    points = trajectories(["a", "b", "c"], 200)
    found = sensitivity(swept(points, {"y": points.a * points.b}), "morris", list(points), ["y"])
    assert rows(found, "mu")["a"].estimate == pytest.approx(0.5, abs=0.1)
    assert rows(found, "sigma")["a"].estimate == pytest.approx(np.sqrt(5) / 6, abs=0.05)
    assert rows(found, "sigma")["c"].estimate == 0


def test_a_factor_without_effect_stands_at_the_floor_of_luck():
    """At r replications an effect has the error luck sqrt(2 / r) / delta, with delta = 2/3."""
    points = trajectories(["a", "b"], 120)
    table = swept(points, {"y": 9 * points.a}, replications=8, luck=0.5)
    found = sensitivity(table, "morris", ["a", "b"], ["y"])
    idle, busy = (rows(found, "mu_star")[name] for name in ("b", "a"))
    floor = np.sqrt(2 / np.pi) * 0.5 * np.sqrt(2 / 8) * 1.5
    assert idle.floor == pytest.approx(floor, rel=0.1)
    assert idle.low < idle.floor < idle.floor_high < idle.high
    assert busy.estimate == pytest.approx(9, abs=0.2)
    assert rows(found, "sigma")["a"].low == 0


def test_luck_that_two_replications_know_badly_seldom_passes_for_the_size_of_an_effect():
    """Of 240 factors without any effect one in twenty may; above the bare floor more would."""
    names, above = ["a", "b", "c", "d"], 0
    points = trajectories(names, 6)
    for seed in range(60):
        luck = np.random.default_rng(seed).normal(size=(len(points), 2))
        found, _ = morris_effects(luck, names, steps_of(points), levels=4, count=200)
        above += sum(row["low"] > row["floor_high"] for row in found if row["measure"] == "mu_star")
    assert above <= 240 / 20


def test_one_replication_cannot_tell_luck():
    points = saltelli(["a", "b"], 0, 1, 16, second=False)
    for replications, known in ((1, False), (2, True)):
        table = swept(points, {"y": points.a}, replications)
        found = sensitivity(table, "sobol", ["a", "b"], ["y"], count=20)
        assert (found.facts["y"]["luck_share"] is not None) == known


def test_a_step_that_changes_no_setting_has_an_effect_of_nought():
    """As where two levels of the design are the same whole number: here b always stands still."""
    points = pd.DataFrame({"a": [0.0, 1, 1, 1, 1, 0], "b": [0.0] * 6})
    found = sensitivity(swept(points, {"y": 4 * points.a}), "morris", ["a", "b"], ["y"], levels=2)
    for measure, expected in (("mu", 4.0), ("mu_star", 4.0), ("sigma", 0.0)):
        told = rows(found, measure)
        assert told["a"].estimate == pytest.approx(expected, abs=1e-12)
        assert told["b"].estimate == 0.0


def test_a_trajectory_in_which_a_factor_changes_twice_is_none():
    points = pd.DataFrame({"a": [0.0, 1, 0] * 2, "b": [0.0] * 6})
    with pytest.raises(ShiyuError, match="one factor changes twice"):
        sensitivity(swept(points, {"y": points.a}), "morris", ["a", "b"], ["y"], levels=2)


def test_factors_that_are_words_can_be_screened():
    points = trajectories(["a", "b"], 20, levels=2)
    words = points.assign(a=points.a.map({0.0: "own", 1.0: "pooled"}))
    table = swept(words, {"y": 4 * points.a + points.b})
    found = sensitivity(
        table, "morris", ["a", "b"], ["y"], levels=2, orders={"a": ["own", "pooled"]}
    )
    assert rows(found, "mu")["a"].estimate == pytest.approx(4)
    turned = sensitivity(
        table, "morris", ["a", "b"], ["y"], levels=2, orders={"a": ["pooled", "own"]}
    )
    assert rows(turned, "mu")["a"].estimate == pytest.approx(-4)


def test_a_failed_run_is_refused_and_named(ishigami):
    points, values = ishigami
    table = swept(points, {"y": values}, replications=2)
    table = fail(table, 17, 1)
    with pytest.raises(IncompleteError) as refused:
        sensitivity(table, "sobol", list(points), ["y"])
    text = str(refused.value)
    assert "1 failed" in text
    assert "point 17, replication 1, seed 1001: failed: ValueError: no people left" in text


def test_a_missing_run_is_refused_with_or_without_a_row():
    points = trajectories(["a", "b"], 4)
    table = swept(points, {"y": points.a}, replications=2)
    told = fail(table, 3, 0, reason="", status="missing")
    silent = table[~((table.point == 3) & (table.replication == 0))]
    for lacking in (told, silent):
        with pytest.raises(
            IncompleteError, match=r"0 failed and 1 are missing, of 24:\n  point 3, repl"
        ) as refused:
            sensitivity(lacking, "morris", ["a", "b"], ["y"])
        assert "seed 1000: missing" in str(refused.value)


def test_many_failures_are_counted_not_listed():
    points = trajectories(["a", "b"], 10)
    table = swept(points, {"y": points.a})
    table["status"] = "failed"
    with pytest.raises(IncompleteError, match="30 failed") as refused:
        sensitivity(table, "morris", ["a", "b"], ["y"])
    assert len(str(refused.value).splitlines()) == 7
    assert "and 25 more" in str(refused.value)


def test_an_outcome_without_a_value_somewhere_is_left_out_with_its_reason():
    points = trajectories(["a", "b"], 4)
    table = swept(points, {"y": points.a, "y2": points.b})
    table.loc[5, "y2"] = np.nan
    found = sensitivity(table, "morris", ["a", "b"], ["y", "y2"])
    assert set(found.table.outcome) == {"y"}
    assert "point 5, replication 0, seed 1000" in found.without["y2"]


def test_points_of_another_design_are_refused(ishigami):
    points, values = ishigami
    table = swept(points, {"y": values})
    with pytest.raises(ShiyuError, match="no design of Morris"):
        sensitivity(table, "morris", list(points), ["y"])
    shuffled = swept(points.sample(frac=1, random_state=1), {"y": values})
    with pytest.raises(ShiyuError, match="not whole blocks"):
        sensitivity(shuffled, "sobol", list(points), ["y"])
    with pytest.raises(ShiyuError, match="kind lhs"):
        sensitivity(table, "lhs", list(points), ["y"])


def test_points_that_are_missing_or_too_few_are_refused(ishigami):
    points = trajectories(["a", "b"], 4)
    part = points.iloc[:-1]
    with pytest.raises(ShiyuError, match="the 11 points are no whole trajectories of 3 points"):
        sensitivity(swept(part, {"y": part.a}), "morris", ["a", "b"], ["y"])
    alone = points.iloc[:3]
    with pytest.raises(ShiyuError, match="one trajectory tells nothing of the spread"):
        sensitivity(swept(alone, {"y": alone.a}), "morris", ["a", "b"], ["y"])
    names = list(ishigami[0])
    block = ishigami[0].iloc[:8]
    with pytest.raises(ShiyuError, match="1 block of the design tells nothing"):
        sensitivity(swept(block, {"y": block.x1}), "sobol", names, ["y"])
    torn = ishigami[0].iloc[:-1]
    with pytest.raises(ShiyuError, match="the 8191 points are not whole blocks"):
        sensitivity(swept(torn, {"y": torn.x1}), "sobol", names, ["y"])


def test_words_without_an_order_rise_as_in_the_alphabet():
    points = trajectories(["a", "b"], 6, levels=2)
    words = points.assign(a=points.a.map({0.0: "pooled", 1.0: "own"}))
    found = sensitivity(swept(words, {"y": 4 * points.a}), "morris", ["a", "b"], ["y"], levels=2)
    assert rows(found, "mu")["a"].estimate == pytest.approx(-4)  # from "own" to "pooled"


def test_runs_that_do_not_share_their_seeds_are_refused():
    points = trajectories(["a", "b"], 4)
    table = swept(points, {"y": points.a}, replications=2)
    table.loc[0, "seed"] = 77
    with pytest.raises(ShiyuError, match="not paired"):
        sensitivity(table, "morris", ["a", "b"], ["y"])


def test_intervals_hold_the_truth_as_often_as_they_say():
    """Twenty studies of 64 blocks: 95 % intervals of the mean of five seeds, 6 indices each."""
    held = []
    for study in range(20):
        problem = {"num_vars": 2, "names": ["a", "b"], "bounds": [[0, 1]] * 2}
        drawn = np.random.default_rng(study).random((64, 4))
        blocks = [drawn[:, :2], np.c_[drawn[:, 2], drawn[:, 1]], drawn[:, [0, 3]], drawn[:, 2:]]
        cut = np.stack(blocks, axis=1).reshape(-1, 2)
        points = pd.DataFrame(cut, columns=problem["names"])
        table = swept(points, {"y": 2 * points.a + points.b}, 5, luck=0.3, seed=study)
        found = sensitivity(table, "sobol", ["a", "b"], ["y"], count=200)
        for measure in ("first", "total"):
            held += [
                row.low <= {"a": 0.8, "b": 0.2}[name] <= row.high
                for name, row in rows(found, measure).items()
            ]
    # 80 correlated looks at 95 %: fewer than 85 % would be far beyond chance.
    assert np.mean(held) >= 0.85

"""Chance and not knowing, told apart in made-up differences of which both are known."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from sim.analysis import compare, records
from sim.analysis.pairs import pair_up
from sim.analysis.robustness import components, draw_means, robustness
from sim.kernel import ShiyuError


def layout(draws: int, seeds: int, sds: tuple[float, float, float], rng) -> np.ndarray:
    """Differences of 5 with effects of draws, of seeds and of each cell of these sizes."""
    of_draws, of_seeds, of_cells = (
        sd * rng.standard_normal(shape)
        for sd, shape in zip(sds, ((draws, 1), (1, seeds), (draws, seeds)), strict=True)
    )
    return 5.0 + of_draws + of_seeds + of_cells


def runs(differences: np.ndarray, draw: int, other: str = "policy") -> pd.DataFrame:
    """The runs of one draw: a baseline of luck alone, and a policy that adds the differences."""
    rows = []
    for seed, difference in enumerate(differences):
        base = 100.0 + seed
        for scenario, value in (("base", base), (other, base + difference)):
            rows.append((scenario, seed, "late_share", None, None, value, "days"))
    columns = ["scenario", "seed", "outcome", "by", "group", "value", "unit"]
    frame = pd.DataFrame(rows, columns=columns)
    return frame if draw >= 0 else frame.iloc[:-1]


def told(differences: np.ndarray, assumed: np.ndarray) -> dict:
    """The one row that such draws give beside a comparison at the assumed values."""
    table = compare(runs(assumed, 0), "base")
    draws = {k: list(pair_up(runs(row, k), "base")) for k, row in enumerate(differences, start=1)}
    return records(robustness(draws, table, differences.shape[1]))[0]


def test_a_table_worked_out_by_hand():
    # means of draws 1, 3; of seeds 1, 3; middle 2; nothing is left: MP = 4, MS = 4, ME = 0
    found = components(np.array([[0.0, 2.0], [2.0, 4.0]]))
    assert found.parameters[0] == pytest.approx(4.0 / 2)  # MP / r
    assert found.chance[0] == pytest.approx(4.0 / 2)  # MS / n
    assert found.shrunk == pytest.approx([1.0, 3.0])  # no chance of their own to take out


@pytest.mark.parametrize("size", [0.1, 0.7, 1 / 3, 1.9, 6.54])
def test_one_pair_that_differs_does_not_make_its_draw_another_one(size):
    """MP = 2 (1/9 + 2/36) / 2 and ME = (5/6 - 1/3 - 1/6) / 2 are a sixth of its square, both."""
    for cell in np.ndindex(3, 2):
        differences = np.zeros((3, 2))
        differences[cell] = size
        found = components(differences)
        assert found.parameters[0] == 0.0
        assert found.shrunk.tolist() == [found.shrunk[0]] * 3


PART = np.array([-2.0, 1.0, 1.0])  # of three draws or three seeds, of variance 3
CELLS = np.array([[1.0, -1.0, 0.0], [-1.0, 1.0, 0.0], [0.0, 0.0, 0.0]])  # sums to 0 both ways


def test_without_luck_of_each_cell_both_intervals_are_those_of_one_variance():
    """MP = 3 x 3 and MS = 3 x 12 have 2 degrees of freedom each, and ME is 0."""
    found = components(PART[:, None] + 2.0 * PART)
    ends = 2.0 / stats.chi2.ppf([0.975, 0.025], 2)
    assert found.parameters == pytest.approx((9.0 / 3, *9.0 / 3 * ends))
    assert found.chance == pytest.approx((36.0 / 3, *36.0 / 3 * ends))


@pytest.mark.parametrize(("share", "end"), [(0.975, 1), (0.025, 2)])
def test_an_end_of_not_knowing_is_nought_where_the_ratio_of_mean_squares_just_tells(share, end):
    """MP = 9 a^2 for draws of a times PART, ME = 4 / 4; their ratio has F(2, 4) if var P is 0."""
    told = stats.f.ppf(share, 2, 4)
    for ratio, there in ((0.99 * told, False), (1.01 * told, True)):
        found = components(np.sqrt(ratio / 9.0) * PART[:, None] + CELLS)
        assert (found.parameters[end] > 0.0) == there


def test_not_knowing_has_its_share_of_both_variances_however_small_they_are():
    row = told(np.array([[0.0, 0.02], [0.02, 0.04]]), np.array([0.01, 0.03]))  # as by hand above
    assert row["parameters_share"] == pytest.approx(0.5)


def test_every_outcome_and_group_has_the_draws_of_its_own():
    """The second outcome differs by twice as much, and its group of women by three times."""

    def all_of(differences: np.ndarray) -> pd.DataFrame:
        more, women = runs(2.0 * differences, 0), runs(3.0 * differences, 0)
        women = women.assign(outcome="wait", by="sex", group="women")
        return pd.concat([runs(differences, 0), more.assign(outcome="wait"), women])

    table = compare(all_of(np.array([1.0, 1.1])), "base")
    draws = {k: list(pair_up(all_of(np.full(2, float(k))), "base")) for k in (1, 2, 3)}
    found = robustness(draws, table, 2)
    assert found["draws_mean"].tolist() == pytest.approx([2.0, 4.0, 6.0])
    assert found["draws"].tolist() == [3, 3, 3]


def test_both_variances_are_met_on_average():
    rng = np.random.default_rng(1)
    sds = (2.0, 1.0, 3.0)
    found = [components(layout(12, 4, sds, rng)) for _ in range(2000)]
    chance = np.array([one.chance[0] for one in found])
    parameters = np.array([one.parameters[0] for one in found])
    # standard errors of the means of 2,000: about .08 of chance and .07 of the parameters
    assert abs(chance.mean() - (1.0 + 9.0)) < 0.35
    assert abs(parameters.mean() - 4.0) < 0.35


@pytest.mark.parametrize("sds", [(2.0, 1.0, 3.0), (0.3, 1.0, 1.0), (3.0, 0.0, 0.5)])
def test_intervals_hold_the_true_variances_nineteen_times_of_twenty(sds):
    rng = np.random.default_rng(2)
    count, held = 1500, np.zeros(2)
    for _ in range(count):
        found = components(layout(15, 4, sds, rng))
        truth = sds[1] ** 2 + sds[2] ** 2, sds[0] ** 2
        for at, (part, true) in enumerate(
            zip((found.chance, found.parameters), truth, strict=True)
        ):
            held[at] += part[1] <= true <= part[2]
    # 4 standard errors of a share of .95 in 1,500 are .023; the closed forms may be wider
    assert np.all(held / count > 0.95 - 0.03)
    assert np.all(held / count <= 1.0)


@pytest.mark.slow
def test_a_known_function_of_one_parameter_gives_its_known_split():
    """The difference is 3 p + luck, p uniform on 0 to 1: var P = 9 / 12, chance .25."""
    rng = np.random.default_rng(3)
    p = (np.argsort(rng.random(400)) + rng.random(400)) / 400  # a Latin hypercube of one
    differences = 3.0 * p[:, None] + 0.5 * rng.standard_normal((400, 6))
    row = told(differences, np.array([1.4, 1.6, 1.5, 1.5]))
    assert row["variance_parameters"] == pytest.approx(0.75, abs=0.05)
    assert row["variance_chance"] == pytest.approx(0.25, abs=0.04)
    assert row["parameters_share"] == pytest.approx(0.75, abs=0.04)
    assert row["draws_mean"] == pytest.approx(1.5, abs=0.05)
    # the middle 95 % of 3 p; the chance of a draw's mean, of variance .25 / 6, is taken out
    assert row["parameters_low"] == pytest.approx(0.075, abs=0.12)
    assert row["parameters_high"] == pytest.approx(2.925, abs=0.12)


@pytest.mark.slow
def test_chance_alone_is_not_taken_for_not_knowing():
    rng = np.random.default_rng(4)
    rows = [told(layout(40, 4, (0.0, 1.0, 2.0), rng), np.full(4, 5.0)) for _ in range(15)]
    share = np.mean([row["parameters_share"] for row in rows])
    assert share < 0.05
    widths = [row["parameters_high"] - row["parameters_low"] for row in rows]
    assert np.mean(widths) < 0.35 * 2 * 1.96 * 2.0 / 2.0  # of what the raw means would span


def test_the_sign_holds_in_the_share_of_draws_whose_mean_has_it():
    differences = np.array([[1.0, 3.0], [2.0, -1.0], [-4.0, 1.0], [0.0, 0.0]])
    row = told(differences, np.array([0.9, 1.1]))
    assert row["sign_share"] == 0.5
    assert told(differences, np.array([-0.9, -1.1]))["sign_share"] == 0.25


def test_what_rounding_leaves_has_no_sign():
    differences = np.array([[3.0, 3.0], [1e-14, 3e-14], [-1e-14, -3e-14], [0.0, 0.0]])
    assert told(differences, np.array([3.0, 3.1]))["sign_share"] == 0.25
    assert told(differences, np.array([-3.0, -3.1]))["sign_share"] == 0.0


def test_rounding_of_the_outcome_is_no_difference_in_any_draw():
    """The outcome is about 100: sums in another order may leave some 1e-14 of that."""
    noise = 100.0 * np.array([[1e-14, 3e-14], [2e-14, 1e-14], [-1e-14, 4e-14]])
    row = told(noise, 100.0 * np.array([1e-14, 2e-14]))
    assert (row["variance_chance"], row["variance_parameters"]) == (0, 0)
    assert (row["sign_share"], row["parameters_share"]) == (None, None)
    assert (row["parameters_low"], row["parameters_high"]) == (0.0, 0.0)
    small = told(noise * 1e4, 100.0 * np.array([1e-10, 2e-10]))  # small, and yet a difference
    assert small["sign_share"] == 1.0


def test_a_policy_that_changes_nothing_has_no_sign_to_hold_and_no_variance():
    row = told(np.zeros((5, 3)), np.zeros(4))
    assert (row["variance_chance"], row["variance_parameters"]) == (0, 0)
    assert (row["sign_share"], row["parameters_share"]) == (None, None)
    assert (row["parameters_low"], row["parameters_high"]) == (0.0, 0.0)


def test_a_difference_that_is_the_same_in_every_pair_has_no_variance_to_share_out():
    """12.3 each time: what its sums leave of rounding is neither chance nor not knowing."""
    row = told(np.full((5, 3), 12.3), np.full(4, 12.3))
    assert (row["sign_share"], row["parameters_share"]) == (1.0, None)


def test_a_draw_that_lacks_a_run_is_left_out_and_counted():
    differences = np.array([[1.0, 1.2], [2.0, 2.2], [9.0, 9.2]])
    table = compare(runs(np.array([1.0, 1.1]), 0), "base")
    draws = {k: list(pair_up(runs(row, k), "base")) for k, row in enumerate(differences, start=1)}
    draws[3] = list(pair_up(runs(differences[2], -1), "base"))  # its last run failed
    draws[4] = []  # all of its runs failed
    row = records(robustness(draws, table, 2))[0]
    assert (row["draws"], row["draws_left_out"]) == (2, 2)
    assert row["draws_mean"] == pytest.approx(1.6)


def test_an_outcome_without_a_value_leaves_its_draw_out():
    differences = np.array([[1.0, 1.2], [2.0, 2.2], [np.nan, 9.2]])
    row = told(differences, np.array([1.0, 1.1]))
    assert (row["draws"], row["draws_left_out"]) == (2, 1)


def test_one_draw_or_one_seed_tells_nothing_apart():
    for shape in ((1, 5), (5, 1)):
        with pytest.raises(ShiyuError, match="at least 2 of each"):
            components(np.zeros(shape))
    row = told(np.array([[1.0, 2.0]]), np.array([1.0, 1.1]))
    assert (row["sign_share"], row["variance_chance"], row["draws"]) == (None, None, 1)


def test_without_draws_no_sign_share_is_claimed():
    table = compare(runs(np.array([1.0, 1.1]), 0), "base")
    assert [row["sign_share"] for row in records(table)] == [None]


def test_the_mean_of_each_draw_is_told_by_outcome_over_everybody():
    women = runs(np.array([5.0, 6.0]), 1).assign(by="sex", group="women")
    everybody = pd.concat([runs(np.array([1.0, 2.0]), 1), women])
    draws = {1: list(pair_up(everybody, "base")), 2: []}
    means = draw_means(draws, ["late_share"])
    assert means.to_dict("records") == [
        {"draw": 1, "scenario": "policy", "outcome": "late_share", "difference": 1.5}
    ]
    assert draw_means(draws, ["another"]).empty

"""A planted box is found again through noise, words and whole numbers included, by two methods."""

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from sim.analysis.boxes import Box, Limit, between, space_of
from sim.analysis.cart import grow
from sim.analysis.cases import cases_of
from sim.analysis.design_runs import design_runs
from sim.analysis.discover import WAYS, Found, Step, _worth_it, discover, limits_of, steps_table
from sim.analysis.prim import paste, peel
from sim.analysis.quasi_p import looser_boxes, quasi_p
from sim.kernel.fault import ShiyuError
from tests.analysis.designs import fail, swept
from tests.thinned import one_in


def scattered(seed, points=500):
    """Points over four factors, with the planted box and cases: 3 % of the labels are turned."""
    draws = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {
            "staff": 10 + 60 * draws.random(points),
            "subsidy": 3000.0 * draws.integers(0, 5, points),
            "idle": draws.random(points),
            "rule": draws.choice(["own", "pooled", "mixed", "none"], points),
        }
    )
    planted = ((frame.staff < 35) & (frame.subsidy <= 6000)).to_numpy()
    planted = planted & frame.rule.isin(["own", "pooled"]).to_numpy()
    turned = draws.random(points) < 0.03
    return frame, planted, planted ^ turned


@pytest.fixture(scope="module")
def study():
    frame, planted, cases = scattered(1)
    return frame, planted, discover(space_of(frame), cases)


def test_the_planted_box_is_found(study):
    _, planted, found = study
    box = found.boxes[0]
    limits = box.step.box.limits
    assert set(limits) == {"staff", "subsidy", "rule"}
    assert limits["staff"].low is None
    assert limits["staff"].high == pytest.approx(35, abs=2)
    assert limits["subsidy"] == Limit(high=limits["subsidy"].high)
    assert limits["subsidy"].high == 6000  # its levels are 3,000 apart
    assert limits["rule"].words == ("own", "pooled")
    both, either = (box.inside & planted).sum(), (box.inside | planted).sum()
    assert both / either > 0.9
    assert box.step.density > 0.9
    assert box.step.coverage > 0.7


@pytest.mark.parametrize("seed", one_in(6, range(2, 8)))
def test_no_other_factor_is_blamed(seed):
    frame, planted, cases = scattered(seed)
    box = discover(space_of(frame), cases, boxes=1).boxes[0]
    assert set(box.step.box.limits) == {"staff", "subsidy", "rule"}
    assert (box.inside & planted).sum() / (box.inside | planted).sum() > 0.7


def test_what_is_limited_is_sure_and_can_be_repeated(study):
    *_, found = study
    box = found.boxes[0]
    assert all(p < 1e-3 for p in box.step.quasi_p.values())
    assert all(share >= 0.5 for share in box.reproduced.values())


def test_the_tree_finds_the_same_place(study):
    _, planted, found = study
    clear = found.tree.clear
    assert (clear & planted).sum() / (clear | planted).sum() > 0.8
    boxes = np.logical_or.reduce([box.inside for box in found.boxes])
    assert found.overlap == (boxes & clear).sum() / (boxes | clear).sum() > 0.8
    assert set(found.tree.gains) == {"staff", "subsidy", "rule"}


def test_measures_of_every_step_are_counts_of_points(study):
    frame, _, found = study
    _, _, cases = scattered(1)
    space = space_of(frame)
    for step in found.boxes[0].steps:
        inside = step.box.holds(space)
        assert step.points == inside.sum()
        assert step.cases == (inside & cases).sum()
        assert step.coverage == pytest.approx((inside & cases).sum() / cases.sum())
        assert step.density == pytest.approx(cases[inside].mean())
        assert step.mass == pytest.approx(inside.mean())


def test_peeling_only_narrows_and_ends_small_or_pure(study):
    frame, *_ = study
    _, _, cases = scattered(1)
    among = np.ones(len(cases), dtype=bool)
    for patience in WAYS:
        path = peel(space_of(frame), cases, among, patience=patience)
        for before, after in pairwise(path):
            assert not (after.inside & ~before.inside).any()
            assert after.inside.sum() < before.inside.sum()
        last = path[-1].inside
        assert 25 <= last.sum() <= 27 or cases[last].all()


def test_a_box_is_peeled_until_it_holds_just_the_fewest_points():
    """Every other point is a case, so no box is pure; one point goes at a time."""
    space = space_of(pd.DataFrame({"a": np.arange(40.0)}))
    cases = np.arange(40) % 2 == 0
    path = peel(space, cases, np.ones(40, dtype=bool), fewest=0.5)
    assert path[-1].inside.sum() == 20


def test_what_a_slice_gains_counts_for_each_point_lost():
    """The word y would raise .5 to .7 for ten points, the lowest point 10/20 to 10/19 for one."""
    frame = pd.DataFrame({"a": np.arange(20.0), "w": ["y"] * 10 + ["x"] * 10})
    cases = np.isin(np.arange(20), [3, 5, 7, 10, 11, 12, 13, 14, 15, 19])
    path = peel(space_of(frame), cases, np.ones(20, dtype=bool))
    assert set(path[1].box.limits) == {"a"}
    assert path[1].inside.sum() == 19


@pytest.mark.parametrize(("share", "points"), [(0.25, 4), (0.75, 3)])
def test_a_slice_is_put_back_while_the_share_of_cases_does_not_fall(share, points):
    """Points 0 to 3 and 5 are cases, 0 to 2 in the box: one point more is a case, of two one."""
    space = space_of(pd.DataFrame({"a": np.array([0.0, 1, 2, 3, 4, 5, 6, 7])}))
    cases = np.isin(np.arange(8), [0, 1, 2, 3, 5])
    start = Box({"a": Limit(high=2.5)})
    path = paste(space, cases, np.ones(8, dtype=bool), start, share=share)
    assert path[-1].inside.sum() == points


def test_the_surest_limit_is_told_first():
    box = Box({"a": Limit(low=1.0), "b": Limit(high=2.0), "c": Limit(high=3.0)})
    unsure = {"a": 0.04, "b": 0.001, "c": 0.02}
    step = Step(0, "peel", box, 1.0, 1.0, 1.0, 10, 10, unsure)
    assert [limit["factor"] for limit in limits_of(step)] == ["b", "c", "a"]


@pytest.mark.parametrize("seed", [3, 9])
def test_limits_and_boxes_that_chance_would_bring_as_well_are_left_out(seed):
    """Only a decides; one label in ten is turned, which leaves cases for boxes by chance."""
    draws = np.random.default_rng(seed)
    frame = pd.DataFrame({name: draws.random(60) for name in "abc"})
    cases = ((frame.a < 0.3) ^ (draws.random(60) < 0.1)).to_numpy()
    (box,) = discover(space_of(frame), cases).boxes
    dropped = [step for step in box.steps if step.kind == "drop"]
    assert len(dropped[0].box.limits) > len(dropped[-1].box.limits)
    assert set(box.step.box.limits) == {"a"}
    assert max(dropped[-1].quasi_p.values()) <= 0.05


@pytest.mark.parametrize(("hits", "worth"), [(6, True), (5, False), (0, False)])
def test_a_further_box_has_more_cases_than_chance_would_give_it(hits, worth):
    """Three of ten points are cases: 6 or more of 10 come with chance .047, 5 or more with .150."""
    cases = np.arange(10) < 3
    step = Step(0, "peel", Box({"a": Limit(low=1.0)}), 0.5, hits / 10, 1.0, 10, hits, {})
    found = Found((step,), 0, {}, cases)
    assert _worth_it(found, cases) == worth


def test_what_luck_alone_limits_is_seldom_limited_in_halves_of_the_points():
    draws = np.random.default_rng(3)
    space = space_of(pd.DataFrame({name: draws.random(40) for name in "abc"}))
    found = discover(space, draws.random(40) < 0.3, boxes=1).boxes[0]
    assert found.reproduced.keys() == found.step.box.limits.keys()
    assert all(share < 0.5 for share in found.reproduced.values())


@pytest.mark.slow
def test_two_boxes_apart_are_found_one_after_the_other():
    frame, _, _ = scattered(3, points=800)
    low, high = (frame.staff < 25) & (frame.idle < 0.4), (frame.staff > 55) & (frame.idle > 0.6)
    found = discover(space_of(frame), (low | high).to_numpy())
    assert len(found.boxes) >= 2
    assert found.coverage > 0.85
    assert not (found.boxes[0].inside & found.boxes[1].inside).any()
    assert sum(box.step.cases for box in found.boxes) <= found.cases


@pytest.mark.parametrize(("top", "boxes"), [(80, 2), (100, 1)])
def test_a_second_box_holds_the_cases_outside_the_first_and_there_is_none_without_such(top, boxes):
    """Of 100 points cases are the lowest 20, and those from `top` on."""
    place = np.arange(100.0)
    found = discover(space_of(pd.DataFrame({"a": place})), (place < 20) | (place >= top))
    assert len(found.boxes) == boxes
    inside = sorted(np.flatnonzero(box.inside).tolist() for box in found.boxes)
    assert inside == [list(range(20)), list(range(80, 100))][:boxes]
    assert found.coverage == found.overlap == 1.0


@pytest.mark.slow
def test_cases_at_random_give_no_box_that_lasts():
    """Of six sweeps in which nothing leads anywhere, few yield a limit halves confirm."""
    fooled = 0
    for seed in range(6):
        frame, _, _ = scattered(seed, points=150)
        cases = np.random.default_rng(100 + seed).random(150) < 0.2
        box = discover(space_of(frame), cases, boxes=1).boxes[0]
        fooled += any(share > 0.75 for share in box.reproduced.values())
    assert fooled <= 2


def test_a_quasi_p_value_is_the_binomial_tail():
    """Box: 3 of 4 points are cases; without its limit 4 of 8: P(3 or more of 4 at 1/2) = 5/16."""
    space = space_of(pd.DataFrame({"a": [1.0, 1, 1, 1, 2, 2, 2, 2]}))
    cases = np.array([1, 1, 1, 0, 1, 0, 0, 0], dtype=bool)
    among = np.ones(8, dtype=bool)
    found = quasi_p(space, cases, among, Box({"a": Limit(high=1.5)}))
    assert found == {"a": pytest.approx(5 / 16)}


def test_a_box_is_loosened_by_a_factor_or_by_one_end_of_its_range():
    """Both points of the box are cases; of all 3 of 6 are, without its low end 2 of 4, else 3."""
    space = space_of(pd.DataFrame({"a": [1.0, 1, 2, 2, 3, 3]}))
    cases = np.array([0, 0, 1, 1, 1, 0], dtype=bool)
    box = Box({"a": Limit(low=1.5, high=2.5)})
    found = looser_boxes(space, cases, np.ones(6, dtype=bool), box)
    assert [(each.limits, p) for each, p in found] == [
        ({}, pytest.approx((3 / 6) ** 2)),
        ({"a": Limit(high=2.5)}, pytest.approx((2 / 4) ** 2)),
        ({"a": Limit(low=1.5)}, pytest.approx((3 / 4) ** 2)),
    ]


def test_a_box_without_a_case_is_as_likely_as_can_be():
    space = space_of(pd.DataFrame({"a": [1.0, 1, 2, 2]}))
    cases = np.array([0, 0, 1, 1], dtype=bool)
    found = quasi_p(space, cases, np.ones(4, dtype=bool), Box({"a": Limit(high=1.5)}))
    assert found == {"a": 1.0}


def test_no_side_of_a_split_has_fewer_points_than_a_leaf_may_have():
    """The one case lies where either factor would part it off alone; two points are the least."""
    frame = pd.DataFrame({"a": [1.0, 2, 2, 2, 2, 2], "w": ["x", "y", "y", "y", "y", "y"]})
    cases = np.array([1, 0, 0, 0, 0, 0], dtype=bool)
    (leaf,) = grow(space_of(frame), cases).leaves
    assert leaf.inside.all()
    assert leaf.density == pytest.approx(1 / 6)


def test_the_first_split_of_a_tree_is_where_cases_part():
    """Cases: a > 2, but for one. Impurity: 4 below are pure, of 4 above 3 are cases: 8 x .375."""
    space = space_of(pd.DataFrame({"a": [1.0, 1, 2, 2, 3, 3, 4, 4], "b": [0.0, 1] * 4}))
    cases = np.array([0, 0, 0, 0, 1, 1, 1, 0], dtype=bool)
    tree = grow(space, cases, depth=1)
    assert [leaf.box.limits["a"] for leaf in tree.leaves] == [Limit(high=2.5), Limit(low=2.5)]
    assert [leaf.density for leaf in tree.leaves] == [0.0, 0.75]
    before, after = 8 * 2 * 3 / 8 * 5 / 8, 4 * 2 * 3 / 4 * 1 / 4
    assert tree.gains == {"a": pytest.approx((before - after) / before)}


def test_a_split_lies_between_neighbours_and_takes_away_the_impurity_of_both_sides():
    """Of 8 points 4 are cases, 1 of 4 below 4.5 and 3 of 4 above: 8 x .5 less twice 4 x .375."""
    space = space_of(pd.DataFrame({"a": np.arange(1.0, 9.0)}))
    cases = np.array([0, 1, 0, 0, 1, 1, 0, 1], dtype=bool)
    tree = grow(space, cases, depth=1, fewest=0.5)
    assert [leaf.box.limits["a"] for leaf in tree.leaves] == [Limit(high=4.5), Limit(low=4.5)]
    assert [leaf.density for leaf in tree.leaves] == [0.25, 0.75]
    assert tree.gains == {"a": pytest.approx((4.0 - 2 * 1.5) / 4.0)}


@pytest.mark.parametrize(
    ("below", "above", "written"),
    [(17.93, 18.31, 18.0), (6000, 9000, 7000), (0.4213, 0.4219, 0.4216), (-3.2, -2.9, -3.0)],
)
def test_a_limit_is_written_with_few_digits(below, above, written):
    number = between(below, above)
    assert below < number < above
    assert len(str(number)) <= len(str(float(written)))


@pytest.mark.parametrize("seed", range(200))
def test_a_limit_always_parts_its_neighbours(seed):
    draws = np.random.default_rng(seed)
    below = float(draws.normal() * 10.0 ** draws.integers(-8, 9))
    above = below + float(draws.random() * 10.0 ** draws.integers(-6, 7))
    assert below < between(below, above) < above


def test_a_step_of_the_way_can_be_chosen():
    frame, _, cases = scattered(1)
    space = space_of(frame)
    found = discover(space, cases, boxes=1, chosen=3)
    assert found.boxes[0].step.number == 3
    assert [row["chosen"] for row in steps_table(found.boxes[0])].index(True) == 3
    last = len(found.boxes[0].steps) - 1
    with pytest.raises(ShiyuError, match="box -1: "):
        discover(space, cases, boxes=1, chosen=-1)
    with pytest.raises(ShiyuError, match=f"box {last + 1}: .* the boxes 0 to {last}$"):
        discover(space, cases, boxes=1, chosen=last + 1)


@pytest.mark.parametrize(
    ("cases", "words"), [(False, "^0 of the 50 points are"), (True, "^50 of the 50 points are")]
)
def test_a_bound_that_parts_nothing_is_refused(cases, words):
    frame, *_ = scattered(1, points=50)
    with pytest.raises(ShiyuError, match=words):
        discover(space_of(frame), np.full(50, cases))


def test_a_factor_that_is_no_finite_number_makes_no_space():
    with pytest.raises(ShiyuError, match="a: a point has no finite value of this factor"):
        space_of(pd.DataFrame({"a": [1.0, np.nan]}))


def test_cases_are_points_whose_mean_passes_the_bound():
    points = pd.DataFrame({"a": np.arange(30.0)})
    runs = design_runs(swept(points, {"y": points.a}, 3), ["a"], ["y"])
    assert cases_of(runs, "y", above=10).marks.sum() == 19
    assert cases_of(runs, "y", below=10).marks.sum() == 10
    with pytest.raises(ShiyuError, match="one bound"):
        cases_of(runs, "y", above=1, below=2)
    with pytest.raises(ShiyuError, match="no finite number"):
        cases_of(runs, "y", above=float("nan"))
    with pytest.raises(ShiyuError, match=r"0 of the 30 points are cases, for .* between 0 and 29"):
        cases_of(runs, "y", above=40)
    with pytest.raises(ShiyuError, match="30 of the 30 points are cases"):
        cases_of(runs, "y", below=40)


def test_points_with_a_failed_run_are_left_out_and_listed():
    points = pd.DataFrame({"a": np.arange(30.0)})
    table = fail(swept(points, {"y": points.a}, 3), 7, 1)
    cases = cases_of(design_runs(table, ["a"], ["y"]), "y", above=10)
    assert cases.left_out == (7,)
    assert cases.space.size == 29
    assert 7 not in cases.points


def test_boxes_need_twenty_points_with_all_their_runs():
    points = pd.DataFrame({"a": np.arange(20.0)})
    table = swept(points, {"y": points.a}, 2)
    assert cases_of(design_runs(table, ["a"], ["y"]), "y", above=10).marks.sum() == 9
    with pytest.raises(ShiyuError, match=r"19 of 20 points have all their runs; .* at least 20"):
        cases_of(design_runs(fail(table, 3, 0), ["a"], ["y"]), "y", above=10)


def test_points_that_luck_could_turn_are_counted():
    points = pd.DataFrame({"a": np.arange(40.0)})
    calm = cases_of(design_runs(swept(points, {"y": points.a}, 5), ["a"], ["y"]), "y", above=9.5)
    table = swept(points, {"y": points.a}, 5, luck=2)
    assert calm.undecided == 0
    assert cases_of(design_runs(table, ["a"], ["y"]), "y", above=9.5).undecided > 0
    once = swept(points, {"y": points.a}, 1)
    assert cases_of(design_runs(once, ["a"], ["y"]), "y", above=9.5).undecided is None


def test_limits_of_a_factor_with_few_levels_are_levels():
    few = np.repeat([1.0, 4.0, 12.0], 30)
    many = np.tile(np.linspace(0.0, 1.0, 30), 3)
    space = space_of(pd.DataFrame({"few": few, "many": many}))
    found = discover(space, few > 1.0).boxes[0].step.box
    assert found.limits == {"few": Limit(low=4.0)}
    found = discover(space, (few < 12.0) & (many > 0.41)).boxes[0].step.box
    assert found.limits["few"] == Limit(high=4.0)
    assert found.limits["many"].low == pytest.approx(0.4, abs=0.02)

"""What each design makes of the factors."""

import numpy as np
import pytest

from sim.experiment.experiment import keys_overlap
from sim.experiment.stopping import Stopping
from sim.kernel.fault import ScenarioError

from .files import ROOMS, SHARING, STAFF, SUBSIDY, TWO_FACTORS, experiment

THREE = f"""\
factors:
  {STAFF}: {{low: 10, high: 50}}
  {SHARING}: {{low: 0, high: 1}}
  {SUBSIDY}: [0, 6000, 12000, 24000]
replications: 1
"""


def settings(found):
    return [point.settings for point in found.points()]


def column(found, key):
    return np.array([point.settings[key] for point in found.points()], float)


def test_a_factorial_design_has_every_combination_the_last_factor_changing_fastest(tmp_path):
    assert settings(experiment(tmp_path)) == [
        {SUBSIDY: subsidy, STAFF: staff} for subsidy in (0, 6000) for staff in (10, 30, 50)
    ]


def test_levels_of_a_logarithmic_range_have_equal_ratios(tmp_path):
    text = f"""\
design: {{kind: factorial}}
factors: {{{STAFF}: {{low: 10, high: 1000, levels: 3, log: true}}}}
replications: 1
"""
    assert column(experiment(tmp_path, text), STAFF).tolist() == [10, 100, 1000]


def test_two_levels_are_both_ends(tmp_path):
    text = f"design: {{kind: factorial}}\nfactors: {{{STAFF}: {{low: 10, high: 50, levels: 2}}}}\n"
    assert column(experiment(tmp_path, text + "replications: 1\n"), STAFF).tolist() == [10, 50]


@pytest.mark.parametrize(("said", "of"), [("", "difference"), (", of: mean", "mean")])
def test_an_experiment_by_precision_begins_with_ten_replications(tmp_path, said, of):
    rule = f"{{outcome: escalation_share, half_width: 0.02, at_most: 40{said}}}"
    text = f"design: {{kind: factorial}}\nfactors: {{{STAFF}: [10, 50]}}\nprecision: {rule}\n"
    found = experiment(tmp_path, text)
    assert found.stopping == Stopping("escalation_share", 0.02, of, 40)
    assert found.replications == 10
    for told in (10, 25):
        assert experiment(tmp_path, text + f"replications: {told}\n").replications == told
    assert experiment(tmp_path).stopping is None


def test_a_latin_hypercube_meets_each_slice_of_each_range_once(tmp_path):
    found = experiment(tmp_path, "design: {kind: lhs, samples: 16}\n" + THREE)
    assert sorted(((column(found, STAFF) - 10) / 40 * 16).astype(int)) == list(range(16))
    assert sorted((column(found, SHARING) * 16).astype(int)) == list(range(16))
    assert sorted(column(found, SUBSIDY)) == [0] * 4 + [6000] * 4 + [12000] * 4 + [24000] * 4


def test_the_scheme_of_saltelli_changes_one_column_at_a_time_between_two_samples(tmp_path):
    found = experiment(tmp_path, "design: {kind: sobol, samples: 8}\n" + THREE)
    keys = list(found.factors)
    blocks = np.array([[point.settings[key] for key in keys] for point in found.points()])
    blocks = blocks.reshape(8, 5, 3)  # A, A with a column of B three times, B
    for number in range(3):
        first, mixed, second = blocks[:, 0], blocks[:, 1 + number], blocks[:, 4]
        kept = [other for other in range(3) if other != number]
        assert np.array_equal(mixed[:, kept], first[:, kept])
        assert np.array_equal(mixed[:, number], second[:, number])


def test_trajectories_of_morris_change_one_factor_at_a_step(tmp_path):
    found = experiment(tmp_path, "design: {kind: morris, trajectories: 5}\n" + THREE)
    keys = list(found.factors)
    values = np.array([[point.settings[key] for key in keys] for point in found.points()])
    changed = np.diff(values.reshape(5, 4, 3), axis=1) != 0
    assert (changed.sum(axis=2) == 1).all()
    assert (changed.sum(axis=1) == 1).all()


@pytest.mark.parametrize(("levels", "share"), [(2, 1.0), (4, 2 / 3), (6, 3 / 5)])
def test_a_step_of_morris_is_half_the_levels_of_the_design(levels, share, tmp_path):
    """Of n levels n / 2 steps of 1 / (n - 1) of the range, which is of 40."""
    design = f"design: {{kind: morris, trajectories: 3, levels: {levels}}}\n"
    staff = column(experiment(tmp_path, design + THREE), STAFF).reshape(3, 4)
    assert np.abs(np.diff(staff)).max(axis=1) == pytest.approx(40 * share)


def test_a_whole_range_takes_whole_numbers_alone_and_reaches_both_ends(tmp_path):
    text = "design: {kind: lhs, samples: 40}\nreplications: 1\n"
    found = experiment(tmp_path, text + f"factors: {{{ROOMS}: {{low: 2, high: 5, whole: true}}}}\n")
    assert sorted(column(found, ROOMS)) == [2] * 10 + [3] * 10 + [4] * 10 + [5] * 10


@pytest.mark.parametrize(
    ("low", "levels", "values"),
    [(0, 4, [0, 2, 3, 5]), (2, 4, [2, 3, 4, 5])],  # steps of 5/3: 0, 1.67, 3.33, 5; of 1
)
def test_levels_of_a_whole_range_have_equal_steps_to_the_nearest_whole_number(
    low, levels, values, tmp_path
):
    levelled = f"{{low: {low}, high: 5, whole: true, levels: {levels}}}"
    text = f"design: {{kind: factorial}}\nreplications: 1\nfactors: {{{ROOMS}: {levelled}}}\n"
    assert column(experiment(tmp_path, text), ROOMS).tolist() == values


@pytest.mark.parametrize(("low", "high"), [(-1, 50), (10, 1e9)])
def test_both_ends_of_a_range_must_be_settings_that_the_lever_takes(low, high, tmp_path):
    text = f"design: {{kind: lhs, samples: 2}}\nfactors: {{{SHARING}: {{low: 0, high: 1}}, "
    with pytest.raises(ScenarioError, match="staff_per_10k"):
        experiment(tmp_path, text + f"{STAFF}: {{low: {low}, high: {high}}}}}\nreplications: 1\n")


def test_the_seed_decides_the_sample(tmp_path):
    text = "design: {kind: lhs, samples: 8}\n" + THREE
    first = settings(experiment(tmp_path, text + "seed: 3\n"))
    assert settings(experiment(tmp_path, text + "seed: 3\n")) == first
    for other in (4, 67, 2**20 + 3):
        assert settings(experiment(tmp_path, text + f"seed: {other}\n")) != first


@pytest.mark.parametrize(("said", "seed"), [("", 1), ("seed: 0\n", 0), ("seed: 7\n", 7)])
def test_the_seed_is_one_unless_told(said, seed, tmp_path):
    assert experiment(tmp_path, TWO_FACTORS + said).seed == seed


@pytest.mark.parametrize(
    ("said", "outcomes"),
    [
        ("", None),
        ("outcomes: all\n", None),
        ("outcomes: [unresolved_share, late_share]\n", ("unresolved_share", "late_share")),
    ],
)
def test_the_outcomes_are_those_named_in_their_order_or_all(said, outcomes, tmp_path):
    assert experiment(tmp_path, TWO_FACTORS + said).outcomes == outcomes


def test_an_experiment_without_a_title_goes_by_its_name(tmp_path):
    assert experiment(tmp_path).title == {"en": "made-up", "zh": "made-up"}
    told = experiment(tmp_path, TWO_FACTORS + "title: Staff and subsidy\n")
    assert told.title == {"en": "Staff and subsidy", "zh": "Staff and subsidy"}


@pytest.mark.parametrize(
    "design",
    [
        "{kind: lhs, samples: 6}",
        "{kind: sobol, samples: 4}",
        "{kind: sobol, samples: 4, second_order: true}",
        "{kind: morris, trajectories: 5}",
    ],
)
def test_the_size_that_a_design_is_judged_by_is_that_of_its_points(design, tmp_path):
    found = experiment(tmp_path, f"design: {design}\n" + THREE)
    assert found.design.size(list(found.factors.values())) == len(found.points())
    factorial = experiment(tmp_path)
    assert factorial.design.size(list(factorial.factors.values())) == 6


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_a_list_takes_points_and_factors_from_the_rows_and_heads_of_a_table(tmp_path, suffix):
    import pandas as pd

    frame = pd.DataFrame({STAFF: [10.0, 40.0, 40.0], "scenario": ["two-villages"] * 3})
    path = tmp_path / f"表.{suffix}"
    if suffix == "csv":
        frame.to_csv(path, index=False)
    else:
        frame.to_parquet(path)
    found = experiment(tmp_path, f"design: {{kind: list, file: 表.{suffix}}}\nreplications: 1\n")
    assert settings(found) == frame.to_dict("records")
    assert found.factors[STAFF].values == (10.0, 40.0)


def test_a_table_may_begin_with_the_mark_that_office_programs_write(tmp_path):
    (tmp_path / "t.csv").write_text(f"{STAFF}\n10\n", encoding="utf-8-sig")
    found = experiment(tmp_path, "design: {kind: list, file: t.csv}\nreplications: 1\n")
    assert settings(found) == [{STAFF: 10}]


def test_a_cell_of_a_table_may_be_a_schedule(tmp_path):
    cell = '"[{from: 2020-01-01, value: 0}, {from: 2020-01-20, value: 6000}]"'
    (tmp_path / "t.csv").write_text(f"{SUBSIDY}\n0\n{cell}\n", encoding="utf-8")
    found = experiment(tmp_path, "design: {kind: list, file: t.csv}\nreplications: 1\n")
    scenario = found.scenario_of(found.points()[1].nodes)
    assert len(scenario.lever_days()) == 2


def test_a_factor_may_be_a_whole_scenario_its_shocks_its_place_or_its_scale(tmp_path):
    text = """\
design: {kind: factorial}
factors:
  scenario: [jincheng-2020, mediators-doubled]
  scale: [0.005, 0.01]
  shocks: [[], [{kind: pandemic, on: 2020-02-01, until: 2020-05-01}]]
replications: 1
"""
    found = experiment(tmp_path, text, "name: made-up\nscenario: jincheng-2020\n")
    scenarios = [found.scenario_of(point.nodes) for point in found.points()]
    assert [s.name for s in scenarios] == ["jincheng-2020"] * 4 + ["mediators-doubled"] * 4
    assert [s.scale for s in scenarios] == [0.005, 0.005, 0.01, 0.01] * 2
    assert [len(s.shocks) for s in scenarios] == [0, 1] * 4


def test_one_key_sets_what_the_other_does_only_where_one_lies_within_the_other():
    assert keys_overlap("policies.grid", "policies.grid.screening")
    assert keys_overlap("policies.grid.screening", "policies.grid")
    assert keys_overlap("scale", "scale")
    assert not keys_overlap("parameters.petitions.join", "parameters.petitions.join_again")


NESTED = """\
name: made-up
scenario: two-villages
settings: {time: {years: 0.1}, policies: {grid: {subsidy_yuan_per_year: 6000}}}
"""


def test_settings_in_one_another_are_those_of_their_dotted_keys(tmp_path):
    """Else they would be said to set the levers that are varied, too."""
    text = f"design: {{kind: factorial}}\nfactors: {{{STAFF}: [10, 50]}}\nreplications: 1\n"
    found = experiment(tmp_path, text, NESTED)
    assert set(found.settings) == {"time.years", SUBSIDY}
    for point in found.points():
        scenario = found.scenario_of(point.nodes)
        levers = scenario.lever_values(scenario.start)
        assert set(levers["grid.subsidy_yuan_per_year"]) == {6000.0}
        assert set(levers["mediation.staff_per_10k"]) == {point.settings[STAFF]}


class TestConstraints:
    def test_what_is_set_alike_at_every_point_can_be_named(self, tmp_path):
        text = f"constraints: [{STAFF} * 600 > {SUBSIDY}]\ndesign: {{kind: factorial}}\n"
        text += f"factors: {{{STAFF}: [10, 50]}}\nreplications: 1\n"
        assert settings(experiment(tmp_path, text, NESTED)) == [{STAFF: 50}]

    def test_points_that_break_one_are_left_out_and_counted(self, tmp_path):
        found = experiment(tmp_path, f"constraints: [{STAFF} / 10 + {SUBSIDY} <= 3]\n" + FACTORIAL)
        assert settings(found) == [{SUBSIDY: 0, STAFF: 10}, {SUBSIDY: 0, STAFF: 30}]
        assert found.left_out == 4

    @pytest.mark.parametrize(
        ("condition", "meets"),
        [
            ("STAFF > 10 and SUBSIDY == 0", lambda staff, subsidy: staff > 10 and subsidy == 0),
            ("STAFF < 30 or SUBSIDY != 0", lambda staff, subsidy: staff < 30 or subsidy > 0),
            ("not STAFF <= 30", lambda staff, subsidy: staff == 50),
            (
                "not (STAFF == 30 or SUBSIDY > 0)",
                lambda staff, subsidy: staff != 30 and not subsidy,
            ),
            ("10 < STAFF < 50", lambda staff, subsidy: staff == 30),
            ("0 <= SUBSIDY < STAFF <= 30", lambda staff, subsidy: staff <= 30 and subsidy == 0),
            ("30 <= STAFF >= 50", lambda staff, subsidy: staff == 50),
            ("-STAFF + 40 >= +10", lambda staff, subsidy: staff <= 30),
            ("STAFF - 20 > 10", lambda staff, subsidy: staff == 50),
            ("STAFF * 200 <= SUBSIDY", lambda staff, subsidy: staff <= 30 and subsidy > 0),
            ("SUBSIDY / STAFF > 150", lambda staff, subsidy: staff <= 30 and subsidy > 0),
            ("min(STAFF, 20) == 20", lambda staff, subsidy: staff >= 30),
            ("max(STAFF, SUBSIDY, 40) == 40", lambda staff, subsidy: staff < 40 and subsidy == 0),
            ("abs(STAFF - 30) < 20", lambda staff, subsidy: staff == 30),
        ],
    )
    def test_a_condition_means_what_it_means_in_arithmetic(self, condition, meets, tmp_path):
        text = condition.replace("STAFF", STAFF).replace("SUBSIDY", SUBSIDY)
        found = settings(experiment(tmp_path, f"constraints: ['{text}']\n" + FACTORIAL))
        every = settings(experiment(tmp_path))
        assert found == [each for each in every if meets(each[STAFF], each[SUBSIDY])]
        assert 0 < len(found) < len(every)

    def test_every_constraint_must_hold(self, tmp_path):
        text = f"constraints: [{STAFF} > 10, {STAFF} < 50, {SUBSIDY} == 0]\n"
        assert settings(experiment(tmp_path, text + FACTORIAL)) == [{SUBSIDY: 0, STAFF: 30}]

    def test_the_budget_of_a_point_is_what_the_model_counts_for_its_levers(self, tmp_path):
        from sim.experiment.costs import cost_of

        found = experiment(tmp_path, "constraints: [cost <= base_cost - 80000]\n" + FACTORIAL)
        base = sum(cost_of(found.scenario_of({})).values())
        costs = [
            sum(cost_of(found.scenario_of(point.nodes)).values()) - base
            for point in experiment(tmp_path).points()
        ]
        kept = [
            point
            for point, cost in zip(settings(experiment(tmp_path)), costs, strict=True)
            if cost <= -80000
        ]
        assert 0 < len(kept) < len(costs)
        assert settings(found) == kept
        assert found.costs == pytest.approx([base + cost for cost in costs if cost <= -80000])
        assert found.base_cost == pytest.approx(base)
        assert experiment(tmp_path).costs == ()  # nobody asked

    def test_a_line_of_the_budget_can_be_named(self, tmp_path):
        text = "constraints: ['cost.grid_pay == base_cost.grid_pay']\n" + FACTORIAL
        assert len({each[SUBSIDY] for each in settings(experiment(tmp_path, text))}) == 1


FACTORIAL = f"""\
design: {{kind: factorial}}
factors:
  {SUBSIDY}: [0, 6000]
  {STAFF}: {{low: 10, high: 50, levels: 3}}
replications: 2
"""

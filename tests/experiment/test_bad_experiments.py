"""Every fault of an experiment file is told at once, where it stands, with what is allowed."""

import pandas as pd
import pytest

from sim.experiment import tables
from sim.kernel.fault import ScenarioError

from .files import HEAD, ROOMS, SHARING, STAFF, SUBSIDY, experiment, written

GOOD_FACTOR = f"factors: {{{STAFF}: [10, 50]}}\n"
FACTORIAL = "design: {kind: factorial}\n"


def faults(folder, text, head=HEAD):
    with pytest.raises(ScenarioError) as caught:
        experiment(folder, text, head)
    return [
        str(fault).replace(str(written(folder, text, head)), "FILE")
        for fault in caught.value.faults
    ]


# What a file says, and what its only fault must tell.
BAD = {
    "no design": (GOOD_FACTOR + "replications: 1\n", "FILE:1:1: design: is missing"),
    "no factors": (FACTORIAL + "replications: 1\n", "FILE:1:1: factors: is missing"),
    "no replications": (FACTORIAL + GOOD_FACTOR, "FILE:1:1: replications: is missing; say"),
    "a design without a kind": (
        "design: {samples: 8}\n" + GOOD_FACTOR + "replications: 1\n",
        "FILE:4:9: design.kind: is missing",
    ),
    "another kind": (
        "design: {kind: factorail}\n" + GOOD_FACTOR + "replications: 1\n",
        "FILE:4:16: design.kind: there is no design factorail",
    ),
    "an option of another kind": (
        "design: {kind: factorial, samples: 8}\n" + GOOD_FACTOR + "replications: 1\n",
        "FILE:4:36: design.samples: belongs to a design of kind lhs or sobol",
    ),
    "samples that are no power of 2": (
        "design: {kind: sobol, samples: 12}\n" + GOOD_FACTOR + "replications: 1\n",
        "FILE:4:32: design.samples: 12 is not a power of 2",
    ),
    "a hypercube of nobody knows how many samples": (
        "design: {kind: lhs}\n" + GOOD_FACTOR + "replications: 1\n",
        "FILE:4:9: design.samples: is missing",
    ),
    "a hypercube of one sample": (
        "design: {kind: lhs, samples: 1}\n" + GOOD_FACTOR + "replications: 1\n",
        "FILE:4:30: design.samples: 1 is below 2",
    ),
    "trajectories over an odd number of levels": (
        "design: {kind: morris, trajectories: 4, levels: 5}\n" + GOOD_FACTOR + "replications: 1\n",
        "FILE:4:49: design.levels: 5 is odd",
    ),
    "a sample of a factor of one value": (
        f"design: {{kind: lhs, samples: 4}}\nfactors: {{{STAFF}: [10]}}\nreplications: 1\n",
        f"factors.{STAFF}: a design of kind lhs needs two values or more of a factor",
    ),
    "a range without levels": (
        FACTORIAL + f"factors: {{{STAFF}: {{low: 1, high: 2}}}}\nreplications: 1\n",
        "needs levels",
    ),
    "levels of a range that is drawn from": (
        "design: {kind: lhs, samples: 4}\n"
        + f"factors: {{{STAFF}: {{low: 1, high: 2, levels: 2}}}}\nreplications: 1\n",
        f"factors.{STAFF}.levels: belongs to a design of kind factorial",
    ),
    "levels of a range that trajectories cross": (
        "design: {kind: morris, trajectories: 4}\n"
        + f"factors: {{{STAFF}: {{low: 1, high: 2, levels: 4}}}}\nreplications: 1\n",
        f"factors.{STAFF}.levels: is given by design.levels in a design of kind morris",
    ),
    "a logarithmic range from nought": (
        FACTORIAL + f"factors: {{{STAFF}: {{low: 0, high: 2, levels: 2, log: true}}}}\n"
        "replications: 1\n",
        "a range on a logarithmic scale must begin above 0",
    ),
    "a range of whole numbers that begins between two": (
        FACTORIAL + f"factors: {{{ROOMS}: {{low: 0.5, high: 3, levels: 2, whole: true}}}}\n"
        "replications: 1\n",
        "a range of whole numbers must begin and end with one",
    ),
    "more levels than whole numbers": (
        FACTORIAL + f"factors: {{{ROOMS}: {{low: 2, high: 5, levels: 5, whole: true}}}}\n"
        "replications: 1\n",
        "5 levels do not fit between 2 and 5",
    ),
    "a range that may or may not be logarithmic": (
        FACTORIAL + f"factors: {{{STAFF}: {{low: 1, high: 2, levels: 2, log: perhaps}}}}\n"
        "replications: 1\n",
        f"factors.{STAFF}.log: ",
    ),
    "a precision of neither difference nor mean": (
        FACTORIAL
        + GOOD_FACTOR
        + "precision: {outcome: escalation_share, half_width: 1, at_most: 20, of: both}\n",
        "precision.of: ",
    ),
    "a precision of no width": (
        FACTORIAL
        + GOOD_FACTOR
        + "precision: {outcome: escalation_share, half_width: 0, at_most: 20}\n",
        "precision.half_width: ",
    ),
    "a range that goes down": (
        FACTORIAL + f"factors: {{{STAFF}: {{low: 3, high: 2, levels: 2}}}}\nreplications: 1\n",
        "3 is not below 2",
    ),
    "no value": (FACTORIAL + f"factors: {{{STAFF}: []}}\nreplications: 1\n", "at least one value"),
    "a value twice": (
        FACTORIAL + f"factors: {{{STAFF}: [10, 50, 10]}}\nreplications: 1\n",
        "10 stands twice among the values",
    ),
    "a value that is no list": (
        FACTORIAL + f"factors: {{{STAFF}: 10}}\nreplications: 1\n",
        "must be a list of values, or a range",
    ),
    "an unknown lever": (
        FACTORIAL + "factors: {policies.mediation.staf_per_10k: [10]}\nreplications: 1\n",
        "did you mean staff_per_10k?",
    ),
    "an unknown lever with several values": (
        FACTORIAL + "factors:\n  policies.mediation.staf_per_10k: [10, 20, 30]\nreplications: 1\n",
        "FILE:6:3: policies.mediation.staf_per_10k: no such lever",
    ),
    "a value outside its range": (
        FACTORIAL + f"factors:\n  {STAFF}:\n  - 10\n  - 1e9\nreplications: 1\n",
        "FILE:8:5: policies.mediation.staff_per_10k: 1000000000 is above 1000",
    ),
    "the end of a range outside the lever's": (
        "design: {kind: lhs, samples: 4}\n"
        f"factors: {{{STAFF}: {{low: 1, high: 1e9}}}}\nreplications: 1\n",
        "1000000000 is above 1000",
    ),
    "a key set twice": (
        FACTORIAL
        + f"factors: {{{STAFF}: [1, 2], policies.mediation: [{{pay_yuan_per_month: 3000}}]}}\n"
        + "replications: 1\n",
        "policies.mediation: is set by policies.mediation.staff_per_10k too",
    ),
    "a factor of the settings": (
        FACTORIAL + "factors: {time.years: [0.1, 0.2]}\nreplications: 1\n",
        "time.years: is set by time.years too",
    ),
    "outcomes as a factor": (
        FACTORIAL + "factors: {outcomes: [[escalation_share]]}\nreplications: 1\n",
        "outcomes: cannot be a factor: it decides nothing in a run",
    ),
    "a name as a factor": (
        FACTORIAL + "factors: {name: [a, b]}\nreplications: 1\n",
        "name: cannot be set from outside a file",
    ),
    "too many points": (
        FACTORIAL
        + f"factors: {{{STAFF}: {{low: 1, high: 900, levels: 900}}, "
        + f"{SUBSIDY}: {{low: 1, high: 900, levels: 900}}}}\nreplications: 1\n",
        "makes 810,000 points; at most 200,000 are allowed",
    ),
    "a constraint that is no expression": (
        FACTORIAL + GOOD_FACTOR + "replications: 1\nconstraints: ['1 <']\n",
        "FILE:7:15: constraints: is no expression",
    ),
    "a constraint that is a number": (
        FACTORIAL + GOOD_FACTOR + "replications: 1\nconstraints: [cost + 1]\n",
        "is no condition",
    ),
    "a constraint that calls something": (
        FACTORIAL + GOOD_FACTOR + "replications: 1\nconstraints: [\"open('x') > 1\"]\n",
        "there is no function open",
    ),
    "a constraint on what is no factor": (
        FACTORIAL + GOOD_FACTOR + f"replications: 1\nconstraints: [{STAFF}s > 1]\n",
        f"did you mean {STAFF}?",
    ),
    "a constraint that no point meets": (
        FACTORIAL + GOOD_FACTOR + f"replications: 1\nconstraints: [{STAFF} > 100]\n",
        "no point of the design meets all constraints",
    ),
    "a bound on costs that is blind to a factor": (
        FACTORIAL
        + "factors: {policies.education.seats_per_10k: [100, 400]}\n"
        + "replications: 1\nconstraints: [cost <= base_cost]\n",
        "FILE:7:15: constraints: cost does not count policies.education.seats_per_10k",
    ),
    "a constraint that divides by nought": (
        FACTORIAL + GOOD_FACTOR + f"replications: 1\nconstraints: [1 / ({STAFF} - 10) > 0]\n",
        f"cannot be computed at {STAFF} = 10",
    ),
    "a constraint of more than a thousand letters": (
        FACTORIAL + GOOD_FACTOR + "replications: 1\n"
        f"constraints: ['{STAFF} > 1{' and 1 < 2' * 100}']\n",
        "FILE:7:15: constraints: is longer than 1000 letters",
    ),
    "a constraint that is a condition in part": (
        FACTORIAL + GOOD_FACTOR + f"replications: 1\nconstraints: [{STAFF} > 10 and 5]\n",
        "is no condition",
    ),
    "a constraint with a power": (
        FACTORIAL + GOOD_FACTOR + f"replications: 1\nconstraints: [{STAFF} ** 2 > 100]\n",
        "Pow is not allowed in a constraint",
    ),
    "a constraint with a number beyond all": (
        FACTORIAL + GOOD_FACTOR + f"replications: 1\nconstraints: [{STAFF} < 1e999]\n",
        "FILE:7:15: constraints: 1e309 is not allowed in a constraint",
    ),
    "a constraint on the size of two numbers": (
        FACTORIAL + GOOD_FACTOR + f"replications: 1\nconstraints: ['abs({STAFF}, 2) > 1']\n",
        "2) is not allowed in a constraint",
    ),
    "a constraint on the least of one number": (
        FACTORIAL + GOOD_FACTOR + f"replications: 1\nconstraints: ['min({STAFF}) > 1']\n",
        ") is not allowed in a constraint",
    ),
    "a constraint on a line that no budget has": (
        FACTORIAL + GOOD_FACTOR + "replications: 1\nconstraints: [cost.mediator < base_cost]\n",
        "there is no budget line mediator",
    ),
    "a constraint by which words have an order": (
        FACTORIAL
        + GOOD_FACTOR
        + f"replications: 1\nconstraints: [\"{STAFF} == 50 or 'few' < 'many'\"]\n",
        f"cannot be computed at {STAFF} = 10: few is not a number",
    ),
    "a constraint that counts a condition": (
        FACTORIAL
        + GOOD_FACTOR
        + f"replications: 1\nconstraints: ['{STAFF} == 50 or ({STAFF} > 20) + 1 == 1']\n",
        f"cannot be computed at {STAFF} = 10: False is not a number",
    ),
    "a constraint on a design that it would break": (
        "design: {kind: morris, trajectories: 4}\n"
        + GOOD_FACTOR
        + f"replications: 1\nconstraints: [{STAFF} > 10]\n",
        "would tear holes into a design of kind morris",
    ),
    "too few replications beside precision": (
        FACTORIAL
        + GOOD_FACTOR
        + "replications: 0\n"
        + "precision: {outcome: escalation_share, half_width: 0.01, at_most: 20}\n",
        "FILE:6:15: replications: beside precision it says how many come first: 10 or more",
    ),
    "precision without a limit": (
        FACTORIAL + GOOD_FACTOR + "precision: {outcome: escalation_share, half_width: 0.01}\n",
        "precision.at_most: is missing",
    ),
    "an unknown outcome": (
        FACTORIAL + GOOD_FACTOR + "replications: 1\noutcomes: [escalation]\n",
        "FILE:7:12: outcomes: there is no outcome escalation",
    ),
    "precision that may stop before it is asked": (
        FACTORIAL
        + GOOD_FACTOR
        + "replications: 20\n"
        + "precision: {outcome: escalation_share, half_width: 0.01, at_most: 19}\n",
        "precision.at_most: 19 is below 20",
    ),
    "precision of an unknown outcome": (
        FACTORIAL + GOOD_FACTOR + "precision: {outcome: escalation, half_width: 1, at_most: 20}\n",
        "there is no outcome escalation",
    ),
    "a table that is not there": (
        "design: {kind: list, file: gone.csv}\nreplications: 1\n",
        "no such file: gone.csv",
    ),
    "a table of another kind": (
        "design: {kind: list, file: t.xlsx}\nreplications: 1\n",
        "FILE:4:28: design.file: t.xlsx is neither CSV nor Parquet",
    ),
    "a table and factors": (
        "design: {kind: list, file: t.csv}\n" + GOOD_FACTOR + "replications: 1\n",
        "takes its factors from its file",
    ),
}


@pytest.mark.parametrize("what", BAD)
def test_one_fault_gets_one_message(tmp_path, what):
    (tmp_path / "t.csv").write_text(f"{STAFF}\n10\n", encoding="utf-8")
    text, message = BAD[what]
    try:
        found = faults(tmp_path, text)
    except pytest.fail.Exception:  # constraints are computed when the points are asked for
        with pytest.raises(ScenarioError) as caught:
            experiment(tmp_path, text).points()
        found = [str(fault) for fault in caught.value.faults]
    assert len(found) == 1, found
    assert message.removeprefix("FILE") in found[0]


# What a table of settings says, and what its only fault must tell.
TABLES = {
    "no rows": (f"{STAFF}\n", "holds no rows"),
    "nothing": ("", "begins with no row of heads"),
    "a short row": (f"{STAFF},{SUBSIDY}\n10,0\n20\n", "t.csv:3:1: has 1 cells where"),
    "a hole": (f"{STAFF},{SUBSIDY}\n10,0\n20,\n", f"t.csv:3:2: {SUBSIDY}: is empty"),
    "a head twice": (f"{STAFF},{STAFF}\n10,0\n", "stands twice"),
    "a bad value": (f"{STAFF}\n10\nten\n", "t.csv:3:1: policies.mediation.staff_per_10k: must be"),
    "only short rows": (f"{STAFF},{SUBSIDY}\n20\n", "t.csv:2:1: has 1 cells where"),
    "an unknown head": ("policies.mediation.staf_per_10k\n10\n20\n", "t.csv:1:1: policies."),
    "an open quote": (f'{STAFF}\n"10\n', "cannot be read"),
    "an open bracket": (f'{STAFF}\n"[10"\n', "t.csv:2:1: is not YAML"),
    "no day of the calendar": (f"{STAFF}\n2020-13-01\n", "t.csv:2:1: 2020-13-01 is no day"),
    "a bad value in a schedule": (
        f'{SUBSIDY},{STAFF}\n0,10\n0,"[{{from: 2020-01-01, value: -5}}]"\n',
        f"t.csv:3:2: {STAFF}.value: -5 is below 0",
    ),
}


@pytest.mark.parametrize("what", TABLES)
def test_one_fault_of_a_table_gets_one_message(tmp_path, what):
    content, message = TABLES[what]
    (tmp_path / "t.csv").write_text(content, encoding="utf-8")
    found = faults(tmp_path, "design: {kind: list, file: t.csv}\nreplications: 1\n")
    assert len({fault.split(": ")[0] for fault in found}) == 1, found
    assert any(message in fault for fault in found), found


def test_a_fault_in_a_parquet_file_is_told_where_the_same_table_in_csv_would_have_it(tmp_path):
    pd.DataFrame({STAFF: [10.0, 1e9]}).to_parquet(tmp_path / "t.parquet")
    (told,) = faults(tmp_path, "design: {kind: list, file: t.parquet}\nreplications: 1\n")
    assert told.startswith(f"t.parquet:3:1: {STAFF}: 1000000000 is above 1000")


def test_a_table_that_no_memory_would_hold_is_not_opened(tmp_path, monkeypatch):
    content = f"{STAFF}\n10\n"
    (tmp_path / "t.csv").write_text(content, encoding="utf-8")
    text = "design: {kind: list, file: t.csv}\nreplications: 1\n"
    monkeypatch.setattr(tables, "MOST_BYTES", len(content))
    assert len(experiment(tmp_path, text).points()) == 1
    monkeypatch.setattr(tables, "MOST_BYTES", len(content) - 1)
    (told,) = faults(tmp_path, text)
    assert "design.file: holds more than" in told


def test_a_short_row_and_a_hole_hide_no_value_of_the_other_rows(tmp_path):
    table = f"{STAFF},{SUBSIDY}\n10\n,0\nten,0\n10,-1\n"
    (tmp_path / "t.csv").write_text(table, encoding="utf-8")
    found = faults(tmp_path, "design: {kind: list, file: t.csv}\nreplications: 1\n")
    places = [fault.split(": ")[0] for fault in found]
    assert places == ["t.csv:2:1", "t.csv:3:1", "t.csv:4:1", "t.csv:5:2"]


def test_a_design_of_no_kind_hides_no_fault_of_its_factors(tmp_path):
    text = f"""\
design: {{kind: factorail}}
factors:
  {STAFF}: [10, ten]
  {SUBSIDY}: {{low: 3, high: 2}}
  {SHARING}: {{low: 0, high: 1, levels: 3}}
replications: 1
"""
    found = faults(tmp_path, text)
    assert len(found) == 3
    for word in ("no design factorail", "'ten'", "3 is not below 2"):
        assert sum(word in fault for fault in found) == 1, (word, found)


@pytest.mark.parametrize("key", ["time.years", "scale"])
def test_a_setting_that_cannot_be_read_gets_one_message(tmp_path, key):
    head = f"name: made-up\nscenario: two-villages\nsettings: {{{key}: !mine 1}}\n"
    (told,) = faults(tmp_path, FACTORIAL + GOOD_FACTOR + "replications: 1\n", head)
    assert told.endswith(f"settings.{key}: carries the tag !mine; tags are not allowed")


def test_a_setting_that_no_scenario_may_have_is_told_once_at_its_line(tmp_path):
    head = "name: made-up\nscenario: two-villages\nsettings:\n  scale: 5\n"
    (told,) = faults(tmp_path, FACTORIAL + GOOD_FACTOR + "replications: 1\n", head)
    assert told.startswith("FILE:4:10: scale: 5 is above 1")


def test_all_faults_are_told_at_once(tmp_path):
    text = f"""\
design: {{kind: factorial}}
factors:
  {STAFF}: [10, ten]
  {SUBSIDY}: {{low: 0, high: 1}}
  scenario: [two-villages, nowhere]
constraints: [costs < 3]
replications: 0
sed: 3
"""
    found = faults(tmp_path, text)
    for word in ("ten", "needs levels", "nowhere", "costs", "0 is below 1", "did you mean seed?"):
        assert sum(word in fault for fault in found) == 1, (word, found)


def test_a_fault_that_only_a_combination_has_is_told_when_the_points_are_looked_at(tmp_path):
    from sim.sweep import plan_of

    weights = [
        f"policies.assessment.weights.{name}"
        for name in ("resolution", "petition_count", "public_satisfaction", "paperwork")
    ]
    factors = "\n".join(f"  {key}: [0, 1]" for key in weights)
    found = experiment(
        tmp_path, f"design: {{kind: factorial}}\nfactors:\n{factors}\nreplications: 1\n"
    )
    with pytest.raises(ScenarioError, match="all four weights are 0"):
        plan_of(found)


def test_a_bound_on_one_line_of_costs_is_blind_to_nothing(tmp_path):
    text = (
        FACTORIAL
        + "factors: {policies.education.seats_per_10k: [100, 400]}\nreplications: 1\n"
        + "constraints: [cost.mediators <= base_cost.mediators]\n"
    )
    assert len(experiment(tmp_path, text).points()) == 2


def test_a_bound_on_costs_may_name_what_such_a_factor_costs(tmp_path):
    text = (
        FACTORIAL
        + "factors: {policies.education.seats_per_10k: [100, 400]}\nreplications: 1\n"
        + "constraints: [cost + 3e4 * policies.education.seats_per_10k <= base_cost + 6e6]\n"
    )
    assert len(experiment(tmp_path, text).points()) == 1

"""The experiments that come along can be run as they are, and keep to the budget that they name."""

import re

import pytest

from sim.engine.load import load_experiment
from sim.experiment.costs import cost_of
from sim.kernel.fault import ScenarioError
from tests.experiment_scripts import FOLDER, loaded

FILES = sorted(FOLDER.glob("*.yaml"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_experiment_has_points(path):
    assert load_experiment(path).points()


@pytest.mark.parametrize("name", ["one-budget", "one-budget-paid"])
def test_every_point_of_one_budget_costs_nothing_more_or_20_million_yuan(name):
    experiment = load_experiment(FOLDER / f"{name}.yaml")
    base = sum(cost_of(experiment.scenario_of({})).values())
    more = [
        sum(cost_of(experiment.scenario_of(point.nodes)).values()) - base
        for point in experiment.points()
    ]
    assert any(abs(cost) < 1 for cost in more)
    assert any(abs(cost - 20e6) < 1e4 for cost in more)
    assert all(abs(cost) < 1 or abs(cost - 20e6) < 1e4 for cost in more)


def test_the_ways_of_the_page_are_points_of_the_design():
    script = loaded("one_budget.py")
    settings = [point.settings for point in load_experiment(FOLDER / "one-budget.yaml").points()]
    for way in [*script.SPENT.values(), *script.FREE.values()]:
        assert any(all(each[key] == value for key, value in way.items()) for each in settings)


def test_a_budget_that_no_point_meets_is_told_with_what_the_points_cost(tmp_path):
    text = (FOLDER / "one-budget.yaml").read_text(encoding="utf-8")
    path = tmp_path / "far.yaml"
    path.write_text(
        text.replace(
            "abs(cost - base_cost) <= 1e4 or abs(cost - base_cost - 20e6)",
            "abs(cost - base_cost - 90e6)",
        ),
        encoding="utf-8",
    )
    with pytest.raises(ScenarioError, match=r"cost runs from 113,524,971 to 158,525,\d{3} yuan"):
        load_experiment(path).points()


def test_help_names_experiments_that_come_along():
    page = (FOLDER.parent / "docs" / "reference" / "commands.md").read_text(encoding="utf-8")
    named = set(re.findall(r"experiments/([\w-]+\.yaml)", page))
    assert named
    assert named <= {path.name for path in FILES}

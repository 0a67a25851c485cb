"""Loads scenarios and experiments against what this version of the model knows."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sim.engine.ledger import known
from sim.engine.user_mechanisms import user_mechanisms
from sim.experiment import Experiment
from sim.experiment import load_experiment as load_experiment_against
from sim.scenario import Scenario
from sim.scenario import load as load_against


def load(
    source: str | Path | Mapping[str, Any] | Scenario, settings: Mapping[str, Any] | None = None
) -> Scenario:
    """A frozen, checked scenario from a name, a path or a mapping; settings are dotted keys.

    Raises ScenarioError with every fault found.
    """
    if isinstance(source, Scenario) and not settings:
        return source
    scenario = load_against(source, known(), dict(settings or {}))
    user_mechanisms(scenario)  # refuses those that do not go together
    return scenario


def load_experiment(path: str | Path) -> Experiment:
    """The checked experiment in a file.

    Raises ScenarioError with every fault found.
    """
    return load_experiment_against(Path(path), known())

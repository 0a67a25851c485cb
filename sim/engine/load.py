"""Loads scenarios and experiments against what this version of the model knows."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sim.engine.ledger import known
from sim.engine.user_mechanisms import user_mechanisms
from sim.experiment import Experiment
from sim.experiment import load_experiment as load_experiment_against
from sim.kernel.fault import ShiyuError
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
    scenario = load_against(source, known(), as_settings(settings))
    user_mechanisms(scenario)  # refuses those that do not go together
    return scenario


def as_settings(settings: Mapping[str, Any] | None) -> dict[str, Any]:
    """Settings as a dictionary of their own; ShiyuError for what is no mapping."""
    if settings is None:
        return {}
    if not isinstance(settings, Mapping):
        raise ShiyuError(
            f"settings: must map dotted keys to values, as {{'scale': 0.01}}; "
            f"not a {type(settings).__name__}"
        )
    return dict(settings)


def load_experiment(path: str | Path) -> Experiment:
    """The checked experiment in a file.

    Raises ScenarioError with every fault found.
    """
    return load_experiment_against(Path(path), known())

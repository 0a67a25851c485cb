"""One try of a mutated file: how it came out, and whether the message was as it should be."""

import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.experiment import load_experiment
from sim.kernel.fault import ScenarioError
from sim.scenario import Known, Scenario, load

ACCEPTED, REFUSED, TRACEBACK = "accepted", "refused", "traceback"


@dataclass(frozen=True)
class Try:
    """How loading came out; `said` holds the message, or the traceback of a defect."""

    outcome: str
    said: str
    seconds: float


def attempt(source: Any, known: Known, settings: Mapping[str, str] | None = None) -> Try:
    """Load a source, and look at the scenario or at its faults."""

    def loaded() -> None:
        scenario = load(source, known, settings)
        assert isinstance(scenario, Scenario)
        scenario.canonical()

    return _tried(loaded)


def attempt_experiment(path: Path, known: Known) -> Try:
    """Load an experiment with its points, and the scenario of the first and the last."""

    def loaded() -> None:
        experiment = load_experiment(path, known)
        points = experiment.points()
        for point in (points[0], points[-1]):
            assert isinstance(experiment.scenario_of(point.nodes), Scenario)

    return _tried(loaded)


def _tried(loaded: Callable[[], None]) -> Try:
    begun = time.perf_counter()
    try:
        loaded()
        outcome, said = ACCEPTED, ""
    except ScenarioError as refused:
        said = str(refused)
        outcome = TRACEBACK if trouble_of(refused) else REFUSED
        said = f"{trouble_of(refused)}: {said}" if trouble_of(refused) else said
    except Exception:
        outcome, said = TRACEBACK, traceback.format_exc()
    return Try(outcome, said, time.perf_counter() - begun)


def trouble_of(refused: ScenarioError) -> str:
    """What is wrong with the messages of an error; empty when nothing is."""
    lines = str(refused).splitlines()
    if not refused.faults:
        return "no fault"
    if len(lines) != len(refused.faults):
        return "a fault is not one line"
    if not all(line.isprintable() for line in lines):
        return "a letter that cannot be printed"
    if not all(fault.where and fault.trouble for fault in refused.faults):
        return "a fault without place or message"
    # a link or a folder has no lines; what stands in a file, or in a place that it names, has
    within = [
        f for f in refused.faults if Path(f.where).is_file() and "holds more" not in f.trouble
    ]
    if not all(fault.line and fault.column for fault in within):
        return "a fault without a line"
    return ""

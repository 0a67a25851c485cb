"""Finds the place of a scenario and lays the scenario's own numbers over it."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from itertools import takewhile
from pathlib import Path

from sim.kernel.fault import ScenarioError
from sim.scenario import wording
from sim.scenario.checks import Checks
from sim.scenario.faults import Faults
from sim.scenario.find import shipped_places
from sim.scenario.known import Known, PlaceFacts
from sim.scenario.levers import LEVERS
from sim.scenario.locate import located
from sim.scenario.node import Node


def place(node: Node, known: Known, checks: Checks) -> PlaceFacts | None:
    """The facts of the place that a scenario names, or None with the place's own faults noted."""
    name = checks.text(node, "place")
    if name is None:
        return None
    names = _names(known)
    reference: str | Path = name
    label = name
    if name not in names:
        found = located(name, node.spot, "place", names, checks.faults)
        if found is None:
            return None
        reference, label = found[0].absolute(), found[1]
    try:
        return known.place_loader(reference)
    except ScenarioError as error:
        # a place is loaded by its whole path; a reader knows it by what the scenario calls it
        checks.faults.include(
            replace(fault, where=label) if fault.where == str(reference) else fault
            for fault in error.faults
        )
        return None


def place_as_written(node: Node, known: Known) -> str:
    """The place's name, or its file's whole path."""
    name = str(node.value)
    return name if name in _names(known) else str((node.spot.source.folder / name).absolute())


def check_bases(
    node: Node, found: PlaceFacts, known: Known, mechanisms: Collection[str], checks: Checks
) -> None:
    """Every lever of a mechanism that is on needs a value to start from."""
    levers = [name for name in known.levers if name in LEVERS and name not in found.bases]
    missing = [name for name in levers if LEVERS[name].mechanism in mechanisms]
    if missing:
        rest = ["..."] if len(missing) > wording.SHOWN_NAMES else []
        shown = [*missing[: wording.SHOWN_NAMES], *rest]
        words = wording.NO_BASES.format(place=found.name, levers=", ".join(shown))
        checks.refuse(node, "place", words)


def overlaid(
    found: PlaceFacts, values: Mapping[str, float], tree: Node, faults: Faults
) -> PlaceFacts:
    """The place with the scenario's numbers, or as it is with a fault where each was written."""
    own = {n: value for n, value in values.items() if found.values.get(n, value) != value}
    if not own:
        return found
    try:
        return found.with_values(own)
    except ScenarioError as error:
        written = dict(tree.leaves())
        spots = {key: written[key].spot for key in written if key.startswith("parameters.")}
        for fault in error.faults:
            # two numbers that do not go together: only one of them may stand in the scenario
            near = max(spots, key=lambda key: _shared(key, fault.key))
            faults.add(spots[near], fault.key, fault.trouble, fault.allowed, fault.suggestion)
        return found


def _shared(first: str, second: str) -> int:
    """How many letters two words begin with alike."""
    alike = takewhile(lambda pair: pair[0] == pair[1], zip(first, second, strict=False))
    return sum(1 for _ in alike)


def _names(known: Known) -> Mapping[str, Path]:
    names = known.place_names
    return shipped_places() if names is None else {name: Path(name) for name in names}

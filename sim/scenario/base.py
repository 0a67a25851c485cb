"""Finds what a scenario is a variation of: the one that it extends, else the base of its place."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sim.scenario.faults import Faults
from sim.scenario.find import shipped_folder, shipped_scenarios
from sim.scenario.listing import listed
from sim.scenario.load import read_tree
from sim.scenario.locate import located

BASES = "base"  # the folder of scenarios that stand by themselves


def base_source(source: str | Path, place: str, settings: Mapping[str, Any]) -> str | None:
    """The name or path of the scenario that this one is told against; None when it is a base.

    A base under settings is told against itself. `place` is the name of the scenario's place.
    """
    parent = parent_of(source)
    if parent is not None:
        return parent
    found = base_of(place)
    if found is None or same_file(found, source):
        return str(source) if settings else None
    return found


def parent_of(source: str | Path) -> str | None:
    """The name or path that a scenario extends, or None."""
    faults = Faults()
    tree, _ = read_tree(source, faults)
    extends = None if tree is None else tree.children.get("extends")
    if extends is None or not isinstance(extends.value, str):
        return None
    found = located(extends.value, extends.spot, "extends", shipped_scenarios(), faults)
    if found is None:
        return None
    path, _ = found
    return extends.value if path in shipped_scenarios().values() else str(path)


def base_of(place: str) -> str | None:
    """The shipped base scenario of a place: the one called like it, else the first."""
    names = [one.name for one in listed() if one.folder == BASES and one.place == place]
    return place if place in names else next(iter(names), None)


def same_file(name: str, source: str | Path) -> bool:
    """Whether a source is the shipped scenario of this name."""
    if str(source) == name:
        return True
    path = shipped_scenarios().get(name, shipped_folder())
    try:
        return Path(source).resolve() == path.resolve()
    except (OSError, ValueError, RuntimeError):
        return False

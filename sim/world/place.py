"""A place: divisions, the numbers that its people are made from, and the levers before any policy.

A place file (YAML) states every number with unit, range, status and source. Here it becomes flat:
`world.household_size`, `ties.degree.kin`, `divisions.chengqu.population`.
"""

import hashlib
import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

import numpy as np

from sim.kernel import Fault, Ledger, Parameter, ScenarioError, nearest
from sim.scenario.faults import Faults
from sim.scenario.find import label_of, looks_like_path, shipped_places
from sim.scenario.read import read_file
from sim.world.place_checks import bounds_of, troubles

RESIDENTS_PER_100K = 100_000.0


@dataclass(frozen=True)
class LeverBase:
    """What a lever stands at before any policy.

    Either `default` with exceptions by division, or (`per_100k` set) a figure of each division
    per 100,000 residents, so that the two can never disagree.
    """

    parameter: Parameter
    default: float
    by_division: Mapping[str, float] = field(default_factory=dict)
    per_100k: str = ""

    def values(self, place: "Place") -> np.ndarray:
        """The base value by division, shape (divisions,)."""
        if self.per_100k:
            figures = place.by_division(self.per_100k)
            return figures / place.by_division("population") * RESIDENTS_PER_100K
        return np.array([self.by_division.get(slug, self.default) for slug in place.divisions])


@dataclass(frozen=True, eq=False)
class Place:
    """A checked place. `values` and `ledger` share their flat dotted names; `bases` follow."""

    name: str
    title: Mapping[str, str]
    divisions: tuple[str, ...]
    division_titles: tuple[Mapping[str, str], ...]
    values: Mapping[str, float]
    ledger: Ledger
    levers: Mapping[str, LeverBase]
    bases: Mapping[str, np.ndarray] = field(init=False)
    content_hash: str = field(init=False)

    def __post_init__(self) -> None:
        """Work out what follows from the numbers."""
        bases = {name: base.values(self) for name, base in self.levers.items()}
        for base in bases.values():
            base.flags.writeable = False
        object.__setattr__(self, "bases", bases)
        object.__setattr__(self, "content_hash", self._hash())

    def value(self, name: str) -> float:
        """One number by its flat name, for example `ties.degree.kin`; KeyError if there is none."""
        return self.values[name]

    def group(self, prefix: str) -> dict[str, float]:
        """The numbers right under a name: `ties.degree` gives {household: 1.4, ...}."""
        start = f"{prefix}."
        found = {n[len(start) :]: v for n, v in self.values.items() if n.startswith(start)}
        return {name: value for name, value in found.items() if "." not in name}

    def keyed(self, name: str, keys: tuple[str, ...]) -> np.ndarray:
        """The numbers `name.key` for these keys, float64, in their order."""
        return _keyed(self, name, keys).copy()

    def by_division(self, figure: str) -> np.ndarray:
        """One figure of every division, float64, shape (divisions,)."""
        return _by_division(self, figure).copy()

    def with_values(self, overrides: Mapping[str, float]) -> "Place":
        """The same place with other numbers; levers that follow from them move along.

        Raises:
            ScenarioError: a name is not one of the place's, or people cannot be made from a value
                (all faults at once).
        """
        values = {**self.values, **{name: float(value) for name, value in overrides.items()}}
        faults = [self._unknown(name) for name in overrides if name not in self.values]
        if not faults:
            faults = [
                Fault(self.name, 0, 0, f"parameters.{name}", *words)
                for name, *words in self._impossible(values, overrides)
            ]
        if faults:
            raise ScenarioError(faults)
        return replace(self, values=values)

    def _unknown(self, name: str) -> Fault:
        meant = nearest(name, self.values)
        return Fault(self.name, 0, 0, f"parameters.{name}", "no such parameter", "", meant)

    def _impossible(
        self, values: Mapping[str, float], changed: Mapping[str, float]
    ) -> Iterator[tuple[str, ...]]:
        bounds = dict(bounds_of(self.divisions))
        found = False
        for name in changed:
            low, high = bounds.get(name, (-math.inf, math.inf))
            if not (low <= values[name] <= high and math.isfinite(values[name])):
                found = True
                yield name, f"{values[name]:.12g} cannot be used", f"allowed: {low:g} to {high:g}"
        if not found:
            yield from troubles(values, self.divisions)

    def _hash(self) -> str:
        content = {
            "divisions": list(self.divisions),
            "values": dict(self.values),
            "levers": {name: base.tolist() for name, base in self.bases.items()},
        }
        text = json.dumps(content, sort_keys=True, separators=(",", ":"), allow_nan=False)
        return hashlib.sha256(text.encode("utf-8")).hexdigest()


# Numbers that are asked for every week; those of a place never change.
@lru_cache(maxsize=1024)
def _keyed(place: Place, name: str, keys: tuple[str, ...]) -> np.ndarray:
    return np.array([place.values[f"{name}.{key}"] for key in keys])


@lru_cache(maxsize=1024)
def _by_division(place: Place, figure: str) -> np.ndarray:
    return np.array([place.values[f"divisions.{slug}.{figure}"] for slug in place.divisions])


def load_place(name_or_path: str | Path) -> Place:
    """The shipped place of that name, or the place in that file.

    Raises:
        ScenarioError: there is no such place, or its file is faulty; every fault is located.
    """
    written = str(name_or_path)
    shipped = shipped_places()
    if isinstance(name_or_path, str) and not looks_like_path(written) and written in shipped:
        path = shipped[written]
    elif isinstance(name_or_path, Path) or looks_like_path(written):
        path = Path(name_or_path)
    else:
        trouble = f"there is no place {written[:60]}"
        allowed = f"give a shipped name ({', '.join(shipped) or 'none'}) or the path of a file"
        meant = nearest(written, shipped)
        raise ScenarioError([Fault(written[:60], 0, 0, "", trouble, allowed, meant)])
    try:
        stamp = path.stat()
    except (OSError, ValueError):
        return _read(path, written)
    return _cached(path, written, stamp.st_mtime_ns, stamp.st_size)


def _read(path: Path, written: str) -> Place:
    from sim.world.place_file import place_of  # it builds a Place, so it stands below this module

    label = label_of(path, written)
    faults = Faults()
    root = read_file(path, label, faults)
    place = None if root is None else place_of(root, faults)
    faults.refuse()
    if place is None:
        raise ScenarioError([Fault(label, 0, 0, "", "cannot be read as a place")])
    return place


@lru_cache(maxsize=16)
def _cached(path: Path, written: str, changed: int, size: int) -> Place:
    """Read a file once for as long as it stays the same (its time and size are part of the key)."""
    return _read(path, written)

"""What a scenario says about ties, checked: degree, local share and strength by layer."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sim.kernel import Fault, ScenarioError
from sim.world.ties import LAYER_BITS, LAYERS

# Where the outside ties of a layer lie: this share in the other units of the same division, the
# rest anywhere. Assumed: kin by marriage range and workplaces are mostly within a county-level
# division; online acquaintance knows no place.
WITHIN_DIVISION = {"neighbours": 1.0, "kin": 0.8, "coworkers": 0.9, "friends": 0.8, "online": 0.0}

# The share of the outside kin of a migrant that live in rural units, apart from fellow migrants
# chosen by homophily. Assumed: the migration chain leads back to the village that one left.
CHAIN_SHARE = 0.8

# How near the built graph comes to its inputs. Homophily is read off one graph, whose units differ
# in class by chance: at some thirty units its standard error is near .02.
DEGREE_TOLERANCE = 0.03  # relative, by layer
LOCAL_SHARE_TOLERANCE = 0.03
CLUSTERING_TOLERANCE = 0.03
HOMOPHILY_TOLERANCE = 0.06


@dataclass(frozen=True)
class LayerInput:
    """One layer: ties per adult, the share of them inside the unit, and their strength."""

    name: str
    degree: float
    local_share: float
    strength: float


@dataclass(frozen=True)
class TieInputs:
    """All layers, the mean local clustering to hit, and homophily in registration."""

    layers: tuple[LayerInput, ...]
    clustering: float
    homophily: float


def tie_inputs(values: Mapping[str, float]) -> TieInputs:
    """Read the `ties.*` values of a place.

    The household layer follows from the people themselves: `ties.degree.household` and
    `ties.local_share.household` bind whoever makes the households, and are not used here.

    Raises:
        ScenarioError: a value is missing, not a number or out of its bounds (all at once).
    """
    faults: list[Fault] = []

    def number(name: str, low: float, high: float) -> float:
        value = values.get(name, math.nan)
        if not low <= value <= high:
            trouble = f"{value} cannot be used" if name in values else "is missing"
            bounds = f"{low:g} to {high:g}" if math.isfinite(high) else f"a number, {low:g} or more"
            faults.append(Fault("ties", 0, 0, name, trouble, bounds))
        return float(value)  # compiled loops are made for floats alone

    layers = tuple(
        LayerInput(
            name,
            0.0 if name == "household" else number(f"ties.degree.{name}", 0.0, 200.0),
            1.0 if name == "household" else number(f"ties.local_share.{name}", 0.0, 1.0),
            number(f"ties.strength.{name}", 1e-6, 1e6),
        )
        for name in LAYERS
    )
    clustering = number("ties.clustering", 0.0, 1.0)
    homophily = number("ties.homophily", 0.0, 1.0)
    if faults:
        raise ScenarioError(faults)
    return TieInputs(layers, clustering, homophily)


def strengths_by_mask(inputs: TieInputs) -> np.ndarray:
    """The strength by bit mask of layers: that of the strongest layer in it, float32."""
    strengths = np.zeros(1 << len(LAYERS), np.float32)
    for layer in inputs.layers:
        held = (np.arange(strengths.size) & LAYER_BITS[layer.name]) != 0
        strengths[held] = np.maximum(strengths[held], np.float32(layer.strength))
    return strengths

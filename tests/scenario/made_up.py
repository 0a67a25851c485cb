"""A made-up place and a made-up model that scenarios are checked against."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from sim.kernel.parameter import Parameter
from sim.scenario import LEVERS, Known

FIRST_MECHANISMS = (
    "budget",
    "staffing",
    "detection",
    "disputes",
    "channels",
    "mediation",
    "coordination",
    "courts",
    "petitions",
    "participation",
    "grievance",
    "influence",
)
DIVISIONS = ("chengqu", "zezhou", "yangcheng")


def parameter(default: float, unit: str, low: float, high: float) -> Parameter:
    return Parameter(default, unit, low, high, "assumed", "made up for tests")


def bases() -> dict[str, np.ndarray]:
    found = {
        name: np.full(len(DIVISIONS), lever.low)
        for name, lever in LEVERS.items()
        if lever.mechanism in FIRST_MECHANISMS
    }
    found["grid.subsidy_yuan_per_year"] = np.array([6000.0, 0.0, 0.0])
    found["mediation.staff_per_10k"] = np.full(3, 34.2)
    found["courts.prelitigation_share"] = np.full(3, 0.3)
    return found


@dataclass(frozen=True)
class FakePlace:
    name: str = "jincheng-2020"
    divisions: tuple[str, ...] = DIVISIONS
    values: dict[str, float] = field(
        default_factory=lambda: {"ties.degree.kin": 4.0, "divisions.chengqu.population": 574665.0}
    )
    ledger: dict[str, Parameter] = field(
        default_factory=lambda: {
            "ties.degree.kin": parameter(4.0, "ties", 2.0, 8.0),
            "divisions.chengqu.population": parameter(574665, "residents", 574600, 574750),
        }
    )
    bases: dict[str, np.ndarray] = field(default_factory=bases)
    content_hash: str = "0" * 64

    def with_values(self, overrides: Mapping[str, float]) -> "FakePlace":
        return replace(self, values={**self.values, **overrides})


def load_fake_place(reference: str | Path) -> FakePlace:
    """Any name is the city; a tiny place may run whole; a file is told apart by what it holds."""
    if isinstance(reference, Path):
        digest = hashlib.sha256(reference.read_bytes()).hexdigest()
        return FakePlace(name=reference.stem, content_hash=digest)
    if reference == "two-villages":
        return FakePlace(
            name="two-villages", content_hash="2" * 64, values={"world.smallest_scale": 0.0001}
        )
    return FakePlace()


def made_up_known() -> Known:
    """Twelve mechanisms, a handful of parameters, and a place of three divisions."""
    return Known(
        ledger={
            "grievance.decay_per_year": parameter(0.8, "1/year", 0.2, 3.0),
            "grievance.from_dispute": parameter(0.4, "1/year", 0.0, 2.0),
            "mediation.success.village": parameter(0.6, "share of cases", 0.4, 0.8),
            "channels.wait": parameter(-0.15, "logit per 30 days", -0.4, 0.0),
        },
        levers=tuple(n for n, lever in LEVERS.items() if lever.mechanism in FIRST_MECHANISMS),
        mechanisms=FIRST_MECHANISMS,
        outcomes=("escalation_share", "participation_rate", "unresolved_share"),
        place_loader=load_fake_place,
        place_names=("jincheng-2020", "two-villages"),
    )

"""A smaller sample of the city tells the same rates, within a tenth."""

import numpy as np
import pytest

from sim.analysis.apart import apart
from sim.engine.load import load
from sim.engine.run import replicate

RATES = (
    "disputes_opened_per_10k",
    "unresolved_share",
    "unsettled_share",
    "civil_filings_per_10k",
    "participation_rate",
    "hotline_late_share",
    "grievance_mean",
)
SEEDS = range(1, 7)
BOUND = 0.10


def rates(scale: float) -> np.ndarray:
    """The rates of a baseline year, shape (rates, seeds)."""
    scenario = load("jincheng-2020", {"scale": scale, "time.years": 1})
    headlines = [replicate([scenario], seed)[0].headline() for seed in SEEDS]
    return np.array([[headline[name]["value"] for headline in headlines] for name in RATES])


@pytest.mark.slow
def test_half_the_sample_tells_the_same_rates() -> None:
    small, large = rates(0.01), rates(0.02)
    found = dict(zip(RATES, apart(small, large), strict=True))
    assert {name: far for name, far in found.items() if far >= BOUND} == {}
    # were the small city's rates a seventh higher or lower, each would be noticed
    for wrong in (6 / 7, 8 / 7):
        assert (apart(small * wrong, large) > BOUND).all(), wrong

"""Every outcome has a unit, a meaning in both languages, and can be read off any run."""

import numpy as np
import pytest

from sim.engine.load import load
from sim.engine.run import replicate
from sim.outcomes import CATALOGUE, HEADLINES


def test_every_outcome_is_described_in_both_languages() -> None:
    for outcome in CATALOGUE.values():
        assert all((outcome.unit, outcome.en, outcome.zh, outcome.short_en, outcome.short_zh))
        assert any("一" <= letter <= "鿿" for letter in outcome.zh), outcome.name


def test_headline_outcomes_have_short_names_that_differ() -> None:
    shorts = [CATALOGUE[name].short_en for name in HEADLINES]
    assert len(set(shorts)) == len(shorts)


def test_a_run_gives_every_outcome_for_everybody_and_shares_lie_between_0_and_1() -> None:
    [run] = replicate([load("two-villages", {"time.years": 1})], 5)
    everybody = run.outcomes[run.outcomes["by"].isna()].set_index("outcome")["value"]
    assert set(everybody.index) == set(CATALOGUE)
    for name, outcome in CATALOGUE.items():
        if outcome.unit == "share" and np.isfinite(everybody[name]):
            assert -1e-9 <= everybody[name] <= 1.0 + 1e-9, name


@pytest.mark.slow
def test_prevented_and_recorded_petitions_are_those_made() -> None:
    [run] = replicate([load("two-villages", {"time.years": 2})], 6)
    value = {k: v["value"] for k, v in run.headline().items()}
    made = value["petitions_recorded_per_10k"] + value["petitions_prevented_per_10k"]
    assert abs(made - value["petitions_made_per_10k"]) < 1e-9
